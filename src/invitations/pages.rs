//! Pages of invitations.

pub mod invite;
pub mod list;
pub mod setup;
