//! What a workspace is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a workspace has paid for. The operator sets it on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// No invitations.
    #[default]
    Free,
    /// Invitations (seed 000).
    Pro,
    /// Invitations, and rights by API (seed 000); the seats can be adjusted.
    Enterprise,
}

impl Plan {
    /// Every plan, the smallest first.
    pub const ALL: [Self; 3] = [Self::Free, Self::Pro, Self::Enterprise];

    /// The name in the database and on the command line.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }

    /// "The invite feature is only available for Pro and Enterprise customers" (seed 000).
    pub const fn invites(self) -> bool {
        !matches!(self, Self::Free)
    }

    /// Choosing single APIs "is only available for enterprise customers" (seed 000).
    pub const fn chooses_apis(self) -> bool {
        matches!(self, Self::Enterprise)
    }

    /// Whether its seats can be adjusted.
    pub const fn adjusts_seats(self) -> bool {
        matches!(self, Self::Enterprise)
    }

    /// How many teammates it has room for, unless adjusted: "Paid accounts support up to 50 teammates" (seed 003).
    pub const fn seats(self) -> i32 {
        match self {
            Self::Free => 5,
            Self::Pro | Self::Enterprise => 50,
        }
    }
}

impl FromStr for Plan {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|plan| plan.slug() == slug).ok_or(())
    }
}

/// What every page shows of the workspace it is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// The workspace's name.
    pub name: String,
    /// Its own colour, as `#rrggbb`: the mark, the sign-in ground and the mail.
    pub colour: String,
    /// Its plan.
    pub plan: Plan,
}
