//! Pages of the settings.

pub mod features;
mod features_forms;
pub mod invitations;
mod mail_words;
pub mod regions;
mod sign_in_screen;
pub mod switch;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Redirect};

use crate::{
    paths,
    text::text,
    ui::page::{PageHead, TabItem, Tabs},
};

/// The settings as such lead to the first section, which says who may see it.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
    view! { <Redirect path=paths::FEATURES options/> }
}

/// What stands over every section: the head, with the section's action, and the way to the others.
#[component]
fn SettingsHead(
    /// The section's address.
    section: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let t = &text().settings;
    let tab = |label: &str, href: &'static str| TabItem {
        label: label.to_owned(),
        href: href.to_owned(),
        current: href == section,
        ..TabItem::default()
    };
    let items = vec![
        tab(t.features, paths::FEATURES),
        tab(t.regions, paths::REGIONS),
        tab(text().invitation_settings.title, paths::INVITATION_SETTINGS),
    ];
    view! {
        <PageHead title=t.title lead=t.lead>{children.map(|children| children())}</PageHead>
        <Tabs label=t.sections items/>
    }
}
