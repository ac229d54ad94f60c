//! How often something may be tried. Slows down, never strands (PITFALLS.md 18): whoever waits may try again.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock};
use uuid::Uuid;

use crate::error::AppError;

/// Limits of this process. Where several share a database, each has its own.
pub struct Limits {
    by_account_and_client: DefaultKeyedRateLimiter<(Uuid, String, Option<IpAddr>)>,
    by_account: DefaultKeyedRateLimiter<(Uuid, String)>,
    by_client: DefaultKeyedRateLimiter<IpAddr>,
    links: DefaultKeyedRateLimiter<Option<IpAddr>>,
    mail_by_sender: DefaultKeyedRateLimiter<(Uuid, Uuid)>,
    mail_by_recipient: DefaultKeyedRateLimiter<(Uuid, String)>,
    mail_by_workspace: DefaultKeyedRateLimiter<Uuid>,
    access_requests: DefaultKeyedRateLimiter<(Uuid, Uuid)>,
    unknown_keys: DefaultKeyedRateLimiter<Option<IpAddr>>,
}

const fn at_least_one(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

fn minute<K: Hash + Eq + Clone>(n: u32) -> DefaultKeyedRateLimiter<K> {
    DefaultKeyedRateLimiter::keyed(Quota::per_minute(at_least_one(n)))
}

fn hour<K: Hash + Eq + Clone>(n: u32) -> DefaultKeyedRateLimiter<K> {
    DefaultKeyedRateLimiter::keyed(Quota::per_hour(at_least_one(n)))
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Ten tries at once from one place, then one every six seconds; from elsewhere the account stays open to its
            // person, whoever tries meanwhile …
            by_account_and_client: minute(10),
            // … up to what a crowd of places may try together,
            by_account: minute(200),
            // and, for one place, as many as an office behind one address needs.
            by_client: minute(120),
            links: minute(30),
            // Mails that are caused (PITFALLS.md 22): they count recipients.
            // One paste of 10,000 addresses may be sent at once, by two people one after the other.
            mail_by_sender: hour(10_000),
            mail_by_recipient: hour(10),
            mail_by_workspace: hour(20_000),
            access_requests: hour(20),
            // Keys that are not known here, each looked up in the database once.
            unknown_keys: minute(60),
        }
    }
}

impl Limits {
    /// A try to sign in.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn sign_in(&self, workspace: Uuid, account: &str, client: Option<IpAddr>) -> Result<(), AppError> {
        let client = client.map(place);
        if let Some(client) = client {
            check(&self.by_client, &client)?;
        }
        check(&self.by_account_and_client, &(workspace, account.to_owned(), client))?;
        check(&self.by_account, &(workspace, account.to_owned()))
    }

    /// A try to set an account up with a link that works: each costs the hash of a password.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn link(&self, client: Option<IpAddr>) -> Result<(), AppError> {
        // Without a client there is no stranger: only tests and the command line come without one.
        client.map_or(Ok(()), |client| check(&self.links, &Some(place(client))))
    }

    /// One more mail to this address that this person causes.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn mail(&self, workspace: Uuid, sender: Uuid, recipient: &str) -> Result<(), AppError> {
        check(&self.mail_by_sender, &(workspace, sender))?;
        check(&self.mail_by_recipient, &(workspace, recipient.to_owned()))?;
        check(&self.mail_by_workspace, &workspace)
    }

    /// One more address given to an invitation link, whose it may be. The mails that a link causes are counted as its own: strangers
    /// do not use up what its maker may send.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn join(&self, workspace: Uuid, link: Uuid, client: Option<IpAddr>) -> Result<(), AppError> {
        self.link(client)?;
        check(&self.mail_by_sender, &(workspace, link))?;
        check(&self.mail_by_workspace, &workspace)
    }

    /// Whether an address may get one more mail that counts for nobody else: by an invitation link, whose giver is not told, or by an
    /// import.
    pub fn reaches(&self, workspace: Uuid, recipient: &str) -> bool {
        check(&self.mail_by_recipient, &(workspace, recipient.to_owned())).is_ok()
    }

    /// One more request for access by this person.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn access_request(&self, workspace: Uuid, user: Uuid) -> Result<(), AppError> {
        check(&self.access_requests, &(workspace, user))
    }

    /// A key that is not known here, to be looked up in the database. Keys that are known are not counted.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn unknown_key(&self, client: Option<IpAddr>) -> Result<(), AppError> {
        check(&self.unknown_keys, &client.map(place))
    }

    /// Forgets who has not tried for long, so that the tables stay small.
    pub fn sweep(&self) {
        self.by_account_and_client.retain_recent();
        self.by_account.retain_recent();
        self.by_client.retain_recent();
        self.links.retain_recent();
        self.mail_by_sender.retain_recent();
        self.mail_by_recipient.retain_recent();
        self.mail_by_workspace.retain_recent();
        self.access_requests.retain_recent();
        self.unknown_keys.retain_recent();
    }
}

/// Where a client is: its address, or the network of 64 bits that an IPv6 address may be any of.
fn place(client: IpAddr) -> IpAddr {
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), AppError> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        AppError::RateLimited(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn pitfall_18_whoever_tries_too_often_is_slowed_down_and_nobody_else() {
        let limits = Limits::default();
        let workspace = Uuid::nil();
        for _ in 0..10 {
            assert!(limits.sign_in(workspace, "a@b.test", from(1)).is_ok());
        }
        match limits.sign_in(workspace, "a@b.test", from(1)) {
            Err(AppError::RateLimited(seconds)) => assert!((1..=7).contains(&seconds), "{seconds}"),
            other => panic!("{other:?}"),
        }
        assert!(limits.sign_in(workspace, "a@b.test", from(2)).is_ok(), "its person, from elsewhere");
        assert!(limits.sign_in(workspace, "c@b.test", from(1)).is_ok(), "another account");
        assert!(limits.sign_in(Uuid::max(), "a@b.test", from(1)).is_ok(), "another workspace");
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let limits = Limits::default();
        let tries = (0..200u16).filter(|n| {
            let client = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 1, 1, 0, 0, 0, *n));
            limits.sign_in(Uuid::nil(), &format!("u{n}@b.test"), Some(client)).is_ok()
        });
        assert_eq!(tries.count(), 120);
    }

    #[test]
    fn pitfall_22_mails_are_counted_by_sender_recipient_and_workspace() {
        let limits = Limits::default();
        let (workspace, sender) = (Uuid::nil(), Uuid::max());
        let to_one = (0..50).filter(|_| limits.mail(workspace, sender, "a@b.test").is_ok()).count();
        assert_eq!(to_one, 10);
        let by_one = (0..12_000).filter(|n| limits.mail(workspace, sender, &format!("u{n}@b.test")).is_ok()).count();
        assert!((9_950..10_050).contains(&by_one), "the fifty tries before count too: {by_one}");
        let by_all = (0..30_000u128)
            .filter(|n| limits.mail(workspace, Uuid::from_u128(n / 100), &format!("v{n}@b.test")).is_ok())
            .count();
        let most = 20_000 - to_one - by_one;
        assert!((most..most + 200).contains(&by_all), "{by_all} of {most}: some come back while the test runs");
    }
}
