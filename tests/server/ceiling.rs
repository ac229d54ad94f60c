//! The grant ceiling and what leads people to APIs: nobody rises or raises others through a group, a grant, a Customer ID or an
//! account that counts again (PITFALLS.md 24).

use portico::{
    access::{ApiScope, BuiltIn},
    apis::{
        grants::{model::AccessForm, service as grants},
        model::{Api, ApiForm},
        service as apis,
    },
    customers::{self, model::EditForm},
    error::{AppError, Problem, Refusal},
    groups::{
        model::{GroupApisForm, GroupForm},
        service as groups,
    },
    people::{self, model::State},
    platform::{context::Context, fault::Fault},
    rights::model::Change,
};
use uuid::Uuid;

use super::{
    apis::{api, chosen, customer, denied, id, problem, reaches, to},
    rights_support::{areas, custom, put},
    support::TestApp,
};

fn refused<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Gives somebody rights on chosen APIs beside what they hold.
async fn beside(app: &TestApp, cx: &Context, permissions: &str, on: &[&Api]) -> Context {
    let assignment: Uuid = sqlx::query_scalar(
        "insert into assignments (workspace_id, id, user_id, category, permissions, all_apis)
         select workspace_id, gen_random_uuid(), id, kind, $2::jsonb, false from users where id = $1 returning id",
    )
    .bind(id(cx))
    .bind(permissions)
    .fetch_one(&app.app.pool)
    .await
    .unwrap();
    for api in on {
        sqlx::query("insert into assignment_apis (workspace_id, assignment_id, api_id) values ($1, $2, $3)")
            .bind(app.workspace.id)
            .bind(assignment)
            .bind(api.id)
            .execute(&app.app.pool)
            .await
            .unwrap();
    }
    app.again(cx).await
}

const API_OWNER: &str = r#"{"apis": ["view", "create", "update", "delete"], "api-keys": ["view", "create"]}"#;

async fn group(cx: &Context, name: &str, on: &[&Api]) -> Uuid {
    let form = GroupForm { name: name.into(), ..Default::default() };
    let (group, _) = groups::create_group(cx, form).await.unwrap();
    if !on.is_empty() {
        groups::add_group_apis(cx, assigning(group, on)).await.unwrap();
    }
    group
}

fn assigning(group: Uuid, apis: &[&Api]) -> GroupApisForm {
    GroupApisForm { id: group, apis: apis.iter().map(|api| api.id.to_string()).collect(), ..Default::default() }
}

fn adding(group: Uuid, people: &[&Context]) -> GroupForm {
    let people = people.iter().map(|cx| id(cx).to_string()).collect();
    GroupForm { id: Some(group), people, ..Default::default() }
}

/// Tom sees everything and manages `tides`: to be led to `secret` would make him its manager, too.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_adds_themselves_to_a_group_or_grants_themselves_an_api() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tides, secret) = (api(&amara, "Tides", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let tom = app.user("Tom", BuiltIn::Visitor).await;
    beside(&app, &tom, API_OWNER, &[&tides]).await;
    let (closed, open) = (group(&amara, "Closed", &[&secret]).await, group(&amara, "Open", &[&tides]).await);
    let tom = app.again(&tom).await;
    for group in [closed, open] {
        let added = groups::add_members(&tom, adding(group, &[&tom])).await;
        assert_eq!(problem(added, "people_text"), Some(Problem::Oneself));
    }
    let form = GroupForm { name: "Mine".into(), people: vec![id(&tom).to_string()], ..Default::default() };
    assert_eq!(problem(groups::create_group(&tom, form).await, "people_text"), Some(Problem::Oneself));
    assert_eq!(problem(grants::add_access(&tom, to(&tides, &[&tom])).await, "people_text"), Some(Problem::Oneself));
    // Nor do they raise a friend, who holds as much on another API, or nothing but to view.
    let lars = app.user("Lars", BuiltIn::Member).await;
    denied(groups::add_members(&tom, adding(closed, &[&lars])).await);
    assert_eq!(app.count("select count(*) from group_members").await, 0);
}

