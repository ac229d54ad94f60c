//! Accounts that exist without a password: Notify User, and Resend Activation Email (seed 001).

use portico::{
    access::BuiltIn,
    customers::{self, model::NewForm},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::Status,
        service::{self, Completion},
    },
    listing::ListQuery,
    organizations::{
        model::{NewForm as NewOrganization, UserForm},
        service as organizations,
    },
    people::{
        self,
        model::{EditForm, State, User},
    },
    platform::context::Context,
};
use uuid::Uuid;

use super::{
    drawer::{block, form, parts, setup, told},
    support::TestApp,
};

async fn customer(by: &Context, name: &str, notify: bool) -> User {
    let form = NewForm {
        full_name: name.into(),
        email: format!("{}@hansa.test", name.to_lowercase()),
        customer_id: "ACME".into(),
        notify,
        ..NewForm::default()
    };
    customers::service::create_customer(by, form).await.unwrap()
}

/// Seed 001: "If you cleared the Notify User checkbox, then later when you want to send the invitation to the user …"
#[tokio::test(flavor = "multi_thread")]
async fn seed_001_notify_user_and_resend_activation_email() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let told_later = customer(&amara, "Later", false).await;
    assert_eq!(app.count("select count(*) from invitations").await, 0);
    let first = service::activate(&amara, told_later.id).await.unwrap();
    let old = app.token(first.id).await;
    let second = service::activate(&amara, told_later.id).await.unwrap();
    let token = app.token(second.id).await;
    let dead = told(service::complete_setup(&app.nobody(), setup(&old)).await);
    assert_eq!(dead, AppError::Refused(Refusal::DeadLink), "a new mail ends the old link");
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    assert_eq!(
        app.count("select count(*) from users where password_hash is not null and customer_id = 'ACME'").await,
        1
    );
    let again = told(service::activate(&amara, told_later.id).await);
    assert_eq!(again, AppError::Refused(Refusal::NotNow), "the account has its person");

    let told_now = customer(&amara, "Now", true).await;
    assert!(told_now.is_pending());
    assert_eq!(app.count("select count(*) from messages where to_address = 'now@hansa.test'").await, 1);
    let asked = form(vec![block("now@hansa.test", "member")]);
    let (_, left, _) = parts(service::invite(&amara, &asked).await.unwrap());
    assert_eq!(left, [(0, 0, Problem::AlreadyUser)]);
    let list = service::list_invitations(&amara, &ListQuery { q: "now@".into(), ..Default::default() }).await.unwrap();
    assert_eq!(list.rows[0].status, Status::Pending);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_goes_with_its_account() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let gone = customer(&amara, "Gone", true).await;
    let id: Uuid = sqlx::query_scalar("select id from invitations").fetch_one(&app.app.pool).await.unwrap();
    let token = app.token(id).await;
    customers::service::remove_customer(&amara, gone.id).await.unwrap();
    assert_eq!(app.count("select count(*) from invitations").await, 0);
    assert_eq!(app.count("select count(*) from messages where state = 'queued'").await, 0);
    let dead = told(service::complete_setup(&app.nobody(), setup(&token)).await);
    assert_eq!(dead, AppError::Refused(Refusal::DeadLink));
    // One whose registration waits for approval is denied with it.
    app.execute("update workspaces set auto_approval = false").await;
    customer(&amara, "Waits", true).await;
    let id: Uuid = sqlx::query_scalar("select id from invitations").fetch_one(&app.app.pool).await.unwrap();
    let token = app.token(id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Waiting);
    let user: Uuid =
        sqlx::query_scalar("select id from users where kind = 'customer'").fetch_one(&app.app.pool).await.unwrap();
    customers::service::remove_customer(&amara, user).await.unwrap();
    assert_eq!(
        app.count("select count(*) from invitations where status = 'rejected' and registered_hash is null").await,
        1
    );
    assert_eq!(app.count("select count(*) from invitation_events where what = 'denied'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_is_for_who_may_make_the_account() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let waits = customer(&amara, "Waits", false).await;
    let low = app.user("Low", BuiltIn::Member).await;
    assert_eq!(told(service::activate(&low, waits.id).await), AppError::NotFound);
    let sees = app.user("Sees", BuiltIn::Visitor).await;
    assert!(matches!(told(service::activate(&sees, waits.id).await), AppError::Denied(_)));
    assert_eq!(told(service::activate(&app.nobody(), waits.id).await), AppError::Unauthorized);
    // PITFALLS.md 2: another workspace's is like one that never was.
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    assert_eq!(told(service::activate(&olga, waits.id).await), AppError::NotFound);
    assert_eq!(told(service::resend_to(&olga, "waits@hansa.test").await), AppError::NotFound);
    // An administrator does not make an owner of somebody by their activation.
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let owner = app.user("Otto", BuiltIn::Owner).await.actor.unwrap().user_id.unwrap();
    sqlx::query("update users set password_hash = null where id = $1")
        .bind(owner)
        .execute(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(told(service::activate(&adam, owner).await), AppError::Refused(Refusal::NotYours));
    service::activate(&app.again(&amara).await, owner).await.unwrap();
    // Disabled accounts wait for nobody.
    let amara = app.again(&amara).await;
    let lars = app.user("Lars", BuiltIn::Member).await.actor.unwrap().user_id.unwrap();
    sqlx::query("update users set password_hash = null where id = $1").bind(lars).execute(&app.app.pool).await.unwrap();
    let off =
        EditForm { id: lars, full_name: "Lars".into(), mobile: String::new(), state: State::Disabled.slug().into() };
    people::service::edit_user(&amara, off).await.unwrap();
    assert_eq!(told(service::activate(&amara, lars).await), AppError::Refused(Refusal::NotNow));
}

#[tokio::test(flavor = "multi_thread")]
async fn add_user_of_an_organization_sends_the_activation() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let hansa =
        organizations::create_organization(&amara, NewOrganization { name: "Hansa".into(), ..Default::default() });
    let hansa = hansa.await.unwrap().id;
    let form = UserForm {
        full_name: "Dora".into(),
        email: "dora@hansa.test".into(),
        role: "developer".into(),
        organizations: vec![hansa.to_string()],
        notify: true,
        ..UserForm::default()
    };
    organizations::users::add_user(&app.again(&amara).await, form).await.unwrap();
    let id: Uuid = sqlx::query_scalar("select id from invitations").fetch_one(&app.app.pool).await.unwrap();
    let token = app.token(id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    assert_eq!(app.count("select count(*) from assignments where category = 'organization'").await, 1);
}
