//! The rules as DESIGN.md section 2 writes them, once more: slowly, naively, over the facts themselves. `decide` has to agree
//! on every generated case.

mod differences;

use proptest::{collection::vec, option, prelude::*, sample::select};
use time::OffsetDateTime;
use uuid::Uuid;

use super::*;

/// The moment at which generated questions are asked.
const NOW: i64 = 1_000;

fn moment(at: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(at)
}

/// "A user may do `action` on `feature` (for `api`, in `region`, for `organization`) when …"
fn written_rules(workspace: &WorkspaceFacts, user: &SubjectFacts, question: &Question<'_>) -> bool {
    let now = moment(question.at);
    let lasts = |until: Option<OffsetDateTime>| until.is_none_or(|until| until > now);

    // "Empty, unknown and null mean deny."
    let offered = Feature::ALL
        .iter()
        .map(|feature| (feature.slug().to_owned(), feature.actions()))
        .chain(workspace.features.iter().map(|feature| (feature.slug.clone(), feature.actions)))
        .find(|(slug, _)| slug == question.feature)
        .map(|(_, actions)| actions);
    let Some(offered) = offered else { return false };
    if !offered.has(question.action) {
        return false;
    }
    let region_known = |slug: &str| workspace.regions.iter().any(|region| region.slug == slug);
    let organization = question.organization.map(|slug| workspace.organizations.iter().find(|it| it.slug == slug));
    let api = question.api.map(|slug| workspace.apis.iter().find(|it| it.slug == slug));
    if question.region.is_some_and(|slug| !region_known(slug)) || organization == Some(None) || api == Some(None) {
        return false;
    }
    let (organization, api) = (organization.flatten(), api.flatten());

    // "… granted to the user, to one of the user's groups, or the customer's Customer ID is, exactly, one of the API's."
    let reachable = |api: &ApiFacts| {
        user.grants.iter().any(|grant| grant.api == api.id && lasts(grant.until))
            || workspace.groups.iter().any(|group| {
                user.groups.contains(&group.id)
                    && group.grants.iter().any(|grant| grant.api == api.id && lasts(grant.until))
            })
            || (user.category == Category::Customer
                && user.customer_id.as_ref().is_some_and(|id| api.customer_ids.contains(id)))
    };

    user.active
        && user.assignments.iter().any(|held| {
            // "… some assignment's role permits that action …"
            let by_role = match held.role {
                None => Actions::NONE,
                Some(id) => match (BuiltIn::by_id(id), workspace.roles.iter().find(|role| role.id == id)) {
                    (Some(role), _) if role.category() == user.category => role.permits(question.feature, offered),
                    (None, Some(role)) if role.category == user.category => {
                        role.permissions.get(question.feature).copied().unwrap_or_default()
                    }
                    // A role of another category, or none that is known, makes the assignment nobody's.
                    _ => return false,
                },
            };
            let beside = held.permissions.get(question.feature).copied().unwrap_or_default();
            // "… and its scope covers the region and the organization …"
            let region = match (&held.region, question.region) {
                (None, _) => true,
                (Some(held), _) if !region_known(held) => false,
                (Some(_), None) => workspace.regions.len() < 2,
                (Some(held), Some(asked)) => held == asked,
            };
            let organized = match held.organization {
                None => true,
                Some(id) => organization.is_some_and(|organization| organization.id == id),
            };
            // "… and, where an API is named, the API is in the assignment's scope or reachable."
            let reached = api.is_none_or(|api| match &held.apis {
                ApiScope::All => true,
                ApiScope::Chosen(chosen) => chosen.contains(&api.id) || reachable(api),
            });
            lasts(held.until) && by_role.with(beside).has(question.action) && region && organized && reached
        })
}

/// Ids are small numbers, so that generated things meet each other, and sometimes miss.
fn id(kind: u128) -> impl Strategy<Value = Uuid> {
    (1..4_u128).prop_map(move |n| Uuid::from_u128((kind << 64) | n))
}

fn slug(kind: &'static str) -> impl Strategy<Value = String> {
    (1..4).prop_map(move |n| format!("{kind}-{n}"))
}

