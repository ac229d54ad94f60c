//! Organizations and their users: seed 001, and that an Org Admin acts in theirs alone.

use portico::{
    access::{Action, BuiltIn, Feature, Question, RoleRef, decide},
    error::{AppError, Problem, Refusal},
    listing::ListQuery,
    organizations::{
        model::{Lock, NewForm, Organization, RenameForm, UserForm},
        service::{self, users},
    },
    people::model::State,
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::support::TestApp;

fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected an error that is told, got {other:?}"),
    }
}

async fn organization(owner: &Context, name: &str) -> Organization {
    service::create_organization(owner, NewForm { name: name.into(), ..Default::default() }).await.unwrap()
}

fn new_user(name: &str, role: BuiltIn, organizations: &[Uuid]) -> UserForm {
    UserForm {
        full_name: name.into(),
        email: format!("{}@hansa.test", name.to_lowercase()),
        role: role.slug().into(),
        organizations: organizations.iter().map(Uuid::to_string).collect(),
        ..UserForm::default()
    }
}

fn edit(user: Uuid, name: &str, role: &str, state: State, organizations: &[Uuid]) -> UserForm {
    UserForm {
        id: user,
        email: String::new(),
        role: role.into(),
        state: state.slug().into(),
        ..new_user(name, BuiltIn::Developer, organizations)
    }
}

/// An owner and two organizations.
async fn begin() -> (TestApp, Context, Organization, Organization) {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let hansa = organization(&amara, "Hansa Shipping").await;
    let lumen = organization(&app.again(&amara).await, "Lumen").await;
    let amara = app.again(&amara).await;
    (app, amara, hansa, lumen)
}

