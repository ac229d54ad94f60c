//! Accounts that wait for their person, when something comes between: they are disabled or removed, their address is invited
//! otherwise, or its domain is not invited here any more.

use portico::{
    access::BuiltIn,
    customers::{
        self,
        model::{EditForm, NewForm},
    },
    error::{AppError, Problem, Refusal},
    invitations::service::{self, Completion},
    people::model::{State, User},
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::{
    drawer::{setup, told},
    support::TestApp,
};

async fn customer(by: &Context, email: &str, notify: bool) -> Result<User, Fault> {
    let form = NewForm {
        full_name: "Una".into(),
        email: email.into(),
        customer_id: "ACME".into(),
        notify,
        ..NewForm::default()
    };
    customers::service::create_customer(by, form).await
}

async fn set_state(by: &Context, id: Uuid, state: State) {
    let form = EditForm {
        id,
        full_name: "Una".into(),
        customer_id: "ACME".into(),
        state: state.slug().into(),
        ..EditForm::default()
    };
    customers::service::edit_customer(by, form).await.unwrap();
}

async fn only_invitation(app: &TestApp) -> Uuid {
    let newest = "select id from invitations where status <> 'inactivated'";
    sqlx::query_scalar(newest).fetch_one(&app.app.pool).await.unwrap()
}

/// An account whose registration waits for approval.
async fn waiting(app: &TestApp, by: &Context) -> (User, Uuid) {
    app.execute("update workspaces set auto_approval = false").await;
    let user = customer(by, "una@hansa.test", true).await.unwrap();
    let id = only_invitation(app).await;
    let token = app.token(id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Waiting);
    (user, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_account_is_made_in_the_place_of_an_open_invitation() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "una@hansa.test", BuiltIn::Administrator).await;
    for notify in [true, false] {
        let refused = told(customer(&amara, "Una@Hansa.test", notify).await);
        assert_eq!(refused, AppError::field("email", Problem::AlreadyInvited), "{notify}");
    }
    assert_eq!(app.count("select count(*) from invitations where status = 'pending'").await, 1);
    // An account that is there all the same ends nobody else's invitation either.
    let una = customer(&amara, "other@hansa.test", false).await.unwrap();
    app.execute("update users set email = 'una@hansa.test' where email = 'other@hansa.test'").await;
    assert_eq!(told(service::activate(&amara, una.id).await), AppError::Refused(Refusal::Invited));
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_disabled_account_opens_nothing() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let una = customer(&amara, "una@hansa.test", true).await.unwrap();
    let token = app.token(only_invitation(&app).await).await;
    set_state(&amara, una.id, State::Disabled).await;
    let dead = told(service::complete_setup(&app.nobody(), setup(&token)).await);
    assert_eq!(dead, AppError::Refused(Refusal::DeadLink));
    assert_eq!(app.count("select count(*) from messages where state = 'queued'").await, 0);
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.delete'").await, 1);
    set_state(&amara, una.id, State::Enabled).await;
    let again = service::activate(&amara, una.id).await.unwrap();
    let token = app.token(again.id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_waits_is_denied_when_its_account_is_disabled() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (una, id) = waiting(&app, &amara).await;
    set_state(&amara, una.id, State::Disabled).await;
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.deny'").await, 1);
    let denied = "select count(*) from messages where to_address = 'una@hansa.test' and invitation_id is null";
    assert_eq!(app.count(denied).await, 1, "whoever waits is told");
    let resent = told(service::resend_invitation(&amara, id).await);
    assert_eq!(resent, AppError::Refused(Refusal::NotNow), "nobody activates what is disabled");
    set_state(&amara, una.id, State::Enabled).await;
    service::resend_invitation(&amara, id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_removed_account_can_be_offered_again() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (una, id) = waiting(&app, &amara).await;
    customers::service::remove_customer(&amara, una.id).await.unwrap();
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.deny'").await, 1);
    app.execute("update workspaces set auto_approval = true").await;
    let sent = service::resend_invitation(&amara, id).await.unwrap();
    let token = app.token(sent.id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    let made = "select count(*) from users where kind = 'customer' and customer_id = 'ACME'";
    assert_eq!(app.count(made).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn domains_hold_for_activations_and_for_what_is_resent() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let una = customer(&amara, "una@hansa.test", false).await.unwrap();
    let (lars, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    app.execute("update workspaces set mail_domains = array['kestrel.test']").await;
    let refused = AppError::Refused(Refusal::MailDomain);
    assert_eq!(told(service::activate(&amara, una.id).await), refused);
    let in_form = AppError::field("email", Problem::MailDomain);
    assert_eq!(told(customer(&amara, "ida@hansa.test", true).await), in_form);
    customer(&amara, "ida@hansa.test", false).await.unwrap();
    assert_eq!(told(service::resend_invitation(&amara, lars.id).await), refused);
    app.execute("update workspaces set mail_domains = array['kestrel.test', 'hansa.test']").await;
    service::activate(&amara, una.id).await.unwrap();
    service::resend_invitation(&amara, lars.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_10_whoever_invites_nobody_learns_of_no_address() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let low = app.user("Low", BuiltIn::Member).await;
    let known = told(service::resend_to(&low, "lars@hansa.test").await);
    assert!(matches!(known, AppError::Denied(_)), "{known:?}");
    assert_eq!(told(service::resend_to(&low, "nobody@hansa.test").await), known);
}
