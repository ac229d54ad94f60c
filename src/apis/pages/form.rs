//! The drawers that make and change an API.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::list::several_regions;
use crate::{
    access::{Action, Feature},
    apis::{
        api::{CreateApi, EditApi},
        model::{ApiDetail, Environment},
    },
    paths,
    slug::suggest_slug,
    text::text,
    ui::{
        button::LinkButton,
        choices::{CheckList, Choice},
        drawer::Drawer,
        fields::TextArea,
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        shell::may_in,
    },
};

/// New API.
#[component]
pub fn NewApiDrawer(
    /// The list that it belongs to: closing leads there.
    back: String,
) -> impl IntoView {
    let t = text();
    let create = Submission::<CreateApi>::new();
    let name = RwSignal::new(String::new());
    let unsaved = Signal::derive(move || {
        (name.with(|name| !name.is_empty()) && !create.done()).then(|| text().common.unsaved.to_owned())
    });
    let suggested = move || {
        let slug = suggest_slug(&name.read());
        (!slug.is_empty()).then(|| (text().apis.slug_suggested)(&slug))
    };
    view! {
        <Drawer id="new" title=t.apis.new close_href=back.clone() close_label=t.common.close unsaved>
            <ServerForm submission=create class="fill">
                <div class="body stack loose">
                    <TextField name="name" label=t.apis.name autocomplete="off" typed=name autofocus=true/>
                    <div class="stack tight">
                        <TextField name="slug" label=t.apis.slug autocomplete="off" help=t.apis.slug_help optional=true/>
                        <p class="help" role="status">{suggested}</p>
                    </div>
                    <Fields detail=None/>
                </div>
                <footer><span class="btns push">
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.apis.create/>
                </span></footer>
            </ServerForm>
        </Drawer>
    }
}

/// Edit.
#[component]
pub fn EditApiDrawer(detail: ApiDetail) -> impl IntoView {
    let t = text();
    let edit = Submission::<EditApi>::new();
    let back = paths::api(detail.api.id);
    view! {
        <Drawer id="edit" title=(t.apis.edit_of)(&detail.api.name) close_href=back.clone() close_label=t.common.close>
            <ServerForm submission=edit class="fill">
                <div class="body stack loose">
                    <Hidden name="id" value=detail.api.id.to_string()/>
                    <TextField name="name" label=t.apis.name value=detail.api.name.clone() autocomplete="off" autofocus=true/>
                    <Fields detail=Some(detail)/>
                </div>
                <footer><span class="btns push">
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.common.save/>
                </span></footer>
            </ServerForm>
        </Drawer>
    }
}

/// What both have.
#[component]
fn Fields(detail: Option<ApiDetail>) -> impl IntoView {
    let t = &text().apis;
    let environments = Environment::ALL.map(|it| (it.slug().to_owned(), (t.environment_name)(it).to_owned())).to_vec();
    let action = if detail.is_some() { Action::Update } else { Action::Create };
    let regions: Vec<Choice> = several_regions()
        .into_iter()
        .map(|(slug, name)| match may_in(action, Feature::Apis, &slug) {
            true => Choice::new(slug, name),
            false => Choice::new(slug, name).locked(t.region_locked),
        })
        .collect();
    let checked: BTreeSet<String> = detail.iter().flat_map(|it| it.api.regions.iter().cloned()).collect();
    let environment = detail.as_ref().map_or_else(Environment::default, |it| it.api.environment);
    let (category, ids) = detail.map(|it| (it.api.category, it.customer_ids.join("\n"))).unwrap_or_default();
    view! {
        <SelectField name="environment" label=t.environment choices=environments value=environment.slug()/>
        <TextField name="category" label=t.category value=category autocomplete="off" help=t.category_help optional=true/>
        {(!regions.is_empty()).then(|| view! {
            <CheckList name="regions" legend=t.regions choices=regions checked help=t.regions_help/>
        })}
        <TextArea name="customer_ids" label=t.customer_ids value=ids help=t.customer_ids_help optional=true/>
    }
}
