//! Requests for access: over HTTP without script, and how many.

use std::collections::BTreeMap;

use portico::{
    access::BuiltIn,
    error::AppError,
    requests::{model::RequestForm, service},
};
use uuid::Uuid;

use super::{
    requests::{ask, mails, told},
    support::{PASSWORD, TestApp},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_refusal_leads_to_the_form_and_the_form_works_without_script() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.user("Low", BuiltIn::Member).await;
    let site = app.serve().await;
    let low = site.sign_in("low@kestrel.test", PASSWORD).await.unwrap();
    assert!(!site.get("/", &low).await.text().await.unwrap().contains("All your requests"), "there are none");
    let refused = site.get("/users", &low).await;
    assert_eq!(refused.status(), 403);
    let refused = refused.text().await.unwrap();
    let form = "/access-requests/new?action=view&amp;feature=team";
    assert!(refused.contains(form) && refused.contains("Request access"), "{refused}");
    let form = form.replace("&amp;", "&");
    let page = site.get(&form, &low).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for said in
        ["What do you need it for?", "View on Team management", "Until it is taken away", "Another number of days"]
    {
        assert!(page.contains(said), "{said}");
    }
    for nothing in [
        "/access-requests/new",
        "/access-requests/new?action=manage&feature=team",
        "/access-requests/new?action=view&feature=nothing",
    ] {
        assert_eq!(site.get(nothing, &low).await.status(), 404, "{nothing}");
    }
    let fields = |reason: &'static str, days: &'static str| {
        [
            ("form[action]", "view"),
            ("form[feature]", "team"),
            ("form[region]", ""),
            ("form[reason]", reason),
            ("form[days]", days),
            ("form[other]", "4000"),
        ]
    };
    let answer = site.post(&form, "request-access", &low, &fields("To <help>", "other")).await;
    assert_eq!(answer.status(), 422);
    let again = answer.text().await.unwrap();
    assert!(
        again.contains("To &lt;help&gt;") && again.contains("Choose from 1 to 3650 days"),
        "what was typed stays: {again}"
    );
    let answer = site.post(&form, "request-access", &low, &fields("To <help>", "7")).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
        (303, "/access-requests/mine")
    );
    let mine = site.get("/access-requests/mine", &low).await.text().await.unwrap();
    assert!(mine.contains("View on Team management") && mine.contains("To &lt;help&gt;") && mine.contains("Open"));
    let dashboard = site.get("/", &low).await.text().await.unwrap();
    assert!(dashboard.contains("All your requests") && dashboard.contains("View on Team management"));
    assert!(site.get(&form, &low).await.text().await.unwrap().contains("You asked for this already."));
    assert_eq!(site.get("/access-requests", &low).await.status(), 403);

    let amara = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let list = site.get("/access-requests", &amara).await.text().await.unwrap();
    assert!(list.contains("1 open") && list.contains("low@kestrel.test"), "the number in the navigation, and the row");
    let id: Uuid = sqlx::query_scalar("select id from access_requests").fetch_one(&app.app.pool).await.unwrap();
    let decide = format!("/access-requests/{id}");
    let page = site.get(&decide, &amara).await.text().await.unwrap();
    for said in ["Low asks for access", "1 gains something", "For all current and future APIs.", "What Low holds"] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let chosen = id.to_string();
    let fields = [("form[id]", chosen.as_str()), ("form[region]", ""), ("form[lasts]", "asked"), ("form[date]", "")];
    let answer = site.post(&decide, "approve-request", &amara, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/access-requests"));
    assert_eq!(site.get("/users", &low).await.status(), 200);
    let twice = site.post(&decide, "approve-request", &amara, &fields).await;
    assert_eq!(twice.status(), 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_requests_and_their_mails_are_limited() {
    let app = TestApp::new().await;
    for name in ["Amara", "Beate", "Carla", "Dora", "Emma", "Frida", "Gerda"] {
        app.user(name, BuiltIn::Owner).await;
    }
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let mut made = 0;
    let last = loop {
        let other = RequestForm { other: (made + 1).to_string(), ..ask("update", "billing", "other") };
        match service::request_access(&vito, other).await {
            Ok(_) => made += 1,
            Err(fault) => break told::<()>(Err(fault)),
        }
        app.execute("update access_requests set status = 'denied', decided_at = now() where status = 'open'").await;
    };
    assert!(matches!(last, AppError::RateLimited(_)), "{last:?}");
    assert_eq!(made, 20);
    let mut to: BTreeMap<String, u32> = BTreeMap::new();
    for (address, ..) in mails(&app).await {
        *to.entry(address).or_default() += 1;
    }
    assert_eq!(to.len(), 5, "the first five of those who can: {to:?}");
    assert!(to.values().all(|mails| *mails == 10), "each at most ten an hour: {to:?}");
}
