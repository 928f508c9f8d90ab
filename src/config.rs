//! Settings, one struct a concern. The only place that reads the environment. A combination that would be
//! unsafe, a number out of its range and a variable that nobody knows refuse to start, here and nowhere else.
//! `bujianmian serve --check` prints what is in force.

use std::path::PathBuf;

use chrono::TimeDelta;

mod database;
mod http;
mod keys;
mod log;
mod mail;
mod platform;
mod read;
mod sms;

pub use database::Database;
pub use http::{Http, HttpLimits, Rate, RequestRates, is_loopback_host};
pub use keys::Keys;
pub use log::{Log, LogFormat};
pub use mail::{Mail, MailTls};
pub use platform::{Platform, is_safe_address};
pub use read::{Setting, Source};
use read::{Variables, bad};
pub use sms::Sms;

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
    /// Whether staff need a second factor (`BUJIANMIAN_STAFF_TOTP`, `required` or `optional`; always optional in the
    /// demo).
    pub staff_totp: StaffTotp,
    /// The identity platform people may sign in at; `None` without one.
    pub platform: Option<Platform>,
    /// How large uploads may be.
    pub uploads: UploadLimits,
    /// How many cases a handler may hold (`BUJIANMIAN_HOLD_LIMIT`); no limit when unset.
    pub hold_limit: Option<u32>,
    /// Where messages are handed to; `None` keeps them.
    pub mail: Option<Mail>,
    /// Where short messages are handed to; `None` keeps them.
    pub sms: Option<Sms>,
    /// What is logged, and how.
    pub log: Log,
    /// Password of all accounts of the demo (`BUJIANMIAN_DEMO_PASSWORD`); random when unset.
    pub demo_password: Option<String>,
    /// What was read, by name of the variable, without secrets.
    pub settings: Vec<Setting>,
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

/// Whether staff who sign in with a password need a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StaffTotp {
    /// They set one up before anything else.
    #[default]
    Required,
    /// They may.
    Optional,
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
    /// Variables with this program's prefix that it does not know; most often a misspelling.
    #[error("no such setting: {0}")]
    Unknown(String),
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
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        Self::from_variables(Variables::new(
            std::env::vars_os().map(|(name, value)| (text(name), text(value))),
        ))
    }

    fn from_variables(from: Variables) -> Result<Self, ConfigError> {
        let data = from.parsed("BUJIANMIAN_DATA", "data".to_owned())?;
        // Authorities that mail server and gateway are believed by, beside the system's.
        let ca = from.text("BUJIANMIAN_CA_FILE").map(PathBuf::from);
        Ok(Self {
            http: http::read(&from)?,
            database: database::read(&from)?,
            data: PathBuf::from(data),
            keys: from.text("BUJIANMIAN_KEYS").map(PathBuf::from),
            sessions: sessions(&from)?,
            limits: from.word(
                "BUJIANMIAN_SIGN_IN_LIMITS",
                &[("on", SignInLimits::default()), ("off", SignInLimits::Off)],
            )?,
            staff_totp: from.word(
                "BUJIANMIAN_STAFF_TOTP",
                &[
                    ("required", StaffTotp::Required),
                    ("optional", StaffTotp::Optional),
                ],
            )?,
            platform: platform::read(&from)?,
            uploads: upload_limits(&from)?,
            hold_limit: hold_limit(&from)?,
            mail: mail::read(&from, ca.as_ref())?,
            sms: sms::read(&from, ca.as_ref())?,
            log: log::read(&from)?,
            demo_password: from.secret("BUJIANMIAN_DEMO_PASSWORD"),
            settings: from.finish()?,
        })
    }

    /// The keys of this installation; made and written at first start when no file was named.
    ///
    /// # Errors
    /// [`ConfigError::Keys`] when the file can't be read, written or understood, or others may read it.
    pub fn load_keys(&self) -> Result<Keys, ConfigError> {
        match &self.keys {
            Some(file) => Keys::read(file),
            None => Keys::read_or_make(&self.data.join("keys.toml")),
        }
    }

    /// The keys of an installation that is there already; never makes any.
    ///
    /// # Errors
    /// [`ConfigError::Keys`] when the file is not there or can't be understood.
    pub fn existing_keys(&self) -> Result<Keys, ConfigError> {
        match &self.keys {
            Some(file) => Keys::read(file),
            None => Keys::read(&self.data.join("keys.toml")),
        }
    }
}

