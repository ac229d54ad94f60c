//! How a mail leaves: over SMTP, or into a file where no mail server is configured.

use std::{
    io,
    path::{Path, PathBuf},
};

use lettre::{
    Address, Message,
    message::{Mailbox, MultiPart},
};
use uuid::Uuid;

use super::{
    model::Captured,
    relay::{Relay, Unsent},
    service::Body,
    store::Claimed,
};
use crate::platform::{config::Config, fault::Fault};

/// Mails handed over at the same time by one server; also its most connections to the mail server.
pub const SENDERS: usize = 4;

/// Where mail goes.
pub enum Transport {
    /// A mail server, over connections that are kept.
    Smtp(Relay),
    /// Files in `outbox/` of the data folder.
    Capture(PathBuf),
}

/// What became of a hand-over.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it, with these words.
    Sent(String),
    /// Written to a file.
    Captured,
    /// Not now: try again.
    Later(String),
    /// Never: the mail server refuses it for good, or it cannot be written as a mail.
    Never(String),
}

impl Transport {
    /// From the configuration.
    ///
    /// # Errors
    /// In words for the operator, when `PORTICO_SMTP_URL` is not understood or the folder cannot be made.
    pub fn new(config: &Config) -> Result<Self, String> {
        match &config.smtp_url {
            Some(url) => {
                let relay = Relay::new(url).map_err(|error| format!("PORTICO_SMTP_URL is not understood: {error}"))?;
                Ok(Self::Smtp(relay))
            }
            None => {
                let folder = folder(&config.data_dir);
                std::fs::create_dir_all(&folder)
                    .and_then(|()| {
                        std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))
                    })
                    .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
                Ok(Self::Capture(folder))
            }
        }
    }

    /// Hands a message over.
    pub async fn hand_over(&self, from: &Mailbox, claimed: &Claimed, body: Body) -> Outcome {
        let message = match write(from, claimed, body) {
            Ok(message) => message,
            Err(reason) => return Outcome::Never(reason),
        };
        match self {
            Self::Smtp(relay) => match relay.send(&message).await {
                Ok(response) => {
                    let said: Vec<&str> = response.message().collect();
                    Outcome::Sent(format!("{} {}", response.code(), said.join(" ")))
                }
                Err(Unsent::Error(error)) if refuses_the_mail(&error) => Outcome::Never(in_its_words(&error)),
                Err(Unsent::Error(error)) => Outcome::Later(in_its_words(&error)),
                Err(Unsent::Silent) => Outcome::Later("the mail server does not answer any more".into()),
            },
            Self::Capture(folder) => match keep(folder, claimed.id, &message.formatted()).await {
                Ok(()) => Outcome::Captured,
                Err(error) => Outcome::Later(format!("cannot write to {}: {error}", folder.display())),
            },
        }
    }

    /// Lets go of what is only of use while there is mail.
    pub async fn rest(&self) {
        if let Self::Smtp(relay) = self {
            relay.close_idle().await;
        }
    }
}

/// Whether the mail server refuses this mail for good. What it says of us is no refusal of the mail: a rotated password, a
/// relay that wants encryption or does not know us yet is mended by an operator, and the mail waits for that.
fn refuses_the_mail(error: &lettre::transport::smtp::Error) -> bool {
    const OF_US: [u16; 7] = [421, 500, 502, 530, 534, 535, 538];
    error.is_permanent() && error.status().is_some_and(|code| !OF_US.contains(&u16::from(code)))
}

fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("outbox")
}

/// The mail itself. Everything in it is fixed by the row, so that a repeated hand-over repeats the same mail.
fn write(from: &Mailbox, claimed: &Claimed, body: Body) -> Result<Message, String> {
    let to: Address = claimed.to.parse().map_err(|error| format!("{} is no mail address: {error}", claimed.to))?;
    let from = match claimed.from_name.as_str() {
        "" => from.clone(),
        // A header is one line, whatever a name holds.
        name => {
            Mailbox::new(Some(name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()), from.email.clone())
        }
    };
    Message::builder()
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(&claimed.subject)
        .message_id(Some(claimed.message_id.clone()))
        .date(claimed.queued_at.into())
        .multipart(MultiPart::alternative_plain_html(body.text, body.html))
        .map_err(|error| format!("cannot be written as a mail: {error}"))
}

