//! The drawer: a form or a detail at the right of the list that it belongs to.

use leptos::prelude::*;

use super::{icon::Icon, modal::Modal, toast::DrawerToasts};

/// A drawer that is open as long as the address says so: render it only then. `close_href` is the address without it.
///
/// With `footer`, `children` are the body; without, they bring their own `.body` and `footer`, as a form around both
/// does.
#[component]
pub fn Drawer(
    /// Unique on the page; the heading's id is made from it.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    #[prop(into)] close_href: String,
    /// The name of the cross ("Close").
    #[prop(into)]
    close_label: String,
    /// Tabs under the title.
    #[prop(optional)]
    tabs: Option<AnyView>,
    /// What to ask before typed text is thrown away.
    #[prop(optional, into)]
    unsaved: Signal<Option<String>>,
    #[prop(optional)] footer: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let heading = view! {
        <header>
            <h2 id=title_id.clone()>{title}</h2>
            <a class="btn ghost icon" href=close_href.clone() aria-label=close_label><Icon name="x"/></a>
        </header>
    };
    view! {
        <Modal class="drawer" title_id close_href unsaved>
            {heading}
            {tabs}
            <DrawerToasts/>
            {match footer {
                Some(footer) => view! { <div class="body">{children()}</div><footer>{footer}</footer> }.into_any(),
                None => children(),
            }}
        </Modal>
    }
}
