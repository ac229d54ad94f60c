//! Settings > Invitations: each card is kept apart, with before and after, and is used wherever it counts.

use portico::{
    access::BuiltIn,
    error::{AppError, Problem},
    invitations::{
        model::SetupForm,
        service::{self as invitations, Completion},
    },
    mail::words::{MailKind, Words},
    platform::{context::Context, fault::Fault},
    settings::{
        model::{ColourForm, DomainsForm, RegistrationForm, SenderForm, Validity, ValidityForm, WordsForm},
        service,
    },
    ui::live::Topic,
};
use serde_json::{Value, json};

use super::support::{PASSWORD, TestApp, invite};

fn problem<T: std::fmt::Debug>(result: Result<T, Fault>, field: &str) -> Option<Problem> {
    match result {
        Err(Fault::Told(error)) => error.problem(field),
        other => panic!("expected a mistake in a field, got {other:?}"),
    }
}

fn validity(mail: &str, remind: &str) -> ValidityForm {
    ValidityForm {
        mail: mail.into(),
        mail_unit: "hours".into(),
        link: "2".into(),
        link_unit: "days".into(),
        remind: remind.into(),
    }
}

fn words(kind: MailKind, subject: &str, body: &str) -> WordsForm {
    WordsForm { kind: kind.slug().into(), subject: subject.into(), body: body.into() }
}

