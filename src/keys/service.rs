//! Use cases of keys. No page shows them, so no change of theirs is announced to consoles; servers hear of it with the rights.

use uuid::Uuid;

use super::{model::ApiKey, store};
use crate::{
    access::{Action, Feature},
    accounts::model::check_name,
    audit,
    error::AppError,
    platform::{context::Context, fault::Fault, secrets::Token},
};

/// The keys, the oldest first.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_keys(cx: &Context) -> Result<Vec<ApiKey>, Fault> {
    cx.authorize(Action::View, Feature::ApiKeys)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws()).await?)
}

/// Makes a key that may ask the decision API. The token is given back once and never again: only its hash is kept
/// (PITFALLS.md 33).
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`: the name.
pub async fn create_key(cx: &Context, name: &str) -> Result<(ApiKey, Token), Fault> {
    let name = check_name(name).map_err(|problem| AppError::field("name", problem))?;
    let (mut tx, _) = cx.begin_change(Action::Create, Feature::ApiKeys).await?;
    let token = Token::new(&cx.workspace.public_id);
    let key = store::insert(&mut tx, cx.ws(), &name, token.hash()).await?;
    let entry = audit::Entry { action: "key.create", kind: "key", id: key.id, label: &key.name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&serde_json::json!({ "asks": key.asks }))).await?;
    tx.commit().await?;
    Ok((key, token))
}

/// Deletes a key: with the next request it is one that was never made.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn delete_key(cx: &Context, id: Uuid) -> Result<ApiKey, Fault> {
    let (mut tx, _) = cx.begin_change(Action::Delete, Feature::ApiKeys).await?;
    let key = store::delete(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action: "key.delete", kind: "key", id, label: &key.name };
    audit::record(&mut tx, cx, entry, Some(&serde_json::json!({ "asks": key.asks })), None::<&()>).await?;
    tx.commit().await?;
    Ok(key)
}
