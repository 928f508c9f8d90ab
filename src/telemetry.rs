//! What is measured: the one list of metric families, with kind, buckets and help. A value is recorded where it
//! arises, by its name here; a test refuses names that are not in the list. Labels are route patterns, job names
//! and other words of this program, never anything that a request says. Values are of this process: what instances
//! share (queues, messages, timers) is set by each that does jobs, and is the same on all.

use std::io;
use std::sync::OnceLock;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::clock::Clock;

/// How a family counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Goes up only.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Seconds, in buckets from half a millisecond to ten seconds.
    Seconds,
    /// Numbers of jobs, in buckets of powers of two.
    Jobs,
}
use Kind::{Counter, Gauge, Jobs, Seconds};

const SECONDS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
const JOBS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// Queues are counted up to this many; the gauge then means "as many or more", and its cost stays the same.
pub const COUNTED_AT_MOST: u16 = 10_000;

/// Every family: name, kind, help.
#[rustfmt::skip]
const FAMILIES: &[(&str, Kind, &str)] = &[
    ("bujianmian_http_requests_total", Counter, "Requests answered, by method, route pattern and status"),
    ("bujianmian_http_request_seconds", Seconds, "Time to an answer's head, by method and route pattern"),
    ("bujianmian_http_requests_in_flight", Gauge, "Requests being answered now"),
    ("bujianmian_http_limited_total", Counter, "Requests refused for their number, by what they are counted by"),
    ("bujianmian_http_slow_bodies_total", Counter, "Requests given up because their body came too slowly"),
    ("bujianmian_panics_total", Counter, "Panics anywhere in the process; each is a fault of the program"),
    ("bujianmian_password_checks_total", Counter, "Passwords checked"),
    ("bujianmian_password_wait_seconds", Seconds, "Time a sign-in waited for its turn to be checked"),
    ("bujianmian_password_refused_total", Counter, "Sign-ins told to come back because too many waited"),
    ("bujianmian_db_wait_seconds", Seconds, "Time waited for the database, by gate (turn) and connection"),
    ("bujianmian_db_refused_total", Counter, "Reads and writes told to come back because the wait was too long"),
    ("bujianmian_db_retries_total", Counter, "Transactions run again after a serialization failure"),
    ("bujianmian_writer_batch_jobs", Jobs, "Writes that one commit of SQLite's writer carried"),
    ("bujianmian_writer_batch_seconds", Seconds, "Time of one group of SQLite's writer, commit included"),
    ("bujianmian_writer_queue", Gauge, "Writes waiting for SQLite's writer when its last group began"),
    ("bujianmian_queue_cases", Gauge, "Cases by what they wait for: claim, review, second_review, supervisor; 10000 means as many or more"),
    ("bujianmian_timers_behind_seconds", Gauge, "How late the oldest timer is that is due"),
    ("bujianmian_timers_fired_total", Counter, "Timers fired, by kind"),
    ("bujianmian_messages_total", Counter, "Messages tried, by channel and outcome"),
    ("bujianmian_messages_waiting", Gauge, "Messages waiting to be sent, by channel; 10000 means as many or more"),
    ("bujianmian_messages_dead", Gauge, "Messages given up, by channel; 10000 means as many or more"),
    ("bujianmian_messages_behind_seconds", Gauge, "How late the oldest message is that is due"),
    ("bujianmian_events_sealed_total", Counter, "Events of the journal put under a seal"),
    ("bujianmian_jobs_failed_total", Counter, "Runs of jobs that failed, by job"),
    ("bujianmian_job_seconds", Seconds, "Time of one run, by job"),
    ("process_resident_memory_bytes", Gauge, "Resident memory"),
    ("process_cpu_seconds_total", Gauge, "Processor time used, of user and system"),
    ("process_open_fds", Gauge, "Open files and connections"),
    ("process_threads", Gauge, "Threads"),
    ("process_start_time_seconds", Gauge, "Start of the process, in seconds since 1970"),
];

/// The name of every family.
pub fn names() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().map(|(name, ..)| *name)
}

/// What was recorded, ready to be shown.
#[derive(Clone)]
pub struct Telemetry(PrometheusHandle);

