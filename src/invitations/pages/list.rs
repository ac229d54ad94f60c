//! The list of invitations.

use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

use super::invite::{InviteDrawer, Inviting, opens};
use crate::{
    access::{Action, Category, Feature},
    invitations::{
        api::{DeleteInvitation, ResendInvitation, list_invitations},
        model::{Invitation, ORDERS, Status as InvitationStatus},
    },
    listing::{ListQuery, Page},
    mail::{model::Delivery, pages::delivery::DeliveryNote},
    paths,
    text::{role_name, text},
    ui::{
        badge::{Status, StatusKind},
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, ServerForm, Submission, SubmitButton},
        icon::Icon,
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::Load,
        page::{Empty, PageHead, Skeleton, TabItem, Tabs},
        shell::{may, plan},
        when::{When, minutes_until},
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

/// The page.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let t = text();
    let query = list_query();
    let (invite, delete) = (parameter("invite"), parameter("delete"));
    let page = Resource::new(
        move || (query.get(), live().version(Topic::Invitations)),
        |(query, _)| async move { list_invitations(query.clone()).await.map(|page| (page, query)) },
    );
    let may_invite = move || may(Action::Create, Feature::Team);
    let back = Memo::new(move |_| format!("{}{}", paths::INVITATIONS, query.get().here(None)));
    let mut choices = vec![(String::new(), t.invitations.any_status.to_owned())];
    choices.extend(InvitationStatus::ALL.map(|status| (status.slug().to_owned(), (t.status)(status).to_owned())));
    view! {
        <Title text=t.invitations.title/>
        <PageHead title=t.invitations.title lead=t.invitations.lead>
            {move || may_invite().then(|| view! {
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
            show=move |(page, shown): (Page<Invitation>, ListQuery)| view! { <List page shown query back/> }
        />
        {move || (opens(&invite.get()) && may_invite()).then(|| {
            let submit = (t.invitations.submit, t.invitations.submit_name);
            let of = Inviting { submit, ..Inviting::from(Category::Teammate, back.get()) };
            view! { <InviteDrawer of way=invite.get()/> }
        })}
        {move || {
            let id: Option<Uuid> = delete.get().parse().ok();
            id.filter(|_| may(Action::Delete, Feature::Team)).map(|id| view! { <DeleteDialog id page back=back.get()/> })
        }}
    }
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

#[component]
fn List(page: Page<Invitation>, shown: ListQuery, query: Memo<ListQuery>, back: Memo<String>) -> impl IntoView {
    let t = &text().invitations;
    if page.rows.is_empty() {
        let filtered = shown.search().is_some() || !shown.status.is_empty();
        let (title, body) = if filtered { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let rows = page.rows.iter().cloned().map(|invitation| view! { <Row invitation back/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="email" label=text().common.email class="c-name"/>
                    <th scope="col" class="c-st w-7h">{t.status}</th>
                    <th scope="col" class="c2 w-8">{text().common.role}</th>
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="invited" label=t.invited_at class="c4 w-8"/>
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="valid" label=t.valid_until class="c3 w-8"/>
                    <th scope="col" class="c4 w-13">{t.delivery}</th>
                    <th scope="col" class="c5 w-10">{t.invited_by}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::INVITATIONS query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(invitation: Invitation, back: Memo<String>) -> impl IntoView {
    let t = text();
    let role = role_name(&invitation.role);
    let status = (t.status)(invitation.status);
    let status_now = invitation.status;
    let valid_until = invitation.valid_until;
    let left = move || {
        let words = match status_now {
            InvitationStatus::Pending => minutes_until(valid_until).map(t.invitations.left),
            InvitationStatus::Expired => Some(t.invitations.ended.to_owned()),
            _ => None,
        };
        words.map(|words| view! { <span class="small faint block">{words}</span> })
    };
    let failed = matches!(invitation.delivery, Delivery::Failed { .. } | Delivery::Deferred { .. });
    let delivery = invitation.delivery.clone();
    view! {
        <tr>
            <th scope="row">
                <span class="medium clip block" title=invitation.email.clone()>{invitation.email.clone()}</span>
                <span class="sub small faint more-sub clip">
                    {status}" · "{role.clone()}
                    {failed.then(|| view! { " · "<DeliveryNote delivery=delivery.clone()/> })}
                </span>
            </th>
            <td class="c-st"><Status kind=kind(invitation.status) label=status/></td>
            <td class="c2 nowrap">{role}</td>
            <td class="c4 when"><When at=invitation.invited_at/></td>
            <td class="c3 when"><When at=valid_until/>{left}</td>
            <td class="c4 clip"><DeliveryNote delivery=invitation.delivery.clone()/></td>
            <td class="c5 clip" title=invitation.inviter_name.clone()><bdi>{invitation.inviter_name.clone()}</bdi></td>
            <td class="act"><Acts invitation back/></td>
        </tr>
    }
}

/// What the state machine allows now; the rest is absent rather than failing.
#[component]
fn Acts(invitation: Invitation, back: Memo<String>) -> impl IntoView {
    let t = &text().invitations;
    let resend = Submission::<ResendInvitation>::new();
    let (id, email) = (invitation.id, invitation.email.clone());
    let below = invitation.yours;
    let can_resend = below && invitation.can_resend() && may(Action::Create, Feature::Team);
    // A plan without invitations says so where they are made.
    let explained = (can_resend && !plan().invites()).then(|| {
        let label = (t.resend)(&email);
        let href = format!("{}?invite=1", paths::INVITATIONS);
        view! { <a class="btn ghost icon sm" href=href aria-label=label data-tip=t.resend_tip><Icon name="mail"/></a> }
    });
    let resends = (can_resend && plan().invites()).then(|| view! {
        <ServerForm submission=resend class="">
            <Hidden name="id" value=id.to_string()/>
            <input type="hidden" name="form[back]" value=move || back.get()/>
            <button type="submit" class="btn ghost icon sm" aria-label=(t.resend)(&email) data-tip=t.resend_tip><Icon name="mail"/></button>
        </ServerForm>
    });
    let deletes = (below && invitation.can_delete() && may(Action::Delete, Feature::Team)).then(|| {
        let href = move || {
            let back = back.get();
            format!("{back}{}delete={id}", if back.contains('?') { '&' } else { '?' })
        };
        view! {
            <a class="btn ghost icon sm" href=href aria-label=(t.delete)(&invitation.email) data-tip=t.delete_tip><Icon name="trash"/></a>
        }
    });
    view! { <span class="acts">{explained}{resends}{deletes}</span> }
}

/// Asks before an invitation goes, and names what is lost.
#[component]
fn DeleteDialog(
    id: Uuid,
    page: Resource<Result<(Page<Invitation>, ListQuery), crate::error::AppError>>,
    back: String,
) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let invitation = page.rows.into_iter().find(|row| row.id == id && row.can_delete())?;
                    Some(view! { <DeleteForm invitation back/> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn DeleteForm(invitation: Invitation, back: String) -> impl IntoView {
    let t = text();
    let delete = Submission::<DeleteInvitation>::new();
    let losses = vec![
        ("x", t.invitations.loses_link.to_owned()),
        ("x", (t.invitations.loses_offer)(&role_name(&invitation.role))),
    ];
    view! {
        <Dialog id="delete" title=(t.invitations.delete_title)(&invitation.email) close_href=back.clone()>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.invitations.delete_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=invitation.id.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=t.invitations.keep autofocus=true/>
                    <SubmitButton label=t.invitations.delete_yes kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
