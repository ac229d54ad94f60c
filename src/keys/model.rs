//! What a key is.

use time::OffsetDateTime;
use uuid::Uuid;

/// A key that a machine brings. The key itself is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which is no secret.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// Whether it may ask the decision API.
    pub asks: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
}
