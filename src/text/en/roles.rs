//! English: roles.

use crate::{access::Template, roles::model::Glance, text::roles::Roles, ui::page::grouped};

/// Several things in a row: "A", "A and B", "A, B and C".
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

pub static ROLES: Roles = Roles {
    title: "Roles",
    lead: "What people may do here: built-in roles, and your own.",
    caption: "Roles, with what each permits",
    new: "New Role",
    categories: "Whose roles",
    all: "All",
    name: "Name",
    category: "Category",
    holders: "Holders",
    permits: "Permits",
    built_in: "Built in",
    none: "No role",
    none_body: "There is no role of this category.",
    count: |number, most| {
        if number > most { format!("{}+", grouped(most.into())) } else { grouped(number.into()) }
    },
    everything: "Everything",
    view_everything: "View on everything",
    nothing: "Nothing",
    on: |what, features| format!("{what} on {}", listed(features)),
    on_all: |what| format!("{what} on every feature there is now"),
    template: |template| match template {
        Template::Developer => "Developer (team)",
        Template::Operator => "Operator (team)",
        Template::Finance => "Finance (team)",
        Template::ContentManager => "Content Manager (team)",
    },

    new_lead: "A name, and what it permits. It can be changed at any time, with effect at once.",
    start_with: "Start with",
    empty: "Nothing",
    copy_lead: |name| format!("A copy of {name}."),
    copy_name: |name| format!("{name} (copy)"),
    left_out: "What you do not hold yourself is left out.",
    name_help: "Up to 80 characters. Nobody else's role has it.",
    category_help: "Only users of this kind can hold it, and it stays so.",
    configure: "Configure the permissions for the role",
    save: "Save the role",
    save_changes: |n| if n == 1 { "Save 1 change".into() } else { format!("Save {n} changes") },
    nobody_yet: "Nobody holds it yet. Give it under Users, or name it in an invitation.",
    ceiling: "You give at most what you hold everywhere and without end.",

    details: "Role",
    made_from: |template| format!("Made from the template {template}."),
    held_by: |n, shown| match n {
        0 => "Nobody holds it".to_owned(),
        1 => "1 user holds it".to_owned(),
        _ => format!("{shown} users hold it"),
    },
    named_by: |n, shown| match n {
        0 => "no invitation names it.".to_owned(),
        1 => "1 invitation names it.".to_owned(),
        _ => format!("{shown} invitations name it."),
    },
    duplicate: "Duplicate",
    delete: "Delete role",
    delete_of: |name| format!("Delete role {name}"),
    built_in_why: "Built-in roles are the same in every workspace, so nobody changes them. Duplicate it and change the copy.",
    view_only: "You can see this, but not change it.",
    may: |name| format!("What {name} may do"),

    effect: "Who gains, who loses",
    changes: |n| if n == 1 { "1 change".into() } else { format!("{n} changes") },
    no_changes: "Nothing is changed yet.",
    show_effect: "Show who gains and loses",
    invitations_carry: |n, shown| {
        if n == 1 {
            "1 invitation will carry the new rights.".into()
        } else {
            format!("{shown} invitations will carry the new rights.")
        }
    },

    delete_title: |name| format!("Delete the role {name}?"),
    delete_body: "This cannot be undone.",
    holders_named: |names, n, shown| {
        let rest = n.saturating_sub(u32::try_from(names.len()).unwrap_or(n));
        match (n, rest) {
            (1, _) => format!("1 user holds it: {}.", listed(names)),
            (_, 0) => format!("{shown} users hold it: {}.", listed(names)),
            _ => format!("{shown} users hold it: {} and others.", names.join(", ")),
        }
    },
    move_to: "Move all of them to",
    move_help: "In the same regions, organizations and APIs.",
    choose: "Choose a role",
    nowhere: "There is no other role of this category that is yours to give. Ask an owner.",
    not_yours: "This role permits more than you hold, so it is not yours to delete.",
    keep: "Keep role",

    ours: "Enforced by Portico, in the console and the REST API alike",
    yours: "Enforced by your services, which ask Portico",
    feature: "Feature",
    level: "Level",
    level_for: |feature| format!("Level for {feature}"),
    none_cell: "Does not apply",
    cell: |feature, action, change| match change {
        Some(true) => format!("{feature}: {action}, added, not saved"),
        Some(false) => format!("{feature}: {action}, taken away, not saved"),
        None => format!("{feature}: {action}"),
    },
    legend: "Legend",
    may_do: "May",
    may_not: "May not",
    added: "Added, not saved",
    taken: "Taken away, not saved",
    locked: "You do not hold it, so it is not yours to give",

    compare: "Compare roles",
    compare_lead: "Beside each other, feature by feature.",
    compare_which: "Roles to compare",
    compare_show: "Compare",
    compare_none: "No role is chosen yet",
    compare_none_body: "Tick the roles that you want to see beside each other.",
    print: "Print",
    export: "Export CSV",
    at_a_glance: "At a glance",
    glance: |glance| match glance {
        Glance::CreateApiKeys => "Create API Keys",
        Glance::ViewAnalytics => "View Analytics",
        Glance::DownloadReports => "Download Reports",
        Glance::ManageBilling => "Manage Billing",
        Glance::InviteTeammates => "Invite Teammates",
    },
    yes: "Yes",
    no: "No",
    group: "Group",
};