fn feature() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => select(&[Feature::Apis, Feature::Apis, Feature::Analytics, Feature::Team][..]).prop_map(|it| it.slug().to_owned()),
        1 => select(&Feature::ALL[..]).prop_map(|feature| feature.slug().to_owned()),
        3 => slug("feature"),
        1 => Just("feature-9".to_owned()),
    ]
}

fn actions() -> impl Strategy<Value = Actions> {
    prop_oneof![1 => (0..32_u8).prop_map(Actions::from_bits), 2 => Just(Actions::ALL)]
}

fn permissions() -> impl Strategy<Value = Permissions> {
    proptest::collection::btree_map(feature(), actions(), 0..6)
}

fn category() -> impl Strategy<Value = Category> {
    select(&Category::ALL[..])
}

fn until() -> impl Strategy<Value = Option<OffsetDateTime>> {
    option::of((NOW - 1..NOW + 2).prop_map(moment))
}

fn grants() -> impl Strategy<Value = Vec<GrantFacts>> {
    vec((id(3), until()).prop_map(|(api, until)| GrantFacts { api, until }), 0..3)
}

fn once<T, K: Ord>(mut things: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    things.sort_by_key(&key);
    things.dedup_by_key(|it| key(it));
    things
}

prop_compose! {
    fn workspace()(
        features in vec((slug("feature"), actions()), 2..6),
        regions in vec(slug("region"), 1..6),
        roles in vec((id(1), category(), permissions()), 1..5),
        organizations in vec(1..4_u128, 2..6),
        apis in vec((1..4_u128, vec(slug("customer"), 0..3)), 3..7),
        groups in vec((id(4), grants()), 2..5),
    ) -> WorkspaceFacts {
        WorkspaceFacts {
            version: 1,
            features: once(features, |it| it.0.clone()).into_iter()
                .map(|(slug, actions)| FeatureFacts { name: slug.clone(), slug, actions }).collect(),
            regions: once(regions, Clone::clone).into_iter().map(|slug| RegionFacts { name: slug.clone(), slug }).collect(),
            roles: once(roles, |it| it.0).into_iter()
                .map(|(id, category, permissions)| RoleFacts { id, name: id.to_string(), category, permissions }).collect(),
            organizations: once(organizations, |it| *it).into_iter()
                .map(|n| OrganizationFacts { id: Uuid::from_u128((2 << 64) | n), slug: format!("organization-{n}"), name: n.to_string() })
                .collect(),
            apis: once(apis, |it| it.0).into_iter()
                .map(|(n, customer_ids)| ApiFacts {
                    id: Uuid::from_u128((3 << 64) | n), slug: format!("api-{n}"), name: n.to_string(), customer_ids,
                })
                .collect(),
            groups: once(groups, |it| it.0).into_iter()
                .map(|(id, grants)| GroupFacts { id, name: id.to_string(), grants }).collect(),
        }
    }
}

prop_compose! {
    fn assignment()(
        role in prop_oneof![1 => Just(None), 2 => select(&BuiltIn::ALL[..]).prop_map(|role| Some(role.id())), 2 => id(1).prop_map(Some)],
        permissions in permissions(),
        region in option::weighted(0.3, slug("region")),
        organization in option::weighted(0.3, id(2)),
        apis in prop_oneof![1 => Just(ApiScope::All), 2 => vec(id(3), 0..2).prop_map(ApiScope::Chosen)],
        until in prop_oneof![3 => Just(None), 1 => until()],
    ) -> AssignmentFacts {
        AssignmentFacts { id: Uuid::nil(), role, permissions, region, organization, apis, until }
    }
}

