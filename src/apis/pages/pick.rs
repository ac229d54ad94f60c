//! The fields that choose people, groups and APIs.

use leptos::prelude::*;

use crate::{
    apis::{
        api::{search_apis, search_groups, search_people},
        grants::model::Suggestion,
    },
    error::AppError,
    text::text,
    ui::search_pick::{Picked, SearchPick},
};

fn picked(found: Result<Vec<Suggestion>, AppError>) -> Result<Vec<Picked>, AppError> {
    let pick = |it: Suggestion| Picked { id: it.id.to_string(), name: it.name, hint: it.hint };
    found.map(|found| found.into_iter().map(pick).collect())
}

/// Users and customers, sent as `people` and `people_text`.
#[component]
pub fn PeopleField(chosen: RwSignal<Vec<Picked>>, help: &'static str) -> impl IntoView {
    let t = &text().apis;
    view! {
        <SearchPick
            name="people"
            text_name="people_text"
            label=t.people
            chosen_label=t.people_chosen
            placeholder=t.people_hint
            help
            chosen
            search=|q: String| async move { picked(search_people(q).await) }
        />
    }
}

/// Groups, sent as `groups` and `groups_text`.
#[component]
pub fn GroupsField(chosen: RwSignal<Vec<Picked>>) -> impl IntoView {
    let t = &text().apis;
    view! {
        <SearchPick
            name="groups"
            text_name="groups_text"
            label=t.groups
            chosen_label=t.groups_chosen
            placeholder=t.groups_hint
            chosen
            search=|q: String| async move { picked(search_groups(q).await) }
        />
    }
}

/// APIs, sent as `apis` and `apis_text`.
#[component]
pub fn ApisField(chosen: RwSignal<Vec<Picked>>) -> impl IntoView {
    let t = text();
    view! {
        <SearchPick
            name="apis"
            text_name="apis_text"
            label=t.groups.apis
            chosen_label=t.groups.apis_chosen
            placeholder=t.groups.api_hint
            chosen
            search=|q: String| async move { picked(search_apis(q).await) }
        />
    }
}
