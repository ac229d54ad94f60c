//! The grant ceiling: nobody gives what they do not hold (DESIGN.md section 2; PITFALLS.md 11, 24, 29). Asked when something
//! is given, and again when it takes effect.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    AccessSnapshot, Action, ApiScope, AssignmentFacts, Category, Feature, Subject, SubjectFacts,
    decide::reach,
    snapshot::{Assignment, NEVER, seconds},
};

/// Whether `giver` holds, at `at`, all that an assignment would confer on `taker`: every action of every feature, in as many
/// regions, for as many organizations, for as long, and on as many APIs: those in its scope, and those that grants, groups and the
/// Customer ID lead the taker to already. What the roles permit is compared, not their names; ownership itself is held by owners
/// alone. Whether the taker's account is active is no matter: it may become so.
pub fn covers(
    snapshot: &AccessSnapshot,
    giver: &Subject,
    taker: &SubjectFacts,
    given: &AssignmentFacts,
    at: i64,
) -> bool {
    let Some(given) = snapshot.assignment(taker.category, given) else {
        // It names something that is not there: it would confer nothing now, and nobody knows what later.
        return false;
    };
    if !giver.active || (given.owner && !giver.owns()) {
        return false;
    }
    // Each API until it is lost, by the end of the assignment or of what leads there.
    let apis: Option<Vec<(u32, i64)>> = given.apis.as_ref().map(|chosen| {
        let led_to = snapshot.led_to(taker).filter(|it| it.until > at).map(|it| (it.api, it.until.min(given.until)));
        chosen.iter().map(|api| (*api, given.until)).chain(led_to).collect()
    });
    given.permissions.iter().enumerate().all(|(feature, actions)| {
        actions.iter().all(|action| match &apis {
            None => held(giver, &given, feature, action, at).any(|it| it.apis.is_none()),
            Some(apis) => {
                held(giver, &given, feature, action, at).next().is_some()
                    && apis.iter().all(|(api, until)| {
                        held(giver, &given, feature, action, at).any(|it| {
                            it.apis.as_ref().is_none_or(|own| own.binary_search(api).is_ok())
                                || lasting_reach(snapshot, giver, *api, *until)
                        })
                    })
            }
        })
    })
}

/// Whether `giver` may lead somebody of this category, who holds this assignment, to an API until then: what the assignment permits
/// is permitted on that API too from then on, so the giver holds it there for as long (PITFALLS.md 24). `holds_api` is asked besides.
pub fn covers_on(
    snapshot: &AccessSnapshot,
    giver: &Subject,
    (category, assignment): (Category, &AssignmentFacts),
    api: Uuid,
    until: Option<OffsetDateTime>,
    at: i64,
) -> bool {
    let end = [assignment.until, until].into_iter().flatten().min();
    let there_already = match &assignment.apis {
        ApiScope::All => true,
        ApiScope::Chosen(chosen) => chosen.contains(&api),
    };
    if there_already || end.is_some_and(|end| end.unix_timestamp() <= at) {
        return true;
    }
    let there = AssignmentFacts { apis: ApiScope::Chosen(vec![api]), until: end, ..assignment.clone() };
    // What names a role or a place that is gone permits nothing, on no API.
    snapshot.assignment(category, &there).is_none()
        || covers(snapshot, giver, &SubjectFacts::newcomer(category), &there, at)
}

/// Whether `giver` holds all that somebody holds and reaches: their assignments, and every API that grants, groups and the Customer
/// ID lead them to. Asked before an account that was disabled counts again (PITFALLS.md 24).
pub fn covers_everything(snapshot: &AccessSnapshot, giver: &Subject, taker: &SubjectFacts, at: i64) -> bool {
    each_lasting(taker, at).all(|it| covers(snapshot, giver, taker, it, at))
        && snapshot.led_to(taker).filter(|it| it.until > at).all(|it| holds(snapshot, giver, it.api, it.until, at))
}

/// Whether somebody's assignments by themselves confer nothing that `giver` does not hold. What leads people to APIs is no matter
/// here: who reaches one more API than the giver may still be disabled, or lose what they have.
pub fn stands_above(snapshot: &AccessSnapshot, giver: &Subject, taker: &SubjectFacts, at: i64) -> bool {
    let alone = SubjectFacts::newcomer(taker.category);
    each_lasting(taker, at).all(|it| covers(snapshot, giver, &alone, it, at))
}

/// The assignments that have not ended.
fn each_lasting(facts: &SubjectFacts, at: i64) -> impl Iterator<Item = &AssignmentFacts> {
    facts.assignments.iter().filter(move |it| it.until.is_none_or(|until| until.unix_timestamp() > at))
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
    snapshot.api_by_id(api).is_some_and(|api| holds(snapshot, giver, api, seconds(until), at))
}

fn holds(snapshot: &AccessSnapshot, giver: &Subject, api: u32, until: i64, at: i64) -> bool {
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
