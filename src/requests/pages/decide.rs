//! One request: what is asked, what its approval would give, and the decision.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::list::StatusMark;
use crate::{
    access::{Change, On},
    error::AppError,
    paths,
    requests::{
        api::{ApproveRequest, DenyRequest, find_request},
        model::{AccessRequest, Details, Holding, Status},
    },
    rights::pages::{Ends, preview::WhoGains},
    text::{
        change_words,
        requests::{asked_words, region_name},
        role_name, text,
    },
    ui::{
        avatar::Avatar,
        button::ButtonKind,
        choices::{Choice, RadioList},
        fields::{DateField, TextArea},
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton},
        load::{Load, resource},
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        shell::me,
        when::When,
    },
};

/// The page. It does not follow changes, so that what is being typed stays: whoever decides second is told.
#[component]
pub fn DecidePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let details = resource(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => find_request(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Load
            from=details
            skeleton=move || view! { <Skeleton rows=4 label=text().requests.title/> }
            show=|details: Details| view! { <Shown details/> }
        />
    }
}

#[component]
fn Shown(details: Details) -> impl IntoView {
    let t = &text().requests;
    let Details { request, held, holds, preview, there, gives, yours, .. } = details.clone();
    let name = request.full_name.clone();
    let open = request.status == Status::Open;
    let warnings = [
        (yours, BannerKind::Plain, t.own.to_owned(), None),
        (!yours && held, BannerKind::Info, (t.already)(&name), Some(t.already_body)),
        (!yours && !there, BannerKind::Warning, t.not_there.to_owned(), None),
        (!yours && there && !gives, BannerKind::Warning, t.not_yours.to_owned(), None),
    ];
    let warnings = warnings
        .into_iter()
        .filter(|(holds, ..)| *holds && open)
        .map(|(_, kind, first, more)| view! { <Banner kind>{first}{more.map(|more| format!(" {more}"))}</Banner> })
        .collect_view();
    let decides = open && !yours;
    view! {
        <Title text=(t.asks)(&name)/>
        <PageHead
            title=(t.asks)(&name)
            lead=request.email.clone()
            crumbs=vec![(t.title.to_owned(), paths::ACCESS_REQUESTS.to_owned())]
            crumbs_label=t.title
            before=view! { <Avatar name=name.clone() id=request.user_id.to_string() large=true/> }.into_any()
            beside=view! { <StatusMark status=request.status pill=true/> }.into_any()
        />
        <div class="aside-layout">
            <div class="stack">
                {warnings}
                <AskedCard request=request.clone()/>
                {(decides && there).then(|| view! { <ApproveCard details/> })}
                {decides.then(|| view! { <DenyCard id=request.id/> })}
            </div>
            <aside class="stack">
                {open.then(|| view! {
                    <section class="card">
                        <header><h2>{t.gains}</h2></header>
                        <div class="body"><WhoGains preview/></div>
                    </section>
                })}
                <section class="card">
                    <header><h2>{(t.holds)(&name)}</h2></header>
                    <div class="body"><Holdings holds/></div>
                </section>
            </aside>
        </div>
    }
}

#[component]
fn AskedCard(request: AccessRequest) -> impl IntoView {
    let t = &text().requests;
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    let several = workspace.regions.len() > 1;
    let region = several.then(|| region_name(request.asked.region.as_deref(), &workspace));
    let what = asked_words(&crate::requests::model::Asked { region: None, ..request.asked.clone() }, &workspace);
    let given = request.given_region.as_deref().filter(|_| request.asked.region.is_none());
    let given = given.map(|slug| (t.in_region)(&region_name(Some(slug), &workspace)));
    let ends = matches!(request.status, Status::Approved | Status::Ended).then(|| match request.until {
        Some(until) => view! { <Pair label=t.ends><Ends at=until/></Pair> }.into_any(),
        None => view! { <Pair label=t.ends>{t.no_end}</Pair> }.into_any(),
    });
    let decided = request.decided_by.clone().zip(request.decided_at).map(|(by, at)| {
        view! {
            <Pair label=(t.status)(request.status)>
                <bdi>{(t.decided_by)(&by)}</bdi>{given.map(|given| format!(", {given}"))}", "<When at/>
                {request.answer.clone().map(|answer| view! { <span class="block pre"><bdi>{answer}</bdi></span> })}
            </Pair>
        }
    });
    view! {
        <section class="card">
            <header><h2>{t.asked}</h2></header>
            <div class="body">
                <KeyValue>
                    <Pair label=t.what>{what}</Pair>
                    {region.map(|region| view! { <Pair label=t.region>{region}</Pair> })}
                    <Pair label=t.why><span class="block pre"><bdi>{request.reason.clone()}</bdi></span></Pair>
                    <Pair label=t.how_long>{(t.days)(request.days)}</Pair>
                    <Pair label=t.requested_at><When at=request.requested_at/></Pair>
                    {decided}
                    {ends}
                </KeyValue>
            </div>
        </section>
    }
}

