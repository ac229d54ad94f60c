//! What is told of a change, against the written rules: every question whose answer changes is covered by something told, and
//! nothing told is untrue.

use super::*;

/// The end of what may not be done.
const NOT: i64 = i64::MIN;
const NEVER: i64 = i64::MAX;

/// Generated ends lie before this moment: what holds then holds for ever.
const AFTER_ALL: i64 = NOW + 2;

/// Until when something holds that holds at these moments; rights only end.
fn end(holds: impl Fn(i64) -> bool) -> i64 {
    let ends = (NOW..=AFTER_ALL).find(|at| !holds(*at));
    ends.map_or(NEVER, |at| if at == NOW { NOT } else { at })
}

/// Whether it is gained, and when, by the ends before and after.
fn kind(was: i64, is: i64) -> Option<(bool, When)> {
    match (was, is) {
        _ if was == is => None,
        (NOT, NEVER) => Some((true, When::Now)),
        (NOT, is) => Some((true, When::Until(is))),
        (_, NOT) => Some((false, When::Now)),
        _ => Some((is > was, When::Moved((is != NEVER).then_some(is)))),
    }
}

struct State<'a>(&'a WorkspaceFacts, &'a SubjectFacts);

impl State<'_> {
    fn may(&self, question: &Question<'_>) -> i64 {
        end(|at| written_rules(self.0, self.1, &Question { at, ..*question }))
    }

    /// Until when anything at all may be done on an API.
    fn reaches(&self, api: &str) -> i64 {
        let named = |slug: &String| Some(slug.clone());
        let features = Feature::ALL.iter().map(|it| it.slug().to_owned());
        let features: Vec<String> = features.chain(self.0.features.iter().map(|it| it.slug.clone())).collect();
        let regions = std::iter::once(None).chain(self.0.regions.iter().map(|it| named(&it.slug)));
        let organizations = || std::iter::once(None).chain(self.0.organizations.iter().map(|it| named(&it.slug)));
        let places: Vec<(Option<String>, Option<String>)> = regions
            .flat_map(|region| organizations().map(move |organization| (region.clone(), organization)))
            .collect();
        let rights = || features.iter().flat_map(|feature| Action::ALL.map(|action| (feature, action)));
        end(|at| {
            rights().any(|(feature, action)| {
                places.iter().any(|(region, organization)| {
                    let (region, organization) = (region.as_deref(), organization.as_deref());
                    let question = Question { action, feature, api: Some(api), region, organization, at };
                    written_rules(self.0, self.1, &question)
                })
            })
        })
    }
}

/// Whether what is told says that the answer to this question changes as it does.
fn covers((before, after): (&State<'_>, &State<'_>), told: &Told, gained: bool, question: &Question<'_>) -> bool {
    let then = match told.when {
        When::Now | When::Moved(None) => true,
        When::Until(until) => question.at < until,
        When::Moved(Some(until)) => (question.at < until) == gained,
    };
    let named = |told: &Option<String>, asked: Option<&str>| told.is_none() || told.as_deref() == asked;
    then && match &told.change {
        Change::Apis(apis) => question.api.is_some_and(|api| apis.slugs.iter().any(|it| it == api)),
        Change::Right { feature, action, region, organization, on } => {
            feature == question.feature
                && *action == question.action
                && named(region, question.region)
                && named(organization, question.organization)
                && match (on, question.api) {
                    (On::Everywhere, _) => true,
                    // What is told of some APIs tells of the right itself where that changes alike.
                    (On::These(_), None) => {
                        let (region, organization) = (region.as_deref(), organization.as_deref());
                        let itself = Question { region, organization, ..*question };
                        kind(before.may(&itself), after.may(&itself)) == Some((gained, told.when))
                    }
                    (On::These(apis), Some(api)) => apis.slugs.iter().any(|it| it == api),
                    (On::Some, _) => false,
                }
        }
    }
}

