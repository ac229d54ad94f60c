//! Invite by Email.

use leptos::{
    form::FromFormData,
    html::Div,
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};

use super::{
    Inviting,
    block::BlockFields,
    sheet::{Sheet, Verdict},
    terms::TermsFields,
};
use crate::{
    error::AppError,
    invitations::{
        api::{Invite, judge_invitations, read_invite_choices},
        model::{Block, InviteChoices, InviteForm, Validity},
    },
    text::text,
    ui::{
        button::LinkButton,
        form::{Hidden, ServerForm, Submission, SubmitButton, form_scope, input_name},
        icon::{Icon, IconSize},
        load::{Load, resource},
        page::Skeleton,
        toast::{Notice, Toasts},
        when::mounted,
    },
};

/// How long a pause in typing is before the server is asked.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The tab.
#[component]
pub fn MailTab(of: Inviting) -> impl IntoView {
    let (kind, organization) = (of.kind, of.organization.clone());
    let choices = resource(|| (), move |()| read_invite_choices(kind, organization.clone()));
    view! {
        <Load
            from=choices
            skeleton=move || view! { <div class="body"><Skeleton rows=6 label=(text().drawer.title)(kind)/></div> }
            show=move |choices: InviteChoices| view! { <Form of=of.clone() choices/> }
        />
    }
}

#[component]
fn Form(of: Inviting, choices: InviteChoices) -> impl IntoView {
    let invite = Submission::<Invite>::new();
    let (sheet, unsaved) = (Sheet::new(choices), of.unsaved);
    Effect::new(move |_| {
        let blocks = sheet.blocks.get();
        let typed = blocks.iter().any(|block| !block.written().trim().is_empty());
        unsaved.set(typed && !invite.done());
    });
    view! { <ServerForm submission=invite class="fill"><Fields of sheet/></ServerForm> }
}

#[component]
fn Fields(of: Inviting, sheet: Sheet) -> impl IntoView {
    let t = text();
    let body = NodeRef::<Div>::new();
    let now = move || {
        let form = body.try_get_untracked().flatten().and_then(|body| body.closest("form").ok().flatten());
        let data = FormData::new_with_form(&form?.dyn_into::<HtmlFormElement>().ok()?).ok()?;
        Invite::from_form_data(&data).ok().map(|sent| sent.form)
    };
    let look = move || {
        if let Some(now) = now()
            && sheet.typed.try_with_untracked(|known| *known != now) == Some(true)
        {
            sheet.typed.set(now);
        }
    };
    // Chips and blocks change without an event of the form.
    Effect::new(move |_| {
        for block in sheet.blocks.get() {
            block.chips.track();
        }
        if body.get().is_some() {
            drop(request_animation_frame(look));
        }
    });
    judge(sheet);
    follow(sheet, now);
    let (seats, hours) = sheet.choices.with_value(|choices| (choices.seats, choices.hours));
    let verdicts = Memo::new(move |_| sheet.verdicts());
    let sum = move || {
        let verdicts = verdicts.get();
        let bad = verdicts.values().filter(|verdict| matches!(verdict, Verdict::Bad(_))).count();
        (!verdicts.is_empty()).then(|| format!("{} ", (t.drawer.sum)(verdicts.len() - bad, bad)))
    };
    let chosen = Memo::new(move |_| sheet.typed.with(|form| (form.rows.is_empty() || form.notify, form.validity())));
    let valid = move || match chosen.get() {
        (false, _) => t.drawer.kept.to_owned(),
        (true, Validity::Usual) => (t.drawer.valid_for)(hours),
        (true, Validity::Hours(hours)) => (t.drawer.valid_for)(hours),
        (true, Validity::Day) => t.drawer.through_day_chosen.to_owned(),
    };
    let kind = of.kind;
    view! {
        <div class="body stack loose" node_ref=body on:input=move |_| look() on:change=move |_| look()>
            // What Enter in a field presses, before script: without it, the first button that there is.
            <button type="submit" hidden></button>
            <Hidden name="kind" value=kind.slug()/>
            <Hidden name="organization" value=of.organization/>
            <Hidden name="back" value=of.back.clone()/>
            {seats.map(|(free, all)| view! { <p class="small muted">{(t.drawer.seats)(free, all)}</p> })}
            <For each=move || sheet.blocks.get() key=|block| block.place let:block>
                <BlockFields kind sheet block verdicts/>
            </For>
            {move || sheet.has_room().then(|| view! {
                <div>
                    <button
                        class="btn link"
                        type=move || if mounted() { "button" } else { "submit" }
                        name=input_name("more")
                        value="true"
                        on:click=move |_| if mounted() { sheet.add() }
                    >
                        <Icon name="plus" size=IconSize::Small/>{t.drawer.add_another}
                    </button>
                </div>
            })}
            <TermsFields hours/>
        </div>
        <footer>
            <span role="status">{sum}</span>
            <span>{valid}</span>
            <span class="btns push">
                <LinkButton href=of.back label=t.common.cancel/>
                <SubmitButton label=of.submit.0 name=Some(of.submit.1)/>
            </span>
        </footer>
    }
}

/// Asks for the verdicts when typing has paused.
fn judge(sheet: Sheet) {
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let ask = move || {
        let Some(form) = sheet.typed.try_get_untracked() else { return };
        leptos::task::spawn_local(async move {
            let asked = InviteForm { message: String::new(), ..form.clone() };
            // Somebody may have gone on typing meanwhile: then it is asked again.
            if let Ok(judged) = judge_invitations(asked).await
                && sheet.typed.try_get_untracked().as_ref() == Some(&form)
            {
                sheet.hear(&form, &judged);
            }
        });
    };
    // What is said with an invitation is no reason to judge its address again.
    let judged = Memo::new(move |_| {
        sheet.typed.with(|form| {
            let rows =
                form.rows.iter().map(|(place, block)| (*place, Block { full_name: String::new(), ..block.clone() }));
            rows.collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| {
        let named = judged.with(|rows| rows.iter().any(|(_, block)| !block.emails.trim().is_empty()));
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if named {
            pending.set_value(set_timeout(ask, PAUSE).ok());
        }
    });
}

/// Keeps what is left when some of it was sent, and says how many were.
fn follow(sheet: Sheet, now: impl Fn() -> Option<InviteForm> + Copy + 'static) {
    let scope = form_scope();
    let toasts = use_context::<Toasts>();
    let sent = StoredValue::new(None::<InviteForm>);
    Effect::new(move |_| {
        if scope.pending.get() {
            sent.set_value(now());
        }
    });
    Effect::new(move |_| {
        let (Some(AppError::Partly(partly)), Some(form)) = (scope.error.get(), sent.get_value()) else { return };
        let one = sheet.keep(&form, &partly);
        let notice = match (partly.done, one) {
            (0, _) => return,
            (count, _) if !form.notify => Notice::InvitationsKept { count },
            (1, Some(email)) => Notice::InvitationSent { email },
            (count, _) => Notice::InvitationsSent { count },
        };
        if let Some(toasts) = toasts {
            toasts.push(notice);
        }
    });
}
