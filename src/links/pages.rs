//! Pages of invitation links.

pub mod join;
pub mod list;
pub mod new;
