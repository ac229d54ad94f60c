//! Choosing some out of very many: people, groups, APIs. What is chosen is a chip with its id; what is typed is sent as
//! text as well, several parted by `;`, so that it works before script does and says what it did not find.
//!
//! Receives it: `Vec<String>` with `#[serde(default)]` for the ids, a `String` for the text.

use std::future::Future;

use leptos::{ev::KeyboardEvent, html::Input, leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::{
    choices::catch_up,
    form::{FieldNotes, described_by, form_scope, input_name, list_name},
    icon::{Icon, IconSize},
};
use crate::{error::AppError, listing::SEARCH_FROM};

/// Parts what is typed.
pub const SEPARATOR: char = ';';

/// How long a pause in typing is before the server is asked.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// One that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// What is sent.
    pub id: String,
    pub name: String,
    /// What tells it from its namesakes: an address, a kind. May be empty.
    pub hint: String,
}

impl Picked {
    /// How it stands among the suggestions.
    fn suggestion(&self) -> String {
        if self.hint.is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.hint) }
    }

    /// Whether the typed text means this one and no other.
    fn is_meant(&self, typed: &str) -> bool {
        let typed = typed.trim().to_lowercase();
        [self.suggestion(), self.hint.clone(), self.name.clone()].iter().any(|text| text.to_lowercase() == typed)
    }
}

/// The one of the found that the typed text means: the only one that fits word for word.
fn meant(found: &[Picked], typed: &str) -> Option<Picked> {
    let mut fitting = found.iter().filter(|picked| picked.is_meant(typed));
    fitting.next().filter(|_| fitting.next().is_none()).cloned()
}

/// The parts of a typed text.
pub fn parts(typed: &str) -> impl Iterator<Item = &str> {
    typed.split(SEPARATOR).map(str::trim).filter(|part| !part.is_empty())
}

/// A text with suggestions, and a chip for each that is chosen. `search` asks the server, from three characters on.
#[component]
pub fn SearchPick<S, A>(
    /// The ids' name in the form.
    name: &'static str,
    /// The name in the form of what is typed; the field's problems are found under it.
    text_name: &'static str,
    #[prop(into)] label: String,
    /// The chips' name for screen readers ("Chosen people").
    #[prop(into)]
    chosen_label: String,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    /// Who or what is chosen.
    chosen: RwSignal<Vec<Picked>>,
    search: S,
) -> impl IntoView
where
    S: Fn(String) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Vec<Picked>, AppError>> + 'static,
{
    let scope = form_scope();
    let problem = scope.problem(text_name);
    let has_help = help.is_some();
    if let Some(kept) = scope.typed_all(name) {
        chosen.update(|chosen| chosen.retain(|picked| kept.contains(&picked.id)));
    }
    let input = NodeRef::<Input>::new();
    let found = RwSignal::new(Vec::<Picked>::new());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let search = StoredValue::new(search);
    let choose = move |picked: Picked| {
        chosen.update(|chosen| {
            if chosen.iter().all(|known| known.id != picked.id) {
                chosen.push(picked);
            }
        });
    };
    let typed = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let suggested = found.with_untracked(|found| found.iter().find(|picked| picked.suggestion() == text).cloned());
        if let Some(picked) = suggested {
            choose(picked);
            found.set(Vec::new());
            input.set_value("");
        } else if text.contains(SEPARATOR) {
            settle(input, search.get_value(), choose);
        } else if text.trim().chars().count() >= SEARCH_FROM {
            let ask = move || {
                leptos::task::spawn_local(async move {
                    if let Ok(answer) = search.with_value(|search| search(text)).await {
                        let _ = found.try_set(answer);
                    }
                });
            };
            pending.set_value(set_timeout(ask, PAUSE).ok());
        }
    };
    let pressed = move |event: KeyboardEvent| {
        let Some(input) = input.get_untracked() else { return };
        let empty = input.value().trim().is_empty();
        if event.key() == "Enter" && !empty {
            // It ends a name here, and would send the form.
            event.prevent_default();
            settle(input, search.get_value(), choose);
        } else if event.key() == "Backspace" && empty && !event.repeat() {
            focus_last_chip(name, chosen.with_untracked(|chosen| chosen.last().cloned()));
        }
    };
    let refocus = move || {
        if let Some(input) = input.get_untracked() {
            let _ = input.focus();
        }
    };
    view! {
        <div class="field">
            <label for=text_name>{label}</label>
            <div class="chips" role="group" aria-label=chosen_label>
                <For each=move || chosen.get() key=|picked| picked.id.clone() let:picked>
                    <Chip name picked chosen refocus/>
                </For>
                <input
                    id=text_name
                    name=input_name(text_name)
                    value=scope.typed(text_name)
                    placeholder=placeholder
                    list=format!("{text_name}-found")
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    aria-describedby=move || described_by(text_name, has_help, problem.get().is_some())
                    node_ref=input
                    on:input=move |_| typed()
                    on:keydown=pressed
                />
                <datalist id=format!("{text_name}-found")>
                    <For each=move || found.get() key=|picked| picked.id.clone() let:picked>
                        <option value=picked.suggestion()></option>
                    </For>
                </datalist>
            </div>
            <FieldNotes name=text_name help after_error=None/>
        </div>
    }
}

