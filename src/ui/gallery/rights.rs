//! What gives and compares rights: lists of boxes, picked people, the matrix, who gains and who loses.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::Demo;
use crate::{
    error::{AppError, Problem},
    ui::{
        changes::{Change, ChangeList, ChangeSide},
        choices::{CheckField, CheckList, Choice, RadioList},
        fields::{DateField, TextArea},
        figures::{Meter, Stat, Stats},
        form::{FormScope, Values},
        gates::{Gate, GateState, Verdict},
        matrix::{self, Cell, Matrix, MatrixRow, MatrixTable, MatrixWords, TableCell, TableRow},
        search_pick::{Picked, SearchPick},
    },
};

/// A name of a field that is told apart between the two themes, as ids come from it.
fn of(theme: &str, light: &'static str, dark: &'static str) -> &'static str {
    if theme == "light" { light } else { dark }
}

/// A form that answered with these mistakes.
fn scope(wrong: &[(&str, Problem)]) {
    let fields = wrong.iter().map(|(name, problem)| ((*name).to_owned(), *problem)).collect();
    let error = (!wrong.is_empty()).then_some(AppError::Invalid(fields));
    provide_context(FormScope::new(Signal::stored(error), Signal::stored(false), Values::new()));
}

pub fn samples(theme: &'static str) -> AnyView {
    view! {
        {boxes(theme)}
        {picks(theme)}
        {matrix(theme)}
        {table(theme)}
        {effects(theme)}
    }
    .into_any()
}

fn apis() -> Vec<Choice> {
    let names = [
        ("Vessel Tracking", "v2 · EU, US"),
        ("Customs Declarations", "v1 · EU"),
        ("Port Calls", "v3 · all regions"),
        ("Freight Rates", "v1 · US"),
        ("Tides and Weather", "v2 · all regions"),
        ("Crew Certificates of the International Maritime Authorities in Liquidation", "v1 · EU"),
        ("Berth Booking", "v2 · EU"),
        ("Fuel Prices", "v1 · APAC"),
        ("Container Events", "v4 · all regions"),
        ("Pilotage", "v1 · EU"),
    ];
    let choice = |(index, (name, hint)): (usize, (&str, &str))| {
        let choice = Choice::new(format!("api-{index}"), name).hint(hint);
        if index == 3 { choice.locked("You do not hold it, so it is not yours to give.") } else { choice }
    };
    names.into_iter().enumerate().map(choice).collect()
}

