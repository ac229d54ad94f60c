//! What a role leaves to be chosen, and a change of one assignment: of one part of it or of several, the others stay.

use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::{Actions, ApiScope, AssignmentFacts, BuiltIn, Category, Permissions};

/// What there is to choose beside a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Areas, each with all its actions.
    pub areas: bool,
    /// The APIs it is for.
    pub apis: bool,
    /// The region it is for.
    pub region: bool,
    /// The organization it is for.
    pub organization: bool,
    /// The day on which it ends.
    pub until: bool,
}

impl Parts {
    /// Of a role: "Admin" gives everything and hides the rest, as "Member" lets one choose areas (seed 000, section 3.4). Ownership
    /// is of everything and for ever.
    pub fn of(role: Option<Uuid>, category: Category) -> Self {
        let role = role.and_then(BuiltIn::by_id);
        let (owner, all) = (role == Some(BuiltIn::Owner), role == Some(BuiltIn::Administrator));
        Self {
            areas: role == Some(BuiltIn::Member),
            apis: !owner && !all,
            region: !owner,
            organization: !owner && !all && category != Category::Customer,
            until: !owner,
        }
    }
}

/// A change of an assignment. What is not named stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Another role.
    pub role: Option<Uuid>,
    /// Areas that are ticked.
    pub give: Vec<String>,
    /// Areas that are unticked.
    pub take: Vec<String>,
    /// Other APIs.
    pub apis: Option<ApiScope>,
    /// Another region, by its slug, or all of them.
    pub region: Option<Option<String>>,
    /// Another organization, or the whole workspace.
    pub organization: Option<Option<Uuid>>,
    /// Another end, or none.
    pub until: Option<Option<OffsetDateTime>>,
}

impl Change {
    /// The assignment after the change; `offered` tells the actions of an area. A role that gives everything, or areas of its own,
    /// takes over what stood in the place of that.
    #[must_use]
    pub fn apply(&self, before: &AssignmentFacts, offered: impl Fn(&str) -> Actions) -> AssignmentFacts {
        let mut after = before.clone();
        if let Some(role) = self.role.filter(|role| before.role != Some(*role)) {
            after.role = Some(role);
            let parts = Parts::of(Some(role), role_category(role));
            if !parts.areas {
                after.permissions = Permissions::new();
            }
            if !parts.apis {
                after.apis = ApiScope::All;
                after.organization = None;
            }
            if !parts.region {
                after.region = None;
            }
            if !parts.until {
                after.until = None;
            }
        }
        for area in &self.take {
            after.permissions.remove(area);
        }
        for area in &self.give {
            after.permissions.insert(area.clone(), offered(area));
        }
        if let Some(apis) = &self.apis {
            after.apis = apis.clone();
        }
        if let Some(region) = &self.region {
            after.region = region.clone();
        }
        if let Some(organization) = self.organization {
            after.organization = organization;
        }
        if let Some(until) = self.until {
            after.until = until;
        }
        after
    }
}

/// Of a custom role, that of teammates: what it leaves to be chosen does not hang on it.
fn role_category(role: Uuid) -> Category {
    BuiltIn::by_id(role).map_or(Category::Teammate, BuiltIn::category)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member() -> AssignmentFacts {
        AssignmentFacts {
            permissions: Permissions::from([("billing".to_owned(), Actions::ALL)]),
            region: Some("eu".to_owned()),
            apis: ApiScope::Chosen(vec![Uuid::from_u128(7)]),
            until: Some(OffsetDateTime::UNIX_EPOCH),
            ..AssignmentFacts::everywhere(BuiltIn::Member)
        }
    }

    /// Seed 000 and issue 3: areas, APIs and regions are changed independently; changing one keeps the others.
    #[test]
    fn a_change_of_one_part_keeps_the_others() {
        let before = member();
        let apply = |change: Change| change.apply(&before, |_| Actions::ALL);
        let areas = apply(Change { give: vec!["team".into()], take: vec!["billing".into()], ..Change::default() });
        assert_eq!(areas.permissions.keys().collect::<Vec<_>>(), ["team"]);
        assert_eq!(AssignmentFacts { permissions: before.permissions.clone(), ..areas }, before);
        let apis = apply(Change { apis: Some(ApiScope::All), ..Change::default() });
        assert_eq!(AssignmentFacts { apis: before.apis.clone(), ..apis }, before);
        let region = apply(Change { region: Some(None), ..Change::default() });
        assert_eq!(AssignmentFacts { region: before.region.clone(), ..region }, before);
        let until = apply(Change { until: Some(None), ..Change::default() });
        assert_eq!(AssignmentFacts { until: before.until, ..until }, before);
        let role = apply(Change { role: Some(BuiltIn::Visitor.id()), ..Change::default() });
        let kept = AssignmentFacts { role: before.role, permissions: before.permissions.clone(), ..role.clone() };
        assert_eq!(kept, before);
        assert!(role.permissions.is_empty(), "areas are a Member's");
        assert_eq!(apply(Change::default()), before);
    }

    #[test]
    fn admin_gives_everything_and_hides_the_rest() {
        let apply =
            |role: BuiltIn| Change { role: Some(role.id()), ..Change::default() }.apply(&member(), |_| Actions::ALL);
        let admin = apply(BuiltIn::Administrator);
        assert_eq!((admin.apis, admin.permissions.len(), admin.region.as_deref()), (ApiScope::All, 0, Some("eu")));
        assert_eq!(
            apply(BuiltIn::Owner),
            AssignmentFacts { id: Uuid::nil(), ..AssignmentFacts::everywhere(BuiltIn::Owner) }
        );
        let parts = Parts::of(Some(BuiltIn::Owner.id()), Category::Teammate);
        assert!(!(parts.areas || parts.apis || parts.region || parts.organization || parts.until));
        assert!(Parts::of(Some(BuiltIn::Member.id()), Category::Teammate).areas);
        assert!(!Parts::of(Some(BuiltIn::Visitor.id()), Category::Teammate).areas);
        assert!(!Parts::of(Some(BuiltIn::Customer.id()), Category::Customer).organization);
    }
}
