//! Signing in and out, and the first owner.

use portico::{
    access::{BuiltIn, RoleRef},
    accounts::{
        model::{OwnerForm, SignInForm},
        service, store,
    },
    error::{AppError, Problem, Refusal},
    people,
    platform::{fault::Fault, secrets::Token},
    workspaces,
};
use tokio::task::JoinSet;

use super::support::{PASSWORD, TestApp};

fn form(email: &str, password: &str) -> SignInForm {
    SignInForm { email: email.into(), password: password.into(), next: String::new() }
}

fn error<T>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        Err(fault) => panic!("{fault}"),
        Ok(_) => panic!("expected an error"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_for_wrong_unknown_and_disabled() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.user("Lars", BuiltIn::Visitor).await;
    app.execute("update users set state = 'disabled' where full_name = 'Lars'").await;
    let nobody = app.nobody();
    for (email, password) in [
        ("amara@kestrel.test", "Wrong-2026-x"),
        ("unknown@kestrel.test", PASSWORD),
        ("lars@kestrel.test", PASSWORD),
        ("no address at all", PASSWORD),
    ] {
        let answer = error(service::sign_in(&nobody, form(email, password)).await);
        assert_eq!(answer, AppError::Refused(Refusal::SignIn), "{email}");
    }
    assert_eq!(error(service::sign_in(&nobody, form("", "")).await).problem("password"), Some(Problem::Missing));
    service::sign_in(&nobody, form(" AMARA@Kestrel.test ", PASSWORD)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_rotates_the_session_and_signing_out_ends_it() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let old = amara.actor.as_ref().unwrap().session.clone();
    let token = service::sign_in(&amara, form("amara@kestrel.test", PASSWORD)).await.unwrap();
    let mut db = app.app.pool.acquire().await.unwrap();
    assert!(
        store::find_session(&mut db, amara.ws(), &old).await.unwrap().is_none(),
        "the one the browser came with ends"
    );
    assert!(store::find_session(&mut db, amara.ws(), token.hash()).await.unwrap().is_some());
    let mut again = amara.clone();
    again.actor.as_mut().unwrap().session = token.hash().to_vec();
    service::sign_out(&again).await.unwrap();
    assert!(store::find_session(&mut db, amara.ws(), token.hash()).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_time() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let session = amara.actor.as_ref().unwrap().session.clone();
    let mut db = app.app.pool.acquire().await.unwrap();
    for aged in [
        "update sessions set last_used_at = now() - interval '12 hours 1 second'",
        "update sessions set last_used_at = now(), created_at = now() - interval '7 days 1 second'",
    ] {
        sqlx::query(aged).execute(&mut *db).await.unwrap();
        assert!(store::find_session(&mut db, amara.ws(), &session).await.unwrap().is_none(), "{aged}");
    }
    store::delete_ended(&mut db).await.unwrap();
    drop(db);
    assert_eq!(app.count("select count(*) from sessions").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_link_makes_one_owner_however_many_try() {
    let app = TestApp::new().await;
    let links = workspaces::service::owner_links(&app.app).await.unwrap();
    let first = links[0].1.rsplit('/').next().unwrap().to_owned();
    let links = workspaces::service::owner_links(&app.app).await.unwrap();
    let token = links[0].1.rsplit('/').next().unwrap().to_owned();
    let dead = error(service::open_owner_link(&app.nobody(), &first).await);
    assert_eq!(dead, AppError::Refused(Refusal::DeadLink), "only the newest link works");
    service::open_owner_link(&app.nobody(), &token).await.unwrap();
    assert_eq!(app.app.hosts.workspace(&app.app.pool, "").await.unwrap().name, "Portico");

    let mut tries = JoinSet::new();
    for n in 0..8 {
        let (nobody, token) = (app.nobody(), token.clone());
        tries.spawn(async move {
            let form = OwnerForm {
                token,
                workspace: "Kestrel Maritime".into(),
                full_name: format!("Owner {n}"),
                email: format!("owner{n}@kestrel.test"),
                password: PASSWORD.into(),
                again: PASSWORD.into(),
            };
            service::set_up_owner(&nobody, form).await.map(|token: Token| token.hash().to_vec())
        });
    }
    let results = tries.join_all().await;
    let made: Vec<_> = results.iter().flatten().collect();
    assert_eq!(made.len(), 1);
    assert_eq!(
        app.count("select count(*) from assignments where role_id = '00000000-0000-0000-0000-000000000001'").await,
        1
    );
    let mut db = app.app.pool.acquire().await.unwrap();
    assert!(store::find_session(&mut db, app.workspace.id, made[0]).await.unwrap().is_some(), "and is signed in");
    drop(db);
    assert!(workspaces::service::owner_links(&app.app).await.unwrap().is_empty());
    let named = app.app.hosts.workspace(&app.app.pool, "").await.unwrap();
    assert_eq!(named.name, "Kestrel Maritime", "and the next page says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_makes_an_owner_too() {
    let app = TestApp::new().await;
    let cx = portico::platform::context::Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    let form = OwnerForm {
        full_name: "Amara".into(),
        email: "amara@kestrel.test".into(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
        ..Default::default()
    };
    let id = service::create_owner(&cx, &form.check().unwrap()).await.unwrap();
    let mut db = app.app.pool.acquire().await.unwrap();
    assert_eq!(
        people::store::find(&mut db, app.workspace.id, id).await.unwrap().unwrap().roles,
        [BuiltIn::Owner.id()].map(|id| RoleRef { id, name: "Owner".into() })
    );
    drop(db);
    let again = error(service::create_owner(&cx, &form.check().unwrap()).await);
    assert_eq!(again.problem("email"), Some(Problem::AlreadyUser));
    service::sign_in(&app.nobody(), self::form("amara@kestrel.test", PASSWORD)).await.unwrap();
}
