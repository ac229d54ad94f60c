//! What is done with invitations that are there, with one or with several at once: in one transaction, and what cannot be done is
//! told by its address.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::issue::{Sent, Wanted, ask_about, ask_to_give, begin, issue, plan_invites, release};
use crate::{
    access::{Action, Category},
    accounts::address::is_within,
    audit,
    error::{AppError, Refusal},
    invitations::{
        model::{Event, MOST_CHOSEN, Status},
        store::{self, Locked, Terms},
    },
    mail, people,
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    ui::live::Topic,
    workspaces,
};

/// What became of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What was done.
    pub done: Vec<T>,
    /// What was not, by its address, and why.
    pub left: Vec<(String, AppError)>,
}

impl<T> Done<T> {
    /// Of a single one: it was done, or why it was not.
    fn single(self) -> Result<T, Fault> {
        let Self { mut done, mut left } = self;
        let why = left.pop().map_or(AppError::NotFound, |(_, why)| why);
        done.pop().ok_or(Fault::Told(why))
    }

    /// Where all failed alike, this is the answer as a whole.
    fn some(self) -> Result<Self, Fault> {
        match self.left.first() {
            None if self.done.is_empty() => Err(AppError::NotFound.into()),
            Some((_, why)) if self.done.is_empty() && self.left.iter().all(|(_, other)| other == why) => {
                Err(why.clone().into())
            }
            _ => Ok(self),
        }
    }
}

/// Sends a new invitation in the place of one that is pending, expired or rejected: the old link dies. One that nobody was told of
/// yet is sent as it is, with a link that works from now on.
///
/// # Errors
/// `NotFound`; `Refused`: `NotNow` from any other status or where its account is disabled, `AboveYou`, `OfferGone`, `AccountExists`,
/// `MailDomain`, `Plan`, or `NoSeat` for one that had expired; `RateLimited`.
pub async fn resend_invitation(cx: &Context, id: Uuid) -> Result<Sent, Fault> {
    resend_all(cx, &[id]).await?.single()
}

/// The same with several. What is not there any more is passed over.
///
/// # Errors
/// Where nothing could be done, for one and the same reason.
pub async fn resend_invitations(cx: &Context, ids: &[Uuid]) -> Result<Done<Sent>, Fault> {
    resend_all(cx, ids).await?.some()
}

/// Takes a pending or expired invitation from the list. Its link answers like an unknown one.
///
/// # Errors
/// `NotFound`; `Refused`: `NotNow` from any other status, or `AboveYou`.
pub async fn delete_invitation(cx: &Context, id: Uuid) -> Result<String, Fault> {
    delete_all(cx, &[id]).await?.single()
}

/// The same with several, by their addresses. What is not there any more is passed over.
///
/// # Errors
/// Where nothing could be done, for one and the same reason.
pub async fn delete_invitations(cx: &Context, ids: &[Uuid]) -> Result<Done<String>, Fault> {
    delete_all(cx, ids).await?.some()
}

async fn resend_all(cx: &Context, ids: &[Uuid]) -> Result<Done<Sent>, Fault> {
    let (mut tx, actor) = begin(cx, Action::Create).await?;
    plan_invites(&mut tx, cx).await?;
    let (chosen, mut left) =
        sort_out(&mut tx, cx, &actor, ids, Action::Create, |it| ask_to_give(&actor, &it.offer)).await?;
    let mut room = Room::new(&mut tx, cx, &chosen).await?;
    let mut good: Vec<Locked> = Vec::new();
    for it in chosen {
        let sender = actor.user_id.unwrap_or_default();
        let limited = || cx.app.limits.mail(cx.ws(), sender, &it.address.key);
        match room.take(&it).map_err(AppError::Refused).and_then(|()| limited()) {
            Ok(()) => good.push(it),
            Err(why) => left.push((it.address.shown, why)),
        }
    }
    let (notified, quiet): (Vec<Locked>, Vec<Locked>) = good.into_iter().partition(|it| it.notified);
    let mut done = Vec::new();
    for it in quiet {
        done.push(release(&mut tx, cx, &actor, it).await?);
    }
    // What is said is said as before, so those with the same words are made together.
    let mut alike: HashMap<(String, String), Vec<Wanted>> = HashMap::new();
    for it in notified {
        let wanted = Wanted {
            address: it.address,
            full_name: it.full_name,
            offer: it.offer,
            role: it.role,
            user_id: it.user_id,
            link_id: it.link_id,
            earlier: Some((it.id, it.status)),
        };
        alike.entry((it.message, it.language)).or_default().push(wanted);
    }
    for ((message, language), wanted) in alike {
        let terms = Terms {
            inviter_id: actor.user_id.unwrap_or_default(),
            inviter_name: &actor.full_name,
            message: &message,
            language: &language,
            notify: true,
            valid_until: None,
        };
        done.extend(issue(&mut tx, cx, &actor, &terms, wanted).await?);
    }
    tx.commit().await?;
    cx.app.mail_queued.notify_waiters();
    Ok(Done { done, left })
}

