//! Settings, one struct a concern. The only place that reads the environment. A combination that would be
//! unsafe refuses to start, here and nowhere else.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use chrono::TimeDelta;

mod keys;
mod mail;

pub use keys::Keys;
pub use mail::{Mail, MailTls};

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// How the service is reached.
    pub http: Http,
    /// Where rows are kept.
    pub database: Database,
    /// Folder of the embedded database, the keys and the uploads (`BUJIANMIAN_DATA`, `./data`).
    pub data: PathBuf,
    /// File of the keys (`BUJIANMIAN_KEYS`); without it `keys.toml` in the data folder, made at first start.
    pub keys: Option<PathBuf>,
    /// How long sign-ins last.
    pub sessions: Sessions,
    /// What failed sign-ins lead to.
    pub limits: SignInLimits,
    /// How large uploads may be.
    pub uploads: UploadLimits,
    /// How many cases a handler may hold (`BUJIANMIAN_HOLD_LIMIT`); no limit when unset.
    pub hold_limit: Option<u32>,
    /// Where messages are handed to; `None` keeps them.
    pub mail: Option<Mail>,
    /// Password of all accounts of the demo (`BUJIANMIAN_DEMO_PASSWORD`); random when unset.
    pub demo_password: Option<String>,
}

/// How the service is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Address to listen on (`BUJIANMIAN_BIND`, `127.0.0.1:8080`).
    pub bind: SocketAddr,
    /// What stands before every link and who may send forms (`BUJIANMIAN_ORIGIN`), such as
    /// `https://yibao.example`; `http://` and the address without it, on loopback only.
    pub origin: String,
    /// Proxies whose `X-Forwarded-For` is believed (`BUJIANMIAN_TRUSTED_PROXIES`, commas between).
    pub trusted_proxies: Vec<IpAddr>,
}

/// How large uploads may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes (`BUJIANMIAN_UPLOAD_MB`, 20, in units of 1,048,576).
    pub bytes: usize,
    /// Pixels of a picture, asked before it is decoded (`BUJIANMIAN_UPLOAD_MEGAPIXELS`, 50, in millions).
    pub pixels: u64,
}

impl Default for UploadLimits {
    fn default() -> Self {
        Self {
            bytes: 20 * 1024 * 1024,
            pixels: 50_000_000,
        }
    }
}

impl Http {
    /// Plain HTTP on loopback, for the demo and tests.
    pub fn loopback(port: u16) -> Self {
        let bind = SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            bind,
            origin: format!("http://{bind}"),
            trusted_proxies: vec![],
        }
    }

    /// Whether browsers come over TLS, so that cookies are `Secure`.
    pub fn is_secure(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// Where rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// PostgreSQL (`DATABASE_URL`); without it the embedded database in the data folder.
    pub url: Option<String>,
    /// Connections at most (`BUJIANMIAN_CONNECTIONS`, 16).
    pub connections: u32,
}

/// How long sign-ins last, on the real clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sessions {
    /// Without a request (`BUJIANMIAN_SESSION_IDLE_MINUTES`, 30).
    pub idle: TimeDelta,
    /// In all (`BUJIANMIAN_SESSION_HOURS`, 12).
    pub absolute: TimeDelta,
    /// How long one key signs tokens (30 days).
    pub key_use: TimeDelta,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle: TimeDelta::minutes(30),
            absolute: TimeDelta::hours(12),
            key_use: TimeDelta::days(30),
        }
    }
}

/// What failed sign-ins lead to (`BUJIANMIAN_SIGN_IN_LIMITS`, `on` or `off`; always off in the demo).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInLimits {
    /// Nothing.
    Off,
    /// Whoever failed too often waits, each time twice as long.
    On {
        /// Failures of one account before the first wait (5).
        per_account: i32,
        /// Failures from one address before the first wait (50).
        per_address: i32,
    },
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self::On {
            per_account: 5,
            per_address: 50,
        }
    }
}

/// A setting that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable holds something else than it should.
    #[error("{name}: {why}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// What is wrong.
        why: String,
    },
    /// The file of the keys can't be read or made.
    #[error("keys file {file}: {why}")]
    Keys {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names the variable and what is wrong with it.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let minutes = parsed(&get, "BUJIANMIAN_SESSION_IDLE_MINUTES", 30)?;
        let hours = parsed(&get, "BUJIANMIAN_SESSION_HOURS", 12)?;
        let bind = parsed(
            &get,
            "BUJIANMIAN_BIND",
            SocketAddr::from(([127, 0, 0, 1], 8080)),
        )?;
        Ok(Self {
            http: http(bind, get("BUJIANMIAN_ORIGIN"), trusted_proxies(&get)?)?,
            database: Database {
                url: get("DATABASE_URL"),
                connections: parsed(&get, "BUJIANMIAN_CONNECTIONS", 16)?,
            },
            data: get("BUJIANMIAN_DATA").map_or_else(|| PathBuf::from("data"), PathBuf::from),
            keys: get("BUJIANMIAN_KEYS").map(PathBuf::from),
            sessions: Sessions {
                idle: TimeDelta::try_minutes(minutes).unwrap_or(TimeDelta::MAX),
                absolute: TimeDelta::try_hours(hours).unwrap_or(TimeDelta::MAX),
                ..Sessions::default()
            },
            limits: sign_in_limits(get("BUJIANMIAN_SIGN_IN_LIMITS"))?,
            uploads: upload_limits(&get)?,
            hold_limit: match parsed(&get, "BUJIANMIAN_HOLD_LIMIT", 0)? {
                0 => None,
                limit => Some(limit),
            },
            mail: mail::read(&get)?,
            demo_password: get("BUJIANMIAN_DEMO_PASSWORD"),
        })
    }

    /// The keys of this installation; made and written at first start when no file was named.
    ///
    /// # Errors
    /// [`ConfigError::Keys`] when the file can't be read, written or understood.
    pub fn load_keys(&self) -> Result<Keys, ConfigError> {
        match &self.keys {
            Some(file) => Keys::read(file),
            None => Keys::read_or_make(&self.data.join("keys.toml")),
        }
    }
}