prop_compose! {
    fn user()(
        active in prop_oneof![1 => Just(false), 9 => Just(true)],
        category in prop_oneof![2 => category(), 1 => Just(Category::Customer)],
        customer_id in option::weighted(0.8, slug("customer")),
        mut assignments in vec(assignment(), 0..5),
        own in vec(prop_oneof![2 => Just(true), 1 => Just(false)], 5),
        groups in vec(id(4), 0..3),
        grants in grants(),
    ) -> SubjectFacts {
        // Most roles are of the user's category, as in life; some are not.
        let built_in: Vec<BuiltIn> = BuiltIn::ALL.into_iter().filter(|role| role.category() == category).collect();
        for (place, it) in assignments.iter_mut().enumerate() {
            if let Some(role) = it.role.and_then(BuiltIn::by_id).filter(|_| own[place]) {
                it.role = Some(built_in[role as usize % built_in.len()].id());
            }
        }
        SubjectFacts { id: Uuid::max(), email_key: String::new(), active, category, customer_id, assignments, groups, grants }
    }
}

#[derive(Clone, Debug)]
struct Asked {
    action: Action,
    feature: String,
    api: Option<String>,
    region: Option<String>,
    organization: Option<String>,
}

impl Asked {
    fn question(&self) -> Question<'_> {
        Question {
            action: self.action,
            feature: &self.feature,
            api: self.api.as_deref(),
            region: self.region.as_deref(),
            organization: self.organization.as_deref(),
            at: NOW,
        }
    }
}

fn named(kind: &'static str) -> impl Strategy<Value = Option<String>> {
    prop_oneof![10 => Just(None), 10 => slug(kind).prop_map(Some), 1 => Just(Some(String::new()))]
}

prop_compose! {
    fn asked()(
        action in select(&Action::ALL[..]),
        feature in feature(),
        api in named("api"),
        region in named("region"),
        organization in named("organization"),
    ) -> Asked {
        Asked { action, feature, api, region, organization }
    }
}

/// Cases that never meet a rule prove nothing about it: each way to be let in and each way to be refused comes up often.
#[test]
fn generated_cases_meet_every_rule() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..20_000 {
        let case = (workspace(), user(), asked()).new_tree(&mut runner).map(|tree| tree.current());
        let (workspace, user, asked) = case.unwrap_or_else(|why| panic!("{why}"));
        let snapshot = AccessSnapshot::new(workspace);
        let outcome = match decide(&snapshot, &snapshot.subject(&user), &asked.question()) {
            Decision::Allowed { reach: Reach::Group(_), .. } => "Group".to_owned(),
            Decision::Allowed { reach, .. } => format!("{reach:?}"),
            Decision::Denied(denial) => format!("{denial:?}"),
        };
        *met.entry(outcome).or_default() += 1;
    }
    for outcome in [
        "NotAsked",
        "Scope",
        "Granted",
        "Group",
        "CustomerId",
        "NotActive",
        "UnknownFeature",
        "NotOffered",
        "UnknownRegion",
        "UnknownOrganization",
        "UnknownApi",
        "Role",
        "Region",
        "RegionNotNamed",
        "Organization",
        "Api",
    ] {
        assert!(met.get(outcome).copied().unwrap_or_default() >= 10, "{outcome} among {met:?}");
    }
}

