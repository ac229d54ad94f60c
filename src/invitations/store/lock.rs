//! SQL that reads invitations as their use cases need them, one or many, locked until the transaction ends.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::super::model::{Kept, Offer, Status};
use crate::{
    access::{Category, RoleRef},
    accounts::address::Address,
};

/// An invitation as its use cases need it, locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// The address, in both forms.
    pub address: Address,
    /// What the inviter knows of the name.
    pub full_name: String,
    /// The role offered, with its name.
    pub role: RoleRef,
    /// What is offered.
    pub offer: Offer,
    /// Where it stands.
    pub status: Status,
    /// Whether the invitee was told.
    pub notified: bool,
    /// The inviter's own words.
    pub message: String,
    /// The language of the mail.
    pub language: String,
    /// Who invited.
    pub inviter_id: Uuid,
    /// Their name.
    pub inviter_name: String,
    /// Until when its link works.
    pub valid_until: OffsetDateTime,
    /// The account that it activates or has made.
    pub user_id: Option<Uuid>,
    /// The link it came by.
    pub link_id: Option<Uuid>,
    /// What the invitee has registered, while it waits.
    pub registered: Option<Registered>,
}

/// A registration that waits for approval.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Full name.
    pub full_name: String,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// PHC string.
    pub password_hash: String,
}

pub(super) struct LockedRow {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) email_key: String,
    pub(super) full_name: String,
    pub(super) category: String,
    pub(super) role_id: Uuid,
    pub(super) role_name: String,
    pub(super) offer: Option<Json<Kept>>,
    pub(super) customer_id: Option<String>,
    pub(super) status: String,
    pub(super) past: bool,
    pub(super) notified_at: Option<OffsetDateTime>,
    pub(super) message: String,
    pub(super) language: String,
    pub(super) inviter_id: Uuid,
    pub(super) inviter_name: String,
    pub(super) valid_until: OffsetDateTime,
    pub(super) user_id: Option<Uuid>,
    pub(super) link_id: Option<Uuid>,
    pub(super) registered_name: Option<String>,
    pub(super) registered_mobile: Option<String>,
    pub(super) registered_hash: Option<String>,
}

impl From<LockedRow> for Locked {
    fn from(row: LockedRow) -> Self {
        // The column's check admits no other word.
        let category = row.category.parse().unwrap_or(Category::Teammate);
        Self {
            id: row.id,
            address: Address { shown: row.email, key: row.email_key },
            full_name: row.full_name,
            role: RoleRef { id: row.role_id, name: row.role_name },
            offer: Offer::read(category, row.role_id, row.customer_id, row.offer.map(|kept| kept.0)),
            status: Status::read(&row.status, row.past),
            notified: row.notified_at.is_some(),
            message: row.message,
            language: row.language,
            inviter_id: row.inviter_id,
            inviter_name: row.inviter_name,
            valid_until: row.valid_until,
            user_id: row.user_id,
            link_id: row.link_id,
            registered: row.registered_name.zip(row.registered_hash).map(|(full_name, password_hash)| Registered {
                full_name,
                mobile: row.registered_mobile,
                password_hash,
            }),
        }
    }
}

/// The columns of `LockedRow`, and which row.
macro_rules! locked_query {
    ($filter:literal, $($argument:expr),*) => {
        sqlx::query_as!(
            LockedRow,
            r#"select id, email, email_key, full_name, category, role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!",
                  offer as "offer: Json<Kept>", customer_id, status, valid_until <= clock_timestamp() as "past!", notified_at, message, language, inviter_id, inviter_name, valid_until,
                  user_id, link_id, registered_name, registered_mobile, registered_hash
               from invitations where workspace_id = $1 and "# + $filter,
            $($argument),*
        )
    };
}

pub(super) use locked_query;

/// The invitation of a link's token, not locked: for showing it.
///
/// # Errors
/// When the database fails.
pub async fn find_by_token(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Locked>, sqlx::Error> {
    let row = locked_query!("(token_hash = $2 or reminder_hash = $2)", ws, token_hash).fetch_optional(db).await?;
    Ok(row.map(Locked::from))
}

/// The invitation of a link's token, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_by_token(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Locked>, sqlx::Error> {
    let row = locked_query!("(token_hash = $2 or reminder_hash = $2) for no key update", ws, token_hash)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Locked::from))
}

/// The hash of the password that was registered with an address and waits for approval.
///
/// # Errors
/// When the database fails.
pub async fn find_waiting_hash(db: &mut PgConnection, ws: Uuid, key: &str) -> Result<Option<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select registered_hash from invitations where workspace_id = $1 and email_key = $2 and status = 'waiting'",
        ws,
        key
    );
    Ok(found.fetch_optional(db).await?.flatten())
}

/// One invitation, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Locked>, sqlx::Error> {
    let row = locked_query!("id = $2 for no key update", ws, id).fetch_optional(db).await?;
    Ok(row.map(Locked::from))
}

/// Several, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_all(db: &mut PgConnection, ws: Uuid, ids: &[Uuid]) -> Result<Vec<Locked>, sqlx::Error> {
    let rows = locked_query!("id = any($2) order by id for no key update", ws, ids).fetch_all(db).await?;
    Ok(rows.into_iter().map(Locked::from).collect())
}

/// Of each address the newest invitation that could be resent or is open, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_newest(
    db: &mut PgConnection,
    ws: Uuid,
    keys: &[impl AsRef<str>],
) -> Result<Vec<Locked>, sqlx::Error> {
    let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    let rows = locked_query!(
        "status in ('pending', 'waiting', 'rejected') and email_key = any($2::text[]) order by invited_at desc, id desc for no key update",
        ws,
        &keys as _
    )
    .fetch_all(db)
    .await?;
    Ok(newest(rows))
}

/// The same, not locked: for showing it.
///
/// # Errors
/// When the database fails.
pub async fn list_newest(
    db: &mut PgConnection,
    ws: Uuid,
    keys: &[impl AsRef<str>],
) -> Result<Vec<Locked>, sqlx::Error> {
    let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    let rows = locked_query!(
        "status in ('pending', 'waiting', 'rejected') and email_key = any($2::text[]) order by invited_at desc, id desc",
        ws,
        &keys as _
    )
    .fetch_all(db)
    .await?;
    Ok(newest(rows))
}

/// What would activate an account, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_activations(db: &mut PgConnection, ws: Uuid, user: Uuid) -> Result<Vec<Locked>, sqlx::Error> {
    let rows = locked_query!("status in ('pending', 'waiting') and user_id = $2 for no key update", ws, user)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(Locked::from).collect())
}

/// The first row of each address.
fn newest(rows: Vec<LockedRow>) -> Vec<Locked> {
    let mut seen = std::collections::HashSet::new();
    rows.into_iter().map(Locked::from).filter(|it| seen.insert(it.address.key.clone())).collect()
}