#[component]
fn ApproveCard(details: Details) -> impl IntoView {
    let t = &text().requests;
    let approve = Submission::<ApproveRequest>::new();
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    let Details { request, organizations, apis, today, .. } = details;
    let right = asked_words(&request.asked, &workspace);
    let region = match (&request.asked.region, workspace.regions.len() > 1) {
        (None, true) => {
            let all = (String::new(), t.all_regions.to_owned());
            let choices = std::iter::once(all)
                .chain(workspace.regions.iter().map(|it| (it.slug.clone(), it.name.clone())))
                .collect::<Vec<_>>();
            view! { <SelectField name="region" label=t.region choices/> }.into_any()
        }
        (asked, _) => view! { <Hidden name="region" value=asked.clone().unwrap_or_default()/> }.into_any(),
    };
    let organization = (!organizations.is_empty()).then(|| {
        let choices = organizations.into_iter().map(|(id, name)| (id.to_string(), name)).collect::<Vec<_>>();
        view! { <SelectField name="organization" label=t.organization choices/> }
    });
    let choices = vec![Choice::new("asked", (t.as_asked)(request.days)), Choice::new("date", t.until_date)];
    view! {
        <section class="card">
            <header><h2>{t.give}</h2></header>
            <ServerForm submission=approve class="">
                <Hidden name="id" value=request.id.to_string()/>
                <div class="body stack">
                    <p>{(t.give_lead)(&right)}" "<span class="muted">{(t.apis)(apis)}</span></p>
                    {region}
                    {organization}
                    <RadioList name="lasts" legend=t.lasts choices value="asked"/>
                    <DateField name="date" label=t.date min=today help=t.date_help optional=true/>
                    <div class="btns"><SubmitButton label=t.approve/></div>
                </div>
            </ServerForm>
        </section>
    }
}

#[component]
fn DenyCard(id: Uuid) -> impl IntoView {
    let t = &text().requests;
    let deny = Submission::<DenyRequest>::new();
    view! {
        <section class="card">
            <header><h2>{t.deny_lead}</h2></header>
            <ServerForm submission=deny class="">
                <Hidden name="id" value=id.to_string()/>
                <div class="body stack">
                    <TextArea name="answer" label=t.answer help=t.answer_help/>
                    <div class="btns"><SubmitButton label=t.deny kind=ButtonKind::DangerQuiet/></div>
                </div>
            </ServerForm>
        </section>
    }
}

#[component]
fn Holdings(holds: Vec<Holding>) -> impl IntoView {
    let t = &text().requests;
    if holds.is_empty() {
        return view! { <p class="muted small">{t.holds_nothing}</p> }.into_any();
    }
    let lines = holds.into_iter().map(|holding| view! { <Line holding/> }).collect_view();
    view! { <ul class="stack tight">{lines}</ul> }.into_any()
}

#[component]
fn Line(holding: Holding) -> impl IntoView {
    let t = &text().requests;
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    let rights = holding.permissions.iter().flat_map(|(feature, actions)| {
        actions.iter().map(|action| Change::Right {
            feature: feature.clone(),
            action,
            region: None,
            organization: None,
            on: On::Everywhere,
        })
    });
    let rights = rights.map(|right| change_words(&right, &workspace));
    let what = holding.role.iter().map(role_name).chain(rights).collect::<Vec<_>>().join(", ");
    let region = (workspace.regions.len() > 1).then(|| region_name(holding.region.as_deref(), &workspace));
    let scope = region.into_iter().chain(holding.organization).collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <span class="block">{what}</span>
            {(!scope.is_empty()).then(|| view! { <bdi class="small faint block">{scope}</bdi> })}
            {holding.until.map(|until| view! { <span class="small faint block">{t.ends}" "<Ends at=until/></span> })}
        </li>
    }
}
