//! What servers keep of everybody's rights, by versions: read once for all who ask, followed by one, and forgotten where the
//! database has gone back.

use std::{sync::Arc, time::Duration};

use portico::{
    access::{Action, BuiltIn, Feature},
    error::AppError,
    platform::{context::Context, fault::Fault, rights::Rights},
};
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    authzen::{key, town},
    support::TestApp,
};

/// Longer than any of this takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Writes as a restored database would read: nothing is announced, and no version is made.
async fn restore(app: &TestApp, sql: &str) {
    let sql = format!("set session_replication_role = replica; {sql}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut app.connection().await).await.unwrap();
}

async fn version(app: &TestApp) -> i64 {
    app.count("select version from rights").await
}

async fn again(app: &TestApp, cx: &Context) -> Context {
    timeout(PATIENCE, app.again(cx)).await.expect("a request is answered")
}

fn may(cx: &Context) -> bool {
    cx.authorize(Action::Delete, Feature::Team).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_26_a_version_that_goes_back_keeps_no_right() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let before = version(&app).await;
    app.set_role(&amara, &lars, BuiltIn::Administrator).await.unwrap();
    assert!(may(&again(&app, &lars).await));
    assert!(version(&app).await > before);
    let demote = "update assignments set role_id = '00000000-0000-0000-0000-000000000003' where user_id = (select id from users where full_name = 'Lars')";
    restore(
        &app,
        &format!("{demote}; delete from rights_changes where version > {before}; update rights set version = {before}"),
    )
    .await;
    assert!(!may(&again(&app, &lars).await), "what was given after the restored moment is gone");
    // And what is given from then on counts.
    app.set_role(&again(&app, &amara).await, &lars, BuiltIn::Administrator).await.unwrap();
    assert!(may(&again(&app, &lars).await));
    // A replica that took over may be as far as this by other changes: the listener is lost then, and heard again.
    restore(&app, demote).await;
    app.app.rights.doubt();
    assert!(!may(&again(&app, &lars).await), "the same version of another history");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_follows_what_is_announced() {
    let app = TestApp::new().await;
    let (ws, mut db) = (app.workspace.id, app.connection().await);
    let rights = Rights::default();
    assert!(!rights.announced(ws, 7), "nobody asked about it here");
    let now = rights.refresh(&mut db, ws).await.unwrap();
    assert!(!rights.announced(ws, now), "known already");
    assert!(rights.announced(ws, now + 1));
    assert!(!rights.announced(ws, now + 2), "one is enough");
    assert!(rights.behind(ws));
    assert!(rights.kept_key(ws, b"x").is_none(), "nothing is answered from what is behind");
    // The database that announced them has lost them.
    rights.reach(&mut db, ws, 0).await.unwrap();
    assert!(!rights.behind(ws));
    assert!(rights.announced(ws, now + 3), "the next one is followed again");
    rights.unfollow(ws);
    assert!(rights.announced(ws, now + 3), "as is one that could not be");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reads_for_all_who_ask() {
    let app = TestApp::new().await;
    let (ws, rights) = (app.workspace.id, Arc::new(Rights::default()));
    let mut blocking = app.app.pool.begin().await.unwrap();
    sqlx::query("lock table groups in access exclusive mode").execute(&mut *blocking).await.unwrap();
    let mut asking = Vec::new();
    for _ in 0..8 {
        let (rights, mut db) = (Arc::clone(&rights), app.connection().await);
        asking.push(tokio::spawn(async move { rights.refresh(&mut db, ws).await.unwrap() }));
    }
    let mut db = app.connection().await;
    let mut waiting = async || -> i64 {
        sqlx::query_scalar(
            "select count(*) from pg_locks where relation = 'groups'::regclass and not granted and database =
                 (select oid from pg_database where datname = current_database())",
        )
        .fetch_one(&mut db)
        .await
        .unwrap()
    };
    timeout(PATIENCE, async { while waiting().await == 0 {} }).await.unwrap();
    // The others have their connections already: they would be here by now.
    for _ in 0..200 {
        assert_eq!(waiting().await, 1);
    }
    blocking.commit().await.unwrap();
    for asked in asking {
        timeout(PATIENCE, asked).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_26_what_ends_while_a_request_waits_has_ended() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Administrator).await;
    app.execute(
        "update assignments set until = now() - interval '1 minute' from users
         where users.id = user_id and full_name = 'Lars'",
    )
    .await;
    let mut waited = app.again(&lars).await;
    if let Some(actor) = &mut waited.actor {
        actor.at -= 3600;
    }
    assert!(may(&waited), "it had not ended when the request came");
    let refused = waited.begin_change(Action::Delete, Feature::Team).await.map(drop);
    assert!(matches!(refused, Err(Fault::Told(AppError::Denied(_)))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_26_whoever_held_a_row_is_told_as_well_as_whoever_holds_it() {
    let app = TestApp::new().await;
    let [anna, bert] = [app.user("Anna", BuiltIn::Visitor).await, app.user("Bert", BuiltIn::Visitor).await]
        .map(|cx| cx.actor.unwrap().user_id.unwrap());
    let ids = "anna as (select * from users where full_name = 'Anna'), bert as (select * from users where full_name = 'Bert')";
    let run = async |sql: &str| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.replace("$ids", ids))).execute(&app.app.pool).await.unwrap();
    };
    run("with $ids, api as (insert into apis (workspace_id, id, slug, name)
            select workspace_id, gen_random_uuid(), s, s from anna, (values ('tides'), ('winds')) as them (s) returning *),
        tides as (select * from api where slug = 'tides'),
        pilots as (insert into groups (workspace_id, id, name) select workspace_id, gen_random_uuid(), 'Pilots' from anna returning *),
        member as (insert into group_members (workspace_id, group_id, user_id) select anna.workspace_id, pilots.id, anna.id from anna, pilots),
        number as (insert into api_customer_ids (workspace_id, api_id, customer_id) select workspace_id, id, 'K-1' from tides),
        scope as (insert into assignment_apis (workspace_id, assignment_id, api_id)
            select a.workspace_id, a.id, tides.id from assignments a, anna, tides where a.user_id = anna.id)
        insert into api_access (workspace_id, id, api_id, user_id) select tides.workspace_id, gen_random_uuid(), tides.id, anna.id from anna, tides")
    .await;
    let mut both = vec![anna, bert];
    both.sort();
    for (sql, whose) in [
        ("with $ids update group_members set user_id = bert.id from anna, bert where user_id = anna.id", Some(both.clone())),
        ("with $ids update api_access set user_id = bert.id from anna, bert where user_id = anna.id", Some(both.clone())),
        ("update assignment_apis set api_id = apis.id from apis where slug = 'winds'", Some(vec![anna])),
        ("update api_customer_ids set customer_id = 'K-2'", None),
        (
            "with $ids
             update assignment_apis set assignment_id = (select a.id from assignments a, bert where a.user_id = bert.id)",
            Some(both.clone()),
        ),
        (
            "with $ids update assignments set user_id = bert.id, role_id = null, permissions = '{\"team\": [\"view\"]}'
             from anna, bert where user_id = anna.id",
            Some(both.clone()),
        ),
    ] {
        run(sql).await;
        let mut told: Option<Vec<Uuid>> =
            sqlx::query_scalar("select users from rights_changes order by version desc limit 1")
                .fetch_one(&app.app.pool)
                .await
                .unwrap();
        told.iter_mut().for_each(|users| users.sort());
        assert_eq!(told, whose, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_of_an_end_changes_no_rights_and_a_new_end_does() {
    let app = TestApp::new().await;
    app.user("Vito", BuiltIn::Visitor).await;
    app.execute(
        "with api as (insert into apis (workspace_id, id, slug, name) select id, gen_random_uuid(), 'tides', 'Tides' from workspaces returning *)
         insert into api_access (workspace_id, id, api_id, user_id)
         select api.workspace_id, gen_random_uuid(), api.id, users.id from api, users",
    )
    .await;
    for (sql, raises) in [
        ("update assignments set end_announced = true", false),
        ("update api_access set end_announced = true", false),
        ("update assignments set until = now() + interval '1 day', end_announced = false", true),
        ("update api_access set until = now() + interval '1 day', end_announced = false", true),
        ("update assignments set until = null", true),
        ("update assignments set all_apis = false, end_announced = true", true),
        ("update api_access set until = null, end_announced = true", true),
    ] {
        let before = version(&app).await;
        app.execute(sql).await;
        assert_eq!(version(&app).await > before, raises, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_18_strangers_keys_are_looked_up_so_often_and_no_more() {
    let (app, mut asker) = town().await;
    let asked = json!({
        "subject": { "type": "user", "id": "owner@town.test" },
        "action": { "name": "view" },
        "resource": { "type": "feature", "id": "team" },
    });
    let path = "/access/v1/evaluation";
    assert_eq!(asker.post(path, &asked).await.status(), 200);
    let good = asker.key.clone();
    let stranger = |workspace: &str| portico::platform::secrets::Token::new(workspace).expose().to_owned();
    // A proxy whose key is gone: it is told so each time.
    asker.key = stranger(&app.workspace.public_id);
    for _ in 0..100 {
        assert_eq!(asker.post(path, &asked).await.status(), 401);
    }
    let mut slowed = 0;
    for round in 0..100 {
        asker.key = stranger(if round % 2 == 0 { &app.workspace.public_id } else { "zzzzzzzz" });
        let answer = asker.post(path, &asked).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
            slowed += 1;
        } else {
            assert_eq!(answer.status(), 401);
        }
    }
    assert!(slowed > 20, "{slowed}");
    asker.key = good;
    assert_eq!(asker.post(path, &asked).await.status(), 200, "whoever has a key is not slowed down");
    // Nor is one that was made meanwhile, once it is heard of.
    asker.key = key(&app, &app.workspace, true).await;
    timeout(PATIENCE, async { while asker.post(path, &asked).await.status() != 200 {} }).await.unwrap();
}
