//! The reader's own requests, and what became of them.

use leptos::prelude::*;
use leptos_meta::Title;

use super::list::StatusMark;
use crate::{
    listing::{ListQuery, Page},
    paths,
    requests::{
        api::list_own_requests,
        model::{AccessRequest, Status},
    },
    rights::pages::Ends,
    text::{
        requests::{asked_words, region_name},
        text,
    },
    ui::{
        list::{ListPager, list_query},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton},
        shell::me,
        when::{When, Zone},
    },
};

/// The page.
#[component]
pub fn MyRequestsPage() -> impl IntoView {
    let t = &text().requests;
    let query = list_query();
    let page = resource(
        move || (query.get(), live().version(Topic::Requests), live().version(Topic::You)),
        |(query, ..)| async move { list_own_requests(query.clone()).await.map(|page| (page, query)) },
    );
    view! {
        <Title text=t.mine/>
        <PageHead title=t.mine lead=t.mine_lead/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=4 label=t.mine/> }
            show=|(page, shown): (Page<AccessRequest>, ListQuery)| view! { <List page shown/> }
        />
    }
}

/// The newest of the reader's requests, for the dashboard; nothing where there is none.
#[component]
pub fn OwnRequests(requests: Vec<AccessRequest>) -> impl IntoView {
    let t = &text().requests;
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    (!requests.is_empty()).then(|| {
        let rows = requests
            .into_iter()
            .map(|request| {
                view! {
                    <li class="row">
                        <div class="grow">
                            <p class="medium">{asked_words(&request.asked, &workspace)}</p>
                            <p class="small faint"><When at=request.requested_at/></p>
                        </div>
                        <StatusMark status=request.status/>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="card">
                <header><h2>{t.mine}</h2><a class="small push" href=paths::MY_REQUESTS>{t.all_mine}</a></header>
                <ul class="body stack">{rows}</ul>
            </section>
        }
    })
}

#[component]
fn List(page: Page<AccessRequest>, shown: ListQuery) -> impl IntoView {
    let t = &text().requests;
    if page.rows.is_empty() {
        return view! { <Empty title=t.none_of_mine body=t.none_of_mine_body/> }.into_any();
    }
    let rows = page.rows.into_iter().map(|request| view! { <Row request/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.mine}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.what}</th>
                    <th scope="col" class="c-st w-7h">{t.status_head}</th>
                    <th scope="col" class="c4 w-10">{t.how_long}</th>
                    <th scope="col" class="c3 w-8">{t.requested_at}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="table-foot"><span class="push"><Zone/></span></p>
        </div>
        <ListPager action=paths::MY_REQUESTS query=shown before=page.before after=page.after/>
    }
    .into_any()
}

#[component]
fn Row(request: AccessRequest) -> impl IntoView {
    let t = &text().requests;
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    let what = asked_words(&request.asked, &workspace);
    let narrower = request.given_region.as_deref().filter(|_| request.asked.region.is_none());
    let narrower = narrower.map(|region| (t.in_region)(&region_name(Some(region), &workspace)));
    let ends = request.until.filter(|_| matches!(request.status, Status::Approved | Status::Ended));
    let given = matches!(request.status, Status::Approved).then(|| match ends {
        Some(until) => view! { <span class="sub small">{t.ends}" "<Ends at=until/></span> }.into_any(),
        None => view! { <span class="sub small">{t.no_end}</span> }.into_any(),
    });
    view! {
        <tr>
            <th scope="row">
                <span class="medium block">{what}{narrower.map(|narrower| format!(" {narrower}"))}</span>
                <span class="sub small faint clip block" title=request.reason.clone()><bdi>{request.reason.clone()}</bdi></span>
                {given}
                {request.decided_by.map(|by| view! { <span class="sub small faint block">{(t.decided_by)(&by)}</span> })}
                {request.answer.map(|answer| view! { <span class="small block"><bdi>{answer}</bdi></span> })}
                <span class="sub small faint more-sub">{(t.status)(request.status)}</span>
            </th>
            <td class="c-st"><StatusMark status=request.status/></td>
            <td class="c4">{(t.days)(request.days)}</td>
            <td class="c3 when"><When at=request.requested_at/></td>
        </tr>
    }
}
