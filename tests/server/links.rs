//! Invitation links: who makes them, what they offer, how they end.

use portico::{
    access::{BuiltIn, Category},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::{SetupForm, Status},
        service::{self as invitations, Completion},
    },
    links::{
        model::{JoinForm, Link, NewLinkForm, State, Trouble},
        service,
    },
    listing::ListQuery,
    platform::{context::Context, fault::Fault},
};
use uuid::Uuid;

use super::{
    rights_support::told,
    support::{PASSWORD, TestApp},
};

/// A link for teammates, as the form begins.
pub fn form(role: &str) -> NewLinkForm {
    NewLinkForm {
        kind: Category::Teammate,
        role: role.into(),
        groups: Vec::new(),
        more_groups: String::new(),
        customer_id: String::new(),
        hours: "24".into(),
        most_uses: String::new(),
        mail_domain: String::new(),
    }
}

/// Makes a link, and gives back its token.
pub async fn link(by: &Context, form: NewLinkForm) -> String {
    let secret = service::generate_link(by, form).await.unwrap();
    secret.address.rsplit('/').next().unwrap().to_owned()
}

/// Gives an address to a link.
pub async fn join(by: &Context, token: &str, email: &str) -> Result<(), Fault> {
    service::join(by, JoinForm { token: token.into(), email: email.into() }).await
}

pub fn dead<T: std::fmt::Debug>(result: Result<T, Fault>) {
    assert_eq!(told(result), AppError::Refused(Refusal::DeadLink));
}

/// The list of links, as somebody sees it.
pub async fn list(by: &Context, kind: Category) -> Vec<Link> {
    service::list_links(by, kind, &ListQuery::default()).await.unwrap().rows
}

/// The invitation that is open for an address.
pub async fn open(app: &TestApp, email: &str) -> Uuid {
    sqlx::query_scalar("select id from invitations where email_key = $1 and status = 'pending'")
        .bind(email)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
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

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_link_gets_an_invitation_and_an_account_with_what_it_offers() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "insert into groups (workspace_id, id, name)
         select id, '00000000-0000-0000-0000-000000000007', 'Partners' from workspaces",
    )
    .await;
    let amara = app.again(&amara).await;
    let token = link(&amara, NewLinkForm { more_groups: "partners".into(), ..form("visitor") }).await;
    let joining = service::open_link(&app.nobody(), &token).await.unwrap();
    assert_eq!((joining.inviter_name.as_str(), joining.role.built_in()), ("Amara", Some(BuiltIn::Visitor)));
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    assert_eq!(app.count("select count(*) from users").await, 1, "no account before the mail is answered");
    let id = open(&app, "lars@hansa.test").await;
    let mine = &list(&amara, Category::Teammate).await[0];
    assert_eq!((mine.uses, mine.open, mine.state, mine.trouble), (1, 1, State::Active, None));
    assert_eq!(mine.groups, ["Partners"]);
    assert_eq!(mine.comers.iter().map(|it| (it.id, it.status)).collect::<Vec<_>>(), [(id, Status::Pending)]);
    let done = invitations::complete_setup(&app.nobody(), setup(&app.token(id).await)).await.unwrap();
    assert_eq!(done, Completion::Ready);
    assert_eq!(
        app.count(
            "select count(*) from group_members join users on users.id = user_id where email_key = 'lars@hansa.test'"
        )
        .await,
        1
    );
    let mine = &list(&amara, Category::Teammate).await[0];
    assert_eq!((mine.uses, mine.open, mine.comers[0].status), (1, 0, Status::Approved));
}

