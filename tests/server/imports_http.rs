//! Bulk Import as a browser posts it, its files, and the new password at the first sign-in.

use portico::{access::BuiltIn, imports::worker};
use tokio::sync::watch;

use super::support::{PASSWORD, Site, TestApp};

const HEAD: &str = "Email,Full name,Role,Group,Password\r\n";

/// Posts a file as a browser does.
async fn upload(site: &Site, path: &str, cookie: &str, options: &[(&str, &str)], file: &[u8]) -> reqwest::Response {
    let mut body = Vec::new();
    let part = |name: &str, more: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n");
    let head = part("file", "; filename=\"people.csv\"\r\nContent-Type: text/csv");
    body.extend_from_slice(format!("{head}\r\n").as_bytes());
    body.extend_from_slice(file);
    for (name, value) in options {
        body.extend_from_slice(format!("\r\n{}\r\n{value}", part(name, "")).as_bytes());
    }
    body.extend_from_slice(b"\r\n--edge--\r\n");
    site.client
        .post(site.url(path))
        .header("cookie", cookie)
        .header("accept", "text/html")
        .header("origin", site.url(""))
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .send()
        .await
        .unwrap()
}

fn location(answer: &reqwest::Response) -> String {
    answer.headers().get("location").map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// A workspace with an owner, and the owner's cookie.
async fn owner(app: &TestApp) -> (Site, String) {
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (site, cookie)
}

async fn work(app: &TestApp) {
    let (_stop, stopping) = watch::channel(false);
    while worker::work_one(&app.app, &stopping).await.unwrap() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_31_a_file_is_checked_and_imported_without_script() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let page = site.get("/users/import", &cookie).await.text().await.unwrap();
    assert!(page.contains("multipart/form-data") && page.contains("/users/import/template.csv"));
    assert!(page.contains("Columns: Email, Full name (optional), Role, Group (optional), Password."), "{page}");
    let template = site.get("/users/import/template.csv", &cookie).await.text().await.unwrap();
    assert_eq!(template, HEAD);
    let file = format!("\u{feff}{HEAD}lars@hansa.test,Lars,Member,,Harbour-2026\r\n=cmd@hansa.test,=1+1,King,,\r\n");
    let answer = upload(&site, "/users/import", &cookie, &[("existing", "skip")], file.as_bytes()).await;
    assert_eq!(answer.status(), 303);
    let import = location(&answer);
    let page = site.get(&import, &cookie).await.text().await.unwrap();
    for said in
        ["1 new, 1 with errors", "UTF-8", "there is no role “King”", "Import 1 user", "Nothing has been written."]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let errors = site.get(&format!("{import}?status=wrong"), &cookie).await.text().await.unwrap();
    assert!(errors.contains("=cmd@hansa.test") && !errors.contains("lars@hansa.test"));
    let id = import.rsplit('/').next().unwrap();
    let fields = [("form[id]", id), ("form[kind]", "teammate")];
    let answer = site.post(&import, "start-import", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, import.clone()));
    assert!(site.get(&import, &cookie).await.text().await.unwrap().contains("<progress"));
    work(&app).await;
    assert!(site.get(&import, &cookie).await.text().await.unwrap().contains("The import is done."));
    let result = site.get(&format!("{import}/result.csv"), &cookie).await;
    assert_eq!(result.headers()["content-disposition"], "attachment; filename=\"import.csv\"");
    let result = result.text().await.unwrap();
    assert!(result.contains("2,lars@hansa.test,New,\r\n") && result.contains("3,'=cmd@hansa.test,Error,"), "{result}");
    assert!(site.get("/users/import", &cookie).await.text().await.unwrap().contains("people.csv"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_refused_is_told_in_words() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    for (file, said) in [
        (&b""[..], "It has no rows."),
        (b"Email,Name\r\na@x.test,A\r\n", "Its first row lacks Role and Password."),
        (b"Email,Role,E-Mail,Password\r\n", "Two of its columns are Email."),
        (b"PK\x03\x04....", "It is a workbook."),
    ] {
        let answer = upload(&site, "/users/import", &cookie, &[], file).await;
        assert_eq!(answer.status(), 303);
        let page = site.get(&location(&answer), &cookie).await.text().await.unwrap();
        assert!(page.contains(said), "{said}: {page}");
    }
    let large = [HEAD.as_bytes(), &b"a@x.test,A,Member,,\r\n".repeat(2_700_000)].concat();
    let answer = upload(&site, "/users/import", &cookie, &[], &large).await;
    assert!(location(&answer).contains("wrong=too-large"), "{}", location(&answer));
    assert_eq!(app.count("select count(*) from imports").await, 0);
    let chosen = [("existing", "update"), ("new_password", "true")];
    let answer = upload(&site, "/users/import", &cookie, &chosen, b"Email,Name\r\n").await;
    let page = site.get(&location(&answer), &cookie).await.text().await.unwrap();
    assert_eq!(page.matches(" checked").count(), 2, "what was chosen stays: {page}");
    // Words of somebody else's are not shown.
    let page = site.get("/users/import?wrong=heads&about=evil", &cookie).await.text().await.unwrap();
    assert!(!page.contains("was not taken in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_of_the_upload() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    app.user("Low", BuiltIn::Visitor).await;
    let low = site.sign_in("low@kestrel.test", PASSWORD).await.unwrap();
    let file = format!("{HEAD}a@hansa.test,A,Member,,\r\n");
    for path in ["/users/import", "/customers/import"] {
        assert_eq!(upload(&site, path, "", &[], file.as_bytes()).await.status(), 401);
        assert_eq!(upload(&site, path, &low, &[], file.as_bytes()).await.status(), 403);
    }
    let foreign = site
        .client
        .post(site.url("/users/import"))
        .header("cookie", &cookie)
        .header("origin", "https://evil.test")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body("--edge--\r\n")
        .send()
        .await
        .unwrap();
    assert_eq!(foreign.status(), 403, "another site's form");
    let odd = site.post("/users/import", "start-import", &cookie, &[("form[id]", "x")]).await;
    assert_eq!(odd.status(), 400);
    let none = upload(&site, "/users/import", &cookie, &[("more", "x")], b"").await;
    assert_eq!(none.status(), 303);
    assert_eq!(app.count("select count(*) from imports").await, 0);
}

/// Whoever was given a password by somebody else does nothing before they have one of their own.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_comes_before_anything() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let file = format!("{HEAD}lars@hansa.test,Lars,Administrator,,Harbour-2099\r\n");
    let options = [("existing", "skip"), ("new_password", "true")];
    let import = location(&upload(&site, "/users/import", &cookie, &options, file.as_bytes()).await);
    let id = import.rsplit('/').next().unwrap();
    site.call("start-import", &cookie, &[("form[id]", id), ("form[kind]", "teammate")]).await;
    work(&app).await;

    let lars = site.sign_in("lars@hansa.test", "Harbour-2099").await.unwrap();
    let elsewhere = site.sign_in("lars@hansa.test", "Harbour-2099").await.unwrap();
    for path in ["/", "/users", "/users/import/template.csv", "/roles/compare.csv", "/sign-in"] {
        let answer = site.get(path, &lars).await;
        assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/new-password".to_owned()), "{path}");
    }
    assert_eq!(site.get("/events", &lars).await.status(), 401);
    assert_eq!(upload(&site, "/users/import", &lars, &[], file.as_bytes()).await.status(), 401);
    let fields = [("query[q]", ""), ("form[id]", id), ("form[kind]", "teammate")];
    for name in ["list-users", "read-dashboard", "read-billing", "list-regions", "find-only-manager", "start-import"] {
        assert_eq!(site.call(name, &lars, &fields).await.status(), 401, "{name}");
    }
    let session = site.call("read-session", &lars, &[]).await.text().await.unwrap();
    assert!(session.contains("\"me\":null"), "{session}");
    let page = site.get("/new-password", &lars).await;
    assert!(page.status() == 200 && page.text().await.unwrap().contains("Choose a new password"));

    let choose = async |cookie: &str, password: &str, again: &str| {
        let fields = [("form[password]", password), ("form[again]", again)];
        site.call("choose-password", cookie, &fields).await.status().as_u16()
    };
    assert_eq!(choose(&lars, "short", "short").await, 422);
    assert_eq!(choose(&lars, "Harbour-2099", "Harbour-2099").await, 422, "the one that was given");
    assert_eq!(choose("", PASSWORD, PASSWORD).await, 401);
    assert_eq!(choose(&cookie, PASSWORD, PASSWORD).await, 409, "none is due");
    assert_eq!(choose(&lars, PASSWORD, PASSWORD).await, 200);
    assert_eq!(site.get("/users", &lars).await.status(), 200);
    let answer = site.get("/new-password", &lars).await;
    assert_eq!((answer.status().as_u16(), location(&answer)), (303, "/".to_owned()));
    assert_eq!(location(&site.get("/users", &elsewhere).await), "/sign-in?next=%2Fusers", "other sessions have ended");
    assert!(site.sign_in("lars@hansa.test", "Harbour-2099").await.is_none());
    assert!(site.sign_in("lars@hansa.test", PASSWORD).await.is_some());
    assert!(location(&site.get("/new-password", "").await).starts_with("/sign-in"));
    assert_eq!(app.count("select count(*) from audit_log where action = 'user.password'").await, 1);
}

/// Without script, the form of the new password leads on as well; and whoever is there can leave.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_without_script() {
    let app = TestApp::new().await;
    let (site, _) = owner(&app).await;
    app.user("Lars", BuiltIn::Member).await;
    app.execute("update users set must_change_password = true where full_name = 'Lars'").await;
    let lars = site.sign_in("lars@kestrel.test", PASSWORD).await.unwrap();
    let fields = [("form[password]", PASSWORD), ("form[again]", PASSWORD)];
    let answer = site.post("/new-password", "choose-password", &lars, &fields).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("This is the password that you were given."));
    let answer = site.post("/new-password", "sign-out", &lars, &[("form[back]", "")]).await;
    assert_eq!(location(&answer), "/sign-in");
    assert_eq!(location(&site.get("/", &lars).await), "/sign-in", "the session is gone");
    let lars = site.sign_in("lars@kestrel.test", PASSWORD).await.unwrap();
    let fields = [("form[password]", "Harbour-3000"), ("form[again]", "Harbour-3000")];
    assert_eq!(location(&site.post("/new-password", "choose-password", &lars, &fields).await), "/");
}
