//! The set-up page of an invitation: who invites to what, and what it takes to be in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    access::Category,
    accounts::{
        api::SignOut,
        pages::sign_in::{DoorFooter, DoorTabs},
    },
    invitations::{
        api::{CompleteSetup, note_opened, open_invitation},
        model::Offered,
        pages::dead_end::DeadEnd,
    },
    paths,
    text::{role_name, text},
    ui::{
        avatar::Avatar,
        button::ButtonSize,
        door::Door,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        gates::{Gate, GateState, Gates},
        load::resource,
        page::{Banner, BannerKind},
        password::{NewPassword, StillMissing},
        shell::{me, workspace_name},
        when::Exactly,
    },
};

/// The page.
#[component]
pub fn SetupPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let offer = resource(move || token.get(), open_invitation);
    view! {
        <Title text=text().door.set_up/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            <Suspense>
                {move || Suspend::new(async move {
                    match offer.await {
                        Ok(offered) => view! { <SetupCard token=token.get_untracked() offered/> }.into_any(),
                        Err(error) => view! { <DeadEnd token=token.get_untracked() error/> }.into_any(),
                    }
                })}
            </Suspense>
        </Door>
    }
}

#[component]
fn SetupCard(token: String, offered: Offered) -> impl IntoView {
    let t = text();
    let complete = Submission::<CompleteSetup>::new();
    let [name, password, again, mobile] = [(); 4].map(|()| RwSignal::new(String::new()));
    let needed = offered.mobile_required;
    let here = StoredValue::new(token.clone());
    let noted = StoredValue::new(false);
    // Only somebody at the page does any of this: what merely opens links, does not (PITFALLS.md 6).
    let note = move || {
        if !noted.get_value() {
            noted.set_value(true);
            leptos::task::spawn_local(async move {
                // Whether it was heard changes nothing here.
                let _ = note_opened(here.get_value()).await;
            });
        }
    };
    view! {
        <div
            class="door-card wide"
            on:focusin=move |_| note()
            on:keydown=move |_| note()
            on:pointerdown=move |_| note()
        >
            <DoorTabs create=true/>
            <div class="setup">
                <Offer offered=offered.clone()/>
                <div class="body stack">
                    {somebody_else(paths::setup(&token), |me| (text().door.other_account)(me, &offered.email))}
                    <ServerForm submission=complete>
                        <Hidden name="token" value=token/>
                        <div class="field">
                            <label for="email">{t.common.email}</label>
                            <input class="input lg" id="email" type="email" autocomplete="username" value=offered.email readonly aria-describedby="email-help"/>
                            <p class="help" id="email-help">{t.door.address_fixed}</p>
                        </div>
                        <TextField
                            name="full_name"
                            label=t.common.full_name
                            value=offered.full_name
                            autocomplete="name"
                            large=true
                            typed=name
                        />
                        <NewPassword password again/>
                        <TextField
                            name="mobile"
                            label=t.common.mobile
                            kind="tel"
                            autocomplete="tel"
                            help=if needed { t.welcome.mobile_required } else { t.common.mobile_help }
                            optional=!needed
                            large=true
                            typed=mobile
                        />
                        <SubmitButton label=text().door.complete size=ButtonSize::Full/>
                        <StillMissing name password again mobile=needed.then_some(mobile)/>
                    </ServerForm>
                </div>
            </div>
        </div>
    }
}

/// Who invites, to what, as what, until when.
#[component]
fn Offer(offered: Offered) -> impl IntoView {
    let t = text();
    let (d, w) = (&t.door, &t.welcome);
    let role = role_name(&offered.role);
    let is_customer = offered.category == Category::Customer;
    // What comes with the role.
    let beside: Vec<(&str, String)> = [
        offered.organization.clone().map(|name| (w.organization, name)),
        (!offered.groups.is_empty()).then(|| (w.groups, offered.groups.join(", "))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let rows = beside
        .iter()
        .map(|(label, value)| view! { <dt>{*label}</dt><dd><bdi>{value.clone()}</bdi></dd> })
        .collect_view();
    let workspace = workspace_name();
    let gates = vec![
        Gate {
            state: GateState::Open,
            state_label: d.step_done.into(),
            title: d.you_were_invited.into(),
            detail: Some(offered.email.clone()),
            icon: None,
        },
        Gate {
            state: GateState::Now,
            state_label: d.step_now.into(),
            title: d.set_up.into(),
            detail: Some(d.set_up_body.into()),
            icon: None,
        },
        Gate {
            state: GateState::Beyond,
            state_label: d.step_later.into(),
            title: (d.you_become)(&role, &workspace),
            detail: match is_customer {
                true => Some(w.as_customer.to_owned()),
                false => offered.role.built_in().map(|role| (t.access.role_hint)(role).to_owned()),
            },
            icon: Some("home"),
        },
    ];
    view! {
        <section class="offer">
            <p class="small medium faint">{d.your_invitation}</p>
            <h1>{(d.work_with)(&workspace)}</h1>
            <div class="who">
                <Avatar name=offered.inviter_name.clone() id=offered.inviter_name.clone()/>
                <div>
                    <bdi class="name">{(d.invites_you)(&offered.inviter_name)}</bdi>
                    <span class="sub">{(d.at_workspace)(offered.inviter_role.as_ref().map(role_name).as_deref(), &workspace)}</span>
                </div>
            </div>
            {(!offered.message.is_empty()).then(|| view! {
                <figure>
                    <figcaption class="small faint">{(w.says)(&offered.inviter_name)}</figcaption>
                    <blockquote class="said"><bdi>{offered.message.clone()}</bdi></blockquote>
                </figure>
            })}
            <Gates gates/>
            {(!beside.is_empty()).then(|| view! { <dl class="kv">{rows}</dl> })}
            <p class="small faint ends">{d.ends}" "<Exactly at=offered.valid_until/>". "{d.not_you}</p>
        </section>
    }
}

/// Somebody is signed in in this browser: says so by their address, and offers to switch (PITFALLS.md 7).
pub fn somebody_else(here: String, said: impl Fn(&str) -> String) -> impl IntoView {
    me().map(|me| {
        let (sign_out, said) = (Submission::<SignOut>::new(), said(&me.email));
        let actions = view! {
            <ServerForm submission=sign_out class="">
                <Hidden name="back" value=here/><button type="submit" class="btn sm">{text().shell.sign_out}</button></ServerForm>
        };
        view! {
            <Banner kind=BannerKind::Warning actions=actions.into_any()>{said}</Banner>
        }
    })
}
