//! Many addresses in one field: each becomes a chip with its verdict.

use std::collections::HashMap;

use leptos::{
    ev::KeyboardEvent,
    html::Textarea,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, HtmlTextAreaElement},
};

use super::sheet::{BlockState, Chip, Sheet, Verdict};
use crate::{
    access::{Action, Feature},
    error::Problem,
    invitations::{
        api::resend_to,
        model::{BLOCKS, BlockNames, ResendForm, paste::read_addresses},
    },
    listing::encode,
    paths,
    text::text,
    ui::{
        form::{FieldNotes, form_scope, input_name},
        icon::{Icon, IconSize},
        load::sentence,
        shell::may,
        toast::Toasts,
        when::mounted,
    },
};

/// How many chips are shown at most, those that are not sent first, and how many reasons.
const MOST_CHIPS: usize = 100;
const MOST_REASONS: usize = 50;

type Verdicts = Memo<HashMap<u32, Verdict>>;

/// The field.
#[component]
pub fn AddressesField(sheet: Sheet, block: BlockState, names: BlockNames, verdicts: Verdicts) -> impl IntoView {
    let t = &text().drawer;
    let name = names.emails;
    let input = NodeRef::<Textarea>::new();
    let problem = form_scope().problem(name);
    let set = move |text: String| {
        if let Some(input) = input.get_untracked() {
            input.set_value(&text);
        }
        block.text.set(text);
    };
    let absorb = move |all: bool| {
        // A field that goes loses the focus as the last thing it does.
        let Some(input) = input.try_get_untracked().flatten().filter(|_| !block.text.is_disposed()) else { return };
        let text = input.value();
        match sheet.absorb(block, &text, all) {
            Some(rest) => set(rest),
            None => block.text.set(text),
        }
    };
    // What was typed, or left by a plain post, before script came; and a new block is where one goes on.
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            absorb(block.left.with_value(|left| !left.is_empty()));
            drop(input.focus());
        }
    });
    // The form was sent: what was text is a chip now, or gone.
    Effect::new(move |_| {
        if let Some(input) = input.get()
            && block.text.with(String::is_empty)
        {
            input.set_value("");
        }
    });
    let pasted = StoredValue::new(false);
    let typed = move || {
        let several = || input.get_untracked().is_some_and(|input| read_addresses(&input.value()).len() > 1);
        let all = pasted.get_value() && several();
        pasted.set_value(false);
        absorb(all);
    };
    let pressed = move |event: KeyboardEvent| {
        let empty = block.text.with_untracked(|text| text.trim().is_empty());
        match event.key().as_str() {
            "Enter" => {
                event.prevent_default();
                absorb(true);
            }
            "Backspace" if empty && !event.repeat() => {
                if let Some(last) = input.get_untracked().as_ref().and_then(last_chip) {
                    event.prevent_default();
                    drop(last.focus());
                }
            }
            _ => {}
        }
    };
    let wrong = move || {
        let bad = |chip: &Chip| verdicts.with(|all| matches!(all.get(&chip.key), Some(Verdict::Bad(_))));
        let left = block.left.with_value(|left| !left.is_empty());
        problem.get().is_some() || if mounted() { block.chips.with(|chips| chips.iter().any(bad)) } else { left }
    };
    let described = move || {
        format!(
            "{name}-help {name}-verdicts{}",
            if problem.get().is_some() { format!(" {name}-error") } else { String::new() }
        )
    };
    view! {
        <div class="field">
            <label for=name>{t.emails}</label>
            <div class="chips">
                <Chips block verdicts input/>
                <textarea
                    id=name
                    name=move || (!mounted()).then(|| input_name(name))
                    rows="1"
                    inputmode="email"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus=true
                    placeholder="name@company.test"
                    aria-invalid=move || wrong().then_some("true")
                    aria-describedby=described
                    node_ref=input
                    on:input=move |_| typed()
                    on:paste=move |_| pasted.set_value(true)
                    on:blur=move |_| absorb(true)
                    on:keydown=pressed
                >
                    {block.text.get_untracked()}
                </textarea>
                {move || mounted().then(|| view! { <input type="hidden" name=input_name(name) value=move || block.written()/> })}
            </div>
            <FieldNotes name help=Some(t.emails_help.to_owned()) after_error=None/>
            <Reasons block verdicts name input/>
        </div>
    }
}

