//! Signing in at the provincial identity platform (CAS-14): the way there and back, and which login of ours whoever
//! comes back has. A resident's is made at the first time when the registry has the person; staff need one. Nobody is
//! guessed: the number that the platform tells decides. All times are of the real clock.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::{Caller, Entry, begin, manage};
use crate::clock::Clock;
use crate::domain::actor::{Identified, Role};
use crate::domain::id_number::IdNumber;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::identity::{Attempt, Person, Platform, Trouble};
use crate::store::accounts::{self, Credentials, NewAccount};
use crate::store::vault::random_secret;
use crate::store::{StoreError, blind, pending, registry};
use crate::usecases::error::PlatformRefusal;
use crate::usecases::{App, Error};

/// How long somebody may take at the platform.
const LONGEST: TimeDelta = TimeDelta::minutes(10);
/// What a ticket is for; nothing else that is sealed is one.
const PURPOSE: &str = "platform-sign-in";

/// What the browser keeps while its owner is away, sealed.
#[derive(Serialize, Deserialize)]
struct Ticket {
    purpose: String,
    attempt: Attempt,
    next: String,
    until: Ts,
}

/// The way to the platform.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Where to send the browser.
    pub address: String,
    /// What it keeps meanwhile, in a cookie.
    pub ticket: String,
}

/// The way back.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The session.
    pub entry: Entry,
    /// Where whoever came wanted to go.
    pub next: String,
}

/// What came back beside the cookie.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The cookie's ticket.
    pub ticket: &'a str,
    /// Must be the ticket's own.
    pub state: &'a str,
    /// To be exchanged for a token.
    pub code: &'a str,
    /// The address the platform answered to.
    pub back: &'a str,
}

/// Begins a sign-in that comes back to `back` and goes on to `next`.
///
/// # Errors
/// [`Error::Platform`] where there is none, or it is out of reach.
pub async fn depart(app: &App, back: &str, next: &str) -> Result<Departure, Error> {
    let platform = platform(app)?;
    let random =
        || -> Result<String, Error> { Ok(URL_SAFE_NO_PAD.encode(random_secret()?.as_ref())) };
    let attempt = Attempt {
        state: random()?,
        nonce: random()?,
        verifier: random()?,
    };
    let address = platform.address(&attempt, back).await.map_err(refused)?;
    let ticket = Ticket {
        purpose: PURPOSE.to_owned(),
        attempt,
        next: next.to_owned(),
        until: Clock::real().plus(LONGEST),
    };
    let plain = serde_json::to_vec(&ticket).map_err(|e| Error::Fault(e.to_string()))?;
    Ok(Departure {
        address,
        ticket: URL_SAFE_NO_PAD.encode(app.db.vault().seal(&plain)?),
    })
}

/// Where the owner of a ticket wanted to go; empty when it is none.
pub fn next_of(app: &App, ticket: &str) -> String {
    open(app, ticket).map_or_else(String::new, |ticket| ticket.next)
}

/// Ends a sign-in: begins the session of whoever the platform says it is.
///
/// # Errors
/// [`Error::Platform`] says why nobody is signed in.
pub async fn arrive(app: &App, answer: Answer<'_>, caller: Caller) -> Result<Arrival, Error> {
    let platform = platform(app)?;
    let ticket = open(app, answer.ticket)
        .filter(|ticket| ticket.attempt.state == answer.state)
        .filter(|ticket| Clock::real() < ticket.until)
        .ok_or(Error::Platform(PlatformRefusal::Stale))?;
    spend(app, &ticket).await?;
    let (code, back) = (answer.code.to_owned(), answer.back.to_owned());
    let person = platform
        .person(ticket.attempt, code, back)
        .await
        .map_err(refused)?;
    let credentials = match person {
        Person::Resident(number) => resident(app, &number).await?,
        Person::Staff(number) => staff(app, number).await?,
        Person::Unclear => return Err(Error::Platform(PlatformRefusal::Unclear)),
    };
    Ok(Arrival {
        entry: begin(app, &credentials, Identified::Platform, caller.device).await?,
        next: ticket.next,
    })
}

