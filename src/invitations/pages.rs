//! Pages of invitations.

mod dialogs;
pub mod invite;
pub mod list;
mod offered;
pub mod one;
pub mod setup;
mod table;
mod timeline;
