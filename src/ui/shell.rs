//! The frame of the console: side navigation, top bar on narrow screens, and the menu of whoever is signed in.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, HtmlElement},
};
use leptos_router::{components::Outlet, hooks::use_location};

use super::{
    avatar::Avatar,
    door::HouseMark,
    form::{Hidden, ServerForm, Submission},
    icon::Icon,
    live::live,
    load::ErrorView,
    menu::Menu,
};
use crate::{
    access::{self, AccessSnapshot, Action, Category, Decision, Extent, Feature, Question, Refused, Subject},
    accounts::{
        api::{Session, SignOut},
        model::Me,
    },
    error::AppError,
    paths,
    requests::pages::open::OpenRequests,
    sections,
    settings::pages::switch::{RegionNow, RegionSwitch},
    text::{role_names, text},
    workspaces::model::Plan,
};

/// Who is signed in and where, for every page. Follows changes.
#[derive(Clone, Copy)]
pub struct CurrentSession(pub RwSignal<Session>);

/// Who is signed in; nobody holds nothing.
pub fn me() -> Option<Me> {
    expect_context::<CurrentSession>().0.with(|session| session.me.clone())
}

/// What whoever is signed in holds, as far as the console needs it, compiled once for each change of it.
#[derive(Clone, Copy)]
pub struct CurrentRights(Memo<Compiled>);

#[derive(Clone)]
struct Compiled {
    me: Option<Me>,
    snapshot: AccessSnapshot,
    subject: Subject,
}

impl Compiled {
    fn ask(&self, question: &Question<'_>) -> Result<(), Refused> {
        // What has ended is not among what the server sent.
        match access::decide(&self.snapshot, &self.subject, question) {
            Decision::Allowed { .. } => Ok(()),
            Decision::Denied(denial) => Err(Refused::new(question, denial)),
        }
    }
}

impl PartialEq for Compiled {
    fn eq(&self, other: &Self) -> bool {
        self.me == other.me
    }
}

/// Puts the rights of the session into the context.
pub fn provide_rights(session: RwSignal<Session>) {
    provide_context(CurrentRights(Memo::new(move |_| {
        let me = session.with(|session| session.me.clone());
        let snapshot = AccessSnapshot::new(me.as_ref().map(|me| me.workspace.clone()).unwrap_or_default());
        let subject = me.as_ref().map_or_else(Subject::nobody, |me| snapshot.subject(&me.rights));
        Compiled { me, snapshot, subject }
    })));
}

/// Asks `access::decide` whether whoever is signed in may do this in the console; what is missing where not.
pub fn ask(action: Action, feature: Feature) -> Result<(), Refused> {
    expect_context::<CurrentRights>().0.with(|it| {
        let region = it.me.as_ref().and_then(|me| me.region.as_deref());
        it.ask(&Question::console(action, feature, region, 0))
    })
}

/// Whether whoever is signed in may do this in a region.
pub fn may_in(action: Action, feature: Feature, region: &str) -> bool {
    let question = Question { region: Some(region), ..Question::new(action, feature, 0) };
    expect_context::<CurrentRights>().0.with(|it| it.ask(&question).is_ok())
}

/// Whether whoever is signed in is of the team.
pub fn is_of_team() -> bool {
    me().is_some_and(|me| me.rights.category == Category::Teammate)
}

/// Whether whoever is signed in may do this in the console.
pub fn may(action: Action, feature: Feature) -> bool {
    ask(action, feature).is_ok()
}

/// Asks `access::decide` whether whoever is signed in may do this for the organization of this slug, or for all of them.
pub fn may_for(action: Action, feature: Feature, organization: &str) -> bool {
    match extent(action, feature) {
        Ok(None) => true,
        Ok(Some(slugs)) => slugs.iter().any(|slug| slug == organization),
        Err(_) => false,
    }
}

/// Whether whoever is signed in may do this for the workspace or for an organization of theirs.
pub fn may_somewhere(action: Action, feature: Feature) -> bool {
    extent(action, feature).is_ok()
}

