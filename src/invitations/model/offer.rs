//! What an invitation offers: an assignment, groups, and to customers a Customer ID.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{ApiScope, AssignmentFacts, BuiltIn, Category, SubjectFacts, WorkspaceFacts};

/// What the invitee will be. It is checked against the inviter's rights when it is made and again when it takes effect (PITFALLS.md
/// 11 and 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What kind of user.
    pub category: Category,
    /// What they will hold: always with a role.
    pub assignment: AssignmentFacts,
    /// The groups they will be in.
    pub groups: Vec<Uuid>,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
}

/// What of it is kept as JSON: the role and the Customer ID have columns.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// See `Offer::assignment`.
    pub assignment: AssignmentFacts,
    /// See `Offer::groups`.
    #[serde(default)]
    pub groups: Vec<Uuid>,
}

/// What an offer names and is not there any more (PITFALLS.md 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GonePart {
    /// A group.
    Group,
    /// The organization.
    Organization,
    /// The region.
    Region,
    /// An API.
    Api,
}

impl Offer {
    /// A role, everywhere. Customers reach the APIs that something leads them to; everybody else has all in scope.
    pub fn everywhere(category: Category, role: Uuid) -> Self {
        let apis = match category {
            Category::Customer => ApiScope::Chosen(Vec::new()),
            Category::Teammate | Category::Organization => ApiScope::All,
        };
        let everywhere = AssignmentFacts::everywhere(BuiltIn::Member);
        Self {
            category,
            assignment: AssignmentFacts { role: Some(role), apis, ..everywhere },
            groups: Vec::new(),
            customer_id: None,
        }
    }

    /// Out of its columns.
    pub fn read(category: Category, role: Uuid, customer_id: Option<String>, kept: Option<Kept>) -> Self {
        let plain = Self { customer_id, ..Self::everywhere(category, role) };
        match kept {
            None => plain,
            Some(kept) => Self {
                assignment: AssignmentFacts { role: Some(role), ..kept.assignment },
                groups: kept.groups,
                ..plain
            },
        }
    }

    /// What goes into its JSON column; nothing where the role says it all.
    pub fn kept(&self) -> Option<Kept> {
        let plain = Self { customer_id: self.customer_id.clone(), ..Self::everywhere(self.category, self.role()) };
        let same = AssignmentFacts { id: plain.assignment.id, ..self.assignment.clone() } == plain.assignment;
        (!same || !self.groups.is_empty())
            .then(|| Kept { assignment: self.assignment.clone(), groups: self.groups.clone() })
    }

    /// The role.
    pub fn role(&self) -> Uuid {
        self.assignment.role.unwrap_or_default()
    }

    /// Whoever accepts it, as far as rights go.
    pub fn facts(&self) -> SubjectFacts {
        SubjectFacts {
            customer_id: self.customer_id.clone(),
            groups: self.groups.clone(),
            assignments: vec![self.assignment.clone()],
            ..SubjectFacts::newcomer(self.category)
        }
    }

    /// What it names and the workspace has no more. A role that is named is never deleted: the database refuses.
    pub fn gone(&self, workspace: &WorkspaceFacts) -> Option<GonePart> {
        let it = &self.assignment;
        let known = |group: &Uuid| workspace.groups.iter().any(|known| known.id == *group);
        let organization = |id: &Uuid| workspace.organizations.iter().any(|known| known.id == *id);
        let region = |slug: &String| workspace.regions.iter().any(|known| known.slug == *slug);
        let api = |id: &Uuid| workspace.apis.iter().any(|known| known.id == *id);
        if !self.groups.iter().all(known) {
            Some(GonePart::Group)
        } else if !it.organization.iter().all(organization) {
            Some(GonePart::Organization)
        } else if !it.region.iter().all(region) {
            Some(GonePart::Region)
        } else if matches!(&it.apis, ApiScope::Chosen(ids) if !ids.iter().all(api)) {
            Some(GonePart::Api)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_says_alone_needs_no_json() {
        for category in Category::ALL {
            let role = Uuid::now_v7();
            let plain = Offer::everywhere(category, role);
            assert!(plain.kept().is_none());
            assert_eq!(Offer::read(category, role, None, None), plain);
        }
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let role = Uuid::now_v7();
        let offer = Offer {
            groups: vec![Uuid::now_v7()],
            customer_id: Some("ACME-1".into()),
            ..Offer::everywhere(Category::Customer, role)
        };
        let json = serde_json::to_value(offer.kept()).unwrap();
        let kept = serde_json::from_value(json).unwrap();
        assert_eq!(Offer::read(Category::Customer, role, offer.customer_id.clone(), kept), offer);
    }

    #[test]
    fn pitfall_13_what_is_gone_is_named() {
        let mut offer = Offer::everywhere(Category::Teammate, Uuid::now_v7());
        let nothing = WorkspaceFacts::default();
        assert_eq!(offer.gone(&nothing), None);
        offer.assignment.apis = ApiScope::Chosen(vec![Uuid::now_v7()]);
        assert_eq!(offer.gone(&nothing), Some(GonePart::Api));
        offer.assignment.region = Some("eu".into());
        assert_eq!(offer.gone(&nothing), Some(GonePart::Region));
        offer.assignment.organization = Some(Uuid::now_v7());
        assert_eq!(offer.gone(&nothing), Some(GonePart::Organization));
        offer.groups = vec![Uuid::now_v7()];
        assert_eq!(offer.gone(&nothing), Some(GonePart::Group));
    }
}
