//! SQL of features and regions.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{FeatureUse, MOST_NAMED, OwnFeature, Region};
use crate::access::{Action, Actions};

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
                 where assignments.workspace_id = $1 and permissions ? $2)
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

/// Leaves of what roles and assignments permit on a feature only these actions; with none, they name it no more.
///
/// # Errors
/// When the database fails.
pub async fn narrow(db: &mut PgConnection, ws: Uuid, slug: &str, kept: Actions) -> Result<(), sqlx::Error> {
    let kept = slugs(kept);
    sqlx::query!(
        "update roles set permissions = (permissions - $2::text) || coalesce(
             (select jsonb_build_object($2::text, jsonb_agg(action)) from jsonb_array_elements_text(permissions -> $2) action
              where action = any($3) having count(*) > 0), '{}')
         where workspace_id = $1 and permissions ? $2",
        ws,
        slug,
        &kept
    )
    .execute(&mut *db)
    .await?;
    // What would be nothing at all is none: a row says a role, or what is permitted without one.
    sqlx::query!(
        "delete from assignments where workspace_id = $1 and role_id is null and permissions ? $2 and permissions - $2::text = '{}'
             and not exists (select 1 from jsonb_array_elements_text(permissions -> $2) action where action = any($3))",
        ws,
        slug,
        &kept
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update assignments set permissions = (permissions - $2::text) || coalesce(
             (select jsonb_build_object($2::text, jsonb_agg(action)) from jsonb_array_elements_text(permissions -> $2) action
              where action = any($3) having count(*) > 0), '{}')
         where workspace_id = $1 and permissions ? $2",
        ws,
        slug,
        &kept
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The regions, the oldest first, each with how much names it.
///
/// # Errors
/// When the database fails.
pub async fn list_regions(db: &mut PgConnection, ws: Uuid) -> Result<Vec<Region>, sqlx::Error> {
    sqlx::query_as!(
        Region,
        r#"select slug, name,
             (select count(*) from api_regions where workspace_id = $1 and region = slug) as "apis!",
             (select count(*) from assignments where workspace_id = $1 and region = slug) as "assignments!"
         from regions where workspace_id = $1 order by created_at, slug"#,
        ws
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
