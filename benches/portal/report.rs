//! What was found, as Markdown: ratios with their aims first, figures after them. Nothing here measures.

use std::fmt::Write;

use crate::capture::{Captured, Request};
use crate::limit_postgres::Limit;
use crate::options::{Kind, Options, Workload};
use crate::postgres::SETTINGS;
use crate::stage::{Measured, Size};
use crate::{limit_postgres, limit_sqlite, machine, sqlite};

/// Everything about one database.
pub struct Found {
    /// Which.
    pub kind: Kind,
    /// Its version.
    pub version: String,
    /// One entry a size.
    pub sizes: Vec<Size>,
    /// The size at which the limits were measured, and they.
    pub limits: Option<(u64, Limits)>,
}

/// The database alone.
pub enum Limits {
    /// By pgbench.
    Postgres(limit_postgres::Limits),
    /// By the loop.
    Sqlite(limit_sqlite::Limits),
}

/// A row of the aims.
struct Ratio {
    what: String,
    aim: String,
    found: String,
    met: bool,
}

/// All tables.
pub fn report(found: &[Found], options: &Options) -> String {
    let mut text = String::new();
    head(&mut text, found, options);
    text.push_str("\n### Ratios\n\n| what | aim | found | met |\n|---|---|---|---|\n");
    for ratio in found.iter().flat_map(ratios) {
        let met = if ratio.met { "yes" } else { "**no**" };
        writeln!(
            text,
            "| {} | {} | {} | {met} |",
            ratio.what, ratio.aim, ratio.found
        )
        .unwrap();
    }
    for one in found {
        figures(&mut text, one);
        if let Some((size, limits)) = &one.limits {
            limit_table(&mut text, *size, limits);
        }
    }
    text
}

fn head(text: &mut String, found: &[Found], options: &Options) {
    let today = bujianmian::clock::Clock::real().beijing().date();
    let versions: Vec<String> = found
        .iter()
        .map(|one| format!("{} {}", one.kind.name(), one.version))
        .collect();
    writeln!(
        text,
        "Measured {today} by `cargo bench --bench portal` on {}, shared by generator, service and database; {}; {}. {} s each after {} s \
         of warm-up. PostgreSQL: {SETTINGS}. SQLite: WAL, synchronous=FULL. Sign-in limits off, jobs on, {} residents and {} \
         handlers signed in.",
        machine::description(),
        versions.join(", "),
        machine::first_line("rustc", &["--version"]),
        options.seconds,
        options.warm_up,
        options.residents,
        crate::people::HANDLERS,
    )
    .unwrap();
}

fn ratios(found: &Found) -> Vec<Ratio> {
    let mut all = vec![];
    let name = found.kind.name();
    if let Some((cases, limits)) = &found.limits
        && let Some(size) = found.sizes.iter().find(|size| size.cases == *cases)
    {
        limit_ratios(&mut all, name, size, limits);
    }
    if let (Some(least), Some(most)) = (found.sizes.first(), found.sizes.last())
        && least.cases < most.cases
        && let (Some(a), Some(b)) = (open(least, Workload::Queue), open(most, Workload::Queue))
    {
        let what = format!(
            "{name}: queue page p99, {} against {} cases, at a fixed rate",
            most.cases, least.cases
        );
        all.push(at_most(what, b.p99 / a.p99, 1.1, "times"));
    }
    for size in &found.sizes {
        for workload in [Workload::Case, Workload::CasePage] {
            if let (Some(empty), Some(case)) =
                (closed(size, Workload::Health), closed(size, workload))
            {
                let what = format!(
                    "{name}, {} cases: {}, p99 against the empty handler's, {} connections",
                    size.cases,
                    workload.name(),
                    case.connections
                );
                all.push(at_most(what, case.p99 / empty.p99, 3.0, "times"));
            }
        }
    }
    let peak = found
        .sizes
        .iter()
        .flat_map(|size| &size.measured)
        .flat_map(|m| &m.outcomes);
    let peak = peak.map(|outcome| outcome.peak).fold(0.0, f64::max);
    let idle = found.sizes.iter().map(|size| size.idle).fold(0.0, f64::max);
    let ready = found
        .sizes
        .iter()
        .map(|size| size.ready)
        .fold(0.0, f64::max);
    all.push(at_most(
        format!("{name}: resident memory idle"),
        idle,
        60.0,
        "MB",
    ));
    all.push(at_most(
        format!("{name}: resident memory under load, highest"),
        peak,
        250.0,
        "MB",
    ));
    all.push(at_most(
        format!("{name}: ready on an existing database"),
        ready,
        1.0,
        "s",
    ));
    all
}

