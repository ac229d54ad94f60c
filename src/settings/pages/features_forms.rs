//! Settings > Features: the drawers that add and edit a feature, and the dialog that deletes one.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::{
    access::{Action, Actions},
    paths,
    settings::{
        api::{AddFeature, DeleteFeature, EditFeature, find_feature_use},
        model::{FeatureUse, OwnFeature},
    },
    text::text,
    ui::{
        button::{ButtonKind, LinkButton},
        choices::{CheckList, Choice},
        dialog::{Dialog, Losses},
        drawer::Drawer,
        fields::TextArea,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        live::{Topic, live},
        load::{Load, resource},
    },
};

/// Adds a feature.
#[component]
pub fn AddFeatureDrawer() -> impl IntoView {
    let t = text();
    let add = Submission::<AddFeature>::new();
    let name = RwSignal::new(String::new());
    let unsaved = Signal::derive(move || {
        let typed = name.with(|name| !name.is_empty());
        (typed && !add.done()).then(|| text().common.unsaved.to_owned())
    });
    view! {
        <Drawer id="add" title=t.settings.add_feature close_href=paths::FEATURES close_label=t.common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <TextField name="name" label=t.settings.name autocomplete="off" typed=name autofocus=true/>
                    <TextField name="slug" label=t.settings.slug autocomplete="off" help=t.settings.slug_help optional=true/>
                    <TextArea
                        name="purpose"
                        label=t.settings.purpose
                        placeholder=t.settings.purpose_hint
                        help=t.settings.purpose_help
                        optional=true
                    />
                    <ActionBoxes offered=Actions::ALL help=t.settings.actions_help/>
                </div>
                <Foot label=t.settings.add/>
            </ServerForm>
        </Drawer>
    }
}

/// Changes a feature, but for its slug. Changes by others do not reach it: they would take what is typed.
#[component]
pub fn EditFeatureDrawer(slug: String) -> impl IntoView {
    let feature = resource(move || slug.clone(), find_feature_use);
    view! { <Load from=feature show=|named: FeatureUse| view! { <EditFeatureForm feature=named.feature/> }/> }
}

#[component]
fn EditFeatureForm(feature: OwnFeature) -> impl IntoView {
    let t = text();
    let edit = Submission::<EditFeature>::new();
    let title = (t.settings.edit_feature)(&feature.name);
    view! {
        <Drawer id="edit" title close_href=paths::FEATURES close_label=t.common.close>
            <ServerForm submission=edit class="fill">
                <Hidden name="slug" value=feature.slug.clone()/>
                <div class="body stack loose">
                    <TextField name="name" label=t.settings.name value=feature.name autocomplete="off"/>
                    <div class="field">
                        <span class="label">{t.settings.slug}</span>
                        <code>{feature.slug}</code>
                        <p class="help">{t.settings.slug_fixed}</p>
                    </div>
                    <TextArea
                        name="purpose"
                        label=t.settings.purpose
                        value=feature.purpose
                        placeholder=t.settings.purpose_hint
                        help=t.settings.purpose_help
                        optional=true
                    />
                    <ActionBoxes offered=feature.actions help=t.settings.actions_edit_help/>
                </div>
                <Foot label=t.common.save/>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn ActionBoxes(offered: Actions, help: &'static str) -> impl IntoView {
    let t = text();
    let choices = Action::ALL.map(|action| Choice::new(action.slug(), (t.access.action)(action))).to_vec();
    let checked: BTreeSet<String> = offered.iter().map(|action| action.slug().to_owned()).collect();
    view! { <CheckList name="actions" legend=t.settings.actions choices checked help/> }
}

#[component]
fn Foot(label: &'static str) -> impl IntoView {
    view! {
        <footer>
            <span class="btns push">
                <LinkButton href=paths::FEATURES label=text().common.cancel/>
                <SubmitButton label/>
            </span>
        </footer>
    }
}

/// Asks before a feature goes, and says who loses it.
#[component]
pub fn DeleteFeatureDialog(slug: String) -> impl IntoView {
    let names = resource(
        move || (slug.clone(), live().version(Topic::Settings), live().version(Topic::Roles)),
        |(slug, ..)| find_feature_use(slug),
    );
    view! { <Load from=names show=|named: FeatureUse| view! { <DeleteFeatureForm named/> }/> }
}

#[component]
fn DeleteFeatureForm(named: FeatureUse) -> impl IntoView {
    let t = &text().settings;
    let delete = Submission::<DeleteFeature>::new();
    let FeatureUse { feature, roles, role_names, people, people_names } = named;
    let mut losses = vec![("x", t.built_in_lose.to_owned())];
    if roles > 0 {
        losses.push(("role", (t.roles_lose)(roles, &role_names)));
    }
    if people > 0 {
        losses.push(("users", (t.people_lose)(people, &people_names)));
    }
    let unnamed = (roles == 0 && people == 0).then(|| view! { <p class="muted small">{t.nothing_names}</p> });
    view! {
        <Dialog id="delete" title=(t.delete_title)(&feature.name) close_href=paths::FEATURES>
            <ServerForm submission=delete class="">
                <div class="body"><p>{(t.delete_feature_body)(&feature.slug)}</p><Losses items=losses/>{unnamed}</div>
                <Hidden name="slug" value=feature.slug/>
                <footer>
                    <LinkButton href=paths::FEATURES label=t.keep_feature autofocus=true/>
                    <SubmitButton label=t.delete_feature kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
