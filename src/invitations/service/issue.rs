//! Making invitations and handing them to the outbox, one or ten thousand in one transaction.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{self, Action, Category, Feature, Question, RoleRef, WorkspaceFacts},
    accounts::address::Address,
    audit,
    error::{AppError, Refusal},
    invitations::{
        model::{Offer, Status, What},
        store::{self, Locked, NewEvent, NewInvitation, Terms},
    },
    mail::{self, words::OwnWords},
    paths,
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
        rights::Held,
        secrets::Token,
    },
    settings,
    text::Language,
    ui::live::Topic,
    workspaces,
};

/// An invitation on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub email: String,
    /// Until when its link works.
    pub valid_until: OffsetDateTime,
}

/// An invitation to be made, checked.
pub struct Wanted {
    /// Whom.
    pub address: Address,
    /// What the inviter knows of the name.
    pub full_name: String,
    /// What is offered.
    pub offer: Offer,
    /// Its role, with its name.
    pub role: RoleRef,
    /// The account that it activates.
    pub user_id: Option<Uuid>,
    /// The link it came by.
    pub link_id: Option<Uuid>,
    /// The one whose place it takes.
    pub earlier: Option<(Uuid, Status)>,
}

/// "The invite feature is only available for Pro and Enterprise customers" (seed 000). Whoever was invited before the plan changed
/// may still accept.
pub async fn plan_invites(db: &mut PgConnection, cx: &Context) -> Result<(), Fault> {
    let (plan, _) = workspaces::store::find_plan(db, cx.ws()).await?;
    if plan.invites() { Ok(()) } else { Err(Refusal::Plan.into()) }
}

/// The section that invitations of a category belong to.
pub fn section(category: Category) -> Feature {
    match category {
        Category::Teammate => Feature::Team,
        Category::Organization | Category::Customer => Feature::Accounts,
    }
}

/// Begins a change of some invitation: the actor holds the right to those of teammates or of developer accounts, for some part of
/// the workspace. Which is asked by `ask_about`.
///
/// # Errors
/// `Unauthorized` or `Denied`; when the database fails.
pub async fn begin(cx: &Context, action: Action) -> Result<(Change, Actor), Fault> {
    cx.signed_in()?;
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    ask_somewhere(cx, &actor, action)?;
    Ok((tx, actor))
}

/// Asks for a right to invitations of teammates or of developer accounts, for some part of the workspace.
///
/// # Errors
/// `Denied`.
pub fn ask_somewhere(cx: &Context, actor: &Actor, action: Action) -> Result<(), AppError> {
    let extent = |feature| actor.extent(&cx.question(actor, action, feature)).map(drop);
    extent(Feature::Team).or_else(|denied| extent(Feature::Accounts).map_err(|_| denied))
}

/// Asks for a right to invitations of this kind, for the organization that one offers.
///
/// # Errors
/// `Denied`.
pub fn ask_to(cx: &Context, actor: &Actor, action: Action, offer: &Offer) -> Result<(), AppError> {
    let known = &actor.snapshot().facts().organizations;
    let organization = known.iter().find(|it| Some(it.id) == offer.assignment.organization);
    let question = cx.question(actor, action, section(offer.category));
    actor.ask(&Question { organization: organization.map(|it| it.slug.as_str()), ..question })
}

/// The same about an invitation that is there.
///
/// # Errors
/// `NotFound` for who may not see it, or `Denied`.
pub fn ask_about(cx: &Context, actor: &Actor, action: Action, offer: &Offer) -> Result<(), AppError> {
    ask_to(cx, actor, Action::View, offer).map_err(|_| AppError::NotFound)?;
    ask_to(cx, actor, action, offer)
}

/// The grant ceiling when something is offered: whoever offers holds all that it confers (PITFALLS.md 11).
///
/// # Errors
/// `Refused`: `OfferGone` or `AboveYou`.
pub fn ask_to_give(actor: &Actor, offer: &Offer) -> Result<(), Refusal> {
    if offer.gone(actor.snapshot().facts()).is_some() {
        Err(Refusal::OfferGone)
    } else if !actor.enables(&offer.facts()) {
        Err(Refusal::AboveYou)
    } else {
        Ok(())
    }
}