/// One that is chosen. Its box is ticked; who unticks it, takes it away, with script at once, without when it is sent.
#[component]
fn Chip(
    name: &'static str,
    picked: Picked,
    chosen: RwSignal<Vec<Picked>>,
    refocus: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let id = StoredValue::new(picked.id.clone());
    let input = NodeRef::<Input>::new();
    let tell = move |on: bool| {
        if !on {
            id.with_value(|id| chosen.update(|chosen| chosen.retain(|picked| picked.id != *id)));
        }
    };
    catch_up(input, tell);
    let pressed = move |event: KeyboardEvent| {
        if ["Backspace", "Delete"].contains(&event.key().as_str()) {
            event.prevent_default();
            refocus();
            tell(false);
        }
    };
    let whole = picked.suggestion();
    view! {
        <span class="chip pick" title=whole>
            <bdi class="clip">{picked.name.clone()}</bdi>
            <span class="drop">
                <input
                    type="checkbox"
                    id=chip_id(name, &picked.id)
                    name=list_name(name)
                    value=picked.id
                    checked=true
                    aria-label=picked.name
                    node_ref=input
                    on:keydown=pressed
                    on:change:target=move |event| {
                        refocus();
                        tell(event.target().checked());
                    }
                />
                <Icon name="x" size=IconSize::Small/>
            </span>
        </span>
    }
}

fn chip_id(name: &str, id: &str) -> String {
    format!("{name}-chip-{id}")
}

fn focus_last_chip(name: &str, last: Option<Picked>) {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
    let chip = last.and_then(|picked| document().get_element_by_id(&chip_id(name, &picked.id)));
    if let Some(chip) = chip.and_then(|chip| chip.dyn_into::<HtmlElement>().ok()) {
        let _ = chip.focus();
    }
}

/// Asks for each part of what is typed; what means one becomes a chip, the rest stays and is sent as text.
fn settle<S, A>(input: leptos::web_sys::HtmlInputElement, search: S, choose: impl Fn(Picked) + 'static)
where
    S: Fn(String) -> A + 'static,
    A: Future<Output = Result<Vec<Picked>, AppError>> + 'static,
{
    leptos::task::spawn_local(async move {
        let text = input.value();
        let mut left = Vec::new();
        for part in parts(&text) {
            let found = search(part.to_owned()).await.unwrap_or_default();
            match meant(&found, part) {
                Some(picked) => choose(picked),
                None => left.push(part.to_owned()),
            }
        }
        // Somebody may have gone on typing meanwhile: then it is looked at again with the next part.
        if input.value() == text && left.len() < parts(&text).count() {
            input.set_value(&left.join("; "));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(id: &str, name: &str, hint: &str) -> Picked {
        Picked { id: id.into(), name: name.into(), hint: hint.into() }
    }

    #[test]
    fn what_is_typed_is_parted_by_semicolons() {
        assert_eq!(parts(" a@b.test ;; Zofia Wiśniewska; ").collect::<Vec<_>>(), ["a@b.test", "Zofia Wiśniewska"]);
        assert_eq!(parts(" ; ").count(), 0);
    }

    #[test]
    fn a_text_means_one_only_where_it_fits_one_alone() {
        let found = [
            picked("1", "Lars Bjerregaard", "lars@hansa.test"),
            picked("2", "Lars Bjerregaard", "lars@baltic.test"),
            picked("3", "Lars Bjerregaardsen", ""),
        ];
        let id = |typed: &str| meant(&found, typed).map(|picked| picked.id);
        assert_eq!(id("LARS@baltic.test "), Some("2".to_owned()));
        assert_eq!(id("Lars Bjerregaard (lars@hansa.test)"), Some("1".to_owned()));
        assert_eq!(id("lars bjerregaardsen"), Some("3".to_owned()));
        assert_eq!(id("Lars Bjerregaard"), None, "two of that name");
        assert_eq!(id("lars"), None, "no name of any");
    }
}
