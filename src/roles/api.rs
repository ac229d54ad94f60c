//! Server functions of roles.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{DeleteRoleForm, Draft, NewRoleForm, Role, RoleChoice, RoleForm, RoleTable, Start};
use crate::{access::Category, error::AppError, rights::model::Preview, ui::toast::Outcome};

/// The roles of a category that the reader may give.
#[server(endpoint = "list-role-choices")]
pub async fn list_role_choices(category: Category) -> Result<Vec<RoleChoice>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_choices(&cx, category))
}

/// Every role.
#[server(endpoint = "list-roles")]
pub async fn list_roles() -> Result<RoleTable, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_roles(&cx).await)
}

/// One role.
#[server(endpoint = "find-role")]
pub async fn find_role(id: Uuid) -> Result<Role, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_role(&cx, id).await)
}

/// What a new role begins with.
#[server(endpoint = "draft-role")]
pub async fn draft_role(#[server(default)] start: Start) -> Result<Draft, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::draft_role(&cx, &start).await)
}

/// Who gains and who loses, if a role permitted these cells.
#[server(endpoint = "preview-role")]
pub async fn preview_role(id: Uuid, #[server(default)] cells: Vec<String>) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview_role(&cx, id, &cells).await)
}

/// Who gains and who loses, if the holders of a role were moved to another.
#[server(endpoint = "preview-role-move")]
pub async fn preview_role_move(id: Uuid, #[server(default)] to: String) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview_move(&cx, id, &to).await)
}

/// Makes a role.
#[server(endpoint = "create-role")]
pub async fn create_role(form: NewRoleForm) -> Result<Outcome, AppError> {
    use crate::ui::toast::{Deed, Notice, Thing};
    let cx = crate::platform::context::Context::current()?;
    let role = cx.answer(super::service::create_role(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Role, deed: Deed::Created, name: role.name };
    Ok(Outcome::to(crate::paths::role(role.id), notice))
}

/// Changes a role; or shows its page again with who gains and who loses.
#[server(endpoint = "save-role")]
pub async fn save_role(form: RoleForm) -> Result<Outcome, AppError> {
    use crate::ui::toast::{Deed, Notice, Thing};
    let cx = crate::platform::context::Context::current()?;
    if form.preview {
        return cx.answer(super::service::check_role(&cx, &form)).map(|()| Outcome::again());
    }
    let role = cx.answer(super::service::save_role(&cx, form).await)?;
    let notice = Notice::Done { thing: Thing::Role, deed: Deed::Saved, name: role.name };
    Ok(Outcome::to(crate::paths::ROLES, notice))
}

/// Deletes a role; or shows its page again with who gains and who loses.
#[server(endpoint = "delete-role")]
pub async fn delete_role(form: DeleteRoleForm) -> Result<Outcome, AppError> {
    use crate::ui::toast::{Deed, Notice, Thing};
    let cx = crate::platform::context::Context::current()?;
    if form.preview {
        return cx.answer(super::service::preview_move(&cx, form.id, &form.to).await).map(|_| Outcome::again());
    }
    let role = cx.answer(super::service::delete_role(&cx, &form).await)?;
    let notice = Notice::Done { thing: Thing::Role, deed: Deed::Deleted, name: role.name };
    Ok(Outcome::to(crate::paths::ROLES, notice))
}
