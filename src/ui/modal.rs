//! What dialogs and drawers have in common. The address says which one is open, the server renders it open inside a
//! scrim whose link leads back, and where script runs it becomes modal: the browser then keeps the focus inside, makes
//! the page behind it inert and closes it on Esc. Every way of closing ends in following that link.

use leptos::{
    ev,
    html::{A, Dialog},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};

/// Where the focus goes when nothing inside asks for it.
const FIRST_FIELD: &str = ".body :is(input:not([type=hidden]), select, textarea):not(:disabled)";

/// How many frames to wait for the page: one second of them.
const FRAMES: u8 = 60;

/// A modal surface: `children` are the header, body and footer of a `<dialog>` with the given class.
#[component]
pub fn Modal(
    class: &'static str,
    /// The id of the heading that names it.
    title_id: String,
    close_href: String,
    /// What to ask before typed text is thrown away; `None` while there is none.
    unsaved: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let away = NodeRef::<A>::new();

    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            make_modal_in_page(dialog, FRAMES);
        }
    });

    let refused = move || {
        unsaved.get_untracked().is_some_and(|question| !window().confirm_with_message(&question).unwrap_or(true))
    };
    let cancel = move |event: ev::Event| {
        if is_own(&event) && refused() {
            event.prevent_default();
        }
    };
    let close = move |event: ev::Event| {
        if is_own(&event)
            && let Some(away) = away.get_untracked()
        {
            away.click();
        }
    };
    // A link inside that leads back closes first: closing returns the focus to what had it before.
    let back = close_href.clone();
    let click = move |event: ev::MouseEvent| {
        let follows = !event.default_prevented() && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
        let Some(link) = follows.then(|| link(&event)).flatten() else { return };
        if link.get_attribute("href").as_deref() == Some(&back) {
            event.prevent_default();
            if let Some(dialog) = dialog.get_untracked()
                && !refused()
            {
                dialog.close();
            }
        } else if leaves(&link) && refused() {
            event.prevent_default();
        }
    };

    view! {
        <div class="scrim">
            <a class="away" href=close_href tabindex="-1" aria-hidden="true" node_ref=away></a>
            <dialog
                class=class
                open=true
                closedby="any"
                aria-labelledby=title_id
                node_ref=dialog
                on:cancel=cancel
                on:close=close
                on:click=click
            >
                {children()}
            </dialog>
        </div>
    }
}

/// Waits until the element is in the page: rendered in the browser, it exists before it is put there.
fn make_modal_in_page(dialog: web_sys::HtmlDialogElement, frames: u8) {
    if dialog.is_connected() {
        make_modal(&dialog);
    } else if frames > 0 {
        drop(request_animation_frame(move || make_modal_in_page(dialog, frames - 1)));
    }
}

/// Opens it anew as a modal. An open dialog refuses that, and `close()` would be taken for the person's own closing.
fn make_modal(dialog: &web_sys::HtmlDialogElement) {
    if let Ok(None) = dialog.query_selector("[autofocus]")
        && let Ok(Some(field)) = dialog.query_selector(FIRST_FIELD)
    {
        drop(field.set_attribute("autofocus", ""));
    }
    drop(dialog.remove_attribute("open"));
    if dialog.show_modal().is_err() {
        dialog.set_open(true);
    }
}

/// Whether an event is the dialog's own: a file field inside it has a `cancel` of its own that bubbles.
fn is_own(event: &ev::Event) -> bool {
    event.target() == event.current_target()
}

/// The link that was clicked.
fn link(event: &ev::MouseEvent) -> Option<web_sys::Element> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("a[href]").ok().flatten()
}

/// Whether following a link leaves the page: another window and a file do not.
fn leaves(link: &web_sys::Element) -> bool {
    !["target", "download", "rel"].iter().any(|name| link.has_attribute(name))
}
