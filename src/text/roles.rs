//! The texts of roles, and what roles permit in words.

use super::{settings::purpose_words, text};
use crate::{
    access::{Actions, BuiltIn, Level, Permissions, RoleRef, Template},
    roles::model::{FeatureLine, Glance, RoleLine},
    text::role_name,
    ui::matrix::{TableCell, TableRow},
};

/// The texts of roles in one language.
pub struct Roles {
    pub title: &'static str,
    pub lead: &'static str,
    pub caption: &'static str,
    pub new: &'static str,
    pub categories: &'static str,
    pub all: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub holders: &'static str,
    pub permits: &'static str,
    pub built_in: &'static str,
    pub none: &'static str,
    pub none_body: &'static str,
    /// How many, of whom no more than that were counted.
    pub count: fn(u32, u32) -> String,
    pub everything: &'static str,
    pub view_everything: &'static str,
    pub nothing: &'static str,
    /// A level, or actions, on features.
    pub on: fn(&str, &[String]) -> String,
    /// The same on every feature there is.
    pub on_all: fn(&str) -> String,
    /// Templates for custom roles.
    pub template: fn(Template) -> &'static str,

    pub new_lead: &'static str,
    pub start_with: &'static str,
    pub empty: &'static str,
    pub copy_lead: fn(&str) -> String,
    pub copy_name: fn(&str) -> String,
    pub left_out: &'static str,
    pub name_help: &'static str,
    pub category_help: &'static str,
    pub configure: &'static str,
    pub save: &'static str,
    pub save_changes: fn(u32) -> String,
    pub nobody_yet: &'static str,
    pub ceiling: &'static str,

    pub details: &'static str,
    pub made_from: fn(&str) -> String,
    /// How many hold it (in words), and how many invitations name it.
    pub held_by: fn(u32, &str) -> String,
    pub named_by: fn(u32, &str) -> String,
    pub duplicate: &'static str,
    pub delete: &'static str,
    pub delete_of: fn(&str) -> String,
    pub built_in_why: &'static str,
    pub view_only: &'static str,
    pub may: fn(&str) -> String,

    pub effect: &'static str,
    pub changes: fn(u32) -> String,
    pub no_changes: &'static str,
    pub show_effect: &'static str,
    pub invitations_carry: fn(u32, &str) -> String,

    pub delete_title: fn(&str) -> String,
    pub delete_body: &'static str,
    /// First names of who holds it, and how many more do.
    pub holders_named: fn(&[String], u32, &str) -> String,
    pub move_to: &'static str,
    pub move_help: &'static str,
    pub choose: &'static str,
    pub nowhere: &'static str,
    pub not_yours: &'static str,
    pub keep: &'static str,

    pub ours: &'static str,
    pub yours: &'static str,
    pub feature: &'static str,
    pub level: &'static str,
    pub level_for: fn(&str) -> String,
    pub none_cell: &'static str,
    pub cell: fn(&str, &str, Option<bool>) -> String,
    pub legend: &'static str,
    pub may_do: &'static str,
    pub may_not: &'static str,
    pub added: &'static str,
    pub taken: &'static str,
    pub locked: &'static str,

    pub compare: &'static str,
    pub compare_lead: &'static str,
    pub compare_which: &'static str,
    pub compare_show: &'static str,
    pub compare_none: &'static str,
    pub compare_none_body: &'static str,
    pub print: &'static str,
    pub export: &'static str,
    pub at_a_glance: &'static str,
    pub glance: fn(Glance) -> &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub group: &'static str,
}

/// The name of a feature of a table.
pub fn line_name(feature: &FeatureLine) -> String {
    feature.built_in().map_or_else(|| feature.name.clone(), |it| (text().access.feature)(it).to_owned())
}

/// What belongs to a feature of a table, or who enforces it.
pub fn line_hint(feature: &FeatureLine) -> String {
    feature.built_in().map_or_else(
        || purpose_words(&feature.slug, &feature.purpose),
        |it| (text().access.feature_hint)(it).to_owned(),
    )
}

