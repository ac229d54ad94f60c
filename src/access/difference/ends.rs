//! Until when one user may do something: the same rules as `decide`, for all APIs at once.

use super::super::{
    AccessSnapshot, Action, Subject,
    decide::covers_region,
    snapshot::{Assignment, Grant, NEVER},
};

/// The end of what may not be done.
pub(super) const NOT: i64 = i64::MIN;

/// One state of a workspace, among those compared.
pub(super) struct Side<'a> {
    snapshot: &'a AccessSnapshot,
    /// Of each API of the snapshot, its place among those compared.
    places: Vec<Option<usize>>,
    /// Of each API compared, whether the snapshot has it.
    there: Vec<bool>,
}

impl<'a> Side<'a> {
    /// `apis` are the slugs of those compared, in order.
    pub fn new(snapshot: &'a AccessSnapshot, apis: &[&str]) -> Self {
        let mut there = vec![false; apis.len()];
        let place = |slug: &str| {
            let place = apis.binary_search(&slug).ok()?;
            there[place] = true;
            Some(place)
        };
        let all = snapshot.facts().apis.iter();
        Self { snapshot, places: all.map(|api| api.slug.as_str()).map(place).collect(), there }
    }

    fn place(&self, api: u32) -> Option<usize> {
        self.places.get(api as usize).copied().flatten()
    }
}

/// What a user holds from a moment on.
pub(super) struct Held<'a> {
    side: &'a Side<'a>,
    /// What has not ended; nothing of an account that is not active.
    assignments: Vec<&'a Assignment>,
    /// Of each API compared, until when a grant, a group or the Customer ID leads there.
    led_to: Vec<i64>,
}

/// Until when something may be done.
pub(super) struct Ends {
    /// Where no API is asked about.
    pub head: i64,
    /// On each API compared.
    pub apis: Vec<i64>,
}

impl<'a> Held<'a> {
    /// `at` is in Unix seconds.
    pub fn new(side: &'a Side<'a>, subject: &'a Subject, at: i64) -> Self {
        let mut led_to = vec![NOT; side.there.len()];
        let groups = subject.groups.iter().flat_map(|group| side.snapshot.groups[*group as usize].iter().copied());
        let by_id = subject.customer_apis.iter().map(|api| Grant { api: *api, until: NEVER });
        for grant in subject.grants.iter().copied().chain(groups).chain(by_id).filter(|it| it.until > at) {
            if let Some(place) = side.place(grant.api) {
                led_to[place] = led_to[place].max(grant.until);
            }
        }
        let lasting = subject.assignments.iter().filter(|it| subject.active && it.until > at);
        Self { side, assignments: lasting.collect(), led_to }
    }

    /// The slugs of the organizations that something is held for.
    pub fn organizations(&self) -> impl Iterator<Item = &'a str> {
        let all = &self.side.snapshot.facts().organizations;
        self.assignments.iter().filter_map(|it| all.get(it.organization? as usize)).map(|it| it.slug.as_str())
    }

    /// The places of the assignments that permit something, APIs aside.
    pub fn answering(
        &self,
        feature: &str,
        action: Action,
        region: Option<&str>,
        organization: Option<&str>,
    ) -> Vec<usize> {
        let snapshot = self.side.snapshot;
        let Some(feature) = snapshot.feature(feature) else { return Vec::new() };
        let named = |slug: Option<&str>, known: bool| slug.is_none() || known;
        let region_place = region.and_then(|slug| snapshot.region(slug));
        let organization_place = organization.and_then(|slug| snapshot.organization(slug));
        if !named(region, region_place.is_some()) || !named(organization, organization_place.is_some()) {
            return Vec::new();
        }
        let answers = |it: &Assignment| {
            it.permissions[feature].has(action)
                && covers_region(snapshot, it, region_place)
                && (it.organization.is_none() || it.organization == organization_place)
        };
        (0..self.assignments.len()).filter(|place| answers(self.assignments[*place])).collect()
    }

    /// Until when what some of the assignments permit may be done.
    pub fn ends(&self, assignments: &[usize]) -> Ends {
        let these = || assignments.iter().map(|place| self.assignments[*place]);
        let head = these().map(|it| it.until).max().unwrap_or(NOT);
        let mut apis: Vec<i64> = self.led_to.iter().map(|led_to| (*led_to).min(head)).collect();
        for it in these() {
            match &it.apis {
                None => {
                    for (end, _) in apis.iter_mut().zip(&self.side.there).filter(|(_, there)| **there) {
                        *end = (*end).max(it.until);
                    }
                }
                Some(chosen) => {
                    for place in chosen.iter().filter_map(|api| self.side.place(*api)) {
                        apis[place] = apis[place].max(it.until);
                    }
                }
            }
        }
        Ends { head, apis }
    }

    /// Until when anything at all may be done on each API.
    pub fn reached(&self) -> Vec<i64> {
        let permits = |it: &Assignment| it.permissions.iter().any(|actions| !actions.is_empty());
        let any: Vec<usize> = (0..self.assignments.len()).filter(|place| permits(self.assignments[*place])).collect();
        self.ends(&any).apis
    }
}
