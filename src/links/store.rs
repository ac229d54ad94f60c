//! SQL of invitation links. Whether one is expired or used up is judged here, by the database's clock and count.

use std::collections::HashMap;

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Comer, MOST_SHOWN, State};
use crate::{
    access::{Category, RoleRef},
    invitations::model::{Kept, Offer, Status},
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{read_time_cursor, write_cursor},
};

/// A link to be made.
pub struct NewRow<'a> {
    /// Its id.
    pub id: Uuid,
    /// What it offers.
    pub offer: &'a Offer,
    /// The role's name, kept for when the role is gone.
    pub role_name: &'a str,
    /// What its token hashes to.
    pub token_hash: &'a [u8],
    /// For how many hours it works.
    pub hours: u32,
    /// How many may use it.
    pub most_uses: Option<i32>,
    /// The domain of the addresses.
    pub mail_domain: Option<&'a str>,
    /// Who makes it.
    pub maker: (Uuid, &'a str),
}

/// Makes a link, and tells until when it works.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, it: &NewRow<'_>) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into invite_links (workspace_id, id, category, role_id, role_name, offer, customer_id, token_hash, valid_until,
             most_uses, mail_domain, maker_id, maker_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, now() + make_interval(hours => $9), $10, $11, $12, $13) returning valid_until",
        ws,
        it.id,
        it.offer.category.slug(),
        it.offer.role(),
        it.role_name,
        it.offer.kept().map(Json) as _,
        it.offer.customer_id,
        it.token_hash,
        i32::try_from(it.hours).unwrap_or(i32::MAX),
        it.most_uses,
        it.mail_domain,
        it.maker.0,
        it.maker.1,
    )
    .fetch_one(db)
    .await
}

/// For how many hours links of the workspace work, if nothing else is said.
///
/// # Errors
/// When the database fails.
pub async fn default_hours(db: &mut PgConnection, ws: Uuid) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select greatest(1, ceil(extract(epoch from link_validity) / 3600))::int as "hours!" from workspaces where id = $1"#,
        ws
    )
    .fetch_one(db)
    .await
}

/// A link as it is stored, with what is counted of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub id: Uuid,
    /// What it offers.
    pub offer: Offer,
    /// The role, with the name that it had.
    pub role: RoleRef,
    /// Who made it.
    pub maker_id: Uuid,
    /// Their name.
    pub maker_name: String,
    /// When it was made.
    pub made_at: OffsetDateTime,
    /// Until when it works.
    pub valid_until: OffsetDateTime,
    /// How many may use it.
    pub most_uses: Option<i32>,
    /// The domain of the addresses.
    pub mail_domain: Option<String>,
    /// How many are in by it, or on their way.
    pub uses: i64,
    /// How many invitations by it are pending.
    pub open: i64,
    /// How many ever came, each address once.
    pub comers: i64,
    /// Where it stands.
    pub state: State,
}

struct Row {
    id: Uuid,
    category: String,
    role_id: Uuid,
    role_name: String,
    offer: Option<Json<Kept>>,
    customer_id: Option<String>,
    maker_id: Uuid,
    maker_name: String,
    made_at: OffsetDateTime,
    valid_until: OffsetDateTime,
    most_uses: Option<i32>,
    mail_domain: Option<String>,
    off: bool,
    past: bool,
    uses: i64,
    open: i64,
    comers: i64,
    sort_key: String,
}

impl From<Row> for Found {
    fn from(row: Row) -> Self {
        // The column's check admits no other word.
        let category = row.category.parse().unwrap_or(Category::Teammate);
        Self {
            id: row.id,
            offer: Offer::read(category, row.role_id, row.customer_id, row.offer.map(|kept| kept.0)),
            role: RoleRef { id: row.role_id, name: row.role_name },
            maker_id: row.maker_id,
            maker_name: row.maker_name,
            made_at: row.made_at,
            valid_until: row.valid_until,
            state: State::read(row.off, row.past, row.uses, row.most_uses),
            most_uses: row.most_uses,
            mail_domain: row.mail_domain,
            uses: row.uses,
            open: row.open,
            comers: row.comers,
        }
    }
}

/// The columns of `Row`, of which links those who came are counted, and which rows. An invitation counts as a use while it is pending, waits, or has let somebody in; one that a
/// newer one has replaced is nobody of its own.
macro_rules! query {
    ($counted:literal, $rest:literal, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select l.id, l.category, l.role_id, l.role_name, l.offer as "offer: Json<Kept>", l.customer_id, l.maker_id, l.maker_name,
                  l.made_at, l.valid_until, l.most_uses, l.mail_domain, l.off_at is not null as "off!",
                  l.valid_until <= clock_timestamp() as "past!", came.uses as "uses!", came.open as "open!", came.all as "comers!",
                  (extract(epoch from l.made_at) * 1000000)::bigint::text as "sort_key!"
               from invite_links l
               cross join lateral (
                   select count(*) filter (where i.status in ('waiting', 'approved') or is_open) as uses,
                       count(*) filter (where is_open) as open, count(*) filter (where i.status <> 'inactivated') as all
                   from invitations i, lateral (select i.status = 'pending' and i.valid_until > clock_timestamp() as is_open) as now
                   where i.workspace_id = $1 and i.link_id = l.id and ("# + $counted + ")
               ) as came
               where l.workspace_id = $1 and " + $rest,
            $($argument),*
        )
    };
}

