//! Where a right to the team ends: what belongs to the accounts and to the APIs needs a right to those.

use portico::{
    access::{ApiScope, BuiltIn, Denial},
    error::{AppError, Refusal},
    listing::ListQuery,
    people::{self, model::EditForm},
    platform::context::Context,
    rights::{
        model::{AssignForm, Change, TakeForm, WhyQuery},
        service,
    },
};

use super::{
    apis::{customer, denied, not_found},
    rights_support::{api, custom, developer, furnish, id, organization, put, role, told},
    support::TestApp,
};

/// Manages the team, and what else is given.
async fn manager(app: &TestApp, owner: &Context, name: &str, more: &str) -> Context {
    let cx = app.user(name, BuiltIn::Member).await;
    let team = r#""team": ["view", "create", "update", "delete", "download"]"#;
    // Visitors' rights, so that she stands above those whom she is to change.
    let views = r#""apis": ["view", "download"], "api-keys": ["view"], "analytics": ["view", "download"]"#;
    let lead = custom(app, &format!("Lead {name}"), &format!("{{{team}, {views}{more}}}")).await;
    let held = app.assignment(&cx).await;
    put(owner, &cx, Some(held), &Change { role: Some(lead), ..Change::default() }).await.unwrap();
    app.again(&cx).await
}

fn edit(of: &Context) -> EditForm {
    let full_name = of.actor.as_ref().unwrap().full_name.clone();
    EditForm { id: id(of), full_name, mobile: String::new(), state: "disabled".into() }
}

fn why(of: &Context) -> WhyQuery {
    WhyQuery { user: id(of), feature: "apis".into(), action: "view".into(), ..WhyQuery::default() }
}

fn developers() -> ListQuery {
    ListQuery { kind: "organization".into(), ..ListQuery::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_the_team_is_no_side_door_to_accounts() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mia = manager(&app, &amara, "Mia", "").await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    for other in [&agnes, &zofia] {
        let (user, theirs) = (id(other), app.assignment(other).await);
        not_found(people::service::find_user(&mia, user).await);
        not_found(people::service::edit_user(&mia, edit(other)).await);
        not_found(people::service::remove_user(&mia, user).await);
        not_found(service::read_rights(&mia, user).await);
        not_found(service::read_choices(&mia, user, "").await);
        not_found(put(&mia, other, Some(theirs), &Change { until: Some(None), ..Change::default() }).await);
        not_found(service::take_rights(&mia, &TakeForm { user, id: theirs }).await);
        let form = AssignForm { user, role: BuiltIn::Developer.slug().into(), ..AssignForm::default() };
        not_found(service::preview_rights(&mia, &form).await);
        not_found(service::save_rights(&mia, &form).await);
        not_found(service::why(&mia, &why(other)).await);
        people::service::find_user(&amara, user).await.unwrap();
        service::why(&amara, &why(other)).await.unwrap();
    }
    denied(people::service::list_users(&mia, &developers()).await);
    assert_eq!(app.count("select count(*) from users where state = 'enabled'").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_whoever_sees_accounts_changes_them_only_with_the_right_to() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vera = manager(&app, &amara, "Vera", r#", "accounts": ["view"]"#).await;
    let zofia = developer(&app, "Zofia", "hansa", BuiltIn::Developer).await;
    let agnes = customer(&app, "Agnes", "PL-1").await;
    assert_eq!(people::service::list_users(&vera, &developers()).await.unwrap().rows.len(), 1);
    for other in [&agnes, &zofia] {
        let (user, theirs) = (id(other), app.assignment(other).await);
        people::service::find_user(&vera, user).await.unwrap();
        service::read_rights(&vera, user).await.unwrap();
        denied(people::service::edit_user(&vera, edit(other)).await);
        denied(people::service::remove_user(&vera, user).await);
        denied(service::read_choices(&vera, user, "").await);
        denied(service::take_rights(&vera, &TakeForm { user, id: theirs }).await);
    }
    // Where somebody is of two organizations, a right for one of them changes nothing that they hold in both.
    sqlx::query(
        r#"insert into assignments (workspace_id, id, user_id, category, permissions, organization_id)
           values ($1, gen_random_uuid(), $2, 'teammate', '{"accounts": ["view", "update"]}', $3)"#,
    )
    .bind(vera.ws())
    .bind(id(&vera))
    .bind(organization(&app, "hansa").await)
    .execute(&app.app.pool)
    .await
    .unwrap();
    let vera = app.again(&vera).await;
    // The right is enough there, and only what Zofia holds is more than hers.
    let above = told(service::read_choices(&vera, id(&zofia), "").await);
    assert_eq!(above, AppError::Refused(Refusal::AboveYou));
    let change = Change { organization: Some(Some(organization(&app, "lisbon").await)), ..role(BuiltIn::Developer) };
    put(&amara, &zofia, None, &change).await.unwrap();
    denied(service::read_choices(&vera, id(&zofia), "").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_the_teams_pages_name_no_api_and_no_organization_that_is_not_seen() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let tides = api(&app, "tides").await;
    let hansa = Some(Some(organization(&app, "hansa").await));
    let chosen = Some(ApiScope::Chosen(vec![tides]));
    let change = Change { apis: chosen, organization: hansa, ..role(BuiltIn::ApiOwner) };
    put(&amara, &lars, None, &change).await.unwrap();
    // Tom looks at the team, and at nothing else.
    let tom = app.user("Tom", BuiltIn::Member).await;
    let looks = custom(&app, "Looks", r#"{"team": ["view", "update"]}"#).await;
    let held = app.assignment(&tom).await;
    put(&amara, &tom, Some(held), &Change { role: Some(looks), ..Change::default() }).await.unwrap();
    let tom = app.again(&tom).await;

    let all = serde_json::to_string(&service::read_rights(&amara, id(&lars)).await.unwrap()).unwrap();
    assert!(all.contains("Tides") && all.contains("Vessels") && all.contains("Hansa"), "{all}");
    let some = serde_json::to_string(&service::read_rights(&tom, id(&lars)).await.unwrap()).unwrap();
    let mia = app.user("Mia", BuiltIn::Member).await;
    let choices = serde_json::to_string(&service::read_choices(&tom, id(&mia), "").await.unwrap()).unwrap();
    for name in ["ides", "essels", "erths", "ansa", "isbon"] {
        assert!(!some.contains(name), "{name} in {some}");
        assert!(!choices.contains(name), "{name} in {choices}");
    }
    // What is hidden is asked about as what is not there.
    let ask = async |by: &Context, api: &str, organization: &str| {
        let (api, organization) = (api.to_owned(), organization.to_owned());
        service::why(by, &WhyQuery { api, organization, ..why(&lars) }).await.unwrap()
    };
    assert_eq!(ask(&amara, "Tides", "Hansa").await.denial, None);
    for typed in ["Tides", "tides", "nothing"] {
        let answer = ask(&tom, typed, "").await;
        assert_eq!((answer.denial, answer.api.as_deref()), (Some(Denial::UnknownApi), Some(typed)));
    }
    for typed in ["Hansa", "hansa", "nobody"] {
        let answer = ask(&tom, "", typed).await;
        let told = (answer.denial, answer.organization.as_deref());
        assert_eq!(told, (Some(Denial::UnknownOrganization), Some(typed)));
    }
    let answer = serde_json::to_string(&ask(&tom, "", "").await).unwrap();
    assert!(!answer.contains("ansa"), "{answer}");
}
