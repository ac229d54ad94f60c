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
    match change {
        Change::Right { action, .. } => right_words(change, (text().access.action)(*action), workspace),
        Change::Api { .. } => right_words(change, "", workspace),
    }
}

fn right_words(change: &Change, actions: &str, workspace: &WorkspaceFacts) -> String {
    let t = text();
    match change {
        Change::Right { feature, region, organization, .. } => {
            let region = region.as_ref().map(|slug| {
                workspace.regions.iter().find(|it| it.slug == *slug).map_or(slug.as_str(), |it| it.name.as_str())
            });
            let organization = organization.as_ref().map(|slug| {
                workspace.organizations.iter().find(|it| it.slug == *slug).map_or(slug.as_str(), |it| it.name.as_str())
            });
            (t.rights.right)(actions, &feature_name(feature, &workspace.features), region, organization)
        }
        Change::Api { slug } => (t.rights.api)(slug),
    }
}

/// How many APIs are named one by one.
const MOST_APIS: usize = 5;

/// Several of them, the actions on one feature together, and no more than a few APIs.
pub fn changes_words(changes: &[Change], workspace: &WorkspaceFacts) -> String {
    let t = text();
    let mut rights: Vec<(&Change, Vec<&str>)> = Vec::new();
    let mut apis = Vec::new();
    for change in changes {
        match change {
            Change::Right { action, .. } => {
                let action = (t.access.action)(*action);
                match rights.iter_mut().find(|(known, _)| same_place(known, change)) {
                    Some((_, actions)) => actions.push(action),
                    None => rights.push((change, vec![action])),
                }
            }
            Change::Api { .. } => apis.push(change_words(change, workspace)),
        }
    }
    let more = apis.len().saturating_sub(MOST_APIS);
    apis.truncate(MOST_APIS);
    let more = u32::try_from(more).ok().filter(|more| *more > 0).map(t.held.more_apis);
    let rights = rights.into_iter().map(|(first, actions)| right_words(first, &actions.join(", "), workspace));
    rights.chain(apis).chain(more).collect::<Vec<_>>().join("; ")
}

/// Whether two rights are to the same feature, in the same region and for the same organization.
fn same_place(one: &Change, other: &Change) -> bool {
    fn place(change: &Change) -> Option<(&String, &Option<String>, &Option<String>)> {
        match change {
            Change::Right { feature, region, organization, .. } => Some((feature, region, organization)),
            Change::Api { .. } => None,
        }
    }
    place(one) == place(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Action, Feature};

    #[test]
    fn actions_on_one_feature_are_told_together() {
        let right = |feature: Feature, action, region: Option<&str>| Change::Right {
            feature: feature.slug().to_owned(),
            action,
            region: region.map(str::to_owned),
            organization: None,
        };
        let changes = [
            right(Feature::Team, Action::View, None),
            right(Feature::Team, Action::View, Some("eu")),
            right(Feature::Team, Action::Update, None),
        ];
        let words = changes_words(&changes, &WorkspaceFacts::default());
        assert_eq!(words, "View, Update on Team management; View on Team management in eu");
        let apis: Vec<Change> = (0..7).map(|n| Change::Api { slug: format!("a{n}") }).collect();
        let words = changes_words(&apis, &WorkspaceFacts::default());
        assert!(words.ends_with("the API a4; 2 more APIs"), "{words}");
    }
}
