//! One user: what they hold and why, and their profile.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    list::StateMark,
    profile::{Details, EditCard, RemoveDialog},
};
use crate::{
    access::{Action, Feature},
    error::AppError,
    paths,
    people::{api::find_user, model::User},
    rights::{
        api::{read_rights, why},
        model::{Answer, UserRights, WhyQuery},
        pages::{
            assign::AssignPage,
            held::HeldCard,
            reached::ReachedCard,
            why::{WhyCard, why_query},
        },
    },
    text::text,
    ui::{
        avatar::Avatar,
        button::{ButtonKind, LinkButton},
        list::parameter,
        live::{Topic, live},
        load::{ErrorView, Load, resource},
        page::{Banner, BannerKind, PageHead, Skeleton, TabItem, Tabs},
        shell::{may, me},
    },
};

/// The page, or the form of one assignment in its place where the address asks for that.
#[component]
pub fn EditUserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let rights = parameter("rights");
    move || match (id.get(), rights.get()) {
        (None, _) => view! { <ErrorView error=AppError::NotFound/> }.into_any(),
        (Some(_), assignment) if assignment.is_empty() => view! { <Sections id/> }.into_any(),
        (Some(user), assignment) => view! { <AssignPage user assignment/> }.into_any(),
    }
}

/// A user, what they hold, and the answer to what is asked about it.
type Loaded = (User, UserRights, WhyQuery, Option<Answer>);

#[component]
fn Sections(id: Memo<Option<Uuid>>) -> impl IntoView {
    let query = why_query(id);
    let changes = move || {
        let topics = [Topic::Users, Topic::Roles, Topic::Apis, Topic::Organizations, Topic::Settings];
        topics.map(|topic| live().version(topic))
    };
    let loaded = resource(
        move || (query.get(), changes()),
        |(query, _)| async move {
            let user = find_user(query.user).await?;
            let rights = read_rights(query.user).await?;
            let answer = if query.asks() { Some(why(query.clone()).await?) } else { None };
            Ok((user, rights, query, answer))
        },
    );
    let tab = parameter("tab");
    // Which tab is shown is decided around what is loaded: a part that decides for itself would be made anew with each
    // change by others, and take the focus from whoever types in it.
    move || {
        let profile = tab.get() == "profile";
        view! {
            <Load
                from=loaded
                skeleton=move || view! { <Skeleton rows=6 label=text().users.title/> }
                show=move |loaded: Loaded| view! { <Shown loaded profile/> }
            />
        }
    }
}

/// Why this person cannot be changed by the reader; none when they can.
fn locked(user: &User) -> Option<&'static str> {
    let t = &text().users;
    let me = me()?;
    if !may(Action::Update, Feature::Team) {
        Some(t.view_only)
    } else if me.id == user.id {
        Some(t.yourself)
    } else if user.above_you {
        Some(t.above_you)
    } else {
        None
    }
}

#[component]
fn Shown(loaded: Loaded, profile: bool) -> impl IntoView {
    let t = text();
    let (user, rights, query, answer) = loaded;
    let (remove, taking) = (parameter("remove"), parameter("take"));
    let locked = locked(&user);
    let href = paths::user(user.id);
    let may_remove = locked.is_none() && may(Action::Delete, Feature::Team);
    let (name, removed) = (user.full_name.clone(), user.clone());
    let kind = (t.held.kind)(rights.category);
    let tabs = {
        let item = |label: &str, href: String, current: bool| TabItem {
            label: label.to_owned(),
            href,
            current,
            ..TabItem::default()
        };
        let items = vec![
            item(t.held.access, paths::user(query.user), !profile),
            item(t.held.profile, paths::profile(query.user), profile),
        ];
        view! { <Tabs label=t.held.sections items/> }
    };
    let (shown, asked) = (user.clone(), query.clone());
    let section = {
        if profile {
            let user = shown.clone();
            view! {
                <div class="aside-layout">
                    <div class="stack">{locked.is_none().then(|| view! { <EditCard user=user.clone()/> })}</div>
                    <aside><Details user/></aside>
                </div>
            }
            .into_any()
        } else {
            let (full_name, rights) = (shown.full_name.clone(), rights.clone());
            view! {
                <div class="aside-layout wide">
                    <div class="stack roomy">
                        <HeldCard
                            user=shown.id
                            full_name=full_name.clone()
                            rights=rights.clone()
                            editable=locked.is_none()
                            taking
                        />
                        <ReachedCard user=shown.id reached=rights.reached.clone()/>
                    </div>
                    <aside class="stack"><WhyCard query=asked.clone() full_name rights answer=answer.clone()/></aside>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <Title text=user.full_name.clone()/>
        <PageHead
            title=user.full_name.clone()
            lead=format!("{} · {kind}", user.email)
            crumbs=vec![(t.users.title.to_owned(), paths::USERS.to_owned())]
            crumbs_label=t.users.title
            before=view! { <Avatar name=user.full_name.clone() id=user.id.to_string() large=true/> }.into_any()
            beside=view! { <StateMark state=user.state pending=user.is_pending() pill=true/> }.into_any()
        >
            {locked.is_none().then(|| view! {
                <LinkButton href=paths::profile(user.id) label=t.users.edit name=(t.users.edit_of)(&name) icon="edit"/>
            })}
            {may_remove.then(|| view! {
                <LinkButton
                    href=format!("{href}?remove=1")
                    label=format!("{}…", t.users.remove)
                    name=(t.users.remove_of)(&name)
                    icon="trash"
                    kind=ButtonKind::DangerQuiet
                />
            })}
        </PageHead>
        {tabs}
        <div class="stack">
            {locked.map(|why| view! { <Banner kind=BannerKind::Plain>{why}</Banner> })}
            {section}
        </div>
        {move || (remove.get() == "1" && may_remove).then(|| view! { <RemoveDialog user=removed.clone()/> })}
    }
}
