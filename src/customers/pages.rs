//! Pages of customers.

pub mod fields;
pub mod list;
pub mod one;
