//! Users: what may be changed by whom, and that an owner always stays.

use std::sync::Arc;

use portico::{
    access::{Action, BuiltIn, Feature},
    accounts::store as accounts,
    error::{AppError, Problem, Refusal},
    listing::ListQuery,
    people::{
        model::{EditForm, State},
        service,
    },
    platform::{context::Context, fault::Fault},
    rights::{model::Change, service::put_rights},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::TestApp;

/// How many active owners there are.
const OWNERS: &str = "select count(*) from assignments join users on users.id = user_id
    where role_id = '00000000-0000-0000-0000-000000000001' and state = 'enabled'";

fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

fn edit(of: &Context, state: State) -> EditForm {
    EditForm {
        id: id(of),
        full_name: of.actor.as_ref().unwrap().full_name.clone(),
        mobile: String::new(),
        state: state.slug().into(),
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn signed_in(app: &TestApp, cx: &Context) -> bool {
    let mut db = app.app.pool.acquire().await.unwrap();
    let session = &cx.actor.as_ref().unwrap().session;
    accounts::find_session(&mut db, cx.ws(), session).await.unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_26_disabling_and_removing_end_sessions_at_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    assert!(signed_in(&app, &lars).await);
    service::edit_user(&amara, edit(&lars, State::Disabled)).await.unwrap();
    assert!(!signed_in(&app, &lars).await);
    service::edit_user(&amara, edit(&lars, State::Enabled)).await.unwrap();
    assert!(!signed_in(&app, &lars).await, "the old session does not come back");
    assert_eq!(app.count("select count(*) from sessions").await, 1, "only the owner's is left");

    let zofia = app.user("Zofia", BuiltIn::Visitor).await;
    service::remove_user(&amara, id(&zofia)).await.unwrap();
    assert!(!signed_in(&app, &zofia).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demotion_counts_from_the_next_request_on() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    app.set_role(&amara, &adam, BuiltIn::Member).await.unwrap();
    let again = app.again(&adam).await;
    assert!(again.authorize(Action::View, Feature::Team).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_themselves_or_anybody_above_them() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    app.user("Second", BuiltIn::Owner).await;
    assert_eq!(refused(service::edit_user(&amara, edit(&amara, State::Enabled)).await), Refusal::Yourself);
    assert_eq!(refused(app.set_role(&amara, &amara, BuiltIn::Member).await), Refusal::Yourself);
    assert_eq!(refused(service::remove_user(&amara, id(&amara)).await), Refusal::Yourself);
    // PITFALLS.md 29.
    assert_eq!(refused(service::edit_user(&adam, edit(&amara, State::Enabled)).await), Refusal::AboveYou);
    assert_eq!(refused(app.set_role(&adam, &amara, BuiltIn::Member).await), Refusal::AboveYou);
    assert_eq!(refused(service::remove_user(&adam, id(&amara)).await), Refusal::AboveYou);
    let lars = app.user("Lars", BuiltIn::Member).await;
    let raised = app.set_role(&adam, &lars, BuiltIn::Owner).await;
    assert!(matches!(raised, Err(Fault::Told(error)) if error.problem("role") == Some(Problem::AboveYou)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_23_the_last_owner_stays_whatever_races() {
    let app = TestApp::new().await;
    // A race is lost only sometimes: `make soak` runs it long.
    let rounds = if std::env::var_os("PORTICO_SOAK").is_some() { 500 } else { 10 };
    for round in 0..rounds {
        let owners = [
            Arc::new(app.user(&format!("One{round}"), BuiltIn::Owner).await),
            Arc::new(app.user(&format!("Two{round}"), BuiltIn::Owner).await),
        ];
        if round > 0 {
            app.execute("delete from users where id not in (select id from users order by id desc limit 2)").await;
        }
        let mut held = Vec::new();
        for owner in &owners {
            held.push(app.assignment(owner).await);
        }
        let mut acts = JoinSet::new();
        for (actor, target_of) in [(0, 1), (1, 0)] {
            let (actor, target) = (Arc::clone(&owners[actor]), Arc::clone(&owners[target_of]));
            let held = held.clone();
            let member = Change { role: Some(BuiltIn::Member.id()), ..Change::default() };
            acts.spawn(async move {
                match round % 3 {
                    0 => service::remove_user(&actor, id(&target)).await.map(drop),
                    1 => put_rights(&actor, id(&target), Some(held[target_of]), &member).await.map(drop),
                    _ => service::edit_user(&actor, edit(&target, State::Disabled)).await.map(drop),
                }
            });
        }
        let results = acts.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "round {round}: {results:?}");
        let left = app.count(OWNERS).await;
        assert_eq!(left, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_lost_on_the_way_is_lost() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    for name in ["Demoted", "Disabled"] {
        // The request has been let in with the right; then it is taken; then the request acts.
        let adam = app.user(name, BuiltIn::Administrator).await;
        match name {
            "Demoted" => drop(app.set_role(&amara, &adam, BuiltIn::Member).await.unwrap()),
            _ => drop(service::edit_user(&amara, edit(&adam, State::Disabled)).await.unwrap()),
        }
        let acted = service::edit_user(&adam, edit(&lars, State::Enabled)).await;
        assert!(matches!(acted, Err(Fault::Told(AppError::Denied(_) | AppError::Unauthorized))), "{acted:?}");
        let acted = app.set_role(&adam, &lars, BuiltIn::Administrator).await;
        assert!(matches!(acted, Err(Fault::Told(AppError::Denied(_) | AppError::Unauthorized))), "{acted:?}");
        let acted = super::support::invite(&adam, "x@y.test", "member").await;
        assert!(matches!(acted, Err(Fault::Told(AppError::Denied(_) | AppError::Unauthorized))), "{acted:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_keeps_the_last_owner() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    for sql in [
        "delete from users",
        "update assignments set role_id = '00000000-0000-0000-0000-000000000004'",
        "delete from assignments",
        "update users set state = 'disabled'",
    ] {
        let error = sqlx::query(sql).execute(&app.app.pool).await.unwrap_err();
        assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("users_last_owner"), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_user_is_an_unknown_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for target in [id(&amara), Uuid::now_v7()] {
        let form = EditForm { id: target, ..edit(&amara, State::Enabled) };
        for result in [
            service::find_user(&olga, target).await.map(drop),
            service::edit_user(&olga, form).await.map(drop),
            service::remove_user(&olga, target).await.map(drop),
        ] {
            assert!(matches!(result, Err(Fault::Told(AppError::NotFound))), "{result:?}");
        }
    }
    let seen = service::list_users(&olga, &ListQuery::default()).await.unwrap();
    assert_eq!((seen.rows.len(), seen.total), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_is_audited_with_before_and_after() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    service::edit_user(&amara, edit(&lars, State::Disabled)).await.unwrap();
    service::remove_user(&amara, id(&lars)).await.unwrap();
    let lines: Vec<(String, String, serde_json::Value, Option<serde_json::Value>)> =
        sqlx::query_as("select action, actor_name, before, after from audit_log order by id")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].0.as_str(), lines[0].1.as_str()), ("user.update", "Amara"));
    assert_eq!((&lines[0].2["roles"][0]["name"], &lines[0].2["state"]), (&"Visitor".into(), &"enabled".into()));
    let after = lines[0].3.as_ref().unwrap();
    assert_eq!((&after["roles"][0]["name"], &after["state"]), (&"Visitor".into(), &"disabled".into()));
    assert_eq!((lines[1].0.as_str(), &lines[1].3), ("user.delete", &None));
}
