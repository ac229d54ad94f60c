//! SQL of imports.

mod rows;
mod write;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

pub use self::{
    rows::{
        Existing, Judged, Sealed, Staged, ToJudge, analyze, erase_passwords, insert_rows, list_existing, list_rows,
        list_sealed, list_staged, mark_twice, update_hashed, update_judged,
    },
    write::{
        Member, NewPerson, delete_other_groups, insert_groups, insert_people, list_new, list_update, update_roles,
    },
};
use super::model::{CHECKED_DAYS, Counts, Encoding, Ending, Import, KEPT_DAYS, State};
use crate::access::Category;

/// An import that begins: what the upload says of itself.
pub struct NewImport<'a> {
    /// Its id.
    pub id: Uuid,
    /// Of what kind of users.
    pub kind: Category,
    /// The name of the file.
    pub file_name: &'a str,
    /// Who uploads.
    pub starter_id: Uuid,
    /// Their name.
    pub starter_name: &'a str,
}

/// Makes an import whose file is being read.
///
/// # Errors
/// When the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, it: &NewImport<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into imports (workspace_id, id, kind, file_name, starter_id, starter_name) values ($1, $2, $3, $4, $5, $6)",
        ws,
        it.id,
        it.kind.slug(),
        it.file_name,
        it.starter_id,
        it.starter_name,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What was found out about a file by reading it, and what is to be done with it.
pub struct Read<'a> {
    /// Its letters.
    pub encoding: Encoding,
    /// What parts its cells.
    pub separator: char,
    /// Its columns that mean nothing here.
    pub ignored: &'a [String],
    /// Whether users who are there get the role and the groups of the file.
    pub update_existing: bool,
    /// Whether a new password is required at the first sign-in.
    pub new_password: bool,
}

/// The file was read.
///
/// # Errors
/// When the database fails.
pub async fn update_read(db: &mut PgConnection, ws: Uuid, id: Uuid, it: &Read<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update imports set encoding = $3, separator = $4, ignored = $5, update_existing = $6, new_password = $7
         where workspace_id = $1 and id = $2",
        ws,
        id,
        it.encoding.slug(),
        it.separator.to_string(),
        it.ignored,
        it.update_existing,
        it.new_password,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes down how many rows have which verdict.
///
/// # Errors
/// When the database fails.
pub async fn update_counts(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update imports set (rows_new, rows_update, rows_same, rows_skip, rows_wrong, links) = (
             select count(*) filter (where verdict = 'new'), count(*) filter (where verdict = 'update'),
                 count(*) filter (where verdict = 'same'), count(*) filter (where verdict = 'skip'),
                 count(*) filter (where verdict = 'wrong'), count(*) filter (where verdict = 'new' and not with_password)
             from import_rows where workspace_id = $1 and import_id = $2)
         where workspace_id = $1 and id = $2",
        ws,
        id,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Goes on to another state, if it is in one of these. False where it is in none of them.
///
/// # Errors
/// When the database fails.
pub async fn update_state(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    from: &[State],
    to: State,
    ending: Option<Ending>,
) -> Result<bool, sqlx::Error> {
    let from: Vec<String> = from.iter().map(|it| it.slug().to_owned()).collect();
    let done = sqlx::query!(
        "update imports set state = $4, ending = $5, ended_at = case when $4 in ('done', 'failed', 'cancelled') then clock_timestamp() end
         where workspace_id = $1 and id = $2 and state = any($3)",
        ws,
        id,
        &from,
        to.slug(),
        ending.map(Ending::slug),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Starts one that was checked: from now on it is the work of whichever server claims it, with the rights of whoever starts it.
/// False where it is not to be started.
///
/// # Errors
/// When the database fails.
pub async fn update_started(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    starter_id: Uuid,
    starter_name: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "with started as (
             update imports set state = 'running', starter_id = $3, starter_name = $4
             where workspace_id = $1 and id = $2 and state = 'checked' returning workspace_id, id
         )
         insert into import_jobs (workspace_id, import_id) select workspace_id, id from started",
        ws,
        id,
        starter_id,
        starter_name,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes away one whose file could not be read.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from imports where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

struct ImportRow {
    id: Uuid,
    kind: String,
    state: String,
    ending: Option<String>,
    file_name: String,
    encoding: String,
    separator: String,
    ignored: Vec<String>,
    update_existing: bool,
    new_password: bool,
    starter_name: String,
    created_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
    rows_new: i32,
    rows_update: i32,
    rows_same: i32,
    rows_skip: i32,
    rows_wrong: i32,
    links: i32,
    hashed: i32,
    written: i32,
}

impl From<ImportRow> for Import {
    fn from(row: ImportRow) -> Self {
        // The columns' checks admit no other words.
        Self {
            id: row.id,
            kind: row.kind.parse().unwrap_or(Category::Teammate),
            state: row.state.parse().unwrap_or(State::Failed),
            ending: row.ending.map(|slug| slug.parse().unwrap_or(Ending::Fault)),
            file_name: row.file_name,
            encoding: row.encoding.parse().unwrap_or_default(),
            separator: row.separator.chars().next().unwrap_or(','),
            ignored: row.ignored,
            update_existing: row.update_existing,
            new_password: row.new_password,
            starter_name: row.starter_name,
            created_at: row.created_at,
            ended_at: row.ended_at,
            counts: Counts {
                new: row.rows_new,
                update: row.rows_update,
                same: row.rows_same,
                skip: row.rows_skip,
                wrong: row.rows_wrong,
                links: row.links,
            },
            hashed: row.hashed,
            written: row.written,
        }
    }
}

/// The columns of `ImportRow`, and which rows.
macro_rules! import_query {
    ($which:literal, $($argument:expr),*) => {
        sqlx::query_as!(
            ImportRow,
            "select id, kind, state, ending, file_name, encoding, separator, ignored, update_existing, new_password,
                 starter_name, created_at, ended_at, rows_new, rows_update, rows_same, rows_skip, rows_wrong, links, hashed, written
             from imports where workspace_id = $1 and " + $which,
            $($argument),*
        )
    };
}

/// One import of a kind, once its file was read.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, kind: Category, id: Uuid) -> Result<Option<Import>, sqlx::Error> {
    let row =
        import_query!("kind = $2 and id = $3 and state <> 'staging'", ws, kind.slug(), id).fetch_optional(db).await?;
    Ok(row.map(Import::from))
}

/// The newest imports of a kind, as many as these.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut PgConnection, ws: Uuid, kind: Category, most: i64) -> Result<Vec<Import>, sqlx::Error> {
    let rows = import_query!(
        "kind = $2 and state <> 'staging' order by created_at desc, id desc limit $3",
        ws,
        kind.slug(),
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Import::from).collect())
}

/// What is to be worked on.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its workspace.
    pub workspace_id: Uuid,
    /// Its import.
    pub import_id: Uuid,
    /// Of what kind of users.
    pub kind: Category,
    /// Whose rights it acts with.
    pub starter_id: Uuid,
    /// Whether it still runs.
    pub runs: bool,
    /// How often it has failed.
    pub attempts: i32,
}

