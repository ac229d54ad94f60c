//! Pages of invitations.

pub mod activate;
pub mod dead_end;
mod dialogs;
pub mod invite;
pub mod list;
mod offered;
pub mod one;
pub mod setup;
mod table;
mod timeline;
