//! The second factor of a login: setting it up, checking codes, recovery codes. A wrong code counts like a wrong
//! password, and half a proof opens nothing. Never here: how a code is computed ([`super::totp`]). All times are of
//! the real clock.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::limits::Subjects;
use super::{Caller, Entry, begin, totp};
use crate::clock::Clock;
use crate::domain::actor::Identified;
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;
use crate::store::accounts::{self, Credentials};
use crate::store::sessions::{self, Presence};
use crate::store::vault::random_secret;
use crate::store::{Conn, StoreError, blind, pending, second_factors};
use crate::usecases::{App, Error};

/// Codes that may be tried after one password; then the password is asked for anew.
const TRIES: i32 = 5;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Letters and digits of one: 50 bits.
const RECOVERY_LENGTH: usize = 10;
/// Without letters and digits that look alike.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// How a login stands with its second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when it asks for a code.
    pub since: Option<Ts>,
    /// Recovery codes that were not used yet.
    pub codes_left: i64,
}

/// Recovery codes as their owner writes them down: `abcde-fghij`.
pub type Codes = Vec<Zeroizing<String>>;

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Right,
    Wrong,
    /// Nothing was checked: seconds to wait.
    Wait(u64),
}

/// Whether a sign-in that waits for its code goes on.
///
/// # Errors
/// [`Error::Store`].
pub async fn is_pending(app: &App, token: &str) -> Result<bool, Error> {
    let hash = app.db.vault().blind(blind::PENDING_SIGN_IN, token);
    app.db
        .read(move |conn| pending::is_there(conn, &hash, Clock::real()).map_err(Error::from))
        .await
}

/// Ends a sign-in with its code, or a recovery code: begins the session.
///
/// # Errors
/// [`Error::NotSignedIn`] when the sign-in is over and begins anew with the password, [`Error::BadCredentials`] for
/// a wrong code, [`Error::TooMany`] after too many.
pub async fn finish(app: &App, token: &str, code: &str, caller: Caller) -> Result<Entry, Error> {
    let hash = app.db.vault().blind(blind::PENDING_SIGN_IN, token);
    let now = Clock::real();
    let credentials = app
        .db
        .write(move |conn| -> Result<_, Error> {
            let Some((account, epoch)) = pending::try_once(conn, &hash, TRIES, now)? else {
                return Ok(None);
            };
            let found = accounts::credentials_of(conn, account)?;
            Ok(found.filter(|found| found.epoch == epoch && found.disabled_at.is_none()))
        })
        .await?
        .filter(|found| found.second_factor_at.is_some())
        .ok_or(Error::NotSignedIn)?;
    check(app, &credentials, code, caller.address).await?;
    let account = credentials.account;
    app.db
        .write(move |conn| pending::end_all(conn, account).map_err(Error::from))
        .await?;
    begin(app, &credentials, Identified::Password, caller.device).await
}

/// Checks a code of an account that asks for one, and takes it.
///
/// # Errors
/// [`Error::BadCredentials`] for a wrong one, [`Error::TooMany`] after too many of this account or address.
pub(super) async fn check(
    app: &App,
    credentials: &Credentials,
    code: &str,
    address: IpAddr,
) -> Result<(), Error> {
    let account = credentials.account;
    let code = normal(code);
    counted(app, &credentials.username, address, move |conn, now| {
        takes(conn, account, &code, now)
    })
    .await
}

/// Runs a check under the limits of failed sign-ins. The turn is held until the failure is counted, so that many
/// guesses at once don't slip through.
async fn counted(
    app: &App,
    username: &str,
    address: IpAddr,
    check: impl Fn(&mut Conn<'_>, Ts) -> Result<bool, StoreError> + Clone + Send + 'static,
) -> Result<(), Error> {
    let _turn = app.sign_in.turn().await?;
    let (limits, name, now) = (app.sign_in.limits, username.to_owned(), Clock::real());
    let work = move |conn: &mut Conn<'_>| -> Result<Outcome, Error> {
        let subjects = Subjects::of(conn, limits, &name, address);
        if let Some(seconds) = subjects.wait(conn, now)? {
            return Ok(Outcome::Wait(seconds));
        }
        if check(conn, now)? {
            subjects.forget(conn)?;
            return Ok(Outcome::Right);
        }
        subjects.count(conn, now)?;
        Ok(Outcome::Wrong)
    };
    let outcome = match app.db.write(work.clone()).await {
        // Another instance counted the first failure of the same subject: now there is a row to count on.
        Err(Error::Store(StoreError::NotUnique(_))) => app.db.write(work).await?,
        outcome => outcome?,
    };
    match outcome {
        Outcome::Right => Ok(()),
        Outcome::Wrong => Err(Error::BadCredentials),
        Outcome::Wait(seconds) => Err(Error::TooMany { seconds }),
    }
}

/// Whether `code` is right for the account, and was taken now: of the phone, or a recovery code.
fn takes(conn: &mut Conn<'_>, account: AccountId, code: &str, now: Ts) -> Result<bool, StoreError> {
    if code.len() != RECOVERY_LENGTH {
        return takes_step(conn, account, code, now);
    }
    let hash = recovery_hash(conn, account, code);
    let taken = second_factors::take_recovery_code(conn, account, &hash, now)?;
    if taken {
        tracing::info!(%account, "a recovery code was used");
    }
    Ok(taken)
}

fn takes_step(
    conn: &mut Conn<'_>,
    account: AccountId,
    code: &str,
    now: Ts,
) -> Result<bool, StoreError> {
    let Some(factor) = second_factors::find(conn, account)? else {
        return Ok(false);
    };
    let seconds = now.utc().timestamp();
    match totp::step_of(&factor.secret, code, seconds, factor.last_step) {
        Some(step) => second_factors::take_step(conn, account, step),
        None => Ok(false),
    }
}

