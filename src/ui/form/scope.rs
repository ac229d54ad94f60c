//! The form that a field stands in: what the last try answered, and what was typed into it.
//!
//! Wire names: `form[name]` for a field of one value, `form[name][]` for one of several. A field of several values is a
//! `Vec<String>` with `#[serde(default)]` in the form, a tick a `bool` with `#[serde(default)]`: what is not ticked is
//! not sent. A form that may be sent with nothing at all has no `form` then: its argument is `#[server(default)]`.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{error::AppError, text::text, ui::once::Secret};

/// What a field was sent with: the wire name, and each value sent under it.
pub type Values = BTreeMap<String, Vec<String>>;

/// What a form that was posted without script left behind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Posted {
    /// The address that the form was posted to.
    pub action: String,
    /// What was typed and ticked, without passwords.
    pub values: Values,
    /// What is wrong with it.
    pub error: Option<AppError>,
    /// The secret that it has made, shown with this page and never again.
    pub once: Option<Secret>,
}

/// The form around a field.
#[derive(Clone, Copy)]
pub struct FormScope {
    /// What the last try answered.
    pub error: Signal<Option<AppError>>,
    /// Whether a try is under way.
    pub pending: Signal<bool>,
    /// Empty where nothing was posted: a form always sends the page that it is on.
    posted: StoredValue<Values>,
}

impl FormScope {
    /// The scope of one form; `values` are those of a plain post, or none.
    pub fn new(error: Signal<Option<AppError>>, pending: Signal<bool>, values: Values) -> Self {
        Self { error, pending, posted: StoredValue::new(values) }
    }

    /// What is wrong with a field, in words.
    pub fn problem(self, field: &'static str) -> Signal<Option<&'static str>> {
        Signal::derive(move || self.error.get()?.problem(field).map(|problem| (text().problem)(problem)))
    }

    /// What was typed into a field before a plain post.
    pub fn typed(self, field: &str) -> Option<String> {
        self.posted.with_value(|values| values.get(&input_name(field))?.last().cloned())
    }

    /// Whether a box was ticked at a plain post; `None` where nothing was posted.
    pub fn typed_tick(self, field: &str) -> Option<bool> {
        self.posted.with_value(|values| (!values.is_empty()).then(|| values.contains_key(&input_name(field))))
    }

    /// Which values of a list were ticked at a plain post; `None` where nothing was posted.
    pub fn typed_all(self, field: &str) -> Option<Vec<String>> {
        self.posted.with_value(|values| {
            (!values.is_empty()).then(|| values.get(&list_name(field)).cloned().unwrap_or_default())
        })
    }
}

/// The scope of the form being built.
pub fn form_scope() -> FormScope {
    expect_context()
}

/// The name that a field is sent under. A field of a block is named by its path: `rows.0.role` is sent as `form[rows][0][role]`.
pub fn input_name(field: &str) -> String {
    format!("form[{}]", field.replace('.', "]["))
}

/// The name that each value of a list is sent under. No index: the boxes that are left out would leave gaps, which the
/// decoder refuses.
pub fn list_name(field: &str) -> String {
    format!("{}[]", input_name(field))
}

/// Which notes belong to a field, for `aria-describedby`.
pub fn described_by(name: &'static str, help: bool, wrong: bool) -> Option<String> {
    let parts = [(help, "help"), (wrong, "error")];
    let ids: Vec<String> =
        parts.into_iter().filter(|(has, _)| *has).map(|(_, part)| format!("{name}-{part}")).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(pairs: &[(&str, &str)]) -> FormScope {
        let mut values = Values::new();
        for (name, value) in pairs {
            values.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        FormScope::new(Signal::stored(None), Signal::stored(false), values)
    }

    #[test]
    fn a_form_that_was_not_posted_says_nothing_about_ticks() {
        Owner::new().with(|| {
            let scope = scope(&[]);
            assert_eq!(scope.typed("name"), None);
            assert_eq!(scope.typed_tick("all"), None);
            assert_eq!(scope.typed_all("apis"), None);
        });
    }

    #[test]
    fn what_was_left_unticked_in_a_post_is_unticked() {
        Owner::new().with(|| {
            let scope = scope(&[("page", "/roles")]);
            assert_eq!(scope.typed_tick("all"), Some(false));
            assert_eq!(scope.typed_all("apis"), Some(vec![]));
        });
    }

    #[test]
    fn every_value_of_a_list_is_kept() {
        Owner::new().with(|| {
            let scope =
                scope(&[("form[all]", "true"), ("form[apis][]", "a"), ("form[apis][]", "b"), ("form[name]", "x")]);
            assert_eq!(scope.typed_tick("all"), Some(true));
            assert_eq!(scope.typed_all("apis"), Some(vec!["a".to_owned(), "b".to_owned()]));
            assert_eq!(scope.typed("name").as_deref(), Some("x"));
        });
    }
}
