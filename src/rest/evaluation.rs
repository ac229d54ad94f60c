//! One question, and several at once (AuthZEN 1.0, sections 6 and 7).

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{header, request::Parts};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    answer::{Verdict, judge, reply, write, write_incomplete},
    asked::{self, Around, Asked, Asking, Entity, Name, Object, Sought, Verb},
    keeper::Keeper,
    trouble::{Trouble, words},
};
use crate::platform::{fault::Fault, rights::Holds};

/// Bytes of a body, at most.
const MOST_BYTES: usize = 1024 * 1024;

/// Questions in one request, at most.
const MOST_EVALUATIONS: usize = 1000;

/// Answers one question.
pub async fn evaluate(State(keeper): State<Arc<Keeper>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let answer = one(&keeper, &parts, body).await;
    reply(&parts.headers, answer)
}

async fn one(keeper: &Keeper, parts: &Parts, body: Body) -> Result<Vec<u8>, Trouble> {
    let (ws, body) = receive(keeper, parts, body).await?;
    let asked: Asked<'_> = asked::read(&body)?;
    let mut judge = Judge::new(keeper, ws, 512);
    judge.decide(&asked.whole(Sought::Nothing)?).await?;
    Ok(judge.out)
}

/// Lets the key in, and then reads the body.
///
/// # Errors
/// As `Trouble` has it.
pub async fn receive(keeper: &Keeper, parts: &Parts, body: Body) -> Result<(Uuid, Bytes), Trouble> {
    let ws = keeper.admit(parts).await?;
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
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
    let answer = all(&keeper, &parts, body).await;
    reply(&parts.headers, answer)
}

async fn all(keeper: &Keeper, parts: &Parts, body: Body) -> Result<Vec<u8>, Trouble> {
    let (ws, body) = receive(keeper, parts, body).await?;
    let Batch { subject, action, resource, context, evaluations, options } = asked::read(&body)?;
    let common = Asked { subject, action, resource, context };
    let ends = options.map_or(Ok(None), |options| options.0.ends())?;
    let evaluations = evaluations.unwrap_or_default();
    let mut judge = Judge::new(keeper, ws, 64 + 320 * evaluations.len().clamp(1, MOST_EVALUATIONS));
    if evaluations.is_empty() {
        // Then it is one question.
        judge.decide(&common.whole(Sought::Nothing)?).await?;
        return Ok(judge.out);
    }
    if evaluations.len() > MOST_EVALUATIONS {
        return Err(Trouble::Malformed((words().too_many)(MOST_EVALUATIONS)));
    }
    judge.out.extend_from_slice(br#"{"evaluations":["#);
    let (mut place, mut ended) = (0, false);
    while place < evaluations.len() && !ended {
        // As many as can be decided from memory in one go, up to one that cannot.
        let unknown = keeper.app.rights.look(ws, |kept| {
            while place < evaluations.len() && !ended {
                let permitted = match evaluations[place].0.or(&common, Sought::Nothing) {
                    Err(missing) => judge.incomplete(missing),
                    Ok(asking) => match kept.find(asking.subject) {
                        Some(held) => judge.settle(&asking, Some(held)),
                        None => return Some(asking),
                    },
                };
                place += 1;
                ended = ends == Some(permitted);
            }
            None
        });
        if let Some(asking) = unknown {
            let held = keeper.held(ws, asking.subject).await?;
            let permitted = judge.settle(&asking, held.as_ref().map(Holds::from));
            place += 1;
            ended = ends == Some(permitted);
        }
    }
    judge.out.extend_from_slice(b"]}");
    Ok(judge.out)
}

/// Decides the questions of one request, all at one moment, and writes what comes of them.
struct Judge<'a> {
    keeper: &'a Keeper,
    ws: Uuid,
    at: i64,
    out: Vec<u8>,
}

impl<'a> Judge<'a> {
    fn new(keeper: &'a Keeper, ws: Uuid, room: usize) -> Self {
        Self { keeper, ws, at: keeper.app.beat.now(), out: Vec::with_capacity(room) }
    }

    /// Decides about whoever it is, from memory or from the database.
    async fn decide(&mut self, asking: &Asking<'_>) -> Result<bool, Fault> {
        let rights = &self.keeper.app.rights;
        let kept = rights.look(self.ws, |kept| Some(self.settle(asking, Some(kept.find(asking.subject)?))));
        if let Some(permitted) = kept {
            return Ok(permitted);
        }
        let held = self.keeper.held(self.ws, asking.subject).await?;
        Ok(self.settle(asking, held.as_ref().map(Holds::from)))
    }

    /// Decides about who holds this.
    fn settle(&mut self, asking: &Asking<'_>, held: Option<Holds<'_>>) -> bool {
        let verdict = judge(asking, held, self.at);
        self.part();
        write(&mut self.out, &self.keeper.refusals, asking, held, verdict);
        let permitted = matches!(verdict, Verdict::Permitted(..));
        let counter = if permitted { &self.keeper.permitted } else { &self.keeper.refused };
        counter.increment(1);
        permitted
    }

    /// A question with this key missing is refused.
    fn incomplete(&mut self, missing: &str) -> bool {
        self.keeper.refused.increment(1);
        self.part();
        write_incomplete(&mut self.out, missing);
        false
    }

    /// Parts an answer from the one before.
    fn part(&mut self) {
        if self.out.last().is_some_and(|last| *last == b'}') {
            self.out.push(b',');
        }
    }
}
