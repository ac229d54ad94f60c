//! The most that the decision API could reach: an axum handler that reads the same body, checks the same header and answers
//! the same every time. Usage: constant ADDRESS KEY

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};

async fn answer(State(key): State<&'static str>, headers: HeaderMap, _body: Bytes) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|it| it.as_bytes() != key.as_bytes()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut response = Response::new(Body::from(r#"{"decision":true}"#));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (address, key) = (arguments.next().unwrap(), arguments.next().unwrap());
    let key: &'static str = format!("Bearer {key}").leak();
    // As many workers as Portico has.
    let workers = std::thread::available_parallelism().map_or(4, usize::from).max(4);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await.unwrap();
        let router = Router::new()
            .route("/access/v1/evaluation", post(answer))
            .route("/access/v1/evaluations", post(answer))
            .with_state(key);
        axum::serve(listener, router).await.unwrap();
    });
}
