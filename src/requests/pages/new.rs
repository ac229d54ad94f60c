//! The form that asks for access, for whoever is refused something.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    error::AppError,
    paths,
    requests::{
        api::{RequestAccess, prepare_request},
        model::{Asked, PERIODS, Prepared},
    },
    text::{
        requests::{asked_words, region_name},
        text,
    },
    ui::{
        button::{ButtonKind, LinkButton},
        choices::{Choice, RadioList},
        fields::TextArea,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        load::{Load, resource},
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        shell::me,
        when::{When, mounted},
    },
};

/// The page.
#[component]
pub fn NewRequestPage() -> impl IntoView {
    let t = &text().requests;
    let (action, feature, region) = (parameter("action"), parameter("feature"), parameter("region"));
    // It does not follow changes: what is being typed stays.
    let prepared = resource(
        move || Asked::read(&action.get(), &feature.get(), &region.get()),
        |asked| async move {
            let asked = asked.ok_or(AppError::NotFound)?;
            prepare_request(asked.clone()).await.map(|prepared| (asked, prepared))
        },
    );
    view! {
        <Title text=t.request/>
        <PageHead title=t.request lead=t.goes_to/>
        <Load
            from=prepared
            skeleton=move || view! { <Skeleton rows=3 label=t.request/> }
            show=|(asked, prepared): (Asked, Prepared)| view! { <Shown asked prepared/> }
        />
    }
}

#[component]
fn Shown(asked: Asked, prepared: Prepared) -> impl IntoView {
    let t = &text().requests;
    let mine = || view! { <LinkButton href=paths::MY_REQUESTS label=t.mine/> }.into_any();
    match prepared {
        Prepared { open: Some(open), .. } => view! {
            <Banner kind=BannerKind::Info title=t.waits actions=mine()>
                {t.waits_body}" "{t.requested_at}" "<When at=open.requested_at/>"."
            </Banner>
            <section class="card"><div class="body"><What asked/></div></section>
        }
        .into_any(),
        Prepared { held: true, .. } => view! {
            <Banner kind=BannerKind::Success title=t.held actions=mine()>{t.held_body}</Banner>
            <section class="card"><div class="body"><What asked/></div></section>
        }
        .into_any(),
        _ => view! { <Form asked/> }.into_any(),
    }
}

/// What is asked for; with one region, regions are not spoken of.
#[component]
fn What(asked: Asked) -> impl IntoView {
    let t = &text().requests;
    let workspace = me().map(|me| me.workspace).unwrap_or_default();
    let region = (workspace.regions.len() > 1).then(|| region_name(asked.region.as_deref(), &workspace));
    view! {
        <KeyValue>
            <Pair label=t.you_ask_for>{asked_words(&Asked { region: None, ..asked }, &workspace)}</Pair>
            {region.map(|region| view! { <Pair label=t.region>{region}</Pair> })}
        </KeyValue>
    }
}

#[component]
fn Form(asked: Asked) -> impl IntoView {
    let t = &text().requests;
    let submission = Submission::<RequestAccess>::new();
    let chosen = RwSignal::new(String::new());
    let mut choices = vec![Choice::new("none", (t.days)(None))];
    choices.extend(PERIODS.map(|days| Choice::new(days.to_string(), (t.days)(Some(days)))));
    choices.push(Choice::new("other", t.other_number));
    // Without script the number is always asked for, and only read where it was chosen.
    let unused = move || mounted() && chosen.get() != "other";
    view! {
        <div class="aside-layout">
        <section class="card">
            <ServerForm submission class="">
                <Hidden name="action" value=asked.action.slug()/>
                <Hidden name="feature" value=asked.feature.clone()/>
                <Hidden name="region" value=asked.region.clone().unwrap_or_default()/>
                <div class="body stack">
                    <What asked/>
                    <TextArea name="reason" label=t.reason help=t.reason_help/>
                    <RadioList name="days" legend=t.how_long choices value="30" chosen help=t.notice_help/>
                    <div hidden=unused>
                        <TextField name="other" label=t.other inputmode="numeric" autocomplete="off"/>
                    </div>
                    <div class="btns">
                        <SubmitButton label=t.send/>
                        <LinkButton href=paths::DASHBOARD label=text().common.cancel kind=ButtonKind::Secondary/>
                    </div>
                </div>
            </ServerForm>
        </section>
        </div>
    }
}
