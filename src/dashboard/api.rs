//! Server function of the dashboard.

use leptos::prelude::*;

use super::model::Dashboard;
use crate::error::AppError;

/// The dashboard of whoever is signed in.
#[server(endpoint = "read-dashboard")]
pub async fn read_dashboard() -> Result<Dashboard, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::dashboard(&cx).await)
}
