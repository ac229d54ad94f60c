//! The built-in roles, the templates for custom ones, and whose each can be.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actions, Feature, Level, Permissions};

/// Whose a role can be. A user's kind is the category of their roles: a role changes only to another of its category (seed 001).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Members of the team that runs the workspace.
    Teammate,
    /// Users of an organization.
    Organization,
    /// Customers.
    Customer,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 3] = [Self::Teammate, Self::Organization, Self::Customer];

    /// The name in the database and in forms.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Teammate => "teammate",
            Self::Organization => "organization",
            Self::Customer => "customer",
        }
    }
}

impl FromStr for Category {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|category| category.slug() == slug).ok_or(())
    }
}

/// A role that every workspace has and nobody changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuiltIn {
    /// Holds everything, and alone changes other owners.
    Owner,
    /// Full permissions to manage all account data, settings and teammates (seed 003).
    Administrator,
    /// A publisher who keeps APIs (seed 001).
    ApiOwner,
    /// Limited access to the areas given to them; nothing until something is given (seed 000).
    Member,
    /// View-only access to all features (seed 003).
    Visitor,
    /// Publishes APIs for an organization (seed 001).
    OrgPublisher,
    /// Adds and edits the users of their organization (seed 001).
    OrgAdmin,
    /// Uses APIs for one or several organizations (seed 001).
    Developer,
    /// Uses the APIs that their Customer ID, a grant or a group leads to (seed 002).
    Customer,
}

impl BuiltIn {
    /// Every built-in role, in the order the console lists them.
    pub const ALL: [Self; 9] = [
        Self::Owner,
        Self::Administrator,
        Self::ApiOwner,
        Self::Member,
        Self::Visitor,
        Self::OrgPublisher,
        Self::OrgAdmin,
        Self::Developer,
        Self::Customer,
    ];

    /// Its id, the same in every workspace: the database knows them too.
    pub const fn id(self) -> Uuid {
        Uuid::from_u128(self as u128 + 1)
    }

    /// The built-in role of an id.
    pub fn by_id(id: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.id() == id)
    }

    /// The name in addresses and on the command line.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::ApiOwner => "api-owner",
            Self::Member => "member",
            Self::Visitor => "visitor",
            Self::OrgPublisher => "org-publisher",
            Self::OrgAdmin => "org-admin",
            Self::Developer => "developer",
            Self::Customer => "customer",
        }
    }

    /// Whose it can be.
    pub const fn category(self) -> Category {
        match self {
            Self::Owner | Self::Administrator | Self::ApiOwner | Self::Member | Self::Visitor => Category::Teammate,
            Self::OrgPublisher | Self::OrgAdmin | Self::Developer => Category::Organization,
            Self::Customer => Category::Customer,
        }
    }

    /// What it permits on a feature, by the feature's slug, of what the feature offers.
    pub fn permits(self, feature: &str, offered: Actions) -> Actions {
        let level = match self {
            // Every feature, those to come included.
            Self::Owner | Self::Administrator => Level::Full,
            Self::Visitor => Level::View,
            Self::Member => Level::NoAccess,
            Self::ApiOwner => match feature {
                "apis" | "api-keys" | "api-testing" => Level::Full,
                "documentation" | "media" => Level::Edit,
                "analytics" => Level::ViewAndDownload,
                "accounts" | "portal" => Level::View,
                _ => Level::NoAccess,
            },
            Self::OrgPublisher => match feature {
                "apis" | "documentation" | "media" | "api-testing" => Level::Edit,
                "analytics" => Level::ViewAndDownload,
                "accounts" | "portal" => Level::View,
                _ => Level::NoAccess,
            },
            Self::OrgAdmin => match feature {
                "accounts" | "api-keys" => Level::Full,
                "analytics" => Level::ViewAndDownload,
                "apis" | "documentation" | "billing" => Level::View,
                "api-testing" => Level::Edit,
                _ => Level::NoAccess,
            },
            Self::Developer => match feature {
                "api-keys" | "api-testing" => Level::Edit,
                "apis" | "documentation" | "analytics" => Level::View,
                _ => Level::NoAccess,
            },
            Self::Customer => match feature {
                "apis" | "documentation" => Level::View,
                _ => Level::NoAccess,
            },
        };
        level.actions().within(offered)
    }
}

impl FromStr for BuiltIn {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.slug() == slug).ok_or(())
    }
}

/// A role by its id and its name. Built-in ones are named by the text catalogue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoleRef {
    /// Its id.
    pub id: Uuid,
    /// Its name, as it was given to a custom role.
    pub name: String,
}

impl RoleRef {
    /// The built-in role that it is, if it is one.
    pub fn built_in(&self) -> Option<BuiltIn> {
        BuiltIn::by_id(self.id)
    }

