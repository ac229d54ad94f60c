//! SQL of signing in: passwords and sessions.

use sqlx::PgConnection;
use uuid::Uuid;

/// What signing in compares with.
pub struct Credentials {
    /// The user.
    pub user_id: Uuid,
    /// The password's hash; none before a password was set.
    pub password_hash: Option<String>,
    /// Whether the account may sign in.
    pub enabled: bool,
}

/// The credentials of an address.
///
/// # Errors
/// When the database fails.
pub async fn find_credentials(
    db: &mut PgConnection,
    ws: Uuid,
    email_key: &str,
) -> Result<Option<Credentials>, sqlx::Error> {
    sqlx::query_as!(
        Credentials,
        r#"select id as user_id, password_hash, state = 'enabled' as "enabled!" from users
           where workspace_id = $1 and email_key = $2"#,
        ws,
        email_key
    )
    .fetch_optional(db)
    .await
}

/// Holds a user as enabled until the transaction ends; false when they are not, any more.
///
/// # Errors
/// When the database fails.
pub async fn lock_enabled(db: &mut PgConnection, ws: Uuid, user_id: Uuid) -> Result<bool, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select id from users where workspace_id = $1 and id = $2 and state = 'enabled' for share",
        ws,
        user_id
    )
    .fetch_optional(db)
    .await?;
    Ok(found.is_some())
}

/// Whom a live session belongs to.
pub struct SessionUser {
    /// The user.
    pub user_id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Address.
    pub email: String,
    /// The version of the workspace's rights, as it is now.
    pub version: i64,
    /// Now, in Unix seconds.
    pub at: i64,
    /// Whether the session's last use is long enough ago to be written down.
    pub stale: bool,
    /// Whether the password was given by somebody else and is to be changed first.
    pub new_password_due: bool,
}

/// The user of a session that is neither idle for 12 hours nor older than 7 days, with the rights of this instant; only
/// an enabled one.
///
/// # Errors
/// When the database fails.
pub async fn find_session(
    db: &mut PgConnection,
    ws: Uuid,
    token_hash: &[u8],
) -> Result<Option<SessionUser>, sqlx::Error> {
    sqlx::query_as!(
        SessionUser,
        r#"select users.id as user_id, full_name, email, version, extract(epoch from now())::bigint as "at!",
               last_used_at < now() - interval '1 minute' as "stale!", must_change_password as new_password_due
           from sessions join users on users.workspace_id = sessions.workspace_id and users.id = sessions.user_id
           join rights on rights.workspace_id = sessions.workspace_id
           where sessions.workspace_id = $1 and token_hash = $2 and state = 'enabled'
             and last_used_at > now() - interval '12 hours' and sessions.created_at > now() - interval '7 days'"#,
        ws,
        token_hash
    )
    .fetch_optional(db)
    .await
}

/// Writes down that a session and its user were here.
///
/// # Errors
/// When the database fails.
pub async fn touch_session(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    // Two statements, each done by itself: who removes a user locks the user before the sessions.
    let used = sqlx::query_scalar!(
        "update sessions set last_used_at = now() where workspace_id = $1 and token_hash = $2 returning user_id",
        ws,
        token_hash
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(user_id) = used {
        sqlx::query!("update users set last_seen_at = now() where workspace_id = $1 and id = $2", ws, user_id)
            .execute(db)
            .await?;
    }
    Ok(())
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn insert_session(
    db: &mut PgConnection,
    ws: Uuid,
    token_hash: &[u8],
    user_id: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into sessions (workspace_id, token_hash, user_id) values ($1, $2, $3)",
        ws,
        token_hash,
        user_id
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("update users set last_seen_at = now() where workspace_id = $1 and id = $2", ws, user_id)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives a user, who was given a password by somebody else, one of their own. False where none is due.
///
/// # Errors
/// When the database fails.
pub async fn update_due_password(
    db: &mut PgConnection,
    ws: Uuid,
    user_id: Uuid,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users set password_hash = $3, must_change_password = false
         where workspace_id = $1 and id = $2 and must_change_password and state = 'enabled'",
        ws,
        user_id,
        password_hash
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a user but this one.
///
/// # Errors
/// When the database fails.
pub async fn delete_other_sessions(
    db: &mut PgConnection,
    ws: Uuid,
    user_id: Uuid,
    token_hash: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from sessions where workspace_id = $1 and user_id = $2 and token_hash <> $3",
        ws,
        user_id,
        token_hash
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn delete_session(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sessions where workspace_id = $1 and token_hash = $2", ws, token_hash)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends every session of a user.
///
/// # Errors
/// When the database fails.
pub async fn delete_sessions_of(db: &mut PgConnection, ws: Uuid, user_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sessions where workspace_id = $1 and user_id = $2", ws, user_id).execute(db).await?;
    Ok(())
}

/// Forgets sessions that have ended by time, in every workspace.
///
/// # Errors
/// When the database fails.
pub async fn delete_ended(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from sessions where last_used_at < now() - interval '12 hours' or created_at < now() - interval '7 days'"
    )
    .execute(db)
    .await?;
    Ok(())
}
