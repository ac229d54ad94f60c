//! Customers: seed 002, what their Customer ID and groups lead to, and that nobody leads them to more than they hold.

use portico::{
    access::{Action, BuiltIn, Feature, Question, decide},
    customers::{
        model::{EditForm, NewForm, Way},
        service,
    },
    error::{AppError, Problem, Refusal},
    listing::ListQuery,
    people::model::{State, User},
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::support::{PASSWORD, TestApp};

fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected an error that is told, got {other:?}"),
    }
}

/// Three APIs, two of them for `HANSA-7`, and a group that leads to the third.
async fn begin() -> (TestApp, Context) {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "with apis as (
             insert into apis (workspace_id, id, slug, name)
             select workspaces.id, gen_random_uuid(), v.slug, v.name from workspaces,
                 (values ('tracking', 'Vessel Tracking'), ('berths', 'Berths'), ('tides', 'Tides')) v (slug, name)
             returning workspace_id, id, slug
         ), served as (
             insert into api_customer_ids (workspace_id, api_id, customer_id)
             select workspace_id, id, case slug when 'tides' then 'hansa-7' else 'HANSA-7' end from apis
         ), carriers as (
             insert into groups (workspace_id, id, name) select id, gen_random_uuid(), 'Carriers' from workspaces returning workspace_id, id
         )
         insert into api_access (workspace_id, id, api_id, group_id)
         select apis.workspace_id, gen_random_uuid(), apis.id, carriers.id from apis, carriers where slug = 'tides'",
    )
    .await;
    let amara = app.again(&amara).await;
    (app, amara)
}

fn new(name: &str, customer_id: &str) -> NewForm {
    NewForm {
        full_name: name.into(),
        email: format!("{}@hansa.test", name.to_lowercase()),
        customer_id: customer_id.into(),
        ..NewForm::default()
    }
}

fn edit(user: &User, customer_id: &str, more_groups: &str) -> EditForm {
    EditForm {
        id: user.id,
        full_name: user.full_name.clone(),
        customer_id: customer_id.into(),
        more_groups: more_groups.into(),
        state: State::Enabled.slug().into(),
        ..EditForm::default()
    }
}

/// The slugs of the APIs that a customer may view, as `decide` says.
async fn may_view(cx: &Context, customer: Uuid) -> Vec<&'static str> {
    let mut db = cx.app.pool.acquire().await.unwrap();
    let held = cx.held_by(&mut db, customer).await.unwrap().unwrap();
    let asks = |api: &&str| {
        let question = Question { api: Some(api), ..Question::new(Action::View, Feature::Apis, 0) };
        decide(&held.snapshot, &held.subject, &question).allowed()
    };
    ["tracking", "berths", "tides"].into_iter().filter(asks).collect()
}

