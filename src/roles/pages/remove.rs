//! Asks before a role goes: who holds it, who is invited to it, and where all of them are moved.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlSelectElement};

use super::effect::{Effects, ShowEffect};
use crate::{
    paths,
    roles::{
        api::{DeleteRole, preview_role_move},
        model::Role,
    },
    text::{
        role_name,
        roles::{counted, permits_words},
        text,
    },
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, form_scope},
    },
};

/// The dialog.
#[component]
pub fn DeleteRoleDialog(role: Role) -> impl IntoView {
    let t = &text().roles;
    let remove = Submission::<DeleteRole>::new();
    let back = paths::role(role.line.role.id);
    let id = role.line.role.id;
    let in_use = role.in_use();
    let why_not = if !role.yours {
        Some(t.not_yours)
    } else if in_use && role.successors.is_empty() {
        Some(t.nowhere)
    } else {
        None
    };
    let holders = (role.line.holders > 0)
        .then(|| (t.holders_named)(&role.holders, role.line.holders, &counted(role.line.holders)));
    let invitations =
        (role.invitations > 0).then(|| capital(&(t.named_by)(role.invitations, &counted(role.invitations))));
    let uses = [holders, invitations].into_iter().flatten().map(|words| view! { <p>{words}</p> }).collect_view();
    let losses = vec![("x", permits_words(&role.line.role, &role.line.permits, &role.features))];
    let (moves, open) = (in_use && why_not.is_none(), why_not.is_none());
    let has_holders = role.line.holders > 0;
    let choices = role.successors.iter().map(|role| (role.key(), role_name(role)));
    let choices: Vec<_> = std::iter::once((String::new(), t.choose.to_owned())).chain(choices).collect();
    view! {
        <Dialog id="delete" title=(t.delete_title)(&role.line.role.name) close_href=back.clone()>
            <ServerForm submission=remove class="">
                <div class="body">
                    {uses}
                    {match why_not {
                        Some(why) => view! { <p>{why}</p> }.into_any(),
                        None => view! { <p>{t.delete_body}</p><Losses items=losses/> }.into_any(),
                    }}
                    {moves.then(|| view! { <MoveTo id choices has_holders/> })}
                </div>
                <Hidden name="id" value=id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.keep autofocus=true/>
                    {(moves && has_holders).then(|| view! { <ShowEffect/> })}
                    {open.then(|| view! { <SubmitButton label=t.delete kind=ButtonKind::Danger/> })}
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// A sentence that began in the middle of another.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Where everybody is moved, and who gains and loses by it.
#[component]
fn MoveTo(id: uuid::Uuid, choices: Vec<(String, String)>, has_holders: bool) -> impl IntoView {
    let t = &text().roles;
    let to = RwSignal::new(form_scope().typed("to").unwrap_or_default());
    let chosen = move |event: leptos::ev::Event| {
        let select = event.target().and_then(|target| target.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            to.set(select.value());
        }
    };
    let choice = Memo::new(move |_| Some(to.get()).filter(|to| !to.is_empty()));
    let count = move |to: String| preview_role_move(id, to);
    view! {
        <div on:change=chosen>
            <SelectField name="to" label=t.move_to choices help=t.move_help/>
        </div>
        {has_holders.then(|| view! {
            <Effects choice count nothing=""/>
        })}
    }
}
