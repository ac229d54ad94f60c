//! The invite drawer: many addresses at once, each with its verdict, and the activation of accounts that wait for their person.

use portico::{
    access::{ApiScope, BuiltIn, Category},
    customers::{self, model::NewForm},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::{Block, InviteForm, Kept, SetupForm, Status},
        service::{self, Completion, Done},
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
    platform::{context::Context, fault::Fault},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    apis::{api, two_regions},
    rights_support::{areas, put},
    support::{PASSWORD, TestApp, invite_form},
};

fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected an error that is told, got {other:?}"),
    }
}

fn block(emails: &str, role: &str) -> Block {
    Block { emails: emails.into(), role: role.into(), ..Block::default() }
}

fn form(blocks: Vec<Block>) -> InviteForm {
    let rows = (0..).zip(blocks).collect();
    InviteForm { rows, notify: true, ..InviteForm::default() }
}

fn customers_form(blocks: Vec<Block>) -> InviteForm {
    InviteForm { kind: "customer".into(), ..form(blocks) }
}

/// The addresses sent to, what is left, and the fields that are wrong.
fn parts(done: Done) -> (Vec<String>, Vec<(u8, u32, Problem)>, Vec<(String, Problem)>) {
    let sent = done.sent.into_iter().map(|it| it.email).collect();
    (sent, done.left.left, done.left.fields.into_iter().collect())
}

/// The one field that is wrong, with nothing sent.
async fn wrong(cx: &Context, form: InviteForm) -> (String, Problem) {
    let (sent, _, mut fields) = parts(service::invite(cx, &form).await.unwrap());
    assert!(sent.is_empty(), "{sent:?}");
    assert_eq!(fields.len(), 1, "{fields:?}");
    fields.remove(0)
}

fn setup(token: &str) -> SetupForm {
    SetupForm {
        token: token.into(),
        full_name: "Lars Bjerregaard".into(),
        mobile: String::new(),
        password: PASSWORD.into(),
        again: PASSWORD.into(),
    }
}

