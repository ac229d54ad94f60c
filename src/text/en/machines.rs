//! English: the decision API.

use crate::{access::Reach, text::machines::Machines};

pub static MACHINES: Machines = Machines {
    no_key: "No such API key: send `Authorization: Bearer <key>` with a key that `portico key create` printed",
    too_many_keys: |seconds| {
        format!("Too many unknown API keys: send a key that `portico key create` printed, in {seconds} seconds")
    },
    key_may_not: "This API key may not ask for decisions: make one that may with `portico key create`",
    not_json: "The body is not JSON: send it with `Content-Type: application/json`",
    too_large: |bytes| format!("The body is too large: send at most {bytes} bytes"),
    malformed: |problem| format!("The body is not such a request: {problem}"),
    missing: |path| format!("`{path}` is missing"),
    too_many: |most| format!("Too many evaluations: send at most {most} in one request"),
    unknown_semantic: "`options.evaluations_semantic` is one of execute_all, deny_on_first_deny and \
        permit_on_first_permit",
    no_limit: "`page.limit` is at least 1: leave it out for the usual number of results",
    wrong_page: "`page.token` is not of this search: send everything else as it was in the first request, or begin \
        again without it",
    ambiguous: |header| format!("The header {header} is there more than once, or is no text: the proxy has to set it"),
    failed: |id| format!("Portico cannot decide now: treat it as a refusal. Its log says more under {id}"),
    unknown_action: "There is no such action: view, create, update, delete and download are",
    unknown_type: "There is no such type of resource: feature and api are",
    permitted_by: |role| match role {
        Some(role) => format!("Permitted by the role {role}"),
        None => "Permitted beside the role".into(),
    },
    reached: |reach| match reach {
        Reach::NotAsked => "",
        Reach::Scope => ", with the API in its scope",
        Reach::Granted => ", with the API granted to the user",
        Reach::Group(_) => ", with the API granted to a group",
        Reach::CustomerId => ", with the API serving the Customer ID",
    },
};
