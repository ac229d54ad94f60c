//! What goes wrong on the server, with its source, until it is logged once and becomes an `AppError`.

use std::collections::BTreeMap;

use crate::error::{AppError, Problem, Refusal};

/// What PostgreSQL says where another transaction holds for too long what this one waits for, or each holds what the other waits for:
/// nothing was changed, and it may be tried again.
const BUSY: [&str; 2] = ["55P03", "40P01"];

/// A service's error.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Something the person is told.
    #[error("{0}")]
    Told(#[from] AppError),
    /// The database failed, or refused with a constraint that nobody expected.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// Anything else of ours that failed.
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// What the person is told. A fault of ours is logged with the id that they are shown, and nothing else is shown.
    pub fn tell(self, request_id: &str) -> AppError {
        match self {
            Self::Told(error) => error,
            fault => {
                tracing::error!(request_id, fault = %fault, "a request failed");
                AppError::Internal(request_id.to_owned())
            }
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Told(AppError::Refused(refusal))
    }
}

/// Constraints whose refusal is a person's mistake or a rule they meet: they are the database's word for a race lost.
impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|e| e.code());
        if code.is_some_and(|code| BUSY.contains(&code.as_ref())) {
            return Self::Told(AppError::Refused(Refusal::Busy));
        }
        let constraint = error.as_database_error().and_then(|e| e.constraint());
        let told = match constraint {
            Some("users_email_key") => AppError::Invalid(BTreeMap::from([("email".into(), Problem::AlreadyUser)])),
            Some("invitations_open_key") => {
                AppError::Invalid(BTreeMap::from([("email".into(), Problem::AlreadyInvited)]))
            }
            Some("invitations_states") => AppError::Refused(Refusal::NotNow),
            Some("users_last_owner") => AppError::Refused(Refusal::LastOwner),
            Some("workspaces_seats") => AppError::Refused(Refusal::NoSeat),
            Some("users_organization") => AppError::Refused(Refusal::LastOrganization),
            Some("assignments_one_organization") => AppError::Refused(Refusal::OneOrganization),
            Some(
                "roles_name_key"
                | "groups_name_key"
                | "apis_name_key"
                | "organizations_name_key"
                | "regions_name_key"
                | "features_name_key",
            ) => AppError::field("name", Problem::Taken),
            Some("apis_slug_key" | "organizations_slug_key" | "regions_pkey" | "features_pkey") => {
                AppError::field("slug", Problem::Taken)
            }
            Some("assignments_role_fkey" | "invitations_role_fkey") => AppError::Refused(Refusal::InUse),
            Some("assignments_organization_fkey") => AppError::Refused(Refusal::InUse),
            Some("assignments_scope_key") => AppError::field("role", Problem::Held),
            Some("regions_last") => AppError::Refused(Refusal::LastRegion),
            _ => return Self::Database(error),
        };
        Self::Told(told)
    }
}
