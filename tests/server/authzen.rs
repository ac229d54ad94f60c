//! The decision API (AuthZEN 1.0): who may ask, what is asked, and what every answer looks like.

use portico::{
    access::BuiltIn,
    platform::secrets::Token,
    workspaces::{service::create_workspace, store::Workspace},
};
use reqwest::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use super::support::{Site, TestApp};

/// The addresses that take questions.
const QUESTIONS: [&str; 5] = [
    "/access/v1/evaluation",
    "/access/v1/evaluations",
    "/access/v1/search/subject",
    "/access/v1/search/resource",
    "/access/v1/search/action",
];

/// A key of a workspace.
pub async fn key(app: &TestApp, workspace: &Workspace, asks: bool) -> String {
    let token = Token::new(&workspace.public_id);
    sqlx::query("insert into api_keys (workspace_id, id, name, token_hash, asks) values ($1, $2, 'gateway', $3, $4)")
        .bind(workspace.id)
        .bind(Uuid::now_v7())
        .bind(token.hash())
        .bind(asks)
        .execute(&app.app.pool)
        .await
        .unwrap();
    token.expose().to_owned()
}

/// A server in a small town (`town.sql`), and a key that may ask.
pub async fn town() -> (TestApp, Asker) {
    let app = TestApp::new().await;
    sqlx::raw_sql(include_str!("town.sql")).execute(&app.app.pool).await.unwrap();
    let key = key(&app, &app.workspace, true).await;
    let site = app.serve().await;
    (app, Asker { site, key })
}

/// Who asks.
pub struct Asker {
    pub site: Site,
    pub key: String,
}

impl Asker {
    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.send(path, "application/json", body.to_string()).await
    }

    async fn send(&self, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Response {
        let request = self.site.client.post(self.site.url(path)).bearer_auth(&self.key);
        request.header("content-type", kind).body(body).send().await.unwrap()
    }

    /// The answer to what is well-formed.
    pub async fn ask(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path, &body).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/json".parse().unwrap())
        );
        answer.json().await.unwrap()
    }

    /// The decision about one question, and its code.
    pub async fn decide(&self, question: Value) -> (bool, String) {
        let answer = self.ask("/access/v1/evaluation", question).await;
        (answer["decision"].as_bool().unwrap(), answer["context"]["code"].as_str().unwrap().to_owned())
    }
}

/// A question about somebody of the town.
pub fn question(name: &str, action: &str, kind: &str, resource: &str, context: Value) -> Value {
    json!({
        "subject": { "type": "user", "id": format!("{name}@town.test") },
        "action": { "name": action },
        "resource": { "type": kind, "id": resource },
        "context": context,
    })
}

fn denied(code: &str) -> (bool, String) {
    (false, code.to_owned())
}

