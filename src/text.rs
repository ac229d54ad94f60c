//! The text catalogue: everything a person reads. One file for each language, each a value of the same type, so that a
//! language with a missing text does not compile and nothing is parsed in the browser. Texts with values in them are
//! functions: each language puts the parts and plurals in its own order.
//!
//! The catalogue itself holds what the frame of the console shows; the groups of its sections are a [`Part`] each.

pub mod access;
pub mod apis;
pub mod billing;
pub mod customers;
pub mod drawer;
mod en;
pub mod groups;
pub mod held;
pub mod imports;
pub mod invitation_settings;
pub mod invited;
pub mod inviting;
pub mod links;
pub mod machines;
pub mod organizations;
mod part;
pub mod requests;
pub mod rights;
pub mod roles;
pub mod settings;
pub mod welcome;

pub use access::{feature_name, role_name, role_names};
use leptos::prelude::use_context;
pub use part::Part;
pub use rights::change_words;

use crate::{
    error::{Problem, Refusal},
    invitations::model::Status,
    ui::toast::Notice,
};

/// A language that the catalogue has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
}

impl Language {
    /// Every language.
    pub fn all() -> [Self; 1] {
        [Self::English]
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
        }
    }

    /// Its texts.
    pub fn catalogue(self) -> &'static Text {
        match self {
            Self::English => &en::TEXT,
        }
    }

    /// Its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        [Self::English].into_iter().find(|language| language.tag().eq_ignore_ascii_case(tag)).ok_or(())
    }
}

/// The texts in the reader's language.
pub fn text() -> &'static Text {
    use_context::<Language>().unwrap_or_default().catalogue()
}

