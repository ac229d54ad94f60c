//! One organization: its users with their roles, and what can be done with it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::{
    delete::DeleteDialog,
    list::users,
    user::{AddDrawer, EditDrawer, RemoveDialog},
};
use crate::{
    access::{Action, Category, Feature},
    error::AppError,
    invitations::pages::{
        activate::ActivationMenu,
        invite::{InviteDrawer, Inviting, opens},
    },
    listing::{ListQuery, Page},
    organizations::{
        api::{RenameOrganization, find_organization, list_organization_users},
        model::{Organization, OrganizationUser},
    },
    paths,
    people::{model::State, pages::list::StateMark},
    text::{role_names, text},
    ui::{
        avatar::{Avatar, Thing},
        badge::{Badge, BadgeKind},
        button::{ButtonKind, ButtonSize, LinkButton},
        dialog::Dialog,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        list::{ListFoot, ListPager, list_query, parameter},
        live::{Topic, live},
        load::{Load, Loading, resource},
        page::{Empty, PageHead, Skeleton},
        shell::{may_for, me},
    },
};

type Loaded = (Organization, Page<OrganizationUser>, ListQuery);

/// The page.
#[component]
pub fn OrganizationPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let query = list_query();
    let loaded = resource(
        move || (id.get(), query.get(), live().version(Topic::Organizations), live().version(Topic::Users)),
        |(id, query, ..)| async move {
            let id = id.ok_or(AppError::NotFound)?;
            let organization = find_organization(id).await?;
            let page = list_organization_users(id, query.clone()).await?;
            Ok::<Loaded, AppError>((organization, page, query))
        },
    );
    let invite = parameter("invite");
    view! {
        <Load
            from=loaded
            skeleton=move || view! { <Skeleton rows=6 label=text().organizations.title/> }
            show=|(organization, page, shown): Loaded| view! { <Shown organization page shown/> }
        />
        // Beside what is loaded anew: addresses that are typed there stay.
        {move || {
            let open = opens(&invite.get());
            id.get().filter(|_| open).map(|id| view! { <Invite id loaded/> })
        }}
    }
}

/// The drawer that invites to an organization, as soon as it is known which that is.
#[component]
fn Invite(id: Uuid, loaded: Loading<Result<Loaded, AppError>>) -> impl IntoView {
    let way = parameter("invite").get_untracked();
    view! {
        <Suspense>
            {
                let way = way.clone();
                Suspend::new(async move {
                    let (organization, ..) = loaded.await.ok()?;
                    may_for(Action::Create, Feature::Accounts, &organization.slug).then(|| {
                        let of = Inviting::from(Category::Organization, paths::organization(id));
                        view! { <InviteDrawer of=Inviting { organization: organization.slug, ..of } way/> }
                    })
                })
            }
        </Suspense>
    }
}

#[component]
fn Shown(organization: Organization, page: Page<OrganizationUser>, shown: ListQuery) -> impl IntoView {
    let t = &text().organizations;
    let (add, edit, remove) = (parameter("add"), parameter("edit"), parameter("remove"));
    let (rename, delete) = (parameter("rename"), parameter("delete"));
    let slug = StoredValue::new(organization.slug.clone());
    let allowed = move |action| slug.with_value(|slug| may_for(action, Feature::Accounts, slug));
    let href = paths::organization(organization.id);
    let name = organization.name.clone();
    let (here, all) = (StoredValue::new(organization.clone()), organization.id);
    let chosen = |value: String| value.parse::<Uuid>().ok();
    view! {
        <Title text=name.clone()/>
        <PageHead
            title=name.clone()
            lead=format!("{} · {}", organization.slug, users(organization.users))
            crumbs=vec![(t.title.to_owned(), paths::ORGANIZATIONS.to_owned())]
            crumbs_label=t.title
            before=view! { <Thing icon="building" id=organization.id.to_string() large=true/> }.into_any()
        >
            {allowed(Action::Delete).then(|| view! {
                <LinkButton
                    href=format!("{href}?delete=1")
                    label=format!("{}…", t.delete)
                    name=(t.delete_of)(&name)
                    icon="trash"
                    kind=ButtonKind::DangerQuiet
                />
            })}
            {allowed(Action::Update).then(|| view! {
                <LinkButton href=format!("{href}?rename=1") label=t.rename name=(t.rename_of)(&name) icon="edit"/>
            })}
            {allowed(Action::Create).then(|| view! {
                <LinkButton href=format!("{href}?add=1") label=t.add_user icon="plus"/>
                <LinkButton
                    href=format!("{href}?invite=1")
                    label=(text().drawer.title)(Category::Organization)
                    icon="mail"
                    kind=ButtonKind::Primary
                />
            })}
        </PageHead>
        <Users organization=organization.clone() page shown/>
        {move || (rename.get() == "1" && allowed(Action::Update)).then(|| view! { <RenameDialog organization=here.get_value()/> })}
        {move || (delete.get() == "1" && allowed(Action::Delete)).then(|| view! { <DeleteDialog organization=here.get_value()/> })}
        {move || (add.get() == "1" && allowed(Action::Create)).then(|| view! { <AddDrawer organization=here.get_value()/> })}
        {move || chosen(edit.get()).map(|user| view! { <EditDrawer organization=all user/> })}
        {move || chosen(remove.get()).filter(|_| allowed(Action::Delete)).map(|user| view! { <RemoveDialog organization=all user/> })}
    }
}

