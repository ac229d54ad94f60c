//! The shell of every page, and the routes. Nothing else.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    access::{Action, Feature},
    accounts::{
        api::{Session, read_session},
        pages::{new_password::NewPasswordPage, owner::OwnerPage, sign_in::SignInPage},
    },
    apis::pages::{list::ApisPage, one::ApiPage},
    billing::pages::plan::BillingPage,
    customers::pages::{list::CustomersPage, one::CustomerPage},
    dashboard::page::DashboardPage,
    error::AppError,
    groups::pages::{list::GroupsPage, one::GroupPage},
    imports::pages::{
        one::{CustomerImportPage, UserImportPage},
        upload::{ImportCustomersPage, ImportUsersPage},
    },
    invitations::pages::{list::InvitationsPage, setup::SetupPage},
    mail::pages::outbox::OutboxPage,
    organizations::pages::{list::OrganizationsPage, one::OrganizationPage},
    people::pages::{edit::EditUserPage, list::UsersPage},
    requests::pages::{decide::DecidePage, list::RequestsPage, mine::MyRequestsPage, new::NewRequestPage},
    roles::pages::{compare::CompareRolesPage, edit::RolePage, list::RolesPage, new::NewRolePage},
    settings::pages::{SettingsPage, features::FeaturesPage, regions::RegionsPage},
    text::text,
    ui::{
        form::Posted,
        icon::IconSprite,
        live::{Topic, provide_live},
        load::ErrorView,
        shell::{Console, CurrentSession, guarded, guarded_somewhere, provide_rights},
        toast::{Flash, ToastStack, Toasts},
        when::provide_mounted,
    },
};

/// What the server knows when it begins a page, and the browser takes over with it.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Beginning {
    icons: String,
    session: Session,
    posted: Posted,
    flash: Flash,
}

impl Beginning {
    #[cfg(feature = "ssr")]
    fn new() -> Self {
        use crate::platform::{assets::assets, context::Context, forms};
        let cx = Context::current().ok();
        let brand = cx.as_ref().map(|cx| cx.brand());
        Self {
            icons: assets().url("icons.svg").to_owned(),
            session: Session { me: cx.as_ref().and_then(Context::me), brand: brand.unwrap_or_default() },
            posted: use_context().unwrap_or_default(),
            flash: forms::take_flash(),
        }
    }

