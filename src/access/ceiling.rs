//! The grant ceiling: nobody gives what they do not hold (DESIGN.md section 2; PITFALLS.md 11, 24, 29). Asked when something
//! is given, and again when it takes effect.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    AccessSnapshot, Action, AssignmentFacts, Category, Feature, Subject,
    decide::reach,
    snapshot::{Assignment, NEVER, seconds},
};

/// Whether `giver` holds, at `at`, all that an assignment to a user of this category would confer: every action of every
/// feature, in as many regions, for as many organizations, on as many APIs, for as long. What the roles permit is compared,
/// not their names; ownership itself is held by owners alone.
pub fn covers(
    snapshot: &AccessSnapshot,
    giver: &Subject,
    category: Category,
    given: &AssignmentFacts,
    at: i64,
) -> bool {
    let Some(given) = snapshot.assignment(category, given) else {
        // It names something that is not there: it would confer nothing now, and nobody knows what later.
        return false;
    };
    if !giver.active || (given.owner && !giver.owns()) {
        return false;
    }
    given.permissions.iter().enumerate().all(|(feature, actions)| {
        actions.iter().all(|action| match &given.apis {
            None => held(giver, &given, feature, action, at).any(|it| it.apis.is_none()),
            Some(apis) => {
                held(giver, &given, feature, action, at).next().is_some()
                    && apis.iter().all(|api| {
                        held(giver, &given, feature, action, at).any(|it| {
                            it.apis.as_ref().is_none_or(|own| own.binary_search(api).is_ok())
                                || lasting_reach(snapshot, giver, *api, given.until)
                        })
                    })
            }
        })
    })
}

/// The giver's assignments that hold this action in the scope of what is given, its APIs aside.
fn held<'a>(
    giver: &'a Subject,
    given: &'a Assignment,
    feature: usize,
    action: Action,
    at: i64,
) -> impl Iterator<Item = &'a Assignment> {
    giver.assignments.iter().filter(move |it| {
        it.until > at
            && it.until >= given.until
            && it.permissions[feature].has(action)
            && (it.region.is_none() || it.region == given.region)
            && (it.organization.is_none() || it.organization == given.organization)
    })
}

/// Whether `giver` holds an API, at `at`, so that they may grant it until then: to view it lies in their scope, everywhere, or
/// they reach it themselves for as long.
pub fn holds_api(
    snapshot: &AccessSnapshot,
    giver: &Subject,
    api: Uuid,
    until: Option<OffsetDateTime>,
    at: i64,
) -> bool {
    let Some(api) = snapshot.api_by_id(api) else { return false };
    let until = seconds(until);
    giver.active
        && giver.assignments.iter().any(|it| {
            it.until > at
                && it.until >= until
                && it.permissions[Feature::Apis as usize].has(Action::View)
                && it.region.is_none()
                && it.organization.is_none()
                && (it.apis.as_ref().is_none_or(|own| own.binary_search(&api).is_ok())
                    || lasting_reach(snapshot, giver, api, until))
        })
}

/// Whether an API is reached for that long.
fn lasting_reach(snapshot: &AccessSnapshot, giver: &Subject, api: u32, until: i64) -> bool {
    // A grant that ends at the same moment is still there the second before.
    reach(snapshot, giver, api, if until == NEVER { NEVER - 1 } else { until - 1 }).is_some()
}

/// Whether captured mail may be read: it holds links that open accounts, so it is for owners alone (DESIGN.md section 3).
pub fn reads_captured_mail(subject: &Subject) -> bool {
    subject.owns()
}
