//! What PostgreSQL can do without a service in front of it: pgbench with the statements that were captured, prepared,
//! on a copy of the measured database. Every run is checked to have written what it says it did.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use crate::capture::{Again, Operation, Part, Value};
use crate::options::Options;
use crate::people::{HANDLERS, Numbered};
use crate::postgres::Cluster;
use crate::stage::DATABASE;

/// Name of the copy.
const COPY: &str = "portal_limit";
/// Where new identifiers begin: below those that the service makes, so that no two meet.
const NEW: u64 = 0x4000_0000_0000_0000;
/// Where the sessions of people begin: beside their logins, by the first byte of the second half.
const SESSION_BYTE: &str = "0d";

/// One run.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Clients, or operations a transaction.
    pub clients: usize,
    /// Operations a second.
    pub per_second: f64,
}

/// What is known of a run of an operation.
struct Check {
    /// Counted before and after.
    sql: &'static str,
    /// By how many it rises with each operation.
    each: i64,
}

/// Runs of a filing, of taking and approving, of the queue's rows.
pub struct Limits {
    /// Filings.
    pub file: Vec<Limit>,
    /// Pairs of next and approve.
    pub decide: Vec<Limit>,
    /// Selects of 50 rows.
    pub queue: Vec<Limit>,
}

/// Measures all three on a copy of the database, to which nobody may be connected.
pub fn measure(
    cluster: &Cluster,
    captured: &crate::capture::Captured,
    options: &Options,
) -> Limits {
    cluster.copy(DATABASE, COPY);
    one_session_each(cluster);
    cluster.batch(COPY, "VACUUM (ANALYZE)");
    let mut turn = 0;
    let mut runs = |operation: &Operation, check: Option<Check>| -> Vec<Limit> {
        let script = script(operation);
        let path = cluster.scratch("operation.sql");
        std::fs::write(&path, &script.text).expect("the script is written");
        let mut found = vec![];
        for clients in &options.connections {
            // The first run warms the copy up.
            for seconds in [options.warm_up, options.seconds] {
                turn += 1;
                let per_second = run(
                    cluster,
                    &path,
                    &script,
                    *clients,
                    seconds,
                    turn,
                    options,
                    check.as_ref(),
                );
                if seconds == options.seconds {
                    found.push(Limit {
                        clients: *clients,
                        per_second,
                    });
                }
            }
        }
        found
    };
    let cases = Check {
        sql: "SELECT count(*) FROM cases",
        each: 1,
    };
    let events = Check {
        sql: "SELECT count(*) FROM case_event",
        each: 2,
    };
    Limits {
        queue: runs(&captured.queue, None),
        file: runs(&captured.file, Some(cases)),
        decide: runs(&captured.decide, Some(events)),
    }
}

/// Gives every login that has sessions one whose identifier can be told from the login's.
fn one_session_each(cluster: &Cluster) {
    let place = format!("overlay(account_id::text placing '{SESSION_BYTE}' from 20 for 2)::uuid");
    cluster.batch(
        COPY,
        &format!(
            "CREATE TEMP TABLE one AS SELECT DISTINCT ON (account_id) * FROM session; \
             UPDATE one SET id = CASE WHEN account_id::text LIKE '%-0c%' \
                 THEN overlay(account_id::text placing '0e' from 20 for 2)::uuid ELSE {place} END; \
             DELETE FROM session; INSERT INTO session SELECT * FROM one;"
        ),
    );
}

/// A pgbench script and the values of its variables.
pub struct Script {
    text: String,
    variables: Vec<(String, String)>,
}

/// Writes an operation as a pgbench script.
pub fn script(operation: &Operation) -> Script {
    let mut script = Script {
        text: "\\set seq :seq + 1\n\\set resident random(0, :residents - 1)\n".to_owned(),
        variables: vec![],
    };
    // Rising with time, as the service's are.
    let base = format!("{NEW} + :run * 1125899906842624 + :seq * 1048576 + :client_id * 256");
    for id in new_ids(operation) {
        writeln!(script.text, "\\set new{id} {base} + {id}").unwrap();
    }
    for text in 0..2 {
        writeln!(script.text, "\\set text{text} {base} + {}", 200 + text).unwrap();
    }
    for (kind, base) in [
        ("account", Numbered::Resident.base()),
        ("person", Numbered::Person.base()),
        ("session", session_base(Numbered::Resident)),
    ] {
        writeln!(script.text, "\\set resident_{kind} {base} + :resident").unwrap();
    }
    for (kind, base) in [
        ("account", Numbered::Handler.base()),
        ("session", session_base(Numbered::Handler)),
    ] {
        writeln!(
            script.text,
            "\\set handler_{kind} {base} + :client_id % {HANDLERS}"
        )
        .unwrap();
    }
    for (number, one) in operation.iter().enumerate() {
        match one {
            Again::Begin => script.text.push_str("BEGIN;\n"),
            Again::Commit => script.text.push_str("COMMIT;\n"),
            Again::Statement { sql, values, keeps } => {
                let text = fill_in(sql, values, number, &mut script.variables);
                let end = match keeps {
                    Some(row) => format!(" \\gset {}_", row.name()),
                    None => ";".to_owned(),
                };
                writeln!(script.text, "{text}{end}").unwrap();
            }
        }
    }
    script
}

