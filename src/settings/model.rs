//! What the settings keep, and which region is looked at.

mod inviting;

pub use inviting::{
    ColourForm, DomainsForm, InvitationSettings, MOST_DOMAINS, RegistrationForm, RegistrationRules, SenderForm,
    TestMailForm, Unit, Validity, ValidityForm, WordsForm,
};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Action, Actions, AssignmentFacts, Feature, RegionFacts},
    accounts::model::check_name,
    error::{AppError, Problem, Problems},
    slug::check_slug,
};

/// What the region switch says for all regions; no region's slug can be so.
pub const ALL_REGIONS: &str = "*";

/// How many characters the purpose of a feature may have.
const MOST_IN_PURPOSE: usize = 500;

/// How many roles and people a dialog names.
pub const MOST_NAMED: usize = 8;

/// A feature of the workspace's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFeature {
    /// Its name in questions, which never changes.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What it is, and who enforces it.
    pub purpose: String,
    /// What can be done with it.
    pub actions: Actions,
}

/// A feature, and what names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureUse {
    /// The feature.
    pub feature: OwnFeature,
    /// How many custom roles permit something on it.
    pub roles: i64,
    /// The names of the first of them.
    pub role_names: Vec<String>,
    /// How many people were given something on it beside their roles.
    pub people: i64,
    /// The names of the first of them.
    pub people_names: Vec<String>,
}

/// A region, and what names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Its name in questions, which never changes.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How many APIs are in it, up to one more than `apis::model::MOST_COUNTED`.
    pub apis: i64,
    /// How many assignments are for it alone, up to the same.
    pub assignments: i64,
}

impl Region {
    /// Whether something names it, so that it cannot be deleted.
    pub fn in_use(&self) -> bool {
        self.apis > 0 || self.assignments > 0
    }
}

/// What adding a feature sends, and editing one: then the slug says which.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureForm {
    /// Its name.
    pub name: String,
    /// Its slug; of a new feature it may be empty, and is made of the name then.
    #[serde(default)]
    pub slug: String,
    /// What it is, and who enforces it.
    #[serde(default)]
    pub purpose: String,
    /// The slugs of its actions.
    #[serde(default)]
    pub actions: Vec<String>,
}

/// What adding a region sends, and renaming one: then the slug says which.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionForm {
    /// Its name.
    pub name: String,
    /// Its slug; of a new region it may be empty, and is made of the name then.
    #[serde(default)]
    pub slug: String,
}

/// What deleting a feature or a region sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlugForm {
    /// Which one.
    pub slug: String,
}

/// What the region switch sends.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionChoice {
    /// The region's slug, or [`ALL_REGIONS`].
    pub region: String,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

