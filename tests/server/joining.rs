//! What strangers do with an invitation link, and how little they learn from it.

use std::time::{Duration, Instant};

use portico::{
    access::{BuiltIn, Category},
    error::{AppError, Problem},
    invitations::service as invitations,
    links::{
        model::{NewLinkForm, State, Trouble},
        service,
    },
    mail::service::Body,
    platform::context::Context,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    links::{dead, form, join, link, list, open, setup},
    rights_support::told,
    support::TestApp,
};

/// The newest mail to an address, and its plain text.
async fn mail(app: &TestApp, to: &str) -> Option<String> {
    let found: Option<(Uuid, Vec<u8>)> = sqlx::query_as(
        "select id, sealed_body from messages where to_address = $1 and sealed_body is not null order by queued_at desc, id desc limit 1",
    )
    .bind(to)
    .fetch_optional(&app.app.pool)
    .await
    .unwrap();
    let (id, sealed) = found?;
    Some(Body::open(&app.app.key, id, &sealed).unwrap().text)
}

fn from(app: &TestApp, last: u8) -> Context {
    Context { client: Some([192, 0, 2, last].into()), ..app.nobody() }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_4_fifty_joins_of_one_address_leave_one_open_invitation() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, NewLinkForm { most_uses: "2".into(), ..form("visitor") }).await;
    let mut tries = JoinSet::new();
    for n in 0..50 {
        let (nobody, token) = (app.nobody(), token.clone());
        let email = if n % 2 == 0 { "lars@hansa.test" } else { " LARS@Hansa.test" };
        tries.spawn(async move { join(&nobody, &token, email).await });
    }
    assert!(tries.join_all().await.into_iter().all(|answer| answer.is_ok()));
    assert_eq!(app.count("select count(*) from invitations where status = 'pending'").await, 1);
    assert_eq!(
        app.count("select count(*) from invitations").await,
        10,
        "each with its mail, and ten mails an hour at most"
    );
    assert_eq!(app.count("select count(*) from messages").await, 1, "none is sent whose link is dead already");
    assert_eq!(list(&amara, Category::Teammate).await[0].uses, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_4_fifty_addresses_at_a_limit_of_ten_make_ten() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, NewLinkForm { most_uses: "10".into(), ..form("visitor") }).await;
    let mut tries = JoinSet::new();
    for n in 0..50 {
        let (nobody, token) = (app.nobody(), token.clone());
        tries.spawn(async move { join(&nobody, &token, &format!("u{n}@hansa.test")).await });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 10);
    answers.into_iter().filter(Result::is_err).for_each(dead);
    assert_eq!(app.count("select count(*) from invitations where link_id is not null").await, 10);
    let line = &list(&amara, Category::Teammate).await[0];
    assert_eq!((line.uses, line.state), (10, State::UsedUp));
    // One of them expires, another is deleted: two may come.
    app.execute(
        "update invitations set valid_until = now() where id = (select id from invitations order by id limit 1)",
    )
    .await;
    let gone: Uuid = sqlx::query_scalar("select id from invitations where valid_until > now() limit 1")
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    invitations::delete_invitation(&amara, gone).await.unwrap();
    for n in 100..102 {
        join(&app.nobody(), &token, &format!("u{n}@hansa.test")).await.unwrap();
    }
    dead(join(&app.nobody(), &token, "u102@hansa.test").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_comes_again_gets_a_new_mail_and_the_old_one_dies() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let first = app.token(open(&app, "lars@hansa.test").await).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let second = app.token(open(&app, "lars@hansa.test").await).await;
    dead(invitations::open_invitation(&app.nobody(), &first).await);
    assert!(invitations::open_invitation(&app.nobody(), &second).await.is_ok());
    let line = &list(&amara, Category::Teammate).await[0];
    assert_eq!((line.uses, line.comers.len()), (1, 1), "the same person");
    assert_eq!(app.count("select count(*) from invitations where status = 'inactivated'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_9_twins_of_an_address_are_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, NewLinkForm { mail_domain: "@BÜCHER.test".into(), ..form("visitor") }).await;
    for twin in ["zofia@bücher.test", "ZOFIA@xn--bcher-kva.test", "ｚｏｆｉａ@bücher.test"] {
        join(&app.nobody(), &token, twin).await.unwrap();
    }
    assert_eq!(app.count("select count(*) from invitations where status = 'pending'").await, 1);
    let other = join(&app.nobody(), &token, "zofia@bucher.test").await;
    assert_eq!(told(other).problem("email"), Some(Problem::MailDomain), "the link itself says its domain");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_10_strangers_learn_nothing_of_an_address_and_its_owner_learns_all() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    app.invite(&amara, "invited@kestrel.test", BuiltIn::Visitor).await;
    app.execute("update workspaces set auto_approval = false").await;
    let (_, waiting) = app.invite(&amara, "waits@kestrel.test", BuiltIn::Visitor).await;
    invitations::complete_setup(&app.nobody(), setup(&waiting)).await.unwrap();
    app.execute("update workspaces set mail_domains = '{kestrel.test}'").await;
    let cases = [
        ("new@kestrel.test", "/setup/"),
        ("amara@kestrel.test", "It has an account already: sign in with it."),
        ("invited@kestrel.test", "It has an invitation already"),
        ("waits@kestrel.test", "You have registered already"),
        ("new@elsewhere.test", "Addresses of its domain are not invited there"),
    ];
    let before = app.count("select count(*) from invitations").await;
    for (address, said) in cases {
        let begun = Instant::now();
        join(&app.nobody(), &token, address).await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(150), "no answer comes sooner, whatever was found");
        let text = mail(&app, address).await.unwrap();
        assert!(text.contains(said), "{address}: {text}");
    }
    assert_eq!(app.count("select count(*) from invitations").await, before + 1, "only the new one is invited");
    let opened = open(&app, "invited@kestrel.test").await;
    assert!(app.token(opened).await.len() > 40, "the invitation that was there is as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_without_a_seat_nobody_comes_and_the_maker_sees_it() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    app.execute("update workspaces set seats = 2").await;
    join(&app.nobody(), &token, "one@hansa.test").await.unwrap();
    join(&app.nobody(), &token, "two@hansa.test").await.unwrap();
    assert_eq!(app.count("select count(*) from invitations").await, 1);
    assert!(mail(&app, "two@hansa.test").await.unwrap().contains("Every place is taken now"));
    // Who has a seat kept for them gets their mail again.
    join(&app.nobody(), &token, "one@hansa.test").await.unwrap();
    assert!(mail(&app, "one@hansa.test").await.unwrap().contains("/setup/"));
    let line = &list(&amara, Category::Teammate).await[0];
    assert_eq!((line.trouble, line.uses), (Some(Trouble::Seats), 1));
    // Customers take none.
    let customers = NewLinkForm { kind: Category::Customer, customer_id: "PL-7".into(), ..form("customer") };
    let token = link(&amara, customers).await;
    join(&app.nobody(), &token, "three@hansa.test").await.unwrap();
    assert_eq!(app.count("select count(*) from invitations where category = 'customer'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_fifty_joins_at_the_last_seat_make_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    app.execute("update workspaces set seats = 2").await;
    let mut tries = JoinSet::new();
    for n in 0..50 {
        let (nobody, token) = (app.nobody(), token.clone());
        tries.spawn(async move { join(&nobody, &token, &format!("u{n}@hansa.test")).await });
    }
    assert!(tries.join_all().await.into_iter().all(|answer| answer.is_ok()), "one answer for all");
    assert_eq!(app.count("select count(*) from invitations").await, 1);
    assert_eq!(app.count("select count(*) from messages").await, 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_a_link_is_no_mail_bomb() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    // One address: ten mails in an hour, and the same answer after them.
    for _ in 0..12 {
        join(&app.nobody(), &token, "amara@kestrel.test").await.unwrap();
    }
    assert_eq!(app.count("select count(*) from messages where to_address = 'amara@kestrel.test'").await, 10);
    // One place: thirty a minute, whatever the addresses.
    let mut tries = JoinSet::new();
    for n in 0..40 {
        let (client, token) = (from(&app, 1), token.clone());
        tries.spawn(async move { join(&client, &token, &format!("u{n}@hansa.test")).await });
    }
    let refused: Vec<_> = tries.join_all().await.into_iter().filter(Result::is_err).collect();
    assert!((9..=10).contains(&refused.len()), "{}", refused.len());
    assert!(refused.into_iter().all(|answer| matches!(told(answer), AppError::RateLimited(_))));
    assert!(join(&from(&app, 2), &token, "elsewhere@hansa.test").await.is_ok());
    // The maker may still invite as many as ever.
    assert!(app.app.limits.mail(app.workspace.id, Uuid::nil(), "x@hansa.test").is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_7_who_is_signed_in_does_not_matter() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let token = link(&amara, form("member")).await;
    join(&vito, &token, "lars@hansa.test").await.unwrap();
    let inviter: String =
        sqlx::query_scalar("select inviter_name from invitations").fetch_one(&app.app.pool).await.unwrap();
    assert_eq!(inviter, "Amara");
    let by_vito = app.count("select count(*) from audit_log where actor_name = 'Vito'").await;
    assert_eq!(by_vito, 0, "what a stranger asked for is not told of who happens to be signed in");
    assert_eq!(
        app.count("select count(*) from audit_log where action = 'invitation.create' and after ->> 'link' is not null")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_denied_may_come_again_and_is_reviewed_again() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set auto_approval = false").await;
    let token = link(&amara, NewLinkForm { most_uses: "1".into(), ..form("visitor") }).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let id = open(&app, "lars@hansa.test").await;
    invitations::complete_setup(&app.nobody(), setup(&app.token(id).await)).await.unwrap();
    dead(service::open_link(&app.nobody(), &token).await);
    invitations::review_invitation(&amara, id, invitations::Verdict::Deny).await.unwrap();
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let again = open(&app, "lars@hansa.test").await;
    assert_eq!(
        invitations::complete_setup(&app.nobody(), setup(&app.token(again).await)).await.unwrap(),
        invitations::Completion::Waiting
    );
    assert_eq!(list(&amara, Category::Teammate).await[0].uses, 1);
}
