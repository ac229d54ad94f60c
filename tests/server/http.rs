//! The running router: who is let in, what a form answers, and what every answer carries.

use portico::{
    access::BuiltIn,
    error::{AppError, Problem, Refusal},
    ui::toast::{Notice, Outcome},
};

use super::support::{PASSWORD, Site, TestApp};

async fn owner(app: &TestApp) -> (Site, String) {
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (site, cookie)
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_strangers_to_sign_in_and_back() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    for (path, to) in [
        ("/", "/sign-in"),
        ("/users?q=abc", "/sign-in?next=%2Fusers%3Fq%3Dabc"),
        ("/invitations", "/sign-in?next=%2Finvitations"),
        ("/no-such-page", "/sign-in?next=%2Fno-such-page"),
    ] {
        let answer = site.get(path, "").await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, to));
    }
    for path in ["/", "/users", "/invitations", "/outbox"] {
        assert_eq!(site.get(path, &cookie).await.status(), 200, "{path}");
    }
    assert_eq!(site.get("/no-such-page", &cookie).await.status(), 404);
    assert_eq!(site.get("/users/not-an-id", &cookie).await.status(), 404);
    assert_eq!(site.get("/sign-in", &cookie).await.status(), 303, "who is in is not asked to sign in");
    assert_eq!(site.get("/sign-in", "").await.status(), 200);
    assert_eq!(site.get("/setup/unknown", "").await.status(), 404);
    assert_eq!(site.get("/owner/unknown", "").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let mut nonces = Vec::new();
    for (path, cookie) in [("/sign-in", ""), ("/users", cookie.as_str()), ("/no-such-page", &cookie), ("/setup/x", "")]
    {
        let answer = site.get(path, cookie).await;
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap();
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-request-id").len(), 32);
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let page = answer.text().await.unwrap();
        assert!(page.contains(&format!("nonce=\"{nonce}\"")));
        assert!(!page.contains(" style=\""), "{path}: an inline style would be refused");
        for script in page.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains(&nonce), "{path}: a script without its nonce");
        }
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4, "a nonce is used once");
}

