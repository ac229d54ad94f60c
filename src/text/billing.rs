//! The texts of Billing.

use crate::workspaces::model::Plan;

/// The texts of Billing in one language.
pub struct Billing {
    pub title: &'static str,
    pub lead: &'static str,
    /// Names of the plans.
    pub plan: fn(Plan) -> &'static str,
    pub your_plan: &'static str,
    /// What the plan is for, in a sentence.
    pub plan_hint: fn(Plan) -> &'static str,
    pub seats: &'static str,
    /// How many of how many.
    pub seats_taken: fn(i64, i32) -> String,
    pub seats_help: &'static str,
    pub full: &'static str,
    pub full_body: &'static str,
    pub active: &'static str,
    pub pending: &'static str,
    pub waiting: &'static str,
    pub active_help: &'static str,
    pub pending_help: &'static str,
    pub waiting_help: &'static str,
    pub compare: &'static str,
    pub feature: &'static str,
    pub invitations: &'static str,
    pub rights_by_api: &'static str,
    pub teammates: &'static str,
    /// How many teammates a plan has room for, and whether that can be adjusted.
    pub up_to: fn(i32, bool) -> String,
    pub yes: &'static str,
    pub no: &'static str,
    pub current: &'static str,
    pub operator: &'static str,
    pub operator_body: &'static str,
    /// In the place of the invite form, where the plan has no invitations.
    pub no_invitations: &'static str,
    pub no_invitations_body: fn(&str) -> String,
    pub see: &'static str,
}
