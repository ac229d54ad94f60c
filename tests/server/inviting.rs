//! All that an invitation can offer, the review, and the history.

use portico::{
    access::{BuiltIn, Category},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::{Offer, SetupForm, Status, What, status_of},
        service::{self, Ask, Completion, Said, Verdict},
        store,
    },
    listing::ListQuery,
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::support::{PASSWORD, TestApp};

const GROUP: Uuid = Uuid::from_u128(7);

const PARTNERS: &str = "insert into groups (workspace_id, id, name)
    select id, '00000000-0000-0000-0000-000000000007', 'Partners' from workspaces";

fn setup(token: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: "Lars Bjerregaard".into(),
        mobile: String::new(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

fn ask(email: &str, offer: &Offer) -> Ask {
    Ask { email: email.into(), full_name: String::new(), offer: offer.clone() }
}

fn visitor() -> Offer {
    Offer::everywhere(Category::Teammate, BuiltIn::Visitor.id())
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn history(app: &TestApp, cx: &Context, id: Uuid) -> Vec<What> {
    let mut db = app.app.pool.acquire().await.unwrap();
    store::list_events(&mut db, cx.ws(), id).await.unwrap().into_iter().map(|line| line.what).collect()
}

async fn status(cx: &Context, email: &str) -> Option<Status> {
    let query = ListQuery { q: email.into(), ..Default::default() };
    let page = service::list_invitations(cx, &query).await.unwrap();
    page.rows.into_iter().find(|row| row.email == email).map(|row| row.status)
}

/// One that waits: its id.
async fn waiting(app: &TestApp, by: &Context, email: &str) -> Uuid {
    app.execute("update workspaces set auto_approval = false").await;
    let (sent, token) = app.invite(by, email, BuiltIn::Visitor).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Waiting);
    sent.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_waits_and_is_accepted() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let id = waiting(&app, &amara, "lars@hansa.test").await;
    assert_eq!(status(&amara, "lars@hansa.test").await, Some(Status::Waiting));
    assert_eq!(app.count("select count(*) from users where email_key = 'lars@hansa.test'").await, 0);
    // Switching auto-approval on leaves it as it is.
    app.execute("update workspaces set auto_approval = true").await;
    assert_eq!(status(&amara, "lars@hansa.test").await, Some(Status::Waiting));
    service::review_invitation(&amara, id, Verdict::Accept).await.unwrap();
    assert_eq!(status(&amara, "lars@hansa.test").await, Some(Status::Approved));
    assert_eq!(app.count("select count(*) from users where email_key = 'lars@hansa.test'").await, 1);
    assert_eq!(app.count("select count(*) from invitations where registered_hash is not null").await, 0);
    assert_eq!(history(&app, &amara, id).await, [What::Invited, What::Queued, What::Completed, What::Accepted]);
    assert_eq!(refusal(service::review_invitation(&amara, id, Verdict::Deny).await), Refusal::NotNow);
    assert_eq!(app.count("select count(*) from messages where subject like 'Your account at %'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_14_a_denied_registration_is_forgotten_and_the_address_is_free() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let id = waiting(&app, &amara, "lars@hansa.test").await;
    assert_eq!(refusal(service::delete_invitation(&amara, id).await), Refusal::NotNow);
    assert_eq!(refusal(service::resend_invitation(&amara, id).await), Refusal::NotNow);
    service::review_invitation(&amara, id, Verdict::Deny).await.unwrap();
    assert_eq!(status(&amara, "lars@hansa.test").await, Some(Status::Rejected));
    assert_eq!(app.count("select count(*) from users").await, 1);
    assert_eq!(app.count("select count(*) from invitations where registered_hash is not null").await, 0);
    assert_eq!(app.count("select count(*) from messages where subject like '%not accepted'").await, 1);
    let again = service::resend_invitation(&amara, id).await.unwrap();
    assert_eq!(history(&app, &amara, id).await.last(), Some(&What::Superseded));
    let token = app.token(again.id).await;
    app.execute("update workspaces set auto_approval = true").await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    assert_eq!(app.count("select count(*) from invitations where not settled").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_4_fifty_verdicts_at_once_are_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let id = waiting(&app, &amara, "lars@hansa.test").await;
    let mut acts = tokio::task::JoinSet::new();
    for n in 0..50 {
        let by = amara.clone();
        let verdict = if n % 2 == 0 { Verdict::Accept } else { Verdict::Deny };
        acts.spawn(async move { service::review_invitation(&by, id, verdict).await.map(|_| verdict) });
    }
    let done: Vec<Verdict> = acts.join_all().await.into_iter().filter_map(Result::ok).collect();
    let [verdict] = done[..] else { panic!("{done:?}") };
    let accepted = i64::from(verdict == Verdict::Accept);
    assert_eq!(app.count("select count(*) from users where email_key = 'lars@hansa.test'").await, accepted);
    assert_eq!(app.count("select count(*) from invitation_events where what in ('accepted', 'denied')").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_a_reviewer_accepts_only_what_they_hold() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    app.execute("update workspaces set auto_approval = false").await;
    let (sent, token) = app.invite(&amara, "lars@hansa.test", BuiltIn::Owner).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    for verdict in [Verdict::Accept, Verdict::Deny] {
        assert_eq!(refusal(service::review_invitation(&adam, sent.id, verdict).await), Refusal::AboveYou);
    }
    service::review_invitation(&amara, sent.id, Verdict::Accept).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_good_is_sent_and_what_is_not_is_told() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "open@hansa.test", BuiltIn::Member).await;
    app.execute("update workspaces set mail_domains = '{hansa.test,kestrel.test}'").await;
    let offer = visitor();
    let customers_role =
        Offer { category: Category::Teammate, ..Offer::everywhere(Category::Customer, BuiltIn::Customer.id()) };
    let asks = vec![
        ask("one@hansa.test", &offer),
        ask("nobody", &offer),
        ask("ONE@Hansa.test", &offer),
        ask("open@hansa.test", &offer),
        ask("amara@kestrel.test", &offer),
        ask("two@elsewhere.test", &offer),
        ask("three@hansa.test", &customers_role),
        ask("two@hansa.test", &offer),
    ];
    let answers = service::invite_all(&amara, asks, &Said::default()).await.unwrap();
    let told: Vec<Result<String, Problem>> = answers.into_iter().map(|it| it.map(|sent| sent.email)).collect();
    assert_eq!(
        told,
        [
            Ok("one@hansa.test".into()),
            Err(Problem::AddressShape),
            Err(Problem::Twice),
            Err(Problem::AlreadyInvited),
            Err(Problem::AlreadyUser),
            Err(Problem::MailDomain),
            Err(Problem::Choice),
            Ok("two@hansa.test".into()),
        ]
    );
    assert_eq!(app.count("select count(*) from messages").await, 3);
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.create'").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_seats_end_in_the_midst_of_a_paste() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 4").await;
    let asks = (0..5).map(|n| ask(&format!("guest{n}@hansa.test"), &visitor())).collect();
    let answers = service::invite_all(&amara, asks, &Said::default()).await.unwrap();
    assert_eq!(answers.iter().filter(|it| it.is_ok()).count(), 3);
    assert_eq!(answers.iter().filter(|it| **it == Err(Problem::NoSeat)).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn not_notified_waits_without_end_and_is_sent_from_its_row() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let quiet = Said { notify: false, ..Said::default() };
    let answers = service::invite_all(&amara, vec![ask("lars@hansa.test", &visitor())], &quiet).await.unwrap();
    let id = answers[0].as_ref().unwrap().id;
    assert_eq!(app.count("select count(*) from messages").await, 0);
    assert_eq!(app.count("select count(*) from invitations where valid_until > now() + interval '9 years'").await, 1);
    let sent = service::resend_invitation(&amara, id).await.unwrap();
    assert_eq!(sent.id, id, "the first sending stays on its row");
    assert_eq!(app.count("select count(*) from invitations where valid_until < now() + interval '4 days'").await, 1);
    let token = app.token(id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    assert_eq!(history(&app, &amara, id).await, [What::Invited, What::Queued, What::Completed, What::Accepted]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_accepts_with_customer_id_and_groups() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(PARTNERS).await;
    let amara = app.again(&amara).await;
    let offer = Offer {
        customer_id: Some("ACME-1".into()),
        groups: vec![GROUP],
        ..Offer::everywhere(Category::Customer, BuiltIn::Customer.id())
    };
    let answers = service::invite_all(&amara, vec![ask("lars@hansa.test", &offer)], &Said::default()).await.unwrap();
    let token = app.token(answers[0].as_ref().unwrap().id).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    assert_eq!(app.count("select count(*) from users where kind = 'customer' and customer_id = 'ACME-1'").await, 1);
    assert_eq!(app.count("select count(*) from group_members").await, 1);
    assert_eq!(app.count("select count(*) from assignments where category = 'customer' and not all_apis").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_a_group_that_is_gone_holds_the_acceptance_up_and_both_are_told() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(PARTNERS).await;
    let amara = app.again(&amara).await;
    let offer = Offer { groups: vec![GROUP], ..visitor() };
    let answers = service::invite_all(&amara, vec![ask("lars@hansa.test", &offer)], &Said::default()).await.unwrap();
    let id = answers[0].as_ref().unwrap().id;
    let token = app.token(id).await;
    app.execute("delete from groups").await;
    for _ in 0..2 {
        let answer = service::complete_setup(&app.nobody(), setup(&token)).await;
        assert_eq!(refusal(answer), Refusal::OfferGone);
    }
    assert_eq!(history(&app, &amara, id).await, [What::Invited, What::Queued, What::Held]);
    let amara = app.again(&amara).await;
    assert_eq!(refusal(service::resend_invitation(&amara, id).await), Refusal::OfferGone);
}

/// Whoever writes, the database keeps to the table of DESIGN.md section 3.
#[tokio::test(flavor = "multi_thread")]
async fn every_step_that_is_not_in_the_table_is_refused_by_the_database() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (sent, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
    let may = [
        ("pending", "approved"),
        ("pending", "waiting"),
        ("waiting", "approved"),
        ("waiting", "rejected"),
        ("pending", "inactivated"),
        ("rejected", "inactivated"),
    ];
    let words = ["pending", "waiting", "approved", "rejected", "inactivated"];
    for from in words {
        for to in words {
            // What goes with each status.
            let set = |status: &str| {
                let done = if matches!(status, "waiting" | "approved" | "rejected") { "now()" } else { "null" };
                let by = if status == "inactivated" { "gen_random_uuid()" } else { "null" };
                let hash = if status == "waiting" { "'x'" } else { "null" };
                format!(
                    "status = '{status}', completed_at = {done}, replaced_by = {by}, registered_hash = {hash}, registered_name = {hash}"
                )
            };
            let mut db = app.connection().await;
            sqlx::raw_sql("alter table invitations disable trigger invitations_states_update")
                .execute(&mut db)
                .await
                .unwrap();
            let id = sent.id;
            let first = format!(
                "update invitations set {} where id = '{id}'; alter table invitations enable trigger invitations_states_update",
                set(from)
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(first)).execute(&mut db).await.unwrap();
            let then = format!("update invitations set {} where id = '{id}'", set(to));
            let answer = sqlx::raw_sql(sqlx::AssertSqlSafe(then)).execute(&mut db).await;
            let refused = answer.err().and_then(|error| error.as_database_error()?.constraint().map(ToOwned::to_owned));
            let expected = (from != to && !may.contains(&(from, to))).then(|| "invitations_states".to_owned());
            assert_eq!(refused, expected, "{from} to {to}");
        }
    }
    assert_eq!(status_of(&history(&app, &amara, sent.id).await, false), Status::Pending);
}
