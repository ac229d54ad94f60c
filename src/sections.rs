//! The sections of the console. The code of each is a file of its own, which the browser asks for when it first needs a
//! page of it: so what comes with the first page does not grow with the number of pages.
//!
//! A new page is a variant and an arm here, and a route in `app.rs`. Server and tests have everything at hand.

use leptos::{LazyViewError, lazy, prelude::*};
use leptos_router::{ChooseView, hooks::use_location};

use crate::{
    access::{Action, Category, Feature},
    accounts::pages::{new_password::NewPasswordPage, owner::OwnerPage, sign_in::SignInPage},
    apis::pages::{list::ApisPage, one::ApiPage},
    billing::pages::plan::BillingPage,
    customers::pages::{list::CustomersPage, one::CustomerPage},
    dashboard::page::DashboardPage,
    groups::pages::{list::GroupsPage, one::GroupPage},
    imports::pages::{
        one::{CustomerImportPage, UserImportPage},
        upload::{ImportCustomersPage, ImportUsersPage},
    },
    invitations::pages::{list::InvitationsPage, one::InvitationPage, setup::SetupPage},
    links::pages::{
        join::{JoinPage, JoinedPage},
        list::LinksPage,
    },
    mail::pages::outbox::OutboxPage,
    organizations::pages::{list::OrganizationsPage, one::OrganizationPage},
    people::pages::{edit::EditUserPage, list::UsersPage},
    requests::pages::{decide::DecidePage, list::RequestsPage, mine::MyRequestsPage, new::NewRequestPage},
    roles::pages::{compare::CompareRolesPage, edit::RolePage, list::RolesPage, new::NewRolePage},
    settings::pages::{
        SettingsPage, features::FeaturesPage, invitations::InvitationSettingsPage, regions::RegionsPage,
    },
    ui::shell::{guarded, guarded_either, guarded_somewhere},
};

/// Makes the view of a page.
type Make = fn() -> AnyView;

/// A page, by the section that it comes with.
#[derive(Clone, Copy, Debug)]
pub enum Page {
    Doors(Doors),
    Dashboard,
    People(People),
    Roles(Roles),
    Customers(Customers),
    Apis(Apis),
    Requests(Requests),
    Workspace(Workspace),
}

/// What stands before the console.
#[derive(Clone, Copy, Debug)]
pub enum Doors {
    SignIn,
    SetUp,
    Owner,
    Join,
    Joined,
    NewPassword,
}

#[lazy(fallible)]
fn doors(page: Doors) -> Result<Make, LazyViewError> {
    Ok(match page {
        Doors::SignIn => || SignInPage().into_any(),
        Doors::SetUp => || SetupPage().into_any(),
        Doors::Owner => || OwnerPage().into_any(),
        Doors::Join => || JoinPage().into_any(),
        Doors::NewPassword => || NewPasswordPage().into_any(),
        Doors::Joined => || JoinedPage().into_any(),
    })
}

#[lazy(fallible)]
fn dashboard() -> Result<Make, LazyViewError> {
    Ok(|| DashboardPage().into_any())
}

/// Users and invitations.
#[derive(Clone, Copy, Debug)]
pub enum People {
    Users,
    User,
    Invitations,
    Invitation,
    Links,
    Import,
    Imported,
}

#[lazy(fallible)]
fn people(page: People) -> Result<Make, LazyViewError> {
    Ok(match page {
        People::Users => || UsersPage().into_any(),
        People::User => || EditUserPage().into_any(),
        People::Invitations => || InvitationsPage().into_any(),
        People::Invitation => || InvitationPage().into_any(),
        People::Import => || ImportUsersPage().into_any(),
        People::Imported => || UserImportPage().into_any(),
        People::Links => || view! { <LinksPage kind=Category::Teammate/> }.into_any(),
    })
}

/// Roles.
#[derive(Clone, Copy, Debug)]
pub enum Roles {
    List,
    New,
    Compare,
    One,
}

#[lazy(fallible)]
fn roles(page: Roles) -> Result<Make, LazyViewError> {
    Ok(match page {
        Roles::List => || RolesPage().into_any(),
        Roles::New => || NewRolePage().into_any(),
        Roles::Compare => || CompareRolesPage().into_any(),
        Roles::One => || RolePage().into_any(),
    })
}

/// Customers and organizations.
#[derive(Clone, Copy, Debug)]
pub enum Customers {
    Customers,
    Customer,
    Links,
    Import,
    Imported,
    Organizations,
    Organization,
}

#[lazy(fallible)]
fn customers(page: Customers) -> Result<Make, LazyViewError> {
    Ok(match page {
        Customers::Customers => || CustomersPage().into_any(),
        Customers::Customer => || CustomerPage().into_any(),
        Customers::Links => || view! { <LinksPage kind=Category::Customer/> }.into_any(),
        Customers::Import => || ImportCustomersPage().into_any(),
        Customers::Imported => || CustomerImportPage().into_any(),
        Customers::Organizations => || OrganizationsPage().into_any(),
        Customers::Organization => || OrganizationPage().into_any(),
    })
}

/// APIs and groups.
#[derive(Clone, Copy, Debug)]
pub enum Apis {
    Apis,
    Api,
    Groups,
    Group,
}

#[lazy(fallible)]
fn apis(page: Apis) -> Result<Make, LazyViewError> {
    Ok(match page {
        Apis::Apis => || ApisPage().into_any(),
        Apis::Api => || ApiPage().into_any(),
        Apis::Groups => || GroupsPage().into_any(),
        Apis::Group => || GroupPage().into_any(),
    })
}