#[tokio::test(flavor = "multi_thread")]
async fn session_cookies_are_held_to_https_where_there_is_https() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test".parse().unwrap()).await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let fields = [("form[email]", "amara@kestrel.test"), ("form[password]", PASSWORD)];
    let answer = site.call("sign-in", "", &fields).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with(&format!("__Host-portico={}.", app.workspace.public_id)), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_from_other_sites_are_refused() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let post = |name: &'static str, value: &'static str| {
        site.client
            .post(site.url("/api/invite"))
            .header("cookie", &cookie)
            .header(name, value)
            .form(&[("form[rows][0][emails]", "x@y.test"), ("form[rows][0][role]", "owner")])
            .send()
    };
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.test")]
    {
        assert_eq!(post(name, value).await.unwrap().status(), 403, "{name}: {value}");
    }
    assert_eq!(app.count("select count(*) from invitations").await, 0);
    assert_eq!(post("sec-fetch-site", "same-origin").await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_forbidden_and_unknown_fields_are_refused() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
    let site = app.serve().await;
    let good = [
        ("form[token]", token.as_str()),
        ("form[full_name]", "Lars"),
        ("form[mobile]", ""),
        ("form[password]", PASSWORD),
        ("form[again]", PASSWORD),
    ];
    for extra in ["form[role]", "form[state]", "form[email]", "form[nonsense]"] {
        let fields: Vec<_> = good.into_iter().chain([(extra, "owner")]).collect();
        let answer = site.call("complete-setup", "", &fields).await;
        assert_eq!(answer.status(), 400, "{extra}");
        assert_eq!(answer.json::<AppError>().await.unwrap(), AppError::Refused(Refusal::BadForm));
    }
    assert_eq!(app.count("select count(*) from users").await, 1);
    assert_eq!(site.call("complete-setup", "", &good).await.status(), 200);
    assert_eq!(app.count("select count(*) from users join assignments on user_id = users.id where role_id = '00000000-0000-0000-0000-000000000005' and email = 'lars@hansa.test'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_6_reading_a_link_changes_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let site = app.serve().await;
    for _ in 0..3 {
        let page = site.get(&format!("/setup/{token}"), "").await;
        assert_eq!(page.status(), 200);
        let page = page.text().await.unwrap();
        for said in ["Amara invites you", "lars@hansa.test", "Fixed by the invitation.", "Create account"] {
            assert!(page.contains(said), "{said}");
        }
        assert_eq!(site.client.head(site.url(&format!("/setup/{token}"))).send().await.unwrap().status(), 200);
    }
    // A scanner that submits the form as it finds it.
    let found = [
        ("form[token]", token.as_str()),
        ("form[full_name]", ""),
        ("form[password]", ""),
        ("form[again]", ""),
        ("form[mobile]", ""),
    ];
    let answer = site.post(&format!("/setup/{token}"), "complete-setup", "", &found).await;
    assert_eq!(answer.status(), 422);
    // And one that asks the function itself: it is led to a page, and the function never runs.
    let got = site.get(&format!("/api/complete-setup?form[token]={token}"), "").await;
    assert_eq!(got.status(), 303);
    assert!(got.headers()["location"].to_str().unwrap().starts_with("/sign-in?next="));
    assert_eq!(app.count("select count(*) from users").await, 1);
    assert_eq!(app.count("select count(*) from invitations where status = 'pending'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let fields = [
        ("form[rows][0][emails]", "la)rs@hansa.test"),
        ("form[message]", "</textarea><b>"),
        ("form[rows][0][role]", "visitor"),
        ("form[notify]", "true"),
        ("form[back]", "/users"),
    ];
    let answer = site.post("/users?invite=1", "invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains(">la)rs@hansa.test</textarea>"), "what was typed stays");
    assert!(page.contains("&lt;/textarea&gt;&lt;b&gt;") && !page.contains("</textarea><b>"), "escaped");
    assert!(page.contains("This holds a character that cannot be used here."));
    assert!(page.contains("aria-invalid=\"true\""));

    let fields = [
        ("form[rows][0][emails]", "lars@hansa.test"),
        ("form[rows][0][role]", "visitor"),
        ("form[notify]", "true"),
        ("form[back]", "/users"),
    ];
    let answer = site.post("/users?invite=1", "invite", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/users"));
    let flash = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = site.get("/users", &format!("{cookie}; {flash}")).await;
    assert!(page.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"), "said once");
    assert!(page.text().await.unwrap().contains("Invitation was successfully sent."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_sign_in_never_gives_the_password_back() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let fields =
        [("form[email]", "amara@kestrel.test"), ("form[password]", "Wrong-Secret-1"), ("form[next]", "/users")];
    let answer = site.post("/sign-in", "sign-in", "", &fields).await;
    assert_eq!(answer.status(), 401);
    let page = answer.text().await.unwrap();
    assert!(page.contains("This address and password do not open an account here."));
    assert!(page.contains("value=\"amara@kestrel.test\""));
    assert!(!page.contains("Wrong-Secret-1"));
    let fields = [("form[email]", "amara@kestrel.test"), ("form[password]", PASSWORD), ("form[next]", "//evil.test")];
    let answer = site.post("/sign-in", "sign-in", "", &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_10_strangers_learn_nothing_from_signing_in() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let mut answers = Vec::new();
    for email in ["amara@kestrel.test", "unknown@kestrel.test"] {
        let fields = [("form[email]", email), ("form[password]", "Wrong-2026-x")];
        let answer = site.call("sign-in", "", &fields).await;
        let names: Vec<String> = answer.headers().keys().map(|name| name.to_string()).collect();
        answers.push((answer.status(), names, answer.text().await.unwrap()));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_20_links_come_from_the_base_url_alone() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test".parse().unwrap()).await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let answer = site
        .client
        .post(site.url("/api/invite"))
        .header("cookie", &cookie)
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("x-forwarded-proto", "ftp")
        .header("forwarded", "host=evil.test")
        .header("sec-fetch-site", "same-origin")
        .form(&[
            ("form[rows][0][emails]", "lars@hansa.test"),
            ("form[rows][0][role]", "member"),
            ("form[notify]", "true"),
        ])
        .send()
        .await
        .unwrap();
    let outcome: Outcome = answer.json().await.unwrap();
    assert_eq!(outcome.notice, Some(Notice::InvitationSent { email: "lars@hansa.test".into() }));
    let invitation: uuid::Uuid =
        sqlx::query_scalar("select id from invitations").fetch_one(&app.app.pool).await.unwrap();
    let (id, sealed): (uuid::Uuid, Vec<u8>) =
        sqlx::query_as("select id, sealed_body from messages where invitation_id = $1")
            .bind(invitation)
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    let body = portico::mail::service::Body::open(&app.app.key, id, &sealed).unwrap();
    assert!(body.text.contains("https://portal.test/setup/"), "{}", body.text);
    assert!(!body.text.contains("evil") && !body.html.contains("evil"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_shows_its_request_id_and_nothing_else() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    app.execute("alter table invitations rename to elsewhere").await;
    let page = site.get("/invitations", &cookie).await;
    assert_eq!(page.status(), 500);
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    let shown = page.text().await.unwrap();
    assert!(shown.contains(&format!("Request {id}")), "the id is shown");
    for inside in ["elsewhere", "relation", "sqlx", "invitations\" does not exist"] {
        assert!(!shown.contains(inside), "{inside}");
    }
    let fields =
        [("form[rows][0][emails]", "lars@hansa.test"), ("form[rows][0][role]", "member"), ("form[notify]", "true")];
    let answer = site.call("invite", &cookie, &fields).await;
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!((answer.status().as_u16(), answer.json::<AppError>().await.unwrap()), (500, AppError::Internal(id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_metrics() {
    let app = TestApp::new().await;
    let site = app.serve().await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(site.get(path, "").await.status(), 200, "{path}");
    }
    app.app.pool.close().await;
    assert_eq!(site.get("/healthz", "").await.status(), 200, "the process is well");
    assert_eq!(site.get("/readyz", "").await.status(), 503, "the database is not");
    let page = site.get("/sign-in", "").await;
    assert_eq!(page.status(), 503);
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(page.text().await.unwrap().contains(&id));
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_pages_say_the_fixed_sentence() {
    let app = TestApp::new().await;
    app.user("Low", BuiltIn::Member).await;
    let site = app.serve().await;
    let cookie = site.sign_in("low@kestrel.test", PASSWORD).await.unwrap();
    for path in ["/users", "/invitations", "/outbox"] {
        let page = site.get(path, &cookie).await;
        assert_eq!(page.status(), 403, "{path}");
        let page = page.text().await.unwrap();
        assert!(page.contains("Sorry, you don't have permission to use this feature. If access is required, please reach out to your team administrator."), "{path}");
    }
    let dashboard = site.get("/", &cookie).await;
    assert_eq!(dashboard.status(), 200);
    assert!(dashboard.text().await.unwrap().contains("Nothing has been given to you yet"));
    assert_eq!(AppError::field("email", Problem::Missing).status(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_reach_an_open_console() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    assert_eq!(site.get("/events", "").await.status(), 401);
    let mut stream = site.get("/events", &cookie).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    while !heard.contains("data: hello") {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    let fields =
        [("form[rows][0][emails]", "lars@hansa.test"), ("form[rows][0][role]", "member"), ("form[notify]", "true")];
    assert_eq!(site.call("invite", &cookie, &fields).await.status(), 200);
    // Both topics of the invitation have come, so that none of it comes later.
    while !(heard.contains("data: invitations") && heard.contains("data: outbox")) {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    // Another workspace's change is not told: the next that is heard is a change made here after it.
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let second = app.user("Second", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    heard.clear();
    app.invite(&olga, "x@y.test", BuiltIn::Member).await;
    portico::people::service::remove_user(&second, lars.actor.unwrap().user_id.unwrap()).await.unwrap();
    while !heard.contains("data: users") {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    assert!(!heard.contains("data: invitations") && !heard.contains("data: outbox"), "{heard}");
}
