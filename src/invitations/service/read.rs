//! Looking at invitations: the list, its file, and each one's own page. A reader sees those of teammates with the one right, those of
//! customers and organization users with the other, or of the latter only those of their organizations.

use futures::{Stream, stream};
use time::OffsetDateTime;
use uuid::Uuid;

use super::issue::{ask_to, section};
use crate::{
    access::{Action, ApiScope, Category, Extent, Feature, WorkspaceFacts},
    error::AppError,
    invitations::{
        model::{Detail, Event, Invitation, May, Offer, Promise, Status, Waiting},
        store::{self, Seen},
    },
    listing::{ListQuery, Page},
    platform::{
        context::{Actor, Context},
        csv::Csv,
        fault::Fault,
    },
    text::{role_name, text},
};

/// Rows of the file that are read at once: none of them waits long, and the memory it takes is theirs.
const BATCH: i64 = 1_000;

/// One page of the list.
///
/// # Errors
/// `Unauthorized`, or `Denied` for who may see none of them.
pub async fn list_invitations(cx: &Context, query: &ListQuery) -> Result<Page<Invitation>, Fault> {
    let actor = cx.signed_in()?;
    let seen = narrow(seen(cx, actor, Action::View)?, query);
    let mut db = cx.app.pool.acquire().await?;
    let page = store::list(&mut db, cx.ws(), &seen, &query.clone().cleaned()).await?;
    let mut known = Vec::new();
    Ok(page.map(|(listed, offer)| fill(cx, actor, listed, offer, &mut known)))
}

/// The list as a file, as it is filtered and in its order: its name, and its pieces. It is read in batches behind each other, so that a
/// million rows hold no lock and no memory.
///
/// # Errors
/// `Unauthorized`, or `Denied` for who may download none of them.
pub fn export_invitations(
    cx: &Context,
    query: &ListQuery,
) -> Result<(String, impl Stream<Item = Result<Vec<u8>, Fault>> + Send + use<>), Fault> {
    let actor = cx.signed_in()?;
    let all = both(&seen(cx, actor, Action::View)?, &seen(cx, actor, Action::Download)?);
    if all == Seen::default() {
        cx.authorize(Action::View, Feature::Team)?;
        cx.authorize(Action::Download, Feature::Team)?;
    }
    let query = ListQuery { after: String::new(), before: String::new(), ..query.clone().cleaned() };
    let export = Export { cx: cx.clone(), seen: narrow(all, &query), query, begun: false };
    let today = OffsetDateTime::from_unix_timestamp(actor.at).unwrap_or(OffsetDateTime::UNIX_EPOCH).date();
    let pieces = stream::try_unfold(Some(export), |export| async {
        match export {
            Some(export) => export.next().await.map(Some),
            None => Ok(None),
        }
    });
    Ok(((text().invited.file_name)(&today.to_string()), pieces))
}

