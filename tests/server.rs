//! Services against a real PostgreSQL, and the running router. Each test has a database of its own.
#![cfg(feature = "ssr")]

#[path = "server/support.rs"]
mod support;

#[path = "server/accounts.rs"]
mod accounts;
#[path = "server/authzen.rs"]
mod authzen;
#[path = "server/authzen_batch.rs"]
mod authzen_batch;
#[path = "server/authzen_search.rs"]
mod authzen_search;
#[path = "server/gateways.rs"]
mod gateways;
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
#[path = "server/revocation.rs"]
mod revocation;
#[path = "server/workspaces.rs"]
mod workspaces;
