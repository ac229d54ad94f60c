//! What whoever has a link sees: who invites to what as what, and a field for an address. Then, for every address alike, that a mail
//! is on its way.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    accounts::pages::{
        owner::DeadLink,
        sign_in::{DoorFooter, DoorTabs},
    },
    invitations::pages::setup::somebody_else,
    links::{
        api::{Join, open_link},
        model::Joining,
    },
    paths,
    text::{role_name, text},
    ui::{
        avatar::Avatar,
        button::ButtonSize,
        door::Door,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        gates::{Gate, GateState, Gates},
        load::{resource, set_status},
        shell::workspace_name,
        when::Exactly,
    },
};

/// The page of a link.
#[component]
pub fn JoinPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let link = resource(move || token.get(), open_link);
    view! {
        <Title text=text().links.join_title/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            <Suspense>
                {move || Suspend::new(async move {
                    match link.await {
                        Ok(joining) => view! { <JoinCard token=token.get_untracked() joining/> }.into_any(),
                        Err(error) => {
                            set_status(error.status());
                            view! { <DeadLink body=text().links.dead/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Door>
    }
}

/// After an address was given.
#[component]
pub fn JoinedPage() -> impl IntoView {
    let t = &text().links;
    view! {
        <Title text=t.look/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            <div class="door-card">
                <div class="body stack" role="status">
                    <h1>{t.look}</h1>
                    <p>{t.look_body}</p>
                    <p class="muted small">{t.look_help}</p>
                </div>
            </div>
        </Door>
    }
}

#[component]
fn JoinCard(token: String, joining: Joining) -> impl IntoView {
    let t = text();
    let join = Submission::<Join>::new();
    let help = match &joining.mail_domain {
        Some(domain) => format!("{} {}", (t.links.only)(domain), t.links.email_help),
        None => t.links.email_help.to_owned(),
    };
    let placeholder = format!("name@{}", joining.mail_domain.as_deref().unwrap_or("company.test"));
    let somebody = somebody_else(paths::join(&token), |me| (t.links.signed_in)(me));
    view! {
        <div class="door-card wide">
            <DoorTabs create=true/>
            <div class="setup">
                <Offer joining/>
                <div class="body stack">
                    {somebody}
                    <ServerForm submission=join>
                        <Hidden name="token" value=token/>
                        <TextField
                            name="email"
                            label=t.common.email
                            inputmode="email"
                            autocomplete="email"
                            placeholder
                            help
                            large=true
                        />
                        <SubmitButton label=t.links.send size=ButtonSize::Full/>
                    </ServerForm>
                </div>
            </div>
        </div>
    }
}

/// Who invites, to what, as what, until when.
#[component]
fn Offer(joining: Joining) -> impl IntoView {
    let t = text();
    let (d, l) = (&t.door, &t.links);
    let role = role_name(&joining.role);
    let workspace = workspace_name();
    let gate = |state, label: &str, title: String, detail: Option<String>, icon| Gate {
        state,
        state_label: label.into(),
        title,
        detail,
        icon,
    };
    let hint = joining.role.built_in().map(|role| (t.access.role_hint)(role).to_owned());
    let gates = vec![
        gate(GateState::Open, d.step_done, l.step_link.into(), None, Some("link")),
        gate(GateState::Now, d.step_now, l.step_address.into(), Some(l.step_address_body.into()), Some("mail")),
        gate(GateState::Beyond, d.step_later, l.step_account.into(), Some(l.step_account_body.into()), Some("user")),
        gate(GateState::Beyond, d.step_later, (d.you_become)(&role, &workspace), hint, Some("home")),
    ];
    let at = (d.at_workspace)(joining.inviter_role.as_ref().map(role_name).as_deref(), &workspace);
    view! {
        <section class="offer">
            <p class="small medium faint">{d.your_invitation}</p>
            <h1>{(d.work_with)(&workspace)}</h1>
            <div class="who">
                <Avatar name=joining.inviter_name.clone() id=joining.inviter_name.clone()/>
                <div>
                    <bdi class="name">{(d.invites_you)(&joining.inviter_name)}</bdi>
                    <span class="sub">{at}</span>
                </div>
            </div>
            <Gates gates/>
            <p class="small faint ends">{l.ends}" "<Exactly at=joining.valid_until/>"."</p>
        </section>
    }
}
