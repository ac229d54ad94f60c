//! Pages of invitations.

pub mod activate;
pub mod invite;
pub mod list;
pub mod setup;
