//! Server functions of customers.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Customer, EditForm, GroupRef, NewForm};
use crate::{
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    people::model::User,
    rights::model::Preview,
    ui::toast::Outcome,
};
#[cfg(feature = "ssr")]
use crate::{
    paths,
    ui::toast::{Deed, Notice, Thing},
};

/// One page of customers.
#[server(endpoint = "list-customers")]
pub async fn list_customers(query: ListQuery) -> Result<Page<User>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_customers(&cx, &query).await)
}

/// One customer, and the APIs that they reach.
#[server(endpoint = "find-customer")]
pub async fn find_customer(id: Uuid) -> Result<Customer, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_customer(&cx, id).await)
}

/// How many APIs serve a Customer ID.
#[server(endpoint = "count-matching-apis")]
pub async fn count_matching_apis(#[server(default)] customer_id: String) -> Result<u32, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::count_matching(&cx, &customer_id))
}

/// The groups that hold this in their names.
#[server(endpoint = "search-customer-groups")]
pub async fn search_groups(#[server(default)] part: String) -> Result<Vec<GroupRef>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::search_groups(&cx, &part))
}

/// What a customer would gain and lose by another Customer ID and other groups.
#[server(endpoint = "preview-customer")]
pub async fn preview_customer(
    id: Uuid,
    #[server(default)] customer_id: String,
    #[server(default)] groups: Vec<String>,
) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview(&cx, id, &customer_id, &groups).await)
}

/// Makes a customer.
#[server(endpoint = "create-customer")]
pub async fn create_customer(form: NewForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let made = cx.answer(super::service::create_customer(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Customer, deed: Deed::Created, name: made.full_name };
    Ok(Outcome::to(paths::customer(made.id), notice))
}

/// Changes a customer.
#[server(endpoint = "edit-customer")]
pub async fn edit_customer(form: EditForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let saved = cx.answer(super::service::edit_customer(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Customer, deed: Deed::Saved, name: saved.full_name };
    Ok(Outcome::to(paths::customer(saved.id), notice))
}

/// Removes a customer.
#[server(endpoint = "remove-customer")]
pub async fn remove_customer(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let gone = cx.answer(super::service::remove_customer(&cx, form.id).await)?;
    let notice = Notice::Done { thing: Thing::Customer, deed: Deed::Deleted, name: gone.full_name };
    Ok(Outcome::to(paths::CUSTOMERS, notice))
}
