//! What somebody holds, with names: for the user's page and the audit log.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Sight;
use crate::access::{
    AccessSnapshot, ApiScope, AssignmentFacts, Category, GrantFacts, Permissions, RoleRef, SubjectFacts,
};

/// How many APIs are named at most.
const MOST_NAMED: usize = 100;

/// What a user holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRights {
    /// What kind of user.
    pub category: Category,
    /// Each assignment.
    pub rows: Vec<AssignmentRow>,
    /// The APIs that are reached.
    pub reached: Reached,
    /// Names of APIs, to ask about.
    pub apis: Vec<String>,
}

/// One assignment. It is what the audit log keeps, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRow {
    /// Its id.
    pub id: Uuid,
    /// Its role; none where only permissions are given.
    pub role: Option<RoleRef>,
    /// What is given beyond the role.
    pub permissions: Permissions,
    /// The slug of its region; none for all.
    pub region: Option<String>,
    /// The name of its organization; none for the whole workspace.
    pub organization: Option<String>,
    /// Slug and name of its APIs; none for all, present and future.
    pub apis: Option<Vec<(String, String)>>,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// Whether it has ended.
    pub ended: bool,
    /// When it was given or changed last.
    #[serde(with = "time::serde::timestamp::option")]
    pub given_at: Option<OffsetDateTime>,
    /// By whom; empty for nobody in particular.
    pub given_by: String,
}

impl AssignmentRow {
    /// With the names of the snapshot, at a moment in Unix seconds.
    pub fn new(snapshot: &AccessSnapshot, it: &AssignmentFacts, at: i64) -> Self {
        let facts = snapshot.facts();
        let organization = it.organization.and_then(|id| facts.organizations.iter().find(|known| known.id == id));
        Self {
            id: it.id,
            role: it.role.and_then(|role| snapshot.role(role)),
            permissions: it.permissions.clone(),
            region: it.region.clone(),
            organization: organization.map(|known| known.name.clone()),
            apis: match &it.apis {
                ApiScope::All => None,
                ApiScope::Chosen(ids) => {
                    let mut apis: Vec<_> = facts
                        .apis
                        .iter()
                        .filter(|api| ids.contains(&api.id))
                        .map(|api| (api.slug.clone(), api.name.clone()))
                        .collect();
                    apis.sort_by(|a, b| a.1.cmp(&b.1));
                    Some(apis)
                }
            },
            until: it.until,
            ended: ended(it.until, at),
            given_at: None,
            given_by: String::new(),
        }
    }
}

fn ended(until: Option<OffsetDateTime>, at: i64) -> bool {
    until.is_some_and(|until| until.unix_timestamp() <= at)
}

/// The APIs that somebody reaches, and because of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Assignments that are for all APIs, present and future.
    pub all: Vec<AllApis>,
    /// Single ones, by name.
    pub apis: Vec<ReachedApi>,
    /// How many are not named.
    pub more: u32,
}

/// An assignment that is for all APIs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllApis {
    /// Its role; none where only permissions are given.
    pub role: Option<RoleRef>,
    /// The slug of its region; none for all.
    pub region: Option<String>,
    /// The name of its organization; none for the whole workspace.
    pub organization: Option<String>,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
}

/// One API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReachedApi {
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// Each way to it, and when it ends.
    pub because: Vec<(Because, Option<i64>)>,
}

/// A way to an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Because {
    /// It is granted to the user.
    Granted,
    /// It is granted to a group of theirs.
    Group(String),
    /// It serves their Customer ID.
    CustomerId,
    /// It is chosen for a role; none where only permissions are given.
    Chosen(Option<RoleRef>),
}

impl Reached {
    /// What a user reaches at a moment in Unix seconds, of what is seen.
    pub(super) fn new(snapshot: &AccessSnapshot, subject: &SubjectFacts, at: i64, sight: &Sight) -> Self {
        let facts = snapshot.facts();
        let lasting = |grant: &&GrantFacts| !ended(grant.until, at);
        let mut reached = Self::default();
        let permits = |it: &AssignmentFacts| {
            let any = |role| snapshot.feature_slugs().any(|slug| !snapshot.role_permits(role, slug).is_empty());
            !it.permissions.is_empty() || it.role.is_some_and(any)
        };
        let held: Vec<&AssignmentFacts> =
            subject.assignments.iter().filter(|it| !ended(it.until, at) && permits(it)).collect();
        for it in held.iter().filter(|it| it.apis == ApiScope::All) {
            let row = sight.row(snapshot, it, at);
            reached.all.push(AllApis {
                role: row.role,
                region: row.region,
                organization: row.organization,
                until: row.until,
            });
        }
        let seconds = |until: Option<OffsetDateTime>| until.map(OffsetDateTime::unix_timestamp);
        let mut apis: Vec<ReachedApi> = Vec::new();
        for api in facts.apis.iter().filter(|api| sight.api(api.id)) {
            let granted = subject.grants.iter().filter(lasting).filter(|grant| grant.api == api.id);
            let mut because: Vec<(Because, Option<i64>)> =
                granted.map(|grant| (Because::Granted, seconds(grant.until))).collect();
            for group in facts.groups.iter().filter(|group| subject.groups.contains(&group.id)) {
                let granted = group.grants.iter().filter(lasting).filter(|grant| grant.api == api.id);
                because.extend(granted.map(|grant| (Because::Group(group.name.clone()), seconds(grant.until))));
            }
            if subject.category == Category::Customer
                && subject.customer_id.as_ref().is_some_and(|id| api.customer_ids.contains(id))
            {
                because.push((Because::CustomerId, None));
            }
            because.extend(
                held.iter()
                    .filter(|it| matches!(&it.apis, ApiScope::Chosen(chosen) if chosen.contains(&api.id)))
                    .map(|it| (Because::Chosen(it.role.and_then(|role| snapshot.role(role))), seconds(it.until))),
            );
            if !because.is_empty() {
                apis.push(ReachedApi { slug: api.slug.clone(), name: api.name.clone(), because });
            }
        }
        apis.sort_by(|a, b| a.name.cmp(&b.name));
        reached.more = u32::try_from(apis.len().saturating_sub(MOST_NAMED)).unwrap_or(u32::MAX);
        apis.truncate(MOST_NAMED);
        reached.apis = apis;
        reached
    }
}

/// The only active person who can manage the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyManager {
    /// Who.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
}
