//! What the dashboard shows.

use super::{model::Dashboard, store};
use crate::{
    access::{Action, Category, Feature},
    listing::ListQuery,
    platform::{context::Context, fault::Fault},
    requests::service::list_own_requests,
};

/// How many of the reader's own requests are shown.
const REQUESTS: usize = 3;

/// The dashboard: the team's figures for who may see the team, else whom to ask; and what the reader asked for.
///
/// # Errors
/// `Unauthorized`.
pub async fn dashboard(cx: &Context) -> Result<Dashboard, Fault> {
    let mut requests = list_own_requests(cx, &ListQuery::default()).await?.rows;
    requests.truncate(REQUESTS);
    let mut db = cx.app.pool.acquire().await?;
    if cx.authorize(Action::View, Feature::Team).is_err() {
        let contacts = store::list_contacts(&mut db, cx.ws()).await?;
        return Ok(Dashboard { figures: None, contacts, requests });
    }
    let kinds: &[Category] =
        if cx.authorize(Action::View, Feature::Accounts).is_ok() { &Category::ALL } else { &[Category::Teammate] };
    let mut figures = store::figures(&mut db, cx.ws(), kinds).await?;
    figures.captured = cx.app.config.smtp_url.is_none();
    Ok(Dashboard { figures: Some(figures), contacts: Vec::new(), requests })
}
