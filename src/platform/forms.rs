//! Cookies, and forms without script.
//!
//! A server function that a browser posts to by itself, without script, is run like any other. What it answers becomes a
//! page: the one it leads to, or the one the form is on, again, with what was typed and what is wrong with it.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::{context::Context, http::Server, secrets::Token};
use crate::{
    accounts::model::local_path,
    error::AppError,
    ui::{
        form::{PAGE, Posted, Values},
        toast::{Flash, Outcome},
    },
};

/// The largest form that is read, with script or without: one of ten thousand addresses with names beside them, where each letter
/// may take six bytes.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// How long a request to a server function may take, its body included.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// What stands for one page in a cookie, and is gone with it.
const FLASH: &str = "portico_notice";

/// How long a notice waits for its page.
const FLASH_SECONDS: u32 = 60;

/// The cookie of the region switch.
pub const REGION: &str = "region";

/// The session's cookie: held to this host and to HTTPS where there is HTTPS.
pub fn session_cookie(https: bool) -> &'static str {
    if https { "__Host-portico" } else { "portico_session" }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

fn cookie_header(https: bool, name: &str, value: &str, seconds: u32) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")).ok()
}

fn set_cookie(cx: &Context, name: &str, value: &str, seconds: u32) {
    let header = cookie_header(cx.app.config.https(), name, value, seconds);
    if let (Some(response), Some(header)) = (use_context::<ResponseOptions>(), header) {
        response.append_header(header::SET_COOKIE, header);
    }
}