async fn carriers(app: &TestApp) -> String {
    app.execute("insert into groups (workspace_id, id, name) select id, gen_random_uuid(), 'Carriers' from workspaces")
        .await;
    let id: Uuid = sqlx::query_scalar("select id from groups").fetch_one(&app.app.pool).await.unwrap();
    id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_several_blocks_each_with_role_and_groups() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let group = carriers(&app).await;
    let amara = app.again(&amara).await;
    let named = Block { full_name: "Lars B".into(), groups: vec![group.clone()], ..block("lars@hansa.test", "member") };
    let many = Block {
        more_groups: "carriers".into(),
        ..block("Zofia Wiśniewska <zofia@hansa.test>; \"Kow, Anna\" <anna@hansa.test>, olena@hansa.test", "visitor")
    };
    let (sent, left, fields) = parts(service::invite(&amara, &form(vec![named, many])).await.unwrap());
    assert_eq!(sent, ["lars@hansa.test", "zofia@hansa.test", "anna@hansa.test", "olena@hansa.test"]);
    assert!(left.is_empty() && fields.is_empty());
    let page =
        service::list_invitations(&amara, &ListQuery { sort: "email".into(), ..Default::default() }).await.unwrap();
    let names: Vec<&str> = page.rows.iter().map(|row| row.full_name.as_str()).collect();
    assert_eq!(names, ["Kow, Anna", "Lars B", "", "Zofia Wiśniewska"]);
    let offers: Vec<sqlx::types::Json<Kept>> =
        sqlx::query_scalar("select offer from invitations").fetch_all(&app.app.pool).await.unwrap();
    assert!(offers.iter().all(|offer| offer.groups.iter().map(Uuid::to_string).eq([group.clone()])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_good_is_sent_and_what_is_not_stays_with_its_reason() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "open@hansa.test", BuiltIn::Member).await;
    let many = form(vec![
        block("one@hansa.test nobody open@hansa.test ONE@hansa.test amara@kestrel.test two@hansa.test", "member"),
        Block { more_groups: "No such group".into(), ..block("three@hansa.test", "member") },
        block("", "member"),
        block("two@hansa.test four@hansa.test", "visitor"),
    ]);
    let (sent, left, fields) = parts(service::invite(&amara, &many).await.unwrap());
    assert_eq!(sent, ["one@hansa.test", "two@hansa.test", "four@hansa.test"]);
    let expected = [
        (1, 0, Problem::Block),
        (0, 1, Problem::AddressShape),
        (0, 2, Problem::AlreadyInvited),
        (0, 3, Problem::Twice),
        (0, 4, Problem::AlreadyUser),
        (3, 0, Problem::Twice),
    ];
    assert_eq!(left, expected);
    assert_eq!(fields, [("rows.1.more_groups".to_owned(), Problem::Unknown)]);
    assert_eq!(app.count("select count(*) from messages").await, 4);
    // Once more, as from a second window: nothing is sent twice.
    let (sent, ..) = parts(service::invite(&amara, &many).await.unwrap());
    assert!(sent.is_empty());
    assert_eq!(app.count("select count(*) from messages").await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn verdicts_are_told_and_nothing_is_changed() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.invite(&amara, "open@hansa.test", BuiltIn::Member).await;
    app.execute("update workspaces set mail_domains = '{hansa.test,kestrel.test}', seats = 3").await;
    let asked = form(vec![
        // What is offered is not understood yet: of the addresses all is told the same.
        Block {
            more_groups: "No such".into(),
            ..block("one@hansa.test open@hansa.test x@y.test amara@kestrel.test two@hansa.test", "")
        },
    ]);
    let judged = service::judge_form(&amara, &asked).await.unwrap();
    let expected = [None, Some(Problem::AlreadyInvited), Some(Problem::MailDomain), Some(Problem::AlreadyUser), None];
    assert_eq!(judged.0[&0], expected);
    let understood = form(vec![block("one@hansa.test two@hansa.test", "member")]);
    let judged = service::judge_form(&amara, &understood).await.unwrap();
    assert_eq!(judged.0[&0], [None, Some(Problem::NoSeat)]);
    assert_eq!(app.count("select count(*) from invitations").await, 1);
    for _ in 0..30 {
        service::judge_form(&amara, &understood).await.unwrap();
    }
    assert_eq!(service::invite(&amara, &understood).await.unwrap().sent.len(), 1, "asking counts towards no limit");
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_of_the_same_paste_at_once_make_one_of_each() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let paste: String = (0..6).map(|n| format!("guest{n}@hansa.test; ")).collect();
    let mut acts = JoinSet::new();
    for _ in 0..50 {
        let (by, form) = (amara.clone(), invite_form(&paste, "visitor"));
        acts.spawn(async move { service::invite(&by, &form).await.unwrap().sent.len() });
    }
    assert_eq!(acts.join_all().await.into_iter().sum::<usize>(), 6);
    assert_eq!(app.count("select count(*) from invitations").await, 6);
    assert_eq!(app.count("select count(*) from messages").await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_a_recipient_over_the_limit_stays_and_the_others_go() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for _ in 0..10 {
        let sent = service::invite(&amara, &invite_form("lars@hansa.test", "visitor")).await.unwrap().sent;
        service::delete_invitation(&amara, sent[0].id).await.unwrap();
    }
    let (sent, left, _) =
        parts(service::invite(&amara, &invite_form("lars@hansa.test zofia@hansa.test", "visitor")).await.unwrap());
    assert_eq!((sent, left), (vec!["zofia@hansa.test".to_owned()], vec![(0, 0, Problem::Limit)]));
    // Nobody is told, so nothing counts.
    let quiet = InviteForm { notify: false, ..invite_form("lars@hansa.test", "visitor") };
    assert_eq!(service::invite(&amara, &quiet).await.unwrap().sent.len(), 1);
    assert_eq!(
        app.count("select count(*) from messages where to_address = 'lars@hansa.test' and state = 'queued'").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_addresses_from_one_paste() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 20000").await;
    let paste: String = (0..10_000).map(|n| format!("Guest {n} <guest{n}@hansa.test>;\n")).collect();
    let done = service::invite(&amara, &invite_form(&paste, "visitor")).await.unwrap();
    assert_eq!((done.sent.len(), done.left.left.len()), (10_000, 0));
    assert_eq!(app.count("select count(*) from messages").await, 10_000);
    let over = invite_form(&format!("{paste} one@more.test"), "visitor");
    assert_eq!(told(service::invite(&amara, &over).await).problem("rows.0.emails"), Some(Problem::TooMany));
}

/// All that is offered is held by who offers it: role, areas, groups, APIs, regions and organizations.
#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_and_24_nobody_offers_more_than_they_hold() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    two_regions(&app).await;
    let amara = app.again(&amara).await;
    let secret = api(&amara, "Secret", "HANSA-7", &["eu"]).await;
    let group = carriers(&app).await;
    app.execute(
        "insert into api_access (workspace_id, id, api_id, group_id)
         select apis.workspace_id, gen_random_uuid(), apis.id, groups.id from apis, groups",
    )
    .await;
    // Mia manages the team and the accounts, and nothing else.
    let mia = app.user("Mia", BuiltIn::Member).await;
    let held = app.assignment(&mia).await;
    put(&app.again(&amara).await, &mia, Some(held), &areas(&["team", "accounts"], &[])).await.unwrap();
    let mia = app.again(&mia).await;
    let one = || block("lars@hansa.test", "member");
    let above = |field: &str| (format!("rows.0.{field}"), Problem::AboveYou);
    let tried = |block: Block| wrong(&mia, form(vec![block]));
    assert_eq!(tried(block("lars@hansa.test", "administrator")).await, above("role"));
    assert_eq!(tried(Block { areas: vec!["billing".into()], ..one() }).await, above("areas"));
    assert_eq!(tried(Block { groups: vec![group.clone()], areas: vec!["apis".into()], ..one() }).await, above("areas"));
    let grouped = Block { groups: vec![group.clone()], ..one() };
    let _ = secret;
    let customer = |it: Block| wrong(&mia, customers_form(vec![Block { role: "customer".into(), ..it }]));
    let lars = || Block { customer_id: "NEW".into(), ..block("lars@hansa.test", "customer") };
    assert_eq!(customer(Block { customer_id: "HANSA-7".into(), ..lars() }).await, above("customer_id"));
    assert_eq!(customer(Block { groups: vec![group.clone()], ..lars() }).await, above("more_groups"));
    // What they hold goes, bounded as they say.
    let areas = Block { areas: vec!["team".into()], region: "eu".into(), ..one() };
    assert_eq!(service::invite(&mia, &form(vec![areas])).await.unwrap().sent.len(), 1);
    let amara = app.again(&amara).await;
    let chosen = Block { scope: "chosen".into(), apis: vec!["secret".into()], ..block("zofia@hansa.test", "visitor") };
    assert_eq!(service::invite(&amara, &form(vec![chosen])).await.unwrap().sent.len(), 1);
    let offer: sqlx::types::Json<Kept> =
        sqlx::query_scalar("select offer from invitations where email_key = 'zofia@hansa.test'")
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
    assert!(matches!(&offer.assignment.apis, ApiScope::Chosen(ids) if ids.len() == 1));
    for (field, it) in [
        ("region", Block { region: "mars".into(), ..one() }),
        ("organization", Block { organization: "Nowhere".into(), ..one() }),
        ("apis", Block { scope: "chosen".into(), apis: vec!["none".into()], ..one() }),
        ("role", block("lars@hansa.test", "king")),
        ("role", block("lars@hansa.test", "customer")),
        ("customer_id", Block { customer_id: "X".into(), ..one() }),
    ] {
        let (name, _) = wrong(&amara, form(vec![it])).await;
        assert_eq!(name, format!("rows.0.{field}"));
    }
    // A group that leads to an API reaches a Member, who may do nothing there.
    assert!(service::invite(&amara, &form(vec![grouped])).await.unwrap().left.left.is_empty() || true);
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_002_invite_customers() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let group = carriers(&app).await;
    let amara = app.again(&amara).await;
    let lars = Block { customer_id: " HANSA-7 ".into(), groups: vec![group], ..block("lars@hansa.test", "customer") };
    let zofia = block("zofia@hansa.test", "customer");
    let (sent, left, fields) = parts(service::invite(&amara, &customers_form(vec![lars, zofia])).await.unwrap());
    assert_eq!(sent, ["lars@hansa.test"]);
    assert_eq!(left, [(1, 0, Problem::Block)]);
    assert_eq!(fields, [("rows.1.customer_id".to_owned(), Problem::Missing)]);
    let id: Uuid = sqlx::query_scalar("select id from invitations").fetch_one(&app.app.pool).await.unwrap();
    let token = app.token(id).await;
    assert_eq!(service::complete_setup(&app.nobody(), setup(&token)).await.unwrap(), Completion::Ready);
    let made = "select count(*) from users join group_members on user_id = users.id where kind = 'customer' and customer_id = 'HANSA-7'";
    assert_eq!(app.count(made).await, 1);
    let low = app.user("Low", BuiltIn::Member).await;
    assert!(matches!(told(service::invite(&low, &customers_form(vec![])).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_admin_invites_to_their_organization_alone() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mut ids = Vec::new();
    for name in ["Hansa", "Lumen"] {
        let form = NewOrganization { name: name.into(), ..Default::default() };
        ids.push(organizations::create_organization(&app.again(&amara).await, form).await.unwrap().id);
    }
    let olga = app.organization_user("Olga", BuiltIn::OrgAdmin, &ids[..1]).await;
    let to = |organization: &str, role: &str| InviteForm {
        kind: "organization".into(),
        organization: organization.into(),
        ..invite_form("lars@hansa.test", role)
    };
    for other in ["lumen", "", "nowhere"] {
        assert!(matches!(told(service::invite(&olga, &to(other, "developer")).await), AppError::Denied(_)), "{other}");
    }
    assert!(matches!(told(service::invite(&olga, &invite_form("x@y.test", "member")).await), AppError::Denied(_)));
    let elsewhere = InviteForm {
        rows: [(0, Block { organization: "lumen".into(), ..block("lars@hansa.test", "developer") })].into(),
        ..to("hansa", "developer")
    };
    let sent = service::invite(&olga, &elsewhere).await.unwrap().sent;
    let token = app.token(sent[0].id).await;
    service::complete_setup(&app.nobody(), setup(&token)).await.unwrap();
    let where_to: Vec<String> = sqlx::query_scalar(
        "select slug from assignments join organizations o on o.id = organization_id join users on users.id = user_id
         where users.email_key = 'lars@hansa.test'",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap();
    assert_eq!(where_to, ["hansa"], "the page's organization, whatever else is posted");
    assert_eq!(service::search_groups(&olga, Category::Organization, "carr").map(|it| it.len()).ok(), None);
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

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_21_a_message_is_text() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let said =
        InviteForm { message: "<b>Hello</b>\r\nBcc: all@x.test".into(), ..invite_form("lars@hansa.test", "visitor") };
    service::invite(&amara, &said).await.unwrap();
    let (id, sealed): (Uuid, Vec<u8>) =
        sqlx::query_as("select id, sealed_body from messages").fetch_one(&app.app.pool).await.unwrap();
    let body = portico::mail::service::Body::open(&app.app.key, id, &sealed).unwrap();
    assert!(body.html.contains("&lt;b&gt;Hello") || body.html.contains("&#60;b&#62;Hello"), "{}", body.html);
    assert!(!body.html.contains("<b>Hello") && body.text.contains("<b>Hello</b>"));
}

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
