//! The dialog: asks for one decision. One that destroys names the thing in its title, lists what will be lost, and
//! its safe button has the focus (`autofocus`).

use leptos::prelude::*;

use super::icon::{Icon, IconSize};
use super::modal::Modal;

/// A dialog that is open as long as the address says so: render it only then. `close_href` is the address without it.
///
/// With `footer`, `children` are the body; without, they bring their own `.body` and `footer`, as a form around both
/// does.
#[component]
pub fn Dialog(
    /// Unique on the page; the heading's id is made from it.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    #[prop(into)] close_href: String,
    /// 42 rem instead of 30.
    #[prop(optional)]
    wide: bool,
    /// What to ask before typed text is thrown away.
    #[prop(optional, into)]
    unsaved: Signal<Option<String>>,
    #[prop(optional)] footer: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let heading = view! { <header><h2 id=title_id.clone()>{title}</h2></header> };
    view! {
        <Modal class=if wide { "dialog wide" } else { "dialog" } title_id close_href unsaved>
            {heading}
            {match footer {
                Some(footer) => view! { <div class="body">{children()}</div><footer>{footer}</footer> }.into_any(),
                None => children(),
            }}
        </Modal>
    }
}

/// What a destructive act takes away, each line with the icon of its kind.
#[component]
pub fn Losses(items: Vec<(&'static str, String)>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(name, text)| view! { <li><Icon name size=IconSize::Small/><span>{text}</span></li> })
        .collect_view();
    view! { <ul class="loses">{items}</ul> }
}
