//! What every list page has: its query in the address, the search box, sortable heads, and the pages.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlFormElement},
};
use leptos_router::{components::Form, hooks::use_query_map};

use super::{
    icon::{Icon, IconSize},
    table::{Pager, SortDirection, SortHeader},
    when::Zone,
};
use crate::{
    listing::{ListQuery, Page, SEARCH_FROM},
    text::text,
};

/// The list's query, as the address has it.
pub fn list_query() -> Memo<ListQuery> {
    let map = use_query_map();
    Memo::new(move |_| {
        map.with(|map| {
            let get = |name: &str| map.get(name).unwrap_or_default();
            ListQuery {
                kind: get("kind"),
                q: get("q"),
                status: get("status"),
                region: get("region"),
                sort: get("sort"),
                after: get("after"),
                before: get("before"),
            }
        })
    })
}

/// One parameter of the address; empty where it is not there.
pub fn parameter(name: &'static str) -> Memo<String> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| map.get(name).unwrap_or_default()))
}

/// The search box, with a filter beside it. Works by **Search** and, with script, while one types.
#[component]
pub fn ListToolbar(
    /// The list's address without its query.
    action: &'static str,
    /// What the list is of.
    #[prop(into)]
    label: String,
    query: Memo<ListQuery>,
    /// The box's name and hint.
    #[prop(into)]
    search: String,
    /// The filter's name; without one there is no filter.
    #[prop(optional, into)]
    filter: String,
    /// Value and words of each choice of the filter, the first for no filter.
    #[prop(optional)]
    choices: Vec<(String, String)>,
    /// The name of a filter by region beside it, and its choices in the same way; an empty one is not shown.
    #[prop(optional)]
    regions: (String, Vec<(String, String)>),
) -> impl IntoView {
    let t = &text().common;
    let first = query.get_untracked();
    let pending = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    let typed = move |event: leptos::ev::Event| {
        let length = event_target_value(&event).trim().chars().count();
        if let Some(timer) = pending.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        if length == 0 || length >= SEARCH_FROM {
            let form = form_of(&event);
            pending.set_value(set_timeout(move || submit(form), std::time::Duration::from_millis(250)).ok());
        }
    };
    let select =
        move |name: &'static str, filter: String, choices: Vec<(String, String)>, of: fn(&ListQuery) -> &String| {
            let options = choices
            .into_iter()
            .map(|(value, label)| {
                let this = value.clone();
                view! { <option value=value selected=move || query.with(|query| *of(query) == this)>{label}</option> }
            })
            .collect::<Vec<_>>();
            (!options.is_empty()).then(|| {
                view! {
                    <span class="select inline">
                        <select name=name aria-label=filter on:change=|event| submit(form_of(&event))>{options}</select>
                    </span>
                }
            })
        };
    view! {
        <Form method="GET" action=action replace=true attr:class="toolbar" attr:role="search" attr:aria-label=label>
            <span class="affix find">
                <Icon name="search" size=IconSize::Small/>
                <input
                    class="input"
                    type="search"
                    name="q"
                    value=first.q
                    prop:value=move || query.get().q
                    placeholder=search.clone()
                    aria-label=search
                    autocomplete="off"
                    data-search="true"
                    on:input=typed
                />
            </span>
            {select("status", filter, choices, |query| &query.status)}
            {select("region", regions.0, regions.1, |query| &query.region)}
            <input type="hidden" name="sort" value=move || query.get().sort/>
            {move || {
                let kind = query.get().kind;
                (!kind.is_empty()).then(|| view! { <input type="hidden" name="kind" value=kind/> })
            }}
            <button class="btn" type="submit" aria-label=t.search_name>{t.search}</button>
            {move || {
                let query = query.get();
                (!query.q.is_empty() || !query.status.is_empty() || !query.region.is_empty()).then(|| {
                    let href = format!("{action}{}", query.with(|q| { q.q.clear(); q.status.clear(); q.region.clear(); }));
                    view! { <a class="btn link" href=href rel="external">{t.clear}</a> }
                })
            }}
            {move || {
                let length = query.with(|query| query.q.trim().chars().count());
                (length > 0 && length < SEARCH_FROM).then(|| view! { <span class="small faint">{t.search_help}</span> })
            }}
        </Form>
    }
}

fn form_of(event: &leptos::ev::Event) -> Option<HtmlFormElement> {
    let field = event.target()?.dyn_into::<Element>().ok()?;
    field.closest("form").ok()??.dyn_into().ok()
}

fn submit(form: Option<HtmlFormElement>) {
    if let Some(form) = form {
        let _ = form.request_submit();
    }
}

/// The head of a sortable column.
#[component]
pub fn ColumnHead(
    /// The list's address without its query.
    action: &'static str,
    query: Memo<ListQuery>,
    /// The orders that the list offers.
    orders: &'static [&'static str],
    /// This column's name in the address.
    column: &'static str,
    #[prop(into)] label: String,
    #[prop(default = "")] class: &'static str,
) -> impl IntoView {
    move || {
        let query = query.get();
        let (sorted, descending) = query.order(orders);
        let state =
            (sorted == column).then_some(if descending { SortDirection::Descending } else { SortDirection::Ascending });
        let next = if sorted == column && !descending { format!("-{column}") } else { column.to_owned() };
        let href = format!("{action}{}", query.with(|q| q.sort = next));
        view! { <SortHeader label=label.clone() href state class/> }
    }
}

/// Under the table: how many rows, and which zone its times are in.
#[component]
pub fn ListFoot<T: Send + Sync + 'static>(page: Page<T>, query: ListQuery) -> impl IntoView {
    let t = &text().common;
    let shown = page.rows.len();
    let filtered = query.search().is_some() || !query.status.is_empty() || !query.region.is_empty();
    let more = page.after.is_some() || page.before.is_some();
    let count = if filtered { (t.rows_found)(shown, more) } else { (t.rows)(shown, page.total) };
    view! { <p class="table-foot"><span>{count}</span><span class="push"><Zone/></span></p> }
}

/// The neighbours of a page; nothing where the list has one page.
#[component]
pub fn ListPager(
    /// The list's address without its query.
    #[prop(into)]
    action: String,
    query: ListQuery,
    before: Option<String>,
    after: Option<String>,
) -> impl IntoView {
    let t = &text().common;
    (before.is_some() || after.is_some()).then(|| {
        let away = !query.after.is_empty() || !query.before.is_empty();
        let first = away.then(|| format!("{action}{}", query.with(|_| {})));
        let previous = before.map(|cursor| format!("{action}{}", query.with(|q| q.before = cursor)));
        let next = after.map(|cursor| format!("{action}{}", query.with(|q| q.after = cursor)));
        view! {
            <Pager label=t.pages summary="" previous_label=t.previous next_label=t.next previous next>
                {first.map(|href| view! { <a class="btn sm" href=href>{t.first_page}</a> })}
            </Pager>
        }
    })
}
