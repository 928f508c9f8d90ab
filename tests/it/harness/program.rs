//! The real program as a process of its own, with an environment of its own. It is ended with this value.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running program whose log is read as it comes.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    /// What it has logged so far.
    pub log: Vec<String>,
    /// Where it listens.
    pub base: String,
}

/// How it ended.
pub struct Ended {
    /// Exit status; none when it was killed.
    pub code: Option<i32>,
    /// Everything that it logged.
    pub log: Vec<String>,
}

/// The program with arguments, a data folder and variables, and nothing else of this process's environment.
pub fn command(data: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bujianmian"));
    command
        .env_clear()
        .env("BUJIANMIAN_DATA", data)
        .env("BUJIANMIAN_BIND", "127.0.0.1:0")
        .env("BUJIANMIAN_LOG", "json")
        .env("BUJIANMIAN_STAFF_TOTP", "optional")
        .envs(variables.iter().copied())
        .args(arguments)
        .stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub fn run(data: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    command(data, variables, arguments).output().unwrap()
}

impl Program {
    /// Starts it and waits until it serves, or for jobs only until it does those.
    pub fn start(data: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Self {
        let mut child = command(data, variables, arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut program = Self {
            child,
            lines,
            log: vec![],
            base: String::new(),
        };
        let ready = match arguments.contains(&"--jobs-only") {
            true => "doing jobs",
            false => "serving",
        };
        let line = program.line("message", ready);
        if let Some(address) = line["address"].as_str() {
            program.base = format!("http://{address}");
        }
        program
    }

    /// Waits for the line whose field `name`, its own or its request's, is `value`.
    #[track_caller]
    pub fn line(&mut self, name: &str, value: &str) -> Value {
        loop {
            let line = self
                .lines
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("no line {name}={value} in {:#?}", self.log));
            self.log.push(line.clone());
            if let Ok(line) = serde_json::from_str::<Value>(&line)
                && (line[name] == value || line["span"][name] == value)
            {
                return line;
            }
        }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        // The log ends when the process does.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.log.push(line);
        }
        Ended {
            code: self.child.wait().unwrap().code(),
            log: std::mem::take(&mut self.log),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