/// Who enforces a feature of a table.
pub fn line_group(feature: &FeatureLine) -> &'static str {
    let t = &text().roles;
    if feature.built_in().is_some() { t.ours } else { t.yours }
}

/// How many, as far as they were counted.
pub fn counted(number: u32) -> String {
    (text().roles.count)(number, crate::roles::model::MOST_COUNTED)
}

fn actions_words(actions: Actions) -> String {
    actions.iter().map(text().access.action).collect::<Vec<_>>().join(", ")
}

/// What a role permits, in plain words ("Full on API management and API keys; View on Analytics").
pub fn permits_words(role: &RoleRef, permits: &Permissions, features: &[FeatureLine]) -> String {
    let t = &text().roles;
    match role.built_in() {
        // These hold for features to come, too.
        Some(BuiltIn::Owner | BuiltIn::Administrator) => return t.everything.to_owned(),
        Some(BuiltIn::Visitor) => return t.view_everything.to_owned(),
        _ => {}
    }
    let mut groups: Vec<(Option<Level>, String, Vec<String>)> = Vec::new();
    for feature in features {
        let actions = permits.get(&feature.slug).copied().unwrap_or_default();
        if actions.is_empty() {
            continue;
        }
        let level = Level::of(actions, feature.offered);
        let words = level.map_or_else(|| actions_words(actions), |level| (text().access.level)(level).to_owned());
        match groups.iter_mut().find(|(_, known, _)| *known == words) {
            Some((.., names)) => names.push(line_name(feature)),
            None => groups.push((level, words, vec![line_name(feature)])),
        }
    }
    // The highest level first, single actions last.
    groups.sort_by_key(|(level, ..)| std::cmp::Reverse(*level));
    let part = |(_, words, names): &(Option<Level>, String, Vec<String>)| {
        if names.len() == features.len() { (t.on_all)(words) } else { (t.on)(words, names) }
    };
    let parts: Vec<String> = groups.iter().map(part).collect();
    if parts.is_empty() { t.nothing.to_owned() } else { parts.join("; ") }
}

/// The heads of a comparison: the group, the feature, and each role.
pub fn comparison_head(roles: &[&RoleLine]) -> Vec<String> {
    let t = &text().roles;
    let names = roles.iter().map(|line| role_name(&line.role));
    [t.group.to_owned(), t.feature.to_owned()].into_iter().chain(names).collect()
}

/// Roles compared: seed 003's rows first, then every feature with its level and its single actions.
pub fn compared(features: &[FeatureLine], roles: &[&RoleLine]) -> Vec<TableRow> {
    let t = &text().roles;
    let glances = Glance::ALL.into_iter().map(|glance| {
        let (feature, needed) = glance.needs();
        let cell = |line: &&RoleLine| {
            let may = needed.without(line.permits(feature.slug())).is_empty();
            TableCell { may, words: if may { t.yes } else { t.no }.to_owned(), note: String::new() }
        };
        TableRow {
            name: (t.glance)(glance).to_owned(),
            hint: String::new(),
            group: t.at_a_glance.to_owned(),
            cells: roles.iter().map(cell).collect(),
        }
    });
    glances.chain(feature_rows(features, roles)).collect()
}

/// Every feature with what each role may do with it.
pub fn feature_rows(features: &[FeatureLine], roles: &[&RoleLine]) -> Vec<TableRow> {
    let row = |feature: &FeatureLine| TableRow {
        name: line_name(feature),
        hint: line_hint(feature),
        group: line_group(feature).to_owned(),
        cells: roles.iter().map(|line| cell(line.permits(&feature.slug), feature.offered)).collect(),
    };
    features.iter().map(row).collect()
}

