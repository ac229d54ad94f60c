//! Use cases of Billing.

use super::{model::Billing, store};
use crate::{
    access::{Action, Feature},
    audit,
    error::{AppError, Problem},
    platform::{context::Context, fault::Fault},
    ui::live::Topic,
    workspaces::{self, model::Plan},
};

/// The plan and its seats.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn read_billing(cx: &Context) -> Result<Billing, Fault> {
    cx.authorize(Action::View, Feature::Billing)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::find(&mut db, cx.ws()).await?)
}

/// Sets the plan, with its own seats or, on Enterprise, with as many as are given: at least one. It has no server function:
/// plans are the operator's (DESIGN.md section 1). Nobody loses their account by it; whoever comes next may find no seat.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid` for seats on a plan whose seats cannot be adjusted.
pub async fn set_plan(cx: &Context, plan: Plan, seats: Option<i32>) -> Result<Billing, Fault> {
    if seats.is_some() && !plan.adjusts_seats() {
        return Err(AppError::field("seats", Problem::Plan).into());
    }
    let seats = seats.unwrap_or(plan.seats()).max(1);
    let (mut tx, _) = cx.begin_change(Action::Update, Feature::Billing).await?;
    let (old_plan, old_seats) = workspaces::store::find_plan(&mut tx, cx.ws()).await?;
    workspaces::store::update_plan(&mut tx, cx.ws(), plan, seats).await?;
    let entry = audit::Entry { action: "plan.update", kind: "workspace", id: cx.ws(), label: &cx.workspace.name };
    let said = |plan: Plan, seats: i32| serde_json::json!({ "plan": plan, "seats": seats });
    audit::record(&mut tx, cx, entry, Some(&said(old_plan, old_seats)), Some(&said(plan, seats))).await?;
    cx.announce(&mut tx, Topic::Settings, None).await?;
    let billing = store::find(&mut tx, cx.ws()).await?;
    tx.commit().await?;
    Ok(billing)
}
