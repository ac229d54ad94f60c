//! The parts of an assignment in a form: its role, areas, APIs, region, organization and end. The form of one assignment has them,
//! and each block of the invite drawer.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{has_regions, held::actions_words};
use crate::{
    access::{BuiltIn, Category, FeatureFacts, concerns_apis},
    rights::model::{AssignForm, EVERYWHERE, Parts, RightsChoices},
    roles::model::RoleChoice,
    text::{feature_name, role_name, text},
    ui::{
        choices::{CheckList, Choice, RadioList},
        fields::{DateField, SuggestField},
        form::SelectField,
        icon::{Icon, IconSize},
        shell::me,
    },
};

/// Fields that belong to some roles: out of sight for others, and not sent then.
#[component]
pub fn Part(shown: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <fieldset class="stack" hidden=move || !shown.get() disabled=move || !shown.get()>{children()}</fieldset>
    }
}

/// One of the roles that may be given, with what it means in plain words.
#[component]
pub fn RoleSelect(
    /// The field's name in the form.
    name: &'static str,
    roles: Vec<RoleChoice>,
    /// The key of the role before another is chosen.
    value: String,
    /// The key of the role that is chosen now.
    chosen: Signal<String>,
) -> impl IntoView {
    let t = text();
    let options = roles.iter().map(|it| (it.role.key(), role_name(&it.role))).collect::<Vec<_>>();
    let roles = StoredValue::new(roles);
    let hint = move || {
        let key = chosen.get();
        let role = roles.with_value(|roles| roles.iter().find(|it| it.role.key() == key).cloned())?;
        Some(match role.role.built_in() {
            Some(BuiltIn::Owner) => t.held.everything.to_owned(),
            Some(BuiltIn::Administrator) => t.held.all_but_owners.to_owned(),
            Some(built_in) => (t.access.role_hint)(built_in).to_owned(),
            None => (t.access.permits)(role.permits.0, role.permits.1),
        })
    };
    view! {
        <div class="stack tight">
            <SelectField name label=t.common.role choices=options value/>
            <p class="small muted" role="status">{hint}</p>
        </div>
    }
}

/// The names of the fields of a place.
#[derive(Clone, Copy)]
pub struct PlaceNames {
    pub region: &'static str,
    pub organization: &'static str,
    /// None where an end cannot be chosen.
    pub until: Option<&'static str>,
}

/// The region, the organization and the end.
#[component]
pub fn PlaceFields(
    choices: RightsChoices,
    parts: Memo<Parts>,
    #[prop(default = PlaceNames { region: "region", organization: "organization", until: Some("until") })]
    names: PlaceNames,
) -> impl IntoView {
    let t = &text().held;
    let RightsChoices { form, category, organizations, .. } = choices;
    let regions = has_regions().then(|| {
        let regions = me().map(|me| me.workspace.regions).unwrap_or_default();
        let all = std::iter::once((EVERYWHERE.to_owned(), t.all_regions.to_owned()));
        let choices = all.chain(regions.into_iter().map(|it| (it.slug, it.name))).collect::<Vec<_>>();
        view! {
            <Part shown=Signal::derive(move || parts.get().region)>
                <SelectField name=names.region label=t.region choices value=form.region help=t.region_help/>
            </Part>
        }
    });
    let member_of_one = category == Category::Organization;
    let organization = (member_of_one || !organizations.is_empty() || !form.organization.is_empty()).then(|| {
        let help = if member_of_one { t.organization_help } else { t.organization_optional };
        view! {
            <Part shown=Signal::derive(move || parts.get().organization)>
                <SuggestField
                    name=names.organization
                    label=t.organization
                    choices=organizations
                    value=form.organization
                    help
                    optional=!member_of_one
                />
            </Part>
        }
    });
    let until = names.until.map(|name| {
        view! {
            <Part shown=Signal::derive(move || parts.get().until)>
                <DateField name label=t.until value=form.until help=t.until_help optional=true/>
            </Part>
        }
    });
    view! { <div class="form-grid roomy">{regions}{organization}{until}</div> }
}

/// The areas that can be ticked for a Member (seed 000, section 3.4), each with whether it is about APIs.
#[component]
pub fn AreaPart(
    choices: RightsChoices,
    shown: Signal<bool>,
    /// The field's name in the form.
    #[prop(default = "areas")]
    name: &'static str,
) -> impl IntoView {
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
                name
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
pub fn ApiPart(
    choices: RightsChoices,
    /// What stands in the form now.
    typed: Signal<AssignForm>,
    shown: Signal<bool>,
    /// The names of the fields: all or chosen, and which.
    #[prop(default = ("scope", "apis"))]
    names: (&'static str, &'static str),
) -> impl IntoView {
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
                name=names.0
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
                        name=names.1
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
