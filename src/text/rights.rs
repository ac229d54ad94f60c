//! The texts of what users hold, and of who gains and loses.

use super::{feature_name, text};
use crate::access::{Change, WorkspaceFacts};

/// The texts of what users hold in one language.
pub struct Rights {
    /// When a change changes nothing for anybody.
    pub no_difference: &'static str,
    /// Over how many it is counted, and whether there are more.
    pub counted: fn(u32, bool) -> String,
    /// How many gain something.
    pub gain: fn(u32) -> String,
    /// How many lose something.
    pub lose: fn(u32) -> String,
    /// How many gain this.
    pub people_gain: fn(u32, &str) -> String,
    /// How many lose this.
    pub people_lose: fn(u32, &str) -> String,
    /// How many see no difference.
    pub see_no_difference: fn(u32) -> String,
    /// How many are not named.
    pub more: fn(u32) -> String,
    /// An action on a feature, in a region and for an organization.
    pub right: fn(&str, &str, Option<&str>, Option<&str>) -> String,
    /// The reach of an API.
    pub api: fn(&str) -> String,
}

/// A gained or lost right in words.
pub fn change_words(change: &Change, workspace: &WorkspaceFacts) -> String {
    let t = text();
    match change {
        Change::Right { feature, action, region, organization } => {
            let region = region.as_ref().map(|slug| {
                workspace.regions.iter().find(|it| it.slug == *slug).map_or(slug.as_str(), |it| it.name.as_str())
            });
            let organization = organization.as_ref().map(|slug| {
                workspace.organizations.iter().find(|it| it.slug == *slug).map_or(slug.as_str(), |it| it.name.as_str())
            });
            (t.rights.right)(
                (t.access.action)(*action),
                &feature_name(feature, &workspace.features),
                region,
                organization,
            )
        }
        Change::Api { slug } => (t.rights.api)(slug),
    }
}
