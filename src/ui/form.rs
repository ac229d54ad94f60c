//! Forms that work before script does and keep what was typed.
//!
//! A form is one server function with one argument named `form`. With script it is sent in the background; without, the
//! browser posts it, and the server answers with the same page: what was typed and what is wrong with it stand in
//! `Posted`. Either way the fields find both in the `FormScope`.

use std::{future::Future, marker::PhantomData, pin::Pin, sync::Arc};

use leptos::{
    ev::SubmitEvent,
    form::form_data_from_event,
    prelude::*,
    server_fn::{
        ContentType, Decodes, Http, ServerFn,
        client::Client,
        codec::{JsonEncoding, PostUrl},
        error::FromServerFnError,
        request::ClientReq,
        response::ClientRes,
    },
    web_sys::UrlSearchParams,
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::{
    button::{Button, ButtonKind, ButtonSize, ButtonType},
    icon::{Icon, IconSize},
    live::live,
    load::sentence,
    once::Secret,
    page::{Banner, BannerKind},
    toast::{Outcome, Toasts},
};
use crate::{
    error::{AppError, Refusal},
    text::text,
};

mod scope;
pub use scope::{FormScope, Posted, Values, described_by, form_scope, input_name, list_name};

/// The field that says which page a form is on, so that it can be shown there again.
pub const PAGE: &str = "page";

/// What becomes of one form: whether it is under way, and what the last try answered. It outlives the form: a form that
/// removes what its page shows is gone before its answer comes.
pub struct Submission<F> {
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Result<Outcome, AppError>>>,
    function: PhantomData<fn() -> F>,
}

impl<F> Copy for Submission<F> {}

impl<F> Clone for Submission<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Default for Submission<F> {
    fn default() -> Self {
        Self { pending: RwSignal::new(false), answer: RwSignal::new(None), function: PhantomData }
    }
}

impl<F> Submission<F> {
    /// Not sent yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The secret that it has made, for as long as this page is open.
    pub fn once(self) -> Option<Secret> {
        self.answer.with(|answer| answer.as_ref()?.as_ref().ok()?.once.clone())
    }

    /// Whether it was done.
    pub fn done(self) -> bool {
        self.answer.with(|answer| matches!(answer, Some(Ok(_))))
    }
}

/// A form of one server function. What concerns no single field stands above the fields.
#[component]
pub fn ServerForm<F, P>(
    /// What it sends to, and what becomes of it.
    submission: Submission<F>,
    #[prop(default = "stack")] class: &'static str,
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Protocol = Http<PostUrl, P>, Output = Outcome, Error = AppError> + 'static,
    F::Client: Client<AppError>,
{
    let Submission { pending, answer, .. } = submission;
    form(
        To { url: F::url(), send: |url, data| Box::pin(send::<F::Client>(url, data)) },
        pending,
        answer,
        class,
        children,
    )
}

type Answer = Pin<Box<dyn Future<Output = Result<Outcome, AppError>>>>;

/// The server function of a form. The browser has the code of forms once, not once for each server function.
#[derive(Clone, Copy)]
struct To {
    url: &'static str,
    send: fn(&'static str, String) -> Answer,
}

/// Sends the fields as a browser without script would, but asks for no page.
async fn send<C: Client<AppError>>(url: &'static str, data: String) -> Result<Outcome, AppError> {
    let (form, json) = (PostUrl::CONTENT_TYPE, JsonEncoding::CONTENT_TYPE);
    let request = C::Request::try_new_req_text(url, form, json, data, http::Method::POST)?;
    let answer = C::send(request).await?;
    let failed = answer.status() >= 400;
    let body = answer.try_into_bytes().await?;
    if failed { Err(AppError::de(body)) } else { JsonEncoding::decode(body).map_err(|_| AppError::Transport) }
}

/// The fields and the button that sends them, as the body of a request.
fn fields(event: &SubmitEvent) -> Option<String> {
    let data = form_data_from_event(event).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?.to_string().as_string()
}

fn form(
    to: To,
    pending: RwSignal<bool>,
    answer: RwSignal<Option<Result<Outcome, AppError>>>,
    class: &'static str,
    children: Children,
) -> AnyView {
    let posted = use_context::<Posted>().filter(|posted| posted.action == to.url).unwrap_or_default();
    let first = posted.error.clone();
    let error = Signal::derive(move || match answer.get() {
        Some(Err(error)) => Some(error),
        Some(Ok(_)) => None,
        None => first.clone(),
    });
    provide_context(FormScope::new(error, pending.into(), posted.values));
    let (follow, live) = (Follow::new(), live());
    let location = use_location();
    let page = move || {
        format!(
            "{}{}{}",
            location.pathname.get(),
            if location.search.read().is_empty() { "" } else { "?" },
            location.search.get()
        )
    };
    let submit = move |event: SubmitEvent| {
        // A button with an address of its own, as for a preview in a frame, is the browser's.
        if event.submitter().is_some_and(|button| button.has_attribute("formaction")) {
            return;
        }
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        let Some(sent) = fields(&event) else {
            answer.set(Some(Err(AppError::Refused(Refusal::BadForm))));
            return;
        };
        pending.set(true);
        live.hold();
        let follow = follow.clone();
        leptos::task::spawn_local(async move {
            let result = (to.send)(to.url, sent).await;
            // The form may be gone by now, and its signals with it.
            let _ = pending.try_set(false);
            let _ = answer.try_set(Some(result.clone()));
            follow.answer(result);
            // Once the page that is left is gone.
            if set_timeout(move || live.release(), std::time::Duration::ZERO).is_err() {
                live.release();
            }
        });
    };
    view! {
        <form action=to.url method="post" class=class novalidate=true on:submit=submit>
            {move || {
                error
                    .get()
                    .as_ref()
                    .and_then(sentence)
                    .map(|sentence| view! { <Banner kind=BannerKind::Danger alert=true>{sentence}</Banner> })
            }}
            <input type="hidden" name=PAGE value=page/>
            {children()}
        </form>
    }
    .into_any()
}

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// Says what was done and goes on where the outcome leads; after an error, the first wrong field has the focus.
#[derive(Clone)]
struct Follow {
    navigate: Navigate,
    toasts: Option<Toasts>,
}

impl Follow {
    fn new() -> Self {
        Self { navigate: Arc::new(use_navigate()), toasts: use_context() }
    }

    fn answer(&self, result: Result<Outcome, AppError>) {
        let Ok(outcome) = result else {
            focus_first_error();
            return;
        };
        if outcome.reload {
            // The server says it with the new page.
            let _ = window().location().set_href(&outcome.to);
            return;
        }
        if let (Some(toasts), Some(notice)) = (self.toasts, outcome.notice) {
            toasts.push(notice);
        }
        if outcome.to.is_empty() {
            return;
        }
        (self.navigate)(&outcome.to, NavigateOptions { scroll: false, ..Default::default() });
    }
}

fn focus_first_error() {
    use leptos::wasm_bindgen::JsCast;
    drop(request_animation_frame(|| {
        let wrong = document().query_selector("[aria-invalid=true]").ok().flatten();
        if let Some(field) = wrong.and_then(|field| field.dyn_into::<leptos::web_sys::HtmlElement>().ok()) {
            let _ = field.focus();
        }
    }));
}

/// The button that sends the form, busy while it is under way.
#[component]
pub fn SubmitButton(
    label: &'static str,
    /// Its accessible name where a source fixes another than the label.
    #[prop(default = None)]
    name: Option<&'static str>,
    #[prop(default = ButtonKind::Primary)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
) -> impl IntoView {
    view! {
        <Button label name=name.unwrap_or(label) kind size r#type=ButtonType::Submit busy=form_scope().pending/>
    }
}

/// What stands under a field: its help, and what is wrong with it.
#[component]
pub fn FieldNotes(
    /// The field's name.
    name: &'static str,
    help: Option<String>,
    /// What else is said after the error, such as a way out.
    after_error: Option<ViewFn>,
) -> impl IntoView {
    let problem = form_scope().problem(name);
    let after_error = StoredValue::new(after_error);
    view! {
        {help.map(|help| view! { <p class="help" id=format!("{name}-help")>{help}</p> })}
        {move || problem.get().map(|problem| view! {
            <p class="err" id=format!("{name}-error")>
                <Icon name="alert" size=IconSize::Small/>
                <span>{problem}" "{after_error.get_value().map(|after| after.run())}</span>
            </p>
        })}
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// The value before anything is typed.
    #[prop(optional, into)]
    value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    /// May stay empty, and says so.
    #[prop(optional)]
    optional: bool,
    /// The tall control of the front door.
    #[prop(optional)]
    large: bool,
    #[prop(optional)] autofocus: bool,
    /// Told what is typed.
    #[prop(optional)]
    typed: Option<RwSignal<String>>,
    /// What else is said after the error.
    #[prop(optional)]
    after_error: Option<ViewFn>,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    let initial = scope.typed(name).unwrap_or(value);
    let input = NodeRef::<leptos::html::Input>::new();
    if let Some(typed) = typed {
        typed.set(initial.clone());
        // What was typed before script came is in the field, and not in the signal yet.
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                typed.set(input.value());
            }
        });
    }
    view! {
        <div class="field">
            <label for=name>{label}{optional.then(|| view! { " "<span class="opt">{text().common.optional}</span> })}</label>
            <input
                class=if large { "input lg" } else { "input" }
                id=name
                name=input_name(name)
                type=kind
                value=initial
                autocomplete=autocomplete
                inputmode=inputmode
                placeholder=placeholder
                autofocus=autofocus
                spellcheck="false"
                autocapitalize=(kind == "email" || inputmode == Some("email")).then_some("none")
                aria-invalid=move || problem.get().is_some().then_some("true")
                aria-describedby=move || described_by(name, has_help, problem.get().is_some())
                node_ref=input
                on:input:target=move |event| if let Some(typed) = typed { typed.set(event.target().value()) }
            />
            <FieldNotes name help after_error/>
        </div>
    }
}

/// One of a list.
#[component]
pub fn SelectField(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] label: String,
    /// Value and words of each choice.
    choices: Vec<(String, String)>,
    /// The value chosen before anything is.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let scope = form_scope();
    let problem = scope.problem(name);
    let has_help = help.is_some();
    let chosen = scope.typed(name).unwrap_or(value);
    let options = choices
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <span class="select">
                <select
                    id=name
                    name=input_name(name)
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    aria-describedby=move || described_by(name, has_help, problem.get().is_some())
                >
                    {options}
                </select>
            </span>
            <FieldNotes name help after_error=None/>
        </div>
    }
}

/// A value that the form carries along unseen.
#[component]
pub fn Hidden(
    /// The field's name in the form.
    name: &'static str,
    #[prop(into)] value: String,
) -> impl IntoView {
    view! { <input type="hidden" name=input_name(name) value=value/> }
}
