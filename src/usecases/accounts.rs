//! Signing in and out, and what people and administrators do with logins. Sessions, tokens, limits and back-off
//! run on the real clock ([`Clock::real`]), never on business time. No refusal says whether an account exists.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::clock::{Clock, Stopwatch};
use crate::config::{Sessions, SignInLimits, StaffTotp};
use crate::domain::actor::{Identified, Role};
use crate::domain::device::Device;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::AccountId;
use crate::domain::locale::Locale;
use crate::store::accounts::{self, Credentials};
use crate::store::sessions::{self, Session};
use crate::store::vault::random_secret;
use crate::store::{Conn, StoreError, blind, pending};
use crate::usecases::{App, Error};

pub mod administering;
pub(super) mod limits;
mod manage;
pub mod passwords;
pub mod platform;
mod presence;
pub mod second_factor;
pub mod tokens;
pub mod totp;

pub use administering::{Access, set_access};
use limits::Subjects;
pub use limits::network;
pub use manage::{change_password, end_others, housekeep, open_sessions, set_locale, sign_out};
use passwords::Verdict;
pub use presence::{authenticate, authenticate_reader, must_enrol};

/// Passwords checked at a time: each takes 19 MiB and a core.
const CHECKS_AT_ONCE: usize = 2;
/// Sign-ins that may wait for their turn; more are told to come back at once.
const CHECKS_WAITING: usize = 64;
/// How long a sign-in waits for its turn.
const TURN: Duration = Duration::from_secs(5);
/// How long somebody may take between password and code.
const PENDING: TimeDelta = TimeDelta::minutes(5);

/// What signing in works with beside the database: a part of [`App`].
pub struct SignIn {
    /// How long sessions last.
    pub sessions: Sessions,
    /// What failures lead to.
    pub limits: SignInLimits,
    /// Whether staff need a second factor.
    pub staff_totp: StaffTotp,
    keys: tokens::KeyRing,
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl SignIn {
    /// Prepares what every sign-in needs; takes some 20 ms.
    pub fn new(sessions: Sessions, limits: SignInLimits, staff_totp: StaffTotp) -> Self {
        passwords::prepare();
        Self {
            sessions,
            limits,
            staff_totp,
            keys: tokens::KeyRing::default(),
            places: Arc::new(Semaphore::new(CHECKS_AT_ONCE + CHECKS_WAITING)),
            turns: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
        }
    }
}

/// Leave to hash a password, given back when dropped.
struct Turn<'a> {
    _place: SemaphorePermit<'a>,
    _turn: SemaphorePermit<'a>,
}

