//! Boxes to tick, and one of several. What is ticked is sent as `form[name]` = `true` (one box) or once for each under
//! `form[name][]`; what is not ticked is not sent. See `form::scope` for the types that receive it.

use std::collections::BTreeSet;

use leptos::{html::Input, prelude::*};

use super::{
    form::{FieldNotes, described_by, form_scope, input_name, list_name},
    icon::{Icon, IconSize},
    when::mounted,
};

/// From more choices than this on, a list can be filtered.
const FILTER_ABOVE: usize = 8;

/// One choice of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    /// Why it cannot be changed; it keeps what it is.
    pub locked: Option<String>,
}

impl Choice {
    /// A choice that can be changed.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, locked: None }
    }

    /// With a line under its label.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Cannot be changed, and says why.
    pub fn locked(self, why: impl Into<String>) -> Self {
        Self { locked: Some(why.into()), ..self }
    }

    /// Whether what somebody looks for is in its words.
    fn found(&self, wanted: &str) -> bool {
        let wanted = wanted.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        has(&self.label) || self.hint.as_deref().is_some_and(has)
    }
}

/// What a person did to a box before script came stands in the box: tells it once script is there.
pub(super) fn catch_up(input: NodeRef<Input>, tell: impl Fn(bool) + 'static) {
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            tell(input.checked());
        }
    });
}

/// The words beside a box: its label, its hint, and why it is locked.
fn words(label: String, hint: Option<String>, locked: Option<String>) -> impl IntoView {
    view! {
        <span>
            {label}
            {hint.map(|hint| view! { <small>{hint}</small> })}
            {locked.map(|why| view! { <small class="why"><Icon name="lock" size=IconSize::Small/>{why}</small> })}
        </span>
    }
}

/// One box. Sent as `true` when ticked, and not at all when not: a `bool` with `#[serde(default)]`.
#[component]
pub fn CheckField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    /// Whether it is ticked before anybody touches it.
    #[prop(optional)]
    checked: bool,
    /// Why it cannot be changed; it is sent as it is.
    #[prop(optional, into)]
    locked: Option<String>,
    /// Told whether it is ticked.
    #[prop(optional)]
    ticked: Option<RwSignal<bool>>,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    let fixed = locked.is_some();
    let initial = if fixed { checked } else { scope.typed_tick(name).unwrap_or(checked) };
    let ticked = ticked.unwrap_or_default();
    ticked.set(initial);
    let input = NodeRef::<Input>::new();
    catch_up(input, move |checked| ticked.set(checked));
    view! {
        <div class="field">
            <label class="check">
                <input
                    type="checkbox"
                    id=name
                    name=input_name(name)
                    value="true"
                    checked=initial
                    prop:checked=move || ticked.get()
                    disabled=fixed
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    aria-describedby=move || described_by(name, has_help, problem.get().is_some())
                    node_ref=input
                    on:change:target=move |event| ticked.set(event.target().checked())
                />
                {words(label, None, locked)}
            </label>
            {(fixed && checked).then(|| view! { <input type="hidden" name=input_name(name) value="true"/> })}
            <FieldNotes name help after_error=None/>
        </div>
    }
}

