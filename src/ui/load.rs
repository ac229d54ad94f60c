//! What is loaded from the server: old rows stay while new ones come, and an error has its own page.

use std::future::Future;

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use leptos_meta::Title;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    button::{ButtonKind, ButtonSize, LinkButton},
    error_page::{ErrorKind, ErrorPage},
    gates::{Gate, GateState, Gates},
    shell::me,
};
use crate::{
    access::{Denial, Refused},
    error::AppError,
    paths,
    text::{feature_name, role_names, text},
};

/// JSON, read from bytes as the answers of server functions are. Each way to read a type is code of its own in the browser,
/// and what comes with the page would have another one than what comes later.
pub struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(json: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(json.as_bytes())
    }
}

/// What comes from the server, with the page or later.
pub type Loading<T> = Resource<T, Json>;

/// Loads again with each change of what `source` reads.
pub fn resource<S, T, Fut>(
    source: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> Fut + Send + Sync + 'static,
) -> Loading<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    Fut: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, load, false)
}

/// Shows what a resource loads: `skeleton` the first time, the old content while it loads again, and the page of the
/// error where it fails.
#[component]
pub fn Load<T, V>(
    /// What is loaded.
    from: Loading<Result<T, AppError>>,
    /// What stands there the first time.
    #[prop(optional, into)]
    skeleton: ViewFn,
    /// What is made of it.
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let here = StoredValue::new(());
    view! {
        <Transition fallback=move || skeleton.run()>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    let loaded = from.await;
                    // Whoever has gone to another page meanwhile took everything with them that this would be made of.
                    if here.is_disposed() {
                        return ().into_any();
                    }
                    match loaded {
                        Ok(loaded) => show(loaded).into_any(),
                        Err(error) => view! { <ErrorView error/> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}

/// The page of an error. On the server it gives the response the same status.
#[component]
pub fn ErrorView(error: AppError) -> impl IntoView {
    set_status(error.status());
    let t = &text().errors;
    let title = match &error {
        AppError::Denied(refused) => denied_title(refused),
        AppError::Unauthorized => t.signed_out_title.to_owned(),
        AppError::NotFound => t.not_found_title.to_owned(),
        AppError::Transport => t.transport_title.to_owned(),
        _ => t.fault_title.to_owned(),
    };
    let home = |kind| view! { <LinkButton href=paths::DASHBOARD label=t.to_dashboard kind size=ButtonSize::Large/> };
    let page = match error {
        AppError::Denied(refused) => view! { <Denied refused/> }.into_any(),
        AppError::Unauthorized => view! {
            <ErrorPage
                kind=ErrorKind::Denied
                title=t.signed_out_title
                body=t.signed_out
                actions=view! {
                    <a class="btn primary lg" href=paths::SIGN_IN rel="external">{text().door.to_sign_in}</a>
                }
                .into_any()
            />
        }
        .into_any(),
        AppError::Internal(id) => view! {
            <ErrorPage
                kind=ErrorKind::Fault
                title=t.fault_title
                body=t.fault
                request_id_label=(t.request)(&id)
                actions=home(ButtonKind::Secondary).into_any()
            />
        }
        .into_any(),
        AppError::Transport => view! {
            <ErrorPage kind=ErrorKind::Fault title=t.transport_title body=t.transport actions=home(ButtonKind::Secondary).into_any()/>
        }
        .into_any(),
        AppError::RateLimited(_) | AppError::Invalid(_) | AppError::Partly(_) | AppError::Refused(_) => view! {
            <ErrorPage
                kind=ErrorKind::Fault
                title=t.fault_title
                body=sentence(&error).unwrap_or_default()
                actions=home(ButtonKind::Secondary).into_any()
            />
        }
        .into_any(),
        AppError::NotFound => view! {
            <ErrorPage
                kind=ErrorKind::NotFound
                title=t.not_found_title
                body=t.not_found
                actions=home(ButtonKind::Primary).into_any()
            />
        }
        .into_any(),
    };
    view! {
        <Title text=title/>
        {page}
    }
}

/// The refusal: its one fixed sentence, and the gates that were open and shut.
#[component]
fn Denied(refused: Refused) -> impl IntoView {
    let t = text();
    let title = denied_title(&refused);
    let gate = |open: bool, title: String, detail: Option<String>| Gate {
        state: if open { GateState::Open } else { GateState::Shut },
        state_label: if open { t.errors.open.into() } else { t.errors.shut.into() },
        title,
        detail,
        icon: None,
    };
    let roles = me().map(|me| role_names(&me.roles)).unwrap_or_default();
    let (action, feature) = ((t.access.action)(refused.action), own_feature_name(&refused.feature));
    let request = paths::request_access(refused.action.slug(), &refused.feature, refused.region.as_deref());
    let gates = match refused.denial {
        Denial::NotActive => vec![gate(false, t.errors.account_not_active.into(), None)],
        Denial::Role => vec![
            gate(true, t.errors.account_active.into(), None),
            gate(false, (t.errors.role_lacks)(&roles, action), Some((t.errors.role_lacks_detail)(action, &feature))),
        ],
        denial => vec![
            gate(true, t.errors.account_active.into(), None),
            gate(false, (t.access.denial)(denial).into(), Some((t.errors.role_lacks_detail)(action, &feature))),
        ],
    };
    view! {
        <ErrorPage
            kind=ErrorKind::Denied
            title
            body=t.errors.denied
            actions=view! {
                <LinkButton href=request label=t.requests.request kind=ButtonKind::Primary size=ButtonSize::Large/>
                <LinkButton href=paths::DASHBOARD label=t.errors.to_dashboard size=ButtonSize::Large/>
            }
            .into_any()
        >
            <details class="why" open=true>
                <summary class="small muted">{t.errors.why}</summary>
                <div class="card"><div class="body"><Gates gates/></div></div>
            </details>
        </ErrorPage>
    }
}

fn own_feature_name(slug: &str) -> String {
    feature_name(slug, &me().map(|me| me.workspace.features).unwrap_or_default())
}

fn denied_title(refused: &Refused) -> String {
    let t = text();
    let regions = me().map(|me| me.workspace.regions).unwrap_or_default();
    let region =
        refused.region.as_ref().and_then(|slug| regions.iter().find(|it| it.slug == *slug)).map(|it| it.name.clone());
    (t.errors.denied_title)((t.access.action)(refused.action), &own_feature_name(&refused.feature), region.as_deref())
}

/// The sentence that a form shows above its fields for what is not one field's mistake.
pub fn sentence(error: &AppError) -> Option<String> {
    let t = text();
    match error {
        AppError::Invalid(_) | AppError::Partly(_) => None,
        AppError::Refused(refusal) => Some((t.refusal)(*refusal).to_owned()),
        AppError::Denied(_) => Some(t.errors.denied.to_owned()),
        AppError::RateLimited(seconds) => Some((t.errors.rate_limited)(*seconds)),
        AppError::NotFound => Some(t.errors.not_found.to_owned()),
        AppError::Unauthorized => Some(t.errors.signed_out.to_owned()),
        AppError::Internal(id) => Some(format!("{} {}", t.errors.fault, (t.errors.request)(id))),
        AppError::Transport => Some(t.errors.transport.to_owned()),
    }
}

/// Gives the response of the page being rendered a status.
#[cfg(feature = "ssr")]
pub fn set_status(status: u16) {
    if let (Some(options), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        options.set_status(status);
    }
}

/// Gives the response of the page being rendered a status; in the browser there is none.
#[cfg(not(feature = "ssr"))]
pub fn set_status(_status: u16) {}
