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
pub fn Gates(
    gates: Vec<Gate>,
    /// Words and address that follow the detail of the gate at the same place ("Port operators").
    #[prop(optional)]
    links: Vec<Option<(String, String)>>,
) -> impl IntoView {
    let links = links.into_iter().chain(std::iter::repeat(None));
    let gates = gates
        .into_iter()
        .zip(links)
        .map(|(gate, link)| {
            let link = link.map(|(words, href)| view! { " "<a href=href>{words}</a> });
            let (class, icon) = match gate.state {
                GateState::Open => ("open", "check"),
                GateState::Shut => ("shut", "x"),
                GateState::Beyond => ("beyond", "more"),
                GateState::Now => ("now", "user"),
            };
            view! {
                <li class=class aria-current=(gate.state == GateState::Now).then_some("step")>
                    <span class="gate"><Icon name=gate.icon.unwrap_or(icon)/><span class="sr">{gate.state_label}" "</span></span>
                    <div><b>{gate.title}</b>{gate.detail.map(|detail| view! { <small>{detail}{link}</small> })}</div>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="gates">{gates}</ol> }
}

/// The answer above its gates ("Denied", "at gate 2 of 3").
#[component]
pub fn Outcome(allowed: bool, #[prop(into)] label: String, #[prop(optional, into)] detail: String) -> impl IntoView {
    let detail = (!detail.is_empty()).then_some(detail);
    let (class, icon) = if allowed { ("outcome", "check") } else { ("outcome no", "x") };
    view! {
        <div class=class><Icon name=icon/>{label}{detail.map(|detail| view! { <small>{detail}</small> })}</div>
    }
}

/// A whole answer: the verdict, its gates, and the other paths that were looked at. For the body of a card.
#[component]
pub fn Verdict(
    allowed: bool,
    /// The verdict ("Allowed").
    #[prop(into)]
    label: String,
    /// Where or when it fell ("at gate 2 of 4").
    #[prop(optional, into)]
    detail: Option<String>,
    gates: Vec<Gate>,
    /// As of [`Gates`].
    #[prop(optional)]
    links: Vec<Option<(String, String)>>,
    /// How many other paths there are, in words.
    #[prop(optional, into)]
    others_label: String,
    /// Why each of them does not count.
    #[prop(optional)]
    others: Vec<String>,
    /// What would allow it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let others = (!others.is_empty()).then(|| {
        let others = others.into_iter().map(|other| view! { <li>{other}</li> }).collect_view();
        view! { <details class="small"><summary class="muted">{others_label}</summary><ul class="muted">{others}</ul></details> }
    });
    view! {
        <div class="stack verdict">
            <div role="status"><Outcome allowed label detail=detail.unwrap_or_default()/></div>
            <Gates gates links/>
            {children.map(|children| children())}
            {others}
        </div>
    }
}