/// The mail server's own answer where it gave one, else why it was not reached, down to the last cause.
fn in_its_words(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = inner.source();
    }
    words.chars().filter(|c| !c.is_control()).take(500).collect()
}

async fn keep(folder: &Path, id: Uuid, mail: &[u8]) -> io::Result<()> {
    use tokio::io::AsyncWriteExt;
    let path = folder.join(format!("{id}.eml"));
    let aside = folder.join(format!("{id}.part"));
    let mut file =
        tokio::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside).await?;
    file.write_all(mail).await?;
    file.sync_all().await?;
    tokio::fs::rename(&aside, &path).await
}

/// Reads a captured mail back; `None` when its file is gone.
///
/// # Errors
/// When the file cannot be read or understood.
pub async fn read_captured(data_dir: &Path, id: Uuid) -> Result<Option<Captured>, Fault> {
    let path = folder(data_dir).join(format!("{id}.eml"));
    let mail = match tokio::fs::read(&path).await {
        Ok(mail) => mail,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Fault::Other(format!("{}: {error}", path.display()))),
    };
    let parsed = mail_parser::MessageParser::default()
        .parse(&mail)
        .ok_or_else(|| Fault::Other(format!("{} is no mail", path.display())))?;
    let to = parsed.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default();
    Ok(Some(Captured {
        to: to.to_owned(),
        subject: parsed.subject().unwrap_or_default().to_owned(),
        text: parsed.body_text(0).unwrap_or_default().into_owned(),
        html: parsed.body_html(0).unwrap_or_default().into_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    fn claimed(to: &str, subject: &str) -> Claimed {
        Claimed {
            workspace_id: Uuid::nil(),
            invitation_id: None,
            id: Uuid::now_v7(),
            from_name: String::new(),
            to: to.into(),
            subject: subject.into(),
            message_id: "<fixed@portal.test>".into(),
            sealed_body: Vec::new(),
            attempts: 0,
            queued_at: OffsetDateTime::UNIX_EPOCH,
            old: false,
        }
    }

    fn body() -> Body {
        Body { text: "Grüße".into(), html: "<p>Grüße</p>".into() }
    }

    #[test]
    fn a_repeated_hand_over_repeats_the_message_id_and_date() {
        let from: Mailbox = "Portico <no-reply@localhost>".parse().unwrap();
        let mail = String::from_utf8(write(&from, &claimed("a@b.test", "Hello"), body()).unwrap().formatted()).unwrap();
        assert!(mail.contains("Message-ID: <fixed@portal.test>\r\n"), "{mail}");
        assert!(mail.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"), "{mail}");
        assert!(mail.contains("multipart/alternative"), "{mail}");
    }

    #[test]
    fn pitfall_21_line_breaks_reach_no_header() {
        let from: Mailbox = "Portico <no-reply@localhost>".parse().unwrap();
        let subject = "Hello\r\nBcc: everybody@b.test";
        let mail = String::from_utf8(write(&from, &claimed("a@b.test", subject), body()).unwrap().formatted()).unwrap();
        assert!(!mail.lines().any(|line| line.starts_with("Bcc:")), "{mail}");
        assert!(write(&from, &claimed("a@b.test\r\nBcc: c@d.test", "Hello"), body()).is_err());
        let named = Claimed { from_name: "Kestrel\r\nBcc: e@f.test".into(), ..claimed("a@b.test", "Hello") };
        let mail = String::from_utf8(write(&from, &named, body()).unwrap().formatted()).unwrap();
        assert!(!mail.lines().any(|line| line.starts_with("Bcc:")), "{mail}");
    }

    #[test]
    fn a_mail_comes_from_the_name_that_was_fixed_with_it() {
        let from: Mailbox = "Portico <no-reply@localhost>".parse().unwrap();
        for (name, shown) in [("", "Portico"), ("Kestrel, \"Sea\" & Søn", "Kestrel, \"Sea\" & Søn")] {
            let claimed = Claimed { from_name: name.into(), ..claimed("a@b.test", "Hello") };
            let mail = write(&from, &claimed, body()).unwrap().formatted();
            let read = mail_parser::MessageParser::default().parse(&mail).unwrap();
            let sender = read.from().and_then(|from| from.first()).unwrap();
            assert_eq!((sender.name(), sender.address()), (Some(shown), Some("no-reply@localhost")));
        }
    }
}
