//! `access::decide` beside cedar-policy: the same rules, users and questions, in one run. Prints nanoseconds for a decision.

mod cedar;
mod town;

use std::{
    collections::HashMap,
    hint::black_box,
    time::{Duration, Instant},
};

use portico::access::{AccessSnapshot, Subject, decide};
use town::{Asked, Town};

/// Time that each figure is measured for.
const MEASURED: Duration = Duration::from_secs(2);

fn main() {
    println!("decide: 1,000 APIs, 500 groups, {} questions in turn, nanoseconds for one", town::QUESTIONS);
    println!("{:>8} {:>9} {:>13} {:>9} {:>7} {:>10}", "users", "decide", "with look-up", "Cedar", "times", "permitted");
    for users in [10, 1_000, 100_000] {
        let town = Town::new(users);
        let snapshot = AccessSnapshot::new(town.workspace.clone());
        let subjects: HashMap<&str, Subject> =
            town.users.iter().map(|user| (user.email_key.as_str(), snapshot.subject(user))).collect();
        let at_hand: Vec<(&Subject, &Asked)> =
            town.questions.iter().map(|asked| (&subjects[asked.user.as_str()], asked)).collect();
        let portico = |asked: &Asked| decide(&snapshot, &subjects[asked.user.as_str()], &asked.question()).allowed();
        let engine = cedar::Engine::new(&town);
        let requests: Vec<_> = town.questions.iter().map(|asked| engine.request(asked)).collect();

        let mut permitted = 0;
        for (asked, request) in town.questions.iter().zip(&requests) {
            let ours = portico(asked);
            assert_eq!(ours, engine.permits(request), "the two disagree about {asked:?}");
            permitted += usize::from(ours);
        }
        let alone = measure(&at_hand, |(subject, asked)| decide(&snapshot, subject, &asked.question()).allowed());
        let ours = measure(&town.questions, portico);
        let theirs = measure(&requests, |request| engine.permits(request));
        let share = 100 * permitted / town.questions.len();
        // Cedar looks users up as part of deciding.
        println!("{users:>8} {alone:>9.0} {ours:>13.0} {theirs:>9.0} {:>7.0} {share:>9}%", theirs / ours);
    }
}

/// Nanoseconds for one.
fn measure<T>(questions: &[T], ask: impl Fn(&T) -> bool) -> f64 {
    let began = Instant::now();
    let mut asked = 0_u32;
    while began.elapsed() < MEASURED {
        // The clock is read seldom, so that it does not count.
        for _ in 0..100 {
            black_box(ask(black_box(&questions[asked as usize % questions.len()])));
            asked += 1;
        }
    }
    began.elapsed().as_nanos() as f64 / f64::from(asked)
}
