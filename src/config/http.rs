//! How the service is reached, and what it takes from whoever reaches it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::ConfigError;
use super::read::{Variables, bad};

/// How the service is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Address to listen on (`BUJIANMIAN_BIND`, `127.0.0.1:8080`).
    pub bind: SocketAddr,
    /// What stands before every link and who may send forms (`BUJIANMIAN_ORIGIN`), such as
    /// `https://yibao.example`; `http://` and the address without it, on loopback only.
    pub origin: String,
    /// Proxies whose `X-Forwarded-For` and `X-Request-Id` are believed (`BUJIANMIAN_TRUSTED_PROXIES`, commas
    /// between).
    pub trusted_proxies: Vec<IpAddr>,
    /// Address for machines that watch (`BUJIANMIAN_METRICS_BIND`): `/metrics`, `/healthz`, `/readyz` and nothing
    /// else. Without it `/metrics` is served beside the pages, but only where those are for this machine alone.
    pub metrics_bind: Option<SocketAddr>,
    /// What is taken from one request or connection.
    pub limits: HttpLimits,
    /// How many requests somebody may send; `None` for any number, as in the demo.
    pub rates: Option<RequestRates>,
}

/// What is taken from one request or connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// Bytes of a form (`BUJIANMIAN_FORM_KB`, 64, in units of 1,024). Uploads have their own limit.
    pub form_bytes: usize,
    /// Bytes of a JSON body (`BUJIANMIAN_JSON_KB`, 256, in units of 1,024).
    pub json_bytes: usize,
    /// Fields of a form (`BUJIANMIAN_FORM_FIELDS`, 500).
    pub form_fields: usize,
    /// Bytes of a request's address with its query (`BUJIANMIAN_URL_BYTES`, 8192).
    pub url_bytes: usize,
    /// Bytes of a request's headers (`BUJIANMIAN_HEADER_BYTES`, 32768). The HTTP library itself takes no head over
    /// 131,072 bytes or 96 headers.
    pub header_bytes: usize,
    /// Threads that serve (`BUJIANMIAN_WORKERS`, one a core).
    pub workers: usize,
    /// Connections of each of them (`BUJIANMIAN_WORKER_CONNECTIONS`, 4096); more wait in the backlog.
    pub worker_connections: usize,
    /// Connections that may wait to be accepted (`BUJIANMIAN_BACKLOG`, 1024; the system may allow less).
    pub backlog: u32,
    /// How long a connection is kept without a request (`BUJIANMIAN_KEEP_ALIVE_SECONDS`, 15).
    pub keep_alive: Duration,
    /// Within what time a request's head must be there (`BUJIANMIAN_HEAD_SECONDS`, 10).
    pub head: Duration,
    /// A body may take this long whatever its size (`BUJIANMIAN_BODY_SECONDS`, 15) …
    pub body: Duration,
    /// … and so much longer as its bytes take at this rate, a second (`BUJIANMIAN_BODY_RATE_KB`, 8, in units of
    /// 1,024). Slower ones get 408.
    pub body_rate: u32,
    /// How long an answer may stay unread before its connection is cut (`BUJIANMIAN_UNREAD_SECONDS`, 30).
    pub unread: Duration,
    /// How long requests and jobs under way may take when the service stops (`BUJIANMIAN_GRACE_SECONDS`, 20).
    pub grace: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            form_bytes: 64 * 1024,
            json_bytes: 256 * 1024,
            form_fields: 500,
            url_bytes: 8 * 1024,
            header_bytes: 32 * 1024,
            workers: cores(),
            worker_connections: 4096,
            backlog: 1024,
            keep_alive: Duration::from_secs(15),
            head: Duration::from_secs(10),
            body: Duration::from_secs(15),
            body_rate: 8 * 1024,
            unread: Duration::from_secs(30),
            grace: Duration::from_secs(20),
        }
    }
}

/// How many requests somebody may send to one instance. A budget of `burst` requests, refilled evenly; who has
/// used it up gets 429 and the time to wait. Files of the pages' looks are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestRates {
    /// Of whoever is signed in, by account.
    pub account: Rate,
    /// Of strangers, by network address. Many people may share one.
    pub address: Rate,
}

/// Requests a minute, and how many may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// A minute, at least 1.
    pub per_minute: u32,
    /// At once, at least 1.
    pub burst: u32,
}

impl Default for RequestRates {
    fn default() -> Self {
        Self {
            account: Rate {
                per_minute: 600,
                burst: 120,
            },
            address: Rate {
                per_minute: 1200,
                burst: 240,
            },
        }
    }
}

impl Http {
    /// Plain HTTP on loopback with the usual limits and any number of requests, for the demo and tests.
    pub fn loopback(port: u16) -> Self {
        let bind = SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            bind,
            origin: format!("http://{bind}"),
            trusted_proxies: vec![],
            metrics_bind: None,
            limits: HttpLimits::default(),
            rates: None,
        }
    }

    /// Whether browsers come over TLS, so that cookies are `Secure`.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// Reads the settings.
