//! English.

use crate::{
    access::Category,
    imports::model::{Column, Ending, FileFlaw, Flaw, State, Verdict},
    text::imports::Imports,
    ui::page::grouped,
};

pub static IMPORTS: Imports = Imports {
    title: "Bulk Import",
    lead: |kind| match kind {
        Category::Customer => "Customers out of a CSV file.",
        _ => "Users out of a CSV file.",
    },
    crumbs: "Breadcrumb",
    step_template: "1. Download the CSV template",
    columns: |columns| {
        let name =
            |(head, needed): &(&str, bool)| if *needed { (*head).to_owned() } else { format!("{head} (optional)") };
        format!("Columns: {}.", columns.iter().map(name).collect::<Vec<_>>().join(", "))
    },
    template: "Download template",
    step_file: "2. Upload the CSV file",
    file: "CSV file",
    file_help: "Choose the file or drop it here. You see a verdict for every row before anything is written.",
    step_options: "3. Say how it is imported",
    existing: "Who is there already",
    skip: "Leave as they are",
    skip_hint: "Only new people are imported.",
    update: "Update role and groups",
    update_hint: "Names and passwords stay. A row without group leaves the groups as they are.",
    new_password: "Require a new password at first sign-in",
    new_password_hint: "Whoever is imported chooses a password of their own before anything.",
    no_mail: |kind| match kind {
        Category::Customer => {
            "Customers imported this way receive immediate access and no email invitation is sent. A row without a password gets a link to set one."
        }
        _ => {
            "Users imported this way receive immediate access and no email invitation is sent. A row without a password gets a link to set one."
        }
    },
    up_to: "Up to 100,000 rows and 50 MB",
    check: "Check file",
    refused: "This file was not taken in.",
    file_flaw: |flaw| match flaw {
        FileFlaw::NoFile => "No file was chosen. Choose a CSV file and check it again.".into(),
        FileFlaw::NoRows => "It has no rows. Fill in the template, one person in each row.".into(),
        FileFlaw::Heads(columns) => format!(
            "Its first row lacks {}. The first row names the columns, as in the template.",
            list(&columns.iter().map(|it| it.head()).collect::<Vec<_>>())
        ),
        FileFlaw::Twice(column) => {
            format!("Two of its columns are {}. Take one of them away, or give it another name.", column.head())
        }
        FileFlaw::TooManyRows => "It has more than 100,000 rows. Part it into several files.".into(),
        FileFlaw::TooLarge => "It is larger than 50 MB. Part it into several files.".into(),
        FileFlaw::Endless(row) => {
            format!(
                "Row {row} does not end: a quotation mark is opened there and never closed. Close it or take it away."
            )
        }
        FileFlaw::Workbook => "It is a workbook. In the spreadsheet, save it as CSV, and upload that.".into(),
        FileFlaw::Broken => "It did not arrive whole. Upload it again.".into(),
    },
    past: "Past imports",
    past_none: "Nothing was imported yet",
    past_none_body: "Imports stand here for 30 days, with their results.",
    past_caption: "Past imports",
    past_kept: "Kept for 30 days",
    file_head: "File",
    by: "By",
    at: "When",
    state_head: "State",
    outcome: "Rows",
    steps: "Steps",
    steps_of: ["Upload", "Dry run", "Import"],
    taken: |import| {
        let separator = match import.separator {
            '\t' => "tab".to_owned(),
            ',' => "comma".to_owned(),
            ';' => "semicolon".to_owned(),
            other => other.to_string(),
        };
        let read = format!("{}, separator {separator}, {}.", import.encoding.name(), rows(import.counts.all()));
        match import.ignored.as_slice() {
            [] => read,
            [one] => format!("{read} The column {one} was not read."),
            several => format!("{read} The columns {} were not read.", several.join(", ")),
        }
    },
    nothing_written: "Nothing has been written.",
    summary: |counts| {
        let parts =
            [(counts.new, "new"), (counts.update, "updated"), (counts.same, "unchanged"), (counts.skip, "skipped")];
        let mut said: Vec<String> =
            parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{} {word}", number(n))).collect();
        if counts.wrong > 0 {
            said.push(format!("{} with errors", number(counts.wrong)));
        }
        if said.is_empty() { "No rows".into() } else { said.join(", ") }
    },
    done_summary: |counts| format!("{} imported, {} updated.", people(counts.new), number(counts.update)),
    links: |n| match n {
        1 => "1 has no password in the file and gets a link to set one.".into(),
        n => format!("{} have no password in the file and get a link to set one.", number(n)),
    },
    left_out: |n| match n {
        1 => "1 row has an error and is left out.".into(),
        n => format!("{} rows have errors and are left out.", number(n)),
    },
    left_out_body: "All other rows are imported together, or none is. Correct the file and upload it again, or go on without them.",
    nothing_to_do: "There is nothing to import in this file.",
    state: |state| match state {
        State::Staging => "Being read",
        State::Checked => "Dry run",
        State::Running => "Running",
        State::Done => "Done",
        State::Failed => "Failed",
        State::Cancelled => "Cancelled",
    },
    ending: |ending| match ending {
        Ending::Rows => {
            "Something has changed since the dry run: the rows with errors say what. Correct it and upload the file again."
        }
        Ending::Rights => "Whoever started it may not do this any more. Somebody who may can upload the file again.",
        Ending::Plan => "The plan has no imports any more.",
        Ending::Expired => "It was not started within a day. Upload the file again.",
        Ending::Fault => "A fault of ours stopped it several times. Ask whoever runs this server to look into its log.",
    },
    verdicts: "Verdict",
    all: "All",
    verdict: |verdict| match verdict {
        Verdict::New => "New",
        Verdict::Update => "Updated",
        Verdict::Same => "Unchanged",
        Verdict::Skip => "Skipped",
        Verdict::Wrong => "Error",
    },
    verdict_head: "Verdict",
    row: "Row",
    name: "Name",
    group: "Group",
    customer_id: "Customer ID",
    detail: "What is wrong",
    caption: "Rows of the file with their verdicts",
    rows_shown: |shown, total| {
        format!(
            "{} of {}",
            number(i32::try_from(shown).unwrap_or(i32::MAX)),
            rows(i32::try_from(total).unwrap_or(i32::MAX))
        )
    },
    none_of: "No such row",
    none_of_body: "No row of this file has this verdict.",
    will: |verdict, link| match (verdict, link) {
        (Verdict::New, true) => "Will be created, with a link",
        (Verdict::New, false) => "Will be created",
        (Verdict::Update, _) => "Will be updated",
        (Verdict::Same, _) => "Is there already: unchanged",
        (Verdict::Skip, _) => "Is there already: skipped",
        (Verdict::Wrong, _) => "Cannot be imported",
    },
    was: |verdict| match verdict {
        Verdict::New => "Created",
        Verdict::Update => "Updated",
        Verdict::Same => "Unchanged",
        Verdict::Skip => "Skipped",
        Verdict::Wrong => "Left out",
    },
    flaw_at: |flaw, column, about| {
        let said = match flaw {
            Flaw::Missing => "nothing is there".to_owned(),
            Flaw::TooLong => "too long".into(),
            Flaw::Forbidden => "holds a character that cannot be used here".into(),
            Flaw::Unreadable => "holds a character that could not be read; save the file as UTF-8".into(),
            Flaw::AddressShape => "an address looks like name@company.test".into(),
            Flaw::AddressDomain => "the part after @ is no domain".into(),
            Flaw::AddressSeveral => "one address in each row, with one @".into(),
            Flaw::Twice => format!("same as row {about}"),
            Flaw::Cells => {
                "more cells than the first row has; a cell with a separator in it needs quotation marks".into()
            }
            Flaw::UnknownRole => format!("there is no role “{about}”"),
            Flaw::RoleAbove => "above your own rights".into(),
            Flaw::UnknownGroup => format!("there is no group “{about}”"),
            Flaw::GroupAbove => "leads to APIs beyond your own rights".into(),
            Flaw::CustomerAbove => "leads to APIs beyond your own rights".into(),
            Flaw::OtherCustomer => "the customer has another one; change it on their own page".into(),
            Flaw::PasswordRules => {
                "10 to 16 characters, with small and capital letters, a number and a special character".into()
            }
            Flaw::OtherKind => "belongs to a user of another kind".into(),
            Flaw::Invited => "has an open invitation; delete that first".into(),
            Flaw::MailDomain => "addresses of this domain are not invited here".into(),
            Flaw::NoSeat => "every seat is taken".into(),
            Flaw::Yourself => "you do not change yourself".into(),
            Flaw::AboveYou => "holds more than you do".into(),
            Flaw::Changed => "was there at the dry run and is gone; upload the file again".into(),
        };
        match column {
            Some(column) => format!("{}: {said}", head(column)),
            None => format!("Row: {said}"),
        }
    },
    import: |n, kind| {
        let what = match (kind, n) {
            (Category::Customer, 1) => "customer",
            (Category::Customer, _) => "customers",
            (_, 1) => "user",
            _ => "users",
        };
        format!("Import {} {what}", number(n))
    },
    cancel: "Cancel import",
    running: |import| {
        let (hashed, to_hash) = (import.hashed, import.counts.to_hash());
        if hashed < to_hash {
            format!("{} of {} passwords", number(hashed), number(to_hash))
        } else {
            format!("Writing {} of {}", number(import.written), rows(import.counts.written()))
        }
    },
    running_body: "You may leave this page: it goes on, and its result stands here afterwards. Until the end nothing counts; then all of it does.",
    progress: |file| format!("Import of {file}"),
    result: "Download result",
    another: "Another file",
    done: "The import is done.",
    failed: "Nothing was imported.",
    stopped: "It was cancelled; nothing was imported.",
    started: "The import has begun.",
    started_body: "It goes on when you leave the page.",
    cancelled: "The import was cancelled.",
    past_link: "Past imports",
    password_title: "Choose a new password",
    password_body: "The password that you signed in with was given to you by somebody else. Choose one that only you know.",
    password_save: "Save and go on",
    password_chosen: "Your new password is set.",
};

fn head(column: Column) -> &'static str {
    column.head()
}

fn number(n: i32) -> String {
    grouped(u64::try_from(n).unwrap_or_default())
}

fn rows(n: i32) -> String {
    if n == 1 { "1 row".into() } else { format!("{} rows", number(n)) }
}

fn people(n: i32) -> String {
    if n == 1 { "1 person".into() } else { format!("{} people", number(n)) }
}

fn list(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}
