//! The log of the real program: one JSON object a line, found by the number that the answer had, and nobody's data.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::Value;

use crate::harness::program::Program;

fn parsed(log: &[String]) -> Vec<Value> {
    log.iter()
        .filter(|line| !line.starts_with("Stopped"))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect()
}

#[test]
fn a_request_has_one_line_with_the_number_that_its_answer_had() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &[], &["serve"]);
    let client = reqwest::blocking::Client::new();
    let asked = client
        .get(format!(
            "{}/items/canary-path?name=canary-query",
            program.base
        ))
        .header("X-Request-Id", "canary-given")
        .header("X-Canary", "canary-header")
        .send()
        .unwrap();
    assert_eq!(asked.status(), 404);
    let id = asked.headers()["x-request-id"].to_str().unwrap().to_owned();
    let line = program.line("request_id", &id);
    assert_eq!(line["target"], "bujianmian::access");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["span"]["method"], "GET");
    assert_eq!(line["span"]["route"], "/items/{slug}");
    assert_eq!(line["status"], 404);
    assert!(line["milliseconds"].is_u64(), "{line}");
    program.signal("TERM");
    let ended = program.wait();
    let lines = parsed(&ended.log);
    let of_request = lines
        .iter()
        .filter(|line| line["span"]["request_id"] == id.as_str());
    assert_eq!(of_request.count(), 1);
    let all = ended.log.join("\n");
    assert!(!all.contains("canary"), "{all}");
}

#[test]
fn a_trusted_proxy_may_give_the_number() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("BUJIANMIAN_TRUSTED_PROXIES", "127.0.0.1")];
    let mut program = Program::start(folder.path(), &variables, &["serve"]);
    let client = reqwest::blocking::Client::new();
    let ask = |id: &str| {
        let request = client.get(format!("{}/help", program.base));
        let reply = request.header("X-Request-Id", id).send().unwrap();
        reply.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(ask("proxy-1.a_B"), "proxy-1.a_B");
    let long = "x".repeat(65);
    for odd in ["two words", "<b>", long.as_str()] {
        assert_ne!(ask(odd), odd);
    }
    program.line("request_id", "proxy-1.a_B");
}

#[test]
fn a_fault_is_logged_with_its_cause_and_the_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &[], &["serve"]);
    let file = folder.path().join("bujianmian.db");
    let mut other = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    other
        .batch_execute("PRAGMA busy_timeout = 10000; ALTER TABLE account RENAME TO elsewhere")
        .unwrap();
    let asked = reqwest::blocking::Client::new()
        .post(format!("{}/api/v1/token", program.base))
        .header("Content-Type", "application/json")
        .body("{\"username\":\"canary-name\",\"password\":\"canary-password\"}")
        .send()
        .unwrap();
    assert_eq!(asked.status(), 500);
    let id = asked.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = asked.json().unwrap();
    assert_eq!(body["request_id"], id.as_str());
    let line = program.line("message", "a request failed");
    assert_eq!(line["level"], "ERROR");
    assert_eq!(line["span"]["request_id"], id.as_str());
    assert!(
        line["error"].as_str().unwrap().contains("no such table"),
        "{line}"
    );
    program.signal("TERM");
    let ended = program.wait();
    let lines = parsed(&ended.log);
    assert!(lines.len() > 4);
    assert!(!ended.log.join("\n").contains("canary"));
}
