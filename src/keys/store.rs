//! SQL of keys.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::ApiKey;

/// The keys of a workspace, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut PgConnection, ws: Uuid) -> Result<Vec<ApiKey>, sqlx::Error> {
    sqlx::query_as!(
        ApiKey,
        "select id, name, asks, created_at from api_keys where workspace_id = $1 order by created_at, id",
        ws
    )
    .fetch_all(db)
    .await
}

/// Keeps a key that may ask the decision API, by the hash of its token.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, name: &str, token_hash: &[u8]) -> Result<ApiKey, sqlx::Error> {
    sqlx::query_as!(
        ApiKey,
        "insert into api_keys (workspace_id, id, name, token_hash, asks) values ($1, $2, $3, $4, true)
         returning id, name, asks, created_at",
        ws,
        Uuid::now_v7(),
        name,
        token_hash
    )
    .fetch_one(db)
    .await
}

/// Deletes a key; `None` where there is none of this id.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<ApiKey>, sqlx::Error> {
    sqlx::query_as!(
        ApiKey,
        "delete from api_keys where workspace_id = $1 and id = $2 returning id, name, asks, created_at",
        ws,
        id
    )
    .fetch_optional(db)
    .await
}
