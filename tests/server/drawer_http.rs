//! The invite drawer over HTTP, with and without script.

use portico::{
    access::BuiltIn,
    error::{AppError, Problem},
    invitations::model::Judged,
    ui::toast::{Notice, Outcome},
};

use super::support::{PASSWORD, Site, TestApp};

async fn begin() -> (TestApp, Site, String) {
    let app = TestApp::new().await;
    app.user("Amara", BuiltIn::Owner).await;
    let site = app.serve().await;
    let cookie = site.sign_in("amara@kestrel.test", PASSWORD).await.unwrap();
    (app, site, cookie)
}

const PAGE: &str = "/users?invite=1";

#[tokio::test(flavor = "multi_thread")]
async fn the_drawer_is_whole_before_script() {
    let (app, site, cookie) = begin().await;
    app.execute("update workspaces set seats = 12").await;
    let page = site.get(PAGE, &cookie).await.text().await.unwrap();
    for said in [
        "Invite user",
        "11 of 12 seats are free.",
        "name=\"form[rows][0][emails]\"",
        "name=\"form[rows][0][role]\"",
        "name=\"form[rows][0][more_groups]\"",
        "name=\"form[rows][0][areas][]\"",
        "name=\"form[more]\"",
        "Notify User",
        "72 hours after it is sent (as set for this workspace)",
        "The link is valid for 72 hours.",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("Language of the mail"), "a choice of one is none");
    assert!(page.contains("Invite by Link") && page.contains("Bulk Import"), "the other ways stand beside it");
    let customers = site.get("/customers?invite=1", &cookie).await.text().await.unwrap();
    assert!(customers.contains("Invite Customers") && customers.contains("form[rows][0][customer_id]"));
    assert!(!customers.contains("seats are free"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_blocks_are_added_and_taken_away() {
    let (app, site, cookie) = begin().await;
    let typed = [
        ("form[rows][0][emails]", "lars@hansa.test"),
        ("form[rows][0][role]", "visitor"),
        ("form[rows][1][emails]", "zofia@hansa.test"),
        ("form[rows][1][role]", "member"),
        ("form[message]", "Welcome"),
    ];
    let with = |last: (&'static str, &'static str)| typed.iter().copied().chain([last]).collect::<Vec<_>>();
    let answer = site.post(PAGE, "invite", &cookie, &with(("form[more]", "true"))).await;
    assert_eq!(answer.status(), 200);
    let page = answer.text().await.unwrap();
    for kept in [
        ">lars@hansa.test</textarea>",
        ">zofia@hansa.test</textarea>",
        "name=\"form[rows][2][emails]\"",
        ">Welcome</textarea>",
    ] {
        assert!(page.contains(kept), "{kept}");
    }
    let answer = site.post(PAGE, "invite", &cookie, &with(("form[drop]", "0"))).await;
    let page = answer.text().await.unwrap();
    assert!(!page.contains(">lars@hansa.test<") && page.contains(">zofia@hansa.test</textarea>"));
    assert_eq!(app.count("select count(*) from invitations").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_addresses_with_names_in_any_script_are_taken_with_script_and_without() {
    let (_app, site, cookie) = begin().await;
    let each = |n| format!("\"Александра Константинопольская\" <aleksandra.konstantinopolskaya{n}@kestrel.test>\r\n");
    let paste: String = (0..10_000).map(each).collect();
    let fields = [("form[rows][0][emails]", paste.as_str()), ("form[rows][0][role]", "member"), ("form[more]", "true")];
    let again: Outcome = site.call("invite", &cookie, &fields).await.json().await.unwrap();
    assert_eq!(again, Outcome::again());
    let answer = site.post(PAGE, "invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("konstantinopolskaya9999@kestrel.test"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_what_is_left_stays_with_its_reason() {
    let (app, site, cookie) = begin().await;
    let fields = [
        ("form[rows][0][emails]", "lars@hansa.test; nobody;\r\nAmara <amara@kestrel.test>"),
        ("form[rows][0][role]", "visitor"),
        ("form[rows][3][emails]", "zofia@hansa.test"),
        ("form[rows][3][role]", "member"),
        ("form[notify]", "true"),
        ("form[back]", "/users"),
    ];
    let answer = site.post(PAGE, "invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains(">nobody\n&quot;Amara&quot; &lt;amara@kestrel.test&gt;</textarea>")
            || page.contains("nobody\n\"Amara\" &lt;amara@kestrel.test&gt;</textarea>"),
        "what is left stays"
    );
    assert!(page.contains("An address looks like") && page.contains("This address already has an account here."));
    assert!(
        !page.contains(">lars@hansa.test") && !page.contains("name=\"form[rows][3][emails]\""),
        "what was sent is gone"
    );
    assert!(page.contains("aria-invalid=\"true\""));
    assert_eq!(app.count("select count(*) from invitations").await, 2);
    let fields = [
        ("form[rows][0][emails]", "olena@hansa.test"),
        ("form[rows][0][role]", "visitor"),
        ("form[validity]", "day"),
        ("form[until]", "2020-01-01"),
        ("form[notify]", "true"),
    ];
    let page = site.post(PAGE, "invite", &cookie, &fields).await.text().await.unwrap();
    assert!(page.contains("This day has passed.") && page.contains(">olena@hansa.test</textarea>"));
    assert_eq!(app.count("select count(*) from invitations").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_script_every_verdict_comes_in_one_answer() {
    let (app, site, cookie) = begin().await;
    // As the browser's encoder writes it.
    let fields = [
        ("form[kind]", "teammate"),
        ("form[organization]", ""),
        ("form[rows][0][emails]", "lars@hansa.test\nnobody"),
        ("form[rows][0][full_name]", ""),
        ("form[rows][0][role]", "visitor"),
        ("form[rows][0][groups]", ""),
        ("form[rows][0][areas]", ""),
        ("form[rows][2][emails]", "amara@kestrel.test"),
        ("form[rows][2][role]", "visitor"),
        ("form[rows][2][apis]", ""),
        ("form[notify]", "true"),
        ("form[more]", "false"),
        ("form[drop]", ""),
        ("form[back]", "/users"),
    ];
    let judged: Judged = site.call("judge-invitations", &cookie, &fields).await.json().await.unwrap();
    assert_eq!(judged.0[&0], [None, Some(Problem::AddressShape)]);
    assert_eq!(judged.0[&2], [Some(Problem::AlreadyUser)]);
    let answer = site.call("invite", &cookie, &fields).await;
    assert_eq!(answer.status(), 422);
    let AppError::Partly(partly) = answer.json().await.unwrap() else { panic!("not partly") };
    assert_eq!((partly.done, partly.left), (1, vec![(0, 1, Problem::AddressShape), (2, 0, Problem::AlreadyUser)]));
    let outcome: Outcome =
        site.call("resend-to", &cookie, &[("form[email]", "LARS@hansa.test")]).await.json().await.unwrap();
    assert_eq!(outcome.notice, Some(Notice::InvitationSent { email: "lars@hansa.test".into() }));
    assert_eq!(app.count("select count(*) from invitations where status = 'inactivated'").await, 1);
    let fields = [
        ("form[rows][0][emails]", "one@hansa.test two@hansa.test"),
        ("form[rows][0][role]", "visitor"),
        ("form[notify]", "true"),
        ("form[back]", "//evil"),
    ];
    let outcome: Outcome = site.call("invite", &cookie, &fields).await.json().await.unwrap();
    assert_eq!((outcome.notice, outcome.to.as_str()), (Some(Notice::InvitationsSent { count: 2 }), "/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_17_fields_that_do_not_belong_there_are_refused() {
    let (app, site, cookie) = begin().await;
    for strange in ["form[status]", "form[rows][0][state]", "form[rows][0][user_id]", "form[inviter_id]"] {
        let fields = [("form[rows][0][emails]", "x@y.test"), ("form[rows][0][role]", "member"), (strange, "1")];
        assert_eq!(site.call("invite", &cookie, &fields).await.status(), 400, "{strange}");
    }
    assert_eq!(app.count("select count(*) from invitations").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_wait_say_so_and_offer_the_mail() {
    let (app, site, cookie) = begin().await;
    let fields = [("form[full_name]", "Lars"), ("form[email]", "lars@hansa.test"), ("form[customer_id]", "HANSA-7")];
    let new = site.get("/customers?new=1", &cookie).await.text().await.unwrap();
    assert!(new.contains("Notify User"));
    assert_eq!(site.post("/customers?new=1", "create-customer", &cookie, &fields).await.status(), 303);
    assert_eq!(app.count("select count(*) from messages").await, 0);
    let list = site.get("/customers", &cookie).await.text().await.unwrap();
    assert!(list.contains("Pending activation") && list.contains("Resend Activation Email"));
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from users where kind = 'customer'").fetch_one(&app.app.pool).await.unwrap();
    let id = id.to_string();
    let fields = [("form[id]", id.as_str()), ("form[back]", "/customers")];
    let answer = site.post("/customers", "activate-user", &cookie, &fields).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, "/customers"));
    assert_eq!(app.count("select count(*) from messages").await, 1);
}