pub(super) fn read(from: &Variables) -> Result<Http, ConfigError> {
    let loopback = SocketAddr::from(([127, 0, 0, 1], 8080));
    let bind = from.parsed("BUJIANMIAN_BIND", loopback)?;
    let metrics_bind = match from.text("BUJIANMIAN_METRICS_BIND") {
        Some(address) => Some(address.parse().map_err(|_| {
            bad(
                "BUJIANMIAN_METRICS_BIND",
                "an address and a port are needed: 127.0.0.1:9090",
            )
        })?),
        None => None,
    };
    if metrics_bind == Some(bind) {
        return Err(bad(
            "BUJIANMIAN_METRICS_BIND",
            "it is the address of the pages; leave it out or name another",
        ));
    }
    Ok(Http {
        bind,
        origin: origin(bind, from.text("BUJIANMIAN_ORIGIN"))?,
        trusted_proxies: trusted_proxies(from)?,
        metrics_bind,
        limits: limits(from)?,
        rates: rates(from)?,
    })
}

fn origin(bind: SocketAddr, given: Option<String>) -> Result<String, ConfigError> {
    const NAME: &str = "BUJIANMIAN_ORIGIN";
    let Some(origin) = given else {
        return match bind.ip().is_loopback() {
            true => Ok(format!("http://{bind}")),
            false => Err(bad(
                NAME,
                "needed when the service listens beyond this machine",
            )),
        };
    };
    let origin = origin.trim_end_matches('/').to_owned();
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"))
        .filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
        .ok_or_else(|| bad(NAME, "scheme and host are needed: https://yibao.example"))?;
    if origin.starts_with("http://") && !(bind.ip().is_loopback() && is_loopback_host(host)) {
        return Err(bad(
            NAME,
            "http is for this machine only; sign-ins need https",
        ));
    }
    Ok(origin)
}

fn trusted_proxies(from: &Variables) -> Result<Vec<IpAddr>, ConfigError> {
    const NAME: &str = "BUJIANMIAN_TRUSTED_PROXIES";
    from.text(NAME)
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse()
                .map_err(|_| bad(NAME, "addresses with commas between are needed"))
        })
        .collect()
}

fn limits(from: &Variables) -> Result<HttpLimits, ConfigError> {
    let kilobytes = |name, default, most| {
        let kilobytes = from.number(name, default, 1..=most)?;
        Ok(usize::from(kilobytes) * 1024)
    };
    let seconds = |name, default: u64, most: u64| {
        Ok(Duration::from_secs(from.number(name, default, 1..=most)?))
    };
    Ok(HttpLimits {
        form_bytes: kilobytes("BUJIANMIAN_FORM_KB", 64_u16, 1024)?,
        json_bytes: kilobytes("BUJIANMIAN_JSON_KB", 256_u16, 16_384)?,
        form_fields: from.number("BUJIANMIAN_FORM_FIELDS", 500, 20..=10_000)?,
        url_bytes: from.number("BUJIANMIAN_URL_BYTES", 8192, 512..=65_536)?,
        header_bytes: from.number("BUJIANMIAN_HEADER_BYTES", 32_768, 4096..=131_072)?,
        workers: from.number("BUJIANMIAN_WORKERS", cores(), 1..=512)?,
        worker_connections: from.number("BUJIANMIAN_WORKER_CONNECTIONS", 4096, 1..=65_536)?,
        backlog: from.number("BUJIANMIAN_BACKLOG", 1024, 1..=65_535)?,
        keep_alive: seconds("BUJIANMIAN_KEEP_ALIVE_SECONDS", 15, 600)?,
        head: seconds("BUJIANMIAN_HEAD_SECONDS", 10, 120)?,
        body: seconds("BUJIANMIAN_BODY_SECONDS", 15, 600)?,
        body_rate: from.number("BUJIANMIAN_BODY_RATE_KB", 8, 1..=65_536)? * 1024,
        unread: seconds("BUJIANMIAN_UNREAD_SECONDS", 30, 600)?,
        grace: seconds("BUJIANMIAN_GRACE_SECONDS", 20, 600)?,
    })
}

fn rates(from: &Variables) -> Result<Option<RequestRates>, ConfigError> {
    let usual = RequestRates::default();
    let number = |name, default| from.number(name, default, 1..=1_000_000);
    let rates = RequestRates {
        account: Rate {
            per_minute: number("BUJIANMIAN_ACCOUNT_PER_MINUTE", usual.account.per_minute)?,
            burst: number("BUJIANMIAN_ACCOUNT_BURST", usual.account.burst)?,
        },
        address: Rate {
            per_minute: number("BUJIANMIAN_ADDRESS_PER_MINUTE", usual.address.per_minute)?,
            burst: number("BUJIANMIAN_ADDRESS_BURST", usual.address.burst)?,
        },
    };
    let on = from.word(
        "BUJIANMIAN_REQUEST_LIMITS",
        &[("on", Some(rates)), ("off", None)],
    )?;
    Ok(on)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whether `host` (with or without port) names this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
