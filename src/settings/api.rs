//! Server functions of the settings.

use leptos::prelude::*;

use super::model::{
    ColourForm, DomainsForm, FeatureForm, FeatureUse, InvitationSettings, OwnFeature, Region, RegionChoice, RegionForm,
    RegistrationForm, SenderForm, SlugForm, TestMailForm, ValidityForm, WordsForm,
};
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

/// All of Settings > Invitations.
#[server(endpoint = "read-invitation-settings")]
pub async fn read_invitation_settings() -> Result<InvitationSettings, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_invitation_settings(&cx).await)
}

/// How long links work, and when is reminded.
#[server(endpoint = "save-validity")]
pub async fn save_validity(form: ValidityForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::save_validity(&cx, &form).await)?;
    Ok(Outcome::to(paths::INVITATION_SETTINGS, Notice::SettingsSaved))
}

/// What a registration takes.
#[server(endpoint = "save-registration")]
pub async fn save_registration(#[server(default)] form: RegistrationForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::save_registration(&cx, &form).await)?;
    Ok(Outcome::to(paths::INVITATION_SETTINGS, Notice::SettingsSaved))
}

/// The domains whose addresses alone are invited.
#[server(endpoint = "save-mail-domains")]
pub async fn save_mail_domains(form: DomainsForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::save_mail_domains(&cx, &form).await)?;
    Ok(Outcome::to(paths::INVITATION_SETTINGS, Notice::SettingsSaved))
}

/// What mails come from, beside the address.
#[server(endpoint = "save-sender")]
pub async fn save_sender(form: SenderForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::save_sender(&cx, &form).await)?;
    Ok(Outcome::to(paths::INVITATION_SETTINGS, Notice::SettingsSaved))
}

/// The background of the sign-in screen.
#[server(endpoint = "save-colour")]
pub async fn save_colour(form: ColourForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::save_colour(&cx, &form).await)?;
    Ok(Outcome::to(paths::INVITATION_SETTINGS, Notice::SettingsSaved))
}

/// The words of one mail.
#[server(endpoint = "save-mail-words")]
pub async fn save_mail_words(form: WordsForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let back = paths::mail_words(&form.kind);
    cx.answer(super::service::save_mail_words(&cx, &form).await)?;
    Ok(Outcome::to(back, Notice::SettingsSaved))
}

/// Sends a mail with made-up values to whoever asks.
#[server(endpoint = "send-test-mail")]
pub async fn send_test_mail(form: TestMailForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let email = cx.answer(super::service::send_test_mail(&cx, &form.kind).await)?;
    Ok(Outcome::to(paths::mail_words(&form.kind), Notice::TestSent { email }))
}
