//! Groups of texts that come with the code that shows them.

use std::{marker::PhantomData, ops::Deref};

use super::{Dashboard, Door, Invitations, Language, Mail, Outbox, Users, en};
use super::{
    apis, billing, customers, drawer, groups, held, imports, invitation_settings, invited, inviting, links, machines,
    organizations, requests, rights, roles, settings, welcome,
};

/// A group of texts, looked up where it is read. If the catalogue held it, every text would come with the first page; so a
/// section of the console brings its own.
pub struct Part<T> {
    language: Language,
    group: PhantomData<fn() -> T>,
}

impl<T> Part<T> {
    /// The group in this language.
    pub const fn of(language: Language) -> Self {
        Self { language, group: PhantomData }
    }
}

impl<T: Group> Deref for Part<T> {
    type Target = T;

    fn deref(&self) -> &T {
        T::texts(self.language)
    }
}

/// What can be a part of the catalogue.
pub trait Group: Sized + 'static {
    /// The group in a language.
    fn texts(language: Language) -> &'static Self;
}

macro_rules! groups {
    ($($group:ty: $english:path;)*) => {
        $(impl Group for $group {
            fn texts(language: Language) -> &'static Self {
                match language {
                    Language::English => &$english,
                }
            }
        })*
    };
}

groups! {
    Door: en::DOOR;
    Dashboard: en::DASHBOARD;
    Users: en::USERS;
    Invitations: en::INVITATIONS;
    Outbox: en::OUTBOX;
    Mail: en::MAIL;
    machines::Machines: en::machines::MACHINES;
    rights::Rights: en::rights::RIGHTS;
    billing::Billing: en::billing::BILLING;
    settings::Settings: en::settings::SETTINGS;
    roles::Roles: en::roles::ROLES;
    organizations::Organizations: en::organizations::ORGANIZATIONS;
    customers::Customers: en::customers::CUSTOMERS;
    requests::Requests: en::requests::REQUESTS;
    inviting::Inviting: en::inviting::INVITING;
    invited::Invited: en::invited::INVITED;
    invitation_settings::InvitationSettings: en::invitation_settings::INVITATION_SETTINGS;
    welcome::Welcome: en::welcome::WELCOME;
    links::Links: en::links::LINKS;
    drawer::Drawer: en::drawer::DRAWER;
    imports::Imports: en::imports::IMPORTS;
    held::Held: en::held::HELD;
    held::Why: en::held::WHY;
    apis::Apis: en::apis::APIS;
    groups::Groups: en::groups::GROUPS;
}