/// What was typed, without blanks and dashes, in one form for full-width and capital letters.
fn normal(typed: &str) -> String {
    // Nothing longer is a code.
    let typed: String = typed.chars().take(40).nfkc().collect();
    typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn recovery_hash(conn: &Conn<'_>, account: AccountId, code: &str) -> Vec<u8> {
    conn.vault
        .blind(blind::RECOVERY_CODE, &format!("{account} {code}"))
}

/// How the login stands.
///
/// # Errors
/// [`Error::Store`].
pub async fn standing(app: &App, presence: &Presence) -> Result<Standing, Error> {
    let (account, since) = (presence.actor.account, presence.second_factor_at);
    let codes_left = app
        .db
        .read(move |conn| second_factors::recovery_codes_left(conn, account).map_err(Error::from))
        .await?;
    Ok(Standing { since, codes_left })
}

/// Makes a secret for the phone; it counts when its first code was typed. A login that has a second factor keeps it.
///
/// # Errors
/// [`Error::Forbidden`] for logins that are not of staff.
pub async fn enrol(app: &App, presence: &Presence) -> Result<(), Error> {
    require_staff(presence)?;
    if presence.second_factor_at.is_some() {
        return Ok(());
    }
    let secret = random_secret()?;
    let (account, now) = (presence.actor.account, Clock::real());
    app.db
        .write(move |conn| -> Result<(), Error> {
            let (secret, _) = secret.split_at(totp::SECRET_BYTES);
            Ok(second_factors::begin(conn, account, secret, now)?)
        })
        .await
}

/// The secret that was made and does not count yet.
///
/// # Errors
/// [`Error::Forbidden`] for logins that are not of staff.
pub async fn secret_to_confirm(
    app: &App,
    presence: &Presence,
) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    require_staff(presence)?;
    if presence.second_factor_at.is_some() {
        return Ok(None);
    }
    let account = presence.actor.account;
    app.db
        .read(move |conn| {
            let found = second_factors::find(conn, account)?;
            Ok(found.map(|factor| factor.secret))
        })
        .await
}

/// Makes the secret count, by its first code. Every other session of the login ends. Gives its recovery codes, which
/// are shown this once.
///
/// # Errors
/// [`Error::BadCredentials`] for a wrong code, [`Error::TooMany`] after too many, [`Error::NotFound`] when there is
/// nothing to confirm.
pub async fn confirm(
    app: &App,
    presence: &Presence,
    code: &str,
    address: IpAddr,
) -> Result<Codes, Error> {
    require_staff(presence)?;
    if secret_to_confirm(app, presence).await?.is_none() {
        return Err(Error::NotFound);
    }
    let (account, kept) = (presence.actor.account, presence.session.id);
    let (code, codes) = (normal(code), new_codes()?);
    let shown = codes.clone();
    counted(app, &presence.username, address, move |conn, now| {
        if !takes_step(conn, account, &code, now)? || !second_factors::confirm(conn, account, now)?
        {
            return Ok(false);
        }
        keep_codes(conn, account, &codes)?;
        sessions::end_all(conn, account, Some(kept), now)?;
        Ok(true)
    })
    .await?;
    tracing::info!(%account, "a second factor was set up");
    Ok(shown)
}

/// Makes new recovery codes; those before count no more. Needs a code of the phone.
///
/// # Errors
/// As [`confirm`].
pub async fn renew_codes(
    app: &App,
    presence: &Presence,
    code: &str,
    address: IpAddr,
) -> Result<Codes, Error> {
    require_staff(presence)?;
    if presence.second_factor_at.is_none() {
        return Err(Error::NotFound);
    }
    let account = presence.actor.account;
    let (code, codes) = (normal(code), new_codes()?);
    let shown = codes.clone();
    counted(app, &presence.username, address, move |conn, now| {
        let right = takes_step(conn, account, &code, now)?;
        if right {
            keep_codes(conn, account, &codes)?;
        }
        Ok(right)
    })
    .await?;
    tracing::info!(%account, "recovery codes were made anew");
    Ok(shown)
}

fn require_staff(presence: &Presence) -> Result<(), Error> {
    match presence.actor.role.is_staff() {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

fn new_codes() -> Result<Codes, Error> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let secret = random_secret()?;
            let letters: String = secret
                .iter()
                .take(RECOVERY_LENGTH)
                .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)).copied())
                .map(char::from)
                .collect();
            let (front, back) = letters.split_at(RECOVERY_LENGTH / 2);
            Ok(Zeroizing::new(format!("{front}-{back}")))
        })
        .collect()
}

fn keep_codes(conn: &mut Conn<'_>, account: AccountId, codes: &Codes) -> Result<(), StoreError> {
    let hashes: Vec<Vec<u8>> = codes
        .iter()
        .map(|code| recovery_hash(conn, account, &normal(code)))
        .collect();
    second_factors::put_recovery_codes(conn, account, &hashes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("123456", "123456")]
    #[case(" 123 456 ", "123456")]
    #[case("１２３４５６", "123456")]
    #[case("ABCDE-fghij", "abcdefghij")]
    #[case("abcde－fghij", "abcdefghij")]
    fn a_code_may_be_typed_in_many_ways(#[case] typed: &str, #[case] expected: &str) {
        assert_eq!(normal(typed), expected);
    }

    #[test]
    fn recovery_codes_are_ten_and_differ() {
        let codes = new_codes().unwrap();
        let different: std::collections::BTreeSet<String> =
            codes.iter().map(|code| normal(code)).collect();
        assert_eq!(different.len(), RECOVERY_CODES);
        assert!(different.iter().all(|code| code.len() == RECOVERY_LENGTH));
    }
}
