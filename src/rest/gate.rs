//! A gate for proxies: a question in headers, answered by status alone (docs/gateways.md). The address and its query say
//! nothing, since some proxies pass on the client's.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, request::Parts};

use super::{
    answer::{Code, Verdict, finish, judge},
    asked::Asking,
    keeper::Keeper,
    trouble::{Trouble, words},
};
use crate::{access::Denial, platform::rights::Holds};

const SUBJECT: HeaderName = HeaderName::from_static("portico-subject");
const ACTION: HeaderName = HeaderName::from_static("portico-action");
const RESOURCE: HeaderName = HeaderName::from_static("portico-resource");
const REGION: HeaderName = HeaderName::from_static("portico-region");
const ORGANIZATION: HeaderName = HeaderName::from_static("portico-organization");
const FEATURE: HeaderName = HeaderName::from_static("portico-feature");
/// The method of the request that the proxy asks for, where it asks with another one.
const METHOD: HeaderName = HeaderName::from_static("x-original-method");
/// Why, in the answer.
const REASON: HeaderName = HeaderName::from_static("portico-reason");

/// 200 lets pass, 403 does not; 401 is for the key.
pub async fn pass(State(keeper): State<Arc<Keeper>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut response = match ask(&keeper, &parts).await {
        Ok(verdict) => {
            let (status, reason) = match verdict {
                Verdict::Permitted(..) => (StatusCode::OK, "permitted"),
                Verdict::Refused(code) => (StatusCode::FORBIDDEN, code.slug()),
            };
            (status, [(REASON, HeaderValue::from_static(reason))]).into_response()
        }
        Err(trouble) => trouble.into_response(),
    };
    finish(&parts.headers, &mut response);
    response
}

async fn ask(keeper: &Keeper, parts: &Parts) -> Result<Verdict, Trouble> {
    let ws = keeper.admit(parts).await?;
    let named = |name: &HeaderName| one(&parts.headers, name);
    let (Some(subject), Some(resource)) = (named(&SUBJECT)?, named(&RESOURCE)?) else {
        // A proxy leaves out a header whose value is empty.
        return Ok(refused(keeper, Code::Denied(Denial::UnknownSubject)));
    };
    let Some((kind, slug)) = resource.split_once('/') else {
        return Ok(refused(keeper, Code::UnknownType));
    };
    let asking = Asking {
        subject_type: "user",
        subject,
        action: match (named(&ACTION)?, named(&METHOD)?) {
            (Some(action), _) => action,
            (None, Some(method)) => of_method(method),
            (None, None) => of_method(parts.method.as_str()),
        },
        resource_type: kind,
        resource: slug,
        region: named(&REGION)?,
        organization: named(&ORGANIZATION)?,
        feature: named(&FEATURE)?,
    };
    let at = keeper.app.beat.now();
    let kept = keeper.app.rights.look(ws, |kept| Some(judge(&asking, Some(kept.find(subject)?), at)));
    let verdict = match kept {
        Some(verdict) => verdict,
        None => {
            let held = keeper.held(ws, subject).await?;
            judge(&asking, held.as_ref().map(Holds::from), at)
        }
    };
    match verdict {
        Verdict::Permitted(..) => keeper.permitted.increment(1),
        Verdict::Refused(_) => keeper.refused.increment(1),
    }
    Ok(verdict)
}

fn refused(keeper: &Keeper, code: Code) -> Verdict {
    keeper.refused.increment(1);
    Verdict::Refused(code)
}

/// The action of a method: what is none of them is none.
fn of_method(method: &str) -> &'static str {
    match Method::from_bytes(method.as_bytes()) {
        Ok(Method::GET | Method::HEAD) => "view",
        Ok(Method::POST) => "create",
        Ok(Method::PUT | Method::PATCH) => "update",
        Ok(Method::DELETE) => "delete",
        _ => "",
    }
}

/// A header that is there once. Twice, a client may have set the other.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Trouble> {
    let mut all = headers.get_all(name).iter();
    let ambiguous = || Trouble::Malformed((words().ambiguous)(name.as_str()));
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => std::str::from_utf8(value.as_bytes()).map(Some).map_err(|_| ambiguous()),
        (Some(_), Some(_)) => Err(ambiguous()),
    }
}
