//! What users hold: how it is given, changed and taken, and that it counts at once.

use portico::{
    access::{self, Action, Actions, ApiScope, BuiltIn, Category, Denial, Feature},
    error::{AppError, Problem, Refusal},
    platform::{
        context::{App, Context},
        database::Database,
        serve,
    },
    rights::{
        model::{self, AssignForm, Change, TakeForm, WhyQuery},
        service,
    },
};
use time::{Duration, OffsetDateTime};

use super::{
    rights_support::{
        api, areas, custom, developer, furnish, held, id, in_region, may, may_on, organization, problem, put, read,
        role, told,
    },
    support::TestApp,
};

#[tokio::test(flavor = "multi_thread")]
async fn seed_000_admin_gives_full_access_and_hides_the_rest() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    let chosen = ApiScope::Chosen(vec![api(&app, "vessels").await]);
    let change = Change { apis: Some(chosen.clone()), ..areas(&["billing"], &[]) };
    put(&amara, &lars, Some(theirs), &change).await.unwrap();
    put(&amara, &lars, Some(theirs), &role(BuiltIn::Administrator)).await.unwrap();
    for feature in Feature::ALL {
        for action in feature.actions().iter() {
            assert!(
                may_on(&app.app, &lars, action, feature.slug(), None, Some("tides")).await,
                "{feature:?} {action:?}"
            );
        }
    }
    let refused = put(&amara, &lars, Some(theirs), &areas(&["billing"], &[])).await;
    assert_eq!(problem(refused, "areas"), Some(Problem::Choice), "there is nothing to choose beside it");
    let refused = put(&amara, &lars, Some(theirs), &Change { apis: Some(chosen), ..Change::default() }).await;
    assert_eq!(problem(refused, "apis"), Some(Problem::Choice));
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_000_as_member_areas_are_ticked_and_give_exactly_themselves() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    let all = async |lars: &Context| {
        let mut held = Vec::new();
        for feature in Feature::ALL {
            for action in Action::ALL {
                if may(&app, lars, action, feature.slug(), None).await {
                    held.push((feature, action));
                }
            }
        }
        held
    };
    assert_eq!(all(&lars).await, [], "nothing until something is given");
    put(&amara, &lars, Some(theirs), &areas(&["analytics", "billing"], &[])).await.unwrap();
    let expected: Vec<_> = [Feature::Analytics, Feature::Billing]
        .into_iter()
        .flat_map(|feature| feature.actions().iter().map(move |action| (feature, action)))
        .collect();
    assert_eq!(all(&lars).await, expected, "each area gives all its actions, and no other");
    put(&amara, &lars, Some(theirs), &areas(&[], &["billing"])).await.unwrap();
    assert_eq!(all(&lars).await.len(), 2);
    let refused = put(&amara, &lars, Some(theirs), &areas(&["made-up"], &[])).await;
    assert_eq!(problem(refused, "areas"), Some(Problem::Unknown));
}