    #[cfg(not(feature = "ssr"))]
    fn new() -> Self {
        unreachable!("the browser takes over what the server rendered")
    }
}

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let beginning = SharedValue::new(Beginning::new).into_inner();
    provide_context(IconSprite(beginning.icons));
    provide_context(beginning.posted);
    provide_context(Toasts::new(beginning.flash));
    provide_mounted();
    let current = RwSignal::new(beginning.session);
    provide_context(CurrentSession(current));
    provide_rights(current);
    let live = provide_live();
    // Rights may change while the page is open, and regions, features and the plan, which are everybody's.
    Effect::new(move |before: Option<(u32, u32)>| {
        let version = (live.version(Topic::You), live.version(Topic::Settings));
        if before.is_some_and(|before| before != version) {
            leptos::task::spawn_local(async move {
                if let Ok(session) = read_session().await
                    && current.with_untracked(|known| *known != session)
                {
                    current.set(session);
                }
            });
        }
        version
    });
    #[cfg(feature = "hydrate")]
    crate::ui::live::follow(live, Signal::derive(move || current.with(|session| session.me.is_some())));
    view! {
        <Title formatter=title/>
        <Router>
            <Routes fallback=NoPage>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/new-password") view=NewPasswordPage/>
                <Route path=path!("/setup/:token") view=SetupPage/>
                <Route path=path!("/owner/:token") view=OwnerPage/>
                <Route path=path!("/gallery") view=Gallery/>
                <ParentRoute path=path!("") view=Console>
                    <Route path=path!("") view=DashboardPage/>
                    <Route path=path!("users") view=|| guarded(Action::View, Feature::Team, UsersPage)/>
                    <Route path=path!("users/import") view=|| guarded(Action::Create, Feature::Team, ImportUsersPage)/>
                    <Route path=path!("users/import/:id") view=|| guarded(Action::Create, Feature::Team, UserImportPage)/>
                    <Route path=path!("customers/import") view=|| guarded(Action::Create, Feature::Accounts, ImportCustomersPage)/>
                    <Route path=path!("customers/import/:id") view=|| guarded(Action::Create, Feature::Accounts, CustomerImportPage)/>
                    <Route path=path!("users/:id") view=|| guarded(Action::View, Feature::Team, EditUserPage)/>
                    <Route path=path!("invitations") view=|| guarded(Action::View, Feature::Team, InvitationsPage)/>
                    <Route path=path!("billing") view=|| guarded(Action::View, Feature::Billing, BillingPage)/>
                    <Route path=path!("settings") view=SettingsPage/>
                    <Route path=path!("settings/features") view=|| guarded(Action::View, Feature::Settings, FeaturesPage)/>
                    <Route path=path!("settings/regions") view=|| guarded(Action::View, Feature::Settings, RegionsPage)/>
                    <Route path=path!("roles") view=|| guarded(Action::View, Feature::Team, RolesPage)/>
                    <Route path=path!("roles/new") view=|| guarded(Action::Create, Feature::Team, NewRolePage)/>
                    <Route path=path!("roles/compare") view=|| guarded(Action::View, Feature::Team, CompareRolesPage)/>
                    <Route path=path!("roles/:id") view=|| guarded(Action::View, Feature::Team, RolePage)/>
                    <Route path=path!("customers") view=|| guarded(Action::View, Feature::Accounts, CustomersPage)/>
                    <Route path=path!("customers/:id") view=|| guarded(Action::View, Feature::Accounts, CustomerPage)/>
                    <Route path=path!("organizations") view=|| guarded_somewhere(Action::View, Feature::Accounts, OrganizationsPage)/>
                    <Route path=path!("organizations/:id") view=|| guarded_somewhere(Action::View, Feature::Accounts, OrganizationPage)/>
                    <Route path=path!("apis") view=|| guarded(Action::View, Feature::Apis, ApisPage)/>
                    <Route path=path!("apis/:id") view=|| guarded(Action::View, Feature::Apis, ApiPage)/>
                    <Route path=path!("groups") view=|| guarded(Action::View, Feature::Apis, GroupsPage)/>
                    <Route path=path!("groups/:id") view=|| guarded(Action::View, Feature::Apis, GroupPage)/>
                    <Route path=path!("outbox") view=|| guarded(Action::View, Feature::Settings, OutboxPage)/>
                    <Route path=path!("access-requests") view=|| guarded(Action::Update, Feature::Team, RequestsPage)/>
                    <Route path=path!("access-requests/mine") view=MyRequestsPage/>
                    <Route path=path!("access-requests/new") view=NewRequestPage/>
                    <Route path=path!("access-requests/:id") view=|| guarded(Action::Update, Feature::Team, DecidePage)/>
                    <Route path=path!("*any") view=NoPage/>
                </ParentRoute>
            </Routes>
        </Router>
        <ToastStack/>
    }
}

/// The title of the window: the page's, and the product's.
fn title(page: String) -> String {
    let product = text().common.product;
    if page.is_empty() { product.to_owned() } else { format!("{page} · {product}") }
}

#[component]
fn NoPage() -> impl IntoView {
    view! { <ErrorView error=AppError::NotFound/> }
}

/// Every component, in development builds only.
#[component]
fn Gallery() -> impl IntoView {
    #[cfg(debug_assertions)]
    return crate::ui::gallery::Gallery();
    #[cfg(not(debug_assertions))]
    view! { <NoPage/> }
}

/// The document around the application.
#[cfg(feature = "ssr")]
pub fn document() -> impl IntoView {
    use leptos::nonce::use_nonce;
    use leptos_meta::MetaTags;

    use crate::{platform::assets::assets, platform::context::Context, text::Language};

    let assets = assets();
    let (script, wasm) = (assets.url("portico.js").to_owned(), assets.url("portico.wasm").to_owned());
    // Both are addresses of ours, made of letters, digits, dots and slashes.
    // The WASM is asked for before the page has come in whole, and only by a browser that runs script.
    let ask = format!("wasm=fetch('{wasm}')");
    let start = format!(
        "import init,{{hydrate}} from '{script}';init({{module_or_path:wasm}}).then(()=>{{hydrate();document.documentElement.dataset.ready=''}})"
    );
    let colour = Context::current().map_or_else(|_| String::new(), |cx| cx.workspace.colour.clone());
    let tenant = format!(":root{{--tenant:{colour}}}");
    let language = use_context::<Language>().unwrap_or_default().tag();
    let nonce = use_nonce();
    crate::platform::headers::content_security_policy(nonce.as_deref());
    view! {
        <!DOCTYPE html>
        <html lang=language>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href=assets.url("favicon.svg").to_owned()/>
                <link rel="stylesheet" href=assets.url("portico.css").to_owned()/>
                <style nonce=nonce.clone()>{tenant}</style>
                <link rel="modulepreload" href=script/>
                <script nonce=nonce.clone() inner_html=ask></script>
                <MetaTags/>
            </head>
            <body>
                <App/>
                <script type="module" nonce=nonce inner_html=start></script>
            </body>
        </html>
    }
}
