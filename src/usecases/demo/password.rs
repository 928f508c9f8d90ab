//! The one password of all accounts to try: the configured one, else a random one that is kept in the data folder,
//! so that it works again at the next start.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::config::Config;
use crate::domain::ids::AccountId;
use crate::store::vault::random_secret;
use crate::store::{Db, accounts};
use crate::usecases::Error;
use crate::usecases::accounts::passwords::{self, Verdict};
use crate::usecases::app::DemoAccount;

/// Where a random password is kept.
const FILE: &str = "demo-password";
/// Without letters and digits that look alike.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a random password: 60 bits.
const LENGTH: usize = 12;

/// The password of this start.
///
/// # Errors
/// [`Error::Fault`] when the file can't be read or written.
pub(super) fn choose(config: &Config) -> Result<String, Error> {
    if let Some(password) = &config.demo_password {
        return Ok(password.clone());
    }
    let path = config.data.join(FILE);
    let fault = |e: std::io::Error| Error::Fault(format!("{}: {e}", path.display()));
    match std::fs::read_to_string(&path) {
        Ok(kept) if !kept.trim().is_empty() => Ok(kept.trim().to_owned()),
        Ok(_) => keep(&path).map_err(fault),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => keep(&path).map_err(fault),
        Err(e) => Err(fault(e)),
    }
}

fn keep(path: &Path) -> std::io::Result<String> {
    let secret = random_secret().map_err(std::io::Error::other)?;
    let letter = |byte: &u8| {
        ALPHABET
            .get(usize::from(byte % 32))
            .copied()
            .map(char::from)
    };
    let password: String = secret.iter().take(LENGTH).filter_map(letter).collect();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    writeln!(file, "{password}")?;
    Ok(password)
}

/// Sees to it that the accounts take `password`, whatever they took before; answers those that exist.
pub(super) async fn apply(
    db: &Db,
    offered: Vec<DemoAccount>,
    password: &str,
) -> Result<Vec<DemoAccount>, Error> {
    let wanted = offered.clone();
    let stored: Vec<(String, AccountId, String)> = db
        .read(move |conn| -> Result<_, Error> {
            let mut stored = vec![];
            for account in &wanted {
                if let Some(found) = accounts::credentials(conn, &account.username, "")? {
                    stored.push((found.username, found.account, found.password_hash));
                }
            }
            Ok(stored)
        })
        .await?;
    // Accounts that nobody touched share their hash, so this is one check, not a hundred.
    let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
    let mut stale = vec![];
    for (_, account, hash) in &stored {
        let verdict = verdicts
            .entry(hash)
            .or_insert_with(|| passwords::check(password, Some(hash)));
        if *verdict == Verdict::Wrong {
            stale.push(*account);
        }
    }
    if !stale.is_empty() {
        let hash = passwords::hash(password)?;
        db.write(move |conn| -> Result<(), Error> {
            for account in &stale {
                accounts::set_password(conn, *account, &hash)?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(offered
        .into_iter()
        .filter(|account| stored.iter().any(|(name, ..)| *name == account.username))
        .collect())
}
