//! The reference receiver of short messages: it reads requests as `src/notify/sms.rs` documents them, refuses what is
//! not signed with the secret, shows each message once however often its copies come, and has bad days.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::hmac;
use bujianmian::config::Sms;
use serde_json::{Value, json};

pub const SECRET: &str = "secret-of-the-tests-0";

/// How a gateway behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes everything.
    Fine,
    /// Answers with this status.
    Status(u16),
    /// Answers with this status though the message was taken.
    TakesThen(u16),
    /// Answers 200 with this body.
    Says(&'static str),
    /// Takes the request and says nothing.
    Hangs,
    /// Cuts the connection without an answer.
    Cuts,
    /// Sends an answer that never ends.
    Floods,
}

#[derive(Default)]
struct State {
    manner: Option<Manner>,
    requests: usize,
    /// By message id: text and number.
    shown: BTreeMap<String, (String, String)>,
    copies: usize,
}

pub struct Gateway {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Gateway {
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            manner: Some(manner),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || talk(stream, &state));
            }
        });
        Self { port, state }
    }

    /// Settings that lead here.
    pub fn sms(&self) -> Sms {
        Sms {
            url: format!("http://127.0.0.1:{}/send", self.port),
            secret: SECRET.to_owned().into(),
            ca: None,
            timeout: Duration::from_millis(700),
        }
    }

    pub fn becomes(&self, manner: Manner) {
        self.state.lock().unwrap().manner = Some(manner);
    }

    /// Requests that came.
    pub fn requests(&self) -> usize {
        self.state.lock().unwrap().requests
    }

    /// Copies that were dropped.
    pub fn copies(&self) -> usize {
        self.state.lock().unwrap().copies
    }

    /// Number and text of every message that was shown, each once.
    pub fn shown(&self) -> Vec<(String, String)> {
        self.state.lock().unwrap().shown.values().cloned().collect()
    }
}

fn talk(mut stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    loop {
        let (head, body) = request(&mut reader)?;
        let manner = {
            let mut state = state.lock().unwrap();
            state.requests += 1;
            state.manner?
        };
        let (status, answer) = match manner {
            Manner::Hangs => {
                // Until the other side gives up.
                let _ = reader.read(&mut [0; 64]);
                return None;
            }
            Manner::Cuts => return None,
            Manner::Floods => {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
                    .ok()?;
                while stream.write_all(&[b' '; 1024]).is_ok() {}
                return None;
            }
            Manner::Status(status) => (status, "{}".to_owned()),
            Manner::Says(answer) => (200, answer.to_owned()),
            Manner::Fine => take(state, &head, &body),
            Manner::TakesThen(status) => (status, take(state, &head, &body).1),
        };
        let said = format!(
            "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nLocation: /elsewhere\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        );
        stream.write_all(said.as_bytes()).ok()?;
    }
}

/// Head lines by lower-case name, and the body.
fn request(reader: &mut impl BufRead) -> Option<(BTreeMap<String, String>, Vec<u8>)> {
    let mut head = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        match line.split_once(':') {
            Some((name, value)) if !line.starts_with("POST ") => {
                head.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            _ => {
                head.insert("request".to_owned(), line.trim().to_owned());
            }
        }
    }
    let mut body = vec![0; head.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn take(state: &Mutex<State>, head: &BTreeMap<String, String>, body: &[u8]) -> (u16, String) {
    if head["request"] != "POST /send HTTP/1.1" {
        return (404, "{}".to_owned());
    }
    if !is_signed(head, body) {
        return (401, "{}".to_owned());
    }
    let Ok(message) = serde_json::from_slice::<Value>(body) else {
        return (400, "{}".to_owned());
    };
    let text = |name: &str| message[name].as_str().unwrap().to_owned();
    let (id, to) = (text("id"), text("to"));
    assert_eq!(message.as_object().unwrap().len(), 4);
    assert!(text("sent_at").ends_with("+08:00"), "{message}");
    let mut state = state.lock().unwrap();
    if state.shown.contains_key(&id) {
        state.copies += 1;
    } else {
        state.shown.insert(id.clone(), (to, text("text")));
    }
    (200, json!({ "id": id, "accepted": true }).to_string())
}

fn is_signed(head: &BTreeMap<String, String>, body: &[u8]) -> bool {
    let signed = || {
        let timestamp = head.get("x-bujianmian-timestamp")?;
        timestamp.parse::<u64>().ok()?;
        let signature = head.get("x-bujianmian-signature")?.strip_prefix("v1=")?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let message = [timestamp.as_bytes(), b".", body].concat();
        hmac::verify(&key, &message, &hex::decode(signature).ok()?).ok()
    };
    signed().is_some()
}
