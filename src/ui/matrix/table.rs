//! The matrix that is read: roles beside each other, or one role's rights on paper.

use leptos::prelude::*;

use crate::ui::icon::{Icon, IconSize};

/// One feature, and what each column may do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRow {
    pub name: String,
    pub hint: String,
    /// The heading that it stands under, with its neighbours of the same group.
    pub group: String,
    /// One for each column.
    pub cells: Vec<TableCell>,
}

/// What one column may do with one feature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableCell {
    /// Whether it may anything at all: a tick or a dash.
    pub may: bool,
    /// In words ("Edit", "No access").
    pub words: String,
    /// More of it, in small ("View, Create, Update").
    pub note: String,
}

/// Features by columns, to read. On paper it is all that there is of the page.
#[component]
pub fn MatrixTable(
    /// What the table holds; on paper its title.
    #[prop(into)]
    caption: String,
    /// The head of the first column ("Feature").
    #[prop(into)]
    corner: String,
    /// Name and a line under it, which may be empty, of each column.
    columns: Vec<(String, String)>,
    rows: Vec<TableRow>,
) -> impl IntoView {
    let span = (columns.len() + 1).to_string();
    let label = caption.clone();
    let heads = columns
        .into_iter()
        .map(|(name, hint)| {
            let hint = (!hint.is_empty()).then(|| view! { <small>{hint}</small> });
            view! { <th scope="col"><bdi>{name}</bdi>{hint}</th> }
        })
        .collect_view();
    let mut above = String::new();
    let rows = rows
        .into_iter()
        .map(|row| {
            let heading = (row.group != above && !row.group.is_empty()).then(|| {
                view! { <tr class="grp"><th colspan=span.clone() scope="colgroup">{row.group.clone()}</th></tr> }
            });
            above = row.group;
            let hint = (!row.hint.is_empty()).then(|| view! { <small>{row.hint}</small> });
            let cells = row.cells.into_iter().map(cell).collect_view();
            view! { {heading}<tr><th scope="row"><bdi>{row.name}</bdi>{hint}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="table-box compare">
            // Nothing in it takes the focus, so the box does, for who scrolls with keys.
            <div class="table-scroll" tabindex="0" role="region" aria-label=label>
                <table>
                    <caption>{caption}</caption>
                    <thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </div>
    }
}

fn cell(cell: TableCell) -> impl IntoView {
    let (class, icon) = if cell.may { ("may", "check") } else { ("may not", "minus") };
    let note = (!cell.note.is_empty()).then(|| view! { <small>{cell.note}</small> });
    view! { <td><span class=class><Icon name=icon size=IconSize::Small/><span>{cell.words}{note}</span></span></td> }
}