/// Why something told is untrue.
fn untrue(before: &State<'_>, after: &State<'_>, told: &Told, gained: bool) -> Option<String> {
    let said = Some((gained, told.when));
    let wrong = |what: &str, found: Option<(bool, When)>| {
        (found != said).then(|| format!("{told:?}, {gained}: {what} is {found:?}"))
    };
    match &told.change {
        Change::Apis(apis) => {
            apis.slugs.iter().find_map(|api| wrong(api, kind(before.reaches(api), after.reaches(api))))
        }
        Change::Right { feature, action, region, organization, on } => {
            let (region, organization) = (region.as_deref(), organization.as_deref());
            let question = Question { region, organization, ..Question::named(*action, feature, NOW) };
            let found = |api| {
                let question = Question { api, ..question };
                kind(before.may(&question), after.may(&question))
            };
            match on {
                On::These(apis) if apis.slugs.is_empty() => wrong("no API", found(None)),
                On::These(apis) => apis.slugs.iter().find_map(|api| wrong(api, found(Some(api)))),
                On::Everywhere => wrong("no API", found(None)).or_else(|| {
                    // "Gains it" says that it is so on every API that is reached, where the feature is about APIs.
                    let about = gained && concerns_apis(feature);
                    let reached = after.0.apis.iter().filter(|api| about && after.reaches(&api.slug) != NOT);
                    let end = after.may(&question);
                    let short = |api: &&ApiFacts| after.may(&Question { api: Some(&api.slug), ..question }) != end;
                    reached.clone().find(short).map(|api| format!("{told:?}: not so on {}", api.slug))
                }),
                On::Some => Some("one person's APIs are known".to_owned()),
            }
        }
    }
}

prop_compose! {
    /// A workspace before and after a change: of roles, APIs and groups, or of the user alone.
    fn both()(
        before in workspace(),
        other in workspace(),
        (roles, apis, groups) in prop_oneof![Just((false, false, false)), any::<(bool, bool, bool)>()],
    ) -> (WorkspaceFacts, WorkspaceFacts) {
        let mut after = before.clone();
        if roles { after.roles = other.roles; }
        if apis { after.apis = other.apis; }
        if groups { after.groups = other.groups; }
        (before, after)
    }
}

prop_compose! {
    /// A user before and after a change: of one assignment, of what leads to APIs, or of everything.
    fn changing()(
        before in user(),
        other in user(),
        one in assignment(),
        which in 0..6_u8,
    ) -> (SubjectFacts, SubjectFacts) {
        let mut after = before.clone();
        match which {
            0 => {}
            1 => after.assignments.push(one),
            2 => if let Some(first) = after.assignments.first_mut() { first.apis = one.apis; },
            3 => if let Some(first) = after.assignments.first_mut() { first.until = one.until; },
            4 => {
                after.groups = other.groups;
                after.grants = other.grants;
            }
            _ => after = SubjectFacts { category: before.category, ..other },
        }
        (before, after)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    /// Whatever question is answered otherwise, now or later, is covered by a change that is told, and nothing told is untrue.
    #[test]
    fn differences_are_true((was, is) in both(), (before, after) in changing(), asked in vec(asked(), 8), later in 0..3_i64) {
        let (old, new) = (AccessSnapshot::new(was.clone()), AccessSnapshot::new(is.clone()));
        let changed = Comparison::new(&old, &new, |_| true).difference(&old.subject(&before), &new.subject(&after), NOW);
        let (was, is) = (State(&was, &before), State(&is, &after));
        let told = || changed.gained.iter().map(|it| (it, true)).chain(changed.lost.iter().map(|it| (it, false)));
        for asked in &asked {
            let question = Question { at: NOW + later, ..asked.question() };
            let (may, will) = (written_rules(was.0, was.1, &question), written_rules(is.0, is.1, &question));
            if may != will {
                let covered = told().any(|(told, gained)| gained == will && covers((&was, &is), told, gained, &question));
                prop_assert!(covered, "{:?} is not covered by {:?}", question, changed);
            }
        }
        for (told, gained) in told() {
            prop_assert_eq!(untrue(&was, &is, told, gained), None);
        }
    }
}

/// The cases meet what they are to prove: rights told for single APIs, and ends that move.
#[test]
fn generated_changes_meet_every_kind() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeMap::<&str, u32>::new();
    for _ in 0..1_500 {
        let case = (both(), changing()).new_tree(&mut runner).map(|tree| tree.current());
        let ((was, is), (before, after)) = case.unwrap_or_else(|why| panic!("{why}"));
        let (old, new) = (AccessSnapshot::new(was), AccessSnapshot::new(is));
        let changed =
            Comparison::new(&old, &new, |_| true).difference(&old.subject(&before), &new.subject(&after), NOW);
        for told in changed.gained.iter().chain(&changed.lost) {
            let change = match &told.change {
                Change::Apis(_) => "apis",
                Change::Right { on: On::These(apis), .. } if apis.slugs.is_empty() => "no api",
                Change::Right { on: On::These(_), region: Some(_), .. } => "these in a region",
                Change::Right { on: On::These(_), organization: Some(_), .. } => "these for an organization",
                Change::Right { on: On::These(_), .. } => "these",
                Change::Right { .. } => "everywhere",
            };
            let when = match told.when {
                When::Now => "now",
                When::Until(_) => "until",
                When::Moved(_) => "moved",
            };
            *met.entry(change).or_default() += 1;
            *met.entry(when).or_default() += 1;
        }
    }
    let kinds = [
        "apis",
        "no api",
        "these",
        "these in a region",
        "these for an organization",
        "everywhere",
        "now",
        "until",
        "moved",
    ];
    for kind in kinds {
        assert!(met.get(kind).copied().unwrap_or_default() >= 10, "{kind} among {met:?}");
    }
}

