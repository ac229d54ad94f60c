//! Who gains and who loses, before it is saved: by API, in time, and as far as the reader sees.

use portico::{
    access::{Action, ApiScope, Apis, BuiltIn, Category, Change, Changed, On, Told, When},
    error::Problem,
    platform::context::Context,
    rights::{
        model::{self, AssignForm, Preview},
        service,
    },
    roles,
};
use uuid::Uuid;

use super::{
    rights_support::{api, custom, developer, furnish, id, in_region, organization, problem, put, role, told},
    support::TestApp,
};

/// Lars is a Visitor, and in the EU API Owner of what is chosen, in this assignment.
async fn beside_a_visitor(app: &TestApp, owner: &Context, apis: ApiScope) -> (Context, Uuid) {
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    let change = model::Change { apis: Some(apis), ..role(BuiltIn::ApiOwner) };
    put(owner, &lars, None, &in_region(change, "eu")).await.unwrap();
    let lars = app.again(&lars).await;
    let held = &lars.actor.as_ref().unwrap().held.facts.assignments;
    let theirs = held.iter().find(|it| it.role == Some(BuiltIn::ApiOwner.id())).unwrap().id;
    (lars, theirs)
}

async fn preview(
    by: &Context,
    of: &Context,
    assignment: Uuid,
    change: impl FnOnce(AssignForm) -> AssignForm,
) -> Preview {
    let choices = service::read_choices(by, id(of), &assignment.to_string()).await.unwrap();
    service::preview_rights(by, &change(choices.form)).await.unwrap()
}

fn update_keys(on: On, when: When) -> Told {
    let change = Change::Right {
        feature: "api-keys".into(),
        action: Action::Update,
        region: Some("eu".into()),
        organization: None,
        on,
    };
    Told { change, when }
}

fn these(slugs: &[&str]) -> On {
    On::These(Apis { slugs: slugs.iter().map(|it| (*it).to_owned()).collect(), more: 0 })
}

fn of_one(preview: &Preview) -> &Changed {
    &preview.people[0].changed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrowed_role_and_a_nearer_end_are_told() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (lars, theirs) = beside_a_visitor(&app, &amara, ApiScope::All).await;
    let narrowed = |form| AssignForm { scope: "chosen".into(), apis: vec!["tides".into()], ..form };
    let told = preview(&amara, &lars, theirs, narrowed).await;
    assert_eq!((told.gain, told.lose, told.differ), (0, 1, 1));
    assert!(of_one(&told).lost.contains(&update_keys(these(&["berths", "vessels"]), When::Now)), "{told:?}");
    let told = preview(&amara, &lars, theirs, |form| AssignForm { until: "2100-12-03".into(), ..form }).await;
    // The first instant after 3 December 2100.
    let end = When::Moved(Some(4_131_561_600));
    assert_eq!((told.gain, told.lose), (0, 1));
    assert!(of_one(&told).lost.contains(&update_keys(On::Everywhere, end)), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_a_preview_names_no_api_and_no_organization_that_is_not_seen() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let clerk = custom(&app, "Clerk", r#"{"apis": ["view", "update"]}"#).await;
    let (tides, vessels) = (api(&app, "tides").await, api(&app, "vessels").await);
    let lars = app.user("Lars", BuiltIn::Visitor).await;
    let only =
        |apis: Vec<Uuid>| model::Change { role: Some(clerk), apis: Some(ApiScope::Chosen(apis)), ..Default::default() };
    put(&amara, &lars, None, &in_region(only(vec![tides, vessels]), "eu")).await.unwrap();
    // Tom manages the team, and sees the tides.
    let tom = app.user("Tom", BuiltIn::Member).await;
    let looks = custom(&app, "Looks", r#"{"team": ["view", "update"], "apis": ["view"]}"#).await;
    let change = model::Change { role: Some(looks), ..only(vec![tides]) };
    put(&amara, &tom, Some(app.assignment(&tom).await), &change).await.unwrap();
    let tom = app.again(&tom).await;
    let wanted: Vec<String> = ["apis:view", "apis:update", "apis:delete"].map(str::to_owned).into();
    let all = roles::service::preview_role(&amara, clerk, &wanted).await.unwrap();
    let text = serde_json::to_string(&all).unwrap();
    assert!(text.contains("tides") && text.contains("vessels"), "{text}");
    let some = roles::service::preview_role(&tom, clerk, &wanted).await.unwrap();
    assert!(some.gain > 0, "{some:?}");
    let text = serde_json::to_string(&some).unwrap();
    assert!(!text.contains("vessels"), "{text}");

    // A role in organizations: Tom sees that there is one.
    let role = Uuid::now_v7();
    sqlx::query("insert into roles (workspace_id, id, category, name, permissions) values ($1, $2, $3, 'Ops', '{\"apis\": [\"view\"]}')")
        .bind(amara.ws())
        .bind(role)
        .bind(Category::Organization.slug())
        .execute(&app.app.pool)
        .await
        .unwrap();
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    sqlx::query("update assignments set role_id = $2 where user_id = $1")
        .bind(id(&zofia))
        .bind(role)
        .execute(&app.app.pool)
        .await
        .unwrap();
    for (by, sees) in [(&amara, true), (&tom, false)] {
        let preview = roles::service::preview_role(by, role, &["audit:view".into()]).await.unwrap();
        let text = serde_json::to_string(&preview).unwrap();
        assert!(text.contains("audit"), "{text}");
        assert_eq!(text.to_lowercase().contains("hansa"), sees, "{text}");
    }
}

/// A guessed name of what is not seen answers as one that nothing has.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_what_is_not_seen_is_unknown_to_who_guesses_it() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let looks = custom(&app, "Looks", r#"{"team": ["view", "update"]}"#).await;
    let tom = app.user("Tom", BuiltIn::Member).await;
    let change = model::Change { role: Some(looks), ..Default::default() };
    put(&amara, &tom, Some(app.assignment(&tom).await), &change).await.unwrap();
    let tom = app.again(&tom).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    let form = service::read_choices(&tom, id(&lars), &theirs.to_string()).await.unwrap().form;
    let apis = |slug: &str| AssignForm { scope: "chosen".into(), apis: vec![slug.into()], ..form.clone() };
    let of = |name: &str| AssignForm { organization: name.into(), ..form.clone() };
    for (field, there, nowhere) in [
        ("apis", apis("tides"), apis("nothing")),
        ("organization", of("hansa"), of("nobody")),
        ("organization", of("Hansa"), of("nobody")),
    ] {
        let (saved, unknown) = (service::save_rights(&tom, &there).await, service::save_rights(&tom, &nowhere).await);
        assert_eq!(told(saved), told(unknown), "{field}");
        let (shown, unknown) =
            (service::preview_rights(&tom, &there).await, service::preview_rights(&tom, &nowhere).await);
        let shown = told(shown);
        assert_eq!(shown.problem(field), Some(Problem::Unknown));
        assert_eq!(shown, told(unknown), "{field}");
    }
    // By its id too.
    let chosen = |id| model::Change { apis: Some(ApiScope::Chosen(vec![id])), ..Default::default() };
    for api in [api(&app, "tides").await, Uuid::now_v7()] {
        assert_eq!(problem(put(&tom, &lars, Some(theirs), &chosen(api)).await, "apis"), Some(Problem::Unknown));
    }
    for organization in [organization(&app, "hansa").await, Uuid::now_v7()] {
        let change = model::Change { organization: Some(Some(organization)), ..Default::default() };
        assert_eq!(problem(put(&tom, &lars, Some(theirs), &change).await, "organization"), Some(Problem::Unknown));
    }
}
