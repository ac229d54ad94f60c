//! Fields for passwords: shown on request, with the rules ticking off as one types.

use leptos::prelude::*;

use super::{
    form::{FieldNotes, described_by, form_scope, input_name},
    icon::{Icon, IconSize},
    when::mounted,
};
use crate::{
    accounts::model::{PasswordRule, check_mobile},
    text::text,
};

/// A password. Never filled in again by the server.
#[component]
pub fn PasswordField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Told what is typed.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
    /// The rules, under the field.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let scope = form_scope();
    let wrong = Signal::derive(move || scope.error.get().is_some_and(|error| error.problem(name).is_some()));
    let shown = RwSignal::new(false);
    let has_rules = children.is_some();
    let input = NodeRef::<leptos::html::Input>::new();
    if let Some(typed) = typed {
        // What was typed before script came is in the field, and not in the signal yet.
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                typed.set(input.value());
            }
        });
    }
    let label_of = move || if shown.get() { text().door.hide_password } else { text().door.show_password };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <span class="affix end">
                <input
                    class="input lg"
                    id=name
                    name=input_name(name)
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=autocomplete
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby=move || {
                        let notes = described_by(name, false, wrong.get());
                        if has_rules { Some(format!("{name}-rules {}", notes.unwrap_or_default())) } else { notes }
                    }
                    node_ref=input
                    on:input:target=move |event| if let Some(typed) = typed { typed.set(event.target().value()) }
                />
                // Without script it could do nothing.
                {move || mounted().then(|| view! {
                    <button
                        type="button"
                        class="btn ghost icon"
                        aria-label=label_of
                        aria-pressed=move || shown.get().to_string()
                        on:click=move |_| shown.update(|shown| *shown = !*shown)
                    >
                        <Icon name="eye"/>
                    </button>
                })}
            </span>
            {children.map(|children| children())}
            <FieldNotes name help=None after_error=None/>
        </div>
    }
}

/// The rules, each ticked off when it is met.
#[component]
pub fn PasswordRules(
    /// The field that they belong to.
    of: &'static str,
    /// The password as typed.
    password: RwSignal<String>,
    /// The second entry as typed.
    again: RwSignal<String>,
) -> impl IntoView {
    let t = &text().door;
    let rules = PasswordRule::ALL
        .into_iter()
        .map(|rule| {
            let met = Memo::new(move |_| password.with(|password| again.with(|again| rule.met(password, again))));
            view! {
                <li class:met=met>
                    {move || view! { <Icon name=if met.get() { "check" } else { "minus" } size=IconSize::Small/> }}
                    {(t.rule)(rule)}
                    <span class="sr">{move || if met.get() { t.met } else { t.not_yet }}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rules" id=format!("{of}-rules") aria-label=t.rules>{rules}</ul> }
}

/// Both entries of a new password, with the rules.
#[component]
pub fn NewPassword(
    /// The password as typed.
    password: RwSignal<String>,
    /// The second entry as typed.
    again: RwSignal<String>,
) -> impl IntoView {
    let t = &text().door;
    view! {
        <PasswordField name="password" label=t.password autocomplete="new-password" typed=password>
            <PasswordRules of="password" password again/>
        </PasswordField>
        <PasswordField name="again" label=t.confirm_password autocomplete="new-password" typed=again/>
    }
}

/// What is still missing before a set-up can be completed: the button is never disabled, this says why it would not do yet.
#[component]
pub fn StillMissing(
    /// The full name as typed.
    name: RwSignal<String>,
    /// The password as typed.
    password: RwSignal<String>,
    /// The second entry as typed.
    again: RwSignal<String>,
    /// The mobile number as typed, where one is needed.
    #[prop(default = None)]
    mobile: Option<RwSignal<String>>,
) -> impl IntoView {
    let t = &text().door;
    let said = move || {
        let mut parts = Vec::new();
        if name.with(|name| name.trim().is_empty()) {
            parts.push(t.missing_name);
        }
        if mobile.is_some_and(|mobile| mobile.with(|mobile| check_mobile(mobile).ok().flatten().is_none())) {
            parts.push(text().welcome.missing_mobile);
        }
        let broken = |rule: &PasswordRule| !password.with(|password| again.with(|again| rule.met(password, again)));
        parts.extend(PasswordRule::ALL.into_iter().filter(broken).map(t.missing_rule));
        if parts.is_empty() { t.ready.to_owned() } else { (t.missing)(&parts) }
    };
    view! { <p class="small faint" id="still-missing">{said}</p> }
}