/// The notice as the cookie holds it.
fn flash(outcome: &Outcome) -> Option<String> {
    serde_json::to_vec(outcome.notice.as_ref()?).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// Gives the browser its session.
pub fn begin_session(cx: &Context, token: &Token) {
    // The database ends it sooner: after 12 idle hours or seven days.
    set_cookie(cx, session_cookie(cx.app.config.https()), token.expose(), 7 * 24 * 3600);
}

/// Takes the session from the browser.
pub fn end_session(cx: &Context) {
    set_cookie(cx, session_cookie(cx.app.config.https()), "", 0);
}

/// Keeps the choice of the region switch in the browser.
pub fn keep_region(cx: &Context, region: &str) {
    set_cookie(cx, REGION, region, 365 * 24 * 3600);
}

/// Leaves a notice for the page that the browser loads next.
pub fn say_on_next_page(cx: &Context, outcome: Outcome) -> Outcome {
    if let Some(value) = flash(&outcome) {
        set_cookie(cx, FLASH, &value, FLASH_SECONDS);
    }
    outcome
}

/// Takes the notice that was left for this page.
pub fn take_flash() -> Flash {
    let (Some(parts), Ok(cx)) = (use_context::<http::request::Parts>(), Context::current()) else {
        return Flash::default();
    };
    let Some(value) = cookie(&parts.headers, FLASH) else {
        return Flash::default();
    };
    set_cookie(&cx, FLASH, "", 0);
    let notice = URL_SAFE_NO_PAD.decode(value).ok().and_then(|json| serde_json::from_slice(&json).ok());
    Flash(notice)
}

/// Server functions, for script and for plain forms.
pub async fn serve(State(server): State<Server>, request: Request) -> Response {
    let accept =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let answer = async {
        if request.method() == Method::POST && accept.contains("text/html") {
            plain_form(server, request).await
        } else {
            leptos_axum::handle_server_fns_with_context(|| {}, request).await.into_response()
        }
    };
    // A body that does not come holds nothing for long.
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
}

async fn plain_form(server: Server, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let page = page_of(&body);
    let mut asked = http::request::Builder::new().method(Method::POST).uri(parts.uri.clone());
    if let Some(headers) = asked.headers_mut() {
        *headers = parts.headers.clone();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.remove(header::REFERER);
    }
    let Ok(mut asked) = asked.body(Body::from(body.clone())) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *asked.extensions_mut() = parts.extensions.clone();
    let answer = leptos_axum::handle_server_fns_with_context(|| {}, asked).await.into_response();
    let status = answer.status();
    let (head, answer) = answer.into_parts();
    let answer = to_bytes(answer, MOST_BYTES).await.unwrap_or_default();
    let mut once = None;
    let error = if status.is_success() {
        let mut outcome: Option<Outcome> = serde_json::from_slice(&answer).ok();
        // A secret goes into the page that answers, and nowhere else: not into an address, and not into a cookie.
        once = outcome.as_mut().and_then(|outcome| outcome.once.take());
        if outcome.as_ref().is_none_or(|outcome| *outcome != Outcome::again()) {
            return see_other(&parts.extensions, head.headers, outcome);
        }
        None
    } else {
        Some(serde_json::from_slice(&answer).unwrap_or(AppError::Transport))
    };
    let posted = Posted { action: parts.uri.path().to_owned(), values: typed(&body), error, once };
    let mut again = http::Request::new(Body::empty());
    *again.uri_mut() = page;
    *again.headers_mut() = parts.headers;
    *again.extensions_mut() = parts.extensions;
    let mut response = server.render(again, posted).await;
    // The page was found; what is wrong is the form.
    if response.status().is_success() {
        *response.status_mut() = status;
    }
    response
}

/// Leads on to where the outcome says, with the notice in a cookie.
fn see_other(extensions: &http::Extensions, mut headers: HeaderMap, outcome: Option<Outcome>) -> Response {
    let outcome = outcome.unwrap_or(Outcome { reload: true, ..Outcome::at("/") });
    let https = extensions.get::<Context>().is_some_and(|cx| cx.app.config.https());
    // What leads to a new page has left its notice already.
    if !outcome.reload
        && let Some(header) = flash(&outcome).and_then(|value| cookie_header(https, FLASH, &value, FLASH_SECONDS))
    {
        headers.append(header::SET_COOKIE, header);
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    for cookie in headers.get_all(header::SET_COOKIE) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    if let Ok(to) = HeaderValue::from_str(local_path(&outcome.to)) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// The page that a form is on: an address of ours, as the form itself says.
fn page_of(body: &[u8]) -> Uri {
    url::form_urlencoded::parse(body)
        .find(|(name, _)| name == PAGE)
        .and_then(|(_, page)| local_path(&page).parse().ok())
        .unwrap_or_else(|| Uri::from_static("/"))
}

/// What was typed and ticked, without passwords: those are typed again.
fn typed(body: &[u8]) -> Values {
    let mut values = Values::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        if name != "form[password]" && name != "form[again]" {
            values.entry(name.into_owned()).or_default().push(value.into_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_kept() {
        let typed = typed(b"form%5Bemail%5D=a%40b.test&form%5Bpassword%5D=Secret-2026&form%5Bagain%5D=Secret-2026");
        assert_eq!(typed, Values::from([("form[email]".to_owned(), vec!["a@b.test".to_owned()])]));
    }

    #[test]
    fn every_value_of_a_name_is_kept() {
        let typed = typed(b"page=%2Froles&form%5Bapis%5D%5B%5D=b&form%5Bapis%5D%5B%5D=a%3Bx&form%5Bname%5D=");
        let of = |name: &str| typed.get(name).cloned().unwrap_or_default();
        assert_eq!(of("form[apis][]"), ["b", "a;x"]);
        assert_eq!(of("form[name]"), [""]);
    }

    /// A form as capabilities write it.
    #[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Sample {
        name: String,
        #[serde(default)]
        all: bool,
        #[serde(default)]
        apis: Vec<String>,
    }

    #[derive(Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Ticks {
        #[serde(default)]
        all: bool,
        #[serde(default)]
        apis: Vec<String>,
    }

    /// The argument of a server function.
    #[derive(serde::Deserialize)]
    struct Sent<F> {
        form: F,
    }

    /// The same with `#[server(default)]` on the argument.
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct SentOrNot {
        #[serde(default)]
        form: Ticks,
    }

    /// What the decoder of server functions makes of a body.
    async fn arguments<A: serde::de::DeserializeOwned>(body: &str) -> Result<A, AppError> {
        use leptos::server_fn::codec::{FromReq, PostUrl};
        let request = Request::post("/").body(Body::from(body.to_owned())).unwrap();
        <A as FromReq<PostUrl, _, AppError>>::from_req(request).await
    }

    async fn decoded<F: serde::de::DeserializeOwned>(body: &str) -> Result<F, AppError> {
        arguments::<Sent<F>>(body).await.map(|sent| sent.form)
    }

    #[tokio::test]
    async fn a_list_and_a_tick_arrive_as_a_browser_posts_them() {
        let sample = |all, apis: &[&str]| Sample {
            name: "x y".to_owned(),
            all,
            apis: apis.iter().map(|api| (*api).to_owned()).collect(),
        };
        let name = "page=%2Fa%3Fb%3Dc&form%5Bname%5D=x+y";
        let posted = format!("{name}&form%5Bapis%5D%5B%5D=a&form%5Ball%5D=true&form%5Bapis%5D%5B%5D=b%3A%26%5B0%5D");
        assert_eq!(decoded(&posted).await, Ok(sample(true, &["a", "b:&[0]"])));
        assert_eq!(decoded(&format!("{name}&form%5Bapis%5D%5B%5D=a")).await, Ok(sample(false, &["a"])));
        assert_eq!(decoded(name).await, Ok(sample(false, &[])));
    }

    #[tokio::test]
    async fn a_form_with_nothing_ticked_needs_a_default() {
        assert_eq!(arguments("page=%2F").await, Ok(SentOrNot { form: Ticks::default() }));
        assert!(decoded::<Ticks>("page=%2F").await.is_err(), "the default is not needed any more: say so in scope.rs");
    }

    #[tokio::test]
    async fn a_list_arrives_as_script_sends_it() {
        // What the client's encoder makes of the same forms: lists with indexes, an empty one as an empty value.
        let full = "form[name]=x+y&form[all]=true&form[apis][0]=a%26b&form[apis][1]=c";
        let expected = Sample { name: "x y".to_owned(), all: true, apis: vec!["a&b".to_owned(), "c".to_owned()] };
        assert_eq!(decoded(full).await, Ok(expected));
        let expected = Sample { name: "x".to_owned(), ..Sample::default() };
        assert_eq!(decoded("form[name]=x&form[all]=false&form[apis]=").await, Ok(expected));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("xportico_session=no; portico_session=yes"));
        headers.append(header::COOKIE, HeaderValue::from_static("other=1"));
        assert_eq!(cookie(&headers, "portico_session"), Some("yes"));
        assert_eq!(cookie(&headers, "other"), Some("1"));
        assert_eq!(cookie(&headers, "session"), None);
    }

    #[test]
    fn a_form_is_shown_again_on_a_page_of_ours() {
        let page =
            |page: &str| page_of(format!("form[email]=x&page={}", crate::listing::encode(page)).as_bytes()).to_string();
        assert_eq!(page("/users?invite=1"), "/users?invite=1");
        assert_eq!(page("//evil"), "/");
        assert_eq!(page("https://evil.test/users"), "/");
        assert_eq!(page_of(b"form[email]=x").to_string(), "/");
    }
}
