//! SQL of what is given for a time.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{access::Permissions, accounts::address::Address, requests::store::Person};

/// Something given for a time, whose holder is to have notice of its end.
pub struct Ending {
    /// Who holds it.
    pub holder: Person,
    /// What it is.
    pub what: What,
    /// When it ends.
    pub until: OffsetDateTime,
}

/// What is given for a time.
pub enum What {
    /// Rights.
    Rights {
        /// The role, if it is one.
        role: Option<Uuid>,
        /// What is given beside it.
        permissions: Permissions,
        /// The slug of the region.
        region: Option<String>,
        /// The organization it is for.
        organization: Option<Uuid>,
    },
    /// Access to the API of this name.
    Api(String),
}

/// Workspaces in which notice is due: of something a quarter of its time is left, and no more than a day.
///
/// # Errors
/// When the database fails.
pub async fn list_due_workspaces(db: &mut PgConnection) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select a.workspace_id as "id!" from assignments a
           join users u on u.workspace_id = a.workspace_id and u.id = a.user_id
           where until > now() and until <= now() + interval '24 hours'
               and until <= now() + (until - given_at) / 4
               and not end_announced and u.state = 'enabled'
           union
           select g.workspace_id from api_access g
           join users u on u.workspace_id = g.workspace_id and u.id = g.user_id
           where until > now() and until <= now() + interval '24 hours'
               and until <= now() + (until - given_at) / 4
               and not end_announced and u.state = 'enabled'"#
    )
    .fetch_all(db)
    .await
}

/// Claims what notice is due of in a workspace, the next to end first, and marks it: whoever commits it has given the notice.
/// Comes after the lock of the workspace's rights, as all changes do.
///
/// # Errors
/// When the database fails.
pub async fn claim_due(db: &mut PgConnection, ws: Uuid) -> Result<Vec<Ending>, sqlx::Error> {
    let rights = sqlx::query!(
        r#"update assignments set end_announced = true from (
               select a.id, u.email, u.email_key from assignments a
               join users u on u.workspace_id = a.workspace_id and u.id = a.user_id
               where a.workspace_id = $1 and until > now()
                   and until <= now() + interval '24 hours' and until <= now() + (until - given_at) / 4 and not end_announced and u.state = 'enabled'
               order by until limit 500 for update of a skip locked
           ) due where assignments.workspace_id = $1 and assignments.id = due.id
           returning user_id, email, email_key, role_id, permissions as "permissions: Json<Permissions>", region, organization_id, until as "until!""#,
        ws
    )
    .fetch_all(&mut *db)
    .await?;
    let apis = sqlx::query!(
        r#"update api_access set end_announced = true from (
               select g.id, u.email, u.email_key, apis.name from api_access g
               join users u on u.workspace_id = g.workspace_id and u.id = g.user_id
               join apis on apis.workspace_id = g.workspace_id and apis.id = g.api_id
               where g.workspace_id = $1 and until > now()
                   and until <= now() + interval '24 hours' and until <= now() + (until - given_at) / 4 and not end_announced and u.state = 'enabled'
               order by until limit 500 for update of g skip locked
           ) due where api_access.workspace_id = $1 and api_access.id = due.id
           returning user_id as "user_id!", email, email_key, name, until as "until!""#,
        ws
    )
    .fetch_all(db)
    .await?;
    let person = |id, shown, key| Person { id, address: Address { shown, key } };
    let rights = rights.into_iter().map(|row| Ending {
        holder: person(row.user_id, row.email, row.email_key),
        what: What::Rights {
            role: row.role_id,
            permissions: row.permissions.0,
            region: row.region,
            organization: row.organization_id,
        },
        until: row.until,
    });
    let apis = apis.into_iter().map(|row| Ending {
        holder: person(row.user_id, row.email, row.email_key),
        what: What::Api(row.name),
        until: row.until,
    });
    Ok(rights.chain(apis).collect())
}

/// Now, by the database's clock.
///
/// # Errors
/// When the database fails.
pub async fn now(db: &mut PgConnection) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar!(r#"select now() as "now!""#).fetch_one(db).await
}

/// Whose rights ended after one moment and until another; no user where those of a group did.
///
/// # Errors
/// When the database fails.
pub async fn list_ended(
    db: &mut PgConnection,
    since: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Vec<(Uuid, Option<Uuid>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select workspace_id as "workspace_id!", user_id from assignments where until > $1 and until <= $2
           union
           select workspace_id, user_id from api_access where until > $1 and until <= $2"#,
        since,
        until
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.workspace_id, row.user_id)).collect())
}
