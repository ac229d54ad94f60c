//! SQL of workspaces.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Plan;

/// A workspace, as the server needs it for each request.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Key of every row that belongs to it.
    pub id: Uuid,
    /// What its tokens, sessions and keys begin with.
    pub public_id: String,
    /// Its name.
    pub name: String,
    /// Its own host name; the default workspace has none.
    pub host: Option<String>,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// Its plan, as it was when the workspace was looked up: whoever depends on it at this instant asks `find_plan`.
    pub plan: Plan,
}

struct Row {
    id: Uuid,
    public_id: String,
    name: String,
    host: Option<String>,
    colour: String,
    plan: String,
}

impl From<Row> for Workspace {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            public_id: row.public_id,
            name: row.name,
            host: row.host,
            colour: row.colour,
            // The column's check admits no other word; what is unknown has nothing.
            plan: row.plan.parse().unwrap_or_default(),
        }
    }
}

/// The plan of a workspace, and its seats.
///
/// # Errors
/// When the database fails.
pub async fn find_plan(db: &mut PgConnection, ws: Uuid) -> Result<(Plan, i32), sqlx::Error> {
    let row = sqlx::query!("select plan, seats from workspaces where id = $1", ws).fetch_one(db).await?;
    Ok((row.plan.parse().unwrap_or_default(), row.seats))
}

/// Sets the plan of a workspace, and its seats.
///
/// # Errors
/// When the database fails.
pub async fn update_plan(db: &mut PgConnection, ws: Uuid, plan: Plan, seats: i32) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set plan = $2, seats = $3 where id = $1", ws, plan.slug(), seats)
        .execute(db)
        .await?;
    Ok(())
}

/// The domains whose addresses alone are invited; none for all.
///
/// # Errors
/// When the database fails.
pub async fn list_mail_domains(db: &mut PgConnection, ws: Uuid) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select mail_domains from workspaces where id = $1", ws).fetch_one(db).await
}

/// Whether a registration is approved by itself.
///
/// # Errors
/// When the database fails.
pub async fn approves_itself(db: &mut PgConnection, ws: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!("select auto_approval from workspaces where id = $1", ws).fetch_one(db).await
}

/// How many seats are free.
///
/// # Errors
/// When the database fails.
pub async fn count_free_seats(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(r#"select seats - seats_taken($1, seats) as "free!" from workspaces where id = $1"#, ws)
        .fetch_one(db)
        .await
}

/// How many seats are free, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn count_seats(db: &mut PgConnection, ws: Uuid) -> Result<(i64, i64), sqlx::Error> {
    let row = sqlx::query!(
        r#"select greatest(seats - seats_taken($1, seats), 0) as "free!", seats::bigint as "all!" from workspaces where id = $1"#,
        ws
    )
    .fetch_one(db)
    .await?;
    Ok((row.free, row.all))
}

/// How long a link by mail works, in hours.
///
/// # Errors
/// When the database fails.
pub async fn find_mail_validity(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select (extract(epoch from mail_validity) / 3600)::bigint as "hours!" from workspaces where id = $1"#,
        ws
    )
    .fetch_one(db)
    .await
}

/// The workspace of a host name; of any other, the default workspace.
///
/// # Errors
/// When the database fails.
pub async fn find_by_host(db: &mut PgConnection, host: &str) -> Result<Option<Workspace>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select id, public_id, name, host, colour, plan from workspaces where host = $1 or host is null
         order by host nulls last limit 1",
        host,
    )
    .fetch_optional(db)
    .await
    .map(|row| row.map(Workspace::from))
}

/// A workspace by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid) -> Result<Option<Workspace>, sqlx::Error> {
    sqlx::query_as!(Row, "select id, public_id, name, host, colour, plan from workspaces where id = $1", ws)
        .fetch_optional(db)
        .await
        .map(|row| row.map(Workspace::from))
}

/// The workspace whose tokens, sessions and keys begin so.
///
/// # Errors
/// When the database fails.
pub async fn find_id(db: &mut PgConnection, public_id: &str) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!("select id from workspaces where public_id = $1", public_id).fetch_optional(db).await
}

/// Makes the default workspace unless there is one.
///
/// # Errors
/// When the database fails.
pub async fn ensure_default(db: &mut PgConnection, public_id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into workspaces (id, public_id, name) values ($1, $2, $3) on conflict (host) do nothing",
        Uuid::now_v7(),
        public_id,
        name,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Makes a workspace with a host name of its own. `None` when the host is taken.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut PgConnection,
    public_id: &str,
    name: &str,
    host: &str,
) -> Result<Option<Workspace>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "insert into workspaces (id, public_id, name, host) values ($1, $2, $3, $4) on conflict (host) do nothing
         returning id, public_id, name, host, colour, plan",
        Uuid::now_v7(),
        public_id,
        name,
        host,
    )
    .fetch_optional(db)
    .await
    .map(|row| row.map(Workspace::from))
}

/// Workspaces that nobody owns yet.
///
/// # Errors
/// When the database fails.
pub async fn list_ownerless(db: &mut PgConnection) -> Result<Vec<Workspace>, sqlx::Error> {
    sqlx::query_as!(
        Row,
        "select id, public_id, name, host, colour, plan from workspaces
         where not exists (select 1 from assignments where assignments.workspace_id = workspaces.id and role_id = '00000000-0000-0000-0000-000000000001')
         order by created_at",
    )
    .fetch_all(db)
    .await
    .map(|rows| rows.into_iter().map(Workspace::from).collect())
}

/// Renames the workspace.
///
/// # Errors
/// When the database fails.
pub async fn update_name(db: &mut PgConnection, ws: Uuid, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set name = $2 where id = $1", ws, name).execute(db).await?;
    Ok(())
}

/// Sets the hash of the one set-up link that works.
///
/// # Errors
/// When the database fails.
pub async fn update_owner_token(db: &mut PgConnection, ws: Uuid, hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update workspaces set owner_token_hash = $2
         where id = $1 and not exists (select 1 from assignments where assignments.workspace_id = $1 and role_id = '00000000-0000-0000-0000-000000000001')",
        ws,
        hash
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Locks the workspace and tells whether this is its set-up token and it still has no owner.
///
/// # Errors
/// When the database fails.
pub async fn lock_for_owner(db: &mut PgConnection, ws: Uuid, hash: &[u8]) -> Result<bool, sqlx::Error> {
    let row =
        sqlx::query!("select id from workspaces where id = $1 and owner_token_hash = $2 for no key update", ws, hash)
            .fetch_optional(&mut *db)
            .await?;
    if row.is_none() {
        return Ok(false);
    }
    let owned = sqlx::query_scalar!(
        r#"select exists (select 1 from assignments where assignments.workspace_id = $1 and role_id = '00000000-0000-0000-0000-000000000001') as "owned!""#,
        ws
    )
    .fetch_one(db)
    .await?;
    Ok(!owned)
}

/// Whether this is the workspace's set-up token.
///
/// # Errors
/// When the database fails.
pub async fn is_owner_token(db: &mut PgConnection, ws: Uuid, hash: &[u8]) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"select exists (select 1 from workspaces where id = $1 and owner_token_hash = $2) as "found!""#,
        ws,
        hash
    )
    .fetch_one(db)
    .await?;
    Ok(found)
}

/// The set-up link stops working.
///
/// # Errors
/// When the database fails.
pub async fn delete_owner_token(db: &mut PgConnection, ws: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("update workspaces set owner_token_hash = null where id = $1", ws).execute(db).await?;
    Ok(())
}
