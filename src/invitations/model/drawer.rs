//! What the invite drawer offers and sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::paste::{Typed, read_addresses};
use crate::{
    access::Category,
    error::{AppError, Problem, Problems},
    rights::model::{AssignForm, RightsChoices, end_of, read_day},
};

/// The most blocks of a form.
pub const MOST_BLOCKS: usize = 20;
/// The most addresses of one sending.
pub const MOST_ADDRESSES: usize = 10_000;
/// The longest personal message, in characters.
const MOST_MESSAGE: usize = 2_000;
/// The furthest end of a link, in days.
const MOST_DAYS: i64 = 3_650;

/// The names of the fields of one block.
#[derive(Clone, Copy, Debug)]
pub struct BlockNames {
    /// The addresses.
    pub emails: &'static str,
    /// The name of the one address.
    pub full_name: &'static str,
    /// The role.
    pub role: &'static str,
    /// A customer's Customer ID.
    pub customer_id: &'static str,
    /// The groups chosen.
    pub groups: &'static str,
    /// Groups by their names.
    pub more_groups: &'static str,
    /// What is given beside the role.
    pub areas: &'static str,
    /// All APIs, or chosen ones.
    pub scope: &'static str,
    /// The APIs chosen.
    pub apis: &'static str,
    /// The region.
    pub region: &'static str,
    /// The organization.
    pub organization: &'static str,
}

macro_rules! block_names {
    ($($n:literal)*) => {
        [$(BlockNames {
            emails: concat!("rows.", $n, ".emails"),
            full_name: concat!("rows.", $n, ".full_name"),
            role: concat!("rows.", $n, ".role"),
            customer_id: concat!("rows.", $n, ".customer_id"),
            groups: concat!("rows.", $n, ".groups"),
            more_groups: concat!("rows.", $n, ".more_groups"),
            areas: concat!("rows.", $n, ".areas"),
            scope: concat!("rows.", $n, ".scope"),
            apis: concat!("rows.", $n, ".apis"),
            region: concat!("rows.", $n, ".region"),
            organization: concat!("rows.", $n, ".organization"),
        }),*]
    };
}

/// The names of the fields of each block.
pub static BLOCKS: [BlockNames; MOST_BLOCKS] = block_names!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);

/// What "Invite by Email" sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    /// The slug of the category; a teammate's where it is empty.
    #[serde(default)]
    pub kind: String,
    /// Of organization users: the slug of the organization.
    #[serde(default)]
    pub organization: String,
    /// The blocks, by their places; a block that was taken away leaves a gap.
    #[serde(default)]
    pub rows: BTreeMap<u8, Block>,
    /// The inviter's own words.
    #[serde(default)]
    pub message: String,
    /// The language of the mail, as a language tag; English where it is empty.
    #[serde(default)]
    pub language: String,
    /// How long the links work; by the workspace's settings where it is empty.
    #[serde(default)]
    pub validity: String,
    /// The last day on which they work, where `validity` is `day`.
    #[serde(default)]
    pub until: String,
    /// Notify User: whether the invitees are told now.
    #[serde(default)]
    pub notify: bool,
    /// Only shows the form again, with one block more.
    #[serde(default)]
    pub more: bool,
    /// Only shows the form again, without the block at this place.
    #[serde(default)]
    pub drop: String,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// One block: some addresses and what they are offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The addresses as typed or pasted.
    #[serde(default)]
    pub emails: String,
    /// The full name, of one address.
    #[serde(default)]
    pub full_name: String,
    /// The role: a built-in one's slug, or a custom one's id.
    #[serde(default)]
    pub role: String,
    /// A customer's Customer ID.
    #[serde(default)]
    pub customer_id: String,
    /// Ids of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Names of groups, parted by `;`.
    #[serde(default)]
    pub more_groups: String,
    /// The areas that a Member is given.
    #[serde(default)]
    pub areas: Vec<String>,
    /// `all` or `chosen` APIs.
    #[serde(default)]
    pub scope: String,
    /// The slugs of those that are chosen.
    #[serde(default)]
    pub apis: Vec<String>,
    /// A region's slug, or `EVERYWHERE`.
    #[serde(default)]
    pub region: String,
    /// An organization's name or slug; empty for the whole workspace.
    #[serde(default)]
    pub organization: String,
}

