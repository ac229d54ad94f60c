//! Who sees and decides which requests for access, and for which APIs and organizations they are given.

use portico::{
    access::{ApiScope, BuiltIn},
    listing::ListQuery,
    platform::context::Context,
    requests::{
        model::{AccessRequest, Apis},
        service,
    },
    rights::model::Change,
};

use super::{
    apis::not_found,
    requests::{approve, ask, asked, deny, id, mails},
    rights_support::{api, areas, custom, developer, furnish, in_region, organization, put, role},
    support::TestApp,
};

/// To whom mail waits.
async fn written_to(app: &TestApp) -> Vec<String> {
    mails(app).await.into_iter().map(|(to, ..)| to).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_approve_gets_mail_however_many_cannot() {
    let app = TestApp::new().await;
    let zed = app.user("Zed", BuiltIn::Administrator).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    // They manage the team, come first by name, and do not hold what is asked for.
    let manages = custom(&app, "Manages", r#"{"team": ["view", "update"]}"#).await;
    app.execute("update workspaces set seats = 1000").await;
    sqlx::query(
        "with made as (
             insert into users (workspace_id, id, kind, email, email_key, user_name, full_name)
             select $1, gen_random_uuid(), 'teammate', a, a, a, a from (
                 select 'a' || n || '@kestrel.test' as a from generate_series(1, 120) n) t
             returning id)
         insert into assignments (workspace_id, id, user_id, category, role_id)
         select $1, gen_random_uuid(), id, 'teammate', $2 from made",
    )
    .bind(zed.ws())
    .bind(manages)
    .execute(&app.app.pool)
    .await
    .unwrap();
    asked(&vito, ask("update", "billing", "7")).await;
    assert_eq!(written_to(&app).await, ["zed@kestrel.test"]);
}

/// Manages the team, and holds all that organization users could ask for, but no right to their accounts.
async fn team_alone(app: &TestApp, owner: &Context) -> Context {
    let mia = app.user("Mia", BuiltIn::Member).await;
    let permissions = r#"{"team": ["view", "create", "update", "delete", "download"], "billing": ["view", "update"]}"#;
    let lead = custom(app, "Lead", permissions).await;
    let held = app.assignment(&mia).await;
    put(owner, &mia, Some(held), &Change { role: Some(lead), ..Change::default() }).await.unwrap();
    app.again(&mia).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_27_requests_of_organization_users_are_for_who_sees_accounts() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mia = team_alone(&app, &amara).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let dana = developer(&app, "Dana", "hansa", BuiltIn::Developer).await;
    let theirs = asked(&dana, ask("update", "billing", "7")).await;
    let [to_amara] = mails(&app).await.try_into().unwrap();
    assert_eq!(to_amara.0, "amara@kestrel.test", "and not Mia");
    assert!(to_amara.2.contains("Organization: Hansa"), "{}", to_amara.2);
    asked(&vito, ask("update", "billing", "7")).await;

    let names = async |by: &Context| -> Vec<String> {
        let page = service::list_requests(by, &ListQuery::default()).await.unwrap();
        page.rows.into_iter().map(|it: AccessRequest| it.full_name).collect()
    };
    assert_eq!((names(&mia).await, service::count_open_requests(&mia).await.unwrap()), (vec!["Vito".to_owned()], 1));
    assert_eq!(service::count_open_requests(&amara).await.unwrap(), 2);
    assert_eq!(names(&amara).await.len(), 2);
    not_found(service::find_request(&mia, theirs.id).await);
    not_found(service::approve_request(&mia, approve(theirs.id)).await);
    not_found(service::deny_request(&mia, deny(theirs.id)).await);

    // For one organization, a right to its accounts is enough to see the request.
    sqlx::query(
        r#"insert into assignments (workspace_id, id, user_id, category, permissions, organization_id)
           values ($1, gen_random_uuid(), $2, 'teammate', '{"accounts": ["view"]}', $3)"#,
    )
    .bind(mia.ws())
    .bind(id(&mia))
    .bind(organization(&app, "hansa").await)
    .execute(&app.app.pool)
    .await
    .unwrap();
    let mia = app.again(&mia).await;
    assert_eq!((names(&mia).await.len(), service::count_open_requests(&mia).await.unwrap()), (2, 2));
    assert_eq!(service::find_request(&mia, theirs.id).await.unwrap().organizations[0].1, "Hansa");

    app.execute("delete from messages").await;
    service::approve_request(&amara, approve(theirs.id)).await.unwrap();
    let [to_dana] = mails(&app).await.try_into().unwrap();
    assert_eq!(to_dana.0, "dana@hansa.test");
    assert!(to_dana.2.contains("Organization: Hansa"), "{}", to_dana.2);
    app.execute("delete from messages").await;
    let second = asked(&dana, ask("delete", "billing", "7")).await;
    app.execute("delete from messages").await;
    service::deny_request(&amara, deny(second.id)).await.unwrap();
    assert!(mails(&app).await[0].2.contains("Organization: Hansa"));
    // The notice of the end names it too.
    app.execute("delete from messages").await;
    app.execute("update assignments set given_at = now() - interval '6 days', until = now() + interval '20 hours' where role_id is null and category = 'organization'").await;
    portico::requests::ending::give_notice(&app.app).await.unwrap();
    let [notice] = mails(&app).await.try_into().unwrap();
    assert!(notice.2.contains("Update on Billing for Hansa"), "{}", notice.2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_is_for_the_apis_of_its_area_and_region() {
    let app = TestApp::new().await;
    furnish(&app).await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let lars = app.user("Lars", BuiltIn::Member).await;
    let theirs = app.assignment(&lars).await;
    // In the EU the tides, in the US the vessels; and the bills of everything.
    let of = async |slug: &str| Some(ApiScope::Chosen(vec![api(&app, slug).await]));
    let eu = in_region(Change { apis: of("tides").await, ..areas(&["analytics"], &[]) }, "eu");
    put(&amara, &lars, Some(theirs), &eu).await.unwrap();
    let us = in_region(Change { apis: of("vessels").await, ..role(BuiltIn::ApiOwner) }, "us");
    put(&amara, &lars, None, &us).await.unwrap();
    let bills = custom(&app, "Bills", r#"{"billing": ["view", "update"]}"#).await;
    put(&amara, &lars, None, &Change { role: Some(bills), ..Change::default() }).await.unwrap();
    let (tides, vessels) = (api(&app, "tides").await, api(&app, "vessels").await);
    let lars = app.again(&lars).await;
    for (action, feature, region, apis, told) in [
        // What is held of the area there.
        ("update", "accounts", "us", ApiScope::Chosen(vec![vessels]), Apis::Same(1)),
        ("delete", "billing", "eu", ApiScope::All, Apis::All),
        // Nothing is: then what is held there about APIs at all.
        ("view", "api-keys", "eu", ApiScope::Chosen(vec![tides]), Apis::Same(1)),
        // Nor is that.
        ("view", "apis", "global", ApiScope::All, Apis::All),
    ] {
        let form = portico::requests::model::RequestForm { region: region.into(), ..ask(action, feature, "none") };
        let request = asked(&lars, form).await;
        assert_eq!(service::find_request(&amara, request.id).await.unwrap().apis, told, "{action} {feature} {region}");
        let form = portico::requests::model::ApproveForm { region: region.into(), ..approve(request.id) };
        service::approve_request(&amara, form).await.unwrap();
        let held = app.again(&lars).await.actor.unwrap().held;
        let given = held.facts.assignments.iter().max_by_key(|it| it.id).unwrap();
        assert_eq!(given.apis, apis, "{action} {feature} {region}");
    }
}
