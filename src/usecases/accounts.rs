//! Signing in and out, and what people and administrators do with logins. Sessions, tokens, limits and back-off
//! run on the real clock ([`Clock::real`]), never on business time. No refusal says whether an account exists.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::clock::Clock;
use crate::config::{Sessions, SignInLimits};
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::store::accounts::{self, Credentials};
use crate::store::sessions::{self, Presence, Session};
use crate::store::vault::random_secret;
use crate::store::{Conn, StoreError};
use crate::usecases::{App, Error};

mod limits;
pub mod passwords;
pub mod tokens;

use limits::Subjects;
use passwords::Verdict;

/// Passwords checked at a time: each takes 19 MiB and a core.
const CHECKS_AT_ONCE: usize = 2;
/// How long a sign-in waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// `seen_at` is written at most this often, so that reading costs no write.
const SEEN: TimeDelta = TimeDelta::minutes(1);

/// What signing in works with beside the database: a part of [`App`].
pub struct SignIn {
    /// How long sessions last.
    pub sessions: Sessions,
    /// What failures lead to.
    pub limits: SignInLimits,
    keys: tokens::KeyRing,
    turns: Arc<Semaphore>,
}

impl SignIn {
    /// Prepares what every sign-in needs; takes some 20 ms.
    pub fn new(sessions: Sessions, limits: SignInLimits) -> Self {
        passwords::prepare();
        Self {
            sessions,
            limits,
            keys: tokens::KeyRing::default(),
            turns: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
        }
    }
}

/// A session that has just begun.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Names the session, signed; for the cookie or the `Authorization` header.
    pub token: String,
    /// The session.
    pub session: Session,
    /// Language of the account.
    pub locale: Locale,
    /// Role of the account.
    pub role: Role,
}

/// Whose password is checked.
#[derive(Clone, Debug)]
enum Who {
    /// Somebody who typed this name or ID number.
    Named(String),
    /// Somebody who is signed in.
    Known(AccountId, String),
}

/// Begins a session for whoever knows the password of the account that `name` names: a user name, or the ID
/// number of a resident. Other sessions of the account go on.
///
/// # Errors
/// [`Error::BadCredentials`] when anything is wrong, [`Error::TooMany`] after too many failures of this name or
/// address, [`Error::Busy`] when too many sign in at once.
pub async fn sign_in(
    app: &App,
    name: &str,
    password: &str,
    address: IpAddr,
) -> Result<Entry, Error> {
    let who = Who::Named(name.to_owned());
    let credentials = prove(app, who, password, address).await?;
    let session = new_session(&credentials, app.sign_in.sessions)?;
    let stored = session.clone();
    app.db
        .write(move |conn| sessions::insert(conn, &stored).map_err(Error::from))
        .await?;
    Ok(Entry {
        token: tokens::issue(app, &session, credentials.role).await?,
        session,
        locale: credentials.locale,
        role: credentials.role,
    })
}

fn new_session(credentials: &Credentials, settings: Sessions) -> Result<Session, Error> {
    let now = Clock::real();
    Ok(Session {
        id: Clock::new_id(),
        account: credentials.account,
        epoch: credentials.epoch,
        csrf: URL_SAFE_NO_PAD.encode(random_secret()?.as_ref()),
        created_at: now,
        seen_at: now,
        expires_at: now.plus(settings.absolute),
        ended_at: None,
    })
}

/// Checks a password. The turn is held from the look at the limits to the count of the failure, so that many
/// guesses at once don't slip through before the first is counted.
async fn prove(app: &App, who: Who, password: &str, address: IpAddr) -> Result<Credentials, Error> {
    let turn = tokio::time::timeout(TURN, app.sign_in.turns.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        return Err(Error::Busy);
    };
    let limits = app.sign_in.limits;
    let (named, found) = (who.clone(), who);
    let (credentials, wait) = app
        .db
        .read(move |conn| -> Result<_, Error> {
            let wait = subjects(conn, limits, &found, address).wait(conn, Clock::real())?;
            Ok((look_up(conn, &found)?, wait))
        })
        .await?;
    if let Some(seconds) = wait {
        return Err(Error::TooMany { seconds });
    }
    let usable = credentials.filter(|found| found.disabled_at.is_none());
    let hash = usable.as_ref().map(|found| found.password_hash.clone());
    let password = password.to_owned();
    let verdict = tokio::task::spawn_blocking(move || passwords::check(&password, hash.as_deref()))
        .await
        .map_err(|e| Error::Fault(format!("checking a password: {e}")))?;
    settle(app, named, address, verdict).await?;
    match (verdict, usable) {
        (Verdict::Right, Some(credentials)) => Ok(credentials),
        (Verdict::Right | Verdict::Wrong, _) => Err(Error::BadCredentials),
    }
}

