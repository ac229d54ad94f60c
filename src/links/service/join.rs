//! What whoever has a link does: looks at it, and gives an address. Strangers learn from it what the link itself says, and nothing of
//! any address: every answer is the same, and what there is to say stands in the mail (PITFALLS.md 10).

use std::time::Duration;

use sqlx::PgConnection;

use crate::{
    access::Category,
    accounts::address::{Address, domain_of, is_within, read_address},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::Status,
        service::{Wanted, ask_still_gives, issue, plan_invites},
        store::{self as invitations, Terms},
    },
    links::{
        model::{JoinForm, Joining, NotNew},
        store::{self, Found},
    },
    mail, paths, people,
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights::{self, Held},
        secrets::Token,
    },
    text::Language,
    workspaces,
};

/// No answer comes sooner: how long the work takes would tell what was found.
const FLOOR: Duration = Duration::from_millis(150);

/// What whoever has a link is shown. Changes nothing (PITFALLS.md 6).
///
/// # Errors
/// `Refused(DeadLink)` for a link that is unknown, expired, used up or off, or that lets nobody in for another reason.
pub async fn open_link(cx: &Context, token: &str) -> Result<Joining, Fault> {
    let token = Token::read(token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_by_token(&mut db, cx.ws(), token.hash()).await?;
    let (link, _) = live(&mut db, cx, found, cx.app.beat.now()).await?;
    let maker = people::store::find(&mut db, cx.ws(), link.maker_id).await?;
    Ok(Joining {
        inviter_name: link.maker_name,
        inviter_role: maker.and_then(|user| user.roles.into_iter().next()),
        role: link.role,
        mail_domain: link.mail_domain,
        valid_until: link.valid_until,
    })
}

/// Takes an address and mails it: an invitation, or why there is none. The answer does not tell which.
///
/// What can be seen all the same is whether the last use of a limited link is taken: by a new address, and not by a known one. That is
/// kept: an address that takes a place without coming in would let strangers use up a link with addresses of their own invention, and
/// the one try at the last place tells no more than its mail does.
///
/// # Errors
/// `Refused(DeadLink)`; `Invalid`: the text is no address, or not one of the domain that the link names; `RateLimited` for the client
/// or the link, whatever the address.
pub async fn join(cx: &Context, form: JoinForm) -> Result<(), Fault> {
    let token = Token::read(&form.token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_by_token(&mut db, cx.ws(), token.hash()).await?;
    let (link, _) = live(&mut db, cx, found, cx.app.beat.now()).await?;
    drop(db);
    let address = read_address(&form.email).map_err(|problem| AppError::field("email", problem))?;
    if link.mail_domain.as_ref().is_some_and(|domain| domain != domain_of(&address.key)) {
        return Err(AppError::field("email", Problem::MailDomain).into());
    }
    cx.app.limits.join(cx.ws(), link.id, cx.client)?;
    let reaches = cx.app.limits.reaches(cx.ws(), &address.key);
    let floor = tokio::time::sleep(FLOOR);
    let answer = if reaches { write_to(cx, &link, &address).await } else { Ok(()) };
    floor.await;
    match answer {
        // The database's word about an address is told to nobody.
        Err(Fault::Told(AppError::Invalid(_) | AppError::Refused(Refusal::NoSeat))) => Ok(()),
        answer => answer,
    }
}

/// A link that lets somebody in at this moment, with what its maker holds (PITFALLS.md 11 and 12). For every reason why one does not,
/// there is one answer.
async fn live(db: &mut PgConnection, cx: &Context, found: Option<Found>, at: i64) -> Result<(Found, Held), Fault> {
    let link = found.filter(|link| link.state.lets_in()).ok_or(Refusal::DeadLink)?;
    let asked = async {
        plan_invites(db, cx).await?;
        ask_still_gives(db, cx, link.maker_id, &link.offer, at).await
    };
    let held = asked.await.map_err(|fault| match fault {
        Fault::Told(_) => Refusal::DeadLink.into(),
        fault => fault,
    })?;
    let role = held.snapshot.roles_of(link.offer.category).find(|role| role.id == link.role.id);
    let role = role.ok_or(Refusal::DeadLink)?;
    Ok((Found { role, ..link }, held))
}

/// Mails the address, once: what there is to say about it stands there.
async fn write_to(cx: &Context, link: &Found, address: &Address) -> Result<(), Fault> {
    let mut tx = cx.begin().await?;
    let at = rights::store::lock(&mut tx, cx.ws()).await?.at;
    let found = store::lock(&mut tx, cx.ws(), link.id, false).await?;
    let (link, held) = live(&mut tx, cx, found, at).await?;
    // Whoever gives the address acts here, whoever is signed in in this browser.
    let stranger = Context { actor: None, ..cx.clone() };
    match judge(&mut tx, cx, &link, address).await? {
        Ok(wanted) => {
            let maker = maker(&mut tx, cx, &link, held, at).await?;
            let terms = Terms {
                inviter_id: link.maker_id,
                inviter_name: &link.maker_name,
                message: "",
                language: Language::default().tag(),
                notify: true,
                valid_until: None,
            };
            issue(&mut tx, &stranger, &maker, &terms, vec![wanted]).await?;
        }
        Err(why) => {
            let letter = mail::template::Joined {
                workspace: &cx.workspace,
                email: &address.shown,
                maker_name: &link.maker_name,
                why,
                link: cx.app.config.address(cx.workspace.host.as_deref(), paths::SIGN_IN),
            };
            mail::service::queue(&mut tx, &stranger, None, address, &letter).await?;
        }
    }
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(())
}

/// Whether the address is invited, or why not. One that this link has invited gets its mail again: a new row, as with a resend.
async fn judge(
    db: &mut PgConnection,
    cx: &Context,
    link: &Found,
    address: &Address,
) -> Result<Result<Wanted, NotNew>, Fault> {
    let newest = invitations::lock_newest(db, cx.ws(), &[&address.key]).await?.pop();
    let earlier = newest.as_ref().map(|it| (it.id, it.status));
    let again = match &newest {
        Some(it) if it.status == Status::Waiting => return Ok(Err(NotNew::Waits)),
        Some(it) if it.status == Status::Pending && it.link_id != Some(link.id) => return Ok(Err(NotNew::Invited)),
        Some(it) => it.status == Status::Pending,
        None => false,
    };
    if !people::store::list_known(db, cx.ws(), &[&address.key]).await?.is_empty() {
        return Ok(Err(NotNew::Account));
    }
    let domains = workspaces::store::list_mail_domains(db, cx.ws()).await?;
    if !is_within(&address.key, &domains) {
        return Ok(Err(NotNew::Domain));
    }
    let takes_seat = link.offer.category == Category::Teammate && !again;
    if takes_seat && workspaces::store::count_free_seats(db, cx.ws()).await? <= 0 {
        return Ok(Err(NotNew::Full));
    }
    Ok(Ok(Wanted {
        address: address.clone(),
        full_name: String::new(),
        offer: link.offer.clone(),
        role: link.role.clone(),
        user_id: None,
        link_id: Some(link.id),
        earlier,
    }))
}

/// The maker of the link, who invites by it.
async fn maker(db: &mut PgConnection, cx: &Context, link: &Found, held: Held, at: i64) -> Result<Actor, Fault> {
    let user = people::store::find(db, cx.ws(), link.maker_id).await?.ok_or(Refusal::DeadLink)?;
    Ok(Actor {
        user_id: Some(link.maker_id),
        full_name: link.maker_name.clone(),
        email: user.email,
        held,
        at,
        session: Vec::new(),
        new_password_due: false,
    })
}
