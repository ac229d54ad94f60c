//! Access to APIs: what may be given, what is shown to whom, and that every change leaves its trace.

use std::{collections::BTreeSet, sync::Arc};

use portico::{
    access::BuiltIn,
    apis::{
        grants::{model::AccessForm, service as grants},
        model::ApiForm,
        service,
    },
    error::Problem,
    listing::ListQuery,
    platform::context::Context,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    apis::{api, chosen, customer, denied, in_region, names, not_found, problem, reaches, to, two_regions},
    support::TestApp,
};

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_gives_an_api_that_they_do_not_hold() {
    let app = TestApp::new().await;
    two_regions(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let us = api(&amara, "American", "OLD", &["us"]).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    // Holds it in one region only, so that they change it and yet cannot give it, which is for all.
    let tom = app.user("Tom", BuiltIn::Member).await;
    in_region(&app, &tom, BuiltIn::ApiOwner, "us").await;
    let tom = Context { region: Some("us".into()), ..app.again(&tom).await };
    assert_eq!(problem(grants::add_access(&tom, to(&us, &[&lars])).await, "until"), Some(Problem::AboveYou));
    let edit = |ids: &str| ApiForm {
        id: Some(us.id),
        name: us.name.clone(),
        regions: us.regions.clone(),
        customer_ids: ids.into(),
        ..Default::default()
    };
    assert_eq!(problem(service::edit_api(&tom, edit("OLD\nNEW")).await, "customer_ids"), Some(Problem::AboveYou));
    service::edit_api(&tom, edit("OLD")).await.unwrap();
    service::edit_api(&tom, edit("")).await.unwrap();
    let new =
        ApiForm { name: "New".into(), regions: vec!["us".into()], customer_ids: "X".into(), ..Default::default() };
    assert_eq!(problem(service::create_api(&tom, new).await, "customer_ids"), Some(Problem::AboveYou));
    // Holds it until some day: gives it no longer than that, and extends nothing beyond.
    let timed = app.user("Timed", BuiltIn::ApiOwner).await;
    app.execute(
        "update assignments set until = '2999-06-30' from users where users.id = user_id and full_name = 'Timed'",
    )
    .await;
    let timed = app.again(&timed).await;
    let until = |day: &str| AccessForm { until: day.into(), ..to(&us, &[&lars]) };
    for day in ["", "2999-06-30", "2999-07-01"] {
        assert_eq!(problem(grants::add_access(&timed, until(day)).await, "until"), Some(Problem::AboveYou), "{day}");
    }
    grants::add_access(&timed, until("2999-06-29")).await.unwrap();
    assert_eq!(problem(grants::add_access(&timed, until("")).await, "until"), Some(Problem::AboveYou));
    assert_eq!(app.count("select count(*) from api_access").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_rights_for_chosen_apis_show_and_give_no_others() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (vessel, berth, hidden) = (
        api(&amara, "Vessel", "", &[]).await,
        api(&amara, "Berth", "", &[]).await,
        api(&amara, "Hidden", "", &[]).await,
    );
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&vessel]).await;
    grants::add_access(&amara, to(&berth, &[&tom])).await.unwrap();
    let tom = app.again(&tom).await;
    let page = service::list_apis(&tom, &ListQuery::default()).await.unwrap();
    assert_eq!(page.rows.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Berth", "Vessel"]);
    assert_eq!(page.total, 2, "the others are not counted");
    assert!(service::find_api(&tom, vessel.id).await.unwrap().may_update);
    for result in [
        service::find_api(&tom, hidden.id).await.map(drop),
        service::preview_api(&tom, hidden.id, true).await.map(drop),
        service::delete_api(&tom, hidden.id).await.map(drop),
        service::edit_api(&tom, ApiForm { id: Some(hidden.id), name: "X".into(), ..Default::default() })
            .await
            .map(drop),
        grants::add_access(&tom, to(&hidden, &[&tom])).await.map(drop),
        grants::revoke_all_access(&tom, hidden.id).await.map(drop),
        grants::list_access(&tom, hidden.id, &ListQuery::default()).await.map(drop),
    ] {
        not_found(result);
    }
    assert_eq!(grants::search_apis(&tom, "hid").await.unwrap(), []);
    assert_eq!(grants::search_apis(&amara, "hid").await.unwrap().len(), 1);
    denied(service::create_api(&tom, ApiForm { name: "Mine".into(), ..Default::default() }).await);
    // PITFALLS.md 25: chosen APIs of which none is left are none.
    let none = chosen(&app, "None", BuiltIn::ApiOwner, &[]).await;
    assert!(names(&none, ListQuery::default()).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_sees_what_they_reach_and_nobody_else() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel", "PL-1; NO-2", &[]).await;
    api(&amara, "Berth", "NO-2", &[]).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    let agnes = app.again(&agnes).await;
    let page = service::list_apis(&agnes, &ListQuery::default()).await.unwrap();
    assert_eq!(page.rows.iter().map(|it| (it.name.as_str(), it.counts)).collect::<Vec<_>>(), [("Vessel", None)]);
    let shown = service::find_api(&agnes, vessel.id).await.unwrap();
    assert_eq!((shown.customer_ids.len(), shown.may_update, shown.may_delete), (0, false, false));
    denied(grants::list_access(&agnes, vessel.id, &ListQuery::default()).await);
    denied(grants::search_people(&agnes, "amara").await);
    let visitor = app.user("Vito", BuiltIn::Visitor).await;
    denied(grants::search_people(&visitor, "amara").await);
    denied(grants::search_groups(&visitor, "amara").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_api_is_an_unknown_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel", "PL-1", &[]).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    grants::add_access(&amara, to(&vessel, &[&lars])).await.unwrap();
    let grant: Uuid = sqlx::query_scalar("select id from api_access").fetch_one(&app.app.pool).await.unwrap();
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for (api, grant) in [(vessel.id, grant), (Uuid::now_v7(), Uuid::now_v7())] {
        let form = ApiForm { id: Some(api), name: "X".into(), ..Default::default() };
        for result in [
            service::find_api(&olga, api).await.map(drop),
            service::edit_api(&olga, form).await.map(drop),
            service::delete_api(&olga, api).await.map(drop),
            service::preview_api(&olga, api, true).await.map(drop),
            grants::list_access(&olga, api, &ListQuery::default()).await.map(drop),
            grants::add_access(&olga, AccessForm { id: api, ..to(&vessel, &[&olga]) }).await.map(drop),
            grants::revoke_all_access(&olga, api).await.map(drop),
            grants::remove_access(&olga, grant).await.map(drop),
        ] {
            not_found(result);
        }
    }
    let own = api(&olga, "Vessel", "", &[]).await;
    assert_eq!(problem(grants::add_access(&olga, to(&own, &[&amara])).await, "people_text"), Some(Problem::Unknown));
    for typed in ["amara@kestrel.test", "nobody", "amara\0"] {
        let form = AccessForm { people_text: typed.into(), ..to(&own, &[]) };
        assert!(problem(grants::add_access(&olga, form).await, "people_text").is_some(), "{typed}");
    }
    assert_eq!(names(&olga, ListQuery::default()).await, ["Vessel"]);
    assert_eq!(grants::search_people(&olga, "amara").await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_an_api_that_others_name_is_deleted_and_widens_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (vessel, berth) = (api(&amara, "Vessel", "PL-1", &[]).await, api(&amara, "Berth", "", &[]).await);
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&vessel]).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    grants::add_access(&amara, to(&vessel, &[&agnes])).await.unwrap();
    let amara = app.again(&amara).await;
    assert_eq!(service::find_api(&amara, vessel.id).await.unwrap().chosen_by, 1);
    assert_eq!(service::preview_api(&amara, vessel.id, true).await.unwrap().lose, 1);
    service::delete_api(&amara, vessel.id).await.unwrap();
    for table in [
        "select count(*) from api_access",
        "select count(*) from assignment_apis",
        "select count(*) from api_customer_ids",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert!(!reaches(&app, &tom, &berth).await, "PITFALLS.md 25: an empty choice is no API, not every API");
    assert!(!reaches(&app, &agnes, &berth).await);
    not_found(grants::add_access(&amara, to(&vessel, &[&agnes])).await);
    // The name is free again.
    api(&amara, "Vessel", "", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_of_access_is_audited_with_before_and_after() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let vessel = api(&amara, "Vessel", "PL-1", &[]).await;
    let form =
        ApiForm { id: Some(vessel.id), name: "Vessel v2".into(), customer_ids: "PL-2".into(), ..Default::default() };
    service::edit_api(&amara, form).await.unwrap();
    grants::add_access(&amara, to(&vessel, &[&lars])).await.unwrap();
    let grant: Uuid = sqlx::query_scalar("select id from api_access").fetch_one(&app.app.pool).await.unwrap();
    grants::remove_access(&amara, grant).await.unwrap();
    grants::revoke_all_access(&amara, vessel.id).await.unwrap();
    service::delete_api(&amara, vessel.id).await.unwrap();
    type Line = (String, Option<serde_json::Value>, Option<serde_json::Value>);
    let lines: Vec<Line> = sqlx::query_as("select action, before, after from audit_log order by id")
        .fetch_all(&app.app.pool)
        .await
        .unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(actions, ["api.create", "api.update", "access.add", "access.remove", "access.revoke-all", "api.delete"]);
    let ids = |value: &Option<serde_json::Value>| value.as_ref().unwrap()["customer_ids"].clone();
    assert_eq!((ids(&lines[1].1), ids(&lines[1].2)), (serde_json::json!(["PL-1"]), serde_json::json!(["PL-2"])));
    assert_eq!(lines[2].2.as_ref().unwrap()["to"], "Lars");
    assert_eq!((lines[3].1.as_ref().unwrap()["of"].as_str(), &lines[3].2), (Some("Lars"), &None));
    assert_eq!(ids(&lines[4].1), serde_json::json!(["PL-2"]));
    assert_eq!(lines[5].1.as_ref().unwrap()["api"]["name"], "Vessel v2");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_grant_twice_at_once_is_one_grant() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let lars = app.user("Lars", BuiltIn::Member).await;
    let vessel = api(&amara, "Vessel", "", &[]).await;
    let mut acts = JoinSet::new();
    for _ in 0..10 {
        let (amara, form) = (Arc::clone(&amara), to(&vessel, &[&lars, &lars]));
        acts.spawn(async move { grants::add_access(&amara, form).await });
    }
    assert!(acts.join_all().await.iter().all(Result::is_ok));
    assert_eq!(app.count("select count(*) from api_access").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_who_has_access_lead_through_everybody_once_and_back() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel", "PL-1; PL-2", &[]).await;
    let amara = app.again(&amara).await;
    app.execute("update workspaces set seats = 1000").await;
    // Names repeat; a third has a grant alone, a third a Customer ID alone, and a third both.
    app.execute(
        "with made as (insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, customer_id)
            select id, gen_random_uuid(), kind, kind || n || '@x.test', kind || n || '@x.test', 'u', 'Name ' || n % 7,
                case when kind = 'customer' and n % 3 > 0 then 'PL-' || 1 + n % 2 end
            from workspaces, generate_series(1, 90) n, (values ('customer'), ('teammate')) as kinds (kind) returning *)
         insert into api_access (workspace_id, id, api_id, user_id)
            select made.workspace_id, gen_random_uuid(), apis.id, made.id from made, apis
            where kind = 'teammate' or split_part(replace(email, 'customer', ''), '@', 1)::int % 3 < 2",
    )
    .await;
    for side in ["users", "customers"] {
        let page = async |query: ListQuery| grants::list_access(&amara, vessel.id, &query).await.unwrap();
        let of = |after: String, before: String| ListQuery { status: side.into(), after, before, ..Default::default() };
        let mut pages = vec![page(of(String::new(), String::new())).await];
        while let Some(after) = pages.last().unwrap().after.clone() {
            pages.push(page(of(after, String::new())).await);
        }
        let rows: Vec<_> = pages.iter().flat_map(|page| &page.rows).collect();
        assert_eq!(pages.iter().map(|page| page.rows.len()).collect::<Vec<_>>(), [25, 25, 25, 15], "{side}");
        assert!(rows.is_sorted_by_key(|row| (&row.name, row.whose)), "{side}");
        assert_eq!(rows.iter().map(|row| row.whose).collect::<BTreeSet<_>>().len(), 90, "{side}");
        for at in (1..pages.len()).rev() {
            let back = page(of(String::new(), pages[at].before.clone().unwrap())).await;
            assert_eq!(back.rows, pages[at - 1].rows, "{side} {at}");
        }
        let (granted, named) =
            (rows.iter().filter(|row| row.id.is_some()), rows.iter().filter(|row| row.customer_id.is_some()));
        let expected = if side == "customers" { (60, 60) } else { (90, 0) };
        assert_eq!((granted.count(), named.count()), expected, "{side}");
    }
}