/// Sessions have their logins' numbers, one or two kinds further on.
pub const fn session_base(of: Numbered) -> u64 {
    of.base() - (of.base() & 0xff00_0000_0000_0000)
        + match of {
            Numbered::Handler => 0x0e00_0000_0000_0000,
            Numbered::Resident | Numbered::Person => 0x0d00_0000_0000_0000,
        }
}

fn new_ids(operation: &Operation) -> BTreeSet<usize> {
    let values = operation.iter().flat_map(|one| match one {
        Again::Statement { values, .. } => values.as_slice(),
        Again::Begin | Again::Commit => &[],
    });
    values
        .filter_map(|(_, value)| match value {
            Value::NewId(id) => Some(*id),
            _ => None,
        })
        .collect()
}

/// Puts variables in the place of `$1`, `$2` …; from the last, so that `$1` is not found in `$12`.
fn fill_in(
    sql: &str,
    values: &[(String, Value)],
    number: usize,
    variables: &mut Vec<(String, String)>,
) -> String {
    let uuid = |variable: &str| format!("lpad(to_hex(:{variable}::bigint), 32, '0')::uuid");
    let mut text = sql.replace('\n', " ");
    for (at, (_, value)) in values.iter().enumerate().rev() {
        let written = match value {
            Value::Null => "NULL".to_owned(),
            Value::Same(same) => {
                let name = format!("v{number}_{at}");
                variables.push((name.clone(), same.clone()));
                format!(":{name}")
            }
            Value::NewId(id) => uuid(&format!("new{id}")),
            Value::NewText(text) => format!("to_hex(:text{text}::bigint)"),
            Value::Resident(part) => uuid(&format!("resident_{}", part_name(*part))),
            Value::Handler(part) => uuid(&format!("handler_{}", part_name(*part))),
            Value::Read(row, column) => format!(":{}_{column}", row.name()),
        };
        text = text.replace(&format!("${}", at + 1), &written);
    }
    text
}

/// As variables name it.
pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Account => "account",
        Part::Person => "person",
        Part::Session => "session",
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "the settings of one run, used nowhere else"
)]
fn run(
    cluster: &Cluster,
    path: &std::path::Path,
    script: &Script,
    clients: usize,
    seconds: u64,
    turn: u64,
    options: &Options,
    check: Option<&Check>,
) -> f64 {
    let counted = || check.map_or(0, |check| cluster.number(COPY, check.sql));
    let before = counted();
    let mut command: Command = cluster.program("pgbench");
    command
        .args([
            "-n",
            "-M",
            "prepared",
            "-j",
            "2",
            "-c",
            &clients.to_string(),
            "-T",
            &seconds.to_string(),
        ])
        .arg("-D")
        .arg("seq=0")
        .arg("-D")
        .arg(format!("run={turn}"))
        .arg("-D")
        .arg(format!("residents={}", options.residents));
    for (name, value) in &script.variables {
        command.arg("-D").arg(format!("{name}={value}"));
    }
    let output = command
        .arg("-f")
        .arg(path)
        .arg(cluster.url(COPY))
        .output()
        .expect("pgbench runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "pgbench: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let number = |before: &str| -> Option<f64> {
        let (_, rest) = said.split_once(before)?;
        rest.split([' ', '/', '\n']).next()?.parse().ok()
    };
    let done = number("actually processed: ").expect("how many transactions");
    if let Some(check) = check {
        let risen = counted() - before;
        // What was under way when the time ended is finished, but not always counted.
        let expected = done as i64 * check.each;
        let most = expected + check.each * i64::try_from(clients).unwrap_or_default();
        assert!(
            (expected..=most).contains(&risen),
            "{risen} rows instead of {expected}"
        );
    }
    number("tps = ").expect("transactions a second")
}