impl SignIn {
    /// Waits for leave to hash a password.
    ///
    /// # Errors
    /// [`Error::Busy`] at once when too many wait already, else after [`TURN`].
    async fn turn(&self) -> Result<Turn<'_>, Error> {
        let refused = || {
            metrics::counter!("bujianmian_password_refused_total").increment(1);
            Error::Busy
        };
        let watch = Stopwatch::start();
        let place = self.places.try_acquire().map_err(|_| refused())?;
        let turn = tokio::time::timeout(TURN, self.turns.acquire()).await;
        metrics::histogram!("bujianmian_password_wait_seconds")
            .record(watch.elapsed().as_secs_f64());
        match turn {
            Ok(Ok(turn)) => Ok(Turn {
                _place: place,
                _turn: turn,
            }),
            Ok(Err(_)) | Err(_) => Err(refused()),
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
    /// Somebody who typed this name, and the ID number that it is, if it is one.
    Named(String, Option<IdNumber>),
    /// Somebody who is signed in.
    Known(AccountId, String),
}

/// From where and with what somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The network address.
    pub address: IpAddr,
    /// Browser and system.
    pub device: Device,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Opened {
    /// A session.
    Session(Entry),
    /// The account asks for a code too. The token names this sign-in for five minutes and opens nothing.
    CodeWanted(String),
}

/// Begins a session for whoever knows the password of the account that `name` names: a user name, or the ID
/// number of a resident. Other sessions of the account go on. An account with a second factor asks for its code
/// next ([`second_factor::finish`]).
///
/// # Errors
/// [`Error::BadCredentials`] when anything is wrong, [`Error::TooMany`] after too many failures of this name or
/// address, [`Error::Busy`] when too many sign in at once.
pub async fn sign_in(
    app: &App,
    name: &str,
    password: &str,
    caller: Caller,
) -> Result<Opened, Error> {
    let credentials = prove_named(app, name, password, caller.address).await?;
    if credentials.second_factor_at.is_none() {
        let entry = begin(app, &credentials, Identified::Password, caller.device).await?;
        return Ok(Opened::Session(entry));
    }
    let token = URL_SAFE_NO_PAD.encode(random_secret()?.as_ref());
    let new = pending::Pending {
        token_hash: app.db.vault().blind(blind::PENDING_SIGN_IN, &token),
        account: credentials.account,
        epoch: credentials.epoch,
        attempts: 0,
        expires_at: Clock::real().plus(PENDING),
    };
    app.db
        .write(move |conn| pending::insert(conn, &new).map_err(Error::from))
        .await?;
    Ok(Opened::CodeWanted(token))
}

/// The same in one step, for programs: they send the code, or a recovery code, beside the password.
///
/// # Errors
/// Those of [`sign_in`]; [`Error::SecondFactorWanted`] when the account asks for a code and there is none,
/// [`Error::EnrolmentWanted`] for staff who must set one up in a browser first.
pub async fn sign_in_at_once(
    app: &App,
    name: &str,
    password: &str,
    code: Option<&str>,
    caller: Caller,
) -> Result<Entry, Error> {
    let credentials = prove_named(app, name, password, caller.address).await?;
    match (credentials.second_factor_at, code) {
        (Some(_), None) => return Err(Error::SecondFactorWanted),
        (Some(_), Some(code)) => {
            second_factor::check(app, &credentials, code, caller.address).await?;
        }
        (None, _)
            if app.sign_in.staff_totp == StaffTotp::Required && credentials.role.is_staff() =>
        {
            return Err(Error::EnrolmentWanted);
        }
        (None, _) => {}
    }
    begin(app, &credentials, Identified::Password, caller.device).await
}

async fn prove_named(
    app: &App,
    name: &str,
    password: &str,
    address: IpAddr,
) -> Result<Credentials, Error> {
    let number = IdNumber::from_stored(name).ok();
    prove(app, Who::Named(name.to_owned(), number), password, address).await
}

/// Begins a session of an account whose owner is proven.
async fn begin(
    app: &App,
    credentials: &Credentials,
    identified: Identified,
    device: Device,
) -> Result<Entry, Error> {
    let session = new_session(credentials, app.sign_in.sessions, identified, device)?;
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

fn new_session(
    credentials: &Credentials,
    settings: Sessions,
    identified: Identified,
    device: Device,
) -> Result<Session, Error> {
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
        device: Some(device.to_string()),
        identified,
    })
}

/// Checks a password. The turn is held from the look at the limits to the count of the failure, so that many
/// guesses at once don't slip through before the first is counted.
async fn prove(app: &App, who: Who, password: &str, address: IpAddr) -> Result<Credentials, Error> {
    let _turn = app.sign_in.turn().await?;
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
    let half = usable
        .as_ref()
        .is_some_and(|found| found.second_factor_at.is_some());
    // Half a proof forgets no failures: whoever knows a password could guess codes for ever.
    if verdict == Verdict::Wrong || !half {
        settle(app, named, address, verdict).await?;
    }
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
    // However an ID number was typed, it is one subject.
    let name = match who {
        Who::Named(_, Some(number)) => number.as_str(),
        Who::Named(name, None) | Who::Known(_, name) => name,
    };
    Subjects::of(conn, limits, name, address)
}

fn look_up(conn: &mut Conn<'_>, who: &Who) -> Result<Option<Credentials>, StoreError> {
    match who {
        Who::Named(typed, number) => {
            let number = number.as_ref().map_or("", IdNumber::as_str);
            accounts::credentials(conn, typed, number)
        }
        Who::Known(account, _) => accounts::credentials_of(conn, *account),
    }
}
