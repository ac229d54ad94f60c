//! The table of invitations, and what can be done with its rows.

use std::{collections::BTreeSet, sync::Arc};

use leptos::{html::Input, prelude::*};
use leptos_router::components::Form;
use uuid::Uuid;

use super::list::kind;
use crate::{
    invitations::{
        api::ResendInvitation,
        model::{Invitation, ORDERS, Status as InvitationStatus},
    },
    listing::{ListQuery, Page},
    mail::{model::Delivery, pages::delivery::DeliveryNote},
    paths,
    text::{role_name, text},
    ui::{
        badge::Status,
        form::{Hidden, ServerForm, Submission},
        icon::{Icon, IconSize},
        list::{ColumnHead, ListFoot, ListPager},
        page::Empty,
        shell::plan,
        when::{When, minutes_until, mounted},
    },
};

/// The form that the boxes of the table belong to.
const FORM: &str = "several";

/// Which rows are ticked.
type Ticked = RwSignal<BTreeSet<Uuid>>;

/// Whether a row can be chosen for something.
fn can_be_chosen(invitation: &Invitation) -> bool {
    invitation.may.resend || invitation.may.delete
}

/// The table with its foot, its pages, and the bar of what is ticked.
#[component]
pub fn List(
    page: Page<Invitation>,
    shown: ListQuery,
    query: Memo<ListQuery>,
    back: Memo<String>,
    ticked: Ticked,
) -> impl IntoView {
    let t = &text().invitations;
    if page.rows.is_empty() {
        let filtered = shown.search().is_some() || !shown.status.is_empty() || !shown.kind.is_empty();
        let (title, body) = if filtered { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let choosable: BTreeSet<Uuid> = page.rows.iter().filter(|row| can_be_chosen(row)).map(|row| row.id).collect();
    // What is ticked and not shown any more would be sent along unseen.
    if !ticked.with_untracked(|ticked| ticked.is_subset(&choosable)) {
        ticked.update(|ticked| ticked.retain(|id| choosable.contains(id)));
    }
    let choosing = !choosable.is_empty();
    let rows =
        page.rows.iter().cloned().map(|invitation| view! { <Row invitation back ticked choosing/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    {choosing.then(|| view! { <th scope="col" class="sel"><TickAll choosable ticked/></th> })}
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="email" label=text().common.email class="c-name"/>
                    <th scope="col" class="c-st w-7h">{t.status}</th>
                    <th scope="col" class="c2 w-9">{text().common.role}</th>
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="invited" label=t.invited_at class="c4 w-8"/>
                    <ColumnHead action=paths::INVITATIONS query orders=&ORDERS column="valid" label=t.valid_until class="c3 w-8"/>
                    <th scope="col" class="c4 w-13">{t.delivery}</th>
                    <th scope="col" class="c5 w-10">{t.invited_by}</th>
                    <th scope="col" class="act w-6h"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::INVITATIONS query=shown.clone() before after/>
        {choosing.then(|| view! { <TickedBar query=shown ticked/> })}
    }
    .into_any()
}

/// Ticks every row of the page that can be chosen; only with script.
#[component]
fn TickAll(choosable: BTreeSet<Uuid>, ticked: Ticked) -> impl IntoView {
    // Shared, not stored: the boxes of a page that is shown no more are still told what is ticked.
    let all = Arc::new(choosable);
    move || {
        let (all, every, some) = (all.clone(), all.clone(), all.clone());
        mounted().then(move || {
            view! {
                <input
                    type="checkbox"
                    aria-label=text().invited.choose_all
                    prop:checked=move || *every == *ticked.read()
                    prop:indeterminate=move || {
                        let n = ticked.read().len();
                        n > 0 && n < some.len()
                    }
                    on:change:target=move |event| {
                        ticked.set(if event.target().checked() { BTreeSet::clone(&all) } else { BTreeSet::new() });
                    }
                />
            }
        })
    }
}

/// The box of one row. It belongs to the form under the table: the row has forms of its own.
#[component]
fn Tick(id: Uuid, email: String, ticked: Ticked) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let tell = move |checked: bool| {
        if checked != ticked.with_untracked(|ticked| ticked.contains(&id)) {
            ticked.update(|ticked| {
                if checked {
                    ticked.insert(id)
                } else {
                    ticked.remove(&id)
                };
            });
        }
    };
    // What was ticked before script came.
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            tell(input.checked());
        }
    });
    view! {
        <input
            type="checkbox"
            name="chosen"
            value=id.to_string()
            form=FORM
            aria-label=(text().invited.choose)(&email)
            node_ref=input
            prop:checked=move || ticked.read().contains(&id)
            on:change:target=move |event| tell(event.target().checked())
        />
    }
}

/// What can be done with the ticked rows: each leads to a dialog that says with which of them.
#[component]
fn TickedBar(query: ListQuery, ticked: Ticked) -> impl IntoView {
    let t = &text().invited;
    let kept = [
        ("kind", query.kind),
        ("q", query.q),
        ("status", query.status),
        ("sort", query.sort),
        ("after", query.after),
        ("before", query.before),
    ];
    let kept = kept
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let resend = plan().invites().then(|| {
        view! { <button class="btn sm" type="submit" name="do" value="resend"><Icon name="mail" size=IconSize::Small/>{t.resend}</button> }
    });
    view! {
        <Form method="GET" action=paths::INVITATIONS attr:id=FORM attr:class="selbar">
            {kept}
            <span role="status">{move || {
                let n = ticked.read().len();
                if n > 0 { (t.chosen)(n) } else { t.with_chosen.to_owned() }
            }}</span>
            {resend}
            <button class="btn sm" type="submit" name="do" value="delete"><Icon name="trash" size=IconSize::Small/>{t.delete}</button>
        </Form>
    }
}

