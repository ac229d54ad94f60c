//! Configuration: the environment variables of DESIGN.md section 7, each also a flag.

use std::path::PathBuf;

use clap::Args;
use url::Url;

/// Where Portico listens, keeps things and sends mail.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env = "PORTICO_BIND", default_value = "127.0.0.1:3000", global = true)]
    pub bind: String,
    /// The public address, the only source of links
    #[arg(long, env = "PORTICO_BASE_URL", default_value = "http://localhost:3000", value_parser = base_url, global = true)]
    pub base_url: Url,
    /// PostgreSQL 15 or newer [default: an embedded cluster in the data folder]
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Embedded cluster, captured mail and the instance key
    #[arg(long, env = "PORTICO_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: PathBuf,
    /// smtp:// or smtps://, credentials included [default: mail is captured in outbox/*.eml and shown in the console]
    #[arg(long, env = "PORTICO_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<String>,
    /// Sender of every mail
    #[arg(long, env = "PORTICO_MAIL_FROM", default_value = "Portico <no-reply@localhost>", global = true)]
    pub mail_from: String,
    /// 64 hexadecimal digits that seal queued mail; servers that share a database share it too
    /// [default: made once, in instance.key in the data folder]
    #[arg(long, env = "PORTICO_INSTANCE_KEY", hide_env_values = true, global = true)]
    pub instance_key: Option<String>,
    /// The address of the client is the last one in X-Forwarded-For: set it behind a proxy that appends to that header
    #[arg(long, env = "PORTICO_TRUST_PROXY", default_value_t = false, global = true)]
    pub trust_proxy: bool,
}

impl Config {
    /// Whether people reach Portico over HTTPS, so that cookies can be held to it.
    pub fn https(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// The public address of a workspace: the base URL, with the workspace's own host where it has one. Nothing of a
    /// request has a part in it (PITFALLS.md 20).
    pub fn address(&self, host: Option<&str>, path: &str) -> String {
        let mut url = self.base_url.clone();
        if let Some(host) = host {
            // A host that is no host was refused when the workspace was made; the base URL is the safe answer.
            let _ = url.set_host(Some(host));
        }
        format!("{}{path}", url.as_str().trim_end_matches('/'))
    }
}

fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("not an address: {error}"))?;
    match url.scheme() {
        "http" | "https" if url.path() == "/" && url.query().is_none() && url.fragment().is_none() => Ok(url),
        "http" | "https" => Err("give scheme, host and port only, as in https://portal.example.com".into()),
        scheme => Err(format!("begins with {scheme}:, but only http: and https: lead to a console")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        assert!(base_url("https://portal.example.com").is_ok());
        assert!(base_url("http://localhost:3000/").is_ok());
        for bad in ["portal", "ftp://x.test", "https://x.test/portal", "https://x.test/?a=b"] {
            assert!(base_url(bad).is_err(), "{bad}");
        }
    }
}
