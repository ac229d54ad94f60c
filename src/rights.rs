//! What users hold: their assignments, why something is allowed or not, and who gains or loses by a change.

pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
