//! Roles: named sets of permissions, built-in and custom.

pub mod api;
pub mod model;
#[cfg(feature = "ssr")]
pub mod service;