impl Block {
    /// What it gives, as the form of an assignment.
    pub fn rights(&self) -> AssignForm {
        AssignForm {
            role: self.role.clone(),
            areas: self.areas.clone(),
            scope: self.scope.clone(),
            apis: self.apis.clone(),
            region: self.region.clone(),
            organization: self.organization.clone(),
            ..AssignForm::default()
        }
    }

    /// Whether nobody is named in it.
    fn is_blank(&self) -> bool {
        [&self.emails, &self.full_name, &self.customer_id].iter().all(|field| field.trim().is_empty())
    }
}

/// A block in which somebody is named: its place, and its addresses.
pub type Named<'a> = (u8, &'a Block, Vec<Typed>);

/// How long links work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// By the workspace's settings.
    Usual,
    /// This many hours.
    Hours(i64),
    /// Through a day.
    Day,
}

impl Validity {
    /// What the form offers.
    pub const ALL: [Self; 6] =
        [Self::Usual, Self::Hours(24), Self::Hours(72), Self::Hours(7 * 24), Self::Hours(30 * 24), Self::Day];

    /// The name in the form.
    pub fn slug(self) -> String {
        match self {
            Self::Usual => String::new(),
            Self::Hours(hours) => hours.to_string(),
            Self::Day => "day".into(),
        }
    }
}

impl InviteForm {
    /// How long the links work; as usual where that is no choice.
    pub fn validity(&self) -> Validity {
        Validity::ALL.into_iter().find(|it| it.slug() == self.validity).unwrap_or(Validity::Usual)
    }

    /// The category.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn category(&self) -> Result<Category, AppError> {
        match self.kind.as_str() {
            "" => Ok(Category::Teammate),
            kind => kind.parse().map_err(|()| AppError::field("kind", Problem::Choice)),
        }
    }

    /// The addresses of each block, in their order. Blocks in which nobody is named are left out, unless all are so.
    ///
    /// # Errors
    /// `Invalid`: nobody is named, or more than `MOST_ADDRESSES`.
    pub fn addresses(&self) -> Result<Vec<Named<'_>>, AppError> {
        let mut all = Vec::new();
        let (mut problems, mut count) = (Problems::default(), 0);
        for (place, block) in self.rows.iter().take(MOST_BLOCKS).filter(|(_, block)| !block.is_blank()) {
            let addresses = read_addresses(&block.emails);
            count += addresses.len();
            let verdict = if addresses.is_empty() {
                Err(Problem::Missing)
            } else if count > MOST_ADDRESSES {
                Err(Problem::TooMany)
            } else {
                Ok(())
            };
            problems.take(&format!("rows.{place}.emails"), verdict);
            all.push((*place, block, addresses));
        }
        if all.is_empty() {
            let first = self.rows.keys().next().copied().unwrap_or_default();
            problems.take::<()>(&format!("rows.{first}.emails"), Err(Problem::Missing));
        }
        problems.error().map_or(Ok(all), Err)
    }

    /// Until when the links work, from this moment on (Unix seconds); none for as long as usual.
    ///
    /// # Errors
    /// What is wrong with it, and in which field.
    fn valid_until(&self, at: i64) -> Result<Option<OffsetDateTime>, (&'static str, Problem)> {
        let known = Validity::ALL.into_iter().find(|it| it.slug() == self.validity.trim());
        let now = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let until = match known.ok_or(("validity", Problem::Choice))? {
            Validity::Usual => return Ok(None),
            Validity::Hours(hours) => now + Duration::hours(hours),
            Validity::Day => {
                let day = read_day(&self.until).and_then(|day| day.ok_or(Problem::Missing));
                end_of(day.map_err(|problem| ("until", problem))?)
            }
        };
        if until <= now {
            Err(("until", Problem::Past))
        } else if until > now + Duration::days(MOST_DAYS) {
            Err(("until", Problem::Days))
        } else {
            Ok(Some(until))
        }
    }

    /// What is said with all of them: the message, the language and the end of the links; `languages` are those that there are.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn said(&self, at: i64, languages: &[&str]) -> Result<(String, String, Option<OffsetDateTime>), AppError> {
        let mut problems = Problems::default();
        let message = self.message.trim().replace("\r\n", "\n");
        let fine = |c: char| c == '\n' || c == '\t' || !c.is_control();
        let verdict = if message.chars().count() > MOST_MESSAGE {
            Err(Problem::TooLong)
        } else if !message.chars().all(fine) {
            Err(Problem::Forbidden)
        } else {
            Ok(())
        };
        problems.take("message", verdict);
        let language = match self.language.as_str() {
            "" => languages.first().copied(),
            tag => languages.iter().find(|known| **known == tag).copied(),
        };
        let language = problems.take("language", language.ok_or(Problem::Choice));
        let until = match self.valid_until(at) {
            Ok(until) => Some(until),
            Err((field, problem)) => problems.take(field, Err(problem)),
        };
        match (language, until, problems.error()) {
            (Some(language), Some(until), None) => Ok((message, language.to_owned(), until)),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// What the drawer offers its reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteChoices {
    /// Roles, areas, APIs and organizations, and what a block shows first.
    pub rights: RightsChoices,
    /// Whether groups can be given.
    pub groups: bool,
    /// Of teammates: free seats, and seats in all.
    pub seats: Option<(i64, i64)>,
    /// How long links work by the workspace's settings, in hours.
    pub hours: i64,
}