fn cell(actions: Actions, offered: Actions) -> TableCell {
    let t = text();
    let level = Level::of(actions, offered);
    let words = level.map_or(t.access.custom, t.access.level).to_owned();
    // Two levels say all in their names.
    let plain = matches!(level, Some(Level::NoAccess | Level::View | Level::ViewAndDownload));
    TableCell { may: !actions.is_empty(), words, note: if plain { String::new() } else { actions_words(actions) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{AccessSnapshot, Category, Feature, WorkspaceFacts};

    fn features() -> Vec<FeatureLine> {
        let snapshot = AccessSnapshot::new(WorkspaceFacts::default());
        let line = |slug: &str| FeatureLine {
            slug: slug.to_owned(),
            name: String::new(),
            purpose: String::new(),
            offered: snapshot.offered(slug),
        };
        snapshot.feature_slugs().map(line).collect()
    }

    fn words(permits: &Permissions) -> String {
        permits_words(&RoleRef { id: uuid::Uuid::from_u128(77), name: "x".into() }, permits, &features())
    }

    #[test]
    fn what_a_role_permits_is_told_in_plain_words() {
        let permits = |levels: &[(Feature, Actions)]| -> Permissions {
            levels.iter().map(|(feature, actions)| (feature.slug().to_owned(), *actions)).collect()
        };
        assert_eq!(words(&Permissions::new()), "Nothing");
        let developer = permits(&[
            (Feature::Apis, Actions::ALL),
            (Feature::ApiKeys, Actions::ALL),
            (Feature::Analytics, Level::View.actions()),
        ]);
        assert_eq!(words(&developer), "Full on API management and API keys; View on Analytics and usage reports");
        let odd = permits(&[(Feature::Billing, Actions::of(&[crate::access::Action::Delete]))]);
        assert_eq!(words(&odd), "Delete on Billing");
        let all: Permissions = features().iter().map(|it| (it.slug.clone(), Level::View.actions())).collect();
        assert_eq!(words(&all), "View on every feature there is now");
        for (role, told) in
            [(BuiltIn::Owner, "Everything"), (BuiltIn::Visitor, "View on everything"), (BuiltIn::Member, "Nothing")]
        {
            assert_eq!(permits_words(&role.into(), &Permissions::new(), &features()), told);
        }
    }

    /// Seed 003, "Permission Matrix Example", as the comparison shows it.
    #[test]
    fn a_comparison_begins_with_the_matrix_of_003() {
        let line =
            |role: RoleRef, permits: Permissions| RoleLine { role, category: Category::Teammate, permits, holders: 0 };
        let built_in = |role: BuiltIn| {
            let permits = features().iter().map(|it| (it.slug.clone(), role.permits(&it.slug, it.offered))).collect();
            line(role.into(), permits)
        };
        let custom =
            |template: Template| line(RoleRef { id: uuid::Uuid::nil(), name: "x".into() }, template.permissions());
        let roles = [
            built_in(BuiltIn::Administrator),
            built_in(BuiltIn::Visitor),
            custom(Template::Developer),
            custom(Template::Finance),
        ];
        let rows = compared(&features(), &roles.iter().collect::<Vec<_>>());
        let shown: Vec<(&str, Vec<&str>)> = rows[..5]
            .iter()
            .map(|row| (row.name.as_str(), row.cells.iter().map(|cell| cell.words.as_str()).collect()))
            .collect();
        assert_eq!(
            shown,
            [
                ("Create API Keys", vec!["Yes", "No", "Yes", "No"]),
                ("View Analytics", vec!["Yes", "Yes", "Yes", "Yes"]),
                ("Download Reports", vec!["Yes", "No", "No", "Yes"]),
                ("Manage Billing", vec!["Yes", "No", "No", "Yes"]),
                ("Invite Teammates", vec!["Yes", "No", "No", "No"]),
            ]
        );
        assert_eq!(rows[5].name, "Team management");
        assert_eq!((rows[5].cells[0].words.as_str(), rows[5].cells[3].words.as_str()), ("Full", "No access"));
    }
}
