//! Signing in and out, passwords, sessions, and the first owner.

#[cfg(feature = "ssr")]
pub mod address;
pub mod api;
pub mod dialling;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
