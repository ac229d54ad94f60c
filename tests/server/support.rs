//! A server of the test's own: a database made from one template, a data folder, and the real services and router.

use std::{
    hash::{Hash, Hasher},
    net::SocketAddr,
    path::PathBuf,
    str::FromStr,
    sync::{Arc, Mutex},
    time::Duration,
};

use clap::Parser;
use metrics_exporter_prometheus::PrometheusBuilder;
use portico::{
    access::{BuiltIn, Category},
    accounts::{address::read_address, store as accounts},
    error::{AppError, Problem, Refusal},
    invitations::{
        self,
        model::{Block, InviteForm},
        service::Sent,
    },
    people,
    platform::{
        config::Config,
        context::{Actor, App, Context},
        database::{self, Database, MIGRATIONS},
        fault::Fault,
        http::{Server, router},
        secrets::Token,
        serve,
    },
    rights::{model as rights, service::put_rights},
    workspaces::store::{self as workspaces, Workspace},
};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{OnceCell, watch},
};
use uuid::Uuid;

/// A password that fulfils the rules.
pub const PASSWORD: &str = "Harbour-2026";

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

/// A server of the test's own.
pub struct TestApp {
    pub app: App,
    pub workspace: Workspace,
    database: String,
    folder: PathBuf,
}

fn admin() -> PgConnectOptions {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names the test cluster: use `make test`");
    PgConnectOptions::from_str(&url).unwrap()
}

async fn template() -> &'static str {
    let make = || async {
        let mut admin = PgConnection::connect_with(&admin()).await.unwrap();
        // The name holds what the migrations are, so that a changed one is not missed.
        let mut version = std::hash::DefaultHasher::new();
        MIGRATIONS.iter().for_each(|migration| migration.checksum.hash(&mut version));
        let name = format!("portico_template_{:x}", version.finish());
        // Two test binaries may begin at once.
        sqlx::query("select pg_advisory_lock(7)").execute(&mut admin).await.unwrap();
        let there: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if !there {
            create(&mut admin, &format!("create database {name}")).await;
            let pool = PgPool::connect_with(super::support::admin().database(&name)).await.unwrap();
            MIGRATIONS.run(&pool).await.unwrap();
            pool.close().await;
        }
        sqlx::query("select pg_advisory_unlock(7)").execute(&mut admin).await.unwrap();
        name
    };
    TEMPLATE.get_or_init(make).await
}

async fn create(db: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap();
}

