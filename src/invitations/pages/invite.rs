//! The drawer that invites. Its tabs are addresses: `invite=1` is "Invite by Email".

mod addresses;
mod block;
mod button;
mod mail;
mod sheet;
mod terms;

use leptos::prelude::*;

pub use self::button::InviteButton;
use crate::{
    access::Category,
    billing::pages::no_invitations::NoInvitations,
    imports::pages::upload::ImportTab,
    links::pages::new::LinkTab,
    text::{drawer, text},
    ui::{
        button::LinkButton,
        drawer::Drawer,
        page::{TabItem, Tabs},
        shell::plan,
    },
};

/// What an open drawer is for.
#[derive(Clone)]
pub struct Inviting {
    /// What kind of user is invited.
    pub kind: Category,
    /// Of organization users: the slug of the organization.
    pub organization: String,
    /// The list that it belongs to: closing leads there, and so does success.
    pub back: String,
    /// What the button of "Invite by Email" says, and its name where a seed fixes it.
    pub submit: (&'static str, &'static str),
    /// Whether something was typed that is not sent.
    pub unsaved: RwSignal<bool>,
}

impl Inviting {
    /// From a list, with **Send**.
    pub fn from(kind: Category, back: String) -> Self {
        let send = text().users.send;
        Self { kind, organization: String::new(), back, submit: (send, send), unsaved: RwSignal::new(false) }
    }
}

/// One way to invite.
struct Way {
    /// What stands for it in the address.
    slug: &'static str,
    icon: &'static str,
    label: fn(&drawer::Drawer) -> &'static str,
    show: fn(Inviting) -> AnyView,
}

/// Every way; the first is where the drawer opens, and the only one that users of organizations are invited by.
const WAYS: &[Way] = &[
    Way { slug: "1", icon: "mail", label: |t| t.by_email, show: |of| view! { <mail::MailTab of/> }.into_any() },
    Way {
        slug: "link",
        icon: "link",
        label: |t| t.by_link,
        show: |of| view! { <LinkTab kind=of.kind close=of.back/> }.into_any(),
    },
    Way {
        slug: "import",
        icon: "upload",
        label: |t| t.by_import,
        show: |of| view! { <ImportTab kind=of.kind cancel=of.back/> }.into_any(),
    },
];

/// "Invite by Email" as source 003 names it: the same form, whose button says so.
const ADD_TEAMMATE: &str = "teammate";

/// Whether an address opens the drawer: what it has for `invite`.
pub fn opens(slug: &str) -> bool {
    slug == ADD_TEAMMATE || WAYS.iter().any(|way| way.slug == slug)
}

/// A list's address with the drawer open.
fn opened(back: &str, slug: &str) -> String {
    format!("{back}{}invite={slug}", if back.contains('?') { '&' } else { '?' })
}

/// The drawer; where the plan has no invitations, it says so. The plan may change while it is open.
#[component]
pub fn InviteDrawer(
    of: Inviting,
    /// Which way the address names.
    way: String,
) -> impl IntoView {
    let invites = Memo::new(|_| plan().invites());
    let ways = if of.kind == Category::Organization { &WAYS[..1] } else { WAYS };
    let adds = of.kind == Category::Teammate && way == ADD_TEAMMATE;
    let of = match adds {
        true => Inviting { submit: (text().drawer.send_invitation, text().drawer.send_invitation), ..of },
        false => of,
    };
    let way = if adds { WAYS.first() } else { ways.iter().find(|known| known.slug == way) };
    move || match (invites.get(), way) {
        (false, _) => view! { <Withheld of=of.clone()/> }.into_any(),
        (true, Some(way)) => view! { <Open of=of.clone() way/> }.into_any(),
        (true, None) => ().into_any(),
    }
}

#[component]
fn Withheld(of: Inviting) -> impl IntoView {
    let t = text();
    let close = view! { <span class="btns push"><LinkButton href=of.back.clone() label=t.common.close/></span> };
    view! {
        <Drawer
            id="invite"
            title=(t.drawer.title)(of.kind)
            close_href=of.back
            close_label=t.common.close
            footer=close.into_any()
        >
            <NoInvitations/>
        </Drawer>
    }
}

#[component]
fn Open(of: Inviting, way: &'static Way) -> impl IntoView {
    let t = text();
    let unsaved = of.unsaved;
    let unsaved = Signal::derive(move || unsaved.get().then(|| text().common.unsaved.to_owned()));
    let tab = |it: &Way| TabItem {
        label: (it.label)(&t.drawer).to_owned(),
        href: opened(&of.back, it.slug),
        current: it.slug == way.slug,
        icon: Some(it.icon),
        ..TabItem::default()
    };
    let tabs = if of.kind == Category::Organization {
        ().into_any()
    } else {
        view! { <Tabs label=t.drawer.tabs items=WAYS.iter().map(tab).collect()/> }.into_any()
    };
    view! {
        <Drawer id="invite" title=(t.drawer.title)(of.kind) close_href=of.back.clone() close_label=t.common.close tabs unsaved>
            {(way.show)(of)}
        </Drawer>
    }
}
