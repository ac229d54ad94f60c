//! The first owner's set-up page, behind the one-time link that the server prints.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::sign_in::DoorFooter;
use crate::{
    accounts::api::{SetUpOwner, open_owner_link},
    paths,
    text::text,
    ui::{
        button::ButtonSize,
        door::Door,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        gates::{Gate, GateState, Gates},
        load::{resource, set_status},
        password::{NewPassword, StillMissing},
        shell::workspace_name,
    },
};

/// The page.
#[component]
pub fn OwnerPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let link = resource(move || token.get(), open_owner_link);
    view! {
        <Title text=text().door.owner_title/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            <Suspense>
                {move || Suspend::new(async move {
                    match link.await {
                        Ok(()) => view! { <OwnerCard token=token.get_untracked()/> }.into_any(),
                        Err(error) => {
                            set_status(error.status());
                            view! { <DeadLink body=text().door.owner_dead/> }.into_any()
                        }
                    }
                })}
            </Suspense>
        </Door>
    }
}

/// In the place of a set-up page whose link does not work: the same for every reason.
#[component]
pub fn DeadLink(body: &'static str) -> impl IntoView {
    let t = &text().door;
    view! {
        <div class="door-card">
            <div class="body stack">
                <h1>{t.dead_title}</h1>
                <p class="muted" role="alert">{body}</p>
                <a class="btn primary lg full" href=paths::SIGN_IN>{t.to_sign_in}</a>
            </div>
        </div>
    }
}

#[component]
fn OwnerCard(token: String) -> impl IntoView {
    let t = text();
    let set_up = Submission::<SetUpOwner>::new();
    let (name, password, again) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let gate = |state, label: &str, title: &str, detail: &str, icon| Gate {
        state,
        state_label: label.into(),
        title: title.into(),
        detail: Some(detail.into()),
        icon,
    };
    let d = &t.door;
    let gates = vec![
        gate(GateState::Open, d.step_done, d.owner_printed, d.owner_printed_body, None),
        gate(GateState::Now, d.step_now, d.owner_step, d.owner_step_body, None),
        gate(GateState::Beyond, d.step_later, d.owner_then, d.owner_then_body, Some("users")),
    ];
    view! {
        <div class="door-card wide setup">
            <section class="offer">
                <h1>{d.owner_title}</h1>
                <p class="muted">{(d.owner_body)(&workspace_name())}</p>
                <Gates gates/>
            </section>
            <div class="body">
                <ServerForm submission=set_up>
                    <Hidden name="token" value=token/>
                    <TextField name="workspace" label=d.workspace value=workspace_name() help=d.workspace_help autocomplete="organization" large=true/>
                    <TextField name="full_name" label=t.common.full_name autocomplete="name" large=true typed=name/>
                    <TextField name="email" label=t.common.email kind="email" autocomplete="username" large=true/>
                    <NewPassword password again/>
                    <SubmitButton label=text().door.owner_complete size=ButtonSize::Full/>
                    <StillMissing name password again/>
                </ServerForm>
            </div>
        </div>
    }
}
