//! Segments: two to five choices that stay in view, as links.

use leptos::prelude::*;

use super::page::{TabItem, dot};

/// A row of segments; the address is the state. Counts, shapes and icons of the items are not shown.
#[component]
pub fn Segments(#[prop(into)] label: String, items: Vec<TabItem>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            let marked = item.marked.map(dot);
            view! { <a href=item.href aria-current=item.current.then_some("true")>{item.label}{marked}</a> }
        })
        .collect_view();
    view! { <nav class="seg" aria-label=label>{items}</nav> }
}
