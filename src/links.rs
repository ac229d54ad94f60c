//! Links that invite whoever has them: each use makes an invitation, whose address is confirmed by mail.

pub mod api;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