#[component]
fn Scoped(wrong: Vec<(&'static str, Problem)>, children: ChildrenFn) -> impl IntoView {
    scope(&wrong);
    children()
}

fn boxes(theme: &'static str) -> AnyView {
    let few = of(theme, "few-light", "few-dark");
    let kind = of(theme, "kind-light", "kind-dark");
    let wrong = vec![(few, Problem::Missing), (kind, Problem::Choice)];
    let areas = || {
        vec![
            Choice::new("team", "Team management").hint("Invite, remove, change roles"),
            Choice::new("apis", "API management"),
            Choice::new("billing", "Billing").locked("Only an Owner gives it."),
        ]
    };
    view! {
        <Demo title="Boxes, radios, date, text">
            <Scoped wrong>
                <CheckField name=of(theme, "all-light", "all-dark") label="All current and future APIs" help="Also those that are added later." checked=true/>
                <CheckField name=of(theme, "sso-light", "sso-dark") label="Single sign-on" locked="Comes with Enterprise."/>
                <div class="form-grid">
                    <CheckList
                        name=of(theme, "apis-light", "apis-dark")
                        legend="APIs"
                        choices=apis()
                        checked=BTreeSet::from(["api-1".to_owned(), "api-3".to_owned()])
                        help="Which of them this person reaches."
                        filter="Filter APIs"
                        nothing="No API has this in its name."
                    />
                    <CheckList name=few legend="Areas" choices=areas()/>
                </div>
                <RadioList
                    name=kind
                    legend="Kind of access"
                    choices=vec![
                        Choice::new("admin", "Admin").hint("Everything"),
                        Choice::new("member", "Member").hint("What is ticked"),
                        Choice::new("owner", "Owner").locked("Only an Owner gives it."),
                    ]
                    value="member"
                />
                <RadioList
                    name=of(theme, "scope-light", "scope-dark")
                    legend="Regions"
                    cards=true
                    choices=vec![
                        Choice::new("all", "One role for all regions").hint("Also in those that are added later"),
                        Choice::new("each", "One role for each").hint("Nothing where none is chosen"),
                    ]
                    value="all"
                />
                <DateField name=of(theme, "until-light", "until-dark") label="Until" min="2026-11-22" optional=true help="Ends at midnight, with notice before."/>
                <TextArea name=of(theme, "why-light", "why-dark") label="Why" placeholder="For whom, for what" optional=true/>
            </Scoped>
        </Demo>
    }
    .into_any()
}

fn people() -> Vec<Picked> {
    [
        ("1", "Zofia Wiśniewska", "zofia@hansa-shipping.test"),
        ("2", "山本 結衣", "yui.yamamoto@kestrel.test"),
        ("3", "José María Fernández-Villaverde y Ortega de los Puertos", "jose@iberia-carriers.test"),
        ("4", "Zofia Wójcik", "zofia@gdansk.test"),
    ]
    .map(|(id, name, hint)| Picked { id: id.into(), name: name.into(), hint: hint.into() })
    .to_vec()
}

fn picks(theme: &'static str) -> AnyView {
    let text = of(theme, "people-text-light", "people-text-dark");
    let name = of(theme, "people-light", "people-dark");
    view! {
        <Demo title="Picked people">
            <Scoped wrong=vec![(text, Problem::Choice)]>
                <SearchPick
                    name
                    text_name=text
                    label="People"
                    chosen_label="Chosen people"
                    placeholder="Name or address; several parted by ;"
                    help="From three characters on, names are suggested."
                    chosen=RwSignal::new(people()[..3].to_vec())
                    search=|text: String| async move {
                        let text = text.to_lowercase();
                        let fits = |picked: &Picked| format!("{} {}", picked.name, picked.hint).to_lowercase().contains(&text);
                        Ok(people().into_iter().filter(fits).collect())
                    }
                />
            </Scoped>
        </Demo>
    }
    .into_any()
}

/// A row of five cells: `.` not offered, `-` may not, `x` may, `l` locked, `L` locked and ticked.
fn row(theme: &str, name: &str, hint: &str, group: &str, cells: &str) -> MatrixRow {
    let cell = |c: char| Cell {
        offered: c != '.',
        ticked: c == 'x' || c == 'L',
        locked: c.eq_ignore_ascii_case(&'l').then(|| "You do not hold it, so it is not yours to give.".to_owned()),
    };
    MatrixRow {
        key: format!("{theme}-{}", name.to_lowercase().replace(' ', "-")),
        name: name.into(),
        hint: hint.into(),
        group: group.into(),
        cells: cells.chars().map(cell).collect(),
    }
}

fn matrix(theme: &'static str) -> AnyView {
    let ours = "Enforced by Portico, in the console and the REST API alike";
    let yours = "Enforced by your services, which ask Portico";
    let rows = vec![
        row(theme, "Team management", "Invite, remove, change roles", ours, "-----"),
        row(theme, "Developer accounts and applications", "Organizations, customers", ours, "xx---"),
        row(theme, "API management", "APIs, groups, access, API keys", ours, "xxx-x"),
        row(theme, "Billing", "Plan, invoices", ours, "Lllll"),
        row(theme, "Audit", "Who did what, when and why", ours, "x...-"),
        row(theme, "Documentation", "Enforced by docs.kestrel.test", yours, "xxx--"),
        row(theme, "API testing", "Enforced by the sandbox gateway", yours, "x..l-"),
    ];
    let ticked = RwSignal::new(matrix::saved(&rows));
    ticked.update(|ticked| {
        ticked.insert(rows[1].key.clone(), 0b01011);
        ticked.insert(rows[5].key.clone(), 0b00011);
    });
    let counted = rows.clone();
    let words = MatrixWords {
        caption: format!("What Integration developer may do, {theme}"),
        feature: "Feature",
        level: "Level",
        level_for: |feature| format!("Level for {feature}"),
        custom: "Custom",
        none: "Does not apply",
        cell: |feature, action, change| match change {
            Some(true) => format!("{feature}: {action}, added, not saved"),
            Some(false) => format!("{feature}: {action}, taken away, not saved"),
            None => format!("{feature}: {action}"),
        },
        legend: "Legend",
        may: "May",
        may_not: "May not",
        added: "Added, not saved",
        taken: "Taken away, not saved",
        locked: "You do not hold it, so it is not yours to give",
    };
    let pair = |key: &str, label: &str| (key.to_owned(), label.to_owned());
    let actions = vec![
        pair("view", "View"),
        pair("create", "Create"),
        pair("update", "Update"),
        pair("delete", "Delete"),
        pair("download", "Download"),
    ];
    let levels = [("No access", 0), ("View", 1), ("View and download", 17), ("Edit", 7), ("Full", 31)]
        .map(|(label, mask)| (label.to_owned(), mask))
        .to_vec();
    scope(&[]);
    view! {
        <Demo title="Permission matrix">
            <Matrix name=of(theme, "permissions-light", "permissions-dark") rows actions levels words ticked/>
            <p class="small muted">{move || format!("{} changes", matrix::changes(&counted, &ticked.read()))}</p>
        </Demo>
    }
    .into_any()
}

fn table(theme: &'static str) -> AnyView {
    let cell = |may: bool, words: &str, note: &str| TableCell { may, words: words.into(), note: note.into() };
    let row = |name: &str, hint: &str, group: &str, cells: Vec<TableCell>| TableRow {
        name: name.into(),
        hint: hint.into(),
        group: group.into(),
        cells,
    };
    let full = move || cell(true, "Full", "");
    let none = move || cell(false, "No access", "");
    view! {
        <Demo title="Roles compared">
            <MatrixTable
                caption=format!("Roles compared, {theme}")
                corner="Feature"
                columns=[("Administrator", "Built in"), ("Visitor", "Built in"), ("Integration developer", "Custom"), ("Finance", "Custom")]
                    .map(|(name, hint)| (name.to_owned(), hint.to_owned()))
                    .to_vec()
                rows=vec![
                    row("API keys", "Create, revoke", "Enforced by Portico", vec![full(), cell(true, "View", ""), cell(true, "Edit", "View, Create, Update"), none()]),
                    row("Billing", "", "Enforced by Portico", vec![full(), none(), none(), cell(true, "Custom", "View, Download")]),
                    row("Documentation", "docs.kestrel.test", "Enforced by your services", vec![full(), cell(true, "View", ""), cell(true, "Edit", ""), none()]),
                ]
            />
        </Demo>
    }
    .into_any()
}

fn effects(theme: &'static str) -> AnyView {
    let change = |id: &str, name: &str, what: &str| Change { id: id.into(), name: name.into(), what: what.into() };
    let gate = |state, state_label: &str, title: &str, detail: &str| Gate {
        state,
        state_label: state_label.into(),
        title: title.into(),
        detail: Some(detail.into()),
        icon: None,
    };
    let sides = vec![
        ChangeSide {
            gains: true,
            title: "9 gain something".into(),
            people: vec![
                change("a", "Zofia Wiśniewska", "Delete API management in EU"),
                change("b", "山本 結衣", "Delete API management, Download analytics in APAC"),
            ],
            more: Some(("7 more".into(), "#gain".into())),
        },
        ChangeSide {
            gains: false,
            title: "2 lose something".into(),
            people: vec![change("c", "Lê Quang Huy", "View account settings, Delete documentation")],
            more: Some(("1 more".into(), String::new())),
        },
    ];
    view! {
        <Demo title="Who gains, who loses">
            <section class="card">
                <header><h3>"Who gains, who loses"</h3><span class="badge push">"5 changes"</span></header>
                <div class="body">
                    <ChangeList
                        lead="Counted now, for the 14 users who hold this role."
                        sides
                        under=Some("3 see no difference: another role gives them the same.".into_any())
                    />
                </div>
            </section>
        </Demo>
        <Demo title="Why? in an aside">
            <section class="card">
                <header><h3>"Last refusal"</h3><span class="small faint push">"Today, 11:20"</span></header>
                <div class="body">
                    <Verdict
                        allowed=false
                        label="Denied"
                        detail="at gate 3 of 4"
                        gates=vec![
                            gate(GateState::Open, "Open:", "Account is active", "Joined 3 Mar 2026"),
                            gate(GateState::Open, "Open:", "Vessel Tracking v2 is reachable", "Through the group"),
                            gate(GateState::Shut, "Shut:", "Role Visitor does not permit Delete", "View only in US"),
                            gate(GateState::Beyond, "Not reached:", "Scope", "Not reached"),
                        ]
                        links=vec![None, Some(("Port operators".into(), "#group".into()))]
                        others_label="1 other path was looked at"
                        others=vec!["Developer for Lisbon Port Services: its scope is another organization.".into()]
                    />
                </div>
            </section>
        </Demo>
        <Demo title="Seats">
            <Stats>
                <Stat label="Active users" value="1,190" detail="+24 in 30 days"/>
                <Stat label="Seats" value="46" of="/ 50" detail="4 left on Enterprise"/>
            </Stats>
            <Meter label=format!("Seats, {theme}") used=46 total=Some(50) words="46 of 50" detail="4 left; the operator raises it."/>
            <Meter label=format!("Few, {theme}") used=12 total=Some(50) words="12 of 50"/>
            <Meter label=format!("Full, {theme}") used=50 total=Some(50) words="50 of 50"/>
            <Meter label=format!("Free, {theme}") used=3 total=None words="3, no limit"/>
        </Demo>
    }
    .into_any()
}
