//! A keep-alive HTTP/1.1 client that costs little: one blocking socket, one buffer, no copies. It understands what the
//! service sends and nothing more. Never here: what is asked for.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

/// No answer takes longer than this, or it counts as an error.
const PATIENCE: Duration = Duration::from_secs(30);
/// Room for the largest page.
const ROOM: usize = 256 * 1024;

/// One connection.
pub struct Client {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    request: Vec<u8>,
}

/// An answer, until the next request.
pub struct Answer<'c> {
    /// Status.
    pub status: u16,
    head: &'c [u8],
    body: &'c [u8],
}

impl<'c> Answer<'c> {
    /// The body as text.
    pub fn text(&self) -> &'c str {
        std::str::from_utf8(self.body).unwrap_or_default()
    }

    /// A header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&'c str> {
        let head = std::str::from_utf8(self.head).ok()?;
        head.split("\r\n").find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// What stands between `before` and the next quotation mark.
    pub fn quoted(&self, before: &str) -> Option<&'c str> {
        let (_, rest) = self.text().split_once(before)?;
        rest.split('"').next()
    }

    /// The number after `before`.
    pub fn number(&self, before: &str) -> Option<u64> {
        let (_, rest) = self.text().split_once(before)?;
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    }
}

impl Client {
    /// A client that connects with its first request.
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            buffer: vec![0; ROOM],
            request: Vec::with_capacity(4096),
        }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// When there is no answer that can be understood; the next request connects anew.
    pub fn get(&mut self, path: &str, headers: &str) -> Result<Answer<'_>> {
        self.begin("GET", path, headers);
        self.request.extend_from_slice(b"\r\n");
        self.exchange()
    }

    /// Sends a body. `headers` are whole lines, each with its end.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub fn post(
        &mut self,
        path: &str,
        headers: &str,
        kind: &str,
        body: &str,
    ) -> Result<Answer<'_>> {
        self.begin("POST", path, headers);
        let length = format!(
            "Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.request.extend_from_slice(length.as_bytes());
        self.request.extend_from_slice(body.as_bytes());
        self.exchange()
    }

    fn begin(&mut self, method: &str, path: &str, headers: &str) {
        self.request.clear();
        for part in [
            method,
            " ",
            path,
            " HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            headers,
        ] {
            self.request.extend_from_slice(part.as_bytes());
        }
    }

    fn exchange(&mut self) -> Result<Answer<'_>> {
        let outcome = self.try_exchange();
        if outcome.is_err() {
            self.stream = None;
        }
        let (status, head, body) = outcome?;
        Ok(Answer {
            status,
            head: self.buffer.get(..head).unwrap_or_default(),
            body: self.buffer.get(body).unwrap_or_default(),
        })
    }

    /// Status, end of the head, place of the body.
    fn try_exchange(&mut self) -> Result<(u16, usize, Range<usize>)> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => connect(self.address)?,
        };
        stream.write_all(&self.request)?;
        let mut filled = 0;
        let head = loop {
            let seen = filled;
            filled += more(&mut stream, &mut self.buffer, filled)?;
            if let Some(end) = find(&self.buffer, seen.saturating_sub(3)..filled, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, length, closes) = read_head(self.buffer.get(..head).unwrap_or_default())?;
        let body = match length {
            Length::Bytes(length) => {
                while filled < head + length {
                    filled += more(&mut stream, &mut self.buffer, filled)?;
                }
                head..head + length
            }
            Length::Chunks => self.chunks(&mut stream, head, filled)?,
        };
        if !closes {
            self.stream = Some(stream);
        }
        Ok((status, head, body))
    }

    /// Reads chunks to the end and moves their contents together.
    fn chunks(
        &mut self,
        stream: &mut TcpStream,
        head: usize,
        mut filled: usize,
    ) -> Result<Range<usize>> {
        let (mut at, mut end) = (head, head);
        loop {
            let line = loop {
                match find(&self.buffer, at..filled, b"\r\n") {
                    Some(line) => break line,
                    None => filled += more(stream, &mut self.buffer, filled)?,
                }
            };
            let digits = std::str::from_utf8(self.buffer.get(at..line).unwrap_or_default());
            let size = digits
                .ok()
                .and_then(|text| usize::from_str_radix(text, 16).ok());
            let size = size.ok_or_else(|| bad("a chunk without size"))?;
            while filled < line + 2 + size + 2 {
                filled += more(stream, &mut self.buffer, filled)?;
            }
            if size == 0 {
                return Ok(head..end);
            }
            self.buffer.copy_within(line + 2..line + 2 + size, end);
            end += size;
            at = line + 2 + size + 2;
        }
    }
}

fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>, filled: usize) -> Result<usize> {
    if filled == buffer.len() {
        buffer.resize(buffer.len() * 2, 0);
    }
    match stream.read(buffer.get_mut(filled..).unwrap_or_default())? {
        0 => Err(Error::new(
            ErrorKind::UnexpectedEof,
            "the answer breaks off",
        )),
        read => Ok(read),
    }
}

fn find(buffer: &[u8], range: Range<usize>, wanted: &[u8]) -> Option<usize> {
    let start = range.start;
    let place = buffer
        .get(range)?
        .windows(wanted.len())
        .position(|part| part == wanted)?;
    Some(start + place)
}

enum Length {
    Bytes(usize),
    Chunks,
}

/// Status, length of the body, whether the connection ends with it.
fn read_head(head: &[u8]) -> Result<(u16, Length, bool)> {
    let text = std::str::from_utf8(head).map_err(|_| bad("a head that is no text"))?;
    let status = text.get(9..12).and_then(|digits| digits.parse().ok());
    let status: u16 = status.ok_or_else(|| bad("no status"))?;
    let (mut length, mut closes) = (Length::Bytes(0), false);
    for line in text.split("\r\n").skip(1) {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = Length::Bytes(value.parse().map_err(|_| bad("a bad length"))?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            length = Length::Chunks;
        } else if name.eq_ignore_ascii_case("connection") {
            closes = value.eq_ignore_ascii_case("close");
        }
    }
    Ok((status, length, closes))
}

fn bad(why: &str) -> Error {
    Error::new(ErrorKind::InvalidData, why.to_owned())
}
