//! The end of a process: what was begun is finished, nothing new is taken, and nobody waits for ever.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use rstest::rstest;
use std::net::TcpStream;
use std::time::Duration;

use crate::harness::program::Program;
use crate::harness::socket::Socket;

const FORM: &str = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";

#[rstest]
#[case::terminated("TERM")]
#[case::interrupted("INT")]
fn a_request_under_way_is_finished_and_no_new_one_is_taken(#[case] signal: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &[], &["serve"]);
    let mut idle = Socket::open(&program.base);
    let mut slow = Socket::open(&program.base);
    slow.send(&format!("{FORM}Content-Length: 20\r\n\r\nusername=a"));
    assert!(slow.is_silent_for(Duration::from_millis(300)));
    program.signal(signal);
    program.line("message", "told to stop; what is under way is finished");
    assert!(idle.is_closed());
    let address = program.base.strip_prefix("http://").unwrap();
    while TcpStream::connect(address).is_ok() {
        std::thread::yield_now();
    }
    slow.send("&password=");
    // Only the form's token is missing.
    assert_eq!(slow.answer().status, 403);
    let ended = program.wait();
    assert_eq!(ended.code, Some(0), "{:#?}", ended.log);
}

#[test]
fn a_write_under_way_is_committed_and_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("BUJIANMIAN_DEMO_PASSWORD", "a good password")];
    let mut program = Program::start(folder.path(), &variables, &["demo", "--port", "0"]);
    let mut other = SqliteConnection::establish(&database(folder.path())).unwrap();
    other
        .batch_execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE")
        .unwrap();
    let body = "{\"username\":\"handler1\",\"password\":\"a good password\"}";
    let mut client = Socket::open(&program.base);
    client.send(&format!(
        "POST /api/v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(client.is_silent_for(Duration::from_millis(700)));
    program.signal("TERM");
    program.line("message", "told to stop; what is under way is finished");
    other.batch_execute("COMMIT").unwrap();
    let answer = client.answer();
    assert_eq!(answer.status, 200, "{answer:?}");
    let ended = program.wait();
    assert_eq!(ended.code, Some(0), "{:#?}", ended.log);
}

fn database(data: &std::path::Path) -> String {
    data.join("bujianmian.db").to_string_lossy().into_owned()
}

#[test]
fn the_time_to_finish_has_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("BUJIANMIAN_GRACE_SECONDS", "1")];
    let program = Program::start(folder.path(), &variables, &["serve"]);
    let mut slow = Socket::open(&program.base);
    slow.send(&format!("{FORM}Content-Length: 20\r\n\r\nusername=a"));
    assert!(slow.is_silent_for(Duration::from_millis(300)));
    program.signal("TERM");
    let ended = program.wait();
    assert_eq!(ended.code, Some(1), "{:#?}", ended.log);
    let words = "stopped before everything was finished: 1 requests cut off".to_owned();
    assert!(ended.log.contains(&words), "{:#?}", ended.log);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let variables = [("BUJIANMIAN_GRACE_SECONDS", "600")];
    let mut program = Program::start(folder.path(), &variables, &["serve"]);
    let mut slow = Socket::open(&program.base);
    slow.send(&format!("{FORM}Content-Length: 20\r\n\r\nusername=a"));
    assert!(slow.is_silent_for(Duration::from_millis(300)));
    program.signal("TERM");
    program.line("message", "told to stop; what is under way is finished");
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(1));
}

#[test]
fn jobs_alone_end_too() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &[], &["serve", "--jobs-only"]);
    program.signal("TERM");
    let ended = program.wait();
    assert_eq!(ended.code, Some(0), "{:#?}", ended.log);
}