/// Until when it is valid: of one that nobody was told of there is nothing to say.
#[component]
pub fn ValidUntil(invitation: Invitation) -> impl IntoView {
    let t = text();
    if !invitation.notified {
        return t.invited.no_end.into_any();
    }
    let (status, valid_until) = (invitation.status, invitation.valid_until);
    let left = move || {
        let words = match status {
            InvitationStatus::Pending => minutes_until(valid_until).map(t.invitations.left),
            InvitationStatus::Expired => Some(t.invitations.ended.to_owned()),
            _ => None,
        };
        words.map(|words| view! { <span class="small faint block">{words}</span> })
    };
    view! { <When at=valid_until/>{left} }.into_any()
}

/// How far its mail has come; or that there is none.
#[component]
pub fn DeliveryCell(delivery: Option<Delivery>, notified: bool) -> impl IntoView {
    let t = &text().invited;
    match delivery {
        Some(delivery) => view! { <DeliveryNote delivery/> }.into_any(),
        None if notified => t.no_end.into_any(),
        None => view! { <span class="small muted">{t.not_told}</span> }.into_any(),
    }
}

#[component]
fn Row(invitation: Invitation, back: Memo<String>, ticked: Ticked, choosing: bool) -> impl IntoView {
    let t = text();
    let role = role_name(&invitation.role);
    let status = (t.status)(invitation.status);
    let failed = matches!(invitation.delivery, Some(Delivery::Failed { .. } | Delivery::Deferred { .. }));
    let delivery = invitation.delivery.clone().filter(|_| failed);
    let named = (!invitation.full_name.is_empty()).then(|| {
        let name = invitation.full_name.clone();
        view! { <bdi class="sub small faint clip block" title=name.clone()>{name.clone()}</bdi> }
    });
    let organization = invitation.organization.clone().map(|name| {
        view! { <bdi class="small faint block clip" title=name.clone()>{name.clone()}</bdi> }
    });
    let tick = choosing.then(|| {
        let (id, email) = (invitation.id, invitation.email.clone());
        view! { <td class="sel">{can_be_chosen(&invitation).then(|| view! { <Tick id email ticked/> })}</td> }
    });
    view! {
        <tr>
            {tick}
            <th scope="row">
                <a class="plain medium clip block" href=paths::invitation(invitation.id) title=invitation.email.clone()>
                    {invitation.email.clone()}
                </a>
                {named}
                <span class="sub small faint more-sub clip">
                    {status}" · "{role.clone()}
                    {delivery.map(|delivery| view! { " · "<DeliveryNote delivery/> })}
                </span>
            </th>
            <td class="c-st"><Status kind=kind(invitation.status) label=status/></td>
            <td class="c2 clip" title=role.clone()>{role.clone()}{organization}</td>
            <td class="c4 when"><When at=invitation.invited_at/></td>
            <td class="c3 when"><ValidUntil invitation=invitation.clone()/></td>
            <td class="c4 clip"><DeliveryCell delivery=invitation.delivery.clone() notified=invitation.notified/></td>
            <td class="c5 clip" title=invitation.inviter_name.clone()><bdi>{invitation.inviter_name.clone()}</bdi></td>
            <td class="act"><Acts invitation back/></td>
        </tr>
    }
}

/// What can be done now; the rest is absent rather than failing.
#[component]
fn Acts(invitation: Invitation, back: Memo<String>) -> impl IntoView {
    let t = text();
    let resend = Submission::<ResendInvitation>::new();
    let (id, email, may) = (invitation.id, invitation.email, invitation.may);
    let with = move |name: &'static str| {
        let back = back.get();
        format!("{back}{}{name}={id}", if back.contains('?') { '&' } else { '?' })
    };
    let (name, tip) = if invitation.notified {
        ((t.invitations.resend)(&email), t.invitations.resend_tip)
    } else {
        ((t.invited.activate_of)(&email), t.invited.activate)
    };
    let reviews = may.review().then(|| {
        view! {
            <a class="btn sm" href=move || with("review") aria-label=(t.invited.review_of)(&email) data-tip=t.invited.review_tip>
                <Icon name="clock" size=IconSize::Small/>{t.invited.review}
            </a>
        }
    });
    // A plan without invitations says so where they are made.
    let explained = (may.resend && !plan().invites()).then(|| {
        let href = format!("{}?invite=1", paths::INVITATIONS);
        view! { <a class="btn ghost icon sm" href=href aria-label=name.clone() data-tip=tip><Icon name="mail"/></a> }
    });
    let resends = (may.resend && plan().invites()).then(|| {
        view! {
            <ServerForm submission=resend class="">
                <Hidden name="id" value=id.to_string()/>
                <input type="hidden" name="form[back]" value=move || back.get()/>
                <button type="submit" class="btn ghost icon sm" aria-label=name data-tip=tip><Icon name="mail"/></button>
            </ServerForm>
        }
    });
    let deletes = may.delete.then(|| {
        view! {
            <a class="btn ghost icon sm" href=move || with("delete") aria-label=(t.invitations.delete)(&email) data-tip=t.invitations.delete_tip>
                <Icon name="trash"/>
            </a>
        }
    });
    view! { <span class="acts">{reviews}{explained}{resends}{deletes}</span> }
}
