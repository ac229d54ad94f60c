//! What has happened to an invitation, in order of time.

use leptos::prelude::*;

use crate::{
    invitations::model::{Line, Step, What, steps},
    text::text,
    ui::{icon::Icon, when::When},
};

/// The icon of a kind of event, and its tone.
fn look(what: What) -> (&'static str, &'static str) {
    match what {
        What::Invited => ("plus", "pt"),
        What::Queued => ("outbox", "pt"),
        What::Sent => ("mail", "pt good"),
        What::Deferred => ("refresh", "pt ask"),
        What::Failed => ("alert", "pt bad"),
        What::Opened => ("eye", "pt good"),
        What::Completed => ("user", "pt good"),
        What::Accepted => ("check", "pt good"),
        What::Denied => ("x", "pt bad"),
        What::Superseded => ("arrow", "pt"),
        What::Reminded => ("clock", "pt"),
        What::Asked => ("ask", "pt ask"),
        What::Held => ("ban", "pt bad"),
    }
}

/// The list of steps; `again` where the invitation took the place of an earlier one.
#[component]
pub fn Timeline(history: Vec<Line>, again: bool) -> impl IntoView {
    let items = steps(&history).into_iter().map(|step| view! { <Item step again/> }).collect_view();
    view! { <ol class="timeline">{items}</ol> }
}

#[component]
fn Item(step: Step, again: bool) -> impl IntoView {
    let t = &text().invited;
    let Step { line, times } = step;
    let (icon, class) = look(line.what);
    let by = (!line.by_name.is_empty()).then(|| (t.by)(&line.by_name));
    // The mail server's own words; what holds an acceptance up is a word of ours.
    let detail = if line.what == What::Held { (t.held)(&line.detail).to_owned() } else { line.detail.clone() };
    let times = (times > 1).then(|| (t.times)(times));
    view! {
        <li>
            <span class=class><Icon name=icon/></span>
            <div>
                {(t.what)(line.what, again)}
                {times.map(|times| view! { " "<span class="faint">{times}</span> })}
                {by.map(|by| view! { <small><bdi>{by}</bdi></small> })}
                {(!detail.is_empty()).then(|| view! { <small><bdi>{detail}</bdi></small> })}
            </div>
            <When at=line.at/>
        </li>
    }
}
