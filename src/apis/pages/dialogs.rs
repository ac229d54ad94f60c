//! The dialogs that take an API, or all access to it, away.

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    apis::{
        api::{DeleteApi, RevokeAllAccess, preview_api},
        model::ApiDetail,
    },
    paths,
    rights::{model::Preview, pages::preview::WhoGains},
    text::text,
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, ServerForm, Submission, SubmitButton},
        load::{Load, resource},
    },
};

/// What everybody's access to an API amounts to.
fn losses(detail: &ApiDetail) -> Vec<(&'static str, String)> {
    let t = &text().apis;
    let counts = detail.api.counts.unwrap_or_default();
    let ids = detail.customer_ids.len();
    let mut losses = Vec::new();
    if counts.users > 0 {
        losses.push(("users", (t.loses_users)(counts.users)));
    }
    if counts.customers > 0 {
        losses.push(("user", (t.loses_customers)(counts.customers)));
    }
    if counts.groups > 0 {
        losses.push(("group", (t.loses_groups)(counts.groups)));
    }
    if ids > 0 {
        losses.push(("building", (t.loses_ids)(ids)));
    }
    if losses.is_empty() {
        losses.push(("info", t.loses_nothing.to_owned()));
    }
    losses
}

/// Who loses what, counted now.
#[component]
fn Effect(id: Uuid, delete: bool) -> impl IntoView {
    let preview = resource(|| (), move |()| preview_api(id, delete));
    view! {
        <h3>{text().apis.effect}</h3>
        <Load from=preview show=|preview: Preview| view! { <WhoGains preview/> }/>
    }
}

/// Asks before an API goes.
#[component]
pub fn DeleteDialog(detail: ApiDetail) -> impl IntoView {
    let t = text();
    let delete = Submission::<DeleteApi>::new();
    let id = detail.api.id;
    let back = paths::api(id);
    let mut items = losses(&detail);
    if detail.chosen_by > 0 {
        items.push(("role", (t.apis.loses_chosen)(detail.chosen_by)));
    }
    view! {
        <Dialog id="delete" title=(t.apis.delete_title)(&detail.api.name) close_href=back.clone() wide=true>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.apis.delete_body}</p><Losses items/><Effect id delete=true/></div>
                <Hidden name="id" value=id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.apis.keep autofocus=true/>
                    <SubmitButton label=t.apis.delete kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// Asks before everybody's access goes.
#[component]
pub fn RevokeDialog(detail: ApiDetail) -> impl IntoView {
    let t = text();
    let revoke = Submission::<RevokeAllAccess>::new();
    let id = detail.api.id;
    let back = paths::api(id);
    view! {
        <Dialog id="revoke" title=(t.apis.revoke_title)(&detail.api.name) close_href=back.clone() wide=true>
            <ServerForm submission=revoke class="">
                <div class="body"><p>{t.apis.revoke_body}</p><Losses items=losses(&detail)/><Effect id delete=false/></div>
                <Hidden name="id" value=id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.apis.keep_access autofocus=true/>
                    <SubmitButton label=t.apis.revoke kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
