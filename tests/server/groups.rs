//! Groups: users and customers together, and the APIs that they share (seed 002, Groups).

use std::sync::Arc;

use portico::{
    access::{BuiltIn, Category},
    apis::{grants::service as grants, model::Api},
    error::Problem,
    groups::{
        model::{GroupApisForm, GroupChange, GroupForm},
        service,
    },
    listing::ListQuery,
    platform::context::Context,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    apis::{api, chosen, customer, denied, id, not_found, problem, reaches, to},
    support::TestApp,
};

async fn group(cx: &Context, name: &str, people: &[&Context]) -> Uuid {
    let people = people.iter().map(|cx| id(cx).to_string()).collect();
    let form = GroupForm { name: name.into(), people, ..Default::default() };
    service::create_group(cx, form).await.unwrap().0
}

fn adding(group: Uuid, people: &[&Context]) -> GroupForm {
    let people = people.iter().map(|cx| id(cx).to_string()).collect();
    GroupForm { id: Some(group), people, ..Default::default() }
}

fn assigning(group: Uuid, apis: &[&Api]) -> GroupApisForm {
    GroupApisForm { id: group, apis: apis.iter().map(|api| api.id.to_string()).collect(), ..Default::default() }
}

async fn members(cx: &Context, group: Uuid) -> Vec<(String, Category)> {
    let page = service::list_members(cx, group, &ListQuery::default()).await.unwrap();
    page.rows.into_iter().map(|member| (member.full_name, member.kind)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_a_new_group_has_a_name_users_and_customers() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    customer(&app, "Agnes", "PL-1").await;
    let form = GroupForm {
        name: "  Port   operators ".into(),
        people: vec![id(&lars).to_string()],
        people_text: "AGNES@kestrel.test; lars".into(),
        ..Default::default()
    };
    let (ports, name) = service::create_group(&amara, form).await.unwrap();
    assert_eq!(name, "Port operators");
    let expected = [("Agnes".to_owned(), Category::Customer), ("Lars".to_owned(), Category::Teammate)];
    assert_eq!(members(&amara, ports).await, expected, "each once");
    let again = GroupForm { name: "PORT operators".into(), ..Default::default() };
    assert_eq!(problem(service::create_group(&amara, again).await, "name"), Some(Problem::Taken));
    let unknown = GroupForm { name: "Other".into(), people_text: "nobody".into(), ..Default::default() };
    assert_eq!(problem(service::create_group(&amara, unknown).await, "people_text"), Some(Problem::Unknown));
    assert_eq!(app.count("select count(*) from groups").await, 1, "all or nothing");
    // Search, sort.
    group(&amara, "Vessel data", &[]).await;
    for (q, sort, found) in [
        ("", "-name", vec!["Vessel data", "Port operators"]),
        ("OPER", "", vec!["Port operators"]),
        ("%%%", "", vec![]),
        ("", "-created", vec!["Vessel data", "Port operators"]),
    ] {
        let query = ListQuery { q: q.into(), sort: sort.into(), ..Default::default() };
        let page = service::list_groups(&amara, &query).await.unwrap();
        assert_eq!(page.rows.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), found, "{q} {sort}");
        assert_eq!(page.total, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_members_belong_to_multiple_groups_and_reach_the_apis_of_all() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    let (vessel, berth) = (api(&amara, "Vessel", "", &[]).await, api(&amara, "Berth", "", &[]).await);
    let (ports, data) = (group(&amara, "Ports", &[&agnes]).await, group(&amara, "Data", &[]).await);
    service::add_group_apis(&amara, assigning(ports, &[&vessel])).await.unwrap();
    service::add_group_apis(&amara, GroupApisForm { apis_text: "BERTH".into(), ..assigning(data, &[]) }).await.unwrap();
    assert!(reaches(&app, &agnes, &vessel).await && !reaches(&app, &agnes, &berth).await);
    let preview = GroupChange { id: data, add_members: vec![id(&agnes)], ..Default::default() };
    let preview = service::preview_group(&amara, preview).await.unwrap();
    assert_eq!((preview.gain, preview.lose), (1, 0));
    assert!(!reaches(&app, &agnes, &berth).await, "a preview saves nothing");
    service::add_members(&amara, adding(data, &[&agnes])).await.unwrap();
    assert!(reaches(&app, &agnes, &vessel).await && reaches(&app, &agnes, &berth).await);
    let shown = service::find_group(&amara, data).await.unwrap();
    assert_eq!((shown.members, shown.apis), (1, 1));
    // Remove one, who keeps the other.
    let preview = GroupChange { id: ports, remove_member: Some(id(&agnes)), ..Default::default() };
    assert_eq!(service::preview_group(&amara, preview).await.unwrap().lose, 1);
    service::remove_member(&amara, ports, id(&agnes)).await.unwrap();
    assert!(!reaches(&app, &agnes, &vessel).await && reaches(&app, &agnes, &berth).await);
    not_found(service::remove_member(&amara, ports, id(&agnes)).await);
    // Take the API from the group.
    let preview = GroupChange { id: data, remove_api: Some(berth.id), ..Default::default() };
    assert_eq!(service::preview_group(&amara, preview).await.unwrap().lose, 1);
    let apis = service::list_group_apis(&amara, data, &ListQuery::default()).await.unwrap();
    grants::remove_access(&amara, apis.rows[0].grant).await.unwrap();
    assert!(!reaches(&app, &agnes, &berth).await);
    // Edit the group name.
    let form = GroupForm { id: Some(data), name: "Vessel data".into(), ..Default::default() };
    assert_eq!(service::edit_group(&amara, form).await.unwrap().1, "Vessel data");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_rises_or_raises_through_a_group() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (vessel, secret) = (api(&amara, "Vessel", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&vessel]).await;
    let lars = customer(&app, "Lars", "X").await;
    let (open, closed) = (group(&amara, "Open", &[]).await, group(&amara, "Closed", &[]).await);
    service::add_group_apis(&amara, assigning(open, &[&vessel])).await.unwrap();
    service::add_group_apis(&amara, assigning(closed, &[&vessel, &secret])).await.unwrap();
    let tom = app.again(&tom).await;
    service::add_members(&tom, adding(open, &[&lars])).await.unwrap();
    for (member, why) in [(&tom, Problem::Oneself), (&lars, Problem::AboveYou)] {
        let added = service::add_members(&tom, adding(closed, &[member])).await;
        assert_eq!(problem(added, "people_text"), Some(why));
    }
    // What has ended gives nothing, so that it is no obstacle.
    app.execute("update api_access set until = now() - interval '1 second' from apis where apis.id = api_id and name = 'Secret'").await;
    service::add_members(&app.again(&tom).await, adding(closed, &[&lars])).await.unwrap();
    // An API that they do not see is unknown to them, whether they name it by id or by name.
    let by_id = service::add_group_apis(&tom, assigning(open, &[&secret])).await;
    assert_eq!(problem(by_id, "apis_text"), Some(Problem::Unknown));
    let by_name = GroupApisForm { apis_text: "secret".into(), ..assigning(open, &[]) };
    assert_eq!(problem(service::add_group_apis(&tom, by_name).await, "apis_text"), Some(Problem::Unknown));
    // Who holds an API until a day gives it to no group for longer.
    app.execute(
        "update assignments set until = '2999-06-30' from users where users.id = user_id and full_name = 'Tom'",
    )
    .await;
    let tom = app.again(&tom).await;
    assert_eq!(
        problem(service::add_group_apis(&tom, assigning(closed, &[&vessel])).await, "until"),
        Some(Problem::AboveYou)
    );
    assert_eq!(
        problem(service::add_members(&tom, adding(open, &[&lars])).await, "people_text"),
        Some(Problem::AboveYou)
    );
    let shorter = GroupApisForm { until: "2999-06-29".into(), ..assigning(open, &[&vessel]) };
    service::add_group_apis(&tom, shorter).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_a_group_shows_no_api_that_its_reader_does_not_see() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (vessel, secret) = (api(&amara, "Vessel", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&vessel]).await;
    let agnes = customer(&app, "Agnes", "X").await;
    let ports = group(&amara, "Ports", &[&agnes]).await;
    service::add_group_apis(&amara, assigning(ports, &[&vessel, &secret])).await.unwrap();
    let tom = app.again(&tom).await;
    let apis = service::list_group_apis(&tom, ports, &ListQuery::default()).await.unwrap();
    assert_eq!(apis.rows.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Vessel"]);
    assert_eq!(service::find_group(&tom, ports).await.unwrap().apis, 1);
    assert_eq!(service::list_groups(&tom, &ListQuery::default()).await.unwrap().rows[0].apis, 1);
    let change = GroupChange { id: ports, delete: true, ..Default::default() };
    let preview = service::preview_group(&tom, change).await.unwrap();
    assert!(!serde_json::to_string(&preview).unwrap().contains("secret"), "{preview:?}");
    // Groups are of no concern to whoever is not of the team.
    let agnes = app.again(&agnes).await;
    denied(service::list_groups(&agnes, &ListQuery::default()).await);
    denied(service::find_group(&agnes, ports).await);
    denied(service::list_members(&agnes, ports, &ListQuery::default()).await);
    denied(service::list_group_apis(&agnes, ports, &ListQuery::default()).await);
    // Who only views changes nothing.
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    service::find_group(&vito, ports).await.unwrap();
    denied(service::create_group(&vito, GroupForm { name: "X".into(), ..Default::default() }).await);
    denied(service::edit_group(&vito, GroupForm { id: Some(ports), name: "X".into(), ..Default::default() }).await);
    denied(service::add_members(&vito, adding(ports, &[&vito])).await);
    denied(service::remove_member(&vito, ports, id(&agnes)).await);
    denied(service::add_group_apis(&vito, assigning(ports, &[&vessel])).await);
    denied(service::delete_group(&vito, ports).await);
    denied(service::preview_group(&vito, GroupChange { id: ports, ..Default::default() }).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_changed_by_who_may_in_all_regions() {
    let app = TestApp::new().await;
    app.execute("insert into regions (workspace_id, slug, name) select id, 'us', 'US' from workspaces").await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let tom = app.user("Tom", BuiltIn::ApiOwner).await;
    app.execute("update assignments set region = 'us' from users where users.id = user_id and full_name = 'Tom'").await;
    let ports = group(&amara, "Ports", &[]).await;
    let tom = Context { region: Some("us".into()), ..app.again(&tom).await };
    service::find_group(&tom, ports).await.unwrap();
    denied(service::create_group(&tom, GroupForm { name: "X".into(), ..Default::default() }).await);
    denied(service::delete_group(&tom, ports).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_group_is_an_unknown_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let ports = group(&amara, "Ports", &[&lars]).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let own_api = api(&olga, "Own", "", &[]).await;
    for target in [ports, Uuid::now_v7()] {
        let named = GroupForm { id: Some(target), name: "X".into(), ..Default::default() };
        for result in [
            service::find_group(&olga, target).await.map(drop),
            service::list_members(&olga, target, &ListQuery::default()).await.map(drop),
            service::list_group_apis(&olga, target, &ListQuery::default()).await.map(drop),
            service::edit_group(&olga, named).await.map(drop),
            service::delete_group(&olga, target).await.map(drop),
            service::add_members(&olga, adding(target, &[&olga])).await.map(drop),
            service::remove_member(&olga, target, id(&lars)).await.map(drop),
            service::add_group_apis(&olga, assigning(target, &[&own_api])).await.map(drop),
            service::preview_group(&olga, GroupChange { id: target, ..Default::default() }).await.map(drop),
        ] {
            not_found(result);
        }
    }
    let own = group(&olga, "Ports", &[]).await;
    let foreign = service::add_members(&olga, adding(own, &[&amara])).await;
    assert_eq!(problem(foreign, "people_text"), Some(Problem::Unknown));
    assert_eq!(service::list_groups(&olga, &ListQuery::default()).await.unwrap().total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_a_group_that_others_name_is_deleted_with_what_it_gave() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let agnes = customer(&app, "Agnes", "X").await;
    let vessel = api(&amara, "Vessel", "", &[]).await;
    let ports = group(&amara, "Ports", &[&agnes]).await;
    service::add_group_apis(&amara, assigning(ports, &[&vessel])).await.unwrap();
    let preview = GroupChange { id: ports, delete: true, ..Default::default() };
    assert_eq!(service::preview_group(&amara, preview).await.unwrap().lose, 1);
    service::delete_group(&amara, ports).await.unwrap();
    assert!(!reaches(&app, &agnes, &vessel).await);
    for table in ["select count(*) from api_access", "select count(*) from group_members"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    // Whoever had it before their eyes is told so.
    not_found(service::add_members(&amara, adding(ports, &[&agnes])).await);
    let mut form = to(&vessel, &[]);
    form.groups = vec![ports.to_string()];
    assert_eq!(problem(grants::add_access(&amara, form).await, "groups_text"), Some(Problem::Unknown));
    group(&amara, "Ports", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_of_a_group_is_audited_with_before_and_after() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let vessel = api(&amara, "Vessel", "", &[]).await;
    let ports = group(&amara, "Ports", &[]).await;
    let renamed = GroupForm { id: Some(ports), name: "Harbours".into(), ..Default::default() };
    service::edit_group(&amara, renamed).await.unwrap();
    service::add_members(&amara, adding(ports, &[&lars])).await.unwrap();
    service::add_group_apis(&amara, assigning(ports, &[&vessel])).await.unwrap();
    service::remove_member(&amara, ports, id(&lars)).await.unwrap();
    service::delete_group(&amara, ports).await.unwrap();
    type Line = (String, Option<serde_json::Value>, Option<serde_json::Value>);
    let lines: Vec<Line> =
        sqlx::query_as("select action, before, after from audit_log where action <> 'api.create' order by id")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
    assert_eq!(
        actions,
        ["group.create", "group.update", "group.add-members", "access.add", "group.remove-member", "group.delete"]
    );
    assert_eq!(lines[1].1.as_ref().unwrap()["name"], "Ports");
    assert_eq!(lines[1].2.as_ref().unwrap()["name"], "Harbours");
    assert_eq!(lines[2].2.as_ref().unwrap()["members"][0][1], "Lars");
    assert_eq!(lines[3].2.as_ref().unwrap()["to"], "Harbours");
    assert_eq!(lines[4].1.as_ref().unwrap()["members"][0][1], "Lars");
    assert_eq!(lines[5].1.as_ref().unwrap()["apis"][0]["api"], vessel.id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_member_twice_at_once_is_one_member() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let lars = app.user("Lars", BuiltIn::Member).await;
    let ports = group(&amara, "Ports", &[]).await;
    let mut acts = JoinSet::new();
    for _ in 0..10 {
        let (amara, form) = (Arc::clone(&amara), adding(ports, &[&lars]));
        acts.spawn(async move { service::add_members(&amara, form).await });
    }
    assert!(acts.join_all().await.iter().all(Result::is_ok));
    assert_eq!(app.count("select count(*) from group_members").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_a_group_that_leads_to_others_apis_keeps_its_name() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (vessel, secret) = (api(&amara, "Vessel", "", &[]).await, api(&amara, "Secret", "", &[]).await);
    let tom = chosen(&app, "Tom", BuiltIn::ApiOwner, &[&vessel]).await;
    let ports = group(&amara, "Ports", &[]).await;
    let named = |name: &str| GroupForm { id: Some(ports), name: name.into(), ..Default::default() };
    service::add_group_apis(&amara, assigning(ports, &[&vessel])).await.unwrap();
    service::edit_group(&app.again(&tom).await, named("Toms")).await.unwrap();
    service::add_group_apis(&amara, assigning(ports, &[&secret])).await.unwrap();
    denied(service::edit_group(&app.again(&tom).await, named("Tides")).await);
    assert_eq!(service::find_group(&amara, ports).await.unwrap().name, "Toms");
}
