//! Invitations: the state machine against the database, and its races.

use std::sync::Arc;

use portico::{
    access::BuiltIn,
    error::{AppError, Problem, Refusal},
    invitations::{
        model::{SetupForm, Status},
        service,
    },
    listing::ListQuery,
    people::{
        self,
        model::{EditForm, State},
    },
    platform::{context::Context, fault::Fault},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::{PASSWORD, TestApp, invite};

fn setup(token: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: "Lars Bjerregaard".into(),
        mobile: "+45 12 34 56 78".into(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected something that is told, got {other:?}"),
    }
}

fn dead<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert_eq!(told(result), AppError::Refused(Refusal::DeadLink));
}

fn used<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert_eq!(told(result), AppError::Refused(Refusal::LinkUsed));
}

async fn list(cx: &Context, status: &str) -> Vec<(String, Status)> {
    let query = ListQuery { status: status.into(), ..Default::default() };
    let page = service::list_invitations(cx, &query).await.unwrap();
    page.rows.into_iter().map(|row| (row.email, row.status)).collect()
}

async fn age(app: &TestApp) {
    app.execute("update invitations set valid_until = now() - interval '1 second' where status = 'pending'").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_invited_to_accepted() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "Lars@Hansa.test", BuiltIn::Member).await;
    assert_eq!(list(&amara, "").await, [("Lars@Hansa.test".into(), Status::Pending)]);

    let offered = service::open_invitation(&app.nobody(), &token).await.unwrap();
    assert_eq!((offered.email.as_str(), offered.role.id), ("Lars@Hansa.test", BuiltIn::Member.id()));
    assert_eq!(
        (offered.inviter_name.as_str(), offered.inviter_role.map(|role| role.id)),
        ("Amara", Some(BuiltIn::Owner.id()))
    );
    assert_eq!(offered.valid_until, sent.valid_until);

    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    assert_eq!(list(&amara, "approved").await, [("Lars@Hansa.test".into(), Status::Approved)]);
    let users =
        people::service::list_users(&amara, &ListQuery { q: "lars".into(), ..Default::default() }).await.unwrap();
    assert_eq!(users.rows.len(), 1);
    assert_eq!(users.rows[0].mobile.as_deref(), Some("+4512345678"));
    assert_eq!((users.rows[0].roles[0].id, users.rows[0].state), (BuiltIn::Member.id(), State::Enabled));
    used(service::open_invitation(&app.nobody(), &token).await);
    used(service::complete_setup(&app.nobody(), setup(&token)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_4_fifty_acceptances_of_one_token_make_one_member() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        let (nobody, form) = (app.nobody(), setup(&token));
        tries.spawn(async move { service::complete_setup(&nobody, form).await });
    }
    let results = tries.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    results.into_iter().filter(Result::is_err).for_each(used);
    assert_eq!(app.count("select count(*) from users where email_key = 'lars@hansa.test'").await, 1);
    assert_eq!(app.count("select count(*) from invitations where status = 'approved'").await, 1);
    assert_eq!(app.count("select count(*) from audit_log where action = 'user.create'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_invitations_of_one_address_make_one() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let mut tries = JoinSet::new();
    for n in 0..50 {
        let amara = Arc::clone(&amara);
        let email = if n % 2 == 0 { "lars@hansa.test" } else { "LARS@HANSA.TEST" };
        tries.spawn(async move { invite(&amara, email, "member").await });
    }
    let results = tries.join_all().await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for refused in results.into_iter().filter(Result::is_err) {
        assert_eq!(told(refused).problem("email"), Some(Problem::AlreadyInvited));
    }
    assert_eq!(app.count("select count(*) from messages").await, 1, "one mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_5_resending_rotates_the_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (first, old) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let second = service::resend_invitation(&amara, first.id).await.unwrap();
    let new = app.token(second.id).await;
    dead(service::open_invitation(&app.nobody(), &old).await);
    dead(service::complete_setup(&app.nobody(), setup(&old)).await);
    assert_eq!(list(&amara, "inactivated").await.len(), 1, "the replaced one stays in the list for now");
    assert_eq!(told(service::resend_invitation(&amara, first.id).await), AppError::Refused(Refusal::NotNow));
    assert_eq!(told(service::delete_invitation(&amara, first.id).await), AppError::Refused(Refusal::NotNow));

    service::complete_setup(&app.nobody(), setup(&new)).await.unwrap();
    assert_eq!(list(&amara, "").await, [("lars@hansa.test".into(), Status::Approved)], "and leaves it with completion");
    assert_eq!(app.count("select n from tallies where kind = 'invitations:teammate'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_resends_at_once_leave_one_live_link() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let (first, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        let amara = Arc::clone(&amara);
        tries.spawn(async move { service::resend_invitation(&amara, first.id).await });
    }
    let sent = tries.join_all().await.into_iter().filter(Result::is_ok).count();
    assert_eq!(sent, 1);
    assert_eq!(app.count("select count(*) from invitations where status = 'pending'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_kills_the_link_and_frees_the_address() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    service::delete_invitation(&amara, sent.id).await.unwrap();
    assert!(list(&amara, "").await.is_empty());
    dead(service::open_invitation(&app.nobody(), &token).await);
    assert_eq!(app.count("select count(*) from messages").await, 0, "a mail that has not left is withdrawn");
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.delete'").await, 1);
    app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_15_expiry_is_judged_at_read_by_the_databases_clock() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (first, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    age(&app).await;
    assert_eq!(list(&amara, "expired").await, [("lars@hansa.test".into(), Status::Expired)]);
    assert!(list(&amara, "pending").await.is_empty());
    dead(service::open_invitation(&app.nobody(), &token).await);
    dead(service::complete_setup(&app.nobody(), setup(&token)).await);
    // An expired one is resent by inviting again, too.
    let (second, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
    assert_ne!(first.id, second.id);
    assert_eq!(list(&amara, "inactivated").await.len(), 1);
    // And deleted.
    age(&app).await;
    service::delete_invitation(&amara, second.id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_beside_the_field() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    for (email, problem) in [
        ("LARS@hansa.TEST", Problem::AlreadyInvited),
        ("amara@kestrel.test", Problem::AlreadyUser),
        ("lars", Problem::AddressShape),
        ("a@b", Problem::AddressDomain),
    ] {
        assert_eq!(told(invite(&amara, email, "member").await).problem("email"), Some(problem), "{email}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_nobody_invites_above_themselves() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let admin = app.user("Adam", BuiltIn::Administrator).await;
    let refused = told(invite(&admin, "x@y.test", "owner").await);
    assert_eq!(refused.problem("rows.0.role"), Some(Problem::AboveYou));
    for role in [BuiltIn::Member, BuiltIn::Visitor] {
        let low = app.user(&format!("Low{}", role.slug()), role).await;
        assert!(matches!(told(invite(&low, "x@y.test", "member").await), AppError::Denied(_)));
    }
    assert_eq!(told(invite(&app.nobody(), "x@y.test", "member").await), AppError::Unauthorized);
    assert_eq!(app.count("select count(*) from invitations").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_12_the_inviter_must_still_be_able_to_give() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for name in ["Demoted", "Disabled", "Gone"] {
        let admin = app.user(name, BuiltIn::Administrator).await;
        let email = format!("for-{}@hansa.test", name.to_lowercase());
        let (_, token) = app.invite(&admin, &email, BuiltIn::Administrator).await;
        let id = admin.actor.as_ref().unwrap().user_id.unwrap();
        match name {
            "Demoted" => drop(app.set_role(&amara, &admin, BuiltIn::Member).await.unwrap()),
            "Disabled" => {
                let form = EditForm { id, full_name: name.into(), state: "disabled".into(), ..Default::default() };
                people::service::edit_user(&amara, form).await.unwrap();
            }
            _ => drop(people::service::remove_user(&amara, id).await.unwrap()),
        }
        // Told before the form is filled in, and again when it comes nevertheless. The list is whole.
        let refused = service::open_invitation(&app.nobody(), &token).await;
        assert_eq!(told(refused), AppError::Refused(Refusal::InviterGone), "{name}");
        let refused = service::complete_setup(&app.nobody(), setup(&token)).await;
        assert_eq!(told(refused), AppError::Refused(Refusal::InviterGone), "{name}");
    }
    assert_eq!(list(&amara, "pending").await.len(), 3);
    // What has ended has ended by the database's clock.
    let admin = app.user("Ended", BuiltIn::Administrator).await;
    let (_, token) = app.invite(&admin, "for-ended@hansa.test", BuiltIn::Member).await;
    app.execute(
        "update assignments set until = now() - interval '1 second' from users
         where users.id = user_id and full_name = 'Ended'",
    )
    .await;
    let refused = service::complete_setup(&app.nobody(), setup(&token)).await;
    assert_eq!(told(refused), AppError::Refused(Refusal::InviterGone));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_invitation_is_an_unknown_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for id in [sent.id, Uuid::now_v7()] {
        assert_eq!(told(service::resend_invitation(&olga, id).await), AppError::NotFound);
        assert_eq!(told(service::delete_invitation(&olga, id).await), AppError::NotFound);
    }
    assert!(list(&olga, "").await.is_empty());
    dead(service::open_invitation(&app.nobody_of(&other), &token).await);
    dead(service::complete_setup(&app.nobody_of(&other), setup(&token)).await);
    service::open_invitation(&app.nobody(), &token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_1_a_flipped_byte_is_an_unknown_link() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        // Two bits of the last letter are not part of the 256; flipping others always matters.
        if at + 1 < token.len() {
            dead(service::open_invitation(&app.nobody(), &String::from_utf8(bytes).unwrap()).await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_14_whoever_was_removed_can_be_invited_again() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    let users =
        people::service::list_users(&amara, &ListQuery { q: "lars".into(), ..Default::default() }).await.unwrap();
    people::service::remove_user(&amara, users.rows[0].id).await.unwrap();
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_18_wrong_tries_never_strand_the_invitee() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    for _ in 0..30 {
        let form = SetupForm { again: "different".into(), ..setup(&token) };
        assert_eq!(
            told(service::complete_setup(&app.nobody(), form).await).problem("again"),
            Some(Problem::PasswordDiffers)
        );
    }
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_33_the_raw_token_is_nowhere_in_the_database() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (_, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    let secret = token.split('.').nth(1).unwrap().to_owned();
    let everything = "select count(*) from (
            select t::text as row from users t union all select t::text from sessions t union all
            select t::text from invitations t union all select t::text from messages t union all
            select t::text from audit_log t union all select t::text from workspaces t) rows
        where row like '%' || $1 || '%' or row like '%' || $2 || '%'";
    let hexed: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let found: i64 = sqlx::query_scalar(everything).bind(&secret).bind(&hexed).fetch_one(&app.app.pool).await.unwrap();
    assert_eq!(found, 0);
}
