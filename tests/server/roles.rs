//! Roles: made, changed and deleted by whom; what that gives and takes; and what is shown, kept and told of it.

use portico::{
    access::{Action, Actions, BuiltIn, Category, Feature, Permissions, Template},
    error::{AppError, Problem, Refusal},
    platform::{context::Context, fault::Fault},
    roles::{
        model::{DeleteRoleForm, DraftOf, NewRoleForm, RoleForm, Start},
        service,
    },
};
use uuid::Uuid;

use super::support::{PASSWORD, Site, TestApp};

pub(super) fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

pub(super) fn cells(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

pub(super) fn new_role(name: &str, cells: Vec<String>) -> NewRoleForm {
    NewRoleForm { name: name.into(), category: "teammate".into(), permissions: cells, ..NewRoleForm::default() }
}

pub(super) fn edit(id: Uuid, name: &str, cells: Vec<String>) -> RoleForm {
    RoleForm { id, name: name.into(), permissions: cells, preview: false }
}

pub(super) fn delete(id: Uuid, to: &str) -> DeleteRoleForm {
    DeleteRoleForm { id, to: to.into(), preview: false }
}

pub(super) fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected an answer for a person, got {other:?}"),
    }
}

pub(super) async fn make(cx: &Context, name: &str, cells: &[&str]) -> Uuid {
    service::create_role(cx, new_role(name, self::cells(cells))).await.unwrap().id
}

/// Somebody who holds a custom role everywhere, signed in.
pub(super) async fn holder(app: &TestApp, name: &str, role: Uuid) -> Context {
    let cx = app.user(name, BuiltIn::Member).await;
    sqlx::query("update assignments set role_id = $1 where user_id = $2")
        .bind(role)
        .bind(id(&cx))
        .execute(&app.app.pool)
        .await
        .unwrap();
    app.again(&cx).await
}

pub(super) async fn owner(app: &TestApp) -> (Context, Site, String) {
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (amara, site, cookie)
}

