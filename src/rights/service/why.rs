//! "Why?": the decision about one right, with every way that was looked at and what would change it.

use std::collections::HashMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{assign::find_organization, show::sight};
use crate::{
    access::{self, AccessSnapshot, Action, Explanation, Feature, Question, Remedy},
    error::{AppError, Problem},
    people,
    platform::{context::Context, fault::Fault},
    rights::{
        model::{Answer, ReachWords, Sight, Step, WayRow, WhyQuery},
        store,
    },
};

/// Answers. The decision is `access::decide`'s, over the user's rights of this instant.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`, or `Invalid` for an action that is none.
pub async fn why(cx: &Context, query: &WhyQuery) -> Result<Answer, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let action: Action = query.action.parse().map_err(|()| AppError::field("action", Problem::Choice))?;
    let mut db = cx.app.pool.acquire().await?;
    let held = cx.held_by(&mut db, query.user).await?.ok_or(AppError::NotFound)?;
    people::service::ask_accounts(cx, actor, Action::View, &held.facts)?;
    let given = store::list_given(&mut db, cx.ws(), query.user).await?;
    let facts = held.snapshot.facts();
    let named = |typed: &String| (!typed.trim().is_empty()).then(|| typed.trim().to_owned());
    // A name that is there but unknown is asked as it is, and refused.
    let sight = sight(cx, actor);
    let api = named(&query.api).map(|typed| find_api(&held.snapshot, &sight, &typed).unwrap_or(typed));
    let organization = named(&query.organization).map(|typed| {
        let id = find_organization(&held.snapshot, &typed).filter(|id| sight.organization(*id));
        facts.organizations.iter().find(|it| Some(it.id) == id).map_or(typed, |it| it.slug.clone())
    });
    let region = named(&query.region);
    // What is there and not seen is asked about as what is not there.
    let hidden_api = facts.apis.iter().any(|it| Some(&it.slug) == api.as_ref() && !sight.api(it.id));
    let hidden_organization =
        facts.organizations.iter().any(|it| Some(&it.slug) == organization.as_ref() && !sight.organization(it.id));
    let question = Question {
        action,
        feature: &query.feature,
        api: api.as_deref().map(|slug| if hidden_api { "" } else { slug }),
        region: region.as_deref(),
        organization: organization.as_deref().map(|slug| if hidden_organization { "" } else { slug }),
        at: actor.at,
    };
    let explanation = access::explain(&held.snapshot, &held.facts, &question);
    let remedies = access::remedies(&held.snapshot, &held.facts, &question);
    let words = Words { snapshot: &held.snapshot, sight: &sight, given, at: actor.at };
    let name = |slug: &Option<String>, known: Option<String>| slug.clone().map(|slug| known.unwrap_or(slug));
    let api_name = facts.apis.iter().find(|it| Some(&it.slug) == api.as_ref() && !hidden_api).map(|it| it.name.clone());
    let asked = |slug: &String| Some(slug) == organization.as_ref() && !hidden_organization;
    let organization_name = facts.organizations.iter().find(|it| asked(&it.slug)).map(|it| it.name.clone());
    Ok(Answer {
        feature: query.feature.clone(),
        action,
        api: name(&api, api_name),
        region: words.region(&region),
        organization: name(&organization, organization_name),
        denial: explanation.denial,
        ways: words.ways(explanation),
        remedies: remedies.iter().map(|set| set.iter().filter_map(|remedy| words.step(remedy)).collect()).collect(),
    })
}

/// The slug of an API that the reader sees by its slug, or by its name however it is cased.
fn find_api(snapshot: &AccessSnapshot, sight: &Sight, typed: &str) -> Option<String> {
    let all = || snapshot.facts().apis.iter().filter(|it| sight.api(it.id));
    let name = typed.to_lowercase();
    all()
        .find(|it| it.slug == typed)
        .or_else(|| all().find(|it| it.name.to_lowercase() == name))
        .map(|it| it.slug.clone())
}

/// What gives names to an answer.
struct Words<'a> {
    snapshot: &'a AccessSnapshot,
    sight: &'a Sight,
    given: HashMap<Uuid, (OffsetDateTime, String)>,
    at: i64,
}

impl Words<'_> {
    fn region(&self, slug: &Option<String>) -> Option<String> {
        let known = self.snapshot.facts().regions.iter().find(|it| Some(&it.slug) == slug.as_ref());
        slug.as_ref().map(|slug| known.map_or_else(|| slug.clone(), |it| it.name.clone()))
    }

    fn organization(&self, id: Option<Uuid>) -> Option<String> {
        let all = &self.snapshot.facts().organizations;
        let known = id.and_then(|id| all.iter().find(|it| it.id == id));
        known.map(|it| self.sight.organization_name(it.id, it.name.clone()))
    }

    fn group(&self, id: Uuid) -> Option<String> {
        self.snapshot.facts().groups.iter().find(|it| it.id == id).map(|it| it.name.clone())
    }

    fn ways(&self, explanation: Explanation) -> Vec<WayRow> {
        explanation
            .ways
            .into_iter()
            .map(|way| {
                let (given_at, given_by) = match self.given.get(&way.assignment) {
                    Some((at, by)) => (Some(*at), by.clone()),
                    None => (None, String::new()),
                };
                WayRow {
                    role: way.role.and_then(|role| self.snapshot.role(role)),
                    beside_role: way.beside_role,
                    region: self.region(&way.region),
                    organization: self.organization(way.organization),
                    until: way.until,
                    ended: way.until.is_some_and(|until| until.unix_timestamp() <= self.at),
                    given_at,
                    given_by,
                    denial: way.denial,
                    reach: way.reach.map(|reach| match reach {
                        access::ReachedBy::Scope => ReachWords::Scope,
                        access::ReachedBy::Granted => ReachWords::Granted,
                        access::ReachedBy::Group(id) => ReachWords::Group(self.group(id).unwrap_or_default()),
                        access::ReachedBy::CustomerId => ReachWords::CustomerId,
                    }),
                }
            })
            .collect()
    }

    fn step(&self, remedy: &Remedy) -> Option<Step> {
        Some(match remedy {
            Remedy::Enable => Step::Enable,
            Remedy::Permit { region, organization, .. } => {
                Step::Permit { region: self.region(region), organization: self.organization(*organization) }
            }
            Remedy::Assign { role, region, organization } => Step::Assign {
                role: self.snapshot.role(*role)?,
                region: self.region(region),
                organization: self.organization(*organization),
            },
            Remedy::Grant { .. } => Step::Grant,
            Remedy::Join { group } => Step::Join(self.group(*group)?),
        })
    }
}