/// Claims a job until the transaction ends, in any workspace: nobody else works on it meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &mut PgConnection) -> Result<Option<Job>, sqlx::Error> {
    // The transaction waits for hashes: a database that ends idle ones would have them begun for ever.
    sqlx::query!("set local idle_in_transaction_session_timeout = 0").execute(&mut *db).await?;
    let row = sqlx::query!(
        r#"select jobs.workspace_id, import_id, kind, starter_id, state = 'running' as "runs!", attempts
           from import_jobs jobs join imports on imports.workspace_id = jobs.workspace_id and imports.id = import_id
           order by imports.created_at limit 1 for update of jobs skip locked"#
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Job {
        workspace_id: row.workspace_id,
        import_id: row.import_id,
        kind: row.kind.parse().unwrap_or(Category::Teammate),
        starter_id: row.starter_id,
        runs: row.runs,
        attempts: row.attempts,
    }))
}

/// The job is done, however it ended.
///
/// # Errors
/// When the database fails.
pub async fn delete_job(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from import_jobs where workspace_id = $1 and import_id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// It has failed once more.
///
/// # Errors
/// When the database fails.
pub async fn update_attempts(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("update imports set attempts = attempts + 1 where workspace_id = $1 and id = $2", ws, id)
        .execute(db)
        .await?;
    Ok(())
}

/// So many rows stand written, if all goes well.
///
/// # Errors
/// When the database fails.
pub async fn update_written(db: &mut PgConnection, ws: Uuid, id: Uuid, written: i32) -> Result<(), sqlx::Error> {
    sqlx::query!("update imports set written = $3 where workspace_id = $1 and id = $2", ws, id, written)
        .execute(db)
        .await?;
    Ok(())
}

/// In every workspace: what was checked and not started in time fails, and its passwords are erased; files that were never read to
/// their end, and results that are old, are forgotten.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with late as (
             update imports set state = 'failed', ending = 'expired', ended_at = now()
             where state = 'checked' and created_at < now() - make_interval(days => $1) returning workspace_id, id
         )
         update import_rows set sealed_password = null, password_hash = null from late
         where import_rows.workspace_id = late.workspace_id and import_id = late.id",
        CHECKED_DAYS
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "delete from imports where (state = 'staging' and created_at < now() - interval '1 hour')
             or ended_at < now() - make_interval(days => $1)",
        KEPT_DAYS
    )
    .execute(db)
    .await?;
    Ok(())
}
