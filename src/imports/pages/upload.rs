//! Where a file is handed in: a page of its own, and a tab of the drawer that invites. A plain form, with and without script.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    access::{Action, Category},
    billing::pages::no_invitations::NoInvitations,
    imports::{
        api::list_imports,
        model::{FileFlaw, Import, State, columns, section},
    },
    paths,
    text::text,
    ui::{
        badge::{Badge, BadgeKind},
        button::{Button, ButtonKind, ButtonType, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, Empty, PageHead, Skeleton},
        shell::{may, plan},
        when::{When, Zone},
    },
};

/// Bulk Import of users.
#[component]
pub fn ImportUsersPage() -> impl IntoView {
    view! { <UploadPage kind=Category::Teammate/> }
}

/// Bulk Import of customers.
#[component]
pub fn ImportCustomersPage() -> impl IntoView {
    view! { <UploadPage kind=Category::Customer/> }
}

/// The list above, by its name and address.
pub fn crumb(kind: Category) -> (String, String) {
    match kind {
        Category::Customer => (text().customers.title.to_owned(), paths::CUSTOMERS.to_owned()),
        _ => (text().users.title.to_owned(), paths::USERS.to_owned()),
    }
}

/// The three steps, and which one it is.
#[component]
pub(super) fn Steps(current: usize) -> impl IntoView {
    let t = &text().imports;
    let steps = t.steps_of.iter().enumerate().map(|(at, name)| {
        view! {
            <li aria-current=(at == current).then_some("step")>
                <Badge label=(at + 1).to_string() kind=if at == current { BadgeKind::Accent } else { BadgeKind::Neutral }/>
                {*name}
            </li>
        }
    });
    view! { <ol class="steps" aria-label=t.steps>{steps.collect_view()}</ol> }
}

#[component]
fn UploadPage(kind: Category) -> impl IntoView {
    let t = &text().imports;
    let (wrong, about) = (parameter("wrong"), parameter("about"));
    let invites = Memo::new(|_| plan().invites());
    let past = resource(move || live().version(Topic::Imports), move |_| list_imports(kind));
    let show = |past: Vec<Import>| view! { <Past past/> };
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=(t.lead)(kind) crumbs=vec![crumb(kind)] crumbs_label=t.crumbs><Steps current=0/></PageHead>
        <div class="stack loose">
            {move || FileFlaw::read(&wrong.get(), &about.get()).map(|flaw| view! {
                <Banner kind=BannerKind::Danger title=t.refused alert=true>{(t.file_flaw)(&flaw)}</Banner>
            })}
            {move || match invites.get() {
                true => view! { <section class="card" aria-label=t.title><UploadForm kind/></section> }.into_any(),
                false => view! { <NoInvitations/> }.into_any(),
            }}
            <section class="stack" aria-labelledby="past">
                <h2 id="past">{t.past}</h2>
                <Load
                    from=past
                    skeleton=move || view! { <Skeleton rows=3 label=t.past/> }
                    show
                />
            </section>
        </div>
    }
}

/// The Bulk Import tab of the drawer that invites: it leads on to the dry run's page.
#[component]
pub fn ImportTab(
    /// Of what kind of users.
    kind: Category,
    /// Where Cancel leads; no Cancel without it.
    #[prop(optional, into)]
    cancel: Option<String>,
) -> impl IntoView {
    view! { <UploadForm kind cancel past=true/> }
}

