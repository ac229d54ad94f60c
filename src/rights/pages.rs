//! What is shown of rights.

pub mod assign;
pub mod backup;
pub mod held;
pub mod preview;
pub mod reached;
pub mod scope;
pub mod why;

use leptos::prelude::*;
use time::OffsetDateTime;

use super::model::{AssignmentRow, last_day, whole_last_day};
use crate::{
    text::{held::role_words, text},
    ui::{shell::me, when::Exactly},
};

/// Whether regions are spoken of at all.
pub fn has_regions() -> bool {
    me().is_some_and(|me| me.workspace.regions.len() > 1)
}

/// The name of a region; nothing for all of them, and where there is only one.
fn region_name(slug: Option<&String>) -> Option<String> {
    let regions = me().map(|me| me.workspace.regions).unwrap_or_default();
    let slug = slug.filter(|_| regions.len() > 1)?;
    Some(regions.iter().find(|it| it.slug == *slug).map_or_else(|| slug.clone(), |it| it.name.clone()))
}

/// An assignment in words: its role, in its region, for its organization.
fn row_words(row: &AssignmentRow) -> String {
    let region = region_name(row.region.as_ref());
    (text().held.place)(&role_words(&row.role), region.as_deref(), row.organization.as_deref())
}

/// When something ends: its last day, where it lasts through one, else the exact instant.
#[component]
pub fn Ends(at: OffsetDateTime) -> impl IntoView {
    match whole_last_day(at) {
        Some(day) => view! { <time datetime=day.clone()>{(text().held.day)(&day)}</time> }.into_any(),
        None => view! { <Exactly at/> }.into_any(),
    }
}

/// The last day in words, or that there is none.
fn until_words(until: Option<OffsetDateTime>) -> String {
    let t = &text().held;
    until.map_or_else(|| t.no_end.to_owned(), |until| (t.day)(&last_day(until)))
}