/// "As Member, select an area to list all the available services related to said area."
#[tokio::test(flavor = "multi_thread")]
async fn seed_000_as_member_select_an_area_to_list_its_services() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let offered = service::read_choices(&amara, id(&lars), "").await.unwrap();
    assert_eq!(offered.form.role, "member", "Member is preselected");
    let slugs: Vec<&str> = offered.apis.iter().map(|(slug, ..)| slug.as_str()).collect();
    assert_eq!(slugs, ["berths", "tides", "vessels"]);
    let about: Vec<&str> = offered
        .areas
        .iter()
        .map(|area| area.slug.as_str())
        .filter(|slug| portico::access::concerns_apis(slug))
        .collect();
    assert_eq!(about, ["apis", "api-keys", "analytics", "api-testing", "documentation", "media"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_000_single_apis_are_for_enterprise_customers() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    put(&amara, &lars, Some(theirs), &areas(&["apis"], &[])).await.unwrap();
    let chosen = Change { apis: Some(ApiScope::Chosen(vec![api(&app, "vessels").await])), ..Change::default() };
    for plan in ["update workspaces set plan = 'free'", "update workspaces set plan = 'pro'"] {
        app.execute(plan).await;
        assert_eq!(problem(put(&amara, &lars, Some(theirs), &chosen).await, "apis"), Some(Problem::Plan), "{plan}");
        assert!(may_on(&app.app, &lars, Action::View, "apis", None, Some("tides")).await);
    }
    app.execute("update workspaces set plan = 'enterprise'").await;
    put(&amara, &lars, Some(theirs), &chosen).await.unwrap();
    assert!(may_on(&app.app, &lars, Action::Update, "apis", None, Some("vessels")).await);
    assert!(!may_on(&app.app, &lars, Action::Update, "apis", None, Some("tides")).await);
    // What was chosen stays when the plan goes, and may be opened again.
    app.execute("update workspaces set plan = 'pro'").await;
    put(&amara, &lars, Some(theirs), &areas(&["billing"], &[])).await.unwrap();
    assert!(!may_on(&app.app, &lars, Action::Update, "apis", None, Some("tides")).await);
    put(&amara, &lars, Some(theirs), &Change { apis: Some(ApiScope::All), ..Change::default() }).await.unwrap();
    assert!(may_on(&app.app, &lars, Action::Update, "apis", None, Some("tides")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_a_role_changes_only_within_its_category() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    for of in [&lars, &zofia] {
        let mine = read(&amara, of).await.category;
        for to in BuiltIn::ALL {
            let changed = app.set_role(&amara, of, to).await;
            match to.category() == mine {
                true => drop(changed.unwrap()),
                false => assert_eq!(problem(changed, "role"), Some(Problem::Choice), "{to:?}"),
            }
        }
    }
    assert_eq!(read(&amara, &lars).await.rows[0].role.as_ref().unwrap().built_in(), Some(BuiltIn::Visitor));
    assert_eq!(read(&amara, &zofia).await.rows[0].role.as_ref().unwrap().built_in(), Some(BuiltIn::Developer));
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_only_developers_hold_several_organizations() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    let lisbon = Some(Some(organization(&app, "lisbon").await));
    let another = |role: BuiltIn| Change { organization: lisbon, ..self::role(role) };
    let first = app.assignment(&zofia).await;
    for other in [BuiltIn::OrgAdmin, BuiltIn::OrgPublisher] {
        let refused = told(put(&amara, &zofia, None, &another(other)).await);
        assert_eq!(refused, AppError::Refused(Refusal::OneOrganization), "{other:?}");
    }
    put(&amara, &zofia, None, &another(BuiltIn::Developer)).await.unwrap();
    assert_eq!(read(&amara, &zofia).await.rows.len(), 2);
    let refused = told(put(&amara, &zofia, Some(first), &role(BuiltIn::OrgAdmin)).await);
    assert_eq!(refused, AppError::Refused(Refusal::OneOrganization));
    let refused = put(&amara, &zofia, None, &another(BuiltIn::Developer)).await;
    assert_eq!(problem(refused, "role"), Some(Problem::Held));
    // Always for an organization, and always for one at least.
    let whole = Change { organization: Some(None), ..Change::default() };
    assert_eq!(problem(put(&amara, &zofia, Some(first), &whole).await, "organization"), Some(Problem::Missing));
    service::take_rights(&amara, &TakeForm { user: id(&zofia), id: first }).await.unwrap();
    let last = app.assignment(&zofia).await;
    let refused = told(service::take_rights(&amara, &TakeForm { user: id(&zofia), id: last }).await);
    assert_eq!(refused, AppError::Refused(Refusal::LastOrganization));
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_003_scenario_1_a_visitor_may_not_download_until_a_role_permits_it() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    assert!(may(&app, &lars, Action::View, "analytics", None).await);
    assert!(!may(&app, &lars, Action::Download, "analytics", None).await);
    let reports = custom(&app, "Reports", r#"{"analytics": ["view", "download"]}"#).await;
    let theirs = app.assignment(&lars).await;
    put(&amara, &lars, Some(theirs), &Change { role: Some(reports), ..Change::default() }).await.unwrap();
    assert!(may(&app, &lars, Action::Download, "analytics", None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_003_scenario_2_a_developer_role_has_no_billing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let template = serde_json::to_string(&access::Template::Developer.permissions()).unwrap();
    let developer = custom(&app, "Developer (team)", &template).await;
    let theirs = app.assignment(&lars).await;
    put(&amara, &lars, Some(theirs), &Change { role: Some(developer), ..Change::default() }).await.unwrap();
    assert!(may(&app, &lars, Action::Create, "api-keys", None).await);
    assert!(!may(&app, &lars, Action::View, "billing", None).await);
    // "creates a custom permission set": billing is given beside it, to this person alone.
    put(&amara, &lars, Some(theirs), &role(BuiltIn::Member)).await.unwrap();
    put(&amara, &lars, Some(theirs), &areas(&["billing", "apis"], &[])).await.unwrap();
    assert!(may(&app, &lars, Action::View, "billing", None).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_003_scenario_3_edit_in_us_and_view_in_eu() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let editor = custom(&app, "Editor", r#"{"documentation": ["view", "create", "update"]}"#).await;
    let theirs = app.assignment(&lars).await;
    // One role for all regions, then one for each.
    put(&amara, &lars, Some(theirs), &role(BuiltIn::Visitor)).await.unwrap();
    assert!(may(&app, &lars, Action::View, "documentation", None).await);
    put(&amara, &lars, Some(theirs), &in_region(Change::default(), "eu")).await.unwrap();
    put(&amara, &lars, None, &in_region(Change { role: Some(editor), ..Change::default() }, "us")).await.unwrap();
    for (action, region, expected) in [
        (Action::Create, Some("us"), true),
        (Action::Update, Some("us"), true),
        (Action::View, Some("eu"), true),
        (Action::Update, Some("eu"), false),
        (Action::Create, Some("eu"), false),
        (Action::View, Some("global"), false),
        (Action::View, None, false),
    ] {
        assert_eq!(may(&app, &lars, action, "documentation", region).await, expected, "{action:?} in {region:?}");
    }
    // "Administrator must set EU region permissions separately if edit access is needed."
    put(&amara, &lars, Some(theirs), &Change { role: Some(editor), ..Change::default() }).await.unwrap();
    assert!(may(&app, &lars, Action::Update, "documentation", Some("eu")).await);
    let again = put(&amara, &lars, None, &in_region(role(BuiltIn::Visitor), "us")).await;
    assert_eq!(problem(again, "role"), Some(Problem::Held));
    let nowhere = put(&amara, &lars, Some(theirs), &in_region(Change::default(), "mars")).await;
    assert_eq!(problem(nowhere, "region"), Some(Problem::Choice));
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_apis_and_regions_are_changed_independently() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    let vessels = ApiScope::Chosen(vec![api(&app, "vessels").await]);
    let tomorrow = OffsetDateTime::now_utc() + Duration::DAY;
    let now = async || held(&app.app, &lars).await.facts.assignments[0].clone();
    let mut expected = now().await;
    type Step = (Change, fn(&mut access::AssignmentFacts));
    let steps: [Step; 4] = [
        (areas(&["analytics"], &[]), |it| {
            it.permissions.insert("analytics".into(), Feature::Analytics.actions());
        }),
        (in_region(Change::default(), "eu"), |it| it.region = Some("eu".into())),
        (areas(&["billing"], &[]), |it| {
            it.permissions.insert("billing".into(), Actions::ALL);
        }),
        (Change { region: Some(None), ..Change::default() }, |it| it.region = None),
    ];
    put(&amara, &lars, Some(theirs), &Change { apis: Some(vessels.clone()), ..Change::default() }).await.unwrap();
    expected.apis = vessels;
    assert_eq!(now().await, expected);
    for (change, apply) in steps {
        put(&amara, &lars, Some(theirs), &change).await.unwrap();
        apply(&mut expected);
        assert_eq!(now().await, expected, "{change:?}");
    }
    put(&amara, &lars, Some(theirs), &Change { until: Some(Some(tomorrow)), ..Change::default() }).await.unwrap();
    let after = now().await;
    assert_eq!(after.until.unwrap().unix_timestamp(), tomorrow.unix_timestamp());
    assert_eq!(access::AssignmentFacts { until: None, ..after }, expected);
}

/// Two people have the form open: what one of them does not touch is not sent back over what the other changed.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_touched_in_the_form_stays_as_others_left_it() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    put(&amara, &lars, Some(theirs), &areas(&["billing"], &[])).await.unwrap();
    let open = async |by: &Context| service::read_choices(by, id(&lars), &theirs.to_string()).await.unwrap().form;
    let (one, other) = (open(&amara).await, open(&adam).await);
    let one = AssignForm { areas: vec!["billing".into(), "analytics".into()], region: "eu".into(), ..one };
    service::save_rights(&amara, &one).await.unwrap();
    let other = AssignForm { areas: vec!["team".into()], scope: "chosen".into(), apis: vec!["tides".into()], ..other };
    service::save_rights(&adam, &other).await.unwrap();
    let row = read(&amara, &lars).await.rows.remove(0);
    assert_eq!(row.permissions.keys().collect::<Vec<_>>(), ["analytics", "team"], "billing was unticked by Adam");
    assert_eq!(row.region.as_deref(), Some("eu"));
    assert_eq!(row.apis, Some(vec![("tides".into(), "Tides".into())]));
    assert_eq!(row.given_by, "Adam");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_counts_at_once_on_another_replica() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let database = Database { pool: app.app.pool.clone(), embedded: None };
    let second = serve::app(app.config(), &database).await.unwrap();
    let theirs = app.assignment(&lars).await;
    let ask = async |server: &App| may_on(server, &lars, Action::View, "billing", None, None).await;
    for round in 0..20 {
        assert!(!ask(&app.app).await && !ask(&second).await, "round {round}");
        put(&amara, &lars, Some(theirs), &areas(&["billing"], &[])).await.unwrap();
        assert!(ask(&second).await && ask(&app.app).await, "round {round}");
        // And taken through the other server.
        let there = Context { app: second.clone(), ..amara.clone() };
        put(&there, &lars, Some(theirs), &areas(&[], &["billing"])).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_saving_it_is_told_what_is_gained_and_lost() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    let theirs = app.assignment(&lars).await;
    let form = service::read_choices(&amara, id(&lars), &theirs.to_string()).await.unwrap().form;
    let same = service::preview_rights(&amara, &form).await.unwrap();
    assert_eq!((same.looked_at, same.gain, same.lose), (1, 0, 0));
    let form = AssignForm { role: "member".into(), areas: vec!["billing".into()], region: "eu".into(), ..form };
    let preview = service::preview_rights(&amara, &form).await.unwrap();
    assert_eq!((preview.gain, preview.lose), (1, 1));
    let right = |feature: &str, action, region: Option<&str>| access::Told {
        change: access::Change::Right {
            feature: feature.into(),
            action,
            region: region.map(str::to_owned),
            organization: None,
            on: access::On::Everywhere,
        },
        when: access::When::Now,
    };
    assert!(preview.people[0].changed.gained.contains(&right("billing", Action::Update, Some("eu"))));
    assert!(preview.people[0].changed.lost.contains(&right("team", Action::View, None)));
    assert_eq!(app.count("select count(*) from audit_log").await, 0, "nothing is written");
    assert_eq!(read(&amara, &lars).await.rows[0].role.as_ref().unwrap().built_in(), Some(BuiltIn::Visitor));
    let show = AssignForm { show: true, ..form };
    assert_eq!(told(service::save_rights(&amara, &show).await), AppError::Invalid(Default::default()));
    assert_eq!(app.count("select count(*) from audit_log").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn why_names_the_path_and_what_would_change_it() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    let change = Change { apis: Some(ApiScope::Chosen(Vec::new())), ..areas(&["apis"], &[]) };
    put(&amara, &lars, Some(theirs), &in_region(change, "eu")).await.unwrap();
    let query = WhyQuery {
        user: id(&lars),
        feature: "apis".into(),
        action: "update".into(),
        api: "Tides".into(),
        region: "eu".into(),
        organization: String::new(),
    };
    let answer = service::why(&amara, &query).await.unwrap();
    assert_eq!(
        (answer.denial, answer.api.as_deref(), answer.region.as_deref()),
        (Some(Denial::Api), Some("Tides"), Some("EU"))
    );
    assert!(answer.remedies.contains(&vec![model::Step::Grant]), "{:?}", answer.remedies);
    assert_eq!((answer.ways[0].given_by.as_str(), answer.ways[0].beside_role), ("Amara", true));
    let there = service::why(&amara, &WhyQuery { api: String::new(), ..query.clone() }).await.unwrap();
    assert_eq!(there.denial, None);
    for (query, denial) in [
        (WhyQuery { region: "us".into(), ..query.clone() }, Denial::Region),
        (WhyQuery { region: String::new(), ..query.clone() }, Denial::RegionNotNamed),
        (WhyQuery { api: "no-such".into(), ..query.clone() }, Denial::UnknownApi),
        (WhyQuery { feature: "billing".into(), ..query.clone() }, Denial::Role),
        (WhyQuery { organization: "nobody".into(), ..query.clone() }, Denial::UnknownOrganization),
    ] {
        assert_eq!(service::why(&amara, &query).await.unwrap().denial, Some(denial), "{query:?}");
    }
    // It is asked by who may see the team, and by nobody else.
    assert!(matches!(told(service::why(&lars, &query).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_manager_is_noticed_until_there_is_a_backup() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let only = async || service::find_only_manager(&amara).await.unwrap().map(|only| only.full_name);
    assert_eq!(only().await.as_deref(), Some("Amara"));
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    assert_eq!(only().await.as_deref(), Some("Amara"), "who only looks is no backup");
    let theirs = app.assignment(&lars).await;
    let week = Some(Some(OffsetDateTime::now_utc() + Duration::WEEK));
    put(&amara, &lars, Some(theirs), &Change { until: week, ..role(BuiltIn::Administrator) }).await.unwrap();
    assert_eq!(only().await.as_deref(), Some("Amara"), "who is one for a week is no backup");
    put(&amara, &lars, Some(theirs), &Change { until: Some(None), ..Change::default() }).await.unwrap();
    assert_eq!(only().await, None);
    put(&amara, &lars, Some(theirs), &role(BuiltIn::Member)).await.unwrap();
    put(&amara, &lars, Some(theirs), &areas(&["team"], &[])).await.unwrap();
    assert_eq!(only().await, None, "a Member with the area of the team is one");
    app.execute("update users set state = 'disabled' where full_name = 'Lars'").await;
    assert_eq!(only().await.as_deref(), Some("Amara"));
}

#[tokio::test(flavor = "multi_thread")]
async fn organization_users_are_listed_under_developers() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    developer(&app, "Zofia", "hansa", BuiltIn::OrgAdmin).await;
    let list = async |kind: &str| {
        let query = portico::listing::ListQuery { kind: kind.into(), ..Default::default() };
        let page = portico::people::service::list_users(&amara, &query).await.unwrap();
        page.rows.into_iter().map(|user| user.full_name).collect::<Vec<_>>()
    };
    assert_eq!(list("").await, ["Amara"]);
    assert_eq!(list(Category::Organization.slug()).await, ["Zofia"]);
}
