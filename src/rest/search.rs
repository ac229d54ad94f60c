//! Who may, on what, do what (AuthZEN 1.0, section 8): every candidate is asked about, so that a search finds exactly what an
//! evaluation permits.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    answer::{Verdict, judge, reply},
    asked::{self, Around, Asked, Asking, Entity, Name, Object, Sought, Verb},
    evaluation::receive,
    keeper::Keeper,
    trouble::{Trouble, words},
};
use crate::{
    access::{AccessSnapshot, Action},
    platform::{
        cursor::{read_cursor, write_cursor},
        fault::Fault,
        rights::{Held, Holds, store},
    },
};

/// Results of a page where no other limit is asked for.
const RESULTS: usize = 100;

/// Results of a page, at most.
const MOST_RESULTS: usize = 1000;

/// Users read at once.
const BATCH: i64 = 500;

/// Users looked at for one page, at most: a page that finds few of many ends early, with a token to go on.
const MOST_LOOKED_AT: usize = 10_000;

#[derive(Debug, Deserialize)]
struct Search<'a> {
    #[serde(borrow, default)]
    subject: Option<Object<Entity<'a>>>,
    #[serde(borrow, default)]
    action: Option<Object<Verb<'a>>>,
    #[serde(borrow, default)]
    resource: Option<Object<Entity<'a>>>,
    #[serde(borrow, default)]
    context: Option<Object<Around<'a>>>,
    #[serde(borrow, default)]
    page: Option<Object<Page<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    token: Name<'a>,
    #[serde(default)]
    limit: Option<u64>,
}

/// Where a page begins, and how long it is.
struct Place {
    /// What is asked, in short: a token is of one search.
    search: Uuid,
    /// Behind this one; from the start where it is empty.
    behind: String,
    limit: usize,
}

impl Place {
    fn read(asking: &Asking<'_>, sought: Sought, page: &Page<'_>) -> Result<Self, Trouble> {
        let a = asking;
        let all = (sought as u8, [a.subject_type, a.subject, a.action, a.resource_type, a.resource]);
        let search = json!([all.0, all.1, a.region, a.organization, a.feature]);
        let mut short = [0; 16];
        short.copy_from_slice(&Sha256::digest(search.to_string().as_bytes())[..16]);
        let search = Uuid::from_bytes(short);
        if page.limit == Some(0) {
            return Err(Trouble::Malformed(words().no_limit.to_owned()));
        }
        let limit = page.limit.map(|limit| usize::try_from(limit).map_or(MOST_RESULTS, |it| it.min(MOST_RESULTS)));
        let Some(token) = page.token.get().filter(|token| !token.is_empty()) else {
            return Ok(Self { search, behind: String::new(), limit: limit.unwrap_or(RESULTS) });
        };
        // The limit may be left out of what follows, but not change.
        let known = read_cursor(token).filter(|(_, of)| *of == search).and_then(|(key, _)| {
            let (before, behind) = key.split_once(' ')?;
            let before: usize = before.parse().ok()?;
            let same = limit.is_none_or(|limit| limit == before);
            same.then(|| Self { search, behind: behind.to_owned(), limit: before.min(MOST_RESULTS) })
        });
        known.ok_or_else(|| Trouble::Malformed(words().wrong_page.to_owned()))
    }

    fn token(&self, behind: &str) -> String {
        write_cursor(&format!("{} {behind}", self.limit), self.search)
    }
}

/// What a page found, and where the next one begins.
struct Found {
    results: Vec<Value>,
    next: Option<String>,
}