/// Whoever may change every API, and yet may not all that Lars may on his: keys.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_leads_others_to_an_api_where_they_would_hold_more() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tides, secret) = (api(&amara, "Tides", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let keeper = app.user("Keeper", BuiltIn::Member).await;
    let held = app.assignment(&keeper).await;
    put(&amara, &keeper, Some(held), &areas(&["apis"], &[])).await.unwrap();
    let lars = chosen(&app, "Lars", BuiltIn::ApiOwner, &[&tides]).await;
    let (closed, own) = (group(&amara, "Closed", &[&secret]).await, group(&amara, "Own", &[&tides]).await);
    let bare = group(&amara, "Bare", &[]).await;
    groups::add_members(&amara, adding(bare, &[&lars])).await.unwrap();
    let keeper = app.again(&keeper).await;
    let above = Some(Problem::AboveYou);
    assert_eq!(problem(groups::add_members(&keeper, adding(closed, &[&lars])).await, "people_text"), above);
    assert_eq!(problem(groups::add_group_apis(&keeper, assigning(bare, &[&secret])).await, "until"), above);
    assert_eq!(problem(grants::add_access(&keeper, to(&secret, &[&lars])).await, "until"), above);
    let to_group = AccessForm { groups: vec![bare.to_string()], ..to(&secret, &[]) };
    assert_eq!(problem(grants::add_access(&keeper, to_group).await, "until"), above);
    assert!(!reaches(&app, &lars, &secret).await);
    // Where it gives them nothing more, or the giver holds as much, they are led there.
    let mia = chosen(&app, "Mia", BuiltIn::Visitor, &[]).await;
    app.execute("update assignments set role_id = null, permissions = '{\"apis\": [\"view\"]}' from users where users.id = user_id and full_name = 'Mia'").await;
    groups::add_members(&keeper, adding(closed, &[&mia])).await.unwrap();
    assert!(reaches(&app, &mia, &secret).await);
    let amara = app.again(&amara).await;
    groups::add_members(&amara, adding(closed, &[&lars])).await.unwrap();
    groups::add_members(&app.again(&keeper).await, adding(own, &[&lars])).await.unwrap_err();
    assert!(reaches(&app, &lars, &secret).await);
}

/// The same by the Customer IDs of an API, of one that is there and of one that is made.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_a_customer_id_leads_nobody_to_where_they_would_hold_more() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let secret = api(&amara, "Secret", "", &[]).await;
    let keeper = app.user("Keeper", BuiltIn::Member).await;
    let held = app.assignment(&keeper).await;
    put(&amara, &keeper, Some(held), &areas(&["apis"], &[])).await.unwrap();
    customer(&app, "Agnes", "PL-1").await;
    let keeper = app.again(&keeper).await;
    let edit = |ids: &str| ApiForm {
        id: Some(secret.id),
        name: secret.name.clone(),
        customer_ids: ids.into(),
        regions: secret.regions.clone(),
        ..Default::default()
    };
    let above = Some(Problem::AboveYou);
    assert_eq!(problem(apis::edit_api(&keeper, edit("PL-1")).await, "customer_ids"), above);
    let new = |ids: &str| ApiForm { name: "New".into(), customer_ids: ids.into(), ..Default::default() };
    assert_eq!(problem(apis::create_api(&keeper, new("PL-1")).await, "customer_ids"), above);
    apis::edit_api(&keeper, edit("NOBODY")).await.unwrap();
    apis::edit_api(&app.again(&amara).await, edit("PL-1")).await.unwrap();
}

