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
    routing::{MethodRouter, any, get, post},
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

/// Some proxies put the path that they are asked for behind the gate's. It says nothing: only headers do.
const GATE_PATHS: [&str; 3] = [GATE, "/access/v1/gate/", "/access/v1/gate/{*path}"];

/// What is served to machines.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<Arc<Keeper>>)> {
    let mut routes = vec![
        (CONFIGURATION, get(discovery::describe)),
        (EVALUATION, post(evaluation::evaluate)),
        (EVALUATIONS, post(evaluation::evaluate_all)),
        (SEARCH_SUBJECT, post(search::subjects)),
        (SEARCH_RESOURCE, post(search::resources)),
        (SEARCH_ACTION, post(search::actions)),
    ];
    routes.extend(GATE_PATHS.map(|path| (path, any(gate::pass))));
    routes
}

/// Every address of the decision API.
pub fn router<S>(app: &App) -> Router<S> {
    let router = routes().into_iter().fold(Router::new(), |router, (path, handler)| router.route(path, handler));
    router.with_state(Arc::new(Keeper::new(app.clone())))
}
