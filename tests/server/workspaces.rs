//! Workspaces: found by host name, and nothing of one is seen in another.

use portico::{
    access::BuiltIn,
    accounts::{model::SignInForm, service as accounts},
    error::{AppError, Refusal},
    invitations,
    listing::ListQuery,
    mail,
    platform::fault::Fault,
    workspaces::service::{self, Hosts},
};

use super::support::{PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_has_its_workspace_and_any_other_the_default() {
    let app = TestApp::new().await;
    let other = service::create_workspace(&app.app.pool, "Other", "Other.Test").await.unwrap();
    let hosts = Hosts::default();
    for (host, id) in [
        ("other.test", other.id),
        ("OTHER.test", other.id),
        ("unknown.test", app.workspace.id),
        ("", app.workspace.id),
        ("x.other.test", app.workspace.id),
    ] {
        assert_eq!(hosts.workspace(&app.app.pool, host).await.unwrap().id, id, "{host}");
    }
    assert!(service::create_workspace(&app.app.pool, "Again", "other.test").await.is_err());
    for bad in ["", "https://x.test", "x.test:80", "-x.test", "x..test", "x test"] {
        assert!(service::create_workspace(&app.app.pool, "Bad", bad).await.is_err(), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_have_an_account_in_several() {
    let app = TestApp::new().await;
    let other = service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let here = app.user("Amara", BuiltIn::Owner).await;
    let there = app.user_of(&other, "Amara", BuiltIn::Owner).await;
    app.invite(&here, "lars@hansa.test", BuiltIn::Member).await;
    app.invite(&there, "lars@hansa.test", BuiltIn::Member).await;
    for cx in [&here, &there] {
        let seen = invitations::service::list_invitations(cx, &ListQuery::default()).await.unwrap();
        assert_eq!((seen.rows.len(), seen.total), (1, 1));
        assert_eq!(mail::service::list_outbox(cx, "").await.unwrap().messages.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_and_sessions_of_one_open_nothing_in_another() {
    let app = TestApp::new().await;
    let other = service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    app.user("Amara", BuiltIn::Owner).await;
    let form = |email: &str| SignInForm { email: email.into(), password: PASSWORD.into(), ..Default::default() };
    let refused = accounts::sign_in(&app.nobody_of(&other), form("amara@kestrel.test")).await;
    assert!(matches!(refused, Err(Fault::Told(AppError::Refused(Refusal::SignIn)))));
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    assert_eq!(site.get("/", &cookie).await.status(), 200);
    let elsewhere = site.client.get(site.url("/")).header("host", "other.test").header("cookie", &cookie).send().await;
    assert_eq!(elsewhere.unwrap().status(), 303, "not signed in there");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_to_the_workspaces_own_host() {
    let app = TestApp::with(|config| config.base_url = "https://portal.test:8443".parse().unwrap()).await;
    let other = service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let link = service::owner_link(&app.app, &other).await.unwrap();
    assert!(link.starts_with(&format!("https://other.test:8443/owner/{}.", other.public_id)), "{link}");
    let link = service::owner_link(&app.app, &app.workspace).await.unwrap();
    assert!(link.starts_with("https://portal.test:8443/owner/"), "{link}");
}