    /// The name in addresses and forms: a built-in role's slug, a custom one's id.
    pub fn key(&self) -> String {
        self.built_in().map_or_else(|| self.id.to_string(), |role| role.slug().to_owned())
    }

    /// The id that such a name stands for, if it can be one.
    pub fn read_key(key: &str) -> Option<Uuid> {
        key.parse().map(BuiltIn::id).or_else(|()| key.parse()).ok()
    }
}

impl From<BuiltIn> for RoleRef {
    fn from(role: BuiltIn) -> Self {
        Self { id: role.id(), name: role.slug().to_owned() }
    }
}

/// What a custom role can begin with (seed 003).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// API Access Full, Documentation Edit, Analytics View only, Billing No access.
    Developer,
    /// APIs Edit, analytics View and download (DESIGN.md section 1; seed 003 only names it).
    Operator,
    /// Billing Full, Usage Reports View and download, API Management View only, Team Management No access.
    Finance,
    /// Documentation Full, Media Library "Upload and organize", API Testing View only, Account Settings No access.
    ContentManager,
}

impl Template {
    /// Every template, in the order the console lists them.
    pub const ALL: [Self; 4] = [Self::Developer, Self::Operator, Self::Finance, Self::ContentManager];

    /// The name in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Operator => "operator",
            Self::Finance => "finance",
            Self::ContentManager => "content-manager",
        }
    }

    /// What a role made from it permits at first.
    pub fn permissions(self) -> Permissions {
        let levels: &[(&str, Level)] = match self {
            // Seed 003's matrix lets a Custom Developer create API keys.
            Self::Developer => &[
                (Feature::Apis.slug(), Level::Full),
                (Feature::ApiKeys.slug(), Level::Full),
                ("documentation", Level::Edit),
                (Feature::Analytics.slug(), Level::View),
            ],
            Self::Operator => {
                &[(Feature::Apis.slug(), Level::Edit), (Feature::Analytics.slug(), Level::ViewAndDownload)]
            }
            Self::Finance => &[
                (Feature::Billing.slug(), Level::Full),
                (Feature::Analytics.slug(), Level::ViewAndDownload),
                (Feature::Apis.slug(), Level::View),
            ],
            Self::ContentManager => {
                &[("documentation", Level::Full), ("media", Level::Edit), ("api-testing", Level::View)]
            }
        };
        levels.iter().map(|(feature, level)| ((*feature).to_owned(), level.actions())).collect()
    }
}

impl FromStr for Template {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|template| template.slug() == slug).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Action;

    #[test]
    fn ids_are_those_of_the_database() {
        assert_eq!(BuiltIn::Owner.id().to_string(), "00000000-0000-0000-0000-000000000001");
        assert_eq!(BuiltIn::Customer.id().to_string(), "00000000-0000-0000-0000-000000000009");
        for role in BuiltIn::ALL {
            assert_eq!(BuiltIn::by_id(role.id()), Some(role));
            assert_eq!(role.slug().parse(), Ok(role));
        }
        assert_eq!(BuiltIn::by_id(Uuid::nil()), None);
    }

    /// Seed 003, "Custom Permission Examples", line by line.
    #[test]
    fn templates_of_003() {
        let level = |template: Template, feature: &str| {
            Level::of(template.permissions().get(feature).copied().unwrap_or_default(), Actions::ALL)
        };
        assert_eq!(level(Template::Developer, "apis"), Some(Level::Full));
        assert_eq!(level(Template::Developer, "documentation"), Some(Level::Edit));
        assert_eq!(level(Template::Developer, "analytics"), Some(Level::View));
        assert_eq!(level(Template::Developer, "billing"), Some(Level::NoAccess));
        assert_eq!(level(Template::Finance, "billing"), Some(Level::Full));
        assert_eq!(level(Template::Finance, "analytics"), Some(Level::ViewAndDownload));
        assert_eq!(level(Template::Finance, "apis"), Some(Level::View));
        assert_eq!(level(Template::Finance, "team"), Some(Level::NoAccess));
        assert_eq!(level(Template::ContentManager, "documentation"), Some(Level::Full));
        assert_eq!(level(Template::ContentManager, "media"), Some(Level::Edit));
        assert_eq!(level(Template::ContentManager, "api-testing"), Some(Level::View));
        assert_eq!(level(Template::ContentManager, "settings"), Some(Level::NoAccess));
        assert_eq!(level(Template::Operator, "apis"), Some(Level::Edit));
        assert_eq!(level(Template::Operator, "analytics"), Some(Level::ViewAndDownload));
    }

    /// Seed 003: "View-only access to all features", features to come included.
    #[test]
    fn a_visitor_views_whatever_there_is() {
        assert_eq!(BuiltIn::Visitor.permits("made-tomorrow", Actions::ALL), Actions::of(&[Action::View]));
        assert_eq!(BuiltIn::Member.permits("team", Actions::ALL), Actions::NONE);
    }
}
