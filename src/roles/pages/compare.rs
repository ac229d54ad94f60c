//! Roles beside each other, on the screen, on paper, and as a file.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Form, hooks::use_query_map};

use crate::{
    access::{Action, Feature},
    paths,
    roles::{
        api::list_roles,
        model::{RoleLine, RoleTable},
    },
    text::{role_name, roles::compared, text},
    ui::{
        icon::Icon,
        live::{Topic, live},
        load::{Load, resource},
        matrix::MatrixTable,
        page::{Empty, PageHead, Skeleton},
        shell::may,
        when::mounted,
    },
};

/// The page.
#[component]
pub fn CompareRolesPage() -> impl IntoView {
    let t = &text().roles;
    let map = use_query_map();
    let keys = Memo::new(move |_| map.with(|map| map.get_all("role").unwrap_or_default()));
    let roles = resource(|| (live().version(Topic::Roles), live().version(Topic::Settings)), |_| list_roles());
    view! {
        <Title text=t.compare/>
        <PageHead
            title=t.compare
            lead=t.compare_lead
            crumbs=vec![(t.title.to_owned(), paths::ROLES.to_owned())]
            crumbs_label=t.title
        >
            {move || (mounted() && !keys.get().is_empty()).then(|| view! {
                <button class="btn" type="button" on:click=|_| drop(window().print())><Icon name="file"/>{t.print}</button>
            })}
            {move || (!keys.get().is_empty() && may(Action::Download, Feature::Team)).then(|| view! {
                // The router has no page there: it is a file.
                <a class="btn" href=file(&keys.get()) rel="external" download=""><Icon name="download"/>{t.export}</a>
            })}
        </PageHead>
        <Load
            from=roles
            skeleton=move || view! { <Skeleton rows=8 label=t.compare/> }
            show=move |table: RoleTable| view! { <Comparison table keys/> }
        />
    }
}

/// The address of the file with these roles.
fn file(keys: &[String]) -> String {
    let roles: Vec<String> = keys.iter().map(|key| format!("role={}", crate::listing::encode(key))).collect();
    format!("{}?{}", paths::COMPARE_ROLES_CSV, roles.join("&"))
}

#[component]
fn Comparison(table: RoleTable, keys: Memo<Vec<String>>) -> impl IntoView {
    let t = &text().roles;
    let boxes = table.roles.iter().cloned().map(|line| choice(line, keys)).collect_view();
    let table = StoredValue::new(table);
    let shown = move || {
        let table = table.get_value();
        let chosen = table.chosen(&keys.get());
        if chosen.is_empty() {
            return view! { <Empty title=t.compare_none body=t.compare_none_body/> }.into_any();
        }
        let columns = chosen
            .iter()
            .map(|line| {
                let kind = if line.role.built_in().is_some() { t.built_in } else { text().access.custom };
                (role_name(&line.role), kind.to_owned())
            })
            .collect();
        let rows = compared(&table.features, &chosen);
        view! { <MatrixTable caption=t.compare corner=t.feature columns rows/> }.into_any()
    };
    view! {
        <div class="stack">
            <Form method="GET" action=paths::COMPARE_ROLES attr:class="card roles-chosen">
                <fieldset class="body">
                    <legend class="sr">{t.compare_which}</legend>
                    <div class="choices">{boxes}</div>
                    <div class="btns"><button class="btn" type="submit">{t.compare_show}</button></div>
                </fieldset>
            </Form>
            {shown}
        </div>
    }
}

fn choice(line: RoleLine, keys: Memo<Vec<String>>) -> impl IntoView {
    let key = line.role.key();
    let this = key.clone();
    let is = move || keys.with(|keys| keys.contains(&this));
    view! {
        <label class="check">
            <input type="checkbox" name="role" value=key checked=is/>
            <span><bdi>{role_name(&line.role)}</bdi><small>{(text().access.category)(line.category)}</small></span>
        </label>
    }
}
