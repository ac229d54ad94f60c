//! Server functions of the outbox.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Captured, Outbox};
use crate::error::AppError;

/// One page of the outbox.
#[server(endpoint = "list-outbox")]
pub async fn list_outbox(after: String) -> Result<Outbox, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_outbox(&cx, &after).await)
}

/// A captured mail.
#[server(endpoint = "read-captured")]
pub async fn read_captured(id: Uuid) -> Result<Captured, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_captured(&cx, id).await)
}
