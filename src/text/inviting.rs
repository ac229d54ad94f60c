//! The words about invitations: what is said to who invites and to who is invited.

/// See the module.
pub struct Inviting {
    pub accepted_subject: fn(&str) -> String,
    pub accepted_body: &'static str,
    pub rejected_subject: fn(&str) -> String,
    pub rejected_body: &'static str,
}
