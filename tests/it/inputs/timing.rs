//! Enumeration by timing: whoever asks for what is not there, and for what is, waits as long. Medians of samples
//! taken in turn, so that a busy machine slows both; only a difference that shows in every round counts.

use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::json;

use super::generate::Dice;
use crate::harness::say;
use crate::harness::service::Kind;
use crate::harness::user::TestUser;
use crate::harness::world::World;
use crate::permissions::scene::unknown_number;

const ROUNDS: usize = 4;
/// More than this apart in every round is no noise.
const APART: f64 = 1.5;

/// How many times as long one takes as the other, at least 1.
fn apart(one: &mut [Duration], other: &mut [Duration]) -> f64 {
    let (one, other) = (median(one).as_secs_f64(), median(other).as_secs_f64());
    (one / other).max(other / one)
}

fn median(samples: &mut [Duration]) -> Duration {
    samples.sort();
    samples[samples.len() / 2]
}

/// The smallest difference of all rounds, each of `samples` pairs in turn.
fn least_apart(
    samples: usize,
    mut one: impl FnMut() -> Duration,
    mut other: impl FnMut() -> Duration,
) -> f64 {
    (0..ROUNDS)
        .map(|_| {
            let (mut first, mut second): (Vec<_>, Vec<_>) = (0..samples)
                .map(|turn| match turn % 2 {
                    0 => {
                        let first = one();
                        (first, other())
                    }
                    _ => {
                        let second = other();
                        (one(), second)
                    }
                })
                .unzip();
            apart(&mut first, &mut second)
        })
        .fold(f64::INFINITY, f64::min)
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_known_and_an_unknown_name_wait_as_long(#[case] kind: Kind) {
    let world = World::start(kind);
    let stranger = TestUser::stranger(&world.harness);
    let mut number = 0;
    let known = || timed(|| stranger.ask_token("resident1", "wrong").expect(401));
    let unknown = || {
        number += 1;
        timed(|| {
            stranger
                .ask_token(&format!("nobody{number}"), "wrong")
                .expect(401)
        })
    };
    let found = least_apart(9, known, unknown);
    say(&format!(
        "sign-in with a known and an unknown name on {kind:?}: {found:.2} times apart"
    ));
    assert!(found < APART, "{found}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_existing_and_a_missing_case_wait_as_long(#[case] kind: Kind) {
    let world = World::start(kind);
    let resident = world.user("resident1");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24", "end": "2026-12-24",
        "phone": "13800000000", "pledge": true } });
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", "one");
    let filed = resident.send(
        request
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    );
    let existing = filed.expect(201).json()["receipt_no"]
        .as_str()
        .unwrap()
        .to_owned();
    let (stranger, missing) = (TestUser::stranger(&world.harness), unknown_number());
    let look_up = |number: &str| {
        let body = json!({ "receipt_no": number, "last_six": "000000" });
        timed(|| stranger.post_json("/api/v1/progress", &body).expect(404))
    };
    let found = least_apart(40, || look_up(&existing), || look_up(&missing));
    say(&format!(
        "progress of an existing and a missing case on {kind:?}: {found:.2} times apart"
    ));
    assert!(found < APART, "{found}");
    // Somebody else's case and none, for who is signed in.
    let other = world.user("resident2");
    let read = |number: &str| timed(|| other.get(&format!("/api/v1/cases/{number}")).expect(404));
    let found = least_apart(40, || read(&existing), || read(&missing));
    say(&format!(
        "somebody else's and a missing case on {kind:?}: {found:.2} times apart"
    ));
    assert!(found < APART, "{found}");
}

#[rstest]
#[case::alike(1.0, false)]
#[case::a_little(1.15, false)]
#[case::twice(2.0, true)]
#[case::half(0.5, true)]
fn a_difference_of_two_shows_through_noise(#[case] factor: f64, #[case] shown: bool) {
    let mut dice = Dice::seeded(7);
    // A third of the samples are disturbed by others on the machine, up to tenfold.
    let mut noisy = |micros: f64| {
        let jitter = 1.0 + dice.below(200) as f64 / 1_000.0;
        let disturbed = if dice.one_in(3) {
            1.0 + dice.below(9) as f64
        } else {
            1.0
        };
        Duration::from_secs_f64(micros * jitter * disturbed / 1e6)
    };
    let samples: Vec<(Duration, Duration)> = (0..ROUNDS * 40)
        .map(|_| (noisy(1_000.0), noisy(1_000.0 * factor)))
        .collect();
    let (mut ones, mut others) = (samples.iter().map(|s| s.0), samples.iter().map(|s| s.1));
    let found = least_apart(40, || ones.next().unwrap(), || others.next().unwrap());
    assert_eq!(found >= APART, shown, "{found}");
}