/// A role, an area or an approval is of every API that something leads the taker to.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_rights_are_given_for_what_the_taker_reaches_too() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tides, secret) = (api(&amara, "Tides", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    // Mia gives what concerns `tides`, and nobody anything on `secret`.
    let mia = app.user("Mia", BuiltIn::Member).await;
    let lead = custom(&app, "Lead", r#"{"team": ["view", "update"]}"#).await;
    let held = app.assignment(&mia).await;
    put(&amara, &mia, Some(held), &Change { role: Some(lead), ..Change::default() }).await.unwrap();
    beside(&app, &mia, API_OWNER, &[&tides]).await;
    let keys = custom(&app, "Keys", r#"{"apis": ["view"], "api-keys": ["view"]}"#).await;
    let give = Change { role: Some(keys), apis: Some(ApiScope::Chosen(vec![tides.id])), ..Change::default() };
    let (lars, led) = (app.user("Lars", BuiltIn::Member).await, app.user("Led", BuiltIn::Member).await);
    grants::add_access(&app.again(&amara).await, to(&secret, &[&led])).await.unwrap();
    app.execute("delete from assignments using users where users.id = user_id and full_name in ('Lars', 'Led')").await;
    let mia = app.again(&mia).await;
    put(&mia, &lars, None, &give).await.unwrap();
    assert_eq!(problem(put(&mia, &led, None, &give).await, "role"), Some(Problem::AboveYou));
}

/// A customer's role is checked for the APIs of the assignment that it stands in, and nobody widens that to all.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_a_customers_role_is_given_for_the_apis_that_it_is_for() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let keeper = app.user("Keeper", BuiltIn::Member).await;
    let accounts = custom(&app, "Accounts", r#"{"accounts": ["view", "update"]}"#).await;
    let held = app.assignment(&keeper).await;
    put(&amara, &keeper, Some(held), &Change { role: Some(accounts), ..Change::default() }).await.unwrap();
    beside(&app, &keeper, r#"{"apis": ["view"]}"#, &[]).await;
    let viewer: Uuid = sqlx::query_scalar(
        "insert into roles (workspace_id, id, category, name, permissions)
         select id, gen_random_uuid(), 'customer', 'Viewer', '{\"apis\": [\"view\"]}' from workspaces returning id",
    )
    .fetch_one(&app.app.pool)
    .await
    .unwrap();
    let (agnes, wide) = (customer(&app, "Agnes", "PL-1").await, customer(&app, "Wide", "PL-2").await);
    let none: Uuid = sqlx::query_scalar(
        "insert into roles (workspace_id, id, category, name, permissions)
         select id, gen_random_uuid(), 'customer', 'None', '{}' from workspaces returning id",
    )
    .fetch_one(&app.app.pool)
    .await
    .unwrap();
    sqlx::query("update assignments set role_id = $1 where category = 'customer'")
        .bind(none)
        .execute(&app.app.pool)
        .await
        .unwrap();
    app.execute("update assignments set all_apis = true from users where users.id = user_id and full_name = 'Wide'")
        .await;
    let keeper = app.again(&keeper).await;
    let edit = |of: &Context, customer_id: &str| EditForm {
        id: id(of),
        full_name: "Somebody".into(),
        customer_id: customer_id.into(),
        role: viewer.to_string(),
        state: State::Enabled.slug().into(),
        ..EditForm::default()
    };
    let given = customers::service::edit_customer(&keeper, edit(&wide, "PL-2")).await;
    assert_eq!(problem(given, "role"), Some(Problem::AboveYou));
    customers::service::edit_customer(&keeper, edit(&agnes, "PL-1")).await.unwrap();
    let all = Change { apis: Some(ApiScope::All), ..Change::default() };
    let theirs = app.assignment(&agnes).await;
    assert_eq!(problem(put(&app.again(&amara).await, &agnes, Some(theirs), &all).await, "apis"), Some(Problem::Choice));
}

/// What an account holds and reaches is given again when it counts again.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_enables_an_account_that_reaches_more_than_they_hold() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (secret, tides) = (api(&amara, "Secret", "", &[]).await, api(&amara, "Tides", "", &[]).await);
    let mia = app.user("Mia", BuiltIn::Member).await;
    let lead = custom(&app, "Lead", r#"{"team": ["view", "update"]}"#).await;
    let held = app.assignment(&mia).await;
    put(&amara, &mia, Some(held), &Change { role: Some(lead), ..Change::default() }).await.unwrap();
    beside(&app, &mia, r#"{"apis": ["view"]}"#, &[&tides]).await;
    let (lars, led) = (app.user("Lars", BuiltIn::Member).await, app.user("Led", BuiltIn::Member).await);
    let amara = app.again(&amara).await;
    grants::add_access(&amara, to(&tides, &[&lars, &led])).await.unwrap();
    let closed = group(&app.again(&amara).await, "Closed", &[&secret]).await;
    groups::add_members(&app.again(&amara).await, adding(closed, &[&led])).await.unwrap();
    let mia = app.again(&mia).await;
    let edit = |of: &Context, state: State| people::model::EditForm {
        id: id(of),
        full_name: "Somebody".into(),
        mobile: String::new(),
        state: state.slug().into(),
    };
    for of in [&lars, &led] {
        people::service::edit_user(&mia, edit(of, State::Disabled)).await.unwrap();
    }
    people::service::edit_user(&mia, edit(&lars, State::Enabled)).await.unwrap();
    let enabled = people::service::edit_user(&mia, edit(&led, State::Enabled)).await;
    assert_eq!(refused(enabled), Refusal::AboveYou);
    people::service::edit_user(&app.again(&amara).await, edit(&led, State::Enabled)).await.unwrap();
}

/// APIs are the team's to change: a customer's role that permits it, and an API that they reach, change nothing about that.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_who_is_not_of_the_team_changes_no_api() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel", "PL-1", &[]).await;
    let (agnes, lars) = (customer(&app, "Agnes", "PL-1").await, app.user("Lars", BuiltIn::Member).await);
    grants::add_access(&app.again(&amara).await, to(&vessel, &[&lars])).await.unwrap();
    let agnes = beside(&app, &agnes, r#"{"apis": ["view", "create", "update", "delete"]}"#, &[]).await;
    assert!(reaches(&app, &agnes, &vessel).await);
    let form = ApiForm { id: Some(vessel.id), name: "Mine".into(), ..Default::default() };
    let grant: Uuid = sqlx::query_scalar("select id from api_access").fetch_one(&app.app.pool).await.unwrap();
    denied(apis::edit_api(&agnes, form).await);
    denied(apis::create_api(&agnes, ApiForm { name: "Mine".into(), ..Default::default() }).await);
    denied(apis::delete_api(&agnes, vessel.id).await);
    denied(apis::preview_api(&agnes, vessel.id, true).await);
    denied(grants::add_access(&agnes, to(&vessel, &[&agnes])).await);
    denied(grants::remove_access(&agnes, grant).await);
    denied(grants::revoke_all_access(&agnes, vessel.id).await);
}

/// Who manages one API of a group decides nothing about the others.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_rights_on_one_api_of_a_group_are_not_rights_on_the_group() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tides, secret) = (api(&amara, "Tides", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let lars = app.user("Lars", BuiltIn::Member).await;
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&tides]).await;
    let (both, own) = (group(&amara, "Both", &[&tides, &secret]).await, group(&amara, "Own", &[&tides]).await);
    for group in [both, own] {
        groups::add_members(&app.again(&amara).await, adding(group, &[&lars])).await.unwrap();
    }
    let tom = app.again(&tom).await;
    denied(groups::remove_member(&tom, both, id(&lars)).await);
    denied(groups::delete_group(&tom, both).await);
    groups::remove_member(&tom, own, id(&lars)).await.unwrap();
    groups::delete_group(&app.again(&tom).await, own).await.unwrap();
}
