//! The pages of APIs and groups over HTTP, as a browser without script uses them.

use portico::{access::BuiltIn, error::AppError};

use super::{
    apis::{api, customer, id},
    support::{PASSWORD, Site, TestApp},
};

/// A page's text.
async fn page(site: &Site, path: &str, cookie: &str) -> String {
    let answer = site.get(path, cookie).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

/// Posts a form from a page and gives back where it leads.
async fn leads(site: &Site, path: &str, function: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
    let answer = site.post(path, function, cookie, fields).await;
    assert_eq!(answer.status(), 303, "{function}: {}", answer.text().await.unwrap());
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_a_group_and_of_access_without_script() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    assert!(page(&site, "/apis", &cookie).await.contains("No APIs yet"));
    let fields = [("form[name]", "Vessel <Tracking>"), ("form[slug]", "No slug"), ("form[customer_ids]", "PL-1\nNO-2")];
    let wrong = site.post("/apis?new=1", "create-api", &cookie, &fields).await;
    assert_eq!(wrong.status(), 422);
    let wrong = wrong.text().await.unwrap();
    for kept in ["value=\"Vessel &lt;Tracking&gt;\"", "PL-1\nNO-2", "Use small letters, digits and hyphens"] {
        assert!(wrong.contains(kept), "{kept}");
    }
    assert!(!wrong.contains("Regions"), "with one region no page mentions regions");
    let fields = [("form[name]", "Vessel <Tracking>"), ("form[customer_ids]", "PL-1\nNO-2")];
    let vessel = leads(&site, "/apis?new=1", "create-api", &cookie, &fields).await;
    let shown = page(&site, &format!("{vessel}?status=customers"), &cookie).await;
    for part in ["Vessel &lt;Tracking&gt;", "vessel-tracking", "Agnes", "While it matches", "NO-2"] {
        assert!(shown.contains(part), "{part}");
    }

    let fields = [("form[name]", "Ports"), ("form[people_text]", "agnes@kestrel.test; Amara")];
    let ports = leads(&site, "/groups?new=1", "create-group", &cookie, &fields).await;
    let members = page(&site, &ports, &cookie).await;
    assert!(members.contains("Agnes") && members.contains("amara@kestrel.test"));
    let group_id = ports.rsplit('/').next().unwrap();
    let fields = [("form[id]", group_id), ("form[apis_text]", "vessel-tracking"), ("form[until]", "9000-12-31")];
    let tab = leads(&site, &ports, "add-group-apis", &cookie, &fields).await;
    assert!(page(&site, &tab, &cookie).await.contains("31 Dec 9000"));
    for (path, says) in [
        ("/apis".to_owned(), "Customers 1 · Groups 1"),
        ("/groups".to_owned(), "2 members · 1 API"),
        (format!("{vessel}?add=1"), "Whoever has access already gets this end instead."),
        (format!("{vessel}?edit=1"), "NO-2"),
        (format!("{vessel}?revoke=1"), "1 person loses the API vessel-tracking"),
        (format!("{vessel}?delete=1"), "2 Customer IDs of the API"),
        (format!("{ports}?delete=1"), "2 members of the group"),
        (format!("{ports}?edit=1"), "Edit the name of Ports"),
        (format!("{ports}?add=1"), "Add members to Ports"),
        (format!("{ports}?remove={}", id(&agnes)), "Remove Agnes from Ports?"),
    ] {
        assert!(page(&site, &path, &cookie).await.contains(says), "{path}: {says}");
    }
    for path in ["/apis/not-an-id", "/groups/not-an-id", "/apis/00000000-0000-0000-0000-000000000000"] {
        assert_eq!(site.get(path, &cookie).await.status(), 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_fields_that_a_form_does_not_have_are_refused() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel", "", &[]).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let api_id = vessel.id.to_string();
    for (function, known, unknown) in [
        ("add-access", "form[until]", "form[given_by]"),
        ("edit-api", "form[name]", "form[workspace_id]"),
        ("remove-access", "form[back]", "form[api_id]"),
    ] {
        let fields = [("form[id]", api_id.as_str()), (known, "/"), (unknown, "x")];
        let answer = site.call(function, &cookie, &fields).await;
        assert_eq!(answer.status(), 400, "{function}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_offers_what_its_reader_may_do_there() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.user("Vito", BuiltIn::Visitor).await;
    customer(&app, "Agnes", "PL-1").await;
    let vessel = api(&amara, "Vessel", "PL-1; NO-2", &[]).await;
    let site = app.serve().await;
    let address = format!("/apis/{}", vessel.id);
    let vito = site.sign_in("vito@kestrel.test", PASSWORD).await.unwrap();
    let shown = page(&site, &format!("{address}?edit=1&add=1&delete=1&revoke=1"), &vito).await;
    assert!(shown.contains("You can see this API, but not change it") && !shown.contains("<dialog"));
    assert!(page(&site, "/groups?new=1", &vito).await.contains("No groups yet"));
    // A customer sees the API that they reach, and neither who else does nor groups.
    let agnes = site.sign_in("agnes@kestrel.test", PASSWORD).await.unwrap();
    let shown = page(&site, &address, &agnes).await;
    assert!(shown.contains("Vessel") && !shown.contains("NO-2") && !shown.contains("Who has access"));
    assert!(!shown.contains("href=\"/groups\""));
    assert_eq!(site.get("/groups", &agnes).await.status(), 403);
    let refused = site.call("list-groups", &agnes, &[("query[q]", "")]).await;
    assert!(matches!(refused.json::<AppError>().await.unwrap(), AppError::Denied(_)));
}
