//! Who has access to an API: users, customers and groups; Add Access, and taking one away.

use leptos::prelude::*;
use uuid::Uuid;

use super::pick::{GroupsField, PeopleField};
use crate::{
    apis::{
        api::{AddAccess, RemoveAccess, list_access},
        grants::model::{Access, Side},
        model::Api,
    },
    error::AppError,
    listing::{ListQuery, Page},
    paths,
    rights::pages::Ends,
    text::text,
    ui::{
        avatar::{Avatar, Thing},
        badge::{Badge, BadgeKind},
        button::{ButtonKind, ButtonSize, IconButton, LinkButton},
        dialog::{Dialog, Losses},
        drawer::Drawer,
        fields::DateField,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        list::{ListPager, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{Empty, Skeleton, TabItem, Tabs},
    },
};

type Shown = Loading<Result<(Page<Access>, ListQuery), AppError>>;

/// The tabs and the table of those who have access.
#[component]
pub fn AccessCard(api: Api, may_update: bool) -> impl IntoView {
    let t = text();
    let id = api.id;
    let (add, remove) = (parameter("add"), parameter("remove"));
    let query = list_query();
    let page: Shown = resource(
        move || (query.get(), live().version(Topic::Apis), live().version(Topic::Users)),
        move |(query, ..)| async move { list_access(id, query.clone()).await.map(|page| (page, query)) },
    );
    let back = Memo::new(move |_| format!("{}{}", paths::api(id), query.get().here(None)));
    let counts = api.counts.unwrap_or_default();
    let tabs = move || {
        let current = query.with(|query| Side::read(&query.status));
        let items = Side::ALL
            .into_iter()
            .map(|side| {
                let count = match side {
                    Side::Users => counts.users,
                    Side::Customers => counts.customers,
                    Side::Groups => counts.groups,
                };
                TabItem {
                    label: (t.apis.side)(side).to_owned(),
                    href: format!("{}?status={}", paths::api(id), side.slug()),
                    count: u64::try_from(count).ok(),
                    current: side == current,
                    ..TabItem::default()
                }
            })
            .collect();
        view! { <Tabs label=t.apis.sides items/> }
    };
    let (name, titled, asked) = (api.name.clone(), api.name.clone(), api.name.clone());
    view! {
        {tabs}
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=6 label=t.apis.sides/> }
            show=move |(page, shown): (Page<Access>, ListQuery)| view! {
                <Table api=id name=name.clone() page shown back may_update/>
            }
        />
        {move || (add.get() == "1" && may_update).then(|| view! { <AddDrawer api=id name=titled.clone() back=back.get()/> })}
        {move || {
            let grant: Option<Uuid> = remove.get().parse().ok();
            let api = asked.clone();
            grant.filter(|_| may_update).map(|grant| view! { <RemoveDialog grant api page back=back.get()/> })
        }}
    }
}

