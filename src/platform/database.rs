//! The connection to PostgreSQL, and the migrations.

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::{
    config::Config,
    embedded::{self, EmbeddedPostgres},
};

/// How long connections may take to close when the server stops.
const CLOSE: Duration = Duration::from_secs(1);

/// The migrations, in the binary.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The database, and the embedded cluster it lives in where no `DATABASE_URL` names another.
pub struct Database {
    /// Connections.
    pub pool: PgPool,
    /// The cluster to stop at the end.
    pub embedded: Option<EmbeddedPostgres>,
}

impl Database {
    /// Connects to `DATABASE_URL`, or starts or joins the embedded cluster; then brings the schema up to date.
    ///
    /// # Errors
    /// In words for whoever starts the server: what is missing or wrong.
    pub async fn open(config: &Config) -> Result<Self, String> {
        let (options, embedded) = match &config.database_url {
            Some(url) => {
                let options = PgConnectOptions::from_str(url)
                    .map_err(|error| format!("DATABASE_URL is not understood: {error}"))?;
                (options, None)
            }
            None => {
                let cluster = EmbeddedPostgres::start(Path::new(&config.data_dir)).await.map_err(|e| e.to_string())?;
                let options = PgConnectOptions::new_without_pgpass()
                    .socket(cluster.socket_dir())
                    .port(embedded::PORT)
                    .username(cluster.user())
                    .database(cluster.database());
                (options, Some(cluster))
            }
        };
        match up_to_date(options).await {
            Ok(pool) => Ok(Self { pool, embedded }),
            Err(error) => {
                if let Some(cluster) = embedded {
                    cluster.stop().await;
                }
                Err(error)
            }
        }
    }

    /// Closes the connections, and stops the embedded cluster unless another process uses it.
    pub async fn close(self) {
        // A connection that waits for something else ends with the process.
        let _ = tokio::time::timeout(CLOSE, self.pool.close()).await;
        if let Some(cluster) = self.embedded {
            cluster.stop().await;
        }
    }
}

async fn up_to_date(options: PgConnectOptions) -> Result<PgPool, String> {
    let pool = connect(options).await?;
    // sqlx holds an advisory lock while it migrates, so that replicas that start together take turns.
    let migrated = MIGRATIONS.run(&pool).await;
    migrated.map_err(|error| format!("the database's schema was not brought up to date: {error}"))?;
    Ok(pool)
}

/// A pool of connections that plan each query for its values: one statement serves lists with and without a search,
/// and a plan made for one is wrong for the other.
///
/// # Errors
/// When the database does not answer, or is older than PostgreSQL 15.
pub async fn connect(options: PgConnectOptions) -> Result<PgPool, String> {
    let pool = PgPoolOptions::new()
        .max_connections(20)
        .acquire_timeout(Duration::from_secs(5))
        .connect_with(
            options
                .options([("plan_cache_mode", "force_custom_plan"), ("lock_timeout", "5s")])
                .application_name("portico"),
        )
        .await
        .map_err(|error| format!("the database does not answer: {error}"))?;
    let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int")
        .fetch_one(&pool)
        .await
        .map_err(|error| format!("the database does not tell its version: {error}"))?;
    if version < 150_000 {
        return Err(format!("PostgreSQL 15 or newer is needed; this one is {}", version / 10_000));
    }
    Ok(pool)
}
