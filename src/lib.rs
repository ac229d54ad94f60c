//! Portico: a self-hosted portal that lets people in and decides what each may do.
//!
//! One package, two builds: `ssr` is the server, `hydrate` the script of the same pages in the browser.
//! ARCHITECTURE.md draws the rooms and the one way through them.
#![recursion_limit = "256"]

pub mod access;
pub mod accounts;
pub mod apis;
pub mod app;
pub mod billing;
pub mod customers;
pub mod dashboard;
pub mod error;
pub mod groups;
pub mod imports;
pub mod invitations;
pub mod keys;
pub mod links;
pub mod listing;
pub mod mail;
pub mod organizations;
pub mod paths;
pub mod people;
pub mod requests;
pub mod rights;
pub mod roles;
pub mod sections;
pub mod settings;
pub mod slug;
pub mod text;
pub mod ui;
pub mod workspaces;

#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod platform;
#[cfg(feature = "ssr")]
pub mod rest;

/// Where the browser begins: takes over the page that the server rendered, with the code of its section at hand. Where that
/// cannot be had, the page stays as it is, and works as it does without script.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() -> Result<(), wasm_bindgen::JsValue> {
    console_error_panic_hook::set_once();
    let path = leptos::prelude::window().location().pathname()?;
    sections::load(&path).await.map_err(|error| error.to_string())?;
    leptos::mount::hydrate_body(app::App);
    Ok(())
}
