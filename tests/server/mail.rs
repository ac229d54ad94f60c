//! The outbox: at least once, never lost, and its state told.

use std::time::{Duration, Instant};

use lettre::message::Mailbox;
use portico::{
    access::{BuiltIn, Category},
    error::AppError,
    invitations::{
        model::{Invitation, Offer},
        service::{self, Ask, Said},
    },
    listing::ListQuery,
    mail::{self, model::Delivery, sender, transport::Transport},
    platform::{context::Context, fault::Fault},
};
use tokio::{net::TcpListener, sync::watch};
use uuid::Uuid;

use super::support::{Received, TestApp, mail_server};

fn from() -> Mailbox {
    "Portico <no-reply@localhost>".parse().unwrap()
}

async fn first(cx: &Context) -> Invitation {
    service::list_invitations(cx, &ListQuery::default()).await.unwrap().rows.remove(0)
}

async fn with_smtp(listener: &TcpListener) -> TestApp {
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    TestApp::with(|config| config.smtp_url = Some(url)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_down_is_deferred_with_the_reason_and_arrives_when_it_is_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = with_smtp(&listener).await;
    drop(listener);
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    assert_eq!(first(&amara).await.delivery, Some(Delivery::Queued));
    let transport = Transport::new(&app.app.config).unwrap();
    assert!(sender::send_one(&app.app, &transport, &from()).await.unwrap());
    match first(&amara).await.delivery {
        Some(Delivery::Deferred { answer, .. }) => assert!(answer.to_lowercase().contains("refused"), "{answer}"),
        other => panic!("{other:?}"),
    }
    assert!(!sender::send_one(&app.app, &transport, &from()).await.unwrap(), "not due yet");

    let received = mail_server(TcpListener::bind(address).await.unwrap(), "250 queued as 4711").await;
    app.execute("update messages set next_attempt_at = now()").await;
    assert!(sender::send_one(&app.app, &transport, &from()).await.unwrap());
    assert!(matches!(first(&amara).await.delivery, Some(Delivery::Sent { .. })));
    assert_eq!(received.message_ids().len(), 1);
    assert_eq!(app.count("select count(*) from messages where sealed_body is null and answer like '%4711%'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_19_a_refused_mail_is_failed_with_the_servers_answer_and_can_be_resent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = with_smtp(&listener).await;
    mail_server(listener, "550 5.1.1 mailbox unknown").await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let transport = Transport::new(&app.app.config).unwrap();
    assert!(sender::send_one(&app.app, &transport, &from()).await.unwrap());
    match first(&amara).await.delivery {
        Some(Delivery::Failed { answer }) => assert!(answer.contains("mailbox unknown"), "{answer}"),
        other => panic!("{other:?}"),
    }
    service::resend_invitation(&amara, sent.id).await.unwrap();
    assert_eq!(first(&amara).await.delivery, Some(Delivery::Queued));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_mail_server_says_of_us_is_no_refusal_of_the_mail() {
    for verdict in ["535 5.7.8 wrong password", "530 5.7.0 encrypt first", "451 later"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app = with_smtp(&listener).await;
        mail_server(listener, verdict).await;
        let amara = app.user("Amara", BuiltIn::Owner).await;
        app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
        let transport = Transport::new(&app.app.config).unwrap();
        assert!(sender::send_one(&app.app, &transport, &from()).await.unwrap());
        let delivery = first(&amara).await.delivery;
        assert!(
            matches!(&delivery, Some(Delivery::Deferred { answer, .. }) if answer.contains(&verdict[4..])),
            "{delivery:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_hundred_goes_out_once_with_eight_senders() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = with_smtp(&listener).await;
    let received = mail_server(listener, "250 yes").await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 1000").await;
    for n in 0..200 {
        app.invite(&amara, &format!("lars{n}@hansa.test"), BuiltIn::Member).await;
    }
    // Two servers on one database.
    let (stop, stopping) = watch::channel(false);
    let mut senders = sender::start(&app.app, stopping.clone()).unwrap();
    let mut others = sender::start(&app.app, stopping).unwrap();
    wait_for(&app, "select count(*) from messages where state = 'sent'", 200).await;
    stop.send(true).unwrap();
    while senders.join_next().await.is_some() {}
    while others.join_next().await.is_some() {}
    assert_all_once(&app, &received, 200).await;
}

async fn wait_for(app: &TestApp, sql: &'static str, wanted: i64) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while app.count(sql).await != wanted {
        assert!(Instant::now() < deadline, "{} of {wanted}", app.count(sql).await);
        tokio::task::yield_now().await;
    }
}

async fn assert_all_once(app: &TestApp, received: &Received, n: usize) {
    let mut ids = received.message_ids();
    assert_eq!(ids.len(), n);
    ids.sort();
    let mut queued: Vec<String> =
        sqlx::query_scalar("select message_id from messages").fetch_all(&app.app.pool).await.unwrap();
    queued.sort();
    assert_eq!(ids, queued);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_mails_of_one_workspace_do_not_keep_another_waiting() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 1000").await;
    let visitor = Offer::everywhere(Category::Teammate, BuiltIn::Visitor.id());
    let ask = |n: i32| Ask { email: format!("a{n}@hansa.test"), full_name: String::new(), offer: visitor.clone() };
    let sent = service::invite_all(&amara, (0..500).map(ask).collect(), &Said::default()).await.unwrap();
    assert!(sent.iter().all(Result::is_ok));
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for n in 0..3 {
        app.invite(&olga, &format!("b{n}@lumen.test"), BuiltIn::Visitor).await;
    }
    let transport = Transport::new(&app.app.config).unwrap();
    let (mut served, mut order) = (Uuid::nil(), Vec::new());
    for _ in 0..10 {
        served = sender::send_next(&app.app, &transport, &from(), served).await.unwrap().unwrap();
        order.push(served == other.id);
    }
    assert_eq!(order.iter().filter(|theirs| **theirs).count(), 3, "all three among the first ten: {order:?}");
    assert_eq!(order.iter().position(|theirs| *theirs).map(|first| first < 2), Some(true), "by turns: {order:?}");
    // The one that is left is served without a pause, also behind the last workspace of all.
    for served in [Uuid::nil(), other.id, amara.ws(), Uuid::max()] {
        let next = sender::send_next(&app.app, &transport, &from(), served).await.unwrap();
        assert_eq!(next, Some(amara.ws()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_due_in_one_workspace_is_passed_over() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    app.invite(&amara, "a@hansa.test", BuiltIn::Visitor).await;
    app.invite(&olga, "b@lumen.test", BuiltIn::Visitor).await;
    app.execute("update messages set next_attempt_at = now() + interval '1 hour' where to_address = 'a@hansa.test'")
        .await;
    let transport = Transport::new(&app.app.config).unwrap();
    for wanted in [Some(other.id), None] {
        assert_eq!(sender::send_next(&app.app, &transport, &from(), Uuid::nil()).await.unwrap(), wanted);
    }
    // And one that another sender holds.
    app.execute("update messages set next_attempt_at = now() where to_address = 'a@hansa.test'").await;
    app.invite(&olga, "c@lumen.test", BuiltIn::Visitor).await;
    let mut held = app.app.pool.begin().await.unwrap();
    let first = mail::store::claim(&mut held, Uuid::nil()).await.unwrap().unwrap().workspace_id;
    let next = sender::send_next(&app.app, &transport, &from(), Uuid::nil()).await.unwrap();
    assert!(next.is_some_and(|next| next != first), "{next:?} while {first} is held");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_sender_held_is_due_again_at_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let mut held = app.connection().await;
    sqlx::query("begin").execute(&mut held).await.unwrap();
    let claimed = mail::store::claim(&mut held, Uuid::nil()).await.unwrap().unwrap();
    let mut other = app.app.pool.begin().await.unwrap();
    assert!(mail::store::claim(&mut other, Uuid::nil()).await.unwrap().is_none(), "held by one alone");
    // The connection ends as it does when its process is killed: without a word.
    drop(held);
    let deadline = Instant::now() + Duration::from_secs(10);
    let again = loop {
        if let Some(again) = mail::store::claim(&mut other, Uuid::nil()).await.unwrap() {
            break again;
        }
        assert!(Instant::now() < deadline, "still held");
    };
    assert_eq!(again.message_id, claimed.message_id);
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_mail_is_read_by_an_owner_alone() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let transport = Transport::new(&app.app.config).unwrap();
    assert!(sender::send_one(&app.app, &transport, &from()).await.unwrap());
    let outbox = mail::service::list_outbox(&amara, "").await.unwrap();
    assert!(outbox.captured && outbox.readable);
    let id = outbox.messages[0].id;
    let mail = mail::service::read_captured(&amara, id).await.unwrap();
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("lars@hansa.test", "Amara invites you to Portico"));
    for part in [&mail.text, &mail.html] {
        assert!(part.contains(&token) && part.contains("Confirm your account"), "{part}");
    }
    assert_eq!(
        app.count("select count(*) from messages where sealed_body is not null").await,
        0,
        "erased at hand-over"
    );

    for role in [BuiltIn::Administrator, BuiltIn::Visitor] {
        let other = app.user(&format!("Other{}", role.slug()), role).await;
        assert!(!mail::service::list_outbox(&other, "").await.unwrap().readable);
        let refused = mail::service::read_captured(&other, id).await;
        assert!(matches!(refused, Err(Fault::Told(AppError::NotFound))), "{refused:?}");
    }
    let member = app.user("Member", BuiltIn::Member).await;
    let refused = mail::service::list_outbox(&member, "").await;
    assert!(matches!(refused, Err(Fault::Told(AppError::Denied(_)))), "{refused:?}");
    let file = app.config().data_dir.join("outbox").join(format!("{id}.eml"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}
