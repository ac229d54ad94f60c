//! One block of the form: addresses, and what they are offered.

use std::collections::HashMap;

use leptos::prelude::*;

use super::{
    addresses::{AddressesField, focus_addresses},
    sheet::{BlockState, Sheet, Verdict},
};
use crate::{
    access::{Category, RoleRef},
    customers::pages::fields::{CustomerIdField, picked},
    error::AppError,
    invitations::{
        api::search_invite_groups,
        model::{BLOCKS, BlockNames, InviteChoices},
    },
    rights::{
        model::{Parts, RightsChoices},
        pages::{
            has_regions,
            scope::{ApiPart, AreaPart, Part, PlaceFields, PlaceNames, RoleSelect},
        },
    },
    text::text,
    ui::{
        form::{Hidden, TextField, form_scope, input_name},
        icon::{Icon, IconSize},
        search_pick::{Picked, SearchPick},
        when::mounted,
    },
};

/// The fields of a block.
#[component]
pub fn BlockFields(
    kind: Category,
    sheet: Sheet,
    block: BlockState,
    verdicts: Memo<HashMap<u32, Verdict>>,
) -> impl IntoView {
    let t = text();
    let place = block.place;
    let names = BLOCKS.get(usize::from(place)).copied().unwrap_or(BLOCKS[0]);
    let choices = sheet.choices.get_value();
    let several = move || sheet.blocks.with(|blocks| blocks.len() > 1);
    let position =
        move || sheet.blocks.with(|blocks| blocks.iter().position(|it| it.place == place).unwrap_or_default() + 1);
    let head = move || {
        several().then(|| {
            view! {
                <div class="row between">
                    <h3>{(t.drawer.block)(position())}</h3>
                    <button
                        class="btn ghost icon sm"
                        type=move || if mounted() { "button" } else { "submit" }
                        name=input_name("drop")
                        value=place.to_string()
                        aria-label=(t.drawer.drop)(position())
                        on:click=move |_| if mounted() { sheet.drop(place); focus_addresses(sheet) }
                    >
                        <Icon name="x" size=IconSize::Small/>
                    </button>
                </div>
            }
        })
    };
    let one = Signal::derive(move || block.chips.with(|chips| chips.len() < 2));
    let customer_id = (kind == Category::Customer).then(
        || view! { <CustomerIdField name=names.customer_id value=String::new() typed=RwSignal::new(String::new())/> },
    );
    let groups = choices.groups.then(|| view! { <Groups kind names/> });
    let label = move || (t.drawer.block)(position());
    view! {
        <div class="stack invite-block" role="group" aria-label=label>
            {head}
            <AddressesField sheet block names verdicts/>
            <Part shown=one><TextField name=names.full_name label=t.common.full_name autocomplete="off" optional=true/></Part>
            {customer_id}
            <Role kind sheet block names choices=choices.clone()/>
            {groups}
            <Permissions kind sheet block names choices/>
        </div>
    }
}

#[component]
fn Role(kind: Category, sheet: Sheet, block: BlockState, names: BlockNames, choices: InviteChoices) -> impl IntoView {
    let RightsChoices { roles, form, .. } = choices.rights;
    // Customers have one role until somebody makes another for them.
    if kind == Category::Customer && roles.len() == 1 {
        return view! { <Hidden name=names.role value=form.role/> }.into_any();
    }
    let chosen = Signal::derive(move || sheet.block(block.place).role);
    view! { <RoleSelect name=names.role roles value=form.role chosen/> }.into_any()
}

#[component]
fn Groups(kind: Category, names: BlockNames) -> impl IntoView {
    let t = &text().customers;
    let search = move |part: String| async move {
        let found = search_invite_groups(kind, part).await?;
        Ok::<Vec<Picked>, AppError>(found.iter().map(picked).collect())
    };
    view! {
        <SearchPick
            name=names.groups
            text_name=names.more_groups
            label=t.groups
            chosen_label=t.groups_chosen
            help=t.groups_help
            chosen=RwSignal::new(Vec::new())
            search
        />
    }
}

/// Areas, APIs, region and organization, as far as the role leaves them to be chosen.
#[component]
fn Permissions(
    kind: Category,
    sheet: Sheet,
    block: BlockState,
    names: BlockNames,
    choices: InviteChoices,
) -> impl IntoView {
    let rights = choices.rights;
    let typed = Signal::derive(move || sheet.block(block.place).rights());
    let of_team = kind == Category::Teammate;
    let has_organizations = of_team && !rights.organizations.is_empty();
    let parts = Memo::new(move |_| {
        let parts = Parts::of(typed.with(|typed| RoleRef::read_key(&typed.role)), kind);
        // Customers reach what leads them there; organization users are of the organization whose page it is.
        Parts { apis: parts.apis && kind != Category::Customer, organization: parts.organization && of_team, ..parts }
    });
    let any = move || {
        let parts = parts.get();
        parts.areas || parts.apis || (parts.region && has_regions()) || (parts.organization && has_organizations)
    };
    let wrong = [names.areas, names.scope, names.apis, names.region, names.organization];
    let scope = form_scope();
    let open = move || {
        scope.error.with(|error| error.as_ref().is_some_and(|it| wrong.iter().any(|name| it.problem(name).is_some())))
    };
    let places = PlaceNames { region: names.region, organization: names.organization, until: None };
    let place_choices =
        if of_team { rights.clone() } else { RightsChoices { organizations: Vec::new(), ..rights.clone() } };
    view! {
        <details class="more" open=open hidden=move || !any()>
            <summary>{text().drawer.permissions}</summary>
            <div class="stack">
                <AreaPart choices=rights.clone() shown=Signal::derive(move || parts.get().areas) name=names.areas/>
                <ApiPart
                    choices=rights
                    typed
                    shown=Signal::derive(move || parts.get().apis)
                    names=(names.scope, names.apis)
                />
                <PlaceFields choices=place_choices parts names=places/>
            </div>
        </details>
    }
}
