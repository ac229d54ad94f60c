//! Add User, and Edit: details, then organizations and the role there (seed 001).

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    access::{Action, BuiltIn, Feature, RoleRef},
    error::AppError,
    invitations::pages::activate::NotifyField,
    organizations::{
        api::{
            AddOrganizationUser, EditOrganizationUser, RemoveOrganizationUser, find_organization_user,
            list_organization_roles, search_organizations,
        },
        model::{Belonging, Belongs, Lock, Named, Organization},
    },
    paths,
    people::model::State,
    text::{role_name, text},
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        drawer::Drawer,
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        load::{Load, resource},
        page::{Banner, BannerKind},
        search_pick::{Picked, SearchPick},
        shell::may_for,
    },
};

fn picked(named: &Named) -> Picked {
    Picked { id: named.id.to_string(), name: named.name.clone(), hint: named.slug.clone() }
}

async fn search(part: String) -> Result<Vec<Picked>, AppError> {
    Ok(search_organizations(part).await?.iter().map(picked).collect())
}

/// The role in each organization, and the organizations.
#[component]
fn RoleAndOrganizations(
    roles: Vec<RoleRef>,
    /// The key of the role before another is chosen.
    role: String,
    /// Words for leaving roles as they are, where that is a choice.
    #[prop(default = None)]
    kept: Option<&'static str>,
    chosen: Vec<Named>,
) -> impl IntoView {
    let t = &text().organizations;
    let kept = kept.map(|words| (String::new(), words.to_owned()));
    let choices = kept.into_iter().chain(roles.iter().map(|it| (it.key(), role_name(it)))).collect::<Vec<_>>();
    let chosen = RwSignal::new(chosen.iter().map(picked).collect::<Vec<_>>());
    view! {
        <SelectField name="role" label=text().common.role choices value=role help=t.role_help/>
        <SearchPick
            name="organizations"
            text_name="more"
            label=t.organizations
            chosen_label=t.organizations_chosen
            help=t.organizations_help
            chosen
            search
        />
    }
}

/// The drawer that adds a user.
#[component]
pub fn AddDrawer(organization: Organization) -> impl IntoView {
    let (t, common) = (&text().organizations, &text().common);
    let add = Submission::<AddOrganizationUser>::new();
    let back = paths::organization(organization.id);
    let name = RwSignal::new(String::new());
    let unsaved = Signal::derive(move || {
        let typed = name.with(|name| !name.is_empty());
        (typed && !add.done()).then(|| common.unsaved.to_owned())
    });
    let roles = resource(move || organization.id, list_organization_roles);
    let title = (t.add_user_to)(&organization.name);
    let home = Named { id: organization.id, slug: organization.slug, name: organization.name };
    let fields = move |roles: Vec<RoleRef>| {
        view! { <RoleAndOrganizations roles role=BuiltIn::Developer.slug().to_owned() chosen=vec![home.clone()]/> }
    };
    view! {
        <Drawer id="add" title close_href=back.clone() close_label=common.close unsaved>
            <ServerForm submission=add class="fill">
                <div class="body stack loose">
                    <Hidden name="page_of" value=organization.id.to_string()/>
                    <TextField name="full_name" label=common.full_name autocomplete="off" typed=name autofocus=true/>
                    <TextField name="email" label=common.email inputmode="email" autocomplete="off" help=t.add_help/>
                    <Load from=roles show=fields/>
                    <NotifyField/>
                </div>
                <footer>
                    <span class="btns push">
                        <LinkButton href=back label=common.cancel/>
                        <SubmitButton label=t.create_user/>
                    </span>
                </footer>
            </ServerForm>
        </Drawer>
    }
}

/// The drawer that edits a user.
#[component]
pub fn EditDrawer(organization: Uuid, user: Uuid) -> impl IntoView {
    let loaded = resource(
        move || (organization, user),
        |(organization, user)| async move {
            let found = find_organization_user(organization, user).await?;
            Ok((found, list_organization_roles(organization).await?))
        },
    );
    let show = move |(found, roles): (Belonging, Vec<RoleRef>)| view! { <EditForm organization found roles/> };
    view! { <Load from=loaded show/> }
}

