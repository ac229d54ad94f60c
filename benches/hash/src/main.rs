//! argon2 alone: how many passwords all processors hash in a second, with Portico's parameters. usage: bench-hash COUNT

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use argon2::{Argon2, password_hash::PasswordHasher};

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1000);
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < count {
                    let hash = Argon2::default().hash_password(b"Harbour-2026").map(|hash| hash.to_string());
                    assert!(hash.is_ok_and(|hash| hash.starts_with("$argon2id$")));
                }
            });
        }
    });
    println!("{:.2}", begun.elapsed().as_secs_f64());
}
