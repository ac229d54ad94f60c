//! The list of invitations.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

use super::{
    dialogs::{Act, DeleteDialog, ReviewDialog, SeveralDialog},
    invite::{InviteDrawer, Inviting, opens},
    table::List,
};
use crate::{
    access::{Action, Category, Feature},
    invitations::{
        api::list_invitations,
        model::{Invitation, Status as InvitationStatus},
    },
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        badge::StatusKind,
        button::{ButtonKind, LinkButton},
        choose::Segments,
        icon::Icon,
        list::{ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{PageHead, Skeleton, TabItem, Tabs},
        shell::{may, may_somewhere},
    },
};

/// The shape of a status.
pub fn kind(status: InvitationStatus) -> StatusKind {
    match status {
        InvitationStatus::Pending => StatusKind::Pending,
        InvitationStatus::Expired => StatusKind::Expired,
        InvitationStatus::Waiting => StatusKind::Waiting,
        InvitationStatus::Approved => StatusKind::Approved,
        InvitationStatus::Rejected => StatusKind::Rejected,
        InvitationStatus::Inactivated => StatusKind::Inactivated,
    }
}

/// What the page loads: the rows, and the query that they answer.
pub type Shown = (Page<Invitation>, ListQuery);

/// The page.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let t = text();
    let query = list_query();
    let (invite, delete, review) = (parameter("invite"), parameter("delete"), parameter("review"));
    let page = resource(
        move || (query.get(), live().version(Topic::Invitations)),
        |(query, _)| async move { list_invitations(query.clone()).await.map(|page| (page, query)) },
    );
    // Teammates, where one may; else customers.
    let invites = Memo::new(|_| {
        let (team, accounts) = (may(Action::Create, Feature::Team), may(Action::Create, Feature::Accounts));
        team.then_some(Category::Teammate).or(accounts.then_some(Category::Customer))
    });
    let back = Memo::new(move |_| format!("{}{}", paths::INVITATIONS, query.get().here(None)));
    let mut choices = vec![(String::new(), t.invitations.any_status.to_owned())];
    choices.extend(InvitationStatus::ALL.map(|status| (status.slug().to_owned(), (t.status)(status).to_owned())));
    // What is ticked outlives the rows, which are made anew when others change something.
    let ticked = RwSignal::new(BTreeSet::new());
    view! {
        <Title text=t.invitations.title/>
        <PageHead title=t.invitations.title lead=t.invitations.lead>
            {move || {
                let downloads = may(Action::Download, Feature::Team) || may_somewhere(Action::Download, Feature::Accounts);
                downloads.then(|| view! { <Export query=query.get()/> })
            }}
            {move || may(Action::View, Feature::Team).then(|| view! {
                <LinkButton href=paths::USER_LINKS label=(t.links.title)(Category::Teammate) icon="link"/>
            })}
            {move || invites.get().map(|_| view! {
                <LinkButton
                    href=format!("{}{}", paths::INVITATIONS, query.get().here(Some(("invite", "1"))))
                    label=t.invitations.invite
                    name=t.invitations.invite_name
                    icon="plus"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        {move || view! { <StatusTabs query=query.get()/> }}
        {move || view! { <Kinds query=query.get()/> }}
        <ListToolbar
            action=paths::INVITATIONS
            label=t.invitations.title
            query
            search=t.invitations.search
            filter=t.invitations.status
            choices
        />
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.invitations.title/> }
            show=move |(page, shown): Shown| view! { <List page shown query back ticked/> }
        />
        {move || invites.get().filter(|_| opens(&invite.get())).map(|kind| {
            let submit = (t.invitations.submit, t.invitations.submit_name);
            let of = Inviting { submit, ..Inviting::from(kind, back.get_untracked()) };
            view! { <InviteDrawer of way=invite.get()/> }
        })}
        {move || {
            let id: Option<Uuid> = delete.get().parse().ok();
            id.map(|id| view! { <DeleteDialog id page back=back.get()/> })
        }}
        {move || {
            let id: Option<Uuid> = review.get().parse().ok();
            id.map(|id| view! { <ReviewDialog id back=back.get()/> })
        }}
        <Several page back/>
    }
}

/// The dialog about those that were selected, as the address has them.
#[component]
fn Several(page: Loading<Result<Shown, crate::error::AppError>>, back: Memo<String>) -> impl IntoView {
    let map = use_query_map();
    let act = Memo::new(move |_| map.with(|map| Act::read(&map.get("do").unwrap_or_default())));
    let chosen = Memo::new(move |_| {
        let ids = map.with(|map| map.get_all("chosen").unwrap_or_default());
        ids.iter().filter_map(|id| id.parse::<Uuid>().ok()).collect::<Vec<_>>()
    });
    move || act.get().map(|act| view! { <SeveralDialog act chosen=chosen.get() page back=back.get()/> })
}

/// The file of what is listed.
#[component]
fn Export(query: ListQuery) -> impl IntoView {
    let href = format!("{}{}", paths::INVITATIONS_CSV, query.with(|_| {}));
    // The router has no page there: it is a file.
    view! { <a class="btn" href=href rel="external" download=""><Icon name="download"/>{text().invited.export}</a> }
}

#[component]
fn StatusTabs(query: ListQuery) -> impl IntoView {
    let t = text();
    let tab = |status: Option<InvitationStatus>| {
        let slug = status.map(InvitationStatus::slug).unwrap_or_default();
        TabItem {
            label: status.map_or(t.invitations.all, t.status).to_owned(),
            href: format!("{}{}", paths::INVITATIONS, query.with(|q| q.status = slug.to_owned())),
            current: query.status == slug,
            shape: status.map(kind),
            ..TabItem::default()
        }
    };
    let items = std::iter::once(None).chain(InvitationStatus::ALL.map(Some)).map(tab).collect();
    view! { <Tabs label=t.invitations.statuses items/> }
}

/// The kinds of user that the reader sees the invitations of.
fn kinds() -> Vec<Category> {
    let mut kinds = Vec::new();
    if may(Action::View, Feature::Team) {
        kinds.push(Category::Teammate);
    }
    if may(Action::View, Feature::Accounts) {
        kinds.push(Category::Customer);
    }
    if may_somewhere(Action::View, Feature::Accounts) {
        kinds.push(Category::Organization);
    }
    kinds
}

/// Narrows the list to one kind, where the reader sees several.
#[component]
fn Kinds(query: ListQuery) -> impl IntoView {
    let t = &text().invited;
    let kinds = kinds();
    (kinds.len() > 1).then(|| {
        let item = |only: Option<Category>| {
            let slug = only.map(Category::slug).unwrap_or_default();
            TabItem {
                label: only.map_or(t.every_kind, t.kind).to_owned(),
                href: format!("{}{}", paths::INVITATIONS, query.with(|q| q.kind = slug.to_owned())),
                current: query.kind == slug,
                ..TabItem::default()
            }
        };
        let items = std::iter::once(None).chain(kinds.into_iter().map(Some)).map(item).collect();
        view! { <div class="notice-line"><Segments label=t.kinds items/></div> }
    })
}
