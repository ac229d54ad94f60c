//! The list of links: what each offers, who came by it, and the switch that ends it.

use leptos::prelude::*;
use leptos_meta::Title;
use uuid::Uuid;

use super::new::LinkTab;
use crate::{
    access::{Action, Category, Feature},
    billing::pages::no_invitations::NoInvitations,
    error::AppError,
    imports::pages::upload::crumb,
    invitations::pages::list::kind as status_kind,
    links::{
        api::{EndLink, list_links},
        model::{Comer, Link, State},
    },
    listing::{ListQuery, Page},
    paths,
    text::{role_name, text},
    ui::{
        badge::{Status, StatusKind},
        button::{ButtonKind, LinkButton},
        choices::CheckField,
        dialog::{Dialog, Losses},
        drawer::Drawer,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        icon::{Icon, IconSize},
        list::{ListFoot, ListPager, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{Empty, PageHead, Skeleton},
        shell::{may, plan},
        when::When,
    },
};

/// The section that links of a kind belong to.
fn section(kind: Category) -> Feature {
    match kind {
        Category::Teammate => Feature::Team,
        Category::Organization | Category::Customer => Feature::Accounts,
    }
}

/// The shape of a state.
fn shape(state: State) -> StatusKind {
    match state {
        State::Active => StatusKind::Active,
        State::Expired => StatusKind::Expired,
        State::UsedUp => StatusKind::Approved,
        State::Off => StatusKind::Inactivated,
    }
}

type Loaded = Loading<Result<(Page<Link>, ListQuery), AppError>>;

/// The page.
#[component]
pub fn LinksPage(kind: Category) -> impl IntoView {
    let t = text();
    let query = list_query();
    let (new, end) = (parameter("new"), parameter("end"));
    let page: Loaded = resource(
        move || (query.get(), live().version(Topic::Invitations), live().version(Topic::You)),
        move |(query, ..)| async move { list_links(kind, query.clone()).await.map(|page| (page, query)) },
    );
    let may_make = Memo::new(move |_| may(Action::Create, section(kind)));
    let back = Memo::new(move |_| format!("{}{}", paths::links(kind), query.get().here(None)));
    let title = (t.links.title)(kind);
    view! {
        <Title text=title/>
        <PageHead title lead=t.links.lead crumbs=vec![crumb(kind)] crumbs_label=t.imports.crumbs>
            {move || may_make.get().then(|| view! {
                <LinkButton
                    href=format!("{}{}", paths::links(kind), query.get().here(Some(("new", "1"))))
                    label=t.links.generate
                    icon="link"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=6 label=title/> }
            show=move |(page, shown): (Page<Link>, ListQuery)| view! { <List kind page shown query/> }
        />
        {move || (new.get() == "1" && may_make.get()).then(|| view! { <NewDrawer kind back=back.get_untracked()/> })}
        {move || {
            let id: Option<Uuid> = end.get().parse().ok();
            id.filter(|_| may_make.get()).map(|id| view! { <EndDialog kind id page back=back.get_untracked()/> })
        }}
    }
}

/// The tab by itself.
#[component]
fn NewDrawer(kind: Category, back: String) -> impl IntoView {
    let t = text();
    let invites = Memo::new(|_| plan().invites());
    let close = back.clone();
    view! {
        <Drawer id="invite" title=t.links.generate_title close_href=back close_label=t.common.close>
            {move || {
                let close = close.clone();
                match invites.get() {
                    true => view! { <LinkTab kind close/> }.into_any(),
                    false => view! { <div class="body"><NoInvitations/></div> }.into_any(),
                }
            }}
        </Drawer>
    }
}

#[component]
fn List(kind: Category, page: Page<Link>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().links;
    if page.rows.is_empty() {
        return view! { <Empty title=t.none body=t.none_body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let rows = page.rows.iter().cloned().map(|link| view! { <Row kind link query/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.offers}</th>
                    <th scope="col" class="c-st w-8">{t.state_head}</th>
                    <th scope="col" class="c2 w-5h">{t.uses_head}</th>
                    <th scope="col" class="c3 w-8">{t.valid_until}</th>
                    <th scope="col" class="c4 w-10">{t.made_by}</th>
                    <th scope="col" class="c5 w-8">{t.made_at}</th>
                    <th scope="col" class="act w-4"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::links(kind) query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(kind: Category, link: Link, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().links;
    let role = role_name(&link.role);
    let state = (t.state)(link.state);
    let uses = (t.uses)(link.uses, link.most_uses);
    let details = [
        (!link.groups.is_empty()).then(|| link.groups.join(", ")),
        link.customer_id.as_deref().map(t.customer_id),
        link.mail_domain.as_deref().map(t.only_domain),
    ];
    let details = details.into_iter().flatten().map(|it| view! { <bdi class="sub small faint block clip">{it}</bdi> });
    let trouble = link.trouble.map(|it| {
        view! { <span class="small block why"><Icon name="alert" size=IconSize::Small/>{(t.trouble)(it)}</span> }
    });
    let end = (link.yours && link.state.can_end() && may(Action::Create, section(kind))).then(|| {
        let id = link.id.to_string();
        let href = move || format!("{}{}", paths::links(kind), query.get().here(Some(("end", &id))));
        view! { <a class="btn ghost icon sm" href=href aria-label=(t.end_of)(&role) data-tip=t.end><Icon name="ban"/></a> }
    });
    view! {
        <tr>
            <th scope="row">
                <bdi class="medium clip block">{role.clone()}</bdi>
                {details.collect_view()}
                {trouble}
                <Comers comers=link.comers more=link.more_comers/>
                <span class="sub small faint more-sub">{state}" · "{uses.clone()}</span>
            </th>
            <td class="c-st"><Status kind=shape(link.state) label=state/></td>
            <td class="c2 num">{uses}</td>
            <td class="c3 when"><When at=link.valid_until/></td>
            <td class="c4 clip" title=link.maker_name.clone()><bdi>{link.maker_name.clone()}</bdi></td>
            <td class="c5 when"><When at=link.made_at/></td>
            <td class="act"><span class="acts">{end}</span></td>
        </tr>
    }
}

/// Who came by a link: each leads to the invitation.
#[component]
fn Comers(comers: Vec<Comer>, more: i64) -> impl IntoView {
    let t = text();
    if comers.is_empty() {
        return view! { <span class="sub small faint block">{t.links.nobody}</span> }.into_any();
    }
    let all = i64::try_from(comers.len()).unwrap_or_default() + more;
    let lines = comers
        .into_iter()
        .map(|comer| {
            let href = paths::invitation(comer.id);
            view! {
                <li>
                    <a class="clip block" href=href title=comer.email.clone()>{comer.email.clone()}</a>
                    <Status kind=status_kind(comer.status) label=(t.status)(comer.status)/>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="comers small">
            <summary>{(t.links.came)(all)}</summary>
            <ul class="stack tight small">{lines}</ul>
            {(more > 0).then(|| view! { <p class="small faint">{(t.links.more_comers)(more)}</p> })}
        </details>
    }
    .into_any()
}

/// Asks before a link ends, and names what is lost.
#[component]
fn EndDialog(kind: Category, id: Uuid, page: Loaded, back: String) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    let found = page.await.ok().and_then(|(page, _)| page.rows.into_iter().find(|link| link.id == id));
                    match found.filter(|link| link.yours && link.state.can_end()) {
                        Some(link) => view! { <End kind link back/> }.into_any(),
                        None => view! { <Gone back/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn End(kind: Category, link: Link, back: String) -> impl IntoView {
    let t = &text().links;
    let end = Submission::<EndLink>::new();
    let role = role_name(&link.role);
    let withdraw = (link.open > 0).then(|| {
        let stay = (t.open_stay)(link.open);
        let tick = may(Action::Delete, section(kind))
            .then(|| view! { <CheckField name="withdraw" label=(t.withdraw)(link.open)/> });
        view! { <p>{stay}</p>{tick} }
    });
    view! {
        <Dialog id="end" title=(t.end_title)(&role) close_href=back.clone()>
            <ServerForm submission=end class="">
                <div class="body stack">
                    <p>{t.end_body}</p>
                    <Losses items=vec![("x", t.loses_link.to_owned())]/>
                    {withdraw}
                </div>
                <Hidden name="id" value=link.id.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=t.keep autofocus=true/>
                    <SubmitButton label=t.end_yes kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

#[component]
fn Gone(back: String) -> impl IntoView {
    let t = text();
    let close = view! { <LinkButton href=back.clone() label=t.common.close autofocus=true/> };
    view! {
        <Dialog id="end" title=t.links.end close_href=back footer=close.into_any()>
            <p>{t.links.gone_from_list}</p>
        </Dialog>
    }
}