#[component]
fn UploadForm(
    kind: Category,
    #[prop(default = None)] cancel: Option<String>,
    /// Whether it leads to the past imports.
    #[prop(optional)]
    past: bool,
) -> impl IntoView {
    let t = &text().imports;
    let heads: Vec<(&str, bool)> = columns(kind).iter().map(|(column, needed)| (column.head(), *needed)).collect();
    // A drawer has a heading between the page's and these.
    let step = move |said: &'static str| match past {
        true => view! { <h3>{said}</h3> }.into_any(),
        false => view! { <h2>{said}</h2> }.into_any(),
    };
    let updates = move || section(kind).is_some_and(|feature| may(Action::Update, feature));
    let (existing, new_password) = (parameter("existing"), parameter("new_password"));
    let updating = move || existing.get() == "update" && updates();
    view! {
        <form action=paths::imports(kind) method="post" enctype="multipart/form-data" class="fill">
            <div class="body stack loose">
                <div class="stack tight">
                    {step(t.step_template)}
                    <p class="muted small">{(t.columns)(&heads)}</p>
                    <div>
                        <LinkButton href=paths::import_template(kind) label=t.template icon="download" attr:rel="external"/>
                    </div>
                </div>
                <div class="stack tight">
                    {step(t.step_file)}
                    <div class="field">
                        <label class="sr" for="import-file">{t.file}</label>
                        <input
                            class="input"
                            id="import-file"
                            type="file"
                            name="file"
                            accept=".csv,.tsv,.txt,text/csv"
                            required=true
                            aria-describedby="import-file-help"
                        />
                        <p class="help" id="import-file-help">{t.file_help}</p>
                    </div>
                </div>
                <div class="stack tight">
                    {step(t.step_options)}
                    <fieldset class="field">
                        <legend>{t.existing}</legend>
                        <div class="choices">
                            <label class="check">
                                <input type="radio" name="existing" value="skip" checked=move || !updating()/>
                                <span>{t.skip}<small>{t.skip_hint}</small></span>
                            </label>
                            {move || updates().then(|| view! {
                                <label class="check">
                                    <input type="radio" name="existing" value="update" checked=updating/>
                                    <span>{t.update}<small>{t.update_hint}</small></span>
                                </label>
                            })}
                        </div>
                    </fieldset>
                    <label class="check">
                        <input type="checkbox" name="new_password" value="true" checked=move || new_password.get() == "true"/>
                        <span>{t.new_password}<small>{t.new_password_hint}</small></span>
                    </label>
                </div>
                <Banner kind=BannerKind::Warning>{(t.no_mail)(kind)}</Banner>
                {past.then(|| view! { <p class="small"><a href=paths::imports(kind)>{t.past_link}</a></p> })}
            </div>
            <footer class="row wrap">
                <span>{t.up_to}</span>
                <span class="btns push">
                    {cancel.map(|href| view! { <LinkButton href label=text().common.cancel/> })}
                    <Button label=t.check kind=ButtonKind::Primary r#type=ButtonType::Submit/>
                </span>
            </footer>
        </form>
    }
}

/// The mark of a state.
#[component]
pub(super) fn StateBadge(state: State) -> impl IntoView {
    let kind = match state {
        State::Staging | State::Checked => BadgeKind::Neutral,
        State::Running => BadgeKind::Info,
        State::Done => BadgeKind::Success,
        State::Failed => BadgeKind::Danger,
        State::Cancelled => BadgeKind::Line,
    };
    view! { <Badge label=(text().imports.state)(state) kind/> }
}

#[component]
fn Past(past: Vec<Import>) -> impl IntoView {
    let t = &text().imports;
    if past.is_empty() {
        return view! { <Empty title=t.past_none body=t.past_none_body/> }.into_any();
    }
    let rows = past
        .into_iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row">
                        <a class="plain name clip block" href=paths::import(it.kind, it.id) title=it.file_name.clone()><bdi>{it.file_name.clone()}</bdi></a>
                        <span class="sub small faint more-sub clip">{it.starter_name.clone()}</span>
                    </th>
                    <td class="w-8"><StateBadge state=it.state/></td>
                    <td class="c3 clip" title=(t.summary)(&it.counts)>{(t.summary)(&it.counts)}</td>
                    <td class="c3 w-11 clip"><bdi>{it.starter_name.clone()}</bdi></td>
                    <td class="c2 when w-8"><When at=it.created_at/></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.past_caption}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.file_head}</th>
                    <th scope="col" class="w-8">{t.state_head}</th>
                    <th scope="col" class="c3">{t.outcome}</th>
                    <th scope="col" class="c3 w-11">{t.by}</th>
                    <th scope="col" class="c2 w-8">{t.at}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="table-foot"><span>{t.past_kept}</span><span class="push"><Zone/></span></p>
        </div>
    }
    .into_any()
}
