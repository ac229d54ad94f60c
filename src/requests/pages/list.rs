//! Everybody's requests, for those who may decide them.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    listing::{ListQuery, Page},
    paths,
    requests::{
        api::list_requests,
        model::{AccessRequest, ORDERS, Shown, Status as RequestStatus},
    },
    text::{requests::asked_words, text},
    ui::{
        avatar::Avatar,
        badge::{Status, StatusKind},
        button::{ButtonKind, ButtonSize, LinkButton},
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton, TabItem, Tabs},
        shell::me,
        when::When,
    },
};

/// The page.
#[component]
pub fn RequestsPage() -> impl IntoView {
    let t = &text().requests;
    let query = list_query();
    let page = resource(
        move || (query.get(), live().version(Topic::Requests)),
        |(query, _)| async move { list_requests(query.clone()).await.map(|page| (page, query)) },
    );
    let choices = Shown::ALL.map(|shown| (shown.slug().to_owned(), (t.shown)(shown).to_owned())).to_vec();
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead/>
        {move || view! { <StatusTabs query=query.get()/> }}
        <ListToolbar action=paths::ACCESS_REQUESTS label=t.title query search=t.search filter=t.statuses choices/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=6 label=t.title/> }
            show=move |(page, shown): (Page<AccessRequest>, ListQuery)| view! { <List page shown query/> }
        />
    }
}

#[component]
fn StatusTabs(query: ListQuery) -> impl IntoView {
    let t = &text().requests;
    let tab = |shown: Shown| TabItem {
        label: (t.shown)(shown).to_owned(),
        href: format!("{}{}", paths::ACCESS_REQUESTS, query.with(|q| q.status = shown.slug().to_owned())),
        current: query.status == shown.slug(),
        ..TabItem::default()
    };
    view! { <Tabs label=t.statuses items=Shown::ALL.map(tab).to_vec()/> }
}

#[component]
fn List(page: Page<AccessRequest>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().requests;
    if page.rows.is_empty() {
        let filtered = shown.search().is_some() || !shown.status.is_empty();
        let (title, body) = if filtered { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let rows = page.rows.iter().cloned().map(|request| view! { <Row request/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.who}</th>
                    <th scope="col" class="c2 w-13">{t.what}</th>
                    <th scope="col" class="c5 w-13">{t.why}</th>
                    <th scope="col" class="c4 w-10">{t.how_long}</th>
                    <th scope="col" class="c-st w-7h">{t.status_head}</th>
                    <ColumnHead action=paths::ACCESS_REQUESTS query orders=&ORDERS column="requested" label=t.requested_at class="c3 w-8"/>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::ACCESS_REQUESTS query=shown before after/>
    }
    .into_any()
}

/// How far a request has come, in its shape and word.
#[component]
pub fn StatusMark(status: RequestStatus, #[prop(optional)] pill: bool) -> impl IntoView {
    let kind = match status {
        RequestStatus::Open => StatusKind::Waiting,
        RequestStatus::Approved => StatusKind::Approved,
        RequestStatus::Ended => StatusKind::Expired,
        RequestStatus::TakenAway => StatusKind::Inactivated,
        RequestStatus::Denied => StatusKind::Rejected,
    };
    view! { <Status kind label=(text().requests.status)(status) pill/> }
}

#[component]
fn Row(request: AccessRequest) -> impl IntoView {
    let t = &text().requests;
    let what = asked_words(&request.asked, &me().map(|me| me.workspace).unwrap_or_default());
    let days = (t.days)(request.days);
    let href = paths::access_request(request.id);
    // Nobody decides their own.
    let decides = request.status == RequestStatus::Open && me().is_some_and(|me| me.id != request.user_id);
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Avatar name=request.full_name.clone() id=request.user_id.to_string()/>
                    <div>
                        <a class="plain name" href=href.clone() title=request.full_name.clone()><bdi>{request.full_name.clone()}</bdi></a>
                        <span class="sub" title=request.email.clone()>{request.email.clone()}</span>
                        <span class="sub more-sub">{what.clone()}" · "{days.clone()}</span>
                    </div>
                </div>
            </th>
            <td class="c2">{what}</td>
            <td class="c5 clip" title=request.reason.clone()><bdi>{request.reason.clone()}</bdi></td>
            <td class="c4">{days}</td>
            <td class="c-st"><StatusMark status=request.status/></td>
            <td class="c3 when"><When at=request.requested_at/></td>
            <td class="act">
                <LinkButton
                    href
                    label=if decides { t.decide } else { t.look }
                    name=(t.decide_of)(&request.full_name)
                    size=ButtonSize::Small
                    kind=ButtonKind::Ghost
                />
            </td>
        </tr>
    }
}