/// Counts a failure, or forgets those before a success.
async fn settle(app: &App, who: Who, address: IpAddr, verdict: Verdict) -> Result<(), Error> {
    let limits = app.sign_in.limits;
    if limits == SignInLimits::Off {
        return Ok(());
    }
    let now = Clock::real();
    let write = move |conn: &mut Conn<'_>| -> Result<(), Error> {
        let subjects = subjects(conn, limits, &who, address);
        Ok(match verdict {
            Verdict::Right => subjects.forget(conn),
            Verdict::Wrong => subjects.count(conn, now),
        }?)
    };
    match app.db.write(write.clone()).await {
        // Another instance counted the first failure of the same subject: now there is a row to count on.
        Err(Error::Store(StoreError::NotUnique(_))) => app.db.write(write).await,
        outcome => outcome,
    }
}

fn subjects(conn: &Conn<'_>, limits: SignInLimits, who: &Who, address: IpAddr) -> Subjects {
    let name = match who {
        Who::Named(name) | Who::Known(_, name) => name,
    };
    Subjects::of(conn, limits, name, address)
}

fn look_up(conn: &mut Conn<'_>, who: &Who) -> Result<Option<Credentials>, StoreError> {
    match who {
        Who::Named(typed) => accounts::credentials(conn, typed, &normal_number(typed)),
        Who::Known(account, _) => accounts::credentials_of(conn, *account),
    }
}

/// An ID number as the registry writes it: half-width, X large.
fn normal_number(typed: &str) -> String {
    typed
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase()
}

/// Who sends a request with this token. One read of the database, so that an ended session, a new password or
/// a closed account counts at once.
///
/// # Errors
/// [`Error::NotSignedIn`] when the token is not ours or its session is over.
pub async fn authenticate(app: &App, token: &str) -> Result<Presence, Error> {
    let claims = tokens::verify(app, token).await?;
    let day = app.clock.now().day();
    let presence = app
        .db
        .read(move |conn| sessions::presence(conn, claims.sid, day).map_err(Error::from))
        .await?
        .filter(|presence| presence.actor.account == claims.sub)
        .ok_or(Error::NotSignedIn)?;
    let now = Clock::real();
    if !is_open(&presence, app.sign_in.sessions, now) {
        return Err(Error::NotSignedIn);
    }
    if now.since(presence.session.seen_at) >= SEEN {
        note_use(app, presence.session.id, now);
    }
    Ok(presence)
}

fn is_open(presence: &Presence, settings: Sessions, now: Ts) -> bool {
    presence.session.ended_at.is_none()
        && presence.disabled_at.is_none()
        && presence.session.epoch == presence.epoch
        && now < presence.session.expires_at
        && now.since(presence.session.seen_at) < settings.idle
}

/// Beside the request: a database that can't be written must not end reading.
fn note_use(app: &App, session: SessionId, now: Ts) {
    let app = app.clone();
    tokio::spawn(async move {
        let noted = app
            .db
            .write(move |conn| sessions::touch(conn, session, now))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    });
}

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

async fn hash_in_turn(app: &App, password: &str) -> Result<String, Error> {
    let turn = tokio::time::timeout(TURN, app.sign_in.turns.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        return Err(Error::Busy);
    };
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || passwords::hash(&password))
        .await
        .map_err(|e| Error::Fault(format!("hashing a password: {e}")))?
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

/// Whether a login can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can.
    Open,
    /// It can't; its sessions have ended.
    Closed,
}

/// Closes a login of the administrator's own pool, or opens it again. Closing ends its sessions at their next
/// request.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for accounts elsewhere and for the own one.
pub async fn set_access(
    app: &App,
    actor: &Actor,
    username: &str,
    access: Access,
) -> Result<(), Error> {
    actor.require(&[Role::Administrator])?;
    let (own, pool) = (actor.account, actor.pool);
    let (now, day) = (Clock::real(), app.clock.now().day());
    let username = username.to_owned();
    app.db
        .write(move |conn| -> Result<(), Error> {
            // An ID number names nobody here: administrators see no personal data.
            let target = accounts::credentials(conn, &username, "")?.ok_or(Error::NotFound)?;
            let target = sessions::actor(conn, target.account, day)?.ok_or(Error::NotFound)?;
            if target.account == own || target.pool != pool {
                return Err(Error::NotFound);
            }
            match access {
                Access::Open => accounts::set_disabled(conn, target.account, None)?,
                Access::Closed => {
                    accounts::set_disabled(conn, target.account, Some(now))?;
                    sessions::end_all(conn, target.account, None, now)?;
                }
            }
            Ok(())
        })
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
            sessions::delete_failures(conn, now.plus(-limits::FORGET))?;
            Ok(())
        })
        .await?;
    tokens::rotate(app).await.map(|_| ())
}