fn sessions(from: &Variables) -> Result<Sessions, ConfigError> {
    let minutes = from.number("BUJIANMIAN_SESSION_IDLE_MINUTES", 30, 1..=1440)?;
    let hours = from.number("BUJIANMIAN_SESSION_HOURS", 12, 1..=168)?;
    Ok(Sessions {
        idle: TimeDelta::minutes(minutes),
        absolute: TimeDelta::hours(hours),
        ..Sessions::default()
    })
}

fn upload_limits(from: &Variables) -> Result<UploadLimits, ConfigError> {
    let megabytes: u16 = from.number("BUJIANMIAN_UPLOAD_MB", 20, 1..=500)?;
    let megapixels: u16 = from.number("BUJIANMIAN_UPLOAD_MEGAPIXELS", 50, 1..=500)?;
    Ok(UploadLimits {
        bytes: usize::from(megabytes) * 1024 * 1024,
        pixels: u64::from(megapixels) * 1_000_000,
    })
}

fn hold_limit(from: &Variables) -> Result<Option<u32>, ConfigError> {
    const NAME: &str = "BUJIANMIAN_HOLD_LIMIT";
    match from.text(NAME) {
        None => Ok(None),
        Some(text) => match text.parse() {
            Ok(limit) if limit > 0 => Ok(Some(limit)),
            Ok(_) | Err(_) => Err(bad(NAME, "a number above 0 is needed, or nothing")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::collections::BTreeSet;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(Variables::new(
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        ))
    }

    #[test]
    fn nothing_set_means_this_machine_only() {
        let config = read(&[]).unwrap();
        let rates = Some(RequestRates::default());
        assert_eq!(
            config.http,
            Http {
                rates,
                ..Http::loopback(8080)
            }
        );
        assert_eq!(config.sessions, Sessions::default());
        assert_eq!(config.limits, SignInLimits::default());
        assert!(!config.http.is_secure());
    }

    #[rstest]
    #[case("BUJIANMIAN_ORIGIN", &[("BUJIANMIAN_BIND", "0.0.0.0:80")])]
    #[case("BUJIANMIAN_ORIGIN", &[("BUJIANMIAN_BIND", "0.0.0.0:80"), ("BUJIANMIAN_ORIGIN", "http://yibao.example")])]
    #[case("BUJIANMIAN_ORIGIN", &[("BUJIANMIAN_ORIGIN", "http://yibao.example")])]
    #[case("BUJIANMIAN_ORIGIN", &[("BUJIANMIAN_ORIGIN", "yibao.example")])]
    #[case("BUJIANMIAN_ORIGIN", &[("BUJIANMIAN_ORIGIN", "https://yibao.example/portal")])]
    #[case("BUJIANMIAN_BIND", &[("BUJIANMIAN_BIND", "everywhere")])]
    #[case("BUJIANMIAN_METRICS_BIND", &[("BUJIANMIAN_METRICS_BIND", "9090")])]
    #[case("BUJIANMIAN_METRICS_BIND", &[("BUJIANMIAN_METRICS_BIND", "127.0.0.1:8080")])]
    #[case("BUJIANMIAN_SIGN_IN_LIMITS", &[("BUJIANMIAN_SIGN_IN_LIMITS", "maybe")])]
    #[case("BUJIANMIAN_REQUEST_LIMITS", &[("BUJIANMIAN_REQUEST_LIMITS", "yes")])]
    #[case("BUJIANMIAN_ACCOUNT_BURST", &[("BUJIANMIAN_ACCOUNT_BURST", "0")])]
    #[case("BUJIANMIAN_ADDRESS_PER_MINUTE", &[("BUJIANMIAN_ADDRESS_PER_MINUTE", "-1")])]
    #[case("BUJIANMIAN_SESSION_HOURS", &[("BUJIANMIAN_SESSION_HOURS", "many")])]
    #[case("BUJIANMIAN_SESSION_HOURS", &[("BUJIANMIAN_SESSION_HOURS", "0")])]
    #[case("BUJIANMIAN_SESSION_IDLE_MINUTES", &[("BUJIANMIAN_SESSION_IDLE_MINUTES", "-5")])]
    #[case("BUJIANMIAN_CONNECTIONS", &[("BUJIANMIAN_CONNECTIONS", "0")])]
    #[case("BUJIANMIAN_HOLD_LIMIT", &[("BUJIANMIAN_HOLD_LIMIT", "0")])]
    #[case("BUJIANMIAN_UPLOAD_MB", &[("BUJIANMIAN_UPLOAD_MB", "100000")])]
    #[case("BUJIANMIAN_UPLOAD_MEGAPIXELS", &[("BUJIANMIAN_UPLOAD_MEGAPIXELS", "0")])]
    #[case("BUJIANMIAN_FORM_KB", &[("BUJIANMIAN_FORM_KB", "0")])]
    #[case("BUJIANMIAN_WORKERS", &[("BUJIANMIAN_WORKERS", "0")])]
    #[case("BUJIANMIAN_GRACE_SECONDS", &[("BUJIANMIAN_GRACE_SECONDS", "soon")])]
    #[case("BUJIANMIAN_BODY_RATE_KB", &[("BUJIANMIAN_BODY_RATE_KB", "0")])]
    #[case("BUJIANMIAN_LOG", &[("BUJIANMIAN_LOG", "xml")])]
    #[case("BUJIANMIAN_TRUSTED_PROXIES", &[("BUJIANMIAN_TRUSTED_PROXIES", "10.0.0.1,proxy")])]
    #[case("DATABASE_URL", &[("DATABASE_URL", "sqlite:data.db")])]
    #[case("DATABASE_URL", &[("DATABASE_URL", "mysql://db.example/yibao")])]
    #[case("BUJIANMIAN_MAIL_FROM", &[("BUJIANMIAN_SMTP_HOST", "mail.example")])]
    #[case("BUJIANMIAN_SMTP_HOST", &[("BUJIANMIAN_MAIL_FROM", "a@b.example")])]
    #[case("BUJIANMIAN_SMTP_PASSWORD", &[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_SMTP_USER", "u")])]
    #[case("BUJIANMIAN_SMTP_PORT", &[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_SMTP_PORT", "0")])]
    #[case("BUJIANMIAN_SMTP_TLS", &[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_MAIL_FROM", "a@b.example"), ("BUJIANMIAN_SMTP_TLS", "some")])]
    #[case("BUJIANMIAN_SMTP_TLS", &[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_MAIL_FROM", "a@b.example"), ("BUJIANMIAN_SMTP_TLS", "none"), ("BUJIANMIAN_SMTP_USER", "u"), ("BUJIANMIAN_SMTP_PASSWORD", "p")])]
    #[case("BUJIANMIAN_SMTP_TLS", &[("BUJIANMIAN_SMTP_HOST", "mail.example"), ("BUJIANMIAN_MAIL_FROM", "a@b.example"), ("BUJIANMIAN_SMTP_TLS", "none")])]
    #[case("BUJIANMIAN_SMS_SECRET", &[("BUJIANMIAN_SMS_URL", "https://sms.example/send")])]
    #[case("BUJIANMIAN_SMS_SECRET", &[("BUJIANMIAN_SMS_URL", "https://sms.example/send"), ("BUJIANMIAN_SMS_SECRET", "short")])]
    #[case("BUJIANMIAN_SMS_URL", &[("BUJIANMIAN_SMS_SECRET", "sixteen-letters-0")])]
    #[case("BUJIANMIAN_SMS_URL", &[("BUJIANMIAN_SMS_URL", "http://sms.example/send"), ("BUJIANMIAN_SMS_SECRET", "sixteen-letters-0")])]
    #[case("BUJIANMIAN_SMS_URL", &[("BUJIANMIAN_SMS_URL", "https://user:pass@sms.example"), ("BUJIANMIAN_SMS_SECRET", "sixteen-letters-0")])]
    #[case("BUJIANMIAN_SMS_URL", &[("BUJIANMIAN_SMS_URL", "ftp://sms.example"), ("BUJIANMIAN_SMS_SECRET", "sixteen-letters-0")])]
    #[case("BUJIANMIAN_SMS_URL", &[("BUJIANMIAN_SMS_URL", "https:///send"), ("BUJIANMIAN_SMS_SECRET", "sixteen-letters-0")])]
    #[case("BUJIANMIAN_STAFF_TOTP", &[("BUJIANMIAN_STAFF_TOTP", "off")])]
    #[case("BUJIANMIAN_OIDC_CLIENT_ID", &[("BUJIANMIAN_OIDC_ISSUER", "https://id.example")])]
    #[case("BUJIANMIAN_OIDC_CLIENT_SECRET", &[("BUJIANMIAN_OIDC_ISSUER", "https://id.example"), ("BUJIANMIAN_OIDC_CLIENT_ID", "portal")])]
    #[case("BUJIANMIAN_OIDC_ISSUER", &[("BUJIANMIAN_OIDC_CLIENT_ID", "portal"), ("BUJIANMIAN_OIDC_CLIENT_SECRET", "s")])]
    #[case("BUJIANMIAN_OIDC_ISSUER", &[("BUJIANMIAN_OIDC_ISSUER", "http://id.example"), ("BUJIANMIAN_OIDC_CLIENT_ID", "portal"), ("BUJIANMIAN_OIDC_CLIENT_SECRET", "s")])]
    #[case("BUJIANMIAN_OIDC_CLAIM_STAFF_NO", &[("BUJIANMIAN_OIDC_ISSUER", "https://id.example"), ("BUJIANMIAN_OIDC_CLIENT_ID", "portal"), ("BUJIANMIAN_OIDC_CLIENT_SECRET", "s"), ("BUJIANMIAN_OIDC_CLAIM_STAFF_NO", "id_number")])]
    #[case("BUJIANMIAN_BNID", &[("BUJIANMIAN_BNID", "127.0.0.1:80")])]
    fn what_is_unsafe_or_misspelt_refuses_to_start_and_is_named(
        #[case] named: &str,
        #[case] variables: &[(&str, &str)],
    ) {
        let refusal = read(variables).unwrap_err().to_string();
        assert!(refusal.contains(named), "{refusal}");
    }

    #[cfg(not(feature = "pg-tls"))]
    #[test]
    fn tls_to_the_database_needs_the_feature() {
        let url = "postgres://db.example/yibao?sslmode=verify-full";
        let refusal = read(&[("DATABASE_URL", url)]).unwrap_err().to_string();
        assert!(refusal.contains("pg-tls"), "{refusal}");
    }

    #[test]
    fn what_is_in_force_is_told_without_secrets() {
        let config = read(&[
            ("DATABASE_URL", "postgres://app:geheim@db.example/yibao"),
            ("BUJIANMIAN_DEMO_PASSWORD", "geheim"),
            (
                "BUJIANMIAN_SMS_URL",
                "https://sms.example/geheim?key=geheim",
            ),
            ("BUJIANMIAN_SMS_SECRET", "geheim-geheim-geheim"),
            ("BUJIANMIAN_WORKERS", "3"),
            ("BUJIANMIAN_TEST_POSTGRES", "of the tests"),
            ("HOME", "of somebody"),
        ])
        .unwrap();
        let names: BTreeSet<_> = config.settings.iter().map(|s| s.name).collect();
        assert!(names.len() > 35 && names.len() == config.settings.len());
        let workers = config
            .settings
            .iter()
            .find(|s| s.name.ends_with("_WORKERS"));
        assert_eq!(
            workers,
            Some(&Setting {
                name: "BUJIANMIAN_WORKERS",
                value: "3".to_owned(),
                source: Source::Variable,
            })
        );
        let all = format!("{config:?}").replace("demo_password: Some(\"geheim\")", "");
        assert!(!all.contains("geheim"), "{all}");
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
