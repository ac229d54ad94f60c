//! What is said with all invitations of one sending: a message, the language, the end of the links, and Notify User.

use leptos::prelude::*;

use crate::{
    invitations::model::Validity,
    rights::pages::scope::Part,
    text::{Language, text},
    ui::{
        choices::CheckField,
        fields::{DateField, TextArea},
        form::{SelectField, form_scope, input_name},
        when::mounted,
    },
};

/// The fields.
#[component]
pub fn TermsFields(
    /// How long links work by the workspace's settings, in hours.
    hours: i64,
) -> impl IntoView {
    let t = &text().drawer;
    let words = |it: Validity| match it {
        Validity::Usual => (t.usual)(hours),
        Validity::Hours(hours) => (t.hours)(hours),
        Validity::Day => t.through_day.to_owned(),
    };
    let choices = Validity::ALL.map(|it| (it.slug(), words(it))).to_vec();
    let validity = RwSignal::new(form_scope().typed("validity").unwrap_or_default());
    let day = Signal::derive(move || !mounted() || validity.with(|it| *it == Validity::Day.slug()));
    let name = input_name("validity");
    let languages: Vec<(String, String)> =
        Language::all().iter().map(|it| (it.tag().to_owned(), it.name().to_owned())).collect();
    // A choice of one is none.
    let language = (languages.len() > 1).then(
        || view! { <SelectField name="language" label=t.language choices=languages value=Language::default().tag()/> },
    );
    view! {
        <TextArea name="message" label=t.message help=t.message_help optional=true/>
        {language}
        <div
            class="form-grid roomy"
            on:change=move |event| {
                let (from, value) = (event_target::<leptos::web_sys::Element>(&event), event_target_value(&event));
                if from.get_attribute("name").as_ref() == Some(&name) {
                    validity.set(value);
                }
            }
        >
            <SelectField name="validity" label=t.valid_until choices/>
            <Part shown=day><DateField name="until" label=t.day help=t.day_help/></Part>
        </div>
        <CheckField name="notify" label=t.notify help=t.notify_help checked=true/>
    }
}
