//! The card of a user's assignments, and the dialog that takes one away.

use leptos::prelude::*;
use uuid::Uuid;

use super::{has_regions, region_name, row_words, until_words};
use crate::{
    access::{Actions, Category, Feature, Permissions},
    paths,
    rights::{
        api::TakeRights,
        model::{AssignmentRow, UserRights},
    },
    text::{feature_name, held::role_words, text},
    ui::{
        badge::{Badge, BadgeKind},
        button::{ButtonKind, ButtonSize, IconButton, LinkButton},
        dialog::Dialog,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        icon::{Icon, IconSize},
        page::Empty,
        shell::me,
    },
};

/// What is given beyond a role, in words: whole areas by their name, others with their actions.
pub fn permissions_words(permissions: &Permissions) -> String {
    let own = me().map(|me| me.workspace.features).unwrap_or_default();
    let offered = |slug: &str| match slug.parse::<Feature>() {
        Ok(feature) => feature.actions(),
        Err(()) => own.iter().find(|it| it.slug == slug).map_or(Actions::NONE, |it| it.actions),
    };
    let area = |(slug, actions): (&String, &Actions)| {
        let name = feature_name(slug, &own);
        if *actions == offered(slug) { name } else { format!("{name} ({})", actions_words(*actions)) }
    };
    permissions.iter().map(area).collect::<Vec<_>>().join(", ")
}

/// Actions in words.
pub fn actions_words(actions: Actions) -> String {
    actions.iter().map(|action| (text().access.action)(action)).collect::<Vec<_>>().join(", ")
}

/// The card.
#[component]
pub fn HeldCard(
    user: Uuid,
    full_name: String,
    rights: UserRights,
    /// Whether the reader may change them.
    editable: bool,
    /// The assignment that is asked to be taken away, as the address has it.
    #[prop(into)]
    taking: Signal<String>,
) -> impl IntoView {
    let t = &text().held;
    let regions = has_regions();
    let organizations =
        rights.category == Category::Organization || rights.rows.iter().any(|row| row.organization.is_some());
    let rows = rights.rows.clone();
    let asked = move || {
        let id = taking.get();
        let row = rows.iter().find(|row| row.id.to_string() == id).filter(|_| editable)?;
        Some(view! { <TakeDialog user full_name=full_name.clone() row=row.clone()/> })
    };
    let table = if rights.rows.is_empty() {
        view! { <div class="body"><Empty title=t.nothing body=t.nothing_body/></div> }.into_any()
    } else {
        let rows =
            rights.rows.into_iter().map(|row| view! { <Row user row regions organizations editable/> }).collect_view();
        view! {
            <div class="table-box"><div class="table-scroll">
                <table class="table flush">
                    <caption class="sr">{(t.title)(regions, organizations)}</caption>
                    <thead><tr>
                        {regions.then(|| view! { <th scope="col">{t.region}</th> })}
                        {organizations.then(|| view! { <th scope="col" class="c2">{t.organization}</th> })}
                        <th scope="col">{text().common.role}</th>
                        <th scope="col" class="c3">{t.apis}</th>
                        <th scope="col" class="c3">{t.until}</th>
                        <th scope="col" class="act"><span class="sr">{text().common.actions}</span></th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div></div>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="held-title">
            <header>
                <h2 id="held-title">{(t.title)(regions, organizations)}</h2>
                {editable.then(|| view! {
                    <span class="push">
                        <LinkButton href=paths::new_rights(user) label=t.add icon="plus" size=ButtonSize::Small/>
                    </span>
                })}
            </header>
            {table}
        </section>
        {asked}
    }
}

#[component]
fn Row(user: Uuid, row: AssignmentRow, regions: bool, organizations: bool, editable: bool) -> impl IntoView {
    let t = &text().held;
    let what = row_words(&row);
    let apis = match &row.apis {
        None => t.all_apis.to_owned(),
        Some(apis) => match apis.as_slice() {
            [] => t.no_apis.to_owned(),
            [(_, name)] => name.clone(),
            several => (t.chosen_apis)(several.len()),
        },
    };
    let named = row.apis.as_ref().filter(|apis| apis.len() > 1);
    let names = named.map(|apis| apis.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "));
    let until = until_words(row.until);
    let areas = (!row.permissions.is_empty()).then(|| (t.areas_of)(&permissions_words(&row.permissions)));
    let organization = row.organization.clone().unwrap_or_else(|| t.whole_workspace.to_owned());
    let more = [organizations.then(|| organization.clone()), Some(apis.clone()), Some(until.clone())];
    let more = more.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let given = (!row.given_by.is_empty()).then(|| (t.given_by)(&row.given_by));
    let ended = row.ended.then(|| view! { " "<Badge label=t.ended kind=BadgeKind::Warning icon="calendar"/> });
    view! {
        <tr>
            {regions.then(|| view! {
                <td><span class="row snug">
                    <Icon name="globe" size=IconSize::Small/>
                    {region_name(row.region.as_ref()).unwrap_or_else(|| t.all_regions.to_owned())}
                </span></td>
            })}
            {organizations.then(|| view! { <td class="c2"><bdi>{organization}</bdi></td> })}
            <th scope="row">
                <div class="held">
                    <span class="medium"><bdi>{role_words(&row.role)}</bdi></span>{ended}
                    {areas.map(|areas| view! { <small class="block faint">{areas}</small> })}
                    <small class="block faint more-sub">{more}</small>
                    {given.map(|given| view! { <small class="block faint"><bdi>{given}</bdi></small> })}
                </div>
            </th>
            <td class="c3" title=names>{apis}</td>
            <td class="c3 when">{until}</td>
            <td class="act">
                {editable.then(|| view! {
                    <IconButton
                        icon="edit"
                        label=(t.edit)(&what)
                        tip=text().users.edit
                        href=paths::rights(user, row.id)
                        size=ButtonSize::Small
                    />
                    <IconButton
                        icon="trash"
                        label=(t.take)(&what)
                        tip=text().users.remove
                        href=paths::take_rights(user, row.id)
                        size=ButtonSize::Small
                    />
                })}
            </td>
        </tr>
    }
}

#[component]
fn TakeDialog(user: Uuid, full_name: String, row: AssignmentRow) -> impl IntoView {
    let t = &text().held;
    let take = Submission::<TakeRights>::new();
    let back = paths::user(user);
    view! {
        <Dialog id="take" title=(t.take_title)(&row_words(&row), &full_name) close_href=back.clone()>
            <ServerForm submission=take class="">
                <div class="body"><p>{(t.take_body)(&full_name)}</p></div>
                <Hidden name="user" value=user.to_string()/>
                <Hidden name="id" value=row.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.keep autofocus=true/>
                    <SubmitButton label=t.take_yes kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
