//! For what part of the workspace somebody may do something: a section of the console that a right for one organization opens.

use super::{AccessSnapshot, Denial, OrganizationFacts, Question, Subject, decide::seek};

/// For what something may be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent<'a> {
    /// For the whole workspace.
    Workspace,
    /// For these organizations and no others.
    Organizations(Vec<&'a OrganizationFacts>),
}

/// Decides a question that names no organization, and where the answer is no, for each organization of the subject's own.
///
/// # Errors
/// What is missing, where it may be done nowhere.
pub fn extent<'a>(
    snapshot: &'a AccessSnapshot,
    subject: &Subject,
    question: &Question<'_>,
) -> Result<Extent<'a>, Denial> {
    let Err(denial) = seek(snapshot, subject, question) else { return Ok(Extent::Workspace) };
    let held: Vec<&OrganizationFacts> = own_organizations(snapshot, subject)
        .filter(|it| seek(snapshot, subject, &Question { organization: Some(&it.slug), ..*question }).is_ok())
        .collect();
    if held.is_empty() { Err(denial) } else { Ok(Extent::Organizations(held)) }
}

/// The organizations that a subject's assignments are for, each once.
fn own_organizations<'a>(
    snapshot: &'a AccessSnapshot,
    subject: &Subject,
) -> impl Iterator<Item = &'a OrganizationFacts> {
    let mut places: Vec<u32> = subject.assignments.iter().filter_map(|it| it.organization).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|place| snapshot.facts().organizations.get(place as usize))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::access::{Action, AssignmentFacts, BuiltIn, Category, Feature, SubjectFacts, WorkspaceFacts};

    fn organization(n: u128) -> OrganizationFacts {
        OrganizationFacts { id: Uuid::from_u128(n), slug: format!("org-{n}"), name: n.to_string() }
    }

    #[test]
    fn an_org_admin_holds_their_organization_and_an_administrator_all() {
        let snapshot = AccessSnapshot::new(WorkspaceFacts {
            organizations: vec![organization(1), organization(2)],
            ..WorkspaceFacts::default()
        });
        let of = |category, assignments| {
            snapshot.subject(&SubjectFacts { category, assignments, ..SubjectFacts::command_line() })
        };
        let within =
            |role, n| AssignmentFacts { organization: Some(Uuid::from_u128(n)), ..AssignmentFacts::everywhere(role) };
        let ask = |subject: &Subject, action| extent(&snapshot, subject, &Question::new(action, Feature::Accounts, 0));

        let boss = of(Category::Teammate, vec![AssignmentFacts::everywhere(BuiltIn::Administrator)]);
        assert_eq!(ask(&boss, Action::Create), Ok(Extent::Workspace));
        let admin = of(Category::Organization, vec![within(BuiltIn::OrgAdmin, 2)]);
        assert_eq!(ask(&admin, Action::Create), Ok(Extent::Organizations(vec![&organization(2)])));
        let developer = of(Category::Organization, vec![within(BuiltIn::Developer, 1), within(BuiltIn::Developer, 2)]);
        assert_eq!(ask(&developer, Action::View), Err(Denial::Role));
        let gone = of(Category::Organization, vec![within(BuiltIn::OrgAdmin, 3)]);
        assert_eq!(ask(&gone, Action::View), Err(Denial::Role), "an organization that is not there gives nothing");
    }
}