/// One invitation with all that is known of it.
///
/// # Errors
/// `Unauthorized`; `Denied` for who may see none; `NotFound`, also for one that the reader may not see.
pub async fn find_invitation(cx: &Context, id: Uuid) -> Result<Detail, Fault> {
    let actor = cx.signed_in()?;
    seen(cx, actor, Action::View)?;
    let mut db = cx.app.pool.acquire().await?;
    let (listed, offer) = store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    ask_to(cx, actor, Action::View, &offer).map_err(|_| AppError::NotFound)?;
    let more = store::find_more(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let history = store::list_events(&mut db, cx.ws(), id).await?;
    let mut beside = [more.older, more.newer];
    for neighbour in &mut beside {
        if let Some(id) = *neighbour {
            let found = store::find(&mut db, cx.ws(), id).await?;
            let visible = found.is_some_and(|(_, offer)| ask_to(cx, actor, Action::View, &offer).is_ok());
            *neighbour = neighbour.filter(|_| visible);
        }
    }
    let sees = |feature| actor.ask(&cx.question(actor, Action::View, feature)).is_ok();
    let accounts = if offer.category == Category::Organization { Feature::Team } else { section(offer.category) };
    let waiting = more.registered_name.zip(more.completed_at);
    let [older, newer] = beside;
    Ok(Detail {
        promise: promise(actor.snapshot().facts(), &offer),
        invitation: fill(cx, actor, listed, offer, &mut Vec::new()),
        message: more.message,
        inviter: more.inviter.filter(|_| sees(Feature::Team)),
        user: more.user.filter(|_| sees(accounts)),
        by_link: more.by_link,
        waiting: waiting.map(|(full_name, at)| Waiting { full_name, mobile: more.registered_mobile, at }),
        newer,
        older,
        unopened: more.unopened,
        history,
    })
}

/// What of the invitations somebody may do this with.
fn seen(cx: &Context, actor: &Actor, action: Action) -> Result<Seen, AppError> {
    let ask = |feature| actor.extent(&cx.question(actor, action, feature));
    // An invitation of a teammate belongs to no organization, whatever it offers.
    let team = actor.ask(&cx.question(actor, action, Feature::Team));
    let mut seen = Seen::default();
    match (&team, ask(Feature::Accounts)) {
        (Err(denied), Err(_)) => return Err(denied.clone()),
        (_, Ok(Extent::Workspace)) => seen.kinds.extend([Category::Customer, Category::Organization]),
        (_, Ok(Extent::Organizations(held))) => seen.organizations.extend(held.iter().map(|it| it.id)),
        (Ok(()), Err(_)) => {}
    }
    if team.is_ok() {
        seen.kinds.push(Category::Teammate);
    }
    Ok(seen)
}

/// What is in the one and in the other.
fn both(one: &Seen, other: &Seen) -> Seen {
    let whole = |seen: &Seen| seen.kinds.contains(&Category::Organization);
    Seen {
        kinds: one.kinds.iter().filter(|kind| other.kinds.contains(kind)).copied().collect(),
        organizations: match (whole(one), whole(other)) {
            (true, true) => Vec::new(),
            (true, false) => other.organizations.clone(),
            (false, true) => one.organizations.clone(),
            (false, false) => one.organizations.iter().filter(|id| other.organizations.contains(id)).copied().collect(),
        },
    }
}

/// Only the kind that the list's address names, if it names one.
fn narrow(mut seen: Seen, query: &ListQuery) -> Seen {
    if let Ok(only) = query.kind.parse::<Category>() {
        seen.kinds.retain(|kind| *kind == only);
        seen.organizations.retain(|_| only == Category::Organization);
    }
    seen
}

/// What the reader may do with what is offered like this: decided once for all rows that offer the same.
type Known = Vec<(Offer, Rights)>;

#[derive(Clone, Copy)]
struct Rights {
    creates: bool,
    deletes: bool,
    gives: bool,
    above: bool,
}

impl Rights {
    fn of(cx: &Context, actor: &Actor, offer: &Offer) -> Self {
        let may = |action| ask_to(cx, actor, action, offer).is_ok();
        let facts = offer.facts();
        Self {
            creates: may(Action::Create),
            deletes: may(Action::Delete),
            gives: actor.enables(&facts) && offer.gone(actor.snapshot().facts()).is_none(),
            above: actor.stands_above(&facts),
        }
    }

    fn from(self, status: Status) -> May {
        let can = |event| status.after(event).is_some();
        May {
            deny: can(Event::Deny) && self.creates && self.above,
            accept: can(Event::Accept) && self.creates && self.gives,
            resend: can(Event::Resend) && self.creates && self.gives,
            delete: can(Event::Delete) && self.deletes && self.above,
        }
    }
}

/// The line with what only the rights of the workspace know.
fn fill(cx: &Context, actor: &Actor, listed: Invitation, offer: Offer, known: &mut Known) -> Invitation {
    let organization = organization_name(actor, &offer);
    let rights = match known.iter().find(|(other, _)| *other == offer) {
        Some((_, rights)) => *rights,
        None => {
            let rights = Rights::of(cx, actor, &offer);
            known.push((offer, rights));
            rights
        }
    };
    Invitation { organization, may: rights.from(listed.status), ..listed }
}

fn organization_name(actor: &Actor, offer: &Offer) -> Option<String> {
    let id = offer.assignment.organization?;
    actor.snapshot().facts().organizations.iter().find(|it| it.id == id).map(|it| it.name.clone())
}

/// What is offered, in names.
fn promise(workspace: &WorkspaceFacts, offer: &Offer) -> Promise {
    let it = &offer.assignment;
    let region = it.region.as_ref().map(|slug| {
        let known = workspace.regions.iter().find(|region| region.slug == *slug);
        known.map_or_else(|| slug.clone(), |region| region.name.clone())
    });
    let apis = match &it.apis {
        ApiScope::All => None,
        ApiScope::Chosen(ids) => {
            let chosen = workspace.apis.iter().filter(|api| ids.contains(&api.id));
            Some(chosen.map(|api| api.name.clone()).collect())
        }
    };
    let groups = workspace.groups.iter().filter(|group| offer.groups.contains(&group.id));
    Promise {
        permissions: it.permissions.clone(),
        region,
        apis,
        groups: groups.map(|group| group.name.clone()).collect(),
        until: it.until,
        gone: offer.gone(workspace),
    }
}

struct Export {
    cx: Context,
    seen: Seen,
    query: ListQuery,
    begun: bool,
}

impl Export {
    /// The next piece, and what is left behind it.
    async fn next(mut self) -> Result<(Vec<u8>, Option<Self>), Fault> {
        let actor = self.cx.signed_in()?;
        let mut db = self.cx.app.pool.acquire().await?;
        let (rows, after) = store::list_batch(&mut db, self.cx.ws(), &self.seen, &self.query, BATCH).await?;
        drop(db);
        let mut csv = Csv::new();
        if !self.begun {
            csv.row(text().invited.columns)?;
        }
        let last = i64::try_from(rows.len()).unwrap_or(0) < BATCH;
        for (listed, offer) in rows {
            csv.row(cells(&listed, organization_name(actor, &offer)))?;
        }
        self.begun = true;
        let bytes = csv.finish()?;
        match after.filter(|_| !last) {
            Some(after) => {
                self.query.after = after;
                Ok((bytes, Some(self)))
            }
            None => Ok((bytes, None)),
        }
    }
}

fn cells(it: &Invitation, organization: Option<String>) -> [String; 11] {
    let t = text();
    [
        it.email.clone(),
        it.full_name.clone(),
        (t.held.kind)(it.category).to_owned(),
        role_name(&it.role),
        organization.unwrap_or_default(),
        it.customer_id.clone().unwrap_or_default(),
        instant(it.invited_at),
        if it.notified { instant(it.valid_until) } else { String::new() },
        (t.status)(it.status).to_owned(),
        it.inviter_name.clone(),
        it.delivery.as_ref().map(t.invited.delivery).unwrap_or_default(),
    ]
}

/// ISO 8601 in UTC, to the second: what spreadsheets understand wherever they are opened.
fn instant(at: OffsetDateTime) -> String {
    let (date, time) = (at.date(), at.time());
    format!("{date}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second())
}
