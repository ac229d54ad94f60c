//! The list of users.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    access::{Action, Category, Feature},
    invitations::pages::{
        activate::ActivationMenu,
        invite::{InviteButton, InviteDrawer, Inviting, opens},
    },
    listing::{ListQuery, Page},
    paths,
    people::{
        api::list_users,
        model::{ORDERS, State, User},
    },
    rights::pages::backup::BackupNotice,
    text::{role_names, text},
    ui::{
        avatar::Avatar,
        badge::{Badge, BadgeKind, Status, StatusKind},
        button::{ButtonKind, ButtonSize, LinkButton},
        list::{ColumnHead, ListFoot, ListPager, ListToolbar, list_query, parameter},
        live::{Topic, live},
        load::{Load, resource},
        page::{Empty, PageHead, Skeleton, TabItem, Tabs},
        shell::{may, me, workspace_name},
        when::When,
    },
};

/// The page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let t = text();
    let query = list_query();
    let invite = parameter("invite");
    let page = resource(
        move || (query.get(), live().version(Topic::Users)),
        |(query, _)| async move { list_users(query.clone()).await.map(|page| (page, query)) },
    );
    let may_invite = Memo::new(|_| may(Action::Create, Feature::Team));
    let back = Memo::new(move |_| format!("{}{}", paths::USERS, query.get().here(None)));
    let tabs = move || {
        let developers = is_of_organizations(&query.get());
        let mut items = vec![
            TabItem {
                label: t.held.teammates.into(),
                href: paths::USERS.into(),
                current: !developers,
                ..TabItem::default()
            },
            TabItem { label: t.users.invitations.into(), href: paths::INVITATIONS.into(), ..TabItem::default() },
        ];
        if may(Action::View, Feature::Accounts) {
            let href = paths::DEVELOPERS.into();
            let label = t.held.developers.into();
            items.insert(1, TabItem { label, href, current: developers, ..TabItem::default() });
        }
        view! { <Tabs label=t.users.tabs items/> }
    };
    let choices = vec![
        (String::new(), t.users.any_state.to_owned()),
        (State::Enabled.slug().to_owned(), t.users.enabled.to_owned()),
        (State::Disabled.slug().to_owned(), t.users.disabled.to_owned()),
    ];
    view! {
        <Title text=t.users.title/>
        <PageHead title=t.users.title lead=(t.users.lead)(&workspace_name())>
            {move || may_invite.get().then(|| view! {
                <InviteButton kind=Category::Teammate back=back.get() label=t.users.invite/>
            })}
        </PageHead>
        <BackupNotice listed=true/>
        {tabs}
        <ListToolbar action=paths::USERS label=t.users.title query search=t.users.search filter=t.users.state choices/>
        <Load
            from=page
            skeleton=move || view! { <Skeleton rows=8 label=t.users.title/> }
            show=move |(page, shown): (Page<User>, ListQuery)| view! { <List page shown query/> }
        />
        {move || (opens(&invite.get()) && may_invite.get()).then(|| view! {
            <InviteDrawer of=Inviting::from(Category::Teammate, back.get_untracked()) way=invite.get()/>
        })}
    }
}

/// Whether the list is that of organization users, active or not.
fn is_of_organizations(query: &ListQuery) -> bool {
    query.kind == Category::Organization.slug()
}

#[component]
fn List(page: Page<User>, shown: ListQuery, query: Memo<ListQuery>) -> impl IntoView {
    let t = &text().users;
    if page.rows.is_empty() && page.total == 0 && is_of_organizations(&shown) {
        let t = &text().held;
        return view! { <Empty title=t.developers_none body=t.developers_none_body/> }.into_any();
    }
    if page.rows.is_empty() {
        return view! { <Empty title=t.nobody_found body=t.nobody_found_body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let (kind, back) = (is_of_organizations(&shown), format!("{}{}", paths::USERS, shown.here(None)));
    let feature = if kind { Feature::Accounts } else { Feature::Team };
    let activates = may(Action::Create, feature);
    let row = |user| view! { <Row user back=activates.then(|| back.clone())/> };
    let rows = page.rows.iter().cloned().map(row).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{t.caption}</caption>
                <thead><tr>
                    <ColumnHead action=paths::USERS query orders=&ORDERS column="name" label=t.name class="c-name"/>
                    <th scope="col" class="c2 w-9">{text().common.role}</th>
                    <th scope="col" class="c3 w-8">{t.state}</th>
                    <ColumnHead action=paths::USERS query orders=&ORDERS column="joined" label=t.joined class="c4 w-8"/>
                    <th scope="col" class="c3 w-8">{t.last_seen}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=paths::USERS query=shown before after/>
    }
    .into_any()
}

/// The state in its shape and word.
#[component]
pub fn StateMark(
    state: State,
    /// Whether the account waits for its person.
    #[prop(optional)]
    pending: bool,
    #[prop(optional)] pill: bool,
) -> impl IntoView {
    let t = &text().users;
    let (kind, label) = match state {
        State::Enabled if pending => (StatusKind::PendingActivation, text().drawer.pending),
        State::Enabled => (StatusKind::Active, t.enabled),
        State::Disabled => (StatusKind::Disabled, t.disabled),
    };
    view! { <Status kind label pill/> }
}

#[component]
fn Row(
    user: User,
    /// Where to go on; none for who may not activate accounts.
    back: Option<String>,
) -> impl IntoView {
    let t = text();
    let pending = user.is_pending();
    let menu =
        back.filter(|_| pending).map(|back| view! { <ActivationMenu id=user.id name=user.full_name.clone() back/> });
    let yours = me().is_some_and(|me| me.id == user.id);
    let role = role_names(&user.roles);
    let href = paths::user(user.id);
    view! {
            <tr>
                <th scope="row">
                    <div class="who">
                        <Avatar name=user.full_name.clone() id=user.id.to_string()/>
                        <div>
                            <span class="row snug">
                                <a class="plain name" href=href.clone() title=user.full_name.clone()><bdi>{user.full_name.clone()}</bdi></a>
                                {yours.then(|| view! { <Badge label=t.users.you kind=BadgeKind::Line/> })}
                            </span>
                            <span class="sub" title=user.email.clone()>{user.email.clone()}</span>
                            <span class="sub more-sub">
                                {role.clone()}
                                {(user.state == State::Disabled).then(|| format!(" · {}", t.users.disabled))}
                                {pending.then(|| format!(" · {}", t.drawer.pending))}
                            </span>
                        </div>
                    </div>
                </th>
                <td class="c2">{role}</td>
                <td class="c3"><StateMark state=user.state pending/></td>
                <td class="c4 when"><When at=user.joined_at/></td>
                <td class="c3 when">{match user.last_seen_at {
                    Some(at) => view! { <When at relative=true/> }.into_any(),
                    None => "—".into_any(),
                }}</td>
                <td class="act">
    <span class="acts">
                    <LinkButton href label=t.users.edit name=(t.users.edit_of)(&user.full_name) size=ButtonSize::Small kind=ButtonKind::Ghost/>
    {menu}</span>
                </td>
            </tr>
        }
}
