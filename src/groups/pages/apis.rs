//! API Access of a group: the APIs that it gives, Assign APIs, and taking one from it.

use leptos::prelude::*;
use uuid::Uuid;

use super::dialogs::Effect;
use crate::{
    apis::{api::RemoveAccess, pages::pick::ApisField},
    error::AppError,
    groups::{
        api::{AddGroupApis, list_group_apis},
        model::{GroupApi, GroupChange},
    },
    listing::{ListQuery, Page},
    paths,
    rights::pages::Ends,
    text::text,
    ui::{
        avatar::Thing,
        badge::{Badge, BadgeKind},
        button::{ButtonKind, LinkButton},
        dialog::Dialog,
        drawer::Drawer,
        fields::DateField,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        icon::Icon,
        list::{ListPager, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{Empty, Skeleton},
        search_pick::Picked,
    },
};

type Shown = Loading<Result<(Page<GroupApi>, ListQuery), AppError>>;

/// The APIs, with the drawer and the dialog that change them.
#[component]
pub fn ApisCard(group: Uuid, name: String, may_update: bool) -> impl IntoView {
    let t = text();
    let query = list_query();
    let (add, remove) = (parameter("add"), parameter("remove"));
    let page: Shown = resource(
        move || (query.get(), live().version(Topic::Apis), live().version(Topic::You)),
        move |(query, ..)| async move { list_group_apis(group, query.clone()).await.map(|page| (page, query)) },
    );
    let back = Memo::new(move |_| format!("{}{}", paths::group(group), query.get().here(None)));
    let (listed, added, asked) = (name.clone(), name.clone(), name);
    view! {
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=6 label=t.groups.apis/> }
            show=move |(page, shown): (Page<GroupApi>, ListQuery)| view! {
                <Table group name=listed.clone() page shown back may_update/>
            }
        />
        {move || (add.get() == "1" && may_update).then(|| view! { <AddDrawer group name=added.clone() back=back.get()/> })}
        {move || {
            let grant: Option<Uuid> = remove.get().parse().ok();
            let name = asked.clone();
            grant.filter(|_| may_update).map(|grant| view! { <RemoveDialog group name grant page back=back.get()/> })
        }}
    }
}

#[component]
fn Table(
    group: Uuid,
    name: String,
    page: Page<GroupApi>,
    shown: ListQuery,
    back: Memo<String>,
    may_update: bool,
) -> impl IntoView {
    let t = text();
    if page.rows.is_empty() {
        return view! { <Empty title=t.groups.no_apis body=t.groups.no_apis_body/> }.into_any();
    }
    let (before, after) = (page.before, page.after);
    let rows = page.rows.into_iter().map(|api| view! { <Row api back may_update/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{(t.groups.apis_caption)(&name)}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{t.groups.api}</th>
                    <th scope="col" class="c3 w-10">{t.apis.given_by}</th>
                    <th scope="col" class="c2 w-9">{t.apis.until}</th>
                    <th scope="col" class="act w-6"><span class="sr">{t.common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ListPager action=paths::group(group) query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(api: GroupApi, back: Memo<String>, may_update: bool) -> impl IntoView {
    let t = text();
    let grant = api.grant;
    let until = move || match api.until {
        Some(at) if api.ended => view! { <Badge label=t.apis.ended kind=BadgeKind::Line/>" "<Ends at/> }.into_any(),
        Some(at) => view! { <Ends at/> }.into_any(),
        None => view! { <span class="small muted">{t.apis.no_end}</span> }.into_any(),
    };
    let remove = may_update.then(|| {
        let href = move || {
            let back = back.get();
            format!("{back}{}remove={grant}", if back.contains('?') { '&' } else { '?' })
        };
        let label = (t.groups.take_of)(&api.name);
        view! { <a class="btn ghost icon sm" href=href aria-label=label data-tip=t.groups.take><Icon name="x"/></a> }
    });
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Thing icon="api" id=api.id.to_string()/>
                    <div>
                        <a class="plain name" href=paths::api(api.id) title=api.name.clone()><bdi>{api.name.clone()}</bdi></a>
                        <span class="sub mono" title=api.slug.clone()>{api.slug.clone()}</span>
                        <span class="sub more-sub">{until()}</span>
                    </div>
                </div>
            </th>
            <td class="c3 clip" title=api.given_by_name.clone()><bdi>{api.given_by_name.clone()}</bdi></td>
            <td class="c2 when">{until()}</td>
            <td class="act"><span class="acts">{remove}</span></td>
        </tr>
    }
}

#[component]
fn AddDrawer(group: Uuid, name: String, back: String) -> impl IntoView {
    let t = text();
    let add = Submission::<AddGroupApis>::new();
    let apis = RwSignal::new(Vec::<Picked>::new());
    let chosen = move || apis.with(|apis| apis.iter().filter_map(|it| it.id.parse().ok()).collect::<Vec<Uuid>>());
    let change = Signal::derive(move || {
        let add_apis = chosen();
        (!add_apis.is_empty()).then(|| GroupChange { id: group, add_apis, ..Default::default() })
    });
    let unsaved =
        Signal::derive(move || (!chosen().is_empty() && !add.done()).then(|| text().common.unsaved.to_owned()));
    view! {
        <Drawer id="add" title=(t.groups.assign_to)(&name) close_href=back.clone() close_label=t.common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <Hidden name="id" value=group.to_string()/>
                    <ApisField chosen=apis/>
                    <DateField name="until" label=t.apis.until help=t.apis.until_help optional=true/>
                    <Effect change/>
                </div>
                <footer><span class="btns push">
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.groups.assign/>
                </span></footer>
            </ServerForm>
        </Drawer>
    }
}

#[component]
fn RemoveDialog(group: Uuid, name: String, grant: Uuid, page: Shown, back: String) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let (name, back) = (name.clone(), back.clone());
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let api = page.rows.into_iter().find(|row| row.grant == grant)?;
                    Some(view! { <RemoveForm group name api back/> })
                })
            }}
        </Suspense>
    }
}

#[component]
fn RemoveForm(group: Uuid, name: String, api: GroupApi, back: String) -> impl IntoView {
    let t = text();
    let remove = Submission::<RemoveAccess>::new();
    let change = GroupChange { id: group, remove_api: Some(api.id), ..Default::default() };
    view! {
        <Dialog id="remove" title=(t.groups.take_title)(&api.name, &name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.groups.take_body}</p><Effect change=Signal::stored(Some(change))/></div>
                <Hidden name="id" value=api.grant.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=t.groups.keep_api autofocus=true/>
                    <SubmitButton label=t.groups.take kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