impl Found {
    fn write(self, place: &Place) -> Vec<u8> {
        let token = self.next.map(|behind| place.token(&behind)).unwrap_or_default();
        let count = self.results.len();
        // The page comes first, so that whoever reads a long answer knows how long it is.
        let page = json!({ "next_token": token, "count": count });
        format!(r#"{{"page":{page},"results":{}}}"#, Value::Array(self.results)).into_bytes()
    }
}

/// Which users may.
pub async fn subjects(keeper: State<Arc<Keeper>>, request: Request) -> Response {
    search(keeper, request, Sought::Subject).await
}

/// What a user may do it with.
pub async fn resources(keeper: State<Arc<Keeper>>, request: Request) -> Response {
    search(keeper, request, Sought::Resource).await
}

/// What a user may do.
pub async fn actions(keeper: State<Arc<Keeper>>, request: Request) -> Response {
    search(keeper, request, Sought::Action).await
}

async fn search(State(keeper): State<Arc<Keeper>>, request: Request, sought: Sought) -> Response {
    let (parts, body) = request.into_parts();
    let answer = async {
        let (ws, body) = receive(&keeper, &parts, body).await?;
        let Search { subject, action, resource, context, page } = asked::read(&body)?;
        let asked = Asked { subject, action, resource, context };
        let asking = asked.whole(sought)?;
        let place = Place::read(&asking, sought, &page.unwrap_or_default().0)?;
        let found = match sought {
            Sought::Subject => find_subjects(&keeper, ws, &asking, &place).await?,
            Sought::Resource | Sought::Action | Sought::Nothing => {
                let held = keeper.held(ws, asking.subject).await?;
                find_of(&keeper, held.as_ref(), &asking, sought, &place)
            }
        };
        Ok(found.write(&place))
    };
    let answer = answer.await;
    reply(&parts.headers, answer)
}

/// Resources or actions: all of them are in memory.
fn find_of(keeper: &Keeper, held: Option<&Held>, asking: &Asking<'_>, sought: Sought, place: &Place) -> Found {
    let none = Found { results: Vec::new(), next: None };
    let Some(held) = held else { return none };
    let mut names = if sought == Sought::Action {
        Action::ALL.map(Action::slug).to_vec()
    } else {
        resource_names(&held.snapshot, asking.resource_type)
    };
    names.sort_unstable();
    let at = keeper.app.beat.now();
    let permitted = |name: &&str| {
        let asking = if sought == Sought::Action {
            Asking { action: name, ..*asking }
        } else {
            Asking { resource: name, ..*asking }
        };
        matches!(judge(&asking, Some(held.into()), at), Verdict::Permitted(..))
    };
    let mut left = names.into_iter().filter(|name| *name > place.behind.as_str()).filter(permitted);
    let page: Vec<&str> = left.by_ref().take(place.limit).collect();
    let next = left.next().map(|_| page.last().map_or_else(|| place.behind.clone(), |last| (*last).to_owned()));
    let result = |name: &&str| {
        if sought == Sought::Action {
            json!({ "name": name })
        } else {
            json!({ "type": asking.resource_type, "id": name })
        }
    };
    Found { results: page.iter().map(result).collect(), next }
}

fn resource_names<'a>(snapshot: &'a AccessSnapshot, kind: &str) -> Vec<&'a str> {
    match kind {
        "feature" => snapshot.feature_slugs().collect(),
        "api" => snapshot.facts().apis.iter().map(|api| api.slug.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Users are in the database, and asked about one by one, in the order of their ids.
async fn find_subjects(keeper: &Keeper, ws: Uuid, asking: &Asking<'_>, place: &Place) -> Result<Found, Fault> {
    let app = &keeper.app;
    let mut found = Found { results: Vec::new(), next: None };
    let mut behind: Uuid = place.behind.parse().unwrap_or_default();
    let at = app.beat.now();
    let mut looked_at = 0;
    if asking.subject_type != "user" {
        return Ok(found);
    }
    let mut db = app.pool.acquire().await?;
    loop {
        let ids = store::list_user_ids(&mut db, ws, behind, BATCH).await?;
        let (version, subjects) = store::list_subjects(&mut db, ws, &ids).await?;
        let snapshot = app.rights.snapshot(&mut db, ws, version).await?;
        for facts in subjects {
            if found.results.len() >= place.limit || looked_at >= MOST_LOOKED_AT {
                found.next = Some(behind.to_string());
                return Ok(found);
            }
            looked_at += 1;
            behind = facts.id;
            let result = json!({ "type": "user", "id": facts.email_key, "properties": { "id": facts.id } });
            let holds = Holds { snapshot: &snapshot, subject: &snapshot.subject(&facts), facts: &facts };
            if matches!(judge(asking, Some(holds), at), Verdict::Permitted(..)) {
                found.results.push(result);
            }
        }
        match ids.last() {
            Some(last) if ids.len() as i64 == BATCH => behind = *last,
            _ => return Ok(found),
        }
    }
}
