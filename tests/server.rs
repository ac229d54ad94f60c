//! Services against a real PostgreSQL, and the running router. Each test has a database of its own.
#![cfg(feature = "ssr")]

#[path = "server/support.rs"]
mod support;

#[path = "server/accounts.rs"]
mod accounts;
#[path = "server/http.rs"]
mod http;
#[path = "server/invitations.rs"]
mod invitations;
#[path = "server/lists.rs"]
mod lists;
#[path = "server/mail.rs"]
mod mail;
#[path = "server/people.rs"]
mod people;
#[path = "server/rights.rs"]
mod rights;
#[path = "server/rights_pages.rs"]
mod rights_pages;
#[path = "server/rights_pitfalls.rs"]
mod rights_pitfalls;
#[path = "server/rights_support.rs"]
mod rights_support;
#[path = "server/workspaces.rs"]
mod workspaces;
