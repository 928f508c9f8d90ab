//! Who is here: from the token of a request to somebody with an open session. Nobody signs in here.

use chrono::TimeDelta;

use super::tokens;
use crate::clock::Clock;
use crate::config::{Sessions, StaffTotp};
use crate::domain::actor::Identified;
use crate::domain::ids::SessionId;
use crate::domain::time::Ts;
use crate::store::preferences;
use crate::store::sessions::{self, Presence};
use crate::usecases::{App, Error};

/// `seen_at` is written at most this often, so that reading costs no write.
const SEEN: TimeDelta = TimeDelta::minutes(1);

/// Whether whoever is here must set up a second factor before anything else: staff who came by a password. The
/// platform has its own ways to make sure (CAS-14).
pub fn must_enrol(app: &App, presence: &Presence) -> bool {
    app.sign_in.staff_totp == StaffTotp::Required
        && presence.actor.role.is_staff()
        && presence.actor.identified == Identified::Password
        && presence.second_factor_at.is_none()
}

/// Who sends a request with this token. One read of the database, so that an ended session, a new password or
/// a closed account counts at once.
///
/// # Errors
/// [`Error::NotSignedIn`] when the token is not ours or its session is over.
pub async fn authenticate(app: &App, token: &str) -> Result<Presence, Error> {
    Ok(look(app, token, None).await?.0)
}

/// The same for a page, with how many messages are unread, counted up to `most`.
///
/// # Errors
/// As [`authenticate`].
pub async fn authenticate_reader(
    app: &App,
    token: &str,
    most: i64,
) -> Result<(Presence, usize), Error> {
    look(app, token, Some(most)).await
}

async fn look(app: &App, token: &str, most: Option<i64>) -> Result<(Presence, usize), Error> {
    let claims = tokens::verify(app, token).await?;
    let day = app.clock.now().day();
    let found = app
        .db
        .read(move |conn| -> Result<_, Error> {
            let Some(presence) = sessions::presence(conn, claims.sid, day)? else {
                return Ok(None);
            };
            let unread = match most {
                Some(most) => preferences::unread(conn, presence.actor.account, most)?,
                None => 0,
            };
            Ok(Some((presence, unread)))
        })
        .await?;
    let (presence, unread) = found
        .filter(|(presence, _)| presence.actor.account == claims.sub)
        .ok_or(Error::NotSignedIn)?;
    let now = Clock::real();
    if !is_open(&presence, app.sign_in.sessions, now) {
        return Err(Error::NotSignedIn);
    }
    if now.since(presence.session.seen_at) >= SEEN {
        note_use(app, presence.session.id, now);
    }
    Ok((presence, unread))
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