/// Requests for access.
#[derive(Clone, Copy, Debug)]
pub enum Requests {
    List,
    Mine,
    New,
    Decide,
}

#[lazy(fallible)]
fn requests(page: Requests) -> Result<Make, LazyViewError> {
    Ok(match page {
        Requests::List => || RequestsPage().into_any(),
        Requests::Mine => || MyRequestsPage().into_any(),
        Requests::New => || NewRequestPage().into_any(),
        Requests::Decide => || DecidePage().into_any(),
    })
}

/// The plan, the outbox and the settings.
#[derive(Clone, Copy, Debug)]
pub enum Workspace {
    Billing,
    Outbox,
    Settings,
    Features,
    Regions,
    Invitations,
}

#[lazy(fallible)]
fn workspace(page: Workspace) -> Result<Make, LazyViewError> {
    Ok(match page {
        Workspace::Billing => || BillingPage().into_any(),
        Workspace::Outbox => || OutboxPage().into_any(),
        Workspace::Settings => || SettingsPage().into_any(),
        Workspace::Features => || FeaturesPage().into_any(),
        Workspace::Regions => || RegionsPage().into_any(),
        Workspace::Invitations => || InvitationSettingsPage().into_any(),
    })
}

impl Page {
    /// A page of the section that this path belongs to.
    fn near(path: &str) -> Option<Self> {
        Some(match path.split('/').nth(1)? {
            "" => Self::Dashboard,
            "sign-in" | "setup" | "owner" | "join" | "new-password" => Self::Doors(Doors::SignIn),
            "users" | "invitations" => Self::People(People::Users),
            "roles" => Self::Roles(Roles::List),
            "customers" | "organizations" => Self::Customers(Customers::Customers),
            "apis" | "groups" => Self::Apis(Apis::Apis),
            "access-requests" => Self::Requests(Requests::List),
            "billing" | "outbox" | "settings" => Self::Workspace(Workspace::Settings),
            _ => return None,
        })
    }

    /// The files that the section needs, as `tools/bundle` names them: what all share with the first pages, what the others
    /// share, and its own.
    #[cfg(feature = "ssr")]
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::Doors(_) => &["first", "doors"],
            Self::Dashboard => &["first", "dashboard"],
            Self::People(_) => &["first", "common", "people"],
            Self::Roles(_) => &["first", "common", "roles"],
            Self::Customers(_) => &["first", "common", "customers"],
            Self::Apis(_) => &["first", "common", "apis"],
            Self::Requests(_) => &["first", "common", "requests"],
            Self::Workspace(_) => &["first", "common", "workspace"],
        }
    }
}

/// Asks for the code of the pages at this path, where it is not at hand.
///
/// # Errors
/// It could not be had: the connection is lost, or the server has another version by now.
pub async fn load(path: &str) -> Result<(), LazyViewError> {
    match Page::near(path) {
        Some(page) => page.load().await.map(drop),
        None => Ok(()),
    }
}

/// The addresses of the files that the page at this path needs besides the frame's.
#[cfg(feature = "ssr")]
pub fn files(path: &str) -> Vec<&'static str> {
    let assets = crate::platform::assets::assets();
    let names = Page::near(path).map(Page::files).unwrap_or_default();
    names.iter().filter_map(|name| assets.find(&format!("portico-{name}.bin"))).collect()
}

impl Page {
    async fn load(self) -> Result<Make, LazyViewError> {
        match self {
            Self::Doors(page) => doors(page).await,
            Self::Dashboard => dashboard().await,
            Self::People(page) => people(page).await,
            Self::Roles(page) => roles(page).await,
            Self::Customers(page) => customers(page).await,
            Self::Apis(page) => apis(page).await,
            Self::Requests(page) => requests(page).await,
            Self::Workspace(page) => workspace(page).await,
        }
    }
}

/// What the router shows at an address: a page, and whom it is for.
#[derive(Clone, Copy, Debug)]
pub struct Routed {
    page: Page,
    door: Door,
}

#[derive(Clone, Copy, Debug)]
enum Door {
    Anybody,
    Console(Action, Feature),
    Somewhere(Action, Feature),
    Either(Action, [Feature; 2]),
}

impl Page {
    /// For everybody who is signed in.
    pub fn open(self) -> Routed {
        Routed { page: self, door: Door::Anybody }
    }

    /// For who may do this with the feature.
    pub fn to(self, action: Action, feature: Feature) -> Routed {
        Routed { page: self, door: Door::Console(action, feature) }
    }

    /// For who may do this with the feature for one organization at least.
    pub fn to_somewhere(self, action: Action, feature: Feature) -> Routed {
        Routed { page: self, door: Door::Somewhere(action, feature) }
    }

    /// For who may do this with one of the features, for one organization at least.
    pub fn to_either(self, action: Action, features: [Feature; 2]) -> Routed {
        Routed { page: self, door: Door::Either(action, features) }
    }
}

impl ChooseView for Routed {
    async fn choose(self) -> AnyView {
        let Ok(page) = self.page.load().await else { return ().into_any() };
        match self.door {
            Door::Anybody => page(),
            Door::Console(action, feature) => guarded(action, feature, page).into_any(),
            Door::Somewhere(action, feature) => guarded_somewhere(action, feature, page).into_any(),
            Door::Either(action, features) => guarded_either(action, features, page).into_any(),
        }
    }

    async fn preload(&self) {
        let location = use_location();
        if self.page.load().await.is_err() {
            // The server may have another version by now. It is asked for the page as a whole, and this one stays until then.
            let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
            let _ = window().location().set_href(&if search.is_empty() { path } else { format!("{path}?{search}") });
            std::future::pending::<()>().await;
        }
    }
}
