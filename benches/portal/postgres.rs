//! A PostgreSQL of the benchmark's own, as durable as it is by default. It listens on loopback, is stopped and
//! deleted with this value, and can log every statement with its time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use serde_json::Value;

use crate::service::free_port;

/// Beyond the defaults; durability is never weakened.
pub const SETTINGS: &str =
    "shared_buffers=256MB, everything else as PostgreSQL comes (fsync and synchronous_commit on)";

/// A running server.
pub struct Cluster {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    /// Number of its first process.
    pub id: u32,
}

/// One executed statement of the log.
#[derive(Clone, Debug)]
pub struct Logged {
    /// Its text, with `$1`, `$2` …
    pub sql: String,
    /// The values of its parameters; `None` is NULL.
    pub parameters: Vec<Option<String>>,
    /// Parsing, binding and executing, in milliseconds.
    pub milliseconds: f64,
}

#[derive(QueryableByName)]
struct OneText {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct OneNumber {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

impl Cluster {
    /// Makes and starts one below `folder`, which everybody may search.
    pub fn start(folder: &Path) -> Self {
        let folder = folder.join("postgres");
        fs::create_dir(&folder).expect("a folder");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let programs = programs();
        let (data, port) = (folder.join("data"), free_port());
        let mut initdb = as_server(&programs.join("initdb"));
        initdb.arg("-D").arg(&data);
        run(initdb.args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]));
        let settings = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c shared_buffers=256MB \
             -c logging_collector=on -c log_destination=jsonlog -c log_directory={} -c log_filename=statements.log \
             -c log_rotation_age=0 -c log_rotation_size=0",
            folder.display(),
            folder.join("log").display(),
        );
        let mut start = as_server(&programs.join("pg_ctl"));
        start
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(folder.join("start.log"));
        run(start.arg("-w").arg("-o").arg(settings).arg("start"));
        let file = fs::read_to_string(data.join("postmaster.pid")).expect("the server's number");
        let id = file.lines().next().and_then(|line| line.parse().ok());
        Self {
            folder,
            programs,
            port,
            id: id.expect("a process number"),
        }
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// An empty database.
    pub fn create(&self, database: &str) -> String {
        self.batch(
            "postgres",
            &format!("CREATE DATABASE {database} TEMPLATE template0"),
        );
        self.url(database)
    }

    /// A copy of a database to which nobody is connected.
    pub fn copy(&self, from: &str, to: &str) -> String {
        self.batch(
            "postgres",
            &format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"),
        );
        self.batch("postgres", &format!("CREATE DATABASE {to} TEMPLATE {from}"));
        self.url(to)
    }

    /// Statements without answer.
    pub fn batch(&self, database: &str, sql: &str) {
        let done = self.connect(database).batch_execute(sql);
        done.unwrap_or_else(|e| panic!("{sql}: {e}"));
    }

    /// One text.
    pub fn text(&self, database: &str, sql: &str) -> String {
        let query = format!("SELECT coalesce(({sql})::text, '') AS value");
        let row: OneText = sql_query(query)
            .get_result(&mut self.connect(database))
            .expect(sql);
        row.value
    }

    /// One number.
    pub fn number(&self, database: &str, sql: &str) -> i64 {
        let query = format!("SELECT ({sql})::bigint AS value");
        let row: OneNumber = sql_query(query)
            .get_result(&mut self.connect(database))
            .expect(sql);
        row.value
    }

    /// The types of a statement's parameters, as the server understands them.
    pub fn types(&self, database: &str, sql: &str) -> Vec<String> {
        let mut connection = self.connect(database);
        connection
            .batch_execute(&format!("PREPARE probe AS {sql}"))
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
        let query = "SELECT array_to_string(parameter_types::text[], ',') AS value FROM pg_prepared_statements";
        let row: OneText = sql_query(query)
            .get_result(&mut connection)
            .expect("its types");
        row.value
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn connect(&self, database: &str) -> PgConnection {
        PgConnection::establish(&self.url(database)).expect("the benchmark's PostgreSQL answers")
    }

    /// One of PostgreSQL's own programs.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }

    /// A file of the benchmark's own beside it.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.with_file_name(name)
    }

