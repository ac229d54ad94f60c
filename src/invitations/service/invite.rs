//! Inviting: each address gets its verdict; what is good is sent, what is not is told.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::issue::{Sent, Wanted, ask_to, issue, plan_invites};
use crate::{
    access::{Action, Category, RoleRef},
    accounts::address::{Address, is_within, read_address},
    error::Problem,
    invitations::{
        model::Offer,
        store::{self, Locked, Terms},
    },
    people,
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    text::Language,
    workspaces,
};

/// One address to be invited, as it was typed, and what it is offered.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The address as typed.
    pub email: String,
    /// What the inviter knows of the name.
    pub full_name: String,
    /// What is offered.
    pub offer: Offer,
}

/// What is said with every invitation of one sending.
#[derive(Clone, Debug)]
pub struct Said {
    /// The inviter's own words.
    pub message: String,
    /// The language of the mails, as a language tag.
    pub language: String,
    /// Whether the invitees are told now.
    pub notify: bool,
    /// Until when the links work; by the workspace's settings where none is given.
    pub valid_until: Option<time::OffsetDateTime>,
}

impl Default for Said {
    fn default() -> Self {
        Self { message: String::new(), language: Language::default().tag().into(), notify: true, valid_until: None }
    }
}

/// Invites all that can be invited, in one transaction, and tells of each in its order whether it was, or what is wrong with it. An
/// expired or rejected invitation of an address is resent; nothing is sent twice.
///
/// # Errors
/// `Unauthorized`, `Denied`; `Refused(Plan)`; when the database fails.
pub async fn invite_all(cx: &Context, asks: Vec<Ask>, said: &Said) -> Result<Vec<Result<Sent, Problem>>, Fault> {
    cx.signed_in()?;
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    invite_in(tx, cx, &actor, asks, said).await
}

/// The same in a transaction that holds the actor, and ends it.
///
/// # Errors
/// As `invite_all`.
pub async fn invite_in(
    mut tx: Change,
    cx: &Context,
    actor: &Actor,
    asks: Vec<Ask>,
    said: &Said,
) -> Result<Vec<Result<Sent, Problem>>, Fault> {
    for ask in &asks {
        ask_to(cx, actor, Action::Create, &ask.offer)?;
    }
    plan_invites(&mut tx, cx).await?;
    let sender = actor.user_id.unwrap_or_default();
    let limited = |to: &Address| cx.app.limits.mail(cx.ws(), sender, &to.key).is_err();
    let keys: Vec<String> = asks.iter().filter_map(|ask| Some(read_address(&ask.email).ok()?.key)).collect();
    let earlier = newest(store::lock_newest(&mut tx, cx.ws(), &keys).await?);
    let mut verdicts = judge(&mut tx, cx, actor, asks, &earlier).await?;
    if said.notify {
        for verdict in &mut verdicts {
            if verdict.as_ref().is_ok_and(|wanted| limited(&wanted.address)) {
                *verdict = Err(Problem::Limit);
            }
        }
    }
    let mut places = Vec::new();
    let mut answers: Vec<Result<Sent, Problem>> = Vec::new();
    let mut wanted = Vec::new();
    for (place, verdict) in verdicts.into_iter().enumerate() {
        match verdict {
            Ok(it) => {
                places.push(place);
                wanted.push(it);
                // Stands here until it is sent.
                answers.push(Err(Problem::Missing));
            }
            Err(problem) => answers.push(Err(problem)),
        }
    }
    if wanted.is_empty() {
        return Ok(answers);
    }
    let terms = Terms {
        inviter_id: sender,
        inviter_name: &actor.full_name,
        message: &said.message,
        language: &said.language,
        notify: said.notify,
        valid_until: said.valid_until,
    };
    let sent = issue(&mut tx, cx, actor, &terms, wanted).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_waiters();
    for (place, sent) in places.into_iter().zip(sent) {
        answers[place] = Ok(sent);
    }
    Ok(answers)
}

/// What stands open or could be resent, by the addresses.
pub fn newest(found: Vec<Locked>) -> HashMap<String, Locked> {
    found.into_iter().map(|it| (it.address.key.clone(), it)).collect()
}

/// What can be invited of what is asked, each in its order; `earlier` is what stands open or could be resent. Limits of mail
/// aside: those count what is really sent.
///
/// # Errors
/// When the database fails.
pub async fn judge(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    asks: Vec<Ask>,
    earlier: &HashMap<String, Locked>,
) -> Result<Vec<Result<Wanted, Problem>>, Fault> {
    let read: Vec<(Result<Address, Problem>, Ask)> =
        asks.into_iter().map(|ask| (read_address(&ask.email), ask)).collect();
    let keys: Vec<&str> = read.iter().filter_map(|(address, _)| Some(address.as_ref().ok()?.key.as_str())).collect();
    let known: HashSet<String> = people::store::list_known(db, cx.ws(), &keys).await?.into_iter().collect();
    let domains = workspaces::store::list_mail_domains(db, cx.ws()).await?;
    let mut seats = workspaces::store::count_free_seats(db, cx.ws()).await?;
    let mut seen = HashSet::new();
    let mut gives: Vec<(Offer, Result<RoleRef, Problem>)> = Vec::new();
    let verdict = |(address, ask): (Result<Address, Problem>, Ask)| {
        let address = address?;
        let role = match gives.iter().find(|(offer, _)| *offer == ask.offer) {
            Some((_, known)) => known.clone(),
            None => {
                let found = check_offer(actor, &ask.offer);
                gives.push((ask.offer.clone(), found.clone()));
                found
            }
        };
        if !seen.insert(address.key.clone()) {
            return Err(Problem::Twice);
        }
        if known.contains(&address.key) {
            return Err(Problem::AlreadyUser);
        }
        let before = earlier.get(address.key.as_str());
        if before.is_some_and(|it| it.status.is_open()) {
            return Err(Problem::AlreadyInvited);
        }
        if !is_within(&address.key, &domains) {
            return Err(Problem::MailDomain);
        }
        let role = role?;
        if ask.offer.category == Category::Teammate {
            if seats <= 0 {
                return Err(Problem::NoSeat);
            }
            seats -= 1;
        }
        Ok(Wanted {
            address,
            full_name: ask.full_name,
            offer: ask.offer,
            role,
            user_id: None,
            link_id: None,
            earlier: before.map(|it| (it.id, it.status)),
        })
    };
    Ok(read.into_iter().map(verdict).collect())
}

/// The role of an offer, where it is the actor's to give (PITFALLS.md 11).
///
/// # Errors
/// `Choice`: no role of this kind; `Unknown`: something of it is gone; `AboveYou`.
pub fn check_offer(actor: &Actor, offer: &Offer) -> Result<RoleRef, Problem> {
    let role = actor.snapshot().roles_of(offer.category).find(|role| role.id == offer.role()).ok_or(Problem::Choice)?;
    if offer.gone(actor.snapshot().facts()).is_some() {
        return Err(Problem::Unknown);
    }
    if actor.enables(&offer.facts()) { Ok(role) } else { Err(Problem::AboveYou) }
}