/// Many boxes of one name: a `Vec<String>` with `#[serde(default)]`. A long list scrolls, and has a filter with script.
#[component]
pub fn CheckList(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// The values that are ticked before anybody touches them.
    #[prop(optional)]
    checked: BTreeSet<String>,
    #[prop(optional, into)] help: Option<String>,
    /// The filter's name and hint.
    #[prop(optional, into)]
    filter: String,
    /// Said where the filter finds nothing.
    #[prop(optional, into)]
    nothing: String,
    /// Told which values are ticked.
    #[prop(optional)]
    ticked: Option<RwSignal<BTreeSet<String>>>,
) -> impl IntoView {
    let problem = form_scope().problem(name);
    let has_help = help.is_some();
    let initial = initially(name, &choices, checked);
    let ticked = ticked.unwrap_or_default();
    ticked.set(initial.clone());
    let wanted = RwSignal::new(String::new());
    let filtered = choices.len() > FILTER_ABOVE;
    let all = StoredValue::new(choices.clone());
    let none = Memo::new(move |_| all.with_value(|all| !all.iter().any(|choice| choice.found(&wanted.read()))));
    let boxes = choices
        .into_iter()
        .map(|choice| {
            let checked = initial.contains(&choice.value);
            view! { <CheckItem name choice checked ticked wanted wrong=Signal::derive(move || problem.get().is_some())/> }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby=move || described_by(name, has_help, problem.get().is_some())>
            <legend>{legend}</legend>
            <div class=if filtered { "check-list long" } else { "check-list" }>
                {move || (filtered && mounted()).then(|| view! { <Filter label=filter.clone() wanted/> })}
                <ul>{boxes}</ul>
                <p class="help" role="status">{move || none.get().then(|| nothing.clone())}</p>
            </div>
            <FieldNotes name help after_error=None/>
        </fieldset>
    }
}

/// What is ticked at first: what was posted, and of what is locked, what it is.
fn initially(name: &str, choices: &[Choice], checked: BTreeSet<String>) -> BTreeSet<String> {
    let Some(posted) = form_scope().typed_all(name) else {
        return checked;
    };
    let is = |choice: &&Choice| {
        if choice.locked.is_some() { checked.contains(&choice.value) } else { posted.contains(&choice.value) }
    };
    choices.iter().filter(is).map(|choice| choice.value.clone()).collect()
}

#[component]
fn CheckItem(
    name: &'static str,
    choice: Choice,
    checked: bool,
    ticked: RwSignal<BTreeSet<String>>,
    wanted: RwSignal<String>,
    wrong: Signal<bool>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let all = StoredValue::new(choice.clone());
    let Choice { value, label, hint, locked } = choice;
    let fixed = locked.is_some();
    let is = move || all.with_value(|choice| ticked.read().contains(&choice.value));
    let tell = move |on: bool| {
        let value = all.with_value(|choice| choice.value.clone());
        if on != ticked.with_untracked(|ticked| ticked.contains(&value)) {
            ticked.update(|ticked| {
                if on {
                    ticked.insert(value)
                } else {
                    ticked.remove(&value)
                };
            });
        }
    };
    catch_up(input, tell);
    view! {
        <li hidden=move || !all.with_value(|choice| choice.found(&wanted.read()))>
            <label class="check">
                <input
                    type="checkbox"
                    name=list_name(name)
                    value=value.clone()
                    checked=checked
                    prop:checked=is
                    disabled=fixed
                    aria-invalid=move || wrong.get().then_some("true")
                    node_ref=input
                    on:change:target=move |event| tell(event.target().checked())
                />
                {words(label, hint, locked)}
            </label>
            {(fixed && checked).then(|| view! { <input type="hidden" name=list_name(name) value=value/> })}
        </li>
    }
}

#[component]
fn Filter(label: String, wanted: RwSignal<String>) -> impl IntoView {
    view! {
        <span class="affix">
            <Icon name="search" size=IconSize::Small/>
            <input
                class="input"
                type="search"
                autocomplete="off"
                placeholder=label.clone()
                aria-label=label
                on:input:target=move |event| wanted.set(event.target().value())
                // Enter would send the form.
                on:keydown=move |event| if event.key() == "Enter" { event.prevent_default() }
            />
        </span>
    }
}

/// One of several, all in view; sent as `form[name]`.
#[component]
pub fn RadioList(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// The value chosen before anybody chooses.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] help: Option<String>,
    /// As cards side by side, for choices that need a sentence.
    #[prop(optional)]
    cards: bool,
    /// Told what is chosen, so that a page can show parts by it.
    #[prop(optional)]
    chosen: Option<RwSignal<String>>,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    let initial = scope.typed(name).unwrap_or(value);
    let chosen = chosen.unwrap_or_default();
    chosen.set(initial.clone());
    let radios = choices
        .into_iter()
        .map(|Choice { value, label, hint, locked }| {
            let input = NodeRef::<Input>::new();
            let this = StoredValue::new(value.clone());
            let tell = move |on: bool| {
                if on {
                    chosen.set(this.get_value());
                }
            };
            catch_up(input, tell);
            view! {
                <label class=if cards { "choice" } else { "check" }>
                    <input
                        type="radio"
                        name=input_name(name)
                        checked=value == initial
                        prop:checked=move || this.with_value(|this| *this == *chosen.read())
                        value=value
                        disabled=locked.is_some()
                        node_ref=input
                        on:change:target=move |event| tell(event.target().checked())
                    />
                    {words(label, hint, locked)}
                </label>
            }
        })
        .collect_view();
    view! {
        // It takes the focus when it is wrong, since a radio itself cannot be said to be.
        <fieldset
            class="field"
            role="radiogroup"
            tabindex=move || problem.get().is_some().then_some("-1")
            aria-invalid=move || problem.get().is_some().then_some("true")
            aria-describedby=move || described_by(name, has_help, problem.get().is_some())
        >
            <legend>{legend}</legend>
            <div class=if cards { "form-grid" } else { "choices" }>{radios}</div>
            <FieldNotes name help after_error=None/>
        </fieldset>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        error::{AppError, Problem},
        ui::form::{FormScope, Values},
    };

    /// The boxes that a list shows ticked, and what it sends of itself, in a form with these values of a plain post.
    fn shown(posted: &[(&str, &str)]) -> String {
        Owner::new().with(|| {
            let mut values = Values::new();
            for (name, value) in posted {
                values.entry((*name).to_owned()).or_default().push((*value).to_owned());
            }
            let error = Some(AppError::field("apis", Problem::Choice));
            provide_context(FormScope::new(Signal::stored(error), Signal::stored(false), values));
            let choices =
                vec![Choice::new("a", "A"), Choice::new("b", "B"), Choice::new("fixed", "C").locked("Not yours.")];
            let checked = BTreeSet::from(["a".to_owned(), "fixed".to_owned()]);
            view! { <CheckList name="apis" legend="APIs" choices checked/> }.to_html()
        })
    }

    fn is_ticked(html: &str, value: &str) -> bool {
        let (before, _) = html.split_once(&format!("value=\"{value}\"")).unwrap();
        let start = before.rfind("<input").unwrap();
        html[start..].split('>').next().unwrap().contains(" checked")
    }

    #[test]
    fn a_refused_post_shows_what_was_ticked_and_keeps_what_is_locked() {
        let first = shown(&[]);
        assert_eq!(["a", "b", "fixed"].map(|value| is_ticked(&first, value)), [true, false, true]);
        let again = shown(&[("page", "/roles"), ("form[apis][]", "b")]);
        assert_eq!(["a", "b", "fixed"].map(|value| is_ticked(&again, value)), [false, true, true]);
        for html in [first, again] {
            assert!(html.contains("type=\"hidden\" name=\"form[apis][]\" value=\"fixed\""), "{html}");
            assert!(html.contains("aria-describedby=\"apis-error\"") && html.contains("id=\"apis-error\""), "{html}");
        }
    }

    #[test]
    fn a_filter_looks_into_labels_and_hints() {
        let choice = Choice::new("1", "Vessel Tracking").hint("v2 · EU");
        for (wanted, found) in [("", true), (" TRACK", true), ("eu", true), ("us", false)] {
            assert_eq!(choice.found(wanted), found, "{wanted}");
        }
    }
}