fn platform(app: &App) -> Result<&Arc<Platform>, Error> {
    app.platform
        .as_ref()
        .ok_or(Error::Platform(PlatformRefusal::Absent))
}

/// What went wrong is for the log; people are told what they can do.
fn refused(trouble: Trouble) -> Error {
    tracing::warn!(%trouble, "the identity platform was no help");
    Error::Platform(match trouble {
        Trouble::Down(_) => PlatformRefusal::Down,
        Trouble::Refused(_) | Trouble::Untrusted(_) => PlatformRefusal::Untrusted,
    })
}

fn open(app: &App, ticket: &str) -> Option<Ticket> {
    let sealed = URL_SAFE_NO_PAD.decode(ticket).ok()?;
    let plain = app.db.vault().open(&sealed).ok()?;
    let ticket: Ticket = serde_json::from_slice(&plain).ok()?;
    (ticket.purpose == PURPOSE).then_some(ticket)
}

/// Each answer is taken once.
async fn spend(app: &App, ticket: &Ticket) -> Result<(), Error> {
    let hash = app
        .db
        .vault()
        .blind(blind::PLATFORM_STATE, &ticket.attempt.state);
    let until = ticket.until;
    let spent = app
        .db
        .write(move |conn| pending::spend(conn, &hash, until).map_err(Error::from))
        .await;
    match spent {
        Err(Error::Store(StoreError::NotUnique(_))) => Err(Error::Platform(PlatformRefusal::Stale)),
        outcome => outcome,
    }
}

/// The login of the member of staff with that number.
async fn staff(app: &App, number: String) -> Result<Credentials, Error> {
    app.db
        .read(move |conn| accounts::credentials(conn, &number, "").map_err(Error::from))
        .await?
        .filter(|found| found.role.is_staff() && found.disabled_at.is_none())
        .ok_or(Error::Platform(PlatformRefusal::Unknown))
}

/// The login of the resident with that ID number, made now if the registry has the person.
async fn resident(app: &App, number: &str) -> Result<Credentials, Error> {
    let unknown = Error::Platform(PlatformRefusal::Unknown);
    let Ok(number) = IdNumber::from_stored(number) else {
        return Err(unknown);
    };
    let asked = number.clone();
    let (known, person) = app
        .db
        .read(move |conn| -> Result<_, Error> {
            let known = accounts::credentials(conn, "", asked.as_str())?;
            Ok((known, registry::by_id_number(conn, &asked)?))
        })
        .await?;
    let found = match (known, person) {
        (Some(known), _) => Some(known),
        (None, Some((person, name))) => {
            let new = NewAccount {
                id: Clock::new_id(),
                // One for each person, so that two at once can't make two.
                username: format!("resident-{person}"),
                password_hash: manage::hash_in_turn(app, &hex::encode(random_secret()?.as_ref()))
                    .await?,
                role: Role::Resident,
                name,
                pool: None,
                agency: None,
                person: Some(person),
                employer: None,
                institution: None,
                locale: Locale::Zh,
                email: None,
                created_at: Clock::real(),
            };
            make(app, new).await?
        }
        (None, None) => None,
    };
    found
        .filter(|found| found.disabled_at.is_none())
        .ok_or(unknown)
}

async fn make(app: &App, new: NewAccount) -> Result<Option<Credentials>, Error> {
    let username = new.username.clone();
    let made = app
        .db
        .write(move |conn| accounts::insert(conn, &new).map_err(Error::from))
        .await;
    match made {
        // Somebody was faster, with the same person.
        Ok(()) | Err(Error::Store(StoreError::NotUnique(_))) => {}
        Err(error) => return Err(error),
    }
    app.db
        .read(move |conn| accounts::credentials(conn, &username, "").map_err(Error::from))
        .await
}
