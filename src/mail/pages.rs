//! Pages of the outbox.

pub mod delivery;
pub mod outbox;
