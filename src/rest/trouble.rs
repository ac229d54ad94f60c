//! What is wrong with a request itself, as opposed to a refusal: a status, and a plain message (AuthZEN 1.0, section 10.1.2).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::{
    platform::{context::request_id, fault::Fault},
    text::{Language, machines::Machines},
};

/// Why there is no decision.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No key, or none that is known.
    NoKey,
    /// Too many keys that nobody has, from this client; how many seconds to wait.
    TooManyKeys(u32),
    /// The key may not ask.
    KeyMayNot,
    /// Not what the endpoint takes, in words.
    Malformed(String),
    /// Not JSON by its Content-Type.
    NotJson,
    /// Longer than this many bytes.
    TooLarge(usize),
    /// Portico failed; it is in the log under this id.
    Failed(String),
}

/// The words, in the language of whoever runs the machines: machines have none of their own.
pub fn words() -> &'static Machines {
    &Language::default().catalogue().machines
}

impl Trouble {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoKey => StatusCode::UNAUTHORIZED,
            Self::TooManyKeys(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::KeyMayNot => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> String {
        let words = words();
        match self {
            Self::NoKey => words.no_key.to_owned(),
            Self::TooManyKeys(seconds) => (words.too_many_keys)(*seconds),
            Self::KeyMayNot => words.key_may_not.to_owned(),
            Self::Malformed(problem) => problem.clone(),
            Self::NotJson => words.not_json.to_owned(),
            Self::TooLarge(bytes) => (words.too_large)(*bytes),
            Self::Failed(id) => (words.failed)(id),
        }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        let id = request_id();
        drop(fault.tell(&id));
        Self::Failed(id)
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = (self.status(), format!("{}\n", self.message())).into_response();
        match self {
            Self::NoKey => {
                let scheme = HeaderValue::from_static("Bearer realm=\"Portico\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            }
            Self::TooManyKeys(seconds) => {
                response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            }
            _ => {}
        }
        response
    }
}
