//! The dialogs of a group: its name, its end, and who gains and loses by a change.

use leptos::prelude::*;

use crate::{
    groups::{
        api::{DeleteGroup, EditGroup, preview_group},
        model::{Group, GroupChange},
    },
    paths,
    rights::{model::Preview, pages::preview::WhoGains},
    text::text,
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        load::{Load, resource},
    },
};

/// Who gains and who loses by a change that is not saved yet; nothing while there is none.
#[component]
pub fn Effect(#[prop(into)] change: Signal<Option<GroupChange>>) -> impl IntoView {
    let preview = resource(
        move || change.get(),
        |change| async move {
            match change {
                Some(change) => preview_group(change).await.map(Some),
                None => Ok(None),
            }
        },
    );
    let shown = |preview: Option<Preview>| {
        preview.map(|preview| {
            view! {
                <section class="card">
                    <header><h3>{text().groups.effect}</h3></header>
                    <div class="body"><WhoGains preview/></div>
                </section>
            }
        })
    };
    view! { <Load from=preview show=shown/> }
}

/// Edits the name.
#[component]
pub fn RenameDialog(group: Group) -> impl IntoView {
    let t = text();
    let edit = Submission::<EditGroup>::new();
    let back = paths::group(group.id);
    view! {
        <Dialog id="rename" title=(t.groups.rename_of)(&group.name) close_href=back.clone()>
            <ServerForm submission=edit class="">
                <div class="body">
                    <Hidden name="id" value=group.id.to_string()/>
                    <TextField name="name" label=t.groups.name value=group.name autocomplete="off" autofocus=true/>
                </div>
                <footer>
                    <LinkButton href=back label=t.common.cancel/>
                    <SubmitButton label=t.common.save/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// Asks before a group goes, and names what depends on it.
#[component]
pub fn DeleteDialog(group: Group) -> impl IntoView {
    let t = text();
    let delete = Submission::<DeleteGroup>::new();
    let back = paths::group(group.id);
    let items = vec![("users", (t.groups.loses_members)(group.members)), ("api", (t.groups.loses_apis)(group.apis))];
    let change = Signal::stored(Some(GroupChange { id: group.id, delete: true, ..Default::default() }));
    view! {
        <Dialog id="delete" title=(t.groups.delete_title)(&group.name) close_href=back.clone() wide=true>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.groups.delete_body}</p><Losses items/><Effect change/></div>
                <Hidden name="id" value=group.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.groups.keep autofocus=true/>
                    <SubmitButton label=t.groups.delete kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