impl TestApp {
    /// With mail captured.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With another configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        // Rendering spawns through this, once for the process.
        let _ = any_spawner::Executor::init_tokio();
        let database = format!("portico_test_{}", Uuid::now_v7().simple());
        let template = template().await;
        let mut connection = PgConnection::connect_with(&admin()).await.unwrap();
        create(&mut connection, &format!("create database {database} template {template}")).await;
        let folder = std::env::temp_dir().join(&database);
        let mut config = Flags::try_parse_from(["test"]).unwrap().config;
        config.data_dir = folder.clone();
        config.database_url = None;
        config.smtp_url = None;
        change(&mut config);
        let pool = database::connect(admin().database(&database)).await.unwrap();
        let app = serve::app(&config, &Database { pool, embedded: None }).await.unwrap();
        let mut db = app.pool.acquire().await.unwrap();
        let workspace = workspaces::find_by_host(&mut db, "").await.unwrap().unwrap();
        drop(db);
        Self { app, workspace, database, folder }
    }

    /// Its configuration.
    pub fn config(&self) -> &Config {
        &self.app.config
    }

    /// A user of the default workspace.
    pub async fn user(&self, name: &str, role: BuiltIn) -> Context {
        self.user_of(&self.workspace, name, role).await
    }

    /// A user of an organization of the default workspace.
    pub async fn organization_user(&self, name: &str, role: BuiltIn, organizations: &[Uuid]) -> Context {
        let roles: Vec<_> = organizations.iter().map(|organization| (role.id(), Some(*organization))).collect();
        self.account(&self.workspace, name, role.category(), &roles).await
    }

    /// A user, signed in: `name` also makes the address.
    pub async fn user_of(&self, workspace: &Workspace, name: &str, role: BuiltIn) -> Context {
        self.account(workspace, name, role.category(), &[(role.id(), None)]).await
    }

    async fn account(
        &self,
        workspace: &Workspace,
        name: &str,
        kind: Category,
        roles: &[(Uuid, Option<Uuid>)],
    ) -> Context {
        let address = read_address(&format!("{}@kestrel.test", name.to_lowercase())).unwrap();
        let password_hash = self.app.passwords.hash(PASSWORD.into()).await.unwrap();
        let id = Uuid::now_v7();
        let user = people::store::NewUser {
            id,
            address: &address,
            full_name: name,
            mobile: None,
            password_hash: Some(&password_hash),
            kind,
            customer_id: None,
            roles,
            given_by: None,
            given_by_name: "",
        };
        let token = Token::new(&workspace.public_id);
        let mut tx = self.app.pool.begin().await.unwrap();
        people::store::insert(&mut tx, workspace.id, &user).await.unwrap();
        accounts::insert_session(&mut tx, workspace.id, token.hash(), id).await.unwrap();
        tx.commit().await.unwrap();
        let actor = portico::accounts::service::resume(&self.app, workspace.id, &token).await.unwrap();
        Context { actor, ..self.nobody_of(workspace) }
    }

    /// The next request of somebody's session.
    pub async fn again(&self, cx: &Context) -> Context {
        let session = &cx.actor.as_ref().unwrap().session;
        let mut db = self.app.pool.acquire().await.unwrap();
        let user = accounts::find_session(&mut db, cx.ws(), session).await.unwrap().unwrap();
        let held = self.app.rights.of_user(&mut db, cx.ws(), user.version, user.user_id).await.unwrap().unwrap();
        let actor = Actor { held, at: user.at, ..cx.actor.clone().unwrap() };
        Context { actor: Some(actor), ..cx.clone() }
    }

    /// Gives somebody another role in the place of the one that they hold.
    pub async fn set_role(&self, by: &Context, of: &Context, role: BuiltIn) -> Result<String, Fault> {
        let change = rights::Change { role: Some(role.id()), ..Default::default() };
        put_rights(by, of.actor.as_ref().unwrap().user_id.unwrap(), Some(self.assignment(of).await), &change).await
    }

    /// The first of somebody's assignments.
    pub async fn assignment(&self, of: &Context) -> Uuid {
        let user = of.actor.as_ref().unwrap().user_id.unwrap();
        let held = of.held_by(&mut self.app.pool.acquire().await.unwrap(), user).await.unwrap().unwrap();
        held.facts.assignments[0].id
    }

    /// Nobody is signed in.
    pub fn nobody(&self) -> Context {
        self.nobody_of(&self.workspace)
    }

    /// Nobody is signed in, in another workspace.
    pub fn nobody_of(&self, workspace: &Workspace) -> Context {
        Context {
            app: self.app.clone(),
            request_id: "test".into(),
            workspace: Arc::new(workspace.clone()),
            actor: None,
            client: None,
            region: None,
        }
    }

    /// Invites and gives back what is sent and the token of its link, taken from the sealed message.
    pub async fn invite(&self, cx: &Context, email: &str, role: BuiltIn) -> (Sent, String) {
        let sent = invite(cx, email, role.slug()).await.unwrap();
        let token = self.token(sent.id).await;
        (sent, token)
    }

    /// The token in the queued message of an invitation.
    pub async fn token(&self, invitation: Uuid) -> String {
        let (id, sealed): (Uuid, Vec<u8>) =
            sqlx::query_as("select id, sealed_body from messages where invitation_id = $1 and sealed_body is not null")
                .bind(invitation)
                .fetch_one(&self.app.pool)
                .await
                .unwrap();
        let body = portico::mail::service::Body::open(&self.app.key, id, &sealed).unwrap();
        let link = body.text.lines().find(|line| line.contains("/setup/")).unwrap();
        link.rsplit('/').next().unwrap().to_owned()
    }

    /// A connection of its own, outside the pool.
    pub async fn connection(&self) -> PgConnection {
        PgConnection::connect_with(&admin().database(&self.database)).await.unwrap()
    }

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.app.pool).await.unwrap()
    }

    /// Writes to the database behind the services' back, as time does.
    pub async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.app.pool).await.unwrap();
    }

    /// Another server on the same database.
    pub async fn replica(&self) -> App {
        let pool = database::connect(admin().database(&self.database)).await.unwrap();
        serve::app(&self.app.config, &Database { pool, embedded: None }).await.unwrap()
    }

    /// The running router.
    pub async fn serve(&self) -> Site {
        Self::serve_app(&self.app).await
    }

    /// The running router of a replica.
    pub async fn serve_app(app: &App) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopping) = watch::channel(false);
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let service = router(Server::new(app.clone(), stopping, metrics));
        let service = service.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(axum::serve(listener, service).into_future());
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Site { address, client, _stop: stop }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let database = self.database.clone();
        let _ = std::fs::remove_dir_all(&self.folder);
        // The test's runtime is about to end; another one clears up.
        let cleared = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&admin()).await.unwrap();
                create(&mut connection, &format!("drop database {database} with (force)")).await;
            });
        });
        let _ = cleared.join();
    }
}

