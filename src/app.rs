//! The shell of every page, and the routes. Nothing else.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    access::{Action, Feature},
    accounts::api::Session,
    error::AppError,
    sections::{Apis, Customers, Doors, Page, People, Requests, Roles, Workspace},
    text::text,
    ui::{
        form::Posted,
        icon::IconSprite,
        live::provide_live,
        load::{ErrorView, Json},
        shell::{Console, CurrentSession, provide_rights},
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

/// The sections that invitations belong to: teammates' to the one, customers' and organization users' to the other.
const TEAM_OR_ACCOUNTS: [Feature; 2] = [Feature::Team, Feature::Accounts];

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let beginning = SharedValue::<_, Json>::new_with_encoding(Beginning::new).into_inner();
    provide_context(IconSprite(beginning.icons));
    provide_context(beginning.posted);
    provide_context(Toasts::new(beginning.flash));
    provide_mounted();
    let current = RwSignal::new(beginning.session);
    provide_context(CurrentSession(current));
    provide_rights(current);
    provide_live();
    #[cfg(feature = "hydrate")]
    crate::ui::live::follow(current);
    view! {
        <Title formatter=title/>
        <Router>
            <Routes fallback=NoPage>
                <Route path=path!("/sign-in") view=Page::Doors(Doors::SignIn).open()/>
                <Route path=path!("/setup/:token") view=Page::Doors(Doors::SetUp).open()/>
                <Route path=path!("/owner/:token") view=Page::Doors(Doors::Owner).open()/>
                <Route path=path!("/join") view=Page::Doors(Doors::Joined).open()/>
                <Route path=path!("/join/:token") view=Page::Doors(Doors::Join).open()/>
                <Route path=path!("/new-password") view=Page::Doors(Doors::NewPassword).open()/>
                <Route path=path!("/gallery") view=Gallery/>
                <ParentRoute path=path!("") view=Console>
                    <Route path=path!("") view=Page::Dashboard.open()/>
                    <Route path=path!("users") view=Page::People(People::Users).to(Action::View, Feature::Team)/>
                    <Route path=path!("users/links") view=Page::People(People::Links).to(Action::View, Feature::Team)/>
                    <Route path=path!("users/import") view=Page::People(People::Import).to(Action::Create, Feature::Team)/>
                    <Route path=path!("users/import/:id") view=Page::People(People::Imported).to(Action::Create, Feature::Team)/>
                    <Route path=path!("users/:id") view=Page::People(People::User).to(Action::View, Feature::Team)/>
                    <Route path=path!("invitations") view=Page::People(People::Invitations).to_either(Action::View, TEAM_OR_ACCOUNTS)/>
                    <Route path=path!("invitations/:id") view=Page::People(People::Invitation).to_either(Action::View, TEAM_OR_ACCOUNTS)/>
                    <Route path=path!("billing") view=Page::Workspace(Workspace::Billing).to(Action::View, Feature::Billing)/>
                    <Route path=path!("settings") view=Page::Workspace(Workspace::Settings).open()/>
                    <Route path=path!("settings/invitations") view=Page::Workspace(Workspace::Invitations).to(Action::View, Feature::Settings)/>
                    <Route path=path!("settings/features") view=Page::Workspace(Workspace::Features).to(Action::View, Feature::Settings)/>
                    <Route path=path!("settings/regions") view=Page::Workspace(Workspace::Regions).to(Action::View, Feature::Settings)/>
                    <Route path=path!("roles") view=Page::Roles(Roles::List).to(Action::View, Feature::Team)/>
                    <Route path=path!("roles/new") view=Page::Roles(Roles::New).to(Action::Create, Feature::Team)/>
                    <Route path=path!("roles/compare") view=Page::Roles(Roles::Compare).to(Action::View, Feature::Team)/>
                    <Route path=path!("roles/:id") view=Page::Roles(Roles::One).to(Action::View, Feature::Team)/>
                    <Route path=path!("customers") view=Page::Customers(Customers::Customers).to(Action::View, Feature::Accounts)/>
                    <Route path=path!("customers/links") view=Page::Customers(Customers::Links).to(Action::View, Feature::Accounts)/>
                    <Route path=path!("customers/import") view=Page::Customers(Customers::Import).to(Action::Create, Feature::Accounts)/>
                    <Route path=path!("customers/import/:id") view=Page::Customers(Customers::Imported).to(Action::Create, Feature::Accounts)/>
                    <Route path=path!("customers/:id") view=Page::Customers(Customers::Customer).to(Action::View, Feature::Accounts)/>
                    <Route path=path!("organizations") view=Page::Customers(Customers::Organizations).to_somewhere(Action::View, Feature::Accounts)/>
                    <Route path=path!("organizations/:id") view=Page::Customers(Customers::Organization).to_somewhere(Action::View, Feature::Accounts)/>
                    <Route path=path!("apis") view=Page::Apis(Apis::Apis).to(Action::View, Feature::Apis)/>
                    <Route path=path!("apis/:id") view=Page::Apis(Apis::Api).to(Action::View, Feature::Apis)/>
                    <Route path=path!("groups") view=Page::Apis(Apis::Groups).to(Action::View, Feature::Apis)/>
                    <Route path=path!("groups/:id") view=Page::Apis(Apis::Group).to(Action::View, Feature::Apis)/>
                    <Route path=path!("outbox") view=Page::Workspace(Workspace::Outbox).to(Action::View, Feature::Settings)/>
                    <Route path=path!("access-requests") view=Page::Requests(Requests::List).to(Action::Update, Feature::Team)/>
                    <Route path=path!("access-requests/mine") view=Page::Requests(Requests::Mine).open()/>
                    <Route path=path!("access-requests/new") view=Page::Requests(Requests::New).open()/>
                    <Route path=path!("access-requests/:id") view=Page::Requests(Requests::Decide).to(Action::Update, Feature::Team)/>
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

    use crate::{
        platform::{assets::assets, context::Context},
        sections::files,
        text::Language,
        ui::colour::Colour,
    };

    let assets = assets();
    let (script, wasm) = (assets.url("portico.js").to_owned(), assets.url("portico.wasm").to_owned());
    let loader = assets.find("portico-loader.js").map(str::to_owned);
    // All are addresses of ours, made of letters, digits, dots, hyphens and slashes.
    // The WASM, and the section's, is asked for before the page has come in whole, and only by a browser that runs script.
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let parts: String = files(&path).iter().map(|file| format!("'{file}':fetch('{file}'),")).collect();
    let ask = format!("wasm=fetch('{wasm}');parts={{{parts}}}");
    let start = format!(
        "import init,{{hydrate}} from '{script}';init({{module_or_path:wasm}}).then(()=>hydrate()).then(()=>{{document.documentElement.dataset.ready=''}})"
    );
    let colour = Context::current().map_or_else(|_| String::new(), |cx| cx.workspace.colour.clone());
    // What stands on it is read, whatever colour it is.
    let ink = Colour::read(&colour).map(Colour::ink).unwrap_or(Colour::WHITE);
    let tenant = format!(":root{{--tenant:{colour};--on-tenant:{ink}}}");
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
                {loader.map(|loader| view! { <link rel="modulepreload" href=loader/> })}
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