#[component]
fn Table(
    api: Uuid,
    name: String,
    page: Page<Access>,
    shown: ListQuery,
    back: Memo<String>,
    may_update: bool,
) -> impl IntoView {
    let t = &text().apis;
    let side = Side::read(&shown.status);
    if page.rows.is_empty() {
        return view! { <Empty title=(t.nobody)(side) body=t.nobody_body/> }.into_any();
    }
    let (before, after) = (page.before, page.after);
    let rows = page.rows.into_iter().map(|access| view! { <Row access side back may_update/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{(t.access_caption)(&name)}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.who}</th>
                    <th scope="col" class="c3 w-10">{t.given_by}</th>
                    <th scope="col" class="c2 w-9">{t.until}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ListPager action=paths::api(api) query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(access: Access, side: Side, back: Memo<String>, may_update: bool) -> impl IntoView {
    let t = &text().apis;
    let whose = access.whose;
    let href = match side {
        Side::Users => paths::user(whose),
        Side::Customers => paths::customer(whose),
        Side::Groups => paths::group(whose),
    };
    let mark = match side {
        Side::Groups => view! { <Thing icon="group" id=whose.to_string()/> }.into_any(),
        _ => view! { <Avatar name=access.name.clone() id=whose.to_string()/> }.into_any(),
    };
    let matches = access.customer_id.as_ref().map(|id| (t.customer_id)(id));
    let by_id_alone = access.id.is_none();
    let until = move || match access.until {
        _ if by_id_alone => view! { <span class="small muted">{t.while_it_matches}</span> }.into_any(),
        Some(at) if access.ended => view! { <Badge label=t.ended kind=BadgeKind::Line/>" "<Ends at/> }.into_any(),
        Some(at) => view! { <Ends at/> }.into_any(),
        None => view! { <span class="small muted">{t.no_end}</span> }.into_any(),
    };
    let given_by = if by_id_alone { t.id_matches.to_owned() } else { access.given_by_name.clone() };
    let act = match access.id {
        None => {
            let label = (t.matches_locked)(&access.name);
            Some(view! { <IconButton icon="lock" label tip=t.id_matches href=href.clone() size=ButtonSize::Small/> }.into_any())
        }
        Some(grant) => may_update.then(|| {
            let href = move || {
                let back = back.get();
                format!("{back}{}remove={grant}", if back.contains('?') { '&' } else { '?' })
            };
            let label = (t.remove_of)(&access.name);
            view! { <a class="btn ghost icon sm" href=href aria-label=label data-tip=t.remove><crate::ui::icon::Icon name="x"/></a> }.into_any()
        }),
    };
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    {mark}
                    <div>
                        <a class="plain name" href=href title=access.name.clone()><bdi>{access.name.clone()}</bdi></a>
                        {(!access.hint.is_empty()).then(|| view! { <span class="sub" title=access.hint.clone()>{access.hint.clone()}</span> })}
                        {matches.map(|matches| view! { <span class="sub" title=matches.clone()>{matches.clone()}</span> })}
                        <span class="sub more-sub">{until()}</span>
                    </div>
                </div>
            </th>
            <td class="c3 clip" title=given_by.clone()><bdi>{given_by.clone()}</bdi></td>
            <td class="c2 when">{until()}</td>
            <td class="act"><span class="acts">{act}</span></td>
        </tr>
    }
}

#[component]
fn AddDrawer(api: Uuid, name: String, back: String) -> impl IntoView {
    let t = text();
    let add = Submission::<AddAccess>::new();
    let (people, groups) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
    let unsaved = Signal::derive(move || {
        let chosen = people.with(|it| !it.is_empty()) || groups.with(|it| !it.is_empty());
        (chosen && !add.done()).then(|| text().common.unsaved.to_owned())
    });
    view! {
        <Drawer id="add" title=(t.apis.add_title)(&name) close_href=back.clone() close_label=t.common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <Hidden name="id" value=api.to_string()/>
                    <Hidden name="back" value=back.clone()/>
                    <PeopleField chosen=people help=t.apis.people_help/>
                    <GroupsField chosen=groups/>
                    <DateField name="until" label=t.apis.until help=t.apis.until_help optional=true/>
                </div>
                <footer>
                    <span>{t.apis.add_help}</span>
                    <span class="btns push">
                        <LinkButton href=back label=t.common.cancel/>
                        <SubmitButton label=t.apis.add/>
                    </span>
                </footer>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn RemoveDialog(grant: Uuid, api: String, page: Shown, back: String) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let (api, back) = (api.clone(), back.clone());
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let access = page.rows.into_iter().find(|row| row.id == Some(grant))?;
                    Some(view! { <RemoveForm grant access api back/> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn RemoveForm(grant: Uuid, access: Access, api: String, back: String) -> impl IntoView {
    let t = text();
    let remove = Submission::<RemoveAccess>::new();
    let losses = vec![("x", (t.apis.remove_loses)(&access.name))];
    view! {
        <Dialog id="remove" title=(t.apis.remove_title)(&access.name, &api) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.apis.remove_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=grant.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=t.apis.keep_access autofocus=true/>
                    <SubmitButton label=t.apis.remove kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
