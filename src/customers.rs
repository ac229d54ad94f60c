//! Customers: people outside who use the APIs that their Customer ID, a group or a grant leads to (seed 002). They are users of
//! their own kind.

pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
