//! Settings: features and regions, what deleting them takes, and which region is looked at.

use portico::{
    access::{Action, Actions, BuiltIn, Feature, Question},
    error::{AppError, Problem, Refusal},
    platform::{context::Context, fault::Fault},
    settings::{
        model::{FeatureForm, RegionForm},
        service,
    },
};
use uuid::Uuid;

use super::support::{PASSWORD, TestApp};

fn feature(name: &str, actions: &[&str]) -> FeatureForm {
    FeatureForm {
        name: name.into(),
        purpose: "The docs site".into(),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
        ..FeatureForm::default()
    }
}

fn region(name: &str) -> RegionForm {
    RegionForm { name: name.into(), ..RegionForm::default() }
}

fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected something that is told, got {other:?}"),
    }
}

fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

/// Somebody with a custom role that permits this.
async fn holder(app: &TestApp, name: &str, permissions: &str) -> Context {
    let cx = app.user(name, BuiltIn::Member).await;
    let role = Uuid::now_v7();
    sqlx::query(
        "insert into roles (workspace_id, id, category, name, permissions) values ($1, $2, 'teammate', $3, $4::jsonb)",
    )
    .bind(cx.ws())
    .bind(role)
    .bind(format!("Role of {name}"))
    .bind(permissions)
    .execute(&app.app.pool)
    .await
    .unwrap();
    sqlx::query("update assignments set role_id = $2 where user_id = $1")
        .bind(id(&cx))
        .bind(role)
        .execute(&app.app.pool)
        .await
        .unwrap();
    app.again(&cx).await
}

/// Narrows what somebody holds to one region.
async fn only_in(app: &TestApp, cx: &Context, region: &str) {
    sqlx::query("update assignments set region = $2 where user_id = $1")
        .bind(id(cx))
        .bind(region)
        .execute(&app.app.pool)
        .await
        .unwrap();
}

/// Gives somebody this beside their role.
async fn give(app: &TestApp, cx: &Context, permissions: &str) {
    sqlx::query(
        "insert into assignments (workspace_id, id, user_id, category, permissions) values ($1, $2, $3, 'teammate', $4::jsonb)",
    )
    .bind(cx.ws())
    .bind(Uuid::now_v7())
    .bind(id(cx))
    .bind(permissions)
    .execute(&app.app.pool)
    .await
    .unwrap();
}

