//! English: what users hold, and who gains and loses.

use crate::text::rights::Rights;

/// "a, b and c".
fn list(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "a, b and 10 more".
fn named(slugs: &[String], more: u32) -> String {
    if more == 0 { list(slugs) } else { format!("{} and {more} more", slugs.join(", ")) }
}

pub static RIGHTS: Rights = Rights {
    no_difference: "Nobody gains or loses anything.",
    counted: |people, more| {
        let all = if more { "the first " } else { "" };
        let s = if people == 1 { "" } else { "s" };
        format!("Counted now, for {all}{people} user{s}, over all their other roles and groups.")
    },
    gain: |people| format!("{people} gain{} something", if people == 1 { "s" } else { "" }),
    lose: |people| format!("{people} lose{} something", if people == 1 { "s" } else { "" }),
    people_gain: |people, what| match people {
        1 => format!("1 person gains {what}"),
        _ => format!("{people} people gain {what}"),
    },
    people_lose: |people, what| match people {
        1 => format!("1 person loses {what}"),
        _ => format!("{people} people lose {what}"),
    },
    people_keep: |people, what| match people {
        1 => format!("1 person keeps {what}"),
        _ => format!("{people} people keep {what}"),
    },
    see_no_difference: |people| match people {
        1 => "1 sees no difference.".to_owned(),
        _ => format!("{people} see no difference."),
    },
    more: |people| format!("{people} more"),
    more_changes: |changes| format!("{changes} more change{}", if changes == 1 { "" } else { "s" }),
    on: |actions, feature| format!("{actions} on {feature}"),
    and: list,
    within: |what, region, organization| {
        let region = region.map(|region| format!(" in {region}")).unwrap_or_default();
        let organization = organization.map(|organization| format!(" for {organization}")).unwrap_or_default();
        format!("{what}{region}{organization}")
    },
    on_apis: |what, slugs, more| match (slugs, more) {
        ([], 0) => format!("{what} for none of the APIs"),
        ([one], 0) => format!("{what} for the API {one}"),
        (slugs, more) => {
            let count = slugs.len() + more as usize;
            format!("{what} for {count} APIs: {}", named(slugs, more))
        }
    },
    on_some_apis: |what| format!("{what} for some APIs"),
    apis: |slugs, more| match (slugs, more) {
        ([one], 0) => format!("the API {one}"),
        (slugs, more) => format!("the APIs {}", named(slugs, more)),
    },
    until: |what, day| format!("{what} until {day}"),
    longer: |what, day| match day {
        Some(day) => format!("{what} longer, until {day}"),
        None => format!("{what} without end"),
    },
    shorter: |what, day| format!("{what} only until {day}"),
    keeps: |what| format!("keeps {what}"),
};
