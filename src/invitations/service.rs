//! Use cases of invitations.

mod accept;
mod invite;
mod issue;
mod read;
mod review;
mod several;

pub use accept::{Completion, complete_setup, open_invitation};
pub use invite::{Ask, Said, invite_all, invite_user};
pub use issue::Sent;
pub use read::{export_invitations, find_invitation, list_invitations};
pub use review::review_invitation;
pub use several::{Done, delete_invitation, delete_invitations, resend_invitation, resend_invitations};

pub use super::model::Verdict;
