//! What is given for a time: notice before its end, and that open pages are told of it.

use portico::{
    access::{Action, BuiltIn, Feature},
    platform::{context::Context, database::Database, serve},
    requests::{ending, service},
    ui::live::Topic,
};
use tokio::task::JoinSet;

use super::{
    requests::{approve, ask, asked, id, mails, may},
    support::TestApp,
};

/// A grant of seven days to Vito.
async fn granted(app: &TestApp) -> Context {
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "billing", "7")).await;
    service::approve_request(&amara, approve(request.id)).await.unwrap();
    app.execute("delete from messages").await;
    vito
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_of_an_end_is_given_once_by_two_servers() {
    let app = TestApp::new().await;
    let vito = granted(&app).await;
    ending::give_notice(&app.app).await.unwrap();
    assert!(mails(&app).await.is_empty(), "a week before the end is too soon");
    app.execute("insert into apis (workspace_id, id, slug, name) select id, gen_random_uuid(), 'tides', 'Tides' from workspaces").await;
    app.execute(
        "insert into api_access (workspace_id, id, api_id, user_id, until, given_at)
        select u.workspace_id, gen_random_uuid(), apis.id, u.id, now() + interval '23 hours', now() - interval '3 days'
        from users u cross join apis where full_name = 'Vito'",
    )
    .await;
    app.execute("update assignments set given_at = now() - interval '6 days', until = now() + interval '20 hours' where role_id is null").await;

    let database = Database { pool: app.app.pool.clone(), embedded: None };
    let other = serve::app(app.config(), &database).await.unwrap();
    let mut servers = JoinSet::new();
    for server in [app.app.clone(), other.clone(), app.app.clone(), other] {
        servers.spawn(async move { ending::give_notice(&server).await });
    }
    assert!(servers.join_all().await.iter().all(Result::is_ok));
    ending::give_notice(&app.app).await.unwrap();
    let written = mails(&app).await;
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!((written[0].0.as_str(), written[0].1.as_str()), ("vito@kestrel.test", "Your access ends soon"));
    let text = &written[0].2;
    assert!(
        text.find("Update on Billing").unwrap() < text.find("the API Tides").unwrap(),
        "the next to end first: {text}"
    );
    assert!(may(&app, &vito, Action::Update, Feature::Billing).await, "notice takes nothing away");
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_is_given_when_a_quarter_of_the_time_is_left_and_a_day_before_at_the_earliest() {
    let app = TestApp::new().await;
    granted(&app).await;
    // Minutes since it was given, minutes to its end, and whether notice is due.
    for (given, left, due) in [
        (6 * 1440, 1441, false),
        (6 * 1440, 1439, true),
        (1078, 362, false),
        (1082, 358, true),
        (89, 31, false),
        (91, 29, true),
        (44, 16, false),
        (46, 14, true),
        (1440, 0, false),
        (1440, -5, false),
    ] {
        app.execute("delete from messages").await;
        let ages = "update assignments set end_announced = false, given_at = now() - make_interval(mins => $1),
                        until = now() + make_interval(mins => $2) where role_id is null";
        sqlx::query(ages).bind(given).bind(left).execute(&app.app.pool).await.unwrap();
        ending::give_notice(&app.app).await.unwrap();
        ending::give_notice(&app.app).await.unwrap();
        assert_eq!(mails(&app).await.len(), usize::from(due), "{left} minutes before the end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_told_to_open_pages() {
    let app = TestApp::new().await;
    let vito = granted(&app).await;
    let mut heard = app.app.events.subscribe();
    let mut db = app.app.pool.acquire().await.unwrap();
    // What was announced before has been heard when this is.
    vito.announce(&mut db, Topic::Roles, None).await.unwrap();
    while heard.recv().await.unwrap().topic != Topic::Roles {}
    let since = ending::announce_ended(&app.app, None).await.unwrap();
    app.execute("update assignments set until = clock_timestamp() where role_id is null").await;
    let next = ending::announce_ended(&app.app, Some(since)).await.unwrap();
    let event = heard.recv().await.unwrap();
    assert_eq!((event.workspace, event.topic, event.user), (vito.ws(), Topic::Users, Some(id(&vito))));
    // Told once: what is announced after is heard next.
    ending::announce_ended(&app.app, Some(next)).await.unwrap();
    vito.announce(&mut db, Topic::Apis, None).await.unwrap();
    assert_eq!(heard.recv().await.unwrap().topic, Topic::Apis);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_23_ownership_has_no_end() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.user("Beate", BuiltIn::Owner).await;
    let error = sqlx::query("update assignments set until = now() + interval '1 day'")
        .execute(&app.app.pool)
        .await
        .unwrap_err();
    assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("assignments_owner_whole"));
}
