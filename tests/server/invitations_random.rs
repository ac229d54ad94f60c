//! Random sequences of what several people do with the same few addresses, in random interleavings. Whatever is answered, the
//! invariants hold: at most one open invitation for an address, one account for an address, a dead link never works, and every status
//! agrees with its history. The sequence is the seed's, which a failure names.

use std::sync::{Arc, Mutex};

use portico::{
    access::{BuiltIn, Category},
    invitations::{
        model::{Offer, SetupForm, Status, Verdict, What, status_of},
        service::{self, Ask, Said},
        store,
    },
    mail::service::Body,
    platform::context::Context,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    links::{form, join, link},
    support::{PASSWORD, TestApp},
};

/// Who act at the same time in one sequence.
const ACTORS: usize = 4;
/// What each of them does.
const ACTS: usize = 8;

/// What a sequence is played with.
#[derive(Clone)]
struct Town {
    app: Arc<TestApp>,
    admins: [Context; 2],
    /// The addresses of the sequence.
    emails: Vec<String>,
    /// Every link that was ever mailed.
    links: Arc<Mutex<Vec<(Uuid, String)>>>,
    /// A link that invites whoever has it.
    by_link: String,
}

impl Town {
    async fn ids(&self) -> Vec<Uuid> {
        sqlx::query_scalar("select id from invitations where email = any($1) order by id")
            .bind(&self.emails)
            .fetch_all(&self.app.app.pool)
            .await
            .unwrap()
    }

    /// Notes the links of the mails that wait: an act may take them back.
    async fn note(&self) {
        let waiting: Vec<(Uuid, Uuid, Vec<u8>)> = sqlx::query_as(
            "select messages.id, invitation_id, sealed_body from messages join invitations on invitations.id = invitation_id
             where sealed_body is not null and email = any($1)",
        )
        .bind(&self.emails)
        .fetch_all(&self.app.app.pool)
        .await
        .unwrap();
        for (id, invitation, sealed) in waiting {
            let body = Body::open(&self.app.app.key, id, &sealed).unwrap();
            let link = body.text.lines().find(|line| line.contains("/setup/")).unwrap().to_owned();
            let token = link.rsplit('/').next().unwrap().to_owned();
            let mut links = self.links.lock().unwrap();
            if !links.iter().any(|(_, known)| *known == token) {
                links.push((invitation, token));
            }
        }
    }

    /// One act. What it answers is not looked at: the invariants are.
    async fn act(&self, rng: &mut StdRng) {
        let by = &self.admins[rng.random_range(0..2)];
        let ids = self.ids().await;
        let id = if ids.is_empty() { Uuid::nil() } else { ids[rng.random_range(0..ids.len())] };
        match rng.random_range(0..14) {
            0..3 => {
                let offer = Offer::everywhere(Category::Teammate, BuiltIn::Visitor.id());
                let ask = |email: &String| Ask { email: email.clone(), full_name: String::new(), offer: offer.clone() };
                let asks: Vec<Ask> = self.emails.iter().filter(|_| rng.random()).map(ask).collect();
                let said = Said { notify: rng.random_range(0..4) > 0, ..Said::default() };
                drop(service::invite_all(by, asks, &said).await);
            }
            3 => drop(service::resend_invitation(by, id).await),
            4 => drop(service::resend_invitations(by, &ids).await),
            5 => drop(service::delete_invitation(by, id).await),
            6 => drop(service::delete_invitations(by, &ids).await),
            7 => {
                let waiting = "select id from invitations where email = any($1) and status = 'waiting' limit 1";
                let found: Option<Uuid> =
                    sqlx::query_scalar(waiting).bind(&self.emails).fetch_optional(&self.app.app.pool).await.unwrap();
                let id = found.unwrap_or(id);
                let verdict = if rng.random() { Verdict::Accept } else { Verdict::Deny };
                drop(service::review_invitation(by, id, verdict).await);
            }
            8 => {
                sqlx::query("update invitations set valid_until = now() - interval '1 second' where id = $1 and status = 'pending'")
                    .bind(id)
                    .execute(&self.app.app.pool)
                    .await
                    .unwrap();
            }
            // Its end comes near, and it is reminded of.
            9 => {
                sqlx::query(
                    "update invitations set notified_at = now() - interval '71 hours', valid_until = now() + interval '1 hour'
                     where id = $1 and status = 'pending' and valid_until > now()",
                )
                .bind(id)
                .execute(&self.app.app.pool)
                .await
                .unwrap();
                drop(service::remind(&self.app.app).await);
            }
            10 => {
                let email = &self.emails[rng.random_range(0..self.emails.len())];
                drop(join(&self.app.nobody(), &self.by_link, email).await);
            }
            _ => {
                self.note().await;
                let links = self.links.lock().unwrap().clone();
                if !links.is_empty() {
                    // Often the newest: only that can be alive.
                    let any = rng.random_range(0..links.len());
                    let (_, token) = &links[if rng.random() { any } else { links.len() - 1 }];
                    let form = SetupForm {
                        token: token.clone(),
                        full_name: "Lars".into(),
                        password: PASSWORD.into(),
                        again: PASSWORD.into(),
                        ..SetupForm::default()
                    };
                    drop(service::complete_setup(&self.app.nobody(), form).await);
                }
            }
        }
    }