fn permitted() -> (bool, String) {
    (true, "permitted".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_describes_itself_by_the_configured_address() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test".parse().unwrap()).await;
    create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let site = app.serve().await;
    for (host, base) in [
        ("portal.test", "https://portal.test"),
        ("other.test:99", "https://other.test"),
        ("evil.test", "https://portal.test"),
    ] {
        let path = site.url("/.well-known/authzen-configuration");
        let answer =
            site.client.get(path).header("host", host).header("x-forwarded-host", "evil.test").send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/json".parse().unwrap())
        );
        assert_eq!(
            answer.json::<Value>().await.unwrap(),
            json!({
                "policy_decision_point": base,
                "access_evaluation_endpoint": format!("{base}/access/v1/evaluation"),
                "access_evaluations_endpoint": format!("{base}/access/v1/evaluations"),
                "search_subject_endpoint": format!("{base}/access/v1/search/subject"),
                "search_resource_endpoint": format!("{base}/access/v1/search/resource"),
                "search_action_endpoint": format!("{base}/access/v1/search/action"),
            }),
            "pitfall 20: nothing of the request gets into an address"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_key_that_may_ask_asks() {
    let (app, mut asker) = town().await;
    let question = question("owner", "view", "feature", "billing", json!({}));
    let right = asker.key.clone();
    let mut flipped = right.clone();
    flipped.replace_range(12..13, if &right[12..13] == "A" { "B" } else { "A" });
    let unable = key(&app, &app.workspace, false).await;
    let unknown = Token::new("abcdefgh").expose().to_owned();
    for path in QUESTIONS {
        for (key, status) in [(&flipped, 401), (&unknown, 401), (&String::new(), 401), (&unable, 403)] {
            asker.key.clone_from(key);
            let answer = asker.post(path, &question).await;
            assert_eq!(answer.status(), status, "{path} {key}");
            assert_eq!(answer.headers().contains_key("www-authenticate"), status == 401);
            assert!(!answer.text().await.unwrap().is_empty());
        }
        let bare = asker.site.client.post(asker.site.url(path)).json(&question);
        assert_eq!(bare.try_clone().unwrap().send().await.unwrap().status(), 401, "no key");
        for value in [format!("Basic {right}"), right.clone(), format!("Bearer{right}")] {
            let answer = bare.try_clone().unwrap().header("authorization", value).send().await.unwrap();
            assert_eq!(answer.status(), 401, "another scheme");
        }
        let answer = bare.header("authorization", format!("bearer {right}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "the scheme is of any case");
    }
    // A session is no key, and a key is no session.
    app.user("Amara", BuiltIn::Owner).await;
    let cookie = asker.site.sign_in("amara@kestrel.test", super::support::PASSWORD).await.unwrap();
    let request = asker.site.client.post(asker.site.url(QUESTIONS[0])).json(&question).header("cookie", cookie);
    assert_eq!(request.send().await.unwrap().status(), 401);
    let page = asker.site.client.get(asker.site.url("/users")).bearer_auth(&right).send().await.unwrap();
    assert_eq!(page.status(), 303);
    // What is taken away is gone at once.
    asker.key = right;
    assert_eq!(asker.decide(question.clone()).await, permitted());
    app.execute("delete from api_keys where asks").await;
    let refused = async || asker.post(QUESTIONS[0], &question).await.status() == 401;
    within_a_second(refused).await;
}

/// What is announced arrives.
pub async fn within_a_second(mut it_is: impl AsyncFnMut() -> bool) {
    let began = std::time::Instant::now();
    while !it_is().await {
        assert!(began.elapsed() < std::time::Duration::from_secs(1), "it is not so after a second");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_decided_with_their_reason() {
    let (_app, asker) = town().await;
    for (name, action, kind, resource, context, expected) in [
        ("owner", "delete", "feature", "billing", json!({}), permitted()),
        ("visitor", "view", "feature", "billing", json!({}), permitted()),
        ("visitor", "update", "feature", "billing", json!({}), denied("role")),
        ("gone", "view", "feature", "billing", json!({}), denied("not-active")),
        ("nobody", "view", "feature", "billing", json!({}), denied("unknown-subject")),
        ("owner", "view", "feature", "sorcery", json!({}), denied("unknown-feature")),
        ("owner", "delete", "feature", "audit", json!({}), denied("not-offered")),
        ("owner", "manage", "feature", "billing", json!({}), denied("unknown-action")),
        ("owner", "view", "file", "billing", json!({}), denied("unknown-type")),
        ("useditor", "update", "feature", "apis", json!({ "region": "us" }), permitted()),
        ("useditor", "update", "feature", "apis", json!({ "region": "eu" }), denied("region")),
        ("useditor", "view", "feature", "apis", json!({ "region": "eu" }), permitted()),
        ("useditor", "view", "feature", "apis", json!({}), denied("region-not-named")),
        ("owner", "view", "feature", "apis", json!({ "region": "mars" }), denied("unknown-region")),
        ("owner", "view", "feature", "apis", json!({ "organization": "nobody" }), denied("unknown-organization")),
        ("developer", "view", "feature", "apis", json!({ "organization": "acme" }), permitted()),
        ("developer", "view", "feature", "apis", json!({}), denied("organization")),
        ("developer", "view", "feature", "apis", json!({ "organization": "birch" }), denied("organization")),
        ("developer", "view", "feature", "apis", json!({ "organization": "birch", "region": "eu" }), permitted()),
        ("chosen", "delete", "api", "payments", json!({}), permitted()),
        ("chosen", "delete", "api", "orders", json!({}), denied("api")),
        ("chosen", "create", "api", "payments", json!({ "feature": "api-keys" }), permitted()),
        ("chosen", "view", "api", "payments", json!({ "feature": "billing" }), denied("role")),
        ("owner", "view", "api", "atlantis", json!({}), denied("unknown-api")),
        ("customer", "view", "api", "weather", json!({}), permitted()),
        ("stranger", "view", "api", "weather", json!({}), denied("api")),
        ("ended", "view", "feature", "billing", json!({}), denied("role")),
    ] {
        let asked = question(name, action, kind, resource, context.clone());
        assert_eq!(asker.decide(asked).await, expected, "{name} {action} {kind} {resource} {context}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_tells_its_path() {
    let (_app, asker) = town().await;
    let path = async |name, kind, resource, context| {
        let asked = question(name, "view", kind, resource, context);
        let answer = asker.ask("/access/v1/evaluation", asked).await;
        assert_eq!(answer["decision"], true, "{name}");
        let mut path = answer["context"]["path"].clone();
        assert!(path.as_object_mut().unwrap().remove("assignment").unwrap().is_string());
        (answer["context"]["reason_admin"]["200"].as_str().unwrap().to_owned(), path)
    };
    assert_eq!(
        path("visitor", "feature", "billing", json!({})).await,
        ("Permitted by the role Visitor".into(), json!({ "role": "visitor" }))
    );
    let (words, told) = path("writer", "feature", "documentation", json!({})).await;
    assert_eq!(words, "Permitted by the role Writer \"W\"", "names are escaped");
    assert_eq!(told, json!({ "role": "0e000000-0000-0000-0000-000000000001" }));
    let (_, told) = path("member", "api", "maps", json!({ "region": "eu" })).await;
    assert_eq!(told, json!({ "role": "member", "region": "eu", "reach": "granted" }));
    let (_, told) = path("developer", "api", "payments", json!({ "organization": "acme" })).await;
    assert_eq!(told, json!({ "role": "developer", "organization": "acme", "reach": "scope" }));
    let (_, told) = path("developer", "api", "orders", json!({ "organization": "acme" })).await;
    assert_eq!(
        told,
        json!({ "role": "developer", "organization": "acme", "reach": "group", "group": "0c000000-0000-0000-0000-000000000001" })
    );
    assert_eq!(
        path("customer", "api", "weather", json!({})).await.1,
        json!({ "role": "customer", "reach": "customer-id" })
    );
    // The second assignment of somebody whose first confers nothing here.
    assert_eq!(path("useditor", "feature", "apis", json!({ "region": "eu" })).await.1["role"], "visitor");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_one_shape() {
    let (_app, asker) = town().await;
    let mut shapes = Vec::new();
    for asked in [
        question("nobody", "view", "feature", "billing", json!({})),
        question("gone", "view", "feature", "billing", json!({})),
        question("visitor", "update", "feature", "billing", json!({})),
        question("owner", "manage", "feature", "billing", json!({})),
        question("owner", "view", "file", "x", json!({})),
    ] {
        let answer = asker.ask("/access/v1/evaluation", asked).await;
        assert_eq!(answer["decision"], false);
        assert!(
            answer["context"]["reason_user"]["403"].as_str().unwrap().starts_with("Sorry, you don't have permission")
        );
        assert!(!answer["context"]["reason_admin"]["403"].as_str().unwrap().is_empty());
        let keys: Vec<String> = answer["context"].as_object().unwrap().keys().cloned().collect();
        shapes.push(keys);
    }
    shapes.dedup();
    assert_eq!(shapes, [["code", "reason_admin", "reason_user"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_25_empty_unknown_and_null_deny() {
    let (_app, asker) = town().await;
    let whole = question(
        "owner",
        "view",
        "api",
        "payments",
        json!({ "region": "eu", "organization": "acme", "feature": "apis" }),
    );
    assert_eq!(asker.decide(whole.clone()).await, permitted());
    for path in [
        "/subject/type",
        "/subject/id",
        "/action/name",
        "/resource/type",
        "/resource/id",
        "/context/region",
        "/context/organization",
        "/context/feature",
    ] {
        for nothing in [json!(null), json!(""), json!(" "), json!("*"), json!("%"), json!("no-such"), json!("EU ")] {
            let mut asked = whole.clone();
            *asked.pointer_mut(path).unwrap() = nothing.clone();
            let (decision, code) = asker.decide(asked).await;
            assert!(!decision, "{path} = {nothing}: {code}");
        }
    }
    // Absent is not named: only what is for all regions counts then.
    assert_eq!(
        asker.decide(question("useditor", "view", "feature", "apis", json!({ "region": null }))).await,
        denied("unknown-region")
    );
    let mut bare = question("useditor", "view", "feature", "apis", json!({}));
    bare["context"] = json!(null);
    assert_eq!(asker.decide(bare).await, denied("region-not-named"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_9_subjects_are_found_by_any_spelling_and_by_id() {
    let (_app, asker) = town().await;
    let mut asked = question("owner", "view", "feature", "billing", json!({}));
    for spelling in
        ["OWNER@Town.test", " owner@town.test ", "ｏｗｎｅｒ@town.test", "0d000000-0000-0000-0000-000000000001"]
    {
        asked["subject"]["id"] = json!(spelling);
        for _ in 0..2 {
            assert_eq!(asker.decide(asked.clone()).await, permitted(), "{spelling}");
        }
    }
    for nobody in
        ["0d000000-0000-0000-0000-0000000000ff", "0d000000000000000000000000000001", "owner", "owner@town.test\u{0}"]
    {
        asked["subject"]["id"] = json!(nobody);
        for _ in 0..2 {
            assert_eq!(asker.decide(asked.clone()).await, denied("unknown-subject"), "{nobody}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_requests_are_told_so_and_unknown_keys_ignored() {
    let (_app, asker) = town().await;
    let good = json!({
        "subject": { "type": "user", "id": "owner@town.test", "properties": { "department": ["Sales", null, { "a": 1 }] } },
        "resource": { "type": "feature", "id": "billing", "properties": null, "id2": 3 },
        "action": { "name": "view", "properties": { "method": "GET" } },
        "context": { "time": "1985-10-26T01:22-07:00", "schema": "https://schema.example.com/x" },
        "something": "else",
    });
    assert_eq!(asker.decide(good.clone()).await, permitted());
    for (path, wrong) in [
        ("/subject", json!("owner@town.test")),
        ("/subject", json!(["user", "owner@town.test"])),
        ("/subject", json!(null)),
        ("/subject", json!({ "type": "user" })),
        ("/subject", json!({ "id": "owner@town.test" })),
        ("/subject/id", json!(5)),
        ("/subject/id", json!(true)),
        ("/resource", json!({ "type": "feature" })),
        ("/action", json!({})),
        ("/action/name", json!(["view"])),
        ("/context", json!("eu")),
        ("/context", json!([])),
    ] {
        let mut asked = good.clone();
        *asked.pointer_mut(path).unwrap() = wrong.clone();
        let answer = asker.post("/access/v1/evaluation", &asked).await;
        assert_eq!(answer.status(), 400, "{path} = {wrong}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
        assert!(!answer.text().await.unwrap().is_empty());
    }
    for path in QUESTIONS {
        let deep = format!(r#"{{"subject":{}"#, r#"{"properties":"#.repeat(5_000));
        let twice = r#"{"subject":{"type":"user","id":"a","id":"b"},"action":{"name":"view"},"resource":{"type":"feature","id":"x"}}"#;
        for body in ["", "{", "[]", "null", "\"x\"", "{} {}", "{\"subject\":{\"id\":\"\\ud800\"}}", &deep, twice] {
            assert_eq!(asker.send(path, "application/json", body.to_owned()).await.status(), 400, "{path} {body:.40}");
        }
        assert_eq!(asker.send(path, "application/json", vec![b'"', 0xff, b'"']).await.status(), 400);
        assert_eq!(asker.send(path, "text/plain", good.to_string()).await.status(), 415);
        assert_eq!(asker.send(path, "application/json", vec![b' '; 1024 * 1024 + 1]).await.status(), 413);
        assert_eq!(asker.send(path, "application/json; charset=utf-8", "{").await.status(), 400);
        assert_eq!(asker.site.client.get(asker.site.url(path)).send().await.unwrap().status(), 405);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_id_comes_back() {
    let (_app, asker) = town().await;
    for (path, body) in [("/access/v1/evaluation", "{}"), ("/access/v1/search/action", "x"), ("/access/v1/gate", "")] {
        let request = asker.site.client.post(asker.site.url(path)).body(body);
        let answer = request.try_clone().unwrap().header("x-request-id", "bfe9eb29-ab87").send().await.unwrap();
        assert_eq!(answer.headers()["x-request-id"], "bfe9eb29-ab87", "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(!request.send().await.unwrap().headers().contains_key("x-request-id"));
    }
    let good = question("owner", "view", "feature", "billing", json!({}));
    let request = asker.site.client.post(asker.site.url(QUESTIONS[0])).bearer_auth(&asker.key).json(&good);
    assert_eq!(request.header("x-request-id", "7").send().await.unwrap().headers()["x-request-id"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_another_workspaces_user_is_unknown() {
    let (app, mut asker) = town().await;
    let other = create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let theirs = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let id = theirs.actor.as_ref().unwrap().user_id.unwrap();
    let town = asker.key.clone();
    let olga = |id: &str| json!({ "subject": { "type": "user", "id": id }, "action": { "name": "view" }, "resource": { "type": "feature", "id": "billing" } });
    for subject in ["olga@kestrel.test", &id.to_string()] {
        assert_eq!(asker.decide(olga(subject)).await, denied("unknown-subject"));
    }
    asker.key = key(&app, &other, true).await;
    for subject in ["olga@kestrel.test", &id.to_string()] {
        assert_eq!(asker.decide(olga(subject)).await, permitted());
    }
    assert_eq!(
        asker.decide(question("owner", "view", "feature", "billing", json!({}))).await,
        denied("unknown-subject")
    );
    let of_town = json!({ "subject": { "type": "user" }, "action": { "name": "view" }, "resource": { "type": "feature", "id": "billing" } });
    assert_eq!(asker.ask("/access/v1/search/subject", of_town.clone()).await["results"][0]["id"], "olga@kestrel.test");
    // The key says which workspace is meant; the host name does not.
    let request = asker.site.client.post(asker.site.url(QUESTIONS[0])).header("host", "other.test").bearer_auth(&town);
    let answer: Value = request.json(&olga("olga@kestrel.test")).send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["context"]["code"], "unknown-subject");
    // A public id put before another workspace's secret is no key.
    asker.key = format!("{}{}", app.workspace.public_id, &asker.key[8..]);
    assert_eq!(asker.post(QUESTIONS[0], &of_town).await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_refused_by_the_databases_clock() {
    let (app, asker) = town().await;
    let asked = question("member", "view", "api", "maps", json!({ "region": "eu" }));
    assert_eq!(asker.decide(asked.clone()).await, permitted());
    app.execute("update api_access set until = now() + interval '1 hour' where user_id is not null").await;
    assert_eq!(asker.decide(asked.clone()).await, permitted());
    app.execute("update api_access set until = now() where user_id is not null").await;
    within_a_second(async || asker.decide(asked.clone()).await == denied("api")).await;
    assert_eq!(
        asker.decide(question("ended", "view", "feature", "billing", json!({ "region": "eu" }))).await,
        denied("role")
    );
}
