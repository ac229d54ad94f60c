//! The matrix of features and actions: its data, and the rules of its cells. A cell is a bit: the first action is 1, the
//! second 2, and so on. Nothing here knows what a feature is.

use std::collections::BTreeMap;

mod grid;
mod table;

pub use grid::{Matrix, MatrixWords};
pub use table::{MatrixTable, TableCell, TableRow};

/// The ticked cells of each row, by the row's key.
pub type Ticked = BTreeMap<String, u8>;

/// One feature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixRow {
    /// What it is sent as; unique, also over several matrices of one page.
    pub key: String,
    pub name: String,
    pub hint: String,
    /// The heading that it stands under, with its neighbours of the same group.
    pub group: String,
    /// One for each action.
    pub cells: Vec<Cell>,
}

/// One action of one feature, as it is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Whether the feature has the action at all.
    pub offered: bool,
    pub ticked: bool,
    /// Why it cannot be changed; it keeps what it is.
    pub locked: Option<String>,
}

impl MatrixRow {
    fn bits(&self, is: impl Fn(&Cell) -> bool) -> u8 {
        let bit = |(index, cell)| if is(cell) { 1u8.checked_shl(index).unwrap_or(0) } else { 0 };
        (0..).zip(&self.cells).map(bit).fold(0, |bits, bit| bits | bit)
    }

    /// The actions that the feature has.
    pub fn offered(&self) -> u8 {
        self.bits(|cell| cell.offered)
    }

    /// The actions that are ticked as it is saved.
    pub fn saved(&self) -> u8 {
        self.bits(|cell| cell.offered && cell.ticked)
    }

    /// The actions that cannot be changed.
    pub fn locked(&self) -> u8 {
        self.bits(|cell| cell.locked.is_some())
    }

    /// What a level makes of the row: its actions, as far as the feature has them; what is locked stays.
    fn at_level(&self, level: u8) -> u8 {
        (level & self.offered() & !self.locked()) | (self.saved() & self.locked())
    }

    /// Whether a level can be had in full.
    fn reaches(&self, level: u8) -> bool {
        self.at_level(level) == level & self.offered()
    }

    /// The levels that differ here, by their place among all: of those that come to the same, the first.
    fn levels(&self, levels: &[(String, u8)]) -> Vec<usize> {
        let here = |index: usize| levels[index].1 & self.offered();
        (0..levels.len()).filter(|index| !(0..*index).any(|before| here(before) == here(*index))).collect()
    }

    /// The level that fits, by its place among all; `None` where none does.
    fn level(&self, levels: &[(String, u8)], ticked: u8) -> Option<usize> {
        levels.iter().position(|(_, level)| level & self.offered() == ticked)
    }
}

/// What is ticked as it is saved: the signal's first value.
pub fn saved(rows: &[MatrixRow]) -> Ticked {
    rows.iter().map(|row| (row.key.clone(), row.saved())).collect()
}

/// How many cells differ from what is saved.
pub fn changes(rows: &[MatrixRow], ticked: &Ticked) -> u32 {
    rows.iter().map(|row| (ticked.get(&row.key).copied().unwrap_or_default() ^ row.saved()).count_ones()).sum()
}

/// What one cell is sent as: the row's key and the action's, as in `billing:view`.
pub fn cell_value(row: &str, action: &str) -> String {
    format!("{row}:{action}")
}

/// What is ticked after a plain post; what is locked is as it is saved, whatever was sent.
fn posted(rows: &[MatrixRow], actions: &[(String, String)], values: &[String]) -> Ticked {
    let ticked = |row: &MatrixRow| {
        let has = |action: &str| values.contains(&cell_value(&row.key, action));
        let sent = (0..).zip(actions).filter(|(_, (action, _))| has(action)).map(|(index, _)| 1u8.checked_shl(index));
        row.at_level(sent.flatten().fold(0, |bits, bit| bits | bit))
    };
    rows.iter().map(|row| (row.key.clone(), ticked(row))).collect()
}

