//! A decision as it goes out in JSON (AuthZEN 1.0, section 5.5): always the same keys, with the reason in the context.

use std::io::Write;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::{Value, json};

use super::{
    asked::Asking,
    trouble::{Trouble, words},
};
use crate::{
    access::{Action, Decision, Denial, Feature, Question, Reach, decide},
    platform::rights::Holds,
    text::{Language, role_name},
};

/// Names a request, for whoever sent it (AuthZEN 1.0, section 10.1.3).
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be done: by the assignment at this place of the subject's facts.
    Permitted(usize, Reach),
    /// It may not be done.
    Refused(Code),
}

/// Why something is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `access::decide` says so.
    Denied(Denial),
    /// The action is none of the five.
    UnknownAction,
    /// The resource's type is neither `feature` nor `api`.
    UnknownType,
}

impl Code {
    /// As it is written.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Denied(denial) => denial.code(),
            Self::UnknownAction => "unknown-action",
            Self::UnknownType => "unknown-type",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Denied(denial) => (Language::default().catalogue().access.denial)(denial),
            Self::UnknownAction => words().unknown_action,
            Self::UnknownType => words().unknown_type,
        }
    }
}

/// Decides a question about who holds this, at a moment in Unix seconds. What is not known is refused.
pub fn judge(asking: &Asking<'_>, held: Option<Holds<'_>>, at: i64) -> Verdict {
    let Some(held) = held.filter(|_| asking.subject_type == "user") else {
        return Verdict::Refused(Code::Denied(Denial::UnknownSubject));
    };
    let Ok(action) = asking.action.parse::<Action>() else {
        return Verdict::Refused(Code::UnknownAction);
    };
    let (feature, api) = match asking.resource_type {
        "feature" => (asking.resource, None),
        "api" => (asking.feature.unwrap_or(Feature::Apis.slug()), Some(asking.resource)),
        _ => return Verdict::Refused(Code::UnknownType),
    };
    let question = Question { action, feature, api, region: asking.region, organization: asking.organization, at };
    match decide(held.snapshot, held.subject, &question) {
        Decision::Allowed { assignment, reach } => Verdict::Permitted(assignment, reach),
        Decision::Denied(denial) => Verdict::Refused(Code::Denied(denial)),
    }
}

/// Refusals, written once: nothing in them depends on the question.
pub struct Refusals(Vec<(Code, Box<[u8]>)>);

impl Refusals {
    /// Writes them.
    pub fn new() -> Self {
        let sorry = Language::default().catalogue().errors.denied;
        let codes = Denial::ALL.into_iter().map(Code::Denied).chain([Code::UnknownAction, Code::UnknownType]);
        let write = |code: Code| {
            let refusal = json!({
                "decision": false,
                "context": {
                    "code": code.slug(),
                    "reason_admin": { "403": code.words() },
                    "reason_user": { "403": sorry },
                },
            });
            (code, refusal.to_string().into_bytes().into())
        };
        Self(codes.map(write).collect())
    }

    fn get(&self, code: Code) -> &[u8] {
        let found = self.0.iter().find(|(known, _)| *known == code);
        found.map_or(br#"{"decision":false}"#, |(_, written)| written)
    }
}

/// Writes a decision.
pub fn write(out: &mut Vec<u8>, refusals: &Refusals, asking: &Asking<'_>, held: Option<Holds<'_>>, verdict: Verdict) {
    match (verdict, held) {
        (Verdict::Refused(code), _) => out.extend_from_slice(refusals.get(code)),
        (Verdict::Permitted(place, reach), Some(held)) => write_permit(out, asking, held, place, reach),
        (Verdict::Permitted(..), None) => out.extend_from_slice(refusals.get(Code::Denied(Denial::UnknownSubject))),
    }
}

fn write_permit(out: &mut Vec<u8>, asking: &Asking<'_>, held: Holds<'_>, place: usize, reach: Reach) {
    let way = held.facts.assignments.get(place);
    let role = way.and_then(|way| held.snapshot.role(way.role?));
    let name = role.as_ref().map(role_name);
    out.extend_from_slice(br#"{"decision":true,"context":{"code":"permitted","reason_admin":{"200":"#);
    text(out, &format!("{}{}", (words().permitted_by)(name.as_deref()), (words().reached)(reach)));
    out.extend_from_slice(br#"},"path":{"assignment":""#);
    // Writing to a Vec does not fail.
    let _ = write!(out, "{}\"", way.map(|way| way.id).unwrap_or_default());
    if let Some(role) = &role {
        out.extend_from_slice(br#","role":"#);
        match role.built_in() {
            Some(built_in) => text(out, built_in.slug()),
            None => drop(write!(out, "\"{}\"", role.id)),
        }
    }
    if let Some(region) = way.and_then(|way| way.region.as_deref()) {
        out.extend_from_slice(br#","region":"#);
        text(out, region);
    }
    // An assignment for an organization permits only what is asked for that one.
    if let Some(organization) = asking.organization.filter(|_| way.is_some_and(|way| way.organization.is_some())) {
        out.extend_from_slice(br#","organization":"#);
        text(out, organization);
    }
    match reach {
        Reach::NotAsked => {}
        Reach::Scope => out.extend_from_slice(br#","reach":"scope""#),
        Reach::Granted => out.extend_from_slice(br#","reach":"granted""#),
        Reach::CustomerId => out.extend_from_slice(br#","reach":"customer-id""#),
        Reach::Group(place) => {
            let group = held.snapshot.facts().groups.get(place as usize).map(|group| group.id);
            let _ = write!(out, r#","reach":"group","group":"{}""#, group.unwrap_or_default());
        }
    }
    out.extend_from_slice(b"}}}");
}

fn text(out: &mut Vec<u8>, text: &str) {
    // A string is always written, and writing to a Vec does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// A question of a batch that cannot be decided: refused, with the error in the context (AuthZEN 1.0, section 7.2.1).
pub fn write_incomplete(out: &mut Vec<u8>, missing: &str) {
    let refusal: Value = json!({
        "decision": false,
        "context": {
            "code": "incomplete",
            "error": { "status": 400, "message": (words().missing)(missing) },
        },
    });
    out.extend_from_slice(refusal.to_string().as_bytes());
}

/// Sends JSON, or says what is wrong; with the request's own id.
pub fn reply(asked: &HeaderMap, answer: Result<Vec<u8>, Trouble>) -> Response {
    let mut response = match answer {
        Ok(json) => {
            let mut response = Response::new(Body::from(json));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(trouble) => trouble.into_response(),
    };
    finish(asked, &mut response);
    response
}

/// The headers that every answer to a machine carries.
pub fn finish(asked: &HeaderMap, response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(id) = asked.get(REQUEST_ID) {
        headers.insert(REQUEST_ID, id.clone());
    }
}
