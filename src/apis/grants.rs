//! API access: grants of one API to a user, a customer or a group, and the customers that a Customer ID lets in.

pub mod model;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
