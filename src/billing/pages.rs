//! Pages of Billing.

pub mod no_invitations;
pub mod plan;