fn limit_ratios(all: &mut Vec<Ratio>, name: &str, size: &Size, limits: &Limits) {
    let best = |workload| {
        let outcomes = size
            .measured
            .iter()
            .find(|m| m.workload == workload)
            .map(|m| &m.outcomes);
        outcomes
            .into_iter()
            .flatten()
            .filter(|o| o.asked.is_none())
            .map(|o| (o.connections, o.per_second))
            .collect::<Vec<_>>()
    };
    match limits {
        Limits::Postgres(limits) => {
            for (workload, limits, aim) in [
                (Workload::File, &limits.file, 0.8),
                (Workload::Decide, &limits.decide, 0.8),
                (Workload::Queue, &limits.queue, 0.4),
            ] {
                for (connections, rate) in best(workload) {
                    let Some(limit) = fastest(limits, connections) else {
                        continue;
                    };
                    let what = format!(
                        "{name}, {} cases: {} against pgbench, {connections} connections",
                        size.cases,
                        workload.name()
                    );
                    all.push(at_least(what, rate / limit, aim));
                }
            }
        }
        Limits::Sqlite(limits) => {
            for (workload, limits) in [
                (Workload::File, &limits.file),
                (Workload::Decide, &limits.decide),
            ] {
                let rate = best(workload)
                    .into_iter()
                    .map(|(_, rate)| rate)
                    .fold(0.0, f64::max);
                for (group, aim) in [(1, 1.0), (32, 0.3)] {
                    let Some(limit) = fastest(limits, group).filter(|_| rate > 0.0) else {
                        continue;
                    };
                    let what = format!(
                        "{name}, {} cases: {} against the bare loop, {}",
                        size.cases,
                        workload.name(),
                        together(group)
                    );
                    all.push(at_least(what, rate / limit, aim));
                }
            }
        }
    }
}

/// The fastest of the rounds with so many clients, or operations a transaction.
fn fastest(limits: &[Limit], clients: usize) -> Option<f64> {
    let rounds = limits.iter().filter(|limit| limit.clients == clients);
    rounds.map(|limit| limit.per_second).reduce(f64::max)
}

fn together(clients: usize) -> String {
    match clients {
        1 => "committing one by one".to_owned(),
        group => format!("committing {group} at a time"),
    }
}

fn at_least(what: String, ratio: f64, aim: f64) -> Ratio {
    Ratio {
        what,
        aim: format!("at least {aim}"),
        found: format!("{ratio:.2}"),
        met: ratio >= aim,
    }
}

fn at_most(what: String, found: f64, aim: f64, unit: &str) -> Ratio {
    Ratio {
        what,
        aim: format!("at most {aim} {unit}"),
        found: format!("{found:.2}"),
        met: found <= aim,
    }
}

/// The open loop of a workload.
fn open(size: &Size, workload: Workload) -> Option<&crate::load::Outcome> {
    size.measured
        .iter()
        .find(|m| m.workload == workload)?
        .outcomes
        .iter()
        .find(|o| o.asked.is_some())
}

