//! The matrix that is edited: native boxes that work alone, and with script a level for each row, marks for what is not
//! saved, and arrow keys.

use leptos::{ev::KeyboardEvent, html::Input, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

use super::{Cell, MatrixRow, Ticked, cell_value, posted, step};
use crate::ui::{
    choices::catch_up,
    form::{FieldNotes, described_by, form_scope, list_name},
    icon::{Icon, IconSize},
    when::mounted,
};

/// The words of a matrix.
#[derive(Clone, Debug)]
pub struct MatrixWords {
    /// What the table holds ("What Integration developer may do"); for screen readers.
    pub caption: String,
    /// Heads of the first two columns ("Feature", "Level").
    pub feature: &'static str,
    pub level: &'static str,
    /// The name of a row's level ("Level for Billing").
    pub level_for: fn(&str) -> String,
    /// Shown where no level fits ("Custom").
    pub custom: &'static str,
    /// Said of a cell that the feature does not have ("Does not apply").
    pub none: &'static str,
    /// The name of a cell: feature, action, and whether it was added (`true`) or taken away and is not saved yet.
    pub cell: fn(&str, &str, Option<bool>) -> String,
    /// The legend and the meaning of each of its marks.
    pub legend: &'static str,
    pub may: &'static str,
    pub may_not: &'static str,
    pub added: &'static str,
    pub taken: &'static str,
    /// Of what is locked; in the legend only where something is.
    pub locked: &'static str,
}

/// What every row of one matrix needs.
#[derive(Clone, Copy)]
struct Shared {
    name: &'static str,
    words: StoredValue<MatrixWords>,
    actions: StoredValue<Vec<(String, String)>>,
    levels: StoredValue<Vec<(String, u8)>>,
    ticked: RwSignal<Ticked>,
    /// The cell that Tab leads to.
    at: RwSignal<(usize, usize)>,
}

impl Shared {
    fn id(self, row: usize, column: usize) -> String {
        format!("{}-{row}-{column}", self.name)
    }
}

/// Features by actions. Each ticked cell is sent under `form[name][]` as `row:action`; a locked one as it is.
#[component]
pub fn Matrix(
    /// The field's name in the form; also the beginning of its ids.
    name: &'static str,
    rows: Vec<MatrixRow>,
    /// Key and label of each action, in the order of the cells; at most eight.
    actions: Vec<(String, String)>,
    /// Label and actions of each level, the smallest first.
    levels: Vec<(String, u8)>,
    words: MatrixWords,
    /// What is ticked now, of every row. Begin it with `matrix::saved(&rows)`.
    ticked: RwSignal<Ticked>,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    if let Some(values) = scope.typed_all(name) {
        ticked.set(posted(&rows, &actions, &values));
    }
    let offered: Vec<u8> = rows.iter().map(MatrixRow::offered).collect();
    let first = (0..rows.len()).find_map(|row| step(&offered, actions.len(), (row, 0), "Home")).unwrap_or_default();
    let some_locked = rows.iter().any(|row| row.locked() != 0);
    let columns = actions.len();
    let heads =
        actions.iter().map(|(_, label)| view! { <th scope="col" class="a">{label.clone()}</th> }).collect_view();
    let shared = Shared {
        name,
        words: StoredValue::new(words.clone()),
        actions: StoredValue::new(actions),
        levels: StoredValue::new(levels),
        ticked,
        at: RwSignal::new(first),
    };
    let groups = grouped(rows)
        .into_iter()
        .map(|(group, rows)| {
            let heading = (!group.is_empty()).then(
                || view! { <tr class="grp"><th colspan=(columns + 2).to_string() scope="rowgroup">{group}</th></tr> },
            );
            let rows = rows.into_iter().map(|(index, row)| row_view(shared, index, row)).collect_view();
            view! { <tbody>{heading}{rows}</tbody> }
        })
        .collect_view();
    let moved = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() || !on_a_cell(&event) {
            return;
        }
        if let Some((row, column)) = step(&offered, columns, shared.at.get_untracked(), &event.key()) {
            event.prevent_default();
            shared.at.set((row, column));
            let cell = document().get_element_by_id(&shared.id(row, column));
            if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<HtmlElement>().ok()) {
                let _ = cell.focus();
            }
        }
    };
    view! {
        <div class="field">
            <div class="table-box">
                <div class="table-scroll">
                    <table
                        class="matrix"
                        aria-describedby=move || described_by(name, false, problem.get().is_some())
                        on:keydown=moved
                    >
                        <caption class="sr">{words.caption.clone()}</caption>
                        <thead>
                            <tr>
                                <th scope="col">{words.feature}</th>
                                <th scope="col" class="lv">{words.level}</th>
                                {heads}
                            </tr>
                        </thead>
                        {groups}
                    </table>
                </div>
            </div>
            <FieldNotes name help=None after_error=None/>
        </div>
        {legend(&words, some_locked)}
    }
}

