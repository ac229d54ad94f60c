//! The reminder before the end of an invitation, once, whichever server looks first.
//!
//! The link of the first mail is known to nobody any more, since only its hash is kept. So the reminder carries a link of its own, whose
//! hash stands beside the first on the same row: both work until one is used, and both die with the row when it is resent, deleted or
//! over (PITFALLS.md 5). Nothing that can be read anywhere opens an account, and no mail that was sent becomes wrong.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use uuid::Uuid;

use super::issue::still_gives;
use crate::{
    invitations::{
        model::What,
        store::{self, Locked, NewEvent},
    },
    mail, paths, people,
    platform::{
        context::{App, Context, request_id},
        fault::Fault,
        rights::Held,
        secrets::Token,
    },
    settings,
    text::Language,
    ui::live::Topic,
    workspaces::{self, store::Workspace},
};

/// How many are reminded of in one transaction.
const MOST_AT_ONCE: i64 = 200;

/// Reminds of everything that ends as soon as its workspace says, in all of them.
///
/// # Errors
/// When the database fails; what was not committed is done the next time.
pub async fn remind(app: &App) -> Result<(), Fault> {
    let mut db = app.pool.acquire().await?;
    let due = store::list_due_workspaces(&mut db).await?;
    for ws in due {
        let Some(workspace) = workspaces::store::find(&mut db, ws).await? else { continue };
        // What fails in one workspace keeps no other waiting.
        loop {
            match remind_some(app, workspace.clone()).await {
                Ok(done) if done == MOST_AT_ONCE as usize => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, workspace = %ws, "nobody is reminded here this time; trying again");
                    break;
                }
            }
        }
    }
    Ok(())
}

/// Reminds of some, and tells how many were looked at. One that could not be completed now is passed over for good: its inviter hears of
/// it when somebody tries.
async fn remind_some(app: &App, workspace: Workspace) -> Result<usize, Fault> {
    let cx = Context {
        app: app.clone(),
        request_id: request_id(),
        workspace: Arc::new(workspace),
        actor: None,
        client: None,
        region: None,
    };
    let mut tx = cx.begin().await?;
    let claimed = store::claim_due(&mut tx, cx.ws(), MOST_AT_ONCE).await?;
    let at = app.beat.now();
    // Each inviter is looked up once: few have invited many.
    let mut inviters: HashMap<Uuid, (Held, String)> = HashMap::new();
    for id in claimed.iter().map(|it| it.inviter_id).collect::<HashSet<Uuid>>() {
        let user = people::store::find(&mut tx, cx.ws(), id).await?;
        if let Some((held, user)) = cx.held_by(&mut tx, id).await?.zip(user) {
            inviters.insert(id, (held, user.email));
        }
    }
    let given = |it: &Locked| {
        let held = inviters.get(&it.inviter_id).map(|(held, _)| held.clone());
        still_gives(held, &it.offer, at).is_ok().then(|| Token::new(&cx.workspace.public_id))
    };
    let tokens: Vec<Option<Token>> = claimed.iter().map(given).collect();
    let ids: Vec<Uuid> = claimed.iter().map(|it| it.id).collect();
    let hashes: Vec<Option<Vec<u8>>> =
        tokens.iter().map(|token| token.as_ref().map(|token| token.hash().to_vec())).collect();
    store::update_reminded(&mut tx, cx.ws(), &ids, &hashes).await?;
    let words = settings::store::find_words(&mut tx, cx.ws()).await?;
    let letters: Vec<_> = claimed
        .iter()
        .zip(&tokens)
        .filter_map(|(it, token)| {
            let letter = mail::template::Invitation {
                reminds: true,
                words: &words,
                language: it.language.parse::<Language>().unwrap_or_default(),
                workspace: &cx.workspace.name,
                colour: &cx.workspace.colour,
                inviter_name: &it.inviter_name,
                inviter_email: &inviters.get(&it.inviter_id)?.1,
                email: &it.address.shown,
                role: &it.role,
                message: &it.message,
                link: app.config.address(cx.workspace.host.as_deref(), &paths::setup(token.as_ref()?.expose())),
                valid_until: it.valid_until,
            };
            Some((it, letter))
        })
        .collect();
    let mails: Vec<_> = letters.iter().map(|(it, letter)| (Some(it.id), &it.address, letter)).collect();
    let reminded: Vec<Uuid> = letters.iter().map(|(it, _)| it.id).collect();
    if !mails.is_empty() {
        mail::service::queue_all(&mut tx, &cx, &mails).await?;
        store::insert_events(&mut tx, cx.ws(), &reminded, &NewEvent::of_itself(What::Reminded)).await?;
        cx.announce(&mut tx, Topic::Invitations, None).await?;
    }
    tx.commit().await?;
    app.mail_queued.notify_waiters();
    Ok(claimed.len())
}
