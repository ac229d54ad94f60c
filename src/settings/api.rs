//! Server functions of the settings.

use leptos::prelude::*;

use super::model::{FeatureForm, FeatureUse, OwnFeature, Region, RegionChoice, RegionForm, SlugForm};
#[cfg(feature = "ssr")]
use crate::{
    accounts::model::local_path,
    paths,
    ui::toast::{Deed, Notice, Thing},
};
use crate::{error::AppError, ui::toast::Outcome};

#[cfg(feature = "ssr")]
fn done(address: &str, thing: Thing, deed: Deed, name: String) -> Outcome {
    Outcome::to(address, Notice::Done { thing, deed, name })
}

/// The features of the workspace's own.
#[server(endpoint = "list-features")]
pub async fn list_features() -> Result<Vec<OwnFeature>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_features(&cx).await)
}

/// A feature, and what names it.
#[server(endpoint = "find-feature-use")]
pub async fn find_feature_use(slug: String) -> Result<FeatureUse, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_feature_use(&cx, &slug).await)
}

/// Adds a feature.
#[server(endpoint = "add-feature")]
pub async fn add_feature(form: FeatureForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::add_feature(&cx, form).await)?;
    Ok(done(paths::FEATURES, Thing::Feature, Deed::Created, name))
}

/// Changes a feature; its slug says which.
#[server(endpoint = "edit-feature")]
pub async fn edit_feature(form: FeatureForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::edit_feature(&cx, form).await)?;
    Ok(done(paths::FEATURES, Thing::Feature, Deed::Saved, name))
}

/// Deletes a feature.
#[server(endpoint = "delete-feature")]
pub async fn delete_feature(form: SlugForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::delete_feature(&cx, &form.slug).await)?;
    Ok(done(paths::FEATURES, Thing::Feature, Deed::Deleted, name))
}

/// The regions.
#[server(endpoint = "list-regions")]
pub async fn list_regions() -> Result<Vec<Region>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_regions(&cx).await)
}

/// Adds a region.
#[server(endpoint = "add-region")]
pub async fn add_region(form: RegionForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::add_region(&cx, form).await)?;
    Ok(done(paths::REGIONS, Thing::Region, Deed::Created, name))
}

/// Renames a region; its slug says which.
#[server(endpoint = "rename-region")]
pub async fn rename_region(form: RegionForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::rename_region(&cx, form).await)?;
    Ok(done(paths::REGIONS, Thing::Region, Deed::Saved, name))
}

/// Deletes a region.
#[server(endpoint = "delete-region")]
pub async fn delete_region(form: SlugForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::delete_region(&cx, &form.slug).await)?;
    Ok(done(paths::REGIONS, Thing::Region, Deed::Deleted, name))
}

/// Chooses the region that is looked at, in this browser.
#[server(endpoint = "choose-region")]
pub async fn choose_region(form: RegionChoice) -> Result<Outcome, AppError> {
    use crate::platform::{context::Context, forms};
    let cx = Context::current()?;
    let region = cx.answer(super::service::choose_region(&cx, &form.region))?;
    forms::keep_region(&cx, region);
    Ok(Outcome { reload: true, ..Outcome::at(local_path(&form.back)) })
}
