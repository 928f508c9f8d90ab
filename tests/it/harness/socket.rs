//! A client that speaks HTTP badly on purpose: slowly, in pieces, too much. It waits by the socket's own time-outs.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub struct Socket(pub TcpStream);

/// What came back: status, head and body as they were.
#[derive(Debug)]
pub struct Raw {
    /// Status.
    pub status: u16,
    /// Everything, as text.
    pub text: String,
}

impl Raw {
    /// One header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }
}

impl Socket {
    /// Connects to `http://HOST:PORT`.
    pub fn open(base: &str) -> Self {
        let address = base.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// Sends as it stands. A peer that has closed already is no mistake here.
    pub fn send(&mut self, text: &str) -> &mut Self {
        let sent = self.0.write_all(text.as_bytes());
        assert!(sent.is_ok() || sent.is_err_and(|e| closed(e.kind())));
        self
    }

    /// Whether nothing comes for `time`.
    pub fn is_silent_for(&mut self, time: Duration) -> bool {
        self.0.set_read_timeout(Some(time)).unwrap();
        let peeked = self.0.peek(&mut [0]);
        matches!(peeked, Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }

    /// Reads one answer: head, and a body of the length that it names.
    #[track_caller]
    pub fn answer(&mut self) -> Raw {
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut bytes = vec![];
        loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head
                    .lines()
                    .find_map(|line| {
                        line.to_lowercase()
                            .strip_prefix("content-length: ")?
                            .parse()
                            .ok()
                    })
                    .unwrap_or(0_usize);
                if body.len() >= length {
                    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                    return Raw { status, text };
                }
            }
            let mut piece = [0; 4096];
            match self.0.read(&mut piece).expect("an answer comes") {
                0 => panic!("closed after {text:?}"),
                count => bytes.extend_from_slice(&piece[..count]),
            }
        }
    }

    /// Whether the peer has closed or will within the patience of a test.
    pub fn is_closed(&mut self) -> bool {
        self.0.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut piece = [0; 4096];
        loop {
            match self.0.read(&mut piece) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(e) => return closed(e.kind()),
            }
        }
    }
}

/// Whether an error says that the peer closed.
pub fn closed(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}
