//! Taking a right away, with two servers on one database (DESIGN.md section 2): a request that begins after the commit is
//! refused on both; the decision API of the other follows, and follows with its listener cut or silent too.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use portico::{
    access::BuiltIn,
    platform::context::{App, Context},
    rights::{model::Change, service::put_rights},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    authzen::{Asker, key, within_a_second},
    support::{PASSWORD, Site, TestApp},
};

/// Two servers, an owner, and somebody who is an administrator now and then.
struct Pair {
    app: TestApp,
    replica: App,
    owner: Context,
    lars: Uuid,
    cookie: String,
    here: Site,
    there: Asker,
    /// The backend that the first server listens with.
    listener: i32,
}

impl Pair {
    async fn new() -> Self {
        let app = TestApp::new().await;
        within_a_second(async || app.app.beat.lives()).await;
        let [listener] = listeners(&app).await[..] else { panic!("one server listens") };
        let owner = app.user("Amara", BuiltIn::Owner).await;
        let lars = app.user("Lars", BuiltIn::Member).await.actor.unwrap().user_id.unwrap();
        let key = key(&app, &app.workspace, true).await;
        let replica = app.replica().await;
        within_a_second(async || replica.beat.lives()).await;
        let here = app.serve().await;
        let there = Asker { site: TestApp::serve_app(&replica).await, key };
        let cookie = here.sign_in("lars@kestrel.test", PASSWORD).await.unwrap();
        Self { app, replica, owner, lars, cookie, here, there, listener }
    }

    /// Gives a role through the first server, and says when that was committed.
    async fn give(&self, role: BuiltIn) -> Instant {
        let owner = self.app.again(&self.owner).await;
        let held = owner.held_by(&mut self.app.connection().await, self.lars).await.unwrap().unwrap();
        let change = Change { role: Some(role.id()), ..Change::default() };
        put_rights(&owner, self.lars, Some(held.facts.assignments[0].id), &change).await.unwrap();
        Instant::now()
    }

    /// Makes Lars an administrator, as far as the other server too.
    async fn promote(&self) {
        self.give(BuiltIn::Administrator).await;
        within_a_second(async || self.permits().await).await;
    }

    /// What the other server's decision API says.
    async fn permits(&self) -> bool {
        let asked = json!({
            "subject": { "type": "user", "id": "lars@kestrel.test" },
            "action": { "name": "delete" },
            "resource": { "type": "feature", "id": "team" },
        });
        self.there.decide(asked).await.0
    }

    /// The status of a console request of Lars's: the user that he asks to remove is not there.
    async fn removes(&self, site: &Site) -> u16 {
        let nobody = Uuid::now_v7().to_string();
        site.call("remove-user", &self.cookie, &[("form[id]", &nobody)]).await.status().as_u16()
    }

    /// Asks the other server until it refuses, and says how long after the commit that was. What is asked a second after
    /// the commit, or later, is refused.
    async fn refused(&self, commit: Instant) -> Duration {
        loop {
            let asked = commit.elapsed();
            if !self.permits().await {
                return commit.elapsed();
            }
            assert!(asked < Duration::from_secs(1), "still permitted after {asked:?}");
        }
    }

    /// The backend that the other server listens with.
    async fn other_listener(&self) -> i32 {
        loop {
            if let Some(pid) = listeners(&self.app).await.into_iter().find(|pid| *pid != self.listener) {
                return pid;
            }
        }
    }

    async fn cut(&self, pid: i32) {
        let cut = sqlx::query_scalar::<_, bool>("select pg_terminate_backend($1)").bind(pid);
        assert!(cut.fetch_one(&self.app.app.pool).await.unwrap(), "there is nothing to cut");
    }

    async fn hears_again(&self) {
        while !self.replica.beat.lives() {
            tokio::task::yield_now().await;
        }
    }
}

/// The backends that listen in the test's database.
async fn listeners(app: &TestApp) -> Vec<i32> {
    sqlx::query_scalar(
        "select pid from pg_stat_activity where datname = current_database() and query like 'LISTEN%' order by pid",
    )
    .fetch_all(&app.app.pool)
    .await
    .unwrap()
}

fn rounds(few: usize, many: usize) -> usize {
    if std::env::var_os("PORTICO_SOAK").is_some() { many } else { few }
}

/// Figures, for whoever reads the test's output.
fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
    println!("{what}, {} times: p50 {:?}, p99 {:?}, max {:?}", times.len(), at(50), at(99), at(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pitfall_26_what_is_taken_away_is_refused_on_every_server() {
    let pair = Pair::new().await;
    let mut times = Vec::new();
    for round in 0..rounds(20, 1000) {
        // A console request brings the rights of its server up to date: so the decision API is asked alone,
        pair.promote().await;
        times.push(pair.refused(pair.give(BuiltIn::Member).await).await);
        // and the console the next time.
        pair.promote().await;
        assert_eq!(pair.removes(&pair.here).await, 404, "an administrator may, in round {round}");
        pair.give(BuiltIn::Member).await;
        let (there, here) = tokio::join!(pair.removes(&pair.there.site), pair.removes(&pair.here));
        assert_eq!((there, here), (403, 403), "a request after the commit, in round {round}");
    }
    tell("from the commit to the other server's refusal", times);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pitfall_26_a_cut_listener_widens_nothing() {
    let pair = Pair::new().await;
    let mut times = Vec::new();
    for round in 0..rounds(6, 100) {
        pair.hears_again().await;
        pair.promote().await;
        let pid = pair.other_listener().await;
        // Before the change, and after it.
        if round % 2 == 0 {
            pair.cut(pid).await;
        }
        let commit = pair.give(BuiltIn::Member).await;
        if round % 2 == 1 {
            pair.cut(pid).await;
        }
        times.push(pair.refused(commit).await);
        assert_eq!(pair.removes(&pair.there.site).await, 403);
        // What nobody announced, and nobody asked about, is not believed when announcements are heard again.
        pair.hears_again().await;
        pair.promote().await;
        pair.cut(pair.other_listener().await).await;
        while pair.replica.beat.lives() {
            tokio::task::yield_now().await;
        }
        pair.give(BuiltIn::Member).await;
        pair.hears_again().await;
        assert!(!pair.permits().await, "round {round}");
    }
    tell("with the listener cut", times);
}

/// A stopped process, that goes on when this is dropped.
struct Stopped(i32);

impl Stopped {
    fn new(pid: i32) -> Self {
        signal("-STOP", pid);
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("-CONT", self.0);
    }
}

fn signal(signal: &str, pid: i32) {
    // The test cluster's processes are ours, or ours to stop.
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pitfall_26_a_silent_listener_is_believed_for_a_second_at_most() {
    let pair = Pair::new().await;
    let mut times = Vec::new();
    for round in 0..rounds(3, 50) {
        pair.hears_again().await;
        pair.promote().await;
        let silent = Stopped::new(pair.other_listener().await);
        let commit = pair.give(BuiltIn::Member).await;
        times.push(pair.refused(commit).await);
        assert_eq!(pair.removes(&pair.there.site).await, 403);
        assert!(!pair.permits().await, "it stays refused, in round {round}");
        drop(silent);
        pair.hears_again().await;
        assert!(!pair.permits().await, "and when it is heard again");
    }
    tell("with the listener silent", times);
}
