//! What an import is: a file, a verdict for each of its rows, and how far it has come.

mod column;
mod flaw;

pub use column::{Column, columns, template};
pub use flaw::{FileFlaw, Flaw};

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::{Category, Feature};

/// Rows that a file may have.
pub const MOST_ROWS: usize = 100_000;

/// Bytes that a file may have: 50 MB.
pub const MOST_BYTES: usize = 50 * 1024 * 1024;

/// For how many days a dry run waits to be imported; then what was sealed for it is erased.
pub const CHECKED_DAYS: i32 = 1;

/// For how many days the result of an import is kept.
pub const KEPT_DAYS: i32 = 30;

/// The section that an import belongs to: who may create in it may import. Users of organizations are not imported.
pub fn section(kind: Category) -> Option<Feature> {
    match kind {
        Category::Teammate => Some(Feature::Team),
        Category::Customer => Some(Feature::Accounts),
        Category::Organization => None,
    }
}

/// The letters of a file, as they were taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without its mark.
    #[default]
    Utf8,
    /// UTF-16, either way around.
    Utf16,
    /// Windows-1252, which Western European spreadsheets write.
    Windows1252,
}

impl Encoding {
    const ALL: [Self; 3] = [Self::Utf8, Self::Utf16, Self::Windows1252];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf16 => "utf16",
            Self::Windows1252 => "windows1252",
        }
    }

    /// The name for people: the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

impl FromStr for Encoding {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// The file is being read.
    Staging,
    /// The dry run is done: every row has its verdict, and nothing has changed.
    Checked,
    /// Started: passwords are hashed, then all is written at once.
    Running,
    /// All that was valid is in.
    Done,
    /// Nothing was written.
    Failed,
    /// Stopped by a person before anything was written.
    Cancelled,
}

impl State {
    const ALL: [Self; 6] = [Self::Staging, Self::Checked, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Staging => "staging",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// A row that was valid is not any more: its verdict says why.
    Rows,
    /// Whoever started it may not import any more.
    Rights,
    /// The plan has no invitations any more.
    Plan,
    /// It was not started in time.
    Expired,
    /// A fault of ours, several times.
    Fault,
}

impl Ending {
    const ALL: [Self; 5] = [Self::Rows, Self::Rights, Self::Plan, Self::Expired, Self::Fault];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Rights => "rights",
            Self::Plan => "plan",
            Self::Expired => "expired",
            Self::Fault => "fault",
        }
    }
}

impl FromStr for Ending {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// An account is made.
    #[default]
    New,
    /// There already: gets the role and the groups of the file.
    Update,
    /// There already, just so.
    Same,
    /// There already, and left as it is.
    Skip,
    /// Cannot be imported.
    Wrong,
}

impl Verdict {
    /// All, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Wrong, Self::New, Self::Update, Self::Same, Self::Skip];

    /// The name in the database and in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::Same => "same",
            Self::Skip => "skip",
            Self::Wrong => "wrong",
        }
    }
}

impl FromStr for Verdict {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.slug() == slug).ok_or(())
    }
}

/// How many rows have which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// See `Verdict::New`.
    pub new: i32,
    /// See `Verdict::Update`.
    pub update: i32,
    /// See `Verdict::Same`.
    pub same: i32,
    /// See `Verdict::Skip`.
    pub skip: i32,
    /// See `Verdict::Wrong`.
    pub wrong: i32,
    /// How many new ones have no password in the file and get a link to set one.
    pub links: i32,
}

impl Counts {
    /// Of one verdict.
    pub fn of(self, verdict: Verdict) -> i32 {
        match verdict {
            Verdict::New => self.new,
            Verdict::Update => self.update,
            Verdict::Same => self.same,
            Verdict::Skip => self.skip,
            Verdict::Wrong => self.wrong,
        }
    }

    /// Rows in all.
    pub fn all(self) -> i32 {
        Verdict::ALL.into_iter().map(|verdict| self.of(verdict)).sum()
    }

    /// Rows that an import writes.
    pub fn written(self) -> i32 {
        self.new + self.update
    }

    /// Passwords that are hashed.
    pub fn to_hash(self) -> i32 {
        self.new - self.links
    }
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// Of what kind of users.
    pub kind: Category,
    /// Where it stands.
    pub state: State,
    /// Why it failed.
    pub ending: Option<Ending>,
    /// The name of the file.
    pub file_name: String,
    /// Its letters, as they were taken.
    pub encoding: Encoding,
    /// What parts its cells.
    pub separator: char,
    /// Its columns that mean nothing here.
    pub ignored: Vec<String>,
    /// Whether users who are there already get the role and the groups of the file.
    pub update_existing: bool,
    /// Whether a new password is required at the first sign-in.
    pub new_password: bool,
    /// Who checked or started it last; the name stays when the person goes.
    pub starter_name: String,
    /// When the file came.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
    /// When it ended.
    #[serde(with = "time::serde::timestamp::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// Rows by their verdict.
    pub counts: Counts,
    /// Passwords hashed so far.
    pub hashed: i32,
    /// Rows written so far, all of which count at the end or none.
    pub written: i32,
}

/// One row with its verdict. It never holds the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The row of the spreadsheet; its head is 1.
    pub n: i32,
    /// The address as typed.
    pub email: String,
    /// Full name.
    pub full_name: String,
    /// The role as typed.
    pub role: String,
    /// The groups as typed.
    pub groups: String,
    /// A customer's Customer ID.
    pub customer_id: String,
    /// Whether the file has a password for it.
    pub with_password: bool,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is wrong, with which column, and the other row or the name that it is about.
    pub wrong: Option<(Flaw, Option<Column>, String)>,
}

/// What starting and cancelling send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportForm {
    /// Which import.
    pub id: Uuid,
    /// Of what kind of users: the slug.
    pub kind: String,
}

impl ImportForm {
    /// The kind; users of organizations where it is none, of whom there is no import.
    pub fn category(&self) -> Category {
        self.kind.parse().unwrap_or(Category::Organization)
    }
}
