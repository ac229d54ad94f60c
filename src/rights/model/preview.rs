//! Who gains and who loses by a change that is not saved yet.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{Apis, Change, Changed, On, Told, When};

/// How many people a preview looks at; what concerns more says so.
pub const MOST_PREVIEWED: usize = 1_000;

/// How many people a preview names on each side, and how many changes it sums up.
pub const MOST_NAMED: usize = 8;

/// How many APIs a preview names of one change.
const MOST_APIS: usize = 5;

/// Who gains and who loses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How many people were looked at.
    pub looked_at: u32,
    /// Whether there are more, who were not.
    pub more: bool,
    /// How many gain something.
    pub gain: u32,
    /// How many lose something.
    pub lose: u32,
    /// How many gain or lose something.
    pub differ: u32,
    /// What somebody gains (true) or loses, and how many do; the first of it: what concerns most people.
    pub sums: Vec<(bool, Told, u32)>,
    /// How many more changes there are.
    pub more_sums: u32,
    /// The first of those who gain or lose something.
    pub people: Vec<PersonChange>,
}

/// What one person gains and loses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// Who.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// What.
    pub changed: Changed,
}

/// Counts person by person.
#[derive(Default)]
pub struct Count {
    preview: Preview,
    /// Those of whole rights, and of rights on APIs with the APIs where they are the same for everybody.
    rights: HashMap<(bool, Told), (u32, Option<Apis>)>,
    /// Those of APIs, likewise, and one by one.
    apis: HashMap<(bool, When), Reach>,
}

#[derive(Default)]
struct Reach {
    people: u32,
    same: Option<Apis>,
    each: HashMap<String, u32>,
}

impl Count {
    /// Counts one more person.
    pub fn add(&mut self, id: Uuid, full_name: &str, changed: Changed) {
        let preview = &mut self.preview;
        preview.looked_at += 1;
        let (gains, loses) = (!changed.gained.is_empty(), !changed.lost.is_empty());
        preview.gain += u32::from(gains);
        preview.lose += u32::from(loses);
        preview.differ += u32::from(gains || loses);
        for (gained, told) in sided(&changed) {
            match &told.change {
                Change::Apis(apis) => self.apis.entry((gained, told.when)).or_default().add(apis),
                Change::Right { on, .. } => {
                    let (key, these) = match on {
                        On::These(apis) => (anywhere(told), Some(apis)),
                        On::Everywhere | On::Some => (told.clone(), None),
                    };
                    let (people, same) = self.rights.entry((gained, key)).or_insert_with(|| (0, these.cloned()));
                    *people += 1;
                    if same.as_ref() != these {
                        *same = None;
                    }
                }
            }
        }
        let people = &mut self.preview.people;
        let named = |side: fn(&Changed) -> bool| people.iter().filter(|it| side(&it.changed)).count() < MOST_NAMED;
        if (gains && named(|it| !it.gained.is_empty())) || (loses && named(|it| !it.lost.is_empty())) {
            people.push(PersonChange { id, full_name: full_name.to_owned(), changed: changed.shortened(MOST_APIS) });
        }
    }

    /// What was counted; `more` says whether there are people who were not looked at.
    pub fn preview(self, more: bool) -> Preview {
        let rights = self.rights.into_iter().map(|((gained, told), (people, same))| {
            let told = match (told.change, same) {
                (Change::Right { feature, action, region, organization, on: On::Some }, Some(same)) => Told {
                    change: Change::Right { feature, action, region, organization, on: On::These(same) },
                    when: told.when,
                },
                (change, _) => Told { change, when: told.when },
            };
            (gained, told, people)
        });
        let apis = self.apis.into_iter().flat_map(|((gained, when), reach)| {
            let told = move |(apis, people)| (gained, Told { change: Change::Apis(apis), when }, people);
            reach.sums().into_iter().map(told)
        });
        let mut sums: Vec<(bool, Told, u32)> = rights.chain(apis).collect();
        sums.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| (b.0, &a.1).cmp(&(a.0, &b.1))));
        let more_sums = u32::try_from(sums.len().saturating_sub(MOST_NAMED)).unwrap_or(u32::MAX);
        sums.truncate(MOST_NAMED);
        let shortened = |(gained, told, people)| {
            let one = Changed { gained: vec![told], lost: Vec::new() }.shortened(MOST_APIS);
            one.gained.into_iter().next().map(|told| (gained, told, people))
        };
        let sums = sums.into_iter().filter_map(shortened).collect();
        Preview { more, sums, more_sums, ..self.preview }
    }
}

