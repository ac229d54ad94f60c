//! The invite drawer: many addresses at once, each with its verdict.

use portico::{
    access::{ApiScope, BuiltIn, Category},
    error::{AppError, Problem},
    invitations::{
        model::{Block, InviteForm, Kept, SetupForm},
        service::{self, Completion, Invited},
    },
    listing::ListQuery,
    organizations::{model::NewForm as NewOrganization, service as organizations},
    platform::{context::Context, fault::Fault},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    apis::{api, two_regions},
    support::{PASSWORD, TestApp, invite_form},
};

pub fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected an error that is told, got {other:?}"),
    }
}

pub fn block(emails: &str, role: &str) -> Block {
    Block { emails: emails.into(), role: role.into(), ..Block::default() }
}

pub fn form(blocks: Vec<Block>) -> InviteForm {
    let rows = (0..).zip(blocks).collect();
    InviteForm { rows, notify: true, ..InviteForm::default() }
}

fn customers_form(blocks: Vec<Block>) -> InviteForm {
    InviteForm { kind: "customer".into(), ..form(blocks) }
}

/// The addresses sent to, what is left, and the fields that are wrong.
type Parts = (Vec<String>, Vec<(u8, u32, Problem)>, Vec<(String, Problem)>);

pub fn parts(done: Invited) -> Parts {
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

pub fn setup(token: &str) -> SetupForm {
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
    api(&amara, "Secret", "HANSA-7", &["eu"]).await;
    let group = carriers(&app).await;
    app.execute(
        "insert into api_access (workspace_id, id, api_id, group_id)
         select apis.workspace_id, gen_random_uuid(), apis.id, groups.id from apis, groups",
    )
    .await;
    // Mia manages the team and the accounts, and reaches no API.
    let mia = app.user("Mia", BuiltIn::Member).await;
    app.execute(
        "update assignments set all_apis = false, permissions = '{\"team\": [\"view\", \"create\", \"update\", \"delete\"],
             \"accounts\": [\"view\", \"create\"], \"apis\": [\"view\"], \"documentation\": [\"view\"]}'
         from users where users.id = user_id and full_name = 'Mia'",
    )
    .await;
    let mia = app.again(&mia).await;
    let one = || block("lars@hansa.test", "member");
    let above = |field: &str| (format!("rows.0.{field}"), Problem::AboveYou);
    let tried = |block: Block| wrong(&mia, form(vec![block]));
    assert_eq!(tried(block("lars@hansa.test", "administrator")).await, above("role"));
    assert_eq!(tried(Block { areas: vec!["billing".into()], ..one() }).await, above("areas"));
    assert_eq!(tried(Block { groups: vec![group.clone()], areas: vec!["apis".into()], ..one() }).await, above("areas"));
    let customer = |it: Block| wrong(&mia, customers_form(vec![Block { role: "customer".into(), ..it }]));
    let lars = || Block { customer_id: "NEW".into(), ..block("lars@hansa.test", "customer") };
    assert_eq!(customer(Block { customer_id: "HANSA-7".into(), ..lars() }).await, above("customer_id"));
    assert_eq!(customer(Block { groups: vec![group.clone()], ..lars() }).await, above("more_groups"));
    // What they hold goes, bounded as they say.
    let bounded = Block { region: "eu".into(), ..one() };
    assert_eq!(service::invite(&mia, &form(vec![bounded])).await.unwrap().sent.len(), 1);
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