/// Somebody who manages accounts and views these APIs alone, each by a grant.
async fn keeper(app: &TestApp, apis: &'static str) -> Context {
    app.execute(
        "insert into roles (workspace_id, id, category, name, permissions)
         select id, gen_random_uuid(), 'teammate', 'Keeper',
             '{\"accounts\": [\"view\", \"create\", \"update\", \"delete\"], \"apis\": [\"view\"], \"documentation\": [\"view\"]}' from workspaces",
    )
    .await;
    let keeper = app.user("Keeper", BuiltIn::Member).await;
    app.execute(
        "update assignments set role_id = roles.id, all_apis = false from roles, users
         where roles.name = 'Keeper' and users.full_name = 'Keeper' and assignments.user_id = users.id",
    )
    .await;
    sqlx::query(
        "insert into api_access (workspace_id, id, api_id, user_id)
         select users.workspace_id, gen_random_uuid(), apis.id, users.id from users, apis
         where full_name = 'Keeper' and slug = any(string_to_array($1, ' '))",
    )
    .bind(apis)
    .execute(&app.app.pool)
    .await
    .unwrap();
    app.again(&keeper).await
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_a_customer_gains_access_to_all_matching_apis_and_to_no_others() {
    let (app, amara) = begin().await;
    assert_eq!(service::count_matching(&amara, " HANSA-7 ").unwrap(), 2);
    let lars = service::create_customer(&amara, new("Lars", "HANSA-7")).await.unwrap();
    assert_eq!(may_view(&amara, lars.id).await, ["tracking", "berths"]);
    let shown = service::find_customer(&app.again(&amara).await, lars.id).await.unwrap();
    let apis: Vec<_> = shown.apis.iter().map(|api| (api.slug.as_str(), api.ways.as_slice())).collect();
    assert_eq!(apis.len(), 2);
    assert!(apis.iter().all(|(_, ways)| *ways == [Way::CustomerId]), "{apis:?}");
    // An API that is given the same Customer ID later leads there, too.
    app.execute("insert into api_customer_ids (workspace_id, api_id, customer_id) select workspace_id, id, 'HANSA-7' from apis where slug = 'tides'").await;
    assert_eq!(may_view(&amara, lars.id).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_the_customer_id_must_exactly_match() {
    let (_app, amara) = begin().await;
    for (name, id, apis) in [
        ("Part", "HANSA", vec![]),
        ("Longer", "HANSA-77", vec![]),
        ("Case", "hansa-7", vec!["tides"]),
        ("Wild", "%", vec![]),
        ("Exact", "HANSA-7", vec!["tracking", "berths"]),
    ] {
        assert_eq!(service::count_matching(&amara, id).unwrap() as usize, apis.len(), "{id}");
        let customer = service::create_customer(&amara, new(name, id)).await.unwrap();
        assert_eq!(may_view(&amara, customer.id).await, apis, "{id}");
    }
    for empty in ["", "  "] {
        let error = told(service::create_customer(&amara, new("None", empty)).await);
        assert_eq!(error, AppError::field("customer_id", Problem::Missing));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_edit_customer_id_role_and_group_membership() {
    let (app, amara) = begin().await;
    app.execute(
        "insert into roles (workspace_id, id, category, name, permissions)
         select id, '00000000-0000-0000-0000-0000000000aa', 'customer', 'Auditor', '{\"apis\": [\"view\", \"download\"]}' from workspaces",
    )
    .await;
    let amara = app.again(&amara).await;
    let lars = service::create_customer(&amara, new("Lars", "HANSA-7")).await.unwrap();
    let auditor = "00000000-0000-0000-0000-0000000000aa";
    let carriers: Uuid = sqlx::query_scalar("select id from groups").fetch_one(&app.app.pool).await.unwrap();
    let preview = service::preview(&amara, lars.id, "LUMEN", &[carriers.to_string()]).await.unwrap();
    assert_eq!((preview.looked_at, preview.gain, preview.lose, preview.sums.len()), (1, 1, 1, 2), "{preview:?}");

    let form = EditForm { role: auditor.into(), full_name: "Lars Dahl".into(), ..edit(&lars, "LUMEN", "carriers") };
    let saved = service::edit_customer(&amara, form).await.unwrap();
    assert_eq!((saved.full_name.as_str(), saved.customer_id.as_deref()), ("Lars Dahl", Some("LUMEN")));
    assert_eq!(saved.roles.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Auditor"]);
    assert_eq!(may_view(&amara, lars.id).await, ["tides"]);
    let shown = service::find_customer(&app.again(&amara).await, lars.id).await.unwrap();
    assert_eq!(shown.groups.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Carriers"]);
    assert_eq!(shown.apis[0].ways, [Way::Group { name: "Carriers".into(), until: None }]);
    assert!(!shown.user.has_password);

    // Out of the group; the role stays within its category (seed 001).
    service::edit_customer(&amara, edit(&lars, "LUMEN", "")).await.unwrap();
    assert!(may_view(&amara, lars.id).await.is_empty());
    for role in ["member", "owner", "developer"] {
        let form = EditForm { role: role.into(), ..edit(&lars, "LUMEN", "") };
        assert_eq!(
            told(service::edit_customer(&amara, form).await),
            AppError::field("role", Problem::Choice),
            "{role}"
        );
    }
    let form = edit(&lars, "LUMEN", "No such group");
    assert_eq!(told(service::edit_customer(&amara, form).await), AppError::field("more_groups", Problem::Unknown));
    // Disabled: nothing is reached any more.
    let form = EditForm { state: State::Disabled.slug().into(), ..edit(&lars, "HANSA-7", "carriers") };
    service::edit_customer(&amara, form).await.unwrap();
    assert!(may_view(&amara, lars.id).await.is_empty());
    service::remove_customer(&amara, lars.id).await.unwrap();
    assert_eq!(service::list_customers(&amara, &ListQuery::default()).await.unwrap().total, 0);
    service::create_customer(&amara, new("Lars", "HANSA-7")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_leads_a_customer_to_an_api_they_do_not_hold() {
    let (app, amara) = begin().await;
    let keeper = keeper(&app, "tracking tides").await;
    let lars = service::create_customer(&amara, new("Lars", "LUMEN")).await.unwrap();
    let id_above = AppError::field("customer_id", Problem::AboveYou);
    assert_eq!(told(service::create_customer(&keeper, new("Eve", "HANSA-7")).await), id_above);
    assert_eq!(told(service::edit_customer(&keeper, edit(&lars, "HANSA-7", "")).await), id_above);
    // What they hold, they give.
    service::create_customer(&keeper, new("Tide", "hansa-7")).await.unwrap();
    service::edit_customer(&keeper, edit(&lars, "hansa-7", "carriers")).await.unwrap();
    // A group that leads further than they do.
    app.execute("insert into api_access (workspace_id, id, api_id, group_id) select g.workspace_id, gen_random_uuid(), apis.id, g.id from groups g, apis where slug = 'berths'").await;
    let mona = service::create_customer(&amara, new("Mona", "LUMEN")).await.unwrap();
    let group_above = AppError::field("more_groups", Problem::AboveYou);
    assert_eq!(told(service::edit_customer(&keeper, edit(&mona, "LUMEN", "Carriers")).await), group_above);
    let form = NewForm { more_groups: "Carriers".into(), ..new("Eve", "LUMEN") };
    assert_eq!(told(service::create_customer(&keeper, form).await), group_above);
    // What was there before stays, and may be taken.
    service::edit_customer(&keeper, edit(&lars, "hansa-7", "Carriers")).await.unwrap();
    service::edit_customer(&keeper, edit(&lars, "LUMEN", "")).await.unwrap();
    // A grant of theirs that ends gives nothing without end (PITFALLS.md 12).
    app.execute("update api_access set until = now() + interval '1 day' where user_id is not null").await;
    assert_eq!(told(service::create_customer(&keeper, new("Late", "hansa-7")).await), id_above);
    // What is hidden from them is not told (PITFALLS.md 27).
    let gerd = service::create_customer(&amara, new("Gerd", "HANSA-7")).await.unwrap();
    let shown = service::find_customer(&app.again(&keeper).await, gerd.id).await.unwrap();
    let slugs: Vec<_> = shown.apis.iter().map(|api| api.slug.as_str()).collect();
    assert_eq!((slugs, shown.more_apis), (vec!["tracking"], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_a_customers_role_is_under_the_ceiling() {
    let (app, amara) = begin().await;
    let lars = service::create_customer(&amara, new("Lars", "LUMEN")).await.unwrap();
    app.execute(
        "insert into roles (workspace_id, id, category, name, permissions)
         select id, '00000000-0000-0000-0000-0000000000bb', 'customer', 'Payer', '{\"billing\": [\"view\", \"update\"]}' from workspaces",
    )
    .await;
    let keeper = keeper(&app, "tracking").await;
    let payer = "00000000-0000-0000-0000-0000000000bb";
    let form = EditForm { role: payer.into(), ..edit(&lars, "LUMEN", "") };
    assert_eq!(told(service::edit_customer(&keeper, form.clone()).await), AppError::field("role", Problem::AboveYou));
    // Whoever has it already holds more than they do.
    service::edit_customer(&amara, form).await.unwrap();
    let not_yours = AppError::Refused(Refusal::NotYours);
    assert_eq!(told(service::edit_customer(&keeper, edit(&lars, "LUMEN", "")).await), not_yours);
    assert_eq!(told(service::remove_customer(&keeper, lars.id).await), not_yours);
    assert!(service::find_customer(&app.again(&keeper).await, lars.id).await.unwrap().user.above_you);
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_are_found_by_name_address_and_customer_id_and_sorted() {
    let (app, amara) = begin().await;
    for (name, id) in [("Lars Bjerregaard", "HANSA-7"), ("Mona", "LUMEN_1"), ("Zofia", "AX%9")] {
        let form = NewForm { email: format!("{}@x.test", &name[..4]), ..new(name, id) };
        service::create_customer(&amara, form).await.unwrap();
    }
    app.user("Lumena", BuiltIn::Member).await;
    for (q, found) in [
        ("bjer", vec!["Lars Bjerregaard"]),
        ("mona@x", vec!["Mona"]),
        ("ansa-7", vec!["Lars Bjerregaard"]),
        ("men_1", vec!["Mona"]),
        ("x%9", vec!["Zofia"]),
        ("x_9", vec![]),
        ("la", vec!["Lars Bjerregaard", "Mona", "Zofia"]),
    ] {
        let query = ListQuery { q: q.into(), ..ListQuery::default() };
        let page = service::list_customers(&amara, &query).await.unwrap();
        assert_eq!(page.rows.iter().map(|it| it.full_name.as_str()).collect::<Vec<_>>(), found, "{q}");
        assert_eq!(page.total, 3);
    }
    let sorted = |sort: &str| ListQuery { sort: sort.into(), ..ListQuery::default() };
    for (sort, order) in [("customer", ["AX%9", "HANSA-7", "LUMEN_1"]), ("-customer", ["LUMEN_1", "HANSA-7", "AX%9"])] {
        let page = service::list_customers(&amara, &sorted(sort)).await.unwrap();
        let ids: Vec<_> = page.rows.iter().filter_map(|it| it.customer_id.as_deref()).collect();
        assert_eq!(ids, order, "{sort}");
    }
    app.execute(
        "insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, customer_id)
         select id, gen_random_uuid(), 'customer', n || '@y.test', n || '@y.test', 'u', 'Name ' || n % 7, nullif('C' || n % 5, 'C0')
         from workspaces, generate_series(1, 80) n",
    )
    .await;
    for sort in ["customer", "-customer"] {
        let (mut query, mut seen) = (sorted(sort), Vec::new());
        loop {
            let page = service::list_customers(&amara, &query).await.unwrap();
            seen.extend(page.rows.iter().map(|it| it.id));
            match page.after {
                Some(after) => query.after = after,
                None => break,
            }
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 83, "{sort}: those without a Customer ID are among them");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_9_an_address_twin_has_an_account_already() {
    let (_app, amara) = begin().await;
    service::create_customer(&amara, new("Lars", "LUMEN")).await.unwrap();
    for twin in ["LARS@hansa.test", " lars@Hansa.Test", "ｌａｒｓ@hansa.test"] {
        let form = NewForm { email: twin.into(), ..new("Twin", "OTHER") };
        let error = told(service::create_customer(&amara, form).await);
        assert_eq!(error, AppError::field("email", Problem::AlreadyUser), "{twin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_customer_and_whoever_is_none_are_unknown() {
    let (app, amara) = begin().await;
    let lars = service::create_customer(&amara, new("Lars", "LUMEN")).await.unwrap();
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    let carriers: Uuid = sqlx::query_scalar("select id from groups").fetch_one(&app.app.pool).await.unwrap();
    let olgas = olga.actor.as_ref().unwrap().user_id.unwrap();
    for target in [lars.id, Uuid::now_v7(), olgas] {
        let form = EditForm { id: target, ..edit(&lars, "LUMEN", "") };
        for result in [
            service::find_customer(&olga, target).await.map(drop),
            service::preview(&olga, target, "LUMEN", &[]).await.map(drop),
            service::edit_customer(&olga, form).await.map(drop),
            service::remove_customer(&olga, target).await.map(drop),
        ] {
            assert_eq!(told(result), AppError::NotFound);
        }
    }
    let form = NewForm { groups: vec![carriers.to_string()], ..new("Eve", "LUMEN") };
    let error = told(service::create_customer(&olga, form).await);
    assert_eq!(error, AppError::field("more_groups", Problem::Unknown), "a foreign group is an unknown one");
    assert_eq!(service::count_matching(&olga, "HANSA-7").unwrap(), 0);
    assert_eq!(service::list_customers(&olga, &ListQuery::default()).await.unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_is_audited_with_before_and_after() {
    let (app, amara) = begin().await;
    let lars = service::create_customer(&amara, new("Lars", "LUMEN")).await.unwrap();
    service::edit_customer(&amara, edit(&lars, "HANSA-7", "carriers")).await.unwrap();
    service::remove_customer(&amara, lars.id).await.unwrap();
    type Line = (String, Option<serde_json::Value>, Option<serde_json::Value>);
    let lines: Vec<Line> = sqlx::query_as("select action, before, after from audit_log order by id")
        .fetch_all(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(
        lines.iter().map(|line| line.0.as_str()).collect::<Vec<_>>(),
        ["user.create", "user.update", "user.delete"]
    );
    let (before, after) = (lines[1].1.as_ref().unwrap(), lines[1].2.as_ref().unwrap());
    assert_eq!(
        (&before["customer"]["customer_id"], &after["customer"]["customer_id"]),
        (&"LUMEN".into(), &"HANSA-7".into())
    );
    assert_eq!((&before["groups"], &after["groups"][0]["name"]), (&serde_json::json!([]), &"Carriers".into()));
    assert!(lines[0].1.is_none() && lines[2].2.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_forbidden_fields_are_refused_and_the_pages_say_what_there_is() {
    let (app, _) = begin().await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let good = [("form[full_name]", "Lars"), ("form[email]", "lars@hansa.test"), ("form[customer_id]", "HANSA-7")];
    for extra in ["form[role]", "form[state]", "form[kind]", "form[password_hash]"] {
        let fields: Vec<_> = good.into_iter().chain([(extra, "owner")]).collect();
        assert_eq!(site.call("create-customer", &cookie, &fields).await.status(), 400, "{extra}");
    }
    let fields =
        [good[0], ("form[email]", "lars"), ("form[customer_id]", "HANSA-7"), ("form[more_groups]", "Carriers")];
    let page = site.post("/customers?new=1", "create-customer", &cookie, &fields).await;
    assert_eq!(page.status(), 422);
    let page = page.text().await.unwrap();
    for said in [
        "value=\"HANSA-7\"",
        "value=\"Carriers\"",
        "The Customer ID must exactly match the Customer ID used in your APIs.",
        "the customer will automatically gain access to all matching APIs.",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let answer = site.post("/customers?new=1", "create-customer", &cookie, &good).await;
    let to = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 303);
    let page = site.get(&to, &cookie).await.text().await.unwrap();
    for said in ["Edit Customer", "Pending activation", "Vessel Tracking", "Matching Customer ID"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(site.get("/customers?q=ansa-7", &cookie).await.text().await.unwrap().contains("lars@hansa.test"));
    assert_eq!(site.sign_in("lars@hansa.test", PASSWORD).await, None, "no password, no way in");
}
