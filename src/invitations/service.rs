//! Use cases of invitations.

mod accept;
mod ask;
mod invite;
mod issue;
mod read;
mod remind;
mod review;
mod several;

pub use accept::{Completion, complete_setup, open_invitation};
pub use ask::{ask_for_link, note_opened};
pub use invite::{Ask, Said, invite_all, invite_user};
pub use issue::Sent;
pub use read::{export_invitations, find_invitation, list_invitations};
pub use remind::remind;
pub use review::review_invitation;
pub use several::{Done, delete_invitation, delete_invitations, resend_invitation, resend_invitations};

pub use super::model::Verdict;
