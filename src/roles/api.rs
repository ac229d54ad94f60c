//! Server functions of roles.

use leptos::prelude::*;

use super::model::RoleChoice;
use crate::{access::Category, error::AppError};

/// The roles of a category that the reader may give.
#[server(endpoint = "list-role-choices")]
pub async fn list_role_choices(category: Category) -> Result<Vec<RoleChoice>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_choices(&cx, category))
}
