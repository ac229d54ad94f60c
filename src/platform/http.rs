//! The router, and the one layer that every request goes through.

use std::{
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use axum::{
    Extension, Form, Router,
    body::Body,
    extract::{
        ConnectInfo, DefaultBodyLimit, Multipart, Path, Query, RawQuery, Request, State, multipart::MultipartRejection,
    },
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};
use leptos::prelude::provide_context;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tower_http::{CompressionLevel, compression::CompressionLayer, csrf::CsrfLayer};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    assets,
    config::Config,
    context::{App, Context, NewPasswordDue, request_id},
    csv,
    fault::Fault,
    forms, headers, live,
    secrets::Token,
};
use crate::{
    access::Category,
    accounts,
    app::document,
    error::AppError,
    imports::upload,
    invitations,
    listing::{ListQuery, encode},
    mail::{self, words::Words},
    paths, rest, roles,
    settings::{self, model::region_in_view},
    ui::{
        form::{Posted, input_name},
        load::sentence,
    },
};

/// What the handlers share.
#[derive(Clone)]
pub struct Server {
    /// The server's parts.
    pub app: App,
    /// Becomes true when the server is to stop.
    pub stop: watch::Receiver<bool>,
    metrics: PrometheusHandle,
}

impl Server {
    /// Around the server's parts.
    pub fn new(app: App, stop: watch::Receiver<bool>, metrics: PrometheusHandle) -> Self {
        Self { app, stop, metrics }
    }

    /// Renders a page, with what a plain form left behind.
    pub async fn render(&self, request: http::Request<Body>, posted: Posted) -> Response {
        let context = move || provide_context(posted.clone());
        leptos_axum::render_app_async_with_context(context, document)(request).await
    }
}

