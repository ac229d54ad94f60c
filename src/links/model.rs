//! What an invitation link is, and where it stands (DESIGN.md section 3).

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{Category, RoleRef},
    accounts::model::check_address,
    customers::model::check_customer_id,
    error::{AppError, Problem, Problems},
    invitations::model::Status,
};

/// Hours for which a link works, as they are offered; the workspace's own number beside them.
pub const HOURS: [u32; 5] = [1, 8, 24, 72, 168];

/// The longest that a link works, in hours: thirty days.
pub const MOST_HOURS: u32 = 720;

/// The most uses that a link can be limited to.
pub const MOST_USES: i32 = 10_000;

/// How many of those who came by a link are listed with it.
pub const MOST_SHOWN: usize = 10;

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    /// Whoever has it may join.
    Active,
    /// Its time has passed.
    Expired,
    /// As many came by it as it is limited to. When one of them goes, it is active again.
    UsedUp,
    /// Somebody has switched it off, for good.
    Off,
}

impl State {
    /// Out of what is stored, and of what the database's clock and count say now. What is final is told first.
    pub fn read(off: bool, past: bool, uses: i64, most: Option<i32>) -> Self {
        if off {
            Self::Off
        } else if past {
            Self::Expired
        } else if most.is_some_and(|most| uses >= i64::from(most)) {
            Self::UsedUp
        } else {
            Self::Active
        }
    }

    /// Whether somebody may join by it.
    pub fn lets_in(self) -> bool {
        self == Self::Active
    }

    /// Whether there is anything left to switch off.
    pub fn can_end(self) -> bool {
        matches!(self, Self::Active | Self::UsedUp)
    }
}

/// Why a link lets nobody in though it is active. Strangers are not told; whoever looks after links is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// Its maker has gone, or may not give any more what it offers.
    Maker,
    /// The role or something else that it offers is gone.
    Offer,
    /// The plan has no invitations.
    Plan,
    /// Every seat is taken.
    Seats,
}

/// Why an address that was given to a link is not invited by it: it is told by mail, and nobody else is (PITFALLS.md 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNew {
    /// The address has an account.
    Account,
    /// It has an invitation that came in another way.
    Invited,
    /// It has registered, and waits for approval.
    Waits,
    /// There is no seat.
    Full,
    /// Addresses of its domain are not invited here.
    Domain,
}

/// Somebody who came by a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comer {
    /// The invitation.
    pub id: Uuid,
    /// The address.
    pub email: String,
    /// Where the invitation stands.
    pub status: Status,
}

/// One line of the list of links. The secret is not among it: it is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id.
    pub id: Uuid,
    /// The role that it offers.
    pub role: RoleRef,
    /// The names of the groups that it offers.
    pub groups: Vec<String>,
    /// The Customer ID that it offers.
    pub customer_id: Option<String>,
    /// The domain that its addresses are of.
    pub mail_domain: Option<String>,
    /// Who made it.
    pub maker_name: String,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub made_at: OffsetDateTime,
    /// Until when it works.
    #[serde(with = "time::serde::timestamp")]
    pub valid_until: OffsetDateTime,
    /// How many are in by it, or on their way.
    pub uses: i64,
    /// How many may be.
    pub most_uses: Option<i32>,
    /// How many invitations by it are open, not waiting for a review.
    pub open: i64,
    /// Where it stands.
    pub state: State,
    /// What is wrong with it.
    pub trouble: Option<Trouble>,
    /// The newest who came by it, up to `MOST_SHOWN`.
    pub comers: Vec<Comer>,
    /// How many more there are.
    pub more_comers: i64,
    /// Whether the reader may switch it off.
    pub yours: bool,
}

/// What the form of a new link offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// The roles that the reader may give.
    pub roles: Vec<RoleRef>,
    /// The hours that links work by the workspace's settings.
    pub hours: u32,
}

/// What **Generate Link** sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLinkForm {
    /// Whom it invites: teammates or customers.
    pub kind: Category,
    /// The role: a built-in one's slug, or a custom one's id.
    pub role: String,
    /// Ids of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Names of groups, parted by `;`.
    #[serde(default)]
    pub more_groups: String,
    /// The Customer ID, of customers alone.
    #[serde(default)]
    pub customer_id: String,
    /// For how many hours it works.
    #[serde(default)]
    pub hours: String,
    /// How many may use it; empty for any number.
    #[serde(default)]
    pub most_uses: String,
    /// The domain of the addresses; empty for all.
    #[serde(default)]
    pub mail_domain: String,
}

/// The checked form of a new link, but for what the workspace knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// The role's id.
    pub role: Uuid,
    /// The Customer ID, of customers alone.
    pub customer_id: Option<String>,
    /// For how many hours it works.
    pub hours: u32,
    /// How many may use it.
    pub most_uses: Option<i32>,
    /// The domain of the addresses, as typed.
    pub mail_domain: Option<String>,
}

