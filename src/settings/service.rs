//! Use cases of the settings.

mod inviting;

use std::collections::BTreeMap;

pub use inviting::{
    preview_mail, read_invitation_settings, save_colour, save_mail_domains, save_mail_words, save_registration,
    save_sender, save_validity, send_test_mail,
};

use serde::Serialize;
use uuid::Uuid;

use super::{
    model::{ALL_REGIONS, FeatureForm, FeatureUse, OwnFeature, Region, RegionForm, sees_all_regions},
    store::{self, Narrowed},
};
use crate::{
    access::{Action, Actions, BuiltIn, Category, Feature},
    audit,
    error::{AppError, Refusal},
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    ui::live::Topic,
};

/// The features of the workspace's own.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_features(cx: &Context) -> Result<Vec<OwnFeature>, Fault> {
    cx.authorize(Action::View, Feature::Settings)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list_features(&mut db, cx.ws()).await?)
}

/// A feature, and what names it.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_feature_use(cx: &Context, slug: &str) -> Result<FeatureUse, Fault> {
    cx.authorize(Action::View, Feature::Settings)?;
    let mut db = cx.app.pool.acquire().await?;
    let feature = store::find_feature(&mut db, cx.ws(), slug).await?.ok_or(AppError::NotFound)?;
    Ok(store::find_use(&mut db, cx.ws(), feature).await?)
}

/// Adds a feature. Built-in roles permit on it what they permit on every feature, custom ones nothing.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`: the name or the slug is taken, among others.
pub async fn add_feature(cx: &Context, form: FeatureForm) -> Result<String, Fault> {
    cx.authorize(Action::Create, Feature::Settings)?;
    let feature = form.check()?;
    let (mut tx, _) = cx.begin_change(Action::Create, Feature::Settings).await?;
    store::insert_feature(&mut tx, cx.ws(), &feature).await?;
    // Whatever a left-over names it confers nothing.
    narrow(&mut tx, cx, &feature.slug, Actions::NONE).await?;
    record(&mut tx, cx, "feature.create", &feature.name, None::<&()>, Some(&feature)).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(feature.name)
}

/// Changes a feature; its slug says which. An action that is taken from it is taken from the roles and the people that have
/// it, so that offering it again gives it to nobody (PITFALLS.md 25).
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`; `NotFound`.
pub async fn edit_feature(cx: &Context, form: FeatureForm) -> Result<String, Fault> {
    cx.authorize(Action::Update, Feature::Settings)?;
    let feature = form.check()?;
    let (mut tx, _) = cx.begin_change(Action::Update, Feature::Settings).await?;
    let before = store::find_feature(&mut tx, cx.ws(), &feature.slug).await?.ok_or(AppError::NotFound)?;
    store::update_feature(&mut tx, cx.ws(), &feature).await?;
    if !before.actions.without(feature.actions).is_empty() {
        narrow(&mut tx, cx, &feature.slug, feature.actions).await?;
    }
    record(&mut tx, cx, "feature.update", &feature.name, Some(&before), Some(&feature)).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(feature.name)
}

/// Deletes a feature. Roles and people lose it for good: a later one of the same slug confers nothing (PITFALLS.md 25).
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn delete_feature(cx: &Context, slug: &str) -> Result<String, Fault> {
    let (mut tx, _) = cx.begin_change(Action::Delete, Feature::Settings).await?;
    let feature = store::find_feature(&mut tx, cx.ws(), slug).await?.ok_or(AppError::NotFound)?;
    let before = store::find_use(&mut tx, cx.ws(), feature).await?;
    store::delete_feature(&mut tx, cx.ws(), slug).await?;
    narrow(&mut tx, cx, slug, Actions::NONE).await?;
    record(&mut tx, cx, "feature.delete", &before.feature.name, Some(&before), None::<&()>).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(before.feature.name)
}

/// The regions, each with what names it.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_regions(cx: &Context) -> Result<Vec<Region>, Fault> {
    cx.authorize(Action::View, Feature::Settings)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list_regions(&mut db, cx.ws()).await?)
}

/// Adds a region.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`: the name or the slug is taken, among others.
pub async fn add_region(cx: &Context, form: RegionForm) -> Result<String, Fault> {
    cx.authorize(Action::Create, Feature::Settings)?;
    let (name, slug) = form.check()?;
    let (mut tx, _) = cx.begin_change(Action::Create, Feature::Settings).await?;
    store::insert_region(&mut tx, cx.ws(), &slug, &name).await?;
    let after = serde_json::json!({ "slug": slug, "name": name });
    record(&mut tx, cx, "region.create", &name, None::<&()>, Some(&after)).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(name)
}

