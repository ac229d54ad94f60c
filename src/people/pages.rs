//! Pages of users.

pub mod edit;
pub mod list;
pub mod profile;
