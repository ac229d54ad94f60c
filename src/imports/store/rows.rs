//! SQL of the rows of an import.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    access::Category,
    imports::model::{Column, Flaw, Row, Verdict},
};

/// A row as it was read.
pub struct Staged {
    /// The row of the spreadsheet.
    pub n: i32,
    /// The address as typed.
    pub email: String,
    /// In its normal form, where it is one.
    pub email_key: Option<String>,
    /// Full name.
    pub full_name: String,
    /// The role as typed.
    pub role: String,
    /// The groups as typed.
    pub groups: String,
    /// A customer's Customer ID.
    pub customer_id: String,
    /// The password, sealed.
    pub sealed_password: Option<Vec<u8>>,
    /// Whether there is one, fit or not.
    pub with_password: bool,
    /// What is wrong with it already.
    pub flaw: Option<(Flaw, Option<Column>)>,
}

/// Takes rows in.
///
/// # Errors
/// When the database fails.
pub async fn insert_rows(db: &mut PgConnection, ws: Uuid, id: Uuid, rows: &[Staged]) -> Result<(), sqlx::Error> {
    let column = |of: fn(&Staged) -> &String| rows.iter().map(|row| of(row).clone()).collect::<Vec<String>>();
    sqlx::query!(
        "insert into import_rows (workspace_id, import_id, n, email, email_key, full_name, role, groups, customer_id, with_password,
             sealed_password, flaw, at_column, verdict)
         select $1, $2, each.*, case when flaw is null then 'new' else 'wrong' end
         from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::bool[], $11::bytea[],
             $12::text[], $13::text[])
             as each (n, email, email_key, full_name, role, groups, customer_id, with_password, sealed_password, flaw, at_column)",
        ws,
        id,
        &rows.iter().map(|row| row.n).collect::<Vec<_>>(),
        &column(|row| &row.email),
        &rows.iter().map(|row| row.email_key.clone()).collect::<Vec<_>>() as _,
        &column(|row| &row.full_name),
        &column(|row| &row.role),
        &column(|row| &row.groups),
        &column(|row| &row.customer_id),
        &rows.iter().map(|row| row.with_password).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.sealed_password.clone()).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.flaw.map(|(flaw, _)| flaw.slug())).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.flaw.and_then(|(_, column)| column).map(Column::slug)).collect::<Vec<_>>() as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Tells the planner how many rows there are now. Whoever plans for the few that it last knew of compares each with each.
///
/// # Errors
/// When the database fails.
pub async fn analyze(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("analyze import_rows").execute(db).await?;
    Ok(())
}

