//! APIs and who has access to them (seed 002, API Access; seed 003, regions).

use portico::{
    access::{Action, BuiltIn, Feature, Question},
    apis::{
        grants::{
            model::{AccessForm, Side},
            service as grants,
        },
        model::{Api, ApiForm, Counts, Environment},
        service,
    },
    error::{AppError, Problem},
    listing::ListQuery,
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::support::TestApp;

pub fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

/// A new API of this name, for these Customer IDs, in these regions.
pub async fn api(cx: &Context, name: &str, customer_ids: &str, regions: &[&str]) -> Api {
    let form = ApiForm {
        name: name.into(),
        customer_ids: customer_ids.into(),
        regions: regions.iter().map(|it| (*it).to_owned()).collect(),
        ..Default::default()
    };
    service::create_api(cx, form).await.unwrap()
}

/// A customer with this Customer ID, whose role is for no APIs: they reach what they are let in to.
pub async fn customer(app: &TestApp, name: &str, customer_id: &str) -> Context {
    let cx = app.user(name, BuiltIn::Customer).await;
    for sql in [
        "update users set customer_id = $2 where id = $1",
        "update assignments set all_apis = ($2 = '') where user_id = $1",
    ] {
        sqlx::query(sql).bind(id(&cx)).bind(customer_id).execute(&app.app.pool).await.unwrap();
    }
    cx
}

/// Somebody whose role is for these APIs alone.
pub async fn chosen(app: &TestApp, name: &str, role: BuiltIn, apis: &[&Api]) -> Context {
    let cx = app.user(name, role).await;
    sqlx::query("update assignments set all_apis = false where user_id = $1")
        .bind(id(&cx))
        .execute(&app.app.pool)
        .await
        .unwrap();
    for api in apis {
        sqlx::query("insert into assignment_apis select workspace_id, id, $2 from assignments where user_id = $1")
            .bind(id(&cx))
            .bind(api.id)
            .execute(&app.app.pool)
            .await
            .unwrap();
    }
    app.again(&cx).await
}

/// Whether somebody reaches an API now.
pub async fn reaches(app: &TestApp, cx: &Context, api: &Api) -> bool {
    let cx = app.again(cx).await;
    let actor = cx.actor.as_ref().unwrap();
    let question = Question { api: Some(&api.slug), ..Question::new(Action::View, Feature::Apis, actor.at) };
    actor.ask(&question).is_ok()
}

pub fn to(api: &Api, people: &[&Context]) -> AccessForm {
    AccessForm { id: api.id, people: people.iter().map(|cx| id(cx).to_string()).collect(), ..Default::default() }
}

pub fn problem<T: std::fmt::Debug>(result: Result<T, Fault>, field: &str) -> Option<Problem> {
    match result {
        Err(Fault::Told(error)) => error.problem(field),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub fn denied<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert!(matches!(result, Err(Fault::Told(AppError::Denied(_)))), "{result:?}");
}

pub fn not_found<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert!(matches!(result, Err(Fault::Told(AppError::NotFound))), "{result:?}");
}

pub async fn names(cx: &Context, query: ListQuery) -> Vec<String> {
    let page = service::list_apis(cx, &query).await.unwrap();
    page.rows.into_iter().map(|api| api.name).collect()
}

/// A workspace with the regions EU and US.
pub async fn two_regions(app: &TestApp) {
    app.execute("insert into regions (workspace_id, slug, name) select id, v.s, upper(v.s) from workspaces, (values ('eu'), ('us')) v (s)").await;
    app.execute("delete from regions where slug = 'global'").await;
}

/// Gives somebody another role in a region, beside what they hold.
pub async fn in_region(app: &TestApp, cx: &Context, role: BuiltIn, region: &str) {
    sqlx::query(
        "insert into assignments (workspace_id, id, user_id, category, role_id, region)
         values ($1, $2, $3, 'teammate', $4, $5)",
    )
    .bind(cx.ws())
    .bind(Uuid::now_v7())
    .bind(id(cx))
    .bind(role.id())
    .bind(region)
    .execute(&app.app.pool)
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_one_customer_id_in_several_apis_gives_all_of_them() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel Tracking", "PL-1; NO-2", &[]).await;
    let berth = api(&amara, "Berth Availability", "PL-1", &[]).await;
    let customs = api(&amara, "Customs", "NO-2", &[]).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    for (api, reached) in [(&vessel, true), (&berth, true), (&customs, false)] {
        assert_eq!(reaches(&app, &agnes, api).await, reached, "{}", api.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_the_customer_id_must_exactly_match() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel Tracking", " PL-1 \n", &[]).await;
    for (name, customer_id, reached) in
        [("Exact", "PL-1", true), ("Case", "pl-1", false), ("Longer", "PL-11", false), ("Space", "PL- 1", false)]
    {
        let cx = customer(&app, name, customer_id).await;
        assert_eq!(reaches(&app, &cx, &vessel).await, reached, "{name}");
    }
    // Taken from the API, it opens nothing.
    let form = ApiForm { id: Some(vessel.id), name: vessel.name.clone(), ..Default::default() };
    service::edit_api(&amara, form).await.unwrap();
    assert_eq!(app.count("select count(*) from api_customer_ids").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_the_list_shows_who_has_access_and_is_searched_sorted_and_filtered() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.user("Lars", BuiltIn::Member).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    customer(&app, "Ingrid", "NO-2").await;
    let form = ApiForm {
        name: "Vessel Tracking".into(),
        environment: "staging".into(),
        category: " Tracking ".into(),
        customer_ids: "PL-1;NO-2".into(),
        ..Default::default()
    };
    let vessel = service::create_api(&amara, form).await.unwrap();
    api(&amara, "Berth Availability", "", &[]).await;
    app.execute("insert into groups (workspace_id, id, name) select id, gen_random_uuid(), 'Ports' from workspaces")
        .await;
    let form =
        AccessForm { groups_text: "ports".into(), people_text: "lars@kestrel.test; Agnes".into(), ..to(&vessel, &[]) };
    grants::add_access(&amara, form).await.unwrap();
    let page = service::list_apis(&amara, &ListQuery::default()).await.unwrap();
    assert_eq!(page.total, 2);
    assert_eq!(
        page.rows.iter().map(|api| api.name.as_str()).collect::<Vec<_>>(),
        ["Berth Availability", "Vessel Tracking"]
    );
    let shown = &page.rows[1];
    assert_eq!(
        (shown.environment, shown.category.as_str(), shown.slug.as_str()),
        (Environment::Staging, "Tracking", "vessel-tracking")
    );
    let counts = Counts { users: 1, customers: 2, groups: 1 };
    assert_eq!(shown.counts, Some(counts), "a customer who is granted it and matches counts once");
    for (query, found) in [
        (ListQuery { q: "SEL TR".into(), ..Default::default() }, vec!["Vessel Tracking"]),
        (ListQuery { q: "%%%".into(), ..Default::default() }, vec![]),
        (ListQuery { status: "staging".into(), ..Default::default() }, vec!["Vessel Tracking"]),
        (ListQuery { status: "king\0".into(), region: "\0".into(), ..Default::default() }, vec![]),
        (ListQuery { sort: "-created".into(), ..Default::default() }, vec!["Berth Availability", "Vessel Tracking"]),
        (ListQuery { sort: "created".into(), ..Default::default() }, vec!["Vessel Tracking", "Berth Availability"]),
    ] {
        assert_eq!(names(&amara, query.clone()).await, found, "{query:?}");
    }
    let amara = app.again(&amara).await;
    let of = async |side: Side| {
        let query = ListQuery { status: side.slug().into(), ..Default::default() };
        let page = grants::list_access(&amara, vessel.id, &query).await.unwrap();
        page.rows.into_iter().map(|it| (it.name, it.id.is_some(), it.customer_id)).collect::<Vec<_>>()
    };
    assert_eq!(of(Side::Users).await, [("Lars".to_owned(), true, None)]);
    assert_eq!(of(Side::Groups).await, [("Ports".to_owned(), true, None)]);
    let ids = |id: &str| Some(id.to_owned());
    assert_eq!(
        of(Side::Customers).await,
        [("Agnes".to_owned(), true, ids("PL-1")), ("Ingrid".to_owned(), false, ids("NO-2"))],
        "who only matches has no grant to be removed"
    );
    assert!(reaches(&app, &agnes, &vessel).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn apis_are_paged_without_losing_or_repeating_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "insert into apis (workspace_id, id, slug, name, created_at) select id, gen_random_uuid(), 'a' || n, 'Api ' || n, now() - make_interval(mins => n % 3)
         from workspaces, generate_series(1, 60) n",
    )
    .await;
    for sort in ["", "-name", "created", "-created"] {
        let mut query = ListQuery { sort: sort.into(), ..Default::default() };
        let mut pages = vec![];
        loop {
            let page = service::list_apis(&amara, &query).await.unwrap();
            query.after = page.after.clone().unwrap_or_default();
            pages.push(page);
            if query.after.is_empty() {
                break;
            }
        }
        let mut ids: Vec<Uuid> = pages.iter().flat_map(|page| page.rows.iter().map(|api| api.id)).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((pages.len(), ids.len()), (3, 60), "{sort}");
        let back = ListQuery { sort: sort.into(), before: pages[1].before.clone().unwrap(), ..Default::default() };
        assert_eq!(service::list_apis(&amara, &back).await.unwrap().rows, pages[0].rows, "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_access_is_added_removed_and_revoked_from_everyone() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel Tracking", "PL-1", &[]).await;
    let matching = customer(&app, "Agnes", "PL-1").await;
    let granted = customer(&app, "Ingrid", "NO-2").await;
    let other = customer(&app, "Yui", "JP-3").await;
    assert!(!reaches(&app, &granted, &vessel).await);
    grants::add_access(&amara, to(&vessel, &[&granted, &other])).await.unwrap();
    assert!(reaches(&app, &granted, &vessel).await && reaches(&app, &other, &vessel).await);
    // Remove one.
    let grant: Uuid = sqlx::query_scalar("select id from api_access where user_id = $1")
        .bind(id(&granted))
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    grants::remove_access(&amara, grant).await.unwrap();
    assert!(!reaches(&app, &granted, &vessel).await && reaches(&app, &other, &vessel).await);
    not_found(grants::remove_access(&amara, grant).await);
    let amara = app.again(&amara).await;
    // The preview says who loses it, before anything is saved.
    let preview = service::preview_api(&amara, vessel.id, false).await.unwrap();
    assert_eq!((preview.gain, preview.lose), (0, 2));
    assert!(reaches(&app, &other, &vessel).await);
    grants::revoke_all_access(&amara, vessel.id).await.unwrap();
    for cx in [&matching, &granted, &other] {
        assert!(!reaches(&app, cx, &vessel).await);
    }
    assert!(reaches(&app, &amara, &vessel).await, "whoever holds it by their role keeps it");
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_has_ended_counts_for_nothing_and_is_shown_as_ended() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vessel = api(&amara, "Vessel Tracking", "", &[]).await;
    let ingrid = customer(&app, "Ingrid", "NO-2").await;
    let form = AccessForm { until: "9000-01-31".into(), ..to(&vessel, &[&ingrid]) };
    grants::add_access(&amara, form).await.unwrap();
    assert!(reaches(&app, &ingrid, &vessel).await);
    app.execute("update api_access set until = now() - interval '1 second'").await;
    assert!(!reaches(&app, &ingrid, &vessel).await);
    let amara = app.again(&amara).await;
    let shown = service::find_api(&amara, vessel.id).await.unwrap();
    assert_eq!(shown.api.counts, Some(Counts::default()));
    let query = ListQuery { status: "customers".into(), ..Default::default() };
    let page = grants::list_access(&amara, vessel.id, &query).await.unwrap();
    assert!(page.rows[0].ended);
    let past = AccessForm { until: "2020-01-31".into(), ..to(&vessel, &[&ingrid]) };
    assert_eq!(problem(grants::add_access(&amara, past).await, "until"), Some(Problem::Past));
    // Adding it again moves the end.
    grants::add_access(&amara, to(&vessel, &[&ingrid])).await.unwrap();
    assert!(reaches(&app, &ingrid, &vessel).await);
    assert_eq!(app.count("select count(*) from api_access where until is null").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_003_scenario_3_edit_in_us_view_in_eu() {
    let app = TestApp::new().await;
    two_regions(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let tom = app.user("Tom", BuiltIn::Member).await;
    in_region(&app, &tom, BuiltIn::ApiOwner, "us").await;
    in_region(&app, &tom, BuiltIn::Visitor, "eu").await;
    let us = api(&amara, "American", "", &["us"]).await;
    let eu = api(&amara, "European", "", &["eu"]).await;
    let both = api(&amara, "Both", "", &["eu", "us"]).await;
    let tom = app.again(&tom).await;
    let look = |region: &str| Context { region: Some(region.into()), ..tom.clone() };
    assert_eq!(names(&look("us"), ListQuery::default()).await, ["American", "Both"]);
    assert_eq!(names(&look("eu"), ListQuery::default()).await, ["Both", "European"]);
    for (region, api, may) in [("us", &us, true), ("eu", &eu, false), ("us", &both, false), ("eu", &both, false)] {
        let cx = look(region);
        let shown = service::find_api(&cx, api.id).await.unwrap();
        assert_eq!((shown.may_update, shown.may_delete), (may, may), "{} in {region}", api.name);
        let form =
            || ApiForm { id: Some(api.id), name: api.name.clone(), regions: api.regions.clone(), ..Default::default() };
        match may {
            true => drop(service::edit_api(&cx, form()).await.unwrap()),
            false => {
                denied(service::edit_api(&cx, form()).await);
                denied(service::delete_api(&cx, api.id).await);
                denied(grants::revoke_all_access(&cx, api.id).await);
                denied(grants::add_access(&cx, to(api, &[&amara])).await);
            }
        }
    }
    not_found(service::find_api(&look("eu"), us.id).await);
    // What they may edit does not come to where they may not.
    let form = ApiForm {
        id: Some(us.id),
        name: us.name.clone(),
        regions: vec!["us".into(), "eu".into()],
        ..Default::default()
    };
    denied(service::edit_api(&look("us"), form).await);
    let new =
        |region: &str| ApiForm { name: format!("New in {region}"), regions: vec![region.into()], ..Default::default() };
    denied(service::create_api(&look("us"), new("eu")).await);
    service::create_api(&look("us"), new("us")).await.unwrap();
    // Who sees all regions is not kept from an API by the region that they look at.
    let owner = Context { region: Some("eu".into()), ..amara.clone() };
    assert!(service::find_api(&app.again(&owner).await, us.id).await.unwrap().may_update);
    assert_eq!(
        names(&amara, ListQuery { region: "us".into(), ..Default::default() }).await,
        ["American", "Both", "New in us"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_slugs_are_taken_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    api(&amara, "Vessel Tracking", "", &[]).await;
    let form = |name: &str, slug: &str| ApiForm { name: name.into(), slug: slug.into(), ..Default::default() };
    assert_eq!(problem(service::create_api(&amara, form("VESSEL tracking", "x")).await, "name"), Some(Problem::Taken));
    assert_eq!(problem(service::create_api(&amara, form("Vessel-Tracking", "")).await, "slug"), Some(Problem::Taken));
    assert_eq!(problem(service::create_api(&amara, form("山本", "")).await, "slug"), Some(Problem::Slug));
    assert_eq!(problem(service::create_api(&amara, form("", "x")).await, "name"), Some(Problem::Missing));
    // The slug never changes: a form that names another is not the form of an edit.
    let kept = service::list_apis(&amara, &ListQuery::default()).await.unwrap().rows.remove(0);
    let edit = ApiForm { id: Some(kept.id), ..form("Renamed", "renamed") };
    assert_eq!(service::edit_api(&amara, edit).await.unwrap().slug, "vessel-tracking");
}
