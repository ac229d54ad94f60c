//! Toasts, upper right: every change says that it was done.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    icon::{Icon, IconSize},
    once::Secret,
};
use crate::{error::AppError, text::text};

/// What was done. The words are the catalogue's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// An invitation is on its way.
    InvitationSent {
        /// To whom.
        email: String,
    },
    /// Several invitations are on their way.
    InvitationsSent {
        /// How many.
        count: u32,
    },
    /// Invitations wait to be sent: nobody was told.
    InvitationsKept {
        /// How many.
        count: u32,
    },
    /// An invitation is gone.
    InvitationDeleted {
        /// Whose.
        email: String,
    },
    /// Several invitations were sent or deleted, or as many of them as could be.
    Invitations {
        /// What was done to them.
        deed: Deed,
        /// How many.
        done: u32,
        /// Those that were left as they are, and why: the first of them.
        left: Vec<(String, AppError)>,
        /// How many more of those.
        more: u32,
    },
    /// A user was changed.
    UserSaved {
        /// The full name.
        name: String,
    },
    /// A user was removed.
    UserRemoved {
        /// The full name.
        name: String,
    },
    /// A thing of the workspace was made, changed or deleted.
    Done {
        /// What kind of thing.
        thing: Thing,
        /// What was done to it.
        deed: Deed,
        /// Its name.
        name: String,
    },
    /// The invitee has an account now.
    AccountReady,
    /// The registration is complete and waits for approval.
    RegistrationWaits,
    /// Settings of invitations are kept.
    SettingsSaved,
    /// The test of a mail is on its way.
    TestSent {
        /// To whom.
        email: String,
    },
    /// Whoever can resend an invitation was asked for a new link, if there is anything to ask.
    LinkAsked,
    /// A link lets nobody in any more.
    LinkOff {
        /// How many invitations went with it.
        withdrawn: u32,
    },
    /// The workspace has an owner now.
    OwnerReady,
    /// The session is over.
    SignedOut,
    /// They have a password of their own now.
    PasswordChosen,
    /// An import goes on by itself.
    ImportStarted,
    /// An import was stopped.
    ImportCancelled,
}

/// How many of those that were left are told by name: a notice fits into a cookie.
const MOST_NAMED: usize = 5;

impl Notice {
    /// What became of several invitations.
    pub fn several(deed: Deed, done: usize, mut left: Vec<(String, AppError)>) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let more = count(left.len().saturating_sub(MOST_NAMED));
        left.truncate(MOST_NAMED);
        Self::Invitations { deed, done: count(done), left, more }
    }
}

/// A kind of thing that an admin keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Thing {
    /// A role.
    Role,
    /// A group.
    Group,
    /// An API.
    Api,
    /// An organization.
    Organization,
    /// A user of an organization.
    OrganizationUser,
    /// A customer.
    Customer,
    /// A region.
    Region,
    /// A feature.
    Feature,
    /// What a user holds.
    Rights,
    /// Access to an API.
    Access,
    /// A request for access.
    Request,
    /// A registration of somebody who was invited.
    Registration,
}

/// What was done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Made.
    Created,
    /// Changed.
    Saved,
    /// Deleted or taken away.
    Deleted,
    /// Sent, for somebody to decide.
    Sent,
    /// Approved.
    Approved,
    /// Denied.
    Denied,
}

/// What a successful write answers: what to say, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What to say.
    pub notice: Option<Notice>,
    /// The address to go to; empty to stay.
    pub to: String,
    /// Whether everything that the browser holds is out of date, as after signing in.
    pub reload: bool,
    /// What is shown on the form's own page, once.
    #[serde(default)]
    pub once: Option<Secret>,
}

impl Outcome {
    /// Go on at an address of the console.
    pub fn to(address: impl Into<String>, notice: Notice) -> Self {
        Self { notice: Some(notice), to: address.into(), reload: false, once: None }
    }

    /// Nothing was done yet: without script the form's own page is shown again, with what was typed.
    pub fn again() -> Self {
        Self { notice: None, to: String::new(), reload: false, once: None }
    }

