//! Server functions of APIs and of access to them.

use leptos::prelude::*;
use uuid::Uuid;

use super::{
    grants::model::{Access, AccessForm, Suggestion},
    model::{Api, ApiDetail, ApiForm},
};
#[cfg(feature = "ssr")]
use crate::{
    accounts::model::local_path,
    paths,
    ui::toast::{Deed, Notice, Thing},
};
use crate::{
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    rights::model::Preview,
    ui::toast::Outcome,
};

/// One page of the APIs.
#[server(endpoint = "list-apis")]
pub async fn list_apis(query: ListQuery) -> Result<Page<Api>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_apis(&cx, &query).await)
}

/// One API.
#[server(endpoint = "find-api")]
pub async fn find_api(id: Uuid) -> Result<ApiDetail, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_api(&cx, id).await)
}

/// One page of those who have access to an API.
#[server(endpoint = "list-access")]
pub async fn list_access(id: Uuid, query: ListQuery) -> Result<Page<Access>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::grants::service::list_access(&cx, id, &query).await)
}

/// Makes an API.
#[server(endpoint = "create-api")]
pub async fn create_api(form: ApiForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let api = cx.answer(super::service::create_api(&cx, form).await)?;
    Ok(done(paths::api(api.id), Thing::Api, Deed::Created, api.name))
}

/// Changes an API.
#[server(endpoint = "edit-api")]
pub async fn edit_api(form: ApiForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let api = cx.answer(super::service::edit_api(&cx, form).await)?;
    Ok(done(paths::api(api.id), Thing::Api, Deed::Saved, api.name))
}

/// Deletes an API.
#[server(endpoint = "delete-api")]
pub async fn delete_api(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::delete_api(&cx, form.id).await)?;
    Ok(done(paths::APIS, Thing::Api, Deed::Deleted, name))
}

/// Who loses what by Revoke All Access, or by deleting an API.
#[server(endpoint = "preview-api")]
pub async fn preview_api(id: Uuid, #[server(default)] delete: bool) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview_api(&cx, id, delete).await)
}

/// Gives access to an API.
#[server(endpoint = "add-access")]
pub async fn add_access(form: AccessForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let back = local_path(&form.back).to_owned();
    let name = cx.answer(super::grants::service::add_access(&cx, form).await)?;
    Ok(done(back, Thing::Access, Deed::Saved, name))
}

/// Takes one grant away.
#[server(endpoint = "remove-access")]
pub async fn remove_access(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::grants::service::remove_access(&cx, form.id).await)?;
    Ok(done(local_path(&form.back), Thing::Access, Deed::Deleted, name))
}

/// Takes an API from everybody.
#[server(endpoint = "revoke-all-access")]
pub async fn revoke_all_access(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::grants::service::revoke_all_access(&cx, form.id).await)?;
    Ok(done(paths::api(form.id), Thing::Access, Deed::Deleted, name))
}

/// Users and customers to choose from.
#[server(endpoint = "search-access-people")]
pub async fn search_people(q: String) -> Result<Vec<Suggestion>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::grants::service::search_people(&cx, &q).await)
}

/// Groups to choose from.
#[server(endpoint = "search-access-groups")]
pub async fn search_groups(q: String) -> Result<Vec<Suggestion>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::grants::service::search_groups(&cx, &q).await)
}

/// APIs to choose from.
#[server(endpoint = "search-access-apis")]
pub async fn search_apis(q: String) -> Result<Vec<Suggestion>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::grants::service::search_apis(&cx, &q).await)
}

#[cfg(feature = "ssr")]
fn done(to: impl Into<String>, thing: Thing, deed: Deed, name: String) -> Outcome {
    Outcome::to(to, Notice::Done { thing, deed, name })
}
