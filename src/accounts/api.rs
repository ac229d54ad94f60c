//! Server functions of signing in and out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::model::{Me, NewPasswordForm, OwnerForm, SignInForm, SignOutForm};
use crate::{error::AppError, ui::toast::Outcome, workspaces::model::Brand};

/// What every page of the console needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who is signed in.
    pub me: Option<Me>,
    /// The workspace.
    pub brand: Brand,
}

/// Who is signed in, and where.
#[server(endpoint = "read-session")]
pub async fn read_session() -> Result<Session, AppError> {
    let cx = crate::platform::context::Context::current()?;
    Ok(Session { me: cx.me(), brand: cx.brand() })
}

/// Signs in.
#[server(endpoint = "sign-in")]
pub async fn sign_in(form: SignInForm) -> Result<Outcome, AppError> {
    use crate::platform::{context::Context, forms};
    let cx = Context::current()?;
    let to = super::model::local_path(&form.next).to_owned();
    let token = cx.answer(super::service::sign_in(&cx, form).await)?;
    forms::begin_session(&cx, &token);
    Ok(Outcome { reload: true, ..Outcome::at(to) })
}

/// Signs out.
#[server(endpoint = "sign-out")]
pub async fn sign_out(form: SignOutForm) -> Result<Outcome, AppError> {
    use crate::platform::{context::Context, forms};
    let mut cx = Context::current()?;
    cx.actor = cx.actor.or_else(crate::platform::context::NewPasswordDue::current);
    let to = if form.back.is_empty() {
        crate::paths::SIGN_IN.to_owned()
    } else {
        super::model::local_path(&form.back).to_owned()
    };
    cx.answer(super::service::sign_out(&cx).await)?;
    forms::end_session(&cx);
    Ok(forms::say_on_next_page(&cx, Outcome { reload: true, ..Outcome::to(to, crate::ui::toast::Notice::SignedOut) }))
}

/// Whoever was given a password by somebody else chooses one of their own.
#[server(endpoint = "choose-password")]
pub async fn choose_password(form: NewPasswordForm) -> Result<Outcome, AppError> {
    use crate::platform::{
        context::{Context, NewPasswordDue},
        forms,
    };
    let cx = Context::current()?;
    cx.answer(super::service::choose_password(&cx, NewPasswordDue::current(), form).await)?;
    let notice = Some(crate::ui::toast::Notice::PasswordChosen);
    Ok(forms::say_on_next_page(&cx, Outcome { notice, reload: true, ..Outcome::at(crate::paths::DASHBOARD) }))
}

/// Whether an owner's set-up link works.
#[server(endpoint = "open-owner-link")]
pub async fn open_owner_link(token: String) -> Result<(), AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::open_owner_link(&cx, &token).await)
}

/// The first owner sets up the account, and is signed in.
#[server(endpoint = "set-up-owner")]
pub async fn set_up_owner(form: OwnerForm) -> Result<Outcome, AppError> {
    use crate::platform::{context::Context, forms};
    let cx = Context::current()?;
    let token = cx.answer(super::service::set_up_owner(&cx, form).await)?;
    forms::begin_session(&cx, &token);
    Ok(forms::say_on_next_page(
        &cx,
        Outcome { reload: true, ..Outcome::to(crate::paths::DASHBOARD, crate::ui::toast::Notice::OwnerReady) },
    ))
}