impl Reach {
    fn add(&mut self, apis: &Apis) {
        if self.people == 0 {
            self.same = Some(apis.clone());
        } else if self.same.as_ref() != Some(apis) {
            self.same = None;
        }
        self.people += 1;
        for slug in &apis.slugs {
            match self.each.get_mut(slug) {
                Some(people) => *people += 1,
                None => drop(self.each.insert(slug.clone(), 1)),
            }
        }
    }

    fn sums(self) -> Vec<(Apis, u32)> {
        match self.same {
            Some(same) => vec![(same, self.people)],
            None => {
                let one = |(slug, people)| (Apis { slugs: vec![slug], more: 0 }, people);
                self.each.into_iter().map(one).collect()
            }
        }
    }
}

/// What is gained (true) and lost, one after the other.
fn sided(changed: &Changed) -> impl Iterator<Item = (bool, &Told)> {
    changed.gained.iter().map(|told| (true, told)).chain(changed.lost.iter().map(|told| (false, told)))
}

/// The same right, on whichever APIs.
fn anywhere(told: &Told) -> Told {
    let mut told = told.clone();
    if let Change::Right { on, .. } = &mut told.change {
        *on = On::Some;
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Action;

    fn apis(slugs: &[&str]) -> Apis {
        Apis { slugs: slugs.iter().map(|slug| (*slug).to_owned()).collect(), more: 0 }
    }

    fn right(on: On) -> Told {
        let change =
            Change::Right { feature: "api-keys".into(), action: Action::Update, region: None, organization: None, on };
        Told { change, when: When::Now }
    }

    fn counted(people: &[Told]) -> Preview {
        let mut count = Count::default();
        for told in people {
            count.add(Uuid::nil(), "Lars", Changed { lost: vec![told.clone()], ..Changed::default() });
        }
        count.preview(false)
    }

    #[test]
    fn the_same_right_is_summed_up_whatever_the_apis() {
        let these = |slugs: &[&str]| right(On::These(apis(slugs)));
        let same = counted(&[these(&["tides"]), these(&["tides"])]);
        assert_eq!(same.sums, [(false, these(&["tides"]), 2)]);
        let different = counted(&[these(&["tides"]), these(&["vessels"]), these(&["tides"])]);
        assert_eq!(different.sums, [(false, right(On::Some), 3)]);
        assert_eq!(different.people[1].changed.lost, [these(&["vessels"])]);
    }

    #[test]
    fn apis_are_summed_up_together_where_they_are_the_same_and_else_one_by_one() {
        let reach = |slugs: &[&str]| Told { change: Change::Apis(apis(slugs)), when: When::Now };
        assert_eq!(counted(&[reach(&["a", "b"]), reach(&["a", "b"])]).sums, [(false, reach(&["a", "b"]), 2)]);
        let different = counted(&[reach(&["a", "b"]), reach(&["b"])]);
        assert_eq!(different.sums, [(false, reach(&["b"]), 2), (false, reach(&["a"]), 1)]);
    }

    #[test]
    fn a_preview_stays_short() {
        let slugs: Vec<String> = (0..40).map(|n| format!("api-{n:02}")).collect();
        let all = Told { change: Change::Apis(Apis { slugs: slugs.clone(), more: 0 }), when: When::Now };
        let fewer = Told { change: Change::Apis(Apis { slugs: slugs[1..].to_vec(), more: 0 }), when: When::Now };
        let preview = counted(&vec![all.clone(); 30]);
        assert_eq!((preview.lose, preview.people.len(), preview.sums.len()), (30, MOST_NAMED, 1));
        let Change::Apis(told) = &preview.people[0].changed.lost[0].change else { panic!("{preview:?}") };
        assert_eq!((told.slugs.len(), told.more, told.count()), (MOST_APIS, 35, 40));
        let preview = counted(&[all, fewer]);
        assert_eq!((preview.sums.len(), preview.more_sums), (MOST_NAMED, 32));
    }
}
