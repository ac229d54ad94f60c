//! The texts of what one user holds, how it is changed, and why something is allowed or not.

use super::text;
use crate::access::{Category, RoleRef};

/// The page of what one user holds, in one language.
pub struct Held {
    pub sections: &'static str,
    /// What kind of user somebody is.
    pub kind: fn(Category) -> &'static str,
    pub access: &'static str,
    pub profile: &'static str,
    /// The card of assignments, by whether regions and organizations are spoken of.
    pub title: fn(bool, bool) -> &'static str,
    pub region: &'static str,
    pub organization: &'static str,
    pub apis: &'static str,
    pub until: &'static str,
    pub all_regions: &'static str,
    pub whole_workspace: &'static str,
    pub all_apis: &'static str,
    pub no_apis: &'static str,
    pub chosen_apis: fn(usize) -> String,
    pub no_end: &'static str,
    pub ended: &'static str,
    pub day: fn(&str) -> String,
    /// What stands for a role where only permissions are given.
    pub without_role: &'static str,
    pub areas_of: fn(&str) -> String,
    pub given_by: fn(&str) -> String,
    pub add: &'static str,
    pub edit: fn(&str) -> String,
    pub take: fn(&str) -> String,
    /// A role in a region, for an organization.
    pub place: fn(&str, Option<&str>, Option<&str>) -> String,
    pub nothing: &'static str,
    pub nothing_body: &'static str,
    pub take_title: fn(&str, &str) -> String,
    pub take_body: fn(&str) -> String,
    pub take_yes: &'static str,
    pub keep: &'static str,
    pub reached: &'static str,
    pub reached_none: &'static str,
    pub because: &'static str,
    pub api: &'static str,
    pub granted: &'static str,
    pub group: fn(&str) -> String,
    pub customer_id: &'static str,
    pub chosen_for: fn(&str) -> String,
    pub all_of: fn(&str) -> String,
    pub more_apis: fn(u32) -> String,
    pub new_title: fn(&str) -> String,
    pub edit_title: fn(&str) -> String,
    pub form_help: &'static str,
    pub areas: &'static str,
    pub areas_filter: &'static str,
    pub areas_nothing: &'static str,
    pub areas_help: &'static str,
    pub area_apis: &'static str,
    pub area_no_apis: &'static str,
    pub area_in_part: fn(&str) -> String,
    pub not_about_apis: &'static str,
    pub apis_of: fn(&str) -> String,
    pub apis_all: &'static str,
    pub apis_all_hint: &'static str,
    pub apis_chosen: &'static str,
    pub apis_chosen_hint: &'static str,
    pub apis_plan: &'static str,
    pub apis_filter: &'static str,
    pub apis_nothing: &'static str,
    pub not_held: &'static str,
    pub region_help: &'static str,
    pub organization_help: &'static str,
    pub organization_optional: &'static str,
    pub until_help: &'static str,
    pub everything: &'static str,
    pub all_but_owners: &'static str,
    pub preview: &'static str,
    pub preview_body: &'static str,
    pub preview_wrong: &'static str,
    pub show_changes: &'static str,
    pub show_help: &'static str,
    pub teammates: &'static str,
    pub developers: &'static str,
    pub developers_none: &'static str,
    pub developers_none_body: &'static str,
    pub only_manager: fn(&str) -> String,
    pub only_manager_you: &'static str,
    pub only_manager_body: &'static str,
    pub only_manager_choose: &'static str,
    pub only_manager_invite: &'static str,
}

/// "Why?" in one language.
pub struct Why {
    pub title: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub question: fn(&str) -> String,
    pub action: &'static str,
    pub feature: &'static str,
    pub api: &'static str,
    pub api_hint: &'static str,
    pub region: &'static str,
    pub organization: &'static str,
    pub any_region: &'static str,
    pub any_organization: &'static str,
    /// In the place of the name of one that the reader does not see.
    pub unseen_organization: &'static str,
    pub ask: &'static str,
    pub hint: &'static str,
    pub allowed: &'static str,
    pub denied: &'static str,
    pub at_gate: fn(usize, usize) -> String,
    pub open: &'static str,
    pub shut: &'static str,
    pub beyond: &'static str,
    pub account_active: &'static str,
    pub account_not_active: &'static str,
    pub permits: fn(&str, &str, &str) -> String,
    pub by_area: fn(&str, &str, &str) -> String,
    pub on_request: fn(&str, &str) -> String,
    pub permits_not: fn(&str, &str, &str) -> String,
    pub holds_nothing: &'static str,
    pub has_ended: fn(&str) -> String,
    /// By whom, on which day, until which.
    pub given: fn(&str, Option<&str>, Option<&str>) -> String,
    pub scope: fn(Option<&str>, Option<&str>) -> String,
    pub scope_not: fn(Option<&str>, Option<&str>) -> String,
    pub scope_is: fn(&str, &str) -> String,
    pub reached: fn(&str) -> String,
    pub reached_not: fn(&str) -> String,
    pub by_scope: &'static str,
    pub by_grant: &'static str,
    pub by_group: fn(&str) -> String,
    pub by_customer_id: &'static str,
    pub role_gate: &'static str,
    pub scope_gate: &'static str,
    pub api_gate: &'static str,
    pub others: fn(usize) -> String,
    pub other_open: fn(&str) -> String,
    pub other_shut: fn(&str, &str) -> String,
    pub remedies: &'static str,
    pub no_remedy: &'static str,
    pub enable: &'static str,
    pub permit: fn(&str, &str, &str) -> String,
    pub assign: fn(&str, &str) -> String,
    pub grant: fn(&str) -> String,
    pub join: fn(&str) -> String,
    /// Steps that are needed together.
    pub together: fn(&[String]) -> String,
    /// " in EU for Hansa": a region and an organization behind something.
    pub within: fn(Option<&str>, Option<&str>) -> String,
}

/// A day as forms send it, `2026-11-21`, in words.
pub fn day_words(day: &str) -> String {
    let mut parts = day.splitn(3, '-');
    let (year, month, of_month) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|month| month.parse::<usize>().ok()).and_then(|month| month.checked_sub(1));
    match (year, month.and_then(|month| text().months.get(month)), of_month) {
        (Some(year), Some(month), Some(of_month)) => format!("{} {month} {year}", of_month.trim_start_matches('0')),
        _ => day.to_owned(),
    }
}

/// A role, or what stands for one where only permissions are given.
pub fn role_words(role: &Option<RoleRef>) -> String {
    role.as_ref().map_or_else(|| text().held.without_role.to_owned(), super::role_name)
}
