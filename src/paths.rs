//! Every address of the console, written once: the routes match these, and the pages link to them.

use uuid::Uuid;

/// The dashboard.
pub const DASHBOARD: &str = "/";
/// LOGIN and CREATE AN ACCOUNT.
pub const SIGN_IN: &str = "/sign-in";
/// The CREATE AN ACCOUNT tab for who was not invited.
pub const CREATE_ACCOUNT: &str = "/sign-in?tab=create";
/// Users.
pub const USERS: &str = "/users";
/// Invitations.
pub const INVITATIONS: &str = "/invitations";
/// The outbox.
pub const OUTBOX: &str = "/outbox";
/// Customers.
pub const CUSTOMERS: &str = "/customers";
/// Organizations.
pub const ORGANIZATIONS: &str = "/organizations";
/// Groups.
pub const GROUPS: &str = "/groups";
/// Roles.
pub const ROLES: &str = "/roles";
/// APIs.
pub const APIS: &str = "/apis";
/// Requests for access.
pub const ACCESS_REQUESTS: &str = "/access-requests";
/// The plan and its seats.
pub const BILLING: &str = "/billing";
/// Settings > Features.
pub const FEATURES: &str = "/settings/features";
/// Settings > Regions.
pub const REGIONS: &str = "/settings/regions";
/// Every component, in development builds.
pub const GALLERY: &str = "/gallery";
/// Server-sent events.
pub const EVENTS: &str = "/events";

/// One user.
pub fn user(id: Uuid) -> String {
    format!("/users/{id}")
}

/// One customer.
pub fn customer(id: Uuid) -> String {
    format!("{CUSTOMERS}/{id}")
}

/// One organization.
pub fn organization(id: Uuid) -> String {
    format!("{ORGANIZATIONS}/{id}")
}

/// One group.
pub fn group(id: Uuid) -> String {
    format!("{GROUPS}/{id}")
}

/// One tab of a group.
pub fn group_tab(id: Uuid, tab: &str) -> String {
    format!("{GROUPS}/{id}?status={tab}")
}

/// One role.
pub fn role(id: Uuid) -> String {
    format!("{ROLES}/{id}")
}

/// One API.
pub fn api(id: Uuid) -> String {
    format!("{APIS}/{id}")
}

/// The set-up page of an invitation.
pub fn setup(token: &str) -> String {
    format!("/setup/{token}")
}

/// The set-up page of a workspace's first owner.
pub fn owner(token: &str) -> String {
    format!("/owner/{token}")
}

/// A page of the outbox.
pub fn outbox(after: &str) -> String {
    if after.is_empty() { OUTBOX.to_owned() } else { format!("{OUTBOX}?after={}", crate::listing::encode(after)) }
}

/// One captured mail, over a page of the outbox.
pub fn message(id: Uuid, after: &str) -> String {
    let page = outbox(after);
    format!("{page}{}read={id}", if after.is_empty() { '?' } else { '&' })
}

/// The HTML part of a captured mail, for a frame.
pub fn message_html(id: Uuid) -> String {
    format!("/outbox/{id}/html")
}
