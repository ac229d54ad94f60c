//! What the dashboard shows.

use super::{model::Dashboard, store};
use crate::{
    access::{Action, Category, Feature},
    platform::{context::Context, fault::Fault},
};

/// The dashboard: the team's figures for who may see the team, else whom to ask.
///
/// # Errors
/// `Unauthorized`.
pub async fn dashboard(cx: &Context) -> Result<Dashboard, Fault> {
    cx.signed_in()?;
    let mut db = cx.app.pool.acquire().await?;
    if cx.authorize(Action::View, Feature::Team).is_err() {
        return Ok(Dashboard { figures: None, contacts: store::list_contacts(&mut db, cx.ws()).await? });
    }
    let kinds: &[Category] =
        if cx.authorize(Action::View, Feature::Accounts).is_ok() { &Category::ALL } else { &[Category::Teammate] };
    let mut figures = store::figures(&mut db, cx.ws(), kinds).await?;
    figures.captured = cx.app.config.smtp_url.is_none();
    Ok(Dashboard { figures: Some(figures), contacts: Vec::new() })
}
