//! Server functions of organizations.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Belonging, Dependents, Named, NewForm, Organization, OrganizationUser, RenameForm, UserForm};
use crate::{
    access::RoleRef,
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    ui::toast::Outcome,
};
#[cfg(feature = "ssr")]
use crate::{
    paths,
    ui::toast::{Deed, Notice, Thing},
};

/// One page of the organizations.
#[server(endpoint = "list-organizations")]
pub async fn list_organizations(query: ListQuery) -> Result<Page<Organization>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_organizations(&cx, &query).await)
}

/// The organizations that hold this in their names.
#[server(endpoint = "search-organizations")]
pub async fn search_organizations(#[server(default)] part: String) -> Result<Vec<Named>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::search_organizations(&cx, &part))
}

/// One organization.
#[server(endpoint = "find-organization")]
pub async fn find_organization(id: Uuid) -> Result<Organization, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_organization(&cx, id).await)
}

/// Who keeps an organization from being deleted.
#[server(endpoint = "list-organization-dependents")]
pub async fn list_dependents(id: Uuid) -> Result<Dependents, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_dependents(&cx, id).await)
}

/// Makes an organization.
#[server(endpoint = "create-organization")]
pub async fn create_organization(form: NewForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let made = cx.answer(super::service::create_organization(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Organization, deed: Deed::Created, name: made.name };
    Ok(Outcome::to(paths::organization(made.id), notice))
}

/// Gives an organization another name.
#[server(endpoint = "rename-organization")]
pub async fn rename_organization(form: RenameForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let named = cx.answer(super::service::rename_organization(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Organization, deed: Deed::Saved, name: named.name };
    Ok(Outcome::to(paths::organization(named.id), notice))
}

/// Deletes an organization.
#[server(endpoint = "delete-organization")]
pub async fn delete_organization(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let gone = cx.answer(super::service::delete_organization(&cx, form.id).await)?;
    let notice = Notice::Done { thing: Thing::Organization, deed: Deed::Deleted, name: gone.name };
    Ok(Outcome::to(paths::ORGANIZATIONS, notice))
}

/// One page of the users of an organization.
#[server(endpoint = "list-organization-users")]
pub async fn list_organization_users(id: Uuid, query: ListQuery) -> Result<Page<OrganizationUser>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::users::list_users(&cx, id, &query).await)
}

/// The roles that the reader may give in an organization.
#[server(endpoint = "list-organization-roles")]
pub async fn list_organization_roles(id: Uuid) -> Result<Vec<RoleRef>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::users::list_roles(&cx, id).await)
}

/// A user of an organization.
#[server(endpoint = "find-organization-user")]
pub async fn find_organization_user(id: Uuid, #[server(default)] user: Uuid) -> Result<Belonging, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::users::find_user(&cx, id, user).await)
}

/// Adds a user to organizations.
#[server(endpoint = "add-organization-user")]
pub async fn add_organization_user(form: UserForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let back = paths::organization(form.page_of);
    let made = cx.answer(super::service::users::add_user(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::OrganizationUser, deed: Deed::Created, name: made.full_name };
    Ok(Outcome::to(back, notice))
}

/// Changes a user of organizations.
#[server(endpoint = "edit-organization-user")]
pub async fn edit_organization_user(form: UserForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let back = paths::organization(form.page_of);
    let name = cx.answer(super::service::users::edit_user(&cx, form).await)?;
    Ok(Outcome::to(back, Notice::Done { thing: Thing::OrganizationUser, deed: Deed::Saved, name }))
}

/// Removes a user of organizations.
#[server(endpoint = "remove-organization-user")]
pub async fn remove_organization_user(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::users::remove_user(&cx, form.id).await)?;
    let back = crate::accounts::model::local_path(&form.back).to_owned();
    Ok(Outcome::to(back, Notice::Done { thing: Thing::OrganizationUser, deed: Deed::Deleted, name }))
}
