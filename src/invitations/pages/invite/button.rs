//! The button that opens the drawer, with a menu of the other ways beside it.

use leptos::prelude::*;

use super::{ADD_TEAMMATE, opened};
use crate::{
    access::Category,
    paths,
    text::text,
    ui::{
        button::{ButtonKind, LinkButton},
        icon::{Icon, IconSize},
        menu::Menu,
    },
};

/// The button.
#[component]
pub fn InviteButton(
    kind: Category,
    /// The address of the list that it stands on.
    back: String,
    label: &'static str,
) -> impl IntoView {
    let t = text();
    let add = (kind == Category::Teammate).then(|| {
        let href = opened(&back, ADD_TEAMMATE);
        view! { <a href=href><Icon name="plus"/>{t.drawer.add_teammate}</a> }
    });
    let (links, imports) = (paths::links(kind), paths::imports(kind));
    view! {
        <span class="split">
            <LinkButton href=opened(&back, "1") label icon="mail" kind=ButtonKind::Primary/>
            <Menu
                id="invite-ways"
                label=t.drawer.more_ways
                button=view! { <Icon name="down" size=IconSize::Small/> }.into_any()
                button_class="btn primary"
            >
                {add}
                <a href=opened(&back, "link")><Icon name="link"/>{t.drawer.by_link}</a>
                <a href=opened(&back, "import")><Icon name="upload"/>{t.drawer.by_import}</a>
                <hr/>
                <a href=links>{(t.links.title)(kind)}</a>
                <a href=imports>{t.drawer.imports}</a>
            </Menu>
        </span>
    }
}
