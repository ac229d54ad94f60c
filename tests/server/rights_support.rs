//! What the tests of rights begin with.

use portico::{
    access::{self, Action, BuiltIn, Question},
    accounts::store as accounts,
    error::{AppError, Problem},
    platform::{
        context::{App, Context},
        fault::Fault,
    },
    rights::{
        model::{Change, UserRights},
        service,
    },
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::support::TestApp;

pub fn id(cx: &Context) -> Uuid {
    cx.actor.as_ref().unwrap().user_id.unwrap()
}

pub fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> AppError {
    match result {
        Err(Fault::Told(error)) => error,
        other => panic!("expected to be told something, got {other:?}"),
    }
}

pub fn problem<T: std::fmt::Debug>(result: Result<T, Fault>, field: &str) -> Option<Problem> {
    told(result).problem(field)
}

/// What a user holds by the database's word, on any server.
pub async fn held(app: &App, cx: &Context) -> portico::platform::rights::Held {
    let mut db = app.pool.acquire().await.unwrap();
    let session = &cx.actor.as_ref().unwrap().session;
    let user = accounts::find_session(&mut db, cx.ws(), session).await.unwrap().unwrap();
    app.rights.of_user(&mut db, cx.ws(), user.version, user.user_id).await.unwrap().unwrap()
}

/// Whether the user's next request on this server may do something in a region, on an API.
pub async fn may_on(
    app: &App,
    cx: &Context,
    action: Action,
    feature: &str,
    region: Option<&str>,
    api: Option<&str>,
) -> bool {
    let held = held(app, cx).await;
    let at = OffsetDateTime::now_utc().unix_timestamp();
    let question = Question { region, api, ..Question::named(action, feature, at) };
    access::decide(&held.snapshot, &held.subject, &question).allowed()
}

pub async fn may(app: &TestApp, cx: &Context, action: Action, feature: &str, region: Option<&str>) -> bool {
    may_on(&app.app, cx, action, feature, region, None).await
}

/// Regions EU and US beside the first, three APIs, and two organizations.
pub async fn furnish(app: &TestApp) {
    app.execute("insert into regions (workspace_id, slug, name) select id, v.slug, upper(v.slug) from workspaces, (values ('eu'), ('us')) v (slug)").await;
    app.execute("insert into apis (workspace_id, id, slug, name) select id, gen_random_uuid(), v.slug, initcap(v.slug) from workspaces, (values ('vessels'), ('tides'), ('berths')) v (slug)").await;
    app.execute("insert into organizations (workspace_id, id, slug, name) select id, gen_random_uuid(), v.slug, initcap(v.slug) from workspaces, (values ('hansa'), ('lisbon')) v (slug)").await;
}

pub async fn api(app: &TestApp, slug: &str) -> Uuid {
    sqlx::query_scalar("select id from apis where slug = $1").bind(slug).fetch_one(&app.app.pool).await.unwrap()
}

pub async fn organization(app: &TestApp, slug: &str) -> Uuid {
    sqlx::query_scalar("select id from organizations where slug = $1")
        .bind(slug)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
}

pub fn role(role: BuiltIn) -> Change {
    Change { role: Some(role.id()), ..Change::default() }
}

pub fn areas(give: &[&str], take: &[&str]) -> Change {
    let owned = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
    Change { give: owned(give), take: owned(take), ..Change::default() }
}

pub fn in_region(change: Change, slug: &str) -> Change {
    Change { region: Some(Some(slug.to_owned())), ..change }
}

pub async fn put(by: &Context, of: &Context, assignment: Option<Uuid>, change: &Change) -> Result<String, Fault> {
    service::put_rights(by, id(of), assignment, change).await
}

pub async fn read(by: &Context, of: &Context) -> UserRights {
    service::read_rights(by, id(of)).await.unwrap()
}

/// A user of an organization.
pub async fn developer(app: &TestApp, name: &str, of: &str, held: BuiltIn) -> Context {
    let user = Uuid::now_v7();
    let mut tx = app.app.pool.begin().await.unwrap();
    sqlx::query("insert into users (workspace_id, id, kind, email, email_key, user_name, full_name) values ($1, $2, 'organization', $3, $3, $3, $4)")
        .bind(app.workspace.id)
        .bind(user)
        .bind(format!("{}@hansa.test", name.to_lowercase()))
        .bind(name)
        .execute(&mut *tx)
        .await
        .unwrap();
    sqlx::query("insert into assignments (workspace_id, id, user_id, category, role_id, organization_id) values ($1, $2, $3, 'organization', $4, $5)")
        .bind(app.workspace.id)
        .bind(Uuid::now_v7())
        .bind(user)
        .bind(held.id())
        .bind(organization(app, of).await)
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let token = portico::platform::secrets::Token::new(&app.workspace.public_id);
    let mut db = app.app.pool.acquire().await.unwrap();
    accounts::insert_session(&mut db, app.workspace.id, token.hash(), user).await.unwrap();
    let actor = portico::accounts::service::resume(&app.app, app.workspace.id, &token).await.unwrap();
    Context { actor, ..app.nobody() }
}

/// A custom role of teammates.
pub async fn custom(app: &TestApp, name: &str, permissions: &str) -> Uuid {
    sqlx::query_scalar("insert into roles (workspace_id, id, category, name, permissions) values ($1, gen_random_uuid(), 'teammate', $2, $3::jsonb) returning id")
        .bind(app.workspace.id)
        .bind(name)
        .bind(permissions)
        .fetch_one(&app.app.pool)
        .await
        .unwrap()
}
