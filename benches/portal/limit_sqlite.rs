//! What SQLite can do without a service in front of it: `loop.c`, linked with the SQLite that the service was built
//! with, runs the statements that were captured, on a copy of the measured database; once committing each operation by
//! itself, once 32 together.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::DateTime;
use serde_json::Value as Json;

use crate::capture::{Again, Captured, Operation, Part, Row, Value};
use crate::limit_postgres::{Limit, session_base};
use crate::options::Options;
use crate::people::Numbered;
use crate::sqlite;
use crate::stage::Stage;

/// Operations a transaction.
const GROUPS: [usize; 2] = [1, 32];

/// Runs of the two writing operations.
pub struct Limits {
    /// Filings.
    pub file: Vec<Limit>,
    /// Pairs of next and approve.
    pub decide: Vec<Limit>,
}

/// Measures both on a copy of the database, which nobody may have open.
pub fn measure(stage: &Stage, captured: &Captured, options: &Options) -> Limits {
    let program = compile(&stage.scratch());
    let copy = stage.scratch().join("limit.db");
    copy_database(&stage.database_file(), &copy);
    one_session_each(&copy);
    let mut turn = 0;
    let mut runs =
        |name: &str, operation: &Operation, (counted, each): (&str, u64)| -> Vec<Limit> {
            let path = stage.scratch().join(name);
            std::fs::write(&path, written(operation)).expect("the operation is written");
            let mut found = vec![];
            for group in GROUPS {
                for seconds in [options.warm_up, options.seconds] {
                    turn += 1;
                    let before = sqlite::number(&copy, counted);
                    let (done, per_second) = run(
                        &program,
                        &copy,
                        &path,
                        [seconds, group as u64, turn, options.residents.into()],
                    );
                    assert_eq!(
                        sqlite::number(&copy, counted) - before,
                        done * each,
                        "rows written"
                    );
                    if seconds == options.seconds {
                        found.push(Limit {
                            clients: group,
                            per_second,
                        });
                    }
                }
            }
            found
        };
    Limits {
        file: runs(
            "file.operation",
            &captured.file,
            ("SELECT count(*) FROM cases", 1),
        ),
        decide: runs(
            "decide.operation",
            &captured.decide,
            ("SELECT count(*) FROM case_event", 2),
        ),
    }
}

fn run(program: &Path, database: &Path, operation: &Path, numbers: [u64; 4]) -> (u64, f64) {
    let mut command = Command::new(program);
    command
        .arg(database)
        .arg(operation)
        .args(numbers.map(|number| number.to_string()));
    let output = command.output().expect("the loop runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "the loop: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (done, seconds) = said.trim().split_once(' ').expect("two numbers");
    let (done, seconds): (u64, f64) = (
        done.parse().expect("operations"),
        seconds.parse().expect("seconds"),
    );
    (done, done as f64 / seconds)
}

/// The database with what is still in its log.
fn copy_database(from: &Path, to: &Path) {
    for suffix in ["", "-wal"] {
        let part = |path: &Path| PathBuf::from(format!("{}{suffix}", path.display()));
        drop(std::fs::remove_file(part(to)));
        if part(from).exists() {
            std::fs::copy(part(from), part(to)).expect("the database is copied");
        }
    }
}

/// Gives every login that has sessions one whose identifier can be told from the login's.
fn one_session_each(database: &Path) {
    let id = |byte: &str| {
        format!("unhex(substr(hex(account_id), 1, 16) || '{byte}' || substr(hex(account_id), 19))")
    };
    let (handler, resident) = (id("0E"), id("0D"));
    let sql = format!(
        "CREATE TEMP TABLE one AS SELECT * FROM session GROUP BY account_id; \
         UPDATE one SET id = CASE WHEN substr(hex(account_id), 17, 2) = '0C' THEN {handler} ELSE {resident} END; \
         DELETE FROM session; INSERT INTO session SELECT * FROM one;"
    );
    sqlite::batch(database, &sql);
}

/// Compiles the loop with the C compiler and the SQLite of the release build.
fn compile(folder: &Path) -> PathBuf {
    let program = folder.join("loop");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/portal/loop.c");
    let mut cc = Command::new("cc");
    cc.args(["-O2", "-Wall", "-o"]).arg(&program).arg(source);
    cc.arg("-I")
        .arg(header_folder())
        .arg(library())
        .args(["-lpthread", "-lm", "-ldl"]);
    let output = cc.output().expect("a C compiler");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    program
}

/// Where Cargo has the source of SQLite.
fn header_folder() -> PathBuf {
    let mut cargo = Command::new("cargo");
    cargo
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo metadata");
    let all: Json = serde_json::from_slice(&output.stdout).expect("Cargo's answer");
    let packages = all["packages"].as_array().expect("packages");
    let package = packages
        .iter()
        .find(|package| package["name"] == "libsqlite3-sys")
        .expect("SQLite");
    let manifest = Path::new(package["manifest_path"].as_str().expect("its place"));
    manifest.with_file_name("sqlite3")
}

/// The newest library among the build's own files.
fn library() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_bujianmian")).with_file_name("build");
    let builds = std::fs::read_dir(target)
        .expect("the build's folder")
        .flatten();
    let libraries = builds
        .map(|entry| entry.path().join("out/libsqlite3.a"))
        .filter(|path| path.exists());
    let age = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
    libraries
        .max_by_key(age)
        .expect("the library that was built")
}

