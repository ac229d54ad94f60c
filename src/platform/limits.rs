//! How often something may be tried. Slows down, never strands (PITFALLS.md 18): whoever waits may try again.

use std::{net::IpAddr, num::NonZeroU32};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock};
use uuid::Uuid;

use crate::error::AppError;

/// Limits of this process. Where several share a database, each has its own.
pub struct Limits {
    by_account: DefaultKeyedRateLimiter<(Uuid, String)>,
    by_client: DefaultKeyedRateLimiter<IpAddr>,
    invites: DefaultKeyedRateLimiter<(Uuid, Uuid)>,
}

const fn at_least_one(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Ten tries at once, then one every six seconds, for one account …
            by_account: DefaultKeyedRateLimiter::keyed(Quota::per_minute(at_least_one(10))),
            // … and, for one client, as many as an office behind one address needs.
            by_client: DefaultKeyedRateLimiter::keyed(Quota::per_minute(at_least_one(120))),
            // Mails that one person causes (PITFALLS.md 22).
            invites: DefaultKeyedRateLimiter::keyed(Quota::per_hour(at_least_one(500))),
        }
    }
}

impl Limits {
    /// A try to sign in, or to use a link's token.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn sign_in(&self, workspace: Uuid, account: &str, client: Option<IpAddr>) -> Result<(), AppError> {
        if let Some(client) = client {
            check(&self.by_client, &client)?;
        }
        check(&self.by_account, &(workspace, account.to_owned()))
    }

    /// One more mail that this person causes.
    ///
    /// # Errors
    /// `RateLimited`, with the seconds to wait.
    pub fn mail(&self, workspace: Uuid, sender: Uuid) -> Result<(), AppError> {
        check(&self.invites, &(workspace, sender))
    }

    /// Forgets who has not tried for long, so that the tables stay small.
    pub fn sweep(&self) {
        self.by_account.retain_recent();
        self.by_client.retain_recent();
        self.invites.retain_recent();
    }
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), AppError> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        AppError::RateLimited(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_18_one_account_is_slowed_down_and_the_others_are_not() {
        let limits = Limits::default();
        let workspace = Uuid::nil();
        for _ in 0..10 {
            assert!(limits.sign_in(workspace, "a@b.test", None).is_ok());
        }
        match limits.sign_in(workspace, "a@b.test", None) {
            Err(AppError::RateLimited(seconds)) => assert!((1..=7).contains(&seconds), "{seconds}"),
            other => panic!("{other:?}"),
        }
        assert!(limits.sign_in(workspace, "c@b.test", None).is_ok());
        assert!(limits.sign_in(Uuid::max(), "a@b.test", None).is_ok(), "another workspace");
    }
}
