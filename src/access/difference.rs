//! Who gains and who loses what, before a change is saved: both states are decided for every question, now and whenever
//! something ends, and compared. What is told covers every question whose answer changes (`written.rs` proves it).

mod ends;

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::ends::{Held, NOT, Side};
use super::{AccessSnapshot, Action, Subject, concerns_apis, snapshot::NEVER};

/// What is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Change {
    /// An action on a feature.
    Right {
        /// The feature's slug.
        feature: String,
        /// The action.
        action: Action,
        /// The region's slug; none for everywhere.
        region: Option<String>,
        /// The organization's slug, or where it is shown its name; none for the whole workspace.
        organization: Option<String>,
        /// On which APIs.
        on: On,
    },
    /// Every right on these APIs: nothing is held there before it is gained, or after it is lost.
    Apis(Apis),
}

/// On which APIs a right is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum On {
    /// On all that are reached, and where no API is asked about.
    Everywhere,
    /// On these alone.
    These(Apis),
    /// On some, which are not the same ones for everybody.
    Some,
}

/// APIs by their slugs.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Apis {
    /// The first of them, or all.
    pub slugs: Vec<String>,
    /// How many more there are.
    pub more: u32,
}

impl Apis {
    /// How many there are.
    pub fn count(&self) -> u32 {
        self.more.saturating_add(u32::try_from(self.slugs.len()).unwrap_or(u32::MAX))
    }

    /// Names so many of them at most.
    fn shorten(&mut self, most: usize) {
        self.more += u32::try_from(self.slugs.len().saturating_sub(most)).unwrap_or(u32::MAX);
        self.slugs.truncate(most);
    }
}

/// When it is gained or lost. Moments are Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum When {
    /// From now on.
    Now,
    /// From now on, until then; what is gained alone.
    Until(i64),
    /// It is held now and then, and its end moves: to this moment, or away.
    Moved(Option<i64>),
}

/// One thing that is gained or lost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Told {
    /// What.
    pub change: Change,
    /// When.
    pub when: When,
}

/// What somebody gains and loses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What they could not, or not for so long, and will.
    pub gained: Vec<Told>,
    /// What they can, and will not, or not for so long.
    pub lost: Vec<Told>,
}

impl Changed {
    /// Whether nothing changes for them.
    pub fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty()
    }

    /// Names so many APIs of each change at most.
    #[must_use]
    pub fn shortened(mut self, most: usize) -> Self {
        for told in self.gained.iter_mut().chain(&mut self.lost) {
            match &mut told.change {
                Change::Apis(apis) | Change::Right { on: On::These(apis), .. } => apis.shorten(most),
                Change::Right { .. } => {}
            }
        }
        self
    }

    fn push(&mut self, (gained, when): (bool, When), change: Change) {
        if gained { &mut self.gained } else { &mut self.lost }.push(Told { change, when });
    }
}

/// Two states of a workspace, to compare what its users may. Regions and organizations are the same in both.
pub struct Comparison<'a> {
    before: Side<'a>,
    after: Side<'a>,
    features: Vec<&'a str>,
    regions: Vec<&'a str>,
    /// The slugs of the APIs of both.
    apis: Vec<&'a str>,
}

/// Until when something may be done before and after; `NOT` where it may not.
type Ends = (i64, i64);

/// What changes for the questions that the same assignments answer.
struct Delta {
    /// Where no API is asked about.
    head: Ends,
    /// By the places of the APIs: those that change, and of which `Change::Apis` does not tell it already.
    apis: Vec<(usize, Ends)>,
    /// Whether what is gained is gained on each API that is reached.
    everywhere: bool,
}

