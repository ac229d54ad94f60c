//! English: what users hold, and who gains and loses.

use crate::text::rights::Rights;

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
    see_no_difference: |people| match people {
        1 => "1 sees no difference.".to_owned(),
        _ => format!("{people} see no difference."),
    },
    more: |people| format!("{people} more"),
    right: |action, feature, region, organization| {
        let region = region.map(|region| format!(" in {region}")).unwrap_or_default();
        let organization = organization.map(|organization| format!(" for {organization}")).unwrap_or_default();
        format!("{action} on {feature}{region}{organization}")
    },
    api: |name| format!("the API {name}"),
};
