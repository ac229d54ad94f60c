//! English: settings, and the region switch.

use crate::text::settings::Settings;

fn count(n: i64, one: &str, several: &str) -> String {
    format!("{} {}", super::apis::counted(n), if n == 1 { one } else { several })
}

/// Names, and how many are not named.
fn names(all: i64, first: &[String]) -> String {
    let rest = all - i64::try_from(first.len()).unwrap_or(all);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", first.join(", "))
}

pub static SETTINGS: Settings = Settings {
    title: "Settings",
    lead: "What rights are about, and where they count.",
    sections: "Settings",
    features: "Features",
    regions: "Regions",
    built_in: "Built in",
    built_in_lead: "Portico enforces these itself. Each is a section of the console and the equivalent API: a right to one is a \
                    right to exactly the other.",
    own: "Your own",
    own_lead: "Your services enforce these: they ask Portico whether somebody may.",
    feature: "Feature",
    actions: "Actions",
    api: "API",
    purpose: "Enforced by",
    purpose_help: "What it is, and which of your services asks for it.",
    purpose_hint: "The docs site, at its edge",
    no_purpose: "Not said yet",
    shipped_purpose: |slug| match slug {
        "documentation" => "Your documentation site: guides and references",
        "media" => "Your media library: pictures and files",
        "api-testing" => "Your testing tool: trying out APIs",
        _ => "",
    },
    all_actions: "All actions",
    add_feature: "Add feature",
    edit_feature: |name| format!("Edit {name}"),
    name: "Name",
    slug: "Slug",
    slug_help: "Its name in questions, such as `map-tiles`. Left empty, it is made of the name. It never changes.",
    slug_fixed: "Its name in questions. It never changes.",
    actions_help: "What can be done with it. Roles permit some of these.",
    actions_edit_help: "Unticking an action takes it from every role and person that has it. Ticking it again gives it to nobody \
                        but those who hold everything.",
    add: "Add",
    edit: "Edit",
    edit_of: |name| format!("Edit {name}"),
    rename: "Rename",
    rename_of: |name| format!("Rename {name}"),
    delete: "Delete",
    delete_of: |name| format!("Delete {name}"),
    delete_title: |name| format!("Delete {name}?"),
    delete_feature_body: |slug| {
        format!(
            "Services that ask for `{slug}` are told no from now on, whoever it is about. A later feature of this slug gives \
             nothing back."
        )
    },
    delete_feature: "Delete feature",
    keep_feature: "Keep feature",
    roles_lose: |all, first| {
        format!("{} it: {}", count(all, "custom role loses", "custom roles lose"), names(all, first))
    },
    people_lose: |all, first| {
        format!("{} what was given beside roles: {}", count(all, "person loses", "people lose"), names(all, first))
    },
    built_in_lose: "Owners, Administrators and other built-in roles no longer have it",
    nothing_names: "No custom role and no person names it.",
    no_features: "No features of your own",
    no_features_body: "Add one for each thing that your services let people in to.",
    region: "Region",
    apis: "APIs",
    apis_in: |n| count(n, "API", "APIs"),
    assignments: "Roles for it alone",
    assignments_in: |n| count(n, "role for it alone", "roles for it alone"),
    one_region: "With one region, no other page mentions regions.",
    one_region_body: "A second one brings a region switch at the top of the navigation. Roles can then be given for one region \
                      or for all, and what people see and may do follows the region they look at. Whoever has a role for all \
                      regions keeps it in the new one too.",
    several_regions: "Rights count by region.",
    several_regions_body: "A role is for all regions, those to come included, or for one. The region switch says which one is \
                           looked at; changes of the workspace itself need a role for all regions.",
    add_region: "Add region",
    second_region_body: "This is the second region: from now on, whoever has a role for one region alone has it there and \
                         nowhere else, and can change nothing that is the whole workspace's.",
    rename_region: |name| format!("Rename {name}"),
    delete_region: "Delete region",
    delete_region_body: "This cannot be undone. Nothing names it: no API is in it, and no role is for it alone.",
    loses_region: |slug| format!("Services that ask about `{slug}` are told no"),
    one_is_left: "One region is left: roles for it alone count everywhere, and the region switch is gone",
    keep_region: "Keep region",
    region_in_use: |apis, assignments| {
        let apis = (apis > 0).then(|| count(apis, "API is in it", "APIs are in it"));
        let assignments =
            (assignments > 0).then(|| count(assignments, "role is for it alone", "roles are for it alone"));
        let what: Vec<String> = [apis, assignments].into_iter().flatten().collect();
        format!("{}. Move them to another region first, then it can be deleted.", what.join(", and "))
    },
    last_region: "This is the only region, and a workspace has at least one.",
    cannot_delete: |name| format!("{name} cannot be deleted"),
    all_regions: "All regions",
    choose_region: |now| format!("Region: {now}"),
    not_all_regions: "You hold nothing for all regions.",
};
