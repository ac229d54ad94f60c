//! English: APIs and access to them.

use crate::{
    apis::{
        grants::model::Side,
        model::{Environment, MOST_COUNTED},
    },
    text::apis::Apis,
    ui::page::grouped,
};

pub static APIS: Apis = Apis {
    title: "API Access",
    nav: "APIs",
    lead: "Which users, customers and groups may reach each API.",
    caption: "APIs",
    new: "New API",
    search: "Search APIs by name",
    environment: "Environment",
    any_environment: "Any environment",
    environment_name: |environment| match environment {
        Environment::Production => "Production",
        Environment::Staging => "Staging",
        Environment::Sandbox => "Sandbox",
    },
    region: "Region",
    any_region: "Any region",
    regions: "Regions",
    regions_help: "Where the API is. Changing it takes the right to edit in each of them.",
    region_locked: "Your role does not permit this in this region.",
    name: "Name",
    category: "Category",
    category_help: "What it is about, such as Tracking.",
    users: "Users",
    customers: "Customers",
    groups: "Groups",
    counted,
    counts: |users, customers, groups| format!("Users {users} · Customers {customers} · Groups {groups}"),
    created: "Created",
    none: "No APIs yet",
    none_body: "Add the first one, then give users, customers and groups access to it.",
    none_found: "No API found",
    none_found_body: "Nothing fits the search and the filters, among the APIs that you may see.",
    slug: "Name in requests",
    slug_help: "What gateways ask about. Empty takes it from the name; it never changes afterwards.",
    slug_suggested: |slug| format!("It will be `{slug}`."),
    slug_fixed: "It never changes.",
    customer_ids: "Customer IDs",
    customer_ids_help: "One a line, or parted by ;. A customer with exactly one of these reaches the API; capitals count.",
    more_ids: |more| format!("{} more", grouped(more as u64)),
    details: "Details",
    edit: "Edit",
    edit_of: |name| format!("Edit {name}"),
    create: "Create API",
    delete: "Delete API",
    delete_title: |name| format!("Delete {name}?"),
    delete_body: "The API is gone at once, for everybody and for good. This is lost with it:",
    loses_users: |n| people(n, "user loses", "users lose", "it"),
    loses_customers: |n| people(n, "customer loses", "customers lose", "it"),
    loses_groups: |n| people(n, "group loses", "groups lose", "it"),
    loses_ids: |n| format!("{} Customer ID{} of the API", grouped(n as u64), if n == 1 { "" } else { "s" }),
    loses_chosen: |n| {
        let s = if n == 1 { " holds" } else { "s hold" };
        format!("{} user{s} rights for chosen APIs, this one among them; the others stay", counted(n))
    },
    loses_nothing: "Nobody was given access to it",
    keep: "Keep API",
    view_only: "You can see this API, but not change it: that takes the right to edit in every region that it is in.",
    sides: "Who has access",
    side: |side| match side {
        Side::Users => "Users",
        Side::Customers => "Customers",
        Side::Groups => "Groups",
    },
    access_caption: |name| format!("Who has access to {name}"),
    who: "Who",
    given_by: "Granted by",
    id_matches: "Customer ID matches",
    customer_id: |id| format!("Customer ID {id}"),
    until: "Until",
    until_help: "The last day, to its end in UTC. Whoever has access already gets this end instead.",
    no_end: "No end",
    while_it_matches: "While it matches",
    ended: "Ended",
    matches_locked: |name| format!("Comes from the Customer ID of {name}: edit the customer to change it"),
    nobody: |side| match side {
        Side::Users => "No user has access",
        Side::Customers => "No customer has access",
        Side::Groups => "No group has access",
    },
    nobody_body: "Whoever holds this API by their role is not listed here.",
    add: "Add Access",
    add_title: |name| format!("Add Access to {name}"),
    add_help: "It counts from the next request on.",
    people: "Users and customers",
    people_help: "By address or name, several parted by ;.",
    people_hint: "Address or name",
    people_chosen: "Chosen users and customers",
    groups_hint: "Name of a group",
    groups_chosen: "Chosen groups",
    remove: "Remove",
    remove_of: |name| format!("Remove access of {name}"),
    remove_title: |name, api| format!("Remove access of {name} to {api}?"),
    remove_body: "It is refused at the next request, unless a role, a group or a Customer ID gives the same.",
    remove_loses: |name| format!("The access that was given to {name}"),
    revoke: "Revoke All Access",
    revoke_title: |name| format!("Revoke All Access to {name}?"),
    revoke_body: "Everybody below is refused at the next request. Whoever holds the API by their role keeps it.",
    keep_access: "Keep access",
    effect: "Who loses what",
};

pub(super) fn counted(n: i64) -> String {
    if n > MOST_COUNTED {
        format!("{}+", grouped(MOST_COUNTED.unsigned_abs()))
    } else {
        grouped(u64::try_from(n).unwrap_or(0))
    }
}

fn people(n: i64, one: &str, many: &str, what: &str) -> String {
    format!("{} {} {what}", counted(n), if n == 1 { one } else { many })
}
