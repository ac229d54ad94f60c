//! A workspace's rights, compiled: names become places in arrays, so that a decision only compares numbers.

use std::{collections::HashMap, sync::Arc};

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Actions, ApiScope, AssignmentFacts, BuiltIn, Category, Feature, GrantFacts, RoleRef, SubjectFacts, WorkspaceFacts,
};

/// A moment that does not come.
pub(super) const NEVER: i64 = i64::MAX;

/// What every decision in a workspace looks at. Made of `WorkspaceFacts`; users are compiled one by one (`Subject`).
#[derive(Clone, Debug, Default)]
pub struct AccessSnapshot {
    facts: WorkspaceFacts,
    /// Built-in features first, each at the place of its variant; then the workspace's own.
    pub(super) features: Vec<FeatureEntry>,
    /// Each role's actions by the feature's place.
    pub(super) roles: HashMap<Uuid, RoleEntry>,
    organizations: HashMap<Box<str>, u32>,
    organization_ids: HashMap<Uuid, u32>,
    apis: HashMap<Box<str>, u32>,
    api_ids: HashMap<Uuid, u32>,
    customer_ids: HashMap<Box<str>, Vec<u32>>,
    group_ids: HashMap<Uuid, u32>,
    /// Each group's grants, in the order of the APIs.
    pub(super) groups: Vec<Box<[Grant]>>,
}

#[derive(Clone, Debug)]
pub(super) struct FeatureEntry {
    pub slug: Box<str>,
    pub offered: Actions,
}

#[derive(Clone, Debug)]
pub(super) struct RoleEntry {
    pub category: Category,
    /// By the feature's place.
    pub permissions: Arc<[Actions]>,
}

/// A grant of the API at a place, until a moment in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub api: u32,
    pub until: i64,
}

/// A user's rights, compiled against one snapshot: never used with another.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The user's id.
    pub id: Uuid,
    /// Whether the account is active.
    pub active: bool,
    /// What kind of user.
    pub category: Category,
    pub(super) assignments: Box<[Assignment]>,
    pub(super) grants: Box<[Grant]>,
    pub(super) groups: Box<[u32]>,
    /// The APIs that serve the customer's Customer ID.
    pub(super) customer_apis: Box<[u32]>,
}

#[derive(Clone, Debug)]
pub(super) struct Assignment {
    /// Its place in the subject's facts, of which some confer nothing and are left out.
    pub place: usize,
    pub owner: bool,
    /// By the feature's place; the role's own where nothing is given beside it, so that many holders share it.
    pub permissions: Arc<[Actions]>,
    pub region: Option<u16>,
    pub organization: Option<u32>,
    /// None for all APIs; else these, in order.
    pub apis: Option<Box<[u32]>>,
    pub until: i64,
}

/// A moment, in whole Unix seconds; what has no end ends never.
pub(super) fn seconds(until: Option<OffsetDateTime>) -> i64 {
    until.map_or(NEVER, OffsetDateTime::unix_timestamp)
}

impl AccessSnapshot {
    /// Compiles a workspace's rights.
    pub fn new(facts: WorkspaceFacts) -> Self {
        let built_in =
            Feature::ALL.iter().map(|feature| FeatureEntry { slug: feature.slug().into(), offered: feature.actions() });
        let own = facts
            .features
            .iter()
            .map(|feature| FeatureEntry { slug: feature.slug.as_str().into(), offered: feature.actions });
        let features: Vec<FeatureEntry> = built_in.chain(own).collect();
        let mut roles = HashMap::new();
        for role in BuiltIn::ALL {
            let permissions = features.iter().map(|feature| role.permits(&feature.slug, feature.offered)).collect();
            roles.insert(role.id(), RoleEntry { category: role.category(), permissions });
        }
        for role in &facts.roles {
            let permissions = lay_out(&features, |slug| role.permissions.get(slug).copied());
            roles.insert(role.id, RoleEntry { category: role.category, permissions });
        }
        let places = |count: usize| 0..u32::try_from(count).unwrap_or(u32::MAX);
        let mut customer_ids: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        for (place, api) in places(facts.apis.len()).zip(&facts.apis) {
            for id in &api.customer_ids {
                customer_ids.entry(id.as_str().into()).or_default().push(place);
            }
        }
        let mut snapshot = Self {
            features,
            roles,
            organizations: places(facts.organizations.len())
                .zip(&facts.organizations)
                .map(|(place, it)| (it.slug.as_str().into(), place))
                .collect(),
            organization_ids: places(facts.organizations.len())
                .zip(&facts.organizations)
                .map(|(place, it)| (it.id, place))
                .collect(),
            apis: places(facts.apis.len())
                .zip(&facts.apis)
                .map(|(place, it)| (it.slug.as_str().into(), place))
                .collect(),
            api_ids: places(facts.apis.len()).zip(&facts.apis).map(|(place, it)| (it.id, place)).collect(),
            customer_ids,
            group_ids: places(facts.groups.len()).zip(&facts.groups).map(|(place, it)| (it.id, place)).collect(),
            groups: Vec::new(),
            facts,
        };
        snapshot.groups = snapshot.facts.groups.iter().map(|group| snapshot.grants(&group.grants)).collect();
        snapshot
    }

