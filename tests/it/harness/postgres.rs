//! A PostgreSQL database for one test. The server is shared by all test processes of this checkout:
//! `tests/run.sh` starts it once and names it in `BUJIANMIAN_TEST_POSTGRES`; without that the first test that
//! needs it starts it (`tests/postgres.sh`, under a lock) and it stays for the next run. A test never sees
//! another test's rows.

use std::process::Command;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

/// A database of one test's own, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its address, as in `DATABASE_URL`.
    pub url: String,
    name: String,
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // FORCE ends connections that the service still holds.
        let dropped = admin().batch_execute(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
        if !std::thread::panicking() {
            dropped.expect("the test's database is dropped");
        }
    }
}

/// An empty database.
pub fn fresh_database() -> TestDatabase {
    copy_of("template0")
}

/// A copy of the database `template`, which is made on first need by any test process: `prepare` gets the
/// address of an empty database to fill (migrations, a demo world) and must leave no connection open. The
/// name says what is in it, so that two different preparations never share one: a lower-case identifier.
pub fn fresh_database_like(template: &str, prepare: impl FnOnce(&str)) -> TestDatabase {
    let mut admin = admin();
    admin
        .batch_execute("SELECT pg_advisory_lock(hashtext('bujianmian templates'))")
        .expect("the lock is taken");
    if !exists(&mut admin, template) {
        let unfinished = format!("{template}_unfinished");
        let create = format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE);");
        admin
            .batch_execute(&create)
            .expect("a half-made template is dropped");
        admin
            .batch_execute(&format!("CREATE DATABASE {unfinished} TEMPLATE template0"))
            .expect("it is created");
        prepare(&url_of(&unfinished));
        admin
            .batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}"))
            .expect("it is renamed");
    }
    drop(admin);
    copy_of(template)
}

fn copy_of(template: &str) -> TestDatabase {
    let name = format!("test_{}", uuid::Uuid::now_v7().simple());
    admin()
        .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .expect("a database is created");
    TestDatabase {
        url: url_of(&name),
        name,
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn exists(admin: &mut PgConnection, name: &str) -> bool {
    let query = sql_query("SELECT count(*) AS count FROM pg_database WHERE datname = $1");
    let found: Count = query
        .bind::<diesel::sql_types::Text, _>(name)
        .get_result(admin)
        .expect("databases are listed");
    found.count > 0
}

fn admin() -> PgConnection {
    PgConnection::establish(server()).expect("the tests' PostgreSQL answers")
}

fn url_of(name: &str) -> String {
    let (front, _) = server()
        .rsplit_once('/')
        .expect("the address ends in a database");
    format!("{front}/{name}")
}

/// The address of the server's own database.
fn server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| std::env::var("BUJIANMIAN_TEST_POSTGRES").unwrap_or_else(|_| start()))
}

fn start() -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres.sh");
    let output = Command::new(script)
        .arg("start")
        .output()
        .expect("tests/postgres.sh runs");
    assert!(
        output.status.success(),
        "{script} start: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .expect("an address")
        .trim()
        .to_owned()
}

#[test]
fn two_tests_never_share_a_database() {
    let (one, other) = (fresh_database(), fresh_database());
    let mut first = PgConnection::establish(&one.url).unwrap();
    first
        .batch_execute("CREATE TABLE only_here (id int)")
        .unwrap();
    let mut second = PgConnection::establish(&other.url).unwrap();
    assert!(second.batch_execute("SELECT * FROM only_here").is_err());
}

#[test]
fn a_dropped_database_is_gone_even_while_somebody_is_connected() {
    let database = fresh_database();
    let name = database.name.clone();
    let _connected = PgConnection::establish(&database.url).unwrap();
    assert!(exists(&mut admin(), &name));
    drop(database);
    assert!(!exists(&mut admin(), &name));
}

#[test]
fn a_template_is_prepared_once_and_copied() {
    let prepare = |url: &str| {
        PgConnection::establish(url)
            .unwrap()
            .batch_execute("CREATE TABLE a (id int); INSERT INTO a VALUES (7)")
            .unwrap();
    };
    let template = format!("template_of_{}", uuid::Uuid::now_v7().simple());
    let first = fresh_database_like(&template, prepare);
    let second = fresh_database_like(&template, |_| panic!("prepared twice"));
    for database in [&first, &second] {
        let mut connection = PgConnection::establish(&database.url).unwrap();
        let rows: Count = sql_query("SELECT count(*) AS count FROM a")
            .get_result(&mut connection)
            .unwrap();
        assert_eq!(rows.count, 1);
    }
    admin()
        .batch_execute(&format!("DROP DATABASE {template}"))
        .unwrap();
}
