//! The real program as a child process: started, asked whether it is ready, killed, frozen, stopped. Knows nothing of
//! cases.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::person::PASSWORD;

/// How long a start may take on a busy machine.
const READY: Duration = Duration::from_secs(90);

/// How the program is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program.
    pub binary: PathBuf,
    /// Folder of keys, uploads and, without `database`, rows.
    pub data: PathBuf,
    /// PostgreSQL.
    pub database: Option<String>,
    /// What it does.
    pub mode: Mode,
    /// Bytes a file of it may have, where no small disk can be mounted.
    pub file_limit: Option<u64>,
}

/// What the program does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Serves as an agency would, with a mail server at this port.
    Serve {
        /// Port on loopback.
        smtp: u16,
    },
    /// Serves the demo, its clock set to `at`.
    Demo {
        /// RFC 3339.
        at: Option<String>,
    },
}

/// A running instance; killed with this value.
pub struct Service {
    /// How it is run; changed between two starts.
    pub settings: Settings,
    port: u16,
    child: Option<Child>,
    log: PathBuf,
}

impl Service {
    /// Starts it and waits until it is ready. `name` is its log's.
    pub fn start(settings: Settings, log: &Path) -> Self {
        let mut service = Self {
            settings,
            port: free_port(),
            child: None,
            log: log.to_owned(),
        };
        service.begin();
        service.wait_until_ready();
        service
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Starts it again at the same address.
    pub fn begin(&mut self) {
        assert!(self.child.is_none(), "one process at a time");
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .expect("a log");
        let other = log.try_clone().expect("a log");
        let child = self
            .command()
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(other)
            .spawn()
            .expect("the program starts");
        self.child = Some(child);
    }

    /// Waits until it says that it is ready.
    pub fn wait_until_ready(&mut self) {
        let address = format!("{}/readyz", self.address());
        let until = Instant::now() + READY;
        loop {
            if reqwest::blocking::get(&address).is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self
                .child
                .as_mut()
                .and_then(|c| c.try_wait().ok().flatten());
            assert!(
                ended.is_none() && Instant::now() < until,
                "not ready ({ended:?}):\n{}",
                self.log_tail()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// SIGKILL, as the kernel does it to whoever uses too much.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("it can be killed");
            child.wait().expect("it ended");
        }
    }

    /// SIGTERM; it must end by itself, and well.
    pub fn stop(&mut self) {
        self.signal("TERM");
        if let Some(mut child) = self.child.take() {
            let status = child.wait().expect("it ended");
            assert!(status.success(), "{status}:\n{}", self.log_tail());
        }
    }

    /// SIGSTOP: it is there and does nothing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// The kinds of failures in its log, with how often each came.
    pub fn complaints(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in text.lines().filter(|line| line.contains("ERROR")) {
            let cause = line.split_once("error").map_or(line, |(_, cause)| cause);
            *counts.entry(cause).or_default() += 1;
        }
        let lines = counts
            .iter()
            .map(|(cause, count)| format!("{count} times {cause}"));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The end of its log.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.pid().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success(), "SIG{name} to {}", self.pid());
    }

    fn command(&self) -> Command {
        let settings = &self.settings;
        let mut command = match settings.file_limit {
            None => Command::new(&settings.binary),
            Some(bytes) => {
                // The signal would end it; without it a write beyond the limit is an error like a full disk.
                let mut shell = Command::new("bash");
                let limit = format!(
                    "trap '' XFSZ; ulimit -S -f {}; exec \"$0\" \"$@\"",
                    bytes / 1024
                );
                shell.arg("-c").arg(limit).arg(&settings.binary);
                shell
            }
        };
        match &settings.mode {
            Mode::Serve { smtp } => {
                command
                    .arg("serve")
                    .env("BUJIANMIAN_BIND", format!("127.0.0.1:{}", self.port))
                    .env("BUJIANMIAN_SMTP_HOST", "127.0.0.1")
                    .env("BUJIANMIAN_SMTP_PORT", smtp.to_string())
                    .env("BUJIANMIAN_SMTP_TLS", "none")
                    .env("BUJIANMIAN_MAIL_FROM", "service@portal.example");
            }
            Mode::Demo { at } => {
                command.args(["demo", "--port", &self.port.to_string()]);
                if let Some(at) = at {
                    command.args(["--at", at]);
                }
            }
        }
        command
            .env("BUJIANMIAN_DATA", &settings.data)
            .env("BUJIANMIAN_DEMO_PASSWORD", PASSWORD)
            .env("BUJIANMIAN_STAFF_TOTP", "optional")
            .env("RUST_LOG", "warn")
            .current_dir(&settings.data);
        match &settings.database {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- end of {}:\n{}", self.log.display(), self.log_tail());
        }
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that is free now.
pub fn free_port() -> u16 {
    let probe = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    probe.local_addr().expect("an address").port()
}

/// The program under test: `BUJIANMIAN_FAULTS_BINARY`, or the one that was built with this test.
pub fn program() -> PathBuf {
    std::env::var_os("BUJIANMIAN_FAULTS_BINARY").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_bujianmian")),
        PathBuf::from,
    )
}
