//! SQL of features and regions.

mod inviting;

pub use inviting::{
    find_inviting, find_words, needs_mobile, update_colour, update_domains, update_registration, update_sender,
    update_validity, update_words,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{FeatureUse, MOST_NAMED, OwnFeature, Region};
use crate::{
    access::{Action, Actions},
    apis::model::MOST_COUNTED,
};

struct FeatureRow {
    slug: String,
    name: String,
    purpose: String,
    actions: Vec<String>,
}

impl From<FeatureRow> for OwnFeature {
    fn from(row: FeatureRow) -> Self {
        Self {
            slug: row.slug,
            name: row.name,
            purpose: row.purpose,
            // The column's check admits no other words.
            actions: row.actions.iter().filter_map(|slug| slug.parse::<Action>().ok()).collect(),
        }
    }
}

fn slugs(actions: Actions) -> Vec<String> {
    actions.iter().map(|action| action.slug().to_owned()).collect()
}

/// The workspace's own features, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_features(db: &mut PgConnection, ws: Uuid) -> Result<Vec<OwnFeature>, sqlx::Error> {
    let rows = sqlx::query_as!(
        FeatureRow,
        "select slug, name, purpose, actions from features where workspace_id = $1 order by created_at, slug",
        ws
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(OwnFeature::from).collect())
}

/// One of them.
///
/// # Errors
/// When the database fails.
pub async fn find_feature(db: &mut PgConnection, ws: Uuid, slug: &str) -> Result<Option<OwnFeature>, sqlx::Error> {
    let row = sqlx::query_as!(
        FeatureRow,
        "select slug, name, purpose, actions from features where workspace_id = $1 and slug = $2",
        ws,
        slug
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(OwnFeature::from))
}

/// What names a feature: custom roles, and what people were given beside their roles.
///
/// # Errors
/// When the database fails.
pub async fn find_use(db: &mut PgConnection, ws: Uuid, feature: OwnFeature) -> Result<FeatureUse, sqlx::Error> {
    let row = sqlx::query!(
        r#"with named_roles as (select name from roles where workspace_id = $1 and permissions ? $2),
             named_people as (
                 select distinct users.id, full_name from assignments join users on users.workspace_id = $1 and users.id = user_id
                 where assignments.workspace_id = $1 and permissions <> '{}' and permissions ? $2)
         select (select count(*) from named_roles) as "roles!",
             array(select name from named_roles order by name limit $3) as "role_names!",
             (select count(*) from named_people) as "people!",
             array(select full_name from named_people order by full_name limit $3) as "people_names!""#,
        ws,
        feature.slug,
        MOST_NAMED as i64
    )
    .fetch_one(db)
    .await?;
    Ok(FeatureUse {
        feature,
        roles: row.roles,
        role_names: row.role_names,
        people: row.people,
        people_names: row.people_names,
    })
}

/// Makes a feature.
///
/// # Errors
/// The constraints `features_pkey` and `features_name_key`; otherwise when the database fails.
pub async fn insert_feature(db: &mut PgConnection, ws: Uuid, feature: &OwnFeature) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into features (workspace_id, slug, name, purpose, actions) values ($1, $2, $3, $4, $5)",
        ws,
        feature.slug,
        feature.name,
        feature.purpose,
        &slugs(feature.actions)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes a feature, but for its slug.
///
/// # Errors
/// The constraint `features_name_key`; otherwise when the database fails.
pub async fn update_feature(db: &mut PgConnection, ws: Uuid, feature: &OwnFeature) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update features set name = $3, purpose = $4, actions = $5 where workspace_id = $1 and slug = $2",
        ws,
        feature.slug,
        feature.name,
        feature.purpose,
        &slugs(feature.actions)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes a feature.
///
/// # Errors
/// When the database fails.
pub async fn delete_feature(db: &mut PgConnection, ws: Uuid, slug: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from features where workspace_id = $1 and slug = $2", ws, slug).execute(db).await?;
    Ok(())
}

/// Something that permitted more on a feature than it does now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowed {
    /// What happened, as the audit log names it, and to what kind of thing.
    pub deed: (&'static str, &'static str),
    /// The role, or the user whose assignment it is.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it permitted on the feature, and of an assignment for what.
    pub before: serde_json::Value,
    /// What is left of that.
    pub after: serde_json::Value,
}