    /// The facts that it is made of.
    pub fn facts(&self) -> &WorkspaceFacts {
        &self.facts
    }

    /// Compiles a user's rights. What names something that is not there confers nothing (PITFALLS.md 25).
    pub fn subject(&self, facts: &SubjectFacts) -> Subject {
        let mut groups: Vec<u32> = facts.groups.iter().filter_map(|id| self.group_ids.get(id).copied()).collect();
        groups.sort_unstable();
        Subject {
            id: facts.id,
            active: facts.active,
            category: facts.category,
            assignments: facts
                .assignments
                .iter()
                .enumerate()
                .filter_map(|(place, it)| Some(Assignment { place, ..self.assignment(facts.category, it)? }))
                .collect(),
            grants: self.grants(&facts.grants),
            groups: groups.into(),
            customer_apis: self.customer_apis(facts).into(),
        }
    }

    /// As much of the workspace's rights as a browser needs to ask what this user may in the console: no APIs and no groups.
    pub fn excerpt(&self, subject: &SubjectFacts) -> WorkspaceFacts {
        let held = |role: Uuid| subject.assignments.iter().any(|it| it.role == Some(role));
        let within = |organization: Uuid| subject.assignments.iter().any(|it| it.organization == Some(organization));
        WorkspaceFacts {
            version: 0,
            features: self.facts.features.clone(),
            regions: self.facts.regions.clone(),
            roles: self.facts.roles.iter().filter(|role| held(role.id)).cloned().collect(),
            organizations: self.facts.organizations.iter().filter(|it| within(it.id)).cloned().collect(),
            apis: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// A role by its id.
    pub fn role(&self, id: Uuid) -> Option<RoleRef> {
        match BuiltIn::by_id(id) {
            Some(built_in) => Some(built_in.into()),
            None => {
                let role = self.facts.roles.iter().find(|role| role.id == id)?;
                Some(RoleRef { id, name: role.name.clone() })
            }
        }
    }

    /// Every role of a category, the built-in ones first.
    pub fn roles_of(&self, category: Category) -> impl Iterator<Item = RoleRef> {
        let built_in = BuiltIn::ALL.into_iter().filter(move |role| role.category() == category).map(RoleRef::from);
        let custom = self.facts.roles.iter().filter(move |role| role.category == category);
        built_in.chain(custom.map(|role| RoleRef { id: role.id, name: role.name.clone() }))
    }

    pub(super) fn assignment(&self, category: Category, facts: &AssignmentFacts) -> Option<Assignment> {
        let role = match facts.role {
            Some(id) => Some(self.roles.get(&id).filter(|role| role.category == category)?),
            None => None,
        };
        let own = || lay_out(&self.features, |slug| facts.permissions.get(slug).copied());
        let permissions = match role {
            Some(role) if facts.permissions.is_empty() => Arc::clone(&role.permissions),
            Some(role) => role.permissions.iter().zip(&*own()).map(|(role, own)| role.with(*own)).collect(),
            None => own(),
        };
        let region = match &facts.region {
            Some(slug) => Some(self.region(slug)?),
            None => None,
        };
        let organization = match &facts.organization {
            Some(id) => Some(*self.organization_ids.get(id)?),
            None => None,
        };
        let apis = match &facts.apis {
            ApiScope::All => None,
            ApiScope::Chosen(ids) => {
                let mut places: Vec<u32> = ids.iter().filter_map(|id| self.api_ids.get(id).copied()).collect();
                places.sort_unstable();
                Some(places.into())
            }
        };
        Some(Assignment {
            place: 0,
            owner: facts.role == Some(BuiltIn::Owner.id()),
            permissions,
            region,
            organization,
            apis,
            until: seconds(facts.until),
        })
    }

    fn grants(&self, facts: &[GrantFacts]) -> Box<[Grant]> {
        let mut grants: Vec<Grant> = facts
            .iter()
            .filter_map(|it| Some(Grant { api: *self.api_ids.get(&it.api)?, until: seconds(it.until) }))
            .collect();
        // Of several grants of one API, the one that lasts longest stands.
        grants.sort_unstable_by_key(|grant| (grant.api, std::cmp::Reverse(grant.until)));
        grants.dedup_by_key(|grant| grant.api);
        grants.into()
    }

    /// The APIs that grants, groups and the Customer ID lead somebody to, each way by itself.
    pub(super) fn led_to(&self, facts: &SubjectFacts) -> impl Iterator<Item = Grant> {
        let groups = facts.groups.iter().filter_map(|id| self.group_ids.get(id));
        let by_group = groups.flat_map(|place| self.groups[*place as usize].iter().copied());
        self.grants(&facts.grants)
            .into_iter()
            .chain(by_group)
            .chain(self.customer_apis(facts).iter().map(|api| Grant { api: *api, until: NEVER }))
    }

    /// The APIs that serve a customer's Customer ID.
    fn customer_apis(&self, facts: &SubjectFacts) -> &[u32] {
        match (&facts.category, &facts.customer_id) {
            (Category::Customer, Some(id)) => self.customer_ids.get(id.as_str()).map_or(&[], Vec::as_slice),
            _ => &[],
        }
    }

    /// The place of a feature.
    pub(super) fn feature(&self, slug: &str) -> Option<usize> {
        self.features.iter().position(|feature| &*feature.slug == slug)
    }

    /// What a feature offers; nothing where there is none of that name.
    pub fn offered(&self, slug: &str) -> Actions {
        self.feature(slug).map_or(Actions::NONE, |place| self.features[place].offered)
    }

    /// The slugs of all features, the built-in ones first.
    pub fn feature_slugs(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(|feature| &*feature.slug)
    }

    /// What a role permits on a feature.
    pub fn role_permits(&self, role: Uuid, slug: &str) -> Actions {
        match (self.roles.get(&role), self.feature(slug)) {
            (Some(role), Some(place)) => role.permissions[place],
            _ => Actions::NONE,
        }
    }

    /// The place of a region.
    pub(super) fn region(&self, slug: &str) -> Option<u16> {
        self.facts.regions.iter().position(|region| region.slug == slug).and_then(|place| u16::try_from(place).ok())
    }

    /// Whether a question must name a region to be for one.
    pub fn several_regions(&self) -> bool {
        self.facts.regions.len() > 1
    }

    pub(super) fn organization(&self, slug: &str) -> Option<u32> {
        self.organizations.get(slug).copied()
    }

    pub(super) fn api(&self, slug: &str) -> Option<u32> {
        self.apis.get(slug).copied()
    }

    pub(super) fn api_by_id(&self, id: Uuid) -> Option<u32> {
        self.api_ids.get(&id).copied()
    }
}

/// Actions by the feature's place, cut to what each feature offers.
fn lay_out(features: &[FeatureEntry], given: impl Fn(&str) -> Option<Actions>) -> Arc<[Actions]> {
    features.iter().map(|feature| given(&feature.slug).unwrap_or_default().within(feature.offered)).collect()
}

impl Subject {
    /// Nobody: holds nothing.
    pub fn nobody() -> Self {
        Self {
            id: Uuid::nil(),
            active: false,
            category: Category::Teammate,
            assignments: Box::default(),
            grants: Box::default(),
            groups: Box::default(),
            customer_apis: Box::default(),
        }
    }

    /// Whether they own the workspace.
    pub fn owns(&self) -> bool {
        self.active && self.assignments.iter().any(|assignment| assignment.owner)
    }
}