/// The grant ceiling when it takes effect (PITFALLS.md 12): whoever invited must still be able to, at this moment by the database's
/// clock, and all that is offered must still be there (PITFALLS.md 13).
pub async fn ask_still_given(db: &mut PgConnection, cx: &Context, it: &Locked, at: i64) -> Result<(), Fault> {
    ask_still_gives(db, cx, it.inviter_id, &it.offer, at).await.map(drop)
}

/// The same of any offer, such as a link's; gives back what whoever made it holds.
///
/// # Errors
/// `Refused`: `InviterGone` or `OfferGone`; when the database fails.
pub async fn ask_still_gives(
    db: &mut PgConnection,
    cx: &Context,
    inviter: Uuid,
    offer: &Offer,
    at: i64,
) -> Result<Held, Fault> {
    Ok(still_gives(cx.held_by(db, inviter).await?, offer, at)?)
}

/// The same, where what whoever made it holds is known; none where they are gone.
///
/// # Errors
/// `InviterGone` or `OfferGone`.
pub fn still_gives(held: Option<Held>, offer: &Offer, at: i64) -> Result<Held, Refusal> {
    let held = held.ok_or(Refusal::InviterGone)?;
    let facts = held.snapshot.facts();
    if offer.gone(facts).is_some() {
        return Err(Refusal::OfferGone);
    }
    let still = access::decide(&held.snapshot, &held.subject, &may_invite(facts, offer, at)).allowed()
        && access::covers_everything(&held.snapshot, &held.subject, &offer.facts(), at);
    if still { Ok(held) } else { Err(Refusal::InviterGone) }
}

/// The question whether somebody may make invitations like this one, at a moment in Unix seconds.
pub fn may_invite<'a>(facts: &'a WorkspaceFacts, offer: &Offer, at: i64) -> Question<'a> {
    let organization = facts.organizations.iter().find(|known| Some(known.id) == offer.assignment.organization);
    Question {
        organization: organization.map(|known| known.slug.as_str()),
        ..Question::new(Action::Create, section(offer.category), at)
    }
}

/// Makes invitations, in the place of earlier ones where there are some, and queues their mails. Every check has been made.
///
/// # Errors
/// The constraints of `store::insert_all`; when the database fails.
pub async fn issue(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    terms: &Terms<'_>,
    wanted: Vec<Wanted>,
) -> Result<Vec<Sent>, Fault> {
    let made: Vec<(Uuid, Token, Wanted)> =
        wanted.into_iter().map(|it| (Uuid::now_v7(), Token::new(&cx.workspace.public_id), it)).collect();
    let (older, newer): (Vec<Uuid>, Vec<Uuid>) =
        made.iter().filter_map(|(id, _, it)| Some((it.earlier?.0, *id))).unzip();
    let by = |what| NewEvent { what, by: actor.user_id, by_name: &actor.full_name, detail: "" };
    if !older.is_empty() {
        store::update_replaced(db, cx.ws(), &older, &newer).await?;
        mail::store::withdraw(db, cx.ws(), &older).await?;
        store::insert_events(db, cx.ws(), &older, &by(What::Superseded)).await?;
    }
    let rows: Vec<NewInvitation<'_>> = made
        .iter()
        .map(|(id, token, it)| NewInvitation {
            id: *id,
            address: &it.address,
            full_name: &it.full_name,
            offer: &it.offer,
            token_hash: token.hash(),
            user_id: it.user_id,
            link_id: it.link_id,
        })
        .collect();
    let valid_until = store::insert_all(db, cx.ws(), terms, &rows).await?;
    let ids: Vec<Uuid> = made.iter().map(|(id, ..)| *id).collect();
    store::insert_events(db, cx.ws(), &ids, &by(What::Invited)).await?;
    if terms.notify {
        let words = settings::store::find_words(db, cx.ws()).await?;
        let letters: Vec<_> = made
            .iter()
            .map(|(id, token, it)| {
                let said = (terms.message, terms.language.parse::<Language>().unwrap_or_default(), &words);
                (*id, &it.address, letter(cx, actor, &it.address, &it.role, said, token, valid_until))
            })
            .collect();
        let mails: Vec<_> = letters.iter().map(|(id, to, letter)| (Some(*id), *to, letter)).collect();
        mail::service::queue_all(db, cx, &mails).await?;
        store::insert_events(db, cx.ws(), &ids, &NewEvent::of_itself(What::Queued)).await?;
    }
    record(db, cx, terms, valid_until, &made).await?;
    cx.announce(db, Topic::Invitations, None).await?;
    let sent = |(id, _, it): (Uuid, Token, Wanted)| Sent { id, email: it.address.shown, valid_until };
    Ok(made.into_iter().map(sent).collect())
}

