//! Badges, and statuses: a shape and a word, so that no status is told by colour alone.

use leptos::prelude::*;

use super::icon::{Icon, IconSize, StatusShape};

/// How loud a badge is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeKind {
    #[default]
    Neutral,
    /// An outline, for what only describes ("You", "Custom").
    Line,
    Accent,
    Success,
    Warning,
    Danger,
    Info,
}

/// A short label on a quiet fill.
#[component]
pub fn Badge(
    #[prop(into)] label: String,
    #[prop(optional)] kind: BadgeKind,
    #[prop(optional)] icon: Option<&'static str>,
) -> impl IntoView {
    let class = match kind {
        BadgeKind::Neutral => "badge",
        BadgeKind::Line => "badge line",
        BadgeKind::Accent => "badge accent",
        BadgeKind::Success => "badge success",
        BadgeKind::Warning => "badge warning",
        BadgeKind::Danger => "badge danger",
        BadgeKind::Info => "badge info",
    };
    view! {
        <span class=class>{icon.map(|name| view! { <Icon name size=IconSize::Small/> })}{label}</span>
    }
}

/// The six statuses of an invitation (DESIGN, section 3) and the states of an account or of a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    Pending,
    Waiting,
    Approved,
    Rejected,
    Expired,
    Inactivated,
    Active,
    Disabled,
    Failed,
    /// An account whose owner has not finished it; it has the shape of Pending.
    PendingActivation,
}

impl StatusKind {
    /// The name of its shape in the sprite, and of its colour in the style sheet.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Pending | Self::PendingActivation => "pending",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Inactivated => "inactivated",
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Failed => "failed",
        }
    }
}

/// A status: its shape, then its word.
#[component]
pub fn Status(
    kind: StatusKind,
    #[prop(into)] label: String,
    /// With an outline, for the head of a page.
    #[prop(optional)]
    pill: bool,
) -> impl IntoView {
    let shape = kind.shape();
    let pill = if pill { " pill" } else { "" };
    view! { <span class=format!("status {shape}{pill}")><StatusShape name=shape/>{label}</span> }
}
