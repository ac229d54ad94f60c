//! Pages of groups.

pub mod apis;
pub mod dialogs;
pub mod list;
pub mod members;
pub mod one;