/// Where a key leads from a cell (row, column): the next cell that is there. `None` for other keys and at the edges.
fn step(offered: &[u8], columns: usize, (row, column): (usize, usize), key: &str) -> Option<(usize, usize)> {
    let is = |row: usize, column: usize| offered.get(row).is_some_and(|bits| bits >> column & 1 == 1);
    let mut columns = 0..columns;
    match key {
        "ArrowRight" => columns.find(|next| *next > column && is(row, *next)).map(|next| (row, next)),
        "ArrowLeft" => columns.rev().find(|next| *next < column && is(row, *next)).map(|next| (row, next)),
        "Home" => columns.find(|first| is(row, *first)).map(|first| (row, first)),
        "End" => columns.rev().find(|last| is(row, *last)).map(|last| (row, last)),
        "ArrowDown" => (row + 1..offered.len()).find(|next| is(*next, column)).map(|next| (next, column)),
        "ArrowUp" => (0..row).rev().find(|next| is(*next, column)).map(|next| (next, column)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels() -> Vec<(String, u8)> {
        [("No access", 0), ("View", 1), ("View and download", 17), ("Edit", 7), ("Full", 31)]
            .map(|(label, mask)| (label.to_owned(), mask))
            .to_vec()
    }

    fn actions() -> Vec<(String, String)> {
        ["view", "create", "update", "delete", "download"].map(|key| (key.to_owned(), key.to_owned())).to_vec()
    }

    /// A row of five cells: `.` not offered, `-` may not, `x` may, `l` locked, `L` locked and ticked.
    fn row(key: &str, cells: &str) -> MatrixRow {
        let cell = |c: char| Cell {
            offered: c != '.',
            ticked: c == 'x' || c == 'L',
            locked: c.eq_ignore_ascii_case(&'l').then(|| "not yours".to_owned()),
        };
        MatrixRow { key: key.to_owned(), cells: cells.chars().map(cell).collect(), ..MatrixRow::default() }
    }

    #[test]
    fn a_row_is_read_as_bits() {
        let row = row("billing", "x.lL-");
        assert_eq!((row.offered(), row.saved(), row.locked()), (0b11101, 0b01001, 0b01100));
    }

    #[test]
    fn a_level_ticks_what_the_feature_has_and_leaves_what_is_locked() {
        assert_eq!(row("a", "-----").at_level(31), 31);
        assert_eq!(row("a", "x...-").at_level(31), 0b10001);
        assert_eq!(row("a", "L-l--").at_level(0), 1);
        assert_eq!(row("a", "L-l--").at_level(31), 0b11011);
        assert!(!row("a", "L----").reaches(0));
        assert!(row("a", "L----").reaches(1));
        assert!(!row("a", "--l--").reaches(7));
    }

    #[test]
    fn the_cells_set_the_level_that_is_shown() {
        let all = row("a", "-----");
        for (ticked, level) in [(0, Some(0)), (1, Some(1)), (17, Some(2)), (7, Some(3)), (31, Some(4)), (2, None)] {
            assert_eq!(all.level(&levels(), ticked), level, "{ticked:b}");
        }
        let audit = row("audit", "-...-");
        assert_eq!(audit.level(&levels(), 17), Some(2), "Full comes to the same, and stands later");
    }

    #[test]
    fn levels_that_come_to_the_same_are_offered_once() {
        assert_eq!(row("a", "-----").levels(&levels()), [0, 1, 2, 3, 4]);
        assert_eq!(row("a", "-...-").levels(&levels()), [0, 1, 2]);
        assert_eq!(row("a", "-....").levels(&levels()), [0, 1]);
    }

    #[test]
    fn a_change_is_a_cell_that_differs_from_what_is_saved() {
        let rows = [row("a", "xx---"), row("b", "-----")];
        let mut ticked = saved(&rows);
        assert_eq!(changes(&rows, &ticked), 0);
        ticked.insert("a".into(), 0b00101);
        ticked.insert("b".into(), 0b10000);
        assert_eq!(changes(&rows, &ticked), 3);
    }

    #[test]
    fn a_post_gives_what_was_ticked_and_nothing_that_is_locked_or_not_there() {
        let rows = [row("a", "x-l.L"), row("b", "x----")];
        let values = ["a:create", "a:update", "a:delete", "b:all"].map(str::to_owned);
        let ticked = posted(&rows, &actions(), &values);
        assert_eq!(ticked, Ticked::from([("a".to_owned(), 0b10010), ("b".to_owned(), 0)]));
    }

    #[test]
    fn arrows_pass_over_what_is_not_there() {
        let offered = [0b11111, 0b10001, 0b11111];
        let go = |at, key| step(&offered, 5, at, key);
        assert_eq!(go((0, 0), "ArrowRight"), Some((0, 1)));
        assert_eq!(go((1, 0), "ArrowRight"), Some((1, 4)));
        assert_eq!(go((1, 4), "ArrowLeft"), Some((1, 0)));
        assert_eq!(go((0, 2), "ArrowDown"), Some((2, 2)));
        assert_eq!(go((2, 2), "ArrowUp"), Some((0, 2)));
        assert_eq!(go((1, 4), "Home"), Some((1, 0)));
        assert_eq!(go((0, 1), "End"), Some((0, 4)));
        for (at, key) in [((0, 4), "ArrowRight"), ((0, 0), "ArrowLeft"), ((0, 0), "ArrowUp"), ((2, 0), "ArrowDown")] {
            assert_eq!(go(at, key), None, "{key}");
        }
        assert_eq!(go((0, 0), "a"), None);
    }
}
