//! A workspace, its users, and questions about them; the same in every run.

use std::collections::BTreeMap;

use portico::access::{
    Action, Actions, ApiFacts, ApiScope, AssignmentFacts, BuiltIn, Category, Feature, FeatureFacts, GrantFacts,
    GroupFacts, OrganizationFacts, Question, RegionFacts, RoleFacts, SubjectFacts, WorkspaceFacts,
};
use uuid::Uuid;

/// Questions asked in turn.
pub const QUESTIONS: usize = 10_000;

const APIS: usize = 1_000;
const GROUPS: usize = 500;
const ORGANIZATIONS: usize = 50;
const REGIONS: [&str; 3] = ["us", "eu", "asia"];

/// All of it.
pub struct Town {
    pub workspace: WorkspaceFacts,
    pub users: Vec<SubjectFacts>,
    pub questions: Vec<Asked>,
}

/// A question.
#[derive(Debug)]
pub struct Asked {
    pub user: String,
    pub action: Action,
    pub feature: String,
    pub api: Option<String>,
    pub region: Option<String>,
    pub organization: Option<String>,
}

impl Asked {
    pub fn question(&self) -> Question<'_> {
        Question {
            action: self.action,
            feature: &self.feature,
            api: self.api.as_deref(),
            region: self.region.as_deref(),
            organization: self.organization.as_deref(),
            at: 0,
        }
    }
}

/// Numbers that look like chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % count as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

fn id(kind: u128, place: usize) -> Uuid {
    Uuid::from_u128((kind << 64) | (place as u128 + 1))
}

impl Town {
    pub fn new(users: usize) -> Self {
        let mut chance = Chance(7);
        let grants = |chance: &mut Chance, most: usize| -> Vec<GrantFacts> {
            (0..chance.below(most + 1)).map(|_| GrantFacts { api: id(3, chance.below(APIS)), until: None }).collect()
        };
        let own = ["documentation", "media", "api-testing"];
        let features: Vec<String> = Feature::ALL.iter().map(|it| it.slug()).chain(own).map(str::to_owned).collect();
        let workspace = WorkspaceFacts {
            version: 1,
            features: own
                .map(|slug| FeatureFacts { slug: slug.into(), name: slug.into(), actions: Actions::ALL })
                .into(),
            regions: REGIONS.map(|slug| RegionFacts { slug: slug.into(), name: slug.into() }).into(),
            roles: (0..5)
                .map(|n| RoleFacts {
                    id: id(1, n),
                    name: format!("custom-{n}"),
                    category: Category::Teammate,
                    permissions: features
                        .iter()
                        .skip(n)
                        .step_by(2)
                        .map(|it| (it.clone(), Actions::from_bits(1 << n | 1)))
                        .collect(),
                })
                .collect(),
            organizations: (0..ORGANIZATIONS)
                .map(|n| OrganizationFacts { id: id(2, n), slug: format!("organization-{n}"), name: n.to_string() })
                .collect(),
            apis: (0..APIS)
                .map(|n| ApiFacts {
                    id: id(3, n),
                    slug: format!("api-{n}"),
                    name: n.to_string(),
                    customer_ids: vec![format!("C-{}", n % 200)],
                })
                .collect(),
            groups: (0..GROUPS)
                .map(|n| GroupFacts { id: id(4, n), name: n.to_string(), grants: grants(&mut chance, 8) })
                .collect(),
        };
        let users: Vec<SubjectFacts> = (0..users).map(|place| user(&mut chance, place, &grants)).collect();
        let named = |chance: &mut Chance, it: String| (!chance.one_in(4)).then_some(it);
        let questions = (0..QUESTIONS)
            .map(|_| {
                let api = chance.one_in(2).then(|| format!("api-{}", chance.below(APIS)));
                let user = chance.of(&users);
                // Half of the questions about an API are about one that the user was granted.
                let granted = user.grants.first().filter(|_| chance.one_in(2));
                let api = api.map(|api| granted.map_or(api, |it| format!("api-{}", it.api.as_u128() as u64 - 1)));
                let held = user.assignments.iter().find_map(|it| it.organization);
                let organization = held.map_or(chance.below(ORGANIZATIONS), |it| it.as_u128() as u64 as usize - 1);
                Asked {
                    user: user.email_key.clone(),
                    action: if chance.one_in(2) { Action::View } else { *chance.of(&Action::ALL) },
                    feature: if api.is_some() { "apis".into() } else { chance.of(&features).clone() },
                    api,
                    region: {
                        let region = (*chance.of(&REGIONS)).to_owned();
                        named(&mut chance, region)
                    },
                    organization: named(&mut chance, format!("organization-{organization}")),
                }
            })
            .collect();
        Self { workspace, users, questions }
    }
}

fn user(chance: &mut Chance, place: usize, grants: &impl Fn(&mut Chance, usize) -> Vec<GrantFacts>) -> SubjectFacts {
    let category = *chance.of(&Category::ALL);
    let mut assignments: Vec<AssignmentFacts> = (0..=chance.below(3))
        .map(|_| {
            let built_in: Vec<BuiltIn> = BuiltIn::ALL.into_iter().filter(|it| it.category() == category).collect();
            let custom = category == Category::Teammate && chance.one_in(3);
            AssignmentFacts {
                id: Uuid::nil(),
                role: Some(if custom { id(1, chance.below(5)) } else { chance.of(&built_in).id() }),
                permissions: BTreeMap::new(),
                region: chance.one_in(2).then(|| (*chance.of(&REGIONS)).to_owned()),
                organization: (category == Category::Organization).then(|| id(2, chance.below(ORGANIZATIONS))),
                apis: if chance.one_in(2) {
                    ApiScope::All
                } else {
                    ApiScope::Chosen((0..chance.below(6)).map(|_| id(3, chance.below(APIS))).collect())
                },
                until: None,
            }
        })
        .collect();
    assignments.dedup_by_key(|it| (it.role, it.region.clone(), it.organization));
    SubjectFacts {
        id: id(5, place),
        email_key: format!("user-{place}@kestrel.test"),
        active: !chance.one_in(20),
        category,
        customer_id: (category == Category::Customer).then(|| format!("C-{}", chance.below(200))),
        assignments,
        groups: (0..chance.below(4)).map(|_| id(4, chance.below(GROUPS))).collect(),
        grants: grants(chance, 3),
    }
}
