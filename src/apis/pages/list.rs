//! The list of APIs.

use leptos::prelude::*;
use leptos_meta::Title;

use super::form::NewApiDrawer;
use crate::{
    access::{Action, Feature},
    apis::{
        api::list_apis,
        model::{Api, Environment, ORDERS},
    },
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        avatar::Thing,
        button::{ButtonKind, LinkButton},
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton},
        shell::{is_of_team, may_in, me},
        when::When,
    },
};

/// The regions of the workspace by slug and name; none where there is only one, which no page mentions.
pub fn several_regions() -> Vec<(String, String)> {
    let regions = me().map(|me| me.workspace.regions).unwrap_or_default();
    if regions.len() < 2 {
        return Vec::new();
    }
    regions.into_iter().map(|region| (region.slug, region.name)).collect()
}

/// The names of the regions that an API is in; nothing where the workspace has one.
pub fn region_names(api: &Api) -> String {
    let known = several_regions();
    let of = |slug: &String| known.iter().find(|(it, _)| it == slug).map(|(_, name)| name.clone());
    api.regions.iter().filter_map(of).collect::<Vec<_>>().join(", ")
}

/// The page.
#[component]
pub fn ApisPage() -> impl IntoView {
    let t = text();
    let query = list_query();
    let new = parameter("new");
    // The region that is looked at comes with the rights, and narrows the list.
    let page = resource(
        move || (query.get(), live().version(Topic::Apis), live().version(Topic::You)),
        |(query, ..)| async move { list_apis(query.clone()).await.map(|page| (page, query)) },
    );
    let may_create = move || {
        let regions = me().map(|me| me.workspace.regions).unwrap_or_default();
        is_of_team() && regions.iter().any(|region| may_in(Action::Create, Feature::Apis, &region.slug))
    };
    let back = Memo::new(move |_| format!("{}{}", paths::APIS, query.get().here(None)));
    let mut choices = vec![(String::new(), t.apis.any_environment.to_owned())];
    choices.extend(Environment::ALL.map(|it| (it.slug().to_owned(), (t.apis.environment_name)(it).to_owned())));
    let mut regions = several_regions();
    if me().is_some_and(|me| me.region.is_some()) {
        regions.clear();
    } else if !regions.is_empty() {
        regions.insert(0, (String::new(), t.apis.any_region.to_owned()));
    }
    view! {
        <Title text=t.apis.title/>
        <PageHead title=t.apis.title lead=t.apis.lead>
            {move || may_create().then(|| view! {
                <LinkButton
                    href=format!("{}{}", paths::APIS, query.get().here(Some(("new", "1"))))
                    label=t.apis.new
                    icon="plus"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <ListToolbar
            action=paths::APIS
            label=t.apis.caption
            query
            search=t.apis.search
            filter=t.apis.environment
            choices
            regions=(t.apis.region.to_owned(), regions)
        />
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.apis.title/> }
            show=move |(page, shown): (Page<Api>, ListQuery)| view! { <List page shown query/> }
        />
        {move || (new.get() == "1" && may_create()).then(|| view! { <NewApiDrawer back=back.get()/> })}
    }
}

#[component]
fn List(page: Page<Api>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().apis;
    if page.rows.is_empty() {
        let all = page.total == 0 && shown.search().is_none() && shown.status.is_empty() && shown.region.is_empty();
        let (title, body) = if all { (t.none, t.none_body) } else { (t.none_found, t.none_found_body) };
        return view! { <Empty title body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let regions = !several_regions().is_empty();
    let counted = is_of_team();
    let rows = page.rows.iter().cloned().map(|api| view! { <Row api regions counted/> }).collect_view();
    let numbers = [t.users, t.customers, t.groups];
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::APIS query orders=&ORDERS column="name" label=t.name class="c-name"/>
                    <th scope="col" class="c2 w-8">{t.environment}</th>
                    <th scope="col" class="c3 w-9">{t.category}</th>
                    {regions.then(|| view! { <th scope="col" class="c4 w-9">{t.regions}</th> })}
                    {counted.then(|| numbers.map(|label| view! { <th scope="col" class="num c2 w-6h">{label}</th> }).collect_view())}
                    <ColumnHead action=paths::APIS query orders=&ORDERS column="created" label=t.created class="c4 w-8"/>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::APIS query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(api: Api, regions: bool, counted: bool) -> impl IntoView {
    let t = &text().apis;
    let href = paths::api(api.id);
    let environment = (t.environment_name)(api.environment);
    let region = region_names(&api);
    let counts = api.counts.unwrap_or_default();
    let numbers = [counts.users, counts.customers, counts.groups].map(t.counted);
    let sub = [environment, &api.category, &region].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
    let sub = sub.join(" · ");
    let summed = (t.counts)(&numbers[0], &numbers[1], &numbers[2]);
    view! {
        <tr>
            <th scope="row">
                <div class="who">
                    <Thing icon="api" id=api.id.to_string()/>
                    <div>
                        <a class="plain name" href=href title=api.name.clone()><bdi>{api.name.clone()}</bdi></a>
                        <span class="sub mono" title=api.slug.clone()>{api.slug.clone()}</span>
                        <span class="sub more-sub" title=sub.clone()>{sub.clone()}</span>
                        {counted.then(|| view! { <span class="sub more-sub">{summed}</span> })}
                    </div>
                </div>
            </th>
            <td class="c2"><EnvironmentMark environment=api.environment/></td>
            <td class="c3 clip" title=api.category.clone()>{api.category.clone()}</td>
            {regions.then(|| view! { <td class="c4 clip" title=region.clone()>{region.clone()}</td> })}
            {counted.then(|| numbers.map(|number| view! { <td class="num c2">{number}</td> }).collect_view())}
            <td class="c4 when"><When at=api.created_at/></td>
        </tr>
    }
}

/// The environment in its colour and word.
#[component]
pub fn EnvironmentMark(environment: Environment) -> impl IntoView {
    let class = match environment {
        Environment::Production => "env",
        Environment::Staging => "env warning",
        Environment::Sandbox => "env info",
    };
    view! { <span class=class>{(text().apis.environment_name)(environment)}</span> }
}
