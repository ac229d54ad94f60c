//! Pages of organizations.

pub mod delete;
pub mod list;
pub mod one;
pub mod user;
