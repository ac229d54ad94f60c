//! The mail server that takes our mail, and the connections to it that are kept from mail to mail.
//!
//! lettre's own transport writes a mail and the dot that ends it apart: the kernel holds the dot back until the mail server has
//! confirmed the mail, which it puts off for 40 ms, so that a connection takes some 20 mails a second. Here both are one write.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::{
    Address, Message,
    transport::smtp::{
        Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Tls, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use url::Url;

/// How long the mail server may take to be connected to.
const CONNECT: Duration = Duration::from_secs(30);

/// How long it may take for a mail in all: some look through a mail before they answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// After how long a connection that nothing was said on is asked whether it still stands.
const DOUBT: Duration = Duration::from_secs(1);

/// After how long a connection that is not used is closed.
const IDLE: Duration = Duration::from_secs(20);

/// A mail server.
pub struct Relay {
    host: String,
    port: u16,
    tls: Tls,
    hello: ClientId,
    credentials: Option<Credentials>,
    /// Connections that wait for a mail, and since when.
    waiting: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    patience: Duration,
}

/// Why a mail was not handed over.
#[derive(Debug)]
pub enum Unsent {
    /// What the mail server answers, or why it is not reached.
    Error(Error),
    /// It says nothing any more.
    Silent,
}

impl Relay {
    /// By an address: `smtp://` or `smtps://`, with `?tls=required` or `?tls=opportunistic` for STARTTLS, and credentials and the name
    /// that is said to the mail server (the path) where they are given.
    ///
    /// # Errors
    /// In words for the operator, when it is not understood.
    pub fn new(address: &str) -> Result<Self, String> {
        let url = Url::parse(address).map_err(|error| error.to_string())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it names no host")?.to_owned();
        let encrypted = || TlsParameters::new(host.clone()).map_err(|error| error.to_string());
        let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
        let (port, tls) = match (url.scheme(), wanted.as_deref()) {
            ("smtp", None) => (SMTP_PORT, Tls::None),
            ("smtp", Some("required")) => (SUBMISSION_PORT, Tls::Required(encrypted()?)),
            ("smtp", Some("opportunistic")) => (SUBMISSION_PORT, Tls::Opportunistic(encrypted()?)),
            ("smtps", _) => (SUBMISSIONS_PORT, Tls::Wrapper(encrypted()?)),
            ("smtp", Some(_)) => return Err("tls is required or opportunistic".into()),
            (scheme, _) => {
                return Err(format!("it begins with {scheme}:, but only smtp: and smtps: lead to a mail server"));
            }
        };
        let name = url.path().trim_matches('/');
        Ok(Self {
            port: url.port().unwrap_or(port),
            tls,
            hello: if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.into()) },
            credentials: url.password().map(|password| Credentials::new(decode(url.username()), decode(password))),
            waiting: Mutex::default(),
            patience: PATIENCE,
            host,
        })
    }

    /// Hands a mail over, on a connection of an earlier one where one waits.
    ///
    /// # Errors
    /// As `Unsent`.
    pub async fn send(&self, mail: &Message) -> Result<Response, Unsent> {
        let sent = tokio::time::timeout(self.patience, self.try_send(mail)).await;
        sent.map_err(|_| Unsent::Silent)?.map_err(Unsent::Error)
    }

    async fn try_send(&self, mail: &Message) -> Result<Response, Error> {
        let mut connection = match self.take().await {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let answer = hand_over(&mut connection, mail).await;
        match answer {
            Ok(_) => self.waiting().push((connection, Instant::now())),
            Err(_) => connection.abort().await,
        }
        answer
    }

    /// Closes the connections that have not been used for a while.
    pub async fn close_idle(&self) {
        let idle: Vec<_> = self.waiting().extract_if(.., |(_, since)| since.elapsed() > IDLE).collect();
        for (mut connection, _) in idle {
            // It goes in any case; the mail server is only told.
            let _ = tokio::time::timeout(CONNECT, connection.abort()).await;
        }
    }

    /// The connection that was used last, where it still stands.
    async fn take(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) = self.waiting().pop()?;
            if since.elapsed() < DOUBT || connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let at_once = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), &self.hello, at_once, None).await?;
        match &self.tls {
            Tls::Required(tls) => connection.starttls(tls.clone(), &self.hello).await?,
            Tls::Opportunistic(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &self.hello).await?
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn hand_over(connection: &mut AsyncSmtpConnection, mail: &Message) -> Result<Response, Error> {
    let (envelope, written) = (mail.envelope(), mail.formatted());
    let mut marks = Vec::new();
    // What the mail server does not know it refuses by itself, in its own words.
    let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.to().iter().chain(envelope.from()).all(is_ascii) {
        marks.push(MailParameter::SmtpUtfEight);
    }
    if !written.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        marks.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(Mail::new(envelope.from().cloned(), marks)).await?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.command(Dotted(&String::from_utf8_lossy(&written))).await
}

/// A mail as it travels: a line that begins with a dot gets one more, and a line of one dot ends it.
struct Dotted<'a>(&'a str);