/// Renames a region; its slug says which.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`; `NotFound`.
pub async fn rename_region(cx: &Context, form: RegionForm) -> Result<String, Fault> {
    cx.authorize(Action::Update, Feature::Settings)?;
    let (name, slug) = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Settings).await?;
    let regions = &actor.snapshot().facts().regions;
    let before = regions.iter().find(|it| it.slug == slug).ok_or(AppError::NotFound)?;
    store::update_region(&mut tx, cx.ws(), &slug, &name).await?;
    let after = serde_json::json!({ "slug": slug, "name": name });
    record(&mut tx, cx, "region.update", &name, Some(before), Some(&after)).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(name)
}

/// Deletes a region that nothing names.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`; `Refused`: it is the last one, an API or an assignment names it, or it would give
/// somebody more than the actor holds.
pub async fn delete_region(cx: &Context, slug: &str) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Settings).await?;
    let regions = store::list_regions(&mut tx, cx.ws()).await?;
    let (gone, left): (Vec<&Region>, Vec<&Region>) = regions.iter().partition(|it| it.slug == slug);
    let gone = gone.first().ok_or(AppError::NotFound)?;
    if left.is_empty() {
        return Err(Refusal::LastRegion.into());
    }
    if gone.in_use() {
        return Err(Refusal::InUse.into());
    }
    if let [only] = left[..] {
        may_widen(&actor, only)?;
    }
    store::delete_region(&mut tx, cx.ws(), slug).await?;
    record(&mut tx, cx, "region.delete", &gone.name, Some(gone), None::<&()>).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(gone.name.clone())
}

/// Where one region is left, what is held in it is held everywhere: that is given (PITFALLS.md 24). Who could make an
/// administrator everywhere holds all that it can be; ownership is never of one region.
fn may_widen(actor: &Actor, only: &Region) -> Result<(), Refusal> {
    let may = only.assignments == 0 || actor.gives_role(Category::Teammate, BuiltIn::Administrator.id());
    if may { Ok(()) } else { Err(Refusal::GivesMore) }
}

/// What the switch keeps of the choice of a region.
///
/// # Errors
/// `Unauthorized`; `NotFound` for a region that is gone, and for all of them where nothing is held in all.
pub fn choose_region<'a>(cx: &Context, wanted: &'a str) -> Result<&'a str, Fault> {
    let actor = cx.signed_in()?;
    let there = if wanted == ALL_REGIONS {
        sees_all_regions(&actor.held.facts.assignments, actor.at)
    } else {
        actor.snapshot().facts().regions.iter().any(|region| region.slug == wanted)
    };
    if there { Ok(wanted) } else { Err(AppError::NotFound.into()) }
}

/// Leaves of what roles and people have on a feature only these actions. Each that had more has a line in the log.
async fn narrow(tx: &mut Change, cx: &Context, slug: &str, kept: Actions) -> Result<(), Fault> {
    let mut alike: BTreeMap<_, (Narrowed, Vec<(Uuid, String)>)> = BTreeMap::new();
    for it in store::narrow(tx, cx.ws(), slug, kept).await? {
        let thing = (it.id, it.name.clone());
        let what = (it.deed, it.before.to_string(), it.after.to_string());
        alike.entry(what).or_insert_with(|| (it, Vec::new())).1.push(thing);
    }
    for (it, things) in alike.into_values() {
        audit::record_each(tx, cx, it.deed, &things, &it.before, &it.after).await?;
    }
    Ok(())
}

/// Features and regions are known by their slugs: the log names the workspace, and the slug stands in what changed.
async fn record(
    tx: &mut Change,
    cx: &Context,
    action: &'static str,
    label: &str,
    before: Option<&(impl Serialize + Sync)>,
    after: Option<&(impl Serialize + Sync)>,
) -> Result<(), Fault> {
    let kind = action.split('.').next().unwrap_or(action);
    audit::record(tx, cx, audit::Entry { action, kind, id: cx.ws(), label }, before, after).await
}

async fn announce(tx: &mut Change, cx: &Context) -> Result<(), Fault> {
    for topic in [Topic::Settings, Topic::Roles, Topic::Users] {
        cx.announce(tx, topic, None).await?;
    }
    Ok(())
}
