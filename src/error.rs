//! The one error type that crosses between server and browser.

use std::collections::BTreeMap;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use crate::access::Refused;

/// What went wrong, as both sides understand it. It carries codes and field names, never prose: the words come from
/// the text catalogue, so that nothing another system wrote can be shown to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// There is no such thing here, or it is another workspace's: the same answer for both.
    NotFound,
    /// Nobody is signed in.
    Unauthorized,
    /// Signed in, but `access::decide` says no.
    Denied(Refused),
    /// A person's mistakes, each beside its field (field name → what is wrong).
    Invalid(BTreeMap<String, Problem>),
    /// What could be done of it was done; the rest is left, each with its problem.
    Partly(Box<Partly>),
    /// The whole act is refused, not one field of it.
    Refused(Refusal),
    /// Asked too often; may be tried again after this many seconds.
    RateLimited(u32),
    /// A fault of ours. The id is in the log beside the cause.
    Internal(String),
    /// The browser did not reach the server, or did not understand it.
    Transport,
}

/// What is left of a form of many addresses after those were sent that could be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partly {
    /// How many were sent.
    pub done: u32,
    /// What is left: the block, the place among its addresses, and why.
    pub left: Vec<(u8, u32, Problem)>,
    /// What is wrong with other fields.
    pub fields: BTreeMap<String, Problem>,
}

/// What is wrong with one field. `crate::text` has the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Problem {
    /// Nothing was entered.
    Missing,
    /// Longer than the field takes.
    TooLong,
    /// Holds a character that cannot be part of it (line breaks and other control characters).
    Forbidden,
    /// No @, or nothing on one of its sides.
    AddressShape,
    /// The part after @ has no dot or is not a domain name.
    AddressDomain,
    /// More than one address where one is expected.
    AddressSeveral,
    /// The address already has an account in this workspace.
    AlreadyUser,
    /// The address already has an open invitation.
    AlreadyInvited,
    /// The address stands in the list before.
    Twice,
    /// Addresses of this domain are not invited here.
    MailDomain,
    /// Every seat of the plan is taken.
    NoSeat,
    /// Too many mails in a short time: later.
    Limit,
    /// Something else in its block is wrong.
    Block,
    /// More addresses than are taken at a time.
    TooMany,
    /// Does not fulfil the rules for passwords.
    PasswordRules,
    /// The second entry differs from the first.
    PasswordDiffers,
    /// A new password that is the old one.
    SamePassword,
    /// Not a telephone number with its country code.
    Mobile,
    /// Not one of the choices offered.
    Choice,
    /// Above what the person who gives it holds.
    AboveYou,
    /// Nobody gives it to themselves.
    Oneself,
    /// Another one has this name already.
    Taken,
    /// Not made of small letters, digits and hyphens.
    Slug,
    /// Needs another plan.
    Plan,
    /// Names somebody or something that is not here.
    Unknown,
    /// Has passed already.
    Past,
    /// A user of an organization without one.
    NoOrganization,
    /// No number of days or no day that can be asked for or given.
    Days,
    /// A role is held there already.
    Held,
    /// No colour as `#14424b`.
    Colour,
    /// No placeholder that this text has, or a brace too many.
    Placeholder,
    /// Not from one hour to 90 days.
    Validity,
    /// As long as the link works, or longer.
    Reminder,
    /// No number of uses that a link can have.
    Uses,
    /// No domain of mail addresses.
    Domain,
}

/// Why an act as a whole is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Wrong password, unknown address, disabled account: one answer for all of them.
    SignIn,
    /// The link is used, deleted, replaced, expired or was never issued: one answer for all of them.
    DeadLink,
    /// The invitation was completed: told to who holds its link, who is no stranger.
    LinkUsed,
    /// The registration is complete and waits for approval.
    Waits,
    /// The invited address has got an account in another way meanwhile.
    AccountExists,
    /// The inviter may no longer give what the invitation offers.
    InviterGone,
    /// A group, an organization, a region or an API that the invitation offers is not there any more.
    OfferGone,
    /// The state machine has no such step from where the invitation stands now.
    NotNow,
    /// The workspace would be left without an active owner.
    LastOwner,
    /// Nobody edits, disables or removes their own account from the admin pages.
    Yourself,
    /// Only an owner changes an owner.
    AboveYou,
    /// Holds more than the actor, or belongs to an organization that is not the actor's.
    NotYours,
    /// Every seat of the plan is taken.
    NoSeat,
    /// The plan does not have this.
    Plan,
    /// A user of an organization belongs to at least one.
    LastOrganization,
    /// Only Developers hold several organizations.
    OneOrganization,
    /// A workspace has at least one region.
    LastRegion,
    /// Something still depends on it.
    InUse,
    /// It would give somebody more than whoever does it holds.
    GivesMore,
    /// Built-in roles are not changed.
    BuiltIn,
    /// A role permits more than the actor holds.
    RoleAboveYou,
    /// Whoever asks for access has it already.
    AlreadyHeld,
    /// Somebody else has decided the request.
    Decided,
    /// Nobody decides their own request.
    OwnRequest,
    /// Addresses of this domain are not invited here.
    MailDomain,
    /// The address has another open invitation.
    Invited,
    /// Something large is being changed in this workspace at this moment; what was asked is not done, and may be tried again.
    Busy,
    /// What a request asks for is not there any more.
    Gone,
    /// Nobody gives what they do not hold.
    NotYoursToGive,
    /// The form came from another site, or its fields are not those of the form.
    BadForm,
}

impl AppError {
    /// One field is wrong.
    pub fn field(name: &str, problem: Problem) -> Self {
        Self::Invalid(BTreeMap::from([(name.to_owned(), problem)]))
    }

    /// What is wrong with this field, if anything.
    pub fn problem(&self, field: &str) -> Option<Problem> {
        match self {
            Self::Invalid(fields) => fields.get(field).copied(),
            Self::Partly(partly) => partly.fields.get(field).copied(),
            _ => None,
        }
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::Unauthorized => 401,
            Self::Denied(_) => 403,
            Self::Invalid(_) | Self::Partly(_) => 422,
            Self::Refused(Refusal::SignIn) => 401,
            Self::Refused(Refusal::DeadLink) => 404,
            Self::Refused(
                Refusal::AboveYou
                | Refusal::GivesMore
                | Refusal::RoleAboveYou
                | Refusal::NotYours
                | Refusal::OwnRequest
                | Refusal::NotYoursToGive
                | Refusal::Yourself
                | Refusal::Plan,
            ) => 403,
            Self::Refused(Refusal::BadForm) => 400,
            Self::Refused(Refusal::Busy) => 503,
            Self::Refused(_) => 409,
            Self::RateLimited(_) => 429,
            Self::Internal(_) => 500,
            Self::Transport => 502,
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Refused(Refusal::BadForm),
            _ => Self::Transport,
        }
    }

    fn status_code(&self) -> http::StatusCode {
        http::StatusCode::from_u16(self.status()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Collects what is wrong with the fields of one form, so that all of it is shown at once.
#[derive(Debug, Default)]
pub struct Problems(BTreeMap<String, Problem>);

impl Problems {
    /// Takes the good value, or keeps the problem under the field's name.
    pub fn take<T>(&mut self, field: &str, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.insert(field.to_owned(), problem)).ok()
    }

    /// The error that holds all of them; `None` when there are none.
    pub fn error(self) -> Option<AppError> {
        (!self.0.is_empty()).then_some(AppError::Invalid(self.0))
    }
}
