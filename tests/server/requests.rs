//! Requests for access: who asks, who decides, and what is given.

use std::sync::Arc;

use portico::{
    access::{Action, BuiltIn, Feature, When},
    error::{AppError, Problem, Refusal},
    listing::ListQuery,
    mail::service::Body,
    platform::{context::Context, fault::Fault},
    requests::{
        model::{AccessRequest, Apis, ApproveForm, Asked, DenyForm, RequestForm, Status},
        service,
    },
    rights::model::day_of,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::TestApp;

pub fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

pub fn ask(action: &str, feature: &str, days: &str) -> RequestForm {
    RequestForm {
        action: action.into(),
        feature: feature.into(),
        reason: "The invoices of November".into(),
        days: days.into(),
        ..RequestForm::default()
    }
}

pub fn approve(id: Uuid) -> ApproveForm {
    ApproveForm { id, lasts: "asked".into(), ..ApproveForm::default() }
}

fn day(at: i64) -> String {
    day_of(time::OffsetDateTime::from_unix_timestamp(at).unwrap())
}

pub fn deny(id: Uuid) -> DenyForm {
    DenyForm { id, answer: "Ask Finance\r\nfirst".into() }
}

/// Asks, and gives back the request.
pub async fn asked(cx: &Context, form: RequestForm) -> AccessRequest {
    service::request_access(cx, form).await.unwrap();
    own(cx).await
}

/// The newest of somebody's own.
async fn own(cx: &Context) -> AccessRequest {
    service::list_own_requests(cx, &ListQuery::default()).await.unwrap().rows.remove(0)
}

pub async fn may(app: &TestApp, cx: &Context, action: Action, feature: Feature) -> bool {
    app.again(cx).await.authorize(action, feature).is_ok()
}

pub fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// The mails that wait: to whom, subject, and text.
pub async fn mails(app: &TestApp) -> Vec<(String, String, String)> {
    let rows: Vec<(Uuid, String, String, Vec<u8>)> =
        sqlx::query_as("select id, to_address, subject, sealed_body from messages order by queued_at, id")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    let open = |id, sealed: Vec<u8>| Body::open(&app.app.key, id, &sealed).unwrap().text;
    rows.into_iter().map(|(id, to, subject, sealed)| (to, subject, open(id, sealed))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_asks_gets_it_and_it_ends() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.user("Adam", BuiltIn::Administrator).await;
    app.user("Mara", BuiltIn::Member).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "billing", "7")).await;
    assert_eq!(
        (request.status, request.days, request.reason.as_str()),
        (Status::Open, Some(7), "The invoices of November")
    );
    // Those who can approve it get mail, owners first; who asks does not.
    let written = mails(&app).await;
    let to: Vec<&str> = written.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(to, ["amara@kestrel.test", "adam@kestrel.test"]);
    assert_eq!(written[0].1, "Vito asks for Update on Billing");
    for said in ["vito@kestrel.test", "The invoices of November", "7 days", &format!("/access-requests/{}", request.id)]
    {
        assert!(written[0].2.contains(said), "{said} is missing in\n{}", written[0].2);
    }

    assert_eq!(service::count_open_requests(&amara).await.unwrap(), 1);
    let list = service::list_requests(&amara, &ListQuery::default()).await.unwrap();
    assert_eq!((list.rows[0].id, list.total), (request.id, 1));
    let details = service::find_request(&amara, request.id).await.unwrap();
    assert!(details.gives && details.there && !details.held && !details.yours);
    assert_eq!(details.apis, Apis::All);
    assert_eq!(details.holds.len(), 1, "the role Visitor");
    assert_eq!((details.preview.gain, details.preview.lose, details.preview.sums.len()), (1, 0, 1));
    assert_eq!(details.preview.sums[0].1.change, request.asked.change());
    assert!(matches!(details.preview.sums[0].1.when, When::Until(_)), "for seven days");

    assert!(!may(&app, &vito, Action::Update, Feature::Billing).await);
    service::approve_request(&amara, approve(request.id)).await.unwrap();
    assert!(may(&app, &vito, Action::Update, Feature::Billing).await, "at once");
    assert!(!may(&app, &vito, Action::Delete, Feature::Billing).await, "and nothing else");
    let given = own(&vito).await;
    let days = (given.until.unwrap() - given.decided_at.unwrap()).whole_hours() as f64 / 24.0;
    assert_eq!((given.status, days.round(), given.decided_by.as_deref()), (Status::Approved, 7.0, Some("Amara")));
    let last = mails(&app).await.pop().unwrap();
    assert_eq!((last.0.as_str(), last.1.as_str()), ("vito@kestrel.test", "Approved: Update on Billing"));
    assert!(last.2.contains("Amara approved your request.") && last.2.contains("UTC"), "{}", last.2);

    // PITFALLS.md 26: over is over, with nothing to clear away.
    app.execute("update assignments set until = now() where role_id is null").await;
    assert!(!may(&app, &vito, Action::Update, Feature::Billing).await);
    assert_eq!(own(&vito).await.status, Status::Ended);
    app.execute("delete from assignments where role_id is null").await;
    assert_eq!(own(&vito).await.status, Status::TakenAway);
    asked(&vito, ask("update", "billing", "none")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn less_than_asked_is_given_less() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    app.execute("insert into regions (workspace_id, slug, name) select id, 'eu', 'Europe' from workspaces").await;
    let amara = app.again(&amara).await;
    let vito = app.again(&vito).await;
    let request = asked(&vito, ask("update", "apis", "none")).await;
    let form = |region: &str, lasts: &str, date: &str| ApproveForm {
        region: region.into(),
        lasts: lasts.into(),
        date: date.into(),
        ..approve(request.id)
    };
    for (field, problem, form) in [
        ("region", Problem::Choice, form("nowhere", "asked", "")),
        ("date", Problem::Past, form("eu", "date", "2020-02-01")),
        ("date", Problem::Missing, form("eu", "date", "")),
        ("lasts", Problem::Choice, form("eu", "", "")),
    ] {
        assert_eq!(told(service::approve_request(&amara, form).await), AppError::field(field, problem));
    }
    let today = day(amara.actor.as_ref().unwrap().at);
    service::approve_request(&amara, form("eu", "date", &today)).await.unwrap();
    assert!(!may(&app, &vito, Action::Update, Feature::Apis).await, "not everywhere");
    let held = app.again(&vito).await.actor.unwrap().held;
    let given = held.facts.assignments.iter().find(|it| it.role.is_none()).unwrap();
    assert_eq!(given.region.as_deref(), Some("eu"));
    let until = given.until.unwrap();
    assert_eq!((until.hour(), until.minute(), until.second()), (0, 0, 0), "midnight in UTC");
    assert_eq!(own(&vito).await.given_region.as_deref(), Some("eu"));

    // What was asked for one region is not given in another, or in all.
    let request = asked(&vito, RequestForm { region: "eu".into(), ..ask("delete", "apis", "none") }).await;
    for region in ["", "global"] {
        let form = ApproveForm { region: region.into(), ..approve(request.id) };
        assert_eq!(told(service::approve_request(&amara, form).await), AppError::field("region", Problem::Choice));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_says_why_and_one_may_ask_again() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "billing", "30")).await;
    let silent = DenyForm { id: request.id, answer: " \r\n".into() };
    assert_eq!(told(service::deny_request(&amara, silent).await), AppError::field("answer", Problem::Missing));
    service::deny_request(&amara, deny(request.id)).await.unwrap();
    let denied = own(&vito).await;
    assert_eq!((denied.status, denied.answer.as_deref()), (Status::Denied, Some("Ask Finance\nfirst")));
    let last = mails(&app).await.pop().unwrap();
    assert_eq!((last.0.as_str(), last.1.as_str()), ("vito@kestrel.test", "Denied: Update on Billing"));
    assert!(last.2.contains("Ask Finance\n    first"), "{}", last.2);
    assert!(!may(&app, &vito, Action::Update, Feature::Billing).await);
    assert_ne!(asked(&vito, ask("update", "billing", "30")).await.id, request.id);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_is_one_and_what_is_held_is_not_asked_for() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let vito = Arc::new(app.user("Vito", BuiltIn::Visitor).await);
    let mut tries = JoinSet::new();
    for _ in 0..4 {
        let vito = Arc::clone(&vito);
        tries.spawn(async move { service::request_access(&vito, ask("update", "billing", "30")).await });
    }
    assert!(tries.join_all().await.iter().all(Result::is_ok));
    assert_eq!(app.count("select count(*) from access_requests").await, 1);
    assert_eq!(app.count("select count(*) from messages").await, 1);
    let billing = Asked { action: Action::Update, feature: "billing".into(), region: None };
    let prepared = service::prepare_request(&vito, &billing).await.unwrap();
    assert!(prepared.open.is_some_and(|open| open.status == Status::Open) && !prepared.held);

    let held = ask("view", "billing", "none");
    assert_eq!(told(service::request_access(&vito, held).await), AppError::Refused(Refusal::AlreadyHeld));
    // What ends sooner than it is needed may be asked for.
    app.execute("update assignments set until = now() + interval '2 days' where role_id = '00000000-0000-0000-0000-000000000005'").await;
    assert_eq!(
        told(service::request_access(&vito, ask("view", "billing", "1")).await),
        AppError::Refused(Refusal::AlreadyHeld)
    );
    asked(&vito, ask("view", "billing", "7")).await;
    for form in [
        ask("view", "nothing", "7"),
        ask("create", "analytics", "7"),
        RequestForm { region: "nowhere".into(), ..ask("view", "team", "7") },
    ] {
        assert_eq!(told(service::request_access(&vito, form).await), AppError::NotFound);
    }
}

