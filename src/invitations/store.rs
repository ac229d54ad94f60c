//! SQL of invitations. Whether one is expired is judged here, by the database's clock.

mod detail;
mod history;
mod list;
mod lock;
mod remind;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub use self::{
    detail::{More, find_more},
    history::{NewEvent, insert_events, list_events, update_opened, was_asked_lately},
    list::{Seen, find, list, list_batch},
    lock::{
        Locked, Registered, find_by_token, find_waiting_hash, list_newest, lock, lock_activations, lock_all,
        lock_by_token, lock_newest,
    },
    remind::{claim_due, list_due_workspaces, update_reminded},
};
use super::model::Offer;
use crate::accounts::address::Address;

/// An invitation to be made.
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: Uuid,
    /// The address invited.
    pub address: &'a Address,
    /// What the inviter knows of the name.
    pub full_name: &'a str,
    /// What is offered.
    pub offer: &'a Offer,
    /// What its link's token hashes to.
    pub token_hash: &'a [u8],
    /// The account that it activates, where there is one already.
    pub user_id: Option<Uuid>,
    /// The link it came by.
    pub link_id: Option<Uuid>,
}

/// What all invitations have in common that are made together.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Who invites.
    pub inviter_id: Uuid,
    /// Their name.
    pub inviter_name: &'a str,
    /// Their own words.
    pub message: &'a str,
    /// The language of the mail, as a language tag.
    pub language: &'a str,
    /// Whether the invitees are told now.
    pub notify: bool,
    /// Until when the links work; by the workspace's settings where none is given.
    pub valid_until: Option<OffsetDateTime>,
}

/// Makes pending invitations, and tells until when they are valid. The link of one that nobody is told of is known to nobody: it does
/// not end before it is sent.
///
/// # Errors
/// The constraint `invitations_open_key` when an address has an open one, `workspaces_seats` when the seats do not suffice;
/// [`sqlx::Error::RowNotFound`] when there is nothing to make; otherwise when the database fails.
pub async fn insert_all(
    db: &mut PgConnection,
    ws: Uuid,
    terms: &Terms<'_>,
    all: &[NewInvitation<'_>],
) -> Result<OffsetDateTime, sqlx::Error> {
    let ids: Vec<Uuid> = all.iter().map(|it| it.id).collect();
    let emails: Vec<&str> = all.iter().map(|it| it.address.shown.as_str()).collect();
    let keys: Vec<&str> = all.iter().map(|it| it.address.key.as_str()).collect();
    let names: Vec<&str> = all.iter().map(|it| it.full_name).collect();
    let categories: Vec<&str> = all.iter().map(|it| it.offer.category.slug()).collect();
    let roles: Vec<Uuid> = all.iter().map(|it| it.offer.role()).collect();
    let offers: Vec<Option<serde_json::Value>> =
        all.iter().map(|it| it.offer.kept().and_then(|kept| serde_json::to_value(kept).ok())).collect();
    let customer_ids: Vec<Option<&str>> = all.iter().map(|it| it.offer.customer_id.as_deref()).collect();
    let hashes: Vec<&[u8]> = all.iter().map(|it| it.token_hash).collect();
    let users: Vec<Option<Uuid>> = all.iter().map(|it| it.user_id).collect();
    let links: Vec<Option<Uuid>> = all.iter().map(|it| it.link_id).collect();
    let until = sqlx::query_scalar!(
        "insert into invitations (workspace_id, id, email, email_key, full_name, category, role_id, offer, customer_id, token_hash,
             user_id, link_id, inviter_id, inviter_name, message, language, notified_at, valid_until)
         select $1, each.*, $2, $3, $4, $5, case when $6 then now() end,
             case when $6 then coalesce($7, now() + mail_validity) else now() + interval '100 years' end
         from workspaces, unnest($8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::jsonb[], $15::text[],
             $16::bytea[], $17::uuid[], $18::uuid[]) as each
         where workspaces.id = $1
         returning valid_until",
        ws,
        terms.inviter_id,
        terms.inviter_name,
        terms.message,
        terms.language,
        terms.notify,
        terms.valid_until,
        &ids,
        &emails as _,
        &keys as _,
        &names as _,
        &categories as _,
        &roles,
        &offers as _,
        &customer_ids as _,
        &hashes as _,
        &users as _,
        &links as _,
    )
    .fetch_all(db)
    .await?;
    // They are made at one instant, for as long: one answer stands for all.
    until.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// Newer invitations take the place of these: their links die here.
///
/// # Errors
/// When the database fails.
pub async fn update_replaced(db: &mut PgConnection, ws: Uuid, ids: &[Uuid], by: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'inactivated', replaced_by = newer, completed_at = null
         from unnest($2::uuid[], $3::uuid[]) as each (older, newer) where workspace_id = $1 and id = older",
        ws,
        ids,
        by
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The first sending of one that nobody was told of: it stays where it stands, with a link that works from now on.
///
/// # Errors
/// When the database fails.
pub async fn update_notified(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    token_hash: &[u8],
) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar!(
        "update invitations set token_hash = $3, notified_at = now(), valid_until = now() + mail_validity
         from workspaces where workspaces.id = $1 and workspace_id = $1 and invitations.id = $2 returning valid_until",
        ws,
        id,
        token_hash
    )
    .fetch_one(db)
    .await
}

/// The invitee has registered and waits for approval.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn update_waiting(db: &mut PgConnection, ws: Uuid, id: Uuid, it: &Registered) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'waiting', completed_at = now(), registered_name = $3, registered_mobile = $4, registered_hash = $5
         where workspace_id = $1 and id = $2",
        ws,
        id,
        it.full_name,
        it.mobile,
        it.password_hash,
    )
    .execute(&mut *db)
    .await?;
    settle_earlier(db, ws, id).await
}

/// The invitee is in.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn update_approved(db: &mut PgConnection, ws: Uuid, id: Uuid, user_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'approved', completed_at = now(), user_id = $3,
             registered_name = null, registered_mobile = null, registered_hash = null
         where workspace_id = $1 and id = $2",
        ws,
        id,
        user_id
    )
    .execute(&mut *db)
    .await?;
    settle_earlier(db, ws, id).await
}

/// The registration is denied, and forgotten.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn update_rejected(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'rejected', registered_name = null, registered_mobile = null, registered_hash = null
         where workspace_id = $1 and id = $2",
        ws,
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An account is gone: what was denied to it may be offered again, with an account of its own.
///
/// # Errors
/// When the database fails.
pub async fn update_accountless(db: &mut PgConnection, ws: Uuid, user: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set user_id = null where workspace_id = $1 and user_id = $2 and status = 'rejected'",
        ws,
        user
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Those that a completed one replaced leave the default list.
async fn settle_earlier(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with recursive earlier as (
             select id from invitations where workspace_id = $1 and replaced_by = $2
             union
             select invitations.id from invitations join earlier on replaced_by = earlier.id where workspace_id = $1
         ), settled as (
             update invitations set settled = true
             where workspace_id = $1 and not settled and id in (select id from earlier) returning category
         )
         update tallies set n = tallies.n - gone.n from (select category, count(*) as n from settled group by category) as gone
         where workspace_id = $1 and kind = 'invitations:' || category",
        ws,
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gone from the list; their links answer like unknown ones.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn delete_all(db: &mut PgConnection, ws: Uuid, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from invitations where workspace_id = $1 and id = any($2)", ws, ids).execute(db).await?;
    Ok(())
}
