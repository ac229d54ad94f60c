//! The texts of the settings, and of the region switch.

/// What a feature of the workspace's own is for: as its administrators say, else as it was shipped; nothing where nobody said it.
pub fn purpose_words(slug: &str, purpose: &str) -> String {
    if purpose.is_empty() { (super::text().settings.shipped_purpose)(slug).to_owned() } else { purpose.to_owned() }
}

/// The texts of the settings in one language.
pub struct Settings {
    pub title: &'static str,
    pub lead: &'static str,
    pub sections: &'static str,
    pub features: &'static str,
    pub regions: &'static str,
    pub built_in: &'static str,
    pub built_in_lead: &'static str,
    pub own: &'static str,
    pub own_lead: &'static str,
    pub feature: &'static str,
    pub actions: &'static str,
    pub api: &'static str,
    pub purpose: &'static str,
    pub purpose_help: &'static str,
    pub purpose_hint: &'static str,
    pub no_purpose: &'static str,
    /// What a feature is for that every workspace begins with, by its slug; nothing for others.
    pub shipped_purpose: fn(&str) -> &'static str,
    pub all_actions: &'static str,
    pub add_feature: &'static str,
    pub edit_feature: fn(&str) -> String,
    pub name: &'static str,
    pub slug: &'static str,
    pub slug_help: &'static str,
    pub slug_fixed: &'static str,
    pub actions_help: &'static str,
    pub actions_edit_help: &'static str,
    pub add: &'static str,
    pub edit: &'static str,
    pub edit_of: fn(&str) -> String,
    pub rename: &'static str,
    pub rename_of: fn(&str) -> String,
    pub delete: &'static str,
    pub delete_of: fn(&str) -> String,
    pub delete_title: fn(&str) -> String,
    pub delete_feature_body: fn(&str) -> String,
    pub delete_feature: &'static str,
    pub keep_feature: &'static str,
    /// How many roles name the feature, and the first of them.
    pub roles_lose: fn(i64, &[String]) -> String,
    /// How many people were given it beside their roles, and the first of them.
    pub people_lose: fn(i64, &[String]) -> String,
    pub built_in_lose: &'static str,
    pub nothing_names: &'static str,
    pub no_features: &'static str,
    pub no_features_body: &'static str,
    pub region: &'static str,
    pub apis: &'static str,
    pub apis_in: fn(i64) -> String,
    pub assignments: &'static str,
    pub assignments_in: fn(i64) -> String,
    pub one_region: &'static str,
    pub one_region_body: &'static str,
    pub several_regions: &'static str,
    pub several_regions_body: &'static str,
    pub add_region: &'static str,
    pub second_region_body: &'static str,
    pub rename_region: fn(&str) -> String,
    pub delete_region: &'static str,
    pub delete_region_body: &'static str,
    pub loses_region: fn(&str) -> String,
    pub one_is_left: &'static str,
    pub keep_region: &'static str,
    pub region_in_use: fn(i64, i64) -> String,
    pub last_region: &'static str,
    pub cannot_delete: fn(&str) -> String,
    pub all_regions: &'static str,
    pub choose_region: fn(&str) -> String,
    pub not_all_regions: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_features_say_what_they_are_for_until_somebody_says_it() {
        for slug in ["documentation", "media", "api-testing"] {
            assert!(!purpose_words(slug, "").is_empty(), "{slug}");
        }
        assert_eq!(purpose_words("documentation", "The docs site, at its edge"), "The docs site, at its edge");
        assert_eq!(purpose_words("map-tiles", ""), "");
    }
}
