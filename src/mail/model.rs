//! How far a mail has come.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// The delivery state of a mail, with what the mail server itself answered (PITFALLS.md 19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// Waits for its first try.
    Queued,
    /// Taken by the mail server.
    Sent {
        /// When.
        #[serde(with = "time::serde::timestamp")]
        at: OffsetDateTime,
    },
    /// Not taken yet; tried again.
    Deferred {
        /// Why: the server's own words, or why it was not reached.
        answer: String,
        /// When it is tried again.
        #[serde(with = "time::serde::timestamp")]
        next: OffsetDateTime,
    },
    /// Refused for good, or given up.
    Failed {
        /// Why, in the server's own words.
        answer: String,
    },
    /// No mail server is configured: kept as a file and shown in the outbox.
    Captured {
        /// When.
        #[serde(with = "time::serde::timestamp")]
        at: OffsetDateTime,
    },
}

/// One line of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was queued.
    #[serde(with = "time::serde::timestamp")]
    pub queued_at: OffsetDateTime,
    /// How often it was tried.
    pub attempts: i32,
    /// How far it has come.
    pub delivery: Delivery,
}

/// A captured mail, as its Owner reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The plain-text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
}

/// The outbox, as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// Whether mail is captured because no mail server is configured.
    pub captured: bool,
    /// Whether the reader may open captured mail: the Owner alone may.
    pub readable: bool,
    /// The newest messages of this page.
    pub messages: Vec<Message>,
    /// The cursor of the next page.
    pub after: Option<String>,
}
