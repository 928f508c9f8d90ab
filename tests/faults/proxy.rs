//! A wire that can be cut: a small TCP proxy on loopback. Cutting ends every connection at once, in the middle of
//! whatever is under way; it can also swallow answers first, so that a request arrives and its answer does not.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The wire to one port.
pub struct Proxy {
    port: u16,
    open: Arc<Mutex<Vec<TcpStream>>>,
    mouth: Arc<Mouth>,
}

/// What becomes of answers.
#[derive(Default)]
struct Mouth {
    swallows: AtomicBool,
    swallowed: AtomicU64,
}

impl Proxy {
    /// Leads to `target` on loopback; it ends with the test's process.
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let proxy = Self {
            port: listener.local_addr().expect("an address").port(),
            open: Arc::default(),
            mouth: Arc::default(),
        };
        let (open, mouth) = (Arc::clone(&proxy.open), Arc::clone(&proxy.mouth));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // Nobody at home: the client's connection ends too.
                let _ = connect(client, target, &open, &mouth);
            }
        });
        proxy
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends all connections; new ones are let through.
    pub fn cut(&self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for stream in open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.mouth.swallows.store(false, Ordering::SeqCst);
    }

    /// Lets requests arrive and swallows their answers, at least `count` of them; then cuts.
    pub fn swallow_answers_and_cut(&self, count: u64) {
        let wanted = self.mouth.swallowed.load(Ordering::SeqCst) + count;
        self.mouth.swallows.store(true, Ordering::SeqCst);
        let until = Instant::now() + Duration::from_secs(30);
        while self.mouth.swallowed.load(Ordering::SeqCst) < wanted {
            assert!(Instant::now() < until, "nobody asks anything");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.cut();
    }
}

fn connect(
    client: TcpStream,
    target: u16,
    open: &Mutex<Vec<TcpStream>>,
    mouth: &Arc<Mouth>,
) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", target))?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    open.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend([client.try_clone()?, server.try_clone()?]);
    let (asks, answers) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || carry(asks, server, None));
    let mouth = Arc::clone(mouth);
    std::thread::spawn(move || carry(answers, client, Some(&mouth)));
    Ok(())
}

fn carry(mut from: TcpStream, mut to: TcpStream, mouth: Option<&Mouth>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count) = from.read(&mut buffer) {
        if count == 0 {
            break;
        }
        match mouth.filter(|mouth| mouth.swallows.load(Ordering::SeqCst)) {
            Some(mouth) => drop(mouth.swallowed.fetch_add(1, Ordering::SeqCst)),
            None if to.write_all(&buffer[..count]).is_err() => break,
            None => {}
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
