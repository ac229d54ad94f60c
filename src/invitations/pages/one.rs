//! One invitation: what is offered, how far it has come, and what has happened.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    dialogs::{DeleteForm, ReviewDialog},
    list::kind,
    offered::OfferedList,
    table::{DeliveryCell, ValidUntil},
    timeline::Timeline,
};
use crate::{
    access::Category,
    error::AppError,
    invitations::{
        api::{ResendInvitation, find_invitation},
        model::{Detail, Invitation},
    },
    paths,
    text::text,
    ui::{
        badge::Status,
        button::{ButtonKind, LinkButton},
        form::{Hidden, ServerForm, Submission},
        icon::Icon,
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        shell::plan,
        when::Exactly,
    },
};

/// The page.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let detail = resource(
        move || (id.get(), live().version(Topic::Invitations)),
        |(id, _)| async move {
            match id {
                Some(id) => find_invitation(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    let review = parameter("review");
    view! {
        <Load
            from=detail
            skeleton=move || view! { <Skeleton rows=6 label=text().invitations.title/> }
            show=|detail: Detail| view! { <Shown detail/> }
        />
        {move || {
            let id = id.get().filter(|_| review.get() == "1")?;
            Some(view! { <ReviewDialog id back=paths::invitation(id)/> })
        }}
    }
}

#[component]
fn Shown(detail: Detail) -> impl IntoView {
    let t = text();
    let Invitation { id, email, full_name, status, may, .. } = detail.invitation.clone();
    let delete = parameter("delete");
    let here = paths::invitation(id);
    let deleted = detail.invitation.clone();
    let open =
        matches!(status, crate::invitations::model::Status::Pending | crate::invitations::model::Status::Waiting);
    let gone = detail.promise.gone.filter(|_| open);
    let message = (!detail.message.is_empty()).then(|| {
        let words = detail.message.clone();
        view! {
            <section class="card">
                <header><h2>{t.invited.message}</h2></header>
                <div class="body pre"><bdi>{words}</bdi></div>
            </section>
        }
    });
    let (again, unopened, history, promise) =
        (detail.older.is_some(), detail.unopened, detail.history.clone(), detail.promise.clone());
    let (offered, acted) = (detail.invitation.clone(), detail.invitation.clone());
    view! {
        <Title text=email.clone()/>
        <PageHead
            title=email.clone()
            lead=full_name
            crumbs=vec![(t.invitations.title.to_owned(), paths::INVITATIONS.to_owned())]
            crumbs_label=t.invitations.title
            beside=view! { <Status kind=kind(status) label=(t.status)(status) pill=true/> }.into_any()
        >
            <Acts invitation=acted/>
        </PageHead>
        {gone.map(|part| view! { <Banner kind=BannerKind::Warning>{(t.invited.gone)(part)}</Banner> })}
        {unopened.then(|| view! {
            <Banner kind=BannerKind::Warning title=t.invited.unopened>{t.invited.unopened_body}</Banner>
        })}
        <div class="aside-layout">
            <div class="stack">
                <section class="card">
                    <header><h2>{t.invited.offered}</h2></header>
                    <div class="body">
                        <OfferedList invitation=offered promise/>
                    </div>
                </section>
                {message}
                <section class="card">
                    <header><h2>{t.invited.timeline}</h2></header>
                    <div class="body"><Timeline history again/></div>
                </section>
            </div>
            <aside class="stack"><Facts detail/></aside>
        </div>
        {move || (delete.get() == "1" && may.delete).then(|| view! {
            <DeleteForm invitation=deleted.clone() stay=here.clone() back=paths::INVITATIONS.to_owned()/>
        })}
    }
}

/// By whom, until when, how far, and what belongs to it.
#[component]
fn Facts(detail: Detail) -> impl IntoView {
    let t = text();
    let it = detail.invitation.clone();
    let inviter = match detail.inviter {
        Some(user) => view! { <a href=paths::user(user)><bdi>{it.inviter_name.clone()}</bdi></a> }.into_any(),
        None => view! { <bdi>{it.inviter_name.clone()}</bdi> }.into_any(),
    };
    let account = detail.user.map(|user| {
        let href = if it.category == Category::Customer { paths::customer(user) } else { paths::user(user) };
        view! { <Pair label=t.invited.account><a href=href>{t.invited.open_account}</a></Pair> }
    });
    let neighbours = [(detail.older, t.invited.older), (detail.newer, t.invited.newer)];
    let chain = neighbours
        .into_iter()
        .filter_map(|(id, words)| id.map(|id| view! { <li><a href=paths::invitation(id)>{words}</a></li> }))
        .collect::<Vec<_>>();
    let chain = (!chain.is_empty()).then(|| {
        view! { <Pair label=t.invited.chain><ul class="stack tight">{chain}</ul></Pair> }
    });
    let (invited_at, delivery, notified) = (it.invited_at, it.delivery.clone(), it.notified);
    view! {
        <section class="card">
            <header><h2>{t.invited.sent_as}</h2></header>
            <div class="body">
                <KeyValue>
                    <Pair label=t.invited.invited_by>
                        {inviter}
                        {detail.by_link.then(|| view! { <span class="block small faint">{t.invited.by_link}</span> })}
                    </Pair>
                    <Pair label=t.invitations.invited_at><Exactly at=invited_at/></Pair>
                    <Pair label=t.invitations.valid_until><ValidUntil invitation=it/></Pair>
                    <Pair label=t.invitations.delivery><DeliveryCell delivery notified/></Pair>
                    {account}
                    {chain}
                </KeyValue>
            </div>
        </section>
    }
}

/// What can be done now; the rest is absent rather than failing.
#[component]
fn Acts(invitation: Invitation) -> impl IntoView {
    let t = text();
    let resend = Submission::<ResendInvitation>::new();
    let (id, email, may) = (invitation.id, invitation.email, invitation.may);
    let here = paths::invitation(id);
    let review = format!("{here}?review=1");
    let delete = format!("{here}?delete=1");
    let (name, label) = if invitation.notified {
        ((t.invitations.resend)(&email), t.invitations.resend_tip)
    } else {
        ((t.invited.activate_of)(&email), t.invited.activate)
    };
    view! {
        {may.delete.then(|| view! {
            <a class="btn danger-quiet" href=delete aria-label=(t.invitations.delete)(&email)>
                <Icon name="trash"/>{t.invitations.delete_tip}
            </a>
        })}
        {(may.resend && plan().invites()).then(|| view! {
            <ServerForm submission=resend class="">
                <Hidden name="id" value=id.to_string()/>
                <Hidden name="back" value=here/>
                <button type="submit" class="btn" aria-label=name><Icon name="mail"/>{label}</button>
            </ServerForm>
        })}
        {may.review().then(|| view! {
            <LinkButton
                href=review
                label=t.invited.review
                name=(t.invited.review_of)(&email)
                icon="clock"
                kind=ButtonKind::Primary
            />
        })}
    }
}
