//! Where rows are kept. The address of a server may hold a password; nothing here shows it.

use super::ConfigError;
use super::read::{Variables, bad};

/// Name of the variable with the server's address.
const URL: &str = "DATABASE_URL";

/// Where rows are kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    /// PostgreSQL (`DATABASE_URL`); without it the embedded database in the data folder.
    pub url: Option<String>,
    /// Connections at most (`BUJIANMIAN_CONNECTIONS`, 16).
    pub connections: u32,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({}, {})", self.shown(), self.connections)
    }
}

impl Database {
    /// Its address without a password, or `embedded`.
    pub fn shown(&self) -> String {
        self.url.as_deref().map_or("embedded".to_owned(), shown)
    }

    /// `words` of the database's library, which may repeat the whole address, without the password.
    pub fn without_password(&self, words: &str) -> String {
        match self.url.as_deref() {
            Some(url) => secrets(url)
                .filter(|secret| !secret.is_empty())
                .fold(words.replace(url, &shown(url)), |words, secret| {
                    words.replace(secret, "***")
                }),
            None => words.to_owned(),
        }
    }
}

/// Reads the settings.
pub(super) fn read(from: &Variables) -> Result<Database, ConfigError> {
    let url = from.masked(URL, shown);
    if let Some(url) = &url {
        check(url)?;
    }
    Ok(Database {
        url,
        connections: from.number("BUJIANMIAN_CONNECTIONS", 16, 1..=500)?,
    })
}

fn check(url: &str) -> Result<(), ConfigError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(bad(
            URL,
            "postgres://user@host/name is needed; leave it out for the embedded database",
        ));
    }
    let wants_tls = ["require", "verify-ca", "verify-full"]
        .iter()
        .any(|mode| url.contains(&format!("sslmode={mode}")));
    if wants_tls && !cfg!(feature = "pg-tls") {
        return Err(bad(
            URL,
            "sslmode asks for TLS, and this program was built without the feature pg-tls",
        ));
    }
    Ok(())
}

/// The address with stars in place of passwords.
fn shown(url: &str) -> String {
    secrets(url)
        .filter(|secret| !secret.is_empty())
        .fold(url.to_owned(), |shown, secret| {
            shown
                .replace(&format!(":{secret}@"), ":***@")
                .replace(&format!("password={secret}"), "password=***")
        })
}

/// Passwords in an address: between name and host, and as a parameter.
fn secrets(url: &str) -> impl Iterator<Item = &str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    let login = authority.rsplit_once('@').map(|(login, _)| login);
    let password = login
        .and_then(|login| login.split_once(':'))
        .map(|(_, p)| p);
    let parameters = query
        .split('&')
        .filter_map(|part| part.split_once('='))
        .filter(|(name, _)| name.contains("password"))
        .map(|(_, value)| value);
    password.into_iter().chain(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("postgres://app@db.example/yibao", "postgres://app@db.example/yibao")]
    #[case(
        "postgres://app:geheim@db.example/yibao",
        "postgres://app:***@db.example/yibao"
    )]
    #[case(
        "postgres://app:p@ss@db.example/yibao",
        "postgres://app:***@db.example/yibao"
    )]
    #[case(
        "postgres://db.example/yibao?user=app&password=geheim&sslpassword=b",
        "postgres://db.example/yibao?user=app&password=***&sslpassword=***"
    )]
    fn the_address_is_shown_without_passwords(#[case] url: &str, #[case] expected: &str) {
        let database = Database {
            url: Some(url.to_owned()),
            connections: 1,
        };
        assert_eq!(database.shown(), expected);
        assert!(!format!("{database:?}").contains("geheim"));
        let words = database.without_password(&format!("no good: {url}"));
        assert!(
            !words.contains("geheim") && !words.contains("p@ss"),
            "{words}"
        );
    }

    #[test]
    fn a_password_alone_is_taken_out_of_words_too() {
        let database = Database {
            url: Some("postgres://app:geheim@db.example/yibao".to_owned()),
            connections: 1,
        };
        assert_eq!(
            database.without_password("bad password \"geheim\""),
            "bad password \"***\""
        );
    }

    #[test]
    fn the_embedded_database_has_nothing_to_hide() {
        let database = Database {
            url: None,
            connections: 1,
        };
        assert_eq!(database.shown(), "embedded");
        assert_eq!(database.without_password("disk full"), "disk full");
    }
}
