//! Whether announcements are heard: a server calls out to itself through the database, and listens for its own call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use time::OffsetDateTime;
use uuid::Uuid;

/// A server that has heard nothing for this long decides from the database (DESIGN.md section 2).
pub const SILENCE: Duration = Duration::from_secs(1);

/// How often it calls: several calls fit into the time that it may hear nothing.
pub const CALL: Duration = Duration::from_millis(250);

/// When this server last heard its own call.
#[derive(Clone, Debug)]
pub struct Beat {
    id: Arc<str>,
    begun: Instant,
    /// Milliseconds from `begun` to the sending of the last call that was heard; zero before the first.
    heard: Arc<AtomicU64>,
    /// When `begun` was by the database's clock, in milliseconds of Unix time; zero before the first call was heard.
    epoch: Arc<AtomicI64>,
}

impl Default for Beat {
    fn default() -> Self {
        Self {
            id: Uuid::now_v7().to_string().into(),
            begun: Instant::now(),
            heard: Arc::default(),
            epoch: Arc::default(),
        }
    }
}

impl Beat {
    /// What tells this server's calls from others'.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What a call says: when it is sent.
    pub fn call(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// A call of this server's was heard, that reached the database at this moment of its clock (milliseconds of Unix time). A
    /// late one says that announcements are late: it counts from when it was sent.
    pub fn heard(&self, call: u64, at: i64) {
        self.heard.fetch_max(call, Ordering::Relaxed);
        self.epoch.store(at.saturating_sub(i64::try_from(call).unwrap_or(0)), Ordering::Relaxed);
    }

    /// The moment by the database's clock, in Unix seconds, as far as calls have told it: what has an end, ends by that
    /// clock. Never behind it by more than a call takes.
    pub fn now(&self) -> i64 {
        match self.epoch.load(Ordering::Relaxed) {
            0 => OffsetDateTime::now_utc().unix_timestamp(),
            epoch => (epoch + i64::try_from(self.call()).unwrap_or(0)).div_euclid(1000),
        }
    }

    /// The listener was lost: nothing is heard from now on.
    pub fn lost(&self) {
        self.heard.store(0, Ordering::Relaxed);
    }

    /// Whether what is announced can be trusted to have arrived.
    pub fn lives(&self) -> bool {
        let heard = self.heard.load(Ordering::Relaxed);
        heard > 0 && self.call().saturating_sub(heard) < SILENCE.as_millis() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_that_is_heard_keeps_it_alive() {
        let beat = Beat { begun: Instant::now() - Duration::from_secs(10), ..Beat::default() };
        assert!(!beat.lives(), "nothing was heard yet");
        beat.heard(beat.call(), 1_000_000);
        assert_eq!(beat.now(), 1_000, "time is the database's");
        assert!(beat.lives());
        beat.lost();
        assert!(!beat.lives());
        beat.heard(beat.call() - SILENCE.as_millis() as u64, 1_000_000);
        assert!(!beat.lives(), "a call that comes late is no news");
    }
}
