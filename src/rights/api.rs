//! Server functions of what users hold.

use leptos::prelude::*;
use uuid::Uuid;

use super::model::{Answer, AssignForm, OnlyManager, Preview, RightsChoices, TakeForm, UserRights, WhyQuery};
use crate::{error::AppError, ui::toast::Outcome};

/// What a user holds.
#[server(endpoint = "read-rights")]
pub async fn read_rights(user: Uuid) -> Result<UserRights, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_rights(&cx, user).await)
}

/// What the form of an assignment offers; of a new one where its id is empty.
#[server(endpoint = "read-rights-choices")]
pub async fn read_rights_choices(user: Uuid, assignment: String) -> Result<RightsChoices, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_choices(&cx, user, &assignment).await)
}

/// Who gains and who loses by a form that is not saved yet.
#[server(endpoint = "preview-rights")]
pub async fn preview_rights(form: AssignForm) -> Result<Preview, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::preview_rights(&cx, &form).await)
}

/// Gives or changes an assignment.
#[server(endpoint = "save-rights")]
pub async fn save_rights(form: AssignForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::save_rights(&cx, &form).await)?;
    Ok(Outcome::to(
        crate::paths::user(form.user),
        crate::ui::toast::Notice::Done {
            thing: crate::ui::toast::Thing::Rights,
            deed: crate::ui::toast::Deed::Saved,
            name,
        },
    ))
}

/// Takes an assignment away.
#[server(endpoint = "take-rights")]
pub async fn take_rights(form: TakeForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::take_rights(&cx, &form).await)?;
    Ok(Outcome::to(
        crate::paths::user(form.user),
        crate::ui::toast::Notice::Done {
            thing: crate::ui::toast::Thing::Rights,
            deed: crate::ui::toast::Deed::Deleted,
            name,
        },
    ))
}

/// Whether a user may do something, and why.
#[server(endpoint = "why")]
pub async fn why(query: WhyQuery) -> Result<Answer, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::why(&cx, &query).await)
}

/// The only active person who can manage the team; nobody where there are several.
#[server(endpoint = "find-only-manager")]
pub async fn find_only_manager() -> Result<Option<OnlyManager>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_only_manager(&cx).await)
}
