//! Plans and their seats: what a plan withholds is refused by the server, and no path takes a seat that is not there.

use std::sync::Arc;

use portico::{
    access::BuiltIn,
    billing::service::{read_billing, set_plan},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::SetupForm,
        service::{self as invitations, Sent},
    },
    people::{
        model::{EditForm, State},
        service as people,
    },
    platform::{context::Context, fault::Fault},
    workspaces::model::Plan,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::{PASSWORD, TestApp};

/// Sets the plan as the operator does.
async fn plan(app: &TestApp, plan: Plan, seats: Option<i32>) {
    let operator = Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    set_plan(&operator, plan, seats).await.unwrap();
}

async fn invite(by: &Context, email: &str) -> Result<Sent, Fault> {
    super::support::invite(by, email, "member").await
}

fn refused<T: std::fmt::Debug>(result: Result<T, Fault>) -> Refusal {
    match result {
        Err(Fault::Told(AppError::Refused(refusal))) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn accept(app: &TestApp, token: &str) -> Result<(), Fault> {
    let form = SetupForm {
        token: token.into(),
        full_name: "Guest".into(),
        mobile: String::new(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    };
    invitations::complete_setup(&app.nobody(), form).await.map(drop)
}

async fn switch(by: &Context, user: &Context, state: State) -> Result<(), Fault> {
    let actor = user.actor.as_ref().unwrap();
    let form = EditForm {
        id: actor.user_id.unwrap(),
        full_name: actor.full_name.clone(),
        state: state.slug().into(),
        ..EditForm::default()
    };
    people::edit_user(by, form).await.map(drop)
}

async fn taken(app: &TestApp, by: &Context) -> i64 {
    let billing = read_billing(by).await.unwrap();
    assert_eq!(
        billing.taken(),
        app.count("select seats_taken(id, 100000) from workspaces").await,
        "what is shown is what is enforced"
    );
    billing.taken()
}

/// "The invite feature is only available for Pro and Enterprise customers" (seed 000).
#[tokio::test(flavor = "multi_thread")]
async fn seed_000_invitations_come_with_pro_and_enterprise() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (early, token) = app.invite(&amara, "early@hansa.test", BuiltIn::Member).await;
    for tier in Plan::ALL {
        plan(&app, tier, None).await;
        let before = app.count("select count(*) from messages").await;
        let sent = invite(&amara, &format!("{}@hansa.test", tier.slug())).await;
        if tier == Plan::Free {
            assert_eq!(refused(sent), Refusal::Plan);
            assert_eq!(refused(invitations::resend_invitation(&amara, early.id).await), Refusal::Plan);
            assert_eq!(app.count("select count(*) from messages").await, before, "nothing was sent");
        } else {
            sent.unwrap();
        }
    }
    plan(&app, Plan::Free, None).await;
    accept(&app, &token).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn on_free_the_way_to_invite_is_there_and_explains() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "early@hansa.test", BuiltIn::Member).await;
    plan(&app, Plan::Free, None).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let list = site.get("/invitations", &cookie).await.text().await.unwrap();
    assert!(list.contains("+ INVITE") && list.contains("Resend invitation to early@hansa.test"));
    assert!(!list.contains("/api/resend-invitation"), "it leads to the explanation");
    for page in ["/users?invite=1", "/invitations?invite=1"] {
        let shown = site.get(page, &cookie).await.text().await.unwrap();
        assert!(shown.contains("Invitations come with Pro and Enterprise.") && shown.contains("on Free"), "{page}");
        assert!(!shown.contains("form[rows]"), "{page}");
    }
    let fields = [("form[rows][0][emails]", "lars@hansa.test"), ("form[rows][0][role]", "member")];
    let answer = site.post("/users?invite=1", "invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(app.count("select count(*) from invitations").await, 1);
}

/// "Paid accounts support up to 50 teammates" (seed 003).
#[tokio::test(flavor = "multi_thread")]
async fn seed_003_a_paid_plan_has_50_teammates() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    plan(&app, Plan::Pro, None).await;
    // Customers take no seat.
    app.user("Carla", BuiltIn::Customer).await;
    for n in 1..50 {
        invite(&amara, &format!("guest{n}@hansa.test")).await.unwrap();
    }
    assert_eq!(taken(&app, &amara).await, 50);
    assert_eq!(refused(invite(&amara, "late@hansa.test").await), Refusal::NoSeat);
    assert_eq!(app.count("select count(*) from messages").await, 49, "no mail without its invitation");

    plan(&app, Plan::Enterprise, Some(51)).await;
    invite(&amara, "late@hansa.test").await.unwrap();
    assert_eq!(refused(invite(&amara, "later@hansa.test").await), Refusal::NoSeat);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_fifty_at_once_take_the_seats_that_are_there() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    plan(&app, Plan::Enterprise, Some(4)).await;
    let mut acts = JoinSet::new();
    for n in 0..50 {
        let amara = Arc::clone(&amara);
        acts.spawn(async move { invite(&amara, &format!("guest{n}@hansa.test")).await });
    }
    let (sent, not): (Vec<_>, Vec<_>) = acts.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(sent.len(), 3);
    for result in not {
        assert_eq!(refused(result), Refusal::NoSeat);
    }
    assert_eq!(taken(&app, &amara).await, 4);
    assert_eq!(app.count("select count(*) from messages").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_the_last_seat_is_taken_once_by_whatever_path() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let lars = Arc::new(app.user("Lars", BuiltIn::Visitor).await);
    let (expired, _) = app.invite(&amara, "expired@hansa.test", BuiltIn::Member).await;
    let mut expired = expired.id;
    plan(&app, Plan::Enterprise, Some(2)).await;
    for round in 0..8 {
        // One seat is free: who was disabled, who was invited too long ago and who is new all want it.
        switch(&amara, &lars, State::Disabled).await.unwrap();
        app.execute("update invitations set valid_until = now() - interval '1 second' where status = 'pending'").await;
        assert_eq!(taken(&app, &amara).await, 1, "round {round}");
        let mut acts = JoinSet::new();
        let (by, whom) = (Arc::clone(&amara), Arc::clone(&lars));
        acts.spawn(async move { switch(&by, &whom, State::Enabled).await.map(|()| None) });
        let by = Arc::clone(&amara);
        acts.spawn(async move { invitations::resend_invitation(&by, expired).await.map(|sent| Some(sent.id)) });
        let by = Arc::clone(&amara);
        acts.spawn(async move { invite(&by, &format!("new{round}@hansa.test")).await.map(|_| None) });
        let results = acts.join_all().await;
        for result in results.iter().filter_map(|result| result.as_ref().err()) {
            assert!(matches!(result, Fault::Told(AppError::Refused(Refusal::NoSeat))), "round {round}: {result:?}");
        }
        let won: Vec<_> = results.into_iter().filter_map(Result::ok).collect();
        assert_eq!(won.len(), 1, "round {round}");
        expired = won[0].unwrap_or(expired);
        assert_eq!(taken(&app, &amara).await, 2, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_whoever_was_invited_holds_their_seat() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let (first, _) = app.invite(&amara, "lars@hansa.test", BuiltIn::Member).await;
    plan(&app, Plan::Enterprise, Some(2)).await;
    // A resend takes the seat of what it replaces.
    let again = invitations::resend_invitation(&amara, first.id).await.unwrap();
    assert_eq!(taken(&app, &amara).await, 2);
    let token = app.token(again.id).await;
    let (zofia, other) = {
        plan(&app, Plan::Enterprise, Some(3)).await;
        app.invite(&amara, "zofia@hansa.test", BuiltIn::Member).await
    };
    assert_eq!(refused(invite(&amara, "late@hansa.test").await), Refusal::NoSeat);
    accept(&app, &token).await.unwrap();
    // Where the plan has shrunk since, nobody new comes in, but who was promised a seat has it.
    plan(&app, Plan::Enterprise, Some(1)).await;
    assert_eq!(refused(invite(&amara, "late@hansa.test").await), Refusal::NoSeat);
    accept(&app, &other).await.unwrap();
    assert_eq!(taken(&app, &amara).await, 3);
    assert_eq!(refused(invitations::resend_invitation(&amara, zofia.id).await), Refusal::NotNow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_finds_no_seat_keeps_what_was_typed() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    plan(&app, Plan::Enterprise, Some(1)).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let fields =
        [("form[rows][0][emails]", "lars@hansa.test"), ("form[rows][0][role]", "visitor"), ("form[back]", "/users")];
    let answer = site.post("/users?invite=1", "invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Every seat is taken.") && page.contains(">lars@hansa.test</textarea>"));
    assert!(page.contains("0 of 1 seats are free."));
    let billing = site.get("/billing", &cookie).await.text().await.unwrap();
    assert!(billing.contains("1 of 1 seats") && billing.contains("Every seat is taken."), "{billing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn seats_are_adjusted_on_enterprise_alone_and_never_below_one() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let visitor = app.user("Vito", BuiltIn::Visitor).await;
    let operator = Context::command_line(app.app.clone(), app.workspace.clone()).await.unwrap();
    for tier in [Plan::Free, Plan::Pro] {
        let set = set_plan(&operator, tier, Some(80)).await;
        assert!(matches!(set, Err(Fault::Told(error)) if error.problem("seats") == Some(Problem::Plan)));
        assert_eq!(set_plan(&operator, tier, None).await.unwrap().seats, tier.seats());
    }
    for (seats, expected) in [(None, 50), (Some(1200), 1200), (Some(0), 1), (Some(-3), 1)] {
        assert_eq!(set_plan(&operator, Plan::Enterprise, seats).await.unwrap().seats, expected);
    }
    let audited: (String, Option<Uuid>, serde_json::Value, serde_json::Value) = sqlx::query_as(
        "select actor_name, actor_id, before, after from audit_log where action = 'plan.update' order by at limit 1",
    )
    .fetch_one(&app.app.pool)
    .await
    .unwrap();
    let plan = |plan: &str, seats: i32| serde_json::json!({ "plan": plan, "seats": seats });
    assert_eq!(audited, ("Command line".into(), None, plan("enterprise", 50), plan("free", 5)));
    assert_eq!(app.count("select count(*) from audit_log where action = 'plan.update'").await, 6);
    // It is a write like any other: who may only see Billing does not reach it.
    assert!(read_billing(&visitor).await.is_ok());
    assert!(matches!(set_plan(&visitor, Plan::Pro, None).await, Err(Fault::Told(AppError::Denied(_)))));
    assert_eq!(read_billing(&amara).await.unwrap().plan, Plan::Enterprise);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_plan_is_known_to_open_consoles_at_once() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    let mut stream = site.get("/events", &cookie).await;
    // The server remembers the workspace with its plan.
    let session = site.call("read-session", &cookie, &[]).await.text().await.unwrap();
    assert!(session.contains("\"plan\":\"enterprise\""), "{session}");
    plan(&app, Plan::Pro, None).await;
    let mut heard = String::new();
    while !heard.contains("data: settings") {
        heard.push_str(std::str::from_utf8(&stream.chunk().await.unwrap().unwrap()).unwrap());
    }
    let session = site.call("read-session", &cookie, &[]).await.text().await.unwrap();
    assert!(session.contains("\"plan\":\"pro\""), "{session}");
}