impl fmt::Display for Dotted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.0.strip_suffix("\r\n").unwrap_or(self.0).split("\r\n");
        lines.try_for_each(|line| write!(f, "{}{line}\r\n", if line.starts_with('.') { "." } else { "" }))?;
        f.write_str(".\r\n")
    }
}

/// What stands for a name or a password in an address.
fn decode(written: &str) -> String {
    // Forms are written the same way but for these two.
    let form = written.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(form.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        let read = |address: &str| Relay::new(address).map_err(|error| panic!("{address}: {error}")).unwrap();
        let plain = read("smtp://relay.test");
        assert_eq!((plain.host.as_str(), plain.port, plain.credentials), ("relay.test", 25, None));
        assert!(matches!(read("smtp://relay.test?tls=required").tls, Tls::Required(_)));
        assert!(matches!(read("smtp://relay.test?tls=opportunistic").tls, Tls::Opportunistic(_)));
        let full = read("smtps://ana%40b.test:p+a&s%2Fs%25=1@relay.test:4465/portal.test");
        assert!(matches!(full.tls, Tls::Wrapper(_)));
        assert_eq!(full.port, 4465);
        assert_eq!(full.hello, ClientId::Domain("portal.test".into()));
        assert_eq!(full.credentials, Some(Credentials::new("ana@b.test".into(), "p+a&s/s%=1".into())));
        for bad in ["relay.test", "http://relay.test", "smtp://relay.test?tls=maybe", "smtp://"] {
            assert!(Relay::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lines_that_begin_with_a_dot_do_not_end_a_mail() {
        assert_eq!(Dotted("a\r\n.\r\n..b\r\nc.").to_string(), "a\r\n..\r\n...b\r\nc.\r\n.\r\n");
        assert_eq!(Dotted(".a\r\n").to_string(), "..a\r\n.\r\n");
    }

    fn mail() -> Message {
        let mail = Message::builder().from("a@b.test".parse().unwrap()).to("c@d.test".parse().unwrap());
        mail.body("What is written in it.\r\n".repeat(200)).unwrap()
    }

    #[tokio::test]
    async fn a_mail_and_its_end_travel_together_and_the_connection_stays() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::new(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let server = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut came = Vec::new();
            let mut read = vec![0; 1 << 16];
            client.write_all(b"220 here\r\n").await.unwrap();
            while came.len() < 9 {
                let length = client.read(&mut read).await.unwrap();
                let words = String::from_utf8(read[..length].to_vec()).unwrap();
                client.write_all(if words == "DATA\r\n" { b"354 go on\r\n" } else { b"250 yes\r\n" }).await.unwrap();
                came.push(words);
            }
            came
        });
        for _ in 0..2 {
            relay.send(&mail()).await.unwrap();
        }
        let came = server.await.unwrap();
        for (at, begins) in ["EHLO", "MAIL", "RCPT", "DATA", "From", "MAIL", "RCPT", "DATA", "From"].iter().enumerate()
        {
            assert!(came[at].starts_with(begins) && came[at].ends_with("\r\n"), "{at}: {}", came[at]);
        }
        assert!(came[4].ends_with("in it.\r\n.\r\n"), "{}", came[4]);
    }

    #[tokio::test]
    async fn a_mail_server_that_says_nothing_is_not_waited_for_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = Relay::new(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        let relay = Relay { patience: Duration::from_millis(50), ..relay };
        assert!(matches!(relay.send(&mail()).await, Err(Unsent::Silent)));
    }
}
