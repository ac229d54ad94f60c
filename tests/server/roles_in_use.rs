//! Roles that somebody holds: who gains and loses by a change, what is audited and told, deleting, comparing.

use portico::{
    access::{Action, BuiltIn, Change, Feature, On, Told, When},
    error::{AppError, Problem},
    roles::{model::RoleForm, service},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    roles::{cells, delete, edit, holder, id, make, new_role, owner, told},
    support::TestApp,
};

async fn audited(app: &TestApp, action: &str) -> Vec<(String, Option<Value>, Option<Value>)> {
    sqlx::query_as("select subject_label, before, after from audit_log where action = $1 order by at, id")
        .bind(action)
        .fetch_all(&app.app.pool)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_of_a_role_is_audited_with_before_and_after() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    service::save_role(&amara, edit(clerk, "Chief clerk", cells(&["billing:view", "audit:view"]))).await.unwrap();
    service::delete_role(&amara, &delete(clerk, "")).await.unwrap();
    let first = json!({ "name": "Clerk", "category": "teammate", "permissions": { "billing": ["view"] } });
    let second = json!({
        "name": "Chief clerk", "category": "teammate", "permissions": { "audit": ["view"], "billing": ["view"] }
    });
    assert_eq!(audited(&app, "role.create").await, [("Clerk".to_owned(), None, Some(first.clone()))]);
    assert_eq!(audited(&app, "role.update").await, [("Chief clerk".to_owned(), Some(first), Some(second.clone()))]);
    assert_eq!(audited(&app, "role.delete").await, [("Chief clerk".to_owned(), Some(second), None)]);
    // What is refused leaves no trace of a change.
    told(service::create_role(&amara, new_role("Visitor", vec![])).await);
    assert_eq!(app.count("select count(*) from audit_log where action like 'role.%'").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_role_counts_from_the_next_request_on() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view", "team:view", "team:update"]).await;
    let lars = holder(&app, "Lars", clerk).await;
    assert!(lars.authorize(Action::View, Feature::Billing).is_ok());
    service::save_role(&amara, edit(clerk, "Clerk", cells(&["audit:view"]))).await.unwrap();
    let again = app.again(&lars).await;
    assert!(again.authorize(Action::View, Feature::Billing).is_err());
    assert!(again.authorize(Action::View, Feature::Audit).is_ok());
    // PITFALLS.md 25: a role that permits nothing permits nothing.
    service::save_role(&amara, edit(clerk, "Clerk", vec![])).await.unwrap();
    let again = app.again(&lars).await;
    for feature in Feature::ALL {
        assert!(again.authorize(Action::View, feature).is_err(), "{feature:?}");
    }
    // A request that was let in before acts no more.
    assert!(matches!(told(service::save_role(&lars, edit(clerk, "Clerk", vec![])).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gains_and_who_loses_is_told_before_saving() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view", "billing:download"]).await;
    for name in ["Lars", "Zofia", "Ines"] {
        holder(&app, name, clerk).await;
    }
    app.user("Vito", BuiltIn::Visitor).await;
    let preview = service::preview_role(&amara, clerk, &cells(&["billing:view", "audit:view", "billing:manage"])).await;
    assert_eq!(told(preview).problem("permissions"), Some(Problem::Choice));
    let preview = service::preview_role(&amara, clerk, &cells(&["billing:view", "audit:view"])).await.unwrap();
    assert_eq!((preview.looked_at, preview.gain, preview.lose), (3, 3, 3));
    let right = |feature: &str, action| Told {
        change: Change::Right { feature: feature.into(), action, region: None, organization: None, on: On::Everywhere },
        when: When::Now,
    };
    assert_eq!(preview.sums.len(), 2);
    assert!(preview.sums.contains(&(true, right("audit", Action::View), 3)));
    assert!(preview.sums.contains(&(false, right("billing", Action::Download), 3)));
    assert!(preview.people.iter().any(|person| person.full_name == "Lars"));
    // Nothing was written.
    assert!(app.again(&holder(&app, "Nils", clerk).await).await.authorize(Action::Download, Feature::Billing).is_ok());
    let preview = service::preview_move(&amara, clerk, "visitor").await.unwrap();
    assert_eq!((preview.looked_at, preview.gain, preview.lose), (4, 4, 4));
    let visitor = app.user("Walt", BuiltIn::Visitor).await;
    assert!(matches!(told(service::preview_role(&visitor, clerk, &[]).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_a_button_shows_who_gains_and_loses() {
    let app = TestApp::new().await;
    let (amara, site, cookie) = owner(&app).await;
    let clerk = make(&amara, "Clerk", &["billing:view", "billing:download"]).await;
    holder(&app, "Lars", clerk).await;
    let (place, key) = (format!("/roles/{clerk}"), clerk.to_string());
    let page = site.get(&place, &cookie).await.text().await.unwrap();
    assert!(page.contains("Show who gains and loses") && page.contains("Nothing is changed yet."));
    assert!(page.contains("Save the role"));
    let fields = [
        ("form[id]", key.as_str()),
        ("form[name]", "Chief <clerk>"),
        ("form[permissions][]", "billing:view"),
        ("form[permissions][]", "audit:view"),
        ("form[preview]", "true"),
    ];
    let answer = site.post(&place, "save-role", &cookie, &fields).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    for shown in [
        "1 gains something",
        "View on Audit",
        "1 loses something",
        "Download on Billing",
        "Save 2 changes",
        "Chief &lt;clerk&gt;",
        "Billing: Download, taken away, not saved",
        "Audit: View, added, not saved",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    assert_eq!(app.count("select count(*) from roles where name = 'Clerk' and permissions ? 'billing'").await, 1);
    assert_eq!(app.count("select count(*) from audit_log where action = 'role.update'").await, 0);
    // As script asks.
    let asked = [("id", key.as_str()), ("cells[0]", "billing:view")];
    let preview: portico::rights::model::Preview =
        site.call("preview-role", &cookie, &asked).await.json().await.unwrap();
    assert_eq!((preview.gain, preview.lose), (0, 1));
    let asked = [("id", key.as_str()), ("cells", "")];
    assert_eq!(site.call("preview-role", &cookie, &asked).await.status(), 200, "every cell unticked");
    // A mistake is told before anything is counted, and the ticks stay.
    let fields = [
        ("form[id]", key.as_str()),
        ("form[name]", " "),
        ("form[permissions][]", "audit:view"),
        ("form[preview]", "true"),
    ];
    let answer = site.post(&place, "save-role", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("Audit: View, added, not saved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_a_role_in_use_is_deleted_only_by_moving_all() {
    let app = TestApp::new().await;
    let (amara, site, cookie) = owner(&app).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    let lars = holder(&app, "Lars", clerk).await;
    for guest in ["open@hansa.test", "past@hansa.test", "rejected@hansa.test"] {
        super::support::invite(&amara, guest, &clerk.to_string()).await.unwrap();
    }
    app.execute("update invitations set valid_until = now() - interval '1 hour' where email_key = 'past@hansa.test'")
        .await;
    app.execute(
        "update invitations set status = 'waiting', completed_at = now(), registered_name = 'R', registered_hash = 'x'
             where email_key = 'rejected@hansa.test'",
    )
    .await;
    app.execute(
        "update invitations set status = 'rejected', registered_name = null, registered_hash = null
             where email_key = 'rejected@hansa.test'",
    )
    .await;

    let page = site.get(&format!("/roles/{clerk}?delete=1"), &cookie).await.text().await.unwrap();
    for shown in ["1 user holds it: Lars.", "3 invitations name it.", "Move all of them to", "Keep role"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(!page.contains("value=\"owner\""), "owners are made one by one");
    for to in ["", "nobody", "org-admin", "customer", "owner", &clerk.to_string()] {
        let error = told(service::delete_role(&amara, &delete(clerk, to)).await);
        let expected = if to == "owner" { Problem::AboveYou } else { Problem::Choice };
        assert_eq!(error.problem("to"), Some(expected), "{to}");
    }
    // The database has the last word, whoever asks it.
    for (table, constraint) in [("invitations", "assignments_role_fkey"), ("assignments", "invitations_role_fkey")] {
        let mut tx = app.app.pool.begin().await.unwrap();
        let only = format!("update {table} set role_id = '{}' where role_id = '{clerk}'", BuiltIn::Visitor.id());
        sqlx::raw_sql(sqlx::AssertSqlSafe(only)).execute(&mut *tx).await.unwrap();
        let error = sqlx::query("delete from roles where id = $1").bind(clerk).execute(&mut *tx).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().constraint(), Some(constraint));
    }

    service::delete_role(&amara, &delete(clerk, "visitor")).await.unwrap();
    assert!(app.again(&lars).await.authorize(Action::View, Feature::Team).is_ok(), "a Visitor now");
    let visitors = "select count(*) from invitations where role_id = '00000000-0000-0000-0000-000000000005'";
    assert_eq!(app.count(visitors).await, 3);
    let (before, after) =
        (json!({ "id": clerk, "name": "Clerk" }), json!({ "id": BuiltIn::Visitor.id(), "name": "visitor" }));
    assert_eq!(
        audited(&app, "user.update").await,
        [("Lars".to_owned(), Some(json!({ "role": before })), Some(json!({ "role": after })))]
    );
    assert_eq!(audited(&app, "invitation.update").await.len(), 3);
    let actors =
        "select count(*) from audit_log where action like '%.update' and actor_name = 'Amara' and request_id = 'test'";
    assert_eq!(app.count(actors).await, 4);
    assert_eq!(told(service::find_role(&amara, clerk).await), AppError::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_what_is_over_keeps_the_name_of_a_role_that_is_gone() {
    let app = TestApp::new().await;
    let (amara, site, cookie) = owner(&app).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    let sent = super::support::invite(&amara, "lars@hansa.test", &clerk.to_string()).await.unwrap();
    let token = app.token(sent.id).await;
    let done = [
        ("form[token]", token.as_str()),
        ("form[full_name]", "Lars"),
        ("form[mobile]", ""),
        ("form[password]", super::support::PASSWORD),
        ("form[again]", super::support::PASSWORD),
    ];
    assert_eq!(site.call("complete-setup", "", &done).await.status(), 200);
    service::delete_role(&amara, &delete(clerk, "member")).await.unwrap();
    let list = site.get("/invitations?status=approved", &cookie).await;
    assert_eq!(list.status(), 200);
    let list = list.text().await.unwrap();
    assert!(list.contains("lars@hansa.test") && list.contains("Clerk"));
    // The name is free again, and the invitation is not the new role's.
    let clerk = make(&amara, "Clerk", &[]).await;
    assert!(!service::find_role(&app.again(&amara).await, clerk).await.unwrap().in_use());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_open_console_learns_that_roles_changed() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    holder(&app, "Lars", clerk).await;
    let site = app.serve().await;
    let lars = site.sign_in("lars@kestrel.test", super::support::PASSWORD).await.unwrap();
    let mut stream = site.get("/events", &lars).await;
    let mut heard = String::new();
    while !heard.contains("data: hello") {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    service::save_role(&amara, edit(clerk, "Clerk", cells(&["billing:update"]))).await.unwrap();
    while !(heard.contains("data: roles") && heard.contains("data: users") && heard.contains("data: you")) {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn holders_are_told_apart_and_counted_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    let lars = holder(&app, "Lars", clerk).await;
    app.execute("insert into regions (workspace_id, slug, name) select id, 'eu', 'EU' from workspaces").await;
    sqlx::query(
        "insert into assignments (workspace_id, id, user_id, category, role_id, region)
         select workspace_id, gen_random_uuid(), id, 'teammate', $2, 'eu' from users where id = $1",
    )
    .bind(id(&lars))
    .bind(clerk)
    .execute(&app.app.pool)
    .await
    .unwrap();
    let found = service::find_role(&app.again(&amara).await, clerk).await.unwrap();
    assert_eq!((found.line.holders, found.holders), (1, vec!["Lars".to_owned()]));
    let table = service::list_roles(&app.again(&amara).await).await.unwrap();
    let holders: Vec<(Uuid, u32)> = table.roles.iter().map(|line| (line.role.id, line.holders)).collect();
    assert!(holders.contains(&(clerk, 1)) && holders.contains(&(BuiltIn::Owner.id(), 1)));
    assert_eq!(table.roles.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_compared_on_a_page_and_in_a_file() {
    let app = TestApp::new().await;
    let (amara, site, cookie) = owner(&app).await;
    let clerk = make(&amara, "=HYPERLINK(\"x\")", &["billing:view", "billing:delete"]).await;
    let query = format!("role=administrator&role=visitor&role={clerk}&role=nobody");
    let page = site.get(&format!("/roles/compare?{query}"), &cookie).await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for shown in ["At a glance", "Invite Teammates", "Custom", "View, Delete", "Export CSV"] {
        assert!(page.contains(shown), "{shown}");
    }
    let none = site.get("/roles/compare", &cookie).await.text().await.unwrap();
    assert!(none.contains("No role is chosen yet"));

    // PITFALLS.md 31.
    let file = site.get(&format!("/roles/compare.csv?{query}"), &cookie).await;
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"roles.csv\"");
    let file = file.text().await.unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines[0], "Group,Feature,Administrator,Visitor,\"'=HYPERLINK(\"\"x\"\")\"");
    assert_eq!(lines[1], "At a glance,Create API Keys,Yes,No,No");
    assert!(
        file.contains("Billing,\"Full (View, Create, Update, Delete, Download)\",View,\"Custom (View, Delete)\""),
        "{file}"
    );

    // Taking it away is to download, which a Visitor may not (PITFALLS.md 27).
    app.user("Vito", BuiltIn::Visitor).await;
    let vito = site.sign_in("vito@kestrel.test", super::support::PASSWORD).await.unwrap();
    let page = site.get(&format!("/roles/compare?{query}"), &vito).await.text().await.unwrap();
    assert!(page.contains("At a glance") && !page.contains("Export CSV"));
    let file = site.get(&format!("/roles/compare.csv?{query}"), &vito).await;
    assert_eq!(file.status(), 403);
    assert!(file.text().await.unwrap().starts_with("Sorry, you don't have permission to use this feature."));
    assert_eq!(site.get("/roles/compare.csv", "").await.status(), 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_roles_show_what_the_reader_may_do() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = make(&amara, "Clerk", &["billing:view"]).await;
    for (name, role) in [("Vito", BuiltIn::Visitor), ("Mara", BuiltIn::Member)] {
        app.user(name, role).await;
    }
    let site = app.serve().await;
    let vito = site.sign_in("vito@kestrel.test", super::support::PASSWORD).await.unwrap();
    let list = site.get("/roles", &vito).await.text().await.unwrap();
    assert!(list.contains("Clerk") && !list.contains("New Role"));
    let page = site.get(&format!("/roles/{clerk}?delete=1"), &vito).await.text().await.unwrap();
    assert!(page.contains("You can see this, but not change it.") && !page.contains("Save the role"));
    assert!(!page.contains("Delete the role Clerk?") && !page.contains("Duplicate"));
    assert_eq!(site.get("/roles/new", &vito).await.status(), 403);
    let built_in = site.get("/roles/administrator", &vito).await.text().await.unwrap();
    assert!(built_in.contains("Built-in roles are the same in every workspace"));
    assert_eq!(site.get(&format!("/roles/{}", Uuid::nil()), &vito).await.status(), 404);
    let mara = site.sign_in("mara@kestrel.test", super::support::PASSWORD).await.unwrap();
    for path in ["/roles", "/roles/new", "/roles/compare", &format!("/roles/{clerk}"), "/roles/compare.csv"] {
        assert_eq!(site.get(path, &mara).await.status(), 403, "{path}");
    }
    // A form may say that it is a preview, and is asked all the same.
    let form = RoleForm { preview: true, ..edit(clerk, "Clerk", vec![]) };
    let vito = app.user("Vera", BuiltIn::Visitor).await;
    assert!(matches!(told(service::check_role(&vito, &form)), AppError::Denied(_)));
}
