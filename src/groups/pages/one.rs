//! One group: its members, and the APIs that it gives them.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    apis::ApisCard,
    dialogs::{DeleteDialog, RenameDialog},
    members::MembersCard,
};
use crate::{
    access::{Action, Feature},
    error::AppError,
    groups::{
        api::find_group,
        model::{Group, Tab},
    },
    paths,
    text::text,
    ui::{
        avatar::Thing,
        button::{ButtonKind, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Banner, BannerKind, PageHead, Skeleton, TabItem, Tabs},
        shell::{is_of_team, may},
    },
};

/// The page.
#[component]
pub fn GroupPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let group = resource(
        move || (id.get(), live().version(Topic::Apis), live().version(Topic::You)),
        |(id, ..)| async move {
            match id {
                Some(id) => find_group(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Load
            from=group
            skeleton=move || view! { <Skeleton rows=4 label=text().groups.title/> }
            show=|group: Group| view! { <Shown group/> }
        />
    }
}

#[component]
fn Shown(group: Group) -> impl IntoView {
    let t = text();
    let (status, edit, delete) = (parameter("status"), parameter("edit"), parameter("delete"));
    let tab = Memo::new(move |_| Tab::read(&status.read()));
    let id = group.id;
    let href = paths::group(id);
    let may_update = is_of_team() && may(Action::Update, Feature::Apis);
    let may_delete = is_of_team() && may(Action::Delete, Feature::Apis);
    let primary = move || {
        let label = if tab.get() == Tab::Apis { t.groups.assign } else { t.groups.add_members };
        let href = format!("{}&add=1", paths::group_tab(id, tab.get().slug()));
        may_update.then(|| view! { <LinkButton href label icon="plus" kind=ButtonKind::Primary/> })
    };
    let counts = [(Tab::Members, t.groups.members_tab, group.members), (Tab::Apis, t.groups.apis_tab, group.apis)];
    let tabs = move || {
        let item = |(it, label, count): (Tab, &str, i64)| TabItem {
            label: label.to_owned(),
            href: paths::group_tab(id, it.slug()),
            count: u64::try_from(count).ok(),
            current: it == tab.get(),
            ..TabItem::default()
        };
        view! { <Tabs label=t.groups.tabs items=counts.map(item).to_vec()/> }
    };
    let name = group.name.clone();
    let (renamed, deleted) = (group.clone(), group.clone());
    view! {
        <Title text=group.name.clone()/>
        <PageHead
            title=group.name.clone()
            lead=(t.groups.counts)(group.members, group.apis)
            crumbs=vec![(t.groups.title.to_owned(), paths::GROUPS.to_owned())]
            crumbs_label=t.groups.title
            before=view! { <Thing icon="group" id=id.to_string() large=true/> }.into_any()
        >
            {may_update.then(|| view! {
                <LinkButton href=format!("{href}?edit=1") label=t.groups.rename name=(t.groups.rename_of)(&group.name) icon="edit"/>
            })}
            {may_delete.then(|| view! {
                <LinkButton
                    href=format!("{href}?delete=1")
                    label=format!("{}…", t.groups.delete)
                    name=t.groups.delete
                    icon="trash"
                    kind=ButtonKind::DangerQuiet
                />
            })}
            {primary}
        </PageHead>
        {(!may_update).then(|| view! { <Banner kind=BannerKind::Plain>{t.groups.view_only}</Banner> })}
        {tabs}
        {move || match tab.get() {
            Tab::Members => view! { <MembersCard group=id name=name.clone() may_update/> }.into_any(),
            Tab::Apis => view! { <ApisCard group=id name=name.clone() may_update/> }.into_any(),
        }}
        {move || (edit.get() == "1" && may_update).then(|| view! { <RenameDialog group=renamed.clone()/> })}
        {move || (delete.get() == "1" && may_delete).then(|| view! { <DeleteDialog group=deleted.clone()/> })}
    }
}
