//! The searches of the decision API: they find exactly what `decide` permits, in pages without loss or doubles.

use portico::access::{Action, Question, decide};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    authzen::{Asker, question, town},
    support::TestApp,
};

const FEATURES: [&str; 12] = [
    "team",
    "accounts",
    "apis",
    "api-keys",
    "analytics",
    "billing",
    "portal",
    "settings",
    "audit",
    "documentation",
    "media",
    "api-testing",
];
const APIS: [&str; 4] = ["payments", "orders", "weather", "maps"];

/// Every result of a search, page by page.
async fn all(asker: &Asker, of: &str, mut asked: Value, limit: usize) -> Vec<Value> {
    let mut results = Vec::new();
    asked["page"] = json!({ "limit": limit });
    loop {
        let answer = asker.ask(&format!("/access/v1/search/{of}"), asked.clone()).await;
        let page = answer["results"].as_array().unwrap();
        assert!(page.len() <= limit);
        assert_eq!(answer["page"]["count"], page.len());
        results.extend(page.iter().cloned());
        match answer["page"]["next_token"].as_str().unwrap() {
            "" => return results,
            token => asked["page"]["token"] = json!(token),
        }
    }
}

fn ids(results: &[Value], key: &str) -> Vec<String> {
    let mut ids: Vec<String> = results.iter().map(|it| it[key].as_str().unwrap().to_owned()).collect();
    let found = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), found, "nothing twice");
    ids
}