fn sign_in_limits(value: Option<String>) -> Result<SignInLimits, ConfigError> {
    match value.as_deref() {
        None | Some("on") => Ok(SignInLimits::default()),
        Some("off") => Ok(SignInLimits::Off),
        Some(_) => Err(bad("BUJIANMIAN_SIGN_IN_LIMITS", "on or off is needed")),
    }
}

fn upload_limits(get: &impl Fn(&str) -> Option<String>) -> Result<UploadLimits, ConfigError> {
    let megabytes: u16 = parsed(get, "BUJIANMIAN_UPLOAD_MB", 20)?;
    let megapixels: u16 = parsed(get, "BUJIANMIAN_UPLOAD_MEGAPIXELS", 50)?;
    Ok(UploadLimits {
        bytes: usize::from(megabytes) * 1024 * 1024,
        pixels: u64::from(megapixels) * 1_000_000,
    })
}

fn trusted_proxies(get: &impl Fn(&str) -> Option<String>) -> Result<Vec<IpAddr>, ConfigError> {
    const NAME: &str = "BUJIANMIAN_TRUSTED_PROXIES";
    get(NAME)
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

fn http(
    bind: SocketAddr,
    origin: Option<String>,
    trusted_proxies: Vec<IpAddr>,
) -> Result<Http, ConfigError> {
    const NAME: &str = "BUJIANMIAN_ORIGIN";
    let Some(origin) = origin else {
        if bind.ip().is_loopback() {
            return Ok(Http {
                bind,
                origin: format!("http://{bind}"),
                trusted_proxies,
            });
        }
        return Err(bad(
            NAME,
            "needed when the service listens beyond this machine",
        ));
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
    Ok(Http {
        bind,
        origin,
        trusted_proxies,
    })
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

fn parsed<T: std::str::FromStr>(
    get: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    default: T,
) -> Result<T, ConfigError>
where
    T::Err: std::fmt::Display,
{
    match get(name) {
        Some(text) => text
            .trim()
            .parse()
            .map_err(|e: T::Err| bad(name, &e.to_string())),
        None => Ok(default),
    }
}

fn bad(name: &'static str, why: &str) -> ConfigError {
    ConfigError::Variable {
        name,
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(|name| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_set_means_this_machine_only() {
        let config = read(&[]).unwrap();
        assert_eq!(config.http, Http::loopback(8080));
        assert_eq!(config.sessions, Sessions::default());
        assert_eq!(config.limits, SignInLimits::default());
        assert!(!config.http.is_secure());
    }

    #[rstest]
    #[case(&[("BUJIANMIAN_BIND", "0.0.0.0:80")])]
    #[case(&[("BUJIANMIAN_BIND", "0.0.0.0:80"), ("BUJIANMIAN_ORIGIN", "http://yibao.example")])]
    #[case(&[("BUJIANMIAN_ORIGIN", "http://yibao.example")])]
    #[case(&[("BUJIANMIAN_ORIGIN", "yibao.example")])]
    #[case(&[("BUJIANMIAN_ORIGIN", "https://yibao.example/portal")])]
    #[case(&[("BUJIANMIAN_SIGN_IN_LIMITS", "maybe")])]
    #[case(&[("BUJIANMIAN_SESSION_HOURS", "many")])]
    #[case(&[("BUJIANMIAN_TRUSTED_PROXIES", "10.0.0.1,proxy")])]
    #[case(&[("BUJIANMIAN_SMTP_HOST", "mail.example")])]
    #[case(&[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_MAIL_FROM", "a@b.example"), ("BUJIANMIAN_SMTP_TLS", "some")])]
    #[case(&[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_MAIL_FROM", "a@b.example"), ("BUJIANMIAN_SMTP_TLS", "none"), ("BUJIANMIAN_SMTP_USER", "u"), ("BUJIANMIAN_SMTP_PASSWORD", "p")])]
    fn what_would_be_unsafe_refuses_to_start(#[case] variables: &[(&str, &str)]) {
        assert!(read(variables).is_err());
    }

    #[test]
    fn behind_a_proxy_with_tls_cookies_are_secure() {
        let config = read(&[
            ("BUJIANMIAN_BIND", "0.0.0.0:80"),
            ("BUJIANMIAN_ORIGIN", "https://yibao.example/"),
            ("BUJIANMIAN_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
        ])
        .unwrap();
        assert!(config.http.is_secure());
        assert_eq!(config.http.origin, "https://yibao.example");
        assert_eq!(config.http.trusted_proxies.len(), 2);
    }

    #[rstest]
    #[case("localhost:8080", true)]
    #[case("127.0.0.1", true)]
    #[case("[::1]:8080", true)]
    #[case("localhost.example", false)]
    #[case("10.0.0.1:80", false)]
    fn this_machine_is_known_by_its_names(#[case] host: &str, #[case] expected: bool) {
        assert_eq!(is_loopback_host(host), expected);
    }
}
