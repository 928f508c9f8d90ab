//! `--deadlines N`: N open cases whose warnings and deadlines fall into one moment, a third of them each half-time,
//! last hour with an assignment, and breach. How long until all have fired, and at what rate residents file meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::load::{self, Pace, Watched};
use crate::machine;
use crate::options::{Kind, Options, Workload};
use crate::people;
use crate::service::Jobs;
use crate::stage::Stage;
use crate::work;

/// All have fired after this, in seconds.
const AIM: f64 = 60.0;
/// Of the rate of filing without deadlines, so much is kept at least.
const KEPT: f64 = 0.5;
/// One look at the rate while they fire.
const WINDOW: Duration = Duration::from_secs(2);
/// After this nobody waits any more.
const PATIENCE: Duration = Duration::from_secs(900);
/// Connections that file.
const CONNECTIONS: usize = 16;

/// What was measured on one database.
pub struct Fired {
    kind: Kind,
    cases: u64,
    seconds: f64,
    before: f64,
    /// `None` when they had fired before one window was over.
    during: Option<f64>,
    failed: u64,
    /// The service's memory, before and at its highest, in MB.
    memory: (f64, f64),
    /// Events that the journal should have and has: assignments, breaches.
    events: [(u64, u64); 2],
}

/// Measures on one database.
pub fn measure(kind: Kind, cases: u64, options: &Options) -> Fired {
    let mut stage = Stage::set(kind, options);
    let rate = stage.fill_with_rungs(cases);
    eprintln!("{}: {cases} cases, seeded {rate:.0}/s", kind.name());
    let service = stage.serve(Jobs::On);
    let residents = people::sign_in_residents(service.address, options.residents);
    let world = stage.world(residents, &service);
    let watched = Watched {
        server: service.id(),
        database: None,
    };
    let file = |warm_up, measured| {
        let pace = Pace {
            warm_up,
            measured,
            rate: None,
        };
        let workers = work::workers(&world, Workload::File, CONNECTIONS);
        load::run(service.address, workers, pace, watched)
    };
    let before = file(
        Duration::from_secs(options.warm_up),
        Duration::from_secs(options.seconds),
    );
    let idle = machine::memory(service.id()).0;
    stage.let_rungs_come();
    let begun = Instant::now();
    let fired = AtomicBool::new(false);
    let (seconds, windows) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while stage.count_due() > 0 && begun.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_millis(100));
            }
            fired.store(true, Ordering::SeqCst);
            begun.elapsed().as_secs_f64()
        });
        let mut windows = vec![];
        while !fired.load(Ordering::SeqCst) {
            let window = file(Duration::ZERO, WINDOW);
            // One that saw the end says little of the time before it.
            if !fired.load(Ordering::SeqCst) {
                windows.push(window);
            }
        }
        (watcher.join().expect("it watched"), windows)
    });
    let rates = windows.iter().map(|window| window.per_second).sum::<f64>();
    Fired {
        kind,
        cases,
        seconds,
        before: before.per_second,
        during: (!windows.is_empty()).then(|| rates / windows.len() as f64),
        failed: before.failed() + windows.iter().map(load::Outcome::failed).sum::<u64>(),
        memory: (
            idle,
            windows
                .iter()
                .map(|window| window.peak)
                .fold(idle, f64::max),
        ),
        events: [
            ((cases + 1) / 3, stage.count_of_timers("assign")),
            (cases / 3, stage.count_of_timers("breach")),
        ],
    }
}

impl Fired {
    /// Whether every aim was met.
    pub fn is_good(&self) -> bool {
        let kept = self
            .during
            .is_none_or(|during| during >= self.before * KEPT);
        let whole = self.events.iter().all(|(wanted, found)| wanted == found);
        self.seconds <= AIM && kept && whole && self.failed == 0
    }

    /// A line of the table.
    pub fn line(&self) -> String {
        let [(assigned, assigned_found), (breached, breached_found)] = self.events;
        let during = match self.during {
            Some(rate) => format!("{rate:.0}/s ({:.0} %)", 100.0 * rate / self.before),
            None => "over too soon to tell".to_owned(),
        };
        format!(
            "| {} | {} | {:.1} s | {:.0}/s | {during} | {} | {:.0} to {:.0} MB | {assigned_found} of {assigned} | {breached_found} of {breached} | {} |",
            self.kind.name(),
            self.cases,
            self.seconds,
            self.before,
            self.failed,
            self.memory.0,
            self.memory.1,
            if self.is_good() { "met" } else { "MISSED" },
        )
    }
}

/// The table's head.
pub const HEAD: &str = "| database | timers due at once | all fired after | filing before | filing meanwhile | failed | memory | assigned | breached | aims (60 s, half the rate) |\n|---|---|---|---|---|---|---|---|---|---|";