    async fn none(&self, what: &str, sql: &'static str) {
        let found: i64 = sqlx::query_scalar(sql).bind(&self.emails).fetch_one(&self.app.app.pool).await.unwrap();
        assert_eq!(found, 0, "{what}");
    }

    async fn check(&self, seed: u64) {
        self.none(
            &format!("seed {seed}: two open invitations of one address"),
            "select count(*) from (select 1 from invitations where email = any($1) and status in ('pending', 'waiting')
                 group by email_key having count(*) > 1) t",
        )
        .await;
        self.none(
            &format!("seed {seed}: two accounts of one address"),
            "select count(*) from (select 1 from users where email = any($1) group by email_key having count(*) > 1) t",
        )
        .await;
        self.none(
            &format!("seed {seed}: an approved invitation without its account, or an account without one"),
            "select (select count(*) from invitations where email = any($1) and status = 'approved'
                     and not exists (select 1 from users where users.id = user_id and users.email_key = invitations.email_key))
                 + (select count(*) from users where email = any($1)
                     and not exists (select 1 from invitations where user_id = users.id and status = 'approved'))",
        )
        .await;
        self.none(
            &format!("seed {seed}: the list's count is wrong"),
            "select abs((select coalesce(sum(n), 0)::bigint from tallies where kind like 'invitations:%')
                 - (select count(*) from invitations where not settled)) where $1::text[] is not null",
        )
        .await;
        let mut db = self.app.app.pool.acquire().await.unwrap();
        for id in self.ids().await {
            let (it, _) = store::find(&mut db, self.app.workspace.id, id).await.unwrap().unwrap();
            let history: Vec<What> = store::list_events(&mut db, self.app.workspace.id, id)
                .await
                .unwrap()
                .iter()
                .map(|it| it.what)
                .collect();
            let past = it.status == Status::Expired;
            assert_eq!(it.status, status_of(&history, past), "seed {seed}: {id} by its history {history:?}");
            for once in [What::Invited, What::Completed, What::Accepted, What::Denied, What::Superseded] {
                assert!(history.iter().filter(|what| **what == once).count() <= 1, "seed {seed}: {once:?} twice");
            }
        }
        drop(db);
        self.note().await;
        let links = self.links.lock().unwrap().clone();
        for (invitation, token) in links {
            let live: bool = sqlx::query_scalar(
                "select exists (select 1 from invitations where id = $1 and status = 'pending' and valid_until > now())",
            )
            .bind(invitation)
            .fetch_one(&self.app.app.pool)
            .await
            .unwrap();
            let opens = service::open_invitation(&self.app.nobody(), &token).await.is_ok();
            assert_eq!(opens, live, "seed {seed}: the link of {invitation}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_sequences_in_random_interleavings_keep_the_invariants() {
    let sequences = if std::env::var_os("PORTICO_SOAK").is_some() { 1_000 } else { 32 };
    let app = Arc::new(TestApp::new().await);
    let admins = [app.user("Amara", BuiltIn::Owner).await, app.user("Adam", BuiltIn::Administrator).await];
    app.execute("update workspaces set seats = 1000000, remind_before = interval '2 hours'").await;
    let by_link = link(&admins[0], form("visitor")).await;
    for seed in 0.. {
        // They are worth something: each goes on until every status has come about.
        let statuses = app.count("select count(distinct status) from invitations").await;
        if seed >= sequences && statuses == 5 {
            break;
        }
        assert!(seed < 4 * sequences, "pending, waiting, approved, rejected and inactivated: {statuses}");
        let town = Town {
            app: Arc::clone(&app),
            admins: admins.clone(),
            emails: (0..2).map(|n| format!("lars{n}@sequence{seed}.test")).collect(),
            links: Arc::default(),
            by_link: by_link.clone(),
        };
        // Half of the sequences wait for approval.
        let auto_approval = if seed % 2 == 0 {
            "update workspaces set auto_approval = true"
        } else {
            "update workspaces set auto_approval = false"
        };
        app.execute(auto_approval).await;
        let mut actors = JoinSet::new();
        for actor in 0..ACTORS {
            let town = town.clone();
            actors.spawn(async move {
                let mut rng = StdRng::seed_from_u64(seed * 100 + actor as u64);
                for _ in 0..ACTS {
                    town.act(&mut rng).await;
                }
            });
        }
        actors.join_all().await;
        town.check(seed).await;
    }
}
