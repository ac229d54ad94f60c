//! Server functions of requests for access.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{AccessRequest, ApproveForm, Asked, DenyForm, Details, Prepared, RequestForm};
use crate::{
    error::AppError,
    listing::{ListQuery, Page},
    ui::toast::Outcome,
};

/// What stands in the way of asking for this.
#[server(endpoint = "prepare-request")]
pub async fn prepare_request(asked: Asked) -> Result<Prepared, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::prepare_request(&cx, &asked).await)
}

/// Asks for access.
#[server(endpoint = "request-access")]
pub async fn request_access(form: RequestForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::request_access(&cx, form).await)?;
    Ok(super::model::outcome(crate::paths::MY_REQUESTS, crate::ui::toast::Deed::Sent, name))
}

/// One page of the reader's own requests.
#[server(endpoint = "list-own-requests")]
pub async fn list_own_requests(query: ListQuery) -> Result<Page<AccessRequest>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_own_requests(&cx, &query).await)
}

/// One page of everybody's requests.
#[server(endpoint = "list-requests")]
pub async fn list_requests(query: ListQuery) -> Result<Page<AccessRequest>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_requests(&cx, &query).await)
}

/// How many wait to be decided.
#[server(endpoint = "count-open-requests")]
pub async fn count_open_requests() -> Result<i64, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::count_open_requests(&cx).await)
}

/// One request, with what its approval would give.
#[server(endpoint = "find-request")]
pub async fn find_request(id: Uuid) -> Result<Details, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_request(&cx, id).await)
}

/// Approves a request.
#[server(endpoint = "approve-request")]
pub async fn approve_request(form: ApproveForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::approve_request(&cx, form).await)?;
    Ok(super::model::outcome(crate::paths::ACCESS_REQUESTS, crate::ui::toast::Deed::Approved, name))
}

/// Denies a request.
#[server(endpoint = "deny-request")]
pub async fn deny_request(form: DenyForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::deny_request(&cx, form).await)?;
    Ok(super::model::outcome(crate::paths::ACCESS_REQUESTS, crate::ui::toast::Deed::Denied, name))
}
