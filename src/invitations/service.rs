//! Use cases of invitations.

mod accept;
mod activate;
mod ask;
mod drawer;
mod invite;
mod issue;
mod read;
mod remind;
mod review;
mod several;

pub use accept::{Completion, complete_setup, open_invitation};
pub use activate::{activate, check_newcomer, forget_account, send_activation, withdraw_activation};
pub use ask::{ask_for_link, note_opened};
pub use drawer::{Done as Invited, invite, judge_form, read_choices, resend_to, search_groups};
pub use invite::{Ask, Said, check_offer, invite_all};
pub use issue::{Sent, Wanted, ask_about, ask_still_gives, begin, issue, plan_invites, section, still_gives};
pub use read::{export_invitations, find_invitation, list_invitations};
pub use remind::remind;
pub use review::review_invitation;
pub use several::{Done, delete_invitation, delete_invitations, resend_invitation, resend_invitations};

pub use super::model::Verdict;
