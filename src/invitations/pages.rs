//! Pages of invitations.

mod dialogs;
pub mod dead_end;
pub mod activate;
pub mod invite;
pub mod list;
mod offered;
pub mod one;
pub mod setup;
mod table;
mod timeline;
