//! The rows of an import with their verdicts.

use leptos::prelude::*;

use crate::{
    access::Category,
    imports::model::{Import, Row, State, Verdict},
    listing::{ListQuery, Page},
    paths,
    text::text,
    ui::{
        icon::{Icon, IconSize},
        list::ListPager,
        page::{Empty, TabItem, Tabs},
    },
};

/// The tabs of the verdicts, and a page of rows.
#[component]
pub fn Rows(import: Import, rows: Page<Row>, query: ListQuery) -> impl IntoView {
    let t = &text().imports;
    let here = paths::import(import.kind, import.id);
    let verdict: Option<Verdict> = query.status.parse().ok();
    let tab = |label: &str, n: i32, of: Option<Verdict>| TabItem {
        label: label.to_owned(),
        href: of.map_or_else(|| here.clone(), |of| format!("{here}?status={}", of.slug())),
        count: Some(u64::try_from(n).unwrap_or_default()),
        current: of == verdict,
        ..TabItem::default()
    };
    let some = Verdict::ALL.into_iter().filter(|of| import.counts.of(*of) > 0 || verdict == Some(*of));
    let items: Vec<TabItem> = [tab(t.all, import.counts.all(), None)]
        .into_iter()
        .chain(some.map(|of| tab((t.verdict)(of), import.counts.of(of), Some(of))))
        .collect();
    let shown = if rows.rows.is_empty() {
        view! { <Empty title=t.none_of body=t.none_of_body/> }.into_any()
    } else {
        view! { <Table import=import.clone() rows query/> }.into_any()
    };
    view! {
        <div>
            <Tabs label=t.verdicts items/>
            {shown}
        </div>
    }
}

#[component]
fn Table(import: Import, rows: Page<Row>, query: ListQuery) -> impl IntoView {
    let t = &text().imports;
    let customers = import.kind == Category::Customer;
    let (before, after) = (rows.before.clone(), rows.after.clone());
    let here = paths::import(import.kind, import.id);
    let count = (t.rows_shown)(rows.rows.len(), rows.total);
    let written = import.state == State::Done;
    let lines = rows.rows.into_iter().map(|row| view! { <Line row customers written/> }).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed compact">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <th scope="col" class="num c2 w-6">{t.row}</th>
                    <th scope="col">{text().common.email}</th>
                    <th scope="col" class="c3">{t.name}</th>
                    <th scope="col" class="c4 w-8">{if customers { t.customer_id } else { text().common.role }}</th>
                    <th scope="col" class="c4 w-8">{t.group}</th>
                    <th scope="col" class="c2">{t.verdict_head}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <p class="table-foot"><span>{count}</span></p>
        </div>
        <ListPager action=here query before after/>
    }
}

#[component]
fn Line(row: Row, customers: bool, written: bool) -> impl IntoView {
    let t = &text().imports;
    let (class, icon) = match row.verdict {
        Verdict::New => ("v-ok", "check"),
        Verdict::Update => ("v-info", "refresh"),
        Verdict::Same => ("v-warn", "info"),
        Verdict::Skip => ("v-warn", "minus"),
        Verdict::Wrong => ("v-bad", "alert"),
    };
    let verdict = match &row.wrong {
        Some((flaw, column, about)) => (t.flaw_at)(*flaw, *column, about),
        None if written => (t.was)(row.verdict).to_owned(),
        None => (t.will)(row.verdict, !row.with_password).to_owned(),
    };
    let third = if customers { row.customer_id } else { row.role };
    view! {
        <tr>
            <td class="num faint c2">{row.n}</td>
            <th scope="row">
                <span class="clip block" title=row.email.clone()><bdi>{row.email.clone()}</bdi></span>
                <span class=format!("small more-sub {class}")>{verdict.clone()}</span>
            </th>
            <td class="c3 clip" title=row.full_name.clone()><bdi>{row.full_name.clone()}</bdi></td>
            <td class="c4 clip" title=third.clone()><bdi>{third.clone()}</bdi></td>
            <td class="c4 clip" title=row.groups.clone()><bdi>{row.groups.clone()}</bdi></td>
            <td class="c2">
                <span class="row snug"><span class=class><Icon name=icon size=IconSize::Small/></span><span>{verdict}</span></span>
            </td>
        </tr>
    }
}
