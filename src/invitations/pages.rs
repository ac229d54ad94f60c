//! Pages of invitations.

pub mod dead_end;
pub mod invite;
pub mod list;
pub mod setup;
