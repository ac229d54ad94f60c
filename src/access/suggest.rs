//! What would have to change so that a refused question is allowed: the smallest changes, each tried before it is told.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    AccessSnapshot, Action, Actions, ApiScope, AssignmentFacts, BuiltIn, Decision, Denial, GrantFacts, Permissions,
    Question, SubjectFacts, decide,
};

/// How many different ways are told at most.
const MOST: usize = 4;

/// One change to what a user holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// The account is enabled.
    Enable,
    /// This one action is given, and nothing else.
    Permit {
        /// The feature's slug.
        feature: String,
        /// The action.
        action: Action,
        /// The region's slug; none for all.
        region: Option<String>,
        /// The organization; none for the whole workspace.
        organization: Option<Uuid>,
    },
    /// A role is given.
    Assign {
        /// The role.
        role: Uuid,
        /// The region's slug; none for all.
        region: Option<String>,
        /// The organization; none for the whole workspace.
        organization: Option<Uuid>,
    },
    /// The API is granted to the user.
    Grant {
        /// The API.
        api: Uuid,
    },
    /// The user joins a group that carries the API.
    Join {
        /// The group.
        group: Uuid,
    },
}

/// The smallest sets of changes that would allow what is refused; none where nothing would, or nothing needs to.
pub fn remedies(snapshot: &AccessSnapshot, facts: &SubjectFacts, question: &Question<'_>) -> Vec<Vec<Remedy>> {
    match decide(snapshot, &snapshot.subject(facts), question) {
        Decision::Allowed { .. }
        | Decision::Denied(
            Denial::UnknownSubject
            | Denial::UnknownFeature
            | Denial::NotOffered
            | Denial::UnknownRegion
            | Denial::UnknownOrganization
            | Denial::UnknownApi,
        ) => return Vec::new(),
        Decision::Denied(_) => {}
    }
    let candidates = candidates(snapshot, facts, question);
    for size in 1..=3 {
        let mut found = Vec::new();
        combine(&candidates, size, &mut Vec::new(), &mut |set| {
            if found.len() < MOST && helps(snapshot, facts, question, set) {
                found.push(set.to_vec());
            }
        });
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn helps(snapshot: &AccessSnapshot, facts: &SubjectFacts, question: &Question<'_>, set: &[Remedy]) -> bool {
    let changed = set.iter().fold(facts.clone(), |facts, remedy| remedy.apply(facts));
    decide(snapshot, &snapshot.subject(&changed), question).allowed()
}

fn combine(from: &[Remedy], size: usize, chosen: &mut Vec<Remedy>, each: &mut impl FnMut(&[Remedy])) {
    if size == 0 {
        each(chosen);
        return;
    }
    for (i, remedy) in from.iter().enumerate() {
        chosen.push(remedy.clone());
        combine(&from[i + 1..], size - 1, chosen, each);
        chosen.pop();
    }
}

/// Single changes that may help, the least first.
fn candidates(snapshot: &AccessSnapshot, facts: &SubjectFacts, question: &Question<'_>) -> Vec<Remedy> {
    let workspace = snapshot.facts();
    let region = question.region.map(str::to_owned);
    let organization = question
        .organization
        .and_then(|slug| workspace.organizations.iter().find(|it| it.slug == slug))
        .map(|organization| organization.id);
    let mut all = Vec::new();
    if !facts.active {
        all.push(Remedy::Enable);
    }
    if let Some(api) = question.api.and_then(|slug| workspace.apis.iter().find(|it| it.slug == slug)) {
        all.push(Remedy::Grant { api: api.id });
        let carries = |grants: &[GrantFacts]| grants.iter().any(|grant| grant.api == api.id);
        all.extend(
            workspace
                .groups
                .iter()
                .filter(|group| carries(&group.grants) && !facts.groups.contains(&group.id))
                .take(2)
                .map(|group| Remedy::Join { group: group.id }),
        );
    }
    all.push(Remedy::Permit {
        feature: question.feature.to_owned(),
        action: question.action,
        region: region.clone(),
        organization,
    });
    let mut roles: Vec<(u32, Uuid)> = snapshot
        .roles
        .iter()
        .filter(|(id, role)| {
            role.category == facts.category
                && **id != BuiltIn::Owner.id()
                && snapshot.role_permits(**id, question.feature).has(question.action)
        })
        .map(|(id, role)| (role.permissions.iter().map(|actions| actions.len()).sum(), *id))
        .collect();
    roles.sort_unstable();
    all.extend(roles.into_iter().take(2).map(|(_, role)| Remedy::Assign {
        role,
        region: region.clone(),
        organization,
    }));
    all
}

impl Remedy {
    /// What the user holds afterwards.
    #[must_use]
    pub fn apply(&self, mut facts: SubjectFacts) -> SubjectFacts {
        let assignment = |role, permissions, region: &Option<String>, organization: &Option<Uuid>| AssignmentFacts {
            id: Uuid::nil(),
            role,
            permissions,
            region: region.clone(),
            organization: *organization,
            // A new right reaches the APIs that are reached already, and no others.
            apis: ApiScope::Chosen(Vec::new()),
            until: None,
        };
        match self {
            Self::Enable => facts.active = true,
            Self::Permit { feature, action, region, organization } => {
                let permissions = Permissions::from([(feature.clone(), Actions::of(&[*action]))]);
                facts.assignments.push(assignment(None, permissions, region, organization));
            }
            Self::Assign { role, region, organization } => {
                facts.assignments.push(assignment(Some(*role), Permissions::new(), region, organization));
            }
            Self::Grant { api } => facts.grants.push(GrantFacts { api: *api, until: None }),
            Self::Join { group } => facts.groups.push(*group),
        }
        facts
    }
}
