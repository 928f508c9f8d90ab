//! PostgreSQL for the scenarios: a database on the tests' shared server, or a server of one's own that can be killed
//! and has what it says on disk.

use std::fs::File;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use crate::service::free_port;

/// How long a start may take, recovery and the end of orphaned backends included.
const START: Duration = Duration::from_secs(90);

/// A database, dropped with this value.
pub struct Database {
    /// Its address.
    pub url: String,
    name: String,
    server: String,
    kept: bool,
    is_moved: bool,
}

impl Database {
    /// An empty one on the server that all tests of this checkout share.
    pub fn shared() -> Self {
        Self::on(&shared_server())
    }

    /// An empty one on a server.
    pub fn on(server: &str) -> Self {
        Self::from(server, "template0")
    }

    fn from(server: &str, template: &str) -> Self {
        let name = format!("faults_{}", uuid::Uuid::now_v7().simple());
        execute(
            server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        );
        let (front, _) = split(server);
        Self {
            url: format!("{front}/{name}"),
            name,
            server: server.to_owned(),
            kept: false,
            is_moved: false,
        }
    }

    /// A copy of a database of the shared server.
    pub fn copy_of(name: &str) -> Self {
        Self::from(&shared_server(), name)
    }

    /// Whether the shared server has a database of this name.
    pub fn exists(name: &str) -> bool {
        let (front, _) = split(&shared_server());
        PgConnection::establish(&format!("{front}/{name}")).is_ok()
    }

    /// Keeps it on the server under another name.
    pub fn keep_as(mut self, name: &str) {
        self.administer(&[&format!("ALTER DATABASE $DATABASE RENAME TO {name}")]);
        self.kept = true;
    }

    /// Runs statements on the server's own database.
    pub fn administer(&self, statements: &[&str]) {
        for statement in statements {
            execute(&self.server, &statement.replace("$DATABASE", &self.name));
        }
    }

    /// Moves it to a folder of its own: a small disk. What the server itself writes, its log before all, stays where
    /// it is: without that it would stop. The folder must outlive the database.
    pub fn move_to(&mut self, folder: &Path) {
        give_to_server(folder);
        let place = folder.display();
        self.administer(&[
            &format!("CREATE TABLESPACE $DATABASE LOCATION '{place}'"),
            "ALTER DATABASE $DATABASE SET TABLESPACE $DATABASE",
        ]);
        self.is_moved = true;
    }

    /// Port of its server.
    pub fn port(&self) -> u16 {
        let host = self
            .url
            .rsplit('@')
            .next()
            .and_then(|rest| rest.split('/').next());
        host.and_then(|host| host.rsplit(':').next()?.parse().ok())
            .expect("an address with a port")
    }

    /// Its address by way of another port.
    pub fn url_by(&self, port: u16) -> String {
        self.url
            .replace(&format!(":{}/", self.port()), &format!(":{port}/"))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // A server of its own may be gone already.
        if let Ok(mut admin) = PgConnection::establish(&self.server) {
            let _ = admin.batch_execute(&format!(
                "DROP DATABASE IF EXISTS {} WITH (FORCE)",
                self.name
            ));
            if self.is_moved {
                let _ = admin.batch_execute(&format!("DROP TABLESPACE {}", self.name));
            }
        }
    }
}

/// Address without the database, and the database.
fn split(url: &str) -> (String, String) {
    let (front, name) = url.rsplit_once('/').expect("an address ends in a database");
    (front.to_owned(), name.to_owned())
}

fn execute(server: &str, statement: &str) {
    PgConnection::establish(server)
        .expect("the server answers")
        .batch_execute(statement)
        .expect("the statement runs");
}

fn shared_server() -> String {
    if let Ok(url) = std::env::var("BUJIANMIAN_TEST_POSTGRES") {
        return url;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/postgres.sh");
    let output = Command::new(script).arg("start").output().expect("it runs");
    assert!(output.status.success(), "{script} start: {output:?}");
    String::from_utf8(output.stdout)
        .expect("an address")
        .trim()
        .to_owned()
}

/// A server of one's own, stopped and deleted with this value. It syncs to disk as a real one does.
pub struct Server {
    home: tempfile::TempDir,
    port: u16,
    child: Option<Child>,
    user: Option<(u32, u32)>,
}

impl Server {
    /// Makes and starts one.
    pub fn start() -> Self {
        let mut server = Self {
            home: tempfile::tempdir().expect("a folder"),
            port: free_port(),
            child: None,
            user: server_user(),
        };
        give_to_server(server.home.path());
        let data = server.data();
        let made = server
            .command("initdb")
            .arg("-D")
            .arg(&data)
            .args([
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ])
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{made:?}");
        server.begin();
        server
    }

    /// Its own database's address.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it and waits until it answers. Right after a kill, backends that have not noticed yet keep it from
    /// starting; then it is tried again.
    pub fn begin(&mut self) {
        let until = Instant::now() + START;
        while PgConnection::establish(&self.url()).is_err() {
            assert!(
                Instant::now() < until,
                "PostgreSQL does not start:\n{}",
                self.log()
            );
            let ended = match &mut self.child {
                Some(child) => child.try_wait().expect("it is ours").is_some(),
                None => true,
            };
            if ended {
                self.child = Some(self.launch());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// SIGKILL to the first process; the others end when they notice.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it ended");
        }
    }

    fn launch(&self) -> Child {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.home.path().join("log"))
            .expect("a log");
        let sockets = format!("unix_socket_directories={}", self.home.path().display());
        self.command("postgres")
            .arg("-D")
            .arg(self.data())
            .args([
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
            ])
            .args(["-c", &sockets])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("postgres starts")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command.current_dir(self.home.path());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Makes a folder that a server is to use, such as one on a small disk, the server's own.
pub fn give_to_server(folder: &Path) {
    if let Some((user, group)) = server_user() {
        chown(folder, Some(user), Some(group)).expect("root gives");
    }
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder, private).expect("its own");
}

/// PostgreSQL refuses to run as root; then the packages' own user runs it.
fn server_user() -> Option<(u32, u32)> {
    let me = std::fs::metadata("/proc/self").expect("this process").uid();
    let number = |option: &str| -> u32 {
        let output = Command::new("id").args([option, "postgres"]).output();
        let text = String::from_utf8(output.expect("id runs").stdout).expect("digits");
        text.trim().parse().expect("there is a user postgres")
    };
    (me == 0).then(|| (number("-u"), number("-g")))
}

/// Where the newest server programs are.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let newest = versions
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("postgres").exists())
        .max();
    let on_path = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    };
    newest
        .or_else(on_path)
        .expect("PostgreSQL's server programs")
}
