//! One import: its dry run, its progress, and what became of it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    rows::Rows,
    upload::{StateBadge, Steps, crumb},
};
use crate::{
    access::Category,
    error::AppError,
    imports::{
        api::{CancelImport, StartImport, find_import, list_import_rows},
        model::{Import, Row, State, Verdict},
    },
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        button::{Button, ButtonKind, ButtonType, LinkButton},
        form::{Hidden, ServerForm, Submission},
        icon::{Icon, IconSize},
        list::list_query,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, PageHead, Progress, Skeleton, grouped},
        when::When,
    },
};

/// An import of users.
#[component]
pub fn UserImportPage() -> impl IntoView {
    view! { <ImportPage kind=Category::Teammate/> }
}

/// An import of customers.
#[component]
pub fn CustomerImportPage() -> impl IntoView {
    view! { <ImportPage kind=Category::Customer/> }
}

/// What the page shows.
type Shown = (Import, Page<Row>, ListQuery);

async fn load(kind: Category, id: String, query: ListQuery) -> Result<Shown, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let import = find_import(kind, id).await?;
    let rows = list_import_rows(kind, id, query.clone()).await?;
    Ok((import, rows, query))
}

#[component]
fn ImportPage(kind: Category) -> impl IntoView {
    let t = &text().imports;
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let query = list_query();
    // Progress is told as it comes; should that be lost, it is asked for.
    let (running, asked) = (RwSignal::new(false), RwSignal::new(0_u32));
    #[cfg(feature = "hydrate")]
    {
        let ask = move || {
            if running.try_get_untracked() == Some(true) {
                asked.update(|asked| *asked += 1);
            }
        };
        if let Ok(timer) = set_interval(ask, std::time::Duration::from_secs(5)) {
            on_cleanup(move || timer.clear());
        }
    }
    let shown = resource(
        move || (id.get(), query.get(), live().version(Topic::Imports), asked.get()),
        move |(id, query, ..)| load(kind, id, query),
    );
    let show = move |(import, rows, query): Shown| {
        running.set(import.state == State::Running);
        view! { <One import rows query/> }
    };
    view! {
        <Title text=t.title/>
        <Load from=shown skeleton=move || view! { <Skeleton rows=8 label=t.title/> } show/>
    }
}

#[component]
fn One(import: Import, rows: Page<Row>, query: ListQuery) -> impl IntoView {
    let t = &text().imports;
    let kind = import.kind;
    let step = match import.state {
        State::Staging | State::Checked => 1,
        _ => 2,
    };
    let crumbs = vec![crumb(kind), (t.title.to_owned(), paths::imports(kind).to_owned())];
    let state = import.state;
    view! {
        <PageHead
            title=import.file_name.clone()
            crumbs
            crumbs_label=t.crumbs
            beside=view! { <StateBadge state/> }.into_any()
        >
            <Steps current=step/>
        </PageHead>
        <div class="stack loose">
            <Summary import=import.clone()/>
            <Stand import=import.clone()/>
            <Rows import rows query/>
        </div>
    }
}

/// The file, what it was taken for, and how many rows have which verdict.
#[component]
fn Summary(import: Import) -> impl IntoView {
    let t = &text().imports;
    let counts = import.counts;
    let figure = |verdict: Verdict, class: &'static str, icon: &'static str| {
        let n = counts.of(verdict);
        (n > 0 || matches!(verdict, Verdict::New | Verdict::Wrong)).then(|| {
            view! {
                <div>
                    <dt class=class><Icon name=icon size=IconSize::Small/>{(t.verdict)(verdict)}</dt>
                    <dd class="num">{grouped(u64::try_from(n).unwrap_or_default())}</dd>
                </div>
            }
        })
    };
    let unwritten = matches!(import.state, State::Checked).then_some(t.nothing_written);
    view! {
        <section class="card" aria-label=t.file>
            <div class="body imp">
                <div class="grow stack tight">
                    <p class="medium">{(t.summary)(&counts)}</p>
                    <p class="small faint">{(t.taken)(&import)}" "{unwritten}</p>
                    {(counts.links > 0).then(|| view! { <p class="small faint">{(t.links)(counts.links)}</p> })}
                    <p class="small faint"><bdi>{import.starter_name.clone()}</bdi>", "<When at=import.created_at/></p>
                </div>
                <dl class="sum">
                    {figure(Verdict::New, "v-ok", "check")}
                    {figure(Verdict::Update, "v-info", "refresh")}
                    {figure(Verdict::Same, "v-warn", "info")}
                    {figure(Verdict::Skip, "v-warn", "minus")}
                    {figure(Verdict::Wrong, "v-bad", "alert")}
                </dl>
            </div>
        </section>
    }
}

