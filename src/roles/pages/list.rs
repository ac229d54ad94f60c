//! The list of roles.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    access::{Action, Category, Feature},
    paths,
    roles::{
        api::list_roles,
        model::{FeatureLine, RoleLine, RoleTable},
    },
    text::{
        role_name,
        roles::{counted, permits_words},
        text,
    },
    ui::{
        badge::{Badge, BadgeKind},
        button::{ButtonKind, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton, TabItem, Tabs},
        shell::may,
        table::TableFoot,
    },
};

/// The page.
#[component]
pub fn RolesPage() -> impl IntoView {
    let t = &text().roles;
    let category = parameter("category");
    let roles = resource(
        || (live().version(Topic::Roles), live().version(Topic::Users), live().version(Topic::Settings)),
        |_| list_roles(),
    );
    view! {
        <Title text=t.title/>
        <PageHead title=t.title lead=t.lead>
            <LinkButton href=paths::COMPARE_ROLES label=t.compare icon="columns"/>
            {move || may(Action::Create, Feature::Team).then(|| view! {
                <LinkButton href=new_role(category.get().parse().ok()) label=t.new icon="plus" kind=ButtonKind::Primary/>
            })}
        </PageHead>
        <Load
            from=roles
            skeleton=move || view! { <Skeleton rows=8 label=t.title/> }
            show=move |table: RoleTable| view! { <List table category/> }
        />
    }
}

/// Where a new role of a category is made.
fn new_role(category: Option<Category>) -> String {
    category.map_or_else(|| paths::NEW_ROLE.to_owned(), |it| format!("{}?category={}", paths::NEW_ROLE, it.slug()))
}

#[component]
fn List(table: RoleTable, category: Memo<String>) -> impl IntoView {
    let t = &text().roles;
    let table = StoredValue::new(table);
    move || {
        let wanted: Option<Category> = category.get().parse().ok();
        let RoleTable { features, roles } = table.get_value();
        let tab = |of: Option<Category>| TabItem {
            label: of.map_or(t.all, text().access.category).to_owned(),
            href: of.map_or_else(|| paths::ROLES.to_owned(), |it| format!("{}?category={}", paths::ROLES, it.slug())),
            count: u64::try_from(roles.iter().filter(|line| of.is_none_or(|of| line.category == of)).count()).ok(),
            current: of == wanted,
            ..TabItem::default()
        };
        let tabs = std::iter::once(None).chain(Category::ALL.map(Some)).map(tab).collect();
        let shown: Vec<RoleLine> =
            roles.into_iter().filter(|line| wanted.is_none_or(|of| line.category == of)).collect();
        let count = shown.len();
        let rows = shown.into_iter().map(|line| row(line, &features)).collect_view();
        view! {
            <Tabs label=t.categories items=tabs/>
            {(count == 0).then(|| view! { <Empty title=t.none body=t.none_body/> })}
            {(count > 0).then(|| view! {
                <div class="table-box">
                    <table class="table fixed">
                        <caption class="sr">{t.caption}</caption>
                        <thead><tr>
                            <th scope="col" class="w-third">{t.name}</th>
                            <th scope="col" class="c3 w-10">{t.category}</th>
                            <th scope="col" class="c3 w-6 num">{t.holders}</th>
                            <th scope="col" class="c2">{t.permits}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <TableFoot><span>{(text().common.rows)(count, i64::try_from(count).unwrap_or(i64::MAX))}</span></TableFoot>
                </div>
            })}
        }
    }
}

fn row(line: RoleLine, features: &[FeatureLine]) -> impl IntoView {
    let t = text();
    let name = role_name(&line.role);
    let category = (t.access.category)(line.category);
    let built_in = line.role.built_in().is_some();
    let permits = permits_words(&line.role, &line.permits, features);
    let holders = counted(line.holders);
    let more = format!("{category} · {} · {permits}", (t.roles.held_by)(line.holders, &holders));
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <div>
                        <span class="row snug">
                            <a class="plain name" href=paths::role(line.role.id) title=name.clone()><bdi>{name.clone()}</bdi></a>
                            {(!built_in).then(|| view! { <Badge label=t.access.custom kind=BadgeKind::Line/> })}
                        </span>
                        <span class="sub more-sub" title=more.clone()>{more.clone()}</span>
                    </div>
                </div>
            </th>
            <td class="c3 nowrap">{category}</td>
            <td class="c3 num">{holders}</td>
            <td class="c2 words">{permits}</td>
        </tr>
    }
}
