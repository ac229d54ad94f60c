//! Why it is so: every way that was looked at, for people and for the decision API.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{AccessSnapshot, Action, Decision, Denial, Question, Reach, SubjectFacts, decide};

/// A refusal as a person is told it: codes and names of the question, no prose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was asked: to do this …
    pub action: Action,
    /// … with the feature of this slug …
    pub feature: String,
    /// … in this region, if one was named.
    pub region: Option<String>,
    /// What is missing.
    pub denial: Denial,
}

impl Refused {
    /// The refusal of a question.
    pub fn new(question: &Question<'_>, denial: Denial) -> Self {
        Self {
            action: question.action,
            feature: question.feature.to_owned(),
            region: question.region.map(str::to_owned),
            denial,
        }
    }
}

/// A decision with every way that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// What is missing; nothing where it may be done.
    pub denial: Option<Denial>,
    /// Each assignment and where it leads; the one that decides first.
    pub ways: Vec<Way>,
}

/// One assignment, and how far it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The assignment.
    pub assignment: Uuid,
    /// Its role, if it has one.
    pub role: Option<Uuid>,
    /// Whether it is not the role that permits it, but what is given beside it.
    pub beside_role: bool,
    /// The slug of its region; none for all.
    pub region: Option<String>,
    /// Its organization; none for the whole workspace.
    pub organization: Option<Uuid>,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// The gate that is shut; none where it leads through.
    pub denial: Option<Denial>,
    /// How the API is reached, where it leads through and one was named.
    pub reach: Option<ReachedBy>,
}

/// How an API is reached, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReachedBy {
    /// It is in the assignment's scope.
    Scope,
    /// It is granted to the user.
    Granted,
    /// It is granted to this group.
    Group(Uuid),
    /// The customer's Customer ID is, exactly, one of the API's.
    CustomerId,
}

/// Decides, and says by which way or what is missing on each: every assignment is asked by itself, so that what is told is what
/// `decide` does.
pub fn explain(snapshot: &AccessSnapshot, facts: &SubjectFacts, question: &Question<'_>) -> Explanation {
    let denial = match decide(snapshot, &snapshot.subject(facts), question) {
        Decision::Allowed { .. } => None,
        Decision::Denied(denial) => Some(denial),
    };
    let mut ways: Vec<Way> = facts
        .assignments
        .iter()
        .map(|it| {
            let alone = snapshot.subject(&SubjectFacts { assignments: vec![it.clone()], ..facts.clone() });
            let (denial, reach) = match decide(snapshot, &alone, question) {
                Decision::Denied(denial) => (Some(denial), None),
                Decision::Allowed { reach, .. } => (None, reached_by(snapshot, reach)),
            };
            let by_role =
                it.role.is_some_and(|role| snapshot.role_permits(role, question.feature).has(question.action));
            Way {
                assignment: it.id,
                role: it.role,
                beside_role: !by_role,
                region: it.region.clone(),
                organization: it.organization,
                until: it.until,
                denial,
                reach,
            }
        })
        .collect();
    // What leads through stands first, then what leads furthest.
    ways.sort_by_key(|way| std::cmp::Reverse(way.denial.map_or((1, None), |denial| (0, Some(denial)))));
    Explanation { denial, ways }
}

fn reached_by(snapshot: &AccessSnapshot, reach: Reach) -> Option<ReachedBy> {
    match reach {
        Reach::NotAsked => None,
        Reach::Scope => Some(ReachedBy::Scope),
        Reach::Granted => Some(ReachedBy::Granted),
        Reach::Group(place) => snapshot.facts().groups.get(place as usize).map(|group| ReachedBy::Group(group.id)),
        Reach::CustomerId => Some(ReachedBy::CustomerId),
    }
}
