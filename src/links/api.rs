//! Server functions of invitation links.

use leptos::prelude::*;

use super::model::{Choices, EndForm, JoinForm, Joining, Link, NewLinkForm};
use crate::{
    access::Category,
    customers::model::GroupRef,
    error::AppError,
    listing::{ListQuery, Page},
    ui::toast::Outcome,
};
#[cfg(feature = "ssr")]
use crate::{accounts::model::local_path, paths, ui::toast::Notice};

/// One page of the links that invite users of a kind.
#[server(endpoint = "list-links")]
pub async fn list_links(kind: Category, query: ListQuery) -> Result<Page<Link>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_links(&cx, kind, &query).await)
}

/// What the form of a new link offers.
#[server(endpoint = "read-link-choices")]
pub async fn read_link_choices(kind: Category) -> Result<Choices, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_choices(&cx, kind).await)
}

/// Groups by a part of their name.
#[server(endpoint = "search-link-groups")]
pub async fn search_link_groups(kind: Category, #[server(default)] part: String) -> Result<Vec<GroupRef>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(crate::invitations::service::search_groups(&cx, kind, &part))
}

/// Makes a link; the answer is the only time that anybody sees it.
#[server(endpoint = "generate-link")]
pub async fn generate_link(form: NewLinkForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::generate_link(&cx, form).await).map(Outcome::secret)
}

/// Switches a link off.
#[server(endpoint = "end-link")]
pub async fn end_link(form: EndForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let withdrawn = cx.answer(super::service::end_link(&cx, form.id, form.withdraw).await)?;
    Ok(Outcome::to(local_path(&form.back), Notice::LinkOff { withdrawn }))
}

/// What whoever has a link is shown.
#[server(endpoint = "open-link")]
pub async fn open_link(token: String) -> Result<Joining, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::open_link(&cx, &token).await)
}

/// Takes an address, and mails it. The answer is the same for every address.
#[server(endpoint = "join")]
pub async fn join(form: JoinForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::join(&cx, form).await)?;
    Ok(Outcome::at(paths::JOINED))
}
