//! SQL of rights: what decisions are made from, and how it changed.

use std::collections::HashMap;

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::Key;
use crate::access::{SubjectFacts, WorkspaceFacts};

/// One change of a workspace's rights.
pub struct ChangeOfRights {
    /// Which one.
    pub version: i64,
    /// Whose rights; none where everybody's may have changed.
    pub users: Option<Vec<Uuid>>,
}

/// The version of a workspace's rights.
///
/// # Errors
/// When the database fails.
pub async fn version(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!("select version from rights where workspace_id = $1", ws).fetch_one(db).await
}

/// A workspace's rights, held as they are until the transaction ends.
pub struct Locked {
    /// Their version.
    pub version: i64,
    /// When they were held, in Unix seconds by the database's clock: the transaction may have begun long before.
    pub at: i64,
}

/// Holds a workspace's rights as they are until the transaction ends. Whoever changes anything that rights depend on comes
/// after.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid) -> Result<Locked, sqlx::Error> {
    // The clock is read outside: inside it could be read before the wait.
    sqlx::query_as!(
        Locked,
        r#"with held as materialized (select version from rights where workspace_id = $1 for no key update)
           select version as "version!", floor(extract(epoch from clock_timestamp()))::bigint as "at!" from held"#,
        ws
    )
    .fetch_one(db)
    .await
}

/// The changes after a version, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_changes(db: &mut PgConnection, ws: Uuid, since: i64) -> Result<Vec<ChangeOfRights>, sqlx::Error> {
    sqlx::query_as!(
        ChangeOfRights,
        "select version, users from rights_changes where workspace_id = $1 and version > $2 order by version",
        ws,
        since
    )
    .fetch_all(db)
    .await
}

/// Forgets changes that no server needs any more: one that is so far behind reads everything anew.
///
/// # Errors
/// When the database fails.
pub async fn delete_old_changes(db: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from rights_changes using rights
         where rights.workspace_id = rights_changes.workspace_id and rights_changes.version < rights.version - 10000"
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A workspace's rights without its users', and its keys by the hash of their tokens; of one moment.
///
/// # Errors
/// When the database fails.
pub async fn load_workspace(
    db: &mut PgConnection,
    ws: Uuid,
) -> Result<(WorkspaceFacts, HashMap<Box<[u8]>, Key>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select jsonb_build_object(
            'version', (select version from rights where workspace_id = $1),
            'features', coalesce((select jsonb_agg(jsonb_build_object('slug', slug, 'name', name, 'actions', actions) order by created_at, slug)
                from features where workspace_id = $1), '[]'),
            'regions', coalesce((select jsonb_agg(jsonb_build_object('slug', slug, 'name', name) order by created_at, slug)
                from regions where workspace_id = $1), '[]'),
            'roles', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'category', category, 'permissions', permissions) order by name_key)
                from roles where workspace_id = $1 and not built_in), '[]'),
            'organizations', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'name', name))
                from organizations where workspace_id = $1), '[]'),
            'apis', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'slug', slug, 'name', name, 'customer_ids',
                    coalesce((select jsonb_agg(customer_id) from api_customer_ids c where c.workspace_id = $1 and c.api_id = apis.id), '[]')))
                from apis where workspace_id = $1), '[]'),
            'groups', coalesce((select jsonb_agg(jsonb_build_object('id', id, 'name', name, 'grants',
                    coalesce((select jsonb_agg(jsonb_build_object('api', api_id, 'until', floor(extract(epoch from until))::bigint))
                        from api_access a where a.workspace_id = $1 and a.group_id = groups.id), '[]')))
                from groups where workspace_id = $1), '[]')
        ) as "facts!: Json<WorkspaceFacts>",
        array(select token_hash from api_keys where workspace_id = $1 order by id) as "hashes!: Vec<Vec<u8>>",
        array(select asks from api_keys where workspace_id = $1 order by id) as "asks!: Vec<bool>""#,
        ws
    )
    .fetch_one(db)
    .await?;
    let keys = row.hashes.into_iter().zip(row.asks).map(|(hash, asks)| (hash.into(), Key { asks })).collect();
    Ok((row.facts.0, keys))
}

/// A user's rights, with the version of the workspace's that they are of.
///
/// # Errors
/// When the database fails.
pub async fn find_subject(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
) -> Result<Option<(i64, SubjectFacts)>, sqlx::Error> {
    let (version, mut found) = list_subjects(db, ws, &[user]).await?;
    Ok(found.pop().map(|facts| (version, facts)))
}

/// The rights of these users, with the version of the workspace's that they are of.
///
/// # Errors
/// When the database fails.
pub async fn list_subjects(
    db: &mut PgConnection,
    ws: Uuid,
    users: &[Uuid],
) -> Result<(i64, Vec<SubjectFacts>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select version, array(
            select jsonb_build_object(
                'id', users.id, 'email_key', email_key, 'active', state = 'enabled', 'category', kind, 'customer_id', customer_id,
                'assignments', coalesce((select jsonb_agg(jsonb_build_object(
                        'id', a.id, 'role', role_id, 'permissions', permissions, 'region', region, 'organization', organization_id,
                        'apis', case when all_apis then '"all"'::jsonb else jsonb_build_object('chosen',
                            coalesce((select jsonb_agg(api_id) from assignment_apis c where c.workspace_id = $1 and c.assignment_id = a.id), '[]')) end,
                        'until', floor(extract(epoch from until))::bigint) order by given_at, a.id)
                    from assignments a where a.workspace_id = $1 and a.user_id = users.id), '[]'),
                'groups', coalesce((select jsonb_agg(group_id) from group_members m where m.workspace_id = $1 and m.user_id = users.id), '[]'),
                'grants', coalesce((select jsonb_agg(jsonb_build_object('api', api_id, 'until', floor(extract(epoch from until))::bigint))
                    from api_access g where g.workspace_id = $1 and g.user_id = users.id), '[]'))
            from unnest($2::uuid[]) with ordinality as wanted (id, place)
            join users on users.workspace_id = $1 and users.id = wanted.id
            order by wanted.place
        ) as "facts!: Vec<Json<SubjectFacts>>"
        from rights where workspace_id = $1"#,
        ws,
        users
    )
    .fetch_one(db)
    .await?;
    Ok((row.version, row.facts.into_iter().map(|facts| facts.0).collect()))
}

/// Whose address this is, in its normal form, with the version of the workspace's rights.
///
/// # Errors
/// When the database fails.
pub async fn find_user_id(
    db: &mut PgConnection,
    ws: Uuid,
    email_key: &str,
) -> Result<(i64, Option<Uuid>), sqlx::Error> {
    let row = sqlx::query!(
        r#"select version, (select id from users where workspace_id = $1 and email_key = $2) as "user" from rights where workspace_id = $1"#,
        ws,
        email_key
    )
    .fetch_one(db)
    .await?;
    Ok((row.version, row.user))
}

/// Users behind one, in the order of their ids: whoever asks about all of them takes them by and by.
///
/// # Errors
/// When the database fails.
pub async fn list_user_ids(
    db: &mut PgConnection,
    ws: Uuid,
    behind: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from users where workspace_id = $1 and id > $2 order by id limit $3",
        ws,
        behind,
        limit
    )
    .fetch_all(db)
    .await
}
