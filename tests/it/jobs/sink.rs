//! A mail server of the tests' own, on threads: it takes mail, or behaves as servers do on a bad day.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bujianmian::config::{Mail, MailTls};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How a server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes everything.
    Fine,
    /// Puts off so many recipients before it takes one (451).
    Greylists(usize),
    /// Refuses recipients whose address begins with `resident`.
    RefusesResident,
    /// Takes the data, then cuts the connection before saying so.
    DropsAfterData,
    /// Says nothing at all.
    Silent,
    /// Answers what is no SMTP.
    Nonsense,
}

/// How a server secures connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secured {
    /// Not at all.
    Never,
    /// When the other side asks for it.
    OnDemand,
    /// From the first byte.
    Always,
}

pub struct Sink {
    port: u16,
    taken: Arc<Mutex<Vec<String>>>,
    /// Where its own authority stands.
    ca: Option<PathBuf>,
    _folder: tempfile::TempDir,
}

/// What all connections of a server share.
#[derive(Clone)]
struct Shared {
    manner: Manner,
    taken: Arc<Mutex<Vec<String>>>,
    put_off: Arc<AtomicUsize>,
    tls: Option<Arc<ServerConfig>>,
}

impl Sink {
    pub fn start(manner: Manner) -> Self {
        Self::listen(0, manner, Secured::Never)
    }

    /// One that secures its connections.
    pub fn secured(secured: Secured) -> Self {
        Self::listen(0, Manner::Fine, secured)
    }

    /// On a port that is known already, after having been down.
    pub fn listen(port: u16, manner: Manner, secured: Secured) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let (tls, ca) = match secured {
            Secured::Never => (None, None),
            Secured::OnDemand | Secured::Always => {
                let (config, pem) = certificate();
                let file = folder.path().join("ca.pem");
                std::fs::write(&file, pem).unwrap();
                (Some(Arc::new(config)), Some(file))
            }
        };
        let shared = Shared {
            manner,
            taken: Arc::default(),
            put_off: Arc::default(),
            tls,
        };
        let taken = Arc::clone(&shared.taken);
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || match secured {
                    Secured::Never | Secured::OnDemand => in_clear(stream, &shared),
                    Secured::Always => talk(secure(stream, &shared)?, &shared, true),
                });
            }
        });
        Self {
            port,
            taken,
            ca,
            _folder: folder,
        }
    }

    /// Settings that lead here and ask for TLS.
    pub fn mail_over(&self, tls: MailTls) -> Mail {
        Mail {
            tls,
            ca: self.ca.clone(),
            timeout: Duration::from_secs(5),
            ..self.mail()
        }
    }

    /// Settings that lead here.
    pub fn mail(&self) -> Mail {
        Mail {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            tls: MailTls::None,
            login: None,
            ca: None,
            from: "医保服务 <service@portal.example>".to_owned(),
            timeout: Duration::from_millis(500),
        }
    }

    /// The messages it got, as they came over the wire.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// A certificate of its own for this machine, and the same as PEM.
fn certificate() -> (ServerConfig, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    (config, made.cert.pem())
}

type Secure = StreamOwned<ServerConnection, TcpStream>;

fn secure(stream: TcpStream, shared: &Shared) -> Option<Secure> {
    let connection = ServerConnection::new(Arc::clone(shared.tls.as_ref()?)).ok()?;
    Some(StreamOwned::new(connection, stream))
}

fn in_clear(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    match shared.manner {
        Manner::Silent => {
            // Until the other side gives up.
            let _ = stream.read(&mut [0; 64]);
            return None;
        }
        Manner::Nonsense => return stream.write_all(b"\x00\x01 hello?\r\n").ok(),
        Manner::Fine | Manner::Greylists(_) | Manner::RefusesResident | Manner::DropsAfterData => {}
    }
    if shared.tls.is_none() {
        return talk(stream, shared, true);
    }
    stream.write_all(b"220 sink\r\n").ok()?;
    loop {
        let command = line(&mut stream)?.to_ascii_uppercase();
        if command.starts_with("EHLO") {
            stream
                .write_all(b"250-sink\r\n250-STARTTLS\r\n250 8BITMIME\r\n")
                .ok()?;
        } else if command.starts_with("STARTTLS") {
            stream.write_all(b"220 go on\r\n").ok()?;
            return talk(secure(stream, shared)?, shared, false);
        } else {
            stream.write_all(b"530 STARTTLS first\r\n").ok()?;
        }
    }
}

/// One line, byte by byte: nothing of what follows may be read with it.
fn line(stream: &mut impl Read) -> Option<String> {
    let mut line = vec![];
    let mut byte = [0];
    while !line.ends_with(b"\n") {
        stream.read_exact(&mut byte).ok()?;
        line.push(byte[0]);
    }
    String::from_utf8(line).ok()
}

fn talk(mut stream: impl Read + Write, shared: &Shared, greets: bool) -> Option<()> {
    if greets {
        stream.write_all(b"220 sink\r\n").ok()?;
    }
    loop {
        let command = line(&mut stream)?.to_ascii_uppercase();
        let answer: &[u8] = if command.starts_with("EHLO") {
            b"250-sink\r\n250 8BITMIME\r\n"
        } else if command.starts_with("RCPT") && refuses(shared, &command) {
            b"550 5.1.1 <resident@mail.example> is unknown here\r\n"
        } else if command.starts_with("RCPT") && puts_off(shared) {
            b"451 4.7.1 greylisted, come again\r\n"
        } else if command.starts_with("DATA") {
            stream.write_all(b"354 go on\r\n").ok()?;
            shared.taken.lock().unwrap().push(data(&mut stream)?);
            if shared.manner == Manner::DropsAfterData {
                return None;
            }
            b"250 taken\r\n"
        } else if command.starts_with("QUIT") {
            return stream.write_all(b"221 bye\r\n").ok();
        } else {
            b"250 ok\r\n"
        };
        stream.write_all(answer).ok()?;
        stream.flush().ok()?;
    }
}

fn refuses(shared: &Shared, command: &str) -> bool {
    shared.manner == Manner::RefusesResident && command.starts_with("RCPT TO:<RESIDENT")
}

fn puts_off(shared: &Shared) -> bool {
    match shared.manner {
        Manner::Greylists(times) => shared.put_off.fetch_add(1, Ordering::SeqCst) < times,
        Manner::Fine
        | Manner::RefusesResident
        | Manner::DropsAfterData
        | Manner::Silent
        | Manner::Nonsense => false,
    }
}

fn data(stream: &mut impl Read) -> Option<String> {
    let mut message = String::new();
    loop {
        let line = line(stream)?;
        if line == ".\r\n" {
            return Some(message);
        }
        message.push_str(&line);
    }
}
