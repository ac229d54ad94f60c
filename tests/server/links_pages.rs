//! Links over HTTP: with script and without, and what an answer carries.

use portico::{
    access::BuiltIn,
    ui::toast::{Notice, Outcome},
};

use super::{
    links::{form, link},
    support::{PASSWORD, Site, TestApp},
};

async fn owner(app: &TestApp) -> (Site, String) {
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (site, cookie)
}

const FIELDS: [(&str, &str); 3] = [("form[kind]", "teammate"), ("form[role]", "visitor"), ("form[hours]", "24")];

#[tokio::test(flavor = "multi_thread")]
async fn without_script_the_link_stands_in_the_page_that_answers_and_nowhere_else() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test".parse().unwrap()).await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let answer = site.post("/users/links?new=1", "generate-link", &cookie, &FIELDS).await;
    assert_eq!(answer.status(), 200);
    for (name, value) in answer.headers() {
        assert!(!value.to_str().unwrap_or_default().contains("/join/"), "{name}");
    }
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let page = answer.text().await.unwrap();
    // PITFALLS.md 20: from the base URL alone, whatever the request's host.
    assert!(page.contains("value=\"https://portal.test/join/"), "{page}");
    assert!(page.contains("class=\"qr\"") && page.contains("QR code of the invitation link"));
    assert!(page.contains("it is shown only this once"));
    let again = site.get("/users/links", &cookie).await.text().await.unwrap();
    assert!(again.contains("Visitor") && !again.contains("/join/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_script_the_answer_holds_the_link_and_its_picture() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let outcome: Outcome = site.call("generate-link", &cookie, &FIELDS).await.json().await.unwrap();
    let secret = outcome.once.unwrap();
    assert!(outcome.to.is_empty() && outcome.notice.is_none() && secret.picture.is_some());
    let path = secret.address.split_once("/join/").map(|(_, token)| format!("/join/{token}")).unwrap();
    let page = site.get(&path, "").await;
    assert_eq!((page.status().as_u16(), page.headers()["referrer-policy"].to_str().unwrap()), (200, "same-origin"));
    let page = page.text().await.unwrap();
    assert!(page.contains("Amara invites you") && page.contains("Visitor"));
    assert!(!page.contains("http://") || page.matches("http://").all(|_| !page.contains("src=\"http")));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_6_looking_at_a_link_changes_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    let site = app.serve().await;
    for _ in 0..3 {
        assert_eq!(site.get(&format!("/join/{token}"), "").await.status(), 200);
        let head = site.client.head(site.url(&format!("/join/{token}"))).send().await.unwrap();
        assert_eq!(head.status(), 200);
    }
    // A scanner that presses the button has no address to give.
    let pressed =
        site.post(&format!("/join/{token}"), "join", "", &[("form[token]", &token), ("form[email]", "")]).await;
    assert_eq!(pressed.status(), 422);
    assert_eq!(app.count("select count(*) from invitations").await, 0);
    assert_eq!(app.count("select count(*) from messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_10_one_answer_for_every_address_and_one_for_every_dead_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    let other = link(&amara, form("visitor")).await;
    app.invite(&amara, "invited@kestrel.test", BuiltIn::Visitor).await;
    app.execute("update workspaces set mail_domains = '{kestrel.test}'").await;
    let site = app.serve().await;
    let page = format!("/join/{token}");
    let mut answers = Vec::new();
    for email in
        ["amara@kestrel.test", "unknown@kestrel.test", "unknown@kestrel.test", "invited@kestrel.test", "x@far.test"]
    {
        let fields = [("form[token]", token.as_str()), ("form[email]", email)];
        for answer in [site.post(&page, "join", "", &fields).await, site.call("join", "", &fields).await] {
            let names: Vec<String> = answer.headers().keys().map(|name| name.to_string()).collect();
            let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            answers.push((answer.status().as_u16(), names, to, answer.text().await.unwrap()));
        }
    }
    assert_eq!((answers[0].0, answers[0].2.as_deref()), (303, Some("/join")), "nothing of the link in the address");
    assert!(answers.chunks(2).all(|pair| pair == &answers[..2]));
    let sent = site.get("/join", "").await;
    assert_eq!(sent.status(), 200);
    assert!(sent.text().await.unwrap().contains("A mail is on its way"));

    app.execute("update invite_links set off_at = now(), off_by_name = 'Amara' where id = (select id from invite_links order by id limit 1)").await;
    app.execute("update invite_links set valid_until = now() where off_at is null").await;
    let mut pages = Vec::new();
    for dead in [token.as_str(), &other, "x", &format!("{}.{}", app.workspace.public_id, "A".repeat(43))] {
        let answer = site.get(&format!("/join/{dead}"), "").await;
        assert_eq!(answer.status(), 404);
        let text = answer.text().await.unwrap();
        assert!(text.contains("This link does not work any more."), "{text}");
        pages.push(text.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned());
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_ended_without_script() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    site.call("generate-link", &cookie, &FIELDS).await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from invite_links").fetch_one(&app.app.pool).await.unwrap();
    let id = id.to_string();
    let dialog = site.get(&format!("/users/links?end={id}"), &cookie).await.text().await.unwrap();
    assert!(dialog.contains("Switch off the link to Visitor?") && !dialog.contains("form[withdraw]"));
    let fields = [("form[id]", id.as_str()), ("form[back]", "/users/links")];
    let answer = site.post(&format!("/users/links?end={id}"), "end-link", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/users/links"));
    let outcome: Outcome = site.call("end-link", &cookie, &fields).await.json().await.unwrap();
    assert_eq!(outcome.notice, Some(Notice::LinkOff { withdrawn: 0 }));
    assert!(site.get("/users/links", &cookie).await.text().await.unwrap().contains("Off"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_a_link_form_takes_no_field_that_is_not_its_own() {
    let app = TestApp::new().await;
    let (site, cookie) = owner(&app).await;
    let more = [FIELDS.as_slice(), &[("form[maker_id]", "00000000-0000-0000-0000-000000000001")]].concat();
    assert_eq!(site.call("generate-link", &cookie, &more).await.status(), 400);
    let fields = [("form[token]", "x"), ("form[email]", "a@b.test"), ("form[role]", "owner")];
    assert_eq!(site.call("join", "", &fields).await.status(), 400);
}
