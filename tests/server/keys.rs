//! Keys of machines.

use portico::{
    access::BuiltIn,
    error::{AppError, Problem},
    keys::service::{create_key, delete_key, list_keys},
    platform::{context::Context, fault::Fault},
};

use super::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_33_a_key_is_shown_once_and_only_its_hash_is_kept() {
    let app = TestApp::new().await;
    let operator = Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    let (key, token) = create_key(&operator, " nginx   edge ").await.unwrap();
    assert!(token.expose().starts_with(&format!("{}.", app.workspace.public_id)));
    assert_eq!((key.name.as_str(), key.asks), ("nginx edge", true));
    let (secret, whole): (bool, bool) =
        sqlx::query_as("select bool_or(k::text like '%' || $1 || '%'), bool_or(token_hash = $2) from api_keys k")
            .bind(token.expose().split_once('.').unwrap().1)
            .bind(token.hash())
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    assert!(!secret && whole);
    let logged = app.count("select count(*) from audit_log where action = 'key.create' and actor_id is null").await;
    assert_eq!(logged, 1);
    let told: String =
        sqlx::query_scalar("select string_agg(a::text, ' ') from audit_log a").fetch_one(&app.app.pool).await.unwrap();
    assert!(!told.contains(token.expose()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_key_is_no_key() {
    let app = TestApp::new().await;
    let operator = Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    let (key, token) = create_key(&operator, "edge").await.unwrap();
    let mut db = app.app.pool.acquire().await.unwrap();
    app.app.rights.refresh(&mut db, app.workspace.id).await.unwrap();
    assert!(app.app.rights.kept_key(app.workspace.id, token.hash()).flatten().is_some_and(|kept| kept.asks));
    assert_eq!(list_keys(&operator).await.unwrap(), std::slice::from_ref(&key));
    delete_key(&operator, key.id).await.unwrap();
    app.app.rights.refresh(&mut db, app.workspace.id).await.unwrap();
    assert!(app.app.rights.kept_key(app.workspace.id, token.hash()).flatten().is_none());
    assert!(matches!(delete_key(&operator, key.id).await, Err(Fault::Told(AppError::NotFound))));
    assert_eq!(app.count("select count(*) from audit_log where action = 'key.delete'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_their_workspaces_and_nobody_elses() {
    let app = TestApp::new().await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let here = Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    let there = Context::command_line(app.app.clone(), other).await.unwrap();
    let (key, _) = create_key(&here, "edge").await.unwrap();
    assert!(list_keys(&there).await.unwrap().is_empty());
    assert!(matches!(delete_key(&there, key.id).await, Err(Fault::Told(AppError::NotFound))));
    let named = create_key(&here, "").await.err();
    assert!(matches!(named, Some(Fault::Told(error)) if error.problem("name") == Some(Problem::Missing)));
    // PITFALLS.md 27: who may only look makes none.
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    assert!(matches!(create_key(&vito, "mine").await.err(), Some(Fault::Told(AppError::Denied(_)))));
}
