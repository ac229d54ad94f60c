//! Services against a real PostgreSQL, and the running router. Each test has a database of its own.
#![cfg(feature = "ssr")]

#[path = "server/support.rs"]
mod support;

#[path = "server/access_pages.rs"]
mod access_pages;
#[path = "server/accounts.rs"]
mod accounts;
#[path = "server/api_access.rs"]
mod api_access;
#[path = "server/apis.rs"]
mod apis;
#[path = "server/groups.rs"]
mod groups;
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
#[path = "server/workspaces.rs"]
mod workspaces;
