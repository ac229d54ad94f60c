//! The frame of the console: side navigation, top bar on narrow screens, and the menu of whoever is signed in.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement},
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
    access::{self, AccessSnapshot, Action, Category, Decision, Feature, Question, Refused, Subject},
    accounts::{
        api::{Session, SignOut},
        model::Me,
    },
    error::AppError,
    paths,
    text::{role_names, text},
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

/// The workspace's name.
pub fn workspace_name() -> String {
    expect_context::<CurrentSession>().0.with(|session| session.brand.name.clone())
}

/// A page for who may do this with the feature; for everybody else, in its place, the refusal and nothing of the page.
pub fn guarded<V: IntoView + 'static>(action: Action, feature: Feature, page: fn() -> V) -> impl IntoView {
    let answer = Memo::new(move |_| me().map(|_| ask(action, feature)));
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
        <div class="shell">
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

#[component]
fn TopBar() -> impl IntoView {
    view! {
        <header class="topbar">
            <button class="btn ghost icon" type="button" popovertarget="side" aria-label=text().shell.open_navigation>
                <Icon name="menu"/>
            </button>
            <span class="mark"><HouseMark/></span>
            <span class="medium clip">{workspace_name}</span>
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
            <div><ul><NavItem href=paths::DASHBOARD icon="home" label=t.dashboard/></ul></div>
            {move || {
                let team = may(Action::View, Feature::Team);
                let groups = may(Action::View, Feature::Apis) && is_of_team();
                (team || groups).then(|| view! {
                    <div>
                        <h2>{t.people}</h2>
                        <ul>
                            {team.then(|| view! {
                                <NavItem href=paths::USERS icon="users" label=t.users/>
                                <NavItem href=paths::INVITATIONS icon="mail" label=t.invitations/>
                            })}
                            {groups.then(|| view! { <NavItem href=paths::GROUPS icon="group" label=text().groups.title/> })}
                        </ul>
                    </div>
                })
            }}
            {move || may(Action::View, Feature::Apis).then(|| view! {
                <div>
                    <h2>{text().apis.heading}</h2>
                    <ul><NavItem href=paths::APIS icon="api" label=text().apis.nav/></ul>
                </div>
            })}
            {move || may(Action::View, Feature::Settings).then(|| view! {
                <div>
                    <h2>{t.workspace}</h2>
                    <ul><NavItem href=paths::OUTBOX icon="outbox" label=t.outbox/></ul>
                </div>
            })}
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

#[component]
fn NavItem(href: &'static str, icon: &'static str, label: &'static str) -> impl IntoView {
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
    view! { <li><a href=href aria-current=current><Icon name=icon/>{label}</a></li> }
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
