//! The page in the place of a page: refused, not found, or failed.

use leptos::prelude::*;

/// Why the page is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Access was refused: the gate is closed.
    Denied,
    /// There is no such page, or none that this person may know of: nothing behind the gate.
    NotFound,
    /// Something broke on the server: the gate is down.
    Fault,
}

/// What happened, in words, and in `children` what can be done: first of all the button, then a "Why?".
#[component]
pub fn ErrorPage(
    kind: ErrorKind,
    #[prop(into)] title: String,
    /// One sentence, read out at once.
    #[prop(into)]
    body: String,
    /// The line by which an operator finds the request in the log ("Request 0193a5c2").
    #[prop(optional, into)]
    request_id_label: Option<String>,
    /// What can be done: buttons.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// What explains it: the gates.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="refusal">
            <Gatehouse kind/>
            <h1>{title}</h1>
            <p role="alert">{body}</p>
            {actions.map(|actions| view! { <div class="btns">{actions}</div> })}
            {request_id_label.map(|label| view! { <p class="small faint num">{label}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// The house with its gate closed, empty, or down.
#[component]
fn Gatehouse(kind: ErrorKind) -> impl IntoView {
    let house = match kind {
        ErrorKind::Fault => {
            "M6 98h108M18 98V40M102 98V40M10 34h64M84 34h26M14 28 60 6l14 6.7M80 15.600l26 12.400H83M74 28H14M28 98V40M92 98V40M76 16l-5 7 8 4-7 9"
        }
        ErrorKind::Denied | ErrorKind::NotFound => {
            "M6 98h108M18 98V40M102 98V40M10 34h100M14 28 60 6l46 22zM28 98V40M92 98V40"
        }
    };
    let gate = match kind {
        ErrorKind::Denied => view! {
            <path d="M38 98V62a22 22 0 0 1 44 0v36z" fill="var(--sunken)"></path>
            <path d="M60 40v58M45 98V68M75 98V68"></path>
            <circle cx="55" cy="74" r="1.5"></circle>
            <circle cx="65" cy="74" r="1.5"></circle>
        }
        .into_any(),
        ErrorKind::NotFound => view! {
            <path d="M38 98V62a22 22 0 0 1 44 0v36" stroke-dasharray="3 4"></path>
            <path d="M46 98l8-18h12l8 18M54 80V64a6 6 0 0 1 12 0v16" opacity=".5"></path>
        }
        .into_any(),
        ErrorKind::Fault => view! {
            <path d="M38 98V62a22 22 0 0 1 44 0v36" fill="var(--sunken)"></path>
            <path d="M60 40v38l-5 6 9 5-4 9M46 98l6-10M74 98l-5-7"></path>
        }
        .into_any(),
    };
    view! {
        <svg class="art" viewBox="0 0 120 104" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" aria-hidden="true">
            <path d=house></path>
            {gate}
        </svg>
    }
}
