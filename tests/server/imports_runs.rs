//! Imports under way: several at once, stopped in the midst, cancelled, and what they leave behind.

use portico::{
    access::BuiltIn,
    error::Refusal,
    imports::{
        model::{Ending, State},
        service, store, worker,
    },
    invitations::{
        model::{SetupForm, What},
        service::complete_setup,
        store as invitations,
    },
};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    imports::{HEAD, KIND, UPDATE, WAITING_PASSWORDS, checked, dry_run, form, imported, refusal, work},
    support::{PASSWORD, TestApp, invite},
};

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_32_two_imports_at_once_make_each_person_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text: String = (0..20).map(|n| format!("p{n}@hansa.test,P{n},Member,,Harbour-2026\n")).collect();
    let (one, two) = (checked(&amara, &text).await, checked(&amara, &text).await);
    for import in [&one, &two] {
        service::start_import(&amara, &form(import)).await.unwrap();
    }
    let replica = app.replica().await;
    let (_stop, stopping) = watch::channel(false);
    let (here, there) = tokio::join!(worker::work_one(&app.app, &stopping), worker::work_one(&replica, &stopping));
    assert!(here.unwrap() && there.unwrap(), "each has its own");
    let (one, two) = (work(&app, &amara, &one).await, work(&app, &amara, &two).await);
    assert_eq!((one.state, two.state), (State::Done, State::Done));
    assert_eq!((one.counts.new + two.counts.new, one.counts.same + two.counts.same), (20, 20));
    assert_eq!(app.count("select count(*) from users").await, 21);
    assert_eq!(app.count("select count(*) from audit_log where action = 'user.create'").await, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_goes_on_where_a_server_stopped() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text: String = (0..12).map(|n| format!("p{n}@hansa.test,P{n},Member,,Harbour-2026\n")).collect();
    let import = checked(&amara, &text).await;
    service::start_import(&amara, &form(&import)).await.unwrap();
    let (_stop, stopping) = watch::channel(true);
    assert!(!worker::work_one(&app.app, &stopping).await.unwrap(), "told to stop");
    let midst = service::find_import(&amara, KIND, import.id).await.unwrap();
    assert!(midst.state == State::Running && (1..12).contains(&midst.hashed), "{midst:?}");
    assert_eq!(app.count("select count(*) from users").await, 1);
    let hashed = "select count(*) from import_rows where password_hash is not null and sealed_password is null";
    assert_eq!(app.count(hashed).await, i64::from(midst.hashed), "what is hashed is sealed no more");
    let replica = app.replica().await;
    let (_stop, stopping) = watch::channel(false);
    assert!(worker::work_one(&replica, &stopping).await.unwrap());
    let done = service::find_import(&amara, KIND, import.id).await.unwrap();
    assert_eq!((done.state, done.hashed, done.written), (State::Done, 12, 12));
    assert_eq!(app.count("select count(*) from users where password_hash is not null").await, 13);
    assert_eq!(app.count("select count(*) from import_jobs").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_dies_with_its_connection() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let import = checked(&amara, "a@hansa.test,A,Member,,Harbour-2026\n").await;
    service::start_import(&amara, &form(&import)).await.unwrap();
    let (_stop, stopping) = watch::channel(false);
    let mut killed = app.connection().await;
    sqlx::query("begin").execute(&mut killed).await.unwrap();
    assert!(store::claim(&mut killed).await.unwrap().is_some());
    assert!(!worker::work_one(&app.app, &stopping).await.unwrap(), "it is another's");
    drop(killed);
    let mut there = false;
    while !there {
        there = worker::work_one(&app.app, &stopping).await.unwrap();
    }
    assert_eq!(service::find_import(&amara, KIND, import.id).await.unwrap().state, State::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_23_an_import_leaves_an_owner() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let olga = app.user("Olga", BuiltIn::Owner).await;
    let text = |name: &str| format!("{HEAD}{name}@kestrel.test,{name},Member,,\n");
    // Each demotes the other at the same time.
    let one = dry_run(&amara, KIND, &text("olga"), UPDATE).await.unwrap();
    let two = dry_run(&olga, KIND, &text("amara"), UPDATE).await.unwrap();
    service::start_import(&amara, &form(&one)).await.unwrap();
    service::start_import(&olga, &form(&two)).await.unwrap();
    let (_stop, stopping) = watch::channel(false);
    let (first, second) = tokio::join!(worker::work_one(&app.app, &stopping), worker::work_one(&app.app, &stopping));
    assert!(first.unwrap() && second.unwrap());
    let states: Vec<String> =
        sqlx::query_scalar("select state from imports order by state").fetch_all(&app.app.pool).await.unwrap();
    assert_eq!(states, ["done", "failed"]);
    let owners = "select count(*) from assignments where role_id = '00000000-0000-0000-0000-000000000001'";
    assert_eq!(app.count(owners).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_password_sends_a_link_that_sets_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let import = checked(&amara, "lars@hansa.test,Lars,Member,,\n").await;
    assert_eq!(import.counts.links, 1);
    imported(&app, &amara, &import).await;
    assert_eq!(app.count("select count(*) from users where password_hash is null").await, 1);
    let id: Uuid = sqlx::query_scalar("select id from invitations where user_id is not null")
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    let form = SetupForm {
        token: app.token(id).await,
        full_name: "Lars".into(),
        mobile: String::new(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    };
    complete_setup(&app.nobody(), form).await.unwrap();
    assert_eq!(app.count("select count(*) from users").await, 2);
    assert!(app.serve().await.sign_in("lars@hansa.test", PASSWORD).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_or_forgotten_keeps_no_password() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let text = "a@hansa.test,A,Member,,Harbour-2026\n";
    let waiting = checked(&amara, text).await;
    service::cancel_import(&amara, &form(&waiting)).await.unwrap();
    assert_eq!(app.count(WAITING_PASSWORDS).await, 0);
    assert_eq!(refusal(service::start_import(&amara, &form(&waiting)).await), Refusal::NotNow);
    let running = checked(&amara, text).await;
    service::start_import(&amara, &form(&running)).await.unwrap();
    assert_eq!(refusal(service::start_import(&amara, &form(&running)).await), Refusal::NotNow);
    service::cancel_import(&amara, &form(&running)).await.unwrap();
    assert_eq!(work(&app, &amara, &running).await.state, State::Cancelled);
    assert_eq!(refusal(service::cancel_import(&amara, &form(&running)).await), Refusal::NotNow);
    assert_eq!((app.count(WAITING_PASSWORDS).await, app.count("select count(*) from import_jobs").await), (0, 0));
    assert_eq!(app.count("select count(*) from users").await, 1);
    // A dry run that nobody starts, and a result that is old.
    let forgotten = checked(&amara, text).await;
    app.execute("update imports set created_at = now() - interval '25 hours' where state = 'checked'").await;
    app.execute("update imports set ended_at = now() - interval '31 days' where state = 'cancelled'").await;
    let mut db = app.app.pool.acquire().await.unwrap();
    store::sweep(&mut db).await.unwrap();
    let past = service::list_imports(&amara, KIND).await.unwrap();
    let left: Vec<_> = past.iter().map(|it| (it.id, it.ending)).collect();
    assert_eq!(left, [(forgotten.id, Some(Ending::Expired))]);
    assert_eq!(app.count(WAITING_PASSWORDS).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_an_import_fails_by_nothing_but_its_patience() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let import = checked(&amara, "a@hansa.test,A,Member,,Harbour-2026\n").await;
    service::start_import(&amara, &form(&import)).await.unwrap();
    // As another import of the workspace does while it is written.
    let mut other = app.connection().await;
    sqlx::query("begin").execute(&mut other).await.unwrap();
    sqlx::query("select from rights for no key update").execute(&mut other).await.unwrap();
    let (_stop, stopping) = watch::channel(false);
    let (import_waits, invites) =
        tokio::join!(worker::work_one(&app.app, &stopping), invite(&amara, "lars@hansa.test", "member"));
    assert!(!import_waits.unwrap(), "it waits for its turn");
    assert_eq!(refusal(invites), Refusal::Busy);
    assert_eq!(app.count("select attempts::bigint from imports").await, 0, "to wait is not to fail");
    sqlx::query("commit").execute(&mut other).await.unwrap();
    let done = work(&app, &amara, &import).await;
    assert_eq!((done.state, done.written), (State::Done, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_and_what_goes_out_meanwhile_do_not_wait_for_each_other() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let mut held = app.connection().await;
    sqlx::query("begin").execute(&mut held).await.unwrap();
    let locked = invitations::lock(&mut held, amara.ws(), sent.id).await.unwrap();
    assert!(locked.is_some());
    // The dry run looks at an invitation that somebody holds, and a mail's fate is written down.
    let import = checked(&amara, "lars@hansa.test,Lars,Member,,\n").await;
    assert_eq!(import.counts.wrong, 1, "its address is invited");
    let mut db = app.app.pool.acquire().await.unwrap();
    let event = invitations::NewEvent::of_itself(What::Sent);
    invitations::insert_events(&mut db, amara.ws(), &[sent.id], &event).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_an_import_mails_no_address_more_than_it_may_get() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let import = checked(&amara, "lars@hansa.test,Lars,Member,,\nmei@hansa.test,Mei,Member,,\n").await;
    while app.app.limits.reaches(amara.ws(), "lars@hansa.test") {}
    assert_eq!(imported(&app, &amara, &import).await.state, State::Done);
    assert_eq!(app.count("select count(*) from users where password_hash is null").await, 2, "both have accounts");
    assert_eq!(app.count("select count(*) from messages").await, 1);
    let kept = "select count(*) from invitations where email_key = 'lars@hansa.test' and notified_at is null";
    assert_eq!(app.count(kept).await, 1, "to be sent later");
}
