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
/// Users of organizations.
pub const DEVELOPERS: &str = "/users?kind=organization";
/// Invitations.
pub const INVITATIONS: &str = "/invitations";
/// Invitations, as a file for a spreadsheet.
pub const INVITATIONS_CSV: &str = "/invitations.csv";
/// The links that invite teammates.
pub const USER_LINKS: &str = "/users/links";
/// The links that invite customers.
pub const CUSTOMER_LINKS: &str = "/customers/links";
/// After an address was given to a link: look into your mail.
pub const JOINED: &str = "/join";
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
/// New Role.
pub const NEW_ROLE: &str = "/roles/new";
/// Roles compared.
pub const COMPARE_ROLES: &str = "/roles/compare";
/// Roles compared, as a file for a spreadsheet.
pub const COMPARE_ROLES_CSV: &str = "/roles/compare.csv";
/// APIs.
pub const APIS: &str = "/apis";
/// Requests for access.
pub const ACCESS_REQUESTS: &str = "/access-requests";
/// The reader's own requests for access.
pub const MY_REQUESTS: &str = "/access-requests/mine";
/// The plan and its seats.
pub const BILLING: &str = "/billing";
/// Settings: leads to the first of its sections.
pub const SETTINGS: &str = "/settings";
/// Settings > Features.
pub const FEATURES: &str = "/settings/features";
/// Settings > Regions.
pub const REGIONS: &str = "/settings/regions";
/// Settings > Invitations.
pub const INVITATION_SETTINGS: &str = "/settings/invitations";
/// A mail with words of the workspace's own, for a frame; posted to with words that are not kept yet.
pub const MAIL_PREVIEW: &str = "/settings/invitations/{kind}/preview";
/// Every component, in development builds.
pub const GALLERY: &str = "/gallery";
/// Server-sent events.
pub const EVENTS: &str = "/events";

/// Bulk Import of users, its template, and the route of one with its result.
pub const IMPORT_USERS: &str = "/users/import";
pub const IMPORT_USERS_TEMPLATE: &str = "/users/import/template.csv";
pub const IMPORT_USERS_RESULT: &str = "/users/import/{id}/result.csv";
/// The same of customers.
pub const IMPORT_CUSTOMERS: &str = "/customers/import";
pub const IMPORT_CUSTOMERS_TEMPLATE: &str = "/customers/import/template.csv";
pub const IMPORT_CUSTOMERS_RESULT: &str = "/customers/import/{id}/result.csv";
/// Where whoever was given a password chooses one of their own.
pub const NEW_PASSWORD: &str = "/new-password";

/// The links that invite a kind of users.
pub fn links(kind: crate::access::Category) -> &'static str {
    if kind == crate::access::Category::Customer { CUSTOMER_LINKS } else { USER_LINKS }
}

/// Bulk Import of a kind of users.
pub fn imports(kind: crate::access::Category) -> &'static str {
    if kind == crate::access::Category::Customer { IMPORT_CUSTOMERS } else { IMPORT_USERS }
}

/// The template of a kind of users.
pub fn import_template(kind: crate::access::Category) -> &'static str {
    if kind == crate::access::Category::Customer { IMPORT_CUSTOMERS_TEMPLATE } else { IMPORT_USERS_TEMPLATE }
}

/// One import.
pub fn import(kind: crate::access::Category, id: Uuid) -> String {
    format!("{}/{id}", imports(kind))
}

/// The result of an import, as a file.
pub fn import_result(kind: crate::access::Category, id: Uuid) -> String {
    format!("{}/result.csv", import(kind, id))
}

/// Bulk Import, saying why a file was not taken in. What was chosen beside it stays: to update users who are there, and to require a
/// new password.
pub fn refused_file(
    kind: crate::access::Category,
    word: &str,
    about: &str,
    (update, new_password): (bool, bool),
) -> String {
    let update = if update { "&existing=update" } else { "" };
    let new_password = if new_password { "&new_password=true" } else { "" };
    format!("{}?wrong={word}&about={about}{update}{new_password}", imports(kind))
}

/// One user.
pub fn user(id: Uuid) -> String {
    format!("/users/{id}")
}

/// One user's profile.
pub fn profile(id: Uuid) -> String {
    format!("{}?tab=profile", user(id))
}

/// The form of one assignment of a user's.
pub fn rights(id: Uuid, assignment: Uuid) -> String {
    format!("{}?rights={assignment}", user(id))
}

/// The form of a new assignment.
pub fn new_rights(id: Uuid) -> String {
    format!("{}?rights=new", user(id))
}

/// The dialog that takes an assignment away.
pub fn take_rights(id: Uuid, assignment: Uuid) -> String {
    format!("{}?take={assignment}", user(id))
}

/// A question about a user's rights.
pub fn why(id: Uuid, asked: &[(&str, &str)]) -> String {
    let parts: Vec<String> =
        asked.iter().map(|(name, value)| format!("{name}={}", crate::listing::encode(value))).collect();
    format!("{}?{}#why", user(id), parts.join("&"))
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

/// One request for access, to be decided.
pub fn access_request(id: Uuid) -> String {
    format!("{ACCESS_REQUESTS}/{id}")
}

/// The form that asks for access: an action on a feature, in a region or in all.
pub fn request_access(action: &str, feature: &str, region: Option<&str>) -> String {
    let region = region.map(|region| format!("&region={}", crate::listing::encode(region))).unwrap_or_default();
    format!("{ACCESS_REQUESTS}/new?action={action}&feature={}{region}", crate::listing::encode(feature))
}

/// One invitation.
pub fn invitation(id: Uuid) -> String {
    format!("{INVITATIONS}/{id}")
}

/// The set-up page of an invitation.
pub fn setup(token: &str) -> String {
    format!("/setup/{token}")
}

/// The page of an invitation link.
pub fn join(token: &str) -> String {
    format!("{JOINED}/{token}")
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

/// The words of one mail, over Settings > Invitations.
pub fn mail_words(kind: &str) -> String {
    format!("{INVITATION_SETTINGS}?mail={kind}")
}

/// One mail, for the frame that shows it.
pub fn mail_preview(kind: &str) -> String {
    MAIL_PREVIEW.replace("{kind}", kind)
}

/// The invitations of one address.
pub fn invitations_of(email: &str) -> String {
    format!("{INVITATIONS}?q={}", crate::listing::encode(email))
}
