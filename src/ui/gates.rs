//! The path of a decision: each condition is an arch, open, shut, or not reached. Only decisions, refusals and set-up
//! use it.

use leptos::prelude::*;

use super::icon::Icon;

/// How far a condition let somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateState {
    /// It holds.
    Open,
    /// It is the one that refuses.
    Shut,
    /// It was not reached.
    Beyond,
    /// The step to take now, in set-up.
    Now,
}

/// One condition.
#[derive(Clone, Debug)]
pub struct Gate {
    pub state: GateState,
    /// The state in words, for those who do not see the arch ("Open:").
    pub state_label: String,
    pub title: String,
    pub detail: Option<String>,
    /// Another icon than that of the state.
    pub icon: Option<&'static str>,
}

/// The conditions in the order in which they are looked at.
#[component]
pub fn Gates(gates: Vec<Gate>) -> impl IntoView {
    let gates = gates
        .into_iter()
        .map(|gate| {
            let (class, icon) = match gate.state {
                GateState::Open => ("open", "check"),
                GateState::Shut => ("shut", "x"),
                GateState::Beyond => ("beyond", "more"),
                GateState::Now => ("now", "user"),
            };
            view! {
                <li class=class aria-current=(gate.state == GateState::Now).then_some("step")>
                    <span class="gate"><Icon name=gate.icon.unwrap_or(icon)/><span class="sr">{gate.state_label}" "</span></span>
                    <div><b>{gate.title}</b>{gate.detail.map(|detail| view! { <small>{detail}</small> })}</div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="gates">{gates}</ol> }
}

/// The answer above its gates ("Denied", "at gate 2 of 3").
#[component]
pub fn Outcome(
    allowed: bool,
    #[prop(into)] label: String,
    #[prop(optional, into)] detail: Option<String>,
) -> impl IntoView {
    let (class, icon) = if allowed { ("outcome", "check") } else { ("outcome no", "x") };
    view! {
        <div class=class><Icon name=icon/>{label}{detail.map(|detail| view! { <small>{detail}</small> })}</div>
    }
}
