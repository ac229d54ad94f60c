//! What a permission is about (DESIGN.md section 1).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Action, Actions};

/// A feature that Portico itself enforces. Each has its own section of the console and the equivalent API, so that a right to
/// one is a right to exactly the other (seed 000). Workspaces add features of their own, known by their slug alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// Users, invitations and roles.
    Team,
    /// Developer accounts and applications: organizations, customers, registrations.
    Accounts,
    /// APIs, groups and access to APIs.
    Apis,
    /// API keys.
    ApiKeys,
    /// Analytics and usage reports.
    Analytics,
    /// Plans, seats and metered use.
    Billing,
    /// Developer portal: branding and registration.
    Portal,
    /// Account settings: regions, features, and the outbox.
    Settings,
    /// The audit log.
    Audit,
}

impl Feature {
    /// Every built-in feature, in the order the console lists them.
    pub const ALL: [Self; 9] = [
        Self::Team,
        Self::Accounts,
        Self::Apis,
        Self::ApiKeys,
        Self::Analytics,
        Self::Billing,
        Self::Portal,
        Self::Settings,
        Self::Audit,
    ];

    /// The name in the database, in forms and in the decision API.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Accounts => "accounts",
            Self::Apis => "apis",
            Self::ApiKeys => "api-keys",
            Self::Analytics => "analytics",
            Self::Billing => "billing",
            Self::Portal => "portal",
            Self::Settings => "settings",
            Self::Audit => "audit",
        }
    }

    /// What can be done with it: reports and the log are only read.
    pub const fn actions(self) -> Actions {
        match self {
            Self::Analytics | Self::Audit => Actions::of(&[Action::View, Action::Download]),
            _ => Actions::ALL,
        }
    }

    /// The path below which its API stands, the equivalent of its section of the console (seed 000).
    pub const fn api(self) -> &'static str {
        match self {
            Self::Team => "/api/v1/team",
            Self::Accounts => "/api/v1/accounts",
            Self::Apis => "/api/v1/apis",
            Self::ApiKeys => "/api/v1/api-keys",
            Self::Analytics => "/api/v1/analytics",
            Self::Billing => "/api/v1/billing",
            Self::Portal => "/api/v1/portal",
            Self::Settings => "/api/v1/settings",
            Self::Audit => "/api/v1/audit",
        }
    }
}

impl FromStr for Feature {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|feature| feature.slug() == slug).ok_or(())
    }
}

/// Whether an area is about single APIs, so that picking it shows the APIs that it concerns (seed 000, section 3.4): those that
/// stand for what is done with APIs, and whatever the workspace's own services enforce.
pub fn concerns_apis(slug: &str) -> bool {
    match slug.parse::<Feature>() {
        Ok(feature) => matches!(feature, Feature::Apis | Feature::ApiKeys | Feature::Analytics),
        Err(()) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seed 000: "Giving access to certain areas of the Admin Portal will give members access only to the equivalent API".
    #[test]
    fn seed_000_an_area_equals_its_api() {
        // Developer accounts — Applications ↔ Account management API; Analytics ↔ Analytics API; Billing ↔ Billing API.
        for (area, api) in [
            (Feature::Accounts, "/api/v1/accounts"),
            (Feature::Analytics, "/api/v1/analytics"),
            (Feature::Billing, "/api/v1/billing"),
        ] {
            assert_eq!(area.api(), api);
        }
        // One question is asked about both, so no two areas share an API, and none lies below another.
        for (area, other) in Feature::ALL.iter().flat_map(|area| Feature::ALL.iter().map(move |other| (area, other))) {
            assert_eq!(
                area.api().starts_with(&format!("{}/", other.api())) || area.api() == other.api(),
                area == other
            );
        }
    }
}