const SLUGS: [&str; 3] = ["tides", "vessels", "ports"];

/// A workspace with three APIs, and their ids.
fn harbour() -> (AccessSnapshot, [Uuid; 3]) {
    let ids = [1, 2, 3].map(Uuid::from_u128);
    let api =
        |(slug, id): (&str, Uuid)| ApiFacts { id, slug: slug.into(), name: slug.into(), customer_ids: Vec::new() };
    let apis = SLUGS.into_iter().zip(ids).map(api).collect();
    (AccessSnapshot::new(WorkspaceFacts { apis, ..WorkspaceFacts::default() }), ids)
}

/// Visitor everywhere, and API Owner.
fn beside_a_visitor(apis: ApiScope, until: Option<i64>) -> SubjectFacts {
    let owner = AssignmentFacts { apis, until: until.map(moment), ..AssignmentFacts::everywhere(BuiltIn::ApiOwner) };
    SubjectFacts {
        assignments: vec![AssignmentFacts::everywhere(BuiltIn::Visitor), owner],
        ..SubjectFacts::command_line()
    }
}

fn compared(snapshot: &AccessSnapshot, before: &SubjectFacts, after: &SubjectFacts) -> Changed {
    let comparison = Comparison::new(snapshot, snapshot, |_| true);
    comparison.difference(&snapshot.subject(before), &snapshot.subject(after), NOW)
}

fn update_keys(on: On) -> Change {
    let feature = Feature::ApiKeys.slug().to_owned();
    Change::Right { feature, action: Action::Update, region: None, organization: None, on }
}

fn these(slugs: &[&str]) -> On {
    On::These(Apis { slugs: slugs.iter().map(|it| (*it).to_owned()).collect(), more: 0 })
}

/// Rights on single APIs are compared, not only whether an API is reached at all.
#[test]
fn a_narrowed_role_beside_another_one_is_told() {
    let (snapshot, [tides, ..]) = harbour();
    let all = beside_a_visitor(ApiScope::All, None);
    let one = beside_a_visitor(ApiScope::Chosen(vec![tides]), None);
    let changed = compared(&snapshot, &all, &one);
    let lost = Told { change: update_keys(these(&["ports", "vessels"])), when: When::Now };
    assert!(changed.gained.is_empty() && changed.lost.contains(&lost), "{changed:?}");
    let changed = compared(&snapshot, &one, &all);
    let gained = Told { change: update_keys(these(&["ports", "vessels"])), when: When::Now };
    assert!(changed.lost.is_empty() && changed.gained.contains(&gained), "{changed:?}");
}

/// What can be done at all, and not everywhere, says where.
#[test]
fn a_new_role_for_one_api_says_for_which() {
    let (snapshot, [tides, ..]) = harbour();
    let visitor = SubjectFacts {
        assignments: vec![AssignmentFacts::everywhere(BuiltIn::Visitor)],
        ..SubjectFacts::command_line()
    };
    let changed = compared(&snapshot, &visitor, &beside_a_visitor(ApiScope::Chosen(vec![tides]), None));
    assert!(changed.gained.contains(&Told { change: update_keys(these(&["tides"])), when: When::Now }), "{changed:?}");
    let changed = compared(&snapshot, &visitor, &beside_a_visitor(ApiScope::All, Some(NOW + 9)));
    let gained = Told { change: update_keys(On::Everywhere), when: When::Until(NOW + 9) };
    assert!(changed.gained.contains(&gained), "{changed:?}");
}

