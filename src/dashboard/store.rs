//! SQL of the dashboard.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{COUNTED, Contact, Figures};
use crate::{
    access::{BuiltIn, Category, RoleRef},
    listing::ListQuery,
    people::{self, model::User},
};

/// How many of the newest users are shown.
const NEWEST: usize = 5;

/// The team in figures, with the invitations of these kinds of user.
///
/// # Errors
/// When the database fails.
pub async fn figures(db: &mut PgConnection, ws: Uuid, kinds: &[Category]) -> Result<Figures, sqlx::Error> {
    let row = sqlx::query!(
        r#"select
            coalesce((select n from tallies where workspace_id = $1 and kind = 'users:teammate'), 0) as "users!",
            (select count(*) from (select 1 from users where workspace_id = $1 and state = 'disabled' limit $2) t) as "disabled!",
            (select count(*) from (select 1 from invitations where workspace_id = $1 and category = any($3)
                and status = 'pending' and not settled and valid_until > now() limit $2) t) as "open!",
            (select count(*) from (select 1 from invitations where workspace_id = $1 and category = any($3)
                and status = 'pending' and not settled and valid_until <= now() limit $2) t) as "expired!",
            (select count(*) from (select 1 from invitations where workspace_id = $1 and category = any($3)
                and status = 'waiting' and not settled limit $2) t) as "waiting!",
            (select count(*) from (select 1 from invitations where workspace_id = $1 and category = any($3)
                and status = 'approved' and not settled and completed_at > now() - interval '30 days' limit $2) t) as "accepted!",
            (select count(*) from (select 1 from messages join invitations on invitations.workspace_id = messages.workspace_id
                    and invitations.id = messages.invitation_id
                where messages.workspace_id = $1 and category = any($3) and messages.state in ('deferred', 'failed')
                    and invitations.status = 'pending' limit $2) t) as "undelivered!""#,
        ws,
        COUNTED,
        &kinds.iter().map(|kind| kind.slug().to_owned()).collect::<Vec<_>>(),
    )
    .fetch_one(&mut *db)
    .await?;
    let newest = ListQuery { sort: "-joined".into(), ..Default::default() };
    let newest: Vec<User> =
        people::store::list(db, ws, Category::Teammate, &newest).await?.rows.into_iter().take(NEWEST).collect();
    Ok(Figures {
        users: row.users,
        disabled: row.disabled,
        open: row.open,
        expired: row.expired,
        waiting: row.waiting,
        accepted: row.accepted,
        undelivered: row.undelivered,
        captured: false,
        newest,
    })
}

/// Who can give rights: active owners and administrators, owners first.
///
/// # Errors
/// When the database fails.
pub async fn list_contacts(db: &mut PgConnection, ws: Uuid) -> Result<Vec<Contact>, sqlx::Error> {
    let rows = sqlx::query!(
        "select full_name, email, role_id as \"role_id!\" from assignments
         join users on users.workspace_id = assignments.workspace_id and users.id = assignments.user_id
         where assignments.workspace_id = $1 and role_id in ($2, $3) and region is null and organization_id is null
             and (until is null or until > now()) and state = 'enabled'
         order by role_id, name_key limit 5",
        ws,
        BuiltIn::Owner.id(),
        BuiltIn::Administrator.id()
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Contact {
            full_name: row.full_name,
            email: row.email,
            role: RoleRef { id: row.role_id, name: String::new() },
        })
        .collect())
}
