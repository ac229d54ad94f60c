//! Who gains and who loses what, before a change is saved: both states are decided and compared.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{AccessSnapshot, Action, Decision, Question, Subject, decide, decide::reach};

/// One right that is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Change {
    /// An action on a feature.
    Right {
        /// The feature's slug.
        feature: String,
        /// The action.
        action: Action,
        /// The region's slug; none for everywhere.
        region: Option<String>,
        /// The organization's slug; none for the whole workspace.
        organization: Option<String>,
    },
    /// The reach of an API.
    Api {
        /// The API's slug.
        slug: String,
    },
}

/// What somebody gains and loses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What they could not, and will.
    pub gained: Vec<Change>,
    /// What they can, and will not.
    pub lost: Vec<Change>,
}

impl Changed {
    /// Whether nothing changes for them.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }
}

/// Compares what a user may at a moment (Unix seconds) before and after a change.
pub fn difference(before: (&AccessSnapshot, &Subject), after: (&AccessSnapshot, &Subject), at: i64) -> Changed {
    let mut changed = Changed::default();
    let features: BTreeSet<&str> = before.0.feature_slugs().chain(after.0.feature_slugs()).collect();
    let regions: BTreeSet<&str> = [before.0, after.0]
        .iter()
        .flat_map(|it| it.facts().regions.iter().map(|region| region.slug.as_str()))
        .collect();
    let organizations = own_organizations(before).chain(own_organizations(after)).collect::<BTreeSet<_>>();
    for feature in features {
        for action in Action::ALL {
            for organization in std::iter::once(None).chain(organizations.iter().map(|it| Some(*it))) {
                let ask = |(snapshot, subject): (&AccessSnapshot, &Subject), region| {
                    let question = Question { action, feature, api: None, region, organization, at };
                    decide(snapshot, subject, &question).allowed()
                };
                if organization.is_some()
                    && [before, after].iter().any(|state| {
                        let question = Question { organization: None, ..Question::named(action, feature, at) };
                        // What holds for the whole workspace holds for each organization: it is told once.
                        matches!(decide(state.0, state.1, &question), Decision::Allowed { .. })
                    })
                {
                    continue;
                }
                let (was, is) = (ask(before, None), ask(after, None));
                let right = |region: Option<&str>| Change::Right {
                    feature: feature.to_owned(),
                    action,
                    region: region.map(str::to_owned),
                    organization: organization.map(str::to_owned),
                };
                if was != is {
                    if is { &mut changed.gained } else { &mut changed.lost }.push(right(None));
                }
                // A region's own news: not what the answer for all regions has said already.
                for region in regions.iter().filter(|_| regions.len() > 1) {
                    let (was_here, is_here) = (ask(before, Some(*region)), ask(after, Some(*region)));
                    if was_here != is_here && !(was != is && is == is_here) {
                        if is_here { &mut changed.gained } else { &mut changed.lost }.push(right(Some(*region)));
                    }
                }
            }
        }
    }
    apis(before, after, at, &mut changed);
    changed
}

fn own_organizations<'a>((snapshot, subject): (&'a AccessSnapshot, &'a Subject)) -> impl Iterator<Item = &'a str> {
    subject
        .assignments
        .iter()
        .filter_map(|it| it.organization)
        .filter_map(|place| snapshot.facts().organizations.get(place as usize))
        .map(|organization| organization.slug.as_str())
}

fn apis(before: (&AccessSnapshot, &Subject), after: (&AccessSnapshot, &Subject), at: i64, changed: &mut Changed) {
    let slugs: BTreeSet<&str> =
        [before.0, after.0].iter().flat_map(|it| it.facts().apis.iter().map(|api| api.slug.as_str())).collect();
    for slug in slugs {
        let (was, is) = (reaches(before, slug, at), reaches(after, slug, at));
        if was != is {
            if is { &mut changed.gained } else { &mut changed.lost }.push(Change::Api { slug: slug.to_owned() });
        }
    }
}

/// Whether an API is in the scope of anything held, or reached.
fn reaches((snapshot, subject): (&AccessSnapshot, &Subject), slug: &str, at: i64) -> bool {
    let Some(api) = snapshot.api(slug).filter(|_| subject.active) else { return false };
    let mut held = subject
        .assignments
        .iter()
        .filter(|it| it.until > at && it.permissions.iter().any(|actions| !actions.is_empty()))
        .peekable();
    held.peek().is_some()
        && (held.any(|it| it.apis.as_ref().is_none_or(|apis| apis.binary_search(&api).is_ok()))
            || reach(snapshot, subject, api, at).is_some())
}
