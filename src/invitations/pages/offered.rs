//! What an invitation offers, in words.

use leptos::prelude::*;

use crate::{
    access::Category,
    invitations::model::{Invitation, Promise},
    rights::pages::held::permissions_words,
    text::{role_name, text},
    ui::{
        page::{KeyValue, Pair},
        shell::me,
        when::Exactly,
    },
};

/// Each part by its name. What cannot be of this kind of user is not said.
#[component]
pub fn OfferedList(invitation: Invitation, promise: Promise) -> impl IntoView {
    let t = text();
    let kind = (t.held.kind)(invitation.category);
    let organization = match (invitation.category, invitation.organization) {
        (_, Some(name)) => Some(name),
        (Category::Organization, None) => Some(t.held.whole_workspace.to_owned()),
        _ => None,
    };
    let several = me().is_some_and(|me| me.workspace.regions.len() > 1);
    let region = several.then(|| promise.region.unwrap_or_else(|| t.held.all_regions.to_owned()));
    let apis = match promise.apis {
        None => t.held.all_apis.to_owned(),
        Some(names) if names.is_empty() => t.held.no_apis.to_owned(),
        Some(names) => names.join(", "),
    };
    let areas = (!promise.permissions.is_empty()).then(|| permissions_words(&promise.permissions));
    let groups = if promise.groups.is_empty() { t.invited.no_groups.to_owned() } else { promise.groups.join(", ") };
    let customer_id = (invitation.category == Category::Customer)
        .then(|| invitation.customer_id.unwrap_or_else(|| t.invited.no_customer_id.to_owned()));
    view! {
        <KeyValue>
            <Pair label=t.common.role><bdi>{role_name(&invitation.role)}</bdi>" "<span class="faint">{kind}</span></Pair>
            {areas.map(|areas| view! { <Pair label=t.invited.areas>{areas}</Pair> })}
            {organization.map(|name| view! { <Pair label=t.invited.organization><bdi>{name}</bdi></Pair> })}
            {region.map(|name| view! { <Pair label=t.invited.region>{name}</Pair> })}
            <Pair label=t.invited.apis><bdi>{apis}</bdi></Pair>
            <Pair label=t.invited.groups><bdi>{groups}</bdi></Pair>
            {customer_id.map(|id| view! { <Pair label=t.invited.customer_id><bdi>{id}</bdi></Pair> })}
            {promise.until.map(|at| view! { <Pair label=t.invited.until><Exactly at/></Pair> })}
        </KeyValue>
    }
}
