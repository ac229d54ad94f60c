//! Server functions of imports.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Import, ImportForm, Row};
use crate::{
    access::Category,
    error::AppError,
    listing::{ListQuery, Page},
    ui::toast::Outcome,
};

/// The newest imports of a kind.
#[server(endpoint = "list-imports")]
pub async fn list_imports(kind: Category) -> Result<Vec<Import>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_imports(&cx, kind).await)
}

/// One import.
#[server(endpoint = "find-import")]
pub async fn find_import(kind: Category, id: Uuid) -> Result<Import, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_import(&cx, kind, id).await)
}

/// One page of an import's rows.
#[server(endpoint = "list-import-rows")]
pub async fn list_import_rows(kind: Category, id: Uuid, query: ListQuery) -> Result<Page<Row>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_import_rows(&cx, kind, id, &query).await)
}

/// Starts an import that was checked.
#[server(endpoint = "start-import")]
pub async fn start_import(form: ImportForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::start_import(&cx, &form).await)?;
    Ok(Outcome::to(crate::paths::import(form.category(), form.id), crate::ui::toast::Notice::ImportStarted))
}

/// Stops an import before it has written anything.
#[server(endpoint = "cancel-import")]
pub async fn cancel_import(form: ImportForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::cancel_import(&cx, &form).await)?;
    Ok(Outcome::to(crate::paths::imports(form.category()), crate::ui::toast::Notice::ImportCancelled))
}
