//! Pages of requests for access.

pub mod decide;
pub mod list;
pub mod mine;
pub mod new;
pub mod open;
