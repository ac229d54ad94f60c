//! Pages of Bulk Import.

pub mod one;
mod rows;
pub mod upload;