/// An address that stands in an earlier row, in whatever spelling, is wrong (PITFALLS.md 9).
///
/// # Errors
/// When the database fails.
pub async fn mark_twice(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with keys as materialized (
             select n, min(n) over (partition by email_key) as first from import_rows
             where workspace_id = $1 and import_id = $2 and email_key is not null
         ), twice as materialized (select n, first from keys where first < n)
         update import_rows rows set verdict = 'wrong', flaw = 'twice', at_column = 'email', detail = first::text, sealed_password = null
         from twice where workspace_id = $1 and import_id = $2 and rows.n = twice.n and flaw is null",
        ws,
        id,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A row to be judged.
pub struct ToJudge {
    /// The row of the spreadsheet.
    pub n: i32,
    /// The address in its normal form.
    pub email_key: String,
    /// The role as typed.
    pub role: String,
    /// The groups as typed.
    pub groups: String,
    /// A customer's Customer ID.
    pub customer_id: String,
    /// Whether its password is there, sealed or hashed, or none is needed.
    pub ready: bool,
}

/// Rows behind this one that are not wrong.
///
/// # Errors
/// When the database fails.
pub async fn list_staged(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    behind: i32,
    most: i64,
) -> Result<Vec<ToJudge>, sqlx::Error> {
    sqlx::query_as!(
        ToJudge,
        r#"select n, coalesce(email_key, '') as "email_key!", role, groups, customer_id,
               (not with_password or sealed_password is not null or password_hash is not null) as "ready!"
           from import_rows
           where workspace_id = $1 and import_id = $2 and n > $3 and verdict <> 'wrong' order by n limit $4"#,
        ws,
        id,
        behind,
        most,
    )
    .fetch_all(db)
    .await
}

/// A user who is there already, as far as an import compares.
pub struct Existing {
    /// Their id.
    pub id: Uuid,
    /// The address in its normal form.
    pub email_key: String,
    /// What kind of user.
    pub kind: String,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
    /// The role that they hold everywhere.
    pub role: Option<Uuid>,
    /// Their groups.
    pub groups: Vec<Uuid>,
}

/// Who of these is there already.
///
/// # Errors
/// When the database fails.
pub async fn list_existing(db: &mut PgConnection, ws: Uuid, keys: &[&str]) -> Result<Vec<Existing>, sqlx::Error> {
    sqlx::query_as!(
        Existing,
        r#"select id, email_key, kind, customer_id,
               (select role_id from assignments where workspace_id = $1 and user_id = users.id and region is null
                   and organization_id is null and role_id is not null) as role,
               array(select group_id from group_members where workspace_id = $1 and user_id = users.id) as "groups!"
           from users where workspace_id = $1 and email_key = any($2::text[])"#,
        ws,
        keys as _,
    )
    .fetch_all(db)
    .await
}

/// What was judged of a row.
#[derive(Debug)]
pub struct Judged {
    /// The row of the spreadsheet.
    pub n: i32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What is wrong, with which column, and a name in the file that it is about.
    pub wrong: Option<(Flaw, Column, String)>,
    /// What its role means.
    pub role_id: Option<Uuid>,
    /// What its groups mean.
    pub groups: Vec<Uuid>,
    /// Who it is.
    pub user_id: Option<Uuid>,
}

/// Writes verdicts down. A password is kept for those alone whose account is made.
///
/// # Errors
/// When the database fails.
pub async fn update_judged(db: &mut PgConnection, ws: Uuid, id: Uuid, rows: &[Judged]) -> Result<(), sqlx::Error> {
    // Arrays of arrays have one length in all; the ids travel as text.
    let groups: Vec<String> = rows
        .iter()
        .map(|row| format!("{{{}}}", row.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")))
        .collect();
    sqlx::query!(
        "update import_rows rows set verdict = each.verdict, flaw = each.flaw, at_column = each.at_column, detail = each.detail,
             role_id = each.role_id, group_ids = each.groups::uuid[], user_id = each.user_id,
             sealed_password = case each.verdict when 'new' then sealed_password end,
             password_hash = case each.verdict when 'new' then password_hash end
         from unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::uuid[])
             as each (n, verdict, flaw, at_column, detail, role_id, groups, user_id)
         where workspace_id = $1 and import_id = $2 and rows.n = each.n",
        ws,
        id,
        &rows.iter().map(|row| row.n).collect::<Vec<_>>(),
        &rows.iter().map(|row| row.verdict.slug()).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.wrong.as_ref().map(|(flaw, ..)| flaw.slug())).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.wrong.as_ref().map(|(_, column, _)| column.slug())).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.wrong.as_ref().map_or("", |(.., detail)| detail)).collect::<Vec<_>>() as _,
        &rows.iter().map(|row| row.role_id).collect::<Vec<_>>() as _,
        &groups,
        &rows.iter().map(|row| row.user_id).collect::<Vec<_>>() as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Listed {
    n: i32,
    email: String,
    full_name: String,
    role: String,
    groups: String,
    customer_id: String,
    with_password: bool,
    verdict: String,
    flaw: Option<String>,
    at_column: Option<String>,
    detail: String,
}

impl From<Listed> for Row {
    fn from(row: Listed) -> Self {
        let flaw: Option<Flaw> = row.flaw.and_then(|slug| slug.parse().ok());
        let column = row.at_column.and_then(|slug| slug.parse().ok());
        Self {
            n: row.n,
            email: row.email,
            full_name: row.full_name,
            role: row.role,
            groups: row.groups,
            customer_id: row.customer_id,
            with_password: row.with_password,
            // The column's check admits no other word.
            verdict: row.verdict.parse().unwrap_or(Verdict::Wrong),
            wrong: flaw.map(|flaw| (flaw, column, row.detail)),
        }
    }
}

/// Rows of one verdict, or of all, from a row on: `behind` it in the file's order, or before it backwards.
///
/// # Errors
/// When the database fails.
pub async fn list_rows(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    verdict: Option<Verdict>,
    (from, backwards): (i32, bool),
    most: i64,
) -> Result<Vec<Row>, sqlx::Error> {
    let verdict = verdict.map(Verdict::slug);
    let rows = if backwards {
        sqlx::query_as!(
            Listed,
            "select n, email, full_name, role, groups, customer_id, with_password, verdict, flaw, at_column, detail
             from import_rows where workspace_id = $1 and import_id = $2 and ($3::text is null or verdict = $3) and n < $4
             order by n desc limit $5",
            ws,
            id,
            verdict,
            from,
            most,
        )
        .fetch_all(db)
        .await?
    } else {
        sqlx::query_as!(
            Listed,
            "select n, email, full_name, role, groups, customer_id, with_password, verdict, flaw, at_column, detail
             from import_rows where workspace_id = $1 and import_id = $2 and ($3::text is null or verdict = $3) and n > $4
             order by n limit $5",
            ws,
            id,
            verdict,
            from,
            most,
        )
        .fetch_all(db)
        .await?
    };
    Ok(rows.into_iter().map(Row::from).collect())
}

/// A password that waits to be hashed.
pub struct Sealed {
    /// The row of the spreadsheet.
    pub n: i32,
    /// As `seal` made it.
    pub sealed: Vec<u8>,
}

/// Passwords of new users behind this row that wait to be hashed.
///
/// # Errors
/// When the database fails.
pub async fn list_sealed(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    behind: i32,
    most: i64,
) -> Result<Vec<Sealed>, sqlx::Error> {
    sqlx::query_as!(
        Sealed,
        r#"select n, sealed_password as "sealed!" from import_rows
           where workspace_id = $1 and import_id = $2 and verdict = 'new' and n > $3 and sealed_password is not null
           order by n limit $4"#,
        ws,
        id,
        behind,
        most,
    )
    .fetch_all(db)
    .await
}

/// Keeps hashes in the place of the passwords, and tells whether the import still runs: it is held so until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn update_hashed(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    hashed: &[(i32, String)],
) -> Result<bool, sqlx::Error> {
    let running = sqlx::query_scalar!(
        "select id from imports where workspace_id = $1 and id = $2 and state = 'running' for update",
        ws,
        id
    )
    .fetch_optional(&mut *db)
    .await?;
    if running.is_none() {
        return Ok(false);
    }
    let (ns, hashes): (Vec<i32>, Vec<String>) = hashed.iter().cloned().unzip();
    sqlx::query!(
        "with hashed as (
             update import_rows rows set password_hash = each.hash, sealed_password = null
             from unnest($3::int[], $4::text[]) as each (n, hash)
             where workspace_id = $1 and import_id = $2 and rows.n = each.n and sealed_password is not null returning 1
         )
         update imports set hashed = hashed + (select count(*) from hashed) where workspace_id = $1 and id = $2",
        ws,
        id,
        &ns,
        &hashes,
    )
    .execute(db)
    .await?;
    Ok(true)
}

/// Erases what is left of the passwords of an import that has ended.
///
/// # Errors
/// When the database fails.
pub async fn erase_passwords(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update import_rows set sealed_password = null, password_hash = null
         where workspace_id = $1 and import_id = $2 and (sealed_password is not null or password_hash is not null)",
        ws,
        id,
    )
    .execute(db)
    .await?;
    Ok(())
}

impl Existing {
    /// The kind.
    pub fn category(&self) -> Category {
        // The column's check admits no other word.
        self.kind.parse().unwrap_or(Category::Organization)
    }
}
