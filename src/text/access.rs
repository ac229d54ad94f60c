//! The texts of rights.

use crate::{
    access::{Action, BuiltIn, Category, Denial, Feature, FeatureFacts, Level, RoleRef},
    text::text,
};

/// The texts of rights in one language.
pub struct Access {
    /// Names of the built-in roles.
    pub role: fn(BuiltIn) -> &'static str,
    /// What a built-in role is for, in a few words.
    pub role_hint: fn(BuiltIn) -> &'static str,
    /// What is not built in.
    pub custom: &'static str,
    /// Who holds none.
    pub no_role: &'static str,
    /// What a custom role permits: actions, and the features they are on.
    pub permits: fn(u32, u32) -> String,
    /// Whose a role can be.
    pub category: fn(Category) -> &'static str,
    /// Names of the built-in features.
    pub feature: fn(Feature) -> &'static str,
    /// What belongs to a built-in feature.
    pub feature_hint: fn(Feature) -> &'static str,
    /// Names of actions.
    pub action: fn(Action) -> &'static str,
    /// Names of levels.
    pub level: fn(Level) -> &'static str,
    /// What is missing where something is refused.
    pub denial: fn(Denial) -> &'static str,
}

/// The name of a role: a built-in one's in the reader's language, a custom one's as it was given.
pub fn role_name(role: &RoleRef) -> String {
    role.built_in().map_or_else(|| role.name.clone(), |built_in| (text().access.role)(built_in).to_owned())
}

/// The names of several roles.
pub fn role_names(roles: &[RoleRef]) -> String {
    if roles.is_empty() {
        return text().access.no_role.to_owned();
    }
    roles.iter().map(role_name).collect::<Vec<_>>().join(", ")
}

/// The name of a feature: a built-in one's in the reader's language, a workspace's own as it was given.
pub fn feature_name(slug: &str, own: &[FeatureFacts]) -> String {
    match slug.parse::<Feature>() {
        Ok(feature) => (text().access.feature)(feature).to_owned(),
        Err(()) => own.iter().find(|it| it.slug == slug).map_or_else(|| slug.to_owned(), |it| it.name.clone()),
    }
}
