//! Pages of APIs.

pub mod access;
pub mod dialogs;
pub mod form;
pub mod list;
pub mod one;
pub mod pick;
