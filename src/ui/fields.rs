//! Further fields of one value: a date, and text of several lines.

use leptos::prelude::*;

use super::form::{FieldNotes, described_by, form_scope, input_name};
use crate::text::text;

/// A day, sent as `2026-11-21`; an empty one as an empty text.
#[component]
pub fn DateField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// The day before one is chosen, as `2026-11-21`.
    #[prop(optional, into)]
    value: String,
    /// The first day that may be chosen, as `2026-11-21`. The server checks it again.
    #[prop(optional, into)]
    min: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    view! {
        <div class="field">
            <label for=name>{label}{optional.then(|| view! { " "<span class="opt">{text().common.optional}</span> })}</label>
            <input
                class="input date"
                id=name
                name=input_name(name)
                type="date"
                min=min
                value=scope.typed(name).unwrap_or(value)
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=move || described_by(name, has_help, problem.get().is_some())
            />
            <FieldNotes name help after_error=None/>
        </div>
    }
}

/// A line of text with suggestions, any of which or another may be typed.
#[component]
pub fn SuggestField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// The value before anything is typed.
    #[prop(optional, into)]
    value: String,
    /// What is suggested.
    choices: Vec<String>,
    #[prop(optional, into)] help: Option<String>,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    view! {
        <div class="field">
            <label for=name>{label}{optional.then(|| view! { " "<span class="opt">{text().common.optional}</span> })}</label>
            <input
                class="input"
                id=name
                name=input_name(name)
                list=format!("{name}-choices")
                autocomplete="off"
                spellcheck="false"
                value=scope.typed(name).unwrap_or(value)
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=move || described_by(name, has_help, problem.get().is_some())
            />
            <Suggestions id=format!("{name}-choices") choices/>
            <FieldNotes name help after_error=None/>
        </div>
    }
}

/// What a field of text suggests, for its `list`.
#[component]
pub fn Suggestions(id: String, choices: Vec<String>) -> impl IntoView {
    let options = choices.into_iter().map(|choice| view! { <option value=choice></option> }).collect_view();
    view! { <datalist id=id>{options}</datalist> }
}

/// Text of several lines; the box grows with it.
#[component]
pub fn TextArea(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// The text before anything is typed.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    view! {
        <div class="field">
            <label for=name>{label}{optional.then(|| view! { " "<span class="opt">{text().common.optional}</span> })}</label>
            <textarea
                class="input"
                id=name
                name=input_name(name)
                rows="3"
                placeholder=placeholder
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=move || described_by(name, has_help, problem.get().is_some())
            >
                {scope.typed(name).unwrap_or(value)}
            </textarea>
            <FieldNotes name help after_error=None/>
        </div>
    }
}