/// The rows in their order, parted where the group changes; each with its place among all.
fn grouped(rows: Vec<MatrixRow>) -> Vec<(String, Vec<(usize, MatrixRow)>)> {
    let mut groups: Vec<(String, Vec<(usize, MatrixRow)>)> = Vec::new();
    for (index, row) in rows.into_iter().enumerate() {
        match groups.last_mut() {
            Some((group, rows)) if *group == row.group => rows.push((index, row)),
            _ => groups.push((row.group.clone(), vec![(index, row)])),
        }
    }
    groups
}

/// Whether a key was pressed on a cell: a level has its own use for the arrows.
fn on_a_cell(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.closest("td.c").ok().flatten().is_some())
}

fn row_view(shared: Shared, index: usize, row: MatrixRow) -> AnyView {
    let key = StoredValue::new(row.key.clone());
    let now = Memo::new(move |_| key.with_value(|key| shared.ticked.read().get(key).copied().unwrap_or_default()));
    let cells = row
        .cells
        .iter()
        .enumerate()
        .map(|(column, cell)| {
            let content = match cell {
                Cell { offered: false, .. } => view! {
                    <span class="cell none"><span class="sr">{shared.words.with_value(|words| words.none)}</span></span>
                }
                .into_any(),
                Cell { locked: Some(why), ticked, .. } => locked_cell(shared, (index, column), &row, *ticked, why),
                Cell { ticked, .. } => open_cell(shared, (index, column), &row, *ticked, now, key),
            };
            view! { <td class="c">{content}</td> }
        })
        .collect_view();
    let hint = (!row.hint.is_empty()).then(|| view! { <small>{row.hint.clone()}</small> });
    let level = level_view(shared, row.clone(), now, key);
    view! { <tr><th scope="row"><bdi>{row.name}</bdi>{hint}</th><td class="lv">{level}</td>{cells}</tr> }.into_any()
}

/// The level of a row. It sends nothing, so without script it is not shown, and until script has come it does nothing.
fn level_view(shared: Shared, row: MatrixRow, now: Memo<u8>, key: StoredValue<String>) -> AnyView {
    let levels = shared.levels.get_value();
    let name = shared.words.with_value(|words| (words.level_for)(&row.name));
    let custom = shared.words.with_value(|words| words.custom);
    let row = StoredValue::new(row);
    let shown = Memo::new(move |_| {
        let now = now.get();
        row.with_value(|row| shared.levels.with_value(|levels| row.level(levels, now)))
    });
    let first = shown.get_untracked();
    let options = row.with_value(|row| {
        let options = row.levels(&levels).into_iter().map(|index| {
            let (label, mask) = levels[index].clone();
            let disabled = !row.reaches(mask);
            view! {
                <option
                    value=index.to_string()
                    disabled=disabled
                    selected=first == Some(index)
                    prop:selected=move || shown.get() == Some(index)
                >
                    {label}
                </option>
            }
        });
        options.collect_view()
    });
    let choose = move |value: String| {
        let level =
            value.parse().ok().and_then(|index: usize| shared.levels.with_value(|levels| levels.get(index).cloned()));
        if let Some((_, level)) = level {
            let bits = row.with_value(|row| row.at_level(level));
            shared.ticked.update(|ticked| {
                ticked.insert(key.get_value(), bits);
            });
        }
    };
    view! {
        <span class="select">
            <select
                class="sm"
                aria-label=name
                autocomplete="off"
                disabled=move || !mounted()
                on:change:target=move |event| choose(event.target().value())
            >
                {options}
                <option value="" disabled=true selected=first.is_none() prop:selected=move || shown.get().is_none()>
                    {custom}
                </option>
            </select>
        </span>
    }
    .into_any()
}