/// The verdict on each address of each block, in their order; empty for a block whose other fields are not understood yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged(pub BTreeMap<u8, Vec<Option<Problem>>>);

/// Whom to send an open invitation again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendForm {
    /// The address.
    pub email: String,
}

/// Whom to send the activation mail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateForm {
    /// The account.
    pub id: Uuid,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_700_000_000;

    fn form(emails: &[(u8, &str)]) -> InviteForm {
        let block = |emails: &str| Block { emails: emails.into(), ..Block::default() };
        InviteForm { rows: emails.iter().map(|(place, text)| (*place, block(text))).collect(), ..InviteForm::default() }
    }

    #[test]
    fn blocks_without_anybody_are_left_out_unless_all_are() {
        let two = form(&[(0, "a@b.test c@d.test"), (3, " ")]);
        assert_eq!(two.addresses().map(|all| all.len()), Ok(1));
        assert_eq!(form(&[(2, " ; ")]).addresses(), Err(AppError::field("rows.2.emails", Problem::Missing)));
        assert_eq!(form(&[]).addresses(), Err(AppError::field("rows.0.emails", Problem::Missing)));
        let mut named = form(&[(0, "a@b.test"), (1, "")]);
        named.rows.entry(1).or_default().full_name = "Zofia".into();
        assert_eq!(named.addresses(), Err(AppError::field("rows.1.emails", Problem::Missing)));
    }

    #[test]
    fn ten_thousand_addresses_at_a_time() {
        let text = |count: usize| (0..count).map(|n| format!("u{n}@b.test ")).collect::<String>();
        assert!(form(&[(0, &text(MOST_ADDRESSES))]).addresses().is_ok());
        let over = form(&[(0, &text(MOST_ADDRESSES)), (1, "one@more.test")]);
        assert_eq!(over.addresses(), Err(AppError::field("rows.1.emails", Problem::TooMany)));
    }

    #[test]
    fn a_link_ends_in_the_future() {
        let until = |validity: &str, until: &str| {
            let form = InviteForm { validity: validity.into(), until: until.into(), ..InviteForm::default() };
            form.said(AT, &["en"]).map(|(.., until)| until.map(|until| until.unix_timestamp() - AT))
        };
        assert_eq!(until("", ""), Ok(None));
        assert_eq!(until("24", ""), Ok(Some(86_400)));
        assert_eq!(until("720", "never"), Ok(Some(30 * 86_400)));
        assert_eq!(until("day", "2023-11-15"), Ok(Some(1_700_092_800 - AT)));
        assert_eq!(until("day", "2023-11-13"), Err(AppError::field("until", Problem::Past)));
        assert_eq!(until("day", "2043-11-13"), Err(AppError::field("until", Problem::Days)));
        assert_eq!(until("day", ""), Err(AppError::field("until", Problem::Missing)));
        assert_eq!(until("1", ""), Err(AppError::field("validity", Problem::Choice)));
    }

    #[test]
    fn messages_are_text_of_several_lines() {
        let said = |message: &str| {
            InviteForm { message: message.into(), ..InviteForm::default() }
                .said(AT, &["en"])
                .map(|(message, ..)| message)
        };
        assert_eq!(said(" Hello\r\nLars "), Ok("Hello\nLars".into()));
        assert_eq!(said("a\u{0}b"), Err(AppError::field("message", Problem::Forbidden)));
        assert_eq!(said(&"x".repeat(2_001)), Err(AppError::field("message", Problem::TooLong)));
        let tag = InviteForm { language: "xx".into(), ..InviteForm::default() };
        assert_eq!(tag.said(AT, &["en"]), Err(AppError::field("language", Problem::Choice)));
    }
}
