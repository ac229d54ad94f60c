//! Buttons, and links that look like buttons. What changes data is a button; what leads elsewhere is a link.

use leptos::prelude::*;

use super::icon::{Icon, IconSize};

/// What a button is like. One primary button per page, drawer or dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Ghost,
    /// Does what cannot be undone; in dialogs only.
    Danger,
    /// Leads to a dialog that may destroy ("Remove…").
    DangerQuiet,
    /// Without a box, among text.
    Link,
}

/// The height of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    /// 28 px, in rows.
    Small,
    /// 32 px.
    #[default]
    Normal,
    /// 40 px, on the front door.
    Large,
    /// 40 px and as wide as its container.
    Full,
}

/// What pressing a button does to the form around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonType {
    #[default]
    Button,
    Submit,
}

impl ButtonType {
    fn attribute(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::Submit => "submit",
        }
    }
}

/// The classes of a button.
fn class(kind: ButtonKind, size: ButtonSize, icon_only: bool) -> String {
    let kind = match kind {
        ButtonKind::Primary => " primary",
        ButtonKind::Secondary => "",
        ButtonKind::Ghost => " ghost",
        ButtonKind::Danger => " danger",
        ButtonKind::DangerQuiet => " danger-quiet",
        ButtonKind::Link => " link",
    };
    let size = match size {
        ButtonSize::Small => " sm",
        ButtonSize::Normal => "",
        ButtonSize::Large => " lg",
        ButtonSize::Full => " lg full",
    };
    let icon_only = if icon_only { " icon" } else { "" };
    format!("btn{kind}{icon_only}{size}")
}

/// A button with a word on it. Attributes that it does not name itself (`name`, `value`, `form`, `popovertarget`) are
/// given with `attr:`, as in `attr:form="invite"`, and events with `on:`.
#[component]
pub fn Button(
    #[prop(into)] label: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<&'static str>,
    /// The accessible name, where it differs from the label ("ACCEPT" for "Accept").
    #[prop(optional, into)]
    name: Option<String>,
    #[prop(optional)] r#type: ButtonType,
    /// Work is under way: a spinner takes the icon's place and presses have no effect.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Takes the focus when its dialog opens: for the safe button of a dialog that destroys.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <button
            class=class(kind, size, false)
            type=r#type.attribute()
            aria-label=name
            aria-busy=move || busy.get().then_some("true")
            disabled=move || disabled.get()
            autofocus=autofocus
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            }
        >
            {icon.map(|name| view! { <Icon name/> })}
            {label}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    #[prop(into)] href: String,
    #[prop(into)] label: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<&'static str>,
    /// The accessible name, where it differs from the label ("+ INVITE" for "Invite").
    #[prop(optional, into)]
    name: Option<String>,
    /// Takes the focus when its dialog opens: for the safe button of a dialog that destroys.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <a class=class(kind, size, false) href=href aria-label=name autofocus=autofocus>
            {icon.map(|name| view! { <Icon name/> })}
            {label}
        </a>
    }
}

/// A button, or a link where `href` is given, that shows an icon alone. `label` is its whole name ("Resend invitation to
/// zofia@hansa-shipping.test"), `tip` the short hint that is shown ("Resend"); without one the hint is the name.
#[component]
pub fn IconButton(
    icon: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] tip: Option<String>,
    #[prop(optional, into)] href: Option<String>,
    #[prop(default = ButtonKind::Ghost)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] r#type: ButtonType,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let class = class(kind, size, true);
    let tip = tip.unwrap_or_else(|| label.clone());
    let glyph = match size {
        ButtonSize::Large | ButtonSize::Full => IconSize::Large,
        ButtonSize::Small | ButtonSize::Normal => IconSize::Normal,
    };
    let icon = view! { <Icon name=icon size=glyph/> };
    match href {
        Some(href) => view! { <a class=class href=href aria-label=label data-tip=tip>{icon}</a> }.into_any(),
        None => view! {
            <button
                class=class
                type=r#type.attribute()
                aria-label=label
                data-tip=tip
                disabled=move || disabled.get()
            >
                {icon}
            </button>
        }
        .into_any(),
    }
}
