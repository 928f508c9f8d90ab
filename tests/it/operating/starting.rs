//! What keeps the program from starting, and that it says so: settings, keys, databases, schemas; and starts that
//! meet or were killed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Output, Stdio};

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use rstest::rstest;

use crate::harness::postgres::{TestDatabase, fresh_database};
use crate::harness::program::{Program, command, run};
use crate::harness::service::Kind;

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    words.lines().last().unwrap_or_default().to_owned()
}

#[rstest]
#[case(&[("BUJIANMIAN_BNID", "127.0.0.1:8080")], "no such setting: BUJIANMIAN_BNID")]
#[case(&[("BUJIANMIAN_CONNECTIONS", "0")], "BUJIANMIAN_CONNECTIONS: 0 is not between 1 and 500")]
#[case(&[("BUJIANMIAN_BIND", "0.0.0.0:8080")], "BUJIANMIAN_ORIGIN: needed")]
#[case(&[("BUJIANMIAN_ORIGIN", "http://yibao.example")], "BUJIANMIAN_ORIGIN: http is for this machine only")]
#[case(&[("RUST_LOG", "bujianmian=loud")], "RUST_LOG: ")]
fn a_bad_setting_is_named_and_nothing_is_touched(
    #[case] variables: &[(&str, &str)],
    #[case] words: &str,
) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output = run(&data, variables, &["serve"]);
    assert!(refusal(&output).starts_with(words), "{output:?}");
    assert!(!data.exists());
}

#[test]
fn settings_are_checked_without_opening_anything() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let variables = [
        ("DATABASE_URL", "postgres://app:geheim@127.0.0.1:1/yibao"),
        ("BUJIANMIAN_GRACE_SECONDS", "7"),
    ];
    let output = run(&data, &variables, &["serve", "--check"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("* DATABASE_URL=postgres://app:***@127.0.0.1:1/yibao\n"),
        "{text}"
    );
    assert!(text.contains("* BUJIANMIAN_GRACE_SECONDS=7\n"));
    assert!(text.contains("  BUJIANMIAN_KEEP_ALIVE_SECONDS=15\n"));
    assert!(!text.contains("geheim") && !data.exists());
}

#[test]
fn a_database_out_of_reach_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for url in [
        "postgres://app:geheim@127.0.0.1:1/yibao",
        "postgres://app:geheim@[::1/yibao",
        "postgres://127.0.0.1:1/yibao?password=geheim",
    ] {
        let output = run(folder.path(), &[("DATABASE_URL", url)], &["serve"]);
        let words = refusal(&output);
        let all = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            words.contains("127.0.0.1") || words.contains("::1"),
            "{words}"
        );
        assert!(!all.contains("geheim"), "{all}");
    }
}

#[test]
fn keys_that_others_may_read_refuse_the_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &[], &["migrate"]).status.success());
    let keys = folder.path().join("keys.toml");
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).unwrap();
    for arguments in [&["serve"][..], &["serve", "--check"], &["migrate"]] {
        let output = run(folder.path(), &[], arguments);
        assert!(refusal(&output).contains("mode 644"), "{output:?}");
    }
}

/// A database of one kind that the program makes itself.
struct Site {
    folder: tempfile::TempDir,
    server: Option<TestDatabase>,
}

