//! Load: so many connections that ask as fast as they are answered (closed loop), or at a fixed rate whatever the
//! answers take (open loop). In the open loop an answer's time counts from the moment its request was due, so that
//! waiting behind a slow answer is counted. Never here: what is asked for.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::machine::{self, Seconds};

/// How one thing went.
pub enum Done {
    /// As it should.
    Well,
    /// There was nothing to do (204 of `next`).
    Nothing,
    /// Not as it should; the word says how.
    Badly(String),
}

/// Somebody at a connection, who does one thing at a time.
pub trait Worker: Send {
    /// Does it once; may be several requests.
    fn act(&mut self, client: &mut Client) -> Done;
}

/// How load is put on.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Before the measurement.
    pub warm_up: Duration,
    /// The measurement.
    pub measured: Duration,
    /// Operations a second over all connections; as fast as answers come without it.
    pub rate: Option<f64>,
}

/// Whose processor time is told beside the result.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// The service.
    pub server: u32,
    /// PostgreSQL's first process.
    pub database: Option<u32>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Connections.
    pub connections: usize,
    /// The rate that was asked for.
    pub asked: Option<f64>,
    /// Operations that went well, a second.
    pub per_second: f64,
    /// How many that is.
    pub count: usize,
    /// Times of those that went well, in milliseconds.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
    /// How often there was nothing to do.
    pub nothing: u64,
    /// What went badly, in the warm-up too, by its word.
    pub errors: BTreeMap<String, u64>,
    /// Processor time of the service while it was measured.
    pub server: Seconds,
    /// Of the database.
    pub database: Seconds,
    /// Of this generator.
    pub generator: Seconds,
    /// The service's memory at its highest.
    pub peak: f64,
}

impl Outcome {
    /// How many went badly.
    pub fn failed(&self) -> u64 {
        self.errors.values().sum()
    }
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    /// Microseconds.
    times: Vec<u32>,
    nothing: u64,
    errors: BTreeMap<String, u64>,
}

/// Puts load on until the time is over.
pub fn run(
    address: SocketAddr,
    workers: Vec<Box<dyn Worker + '_>>,
    pace: Pace,
    watched: Watched,
) -> Outcome {
    let connections = workers.len();
    machine::forget_peak(watched.server);
    let start = Instant::now() + Duration::from_millis(20);
    let (from, until) = (start + pace.warm_up, start + pace.warm_up + pace.measured);
    let every = pace
        .rate
        .map(|rate| Duration::from_secs_f64(connections as f64 / rate));
    let (seen, used) = std::thread::scope(|scope| {
        let threads: Vec<_> = workers
            .into_iter()
            .enumerate()
            .map(|(number, worker)| {
                // Spread over one interval, so that the connections don't ask in step.
                let offset = every.map_or(Duration::ZERO, |every| {
                    every.mul_f64(number as f64 / connections as f64)
                });
                let first = start + offset;
                scope.spawn(move || drive(address, worker, (first, every), (from, until)))
            })
            .collect();
        sleep_until(from);
        let before = used(watched);
        sleep_until(until);
        let used = minus(used(watched), before);
        let seen: Vec<Seen> = threads
            .into_iter()
            .map(|t| t.join().expect("a connection's thread ends"))
            .collect();
        (seen, used)
    });
    let mut outcome = summary(seen, pace.measured.as_secs_f64());
    (outcome.server, outcome.database, outcome.generator) = used;
    outcome.connections = connections;
    outcome.asked = pace.rate;
    outcome.peak = machine::memory(watched.server).1;
    outcome
}

fn drive(
    address: SocketAddr,
    mut worker: Box<dyn Worker + '_>,
    (first, every): (Instant, Option<Duration>),
    (from, until): (Instant, Instant),
) -> Seen {
    let mut client = Client::new(address);
    let mut seen = Seen::default();
    let mut due = first;
    sleep_until(due);
    loop {
        let begun = match every {
            Some(_) => due,
            None => Instant::now(),
        };
        if begun >= until {
            return seen;
        }
        let done = worker.act(&mut client);
        let ended = Instant::now();
        match done {
            // In the open loop whatever was due in time counts, however late it came.
            Done::Well if begun >= from && (every.is_some() || ended <= until) => {
                let micros = ended.duration_since(begun).as_micros();
                seen.times.push(u32::try_from(micros).unwrap_or(u32::MAX));
            }
            Done::Well => {}
            Done::Nothing => seen.nothing += u64::from(begun >= from),
            Done::Badly(word) => *seen.errors.entry(word).or_default() += 1,
        }
        if let Some(every) = every {
            due += every;
            sleep_until(due);
        }
    }
}

fn sleep_until(at: Instant) {
    let left = at.saturating_duration_since(Instant::now());
    if !left.is_zero() {
        std::thread::sleep(left);
    }
}

fn used(watched: Watched) -> (Seconds, Seconds, Seconds) {
    (
        machine::cpu(watched.server),
        watched.database.map_or(0.0, machine::cpu_of_family),
        machine::cpu(std::process::id()),
    )
}

fn minus(
    a: (Seconds, Seconds, Seconds),
    b: (Seconds, Seconds, Seconds),
) -> (Seconds, Seconds, Seconds) {
    (a.0 - b.0, a.1 - b.1, a.2 - b.2)
}

fn summary(seen: Vec<Seen>, seconds: Seconds) -> Outcome {
    let mut outcome = Outcome::default();
    let mut times = vec![];
    for one in seen {
        times.extend(one.times);
        outcome.nothing += one.nothing;
        for (word, count) in one.errors {
            *outcome.errors.entry(word).or_default() += count;
        }
    }
    times.sort_unstable();
    let at = |share: f64| {
        let place = (times.len() as f64 * share).ceil() as usize;
        let micros = times
            .get(place.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        f64::from(micros) / 1000.0
    };
    (outcome.p50, outcome.p99, outcome.max) = (at(0.5), at(0.99), at(1.0));
    outcome.count = times.len();
    outcome.per_second = times.len() as f64 / seconds;
    outcome
}
