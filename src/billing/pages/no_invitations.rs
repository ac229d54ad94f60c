//! What stands in the place of the invite form where the plan has no invitations.

use leptos::prelude::*;

use crate::{
    access::{Action, Feature},
    paths,
    text::text,
    ui::{
        button::{ButtonSize, LinkButton},
        page::{Banner, BannerKind},
        shell::{may, plan},
    },
};

/// Says which plans have them, and which one this is.
#[component]
pub fn NoInvitations() -> impl IntoView {
    let t = &text().billing;
    let see = may(Action::View, Feature::Billing)
        .then(|| view! { <LinkButton href=paths::BILLING label=t.see size=ButtonSize::Small/> }.into_any());
    view! {
        <Banner kind=BannerKind::Info title=t.no_invitations>
            {(t.no_invitations_body)((t.plan)(plan()))}
            {see.map(|see| view! { <div class="btns">{see}</div> })}
        </Banner>
    }
}