/// Invites one address with a role, and tells what is wrong beside it: in the field `email`, or in that of its block.
pub async fn invite(cx: &Context, email: &str, role: &str) -> Result<Sent, Fault> {
    let form = invite_form(email, role);
    let done = invitations::service::invite(cx, &form).await?;
    match done.sent.into_iter().next() {
        Some(sent) => Ok(sent),
        None => {
            let mut fields = done.left.fields;
            let reason = done.left.left.first().map(|(.., problem)| *problem).filter(|it| *it != Problem::Block);
            if reason == Some(Problem::NoSeat) {
                return Err(Refusal::NoSeat.into());
            }
            fields.extend(reason.map(|problem| ("email".to_owned(), problem)));
            Err(AppError::Invalid(fields).into())
        }
    }
}

/// The form that invites with a role.
pub fn invite_form(emails: &str, role: &str) -> InviteForm {
    let block = Block { emails: emails.into(), role: role.into(), ..Block::default() };
    InviteForm { rows: [(0, block)].into(), notify: true, back: "/users".into(), ..InviteForm::default() }
}

/// A running router, and a browser without script that talks to it.
pub struct Site {
    pub address: SocketAddr,
    pub client: reqwest::Client,
    _stop: watch::Sender<bool>,
}

impl Site {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A page, with a cookie.
    pub async fn get(&self, path: &str, cookie: &str) -> reqwest::Response {
        self.client.get(self.url(path)).header("cookie", cookie).header("accept", "text/html").send().await.unwrap()
    }

    /// A form as script posts it.
    pub async fn call(&self, function: &str, cookie: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        self.client
            .post(self.url(&format!("/api/{function}")))
            .header("cookie", cookie)
            .header("accept", "application/json")
            .header("sec-fetch-site", "same-origin")
            .form(fields)
            .send()
            .await
            .unwrap()
    }

    /// A form as a browser without script posts it, from a page of ours.
    pub async fn post(&self, page: &str, function: &str, cookie: &str, fields: &[(&str, &str)]) -> reqwest::Response {
        self.client
            .post(self.url(&format!("/api/{function}")))
            .header("cookie", cookie)
            .header("accept", "text/html,application/xhtml+xml")
            .header("origin", self.url(""))
            .form(&fields.iter().copied().chain([("page", page)]).collect::<Vec<_>>())
            .send()
            .await
            .unwrap()
    }

    /// Signs in, and gives back the cookie.
    pub async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let answer = self.call("sign-in", "", &[("form[email]", email), ("form[password]", password)]).await;
        let cookie = answer.headers().get("set-cookie")?.to_str().ok()?;
        Some(cookie.split(';').next()?.to_owned())
    }
}

/// What a mail server was given.
#[derive(Clone, Default)]
pub struct Received(Arc<Mutex<Vec<String>>>);

impl Received {
    /// The Message-IDs, in the order they came.
    pub fn message_ids(&self) -> Vec<String> {
        let mails = self.0.lock().unwrap();
        let id = |mail: &String| mail.lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_owned));
        mails.iter().filter_map(id).collect()
    }
}

/// A mail server that answers each mail with `verdict`.
pub async fn mail_server(listener: TcpListener, verdict: &'static str) -> Received {
    let received = Received::default();
    let shared = received.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, verdict, shared.clone()));
        }
    });
    received
}

async fn talk(stream: TcpStream, verdict: &str, received: Received) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while stream.read_line(&mut mail).await? > 0 && !mail.ends_with("\r\n.\r\n") {}
                if verdict.starts_with('2') {
                    received.0.lock().unwrap().push(mail);
                }
                verdict
            }
            "QUIT" => "221 bye",
            _ => "250 yes",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        line.clear();
    }
    Ok(())
}