impl FeatureForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<OwnFeature, AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_name(&self.name));
        let slug = problems.take(
            "slug",
            check_slug(&self.slug, &self.name).and_then(|slug| match slug.parse::<Feature>() {
                Ok(_) => Err(Problem::Taken),
                Err(()) => Ok(slug),
            }),
        );
        let purpose = problems.take("purpose", check_purpose(&self.purpose));
        let actions = problems.take("actions", check_actions(&self.actions));
        match (name, slug, purpose, actions, problems.error()) {
            (Some(name), Some(slug), Some(purpose), Some(actions), None) => {
                Ok(OwnFeature { slug, name, purpose, actions })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

impl RegionForm {
    /// Checks every field and reports all mistakes at once: the name, then the slug.
    pub fn check(&self) -> Result<(String, String), AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_name(&self.name));
        let slug = problems.take("slug", check_slug(&self.slug, &self.name));
        match (name, slug, problems.error()) {
            (Some(name), Some(slug), None) => Ok((name, slug)),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

fn check_purpose(typed: &str) -> Result<String, Problem> {
    let purpose = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match purpose.chars().count() {
        _ if purpose.chars().any(char::is_control) => Err(Problem::Forbidden),
        0..=MOST_IN_PURPOSE => Ok(purpose),
        _ => Err(Problem::TooLong),
    }
}

fn check_actions(ticked: &[String]) -> Result<Actions, Problem> {
    let actions: Result<Actions, ()> = ticked.iter().map(|slug| slug.parse::<Action>()).collect();
    match actions {
        Ok(actions) if actions.is_empty() => Err(Problem::Missing),
        actions => actions.map_err(|()| Problem::Choice),
    }
}

/// Whether somebody holds something in all regions at a moment (Unix seconds), so that they may look at all of them at once.
pub fn sees_all_regions(held: &[AssignmentFacts], at: i64) -> bool {
    lasting(held, at).any(|it| it.region.is_none())
}

/// The region that is looked at: the one that is wanted, else all for who holds something in all, else the first that they
/// hold something in. With one region there is nothing to choose, and what names a region that is gone counts for nothing.
pub fn region_in_view<'a>(
    regions: &'a [RegionFacts],
    held: &[AssignmentFacts],
    at: i64,
    wanted: Option<&str>,
) -> Option<&'a str> {
    if regions.len() < 2 {
        return None;
    }
    let slugs = || regions.iter().map(|region| region.slug.as_str());
    match slugs().find(|slug| Some(*slug) == wanted) {
        Some(chosen) => Some(chosen),
        None if sees_all_regions(held, at) => None,
        None => slugs().find(|slug| lasting(held, at).any(|it| it.region.as_deref() == Some(*slug))),
    }
}

fn lasting(held: &[AssignmentFacts], at: i64) -> impl Iterator<Item = &AssignmentFacts> {
    held.iter().filter(move |it| it.until.is_none_or(|until| until.unix_timestamp() > at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::BuiltIn;

    fn regions(slugs: &[&str]) -> Vec<RegionFacts> {
        slugs.iter().map(|slug| RegionFacts { slug: (*slug).into(), name: slug.to_uppercase() }).collect()
    }

    fn held(region: Option<&str>) -> AssignmentFacts {
        AssignmentFacts { region: region.map(Into::into), ..AssignmentFacts::everywhere(BuiltIn::Visitor) }
    }

    #[test]
    fn the_region_in_view_is_one_that_is_there() {
        let two = regions(&["eu", "us"]);
        let (all, us) = ([held(None)], [held(Some("us"))]);
        for (held, wanted, expected) in [
            (&all[..], None, None),
            (&all, Some(ALL_REGIONS), None),
            (&all, Some("us"), Some("us")),
            (&all, Some("gone"), None),
            (&all, Some(""), None),
            (&us, None, Some("us")),
            (&us, Some(ALL_REGIONS), Some("us")),
            (&us, Some("gone"), Some("us")),
            // What is looked at confers nothing: `decide` says what is seen there.
            (&us, Some("eu"), Some("eu")),
            (&[], None, None),
        ] {
            assert_eq!(region_in_view(&two, held, 0, wanted), expected, "{wanted:?}");
        }
        assert_eq!(region_in_view(&regions(&["eu"]), &us, 0, Some("eu")), None, "with one there is nothing to choose");
    }

    #[test]
    fn what_has_ended_shows_nothing() {
        let ended = AssignmentFacts { until: time::OffsetDateTime::from_unix_timestamp(100).ok(), ..held(None) };
        let ended = &[ended];
        assert!(sees_all_regions(ended, 99));
        assert!(!sees_all_regions(ended, 100));
    }

    #[test]
    fn every_mistake_of_a_feature_is_told_at_once() {
        let form = FeatureForm { actions: vec!["view".into(), "manage".into()], ..FeatureForm::default() };
        let error = form.check().unwrap_err();
        assert_eq!(error.problem("name"), Some(Problem::Missing));
        assert_eq!(error.problem("actions"), Some(Problem::Choice));
        let form = FeatureForm { name: "Billing".into(), ..FeatureForm::default() };
        let error = form.check().unwrap_err();
        assert_eq!(error.problem("slug"), Some(Problem::Taken), "a built-in feature's");
        assert_eq!(error.problem("actions"), Some(Problem::Missing));
    }
}
