//! What is given for a time. It ends by itself, since `access::decide` compares; here its holder gets notice before, and open
//! pages are told when it has ended.
//!
//! Notice is given by mail, once, whichever server looks first: when a quarter of the time that it was given for is left, and no
//! sooner than a day before the end. So what is given for four days or more is told a day before, one day's six hours before, and
//! what is given for an hour a quarter of an hour before. What a group was given is the group's, and nobody's in particular.

pub mod store;

use std::{collections::BTreeMap, sync::Arc};

use time::OffsetDateTime;
use uuid::Uuid;

use self::store::{Ending, What};
use crate::{
    access::{AccessSnapshot, Change, On},
    mail::{self, template::AccessEnds},
    paths,
    platform::{
        context::{App, Context, request_id},
        events::{self, Event},
        fault::Fault,
        rights,
    },
    text::{change_words, role_name, text},
    ui::live::Topic,
    workspaces::{self, store::Workspace},
};

/// Gives notice of everything that ends soon, in all workspaces.
///
/// # Errors
/// When the database fails; what was not committed is done the next time.
pub async fn give_notice(app: &App) -> Result<(), Fault> {
    let mut db = app.pool.acquire().await?;
    let due = store::list_due_workspaces(&mut db).await?;
    for ws in due {
        if let Some(workspace) = workspaces::store::find(&mut db, ws).await? {
            give_notice_in(app, workspace).await?;
        }
    }
    Ok(())
}

async fn give_notice_in(app: &App, workspace: Workspace) -> Result<(), Fault> {
    let cx = Context {
        app: app.clone(),
        request_id: request_id(),
        workspace: Arc::new(workspace),
        actor: None,
        client: None,
        region: None,
    };
    let mut tx = cx.begin().await?;
    let version = rights::store::lock(&mut tx, cx.ws()).await?.version;
    let snapshot = app.rights.snapshot(&mut tx, cx.ws(), version).await?;
    let mut by_holder: BTreeMap<Uuid, Vec<Ending>> = BTreeMap::new();
    for ending in store::claim_due(&mut tx, cx.ws()).await? {
        by_holder.entry(ending.holder.id).or_default().push(ending);
    }
    for endings in by_holder.values_mut() {
        endings.sort_by_key(|ending| ending.until);
        let Some(first) = endings.first() else { continue };
        let letter = AccessEnds {
            workspace: &cx.workspace,
            ends: endings.iter().map(|ending| (words(&snapshot, &ending.what), ending.until)).collect(),
            email: &first.holder.address.shown,
            link: app.config.address(cx.workspace.host.as_deref(), paths::MY_REQUESTS),
        };
        mail::service::queue(&mut tx, &cx, None, &first.holder.address, &letter).await?;
    }
    tx.commit().await?;
    app.mail_queued.notify_one();
    Ok(())
}

fn words(snapshot: &AccessSnapshot, what: &What) -> String {
    let facts = snapshot.facts();
    match what {
        What::Api(name) => (text().rights.apis)(std::slice::from_ref(name), 0),
        What::Rights { role, permissions, region, organization } => {
            let organization = facts.organizations.iter().find(|it| Some(it.id) == *organization).map(|it| &it.name);
            let role = role.and_then(|id| snapshot.role(id)).map(|role| role_name(&role));
            let rights = permissions.iter().flat_map(|(feature, actions)| {
                actions.iter().map(move |action| Change::Right {
                    feature: feature.clone(),
                    action,
                    region: region.clone(),
                    organization: organization.cloned(),
                    on: On::Everywhere,
                })
            });
            let rights = rights.map(|right| change_words(&right, facts));
            let role = role.map(|role| (text().rights.within)(&role, None, organization.map(String::as_str)));
            role.into_iter().chain(rights).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Tells the open pages of everybody whose rights ended since a moment, and gives the moment until which they are told. Every
/// server may tell it: a page that hears it twice looks twice.
///
/// # Errors
/// When the database fails.
pub async fn announce_ended(app: &App, since: Option<OffsetDateTime>) -> Result<OffsetDateTime, Fault> {
    let mut db = app.pool.acquire().await?;
    let now = store::now(&mut db).await?;
    for (workspace, user) in store::list_ended(&mut db, since.unwrap_or(now), now).await? {
        let topic = if user.is_some() { Topic::Users } else { Topic::Apis };
        events::announce(&mut db, &Event { workspace, topic, user }).await?;
    }
    Ok(now)
}
