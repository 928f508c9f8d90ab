//! What people do with their own logins once they are in, and the housekeeping of it all. Nothing here checks a password by itself: that is [`super::prove`].

use std::net::IpAddr;

use chrono::TimeDelta;

use super::{Who, limits, passwords, prove, tokens};
use crate::clock::Clock;
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::locale::Locale;
use crate::store::sessions::{self, Presence, Session};
use crate::store::{accounts, attempts, pending};
use crate::usecases::{App, Error};

/// Ends a session; a token that names it opens nothing from now on.
///
/// # Errors
/// [`Error::Store`].
pub async fn sign_out(app: &App, account: AccountId, session: SessionId) -> Result<(), Error> {
    let now = Clock::real();
    app.db
        .write(move |conn| sessions::end(conn, account, session, now).map_err(Error::from))
        .await
}

/// Ends all sessions of the account but this one; returns how many.
///
/// # Errors
/// [`Error::Store`].
pub async fn end_others(app: &App, account: AccountId, kept: SessionId) -> Result<usize, Error> {
    let now = Clock::real();
    app.db
        .write(move |conn| sessions::end_all(conn, account, Some(kept), now).map_err(Error::from))
        .await
}

/// Sessions of the account that go on, the newest first.
///
/// # Errors
/// [`Error::Store`].
pub async fn open_sessions(app: &App, account: AccountId) -> Result<Vec<Session>, Error> {
    let (now, idle) = (Clock::real(), app.sign_in.sessions.idle);
    let mut open = app
        .db
        .read(move |conn| sessions::open_of(conn, account, now).map_err(Error::from))
        .await?;
    open.retain(|session| now.since(session.seen_at) < idle);
    Ok(open)
}

/// Changes the own password; every other session of the account ends.
///
/// # Errors
/// [`Error::Invalid`] names the fields `old` and `new`; [`Error::TooMany`] after too many wrong old ones.
pub async fn change_password(
    app: &App,
    presence: &Presence,
    old: &str,
    new: &str,
    address: IpAddr,
) -> Result<(), Error> {
    let (account, kept) = (presence.actor.account, presence.session.id);
    let who = Who::Known(account, presence.username.clone());
    match prove(app, who, old, address).await {
        Ok(_) => {}
        Err(Error::BadCredentials) => {
            return Err(Error::Invalid(vec![FieldError::new(
                "old",
                "password-wrong",
            )]));
        }
        Err(other) => return Err(other),
    }
    if let Some(refusal) = passwords::refusal("new", new, &presence.username) {
        return Err(Error::Invalid(vec![refusal]));
    }
    let hash = hash_in_turn(app, new).await?;
    let now = Clock::real();
    app.db
        .write(move |conn| -> Result<(), Error> {
            let epoch = accounts::set_password(conn, account, &hash)?.ok_or(Error::NotFound)?;
            sessions::set_epoch(conn, kept, epoch)?;
            sessions::end_all(conn, account, Some(kept), now)?;
            Ok(())
        })
        .await
}

/// Keeps the language the account wants messages in.
///
/// # Errors
/// [`Error::Store`].
pub async fn set_locale(app: &App, account: AccountId, locale: Locale) -> Result<(), Error> {
    app.db
        .write(move |conn| accounts::set_locale(conn, account, locale).map_err(Error::from))
        .await
}

/// Deletes what no longer counts: sessions a week after their end, failures that are forgotten; rotates keys.
///
/// # Errors
/// [`Error::Store`].
pub async fn housekeep(app: &App) -> Result<(), Error> {
    let now = Clock::real();
    app.db
        .write(move |conn| -> Result<(), Error> {
            sessions::delete_expired(conn, now.plus(-TimeDelta::days(7)))?;
            attempts::delete_failures(conn, now.plus(-limits::FORGET))?;
            pending::delete_expired(conn, now)?;
            Ok(())
        })
        .await?;
    tokens::rotate(app).await.map(|_| ())
}

/// The hash of a password, made when it is its turn.
pub(super) async fn hash_in_turn(app: &App, password: &str) -> Result<String, Error> {
    let _turn = app.sign_in.turn().await?;
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || passwords::hash(&password))
        .await
        .map_err(|e| Error::Fault(format!("hashing a password: {e}")))?
}
