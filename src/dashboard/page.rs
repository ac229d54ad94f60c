//! The dashboard's page.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    api::read_dashboard,
    model::{COUNTED, Contact, Dashboard, Figures},
};
use crate::{
    access::{Action, Feature},
    invitations::model::Status,
    paths,
    requests::pages::mine::OwnRequests,
    rights::pages::backup::BackupNotice,
    text::{role_name, role_names, text},
    ui::{
        avatar::Avatar,
        button::{ButtonKind, LinkButton},
        icon::Icon,
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton, grouped},
        shell::{may, me, workspace_name},
        when::When,
    },
};

/// The page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let t = text();
    let shown = resource(
        || [Topic::Users, Topic::Invitations, Topic::Requests].map(|topic| live().version(topic)),
        |_| read_dashboard(),
    );
    view! {
        <Title text=t.dashboard.title/>
        <PageHead title=t.dashboard.title lead=(t.dashboard.lead)(&workspace_name())>
            {move || may(Action::Create, Feature::Team).then(|| view! {
                <LinkButton
                    href=format!("{}?invite=1", paths::USERS)
                    label=t.users.invite
                    icon="mail"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <BackupNotice/>
        <Load
            from=shown
            skeleton=move || view! { <Skeleton rows=4 label=t.dashboard.title/> }
            show=|dashboard: Dashboard| view! {
                <div class="stack loose">
                    {match dashboard.figures {
                        Some(figures) => view! { <Team figures/> }.into_any(),
                        None => view! { <Nothing contacts=dashboard.contacts/> }.into_any(),
                    }}
                    <OwnRequests requests=dashboard.requests/>
                </div>
            }
        />
    }
}

/// For who holds nothing yet: says so, and whom to ask.
#[component]
fn Nothing(contacts: Vec<Contact>) -> impl IntoView {
    let t = text();
    let role = me().map(|me| role_names(&me.roles)).unwrap_or_default();
    let people = contacts
        .into_iter()
        .map(|contact| {
            let mailto = format!("mailto:{}", contact.email);
            view! {
                <li class="who">
                    <Avatar name=contact.full_name.clone() id=contact.email.clone()/>
                    <div>
                        <bdi class="name">{contact.full_name}</bdi>
                        <span class="sub">{role_name(&contact.role)}" · "<a href=mailto rel="external">{contact.email}</a></span>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <Empty title=t.dashboard.nothing body=(t.dashboard.nothing_body)(&role)>
            <section class="card ask">
                <header><h2>{t.dashboard.ask}</h2></header>
                <ul class="body stack">{people}</ul>
            </section>
        </Empty>
    }
}

fn figure(n: i64) -> String {
    grouped(u64::try_from(n).unwrap_or(0))
}

/// A figure that was not counted to its end says so.
fn counted(n: i64) -> String {
    let more = if n >= COUNTED { "+" } else { "" };
    format!("{}{more}", figure(n))
}

#[component]
fn Team(figures: Figures) -> impl IntoView {
    let t = &text().dashboard;
    let newest = figures.newest.clone();
    view! {
        <NeedsYou figures=figures.clone()/>
        <dl class="stats">
            <div class="stat"><dt>{t.users}</dt><dd>{figure(figures.users)}</dd><dd class="d">{(t.enabled_of)(figures.disabled)}</dd></div>
            <div class="stat"><dt>{t.open_invitations}</dt><dd>{counted(figures.open)}</dd><dd class="d">{t.open_invitations_body}</dd></div>
            <div class="stat"><dt>{t.accepted}</dt><dd>{counted(figures.accepted)}</dd><dd class="d">{t.accepted_body}</dd></div>
        </dl>
        <section class="card">
            <header><h2>{t.newest}</h2><a class="small push" href=paths::USERS>{t.all_users}</a></header>
            <ul class="body stack">
                {newest.into_iter().map(|user| view! {
                    <li class="who">
                        <Avatar name=user.full_name.clone() id=user.id.to_string()/>
                        <div>
                            <a class="plain name" href=paths::user(user.id)><bdi>{user.full_name.clone()}</bdi></a>
                            <span class="sub">{role_names(&user.roles)}" · "{t.joined}" "<When at=user.joined_at/></span>
                        </div>
                    </li>
                }).collect_view()}
            </ul>
        </section>
    }
}

/// What waits for the reader, each with the way to it.
#[component]
fn NeedsYou(figures: Figures) -> impl IntoView {
    let t = &text().dashboard;
    let mut waits = Vec::new();
    if figures.captured {
        waits.push((
            "outbox",
            "v-warn",
            t.captured.to_owned(),
            t.captured_body,
            paths::OUTBOX.to_owned(),
            t.open_outbox,
        ));
    }
    if figures.undelivered > 0 {
        let title = (t.undelivered)(figures.undelivered);
        waits.push(("alert", "v-bad", title, t.undelivered_body, paths::OUTBOX.to_owned(), t.open_outbox));
    }
    if figures.waiting > 0 {
        let t = &text().invited;
        let href = format!("{}?status={}", paths::INVITATIONS, Status::Waiting.slug());
        waits.push(("clock", "v-warn", (t.waits)(figures.waiting), t.waits_body, href, t.waits_go));
    }
    if figures.expired > 0 {
        let href = format!("{}?status={}", paths::INVITATIONS, Status::Expired.slug());
        waits.push(("clock", "v-warn", (t.expired)(figures.expired), t.expired_body, href, t.look_through));
    }
    let none =
        waits.is_empty().then(|| view! { <li class="row snug muted"><Icon name="check"/>{t.nothing_waits}</li> });
    let rows = waits
        .into_iter()
        .map(|(icon, tone, title, body, href, go)| {
            view! {
                <li class="row">
                    <span class=tone><Icon name=icon/></span>
                    <div class="grow"><p class="medium">{title}</p><p class="small faint">{body}</p></div>
                    <a class="btn sm" href=href>{go}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <header><h2>{t.needs_you}</h2></header>
            <ul class="body stack">{rows}{none}</ul>
        </section>
    }
}
