//! Lists: search, order, and keyset pages that neither lose nor repeat a row.

use portico::{
    access::BuiltIn,
    invitations,
    listing::{ListQuery, Page},
    people::{self, model::User},
    platform::context::Context,
};

use super::support::TestApp;

async fn many(app: &TestApp) -> Context {
    let amara = app.user("Amara", BuiltIn::Owner).await;
    // Names repeat, so that order has to fall back on something that does not.
    app.execute("update workspaces set seats = 1000").await;
    app.execute(
        "insert into users (workspace_id, id, email, email_key, user_name, full_name, password_hash, joined_at)
         select workspace_id, gen_random_uuid(), 'u' || n || '@x.test', 'u' || n || '@x.test', 'u', 'Name ' || n % 7, 'x',
             now() - make_interval(mins => n % 5)
         from users, generate_series(1, 80) n",
    )
    .await;
    amara
}

#[tokio::test(flavor = "multi_thread")]
async fn keyset_pages_lead_through_every_row_and_back() {
    let app = TestApp::new().await;
    let amara = many(&app).await;
    for sort in ["", "-name", "email", "-email", "joined", "-joined"] {
        let mut query = ListQuery { sort: sort.into(), ..Default::default() };
        let mut pages: Vec<Page<User>> = Vec::new();
        loop {
            let page = people::service::list_users(&amara, &query).await.unwrap();
            assert_eq!(page.total, 81);
            query.after = page.after.clone().unwrap_or_default();
            pages.push(page);
            if query.after.is_empty() {
                break;
            }
        }
        assert_eq!(pages.iter().map(|page| page.rows.len()).collect::<Vec<_>>(), [25, 25, 25, 6], "{sort}");
        let mut ids: Vec<_> = pages.iter().flat_map(|page| page.rows.iter().map(|user| user.id)).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 81, "{sort}");
        assert_eq!(pages[0].before, None);
        // And back.
        for at in (1..pages.len()).rev() {
            let back = ListQuery { sort: sort.into(), before: pages[at].before.clone().unwrap(), ..Default::default() };
            let page = people::service::list_users(&amara, &back).await.unwrap();
            assert_eq!(page.rows, pages[at - 1].rows, "{sort} {at}");
            assert_eq!(page.before.is_some(), at > 1);
            assert!(page.after.is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seed_001_search_is_by_part_without_case_and_takes_wildcards_as_they_are() {
    let app = TestApp::new().await;
    let amara = app.user("Amara", BuiltIn::Owner).await;
    app.execute(
        "insert into users (workspace_id, id, email, email_key, user_name, full_name, password_hash)
         select workspace_id, gen_random_uuid(), v.email, v.email, v.email, name, 'x' from users,
             (values ('Robert Bauer', 'rb@x.test'), ('100% Ltd', 'a_b@x.test'), ('Ünal Öz', 'axb@x.test')) v (name, email)",
    )
    .await;
    for (q, found) in [
        ("Rob", vec!["Robert Bauer"]),
        ("ber", vec!["Robert Bauer"]),
        ("ROBERT B", vec!["Robert Bauer"]),
        ("ünal ö", vec!["Ünal Öz"]),
        ("00%", vec!["100% Ltd"]),
        ("a_b", vec!["100% Ltd"]),
        ("a*b", vec![]),
        ("%%%", vec![]),
        ("'; drop table users; --", vec![]),
    ] {
        let query = ListQuery { q: q.into(), ..Default::default() };
        let names: Vec<String> = people::service::list_users(&amara, &query)
            .await
            .unwrap()
            .rows
            .into_iter()
            .map(|user| user.full_name)
            .collect();
        assert_eq!(names, found, "{q}");
    }
    let short = ListQuery { q: "ro".into(), ..Default::default() };
    assert_eq!(
        people::service::list_users(&amara, &short).await.unwrap().rows.len(),
        4,
        "two characters search nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_cursor_or_status_is_harmless() {
    let app = TestApp::new().await;
    let amara = many(&app).await;
    let page = people::service::list_users(&amara, &ListQuery { after: "nonsense".into(), ..Default::default() }).await;
    assert_eq!(page.unwrap().rows.len(), 25);
    // A cursor of another column.
    let cursor = portico::platform::cursor::write_cursor("not a time", uuid::Uuid::nil());
    let query = ListQuery { sort: "joined".into(), after: cursor, ..Default::default() };
    assert_eq!(people::service::list_users(&amara, &query).await.unwrap().rows.len(), 25);
    for (q, status, after) in [("abc\0", "", ""), ("", "\0", ""), ("", "", "AAAAAAAAAAAAAAAAAAAAAABhAGI")] {
        let query = ListQuery { q: q.into(), status: status.into(), after: after.into(), ..Default::default() };
        people::service::list_users(&amara, &query).await.unwrap();
    }
    let query = ListQuery { status: "king".into(), ..Default::default() };
    assert!(invitations::service::list_invitations(&amara, &query).await.unwrap().rows.is_empty());
}
