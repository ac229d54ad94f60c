//! The areas and the APIs of an assignment, in its form.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{assign::Part, held::actions_words};
use crate::{
    access::{Category, FeatureFacts, concerns_apis},
    rights::model::{AssignForm, RightsChoices},
    text::{feature_name, text},
    ui::{
        choices::{CheckList, Choice, RadioList},
        icon::{Icon, IconSize},
    },
};

/// The areas that can be ticked for a Member (seed 000, section 3.4), each with whether it is about APIs.
#[component]
pub fn AreaPart(choices: RightsChoices, shown: Signal<bool>) -> impl IntoView {
    let t = &text().held;
    let given = choices.row.map(|row| row.permissions).unwrap_or_default();
    let whole: BTreeSet<String> = choices.form.areas.iter().cloned().collect();
    let own = choices.areas.clone();
    let areas = choices
        .areas
        .iter()
        .map(|FeatureFacts { slug, .. }| {
            let about = if concerns_apis(slug) { t.area_apis } else { t.area_no_apis };
            let part = given.get(slug).filter(|actions| !actions.is_empty() && !whole.contains(slug));
            let hint = part.map_or_else(|| about.to_owned(), |it| (t.area_in_part)(&actions_words(*it)));
            Choice::new(slug.clone(), feature_name(slug, &own)).hint(hint)
        })
        .collect();
    view! {
        <Part shown>
            <CheckList
                name="areas"
                legend=t.areas
                choices=areas
                checked=whole
                help=t.areas_help
                filter=t.areas_filter
                nothing=t.areas_nothing
            />
        </Part>
    }
}

/// The APIs: all, or single ones. For a Member they are those that the ticked areas concern.
#[component]
pub fn ApiPart(choices: RightsChoices, typed: RwSignal<AssignForm>, shown: Signal<bool>) -> impl IntoView {
    let t = &text().held;
    let is_member = move || typed.with(|typed| typed.role == crate::access::BuiltIn::Member.slug());
    let concerned = Memo::new(move |_| {
        typed.with(|typed| typed.areas.iter().filter(|area| concerns_apis(area)).cloned().collect::<Vec<_>>())
    });
    let asked = Signal::derive(move || shown.get() && (!is_member() || !concerned.read().is_empty()));
    let features = choices.areas.clone();
    let lead = move || {
        let areas = concerned.read();
        (is_member() && !areas.is_empty()).then(|| {
            let names = areas.iter().map(|area| feature_name(area, &features)).collect::<Vec<_>>().join(", ");
            view! { <p class="small muted">{(t.apis_of)(&names)}</p> }
        })
    };
    let none = move || {
        (shown.get() && is_member() && concerned.read().is_empty()).then(
            || view! { <p class="row snug small muted"><Icon name="info" size=IconSize::Small/>{t.not_about_apis}</p> },
        )
    };
    let single = Choice::new("chosen", t.apis_chosen);
    let single = match choices.plan.chooses_apis() {
        true => single.hint(t.apis_chosen_hint),
        false => single.locked(t.apis_plan),
    };
    let list = Signal::derive(move || asked.get() && typed.with(|typed| typed.scope == "chosen"));
    let bounded = choices.plan.chooses_apis();
    let apis = choices
        .apis
        .iter()
        .map(|(slug, name, held)| {
            let choice = Choice::new(slug.clone(), name.clone()).hint(slug.clone());
            if *held { choice } else { choice.locked(t.not_held) }
        })
        .collect();
    let form = choices.form;
    // Customers reach what leads them there.
    let of_customer = choices.category == Category::Customer;
    view! {
        {none}
        <Part shown=asked>
            {lead}
            <RadioList
                name="scope"
                legend=t.apis
                choices=(!of_customer || form.scope == "all")
                    .then(|| Choice::new("all", t.apis_all).hint(t.apis_all_hint))
                    .into_iter()
                    .chain([single])
                    .collect()
                value=form.scope
            />
            {bounded.then(|| view! {
                <Part shown=list>
                    <CheckList
                        name="apis"
                        legend=t.apis_chosen
                        choices=apis
                        checked=form.apis.into_iter().collect()
                        filter=t.apis_filter
                        nothing=t.apis_nothing
                    />
                </Part>
            })}
        </Part>
    }
}