impl Site {
    fn new(kind: Kind) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: (kind == Kind::Postgres).then(fresh_database),
        }
    }

    fn variables(&self) -> Vec<(&str, &str)> {
        let url = self.server.as_ref().map(|server| server.url.as_str());
        url.map(|url| ("DATABASE_URL", url)).into_iter().collect()
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn migrate(&self) -> Output {
        run(self.data(), &self.variables(), &["migrate"])
    }

    fn begin_to_migrate(&self) -> Child {
        command(self.data(), &self.variables(), &["migrate"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn execute(&self, statement: &str) {
        match &self.server {
            Some(server) => PgConnection::establish(&server.url)
                .unwrap()
                .batch_execute(statement),
            None => self.file().batch_execute(statement),
        }
        .unwrap();
    }

    fn file(&self) -> SqliteConnection {
        let file = self.data().join("bujianmian.db");
        let mut connection = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
        connection
            .batch_execute("PRAGMA busy_timeout = 10000")
            .unwrap();
        connection
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_old_program_refuses_a_newer_schema(#[case] kind: Kind) {
    let site = Site::new(kind);
    assert!(site.migrate().status.success());
    site.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
    let output = run(site.data(), &site.variables(), &["serve"]);
    let words = refusal(&output);
    assert!(
        words.contains("migration 99991231000000, which this program does not know"),
        "{words}"
    );
    site.execute("DELETE FROM __diesel_schema_migrations WHERE version = '99991231000000'");
    Program::start(site.data(), &site.variables(), &["serve"]);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn instances_that_start_together_migrate_once(#[case] kind: Kind) {
    let site = Site::new(kind);
    let starts: Vec<Child> = (0..4).map(|_| site.begin_to_migrate()).collect();
    let outputs: Vec<Output> = starts
        .into_iter()
        .map(|start| start.wait_with_output().unwrap())
        .collect();
    let mut applied = 0;
    for output in &outputs {
        assert!(output.status.success(), "{outputs:#?}");
        applied += usize::from(output.stdout.starts_with(b"applied: "));
    }
    assert_eq!(applied, 1, "{outputs:#?}");
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whoever creates a table of the same name first holds the migration up in its midst.
#[test]
fn a_migration_killed_midway_leaves_nothing_and_is_done_again_on_postgresql() {
    let site = Site::new(Kind::Postgres);
    let url = site.server.as_ref().unwrap().url.clone();
    let mut blocker = PgConnection::establish(&url).unwrap();
    blocker
        .batch_execute("BEGIN; CREATE TABLE cases (id integer)")
        .unwrap();
    let mut watcher = PgConnection::establish(&url).unwrap();
    let mut count = |statement: &str| -> i64 {
        sql_query(statement)
            .get_result::<Count>(&mut watcher)
            .unwrap()
            .count
    };
    let mut start = site.begin_to_migrate();
    let held_up = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
         AND wait_event_type = 'Lock'";
    while count(held_up) == 0 {
        assert!(start.try_wait().unwrap().is_none());
    }
    start.kill().unwrap();
    start.wait().unwrap();
    blocker.batch_execute("ROLLBACK").unwrap();
    let others = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
         AND query LIKE '%CREATE TABLE%' AND state = 'active' AND pid <> pg_backend_pid()";
    while count(others) > 0 {
        std::thread::yield_now();
    }
    let tables = "SELECT count(*) AS count FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_%'";
    assert_eq!(count(tables), 0);
    assert!(site.migrate().status.success());
    assert!(count(tables) > 20);
}

/// The process is killed at another moment in each round: once its file has so many bytes.
#[test]
fn a_migration_killed_at_any_moment_is_done_again_on_sqlite() {
    let site = Site::new(Kind::Sqlite);
    let mut killed = 0;
    for bytes in [0, 1, 4096, 4097, 20_000, 100_000] {
        let mut start = site.begin_to_migrate();
        let size = || -> u64 {
            ["bujianmian.db", "bujianmian.db-wal"]
                .iter()
                .filter_map(|name| std::fs::metadata(site.data().join(name)).ok())
                .map(|file| file.len())
                .sum()
        };
        while start.try_wait().unwrap().is_none() && size() < bytes {}
        start.kill().unwrap();
        killed += usize::from(!start.wait().unwrap().success());
        let database = site.data().join("bujianmian.db");
        if database.exists() {
            let found: Vec<Count> =
                sql_query("SELECT count(*) AS count FROM sqlite_master WHERE name = 'cases'")
                    .load(&mut site.file())
                    .unwrap();
            let noted: Vec<Count> =
                sql_query("SELECT count(*) AS count FROM sqlite_master WHERE name = 'case_event'")
                    .load(&mut site.file())
                    .unwrap();
            assert_eq!(found[0].count, noted[0].count, "all of it or nothing");
        }
        if bytes == 100_000 {
            assert!(site.migrate().status.success());
        }
    }
    assert!(killed >= 3, "{killed}");
    let integrity: Vec<Count> = sql_query(
        "SELECT count(*) AS count FROM pragma_integrity_check WHERE integrity_check = 'ok'",
    )
    .load(&mut site.file())
    .unwrap();
    assert_eq!(integrity[0].count, 1);
}
