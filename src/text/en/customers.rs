//! English: customers.

use crate::text::customers::Customers;

fn apis(n: usize) -> String {
    format!("{n} API{}", if n == 1 { "" } else { "s" })
}

pub static CUSTOMERS: Customers = Customers {
    title: "Customers",
    lead: "People outside who use the APIs that their Customer ID, a group or a grant leads to.",
    caption: "Customers",
    new: "New customer",
    create: "Create",
    search: "Name, email or Customer ID",
    customer_id: "Customer ID",
    exactly: "The Customer ID must exactly match the Customer ID used in your APIs.",
    automatically: "If the same Customer ID exists across multiple APIs in your workspace, the customer will automatically gain \
                    access to all matching APIs.",
    matching: |n| match n {
        0 => "No API has this Customer ID.".to_owned(),
        1 => "1 API matches this Customer ID.".to_owned(),
        n => format!("{n} APIs match this Customer ID."),
    },
    groups: "Groups",
    groups_help: "Type 3 characters of a name. Part names by a semicolon.",
    groups_chosen: "Chosen groups",
    none: "No customer yet",
    none_body: "Make one with the Customer ID that your APIs use: the matching APIs are theirs at once.",
    none_found: "No customer found",
    none_found_body: "No name, address or Customer ID holds what you search for.",
    edit: "Edit Customer",
    edit_of: |name| format!("Edit {name}"),
    apis: "APIs they reach",
    apis_caption: "APIs that this customer reaches, and why",
    api: "API",
    why: "Why",
    by_customer_id: "Matching Customer ID",
    by_group: |name| format!("Group {name}"),
    by_grant: "Granted directly",
    until: "until",
    no_apis: "None. Check the Customer ID, add a group, or grant an API.",
    more_apis: |n| format!("And {}.", apis(n as usize) + " more"),
    not_yours: "This customer holds more than you do, so only somebody else can change them.",
    before_saving: "Before saving",
    remove_of: |name| format!("Remove {name}"),
    remove_body: "This cannot be undone. The address is free to be used again.",
    loses_apis: |n| format!("Access to {}", apis(n)),
    keep: "Keep customer",
};