/// What can be done now, or what has been.
#[component]
fn Stand(import: Import) -> impl IntoView {
    let t = &text().imports;
    let kind = import.kind;
    let again = move || view! { <LinkButton href=paths::imports(kind) label=t.another/> };
    let result = paths::import_result(kind, import.id);
    let result = move || view! { <LinkButton href=result.clone() label=t.result icon="download" attr:rel="external"/> };
    match import.state {
        State::Staging | State::Checked => view! { <Checked import/> }.into_any(),
        State::Running => view! { <Running import/> }.into_any(),
        State::Done => view! {
            <Banner kind=BannerKind::Success title=t.done actions=view! { {result()}{again()} }.into_any()>
                {(t.done_summary)(&import.counts)}
                {(import.counts.wrong > 0).then(|| format!(" {}", (t.left_out)(import.counts.wrong)))}
            </Banner>
        }
        .into_any(),
        State::Failed => view! {
            <Banner kind=BannerKind::Danger title=t.failed actions=view! { {result()}{again()} }.into_any()>
                {import.ending.map(t.ending)}
            </Banner>
        }
        .into_any(),
        State::Cancelled => view! { <Banner title=t.stopped actions=again().into_any()></Banner> }.into_any(),
    }
}

#[component]
fn Checked(import: Import) -> impl IntoView {
    let t = &text().imports;
    let (kind, counts) = (import.kind, import.counts);
    let start = Submission::<StartImport>::new();
    let cancel = Submission::<CancelImport>::new();
    let result = paths::import_result(kind, import.id);
    let wrong = (counts.wrong > 0).then(|| {
        let actions = view! { <LinkButton href=result label=t.result icon="download" attr:rel="external"/> };
        view! {
            <Banner kind=BannerKind::Danger title=(t.left_out)(counts.wrong) actions=actions.into_any()>{t.left_out_body}</Banner>
        }
    });
    let begin = (counts.written() > 0).then(|| {
        view! {
            <ServerForm submission=start class="">
                <Hidden name="id" value=import.id.to_string()/>
                <Hidden name="kind" value=kind.slug()/>
                <Button label=(t.import)(counts.written(), kind) kind=ButtonKind::Primary r#type=ButtonType::Submit/>
            </ServerForm>
        }
    });
    let nothing = (counts.written() == 0).then(|| view! { <Banner>{t.nothing_to_do}</Banner> });
    let warning = (counts.new > counts.links).then(|| (t.no_mail)(kind));
    view! {
        {wrong}
        {nothing}
        {warning.map(|warning| view! { <p class="small muted">{warning}</p> })}
        <div class="btns">
            {begin}
            <ServerForm submission=cancel class="">
                <Hidden name="id" value=import.id.to_string()/>
                <Hidden name="kind" value=kind.slug()/>
                <Button label=t.cancel r#type=ButtonType::Submit/>
            </ServerForm>
        </div>
    }
}

#[component]
fn Running(import: Import) -> impl IntoView {
    let t = &text().imports;
    let (kind, counts) = (import.kind, import.counts);
    let cancel = Submission::<CancelImport>::new();
    // A hash takes about as long as writing ten rows.
    let size = |n: i32| u64::try_from(n).unwrap_or_default();
    let value = size(import.hashed) * 10 + size(import.written);
    let max = size(counts.to_hash()) * 10 + size(counts.written());
    view! {
        <section class="card" aria-labelledby="progress">
            <header><h2 id="progress">{(t.progress)(&import.file_name)}</h2></header>
            <div class="body stack tight">
                <p class="num small" role="status">{(t.running)(&import)}</p>
                <Progress value=Signal::stored(value) max=Signal::stored(max) label=(t.progress)(&import.file_name)/>
                <p class="small faint">{t.running_body}</p>
            </div>
        </section>
        <div class="btns">
            <ServerForm submission=cancel class="">
                <Hidden name="id" value=import.id.to_string()/>
                <Hidden name="kind" value=kind.slug()/>
                <Button label=t.cancel r#type=ButtonType::Submit/>
            </ServerForm>
        </div>
    }
}
