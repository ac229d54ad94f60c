//! The menu: a native popover of links and buttons. It opens and closes without script; with it, the arrows, Home, End
//! and first letters move in it.

use leptos::{ev, prelude::*};

/// A button and the popover that it opens. `children` are `<a>`, `<button>`, `<label>` or forms of one button, parted by
/// `<hr/>`.
#[component]
pub fn Menu(
    /// The popover's id, unique on the page.
    #[prop(into)]
    id: String,
    /// The accessible name of button and menu, where the button's content is not one.
    #[prop(optional, into)]
    label: Option<String>,
    /// What the button shows.
    button: AnyView,
    #[prop(default = "btn")] button_class: &'static str,
    /// Opens towards the end of the line instead of its start.
    #[prop(optional)]
    start: bool,
    children: Children,
) -> impl IntoView {
    let target = id.clone();
    let opens = id.clone();
    let popover_label = label.clone();
    view! {
        <button
            class=button_class
            type="button"
            popovertarget=target
            aria-label=label
            on:keydown=move |event| keys::open(&event, &opens)
        >
            {button}
        </button>
        <div
            class=if start { "menu start" } else { "menu" }
            id=id
            popover="auto"
            role="group"
            aria-label=popover_label
            on:keydown=|event: ev::KeyboardEvent| keys::walk(&event)
            on:click=|event: ev::MouseEvent| keys::chosen(&event)
        >
            {children()}
        </div>
    }
}

#[cfg(not(feature = "hydrate"))]
mod keys {
    use leptos::ev::{KeyboardEvent, MouseEvent};

    pub fn open(_: &KeyboardEvent, _: &str) {}
    pub fn walk(_: &KeyboardEvent) {}
    pub fn chosen(_: &MouseEvent) {}
}

#[cfg(feature = "hydrate")]
mod keys {
    use leptos::{
        ev::{KeyboardEvent, MouseEvent},
        prelude::document,
        wasm_bindgen::JsCast,
        web_sys::{Element, Event, HtmlElement},
    };

    const ITEMS: &str = "a[href], button:not(:disabled), input:not(:disabled, [type=hidden])";

    /// Down on the button opens the menu and goes to its first item.
    pub fn open(event: &KeyboardEvent, id: &str) {
        if event.key() != "ArrowDown" {
            return;
        }
        let Some(menu) = document().get_element_by_id(id).and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        event.prevent_default();
        if !menu.matches(":popover-open").unwrap_or(false) {
            drop(menu.show_popover());
        }
        focus(items(&menu).first());
    }

    /// Moves among the items.
    pub fn walk(event: &KeyboardEvent) {
        let Some(menu) = current(event) else { return };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let items = items(&menu);
        let here = document().active_element().and_then(|active| items.iter().position(|item| **item == active));
        let count = items.len();
        let next = match (event.key().as_str(), here) {
            (_, _) if count == 0 => None,
            ("ArrowDown", None) | ("Home", _) => Some(0),
            ("ArrowUp", None) | ("End", _) => Some(count - 1),
            ("ArrowDown", Some(index)) => Some((index + 1) % count),
            ("ArrowUp", Some(index)) => Some((index + count - 1) % count),
            (key, _) => lettered(&items, key, here),
        };
        if let Some(next) = next {
            event.prevent_default();
            focus(items.get(next));
        }
    }

    /// A link or a button chosen closes the menu: following a link in the page does not.
    pub fn chosen(event: &MouseEvent) {
        let on_item = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("a[href], button:not([aria-disabled=true])").ok().flatten())
            .is_some();
        if on_item && let Some(menu) = current(event).and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
            drop(menu.hide_popover());
        }
    }

    /// The next item behind the focused one that begins with the letter.
    fn lettered(items: &[HtmlElement], key: &str, here: Option<usize>) -> Option<usize> {
        let mut letters = key.chars();
        let letter = letters.next().filter(|letter| letters.next().is_none() && letter.is_alphanumeric())?;
        let start = here.map_or(0, |index| index + 1);
        (0..items.len()).map(|step| (start + step) % items.len()).find(|&index| {
            let text = items[index].text_content().unwrap_or_default();
            let first = text.trim_start().chars().next();
            first.is_some_and(|first| first.to_lowercase().eq(letter.to_lowercase()))
        })
    }

    fn current(event: &Event) -> Option<Element> {
        event.current_target()?.dyn_into().ok()
    }

    fn items(menu: &Element) -> Vec<HtmlElement> {
        let Ok(found) = menu.query_selector_all(ITEMS) else {
            return Vec::new();
        };
        (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
    }

    fn focus(item: Option<&HtmlElement>) {
        if let Some(item) = item {
            drop(item.focus());
        }
    }
}
