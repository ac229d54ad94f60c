//! APIs: what they are, where they are, and who has access to them.

pub mod api;
pub mod grants;
pub mod model;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
