//! Pages of the front door.

pub mod owner;
pub mod sign_in;
