//! Server functions of Billing.

use leptos::prelude::*;

use super::model::Billing;
use crate::error::AppError;

/// The plan and its seats.
#[server(endpoint = "read-billing")]
pub async fn read_billing() -> Result<Billing, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_billing(&cx).await)
}
