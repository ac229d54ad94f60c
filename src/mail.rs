//! The outbox: every mail is a row first, and is handed over at least once.

pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
mod relay;
#[cfg(feature = "ssr")]
pub mod sender;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod template;
#[cfg(feature = "ssr")]
pub mod transport;
pub mod words;