/// The operation as `loop.c` reads it.
fn written(operation: &Operation) -> String {
    let mut text = String::new();
    for one in operation {
        match one {
            Again::Begin => text.push_str("B\n"),
            Again::Commit => text.push_str("C\n"),
            Again::Statement { sql, values, keeps } => {
                let name = keeps.map_or("-", Row::name);
                let (sql, values) = translated(sql, values);
                writeln!(text, "S {name} {} {}", values.len(), hex::encode(sql)).unwrap();
                for (kind, value) in &values {
                    writeln!(text, "{}", parameter(kind, value)).unwrap();
                }
            }
        }
    }
    text
}

/// The statement as the service sends it to SQLite: the same but for row locks, the word for an absent value, and
/// lists, which are one parameter on PostgreSQL.
fn translated(sql: &str, values: &[(String, Value)]) -> (String, Vec<(String, Value)>) {
    let mut sql = sql.replace(" FOR UPDATE SKIP LOCKED", "");
    sql = sql.replace(", DEFAULT", ", NULL");
    let mut all = values.to_vec();
    for (at, (kind, value)) in values.iter().enumerate() {
        let (Some(kind), Value::Same(list)) = (kind.strip_suffix("[]"), value) else {
            continue;
        };
        let mut members = list
            .trim_matches(['{', '}'])
            .split(',')
            .filter(|one| !one.is_empty());
        let first = members
            .next()
            .map_or(Value::Null, |one| Value::Same(one.to_owned()));
        all[at] = (kind.to_owned(), first);
        let mut places = format!("${}", at + 1);
        for member in members {
            all.push((kind.to_owned(), Value::Same(member.to_owned())));
            write!(places, ", ${}", all.len()).unwrap();
        }
        sql = sql.replace(&format!("= ANY(${})", at + 1), &format!("IN ({places})"));
    }
    (sql, all)
}

fn parameter(kind: &str, value: &Value) -> String {
    let part = |of: Numbered, part: &Part| match part {
        Part::Account => of.base(),
        Part::Person => Numbered::Person.base(),
        Part::Session => session_base(of),
    };
    match value {
        Value::Null => "n".to_owned(),
        Value::NewId(id) => format!("u {id}"),
        Value::NewText(text) => format!("w {text}"),
        Value::Resident(which) => format!("r {}", part(Numbered::Resident, which)),
        Value::Handler(which) => format!("h {}", part(Numbered::Handler, which)),
        Value::Read(row, column) => format!("c {}_{column}", row.name()),
        Value::Same(same) => constant(kind, same),
    }
}

/// A value as the embedded database stores it.
fn constant(kind: &str, value: &str) -> String {
    let or_dash = |hex: String| if hex.is_empty() { "-".to_owned() } else { hex };
    match kind {
        "bytea" => format!("b {}", or_dash(value.trim_start_matches("\\x").to_owned())),
        "uuid" => format!("b {}", value.replace('-', "")),
        "smallint" | "integer" | "bigint" => format!("i {value}"),
        "boolean" => format!("i {}", u8::from(value == "t" || value == "true")),
        "timestamp with time zone" => {
            let at =
                DateTime::parse_from_str(value, "%Y-%m-%d %H:%M:%S%.f%#z").expect("an instant");
            format!("i {}", at.timestamp_micros())
        }
        "text" | "date" => format!("t {}", or_dash(hex::encode(value))),
        other => panic!("a parameter of type {other} is not known to the SQLite loop"),
    }
}