/// Goes on in the last block: the button that took one away is gone with it.
pub fn focus_addresses(sheet: Sheet) {
    let Some(last) = sheet.blocks.with_untracked(|blocks| blocks.last().map(|block| block.place)) else { return };
    let id = BLOCKS.get(usize::from(last)).copied().unwrap_or(BLOCKS[0]).emails;
    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        drop(field.focus());
    }
}

/// The button of the last chip, which removes it.
fn last_chip(input: &HtmlTextAreaElement) -> Option<HtmlElement> {
    let chips = input.parent_element()?.query_selector(".chip:nth-last-child(1 of .chip) > button").ok()??;
    chips.dyn_into().ok()
}

/// What a chip looks like by its verdict: its class and its icon.
fn look(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Open => ("chip", "mail"),
        Verdict::Good => ("chip ok", "check"),
        Verdict::Bad(Problem::AlreadyInvited) => ("chip warn", "refresh"),
        Verdict::Bad(Problem::AlreadyUser | Problem::Twice) => ("chip warn", "info"),
        Verdict::Bad(_) => ("chip bad", "alert"),
    }
}

/// The chips: all, or those that are not sent first where they are very many.
#[component]
fn Chips(block: BlockState, verdicts: Verdicts, input: NodeRef<Textarea>) -> impl IntoView {
    let t = &text().drawer;
    let shown = Memo::new(move |_| {
        block.chips.with(|chips| {
            let mut shown = chips.clone();
            if shown.len() > MOST_CHIPS {
                verdicts.with(|all| shown.sort_by_key(|chip| !matches!(all.get(&chip.key), Some(Verdict::Bad(_)))));
                shown.truncate(MOST_CHIPS);
            }
            shown
        })
    });
    let hidden = move || block.chips.with(Vec::len).saturating_sub(MOST_CHIPS);
    view! {
        <span role="list" class="contents" aria-label=t.addresses>
            <For each=move || shown.get() key=|chip| chip.key let:chip>
                {
                    let (key, email, typed) = (chip.key, chip.typed.email.clone(), chip.typed.write());
                    let verdict = Memo::new(move |_| verdicts.with(|all| all.get(&key).copied().unwrap_or(Verdict::Open)));
                    let remove = move || {
                        block.chips.update(|chips| chips.retain(|chip| chip.key != key));
                        if let Some(input) = input.get_untracked() {
                            drop(input.focus());
                        }
                    };
                    let pressed = move |event: KeyboardEvent| {
                        if ["Backspace", "Delete"].contains(&event.key().as_str()) {
                            event.prevent_default();
                            remove();
                        }
                    };
                    view! {
                        <span class=move || look(verdict.get()).0 role="listitem" title=typed>
                            {move || view! { <Icon name=look(verdict.get()).1 size=IconSize::Small/> }}
                            <bdi class="clip">{email.clone()}</bdi>
                            <button type="button" aria-label=(t.remove)(&email) on:click=move |_| remove() on:keydown=pressed><Icon name="x" size=IconSize::Small/></button>
                        </span>
                    }
                }
            </For>
            {move || (hidden() > 0).then(|| view! { <span class="chip plain" role="listitem">{(t.more)(hidden())}</span> })}
        </span>
    }
}

