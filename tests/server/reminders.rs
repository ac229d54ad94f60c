//! The reminder before the end of an invitation.

use portico::{
    access::BuiltIn,
    error::Refusal,
    invitations::{model::What, service},
    platform::context::Context,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    door_pages::{expire, history, refusal, setup, told},
    support::TestApp,
};

/// Invites with a reminder two hours before the end, and lets time go by until then.
async fn due(app: &TestApp, by: &Context) -> (Uuid, String) {
    app.execute("update workspaces set remind_before = interval '2 hours'").await;
    let (sent, token) = app.invite(by, "lars@hansa.test", BuiltIn::Member).await;
    app.execute(
        "update messages set sealed_body = null, state = 'sent', handed_over_at = now(), next_attempt_at = null",
    )
    .await;
    app.execute(
        "update invitations set notified_at = now() - interval '71 hours', valid_until = now() + interval '1 hour'",
    )
    .await;
    (sent.id, token)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_remind_once_and_both_links_work() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (id, first) = due(&app, &amara).await;
    let replica = app.replica().await;
    let mut servers = JoinSet::new();
    for n in 0..20 {
        let server = if n % 2 == 0 { app.app.clone() } else { replica.clone() };
        servers.spawn(async move { service::remind(&server).await });
    }
    assert!(servers.join_all().await.iter().all(Result::is_ok));
    service::remind(&app.app).await.unwrap();
    assert_eq!(told(&app, "Reminder: Amara invites you to Portico").await, ["lars@hansa.test"]);
    assert_eq!(history(&app, id).await, [What::Invited, What::Queued, What::Reminded]);
    let second = app.token(id).await;
    assert_ne!(first, second);
    let (one, two) = (
        service::open_invitation(&app.nobody(), &first).await.unwrap(),
        service::open_invitation(&app.nobody(), &second).await.unwrap(),
    );
    assert_eq!(one, two, "the end is the same too");
    service::complete_setup(&app.nobody(), setup(&second)).await.unwrap();
    assert_eq!(refusal(service::complete_setup(&app.nobody(), setup(&first)).await), Refusal::LinkUsed, "pitfall 4");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_5_a_resend_ends_the_link_of_the_reminder_too() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (id, first) = due(&app, &amara).await;
    service::remind(&app.app).await.unwrap();
    let second = app.token(id).await;
    service::resend_invitation(&amara, id).await.unwrap();
    for token in [first, second] {
        assert_eq!(refusal(service::open_invitation(&app.nobody(), &token).await), Refusal::DeadLink);
    }
    assert_eq!(app.count("select count(*) from invitations where token_hash = reminder_hash").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_told_or_has_finished_or_was_told_just_now_is_not_reminded() {
    for change in [
        "update invitations set notified_at = null",
        "update invitations set notified_at = now()",
        "update invitations set valid_until = now()",
        "update invitations set valid_until = now() + interval '3 hours'",
        "update workspaces set remind_before = null",
        "update invitations set status = 'approved', completed_at = now()",
    ] {
        let app = TestApp::new().await;
        let amara = app.user("Amara", BuiltIn::Owner).await;
        due(&app, &amara).await;
        app.execute(change).await;
        service::remind(&app.app).await.unwrap();
        assert!(told(&app, "Reminder%").await.is_empty(), "{change}");
    }
    // One that could not be completed now is passed over.
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Administrator).await;
    let olga = app.user("Olga", BuiltIn::Owner).await;
    due(&app, &amara).await;
    app.set_role(&olga, &amara, BuiltIn::Visitor).await.unwrap();
    service::remind(&app.app).await.unwrap();
    assert!(told(&app, "Reminder%").await.is_empty());
    assert_eq!(
        app.count("select count(*) from invitations where reminded_at is not null and reminder_hash is null").await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_20_the_reminder_and_the_question_lead_to_the_base_url_alone() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test".parse().unwrap()).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (id, token) = due(&app, &amara).await;
    service::remind(&app.app).await.unwrap();
    assert_eq!(
        app.count("select count(*) from messages where invitation_id is not null and sealed_body is not null").await,
        1
    );
    assert!(!app.token(id).await.is_empty());
    expire(&app).await;
    let site = app.serve().await;
    let asked = site
        .client
        .post(site.url("/api/ask-for-link"))
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("sec-fetch-site", "same-origin")
        .form(&[("form[token]", &token)]);
    assert_eq!(asked.send().await.unwrap().status(), 200);
    let sealed: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as("select id, sealed_body from messages where sealed_body is not null")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(sealed.len(), 2);
    for (id, sealed) in sealed {
        let body = portico::mail::service::Body::open(&app.app.key, id, &sealed).unwrap();
        assert!(body.text.contains("https://portal.test/"), "{}", body.text);
        assert!(!body.text.contains("evil") && !body.html.contains("evil"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_they_have_done() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (id, first) = due(&app, &amara).await;
    service::remind(&app.app).await.unwrap();
    assert_eq!(history(&app, id).await.last(), Some(&What::Reminded));
    service::complete_setup(&app.nobody(), setup(&first)).await.unwrap();
    assert_eq!(app.count("select count(*) from messages where state = 'queued'").await, 0);
}
