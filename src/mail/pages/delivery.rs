//! How far a mail has come, in a line.

use leptos::prelude::*;

use crate::{
    mail::model::Delivery,
    text::text,
    ui::{
        icon::{Icon, IconSize},
        when::When,
    },
};

/// One line with the state, its instant, and the mail server's own answer where it has one.
#[component]
pub fn DeliveryNote(delivery: Delivery) -> impl IntoView {
    let t = &text().invitations;
    let (icon, tone, title) = match &delivery {
        Delivery::Queued => ("clock", "v-info", None),
        Delivery::Sent { .. } | Delivery::Captured { .. } => ("check", "faint", None),
        Delivery::Deferred { answer, .. } => ("refresh", "v-warn", Some(answer.clone())),
        Delivery::Failed { answer } => ("alert", "v-bad", Some(answer.clone())),
    };
    let words = match delivery {
        Delivery::Queued => t.queued.into_any(),
        Delivery::Sent { at } => view! { {t.sent}" "<When at/> }.into_any(),
        Delivery::Captured { at } => view! { {t.captured}" "<When at/> }.into_any(),
        Delivery::Deferred { answer, .. } => view! { {t.deferred}": "{answer} }.into_any(),
        Delivery::Failed { answer } => view! { {t.failed}": "{answer} }.into_any(),
    };
    view! {
        <span class="row snug small delivery">
            <span class=tone><Icon name=icon size=IconSize::Small/></span>
            <span class="clip muted" title=title>{words}</span>
        </span>
    }
}