/// How many are sent, and why each other is not.
#[component]
fn Reasons(block: BlockState, verdicts: Verdicts, name: &'static str, input: NodeRef<Textarea>) -> impl IntoView {
    let t = &text().drawer;
    let all = Memo::new(move |_| {
        if !mounted() {
            let left = block.left.get_value();
            return (0, left.into_iter().map(|(it, problem)| (it.email, problem)).collect::<Vec<_>>());
        }
        verdicts.with(|all| {
            block.chips.with(|chips| {
                let of = |chip: &Chip| all.get(&chip.key).copied();
                let good = chips.iter().filter(|chip| of(chip) == Some(Verdict::Good)).count();
                let bad = chips.iter().filter_map(|chip| match of(chip) {
                    Some(Verdict::Bad(problem)) => Some((chip.typed.email.clone(), problem)),
                    _ => None,
                });
                (good, bad.collect())
            })
        })
    });
    let good = move || {
        let good = all.with(|(good, _)| *good);
        (good > 0).then(|| view! {
            <li><span class="v-ok"><Icon name="check" size=IconSize::Small/></span><span>{(t.count)(good)}</span><span class="why">{t.will_be_invited}</span></li>
        })
    };
    let more = move || {
        let more = all.with(|(_, bad)| bad.len()).saturating_sub(MOST_REASONS);
        (more > 0).then(|| view! { <li><span></span><span>{(t.more)(more)}</span><span></span></li> })
    };
    let any = move || all.with(|(good, bad)| *good > 0 || !bad.is_empty());
    view! {
        <ul class="verdicts" id=format!("{name}-verdicts") hidden=move || !any()>
            {good}
            <For
                each=move || all.with(|(_, bad)| bad.iter().take(MOST_REASONS).cloned().enumerate().collect::<Vec<_>>())
                key=Clone::clone
                let((_, (email, problem)))
            >
                <Reason block email problem input/>
            </For>
            {more}
        </ul>
    }
}

#[component]
fn Reason(block: BlockState, email: String, problem: Problem, input: NodeRef<Textarea>) -> impl IntoView {
    let (class, icon) = match look(Verdict::Bad(problem)) {
        ("chip bad", icon) => ("v-bad", icon),
        (_, icon) => ("v-warn", icon),
    };
    let resend = (problem == Problem::AlreadyInvited).then(|| view! { <Resend block email=email.clone() input/> });
    view! {
        <li>
            <span class=class><Icon name=icon size=IconSize::Small/></span>
            <bdi class="clip" title=email.clone()>{email.clone()}</bdi>
            <span class="why">{(text().problem)(problem)}" "{resend}</span>
        </li>
    }
}

/// An address that is invited already: its invitation is sent again from here; without script, from its row in the list.
#[component]
fn Resend(block: BlockState, email: String, input: NodeRef<Textarea>) -> impl IntoView {
    let t = text();
    let toasts = use_context::<Toasts>();
    let (busy, said) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let name = (t.invitations.resend)(&email);
    let href = format!("{}?q={}", paths::INVITATIONS, encode(&email));
    let email = StoredValue::new(email);
    let send = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = resend_to(ResendForm { email: email.get_value() }).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(outcome) => {
                    if let (Some(toasts), Some(notice)) = (toasts, outcome.notice) {
                        toasts.push(notice);
                    }
                    let sent = email.try_get_value().unwrap_or_default();
                    let _ = block.chips.try_update(|chips| chips.retain(|chip| chip.typed.email != sent));
                    // The button goes with its line.
                    if let Some(field) = input.try_get_untracked().flatten() {
                        drop(field.focus());
                    }
                }
                Err(error) => {
                    let _ = said.try_set(sentence(&error));
                }
            }
        });
    };
    move || {
        if !mounted() {
            let link = || view! { <a href=href.clone()>{t.users.resend_offer}</a> };
            return may(Action::View, Feature::Team).then(link).into_any();
        }
        let name = name.clone();
        view! {
            <button class="btn link" type="button" aria-label=name aria-busy=move || busy.get().then_some("true") on:click=send>
                {t.drawer.resend}
            </button>
            {move || said.get().map(|words| view! { <span class="block" role="alert">{words}</span> })}
        }
        .into_any()
    }
}