#[tokio::test(flavor = "multi_thread")]
async fn organizations_are_made_renamed_found_and_deleted() {
    let (app, amara, hansa, lumen) = begin().await;
    assert_eq!((hansa.slug.as_str(), lumen.slug.as_str()), ("hansa-shipping", "lumen"));
    for (name, slug, field) in
        [("hansa SHIPPING", "other", "name"), ("Other", "lumen", "slug"), ("Other", "Not A Slug", "slug")]
    {
        let form = NewForm { name: name.into(), slug: slug.into() };
        let error = told(service::create_organization(&amara, form).await);
        assert!(error.problem(field).is_some(), "{name} {slug}: {error:?}");
    }
    let form = RenameForm { id: hansa.id, name: "Hanse Logistik".into() };
    service::rename_organization(&amara, form).await.unwrap();
    let taken = RenameForm { id: hansa.id, name: "LUMEN".into() };
    assert_eq!(told(service::rename_organization(&amara, taken).await), AppError::field("name", Problem::Taken));
    let amara = app.again(&amara).await;
    let found = |q: &str| ListQuery { q: q.into(), ..ListQuery::default() };
    let page = service::list_organizations(&amara, &found("LOGI")).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (1, 2));
    assert_eq!((page.rows[0].name.as_str(), page.rows[0].slug.as_str()), ("Hanse Logistik", "hansa-shipping"));
    service::delete_organization(&amara, lumen.id).await.unwrap();
    assert_eq!(app.count("select count(*) from organizations").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_organizations_and_of_their_users_neither_lose_nor_repeat() {
    let (app, amara, hansa, _) = begin().await;
    app.execute(
        "insert into organizations (workspace_id, id, slug, name, created_at)
         select workspace_id, gen_random_uuid(), 'o' || n, 'Name ' || n, now() - make_interval(mins => n % 5)
         from (select workspace_id from organizations limit 1) w, generate_series(1, 60) n",
    )
    .await;
    let amara = app.again(&amara).await;
    for sort in ["", "-name", "created", "-created"] {
        let mut query = ListQuery { sort: sort.into(), ..ListQuery::default() };
        let mut seen = Vec::new();
        loop {
            let page = service::list_organizations(&amara, &query).await.unwrap();
            assert_eq!(page.total, 62);
            seen.extend(page.rows.iter().map(|it| it.id));
            match page.after {
                Some(after) => query.after = after,
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 62, "{sort}");
    }
    for n in 0..30 {
        app.organization_user(&format!("Dev{n}"), BuiltIn::Developer, &[hansa.id]).await;
    }
    let first = users::list_users(&amara, hansa.id, &ListQuery::default()).await.unwrap();
    assert_eq!((first.rows.len(), first.total), (25, 30));
    let query = ListQuery { after: first.after.clone().unwrap(), ..ListQuery::default() };
    let second = users::list_users(&amara, hansa.id, &query).await.unwrap();
    assert_eq!((second.rows.len(), second.after.is_some()), (5, false));
    let query = ListQuery { before: second.before.unwrap(), ..ListQuery::default() };
    assert_eq!(users::list_users(&amara, hansa.id, &query).await.unwrap().rows, first.rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_org_admins_add_developers_and_other_org_admins_to_their_organization_only_their_own() {
    let (app, amara, hansa, lumen) = begin().await;
    let olga = app.organization_user("Olga", BuiltIn::OrgAdmin, &[hansa.id]).await;
    for (name, role) in [("Dora", BuiltIn::Developer), ("Otis", BuiltIn::OrgAdmin)] {
        let made = users::add_user(&olga, new_user(name, role, &[hansa.id])).await.unwrap();
        assert_eq!(made.roles.iter().filter_map(RoleRef::built_in).collect::<Vec<_>>(), [role]);
    }
    // PITFALLS.md 11: neither above themselves, nor another category's role.
    for (role, problem) in [
        (BuiltIn::OrgPublisher, Problem::AboveYou),
        (BuiltIn::Administrator, Problem::Choice),
        (BuiltIn::Owner, Problem::Choice),
        (BuiltIn::Customer, Problem::Choice),
    ] {
        let error = told(users::add_user(&olga, new_user("Eve", role, &[hansa.id])).await);
        assert_eq!(error, AppError::field("role", problem), "{role:?}");
    }
    // Another organization is, for them, none: by its id, by its name, or beside their own.
    for form in [
        new_user("Eve", BuiltIn::Developer, &[lumen.id]),
        new_user("Eve", BuiltIn::Developer, &[hansa.id, lumen.id]),
        UserForm { more: "lumen".into(), ..new_user("Eve", BuiltIn::Developer, &[]) },
    ] {
        assert_eq!(told(users::add_user(&olga, form).await), AppError::field("more", Problem::Unknown));
    }
    assert_eq!(told(service::find_organization(&olga, lumen.id).await), AppError::NotFound);
    assert_eq!(told(users::list_users(&olga, lumen.id, &ListQuery::default()).await), AppError::NotFound);
    assert_eq!(told(users::list_roles(&olga, lumen.id).await), AppError::NotFound);
    assert_eq!(told(service::delete_organization(&olga, lumen.id).await), AppError::NotFound);
    let form = RenameForm { id: lumen.id, name: "Mine".into() };
    assert_eq!(told(service::rename_organization(&olga, form).await), AppError::NotFound);
    let form = NewForm { name: "Mine".into(), ..NewForm::default() };
    assert!(matches!(told(service::create_organization(&olga, form).await), AppError::Denied(_)));
    let page = service::list_organizations(&olga, &ListQuery::default()).await.unwrap();
    assert_eq!((page.rows.len(), page.total, page.rows[0].id), (1, 1, hansa.id));
    assert_eq!(service::search_organizations(&olga, "ume").unwrap(), []);
    assert_eq!(service::search_organizations(&amara, "ume").unwrap().len(), 1);
    let roles = users::list_roles(&olga, hansa.id).await.unwrap();
    let roles: Vec<_> = roles.iter().filter_map(RoleRef::built_in).collect();
    assert_eq!(roles, [BuiltIn::OrgAdmin, BuiltIn::Developer]);
    // A Developer of the same organization manages nobody.
    let dev = app.organization_user("Plain", BuiltIn::Developer, &[hansa.id]).await;
    assert!(matches!(told(service::list_organizations(&dev, &ListQuery::default()).await), AppError::Denied(_)));
    let error = told(users::add_user(&dev, new_user("Eve", BuiltIn::Developer, &[hansa.id])).await);
    assert!(matches!(error, AppError::Denied(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_org_admins_edit_and_disable_the_users_of_their_organization_and_nobody_else() {
    let (app, amara, hansa, lumen) = begin().await;
    let olga = app.organization_user("Olga", BuiltIn::OrgAdmin, &[hansa.id]).await;
    let dora = app.organization_user("Dora", BuiltIn::Developer, &[hansa.id]).await;
    let form = edit(id(&dora), "Dora Dahl", "developer", State::Disabled, &[hansa.id]);
    users::edit_user(&olga, form).await.unwrap();
    let found = users::find_user(&olga, hansa.id, id(&dora)).await.unwrap();
    assert_eq!((found.user.full_name.as_str(), found.user.state, found.locked), ("Dora Dahl", State::Disabled, None));
    assert_eq!(app.count("select count(*) from sessions").await, 2, "PITFALLS.md 26: Dora's ended");

    // Whoever belongs elsewhere too, or only, holds more, is a teammate, or is the Org Admin: not theirs.
    let both = app.organization_user("Both", BuiltIn::Developer, &[hansa.id, lumen.id]).await;
    let publisher = app.organization_user("Pia", BuiltIn::OrgPublisher, &[hansa.id]).await;
    let other = app.organization_user("Lena", BuiltIn::Developer, &[lumen.id]).await;
    let found = users::find_user(&olga, hansa.id, id(&both)).await.unwrap();
    assert_eq!((found.locked, found.user.elsewhere, found.belongs.len()), (Some(Lock::AboveYou), true, 1));
    for (user, error) in [
        (id(&both), AppError::Refused(Refusal::NotYours)),
        (id(&publisher), AppError::Refused(Refusal::NotYours)),
        (id(&other), AppError::NotFound),
        (id(&amara), AppError::NotFound),
        (id(&olga), AppError::Refused(Refusal::Yourself)),
    ] {
        let form = edit(user, "Taken", "", State::Disabled, &[hansa.id]);
        assert_eq!(told(users::edit_user(&olga, form).await), error);
        assert_eq!(told(users::remove_user(&olga, user).await), error);
    }
    // Nor are theirs put where they have no say.
    let form = edit(id(&dora), "Dora", "developer", State::Enabled, &[hansa.id, lumen.id]);
    assert_eq!(told(users::edit_user(&olga, form).await), AppError::field("more", Problem::Unknown));
    users::remove_user(&olga, id(&dora)).await.unwrap();
    assert_eq!(app.count("select count(*) from users where full_name like 'Dora%'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_org_admin_adds_nobody() {
    let (app, amara, hansa, _) = begin().await;
    let olga = app.organization_user("Olga", BuiltIn::OrgAdmin, &[hansa.id]).await;
    // The request has been let in with the right; then it is taken; then the request acts.
    let form = edit(id(&olga), "Olga", "developer", State::Enabled, &[hansa.id]);
    users::edit_user(&amara, form).await.unwrap();
    let error = told(users::add_user(&olga, new_user("Eve", BuiltIn::Developer, &[hansa.id])).await);
    assert!(matches!(error, AppError::Denied(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_you_must_assign_the_user_to_at_least_one_organization() {
    let (app, amara, hansa, lumen) = begin().await;
    let none = AppError::field("more", Problem::NoOrganization);
    assert_eq!(told(users::add_user(&amara, new_user("Dora", BuiltIn::Developer, &[])).await), none);
    let dora = app.organization_user("Dora", BuiltIn::Developer, &[hansa.id, lumen.id]).await;
    let form = edit(id(&dora), "Dora", "", State::Enabled, &[]);
    assert_eq!(told(users::edit_user(&amara, form).await), none);
    let form = edit(id(&dora), "Dora", "", State::Enabled, &[lumen.id]);
    users::edit_user(&amara, form).await.unwrap();
    assert_eq!(app.count("select count(*) from assignments where category = 'organization'").await, 1);
    let gone = sqlx::query("delete from assignments where category = 'organization'").execute(&app.app.pool).await;
    let error = gone.unwrap_err();
    assert_eq!(error.as_database_error().and_then(|e| e.constraint()), Some("users_organization"), "the database, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_only_developers_map_to_several_organizations() {
    let (_app, amara, hansa, lumen) = begin().await;
    let several = AppError::Refused(Refusal::OneOrganization);
    for role in [BuiltIn::OrgAdmin, BuiltIn::OrgPublisher] {
        assert_eq!(told(users::add_user(&amara, new_user("Otis", role, &[hansa.id, lumen.id])).await), several);
    }
    let form = UserForm { more: "Lumen; hansa-shipping".into(), ..new_user("Dora", BuiltIn::Developer, &[]) };
    let dora = users::add_user(&amara, form).await.unwrap();
    assert_eq!(users::find_user(&amara, lumen.id, dora.id).await.unwrap().belongs.len(), 2);
    let form = edit(dora.id, "Dora", "org-admin", State::Enabled, &[hansa.id, lumen.id]);
    assert_eq!(told(users::edit_user(&amara, form).await), several);
    let form = edit(dora.id, "Dora", "org-admin", State::Enabled, &[lumen.id]);
    users::edit_user(&amara, form).await.unwrap();
    let form = edit(dora.id, "Dora", "", State::Enabled, &[hansa.id, lumen.id]);
    let error = told(users::edit_user(&amara, form).await);
    assert_eq!(error, AppError::field("role", Problem::Choice), "another organization needs a role there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_password_counts_at_once_and_cannot_sign_in() {
    let (app, amara, hansa, _) = begin().await;
    let made = users::add_user(&amara, new_user("Dora", BuiltIn::OrgAdmin, &[hansa.id])).await.unwrap();
    assert!(!made.has_password);
    let mut db = app.app.pool.acquire().await.unwrap();
    let held = amara.held_by(&mut db, made.id).await.unwrap().unwrap();
    let question =
        Question { organization: Some("hansa-shipping"), ..Question::new(Action::Create, Feature::Accounts, 0) };
    assert!(decide(&held.snapshot, &held.subject, &question).allowed());
    drop(db);
    let site = app.serve().await;
    for password in ["", "Harbour-2026"] {
        assert_eq!(site.sign_in("dora@hansa.test", password).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_9_an_address_twin_has_an_account_already() {
    let (app, amara, hansa, _) = begin().await;
    app.user("Lars", BuiltIn::Member).await;
    for twin in ["lars@kestrel.test", " LARS@Kestrel.TEST ", "ｌａｒｓ@kestrel.test"] {
        let form = UserForm { email: twin.into(), ..new_user("Twin", BuiltIn::Developer, &[hansa.id]) };
        assert_eq!(told(users::add_user(&amara, form).await), AppError::field("email", Problem::AlreadyUser), "{twin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_an_organization_that_somebody_belongs_to_is_not_deleted() {
    let (app, amara, hansa, _) = begin().await;
    let mut people = Vec::new();
    for n in 0..7 {
        people.push(app.organization_user(&format!("Dev{n}"), BuiltIn::Developer, &[hansa.id]).await);
    }
    let dependents = service::list_dependents(&amara, hansa.id).await.unwrap();
    assert_eq!((dependents.names, dependents.more), ((0..5).map(|n| format!("Dev{n}")).collect(), 2));
    let in_use = AppError::Refused(Refusal::InUse);
    assert_eq!(told(service::delete_organization(&amara, hansa.id).await), in_use);
    // The database says the same to whoever asks it past the service.
    let error: Fault = sqlx::query("delete from organizations").execute(&app.app.pool).await.unwrap_err().into();
    assert!(matches!(error, Fault::Told(told) if told == in_use));
    for person in &people {
        users::remove_user(&amara, id(person)).await.unwrap();
    }
    service::delete_organization(&amara, hansa.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_organization_is_an_unknown_one() {
    let (app, _, hansa, _) = begin().await;
    let dora = app.organization_user("Dora", BuiltIn::Developer, &[hansa.id]).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let own = organization(&olga, "Own").await;
    let olga = app.again(&olga).await;
    for target in [hansa.id, Uuid::now_v7()] {
        let form = RenameForm { id: target, name: "Mine".into() };
        for result in [
            service::find_organization(&olga, target).await.map(drop),
            service::list_dependents(&olga, target).await.map(drop),
            service::rename_organization(&olga, form).await.map(drop),
            service::delete_organization(&olga, target).await.map(drop),
            users::list_users(&olga, target, &ListQuery::default()).await.map(drop),
            users::find_user(&olga, target, id(&dora)).await.map(drop),
        ] {
            assert_eq!(told(result), AppError::NotFound);
        }
        let form = new_user("Eve", BuiltIn::Developer, &[target]);
        assert_eq!(told(users::add_user(&olga, form).await), AppError::field("more", Problem::Unknown));
    }
    for target in [id(&dora), Uuid::now_v7()] {
        let form = edit(target, "Taken", "", State::Disabled, &[own.id]);
        assert_eq!(told(users::edit_user(&olga, form).await), AppError::NotFound);
        assert_eq!(told(users::remove_user(&olga, target).await), AppError::NotFound);
    }
    assert_eq!(service::list_organizations(&olga, &ListQuery::default()).await.unwrap().rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_forbidden_fields_of_a_user_are_refused() {
    let (app, _, hansa, _) = begin().await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", super::support::PASSWORD).await.unwrap();
    let organization = hansa.id.to_string();
    let good = [
        ("form[page_of]", organization.as_str()),
        ("form[full_name]", "Dora"),
        ("form[email]", "dora@hansa.test"),
        ("form[role]", "developer"),
        ("form[organizations][]", organization.as_str()),
        ("form[more]", ""),
    ];
    for extra in ["form[kind]", "form[password_hash]", "form[workspace_id]", "form[permissions]"] {
        let fields: Vec<_> = good.into_iter().chain([(extra, "owner")]).collect();
        let answer = site.call("add-organization-user", &cookie, &fields).await;
        assert_eq!(answer.status(), 400, "{extra}");
    }
    assert_eq!(site.call("add-organization-user", &cookie, &good).await.status(), 200);
    assert_eq!(app.count("select count(*) from users where kind = 'organization' and password_hash is null").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_is_audited_with_before_and_after() {
    let (app, amara, hansa, lumen) = begin().await;
    service::rename_organization(&amara, RenameForm { id: hansa.id, name: "Hanse".into() }).await.unwrap();
    let dora = users::add_user(&amara, new_user("Dora", BuiltIn::Developer, &[hansa.id])).await.unwrap();
    let form = edit(dora.id, "Dora Dahl", "org-admin", State::Enabled, &[lumen.id]);
    users::edit_user(&amara, form).await.unwrap();
    users::remove_user(&amara, dora.id).await.unwrap();
    service::delete_organization(&amara, hansa.id).await.unwrap();
    let lines: Vec<(String, Option<serde_json::Value>, Option<serde_json::Value>)> =
        sqlx::query_as("select action, before, after from audit_log order by id")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    let told: Vec<_> =
        lines.iter().map(|(action, before, after)| (action.as_str(), before.is_some(), after.is_some())).collect();
    assert_eq!(
        told,
        [
            ("organization.create", false, true),
            ("organization.create", false, true),
            ("organization.update", true, true),
            ("user.create", false, true),
            ("user.update", true, true),
            ("user.delete", true, false),
            ("organization.delete", true, false),
        ]
    );
    let (before, after) = (lines[4].1.as_ref().unwrap(), lines[4].2.as_ref().unwrap());
    assert_eq!(before["belongs"][0]["organization"]["slug"], "hansa-shipping");
    assert_eq!(after["belongs"][0]["organization"]["slug"], "lumen");
    assert_eq!(
        (&before["belongs"][0]["role"]["name"], &after["belongs"][0]["role"]["name"]),
        (&"Developer".into(), &"Org Admin".into())
    );
}

/// The console's way in: navigation and pages follow a right for one organization.
#[tokio::test(flavor = "multi_thread")]
async fn an_org_admin_sees_organizations_in_the_console_and_customers_not() {
    let (app, _, hansa, lumen) = begin().await;
    app.organization_user("Olga", BuiltIn::OrgAdmin, &[hansa.id]).await;
    let site = app.serve().await;
    let cookie = site.sign_in("olga@kestrel.test", super::support::PASSWORD).await.unwrap();
    let page = site.get("/organizations", &cookie).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("Hansa Shipping") && !page.contains("Lumen"), "theirs alone");
    assert!(page.contains("href=\"/organizations\"") && !page.contains("href=\"/customers\""));
    assert!(!page.contains("New organization"));
    let own = site.get(&format!("/organizations/{}?add=1", hansa.id), &cookie).await.text().await.unwrap();
    for said in ["Add User", "Notify User", "name=\"form[organizations][]\"", "Org Admin"] {
        assert!(own.contains(said), "{said}");
    }
    assert!(!own.contains("value=\"org-publisher\""), "what they cannot give is not offered");
    assert_eq!(site.get(&format!("/organizations/{}", lumen.id), &cookie).await.status(), 404);
    assert_eq!(site.get("/customers", &cookie).await.status(), 403);
}