#[component]
fn EditForm(organization: Uuid, found: Belonging, roles: Vec<RoleRef>) -> impl IntoView {
    let (t, users, common) = (&text().organizations, &text().users, &text().common);
    let edit = Submission::<EditOrganizationUser>::new();
    let back = paths::organization(organization);
    let user = found.user.clone();
    let title = (users.edit_of)(&user.full_name);
    let waits = &text().drawer;
    let no_sign_in = user.is_pending().then(|| view! { <Banner title=waits.pending>{waits.pending_body}</Banner> });
    let why = found.locked.map(|lock| match lock {
        Lock::ViewOnly => users.view_only,
        Lock::Yourself => users.yourself,
        Lock::AboveYou => t.not_yours,
    });
    if let Some(why) = why {
        let footer = view! { <LinkButton href=back.clone() label=common.close/> }.into_any();
        return view! {
            <Drawer id="edit" title close_href=back close_label=common.close footer>
                <div class="stack loose">
                    <Banner kind=BannerKind::Plain>{why}</Banner>
                    <Holds belongs=found.belongs/>
                    {no_sign_in}
                </div>
            </Drawer>
        }
        .into_any();
    }
    let states = vec![
        (State::Enabled.slug().to_owned(), users.enabled.to_owned()),
        (State::Disabled.slug().to_owned(), users.disabled.to_owned()),
    ];
    let slug =
        found.belongs.iter().find(|it| it.organization.id == organization).map(|it| it.organization.slug.clone());
    let may_remove = slug.is_some_and(|slug| may_for(Action::Delete, Feature::Accounts, &slug));
    let (role, kept) = one_role(&found.belongs);
    let kept = (kept || roles.iter().all(|it| it.key() != role)).then_some(t.role_kept);
    let mut chosen: Vec<Named> = found.belongs.into_iter().map(|it| it.organization).collect();
    chosen.dedup_by_key(|it| it.id);
    view! {
        <Drawer id="edit" title close_href=back.clone() close_label=common.close>
            <ServerForm submission=edit class="fill">
                <div class="body stack loose">
                    <Hidden name="id" value=user.id.to_string()/>
                    <Hidden name="page_of" value=organization.to_string()/>
                    <p class="muted">{user.email.clone()}</p>
                    <TextField name="full_name" label=common.full_name value=user.full_name.clone() autocomplete="off"/>
                    <RoleAndOrganizations roles role kept chosen/>
                    <SelectField name="state" label=users.state choices=states value=user.state.slug() help=users.state_help/>
                    {no_sign_in}
                </div>
                <footer>
                    {may_remove.then(|| view! {
                        <LinkButton
                            href=format!("{back}?remove={}", user.id)
                            label=format!("{}…", t.remove)
                            name=(t.remove_of)(&user.full_name)
                            icon="trash"
                            kind=ButtonKind::DangerQuiet
                        />
                    })}
                    <span class="btns push">
                        <LinkButton href=back.clone() label=common.cancel/>
                        <SubmitButton label=common.save/>
                    </span>
                </footer>
            </ServerForm>
        </Drawer>
    }
    .into_any()
}

/// The key of the one role that is held everywhere, and whether roles differ, so that choosing none leaves them as they are.
fn one_role(belongs: &[Belongs]) -> (String, bool) {
    match belongs.first() {
        Some(first) if belongs.iter().all(|it| it.role == first.role && it.region.is_none()) => {
            (first.role.key(), false)
        }
        _ => (String::new(), true),
    }
}

/// What is held in each organization.
#[component]
fn Holds(belongs: Vec<Belongs>) -> impl IntoView {
    let items = belongs
        .into_iter()
        .map(|it| view! { <li><bdi class="medium">{it.organization.name}</bdi>" · "{role_name(&it.role)}</li> })
        .collect_view();
    view! { <ul class="stack tight">{items}</ul> }
}

/// Asks before somebody goes, and names what is lost.
#[component]
pub fn RemoveDialog(organization: Uuid, user: Uuid) -> impl IntoView {
    let loaded = resource(
        move || (organization, user),
        |(organization, user)| async move { find_organization_user(organization, user).await },
    );
    let show = move |found: Belonging| found.locked.is_none().then(|| view! { <RemoveForm organization found/> });
    view! { <Load from=loaded show/> }
}

#[component]
fn RemoveForm(organization: Uuid, found: Belonging) -> impl IntoView {
    let (t, users) = (&text().organizations, &text().users);
    let remove = Submission::<RemoveOrganizationUser>::new();
    let back = paths::organization(organization);
    let roles = found.belongs.iter().map(|it| ("x", (t.loses_roles)(&role_name(&it.role), &it.organization.name)));
    let losses = roles
        .chain([("x", users.loses_sessions.to_owned()), ("x", users.loses_address.to_owned())])
        .collect::<Vec<_>>();
    view! {
        <Dialog id="remove" title=(users.remove_title)(&found.user.full_name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.remove_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=found.user.id.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=users.keep autofocus=true/>
                    <SubmitButton label=t.remove kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
