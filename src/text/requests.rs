//! The texts of requests for access.

use super::{change_words, text};
use crate::{
    access::WorkspaceFacts,
    requests::model::{Apis, Asked, Shown, Status},
};

/// The texts of requests for access in one language.
pub struct Requests {
    /// The button under the refusal, and the page that it leads to.
    pub request: &'static str,
    /// Everybody's requests.
    pub title: &'static str,
    pub lead: &'static str,
    pub caption: &'static str,
    pub open: fn(i64) -> String,
    pub mine: &'static str,
    pub mine_lead: &'static str,
    pub all_mine: &'static str,
    pub status: fn(Status) -> &'static str,
    pub shown: fn(Shown) -> &'static str,
    pub statuses: &'static str,
    pub search: &'static str,
    pub who: &'static str,
    pub what: &'static str,
    pub why: &'static str,
    pub how_long: &'static str,
    pub status_head: &'static str,
    pub requested_at: &'static str,
    pub region: &'static str,
    pub all_regions: &'static str,
    pub organization: &'static str,
    /// For how many days; none until it is taken away.
    pub days: fn(Option<i32>) -> String,
    pub none: &'static str,
    pub none_body: &'static str,
    pub none_found: &'static str,
    pub none_found_body: &'static str,
    pub none_of_mine: &'static str,
    pub none_of_mine_body: &'static str,
    pub decide: &'static str,
    pub decide_of: fn(&str) -> String,
    pub look: &'static str,
    // The form that asks.
    pub goes_to: &'static str,
    pub you_ask_for: &'static str,
    pub reason: &'static str,
    pub reason_help: &'static str,
    pub other_number: &'static str,
    pub other: &'static str,
    pub notice_help: &'static str,
    pub send: &'static str,
    pub waits: &'static str,
    pub waits_body: &'static str,
    pub held: &'static str,
    pub held_body: &'static str,
    // The page that decides.
    pub asks: fn(&str) -> String,
    pub asked: &'static str,
    pub give: &'static str,
    pub give_lead: fn(&str) -> String,
    pub apis: fn(Apis) -> String,
    pub lasts: &'static str,
    pub as_asked: fn(Option<i32>) -> String,
    pub until_date: &'static str,
    pub date: &'static str,
    pub date_help: &'static str,
    pub approve: &'static str,
    pub deny_lead: &'static str,
    pub answer: &'static str,
    pub answer_help: &'static str,
    pub deny: &'static str,
    pub holds: fn(&str) -> String,
    pub holds_nothing: &'static str,
    pub gains: &'static str,
    pub already: fn(&str) -> String,
    pub already_body: &'static str,
    pub not_there: &'static str,
    pub not_yours: &'static str,
    pub own: &'static str,
    pub decided_by: fn(&str) -> String,
    pub ends: &'static str,
    pub no_end: &'static str,
    /// The end of what lasts through a day.
    pub end_of: fn(&str) -> String,
    pub in_region: fn(&str) -> String,
    // The mails.
    pub asks_for: fn(&str, &str) -> String,
    pub asks_body: &'static str,
    pub approved_subject: fn(&str) -> String,
    pub denied_subject: fn(&str) -> String,
    pub approved_body: fn(&str) -> String,
    pub denied_body: fn(&str) -> String,
    pub see: &'static str,
    pub ends_subject: &'static str,
    pub ends_body: &'static str,
    pub ask_again: &'static str,
    pub sent_to: fn(&str, &str) -> String,
    pub sent_by: fn(&str) -> String,
}

/// What is asked for, with the names that the reader's session knows.
pub fn asked_words(asked: &Asked, workspace: &WorkspaceFacts) -> String {
    change_words(&asked.change(), workspace)
}

/// The name of a region; of none, all regions.
pub fn region_name(region: Option<&str>, workspace: &WorkspaceFacts) -> String {
    match region {
        None => text().requests.all_regions.to_owned(),
        Some(slug) => {
            workspace.regions.iter().find(|it| it.slug == slug).map_or_else(|| slug.to_owned(), |it| it.name.clone())
        }
    }
}