impl Telemetry {
    /// Starts recording; the first call of a process does, later ones give the same.
    ///
    /// # Errors
    /// When another recorder is in place.
    pub fn install() -> io::Result<Self> {
        static RECORDER: OnceLock<Option<Telemetry>> = OnceLock::new();
        RECORDER
            .get_or_init(|| {
                let recorder = builder()
                    .and_then(PrometheusBuilder::install_recorder)
                    .ok()?;
                describe();
                Some(Self(recorder))
            })
            .clone()
            .ok_or_else(|| io::Error::other("metrics can't be recorded"))
    }

    /// Everything, as Prometheus text.
    pub fn render(&self) -> String {
        process::note();
        self.0.run_upkeep();
        self.0.render()
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    FAMILIES
        .iter()
        .try_fold(PrometheusBuilder::new(), |builder, (name, kind, _)| {
            let named = || Matcher::Full((*name).to_owned());
            match kind {
                Seconds => builder.set_buckets_for_metric(named(), SECONDS),
                Jobs => builder.set_buckets_for_metric(named(), JOBS),
                Counter | Gauge => Ok(builder),
            }
        })
}

fn describe() {
    for (name, kind, help) in FAMILIES {
        match kind {
            Counter => metrics::describe_counter!(*name, *help),
            Gauge => metrics::describe_gauge!(*name, *help),
            Seconds | Jobs => metrics::describe_histogram!(*name, *help),
        }
    }
    let started = Clock::real().micros() / 1_000_000;
    metrics::gauge!("process_start_time_seconds")
        .set(f64::from(u32::try_from(started).unwrap_or(u32::MAX)));
    // There from the start, so that the first one is seen as a step.
    metrics::counter!("bujianmian_panics_total").absolute(0);
}

/// Counts and logs every panic. Only its place is logged: what it says may hold somebody's data.
pub fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
        metrics::counter!("bujianmian_panics_total").increment(1);
    }));
}

/// Figures of the process, from the system's own files; where there are none they are left out.
mod process {
    use std::fs;

    /// Ticks a second in which Linux tells processor time to programs, on every machine it runs on.
    const TICKS: f64 = 100.0;

    /// Sets the gauges.
    pub(super) fn note() {
        if let Ok(stat) = fs::read_to_string("/proc/self/stat") {
            // The name before the bracket may hold spaces. After it state is field 0; user and system time follow.
            let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
            let time = fields.split_whitespace().skip(11).take(2);
            let ticks: f64 = time.filter_map(|field| field.parse::<f64>().ok()).sum();
            metrics::gauge!("process_cpu_seconds_total").set(ticks / TICKS);
        }
        if let Ok(status) = fs::read_to_string("/proc/self/status") {
            let number = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name))?;
                line.split_whitespace().next()?.parse::<f64>().ok()
            };
            if let Some(kilobytes) = number("VmRSS:") {
                metrics::gauge!("process_resident_memory_bytes").set(kilobytes * 1024.0);
            }
            if let Some(threads) = number("Threads:") {
                metrics::gauge!("process_threads").set(threads);
            }
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            let count = u32::try_from(open.count()).unwrap_or(u32::MAX);
            metrics::gauge!("process_open_fds").set(f64::from(count));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn sources(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|end| end == "rs") {
                into.push(std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// The names that the program records by, however the call is broken into lines.
    fn recorded() -> BTreeSet<String> {
        let mut texts = vec![];
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut texts,
        );
        let calls = [
            "metrics::counter!(",
            "metrics::gauge!(",
            "metrics::histogram!(",
        ];
        let after_calls = texts
            .iter()
            .flat_map(|text| calls.iter().flat_map(move |call| text.split(call).skip(1)));
        after_calls
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
            .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn what_is_recorded_is_listed_and_what_is_listed_is_recorded() {
        let listed: BTreeSet<String> = FAMILIES
            .iter()
            .map(|(name, ..)| (*name).to_owned())
            .collect();
        assert_eq!(listed.len(), FAMILIES.len());
        assert_eq!(recorded(), listed);
    }

    #[test]
    fn names_end_in_what_they_count() {
        for (name, kind, help) in FAMILIES {
            let fits = match kind {
                Counter => name.ends_with("_total"),
                Seconds => name.ends_with("_seconds"),
                Jobs => name.ends_with("_jobs"),
                Gauge => true,
            };
            assert!(fits && !help.is_empty(), "{name}");
        }
    }
}
