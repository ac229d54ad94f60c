//! Server functions of users.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{EditForm, User};
use crate::{
    error::AppError,
    listing::{ListQuery, Page},
    ui::toast::Outcome,
};

/// One page of users.
#[server(endpoint = "list-users")]
pub async fn list_users(query: ListQuery) -> Result<Page<User>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_users(&cx, &query).await)
}

/// One user.
#[server(endpoint = "find-user")]
pub async fn find_user(id: Uuid) -> Result<User, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_user(&cx, id).await)
}

/// Changes a user.
#[server(endpoint = "edit-user")]
pub async fn edit_user(form: EditForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let user = cx.answer(super::service::edit_user(&cx, form).await)?;
    Ok(Outcome::to(crate::paths::USERS, crate::ui::toast::Notice::UserSaved { name: user.full_name }))
}

/// Removes a user.
#[server(endpoint = "remove-user")]
pub async fn remove_user(form: crate::listing::Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let user = cx.answer(super::service::remove_user(&cx, form.id).await)?;
    Ok(Outcome::to(crate::paths::USERS, crate::ui::toast::Notice::UserRemoved { name: user.full_name }))
}