    /// The server's version.
    pub fn version(&self) -> String {
        self.text("postgres", "current_setting('server_version')")
    }

    /// What `work` makes the server do in one database, in the order in which it was done.
    pub fn watch<T>(&self, database: &str, work: impl FnOnce() -> T) -> (T, Vec<Logged>) {
        self.log_from(0);
        let place = self.log().len();
        let done = work();
        std::thread::sleep(Duration::from_millis(300));
        self.log_from(-1);
        let log = self.log();
        (done, read(log.get(place..).unwrap_or_default(), database))
    }

    fn log_from(&self, milliseconds: i32) {
        self.batch(
            "postgres",
            &format!("ALTER SYSTEM SET log_min_duration_statement = {milliseconds}"),
        );
        self.batch("postgres", "SELECT pg_reload_conf()");
        std::thread::sleep(Duration::from_millis(300));
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log/statements.json")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = as_server(&self.programs.join("pg_ctl"));
        stop.arg("-D").arg(self.folder.join("data"));
        drop(stop.args(["-m", "immediate", "-w", "stop"]).output());
    }
}

/// The statements of a log in JSON lines. Parsing and binding stand before the execution they belong to.
fn read(log: &str, database: &str) -> Vec<Logged> {
    let mut statements = vec![];
    let mut before = 0.0;
    for line in log.lines() {
        let Ok(entry) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("dbname") != database {
            continue;
        }
        let Some((milliseconds, what)) = text("message")
            .strip_prefix("duration: ")
            .and_then(|rest| rest.split_once(" ms  "))
        else {
            continue;
        };
        let milliseconds: f64 = milliseconds.parse().unwrap_or_default();
        let Some((kind, sql)) = what.split_once(": ") else {
            continue;
        };
        if kind == "statement" || kind.starts_with("execute ") {
            statements.push(Logged {
                sql: sql.trim().to_owned(),
                parameters: parameters(text("detail")),
                milliseconds: milliseconds + before,
            });
            before = 0.0;
        } else {
            before += milliseconds;
        }
    }
    statements
}

/// `parameters: $1 = 'it''s', $2 = NULL`
fn parameters(detail: &str) -> Vec<Option<String>> {
    let mut found = vec![];
    let mut rest = detail;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(after) = after.strip_prefix("NULL") {
            found.push(None);
            rest = after;
            continue;
        }
        let mut value = String::new();
        let mut chars = after.char_indices().skip(1).peekable();
        rest = "";
        while let Some((at, c)) = chars.next() {
            match (c, chars.peek()) {
                ('\'', Some((_, '\''))) => {
                    chars.next();
                    value.push('\'');
                }
                ('\'', _) => {
                    rest = after.get(at + 1..).unwrap_or_default();
                    break;
                }
                _ => value.push(c),
            }
        }
        found.push(Some(value));
    }
    found
}

fn is_root() -> bool {
    crate::machine::first_line("id", &["-u"]) == "0"
}

/// PostgreSQL refuses to run as root.
fn as_server(program: &Path) -> Command {
    let mut command = match is_root() {
        true => {
            let mut runuser = Command::new("runuser");
            runuser.args(["-u", "postgres", "--"]).arg(program);
            runuser
        }
        false => Command::new(program),
    };
    command.current_dir("/");
    command
}

/// Debian keeps the server's programs off the PATH; elsewhere they are on it.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists() && bin.join("pgbench").exists())
        .max();
    newest.unwrap_or_default()
}

fn run(command: &mut Command) {
    // Not to a pipe: the server would keep it open.
    let status = command.stdout(std::process::Stdio::null()).status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "{command:?} failed"
    );
}
