//! Users > Edit: details, role, State, and Remove.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use super::list::StateMark;
use crate::{
    access::{Action, Category, Feature},
    error::AppError,
    paths,
    people::{
        api::{EditUser, RemoveUser, find_user},
        model::{State, User},
    },
    roles::{api::list_role_choices, model::RoleChoice},
    text::{role_name, role_names, text},
    ui::{
        avatar::Avatar,
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        live::{Topic, live},
        load::Load,
        page::{Banner, BannerKind, KeyValue, PageHead, Pair, Skeleton},
        shell::{may, me},
        when::When,
    },
};

/// The page.
#[component]
pub fn EditUserPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<Uuid>().ok())));
    let user = Resource::new(
        move || (id.get(), live().version(Topic::Users)),
        |(id, _)| async move {
            match id {
                Some(id) => find_user(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Load
            from=user
            skeleton=move || view! { <Skeleton rows=4 label=text().users.title/> }
            show=|user: User| view! { <Shown user/> }
        />
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
fn Shown(user: User) -> impl IntoView {
    let t = text();
    let remove = parameter("remove");
    let locked = locked(&user);
    let href = paths::user(user.id);
    let may_remove = locked.is_none() && may(Action::Delete, Feature::Team);
    let (name, removed) = (user.full_name.clone(), user.clone());
    view! {
        <Title text=user.full_name.clone()/>
        <PageHead
            title=user.full_name.clone()
            lead=user.email.clone()
            crumbs=vec![(t.users.title.to_owned(), paths::USERS.to_owned())]
            crumbs_label=t.users.title
            before=view! { <Avatar name=user.full_name.clone() id=user.id.to_string() large=true/> }.into_any()
            beside=view! { <StateMark state=user.state pill=true/> }.into_any()
        >
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
        <div class="aside-layout">
            <div class="stack">
                {locked.map(|why| view! { <Banner kind=BannerKind::Plain>{why}</Banner> })}
                {locked.is_none().then(|| view! { <EditCard user=user.clone()/> })}
            </div>
            <aside><Details user/></aside>
        </div>
        {move || (remove.get() == "1" && may_remove).then(|| view! { <RemoveDialog user=removed.clone()/> })}
    }
}

#[component]
fn Details(user: User) -> impl IntoView {
    let t = text();
    view! {
        <section class="card">
            <header><h2>{t.users.details}</h2></header>
            <div class="body">
                <KeyValue>
                    <Pair label=t.common.email>{user.email}</Pair>
                    <Pair label=t.users.user_name>{user.user_name}<small class="block faint">{t.users.user_name_help}</small></Pair>
                    <Pair label=t.common.mobile>{user.mobile.unwrap_or_else(|| t.common.none.to_owned())}</Pair>
                    <Pair label=t.common.role>{role_names(&user.roles)}</Pair>
                    <Pair label=t.users.joined><When at=user.joined_at/></Pair>
                    <Pair label=t.users.last_seen>{match user.last_seen_at {
                        Some(at) => view! { <When at relative=true/> }.into_any(),
                        None => "—".into_any(),
                    }}</Pair>
                </KeyValue>
            </div>
        </section>
    }
}

#[component]
fn EditCard(user: User) -> impl IntoView {
    let t = text();
    let edit = Submission::<EditUser>::new();
    let role = match user.roles.as_slice() {
        [role] => role.key(),
        _ => String::new(),
    };
    let choices = Resource::new(|| (), |()| list_role_choices(Category::Teammate));
    let role_field = move |choices: Vec<RoleChoice>| {
        let choices = choices.iter().map(|it| (it.role.key(), role_name(&it.role))).collect::<Vec<_>>();
        view! { <SelectField name="role" label=text().common.role choices value=role.clone()/> }
    };
    let states = vec![
        (State::Enabled.slug().to_owned(), t.users.enabled.to_owned()),
        (State::Disabled.slug().to_owned(), t.users.disabled.to_owned()),
    ];
    view! {
        <section class="card">
            <header><h2>{(t.users.edit_of)(&user.full_name)}</h2></header>
            <ServerForm submission=edit class="">
                <Hidden name="id" value=user.id.to_string()/>
                <div class="body stack">
                    <div class="form-grid roomy">
                        <TextField name="full_name" label=t.common.full_name value=user.full_name autocomplete="off"/>
                        <TextField
                            name="mobile"
                            label=t.common.mobile
                            kind="tel"
                            value=user.mobile.unwrap_or_default()
                            autocomplete="off"
                            help=t.common.mobile_help
                            optional=true
                        />
                        <Load from=choices show=role_field/>
                        <SelectField name="state" label=t.users.state choices=states value=user.state.slug() help=t.users.state_help/>
                    </div>
                    <div class="btns">
                        <SubmitButton label=text().common.save/>
                        <LinkButton href=paths::USERS label=t.common.cancel/>
                    </div>
                </div>
            </ServerForm>
        </section>
    }
}

/// Asks before somebody goes, and names what is lost.
#[component]
fn RemoveDialog(user: User) -> impl IntoView {
    let t = text();
    let remove = Submission::<RemoveUser>::new();
    let back = paths::user(user.id);
    let losses = vec![
        ("x", (t.users.loses_access)(&role_names(&user.roles))),
        ("x", t.users.loses_sessions.to_owned()),
        ("x", t.users.loses_address.to_owned()),
    ];
    view! {
        <Dialog id="remove" title=(t.users.remove_title)(&user.full_name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body"><p>{t.users.remove_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=user.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.users.keep autofocus=true/>
                    <SubmitButton label=t.users.remove kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
