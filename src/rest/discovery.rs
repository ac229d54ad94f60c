//! What the decision API says about itself (AuthZEN 1.0, section 9).

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::header;
use serde_json::json;

use super::{
    EVALUATION, EVALUATIONS, SEARCH_ACTION, SEARCH_RESOURCE, SEARCH_SUBJECT, answer::reply, keeper::Keeper,
    trouble::Trouble,
};
use crate::platform::fault::Fault;

/// Describes the workspace of the request's host name, by its public address: nothing of the request gets into an address
/// (PITFALLS.md 20).
pub async fn describe(State(keeper): State<Arc<Keeper>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let described = describe_host(&keeper, host).await.map_err(Trouble::from);
    reply(&parts.headers, described)
}

async fn describe_host(keeper: &Keeper, host: &str) -> Result<Vec<u8>, Fault> {
    let app = &keeper.app;
    let workspace = app.hosts.workspace(&app.pool, host).await?;
    let address = |path: &str| app.config.address(workspace.host.as_deref(), path);
    let described = json!({
        "policy_decision_point": address(""),
        "access_evaluation_endpoint": address(EVALUATION),
        "access_evaluations_endpoint": address(EVALUATIONS),
        "search_subject_endpoint": address(SEARCH_SUBJECT),
        "search_resource_endpoint": address(SEARCH_RESOURCE),
        "search_action_endpoint": address(SEARCH_ACTION),
    });
    Ok(described.to_string().into_bytes())
}