/// An end that moves is a gain or a loss, though nothing changes today.
#[test]
fn an_end_that_moves_is_told() {
    let (snapshot, _) = harbour();
    let [soon, late, never] = [Some(NOW + 5), Some(NOW + 9), None].map(|until| beside_a_visitor(ApiScope::All, until));
    let told = |until| vec![Told { change: update_keys(On::Everywhere), when: When::Moved(until) }];
    let of_keys = |all: &[Told]| -> Vec<Told> {
        let keys = |it: &&Told| it.change == update_keys(On::Everywhere);
        all.iter().filter(keys).cloned().collect()
    };
    for (before, after, gained, until) in [
        (&late, &soon, false, Some(NOW + 5)),
        (&never, &soon, false, Some(NOW + 5)),
        (&soon, &late, true, Some(NOW + 9)),
        (&soon, &never, true, None),
    ] {
        let changed = compared(&snapshot, before, after);
        let (with, without) = if gained { (changed.gained, changed.lost) } else { (changed.lost, changed.gained) };
        assert_eq!((of_keys(&with), without), (told(until), Vec::new()));
    }
}

/// What a reader does not see is as if it were not there.
#[test]
fn pitfall_27_unseen_apis_are_not_told() {
    let (snapshot, [tides, ..]) = harbour();
    let before = snapshot.subject(&beside_a_visitor(ApiScope::All, None));
    let after = snapshot.subject(&beside_a_visitor(ApiScope::Chosen(vec![tides]), None));
    let see = |apis: Vec<Uuid>| {
        Comparison::new(&snapshot, &snapshot, move |api| apis.contains(&api)).difference(&before, &after, NOW)
    };
    assert!(see(vec![tides]).is_empty());
    let some = see(vec![tides, Uuid::from_u128(2)]);
    assert!(some.lost.contains(&Told { change: update_keys(these(&["vessels"])), when: When::Now }), "{some:?}");
}

/// Prints how long it takes to compare what 1,000 users may on 1,000 APIs, who each hold two roles and are in groups that lead to
/// 300 of them: `cargo test --release --lib -- --ignored --nocapture how_long`.
#[test]
#[ignore = "measures"]
fn how_long_a_thousand_users_take() {
    let id = |kind: u128, n: usize| Uuid::from_u128((kind << 64) | n as u128);
    let apis = (0..1_000).map(|n| ApiFacts {
        id: id(3, n),
        slug: format!("api-{n}"),
        name: n.to_string(),
        customer_ids: Vec::new(),
    });
    let grant = |n: usize| GrantFacts { api: id(3, n), until: None };
    let groups = (0..10).map(|n| GroupFacts {
        id: id(4, n),
        name: n.to_string(),
        grants: (n * 100..n * 100 + 100).map(grant).collect(),
    });
    let permissions = Permissions::from([("api-keys".to_owned(), Actions::ALL), ("apis".to_owned(), Actions::ALL)]);
    let role = RoleFacts { id: id(1, 1), name: "Clerk".into(), category: Category::Teammate, permissions };
    let regions = ["eu", "us"].map(|slug| RegionFacts { slug: slug.into(), name: slug.into() });
    let facts = WorkspaceFacts {
        apis: apis.collect(),
        groups: groups.collect(),
        roles: vec![role],
        regions: regions.into(),
        ..WorkspaceFacts::default()
    };
    let mut narrower = facts.clone();
    narrower.roles[0].permissions.remove("apis");
    narrower.groups[0].grants.clear();
    let users: Vec<SubjectFacts> = (0..1_000)
        .map(|n| SubjectFacts {
            id: id(5, n),
            assignments: vec![
                AssignmentFacts {
                    apis: ApiScope::Chosen(vec![id(3, n)]),
                    ..AssignmentFacts::everywhere(BuiltIn::Visitor)
                },
                AssignmentFacts {
                    role: Some(id(1, 1)),
                    apis: ApiScope::Chosen((n..n + 500).map(|api| id(3, api % 1_000)).collect()),
                    ..AssignmentFacts::everywhere(BuiltIn::Member)
                },
            ],
            groups: vec![id(4, n % 10), id(4, (n + 1) % 10), id(4, 0)],
            ..SubjectFacts::command_line()
        })
        .collect();
    let before = AccessSnapshot::new(facts);
    let start = std::time::Instant::now();
    let after = AccessSnapshot::new(narrower);
    let comparison = Comparison::new(&before, &after, |_| true);
    let mut count = crate::rights::model::Count::default();
    for user in &users {
        let (was, is) = (before.subject(user), after.subject(user));
        count.add(user.id, "", comparison.difference(&was, &is, NOW));
    }
    let preview = count.preview(false);
    println!("{:?}, {} lose something", start.elapsed(), preview.lose);
    assert_eq!((preview.looked_at, preview.lose), (1_000, 1_000));
}
