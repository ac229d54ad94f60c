//! The matrix of a role's form: features by actions, with a level for each.

use leptos::prelude::*;

use crate::{
    access::{Action, Level, Permissions},
    roles::model::FeatureLine,
    text::{
        roles::{line_group, line_hint, line_name},
        text,
    },
    ui::matrix::{self, Cell, Matrix, MatrixRow, MatrixWords, Ticked, cell_value},
};

/// What is ticked on a page. It is kept by the page, so that what was ticked outlives news that change nothing of it.
#[derive(Clone, Copy)]
pub struct Ticks {
    saved: StoredValue<Option<Ticked>>,
    pub now: RwSignal<Ticked>,
}

impl Ticks {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { saved: StoredValue::new(None), now: RwSignal::new(Ticked::new()) }
    }

    /// Begins with what is saved, and again where something else is saved now.
    pub fn begin(self, rows: &[MatrixRow]) {
        let saved = Some(matrix::saved(rows));
        if self.saved.with_value(|known| *known != saved) {
            self.now.set(saved.clone().unwrap_or_default());
            self.saved.set_value(saved);
        }
    }

    /// The cells as they are sent, as they are saved.
    pub fn saved_cells(self) -> Vec<String> {
        self.saved.with_value(|saved| saved.as_ref().map(cells).unwrap_or_default())
    }

    /// The cells as they would be sent now.
    pub fn cells(self) -> Vec<String> {
        cells(&self.now.read())
    }
}

/// The ticked cells as a form sends them.
fn cells(ticked: &Ticked) -> Vec<String> {
    let of = |(row, bits): (&String, &u8)| -> Vec<String> {
        let actions = crate::access::Actions::from_bits(*bits);
        actions.iter().map(|action| cell_value(row, action.slug())).collect()
    };
    ticked.iter().flat_map(of).collect()
}

/// The rows: what is permitted is ticked, and what the reader does not hold is locked.
pub fn rows(features: &[FeatureLine], permits: &Permissions, held: &Permissions) -> Vec<MatrixRow> {
    let has = |permissions: &Permissions, slug: &str, action| {
        permissions.get(slug).is_some_and(|actions| actions.has(action))
    };
    let row = |feature: &FeatureLine| MatrixRow {
        key: feature.slug.clone(),
        name: line_name(feature),
        hint: line_hint(feature),
        group: line_group(feature).to_owned(),
        cells: Action::ALL
            .into_iter()
            .map(|action| Cell {
                offered: feature.offered.has(action),
                ticked: has(permits, &feature.slug, action),
                locked: (feature.offered.has(action) && !has(held, &feature.slug, action))
                    .then(|| text().roles.locked.to_owned()),
            })
            .collect(),
    };
    features.iter().map(row).collect()
}

/// The matrix, as the field `permissions`.
#[component]
pub fn RoleMatrix(caption: String, rows: Vec<MatrixRow>, ticks: Ticks) -> impl IntoView {
    let (t, access) = (&text().roles, &text().access);
    let words = MatrixWords {
        caption,
        feature: t.feature,
        level: t.level,
        level_for: t.level_for,
        custom: access.custom,
        none: t.none_cell,
        cell: t.cell,
        legend: t.legend,
        may: t.may_do,
        may_not: t.may_not,
        added: t.added,
        taken: t.taken,
        locked: t.locked,
    };
    let actions = Action::ALL.map(|it| (it.slug().to_owned(), (access.action)(it).to_owned())).to_vec();
    let levels = Level::ALL.map(|it| ((access.level)(it).to_owned(), it.actions().bits())).to_vec();
    view! { <Matrix name="permissions" rows actions levels words ticked=ticks.now/> }
}