/// Holds the role of these permissions, made for them.
async fn custom(app: &TestApp, name: &str, permissions: serde_json::Value) -> Context {
    let cx = app.user(name, BuiltIn::Member).await;
    let role = Uuid::now_v7();
    sqlx::query(
        "insert into roles (workspace_id, id, category, name, permissions) values ($1, $2, 'teammate', $3, $4)",
    )
    .bind(cx.ws())
    .bind(role)
    .bind(name)
    .bind(permissions)
    .execute(&app.app.pool)
    .await
    .unwrap();
    sqlx::query("update assignments set role_id = $2 where user_id = $1")
        .bind(id(&cx))
        .bind(role)
        .execute(&app.app.pool)
        .await
        .unwrap();
    app.again(&cx).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_24_nobody_gives_what_they_do_not_hold_nor_to_themselves() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let manager = custom(&app, "Manager", serde_json::json!({ "team": ["view", "update"] })).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "billing", "none")).await;
    // Who could not approve it is not written to.
    assert_eq!(mails(&app).await.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["amara@kestrel.test"]);
    assert!(!service::find_request(&manager, request.id).await.unwrap().gives);
    let refused = told(service::approve_request(&manager, approve(request.id)).await);
    assert_eq!(refused, AppError::Refused(Refusal::NotYoursToGive));
    // For as long as they hold it themselves they give it, and no longer.
    app.execute(
        "update assignments set permissions = '{\"billing\": [\"update\"]}', until = now() + interval '10 days'
        where user_id = (select id from users where full_name = 'Manager')",
    )
    .await;
    let refused = told(service::approve_request(&manager, approve(request.id)).await);
    assert_eq!(refused, AppError::Refused(Refusal::NotYoursToGive));
    let at = manager.actor.as_ref().unwrap().at;
    let date = ApproveForm { lasts: "date".into(), date: day(at + 5 * 86_400), ..approve(request.id) };
    service::approve_request(&manager, date).await.unwrap();
    assert!(may(&app, &vito, Action::Update, Feature::Billing).await);

    // PITFALLS.md 11: one's own is decided by others, whatever one holds.
    let mine = asked(&manager, ask("delete", "team", "none")).await;
    for result in [
        service::approve_request(&manager, approve(mine.id)).await,
        service::deny_request(&manager, deny(mine.id)).await,
    ] {
        assert_eq!(told(result), AppError::Refused(Refusal::OwnRequest));
    }
    assert!(service::find_request(&manager, mine.id).await.unwrap().yours);
    service::approve_request(&amara, approve(mine.id)).await.unwrap();
    for result in [
        service::list_requests(&vito, &ListQuery::default()).await.map(drop),
        service::find_request(&vito, mine.id).await.map(drop),
        service::approve_request(&vito, approve(mine.id)).await.map(drop),
        service::deny_request(&vito, deny(mine.id)).await.map(drop),
    ] {
        assert!(matches!(told(result), AppError::Denied(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_12_what_is_gone_is_not_given() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let adam = app.user("Adam", BuiltIn::Administrator).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "media", "none")).await;
    let other = asked(&vito, ask("update", "billing", "none")).await;
    app.execute("delete from features where slug = 'media'").await;
    assert!(!service::find_request(&amara, request.id).await.unwrap().there);
    assert_eq!(told(service::approve_request(&amara, approve(request.id)).await), AppError::Refused(Refusal::Gone));
    service::deny_request(&amara, deny(request.id)).await.unwrap();
    // An approver who is demoted while their request is on its way approves nothing.
    app.execute("update assignments set role_id = '00000000-0000-0000-0000-000000000004' where user_id = (select id from users where full_name = 'Adam')").await;
    assert!(matches!(told(service::approve_request(&adam, approve(other.id)).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_a_foreign_request_is_an_unknown_one() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let request = asked(&vito, ask("update", "billing", "none")).await;
    let other = portico::workspaces::service::create_workspace(&app.app.pool, "Other", "other.test").await.unwrap();
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    for target in [request.id, Uuid::now_v7()] {
        for result in [
            service::find_request(&olga, target).await.map(drop),
            service::approve_request(&olga, approve(target)).await.map(drop),
            service::deny_request(&olga, deny(target)).await.map(drop),
        ] {
            assert_eq!(told(result), AppError::NotFound);
        }
    }
    let all = ListQuery { status: "all".into(), ..ListQuery::default() };
    assert!(service::list_requests(&olga, &all).await.unwrap().rows.is_empty());
    assert_eq!(service::count_open_requests(&olga).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_decide_at_once_one_decides() {
    let app = TestApp::new().await;
    let amara = Arc::new(app.user("Amara", BuiltIn::Owner).await);
    let adam = Arc::new(app.user("Adam", BuiltIn::Administrator).await);
    let rounds = if std::env::var_os("PORTICO_SOAK").is_some() { 200 } else { 10 };
    for round in 0..rounds {
        let vito = app.user(&format!("Vito{round}"), BuiltIn::Visitor).await;
        let request = asked(&vito, ask("update", "billing", "none")).await.id;
        let mut acts = JoinSet::new();
        let one = Arc::clone(&amara);
        acts.spawn(async move { service::approve_request(&one, approve(request)).await });
        let other = Arc::clone(&adam);
        acts.spawn(async move {
            if round % 2 == 0 {
                service::approve_request(&other, approve(request)).await
            } else {
                service::deny_request(&other, deny(request)).await
            }
        });
        let (done, refused): (Vec<_>, Vec<_>) = acts.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (1, 1), "round {round}");
        assert_eq!(told(refused.into_iter().next().unwrap()), AppError::Refused(Refusal::Decided));
        let status = own(&vito).await.status;
        let given = may(&app, &vito, Action::Update, Feature::Billing).await;
        assert_eq!(given, status == Status::Approved, "round {round}");
    }
    let approved = app.count("select count(*) from access_requests where status = 'approved'").await;
    assert_eq!(app.count("select count(*) from assignments where role_id is null").await, approved);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_28_requests_and_decisions_are_audited() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    let first = asked(&vito, ask("update", "billing", "none")).await;
    service::approve_request(&amara, approve(first.id)).await.unwrap();
    let second = asked(&vito, ask("delete", "billing", "none")).await;
    service::deny_request(&amara, deny(second.id)).await.unwrap();
    let lines: Vec<(String, String, Option<serde_json::Value>, Option<serde_json::Value>)> =
        sqlx::query_as("select action, actor_name, before, after from audit_log order by id")
            .fetch_all(&app.app.pool)
            .await
            .unwrap();
    let acts: Vec<(&str, &str)> = lines.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    assert_eq!(
        acts,
        [
            ("access-request.create", "Vito"),
            ("rights.grant", "Amara"),
            ("access-request.approve", "Amara"),
            ("access-request.create", "Vito"),
            ("access-request.deny", "Amara"),
        ]
    );
    let (before, after) = (lines[1].2.as_ref().unwrap(), lines[1].3.as_ref().unwrap());
    assert_eq!(
        (before.as_array().unwrap().len(), &after["permissions"]),
        (1, &serde_json::json!({ "billing": ["update"] }))
    );
    assert_eq!(
        (&lines[2].2.as_ref().unwrap()["status"], &lines[2].3.as_ref().unwrap()["status"]),
        (&"open".into(), &"approved".into())
    );
    assert_eq!(lines[4].3.as_ref().unwrap()["answer"], "Ask Finance\nfirst");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_user_gets_it_within_their_organization() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let dana = app.user("Dana", BuiltIn::Customer).await;
    app.execute(
        "insert into organizations (workspace_id, id, slug, name)
        select id, 'aaaaaaaa-0000-0000-0000-000000000001', 'hansa', 'Hansa' from workspaces",
    )
    .await;
    let mut tx = app.app.pool.begin().await.unwrap();
    for sql in [
        "alter table assignments disable trigger assignments_organization",
        "delete from assignments where category = 'customer'",
        "update users set kind = 'organization' where kind = 'customer'",
        "insert into assignments (workspace_id, id, user_id, category, role_id, organization_id)
            select workspace_id, gen_random_uuid(), id, 'organization', '00000000-0000-0000-0000-000000000008', 'aaaaaaaa-0000-0000-0000-000000000001'
            from users where kind = 'organization'",
        "alter table assignments enable trigger assignments_organization",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let dana = app.again(&dana).await;
    let request = asked(&dana, ask("update", "accounts", "30")).await;
    let details = service::find_request(&amara, request.id).await.unwrap();
    assert_eq!((details.organizations.len(), details.apis), (1, Apis::Reached));
    let foreign = ApproveForm { organization: Uuid::now_v7().to_string(), ..approve(request.id) };
    assert_eq!(told(service::approve_request(&amara, foreign).await), AppError::field("organization", Problem::Choice));
    service::approve_request(&amara, approve(request.id)).await.unwrap();
    assert!(!may(&app, &dana, Action::Update, Feature::Accounts).await, "not for the whole workspace");
    let held = app.again(&dana).await.actor.unwrap();
    let question = portico::access::Question {
        organization: Some("hansa"),
        ..portico::access::Question::new(Action::Update, Feature::Accounts, held.at)
    };
    assert!(held.ask(&question).is_ok());
    let again = service::request_access(&dana, ask("update", "accounts", "1")).await;
    assert_eq!(told(again), AppError::Refused(Refusal::AlreadyHeld), "as far as it can be given to them");
}
