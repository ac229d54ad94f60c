//! What a permission is about, and what can be done with it (DESIGN.md section 1).

use serde::{Deserialize, Serialize};

/// Something a permission is about. Each has its own section of the console and the equivalent API.
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
    /// Account settings, and the outbox.
    Settings,
    /// The audit log.
    Audit,
    /// Documentation, enforced by the workspace's own services.
    Documentation,
    /// Media library, enforced by the workspace's own services.
    Media,
    /// API testing, enforced by the workspace's own services.
    ApiTesting,
}

impl Feature {
    /// Every feature, in the order the console lists them.
    pub const ALL: [Self; 12] = [
        Self::Team,
        Self::Accounts,
        Self::Apis,
        Self::ApiKeys,
        Self::Analytics,
        Self::Billing,
        Self::Portal,
        Self::Settings,
        Self::Audit,
        Self::Documentation,
        Self::Media,
        Self::ApiTesting,
    ];
}

/// What can be done with a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// See it.
    View,
    /// Make a new one.
    Create,
    /// Change one.
    Update,
    /// Remove one.
    Delete,
    /// Take it away as a file.
    Download,
}

impl Action {
    /// Every action, in the order the console lists them.
    pub const ALL: [Self; 5] = [Self::View, Self::Create, Self::Update, Self::Delete, Self::Download];
}
