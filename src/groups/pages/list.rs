//! The list of groups, and New Group.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    access::{Action, Feature},
    apis::pages::pick::PeopleField,
    groups::{
        api::{CreateGroup, list_groups},
        model::{Group, ORDERS},
    },
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        avatar::Thing,
        button::{ButtonKind, LinkButton},
        drawer::Drawer,
        form::{ServerForm, Submission, SubmitButton, TextField},
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton},
        shell::{is_of_team, may},
        when::When,
    },
};

/// The page.
#[component]
pub fn GroupsPage() -> impl IntoView {
    let t = text();
    let query = list_query();
    let new = parameter("new");
    let page = resource(
        move || (query.get(), live().version(Topic::Apis), live().version(Topic::You)),
        |(query, ..)| async move { list_groups(query.clone()).await.map(|page| (page, query)) },
    );
    let may_create = move || is_of_team() && may(Action::Create, Feature::Apis);
    let back = Memo::new(move |_| format!("{}{}", paths::GROUPS, query.get().here(None)));
    view! {
        <Title text=t.groups.title/>
        <PageHead title=t.groups.title lead=t.groups.lead>
            {move || may_create().then(|| view! {
                <LinkButton
                    href=format!("{}{}", paths::GROUPS, query.get().here(Some(("new", "1"))))
                    label=t.groups.new
                    icon="plus"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <ListToolbar action=paths::GROUPS label=t.groups.title query search=t.groups.search/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.groups.title/> }
            show=move |(page, shown): (Page<Group>, ListQuery)| view! { <List page shown query/> }
        />
        {move || (new.get() == "1" && may_create()).then(|| view! { <NewDrawer back=back.get()/> })}
    }
}

#[component]
fn List(page: Page<Group>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().groups;
    if page.rows.is_empty() {
        let (title, body) =
            if shown.search().is_some() { (t.none_found, t.none_found_body) } else { (t.none, t.none_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let rows = page.rows.iter().cloned().map(|group| view! { <Row group/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::GROUPS query orders=&ORDERS column="name" label=t.name class="c-name"/>
                    <th scope="col" class="num c2 w-6">{t.members}</th>
                    <th scope="col" class="num c2 w-6">{t.apis}</th>
                    <ColumnHead action=paths::GROUPS query orders=&ORDERS column="created" label=t.created class="c3 w-8"/>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::GROUPS query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(group: Group) -> impl IntoView {
    let number = text().apis.counted;
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Thing icon="group" id=group.id.to_string()/>
                    <div>
                        <a class="plain name" href=paths::group(group.id) title=group.name.clone()><bdi>{group.name.clone()}</bdi></a>
                        <span class="sub more-sub">{(text().groups.counts)(group.members, group.apis)}</span>
                    </div>
                </div>
            </th>
            <td class="num c2">{number(group.members)}</td>
            <td class="num c2">{number(group.apis)}</td>
            <td class="c3 when"><When at=group.created_at/></td>
        </tr>
    }
}

/// Click New Group. Enter the group name. Select users and/or customers. Save the group (seed 002).
#[component]
fn NewDrawer(back: String) -> impl IntoView {
    let t = text();
    let create = Submission::<CreateGroup>::new();
    let name = RwSignal::new(String::new());
    let people = RwSignal::new(Vec::new());
    let unsaved = Signal::derive(move || {
        (name.with(|name| !name.is_empty()) && !create.done()).then(|| text().common.unsaved.to_owned())
    });
    view! {
        <Drawer id="new" title=t.groups.new close_href=back.clone() close_label=t.common.close unsaved>
            <ServerForm submission=create class="fill">
                <div class="body stack loose">
                    <TextField name="name" label=t.groups.name autocomplete="off" typed=name autofocus=true/>
                    <PeopleField chosen=people help=t.groups.members_help/>
                </div>
                <footer><span class="btns push">
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.groups.create/>
                </span></footer>
            </ServerForm>
        </Drawer>
    }
}
