//! One API: what it is, and who has access to it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    access::AccessCard,
    dialogs::{DeleteDialog, RevokeDialog},
    form::EditApiDrawer,
    list::region_names,
};
use crate::{
    apis::{
        api::find_api,
        model::{ApiDetail, Environment},
    },
    error::AppError,
    paths,
    text::text,
    ui::{
        avatar::Thing,
        badge::{Badge, BadgeKind},
        button::{ButtonKind, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        when::When,
    },
};

/// Customer IDs that the page shows at most; Edit shows all of them.
const IDS_SHOWN: usize = 20;

/// The page.
#[component]
pub fn ApiPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let detail = resource(
        move || (id.get(), live().version(Topic::Apis), live().version(Topic::You)),
        |(id, ..)| async move {
            match id {
                Some(id) => find_api(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Load
            from=detail
            skeleton=move || view! { <Skeleton rows=4 label=text().apis.title/> }
            show=|detail: ApiDetail| view! { <Shown detail/> }
        />
    }
}

#[component]
fn Shown(detail: ApiDetail) -> impl IntoView {
    let t = text();
    let (edit, delete, revoke) = (parameter("edit"), parameter("delete"), parameter("revoke"));
    let ApiDetail { api, may_update, may_delete, .. } = detail.clone();
    let id = api.id;
    let act = move |name: &str| format!("{}?{name}=1", paths::api(id));
    let (edits, deletes, revokes) = (detail.clone(), detail.clone(), detail.clone());
    let of_team = api.counts.is_some();
    let kind = match api.environment {
        Environment::Production => BadgeKind::Neutral,
        Environment::Staging => BadgeKind::Warning,
        Environment::Sandbox => BadgeKind::Info,
    };
    let aside = detail.clone();
    view! {
        <Title text=api.name.clone()/>
        <PageHead
            title=api.name.clone()
            lead=api.slug.clone()
            crumbs=vec![(t.apis.title.to_owned(), paths::APIS.to_owned())]
            crumbs_label=t.apis.title
            before=view! { <Thing icon="api" id=api.id.to_string() large=true/> }.into_any()
            beside=view! { <Badge label=(t.apis.environment_name)(api.environment) kind/> }.into_any()
        >
            {may_update.then(|| view! {
                <LinkButton href=act("edit") label=t.apis.edit name=(t.apis.edit_of)(&api.name) icon="edit"/>
                <LinkButton href=act("revoke") label=format!("{}…", t.apis.revoke) name=t.apis.revoke kind=ButtonKind::DangerQuiet/>
            })}
            {may_delete.then(|| view! {
                <LinkButton href=act("delete") label=format!("{}…", t.apis.delete) name=t.apis.delete icon="trash" kind=ButtonKind::DangerQuiet/>
            })}
            {may_update.then(|| view! {
                <LinkButton href=act("add") label=t.apis.add icon="plus" kind=ButtonKind::Primary/>
            })}
        </PageHead>
        <div class="aside-layout">
            <div class="stack">
                {(of_team && !may_update).then(|| view! { <Banner kind=BannerKind::Plain>{t.apis.view_only}</Banner> })}
                {of_team.then(|| view! { <AccessCard api=detail.api may_update/> })}
            </div>
            <aside><Details detail=aside/></aside>
        </div>
        {move || (edit.get() == "1" && may_update).then(|| view! { <EditApiDrawer detail=edits.clone()/> })}
        {move || (delete.get() == "1" && may_delete).then(|| view! { <DeleteDialog detail=deletes.clone()/> })}
        {move || (revoke.get() == "1" && may_update).then(|| view! { <RevokeDialog detail=revokes.clone()/> })}
    }
}

#[component]
fn Details(detail: ApiDetail) -> impl IntoView {
    let t = text();
    let ApiDetail { api, customer_ids, .. } = detail;
    let or_none = |text: String| if text.is_empty() { t.common.none.to_owned() } else { text };
    let regions = region_names(&api);
    let more = customer_ids.len().saturating_sub(IDS_SHOWN);
    let ids = match customer_ids.is_empty() {
        true => t.common.none.into_any(),
        false => view! {
            <span class="row wrap snug">
                {customer_ids.into_iter().take(IDS_SHOWN).map(|id| view! { <code class="badge line mono">{id}</code> }).collect_view()}
                {(more > 0).then(|| view! { <span class="small muted">{(t.apis.more_ids)(more)}</span> })}
            </span>
        }
        .into_any(),
    };
    view! {
        <section class="card">
            <header><h2>{t.apis.details}</h2></header>
            <div class="body">
                <KeyValue>
                    <Pair label=t.apis.slug><code class="mono">{api.slug}</code><small class="block faint">{t.apis.slug_fixed}</small></Pair>
                    <Pair label=t.apis.environment>{(t.apis.environment_name)(api.environment)}</Pair>
                    <Pair label=t.apis.category>{or_none(api.category)}</Pair>
                    {(!regions.is_empty()).then(|| view! { <Pair label=t.apis.regions>{regions}</Pair> })}
                    {api.counts.is_some().then(|| view! { <Pair label=t.apis.customer_ids>{ids}</Pair> })}
                    <Pair label=t.apis.created><When at=api.created_at/></Pair>
                </KeyValue>
            </div>
        </section>
    }
}
