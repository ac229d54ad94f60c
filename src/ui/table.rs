//! The parts of a list that every list has: heads that sort, the line of totals, and the pager.

use leptos::prelude::*;

use super::icon::{Icon, IconSize};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    Ascending,
    Descending,
}

/// The head of a column that can be sorted by. `href` leads to the list sorted the other way, or by this column.
#[component]
pub fn SortHeader(
    #[prop(into)] label: String,
    #[prop(into)] href: String,
    /// How the list is sorted by this column now; `None` where it is sorted by another.
    state: Option<SortDirection>,
    /// Width and the step at which it leaves (`"c3 w-7"`).
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let (sorted, icon) = match state {
        Some(SortDirection::Ascending) => (Some("ascending"), "asc"),
        Some(SortDirection::Descending) => (Some("descending"), "desc"),
        None => (None, "sort"),
    };
    view! {
        <th scope="col" class=class aria-sort=sorted>
            <a class="sort" href=href>{label}<Icon name=icon/></a>
        </th>
    }
}

/// The totals under a table, outside of it, so that columns that leave never shift them. Each child is a `<span>`.
#[component]
pub fn TableFoot(children: Children) -> impl IntoView {
    view! { <div class="table-foot">{children()}</div> }
}

/// Steps through a list that is paged by keyset. A step that does not exist is shown disabled, so that the other stays
/// where it is.
#[component]
pub fn Pager(
    /// The name of the landmark ("Pages").
    #[prop(into)]
    label: String,
    /// What is shown, of how much ("20 of about 1,251").
    #[prop(into)]
    summary: String,
    #[prop(into)] previous_label: String,
    #[prop(into)] next_label: String,
    previous: Option<String>,
    next: Option<String>,
    /// Stands between the summary and the steps: the choice of rows per page.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <nav class="pager" aria-label=label>
            <span>{summary}</span>
            {children.map(|children| children())}
            <span class="btns push">
                {step(previous, "prev", view! { <Icon name="left" size=IconSize::Small/>{previous_label} }.into_any())}
                {step(next, "next", view! { {next_label}<Icon name="right" size=IconSize::Small/> }.into_any())}
            </span>
        </nav>
    }
}

fn step(href: Option<String>, rel: &'static str, content: AnyView) -> AnyView {
    match href {
        Some(href) => view! { <a class="btn sm" href=href rel=rel>{content}</a> }.into_any(),
        None => view! { <button class="btn sm" type="button" disabled=true>{content}</button> }.into_any(),
    }
}
