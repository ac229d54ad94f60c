//! The texts of what users hold, and of who gains and loses.

use time::OffsetDateTime;

use super::{feature_name, held::day_words, text};
use crate::{
    access::{Change, On, Told, When, WorkspaceFacts},
    rights::model::last_day,
};

/// The texts of what users hold in one language.
pub struct Rights {
    /// When a change changes nothing for anybody.
    pub no_difference: &'static str,
    /// Over how many it is counted, and whether there are more.
    pub counted: fn(u32, bool) -> String,
    /// How many gain something.
    pub gain: fn(u32) -> String,
    /// How many lose something.
    pub lose: fn(u32) -> String,
    /// How many gain this.
    pub people_gain: fn(u32, &str) -> String,
    /// How many lose this.
    pub people_lose: fn(u32, &str) -> String,
    /// How many keep this for another time than before.
    pub people_keep: fn(u32, &str) -> String,
    /// How many see no difference.
    pub see_no_difference: fn(u32) -> String,
    /// How many are not named.
    pub more: fn(u32) -> String,
    /// How many changes are not named.
    pub more_changes: fn(u32) -> String,
    /// Actions on a feature.
    pub on: fn(&str, &str) -> String,
    /// Several such, one after the other.
    pub and: fn(&[String]) -> String,
    /// Something in a region and for an organization.
    pub within: fn(&str, Option<&str>, Option<&str>) -> String,
    /// Something on these APIs, and so many more.
    pub on_apis: fn(&str, &[String], u32) -> String,
    /// Something on APIs that are not the same ones for everybody.
    pub on_some_apis: fn(&str) -> String,
    /// These APIs, and so many more.
    pub apis: fn(&[String], u32) -> String,
    /// Something until a day.
    pub until: fn(&str, &str) -> String,
    /// Something longer than before, until a day or without end.
    pub longer: fn(&str, Option<&str>) -> String,
    /// Something not as long as before, until a day.
    pub shorter: fn(&str, &str) -> String,
    /// That something is kept.
    pub keeps: fn(&str) -> String,
}

/// A right, or APIs, in words.
pub fn change_words(change: &Change, workspace: &WorkspaceFacts) -> String {
    let t = text();
    match change {
        Change::Right { action, feature, .. } => {
            let what = (t.rights.on)((t.access.action)(*action), &feature_name(feature, &workspace.features));
            placed(change, &what, workspace)
        }
        Change::Apis(apis) => (t.rights.apis)(&apis.slugs, apis.more),
    }
}

/// What stands behind a right: where it is, and on which APIs.
fn placed(change: &Change, what: &str, workspace: &WorkspaceFacts) -> String {
    let t = &text().rights;
    let Change::Right { region, organization, on, .. } = change else { return what.to_owned() };
    let region = region
        .as_ref()
        .map(|slug| workspace.regions.iter().find(|it| it.slug == *slug).map_or(slug.as_str(), |it| it.name.as_str()));
    let what = (t.within)(what, region, organization.as_deref());
    match on {
        On::Everywhere => what,
        On::These(apis) => (t.on_apis)(&what, &apis.slugs, apis.more),
        On::Some => (t.on_some_apis)(&what),
    }
}