#[tokio::test(flavor = "multi_thread")]
async fn customers_come_by_a_link_with_their_customer_id() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let wanted = NewLinkForm { kind: Category::Customer, customer_id: " PL-7 ".into(), ..form("customer") };
    let without = NewLinkForm { customer_id: String::new(), ..wanted.clone() };
    assert_eq!(told(service::generate_link(&amara, without).await).problem("customer_id"), Some(Problem::Missing));
    let token = link(&amara, wanted).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let id = open(&app, "lars@hansa.test").await;
    invitations::complete_setup(&app.nobody(), setup(&app.token(id).await)).await.unwrap();
    assert_eq!(app.count("select count(*) from users where kind = 'customer' and customer_id = 'PL-7'").await, 1);
    assert!(list(&amara, Category::Teammate).await.is_empty());
    assert_eq!(list(&amara, Category::Customer).await[0].customer_id.as_deref(), Some("PL-7"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_as_long_as_the_form_says_and_24_hours_by_default() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    assert_eq!(service::read_choices(&amara, Category::Teammate).await.unwrap().hours, 24);
    app.execute("update workspaces set link_validity = interval '36 hours'").await;
    assert_eq!(service::read_choices(&amara, Category::Teammate).await.unwrap().hours, 36);
    let token = link(&amara, NewLinkForm { hours: "8".into(), ..form("visitor") }).await;
    let hours = "select round(extract(epoch from valid_until - made_at) / 3600)::bigint from invite_links";
    assert_eq!(app.count(hours).await, 8);
    app.execute("update invite_links set valid_until = now()").await;
    dead(service::open_link(&app.nobody(), &token).await);
    dead(join(&app.nobody(), &token, "lars@hansa.test").await);
    assert_eq!(list(&amara, Category::Teammate).await[0].state, State::Expired);
    assert_eq!(app.count("select count(*) from messages").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn switched_off_at_once_and_open_invitations_stay_unless_they_are_withdrawn() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    for withdraw in [false, true] {
        let token = link(&amara, form("visitor")).await;
        let email = format!("lars-{withdraw}@hansa.test");
        join(&app.nobody(), &token, &email).await.unwrap();
        let setup_token = app.token(open(&app, &email).await).await;
        let id = list(&amara, Category::Teammate).await[0].id;
        assert_eq!(service::end_link(&amara, id, withdraw).await.unwrap(), u32::from(withdraw));
        dead(service::open_link(&app.nobody(), &token).await);
        dead(join(&app.nobody(), &token, "other@hansa.test").await);
        let line = &list(&amara, Category::Teammate).await[0];
        assert_eq!((line.state, line.open), (State::Off, i64::from(!withdraw)));
        let opened = invitations::open_invitation(&app.nobody(), &setup_token).await;
        if withdraw {
            dead(opened)
        } else {
            assert!(opened.is_ok())
        }
        // Once more changes nothing.
        assert_eq!(service::end_link(&amara, id, false).await.unwrap(), 0);
    }
    assert_eq!(app.count("select count(*) from audit_log where action = 'link.kill'").await, 2);
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.delete'").await, 1);
    assert_eq!(
        app.count("select count(*) from messages where state = 'queued' and sealed_body is not null").await,
        1,
        "the mail of the withdrawn one is not sent"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_1_an_edited_link_is_unknown() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    let mut flipped = token.clone().into_bytes();
    let place = flipped.len() - 20;
    flipped[place] = if flipped[place] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for wrong in [flipped.as_str(), "", "x", &token[1..], &format!("{token}A")] {
        dead(service::open_link(&app.nobody(), wrong).await);
        dead(join(&app.nobody(), wrong, "lars@hansa.test").await);
    }
    // The link of an invitation is none of these, and the other way round.
    dead(invitations::open_invitation(&app.nobody(), &token).await);
    let (_, invited) = app.invite(&amara, "lars@hansa.test", BuiltIn::Visitor).await;
    dead(service::open_link(&app.nobody(), &invited).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_2_another_workspaces_link_is_unknown() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    let id = list(&amara, Category::Teammate).await[0].id;
    app.execute(
        "insert into workspaces (id, public_id, name, host) values
         ('00000000-0000-0000-0000-0000000000ff', 'otherone', 'Other', 'other.test')",
    )
    .await;
    let mut db = app.app.pool.acquire().await.unwrap();
    let other = portico::workspaces::store::find_by_host(&mut db, "other.test").await.unwrap().unwrap();
    drop(db);
    let olga = app.user_of(&other, "Olga", BuiltIn::Owner).await;
    assert!(list(&olga, Category::Teammate).await.is_empty());
    assert_eq!(told(service::end_link(&olga, id, true).await), AppError::NotFound);
    assert_eq!(told(service::end_link(&olga, Uuid::now_v7(), true).await), AppError::NotFound);
    dead(service::open_link(&app.nobody_of(&other), &token).await);
    dead(join(&app.nobody_of(&other), &token, "lars@hansa.test").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_3_and_33_the_token_is_kept_nowhere() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let id = list(&amara, Category::Teammate).await[0].id;
    service::end_link(&amara, id, true).await.unwrap();
    let secret = token.split('.').nth(1).unwrap();
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap();
    assert!(tables.iter().any(|table| table == "invite_links"));
    for table in tables {
        let sql = format!("select count(*) from {table} as it where it::text like $1");
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(format!("%{secret}%"))
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
        assert_eq!(found, 0, "{table} holds the token");
    }
    let listed = serde_json::to_string(&list(&amara, Category::Teammate).await).unwrap();
    assert!(!listed.contains(secret));
    let shown = service::generate_link(&amara, form("visitor")).await.unwrap();
    assert_eq!(format!("{shown:?}"), "Secret", "not even in a log of ours");
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_11_nobody_makes_a_link_to_more_than_they_hold() {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let otto = app.user("Otto", BuiltIn::Administrator).await;
    let made = service::generate_link(&otto, form("owner")).await;
    assert_eq!(told(made).problem("role"), Some(Problem::AboveYou));
    assert!(service::generate_link(&otto, form("administrator")).await.is_ok());
    let unknown = service::generate_link(&otto, form("customer")).await;
    assert_eq!(told(unknown).problem("role"), Some(Problem::Choice), "a role of another kind");
    let vito = app.user("Vito", BuiltIn::Visitor).await;
    assert!(matches!(told(service::generate_link(&vito, form("visitor")).await), AppError::Denied(_)));
    let nobody = service::generate_link(&app.nobody(), form("visitor")).await;
    assert_eq!(told(nobody), AppError::Unauthorized);
    // Nor is another's link to more than they hold theirs to end.
    let amara = app.again(&app.user("Anna", BuiltIn::Owner).await).await;
    link(&amara, form("owner")).await;
    let id = list(&amara, Category::Teammate).await[0].id;
    assert!(!list(&otto, Category::Teammate).await[0].yours);
    assert_eq!(told(service::end_link(&otto, id, false).await), AppError::Refused(Refusal::AboveYou));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_12_a_link_gives_what_its_maker_holds_at_that_moment() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let otto = app.user("Otto", BuiltIn::Administrator).await;
    let token = link(&otto, form("administrator")).await;
    join(&app.nobody(), &token, "lars@hansa.test").await.unwrap();
    let invited = app.token(open(&app, "lars@hansa.test").await).await;
    // At the join, and at the acceptance of whoever came before.
    app.set_role(&amara, &otto, BuiltIn::Visitor).await.unwrap();
    dead(service::open_link(&app.nobody(), &token).await);
    dead(join(&app.nobody(), &token, "second@hansa.test").await);
    let late = invitations::complete_setup(&app.nobody(), setup(&invited)).await;
    assert_eq!(told(late), AppError::Refused(Refusal::InviterGone));
    let amara = app.again(&amara).await;
    assert_eq!(list(&amara, Category::Teammate).await[0].trouble, Some(Trouble::Maker));
    app.set_role(&amara, &otto, BuiltIn::Administrator).await.unwrap();
    assert!(service::open_link(&app.nobody(), &token).await.is_ok(), "held again, given again");
    app.execute("update users set state = 'disabled' where full_name = 'Otto'").await;
    dead(join(&app.nobody(), &token, "second@hansa.test").await);
    app.execute("delete from users where full_name = 'Otto'").await;
    dead(join(&app.nobody(), &token, "second@hansa.test").await);
    let amara = app.again(&amara).await;
    let line = &list(&amara, Category::Teammate).await[0];
    assert_eq!((line.maker_name.as_str(), line.trouble), ("Otto", Some(Trouble::Maker)));
    assert_eq!(app.count("select count(*) from users where email_key like '%hansa.test'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_13_a_link_to_what_is_gone_lets_nobody_in_and_says_so() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "insert into groups (workspace_id, id, name)
         select id, '00000000-0000-0000-0000-000000000007', 'Partners' from workspaces",
    )
    .await;
    let amara = app.again(&amara).await;
    let token = link(&amara, NewLinkForm { more_groups: "Partners".into(), ..form("visitor") }).await;
    app.execute("delete from groups").await;
    dead(service::open_link(&app.nobody(), &token).await);
    dead(join(&app.nobody(), &token, "lars@hansa.test").await);
    let amara = app.again(&amara).await;
    assert_eq!(list(&amara, Category::Teammate).await[0].trouble, Some(Trouble::Offer));

    app.execute(
        "insert into roles (workspace_id, id, category, name)
         select id, '00000000-0000-0000-0000-0000000000c1', 'teammate', 'Clerk' from workspaces",
    )
    .await;
    let amara = app.again(&amara).await;
    let token = link(&amara, form("00000000-0000-0000-0000-0000000000c1")).await;
    assert!(service::open_link(&app.nobody(), &token).await.is_ok());
    app.execute("delete from roles where name = 'Clerk'").await;
    dead(service::open_link(&app.nobody(), &token).await);
    let amara = app.again(&amara).await;
    let line = &list(&amara, Category::Teammate).await[0];
    assert_eq!((line.role.name.as_str(), line.trouble), ("Clerk", Some(Trouble::Offer)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_without_invitations_has_no_links_that_work() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let token = link(&amara, form("visitor")).await;
    app.execute("update workspaces set plan = 'free'").await;
    assert_eq!(told(service::generate_link(&amara, form("visitor")).await), AppError::Refused(Refusal::Plan));
    dead(service::open_link(&app.nobody(), &token).await);
    dead(join(&app.nobody(), &token, "lars@hansa.test").await);
    assert_eq!(list(&amara, Category::Teammate).await[0].trouble, Some(Trouble::Plan));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_paged_the_newest_first() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "insert into invite_links (workspace_id, id, category, role_id, role_name, token_hash, valid_until, maker_id, maker_name, made_at)
         select workspaces.id, gen_random_uuid(), 'teammate', '00000000-0000-0000-0000-000000000004', '', n::text::bytea,
             now() + interval '1 day', gen_random_uuid(), 'maker ' || n, now() - make_interval(mins => n / 2)
         from workspaces, generate_series(1, 60) as n",
    )
    .await;
    let mut query = ListQuery::default();
    let mut seen = Vec::new();
    let mut pages = Vec::new();
    loop {
        let page = service::list_links(&amara, Category::Teammate, &query).await.unwrap();
        assert_eq!(page.total, 60);
        seen.extend(page.rows.iter().map(|link| link.id));
        pages.push(page.rows.iter().map(|link| link.id).collect::<Vec<_>>());
        match page.after {
            Some(after) => query = ListQuery { after, ..ListQuery::default() },
            None => break,
        }
    }
    seen.dedup();
    assert_eq!((seen.len(), pages.len()), (60, 3));
    let last = service::list_links(&amara, Category::Teammate, &query).await.unwrap();
    let back = ListQuery { before: last.before.unwrap(), ..ListQuery::default() };
    let before = service::list_links(&amara, Category::Teammate, &back).await.unwrap();
    assert_eq!(before.rows.iter().map(|link| link.id).collect::<Vec<_>>(), pages[1]);
}