async fn may(app: &TestApp, cx: &Context, action: Action, feature: &str) -> bool {
    let actor = app.again(cx).await.actor.unwrap();
    actor.ask(&Question::named(action, feature, actor.at)).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feature_of_ones_own_is_known_at_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let mara = app.user("Mara", BuiltIn::Member).await;
    assert!(!may(&app, &amara, Action::View, "map-tiles").await);
    service::add_feature(&amara, feature("Map tiles", &["view", "download"])).await.unwrap();
    assert!(may(&app, &amara, Action::Download, "map-tiles").await);
    assert!(!may(&app, &amara, Action::Delete, "map-tiles").await, "what it does not have, nobody may");
    assert!(may(&app, &vito, Action::View, "map-tiles").await);
    assert!(!may(&app, &vito, Action::Download, "map-tiles").await);
    assert!(!may(&app, &mara, Action::View, "map-tiles").await);
    let slugs: Vec<String> =
        service::list_features(&amara).await.unwrap().into_iter().map(|feature| feature.slug).collect();
    assert_eq!(slugs, ["api-testing", "documentation", "media", "map-tiles"], "the shipped three are such");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_slugs_are_each_given_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::add_feature(&amara, feature("Map tiles", &["view"])).await.unwrap();
    let error = told(service::add_feature(&amara, feature("Map tiles!", &["view"])).await);
    assert_eq!(error, AppError::field("slug", Problem::Taken));
    let twin = FeatureForm { slug: "tiles".into(), ..feature("Map tiles", &["view"]) };
    assert_eq!(told(service::add_feature(&amara, twin).await), AppError::field("name", Problem::Taken));
    for built_in in Feature::ALL {
        let form = FeatureForm { slug: built_in.slug().into(), ..feature("Mine", &["view"]) };
        assert_eq!(told(service::add_feature(&amara, form).await), AppError::field("slug", Problem::Taken));
    }
    let unknown = FeatureForm { slug: "nothing".into(), ..feature("Nothing", &["view"]) };
    assert_eq!(told(service::edit_feature(&amara, unknown).await), AppError::NotFound);
    service::add_region(&amara, region("EU")).await.unwrap();
    assert_eq!(told(service::add_region(&amara, region("eu")).await), AppError::field("slug", Problem::Taken));
    let twin = RegionForm { slug: "europe".into(), ..region("EU") };
    assert_eq!(told(service::add_region(&amara, twin).await), AppError::field("name", Problem::Taken));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_25_a_feature_made_again_confers_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::add_feature(&amara, feature("Map tiles", &["view", "download"])).await.unwrap();
    let by_role = holder(&app, "Rolf", r#"{"map-tiles": ["view", "download"], "billing": ["view"]}"#).await;
    let only_that = app.user("Olga", BuiltIn::Member).await;
    give(&app, &only_that, r#"{"map-tiles": ["view"]}"#).await;
    let and_more = app.user("Mona", BuiltIn::Member).await;
    give(&app, &and_more, r#"{"map-tiles": ["view"], "media": ["view"]}"#).await;
    let holders = [&by_role, &only_that, &and_more];
    for cx in holders {
        assert!(may(&app, cx, Action::View, "map-tiles").await);
    }
    let named = service::find_feature_use(&amara, "map-tiles").await.unwrap();
    assert_eq!((named.roles, named.role_names), (1, vec!["Role of Rolf".to_owned()]));
    assert_eq!((named.people, named.people_names), (2, vec!["Mona".to_owned(), "Olga".to_owned()]));

    service::delete_feature(&amara, "map-tiles").await.unwrap();
    for again in [false, true] {
        if again {
            service::add_feature(&amara, feature("Map tiles", &["view", "download"])).await.unwrap();
        }
        for cx in holders {
            assert!(!may(&app, cx, Action::View, "map-tiles").await, "again: {again}");
        }
    }
    // The rest is as it was.
    assert!(may(&app, &by_role, Action::View, "billing").await);
    assert!(may(&app, &and_more, Action::View, "media").await);
    let named = service::find_feature_use(&amara, "map-tiles").await.unwrap();
    assert_eq!((named.roles, named.people), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_25_an_action_offered_again_confers_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let rolf = holder(&app, "Rolf", r#"{"media": ["view", "create", "delete"]}"#).await;
    let olga = app.user("Olga", BuiltIn::Member).await;
    give(&app, &olga, r#"{"media": ["delete"]}"#).await;
    let media = |actions: &[&str]| FeatureForm { slug: "media".into(), ..feature("Media library", actions) };
    service::edit_feature(&amara, media(&["view", "create"])).await.unwrap();
    service::edit_feature(&amara, media(&["view", "create", "delete"])).await.unwrap();
    for (cx, view) in [(&rolf, true), (&olga, false)] {
        assert_eq!(may(&app, cx, Action::View, "media").await, view);
        assert!(!may(&app, cx, Action::Delete, "media").await);
    }
    assert!(may(&app, &amara, Action::Delete, "media").await, "owners hold whatever there is");
    let kept = service::find_feature_use(&amara, "media").await.unwrap().feature;
    assert_eq!((kept.slug.as_str(), kept.actions.len()), ("media", 3));
    assert!(!kept.actions.has(Action::Download) && kept.actions != Actions::ALL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_region_stays_while_something_names_it_and_the_last_one_stays() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let global = told(service::delete_region(&amara, "global").await);
    assert_eq!(global, AppError::Refused(Refusal::LastRegion));
    service::add_region(&amara, region("EU")).await.unwrap();
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    only_in(&app, &lars, "eu").await;
    app.execute(
        "with made as (insert into apis (workspace_id, id, slug, name) select id, gen_random_uuid(), 'tracking', 'Tracking' from workspaces
             returning workspace_id, id)
         insert into api_regions (workspace_id, api_id, region) select workspace_id, id, 'eu' from made",
    )
    .await;
    let eu = service::list_regions(&amara).await.unwrap().into_iter().find(|region| region.slug == "eu").unwrap();
    assert_eq!((eu.apis, eu.assignments), (1, 1));
    let in_use = AppError::Refused(Refusal::InUse);
    assert_eq!(told(service::delete_region(&amara, "eu").await), in_use);
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let page = site.get("/settings/regions?delete=eu", &cookie).await.text().await.unwrap();
    assert!(page.contains("1 API is in it, and 1 role is for it alone."), "it says how many");
    assert!(!page.contains("/api/delete-region"));
    app.execute("delete from apis").await;
    assert_eq!(told(service::delete_region(&amara, "eu").await), in_use);
    only_in(&app, &lars, "global").await;
    service::delete_region(&amara, "eu").await.unwrap();
    assert_eq!(told(service::delete_region(&amara, "eu").await), AppError::NotFound);
    // The database says so too, whoever asks it.
    app.execute("update assignments set region = null").await;
    let last = sqlx::query("delete from regions").execute(&app.app.pool).await.map_err(Fault::from);
    assert_eq!(told(last.map(drop)), AppError::Refused(Refusal::LastRegion));
}

/// Where one region is left, what is held in it is held everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_rises_by_deleting_a_region() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::add_region(&amara, region("EU")).await.unwrap();
    let keeper = holder(&app, "Keeper", r#"{"settings": ["view", "create", "update", "delete"]}"#).await;
    let admin = app.user("Adam", BuiltIn::Administrator).await;
    only_in(&app, &admin, "eu").await;
    let (keeper, admin) = (app.again(&keeper).await, app.again(&admin).await);
    assert!(matches!(told(service::delete_region(&admin, "global").await), AppError::Denied(_)));
    let gives_more = told(service::delete_region(&keeper, "global").await);
    assert_eq!(gives_more, AppError::Refused(Refusal::GivesMore));
    assert!(app.again(&admin).await.authorize(Action::Update, Feature::Team).is_err());
    service::delete_region(&amara, "global").await.unwrap();
    assert!(app.again(&admin).await.authorize(Action::Update, Feature::Team).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_every_change_of_the_settings_is_audited() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::add_feature(&amara, feature("Map tiles", &["view"])).await.unwrap();
    let edited = FeatureForm { slug: "map-tiles".into(), ..feature("Tiles", &["view", "create"]) };
    service::edit_feature(&amara, edited).await.unwrap();
    service::delete_feature(&amara, "map-tiles").await.unwrap();
    service::add_region(&amara, region("EU")).await.unwrap();
    service::rename_region(&amara, RegionForm { name: "Europe".into(), slug: "eu".into() }).await.unwrap();
    service::delete_region(&amara, "eu").await.unwrap();
    let log: Vec<(String, String, bool, bool)> = sqlx::query_as(
        "select action, subject_label, before is not null, after is not null from audit_log
         where subject_kind in ('feature', 'region') and actor_name = 'Amara' order by id",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap();
    let line = |action: &str, label: &str, before, after| (action.to_owned(), label.to_owned(), before, after);
    assert_eq!(
        log,
        [
            line("feature.create", "Map tiles", false, true),
            line("feature.update", "Tiles", true, true),
            line("feature.delete", "Tiles", true, false),
            line("region.create", "EU", false, true),
            line("region.update", "Europe", true, true),
            line("region.delete", "Europe", true, false),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_their_workspaces_and_nobody_elses() {
    let app = TestApp::new().await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let (here, there) = (app.user("Amara", BuiltIn::Owner).await, app.user_of(&other, "Olga", BuiltIn::Owner).await);
    service::add_feature(&here, feature("Map tiles", &["view"])).await.unwrap();
    service::add_region(&here, region("EU")).await.unwrap();
    assert_eq!(told(service::find_feature_use(&there, "map-tiles").await), AppError::NotFound);
    assert_eq!(told(service::delete_feature(&there, "map-tiles").await), AppError::NotFound);
    let there = app.again(&there).await;
    assert_eq!(told(service::delete_region(&there, "eu").await), AppError::NotFound);
    assert_eq!(service::list_regions(&there).await.unwrap().len(), 1);
    service::delete_feature(&there, "media").await.unwrap();
    assert_eq!(service::list_features(&here).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_one_region_no_page_mentions_regions() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    for page in ["/", "/users", "/invitations", "/billing", "/settings/features"] {
        let shown = site.get(page, &format!("{cookie}; region=global")).await.text().await.unwrap();
        assert!(!shown.contains("choose-region") && !shown.contains("All regions"), "{page}");
    }
    let lead = site.get("/settings", &cookie).await;
    assert_eq!((lead.status().as_u16(), lead.headers()["location"].to_str().unwrap()), (302, "/settings/features"));
    service::add_region(&amara, region("EU")).await.unwrap();
    let shown = site.get("/users", &cookie).await.text().await.unwrap();
    assert!(shown.contains("choose-region") && shown.contains("Region: All regions") && shown.contains(">EU<"));
}

/// Seed 003, scenario 3: what is shown and allowed follows the region that is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_follows_the_region_that_is_chosen() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    service::add_region(&amara, region("EU")).await.unwrap();
    service::add_region(&amara, region("US")).await.unwrap();
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    only_in(&app, &adam, "us").await;
    let site = app.serve().await;
    let session = site.sign_in("adam@kestrel.test", PASSWORD).await.unwrap();
    let with = |region: &str| format!("{session}; region={region}");
    // None chosen, one that is gone, all of them, which he does not hold: the first that he holds something in.
    for cookie in [session.clone(), with("gone"), with("*"), with(""), with("us")] {
        let page = site.get("/users", &cookie).await;
        assert_eq!(page.status(), 200, "{cookie}");
        assert!(page.text().await.unwrap().contains("Region: US"), "{cookie}");
    }
    let refused = site.get("/users", &with("eu")).await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("Region: EU"), "and the way back is there");
    // Changes are the whole workspace's: one region is not enough.
    let fields = [("form[rows][0][emails]", "x@y.test"), ("form[rows][0][role]", "member")];
    assert_eq!(site.call("invite", &with("us"), &fields).await.status(), 403);

    // The switch is a plain form, and leads back.
    let chosen = [("form[region]", "eu"), ("form[back]", "/users?q=abc")];
    let answer = site.post("/users?q=abc", "choose-region", &session, &chosen).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/users?q=abc"));
    let kept = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(kept.starts_with("region=eu; Path=/; HttpOnly; SameSite=Lax"), "{kept}");
    for unknown in ["gone", "*", ""] {
        let answer = site.call("choose-region", &session, &[("form[region]", unknown)]).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get("set-cookie")), (404, None), "{unknown}");
    }
    let page = site.get("/", &session).await.text().await.unwrap();
    assert!(page.contains("You hold nothing for all regions."));
    assert_eq!(site.call("choose-region", "", &chosen).await.status(), 401);

    // Who holds something everywhere chooses all.
    let owner = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let answer = site.call("choose-region", &owner, &[("form[region]", "*")]).await;
    assert!(answer.headers()["set-cookie"].to_str().unwrap().starts_with("region=*;"));
    let page = site.get("/", &format!("{owner}; region=eu")).await.text().await.unwrap();
    assert!(page.contains("Region: EU") && !page.contains("You hold nothing for all regions."));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_feature_keeps_what_was_typed_and_ticked() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let fields = [
        ("form[name]", "Media <library>"),
        ("form[slug]", "media"),
        ("form[purpose]", "The library"),
        ("form[actions][]", "view"),
    ];
    let answer = site.post("/settings/features?add=1", "add-feature", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("There is already one of this name. Choose another."));
    assert!(page.contains("value=\"Media &lt;library&gt;\"") && page.contains("The library"));
    assert_eq!(page.matches(" checked").count(), 1);
    let fields = [("form[name]", "Tiles"), ("form[actions][]", "view")];
    let answer = site.post("/settings/features?add=1", "add-feature", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/settings/features"));
}
