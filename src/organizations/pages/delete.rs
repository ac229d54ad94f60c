//! Asks before an organization goes; while somebody belongs to it, says who, and offers nothing else.

use leptos::prelude::*;

use crate::{
    organizations::{
        api::{DeleteOrganization, list_dependents},
        model::{Dependents, Organization},
    },
    paths,
    text::text,
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, ServerForm, Submission, SubmitButton},
        load::{Load, resource},
    },
};

/// The dialog.
#[component]
pub fn DeleteDialog(organization: Organization) -> impl IntoView {
    let dependents = resource(move || organization.id, list_dependents);
    let show = move |dependents: Dependents| {
        let organization = organization.clone();
        if dependents.names.is_empty() {
            view! { <Ask organization/> }.into_any()
        } else {
            view! { <InUse organization dependents/> }.into_any()
        }
    };
    view! { <Load from=dependents show/> }
}

#[component]
fn InUse(organization: Organization, dependents: Dependents) -> impl IntoView {
    let t = &text().organizations;
    let back = paths::organization(organization.id);
    let mut items: Vec<_> = dependents.names.into_iter().map(|name| ("user", name)).collect();
    items.extend((dependents.more > 0).then(|| ("users", (t.in_use_more)(dependents.more))));
    let footer = view! { <LinkButton href=back.clone() label=t.understood autofocus=true/> }.into_any();
    view! {
        <Dialog id="delete" title=(t.in_use_title)(&organization.name) close_href=back footer>
            <p>{t.in_use_body}</p>
            <Losses items/>
        </Dialog>
    }
}

#[component]
fn Ask(organization: Organization) -> impl IntoView {
    let t = &text().organizations;
    let delete = Submission::<DeleteOrganization>::new();
    let back = paths::organization(organization.id);
    let losses = vec![("x", (t.loses_slug)(&organization.slug))];
    view! {
        <Dialog id="delete" title=(t.delete_title)(&organization.name) close_href=back.clone()>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.delete_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=organization.id.to_string()/>
                <footer>
                    <LinkButton href=back label=t.keep autofocus=true/>
                    <SubmitButton label=t.delete_yes kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}