/// What `decide` permits, of every user × action × resource.
async fn permitted(app: &TestApp, context: &Value) -> Vec<(String, Action, &'static str, &'static str)> {
    let mut permitted = Vec::new();
    let mut db = app.app.pool.acquire().await.unwrap();
    for n in 1..=13 {
        let id = Uuid::parse_str(&format!("0d000000-0000-0000-0000-0000000000{n:02}")).unwrap();
        let held = app.app.rights.of_user(&mut db, app.workspace.id, 0, id).await.unwrap().unwrap();
        let resources = FEATURES.map(|it| ("feature", it)).into_iter().chain(APIS.map(|it| ("api", it)));
        for (kind, resource) in resources {
            for action in Action::ALL {
                let asked = Question {
                    action,
                    feature: if kind == "api" { "apis" } else { resource },
                    api: (kind == "api").then_some(resource),
                    region: context["region"].as_str(),
                    organization: context["organization"].as_str(),
                    at: app.app.beat.now(),
                };
                if decide(&held.snapshot, &held.subject, &asked).allowed() {
                    permitted.push((held.facts.email_key.clone(), action, kind, resource));
                }
            }
        }
    }
    permitted
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_find_what_is_permitted() {
    let (app, asker) = town().await;
    let mut seen = 0;
    for context in [json!({}), json!({ "region": "eu" }), json!({ "region": "us", "organization": "acme" })] {
        let truth = permitted(&app, &context).await;
        seen += truth.len();
        let resources: Vec<_> =
            FEATURES.map(|it| ("feature", it)).into_iter().chain(APIS.map(|it| ("api", it))).collect();
        for (kind, resource) in &resources {
            for action in Action::ALL {
                let asked = json!({ "subject": { "type": "user" }, "action": { "name": action }, "resource": { "type": kind, "id": resource }, "context": context });
                let found = ids(&all(&asker, "subject", asked, 2).await, "id");
                let mut expected: Vec<String> = truth
                    .iter()
                    .filter(|it| (it.1, &it.2, &it.3) == (action, kind, resource))
                    .map(|it| it.0.clone())
                    .collect();
                expected.sort();
                assert_eq!(found, expected, "who may {action:?} {resource} {context}");
            }
        }
        for n in
            ["owner", "member", "gone", "useditor", "writer", "chosen", "partner", "developer", "customer", "granted"]
        {
            let user = format!("{n}@town.test");
            for action in Action::ALL {
                for kind in ["feature", "api"] {
                    let mut asked = question(n, action.slug(), kind, "", context.clone());
                    asked["resource"].as_object_mut().unwrap().remove("id");
                    let found = all(&asker, "resource", asked, 3).await;
                    assert!(found.iter().all(|it| it["type"] == kind));
                    let mut expected: Vec<String> = truth
                        .iter()
                        .filter(|it| (&it.0, it.1, it.2) == (&user, action, kind))
                        .map(|it| it.3.to_owned())
                        .collect();
                    expected.sort();
                    assert_eq!(ids(&found, "id"), expected, "what {n} may {action:?} {context}");
                }
            }
            for (kind, resource) in &resources {
                let mut asked = question(n, "", kind, resource, context.clone());
                asked.as_object_mut().unwrap().remove("action");
                let found = ids(&all(&asker, "action", asked, 1).await, "name");
                let mut expected: Vec<String> = truth
                    .iter()
                    .filter(|it| (&it.0, &it.2, &it.3) == (&user, kind, resource))
                    .map(|it| it.1.slug().to_owned())
                    .collect();
                expected.sort();
                assert_eq!(found, expected, "what {n} may do with {resource} {context}");
            }
        }
    }
    assert!(seen > 300, "the town has rights to find: {seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_denies_by_default() {
    let (_app, asker) = town().await;
    let subject = json!({ "type": "user", "id": "owner@town.test" });
    let view = json!({ "name": "view" });
    let billing = json!({ "type": "feature", "id": "billing" });
    for (of, asked) in [
        ("subject", json!({ "subject": { "type": "robot" }, "action": view, "resource": billing })),
        ("subject", json!({ "subject": { "type": null }, "action": view, "resource": billing })),
        ("subject", json!({ "subject": { "type": "user" }, "action": { "name": "" }, "resource": billing })),
        (
            "subject",
            json!({ "subject": { "type": "user" }, "action": view, "resource": billing, "context": { "region": null } }),
        ),
        ("resource", json!({ "subject": subject, "action": view, "resource": { "type": "file" } })),
        ("resource", json!({ "subject": { "type": "user", "id": "" }, "action": view, "resource": { "type": "api" } })),
        ("resource", json!({ "subject": subject, "action": { "name": null }, "resource": { "type": "api" } })),
        ("action", json!({ "subject": { "type": "robot", "id": "owner@town.test" }, "resource": billing })),
        ("action", json!({ "subject": subject, "resource": { "type": "api", "id": null } })),
    ] {
        let answer = asker.ask(&format!("/access/v1/search/{of}"), asked.clone()).await;
        assert_eq!(answer, json!({ "page": { "next_token": "", "count": 0 }, "results": [] }), "{of} {asked}");
    }
    for (of, asked) in [
        ("subject", json!({ "action": view, "resource": billing })),
        ("subject", json!({ "subject": { "type": "user" }, "resource": billing })),
        ("subject", json!({ "subject": { "type": "user" }, "action": view, "resource": { "type": "feature" } })),
        ("resource", json!({ "subject": { "type": "user" }, "action": view, "resource": { "type": "api" } })),
        ("resource", json!({ "subject": subject, "action": view })),
        ("action", json!({ "subject": subject })),
        ("action", json!({ "subject": subject, "resource": { "type": "api" } })),
    ] {
        assert_eq!(asker.post(&format!("/access/v1/search/{of}"), &asked).await.status(), 400, "{of} {asked}");
    }
    // What is looked for is not read.
    let asked = json!({ "subject": subject, "action": { "name": "delete" }, "resource": { "type": "feature", "id": "billing" } });
    let found = asker.ask("/access/v1/search/action", asked).await;
    assert_eq!(found["results"].as_array().unwrap().len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_goes_on_only_with_its_own_search() {
    let (_app, asker) = town().await;
    let path = "/access/v1/search/resource";
    let mut asked = question("owner", "view", "feature", "", json!({}));
    asked["page"] = json!({ "limit": 5 });
    let first = asker.ask(path, asked.clone()).await;
    let token = first["page"]["next_token"].clone();
    assert_ne!(token, "");
    // As the specification's example does, the limit may be left out.
    asked["page"] = json!({ "token": token });
    let second = asker.ask(path, asked.clone()).await;
    assert_eq!(second["results"].as_array().unwrap().len(), 5);
    assert_ne!(first["results"], second["results"]);
    for (key, other) in [
        ("/page/limit", json!(6)),
        ("/subject/id", json!("visitor@town.test")),
        ("/action/name", json!("update")),
        ("/resource/type", json!("api")),
        ("/context/region", json!("eu")),
    ] {
        let mut changed = asked.clone();
        changed["page"]["limit"] = json!(5);
        changed["context"]["region"] = json!(null);
        changed["context"].as_object_mut().unwrap().remove("region");
        assert_eq!(asker.post(path, &changed).await.status(), 200);
        let (whole, last) = key.rsplit_once('/').unwrap();
        changed.pointer_mut(whole).unwrap()[last] = other;
        assert_eq!(asker.post(path, &changed).await.status(), 400, "{key} changed");
    }
    for page in [
        json!({ "token": "x" }),
        json!({ "token": 5 }),
        json!({ "limit": -1 }),
        // It would go on for ever.
        json!({ "limit": 0 }),
        json!({ "limit": "5" }),
        json!({ "limit": 1.5 }),
    ] {
        asked["page"] = page.clone();
        assert_eq!(asker.post(path, &asked).await.status(), 400, "{page}");
    }
}
