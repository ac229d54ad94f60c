//! What of somebody's rights a reader sees: single APIs and organizations are no matter of the team (PITFALLS.md 27).

use std::collections::{BTreeSet, HashSet};

use uuid::Uuid;

use super::{AssignmentRow, Reached};
use crate::{
    access::{AccessSnapshot, AssignmentFacts, Change, Changed, SubjectFacts, WorkspaceFacts},
    text::text,
};

/// The APIs and the organizations that a reader sees; none for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// APIs.
    pub apis: Option<BTreeSet<Uuid>>,
    /// Organizations.
    pub organizations: Option<BTreeSet<Uuid>>,
}

impl Sight {
    /// Whether an API is seen.
    pub fn api(&self, id: Uuid) -> bool {
        self.apis.as_ref().is_none_or(|seen| seen.contains(&id))
    }

    /// Whether an organization is seen.
    pub fn organization(&self, id: Uuid) -> bool {
        self.organizations.as_ref().is_none_or(|seen| seen.contains(&id))
    }

    /// The name of an organization, or words in its place.
    pub fn organization_name(&self, id: Uuid, name: String) -> String {
        if self.organization(id) { name } else { text().why.unseen_organization.to_owned() }
    }

    /// What somebody gains and loses, with the names of organizations; those that are not seen are told as one.
    pub fn changed(&self, workspace: &WorkspaceFacts, mut changed: Changed) -> Changed {
        for side in [&mut changed.gained, &mut changed.lost] {
            for told in side.iter_mut() {
                if let Change::Right { organization: Some(name), .. } = &mut told.change
                    && let Some(known) = workspace.organizations.iter().find(|it| it.slug == *name)
                {
                    *name = self.organization_name(known.id, known.name.clone());
                }
            }
            let mut told = HashSet::new();
            side.retain(|it| told.insert(it.clone()));
        }
        changed
    }

    /// An assignment, as the reader sees it.
    pub fn row(&self, snapshot: &AccessSnapshot, it: &AssignmentFacts, at: i64) -> AssignmentRow {
        let mut row = AssignmentRow::new(snapshot, it, at);
        if let Some(id) = it.organization {
            row.organization = row.organization.map(|name| self.organization_name(id, name));
        }
        if let Some(apis) = &mut row.apis {
            let known = &snapshot.facts().apis;
            apis.retain(|(slug, _)| known.iter().any(|api| api.slug == *slug && self.api(api.id)));
        }
        row
    }

    /// What is reached, as the reader sees it.
    pub fn reached(&self, snapshot: &AccessSnapshot, subject: &SubjectFacts, at: i64) -> Reached {
        Reached::new(snapshot, subject, at, self)
    }
}
