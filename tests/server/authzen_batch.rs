//! Several questions in one request: defaults, semantics, and what goes wrong with one of them.

use serde_json::{Value, json};

use super::authzen::{question, town};

/// The decisions of a batch.
fn decisions(answer: &Value) -> Vec<bool> {
    assert!(answer.get("decision").is_none(), "{answer}");
    answer["evaluations"].as_array().unwrap().iter().map(|it| it["decision"].as_bool().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn several_questions_with_defaults_and_semantics() {
    let (_app, asker) = town().await;
    let batch = "/access/v1/evaluations";
    let resource = |slug: &str| json!({ "resource": { "type": "api", "id": slug } });
    let mut asked = json!({
        "subject": { "type": "user", "id": "chosen@town.test" },
        "action": { "name": "view" },
        "evaluations": [resource("payments"), resource("orders"), resource("payments")],
    });
    assert_eq!(decisions(&asker.ask(batch, asked.clone()).await), [true, false, true]);
    for (semantic, expected) in [
        ("execute_all", vec![true, false, true]),
        ("deny_on_first_deny", vec![true, false]),
        ("permit_on_first_permit", vec![true]),
    ] {
        asked["options"] = json!({ "evaluations_semantic": semantic, "another_option": "value" });
        assert_eq!(decisions(&asker.ask(batch, asked.clone()).await), expected, "{semantic}");
    }
    for unknown in [json!("first"), json!(""), json!(null), json!(1)] {
        asked["options"] = json!({ "evaluations_semantic": unknown });
        assert_eq!(asker.post(batch, &asked).await.status(), 400, "{unknown}");
    }
    // Each question's own keys replace the defaults, whole.
    let asked = json!({
        "subject": { "type": "user", "id": "useditor@town.test" },
        "action": { "name": "update" },
        "resource": { "type": "feature", "id": "apis" },
        "context": { "region": "us" },
        "evaluations": [
            {},
            { "context": {} },
            { "context": { "region": "eu" } },
            { "context": { "region": "eu" }, "action": { "name": "view" } },
            { "subject": { "type": "user", "id": "owner@town.test" }, "context": { "region": "eu" } },
            { "subject": null, "context": null },
        ],
    });
    assert_eq!(decisions(&asker.ask(batch, asked).await), [true, false, false, true, true, true]);
    // What is missing in one is that one's error, and a refusal.
    let asked = json!({
        "action": { "name": "view" },
        "evaluations": [
            question("owner", "view", "feature", "billing", json!({})),
            { "resource": { "type": "feature", "id": "billing" } },
            { "subject": { "type": "user" }, "resource": { "type": "feature", "id": "billing" } },
        ],
    });
    let answer = asker.ask(batch, asked.clone()).await;
    assert_eq!(decisions(&answer), [true, false, false]);
    assert_eq!(
        answer["evaluations"][1]["context"]["error"],
        json!({ "status": 400, "message": "`subject` is missing" })
    );
    assert_eq!(answer["evaluations"][2]["context"]["error"]["message"], "`subject.id` is missing");
    let stops = json!({ "options": { "evaluations_semantic": "deny_on_first_deny" }, "evaluations": [{}, {}] });
    assert_eq!(decisions(&asker.ask(batch, stops).await), [false], "an error is a denial");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_evaluations_several_are_one() {
    let (_app, asker) = town().await;
    let batch = "/access/v1/evaluations";
    let mut one = question("owner", "view", "feature", "billing", json!({}));
    assert_eq!(asker.ask(batch, one.clone()).await["decision"], true);
    one["evaluations"] = json!([]);
    assert_eq!(asker.ask(batch, one.clone()).await["decision"], true);
    assert_eq!(asker.post(batch, &json!({})).await.status(), 400);
    assert_eq!(asker.post(batch, &json!({ "evaluations": [5] })).await.status(), 400);
    let many = |count: usize| {
        let mut many = question("owner", "view", "feature", "billing", json!({}));
        many["evaluations"] = Value::Array(vec![json!({}); count]);
        many
    };
    assert_eq!(decisions(&asker.ask(batch, many(1000)).await), vec![true; 1000]);
    assert_eq!(asker.post(batch, &many(1001)).await.status(), 400);
}