/// All texts of one language.
pub struct Text {
    /// Rights.
    pub access: access::Access,
    /// The decision API.
    pub machines: Part<machines::Machines>,
    /// What users hold.
    pub rights: Part<rights::Rights>,
    /// Billing.
    pub billing: Part<billing::Billing>,
    /// Links that invite.
    pub links: Part<links::Links>,
    /// The invite drawer, and the activation of accounts.
    pub drawer: Part<drawer::Drawer>,
    /// Settings.
    pub settings: Part<settings::Settings>,
    /// Roles.
    pub roles: Part<roles::Roles>,
    /// Organizations.
    pub organizations: Part<organizations::Organizations>,
    /// Customers.
    pub customers: Part<customers::Customers>,
    /// The list of invitations, and each one's own page.
    pub invited: Part<invited::Invited>,
    /// Settings > Invitations.
    pub invitation_settings: Part<invitation_settings::InvitationSettings>,
    /// The set-up page, its dead ends, and the mails around it.
    pub welcome: Part<welcome::Welcome>,
    /// Requests for access.
    pub requests: Part<requests::Requests>,
    /// Imports out of files.
    pub imports: Part<imports::Imports>,
    /// Who invites and who is invited.
    pub inviting: Part<inviting::Inviting>,
    /// The page of what one user holds.
    pub held: Part<held::Held>,
    /// "Why?".
    pub why: Part<held::Why>,
    /// APIs and access to them.
    pub apis: Part<apis::Apis>,
    /// Groups.
    pub groups: Part<groups::Groups>,
    /// Names of statuses.
    pub status: fn(Status) -> &'static str,
    /// What is wrong with a field.
    pub problem: fn(Problem) -> &'static str,
    /// Why an act is refused.
    pub refusal: fn(Refusal) -> &'static str,
    /// Title and second line of a toast.
    pub notice: fn(&Notice) -> (String, Option<String>),
    /// Short names of the months.
    pub months: [&'static str; 12],
    /// Words that every page uses.
    pub common: Common,
    /// The frame around the console.
    pub shell: Shell,
    /// Sign-in, set-up, the first owner.
    pub door: Part<Door>,
    /// The dashboard.
    pub dashboard: Part<Dashboard>,
    /// Users.
    pub users: Part<Users>,
    /// Invitations.
    pub invitations: Part<Invitations>,
    /// The outbox.
    pub outbox: Part<Outbox>,
    /// The mails.
    pub mail: Part<Mail>,
    /// Pages in the place of a page.
    pub errors: Errors,
}

/// Words that every page uses.
pub struct Common {
    pub product: &'static str,
    pub skip: &'static str,
    pub close: &'static str,
    pub cancel: &'static str,
    pub save: &'static str,
    pub optional: &'static str,
    pub email: &'static str,
    pub full_name: &'static str,
    pub mobile: &'static str,
    pub mobile_help: &'static str,
    pub role: &'static str,
    pub search: &'static str,
    pub search_name: &'static str,
    pub clear: &'static str,
    pub actions: &'static str,
    pub pages: &'static str,
    pub first_page: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub none: &'static str,
    pub now: &'static str,
    pub minutes_ago: fn(i64) -> String,
    pub hours_ago: fn(i64) -> String,
    pub time_zone: fn(&str) -> String,
    pub rows: fn(usize, i64) -> String,
    pub rows_found: fn(usize, bool) -> String,
    pub search_help: &'static str,
    pub dismiss: &'static str,
    pub notifications: &'static str,
    pub unsaved: &'static str,
}

/// The frame around the console.
pub struct Shell {
    pub navigation: &'static str,
    pub open_navigation: &'static str,
    pub people: &'static str,
    pub workspace: &'static str,
    pub dashboard: &'static str,
    pub users: &'static str,
    pub invitations: &'static str,
    pub outbox: &'static str,
    pub billing: &'static str,
    pub settings: &'static str,
    pub access: &'static str,
    pub roles: &'static str,
    pub sign_out: &'static str,
    pub your_menu: fn(&str) -> String,
    pub offline: &'static str,
}

/// Sign-in, set-up, the first owner.
pub struct Door {
    pub login: &'static str,
    pub create_account: &'static str,
    pub ways_in: &'static str,
    pub sign_in_to: fn(&str) -> String,
    pub password: &'static str,
    pub show_password: &'static str,
    pub hide_password: &'static str,
    pub sign_in: &'static str,
    pub by_invitation: &'static str,
    pub by_invitation_body: fn(&str) -> String,
    pub invited_body: &'static str,
    pub portal_of: fn(&str) -> String,
    pub your_invitation: &'static str,
    pub work_with: fn(&str) -> String,
    pub invites_you: fn(&str) -> String,
    pub at_workspace: fn(Option<&str>, &str) -> String,
    pub step_done: &'static str,
    pub step_now: &'static str,
    pub step_later: &'static str,
    pub you_were_invited: &'static str,
    pub set_up: &'static str,
    pub set_up_body: &'static str,
    pub you_become: fn(&str, &str) -> String,
    pub ends: &'static str,
    pub not_you: &'static str,
    pub address_fixed: &'static str,
    pub confirm_password: &'static str,
    pub rules: &'static str,
    pub rule: fn(crate::accounts::model::PasswordRule) -> &'static str,
    pub met: &'static str,
    pub not_yet: &'static str,
    pub missing: fn(&[&str]) -> String,
    pub missing_name: &'static str,
    pub missing_rule: fn(crate::accounts::model::PasswordRule) -> &'static str,
    pub complete: &'static str,
    pub ready: &'static str,
    pub dead_title: &'static str,
    pub to_sign_in: &'static str,
    pub other_account: fn(&str, &str) -> String,
    pub owner_title: &'static str,
    pub owner_body: fn(&str) -> String,
    pub owner_step: &'static str,
    pub owner_step_body: &'static str,
    pub owner_printed: &'static str,
    pub owner_printed_body: &'static str,
    pub owner_then: &'static str,
    pub owner_then_body: &'static str,
    pub workspace: &'static str,
    pub workspace_help: &'static str,
    pub owner_complete: &'static str,
    pub owner_dead: &'static str,
}

/// The dashboard.
pub struct Dashboard {
    pub title: &'static str,
    pub lead: fn(&str) -> String,
    pub nothing: &'static str,
    pub nothing_body: fn(&str) -> String,
    pub ask: &'static str,
    pub needs_you: &'static str,
    pub nothing_waits: &'static str,
    pub undelivered: fn(i64) -> String,
    pub undelivered_body: &'static str,
    pub expired: fn(i64) -> String,
    pub expired_body: &'static str,
    pub open_outbox: &'static str,
    pub look_through: &'static str,
    pub users: &'static str,
    pub open_invitations: &'static str,
    pub open_invitations_body: &'static str,
    pub accepted: &'static str,
    pub accepted_body: &'static str,
    pub enabled_of: fn(i64) -> String,
    pub newest: &'static str,
    pub joined: &'static str,
    pub all_users: &'static str,
    pub captured: &'static str,
    pub captured_body: &'static str,
}

/// Users.
pub struct Users {
    pub title: &'static str,
    pub lead: fn(&str) -> String,
    pub caption: &'static str,
    pub invite: &'static str,
    pub tabs: &'static str,
    pub invitations: &'static str,
    pub search: &'static str,
    pub state: &'static str,
    pub any_state: &'static str,
    pub enabled: &'static str,
    pub disabled: &'static str,
    pub name: &'static str,
    pub joined: &'static str,
    pub last_seen: &'static str,
    pub you: &'static str,
    pub edit: &'static str,
    pub edit_of: fn(&str) -> String,
    pub nobody_found: &'static str,
    pub nobody_found_body: &'static str,
    pub send: &'static str,
    pub resend_offer: &'static str,
    pub details: &'static str,
    pub user_name: &'static str,
    pub user_name_help: &'static str,
    pub state_help: &'static str,
    pub yourself: &'static str,
    pub above_you: &'static str,
    pub remove: &'static str,
    pub remove_of: fn(&str) -> String,
    pub remove_title: fn(&str) -> String,
    pub remove_body: &'static str,
    pub loses_access: fn(&str) -> String,
    pub loses_sessions: &'static str,
    pub loses_address: &'static str,
    pub keep: &'static str,
    pub view_only: &'static str,
}

/// Invitations.
pub struct Invitations {
    pub title: &'static str,
    pub lead: &'static str,
    pub caption: &'static str,
    pub invite: &'static str,
    pub invite_name: &'static str,
    pub submit: &'static str,
    pub submit_name: &'static str,
    pub statuses: &'static str,
    pub all: &'static str,
    pub any_status: &'static str,
    pub search: &'static str,
    pub status: &'static str,
    pub invited_at: &'static str,
    pub valid_until: &'static str,
    pub delivery: &'static str,
    pub invited_by: &'static str,
    pub left: fn(i64) -> String,
    pub ended: &'static str,
    pub queued: &'static str,
    pub sent: &'static str,
    pub deferred: &'static str,
    pub failed: &'static str,
    pub captured: &'static str,
    pub resend: fn(&str) -> String,
    pub delete: fn(&str) -> String,
    pub resend_tip: &'static str,
    pub delete_tip: &'static str,
    pub delete_title: fn(&str) -> String,
    pub delete_body: &'static str,
    pub loses_link: &'static str,
    pub loses_offer: fn(&str) -> String,
    pub delete_yes: &'static str,
    pub keep: &'static str,
    pub none: &'static str,
    pub none_body: &'static str,
    pub none_found: &'static str,
    pub none_found_body: &'static str,
}

/// The outbox.
pub struct Outbox {
    pub title: &'static str,
    pub lead: &'static str,
    pub caption: &'static str,
    pub captured: &'static str,
    pub captured_body: &'static str,
    pub owner_only: &'static str,
    pub to: &'static str,
    pub subject: &'static str,
    pub queued_at: &'static str,
    pub delivery: &'static str,
    pub tries: fn(i32) -> String,
    pub next_try: &'static str,
    pub read: &'static str,
    pub read_of: fn(&str) -> String,
    pub empty: &'static str,
    pub empty_body: &'static str,
    pub older: &'static str,
    pub text_part: &'static str,
    pub html_part: &'static str,
}

/// The mails.
pub struct Mail {
    pub lang: &'static str,
    pub invites_you: fn(&str, &str) -> String,
    pub invitation_body: &'static str,
    pub confirm: &'static str,
    pub your_role: &'static str,
    pub valid_until: &'static str,
    pub no_button: &'static str,
    pub sent_because: fn(&str, &str) -> String,
    pub not_you: &'static str,
}

/// Pages in the place of a page.
pub struct Errors {
    /// The refusal of DESIGN.md section 2, letter for letter.
    pub denied: &'static str,
    pub denied_title: fn(&str, &str, Option<&str>) -> String,
    pub why: &'static str,
    pub account_active: &'static str,
    pub account_not_active: &'static str,
    pub role_lacks: fn(&str, &str) -> String,
    pub role_lacks_detail: fn(&str, &str) -> String,
    pub open: &'static str,
    pub shut: &'static str,
    pub not_found_title: &'static str,
    pub not_found: &'static str,
    pub signed_out_title: &'static str,
    pub signed_out: &'static str,
    pub fault_title: &'static str,
    pub fault: &'static str,
    pub request: fn(&str) -> String,
    pub transport: &'static str,
    pub transport_title: &'static str,
    pub rate_limited: fn(u32) -> String,
    pub to_dashboard: &'static str,
}
