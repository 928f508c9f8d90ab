//! A mail server of the tests' own, on threads: it takes mail, or behaves as servers do on a bad day.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bujianmian::config::{Mail, MailTls};

/// How a server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes everything.
    Fine,
    /// Refuses recipients whose address begins with `resident`.
    RefusesResident,
    /// Takes the data, then cuts the connection before saying so.
    DropsAfterData,
    /// Says nothing at all.
    Silent,
    /// Answers what is no SMTP.
    Nonsense,
}

pub struct Sink {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Sink {
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken = Arc::new(Mutex::new(vec![]));
        let store = Arc::clone(&taken);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let store = Arc::clone(&store);
                std::thread::spawn(move || talk(stream, manner, &store));
            }
        });
        Self { port, taken }
    }

    /// Settings that lead here.
    pub fn mail(&self) -> Mail {
        Mail {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: MailTls::None,
            login: None,
            from: "医保服务 <service@portal.example>".to_owned(),
            timeout: Duration::from_millis(500),
        }
    }

    /// The messages it got, as they came over the wire.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

fn talk(mut stream: TcpStream, manner: Manner, store: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    match manner {
        Manner::Silent => {
            // Until the other side gives up.
            let _ = reader.read(&mut [0; 64]);
            return None;
        }
        Manner::Nonsense => return stream.write_all(b"\x00\x01 hello?\r\n").ok(),
        Manner::Fine | Manner::RefusesResident | Manner::DropsAfterData => {}
    }
    stream.write_all(b"220 sink\r\n").ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let command = line.to_ascii_uppercase();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-sink\r\n250 8BITMIME\r\n"
        } else if command.starts_with("RCPT TO:<RESIDENT") && manner == Manner::RefusesResident {
            b"550 5.1.1 <resident@mail.example> is unknown here\r\n"
        } else if command.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").ok()?;
            store.lock().unwrap().push(data(&mut reader)?);
            if manner == Manner::DropsAfterData {
                return None;
            }
            b"250 taken\r\n"
        } else if command.starts_with("QUIT") {
            return stream.write_all(b"221 bye\r\n").ok();
        } else {
            b"250 ok\r\n"
        };
        stream.write_all(answer).ok()?;
    }
}

fn data(reader: &mut impl BufRead) -> Option<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(message);
        }
        message.push_str(&line);
    }
}