/// Leaves of what roles and assignments permit on a feature only these actions; with none, they name it no more. Tells what was
/// taken from which.
///
/// # Errors
/// When the database fails.
pub async fn narrow(db: &mut PgConnection, ws: Uuid, slug: &str, kept: Actions) -> Result<Vec<Narrowed>, sqlx::Error> {
    let kept = slugs(kept);
    let roles = sqlx::query!(
        r#"with was as (select id, permissions from roles where workspace_id = $1 and permissions ? $2)
         update roles set permissions = (was.permissions - $2::text) || coalesce(
             (select jsonb_build_object($2::text, jsonb_agg(action)) from jsonb_array_elements_text(was.permissions -> $2) action
              where action = any($3) having count(*) > 0), '{}')
         from was where roles.workspace_id = $1 and roles.id = was.id
         returning roles.id, roles.name, jsonb_build_object($2::text, was.permissions -> $2) as "before!",
             jsonb_build_object($2::text, roles.permissions -> $2) as "after!""#,
        ws,
        slug,
        &kept
    )
    .fetch_all(&mut *db)
    .await?;
    // What would be nothing at all is none: a row says a role, or what is permitted without one.
    let gone = sqlx::query!(
        r#"delete from assignments a using users u
         where a.workspace_id = $1 and role_id is null and permissions <> '{}' and permissions ? $2 and permissions - $2::text = '{}'
             and not exists (select 1 from jsonb_array_elements_text(permissions -> $2) action where action = any($3))
             and u.workspace_id = $1 and u.id = a.user_id
         returning u.id, u.full_name, jsonb_build_object($2::text, permissions -> $2, 'region', region,
             'organization', organization_id, 'until', extract(epoch from until)::bigint) as "before!""#,
        ws,
        slug,
        &kept
    )
    .fetch_all(&mut *db)
    .await?;
    let less = sqlx::query!(
        r#"with was as (
             select id, permissions from assignments where workspace_id = $1 and permissions <> '{}' and permissions ? $2)
         update assignments a set permissions = (was.permissions - $2::text) || coalesce(
             (select jsonb_build_object($2::text, jsonb_agg(action)) from jsonb_array_elements_text(was.permissions -> $2) action
              where action = any($3) having count(*) > 0), '{}')
         from was, users u
         where a.workspace_id = $1 and a.id = was.id and u.workspace_id = $1 and u.id = a.user_id
         returning u.id, u.full_name,
             jsonb_build_object($2::text, was.permissions -> $2, 'region', region, 'organization', organization_id) as "before!",
             jsonb_build_object($2::text, a.permissions -> $2, 'region', region, 'organization', organization_id) as "after!""#,
        ws,
        slug,
        &kept
    )
    .fetch_all(db)
    .await?;
    let narrowed = |deed, id, name, before, after| Narrowed { deed, id, name, before, after };
    let roles = roles.into_iter().map(|it| narrowed(("role.update", "role"), it.id, it.name, it.before, it.after));
    let gone = gone
        .into_iter()
        .map(|it| narrowed(("rights.take", "user"), it.id, it.full_name, it.before, serde_json::json!({})));
    let less = less.into_iter().map(|it| narrowed(("rights.change", "user"), it.id, it.full_name, it.before, it.after));
    // What held nothing of what is taken has lost nothing.
    Ok(roles.chain(gone).chain(less).filter(|it| it.before != it.after).collect())
}

/// The regions, the oldest first, each with how much names it, up to one more than `MOST_COUNTED`.
///
/// # Errors
/// When the database fails.
pub async fn list_regions(db: &mut PgConnection, ws: Uuid) -> Result<Vec<Region>, sqlx::Error> {
    sqlx::query_as!(
        Region,
        r#"select slug, name,
             (select count(*) from (
                 select from api_regions where workspace_id = $1 and region = slug limit $2) counted) as "apis!",
             (select count(*) from (
                 select from assignments where workspace_id = $1 and region = slug limit $2) counted) as "assignments!"
         from regions where workspace_id = $1 order by created_at, slug"#,
        ws,
        MOST_COUNTED + 1
    )
    .fetch_all(db)
    .await
}

/// Makes a region.
///
/// # Errors
/// The constraints `regions_pkey` and `regions_name_key`; otherwise when the database fails.
pub async fn insert_region(db: &mut PgConnection, ws: Uuid, slug: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into regions (workspace_id, slug, name) values ($1, $2, $3)", ws, slug, name)
        .execute(db)
        .await?;
    Ok(())
}

/// Renames a region.
///
/// # Errors
/// The constraint `regions_name_key`; otherwise when the database fails.
pub async fn update_region(db: &mut PgConnection, ws: Uuid, slug: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update regions set name = $3 where workspace_id = $1 and slug = $2", ws, slug, name)
        .execute(db)
        .await?;
    Ok(())
}

/// Deletes a region.
///
/// # Errors
/// The foreign keys of what names it, and `regions_last` for the last one; otherwise when the database fails.
pub async fn delete_region(db: &mut PgConnection, ws: Uuid, slug: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from regions where workspace_id = $1 and slug = $2", ws, slug).execute(db).await?;
    Ok(())
}