/// The organizations that whoever is signed in may do this for; none for the whole workspace.
fn extent(action: Action, feature: Feature) -> Result<Option<Vec<String>>, Refused> {
    expect_context::<CurrentRights>().0.with(|it| {
        let region = it.me.as_ref().and_then(|me| me.region.as_deref());
        let question = Question::console(action, feature, region, 0);
        match access::extent(&it.snapshot, &it.subject, &question) {
            Ok(Extent::Workspace) => Ok(None),
            Ok(Extent::Organizations(held)) => Ok(Some(held.into_iter().map(|it| it.slug.clone()).collect())),
            Err(denial) => Err(Refused::new(&question, denial)),
        }
    })
}

/// The workspace's name.
pub fn workspace_name() -> String {
    expect_context::<CurrentSession>().0.with(|session| session.brand.name.clone())
}

/// The workspace's plan.
pub fn plan() -> Plan {
    expect_context::<CurrentSession>().0.with(|session| session.brand.plan)
}

/// A page for who may do this with the feature; for everybody else, in its place, the refusal and nothing of the page.
pub fn guarded<V: IntoView + 'static>(action: Action, feature: Feature, page: fn() -> V) -> impl IntoView {
    door(Memo::new(move |_| me().map(|_| ask(action, feature))), page)
}

/// The same for a page that a right for one organization opens.
pub fn guarded_somewhere<V: IntoView + 'static>(action: Action, feature: Feature, page: fn() -> V) -> impl IntoView {
    door(Memo::new(move |_| me().map(|_| extent(action, feature).map(drop))), page)
}

/// The same for a page that either of two rights opens, and one for an organization, too; whoever has neither is told of the first.
pub fn guarded_either<V: IntoView + 'static>(action: Action, features: [Feature; 2], page: fn() -> V) -> impl IntoView {
    let [first, second] = features;
    let ask = move || extent(action, first).or_else(|denied| extent(action, second).map_err(|_| denied)).map(drop);
    door(Memo::new(move |_| me().map(|_| ask())), page)
}

fn door<V: IntoView + 'static>(answer: Memo<Option<Result<(), Refused>>>, page: fn() -> V) -> impl IntoView {
    move || match answer.get() {
        Some(Ok(())) => page().into_any(),
        Some(Err(refused)) => view! { <ErrorView error=AppError::Denied(refused)/> }.into_any(),
        None => view! { <ErrorView error=AppError::Unauthorized/> }.into_any(),
    }
}

/// The console around its pages.
#[component]
pub fn Console() -> impl IntoView {
    let signed_in = Memo::new(|_| me().is_some());
    view! {
        <a class="skip" href="#main" rel="external">{text().common.skip}</a>
        <div class="shell" on:pointerover=|event| ahead(&event) on:focusin=|event| ahead(&event)>
            <Side/>
            <div class="sheet">
                <TopBar/>
                <main id="main">
                    {move || if signed_in.get() {
                        view! { <Outlet/> }.into_any()
                    } else {
                        view! { <ErrorView error=AppError::Unauthorized/> }.into_any()
                    }}
                </main>
            </div>
        </div>
    }
}

/// A link that is pointed at may be followed: its section's code is asked for by then.
fn ahead(event: &Event) {
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|it| it.closest("a[href^='/']:not([rel])").ok().flatten());
    if let Some(href) = link.and_then(|link| link.get_attribute("href")) {
        leptos::task::spawn_local(async move {
            // Where it cannot be had, following the link tries again.
            drop(sections::load(href.split(['?', '#']).next().unwrap_or_default()).await);
        });
    }
}

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <button class="btn ghost icon" type="button" popovertarget="side" aria-label=text().shell.open_navigation>
                <Icon name="menu"/>
            </button>
            <span class="mark"><HouseMark/></span>
            <span class="medium clip">{workspace_name}</span>
            <RegionNow/>
        </header>
    }
}