/// Features, and the actions on each.
type Features<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// What one person gains or loses, in words: the actions on one feature together, and so the rights on the same APIs.
pub fn told_words(all: &[Told], gained: bool, workspace: &WorkspaceFacts) -> String {
    let t = text();
    let mut groups: Vec<(&Told, Features<'_>)> = Vec::new();
    for told in all {
        let Change::Right { feature, action, .. } = &told.change else {
            groups.push((told, Vec::new()));
            continue;
        };
        let action = (t.access.action)(*action);
        match groups.iter_mut().find(|(known, _)| told_together(known, told)) {
            None => groups.push((told, vec![(feature, vec![action])])),
            Some((_, features)) => match features.iter_mut().find(|(known, _)| known == feature) {
                Some((_, actions)) => actions.push(action),
                None => features.push((feature, vec![action])),
            },
        }
    }
    let words = groups.into_iter().map(|(told, features)| {
        let on = |(feature, actions): (&str, Vec<&str>)| {
            (t.rights.on)(&actions.join(", "), &feature_name(feature, &workspace.features))
        };
        let what = match &told.change {
            Change::Apis(_) => change_words(&told.change, workspace),
            Change::Right { .. } => {
                let features: Vec<String> = features.into_iter().map(on).collect();
                placed(&told.change, &(t.rights.and)(&features), workspace)
            }
        };
        let what = timed(&what, told.when, gained);
        if let When::Moved(_) = told.when { (t.rights.keeps)(&what) } else { what }
    });
    words.collect::<Vec<_>>().join("; ")
}

/// How many people gain or lose something, in words.
pub fn sum_words((gained, told, people): &(bool, Told, u32), workspace: &WorkspaceFacts) -> String {
    let t = &text().rights;
    let what = timed(&change_words(&told.change, workspace), told.when, *gained);
    match told.when {
        When::Moved(_) => (t.people_keep)(*people, &what),
        _ if *gained => (t.people_gain)(*people, &what),
        _ => (t.people_lose)(*people, &what),
    }
}

/// With when it ends.
fn timed(what: &str, when: When, gained: bool) -> String {
    let t = &text().rights;
    let day = |until| {
        let until = OffsetDateTime::from_unix_timestamp(until).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        day_words(&last_day(until))
    };
    match when {
        When::Now => what.to_owned(),
        When::Until(until) => (t.until)(what, &day(until)),
        When::Moved(None) => (t.longer)(what, None),
        When::Moved(Some(until)) if gained => (t.longer)(what, Some(&day(until))),
        When::Moved(Some(until)) => (t.shorter)(what, &day(until)),
    }
}

/// Whether two rights are told together: those to one feature in one place for one time, and there those on the same APIs.
fn told_together(one: &Told, other: &Told) -> bool {
    let (
        Change::Right { feature, region, organization, on, .. },
        Change::Right { feature: feature2, region: region2, organization: organization2, on: on2, .. },
    ) = (&one.change, &other.change)
    else {
        return false;
    };
    (region, organization, on, one.when) == (region2, organization2, on2, other.when)
        && (feature == feature2 || matches!(on, On::These(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Action, Apis, Feature};

    fn right(feature: Feature, action: Action, region: Option<&str>, on: On, when: When) -> Told {
        let change = Change::Right {
            feature: feature.slug().to_owned(),
            action,
            region: region.map(str::to_owned),
            organization: None,
            on,
        };
        Told { change, when }
    }

    fn words(all: &[Told], gained: bool) -> String {
        told_words(all, gained, &WorkspaceFacts::default())
    }

    #[test]
    fn actions_on_one_feature_are_told_together() {
        let right = |feature, action, region| right(feature, action, region, On::Everywhere, When::Now);
        let changes = [
            right(Feature::Team, Action::View, None),
            right(Feature::Team, Action::View, Some("eu")),
            right(Feature::Team, Action::Update, None),
        ];
        assert_eq!(words(&changes, true), "View, Update on Team management; View on Team management in eu");
    }

    #[test]
    fn apis_are_told_once_for_all_rights_on_them() {
        let apis = |slugs: &[&str], more| Apis { slugs: slugs.iter().map(|slug| (*slug).into()).collect(), more };
        let on = |feature, action| right(feature, action, None, On::These(apis(&["tides", "vessels"], 10)), When::Now);
        let changes = [
            on(Feature::ApiKeys, Action::Create),
            on(Feature::ApiKeys, Action::Update),
            on(Feature::Analytics, Action::Download),
        ];
        assert_eq!(
            words(&changes, false),
            "Create, Update on API keys and Download on Analytics and usage reports for 12 APIs: tides, vessels and 10 more"
        );
        let reach = |slugs: &[&str], more| Told { change: Change::Apis(apis(slugs, more)), when: When::Now };
        assert_eq!(words(&[reach(&["tides"], 0)], true), "the API tides");
        assert_eq!(words(&[reach(&["tides", "vessels"], 0)], true), "the APIs tides and vessels");
        assert_eq!(words(&[reach(&["a", "b"], 1)], true), "the APIs a, b and 1 more");
        let sum = (false, on(Feature::ApiKeys, Action::Create), 3);
        assert_eq!(
            sum_words(&sum, &WorkspaceFacts::default()),
            "3 people lose Create on API keys for 12 APIs: tides, vessels and 10 more"
        );
    }

    #[test]
    fn ends_are_told_as_the_last_day() {
        // The first instant after 3 December 2026.
        let end = 1_796_342_400;
        let billing = |when| right(Feature::Billing, Action::View, None, On::Everywhere, when);
        let day = "3 Dec 2026";
        assert_eq!(words(&[billing(When::Until(end))], true), format!("View on Billing until {day}"));
        assert_eq!(words(&[billing(When::Moved(Some(end)))], false), format!("keeps View on Billing only until {day}"));
        assert_eq!(
            words(&[billing(When::Moved(Some(end)))], true),
            format!("keeps View on Billing longer, until {day}")
        );
        assert_eq!(words(&[billing(When::Moved(None))], true), "keeps View on Billing without end");
        let sum = (false, billing(When::Moved(Some(end))), 1);
        assert_eq!(
            sum_words(&sum, &WorkspaceFacts::default()),
            format!("1 person keeps View on Billing only until {day}")
        );
    }
}
