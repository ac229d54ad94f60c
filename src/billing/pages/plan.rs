//! Billing: the plan and its seats.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    billing::{api::read_billing, model::Billing},
    text::text,
    ui::{
        badge::{Badge, BadgeKind},
        figures::{Meter, Stat, Stats},
        icon::{Icon, IconSize},
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, PageHead, Skeleton},
    },
    workspaces::model::Plan,
};

/// The command that changes the plan.
const COMMAND: &str = "portico plan set pro";

/// The page.
#[component]
pub fn BillingPage() -> impl IntoView {
    let t = &text().billing;
    let billing = resource(
        || [Topic::Settings, Topic::Users, Topic::Invitations].map(|topic| live().version(topic)),
        |_| read_billing(),
    );
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead/>
        <Load
            from=billing
            skeleton=move || view! { <Skeleton rows=4 label=t.title/> }
            show=|billing: Billing| view! { <Shown billing/> }
        />
    }
}

#[component]
fn Shown(billing: Billing) -> impl IntoView {
    let t = &text().billing;
    let (taken, seats) = (billing.taken(), billing.seats);
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    view! {
        <div class="stack loose">
            <section class="card" aria-labelledby="yours">
                <header>
                    <h2 id="yours">{t.your_plan}</h2>
                    <Badge label=(t.plan)(billing.plan) kind=BadgeKind::Accent/>
                </header>
                <div class="body stack">
                    <p>{(t.plan_hint)(billing.plan)}</p>
                    <Meter
                        label=t.seats
                        used=count(taken)
                        total=Some(count(seats.into()))
                        words=(t.seats_taken)(taken, seats)
                        detail=t.seats_help
                    />
                    {(taken >= seats.into()).then(|| view! { <Banner kind=BannerKind::Warning title=t.full>{t.full_body}</Banner> })}
                    <Stats>
                        <Stat label=t.active value=billing.active.to_string() detail=t.active_help/>
                        <Stat label=t.pending value=billing.pending.to_string() detail=t.pending_help/>
                        <Stat label=t.waiting value=billing.waiting.to_string() detail=t.waiting_help/>
                    </Stats>
                </div>
            </section>
            <section class="stack tight">
                <h2>{t.compare}</h2>
                <Plans current=billing.plan/>
            </section>
            <Banner kind=BannerKind::Plain title=t.operator>{t.operator_body}" "<code>{COMMAND}</code></Banner>
        </div>
    }
}

/// What each plan has (seeds 000 and 003).
#[component]
fn Plans(current: Plan) -> impl IntoView {
    let t = &text().billing;
    let heads = Plan::ALL
        .map(|plan| {
            let yours = (plan == current).then(|| view! { " "<Badge label=t.current kind=BadgeKind::Accent/> });
            view! { <th scope="col">{(t.plan)(plan)}{yours}</th> }
        })
        .collect_view();
    // Where the columns stand under each other, each cell says whose it is.
    let named = |plan: Plan| {
        let yours = if plan == current { format!(" ({})", t.current) } else { String::new() };
        format!("{}{yours}", (t.plan)(plan))
    };
    let has = |has: fn(Plan) -> bool| {
        Plan::ALL.map(|plan| view! { <td data-plan=named(plan)><Has has=has(plan)/></td> }).collect_view()
    };
    let seats = Plan::ALL
        .map(|plan| view! { <td data-plan=named(plan)>{(t.up_to)(plan.seats(), plan.adjusts_seats())}</td> })
        .collect_view();
    view! {
        <div class="table-box compare plans">
            <div class="table-scroll" tabindex="0" role="region" aria-label=t.compare>
                <table>
                    <caption>{t.compare}</caption>
                    <thead><tr><th scope="col">{t.feature}</th>{heads}</tr></thead>
                    <tbody>
                        <tr><th scope="row">{t.invitations}</th>{has(Plan::invites)}</tr>
                        <tr><th scope="row">{t.rights_by_api}</th>{has(Plan::chooses_apis)}</tr>
                        <tr><th scope="row">{t.teammates}</th>{seats}</tr>
                    </tbody>
                </table>
            </div>
        </div>
    }
}

#[component]
fn Has(has: bool) -> impl IntoView {
    let t = &text().billing;
    let (class, icon, word) = if has { ("may", "check", t.yes) } else { ("may not", "minus", t.no) };
    view! { <span class=class><Icon name=icon size=IconSize::Small/><span>{word}</span></span> }
}
