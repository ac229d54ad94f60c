//! What the decision API says to whoever runs a gateway.

use crate::access::Reach;

/// The texts of the decision API in one language.
pub struct Machines {
    /// No key, or one that is not known.
    pub no_key: &'static str,
    /// Too many keys that are not known, with the seconds to wait.
    pub too_many_keys: fn(u32) -> String,
    /// A key that may not ask.
    pub key_may_not: &'static str,
    /// The body is of another type.
    pub not_json: &'static str,
    /// The body is longer than this many bytes.
    pub too_large: fn(usize) -> String,
    /// The body is not what the endpoint takes, with the parser's words.
    pub malformed: fn(&str) -> String,
    /// A key of the body, by its path, is required.
    pub missing: fn(&str) -> String,
    /// More evaluations than this in one request.
    pub too_many: fn(usize) -> String,
    /// The semantic is none of the three.
    pub unknown_semantic: &'static str,
    /// The limit of a page is zero.
    pub no_limit: &'static str,
    /// The token of a page is not one of this search.
    pub wrong_page: &'static str,
    /// A header is there twice, or is no text.
    pub ambiguous: fn(&str) -> String,
    /// The server failed, with the request id.
    pub failed: fn(&str) -> String,
    /// The action is none of the five.
    pub unknown_action: &'static str,
    /// The type of a resource is neither of the two.
    pub unknown_type: &'static str,
    /// By the role of this name; none where it is given beside a role.
    pub permitted_by: fn(Option<&str>) -> String,
    /// How the API is reached, after the role.
    pub reached: fn(Reach) -> &'static str,
}
