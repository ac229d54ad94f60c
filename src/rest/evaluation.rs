//! One question, and several at once (AuthZEN 1.0, sections 6 and 7).

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, header};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    answer::{Verdict, judge, reply, write, write_incomplete},
    asked::{self, Around, Asked, Asking, Entity, Name, Object, Sought, Verb},
    keeper::Keeper,
    trouble::{Trouble, words},
};
use crate::platform::{fault::Fault, rights::Held};

/// Bytes of a body, at most.
const MOST_BYTES: usize = 1024 * 1024;

/// Questions in one request, at most.
const MOST_EVALUATIONS: usize = 1000;

/// Answers one question.
pub async fn evaluate(State(keeper): State<Arc<Keeper>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = one(&keeper, &parts.headers, body).await;
    reply(&parts.headers, answer)
}

async fn one(keeper: &Keeper, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Trouble> {
    let (ws, body) = receive(keeper, headers, body).await?;
    let asked: Asked<'_> = asked::read(&body)?;
    let mut out = Vec::with_capacity(512);
    Judge::new(keeper, ws).decide(&asked.whole(Sought::Nothing)?, &mut out).await?;
    Ok(out)
}

/// Lets the key in, and then reads the body.
///
/// # Errors
/// As `Trouble` has it.
pub async fn receive(keeper: &Keeper, headers: &HeaderMap, body: Body) -> Result<(Uuid, Bytes), Trouble> {
    let ws = keeper.admit(headers).await?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split_once(';').map_or(kind, |(kind, _)| kind).trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Trouble::NotJson);
    }
    // Whoever breaks off does not read the answer.
    let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Trouble::TooLarge(MOST_BYTES))?;
    Ok((ws, body))
}

/// Several questions, with what they have in common beside them.
#[derive(Debug, Deserialize)]
struct Batch<'a> {
    #[serde(borrow, default)]
    subject: Option<Object<Entity<'a>>>,
    #[serde(borrow, default)]
    action: Option<Object<Verb<'a>>>,
    #[serde(borrow, default)]
    resource: Option<Object<Entity<'a>>>,
    #[serde(borrow, default)]
    context: Option<Object<Around<'a>>>,
    #[serde(borrow, default)]
    evaluations: Option<Vec<Object<Asked<'a>>>>,
    #[serde(borrow, default)]
    options: Option<Object<Options<'a>>>,
}

#[derive(Debug, Deserialize)]
struct Options<'a> {
    #[serde(borrow, default)]
    evaluations_semantic: Name<'a>,
}

impl Options<'_> {
    /// The verdict that ends the evaluation, if one does.
    fn ends(&self) -> Result<Option<bool>, Trouble> {
        match self.evaluations_semantic.get() {
            None | Some("execute_all") => Ok(None),
            Some("deny_on_first_deny") => Ok(Some(false)),
            Some("permit_on_first_permit") => Ok(Some(true)),
            Some(_) => Err(Trouble::Malformed(words().unknown_semantic.to_owned())),
        }
    }
}

/// Answers several questions.
pub async fn evaluate_all(State(keeper): State<Arc<Keeper>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = all(&keeper, &parts.headers, body).await;
    reply(&parts.headers, answer)
}

async fn all(keeper: &Keeper, headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Trouble> {
    let (ws, body) = receive(keeper, headers, body).await?;
    let Batch { subject, action, resource, context, evaluations, options } = asked::read(&body)?;
    let common = Asked { subject, action, resource, context };
    let ends = options.map_or(Ok(None), |options| options.0.ends())?;
    let evaluations = evaluations.unwrap_or_default();
    let mut judge = Judge::new(keeper, ws);
    let mut out = Vec::with_capacity(64 + 320 * evaluations.len().clamp(1, MOST_EVALUATIONS));
    if evaluations.is_empty() {
        // Then it is one question.
        judge.decide(&common.whole(Sought::Nothing)?, &mut out).await?;
        return Ok(out);
    }
    if evaluations.len() > MOST_EVALUATIONS {
        return Err(Trouble::Malformed((words().too_many)(MOST_EVALUATIONS)));
    }
    out.extend_from_slice(br#"{"evaluations":["#);
    for (place, Object(asked)) in evaluations.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        let permitted = match asked.or(&common, Sought::Nothing) {
            Ok(asking) => judge.decide(&asking, &mut out).await?,
            Err(missing) => {
                keeper.refused.increment(1);
                write_incomplete(&mut out, missing);
                false
            }
        };
        if ends == Some(permitted) {
            break;
        }
    }
    out.extend_from_slice(b"]}");
    Ok(out)
}

/// Decides the questions of one request: at one moment, and looking up whoever several are about once.
struct Judge<'a> {
    keeper: &'a Keeper,
    ws: Uuid,
    at: i64,
    last: Option<(String, Option<Held>)>,
}

impl<'a> Judge<'a> {
    fn new(keeper: &'a Keeper, ws: Uuid) -> Self {
        Self { keeper, ws, at: keeper.app.beat.now(), last: None }
    }

    async fn decide(&mut self, asking: &Asking<'_>, out: &mut Vec<u8>) -> Result<bool, Fault> {
        let held = match self.last.take().filter(|(id, _)| id == asking.subject) {
            Some((_, held)) => held,
            None => self.keeper.held(self.ws, asking.subject).await?,
        };
        let verdict = judge(asking, held.as_ref(), self.at);
        write(out, &self.keeper.refusals, asking, held.as_ref(), verdict);
        self.last = Some((asking.subject.to_owned(), held));
        let permitted = matches!(verdict, Verdict::Permitted(..));
        let counter = if permitted { &self.keeper.permitted } else { &self.keeper.refused };
        counter.increment(1);
        Ok(permitted)
    }
}
