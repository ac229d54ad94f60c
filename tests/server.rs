//! Services against a real PostgreSQL, and the running router. Each test has a database of its own.
#![cfg(feature = "ssr")]

#[path = "server/support.rs"]
mod support;

#[path = "server/access_pages.rs"]
mod access_pages;
#[path = "server/accounts.rs"]
mod accounts;
#[path = "server/activation.rs"]
mod activation;
#[path = "server/api_access.rs"]
mod api_access;
#[path = "server/apis.rs"]
mod apis;
#[path = "server/areas.rs"]
mod areas;
#[path = "server/audits.rs"]
mod audits;
#[path = "server/authzen.rs"]
mod authzen;
#[path = "server/authzen_batch.rs"]
mod authzen_batch;
#[path = "server/authzen_search.rs"]
mod authzen_search;
#[path = "server/ceiling.rs"]
mod ceiling;
#[path = "server/customers.rs"]
mod customers;
#[path = "server/deciders.rs"]
mod deciders;
#[path = "server/door_pages.rs"]
mod door_pages;
#[path = "server/doors.rs"]
mod doors;
#[path = "server/doors_elsewhere.rs"]
mod doors_elsewhere;
#[path = "server/doors_listed.rs"]
mod doors_listed;
#[path = "server/drawer.rs"]
mod drawer;
#[path = "server/drawer_http.rs"]
mod drawer_http;
#[path = "server/endings.rs"]
mod endings;
#[path = "server/gateways.rs"]
mod gateways;
#[path = "server/groups.rs"]
mod groups;
#[path = "server/http.rs"]
mod http;
#[path = "server/imports.rs"]
mod imports;
#[path = "server/imports_http.rs"]
mod imports_http;
#[path = "server/imports_runs.rs"]
mod imports_runs;
#[path = "server/invitation_settings.rs"]
mod invitation_settings;
#[path = "server/invitations.rs"]
mod invitations;
#[path = "server/invitations_list.rs"]
mod invitations_list;
#[path = "server/invitations_page.rs"]
mod invitations_page;
#[path = "server/invitations_random.rs"]
mod invitations_random;
#[path = "server/inviting.rs"]
mod inviting;
#[path = "server/joining.rs"]
mod joining;
#[path = "server/keys.rs"]
mod keys;
#[path = "server/links.rs"]
mod links;
#[path = "server/links_pages.rs"]
mod links_pages;
#[path = "server/lists.rs"]
mod lists;
#[path = "server/mail.rs"]
mod mail;
#[path = "server/organizations.rs"]
mod organizations;
#[path = "server/people.rs"]
mod people;
#[path = "server/plans.rs"]
mod plans;
#[path = "server/previews.rs"]
mod previews;
#[path = "server/reminders.rs"]
mod reminders;
#[path = "server/requests.rs"]
mod requests;
#[path = "server/requests_http.rs"]
mod requests_http;
#[path = "server/revocation.rs"]
mod revocation;
#[path = "server/rights.rs"]
mod rights;
#[path = "server/rights_pages.rs"]
mod rights_pages;
#[path = "server/rights_pitfalls.rs"]
mod rights_pitfalls;
#[path = "server/rights_support.rs"]
mod rights_support;
#[path = "server/roles.rs"]
mod roles;
#[path = "server/roles_in_use.rs"]
mod roles_in_use;
#[path = "server/roles_matrix.rs"]
mod roles_matrix;
#[path = "server/settings.rs"]
mod settings;
#[path = "server/versions.rs"]
mod versions;
#[path = "server/withdrawals.rs"]
mod withdrawals;
#[path = "server/workspaces.rs"]
mod workspaces;