/// Seed 002, "Create a New Role": click New Role, configure the permissions, save the role; and it "can be assigned during
/// user invitations".
#[tokio::test(flavor = "multi_thread")]
async fn seed_002_create_a_new_role() {
    let app = TestApp::new().await;
    let (amara, site, cookie) = owner(&app).await;
    let page = site.get("/roles", &cookie).await.text().await.unwrap();
    assert!(page.contains("href=\"/roles/new\"") && page.contains("New Role"), "{page}");
    let page = site.get("/roles/new", &cookie).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for label in [
        "Configure the permissions for the role",
        "Save the role",
        "Enforced by Portico, in the console and the REST API alike",
        "Enforced by your services, which ask Portico",
        "aria-label=\"Billing: View\"",
        "aria-label=\"Documentation: Update\"",
    ] {
        assert!(page.contains(label), "{label}");
    }
    let fields = [
        ("form[name]", "Port operators"),
        ("form[category]", "teammate"),
        ("form[permissions][]", "billing:view"),
        ("form[permissions][]", "apis:view"),
        ("form[permissions][]", "apis:update"),
        ("form[template]", ""),
    ];
    let answer = site.post("/roles/new", "create-role", &cookie, &fields).await;
    assert_eq!(answer.status(), 303);
    let place = answer.headers()["location"].to_str().unwrap().to_owned();
    let page = site.get(&place, &cookie).await.text().await.unwrap();
    assert!(page.contains("Port operators") && page.contains("Nobody holds it, no invitation names it."));
    let list = site.get("/roles", &cookie).await.text().await.unwrap();
    assert!(list.contains("View on Billing") && list.contains("Update on API management"), "{list}");

    let role = place.rsplit('/').next().unwrap();
    super::support::invite(&amara, "lars@hansa.test", role).await.unwrap();
    let lars = holder(&app, "Lars", role.parse().unwrap()).await;
    assert!(lars.authorize(Action::Update, Feature::Apis).is_ok());
    assert!(lars.authorize(Action::Update, Feature::Billing).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_role_begins_with_a_template_a_copy_or_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for template in Template::ALL {
        let start = Start { template: template.slug().into(), ..Start::default() };
        let draft = service::draft_role(&amara, &start).await.unwrap();
        assert_eq!((draft.from, draft.left_out), (Some(DraftOf::Template(template)), false));
        let offered = |(slug, actions): (String, Actions)| {
            let feature: Option<Feature> = slug.parse().ok();
            (slug, actions.within(feature.map_or(Actions::ALL, Feature::actions)))
        };
        assert_eq!(draft.permits, template.permissions().into_iter().map(offered).collect::<Permissions>());
    }
    let draft = service::draft_role(&amara, &Start { copy: "org-admin".into(), ..Start::default() }).await.unwrap();
    assert_eq!(draft.category, Category::Organization);
    assert_eq!(draft.permits["accounts"], Actions::ALL);
    let draft = service::draft_role(&amara, &Start { category: "customer".into(), ..Start::default() }).await.unwrap();
    assert_eq!((draft.category, draft.permits.len()), (Category::Customer, 0));
    for unknown in [
        Start { template: "king".into(), ..Start::default() },
        Start { copy: Uuid::nil().to_string(), ..Start::default() },
    ] {
        assert_eq!(told(service::draft_role(&amara, &unknown).await), AppError::NotFound);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_told_apart_without_regard_to_case() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let first = make(&amara, "Port operators", &[]).await;
    let second = make(&amara, "Pilots", &[]).await;
    for taken in ["PORT operators", "Visitor", "api owner"] {
        let error = told(service::create_role(&amara, new_role(taken, vec![])).await);
        assert_eq!(error.problem("name"), Some(Problem::Taken), "{taken}");
        let error = told(service::save_role(&amara, edit(second, taken, vec![])).await);
        assert_eq!(error.problem("name"), Some(Problem::Taken), "{taken}");
    }
    service::save_role(&amara, edit(first, "PORT OPERATORS", vec![])).await.unwrap();
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    make(&olga, "Port operators", &[]).await;
    // PITFALLS.md 2: another workspace's role is like one that never was.
    assert_eq!(told(service::find_role(&olga, first).await), AppError::NotFound);
    assert_eq!(told(service::save_role(&olga, edit(first, "Mine", vec![])).await), AppError::NotFound);
    assert_eq!(told(service::delete_role(&olga, &delete(first, "")).await), AppError::NotFound);
    assert_eq!(told(service::preview_role(&olga, first, &[]).await), AppError::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn built_in_roles_are_read_and_copied_not_changed() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for role in BuiltIn::ALL {
        let found = service::find_role(&amara, role.id()).await.unwrap();
        assert_eq!(found.line.permits("apis"), role.permits("apis", Actions::ALL));
        let refused = AppError::Refused(Refusal::BuiltIn);
        assert_eq!(told(service::save_role(&amara, edit(role.id(), "Mine", vec![])).await), refused);
        assert_eq!(told(service::delete_role(&amara, &delete(role.id(), "visitor")).await), refused);
        assert_eq!(told(service::preview_role(&amara, role.id(), &[]).await), refused);
        let copy = Start { copy: role.slug().into(), ..Start::default() };
        assert_eq!(service::draft_role(&amara, &copy).await.unwrap().permits, found.line.permits);
    }
    assert_eq!(app.count("select count(*) from roles where built_in").await, 9);
}

/// Somebody who manages the team, and the APIs, and nothing else.
async fn team_lead(app: &TestApp, amara: &Context) -> (Context, Uuid) {
    let cells = ["view", "create", "update", "delete"]
        .iter()
        .flat_map(|action| [format!("team:{action}"), format!("apis:{action}")])
        .collect();
    let role = service::create_role(amara, new_role("Team lead", cells)).await.unwrap().id;
    (holder(app, "Tom", role).await, role)
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_nobody_makes_a_role_above_themselves() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tom, _) = team_lead(&app, &amara).await;
    for above in [&["billing:view"][..], &["apis:view", "apis:download"], &["documentation:view"]] {
        let error = told(service::create_role(&tom, new_role("Above", cells(above))).await);
        assert_eq!(error.problem("permissions"), Some(Problem::AboveYou), "{above:?}");
    }
    for category in ["organization", "customer"] {
        let form = NewRoleForm { category: category.into(), ..new_role("Above", cells(&["billing:view"])) };
        assert_eq!(told(service::create_role(&tom, form).await).problem("permissions"), Some(Problem::AboveYou));
    }
    make(&tom, "Below", &["apis:view", "team:view"]).await;
    // A copy of what is above leaves out what is.
    let copy = Start { copy: "administrator".into(), ..Start::default() };
    let draft = service::draft_role(&tom, &copy).await.unwrap();
    assert!(draft.left_out && !draft.permits.contains_key("billing"));
    assert_eq!(draft.permits["apis"], Actions::ALL.without(Actions::of(&[Action::Download])));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_rises_through_a_role_edit() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tom, own) = team_lead(&app, &amara).await;
    let held = ["team:view", "team:create", "team:update", "team:delete", "apis:view", "apis:create", "apis:update"];
    let raised = |extra: &str| cells(&held).into_iter().chain(cells(&["apis:delete", extra])).collect::<Vec<_>>();
    for extra in ["billing:view", "team:download", "settings:update"] {
        let error = told(service::save_role(&tom, edit(own, "Team lead", raised(extra))).await);
        assert_eq!(error.problem("permissions"), Some(Problem::AboveYou), "{extra}");
    }
    assert!(app.again(&tom).await.authorize(Action::View, Feature::Billing).is_err());
    // What he does not hold he does not take either; what others have is kept when he changes what is his.
    let clerk = make(&amara, "Clerk", &["billing:view", "apis:view"]).await;
    let error = told(service::save_role(&tom, edit(clerk, "Clerk", cells(&["apis:view"]))).await);
    assert_eq!(error.problem("permissions"), Some(Problem::AboveYou));
    service::save_role(&tom, edit(clerk, "Clerk", cells(&["billing:view", "apis:update"]))).await.unwrap();
    let found = service::find_role(&app.again(&tom).await, clerk).await.unwrap();
    assert_eq!(found.line.permits("billing"), Actions::of(&[Action::View]));
    assert!(!found.yours && found.held.get("billing").is_none_or(|actions| actions.is_empty()));
    // Nor is it his to delete, or to move others into.
    assert_eq!(told(service::delete_role(&tom, &delete(clerk, "")).await), AppError::Refused(Refusal::RoleAboveYou));
    let low = make(&amara, "Low", &["apis:view"]).await;
    holder(&app, "Lars", low).await;
    for above in [clerk.to_string(), "administrator".to_owned()] {
        let error = told(service::delete_role(&tom, &delete(low, &above)).await);
        assert_eq!(error.problem("to"), Some(Problem::AboveYou), "{above}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_what_is_held_in_part_is_not_given() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (tom, _) = team_lead(&app, &amara).await;
    app.execute("insert into regions (workspace_id, slug, name) select id, 'eu', 'EU' from workspaces").await;
    // Billing, but until tomorrow; then billing, but in one region.
    for (until, region) in [("'1 day'", "null"), ("null", "'eu'")] {
        let sql = format!(
            "insert into assignments (workspace_id, id, user_id, category, permissions, until, region)
             select workspace_id, gen_random_uuid(), id, 'teammate', '{{\"billing\": [\"view\"]}}', now() + {until}, {region}
             from users where id = '{}'",
            id(&tom)
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&app.app.pool).await.unwrap();
        let tom = app.again(&tom).await;
        let error = told(service::create_role(&tom, new_role("Above", cells(&["billing:view"]))).await);
        assert_eq!(error.problem("permissions"), Some(Problem::AboveYou), "{until} {region}");
    }
}