impl NewLinkForm {
    /// Checks every field and reports all mistakes at once.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<NewLink, AppError> {
        let mut problems = Problems::default();
        let kind = match self.kind {
            Category::Teammate | Category::Customer => Ok(()),
            Category::Organization => Err(Problem::Choice),
        };
        let kind = problems.take("kind", kind);
        let role = problems.take("role", RoleRef::read_key(&self.role).ok_or(Problem::Choice));
        let customer_id = match self.kind {
            Category::Customer => problems.take("customer_id", check_customer_id(&self.customer_id).map(Some)),
            Category::Teammate | Category::Organization => Some(None),
        };
        let hours = problems.take("hours", check_hours(&self.hours));
        let most_uses = problems.take("most_uses", check_uses(&self.most_uses));
        let mail_domain = problems.take("mail_domain", check_domain(&self.mail_domain));
        match (kind, role, customer_id, hours, most_uses, mail_domain, problems.error()) {
            (Some(()), Some(role), Some(customer_id), Some(hours), Some(most_uses), Some(mail_domain), None) => {
                Ok(NewLink { role, customer_id, hours, most_uses, mail_domain })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

fn check_hours(typed: &str) -> Result<u32, Problem> {
    typed.trim().parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours)).ok_or(Problem::Choice)
}

fn check_uses(typed: &str) -> Result<Option<i32>, Problem> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed.parse().ok().filter(|uses| (1..=MOST_USES).contains(uses)).map(Some).ok_or(Problem::Uses),
    }
}

/// The part after the @, which may be typed with it.
fn check_domain(typed: &str) -> Result<Option<String>, Problem> {
    match typed.trim().trim_start_matches('@') {
        "" => Ok(None),
        domain => {
            check_address(&format!("x@{domain}")).map_err(|_| Problem::Domain)?;
            Ok(Some(domain.to_owned()))
        }
    }
}

/// What switches a link off.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    /// Which one.
    pub id: Uuid,
    /// Whether the open invitations by it go as well.
    #[serde(default)]
    pub withdraw: bool,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// What whoever has a link is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// Who invites.
    pub inviter_name: String,
    /// The inviter's role.
    pub inviter_role: Option<RoleRef>,
    /// The role offered.
    pub role: RoleRef,
    /// The domain that addresses are of.
    pub mail_domain: Option<String>,
    /// Until when the link works.
    #[serde(with = "time::serde::timestamp")]
    pub valid_until: OffsetDateTime,
}

/// What the page of a link sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinForm {
    /// The token of the link.
    pub token: String,
    /// The address as typed.
    #[serde(default)]
    pub email: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_what_clock_count_and_switch_say() {
        use State::{Active, Expired, Off, UsedUp};
        let states = |uses, most| {
            [(false, false), (false, true), (true, false), (true, true)]
                .map(|(off, past)| State::read(off, past, uses, most))
        };
        assert_eq!(states(0, None), [Active, Expired, Off, Off]);
        assert_eq!(states(1_000_000, None), [Active, Expired, Off, Off], "no limit is no limit");
        assert_eq!(states(9, Some(10)), [Active, Expired, Off, Off]);
        assert_eq!(states(10, Some(10)), [UsedUp, Expired, Off, Off]);
        assert_eq!(states(11, Some(10)), [UsedUp, Expired, Off, Off]);
        assert_eq!([Active, Expired, UsedUp, Off].map(State::lets_in), [true, false, false, false]);
        assert_eq!([Active, Expired, UsedUp, Off].map(State::can_end), [true, false, true, false]);
    }

    fn form(kind: Category) -> NewLinkForm {
        NewLinkForm {
            kind,
            role: "member".into(),
            groups: Vec::new(),
            more_groups: String::new(),
            customer_id: String::new(),
            hours: "24".into(),
            most_uses: String::new(),
            mail_domain: String::new(),
        }
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let wrong = NewLinkForm {
            role: "king".into(),
            hours: "721".into(),
            most_uses: "0".into(),
            mail_domain: "a b".into(),
            ..form(Category::Customer)
        };
        let error = wrong.check().unwrap_err();
        assert_eq!(error.problem("role"), Some(Problem::Choice));
        assert_eq!(error.problem("hours"), Some(Problem::Choice));
        assert_eq!(error.problem("most_uses"), Some(Problem::Uses));
        assert_eq!(error.problem("mail_domain"), Some(Problem::Domain));
        assert_eq!(error.problem("customer_id"), Some(Problem::Missing));
        assert_eq!(form(Category::Organization).check().unwrap_err().problem("kind"), Some(Problem::Choice));
    }

    #[test]
    fn what_may_stay_empty_may() {
        let link = form(Category::Teammate).check().unwrap();
        assert_eq!((link.customer_id, link.hours, link.most_uses, link.mail_domain), (None, 24, None, None));
        let typed =
            NewLinkForm { most_uses: " 10 ".into(), mail_domain: "@Kestrel.test".into(), ..form(Category::Teammate) };
        let link = typed.check().unwrap();
        assert_eq!((link.most_uses, link.mail_domain.as_deref()), (Some(10), Some("Kestrel.test")));
    }
}
