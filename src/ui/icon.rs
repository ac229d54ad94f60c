//! Icons and status shapes, drawn from the one sprite.

use leptos::prelude::*;

/// The sprite's address, given as context by the application: it carries the hash of the file in a release.
#[derive(Clone, Debug)]
pub struct IconSprite(pub String);

/// How large an icon is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 16 px, beside text.
    #[default]
    Normal,
    /// 14 px, in rows, chips and badges.
    Small,
    /// 20 px, alone.
    Large,
}

/// The address of a symbol in the sprite.
fn symbol(prefix: &str, name: &str) -> String {
    match use_context::<IconSprite>() {
        Some(IconSprite(url)) => format!("{url}#{prefix}-{name}"),
        None => format!("/icons.svg#{prefix}-{name}"),
    }
}

/// An icon of the sprite (`i-{name}`). It is decoration: the word beside it, or the button's name, says the same.
#[component]
pub fn Icon(
    name: &'static str,
    #[prop(optional)] size: IconSize,
    /// A further class, such as `v-ok`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let base = match size {
        IconSize::Normal => "i",
        IconSize::Small => "i s",
        IconSize::Large => "i l",
    };
    let class = if class.is_empty() { base.to_string() } else { format!("{base} {class}") };
    view! { <svg class=class aria-hidden="true"><use href=symbol("i", name)></use></svg> }
}

/// The shape of a status (`st-{name}`), in the colour of that status; see [`super::badge::StatusKind`].
#[component]
pub fn StatusShape(name: &'static str) -> impl IntoView {
    view! {
        <svg class=format!("status-shape {name}") aria-hidden="true"><use href=symbol("st", name)></use></svg>
    }
}
