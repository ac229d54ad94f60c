//! What the log keeps of what is taken along with something else.

use portico::{
    access::{ApiScope, BuiltIn},
    apis::service as apis,
    groups::{self, model::GroupForm},
    listing::ListQuery,
    organizations::{self, model::UserForm},
    requests::ending::store as endings,
    rights::model::Change,
    settings::{model::FeatureForm, service as settings},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    apis::{api, reaches},
    rights_support::{custom, developer, furnish, id, organization, put, role},
    support::TestApp,
};

/// The lines of a deed, each with whose it is.
async fn lines(app: &TestApp, action: &str) -> Vec<(String, Value, Value)> {
    sqlx::query_as("select subject_label, before, after from audit_log where action = $1 order by subject_label")
        .bind(action)
        .fetch_all(&app.app.pool)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_what_is_taken_with_a_feature_or_an_action_of_it_is_in_the_log() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    custom(&app, "Editors", r#"{"media": ["view", "delete"], "billing": ["view"]}"#).await;
    custom(&app, "Readers", r#"{"media": ["view"]}"#).await;
    for (name, beside) in [("Mona", r#"{"media": ["view", "delete"]}"#), ("Olga", r#"{"media": ["delete"]}"#)] {
        let user = app.user(name, BuiltIn::Visitor).await;
        sqlx::query("insert into assignments (workspace_id, id, user_id, category, permissions) values ($1, $2, $3, 'teammate', $4::jsonb)")
            .bind(user.ws())
            .bind(Uuid::now_v7())
            .bind(id(&user))
            .bind(beside)
            .execute(&app.app.pool)
            .await
            .unwrap();
    }
    let media = FeatureForm {
        slug: "media".into(),
        name: "Media library".into(),
        actions: vec!["view".into()],
        ..FeatureForm::default()
    };
    settings::edit_feature(&amara, media).await.unwrap();
    let (both, view) = (json!(["view", "delete"]), json!(["view"]));
    let roles = lines(&app, "role.update").await;
    assert_eq!(
        roles,
        [("Editors".to_owned(), json!({ "media": both }), json!({ "media": view }))],
        "no line for Readers"
    );
    let [(whose, before, after)] = &lines(&app, "rights.change").await[..] else { panic!("one line") };
    assert_eq!((whose.as_str(), &before["media"], &after["media"]), ("Mona", &both, &view));
    let [(whose, before, after)] = &lines(&app, "rights.take").await[..] else { panic!("one line") };
    assert_eq!((whose.as_str(), &before["media"], after), ("Olga", &json!(["delete"]), &json!({})));

    settings::delete_feature(&amara, "media").await.unwrap();
    assert_eq!(lines(&app, "role.update").await.len(), 3);
    assert_eq!(lines(&app, "rights.take").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_a_deleted_api_and_a_deleted_group_leave_whose_they_were_in_the_log() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let tides = api(&amara, "Tides", "", &[]).await;
    let chosen = Some(ApiScope::Chosen(vec![tides.id]));
    let held = app.assignment(&lars).await;
    put(&amara, &lars, Some(held), &Change { apis: chosen, ..role(BuiltIn::ApiOwner) }).await.unwrap();
    assert!(reaches(&app, &lars, &tides).await);
    sqlx::query("insert into api_access (workspace_id, id, api_id, user_id) values ($1, $2, $3, $4)")
        .bind(amara.ws())
        .bind(Uuid::now_v7())
        .bind(tides.id)
        .bind(id(&amara))
        .execute(&app.app.pool)
        .await
        .unwrap();
    apis::delete_api(&amara, tides.id).await.unwrap();
    let before = &lines_of(&app, "api.delete").await;
    assert_eq!((&before["users"], &before["groups"]), (&json!([id(&amara)]), &json!([])));
    let expected = ("Lars".to_owned(), json!({ "apis": ["tides"] }), json!({ "apis": [] }));
    assert_eq!(lines(&app, "rights.change").await.last(), Some(&expected));

    let form = GroupForm { name: "Ports".into(), ..GroupForm::default() };
    let (ports, _) = groups::service::create_group(&amara, form).await.unwrap();
    app.execute(
        "with made as (insert into users (workspace_id, id, kind, email, email_key, user_name, full_name)
             select w.id, gen_random_uuid(), 'customer', n || '@many.test', n || '@many.test', n::text, 'Many'
             from workspaces w, generate_series(1, 1100) n returning workspace_id, id)
         insert into group_members (workspace_id, group_id, user_id)
             select made.workspace_id, groups.id, made.id from made, groups",
    )
    .await;
    let page = groups::service::list_groups(&amara, &ListQuery::default()).await.unwrap();
    assert_eq!(page.rows[0].members, 1_001, "they are counted only so far");
    groups::service::delete_group(&amara, ports).await.unwrap();
    let before = lines_of(&app, "group.delete").await;
    assert_eq!(before["members"].as_array().map(Vec::len), Some(1_100), "each of them");
}

/// What was, of the only line of a deed.
async fn lines_of(app: &TestApp, action: &str) -> Value {
    sqlx::query_scalar("select before from audit_log where action = $1")
        .bind(action)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_put_in_the_place_of_another_brings_nothing_of_it_along() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    let form = |role: BuiltIn, organization: Uuid| UserForm {
        id: id(&zofia),
        full_name: "Zofia".into(),
        role: role.slug().into(),
        state: "enabled".into(),
        organizations: vec![organization.to_string()],
        ..UserForm::default()
    };
    let hansa = organization(&app, "hansa").await;
    app.execute(r#"update assignments set permissions = '{"billing": ["view"]}' where category = 'organization'"#)
        .await;
    organizations::service::users::edit_user(&amara, form(BuiltIn::OrgAdmin, hansa)).await.unwrap();
    let beside = "select count(*) from assignments where permissions <> '{}'";
    assert_eq!(app.count(beside).await, 0);
    // What has ended is not held: given again, it counts again.
    app.execute("update assignments set until = now() - interval '1 day' where category = 'organization'").await;
    organizations::service::users::edit_user(&amara, form(BuiltIn::OrgAdmin, hansa)).await.unwrap();
    let lasting = "select count(*) from assignments where category = 'organization' and until is null";
    assert_eq!(app.count(lasting).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_woken_for_the_end_of_what_a_disabled_user_holds() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    app.user("Lars", BuiltIn::Visitor).await;
    app.execute(
        "update assignments set given_at = now() - interval '3 days', until = now() + interval '12 hours'
         where user_id = (select id from users where full_name = 'Lars')",
    )
    .await;
    let mut db = app.connection().await;
    assert_eq!(endings::list_due_workspaces(&mut db).await.unwrap(), [app.workspace.id]);
    app.execute("update users set state = 'disabled' where full_name = 'Lars'").await;
    assert!(endings::list_due_workspaces(&mut db).await.unwrap().is_empty());
}