async fn record(
    db: &mut PgConnection,
    cx: &Context,
    terms: &Terms<'_>,
    valid_until: OffsetDateTime,
    made: &[(Uuid, Token, Wanted)],
) -> Result<(), Fault> {
    let line = |(id, _, it): &(Uuid, Token, Wanted)| audit::Line {
        id: *id,
        label: it.address.shown.clone(),
        before: it.earlier.map_or(
            serde_json::Value::Null,
            |(earlier, status)| serde_json::json!({ "replaces": earlier, "status": status }),
        ),
        after: serde_json::json!({
            "role": it.role, "category": it.offer.category, "offer": it.offer.kept(), "customer_id": it.offer.customer_id,
            "notified": terms.notify, "link": it.link_id, "valid_until": valid_until.unix_timestamp(),
        }),
    };
    let (again, fresh): (Vec<_>, Vec<_>) = made.iter().partition(|(.., it)| it.earlier.is_some());
    for (action, made) in [("invitation.resend", again), ("invitation.create", fresh)] {
        if !made.is_empty() {
            let lines: Vec<audit::Line> = made.into_iter().map(line).collect();
            audit::record_lines(db, cx, (action, "invitation"), &lines).await?;
        }
    }
    Ok(())
}

/// The first sending of an invitation that nobody was told of: it stays on its row (DESIGN.md section 3).
///
/// # Errors
/// When the database fails.
pub async fn release(db: &mut PgConnection, cx: &Context, actor: &Actor, it: Locked) -> Result<Sent, Fault> {
    let token = Token::new(&cx.workspace.public_id);
    let valid_until = store::update_notified(db, cx.ws(), it.id, token.hash()).await?;
    let words = settings::store::find_words(db, cx.ws()).await?;
    let said = (it.message.as_str(), it.language.parse::<Language>().unwrap_or_default(), &words);
    let letter = letter(cx, actor, &it.address, &it.role, said, &token, valid_until);
    mail::service::queue(db, cx, Some(it.id), &it.address, &letter).await?;
    let event = NewEvent { what: What::Queued, by: actor.user_id, by_name: &actor.full_name, detail: "" };
    store::insert_events(db, cx.ws(), &[it.id], &event).await?;
    let entry = audit::Entry { action: "invitation.send", kind: "invitation", id: it.id, label: &it.address.shown };
    let after = serde_json::json!({ "valid_until": valid_until.unix_timestamp() });
    audit::record(db, cx, entry, None::<&()>, Some(&after)).await?;
    cx.announce(db, Topic::Invitations, None).await?;
    Ok(Sent { id: it.id, email: it.address.shown, valid_until })
}

fn letter<'a>(
    cx: &'a Context,
    actor: &'a Actor,
    to: &'a Address,
    role: &'a RoleRef,
    (message, language, words): (&'a str, Language, &'a OwnWords),
    token: &Token,
    valid_until: OffsetDateTime,
) -> mail::template::Invitation<'a> {
    mail::template::Invitation {
        reminds: false,
        words,
        language,
        workspace: &cx.workspace.name,
        colour: &cx.workspace.colour,
        inviter_name: &actor.full_name,
        inviter_email: &actor.email,
        email: &to.shown,
        role,
        message,
        link: cx.app.config.address(cx.workspace.host.as_deref(), &paths::setup(token.expose())),
        valid_until,
    }
}
