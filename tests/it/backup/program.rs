//! The program itself, as an operator runs it: commands, and a demo that is served until it is dropped.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Password of everybody in the demos.
pub const PASSWORD: &str = "a password of this drill";
/// How long a demo may take until it answers.
const PATIENCE: Duration = Duration::from_secs(90);

/// The program with nothing of this machine's settings.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bujianmian"));
    for name in ["DATABASE_URL", "BUJIANMIAN_DATA", "BUJIANMIAN_KEYS"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Output {
    command.output().expect("the program runs")
}

/// What a command printed, answers and faults.
pub fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What a command printed, when it must have succeeded.
#[track_caller]
pub fn succeeded(output: &Output) -> String {
    let words = words(output);
    assert!(output.status.success(), "{words}");
    words
}

/// What a command printed, when it must have failed.
#[track_caller]
pub fn failed(output: &Output) -> String {
    let words = words(output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    words
}

/// Where a demo keeps its things.
#[derive(Clone)]
pub struct Home {
    pub data: PathBuf,
    pub keys: PathBuf,
    pub url: Option<String>,
}

impl Home {
    /// `check` of what is here.
    pub fn check(&self) -> Command {
        let mut command = program();
        command.args(["check", "--data"]).arg(&self.data);
        command.env("BUJIANMIAN_KEYS", &self.keys);
        if let Some(url) = &self.url {
            command.args(["--database-url", url]);
        }
        command
    }
}

/// A demo that is being served.
pub struct Demo {
    pub base: String,
    child: Child,
}

impl Demo {
    /// Serves what is at `home`, or fills it first.
    pub fn serve(home: &Home) -> Self {
        let port = free_port();
        let mut command = program();
        command
            .args(["demo", "--port", &port.to_string(), "--data"])
            .arg(&home.data)
            .env("BUJIANMIAN_DEMO_PASSWORD", PASSWORD)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(url) = &home.url {
            command.env("DATABASE_URL", url);
        }
        if home.keys != home.data.join("keys.toml") {
            command.env("BUJIANMIAN_KEYS", &home.keys);
        }
        let demo = Self {
            base: format!("http://127.0.0.1:{port}"),
            child: command.spawn().expect("the demo starts"),
        };
        demo.wait_until_ready();
        demo
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        let ready = format!("{}/readyz", self.base);
        while !reqwest::blocking::get(&ready).is_ok_and(|reply| reply.status().is_success()) {
            assert!(begun.elapsed() < PATIENCE, "the demo does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let killed = self.child.kill().and_then(|()| self.child.wait());
        if !std::thread::panicking() {
            killed.expect("the demo is ended");
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

/// Copies a folder of files, as `cp -r` does.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the folder is read") {
        let entry = entry.expect("an entry");
        match std::fs::copy(entry.path(), to.join(entry.file_name())) {
            Ok(_) => {}
            // An upload that was being written took its name meanwhile.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => panic!("{:?}: {error}", entry.path()),
        }
    }
}