fn open_cell(
    shared: Shared,
    (row, column): (usize, usize),
    of: &MatrixRow,
    saved: bool,
    now: Memo<u8>,
    key: StoredValue<String>,
) -> AnyView {
    let (action, label) = shared.actions.with_value(|actions| actions.get(column).cloned().unwrap_or_default());
    let bit = 1u8 << column;
    let is = Memo::new(move |_| now.get() & bit != 0);
    let change = move || (is.get() != saved).then(|| is.get());
    let value = cell_value(&of.key, &action);
    let feature = of.name.clone();
    let tell = move |on: bool| {
        if on != is.get_untracked() {
            shared.ticked.update(|ticked| *ticked.entry(key.get_value()).or_default() ^= bit);
        }
    };
    let input = NodeRef::<Input>::new();
    catch_up(input, tell);
    view! {
        <label class=move || match change() {
            Some(true) => "cell gain",
            Some(false) => "cell lose",
            None => "cell",
        }>
            <Icon name="check" size=IconSize::Small/>
            <input
                type="checkbox"
                id=shared.id(row, column)
                name=list_name(shared.name)
                value=value
                checked=is.get_untracked()
                prop:checked=move || is.get()
                tabindex=move || roving(shared, (row, column))
                aria-label=move || shared.words.with_value(|words| (words.cell)(&feature, &label, change()))
                node_ref=input
                on:focus=move |_| shared.at.set((row, column))
                on:change:target=move |event| tell(event.target().checked())
            />
        </label>
    }
    .into_any()
}

/// A cell that cannot be changed. It can be reached with the arrows, which a disabled box cannot, and says why.
fn locked_cell(shared: Shared, (row, column): (usize, usize), of: &MatrixRow, ticked: bool, why: &str) -> AnyView {
    let (action, label) = shared.actions.with_value(|actions| actions.get(column).cloned().unwrap_or_default());
    let name = shared.words.with_value(|words| (words.cell)(&of.name, &label, None));
    view! {
        <span
            class=if ticked { "cell lock yes" } else { "cell lock" }
            id=shared.id(row, column)
            role="checkbox"
            aria-checked=if ticked { "true" } else { "false" }
            aria-disabled="true"
            aria-label=format!("{name}. {why}")
            title=why.to_owned()
            tabindex=move || roving(shared, (row, column)).unwrap_or("0")
            on:focus=move |_| shared.at.set((row, column))
        >
            <Icon name="lock" size=IconSize::Small/>
        </span>
        {ticked.then(|| view! { <input type="hidden" name=list_name(shared.name) value=cell_value(&of.key, &action)/> })}
    }
    .into_any()
}

/// With script, Tab leads to one cell, and the arrows go on from there. Without, it leads to each.
fn roving(shared: Shared, here: (usize, usize)) -> Option<&'static str> {
    (mounted() && shared.at.get() != here).then_some("-1")
}

fn legend(words: &MatrixWords, some_locked: bool) -> impl IntoView {
    let key = |class: &'static str, icon: Option<&'static str>, word: &'static str| {
        let icon = icon.map(|name| view! { <Icon name size=IconSize::Small/> });
        view! { <li class="row snug"><span class=class>{icon}</span>{word}</li> }
    };
    view! {
        <ul class="matrix-legend" aria-label=words.legend>
            {key("cell ro yes key", Some("check"), words.may)}
            {key("cell ro key", None, words.may_not)}
            {key("cell gain ro key", None, words.added)}
            {key("cell lose ro key", None, words.taken)}
            {some_locked.then(|| key("cell lock key", Some("lock"), words.locked))}
        </ul>
    }
}