#[component]
fn Users(organization: Organization, page: Page<OrganizationUser>, shown: ListQuery) -> impl IntoView {
    let t = &text().organizations;
    if page.rows.is_empty() {
        return view! { <Empty title=t.nobody body=t.nobody_body/> }.into_any();
    }
    let (before, after) = (page.before.clone(), page.after.clone());
    let address = paths::organization(organization.id);
    let activates = may_for(Action::Create, Feature::Accounts, &organization.slug);
    let row = |user| view! { <Row user address=address.clone() activates/> };
    let rows = page.rows.iter().cloned().map(row).collect_view();
    view! {
        <div class="table-box">
            <table class="table fixed">
                <caption class="sr">{(t.users_caption)(&organization.name)}</caption>
                <thead><tr>
                    <th scope="col" class="c-name">{text().common.full_name}</th>
                    <th scope="col" class="c2 w-10">{text().common.role}</th>
                    <th scope="col" class="c3 w-8">{text().users.state}</th>
                    <th scope="col" class="act w-6"><span class="sr">{text().common.actions}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <ListFoot page query=shown.clone()/>
        </div>
        <ListPager action=address query=shown before after/>
    }
    .into_any()
}

#[component]
fn Row(
    user: OrganizationUser,
    address: String,
    /// Whether the reader may activate accounts here.
    activates: bool,
) -> impl IntoView {
    let (t, users) = (&text().organizations, &text().users);
    let pending = user.is_pending();
    let menu = (pending && activates)
        .then(|| view! { <ActivationMenu id=user.id name=user.full_name.clone() back=address.clone()/> });
    let yours = me().is_some_and(|me| me.id == user.id);
    let role = role_names(&user.roles);
    let href = format!("{address}?edit={}", user.id);
    let disabled = (user.state == State::Disabled).then(|| format!(" · {}", users.disabled));
    view! {
            <tr>
                <th scope="row">
                    <div class="who">
                        <Avatar name=user.full_name.clone() id=user.id.to_string()/>
                        <div>
                            <span class="row snug">
                                <a class="plain name" href=href.clone() title=user.full_name.clone()><bdi>{user.full_name.clone()}</bdi></a>
                                {yours.then(|| view! { <Badge label=users.you kind=BadgeKind::Line/> })}
                            </span>
                            <span class="sub" title=user.email.clone()>{user.email.clone()}</span>
                            <span class="sub more-sub">{role.clone()}{disabled}{pending.then(|| format!(" · {}", text().drawer.pending))}</span>
                        </div>
                    </div>
                </th>
                <td class="c2">
                    {role}
                    {user.elsewhere.then(|| view! { <span class="small faint block">{t.elsewhere}</span> })}
                </td>
                <td class="c3"><StateMark state=user.state pending/></td>
                <td class="act">
    <span class="acts">
                    <LinkButton href label=users.edit name=(users.edit_of)(&user.full_name) size=ButtonSize::Small kind=ButtonKind::Ghost/>
    {menu}</span>
                </td>
            </tr>
        }
}

#[component]
fn RenameDialog(organization: Organization) -> impl IntoView {
    let (t, common) = (&text().organizations, &text().common);
    let rename = Submission::<RenameOrganization>::new();
    let back = paths::organization(organization.id);
    view! {
        <Dialog id="rename" title=(t.rename_of)(&organization.name) close_href=back.clone()>
            <ServerForm submission=rename class="">
                <div class="body stack">
                    <Hidden name="id" value=organization.id.to_string()/>
                    <TextField name="name" label=t.name value=organization.name autocomplete="off" autofocus=true/>
                </div>
                <footer>
                    <LinkButton href=back label=common.cancel/>
                    <SubmitButton label=common.save/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
