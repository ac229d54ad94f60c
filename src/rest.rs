//! What machines ask: the decision API of the OpenID AuthZEN Authorization API 1.0, and a gate for proxies. Thin adapters over
//! `access::decide`, outside of pages, cookies and sessions: a key is all that counts (docs/decisions.md).

mod answer;
mod asked;
mod discovery;
mod evaluation;
mod gate;
mod keeper;
mod search;
mod trouble;

use std::sync::Arc;

use axum::{
    Router,
    routing::{any, get, post},
};

use crate::platform::context::App;
use keeper::Keeper;

/// Where the decision API describes itself (AuthZEN 1.0, section 9.2).
pub const CONFIGURATION: &str = "/.well-known/authzen-configuration";
/// One question.
pub const EVALUATION: &str = "/access/v1/evaluation";
/// Several questions.
pub const EVALUATIONS: &str = "/access/v1/evaluations";
/// Who may.
pub const SEARCH_SUBJECT: &str = "/access/v1/search/subject";
/// On what.
pub const SEARCH_RESOURCE: &str = "/access/v1/search/resource";
/// Do what.
pub const SEARCH_ACTION: &str = "/access/v1/search/action";
/// A question of a proxy, answered by status alone.
pub const GATE: &str = "/access/v1/gate";

/// Every address of the decision API.
pub fn router<S>(app: &App) -> Router<S> {
    let gate = any(gate::pass);
    Router::new()
        .route(CONFIGURATION, get(discovery::describe))
        .route(EVALUATION, post(evaluation::evaluate))
        .route(EVALUATIONS, post(evaluation::evaluate_all))
        .route(SEARCH_SUBJECT, post(search::subjects))
        .route(SEARCH_RESOURCE, post(search::resources))
        .route(SEARCH_ACTION, post(search::actions))
        // Some proxies put the path that they are asked for behind it. It says nothing: only headers do.
        .route(GATE, gate.clone())
        .route(&format!("{GATE}/"), gate.clone())
        .route(&format!("{GATE}/{{*path}}"), gate)
        .with_state(Arc::new(Keeper::new(app.clone())))
}