    /// Go on at an address of the console, where it is plain what was done.
    pub fn at(address: impl Into<String>) -> Self {
        Self { to: address.into(), ..Self::again() }
    }

    /// A secret was made: the form's own page shows it, and nothing ever again.
    pub fn secret(once: Secret) -> Self {
        Self { once: Some(once), ..Self::again() }
    }
}

/// What the server has to say with this page: it stands in a cookie between two pages of a browser without script.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Flash(pub Option<Notice>);

#[derive(Clone)]
struct Toast {
    id: u32,
    notice: Notice,
}

/// The toasts of this page.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    count: StoredValue<u32>,
    /// The last toast from before a drawer was opened: what comes later stands in the drawer, which covers the page.
    covered: RwSignal<Option<u32>>,
}

impl Toasts {
    /// The toasts, beginning with what the server has to say.
    pub fn new(flash: Flash) -> Self {
        let (list, covered) = (RwSignal::new(Vec::new()), RwSignal::new(None));
        let toasts = Self { list, count: StoredValue::new(0), covered };
        if let Some(notice) = flash.0 {
            toasts.push(notice);
        }
        toasts
    }

    /// Says it.
    pub fn push(self, notice: Notice) {
        let id = self.count.try_update_value(|count| {
            *count += 1;
            *count
        });
        self.list.update(|list| list.push(Toast { id: id.unwrap_or_default(), notice }));
    }

    /// The toasts of the page, or those of the drawer that is open.
    fn shown(self, in_drawer: bool) -> Vec<Toast> {
        let covered = self.covered.get();
        let is_in_drawer = |toast: &Toast| covered.is_some_and(|last| toast.id > last);
        self.list.with(|list| list.iter().filter(|toast| is_in_drawer(toast) == in_drawer).cloned().collect())
    }

    fn dismiss(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// How long a toast stays, unless the pointer or the focus is on it.
#[cfg(feature = "hydrate")]
const STAYS: std::time::Duration = std::time::Duration::from_secs(6);

/// The stack of toasts. F6 goes to it.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let stack = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    {
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if event.key() == "F6"
                && let Some(stack) = stack.get_untracked()
                && let Ok(Some(button)) = stack.query_selector("button")
            {
                use leptos::wasm_bindgen::JsCast;
                event.prevent_default();
                if let Some(button) = button.dyn_ref::<leptos::web_sys::HtmlElement>() {
                    let _ = button.focus();
                }
            }
        });
        on_cleanup(move || handle.remove());
    }
    view! {
        <div class="toasts" role="status" aria-label=text().common.notifications node_ref=stack>
            <For each=move || toasts.shown(false) key=|toast| toast.id let:toast>
                <ToastCard toasts toast/>
            </For>
        </div>
    }
}

/// What is said while a drawer is open and stays so: the page behind it is out of reach.
#[component]
pub fn DrawerToasts() -> impl IntoView {
    use_context::<Toasts>().map(|toasts| {
        Effect::new(move |_| {
            let last = toasts.count.get_value();
            toasts.covered.set(Some(last));
        });
        on_cleanup(move || {
            let _ = toasts.covered.try_set(None);
        });
        view! {
            <div class="toasts inside" role="status" aria-label=text().common.notifications>
                <For each=move || toasts.shown(true) key=|toast| toast.id let:toast>
                    <ToastCard toasts toast/>
                </For>
            </div>
        }
    })
}

#[component]
fn ToastCard(toasts: Toasts, toast: Toast) -> impl IntoView {
    let id = toast.id;
    let (title, detail) = (text().notice)(&toast.notice);
    let held = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if !held.get() {
            let timer = set_timeout(move || toasts.dismiss(id), STAYS);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        }
    });
    view! {
        <div
            class="toast"
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
            on:keydown=move |event| if event.key() == "Escape" { toasts.dismiss(id) }
        >
            <Icon name="check"/>
            <div><p>{title}</p>{detail.map(|detail| view! { <small>{detail}</small> })}</div>
            <button type="button" class="btn ghost icon x" aria-label=text().common.dismiss on:click=move |_| toasts.dismiss(id)>
                <Icon name="x" size=IconSize::Small/>
            </button>
        </div>
    }
}
