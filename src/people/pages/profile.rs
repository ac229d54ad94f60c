//! A user's profile: its form, its details, and Remove.

use leptos::prelude::*;

use crate::{
    paths,
    people::{
        api::{EditUser, RemoveUser},
        model::{State, User},
    },
    text::{role_names, text},
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField},
        page::{KeyValue, Pair},
        when::When,
    },
};

/// What does not change here, or seldom.
#[component]
pub fn Details(user: User) -> impl IntoView {
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

/// The form of name, mobile number and State.
#[component]
pub fn EditCard(user: User) -> impl IntoView {
    let t = text();
    let edit = Submission::<EditUser>::new();
    let cancel = paths::user(user.id);
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
                        <SelectField name="state" label=t.users.state choices=states value=user.state.slug() help=t.users.state_help/>
                    </div>
                    <div class="btns">
                        <SubmitButton label=text().common.save/>
                        <LinkButton href=cancel label=t.common.cancel/>
                    </div>
                </div>
            </ServerForm>
        </section>
    }
}

/// Asks before somebody goes, and names what is lost.
#[component]
pub fn RemoveDialog(user: User) -> impl IntoView {
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
