//! The list of invitations as its readers may see it, several at once, and the file.

use portico::{
    access::{AssignmentFacts, BuiltIn, Category},
    error::{AppError, Refusal},
    invitations::{
        model::{May, Offer, Verdict},
        service::{self, Said},
    },
    listing::ListQuery,
    platform::context::Context,
};
use uuid::Uuid;

use super::{
    invitations_page::{export, invite, invite_as, listed, signed_in, teammate, waiting},
    rights_support::{furnish, organization, told},
    support::TestApp,
};

fn of_kind(kind: &str) -> ListQuery {
    ListQuery { kind: kind.into(), ..Default::default() }
}

fn customer() -> Offer {
    Offer::everywhere(Category::Customer, BuiltIn::Customer.id())
}

fn developer(organization: Uuid) -> Offer {
    let plain = Offer::everywhere(Category::Organization, BuiltIn::Developer.id());
    let assignment = AssignmentFacts { organization: Some(organization), ..plain.assignment.clone() };
    Offer { assignment, ..plain }
}

/// The three kinds, and organization users of two organizations.
async fn town(app: &TestApp) -> Context {
    let amara = app.user("Amara", BuiltIn::Owner).await;
    furnish(app).await;
    let amara = app.again(&amara).await;
    invite(&amara, "team@kestrel.test", teammate()).await;
    invite(&amara, "customer@acme.test", customer()).await;
    invite(&amara, "dev@hansa.test", developer(organization(app, "hansa").await)).await;
    invite(&amara, "dev@lisbon.test", developer(organization(app, "lisbon").await)).await;
    amara
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reader_sees_the_invitations_of_what_they_may_see() {
    let app = TestApp::new().await;
    let amara = town(&app).await;
    assert_eq!(
        listed(&amara, &ListQuery::default()).await,
        ["customer@acme.test", "dev@hansa.test", "dev@lisbon.test", "team@kestrel.test"]
    );
    assert_eq!(listed(&amara, &of_kind("teammate")).await, ["team@kestrel.test"]);
    assert_eq!(listed(&amara, &of_kind("customer")).await, ["customer@acme.test"]);
    assert_eq!(listed(&amara, &of_kind("organization")).await, ["dev@hansa.test", "dev@lisbon.test"]);
    let total = |cx: Context, kind: &'static str| async move {
        service::list_invitations(&cx, &of_kind(kind)).await.unwrap().total
    };
    assert_eq!((total(amara.clone(), "").await, total(amara.clone(), "organization").await), (4, 2));

    // An Org Admin: those of their organization, and its name beside the role.
    let hansa = organization(&app, "hansa").await;
    let olav = app.organization_user("Olav", BuiltIn::OrgAdmin, &[hansa]).await;
    assert_eq!(listed(&olav, &ListQuery::default()).await, ["dev@hansa.test"]);
    let seen = service::list_invitations(&olav, &ListQuery::default()).await.unwrap();
    assert_eq!((seen.total, seen.rows[0].organization.as_deref()), (1, Some("Hansa")));
    assert_eq!(seen.rows[0].may, May { resend: true, delete: true, ..May::default() });
    for kind in ["teammate", "customer"] {
        assert!(listed(&olav, &of_kind(kind)).await.is_empty(), "{kind}");
    }
    let (_, rows) = export(&olav, &ListQuery::default()).await;
    assert_eq!(rows.iter().skip(1).map(|row| &row[0]).collect::<Vec<_>>(), ["dev@hansa.test"]);

    // What they do not see they do not find, nor change.
    for email in ["team@kestrel.test", "dev@lisbon.test"] {
        let id: Uuid = sqlx::query_scalar("select id from invitations where email = $1")
            .bind(email)
            .fetch_one(&app.app.pool)
            .await
            .unwrap();
        assert_eq!(told(service::find_invitation(&olav, id).await), AppError::NotFound);
        assert_eq!(told(service::resend_invitations(&olav, &[id]).await), AppError::NotFound);
        assert_eq!(told(service::delete_invitations(&olav, &[id]).await), AppError::NotFound);
        assert_eq!(told(service::review_invitation(&olav, id, Verdict::Deny).await), AppError::NotFound);
    }
    let member = app.user("Member", BuiltIn::Member).await;
    assert!(matches!(told(service::list_invitations(&member, &ListQuery::default()).await), AppError::Denied(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_through_several_kinds_and_back() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute("update workspaces set seats = 1000").await;
    app.execute(
        "insert into invitations (workspace_id, id, email, email_key, category, role_id, token_hash, inviter_id, inviter_name, invited_at,
             valid_until, notified_at)
         select workspace_id, gen_random_uuid(), 'u' || n || '@x.test', 'u' || n || '@x.test',
             case when n % 2 = 0 then 'teammate' else 'customer' end,
             case when n % 2 = 0 then '00000000-0000-0000-0000-000000000004'::uuid else '00000000-0000-0000-0000-000000000009' end,
             decode(md5(n::text), 'hex'), id, 'Amara', now() - make_interval(mins => n % 5), now() + make_interval(mins => n % 7), now()
         from users, generate_series(1, 60) n",
    )
    .await;
    for sort in ["", "email", "-email", "invited", "valid", "-valid"] {
        let mut query = ListQuery { sort: sort.into(), ..Default::default() };
        let mut pages = Vec::new();
        loop {
            let page = service::list_invitations(&amara, &query).await.unwrap();
            assert_eq!(page.total, 60);
            query.after = page.after.clone().unwrap_or_default();
            pages.push(page);
            if query.after.is_empty() {
                break;
            }
        }
        let mut ids: Vec<Uuid> = pages.iter().flat_map(|page| page.rows.iter().map(|row| row.id)).collect();
        assert_eq!(ids.len(), 60, "{sort}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 60, "{sort}");
        let back = ListQuery { sort: sort.into(), before: pages[1].before.clone().unwrap(), ..Default::default() };
        assert_eq!(service::list_invitations(&amara, &back).await.unwrap().rows, pages[0].rows, "{sort}");
    }
    let counted: i64 = app.count("select sum(n)::bigint from tallies where kind like 'invitations:%'").await;
    assert_eq!(counted, 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_at_once_are_done_as_far_as_they_can_be_and_the_rest_is_told() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let waits = waiting(&app, &amara, "waits@hansa.test").await;
    let one = invite(&amara, "one@hansa.test", teammate()).await;
    let two = invite(&amara, "two@hansa.test", teammate()).await;
    let quiet = Said { notify: false, ..Said::default() };
    let later = invite_as(&amara, "later@hansa.test", "", teammate(), &quiet).await;
    let rows = app.count("select count(*) from invitations").await;

    let done = service::resend_invitations(&amara, &[one, waits, later, Uuid::now_v7()]).await.unwrap();
    let mut sent: Vec<&str> = done.done.iter().map(|sent| sent.email.as_str()).collect();
    sent.sort_unstable();
    assert_eq!(sent, ["later@hansa.test", "one@hansa.test"]);
    assert_eq!(done.left, [("waits@hansa.test".to_owned(), AppError::Refused(Refusal::NotNow))]);
    assert_eq!(app.count("select count(*) from invitations").await, rows + 1, "the quiet one stays on its row");
    for sent in &done.done {
        let token = app.token(sent.id).await;
        service::open_invitation(&app.nobody(), &token).await.unwrap();
    }

    let done = service::delete_invitations(&amara, &[two, waits]).await.unwrap();
    assert_eq!(done.done, ["two@hansa.test"]);
    assert_eq!(done.left.len(), 1);
    assert_eq!(app.count("select count(*) from audit_log where action = 'invitation.delete'").await, 1);
    let alike = service::delete_invitations(&amara, &[waits]).await;
    assert_eq!(told(alike), AppError::Refused(Refusal::NotNow), "where nothing can be done, this is the answer");
    assert_eq!(told(service::delete_invitations(&amara, &[]).await), AppError::NotFound);
    let too_many: Vec<Uuid> = (0..101).map(|_| Uuid::now_v7()).collect();
    assert_eq!(told(service::delete_invitations(&amara, &too_many).await), AppError::Refused(Refusal::BadForm));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_16_several_expired_ones_take_no_more_seats_than_there_are() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(invite(&amara, &format!("guest{n}@hansa.test"), teammate()).await);
    }
    app.execute("update invitations set valid_until = now() - interval '1 second' where email <> 'guest0@hansa.test'")
        .await;
    app.execute("update workspaces set seats = 4").await;
    let done = service::resend_invitations(&amara, &ids).await.unwrap();
    assert_eq!(done.done.len(), 3, "one is pending and has its seat; two of three expired ones find one");
    assert_eq!(done.left.len(), 1);
    assert_eq!(done.left[0].1, AppError::Refused(Refusal::NoSeat));
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_22_resending_many_counts_each_recipient() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    let mut id = invite(&amara, "lars@hansa.test", teammate()).await;
    let other = invite(&amara, "other@hansa.test", teammate()).await;
    for _ in 0..9 {
        id = service::resend_invitation(&amara, id).await.unwrap().id;
    }
    let done = service::resend_invitations(&amara, &[id, other]).await.unwrap();
    assert_eq!(done.done.len(), 1);
    assert!(
        matches!(&done.left[..], [(email, AppError::RateLimited(_))] if email == "lars@hansa.test"),
        "{:?}",
        done.left
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pitfall_31_the_file_holds_no_formulas_and_every_row_once() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    invite_as(&amara, "formula@hansa.test", "=HYPERLINK(\"http://evil.test\")", teammate(), &Said::default()).await;
    app.execute(
        "insert into invitations (workspace_id, id, email, email_key, category, role_id, token_hash, inviter_id, inviter_name, invited_at,
             valid_until, notified_at, status, completed_at)
         select workspace_id, gen_random_uuid(), '+' || n || '@many.test', '+' || n || '@many.test', 'customer',
             '00000000-0000-0000-0000-000000000009', decode(md5(n::text), 'hex'), id, '@Amara', now() - make_interval(secs => 60 + n / 3),
             now(), now(), 'approved', now()
         from users, generate_series(1, 2500) n",
    )
    .await;
    let (name, rows) = export(&amara, &ListQuery::default()).await;
    let today: String = sqlx::query_scalar("select to_char(now() at time zone 'UTC', 'YYYY-MM-DD')")
        .fetch_one(&app.app.pool)
        .await
        .unwrap();
    assert_eq!(name, format!("invitations-{today}.csv"));
    assert_eq!(rows.len(), 2502, "the head, and each row");
    let mut emails: Vec<&str> = rows.iter().skip(1).map(|row| &row[0]).collect();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), 2501);
    for row in &rows {
        for cell in row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    assert_eq!((&rows[1][0], &rows[1][1]), ("formula@hansa.test", "'=HYPERLINK(\"http://evil.test\")"));
    // As filtered, and in its order.
    let query = ListQuery { q: "formula".into(), ..Default::default() };
    assert_eq!(export(&amara, &query).await.1.len(), 2);
    let query = ListQuery { kind: "customer".into(), sort: "email".into(), ..Default::default() };
    let (_, rows) = export(&amara, &query).await;
    assert_eq!((rows.len(), &rows[1][0]), (2501, "'+1000@many.test"));

    let (site, cookie) = signed_in(&app).await;
    let answer = site.get("/invitations.csv?q=formula", &cookie).await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, format!("attachment; filename=\"invitations-{today}.csv\""));
    assert_eq!(answer.text().await.unwrap().lines().count(), 2);
}