/// 20,000 cases; a million in `make soak`.
fn cases() -> ProptestConfig {
    let soak = std::env::var_os("PORTICO_SOAK").is_some();
    ProptestConfig {
        cases: if soak { 1_000_000 } else { 20_000 },
        max_global_rejects: u32::MAX,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn decide_agrees_with_the_written_rules(workspace in workspace(), user in user(), asked in asked()) {
        let snapshot = AccessSnapshot::new(workspace.clone());
        let decision = decide(&snapshot, &snapshot.subject(&user), &asked.question());
        prop_assert_eq!(decision.allowed(), written_rules(&workspace, &user, &asked.question()), "{:?}", decision);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// What is explained is what is decided, and every remedy that is told helps.
    #[test]
    fn explanations_and_remedies_are_true(workspace in workspace(), user in user(), asked in asked()) {
        let snapshot = AccessSnapshot::new(workspace.clone());
        let question = asked.question();
        let allowed = written_rules(&workspace, &user, &question);
        let told = explain(&snapshot, &user, &question);
        prop_assert_eq!(told.denial.is_none(), allowed);
        prop_assert_eq!(told.ways.iter().any(|way| way.denial.is_none()), allowed);
        for set in remedies(&snapshot, &user, &question) {
            prop_assert!(!allowed);
            let changed = set.iter().fold(user.clone(), |facts, remedy| remedy.apply(facts));
            prop_assert!(written_rules(&workspace, &changed, &question), "{:?}", set);
        }
    }

    /// PITFALLS.md 11 and 24: whoever is given something by somebody under the ceiling may nothing by it that the giver may not,
    /// whatever leads them to APIs already, and for as long as it lasts.
    #[test]
    fn nobody_gives_what_they_do_not_hold(workspace in workspace(), giver in user(), taker in user(), given in assignment(), asked in asked(), later in 0..3_i64) {
        let snapshot = AccessSnapshot::new(workspace.clone());
        if covers(&snapshot, &snapshot.subject(&giver), &taker, &given, NOW) {
            let taker = SubjectFacts { active: true, assignments: vec![given], ..taker };
            let question = Question { at: NOW + later, ..asked.question() };
            if written_rules(&workspace, &taker, &question) {
                prop_assert!(written_rules(&workspace, &giver, &question), "{:?}", question);
            }
        }
    }

    /// PITFALLS.md 24: whoever is granted an API under the ceiling may nothing more by that than the giver may.
    #[test]
    fn nobody_leads_others_further_than_they_may_go(workspace in workspace(), giver in user(), taker in user(), api in id(3), until in until(), asked in asked(), later in 0..3_i64) {
        let snapshot = AccessSnapshot::new(workspace.clone());
        let subject = snapshot.subject(&giver);
        let allowed = holds_api(&snapshot, &subject, api, until, NOW)
            && taker.assignments.iter().all(|it| covers_on(&snapshot, &subject, (taker.category, it), api, until, NOW));
        if allowed {
            let before = SubjectFacts { active: true, ..taker };
            let mut after = before.clone();
            after.grants.push(GrantFacts { api, until });
            let question = Question { at: NOW + later, ..asked.question() };
            if written_rules(&workspace, &after, &question) && !written_rules(&workspace, &before, &question) {
                prop_assert!(written_rules(&workspace, &giver, &question), "{:?}", question);
            }
        }
    }

    /// PITFALLS.md 24: an account that somebody enables under the ceiling may nothing that they may not.
    #[test]
    fn nobody_enables_who_may_more(workspace in workspace(), giver in user(), taker in user(), asked in asked(), later in 0..3_i64) {
        let snapshot = AccessSnapshot::new(workspace.clone());
        if covers_everything(&snapshot, &snapshot.subject(&giver), &taker, NOW) {
            let taker = SubjectFacts { active: true, ..taker };
            let question = Question { at: NOW + later, ..asked.question() };
            if written_rules(&workspace, &taker, &question) {
                prop_assert!(written_rules(&workspace, &giver, &question), "{:?}", question);
            }
        }
    }
}

/// PITFALLS.md 25: an empty map of permissions permits nothing, and an empty name is no name.
#[test]
fn pitfall_25_empty_means_nothing() {
    let snapshot = AccessSnapshot::new(WorkspaceFacts::default());
    let holding = |assignments| SubjectFacts { assignments, ..SubjectFacts::command_line() };
    let empty = AssignmentFacts { role: None, ..AssignmentFacts::everywhere(BuiltIn::Member) };
    let question = Question::new(Action::View, Feature::Team, NOW);
    for user in [holding(Vec::new()), holding(vec![empty])] {
        assert_eq!(decide(&snapshot, &snapshot.subject(&user), &question), Decision::Denied(Denial::Role));
    }
    let owner = snapshot.subject(&SubjectFacts::command_line());
    assert!(decide(&snapshot, &owner, &question).allowed());
    for unknown in [
        Question { feature: "", ..question },
        Question { region: Some(""), ..question },
        Question { organization: Some(""), ..question },
        Question { api: Some(""), ..question },
        Question { region: Some("nowhere"), ..question },
    ] {
        assert!(!decide(&snapshot, &owner, &unknown).allowed(), "{unknown:?}");
    }
    assert!(!decide(&snapshot, &Subject::nobody(), &question).allowed());
}