fn setup(token: &str, mobile: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: "Lars Bjerregaard".into(),
        mobile: mobile.into(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

/// The audit log's last line: what was done, before and after.
async fn logged(app: &TestApp) -> (String, Value, Value) {
    sqlx::query_as(
        "select action, before, after from audit_log where subject_kind = 'settings' order by at desc, id desc limit 1",
    )
    .fetch_one(&app.app.pool)
    .await
    .unwrap()
}

async fn subject(app: &TestApp, to: &'static str) -> String {
    sqlx::query_scalar("select subject from messages where to_address = $1 order by queued_at desc, id desc limit 1")
        .bind(to)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
}

async fn read(cx: &Context) -> portico::settings::model::InvitationSettings {
    service::read_invitation_settings(cx).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_card_is_kept_with_before_and_after() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let first = read(&amara).await;
    assert_eq!(first.validity, Validity { mail: 72, link: 24, remind: None }, "the seeds' defaults");
    assert!(first.registration.auto_approval && !first.registration.mobile_required);

    service::save_validity(&amara, &validity("48", "6")).await.unwrap();
    let (action, before, after) = logged(&app).await;
    assert_eq!(action, "settings.validity");
    assert_eq!(before, json!({ "mail": 72, "link": 24, "remind": null }));
    assert_eq!(after, json!({ "mail": 48, "link": 48, "remind": 6 }));
    service::save_colour(&amara, &ColourForm { colour: "FFF".into() }).await.unwrap();
    let (action, before, after) = logged(&app).await;
    assert_eq!((action.as_str(), before, after), ("settings.colour", json!("#14424b"), json!("#ffffff")));
    service::save_sender(&amara, &SenderForm { sender_name: "Kestrel, at sea".into() }).await.unwrap();
    assert_eq!(logged(&app).await.2, json!("Kestrel, at sea"));
    let rules = RegistrationForm { auto_approval: false, mobile_required: true };
    service::save_registration(&amara, &rules).await.unwrap();
    assert_eq!(logged(&app).await.1, json!({ "auto_approval": true, "mobile_required": false }));

    let now = read(&amara).await;
    assert_eq!(now.validity, Validity { mail: 48, link: 48, remind: Some(6) });
    assert_eq!((now.colour.as_str(), now.sender_name.as_str()), ("#ffffff", "Kestrel, at sea"));
    service::save_validity(&amara, &validity("48", "")).await.unwrap();
    assert_eq!(read(&amara).await.validity.remind, None);
    assert_eq!(problem(service::save_validity(&amara, &validity("48", "48")).await, "remind"), Some(Problem::Reminder));
    assert_eq!(
        problem(service::save_colour(&amara, &ColourForm { colour: "red".into() }).await, "colour"),
        Some(Problem::Colour)
    );
    assert_eq!(
        app.count("select count(*) from audit_log where subject_kind = 'settings'").await,
        5,
        "what is refused is not logged"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_look_changes_nothing() {
    let app = TestApp::new().await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let refused =
        |result: Result<(), Fault>| assert!(matches!(result, Err(Fault::Told(AppError::Denied(_)))), "{result:?}");
    refused(service::save_validity(&vito, &validity("48", "")).await);
    refused(service::save_sender(&vito, &SenderForm::default()).await);
    refused(service::save_mail_words(&vito, &words(MailKind::Invitation, "x", "")).await);
    refused(service::send_test_mail(&vito, "invitation").await.map(drop));
    assert_eq!(app.count("select count(*) from messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_told_to_open_consoles() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mut heard = app.app.events.subscribe();
    service::save_sender(&amara, &SenderForm { sender_name: "Kestrel".into() }).await.unwrap();
    while heard.recv().await.unwrap().topic != Topic::Settings {}
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_9_domains_are_kept_as_addresses_are_compared() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let domains = |typed: &str| DomainsForm { domains: typed.into() };
    service::save_mail_domains(&amara, &domains(" Hansa.test\r\n@BÜCHER.test\r\n\r\nhansa.test")).await.unwrap();
    assert_eq!(read(&amara).await.domains, ["hansa.test", "xn--bcher-kva.test"]);
    let invite = async |email: &str| invite(&amara, email, "member").await;
    assert!(invite("a@bücher.test").await.is_ok());
    assert_eq!(problem(invite("a@sub.hansa.test").await, "email"), Some(Problem::MailDomain));
    for bad in ["hansa", "a@hansa.test", "*.hansa.test"] {
        let result = service::save_mail_domains(&amara, &domains(&format!("kestrel.test\n{bad}"))).await;
        assert_eq!(problem(result, "domains"), Some(Problem::Domain), "{bad}");
    }
    assert_eq!(read(&amara).await.domains.len(), 2);
    service::save_mail_domains(&amara, &domains("")).await.unwrap();
    assert!(invite("a@sub.hansa.test").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_mobile_number_is_asked_for_by_the_server() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let rules = RegistrationForm { auto_approval: false, mobile_required: true };
    service::save_registration(&amara, &rules).await.unwrap();
    let nobody = app.nobody();
    assert!(invitations::open_invitation(&nobody, &token).await.unwrap().mobile_required);
    for (mobile, wrong) in [("", Problem::Missing), ("12345678", Problem::Mobile), ("+999 1234 5678", Problem::Mobile)]
    {
        let result = invitations::complete_setup(&nobody, setup(&token, mobile)).await;
        assert_eq!(problem(result, "mobile"), Some(wrong), "{mobile}");
    }
    let done = invitations::complete_setup(&nobody, setup(&token, "+45 12 34 56 78")).await.unwrap();
    assert_eq!(done, Completion::Waiting);
    assert_eq!(read(&amara).await.registration.waiting, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_15_the_mail_states_the_end_that_the_settings_make() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::save_validity(&amara, &validity("1", "")).await.unwrap();
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    assert_eq!(
        app.count("select count(*) from invitations where valid_until = invited_at + interval '1 hour'").await,
        1
    );
    // What is on its way keeps its end.
    service::save_validity(&amara, &validity("72", "")).await.unwrap();
    let offered = invitations::open_invitation(&app.nobody(), &token).await.unwrap();
    assert_eq!(offered.valid_until, sent.valid_until);
}

#[tokio::test(flavor = "multi_thread")]
async fn own_words_are_in_the_mails_and_the_rest_stays() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let own =
        words(MailKind::Invitation, "{inviter} asks {email} in", "Welcome to {workspace} as {role}, until {until}.");
    service::save_mail_words(&amara, &own).await.unwrap();
    let (action, before, after) = logged(&app).await;
    assert_eq!((action.as_str(), &before["subject"]), ("settings.mail-words", &json!("")));
    assert_eq!((&after["mail"], &after["subject"]), (&json!("invitation"), &json!("{inviter} asks {email} in")));
    for (kind, subject, body, field) in [
        (MailKind::Invitation, "{invitor}", "", "subject"),
        (MailKind::Invitation, "", "{link}", "body"),
        (MailKind::Accepted, "", "{until}", "body"),
    ] {
        let result = service::save_mail_words(&amara, &words(kind, subject, body)).await;
        assert_eq!(problem(result, field), Some(Problem::Placeholder), "{subject}{body}");
    }
    let wrong = service::save_mail_words(&amara, &words(MailKind::Invitation, "A\r\nBcc: b@c.test", "")).await;
    assert_eq!(problem(wrong, "subject"), Some(Problem::Forbidden));
    app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    assert_eq!(subject(&app, "lars@hansa.test").await, "Amara asks lars@hansa.test in");
    // Nothing typed is the built-in text again.
    service::save_mail_words(&amara, &words(MailKind::Invitation, " ", "")).await.unwrap();
    assert!(read(&amara).await.words.is_empty());
    app.invite(&amara, "ines@hansa.test", BuiltIn::Member).await;
    assert_eq!(subject(&app, "ines@hansa.test").await, "Amara invites you to Portico");
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_come_from_the_sender_that_was_set_when_they_were_queued() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "one@hansa.test", BuiltIn::Member).await;
    let wrong = service::save_sender(&amara, &SenderForm { sender_name: "A\r\nBcc: b@c.test".into() }).await;
    assert_eq!(problem(wrong, "sender_name"), Some(Problem::Forbidden), "pitfall 21");
    service::save_sender(&amara, &SenderForm { sender_name: "Kestrel".into() }).await.unwrap();
    app.invite(&amara, "two@hansa.test", BuiltIn::Member).await;
    let names: Vec<String> = sqlx::query_scalar("select from_name from messages order by queued_at, to_address")
        .fetch_all(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(names, ["Portico", "Kestrel"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_and_a_test_hold_no_live_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for kind in MailKind::ALL {
        let typed = Words { subject: "Typed <b>{workspace}</b> {nonsense}".into(), body: String::new() };
        let shown = service::preview_mail(&amara, kind.slug(), Some(typed)).await.unwrap();
        assert!(shown.contains("Typed &#60;b&#62;Portico&#60;/b&#62; {nonsense}"), "{shown}");
        assert!(!shown.contains("/setup/"), "{shown}");
        assert_eq!(service::send_test_mail(&amara, kind.slug()).await.unwrap(), "amara@kestrel.test");
    }
    assert_eq!(app.count("select count(*) from messages where to_address = 'amara@kestrel.test'").await, 5);
    assert_eq!(app.count("select count(*) from invitations").await, 0);
    let limited = async {
        for _ in 0..20 {
            service::send_test_mail(&amara, "invitation").await?;
        }
        Ok::<(), Fault>(())
    }
    .await;
    assert!(matches!(limited, Err(Fault::Told(AppError::RateLimited(_)))), "pitfall 22: {limited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_works_without_script_and_keeps_contrast() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let here = "/settings/invitations";
    let page = site.get(here, &cookie).await.text().await.unwrap();
    for said in
        ["How long links work", "value=\"72\"", "Allowed mail domains", "No registration waits now.", "Mail texts"]
    {
        assert!(page.contains(said), "{said}");
    }
    let answer = site.post(here, "save-colour", &cookie, &[("form[colour]", "blue")]).await;
    assert_eq!(answer.status(), 422);
    let again = answer.text().await.unwrap();
    assert!(again.contains("value=\"blue\"") && again.contains("six digits"), "what was typed stays");
    for (colour, ink) in [("#ffff00", "#000000"), ("#000", "#ffffff"), ("#767676", "#000000")] {
        let answer = site.post(here, "save-colour", &cookie, &[("form[colour]", colour)]).await;
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, here));
        let door = site.get("/sign-in", "").await.text().await.unwrap();
        assert!(door.contains(&format!("--on-tenant:{ink}")), "{colour}");
    }
    let drawer = format!("{here}?mail=invitation");
    let page = site.get(&drawer, &cookie).await.text().await.unwrap();
    assert!(page.contains("{workspace}, {inviter}, {role}, {until}, {email}"), "the placeholders are named");
    let fields = [("form[kind]", "invitation"), ("form[subject]", "Hi {nobody}"), ("form[body]", "")];
    let answer = site.post(&drawer, "save-mail-words", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("a placeholder that this mail does not have"));
    // The browser posts what is typed into the frame.
    let preview = site
        .client
        .post(site.url("/settings/invitations/invitation/preview"))
        .header("cookie", &cookie)
        .header("origin", site.url(""))
        .form(&[("form[subject]", "Hi <i>{inviter}</i>"), ("form[body]", "One\r\nTwo")])
        .send()
        .await
        .unwrap();
    assert!(preview.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert!(preview.text().await.unwrap().contains("Hi &#60;i&#62;Amara&#60;/i&#62;"));
    let elsewhere =
        site.client.post(site.url("/settings/invitations/invitation/preview")).header("origin", "https://evil.test");
    assert_eq!(elsewhere.header("cookie", &cookie).form(&[("a", "b")]).send().await.unwrap().status(), 403);
}