impl<'a> Comparison<'a> {
    /// Prepares to compare two states. APIs that are not seen are as if they were not there.
    pub fn new(before: &'a AccessSnapshot, after: &'a AccessSnapshot, seen: impl Fn(Uuid) -> bool) -> Self {
        let both = || [before, after].into_iter().map(AccessSnapshot::facts);
        let mut apis: Vec<&str> =
            both().flat_map(|facts| &facts.apis).filter(|api| seen(api.id)).map(|api| api.slug.as_str()).collect();
        apis.sort_unstable();
        apis.dedup();
        let mut regions: Vec<&str> =
            both().flat_map(|facts| &facts.regions).map(|region| region.slug.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        let mut features: Vec<&str> = before.feature_slugs().collect();
        features.extend(after.feature_slugs().filter(|slug| before.feature(slug).is_none()));
        Self { before: Side::new(before, &apis), after: Side::new(after, &apis), features, regions, apis }
    }

    /// What a user gains and loses, from a moment (Unix seconds) on.
    pub fn difference(&self, before: &Subject, after: &Subject, at: i64) -> Changed {
        let (was, is) = (Held::new(&self.before, before, at), Held::new(&self.after, after, at));
        let reached: Vec<Ends> = was.reached().into_iter().zip(is.reached()).collect();
        let mut organizations: Vec<&str> = was.organizations().chain(is.organizations()).collect();
        organizations.sort_unstable();
        organizations.dedup();
        // With one region, to name it and not to name it is the same.
        let regions = if self.regions.len() > 1 { self.regions.as_slice() } else { &[] };
        let places: Vec<Place<'_>> = std::iter::once(None)
            .chain(organizations.iter().map(|it| Some(*it)))
            .flat_map(|organization| {
                let everywhere = std::iter::once(None);
                everywhere.chain(regions.iter().map(|it| Some(*it))).map(move |region| (region, organization))
            })
            .collect();
        let mut changed = Changed::default();
        let mut known: HashMap<(Vec<usize>, Vec<usize>), Rc<Delta>> = HashMap::new();
        for feature in &self.features {
            for action in Action::ALL {
                let mut broader: Vec<(Place<'_>, Rc<Delta>)> = Vec::new();
                for (region, organization) in &places {
                    let answers = |held: &Held<'_>| held.answering(feature, action, *region, *organization);
                    let key = (answers(&was), answers(&is));
                    if key.0.is_empty() && key.1.is_empty() {
                        continue;
                    }
                    let delta = known.entry(key).or_insert_with_key(|key| Rc::new(delta(&was, &is, key, &reached)));
                    let delta = Rc::clone(delta);
                    let right = |on: On| Change::Right {
                        feature: (*feature).to_owned(),
                        action,
                        region: region.map(str::to_owned),
                        organization: organization.map(str::to_owned),
                        on,
                    };
                    let covers = |(known, _): &&(Place<'_>, Rc<Delta>)| {
                        (known.0.is_none() || known.0 == *region) && (known.1.is_none() || known.1 == *organization)
                    };
                    let broad: Vec<&Rc<Delta>> = broader.iter().filter(covers).map(|(_, delta)| delta).collect();
                    // Where the same assignments answer, all has been told.
                    if !broad.iter().any(|it| Rc::ptr_eq(it, &delta)) {
                        self.tell(&delta, &broad, concerns_apis(feature), right, &mut changed);
                    }
                    broader.push(((*region, *organization), delta));
                }
            }
        }
        let mut apis: BTreeMap<(bool, When), Vec<usize>> = BTreeMap::new();
        for (place, ends) in reached.into_iter().enumerate() {
            if let Some(kind) = kind(ends) {
                apis.entry(kind).or_default().push(place);
            }
        }
        for (kind, places) in apis {
            changed.push(kind, Change::Apis(self.names(&places)));
        }
        changed
    }

    /// Tells what changes in one place, but for what is told of a broader one already.
    fn tell(
        &self,
        delta: &Delta,
        broader: &[&Rc<Delta>],
        concerns_apis: bool,
        right: impl Fn(On) -> Change,
        changed: &mut Changed,
    ) {
        // It ends alike in both, so that the broader one says it all.
        let alike = |broad: Ends, ends: Ends| broad.1 == ends.1 && gains(broad) == gains(ends);
        let mut apis: BTreeMap<(bool, When), Vec<usize>> = BTreeMap::new();
        for (place, ends) in &delta.apis {
            let told = broader.iter().filter_map(|it| it.on(*place)).any(|broad| alike(broad, *ends));
            if let Some(kind) = kind(*ends).filter(|_| !told) {
                apis.entry(kind).or_default().push(*place);
            }
        }
        if let Some(kind) = kind(delta.head).filter(|_| !broader.iter().any(|it| alike(it.head, delta.head))) {
            let these = apis.remove(&kind).unwrap_or_default();
            // What may be done no more may be done on no API.
            let everywhere = !kind.0 || !concerns_apis || delta.everywhere;
            changed.push(kind, right(if everywhere { On::Everywhere } else { On::These(self.names(&these)) }));
        }
        for (kind, these) in apis {
            changed.push(kind, right(On::These(self.names(&these))));
        }
    }

    fn names(&self, places: &[usize]) -> Apis {
        Apis { slugs: places.iter().map(|place| self.apis[*place].to_owned()).collect(), more: 0 }
    }
}

/// A region and an organization, by their slugs.
type Place<'a> = (Option<&'a str>, Option<&'a str>);

impl Delta {
    fn on(&self, place: usize) -> Option<Ends> {
        self.apis.binary_search_by_key(&place, |(known, _)| *known).ok().map(|found| self.apis[found].1)
    }
}

fn delta(was: &Held<'_>, is: &Held<'_>, (before, after): &(Vec<usize>, Vec<usize>), reached: &[Ends]) -> Delta {
    let (was, is) = (was.ends(before), is.ends(after));
    let head = (was.head, is.head);
    let apis = || was.apis.iter().zip(&is.apis).map(|(was, is)| (*was, *is)).zip(reached);
    // Whoever reaches an API anew has there what they have elsewhere.
    let new = |reach: &Ends| reach.0 == NOT;
    let told = |ends: Ends, reach: &Ends| match kind(*reach) {
        Some((_, When::Moved(_))) => kind(ends) == kind(*reach),
        Some(_) => true,
        None => false,
    };
    Delta {
        head,
        everywhere: apis()
            .all(|(ends, reach)| reach.1 == NOT || (ends.1 == head.1 && (kind(ends) == kind(head) || new(reach)))),
        apis: apis()
            .enumerate()
            .filter(|(_, (ends, reach))| kind(*ends).is_some() && !told(*ends, reach))
            .map(|(place, (ends, _))| (place, ends))
            .collect(),
    }
}

/// Whether it is gained, and when; none where nothing changes.
fn kind((was, is): Ends) -> Option<(bool, When)> {
    match (was, is) {
        (was, is) if was == is => None,
        (NOT, NEVER) => Some((true, When::Now)),
        (NOT, until) => Some((true, When::Until(until))),
        (_, NOT) => Some((false, When::Now)),
        (was, is) => Some((is > was, When::Moved((is != NEVER).then_some(is)))),
    }
}

fn gains(ends: Ends) -> Option<bool> {
    kind(ends).map(|(gains, _)| gains)
}