/// The first closed loop of a workload.
fn closed(size: &Size, workload: Workload) -> Option<&crate::load::Outcome> {
    size.measured
        .iter()
        .find(|m| m.workload == workload)?
        .outcomes
        .iter()
        .find(|o| o.asked.is_none())
}

fn figures(text: &mut String, found: &Found) {
    for size in &found.sizes {
        writeln!(
            text,
            "\n### {}, {} cases\n\nSeeded {:.0} cases/s. Ready after {:.2} s, {:.0} MB idle. {:.0} sign-ins/s (least cost of argon2).\n",
            found.kind.name(), size.cases, size.seeding, size.ready, size.idle, size.sign_ins,
        )
        .unwrap();
        text.push_str("| what | connections | asked/s | done/s | p50 ms | p99 ms | max ms | nothing to do | errors | peak MB | CPU µs an operation: service | database | generator |\n");
        text.push_str("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for measured in &size.measured {
            rows(text, measured);
        }
    }
}

fn rows(text: &mut String, measured: &Measured) {
    for o in &measured.outcomes {
        let asked = o
            .asked
            .map_or("as fast as can be".to_owned(), |rate| format!("{rate:.0}"));
        let each = |seconds: f64| seconds / (o.count.max(1) as f64) * 1e6;
        let errors: Vec<String> = o
            .errors
            .iter()
            .map(|(word, count)| format!("{count} × {word}"))
            .collect();
        let errors = if errors.is_empty() {
            "0".to_owned()
        } else {
            errors.join(", ")
        };
        writeln!(
            text,
            "| {} | {} | {asked} | {:.0} | {:.2} | {:.2} | {:.1} | {} | {errors} | {:.0} | {:.0} | {:.0} | {:.1} |",
            measured.workload.name(), o.connections, o.per_second, o.p50, o.p99, o.max, o.nothing, o.peak,
            each(o.server), each(o.database), each(o.generator),
        )
        .unwrap();
    }
}

fn limit_table(text: &mut String, size: u64, limits: &Limits) {
    let rows: [(&str, &[Limit]); 3] = match limits {
        Limits::Postgres(l) => [
            ("file", &l.file),
            ("next + approve", &l.decide),
            ("rows of the queue page", &l.queue),
        ],
        Limits::Sqlite(l) => [("file", &l.file), ("next + approve", &l.decide), ("", &[])],
    };
    writeln!(text, "\nThe database alone, the same statements, {size} cases:\n\n| what | | operations/s |\n|---|---|---|").unwrap();
    for (what, limits) in rows {
        for limit in limits {
            let how = match rows.last() {
                Some(("", _)) => together(limit.clients),
                _ => format!("pgbench -M prepared, {} clients", limit.clients),
            };
            writeln!(text, "| {what} | {how} | {:.0} |", limit.per_second).unwrap();
        }
    }
}

/// The statements behind each request, with their times.
pub fn statements(captured: &Captured) -> String {
    let mut text = String::new();
    for request in &captured.requests {
        one_request(&mut text, request);
    }
    text
}

fn one_request(text: &mut String, request: &Request) {
    let all = &request.statements;
    let inside = all
        .iter()
        .map(|one| one.milliseconds)
        .fold(0.0, |sum, one| sum + one);
    writeln!(
        text,
        "\n### {}: {} statements, {inside:.2} ms of {:.2} ms in the database (one at a time, all logged)\n",
        request.name, all.len(), request.milliseconds,
    )
    .unwrap();
    for (number, one) in (1..).zip(all) {
        let sql = one.sql.replace('\n', " ");
        let short: String = sql.chars().take(230).collect();
        writeln!(text, "{number:2}. {:.3} ms  {short}", one.milliseconds).unwrap();
    }
}

/// Versions for the head.
pub fn version(kind: Kind, server: Option<String>) -> String {
    match kind {
        Kind::Sqlite => sqlite::version(),
        Kind::Postgres => server.unwrap_or_default(),
    }
}
