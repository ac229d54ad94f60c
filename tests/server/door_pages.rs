//! The set-up page and its dead ends, a person at the link, asking for a new one, and the reminder before the end.

use portico::{
    access::{BuiltIn, Category},
    error::{AppError, Refusal},
    invitations::{
        model::{Offer, SetupForm, What},
        service::{self, Ask, Completion, Said},
        store,
    },
    platform::{context::Context, fault::Fault, secrets::Token},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::{PASSWORD, Site, TestApp};

pub fn setup(token: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: "Lars Bjerregaard".into(),
        mobile: String::new(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

pub fn refusal<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub async fn history(app: &TestApp, id: Uuid) -> Vec<What> {
    let mut db = app.app.pool.acquire().await.unwrap();
    store::list_events(&mut db, app.workspace.id, id).await.unwrap().into_iter().map(|line| line.what).collect()
}

/// Whom mails of this subject went to, in the order of their addresses.
pub async fn told(app: &TestApp, subject: &'static str) -> Vec<String> {
    sqlx::query_scalar("select to_address from messages where subject like $1 order by to_address")
        .bind(subject)
        .fetch_all(&app.app.pool)
        .await
        .unwrap()
}

pub async fn expire(app: &TestApp) {
    app.execute("update invitations set valid_until = now() - interval '1 second' where status = 'pending'").await;
}

/// A page as its reader gets it, without what is made anew for each answer and without the link itself.
async fn page(site: &Site, token: &str, cookie: &str) -> (u16, Vec<String>, String) {
    let answer = site.get(&format!("/setup/{token}"), cookie).await;
    let mut names: Vec<String> = answer.headers().keys().map(ToString::to_string).collect();
    names.sort();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let status = answer.status().as_u16();
    // The framework names what is still loading in whatever order.
    let text = answer.text().await.unwrap().replace("[\"1\",\"0\",]", "[\"0\",\"1\",]");
    let text = text.replace(&nonce, "NONCE").replace(token, "TOKEN");
    (status, names, text)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_who_invites_to_what_as_what_and_with_what() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("insert into groups (workspace_id, id, name) select id, '00000000-0000-0000-0000-000000000007', 'Pilots <b>' from workspaces").await;
    let amara = app.again(&amara).await;
    let offer = Offer {
        customer_id: Some("ACME-1".into()),
        groups: vec![Uuid::from_u128(7)],
        ..Offer::everywhere(Category::Customer, BuiltIn::Customer.id())
    };
    let ask = Ask { email: "lars@hansa.test".into(), full_name: "Lars Bjerregaard".into(), offer };
    let said = Said { message: "See you <i>soon</i>.".into(), ..Said::default() };
    let sent = service::invite_all(&amara, vec![ask], &said).await.unwrap().remove(0).unwrap();
    let token = app.token(sent.id).await;
    let site = app.serve().await;
    let shown = page(&site, &token, "").await.2;
    for said in [
        "Amara invites you",
        "As a customer",
        "Pilots &lt;b&gt;",
        "See you &lt;i&gt;soon&lt;/i&gt;.",
        "value=\"Lars Bjerregaard\"",
        "lars@hansa.test",
        "CREATE AN ACCOUNT",
        "LOGIN",
        " UTC",
    ] {
        assert!(shown.contains(said), "{said}");
    }
    // Pitfall 8: nothing in the form could change the address.
    let field = shown
        .split("<input")
        .skip(1)
        .find(|input| input.contains("lars@hansa.test"))
        .unwrap()
        .split('>')
        .next()
        .unwrap();
    assert!(field.contains("readonly") && !field.contains(" name="), "{field}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_1_and_10_dead_links_have_one_page() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, expired) = app.invite(&amara, "expired@hansa.test", BuiltIn::Member).await;
    expire(&app).await;
    let (gone, deleted) = app.invite(&amara, "deleted@hansa.test", BuiltIn::Member).await;
    service::delete_invitation(&amara, gone.id).await.unwrap();
    let (old, superseded) = app.invite(&amara, "old@hansa.test", BuiltIn::Member).await;
    service::resend_invitation(&amara, old.id).await.unwrap();
    let (_, flipped) = app.invite(&amara, "live@hansa.test", BuiltIn::Member).await;
    let flipped = flipped.replace(&flipped[20..21], if &flipped[20..21] == "A" { "B" } else { "A" });
    let unknown = Token::new(&app.workspace.public_id).expose().to_owned();
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    for cookie in ["", &cookie] {
        let first = page(&site, &unknown, cookie).await;
        assert_eq!(first.0, 404);
        assert!(first.2.contains("Send me a new link"));
        for token in [&expired, &deleted, &superseded, &flipped] {
            assert_eq!(page(&site, token, cookie).await, first);
        }
        assert_eq!(first.2.contains("You are signed in as amara@kestrel.test"), !cookie.is_empty(), "pitfall 7");
        assert_eq!(first.2.contains("Go to sign-in"), cookie.is_empty());
    }
    // Asking has one answer too.
    let mut answers = Vec::new();
    for token in [&unknown, &expired, &deleted, &superseded, &flipped, &"x".to_owned()] {
        let answer = site.call("ask-for-link", "", &[("form[token]", token)]).await;
        answers.push((answer.status(), answer.text().await.unwrap().replace(token.as_str(), "TOKEN")));
    }
    answers.dedup();
    // A text that is no token stands in the address of its page, like any other.
    assert!(answers.iter().all(|(status, body)| *status == 200 && body.contains("LinkAsked")), "{answers:?}");
    assert_eq!(told(&app, "% asks for a new invitation link").await.len(), 2, "of the expired and the superseded one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_link_and_one_that_waits_say_so_without_a_name() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, used) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&used)).await.unwrap(), Completion::Ready);
    app.execute("update workspaces set auto_approval = false").await;
    let (_, waits) = app.invite(&amara, "ines@hansa.test", BuiltIn::Member).await;
    let site = app.serve().await;
    let fields = [
        ("form[token]", waits.as_str()),
        ("form[full_name]", "Ines"),
        ("form[password]", PASSWORD),
        ("form[again]", PASSWORD),
    ];
    let done = site.post(&format!("/setup/{waits}"), "complete-setup", "", &fields).await;
    let flash = done.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let said = site.get("/sign-in", &flash).await.text().await.unwrap();
    assert!(said.contains("It waits for approval now."), "told at once");
    for (token, status, title) in
        [(&used, 409, "This invitation is completed"), (&waits, 409, "Your registration waits for approval")]
    {
        let shown = page(&site, token, "").await;
        assert_eq!(shown.0, status);
        assert!(shown.2.contains(title) && shown.2.contains("Go to sign-in"), "{title}");
        assert!(!shown.2.contains("hansa.test") && !shown.2.contains("Send me a new link"), "{title}");
    }
    // Nobody is asked for a link that nobody needs.
    for token in [&used, &waits] {
        service::ask_for_link(&app.nobody(), token).await.unwrap();
    }
    assert!(told(&app, "% asks for a new invitation link").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_10_signing_in_tells_of_waiting_only_with_the_right_password() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set auto_approval = false").await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    let site = app.serve().await;
    let sign_in = async |email: &str, password: &str| {
        let answer = site.call("sign-in", "", &[("form[email]", email), ("form[password]", password)]).await;
        (
            answer.status().as_u16(),
            answer.headers().contains_key("set-cookie"),
            answer.json::<AppError>().await.unwrap(),
        )
    };
    assert_eq!(sign_in("lars@hansa.test", PASSWORD).await, (409, false, AppError::Refused(Refusal::Waits)));
    let unknown = sign_in("nobody@hansa.test", PASSWORD).await;
    assert_eq!(unknown, (401, false, AppError::Refused(Refusal::SignIn)));
    assert_eq!(sign_in("lars@hansa.test", "Harbour-2027").await, unknown);
    assert_eq!(app.count("select count(*) from sessions where user_id <> (select id from users)").await, 0);
    service::review_invitation(&amara, sent.id, service::Verdict::Deny).await.unwrap();
    assert_eq!(sign_in("lars@hansa.test", PASSWORD).await, unknown, "what was denied is forgotten");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_6_only_a_person_opens_a_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let site = app.serve().await;
    for _ in 0..3 {
        page(&site, &token, "").await;
        site.client.head(site.url(&format!("/setup/{token}"))).send().await.unwrap();
        site.get(&format!("/api/note-opened?token={token}"), "").await;
    }
    assert_eq!(app.count("select count(*) from invitations where opened_at is not null").await, 0);
    let mut tries = JoinSet::new();
    for _ in 0..20 {
        let (nobody, token) = (app.nobody(), token.clone());
        tries.spawn(async move { service::note_opened(&nobody, &token).await });
    }
    assert!(tries.join_all().await.iter().all(Result::is_ok));
    assert_eq!(history(&app, sent.id).await, [What::Invited, What::Queued, What::Opened], "once, however many say it");
    assert_eq!(
        app.count("select count(*) from invitations where opened_at is not null and status = 'pending'").await,
        1
    );
    // The same answer for whatever link.
    expire(&app).await;
    for token in [token, Token::new(&app.workspace.public_id).expose().to_owned(), "x".into()] {
        assert_eq!(site.call("note-opened", "", &[("token", &token)]).await.status(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_is_asked_of_the_inviter_once_an_hour() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Administrator).await;
    app.user("Olga", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    service::ask_for_link(&app.nobody(), &token).await.unwrap();
    assert_eq!(history(&app, sent.id).await, [What::Invited, What::Queued], "a link that works is not asked for");
    expire(&app).await;
    let mut asks = JoinSet::new();
    for _ in 0..20 {
        let (nobody, token) = (app.nobody(), token.clone());
        asks.spawn(async move { service::ask_for_link(&nobody, &token).await });
    }
    assert!(asks.join_all().await.iter().all(Result::is_ok));
    assert_eq!(history(&app, sent.id).await, [What::Invited, What::Queued, What::Asked]);
    assert_eq!(told(&app, "lars@hansa.test asks for a new invitation link").await, ["amara@kestrel.test"]);
    app.execute("update invitation_events set at = at - interval '2 hours'").await;
    service::ask_for_link(&app.nobody(), &token).await.unwrap();
    assert_eq!(told(&app, "%asks for a new%").await.len(), 2, "an hour later it can be asked again");
    // Resending is the answer, and the old link can still ask, of the new one.
    let next = service::resend_invitation(&amara, sent.id).await.unwrap();
    service::ask_for_link(&app.nobody(), &token).await.unwrap();
    assert_eq!(history(&app, next.id).await.last(), Some(&What::Asked));
    assert_eq!(app.count("select count(*) from users").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_inviter_is_gone_those_who_may_invite_are_asked() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Administrator).await;
    let olga = app.user("Olga", BuiltIn::Owner).await;
    app.user("Vito", BuiltIn::Visitor).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    portico::people::service::remove_user(&olga, amara.actor.as_ref().unwrap().user_id.unwrap()).await.unwrap();
    let site = app.serve().await;
    let shown = page(&site, &token, "").await;
    assert_eq!(shown.0, 409);
    assert!(shown.2.contains("This invitation cannot be completed now") && shown.2.contains("Send me a new link"));
    service::ask_for_link(&app.nobody(), &token).await.unwrap();
    assert_eq!(told(&app, "%asks for a new%").await, ["olga@kestrel.test"]);
    assert_eq!(history(&app, sent.id).await.last(), Some(&What::Asked));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_both_sides_are_told_what_holds_an_acceptance_up() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("insert into groups (workspace_id, id, name) select id, '00000000-0000-0000-0000-000000000007', 'Pilots' from workspaces").await;
    let amara = app.again(&amara).await;
    let offer =
        Offer { groups: vec![Uuid::from_u128(7)], ..Offer::everywhere(Category::Teammate, BuiltIn::Visitor.id()) };
    let ask = Ask { email: "lars@hansa.test".into(), full_name: String::new(), offer };
    let sent = service::invite_all(&amara, vec![ask], &Said::default()).await.unwrap().remove(0).unwrap();
    let token = app.token(sent.id).await;
    app.execute("delete from groups").await;
    let mut tries = JoinSet::new();
    for _ in 0..10 {
        let nobody = app.nobody();
        let form = setup(&token);
        tries.spawn(async move { service::complete_setup(&nobody, form).await });
    }
    for result in tries.join_all().await {
        assert_eq!(refusal(result), Refusal::OfferGone);
    }
    assert_eq!(told(&app, "lars@hansa.test cannot accept the invitation").await, ["amara@kestrel.test"], "once");
    assert_eq!(history(&app, sent.id).await.iter().filter(|what| **what == What::Held).count(), 1);
    assert_eq!(app.count("select count(*) from users").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_18_wrong_tries_strand_nobody() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let stranger = Context { client: "203.0.113.7".parse().ok(), ..app.nobody() };
    let mut slowed = false;
    for _ in 0..60 {
        let guess = Token::new(&app.workspace.public_id).expose().to_owned();
        slowed |= matches!(service::ask_for_link(&stranger, &guess).await, Err(Fault::Told(AppError::RateLimited(_))));
    }
    assert!(slowed, "whoever guesses is slowed down");
    let wrong = SetupForm { again: "Other-2026-x".into(), ..setup(&token) };
    for _ in 0..60 {
        assert!(service::complete_setup(&app.nobody(), wrong.clone()).await.is_err());
    }
    let again = service::resend_invitation(&amara, sent.id).await.unwrap();
    let token = app.token(again.id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_7_and_8_whoever_is_signed_in_makes_the_invited_account_and_no_other() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.user("Vito", BuiltIn::Visitor).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("vito@kestrel.test", PASSWORD).await.unwrap();
    let shown = page(&site, &token, &cookie).await.2;
    assert!(shown.contains("You are signed in as vito@kestrel.test, and this invitation is for lars@hansa.test."));
    assert!(shown.contains("Sign out"));
    let address = format!("/setup/{token}");
    let good = [
        ("form[token]", token.as_str()),
        ("form[full_name]", "Lars"),
        ("form[password]", PASSWORD),
        ("form[again]", PASSWORD),
    ];
    let forged: Vec<_> = good.into_iter().chain([("form[email]", "vito@kestrel.test")]).collect();
    assert_eq!(site.post(&address, "complete-setup", &cookie, &forged).await.status(), 400);
    assert_eq!(site.post(&address, "complete-setup", &cookie, &good).await.status(), 303);
    let owners = "select count(*) from assignments join users on users.id = user_id
        where role_id = '00000000-0000-0000-0000-000000000001' and email_key in ('lars@hansa.test', 'vito@kestrel.test')";
    assert_eq!(app.count(owners).await, 1);
    assert_eq!(
        app.count("select count(*) from audit_log where action = 'user.create' and actor_name = 'Vito'").await,
        0
    );
    assert!(page(&site, &token, &cookie).await.2.contains("You are signed in as vito@kestrel.test."));
}
