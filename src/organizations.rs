//! Organizations: consumer companies, and their users with the roles that each holds there (seed 001).

pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
