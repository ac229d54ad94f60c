//! What a request is for and what its approval gives: exactly the right, and no further than whoever asks reaches.

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::model::{AccessRequest, Approval, Asked, Lasts};
use crate::{
    access::{
        self, Actions, ApiScope, AssignmentFacts, Category, Decision, Denial, Permissions, Question, concerns_apis,
    },
    error::{AppError, Problem, Refusal},
    platform::rights::Held,
};

/// Whether somebody may do this at a moment, and still at the end of the time that is asked for. An organization user asks for
/// their organizations.
pub fn may(held: &Held, asked: &Asked, at: i64, days: Option<i32>) -> Result<bool, AppError> {
    let end = days.map_or(i64::MAX - 1, |days| at + Duration::days(days.into()).whole_seconds() - 1);
    let organizations = own_organizations(held, at);
    let slugs = match organizations.as_slice() {
        [] => vec![None],
        some => some.iter().map(|(.., slug)| Some(slug.as_str())).collect(),
    };
    for organization in slugs {
        for at in [at, end] {
            let region = asked.region.as_deref();
            let question = Question { region, organization, ..Question::named(asked.action, &asked.feature, at) };
            match access::decide(&held.snapshot, &held.subject, &question) {
                Decision::Allowed { .. } => {}
                Decision::Denied(Denial::UnknownFeature | Denial::NotOffered | Denial::UnknownRegion) => {
                    return Err(AppError::NotFound);
                }
                Decision::Denied(_) => return Ok(false),
            }
        }
    }
    Ok(true)
}

/// The organizations of an organization user: id, name and slug.
pub fn own_organizations(held: &Held, at: i64) -> Vec<(Uuid, String, String)> {
    if held.facts.category != Category::Organization {
        return Vec::new();
    }
    let lasting = |it: &&AssignmentFacts| it.until.is_none_or(|until| until.unix_timestamp() > at);
    let own: Vec<Uuid> = held.facts.assignments.iter().filter(lasting).filter_map(|it| it.organization).collect();
    let all = held.snapshot.facts().organizations.iter();
    all.filter(|it| own.contains(&it.id)).map(|it| (it.id, it.name.clone(), it.slug.clone())).collect()
}

/// What an approval gives: this right and no other. It reaches no further than its holder does: for an organization user, one of
/// their organizations; for who has single APIs, those; for organization users and customers, what they are granted otherwise.
pub fn assignment(
    held: &Held,
    request: &AccessRequest,
    approval: Approval,
    at: i64,
) -> Result<AssignmentFacts, AppError> {
    let Asked { action, feature, region } = &request.asked;
    let known = |slug: &String| held.snapshot.facts().regions.iter().any(|it| it.slug == *slug);
    // What nobody has any more confers nothing: the ceiling would let it pass.
    if !held.snapshot.offered(feature).has(*action) || region.as_ref().is_some_and(|slug| !known(slug)) {
        return Err(AppError::Refused(Refusal::Gone));
    }
    let narrower = region.is_none() || approval.region == *region;
    if !narrower || approval.region.as_ref().is_some_and(|slug| !known(slug)) {
        return Err(AppError::field("region", Problem::Choice));
    }
    let own = own_organizations(held, at);
    let organization = match (held.facts.category, approval.organization, own.as_slice()) {
        (Category::Organization, Some(id), own) if own.iter().any(|(known, ..)| *known == id) => Some(id),
        (Category::Organization, None, [(only, ..)]) => Some(*only),
        (Category::Teammate | Category::Customer, None, _) => None,
        _ => return Err(AppError::field("organization", Problem::Choice)),
    };
    let until = match (approval.lasts, request.days) {
        (Lasts::Until(until), _) => Some(until),
        (Lasts::AsAsked, Some(days)) => Some(
            OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH) + Duration::days(days.into()),
        ),
        (Lasts::AsAsked, None) => None,
    };
    let apis = apis(held, feature, approval.region.as_deref(), at);
    Ok(AssignmentFacts {
        id: Uuid::now_v7(),
        role: None,
        permissions: Permissions::from([(feature.clone(), Actions::of(&[*action]))]),
        region: approval.region,
        organization,
        apis,
        until,
    })
}

/// The APIs of what the holder has still in this region: of what permits anything on the feature; where nothing does, of what is
/// about APIs at all, and then of anything.
fn apis(held: &Held, feature: &str, region: Option<&str>, at: i64) -> ApiScope {
    if held.facts.category != Category::Teammate {
        return ApiScope::Chosen(Vec::new());
    }
    let lasting = |it: &&AssignmentFacts| it.until.is_none_or(|until| until.unix_timestamp() > at);
    let live: Vec<&AssignmentFacts> = held.facts.assignments.iter().filter(lasting).collect();
    let covers = |it: &&AssignmentFacts| {
        it.region.is_none() || it.region.as_deref() == region || (region.is_none() && !held.snapshot.several_regions())
    };
    let mut here: Vec<&AssignmentFacts> = live.iter().copied().filter(covers).collect();
    if here.is_empty() && region.is_none() {
        here = live;
    }
    let permits = |it: &AssignmentFacts, feature: &str| {
        let by_role = it.role.map_or(Actions::NONE, |role| held.snapshot.role_permits(role, feature));
        !by_role.is_empty() || it.permissions.get(feature).is_some_and(|actions| !actions.is_empty())
    };
    let same = |it: &AssignmentFacts| permits(it, feature);
    let of_apis =
        |it: &AssignmentFacts| held.snapshot.feature_slugs().any(|slug| concerns_apis(slug) && permits(it, slug));
    let tiers: [&dyn Fn(&AssignmentFacts) -> bool; 3] = [&same, &of_apis, &|_| true];
    let tier = tiers.iter().map(|fits| here.iter().copied().filter(|it| fits(it)).collect::<Vec<_>>());
    scope(tier.into_iter().find(|found| !found.is_empty()).unwrap_or_default())
}

/// The APIs of several assignments together.
fn scope(assignments: Vec<&AssignmentFacts>) -> ApiScope {
    let mut same = Vec::new();
    for it in assignments {
        match &it.apis {
            ApiScope::All => return ApiScope::All,
            ApiScope::Chosen(apis) => same.extend(apis),
        }
    }
    same.sort_unstable();
    same.dedup();
    ApiScope::Chosen(same)
}
