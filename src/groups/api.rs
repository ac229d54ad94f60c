//! Server functions of groups.

use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use super::model::Tab;
use super::model::{Group, GroupApi, GroupApisForm, GroupChange, GroupForm, Member, MemberForm};
use crate::{
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    rights::model::Preview,
    ui::toast::Outcome,
};
#[cfg(feature = "ssr")]
use crate::{
    paths,
    ui::toast::{Deed, Notice, Thing},
};

/// One page of the groups.
#[server(endpoint = "list-groups")]
pub async fn list_groups(query: ListQuery) -> Result<Page<Group>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_groups(&cx, &query).await)
}

/// One group.
#[server(endpoint = "find-group")]
pub async fn find_group(id: Uuid) -> Result<Group, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_group(&cx, id).await)
}

/// One page of the members of a group.
#[server(endpoint = "list-group-members")]
pub async fn list_members(id: Uuid, query: ListQuery) -> Result<Page<Member>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_members(&cx, id, &query).await)
}

/// One page of the APIs of a group.
#[server(endpoint = "list-group-apis")]
pub async fn list_group_apis(id: Uuid, query: ListQuery) -> Result<Page<GroupApi>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_group_apis(&cx, id, &query).await)
}

/// Makes a group.
#[server(endpoint = "create-group")]
pub async fn create_group(form: GroupForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let (id, name) = cx.answer(super::service::create_group(&cx, form).await)?;
    Ok(done(paths::group(id), Thing::Group, Deed::Created, name))
}

/// Gives a group another name.
#[server(endpoint = "edit-group")]
pub async fn edit_group(form: GroupForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let (id, name) = cx.answer(super::service::edit_group(&cx, form).await)?;
    Ok(done(paths::group(id), Thing::Group, Deed::Saved, name))
}

/// Deletes a group.
#[server(endpoint = "delete-group")]
pub async fn delete_group(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::delete_group(&cx, form.id).await)?;
    Ok(done(paths::GROUPS, Thing::Group, Deed::Deleted, name))
}

/// Puts users and customers into a group.
#[server(endpoint = "add-group-members")]
pub async fn add_members(form: GroupForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let to = paths::group(form.id.unwrap_or_default());
    let name = cx.answer(super::service::add_members(&cx, form).await)?;
    Ok(done(to, Thing::Group, Deed::Saved, name))
}

/// Takes somebody out of a group.
#[server(endpoint = "remove-group-member")]
pub async fn remove_member(form: MemberForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::remove_member(&cx, form.id, form.member).await)?;
    Ok(done(paths::group(form.id), Thing::Group, Deed::Saved, name))
}

/// Assigns APIs to a group.
#[server(endpoint = "add-group-apis")]
pub async fn add_group_apis(form: GroupApisForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let to = paths::group_tab(form.id, Tab::Apis.slug());
    let name = cx.answer(super::service::add_group_apis(&cx, form).await)?;
    Ok(done(to, Thing::Access, Deed::Saved, name))
}

/// Who gains and who loses what by a change of a group.
#[server(endpoint = "preview-group")]
pub async fn preview_group(change: GroupChange) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview_group(&cx, change).await)
}

#[cfg(feature = "ssr")]
fn done(to: impl Into<String>, thing: Thing, deed: Deed, name: String) -> Outcome {
    Outcome::to(to, Notice::Done { thing, deed, name })
}
