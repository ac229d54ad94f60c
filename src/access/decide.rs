//! The one decision (DESIGN.md section 2).

use serde::{Deserialize, Serialize};

use super::{
    AccessSnapshot, Action, Feature, Subject,
    snapshot::{Assignment, Grant},
};

/// What is asked: may the subject do this? A name that is there but empty is an unknown one, and refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    /// Do what …
    pub action: Action,
    /// … with which feature, by its slug.
    pub feature: &'a str,
    /// On which API, by its slug, where it is about one.
    pub api: Option<&'a str>,
    /// In which region, by its slug.
    pub region: Option<&'a str>,
    /// For which organization, by its slug.
    pub organization: Option<&'a str>,
    /// When, in Unix seconds.
    pub at: i64,
}

impl<'a> Question<'a> {
    /// About a built-in feature, in no region and for no organization.
    pub fn new(action: Action, feature: Feature, at: i64) -> Self {
        Self::named(action, feature.slug(), at)
    }

    /// About a feature by its slug, in no region and for no organization.
    pub fn named(action: Action, feature: &'a str, at: i64) -> Self {
        Self { action, feature, api: None, region: None, organization: None, at }
    }

    /// As the console asks about a section: what is read is read in the region that is looked at; what is changed there is the
    /// whole workspace's, and so it is asked for all regions.
    pub fn console(action: Action, feature: Feature, region: Option<&'a str>, at: i64) -> Self {
        Self { region: region.filter(|_| action.reads()), ..Self::new(action, feature, at) }
    }
}

/// The answer, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may be done.
    Allowed {
        /// The place, among the assignments of the subject's facts, of the one that permits it.
        assignment: usize,
        /// How the API is reached.
        reach: Reach,
    },
    /// It may not be done.
    Denied(Denial),
}

/// How an API is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// No API was named.
    NotAsked,
    /// It is in the assignment's scope.
    Scope,
    /// It is granted to the user.
    Granted,
    /// It is granted to the group at this place.
    Group(u32),
    /// The customer's Customer ID is, exactly, one of the API's.
    CustomerId,
}

/// What is missing: the first gate that is shut, on the way of the assignment that gets furthest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Denial {
    /// There is no such user.
    UnknownSubject,
    /// The account is not active.
    NotActive,
    /// There is no such feature.
    UnknownFeature,
    /// The feature does not have this action.
    NotOffered,
    /// There is no such region.
    UnknownRegion,
    /// There is no such organization.
    UnknownOrganization,
    /// There is no such API.
    UnknownApi,
    /// No role that is held permits it.
    Role,
    /// It is permitted, but not in this region.
    Region,
    /// It is permitted in some region, but none is named and there are several.
    RegionNotNamed,
    /// It is permitted, but not for this organization; where none is named, not for the whole workspace.
    Organization,
    /// It is permitted, but the API is neither in scope nor granted, nor does a group or the Customer ID lead to it.
    Api,
}

impl Denial {
    /// Every denial, the one that is found first at the front.
    pub const ALL: [Self; 12] = [
        Self::UnknownSubject,
        Self::NotActive,
        Self::UnknownFeature,
        Self::NotOffered,
        Self::UnknownRegion,
        Self::UnknownOrganization,
        Self::UnknownApi,
        Self::Role,
        Self::Region,
        Self::RegionNotNamed,
        Self::Organization,
        Self::Api,
    ];

    /// The code in the decision API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownSubject => "unknown-subject",
            Self::NotActive => "not-active",
            Self::UnknownFeature => "unknown-feature",
            Self::NotOffered => "not-offered",
            Self::UnknownRegion => "unknown-region",
            Self::UnknownOrganization => "unknown-organization",
            Self::UnknownApi => "unknown-api",
            Self::Role => "role",
            Self::Region => "region",
            Self::RegionNotNamed => "region-not-named",
            Self::Organization => "organization",
            Self::Api => "api",
        }
    }
}

impl Decision {
    /// Whether it may be done.
    pub fn allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }
}

/// Decides. Pure and total: empty, unknown and missing deny, and an answer that allows allocates nothing.
pub fn decide(snapshot: &AccessSnapshot, subject: &Subject, question: &Question<'_>) -> Decision {
    match seek(snapshot, subject, question) {
        Ok((assignment, reach)) => Decision::Allowed { assignment, reach },
        Err(denial) => Decision::Denied(denial),
    }
}

/// The place of the assignment that permits it, and how the API is reached.
pub(super) fn seek(
    snapshot: &AccessSnapshot,
    subject: &Subject,
    question: &Question<'_>,
) -> Result<(usize, Reach), Denial> {
    if !subject.active {
        return Err(Denial::NotActive);
    }
    let feature = snapshot.feature(question.feature).ok_or(Denial::UnknownFeature)?;
    if !snapshot.features[feature].offered.has(question.action) {
        return Err(Denial::NotOffered);
    }
    let region = match question.region {
        Some(slug) => Some(snapshot.region(slug).ok_or(Denial::UnknownRegion)?),
        None => None,
    };
    let organization = match question.organization {
        Some(slug) => Some(snapshot.organization(slug).ok_or(Denial::UnknownOrganization)?),
        None => None,
    };
    let api = match question.api {
        Some(slug) => Some(snapshot.api(slug).ok_or(Denial::UnknownApi)?),
        None => None,
    };
    let mut furthest = Denial::Role;
    for assignment in &subject.assignments {
        if assignment.until <= question.at || !assignment.permissions[feature].has(question.action) {
            continue;
        }
        if !covers_region(snapshot, assignment, region) {
            furthest = furthest.max(if region.is_some() { Denial::Region } else { Denial::RegionNotNamed });
            continue;
        }
        if assignment.organization.is_some() && assignment.organization != organization {
            furthest = furthest.max(Denial::Organization);
            continue;
        }
        let Some(api) = api else {
            return Ok((assignment.place, Reach::NotAsked));
        };
        if assignment.apis.as_ref().is_none_or(|apis| apis.binary_search(&api).is_ok()) {
            return Ok((assignment.place, Reach::Scope));
        }
        match reach(snapshot, subject, api, question.at) {
            Some(reach) => return Ok((assignment.place, reach)),
            None => furthest = Denial::Api,
        }
    }
    Err(furthest)
}

/// With one region, not naming it names it; with several, only what is for all regions counts then.
pub(super) fn covers_region(snapshot: &AccessSnapshot, assignment: &Assignment, region: Option<u16>) -> bool {
    match (assignment.region, region) {
        (None, _) => true,
        (Some(_), None) => !snapshot.several_regions(),
        (Some(held), Some(asked)) => held == asked,
    }
}

/// How an API is reached without being in an assignment's scope.
pub(super) fn reach(snapshot: &AccessSnapshot, subject: &Subject, api: u32, at: i64) -> Option<Reach> {
    if granted(&subject.grants, api, at) {
        return Some(Reach::Granted);
    }
    if let Some(group) = subject.groups.iter().find(|group| granted(&snapshot.groups[**group as usize], api, at)) {
        return Some(Reach::Group(*group));
    }
    subject.customer_apis.binary_search(&api).is_ok().then_some(Reach::CustomerId)
}

fn granted(grants: &[Grant], api: u32, at: i64) -> bool {
    grants.binary_search_by_key(&api, |grant| grant.api).is_ok_and(|place| grants[place].until > at)
}
