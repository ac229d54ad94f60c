//! Pages of the front door.

pub mod new_password;
pub mod owner;
pub mod sign_in;