/// The link of a token, not held. Where any number may use it, nobody is counted: strangers ask for it, as often as they like.
///
/// # Errors
/// When the database fails.
pub async fn find_by_token(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Found>, sqlx::Error> {
    let row = query!("l.most_uses is not null", "l.token_hash = $2", ws, token_hash).fetch_optional(db).await?;
    Ok(row.map(Found::from))
}

/// One link, held until the transaction ends. It is counted when it is held: who comes next sees who came before. Where any number may
/// use it, that is done for `counted` alone.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid, counted: bool) -> Result<Option<Found>, sqlx::Error> {
    sqlx::query!("select 1 as one from invite_links where workspace_id = $1 and id = $2 for update", ws, id)
        .fetch_optional(&mut *db)
        .await?;
    let row = query!("l.most_uses is not null or $3", "l.id = $2", ws, id, counted).fetch_optional(db).await?;
    Ok(row.map(Found::from))
}

/// One page of the links to users of a kind, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    kind: Category,
    query: &ListQuery,
) -> Result<Page<Found>, sqlx::Error> {
    let total = sqlx::query_scalar!(
        r#"select count(*) as "n!" from invite_links where workspace_id = $1 and category = $2"#,
        ws,
        kind.slug()
    )
    .fetch_one(&mut *db)
    .await?;
    let backwards = !query.before.is_empty();
    let place = read_time_cursor(if backwards { &query.before } else { &query.after });
    let (at, id) = place.unzip();
    let most = PAGE_ROWS as i64 + 1;
    let rows: Vec<Row> = if backwards {
        query!(
            "true",
            "l.category = $2 and ($3::timestamptz is null or (l.made_at, l.id) > ($3, $4::uuid))
             order by l.made_at, l.id limit $5",
            ws,
            kind.slug(),
            at,
            id,
            most
        )
        .fetch_all(db)
        .await?
    } else {
        query!(
            "true",
            "l.category = $2 and ($3::timestamptz is null or (l.made_at, l.id) < ($3, $4::uuid))
             order by l.made_at desc, l.id desc limit $5",
            ws,
            kind.slug(),
            at,
            id,
            most
        )
        .fetch_all(db)
        .await?
    };
    let page = Page::cut(rows, backwards, at.is_some(), total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Found::from))
}

struct ComerRow {
    link_id: Uuid,
    id: Uuid,
    email: String,
    status: String,
    past: bool,
}

/// The newest who came by each of some links, up to `MOST_SHOWN`.
///
/// # Errors
/// When the database fails.
pub async fn list_comers(
    db: &mut PgConnection,
    ws: Uuid,
    links: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Comer>>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ComerRow,
        r#"select link as "link_id!", came.id, came.email, came.status, came.valid_until <= now() as "past!"
           from unnest($2::uuid[]) as link
           cross join lateral (
               select id, email, status, valid_until, invited_at from invitations
               where workspace_id = $1 and link_id = link and status <> 'inactivated'
               order by invited_at desc, id desc limit $3
           ) as came
           order by came.invited_at desc, came.id desc"#,
        ws,
        links,
        MOST_SHOWN as i64
    )
    .fetch_all(db)
    .await?;
    let mut comers: HashMap<Uuid, Vec<Comer>> = HashMap::new();
    for row in rows {
        let comer = Comer { id: row.id, email: row.email, status: Status::read(&row.status, row.past) };
        comers.entry(row.link_id).or_default().push(comer);
    }
    Ok(comers)
}

/// The link lets nobody in any more.
///
/// # Errors
/// When the database fails.
pub async fn update_off(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    by: Option<Uuid>,
    by_name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invite_links set off_at = now(), off_by = $3, off_by_name = $4 where workspace_id = $1 and id = $2",
        ws,
        id,
        by,
        by_name
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes the open invitations by a link from the list: their ids and addresses. Those that wait stay, for a review.
///
/// # Errors
/// When the database fails.
pub async fn delete_open(db: &mut PgConnection, ws: Uuid, link: Uuid) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "delete from invitations where workspace_id = $1 and link_id = $2 and status = 'pending' and valid_until > clock_timestamp()
         returning id, email",
        ws,
        link
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.email)).collect())
}