async fn delete_all(cx: &Context, ids: &[Uuid]) -> Result<Done<String>, Fault> {
    let (mut tx, actor) = begin(cx, Action::Delete).await?;
    let (gone, left) = sort_out(&mut tx, cx, &actor, ids, Action::Delete, |it| {
        if actor.stands_above(&it.offer.facts()) { Ok(()) } else { Err(Refusal::AboveYou) }
    })
    .await?;
    delete(&mut tx, cx, &gone).await?;
    tx.commit().await?;
    Ok(Done { done: gone.into_iter().map(|it| it.address.shown).collect(), left })
}

/// Takes pending and expired ones from the list, with their mails. The caller has asked for every right.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn delete(db: &mut PgConnection, cx: &Context, gone: &[Locked]) -> Result<(), Fault> {
    let ids: Vec<Uuid> = gone.iter().map(|it| it.id).collect();
    store::delete_all(db, cx.ws(), &ids).await?;
    mail::store::withdraw(db, cx.ws(), &ids).await?;
    let line = |it: &Locked| audit::Line {
        id: it.id,
        label: it.address.shown.clone(),
        before: serde_json::json!({ "role": it.role, "status": it.status, "inviter": it.inviter_name }),
        after: serde_json::Value::Null,
    };
    let lines: Vec<audit::Line> = gone.iter().map(line).collect();
    audit::record_lines(db, cx, ("invitation.delete", "invitation"), &lines).await?;
    cx.announce(db, Topic::Invitations, None).await
}

/// What of these is there for the actor, locked: those with which the act is possible, and those with which it is not. What they may
/// not see is not there.
async fn sort_out(
    tx: &mut Change,
    cx: &Context,
    actor: &Actor,
    ids: &[Uuid],
    action: Action,
    theirs: impl Fn(&Locked) -> Result<(), Refusal>,
) -> Result<(Vec<Locked>, Vec<(String, AppError)>), Fault> {
    if ids.len() > MOST_CHOSEN {
        return Err(Refusal::BadForm.into());
    }
    let event = if action == Action::Delete { Event::Delete } else { Event::Resend };
    let (mut good, mut left) = (Vec::new(), Vec::new());
    for it in store::lock_all(tx, cx.ws(), ids).await? {
        let verdict = ask_about(cx, actor, action, &it.offer).and_then(|()| match it.status.after(event) {
            Some(_) => theirs(&it).map_err(AppError::Refused),
            None => Err(AppError::Refused(Refusal::NotNow)),
        });
        match verdict {
            Ok(()) => good.push(it),
            Err(AppError::NotFound) => {}
            Err(why) => left.push((it.address.shown, why)),
        }
    }
    Ok((good, left))
}

/// What there is room for: seats, and one open invitation for an address without account.
struct Room {
    seats: i64,
    known: HashSet<String>,
    open: HashMap<String, Uuid>,
    /// Accounts that wait for their person.
    pending: HashSet<Uuid>,
    domains: Vec<String>,
}

impl Room {
    async fn new(tx: &mut Change, cx: &Context, chosen: &[Locked]) -> Result<Self, Fault> {
        let keys: Vec<&str> = chosen.iter().map(|it| it.address.key.as_str()).collect();
        let newest = store::lock_newest(tx, cx.ws(), &keys).await?;
        let accounts: Vec<Uuid> = chosen.iter().filter_map(|it| it.user_id).collect();
        Ok(Self {
            pending: people::store::list_pending(tx, cx.ws(), &accounts).await?.into_iter().collect(),
            domains: workspaces::store::list_mail_domains(tx, cx.ws()).await?,
            seats: workspaces::store::count_free_seats(tx, cx.ws()).await?,
            known: people::store::list_known(tx, cx.ws(), &keys).await?.into_iter().collect(),
            open: newest.into_iter().map(|it| (it.address.key, it.id)).collect(),
        })
    }

    fn take(&mut self, it: &Locked) -> Result<(), Refusal> {
        if self.open.get(&it.address.key).is_some_and(|newest| *newest != it.id) {
            return Err(Refusal::NotNow);
        }
        // An account that is disabled or has its person is activated by no link.
        if it.user_id.is_some_and(|account| !self.pending.contains(&account)) {
            return Err(Refusal::NotNow);
        }
        if it.user_id.is_none() && self.known.contains(&it.address.key) {
            return Err(Refusal::AccountExists);
        }
        if !is_within(&it.address.key, &self.domains) {
            return Err(Refusal::MailDomain);
        }
        // A pending one has its seat, and so has an account that is there.
        if it.offer.category == Category::Teammate && it.user_id.is_none() && it.status != Status::Pending {
            if self.seats <= 0 {
                return Err(Refusal::NoSeat);
            }
            self.seats -= 1;
        }
        Ok(())
    }
}
