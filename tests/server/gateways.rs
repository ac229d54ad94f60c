//! The gate for proxies: by itself, as Envoy asks it, and behind a real nginx with the configuration of the docs.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use axum::{Router, extract::Request, http::HeaderMap};
use reqwest::{Method, Response};
use tokio::net::TcpListener;

use super::{
    authzen::{key, town},
    support::{Site, TestApp},
};

/// A question in headers.
async fn gate(site: &Site, key: &str, method: Method, path: &str, headers: &[(&'static str, &str)]) -> (u16, String) {
    let mut request = site.client.request(method, site.url(path)).bearer_auth(key);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let reason = answer.headers().get("portico-reason").map(|it| it.to_str().unwrap().to_owned());
    (answer.status().as_u16(), reason.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_answers_by_status() {
    let (app, asker) = town().await;
    let (site, right) = (&asker.site, asker.key.as_str());
    let who = |name: &'static str| ("portico-subject", name);
    let payments = ("portico-resource", "api/payments");
    let (owner, chosen) = (who("owner@town.test"), who("chosen@town.test"));
    for (method, headers, expected) in [
        (Method::GET, vec![chosen, payments], (200, "permitted")),
        (Method::HEAD, vec![chosen, payments], (200, "permitted")),
        (Method::POST, vec![chosen, payments], (200, "permitted")),
        (Method::PATCH, vec![chosen, payments], (200, "permitted")),
        (Method::PUT, vec![who("visitor@town.test"), payments], (403, "role")),
        (Method::DELETE, vec![who("visitor@town.test"), payments], (403, "role")),
        (Method::OPTIONS, vec![owner, payments], (403, "unknown-action")),
        (Method::GET, vec![owner, payments, ("x-original-method", "TRACE")], (403, "unknown-action")),
        (Method::GET, vec![who("visitor@town.test"), payments, ("x-original-method", "DELETE")], (403, "role")),
        (Method::GET, vec![who("visitor@town.test"), payments, ("portico-action", "download")], (403, "role")),
        (Method::DELETE, vec![who("visitor@town.test"), payments, ("portico-action", "view")], (200, "permitted")),
        (Method::GET, vec![owner, payments, ("portico-action", "")], (403, "unknown-action")),
        (Method::GET, vec![owner, ("portico-resource", "feature/billing")], (200, "permitted")),
        (Method::GET, vec![owner, ("portico-resource", "payments")], (403, "unknown-type")),
        (Method::GET, vec![owner, ("portico-resource", "api/payments/x")], (403, "unknown-api")),
        (Method::GET, vec![owner], (403, "unknown-subject")),
        (Method::GET, vec![payments], (403, "unknown-subject")),
        (Method::GET, vec![who(""), payments], (403, "unknown-subject")),
        (Method::GET, vec![owner, payments, ("portico-region", "mars")], (403, "unknown-region")),
        (Method::GET, vec![owner, payments, ("portico-region", "")], (403, "unknown-region")),
        (
            Method::GET,
            vec![who("member@town.test"), ("portico-resource", "api/maps"), ("portico-region", "eu")],
            (200, "permitted"),
        ),
        (Method::GET, vec![who("developer@town.test"), payments, ("portico-organization", "acme")], (200, "permitted")),
        (Method::GET, vec![chosen, payments, ("portico-feature", "billing")], (403, "role")),
    ] {
        let told = gate(site, right, method.clone(), "/access/v1/gate", &headers).await;
        assert_eq!((told.0, told.1.as_str()), expected, "{method} {headers:?}");
    }
    for twice in ["portico-subject", "portico-resource", "portico-action", "portico-region", "x-original-method"] {
        let headers = [owner, payments, (twice, "x"), (twice, "y")];
        assert_eq!(gate(site, right, Method::GET, "/access/v1/gate", &headers).await.0, 400, "{twice}");
    }
    for (key, status) in [("", 401), ("abcdefgh.x", 401), (key(&app, &app.workspace, false).await.as_str(), 403)] {
        assert_eq!(gate(site, key, Method::GET, "/access/v1/gate", &[owner, payments]).await, (status, String::new()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gate_takes_nothing_from_the_clients_address() {
    let (_app, asker) = town().await;
    let headers = [("portico-subject", "visitor@town.test"), ("portico-resource", "api/payments")];
    for path in ["", "/", "/payments/1?portico-subject=owner@town.test&action=view", "/..%2f..%2fevaluation", "/a/b/c"]
    {
        let path = format!("/access/v1/gate{path}");
        assert_eq!(gate(&asker.site, &asker.key, Method::GET, &path, &headers).await.0, 200, "{path}");
        assert_eq!(gate(&asker.site, &asker.key, Method::DELETE, &path, &headers).await.0, 403, "{path}");
    }
}

/// A running nginx, with a folder of its own.
struct Nginx {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

async fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// The API behind the gateway: it says who it was told that it is.
async fn backend() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let api = Router::new().fallback(async |headers: HeaderMap, request: Request| {
        let subject = headers.get("portico-subject").map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(!headers.contains_key("authorization"), "passwords stay in front");
        format!("{} {} for {subject}", request.method(), request.uri().path())
    });
    tokio::spawn(axum::serve(listener, api).into_future());
    address
}

impl Nginx {
    /// With the configuration of the docs: only addresses, the key and the file of passwords are others.
    async fn start(app: &TestApp, portico: SocketAddr, key: &str) -> Self {
        let address = free().await;
        let folder = app.config().data_dir.join(format!("nginx-{}", address.port()));
        fs::create_dir_all(&folder).unwrap();
        let mut conf = fs::read_to_string("docs/nginx-auth-request.conf").unwrap();
        for (theirs, ours) in [
            ("server 127.0.0.1:3000;", format!("server {portico};")),
            ("server 127.0.0.1:9000;", format!("server {};", backend().await)),
            ("listen 8080;", format!("listen {address};")),
            ("/etc/nginx/apis.htpasswd", folder.join("htpasswd").display().to_string()),
            ("PUT-YOUR-KEY-HERE", key.to_owned()),
        ] {
            assert_eq!(conf.matches(theirs).count(), 1, "the docs have {theirs} once");
            conf = conf.replace(theirs, &ours);
        }
        fs::write(folder.join("portico.conf"), conf).unwrap();
        let users = ["chosen", "visitor", "nobody", "gone"];
        let passwords: String = users.iter().map(|name| format!("{name}@town.test:{{PLAIN}}secret\n")).collect();
        fs::write(folder.join("htpasswd"), passwords).unwrap();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let paths: String = temporary.iter().map(|it| format!("{it}_temp_path {it};\n")).collect();
        let whole = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr warn;\nevents {{}}\n\
             http {{\naccess_log off;\n{paths}include portico.conf;\n}}\n"
        );
        fs::write(folder.join("nginx.conf"), whole).unwrap();
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|it| Path::new(it).exists());
        let child = Command::new(program.unwrap_or("nginx"))
            .args(["-e", "stderr", "-p", folder.to_str().unwrap(), "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx is installed: `make setup` gets it");
        let mut nginx = Self { child, folder, address };
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(nginx.child.try_wait().unwrap().is_none(), "nginx ended");
        }
        nginx
    }

    async fn ask(&self, method: Method, path: &str, name: &str, headers: &[(&'static str, &str)]) -> Response {
        let client = reqwest::Client::new();
        let mut request = client.request(method, format!("http://{}{path}", self.address));
        request = request.basic_auth(format!("{name}@town.test"), Some("secret"));
        for (header, value) in headers {
            request = request.header(*header, *value);
        }
        request.send().await.unwrap()
    }

    async fn status(&self, method: Method, path: &str, name: &str) -> u16 {
        self.ask(method, path, name, &[]).await.status().as_u16()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_lets_through_what_portico_permits() {
    let (app, asker) = town().await;
    let nginx = Nginx::start(&app, asker.site.address, &asker.key).await;
    let answer = nginx.ask(Method::GET, "/payments/charges/1?x=2", "chosen", &[]).await;
    assert_eq!(answer.headers()["portico-reason"], "permitted");
    assert_eq!(answer.text().await.unwrap(), "GET /payments/charges/1 for chosen@town.test");
    for (method, path, name, status) in [
        (Method::POST, "/payments", "chosen", 200),
        (Method::DELETE, "/payments/1", "chosen", 200),
        (Method::GET, "/orders/1", "chosen", 403),
        (Method::GET, "/payments-2/1", "chosen", 403),
        (Method::GET, "/orders/../payments/1", "chosen", 200),
        (Method::GET, "/payments/1", "visitor", 200),
        (Method::POST, "/payments/1", "visitor", 403),
        (Method::DELETE, "/payments/1", "visitor", 403),
        (Method::OPTIONS, "/payments/1", "chosen", 403),
        (Method::GET, "/payments/1", "nobody", 403),
        (Method::GET, "/payments/1", "gone", 403),
        (Method::GET, "/", "chosen", 404),
        (Method::GET, "/.portico", "chosen", 404),
    ] {
        assert_eq!(nginx.status(method.clone(), path, name).await, status, "{method} {path} {name}");
    }
    let refused = nginx.ask(Method::POST, "/payments/1", "visitor", &[]).await;
    assert_eq!(refused.headers()["portico-reason"], "role");
    assert!(!refused.text().await.unwrap().contains(&asker.key));
    // A client's own headers say nothing.
    let forged = [
        ("portico-subject", "owner@town.test"),
        ("portico-action", "view"),
        ("x-original-method", "GET"),
        ("portico-resource", "feature/billing"),
    ];
    assert_eq!(nginx.ask(Method::POST, "/payments/1", "visitor", &forged).await.status(), 403);
    let passed = nginx.ask(Method::GET, "/payments/1", "visitor", &forged).await;
    assert_eq!(passed.text().await.unwrap(), "GET /payments/1 for visitor@town.test");
    // Nobody at all.
    let bare = reqwest::get(format!("http://{}/payments/1", nginx.address)).await.unwrap();
    assert_eq!(bare.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_is_closed_where_portico_does_not_answer_or_not_know_the_key() {
    let (app, asker) = town().await;
    let wrong = Nginx::start(&app, asker.site.address, &format!("{}A", &asker.key[..asker.key.len() - 1])).await;
    assert_eq!(wrong.status(Method::GET, "/payments/1", "chosen").await, 401);
    let unable = Nginx::start(&app, asker.site.address, &key(&app, &app.workspace, false).await).await;
    assert_eq!(unable.status(Method::GET, "/payments/1", "chosen").await, 403);
    let down = Nginx::start(&app, free().await, &asker.key).await;
    assert_eq!(down.status(Method::GET, "/payments/1", "chosen").await, 500);
}
