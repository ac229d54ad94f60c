//! A secret address that is shown once: to copy, and as a picture for a telephone.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    button::{Button, ButtonSize},
    when::mounted,
};

/// The rim that a QR code needs around it, in modules (ISO/IEC 18004).
const RIM: u16 = 4;

/// What is shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The address.
    pub address: String,
    /// The same as a QR code; none where it is too long for one.
    pub picture: Option<Modules>,
}

/// It never stands in a log.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// The dark modules of a QR code, made on the server: the browser needs nothing to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modules {
    /// How many stand side by side.
    pub size: u16,
    /// The path of an SVG that covers them: `M{x} {y}h{n}v1h-{n}z` for each run.
    pub path: String,
}

/// The QR code, black on white whatever the theme: not every camera reads it the other way round.
#[component]
pub fn QrCode(
    modules: Modules,
    /// What it is, for those who do not see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let size = modules.size + 2 * RIM;
    view! {
        <svg class="qr" viewBox=format!("-{RIM} -{RIM} {size} {size}") role="img" aria-label=label shape-rendering="crispEdges">
            <path fill="#fff" d=format!("M-{RIM} -{RIM}h{size}v{size}h-{size}z")></path>
            <path fill="#000" d=modules.path></path>
        </svg>
    }
}

/// A line that is copied. Without script it is selected and copied by hand.
#[component]
pub fn CopyLine(
    #[prop(into)] value: String,
    /// What it is.
    #[prop(into)]
    label: String,
    /// The button, before and after it was pressed.
    copy: &'static str,
    copied: &'static str,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let kept = StoredValue::new(value.clone());
    let button = move || {
        (mounted() && can_copy()).then(|| {
            view! {
                <Button label=copy icon="copy" size=ButtonSize::Small on:click=move |_| {
                    kept.with_value(|value| put_on_clipboard(value));
                    done.set(true);
                }/>
            }
        })
    };
    view! {
        <div class="copy-line">
            <input class="input" type="text" readonly value=value aria-label=label autocomplete="off"/>
            {button}
        </div>
        <p class="help" role="status">{move || done.get().then_some(copied)}</p>
    }
}

/// There is a clipboard only where the page came by HTTPS or from this machine.
#[cfg(feature = "hydrate")]
fn can_copy() -> bool {
    window().is_secure_context()
}

#[cfg(not(feature = "hydrate"))]
fn can_copy() -> bool {
    false
}

#[cfg(feature = "hydrate")]
fn put_on_clipboard(value: &str) {
    drop(window().navigator().clipboard().write_text(value));
}

#[cfg(not(feature = "hydrate"))]
fn put_on_clipboard(_value: &str) {}
