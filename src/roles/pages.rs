//! The pages of roles.

pub mod compare;
pub mod edit;
mod effect;
pub mod list;
mod matrix;
pub mod new;
mod remove;
