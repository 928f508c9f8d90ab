//! The release binary as a child process on loopback, with settings from the environment as an operator gives them.
//! It is ended with this value.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;

/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running service.
pub struct Service {
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// From the start of the process to its first "ready".
    pub ready_after: Duration,
    /// Resident memory right after that, in MB.
    pub idle: f64,
}

/// Whether the process does what time brings too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jobs {
    /// As in operation.
    On,
    /// Nothing happens but what is asked for.
    Off,
}

impl Service {
    /// Starts it on a data folder and, with `url`, on PostgreSQL; waits until it is ready.
    pub fn start(data: &Path, url: Option<&str>, jobs: Jobs) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let log = File::create(data.join("service.log")).expect("the log can be written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bujianmian"));
        command
            .arg("serve")
            .env_remove("DATABASE_URL")
            .env("BUJIANMIAN_DATA", data)
            .env("BUJIANMIAN_BIND", address.to_string())
            .env("BUJIANMIAN_SIGN_IN_LIMITS", "off")
            .env("BUJIANMIAN_STAFF_TOTP", "optional")
            .env("BUJIANMIAN_REQUEST_LIMITS", "off")
            .env("BUJIANMIAN_SESSION_IDLE_MINUTES", "600")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        if let Some(url) = url {
            command.env("DATABASE_URL", url);
        }
        if jobs == Jobs::Off {
            command.arg("--no-jobs");
        }
        let started = Instant::now();
        let child = command.spawn().expect("the release binary starts");
        let mut service = Self {
            child,
            address,
            ready_after: Duration::ZERO,
            idle: 0.0,
        };
        service.wait(started, data);
        service
    }

    fn wait(&mut self, started: Instant, data: &Path) {
        let mut client = Client::new(self.address);
        while !client
            .get("/readyz", "")
            .is_ok_and(|answer| answer.status == 200)
        {
            let ended = self.child.try_wait().expect("its state is known");
            if ended.is_some() || started.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(data.join("service.log")).unwrap_or_default();
                panic!("the service did not get ready: {log}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.ready_after = started.elapsed();
        std::thread::sleep(Duration::from_millis(500));
        self.idle = crate::machine::memory(self.id()).0;
    }

    /// Number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Asked to end first, so that SQLite's log is worked in.
        terminate(self.child.id());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(15) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Asks one process to end.
fn terminate(id: u32) {
    drop(
        Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status(),
    );
}

/// A port that is free now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