type Routes<const N: usize> = [(&'static str, MethodRouter<Server>); N];

/// What is served beside the pages of the console, to whoever is signed in or may want to be.
fn inside() -> Routes<6> {
    [
        // A form that was refused stands at this address; whoever reloads it by hand asks for a page.
        ("/api/{function}", post(forms::serve).get(page).layer(DefaultBodyLimit::max(forms::MOST_BYTES))),
        (paths::EVENTS, get(live::stream)),
        ("/outbox/{id}/html", get(message_html)),
        (paths::COMPARE_ROLES_CSV, get(compare_roles)),
        (paths::INVITATIONS_CSV, get(export_invitations)),
        (paths::MAIL_PREVIEW, get(kept_mail).post(typed_mail)),
    ]
}

/// What is served to anybody.
fn outside() -> Routes<4> {
    [
        ("/pkg/{name}", get(assets::serve)),
        ("/healthz", get(|| async { "ok" })),
        ("/readyz", get(ready)),
        ("/metrics", get(|State(server): State<Server>| async move { server.metrics.render() })),
    ]
}

/// Bulk Import: files come in where the page stands, and larger than any other form.
fn imports() -> Routes<6> {
    let taken = |kind| {
        post(move |Extension(cx): Extension<Context>, form: Result<Multipart, MultipartRejection>| async move {
            match form {
                Ok(form) => upload::receive(kind, cx, form).await,
                Err(_) => upload::not_a_form(),
            }
        })
        .get(page)
        .layer(DefaultBodyLimit::disable())
    };
    let template = |kind| get(move |cx| upload::template(kind, cx));
    let result = |kind| get(move |cx, id| upload::result(kind, cx, id));
    let (users, customers) = (Category::Teammate, Category::Customer);
    [
        (paths::IMPORT_USERS, taken(users)),
        (paths::IMPORT_CUSTOMERS, taken(customers)),
        (paths::IMPORT_USERS_TEMPLATE, template(users)),
        (paths::IMPORT_CUSTOMERS_TEMPLATE, template(customers)),
        (paths::IMPORT_USERS_RESULT, result(users)),
        (paths::IMPORT_CUSTOMERS_RESULT, result(customers)),
    ]
}

/// Every address that is served beside the pages: whom each lets in is tested (tests/server/doors.rs).
pub fn addresses() -> Vec<&'static str> {
    let ours = inside().into_iter().chain(imports()).chain(outside()).map(|(path, _)| path);
    ours.chain(rest::routes().into_iter().map(|(path, _)| path)).collect()
}

fn routes<const N: usize>(routes: Routes<N>) -> Router<Server> {
    routes.into_iter().fold(Router::new(), |router, (path, handler)| router.route(path, handler))
}

/// Every address.
pub fn router(server: Server) -> Router {
    let pages = routes(inside())
        .merge(routes(imports()))
        .fallback(page)
        .layer(middleware::from_fn_with_state(server.clone(), enter))
        // Pages are mostly markup: a list of 63 KiB travels in four. Streams and what is compressed already pass as they are.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)))
        // Writes from other sites are refused before anything is looked up.
        .layer(CsrfLayer::new());
    routes(outside())
        .merge(pages)
        .layer(middleware::from_fn_with_state(server.clone(), dress))
        // Machines have no cookies, and their answers headers of their own.
        .merge(rest::router(&server.app))
        .with_state(server)
}

/// The last to touch an answer: security headers, and figures.
async fn dress(State(server): State<Server>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let mut response = next.run(request).await;
    headers::secure(response.headers_mut(), server.app.config.https());
    let status = response.status().as_u16().to_string();
    metrics::counter!("portico_requests_total", "status" => status).increment(1);
    metrics::histogram!("portico_request_seconds").record(begun.elapsed().as_secs_f64());
    response
}

/// Finds out where a request belongs and who makes it, once, for all that follows.
async fn enter(State(server): State<Server>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let id = request_id();
    let span = tracing::info_span!("request", request_id = %id, method = %parts.method);
    let shown = id.clone();
    async move {
        let mut response = match context(&server, &parts, id).await {
            Ok(mut cx) => match aside(&mut cx, &mut parts).or_else(|| away(&cx, &parts)) {
                Some(elsewhere) => Redirect::to(&elsewhere).into_response(),
                None => {
                    parts.extensions.insert(cx);
                    next.run(Request::from_parts(parts, body)).await
                }
            },
            Err((id, fault)) => {
                drop(fault.tell(&id));
                (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n{id}\n", crate::text::text().errors.fault))
                    .into_response()
            }
        };
        if let Ok(value) = HeaderValue::from_str(&shown) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
        }
        tracing::debug!(status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// Whoever has to choose a new password first is nobody until then, to every page, every function and every file but the one form
/// that takes it; pages lead there.
fn aside(cx: &mut Context, request: &mut Parts) -> Option<String> {
    let actor = cx.actor.take_if(|actor| actor.new_password_due)?;
    cx.region = None;
    request.extensions.insert(NewPasswordDue(actor));
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let path = request.uri.path();
    (reads && path != paths::NEW_PASSWORD && path != paths::EVENTS).then(|| paths::NEW_PASSWORD.to_owned())
}

async fn context(server: &Server, request: &Parts, id: String) -> Result<Context, (String, Fault)> {
    let app = &server.app;
    let with_id = |fault| (id.clone(), fault);
    let host = request
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| request.uri.host())
        .unwrap_or_default();
    // The port is cut off; an IPv6 address keeps its brackets, and is no workspace's host anyway.
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    let workspace = app.hosts.workspace(&app.pool, host).await.map_err(with_id)?;
    let token = forms::cookie(&request.headers, forms::session_cookie(app.config.https()))
        .and_then(|text| Token::read(text, &workspace.public_id));
    let actor = match token {
        None => None,
        Some(token) => accounts::service::resume(app, workspace.id, &token).await.map_err(with_id)?,
    };
    let wanted = forms::cookie(&request.headers, forms::REGION);
    let region = actor.as_ref().and_then(|actor| {
        let (regions, held) = (&actor.snapshot().facts().regions, &actor.held.facts.assignments);
        region_in_view(regions, held, actor.at, wanted).map(ToOwned::to_owned)
    });
    Ok(Context { app: app.clone(), request_id: id, workspace, actor, client: client(&app.config, request), region })
}

/// The client's address: the connection's, or what the trusted proxy in front of it has appended.
pub fn client(config: &Config, request: &Parts) -> Option<IpAddr> {
    if config.trust_proxy {
        let forwarded = request.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        return forwarded.rsplit(',').next()?.trim().parse().ok();
    }
    request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}

/// Pages of the console lead who is not signed in to the sign-in page, and that page leads who is back.
fn away(cx: &Context, request: &Parts) -> Option<String> {
    let path = request.uri.path();
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let page = path != paths::EVENTS;
    let due = request.extensions.get::<NewPasswordDue>().is_some();
    let door = path == paths::SIGN_IN
        || (path == paths::NEW_PASSWORD && due)
        || path.starts_with("/setup/")
        || path.starts_with("/owner/")
        || path == paths::JOINED
        || path.starts_with("/join/");
    if !reads || !page {
        None
    } else if cx.actor.is_none() && !door {
        let wanted = request.uri.path_and_query().map_or(path, |it| it.as_str());
        let next = if wanted == paths::DASHBOARD { String::new() } else { format!("?next={}", encode(wanted)) };
        Some(format!("{}{next}", paths::SIGN_IN))
    } else if cx.actor.is_some() && [paths::SIGN_IN, paths::NEW_PASSWORD].contains(&path) {
        Some(paths::DASHBOARD.to_owned())
    } else {
        None
    }
}

async fn page(State(server): State<Server>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    server.render(request, Posted::default()).await
}

/// Whether the database answers, with the schema up to date since the start.
async fn ready(State(server): State<Server>) -> Response {
    match server.app.pool.acquire().await {
        Ok(_) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response(),
    }
}

/// Roles compared, as a file: `?role=` once for each.
async fn compare_roles(Extension(cx): Extension<Context>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let keys: Vec<String> = pairs.filter(|(name, _)| name == "role").map(|(_, value)| value.into_owned()).collect();
    match cx.answer(roles::service::compare_csv(&cx, &keys).await) {
        Ok(bytes) => csv::download("roles.csv", bytes),
        Err(error) => refused(&error),
    }
}

/// The list of invitations as its address filters it, as a file with the day in its name.
async fn export_invitations(Extension(cx): Extension<Context>, Query(query): Query<ListQuery>) -> Response {
    match cx.answer(invitations::service::export_invitations(&cx, &query)) {
        Ok((name, pieces)) => csv::download_in_pieces(&name, cx, pieces),
        Err(error) => refused(&error),
    }
}

/// An error where no page is.
pub fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::NOT_FOUND);
    (status, sentence(error).unwrap_or_default()).into_response()
}

/// The HTML part of a captured mail, for the frame on the outbox page.
async fn message_html(Extension(cx): Extension<Context>, Path(id): Path<Uuid>) -> Response {
    framed(cx.answer(mail::service::read_captured(&cx, id).await.map(|mail| mail.html)))
}

/// A mail in the words that are kept, for the frame in the settings.
async fn kept_mail(Extension(cx): Extension<Context>, Path(kind): Path<String>) -> Response {
    framed(cx.answer(settings::service::preview_mail(&cx, &kind, None).await))
}

/// The same in the words that are typed. They are posted: nobody can make a link that shows words of their own.
async fn typed_mail(
    Extension(cx): Extension<Context>,
    Path(kind): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let field = |name: &str| {
        let name = input_name(name);
        fields.iter().find(|(known, _)| *known == name).map(|(_, typed)| typed.trim().to_owned()).unwrap_or_default()
    };
    let words = Words { subject: field("subject"), body: field("body") };
    framed(cx.answer(settings::service::preview_mail(&cx, &kind, Some(words)).await))
}

/// A mail, for a frame: it runs no script and loads nothing.
fn framed(html: Result<String, AppError>) -> Response {
    match html {
        Ok(html) => (
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (
                    header::CONTENT_SECURITY_POLICY,
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; \
                     sandbox allow-popups allow-popups-to-escape-sandbox",
                ),
                (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
            ],
            // Links leave the frame.
            html.replacen("<head>", "<head><base target=\"_blank\">", 1),
        )
            .into_response(),
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::NOT_FOUND).into_response(),
    }
}