#[component]
fn Side() -> impl IntoView {
    let t = &text().shell;
    view! {
        <nav class="side" id="side" popover="auto" aria-label=t.navigation on:click=followed>
            <div class="ws">
                <span class="mark"><HouseMark/></span>
                <span class="t"><span class="medium clip">{workspace_name}</span>{move || (workspace_name() != text().common.product).then(|| view! { <span class="small faint">{text().common.product}</span> })}</span>
            </div>
            <RegionSwitch/>
            <div>
                <ul>
                    <NavItem href=paths::DASHBOARD icon="home" label=t.dashboard/>
                    {move || may(Action::Update, Feature::Team).then(|| view! {
                        <NavItem href=paths::ACCESS_REQUESTS icon="ask" label=text().requests.title><OpenRequests/></NavItem>
                    })}
                </ul>
            </div>
            {move || {
                let (team, accounts) = (may(Action::View, Feature::Team), may(Action::View, Feature::Accounts));
                let organizations = may_somewhere(Action::View, Feature::Accounts);
                let groups = may(Action::View, Feature::Apis) && is_of_team();
                nav_section(
                    t.people,
                    [
                        (team, paths::USERS, "users", t.users),
                        (team || organizations, paths::INVITATIONS, "mail", t.invitations),
                        (accounts, paths::CUSTOMERS, "user", text().customers.title),
                        (organizations, paths::ORGANIZATIONS, "building", text().organizations.title),
                        (groups, paths::GROUPS, "group", text().groups.title),
                    ],
                )
            }}
            {move || {
                let (team, apis) = (may(Action::View, Feature::Team), may(Action::View, Feature::Apis));
                nav_section(t.access, [(team, paths::ROLES, "role", t.roles), (apis, paths::APIS, "api", text().apis.nav)])
            }}
            {move || {
                let (billing, settings) = (may(Action::View, Feature::Billing), may(Action::View, Feature::Settings));
                nav_section(
                    t.workspace,
                    [
                        (billing, paths::BILLING, "card", t.billing),
                        (settings, paths::OUTBOX, "outbox", t.outbox),
                        (settings, paths::SETTINGS, "settings", t.settings),
                    ],
                )
            }}
            <div class="foot">
                <Offline/>
                {move || me().map(|me| view! { <UserMenu me/> })}
            </div>
        </nav>
    }
}

/// A link followed in the navigation of a narrow screen closes it.
fn followed(event: leptos::ev::MouseEvent) {
    let link = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|it| it.closest("a[href]").ok().flatten());
    let side = event.current_target().and_then(|side| side.dyn_into::<HtmlElement>().ok());
    if let (Some(_), Some(side)) = (link, side) {
        // Where it is no popover that is open, this does nothing.
        drop(side.hide_popover());
    }
}

/// A part of the navigation: of what the reader may see (first in each line), address, icon and name.
fn nav_section<const N: usize>(
    title: &'static str,
    items: [(bool, &'static str, &'static str, &'static str); N],
) -> impl IntoView {
    let shown: Vec<_> = items.into_iter().filter(|(may, ..)| *may).collect();
    (!shown.is_empty()).then(|| {
        let items = shown.into_iter().map(|(_, href, icon, label)| view! { <NavItem href icon label/> }).collect_view();
        view! { <div><h2>{title}</h2><ul>{items}</ul></div> }
    })
}

#[component]
fn NavItem(
    href: &'static str,
    icon: &'static str,
    label: &'static str,
    /// Stands behind the label: a number.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let location = use_location();
    let current = move || {
        let path = location.pathname.get();
        let here = if href == paths::DASHBOARD {
            path == href
        } else {
            path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        here.then_some("page")
    };
    view! { <li><a href=href aria-current=current><Icon name=icon/>{label}{children.map(|children| children())}</a></li> }
}

#[component]
fn UserMenu(me: Me) -> impl IntoView {
    let t = text();
    let role = role_names(&me.roles);
    let sign_out = Submission::<SignOut>::new();
    let button = view! {
        <Avatar name=me.full_name.clone() id=me.id.to_string()/>
        <span class="t"><bdi class="medium clip">{me.full_name.clone()}</bdi><span class="small faint">{role}</span></span>
        <Icon name="more"/>
    };
    view! {
        <Menu id="me-menu" label=(t.shell.your_menu)(&me.full_name) button=button.into_any() button_class="ws" start=true>
            <p class="cap">{me.email}</p>
            <a href=paths::MY_REQUESTS><Icon name="ask"/>{t.requests.mine}</a>
            <ServerForm submission=sign_out class="">
                <Hidden name="back" value=""/>
                <button type="submit"><Icon name="out"/>{t.shell.sign_out}</button>
            </ServerForm>
        </Menu>
    }
}

/// Says that what is shown may be old.
#[component]
fn Offline() -> impl IntoView {
    let offline = live().offline;
    view! {
        <p class="small offline" role="status">
            {move || offline.get().then(|| view! { <span class="dot wait"></span>{text().shell.offline} })}
        </p>
    }
}
