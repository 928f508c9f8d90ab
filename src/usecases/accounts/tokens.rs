//! Tokens: a signed name of a session row (JWT, HS256), and the keys that sign them. A good token alone opens
//! nothing: the session it names is looked up at every request. Times are of the real clock.

use std::sync::{PoisonError, RwLock};

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::domain::actor::Role;
use crate::domain::ids::{AccountId, SessionId};
use crate::domain::time::Ts;
use crate::store::sessions::{self, Session, SigningKey};
use crate::store::vault::random_secret;
use crate::usecases::{App, Error};

/// Who signs.
pub const ISSUER: &str = "bujianmian";
/// Keys are read again after this long, since other instances rotate them too.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// An unknown key id makes the keys be read again, but not more often than this.
const PATIENCE: TimeDelta = TimeDelta::seconds(5);
/// A key that was retired signs on in other instances until they read the keys again.
const MARGIN: TimeDelta = TimeDelta::minutes(10);

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// [`ISSUER`].
    pub iss: String,
    /// The account.
    pub sub: AccountId,
    /// The session.
    pub sid: SessionId,
    /// The role at sign-in; rights follow from the account, not from this.
    pub role: Role,
    /// Begin, in seconds since 1970.
    pub iat: i64,
    /// Absolute end, in seconds since 1970.
    pub exp: i64,
}

/// The signing keys in memory.
#[derive(Default)]
pub struct KeyRing(RwLock<Ring>);

#[derive(Clone, Default)]
struct Ring {
    keys: Vec<SigningKey>,
    read_at: Option<Ts>,
}

impl Ring {
    fn is_younger(&self, than: TimeDelta, now: Ts) -> bool {
        self.read_at.is_some_and(|at| now.since(at) < than)
    }
}

impl KeyRing {
    fn now_known(&self) -> Ring {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, ring: &Ring) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = ring.clone();
    }
}

/// A token for a session.
///
/// # Errors
/// [`Error::Store`] when the keys can't be read or made.
pub async fn issue(app: &App, session: &Session, role: Role) -> Result<String, Error> {
    let key = signing_key(app).await?;
    let claims = Claims {
        iss: ISSUER.to_owned(),
        sub: session.account,
        sid: session.id,
        role,
        iat: session.created_at.utc().timestamp(),
        exp: session.expires_at.utc().timestamp(),
    };
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(key.kid.clone());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&key.secret))
        .map_err(|e| Error::Fault(format!("signing a token: {e}")))
}

/// What a token says, if it is ours: signed by HS256 with a key that still counts, by our issuer, not expired.
///
/// # Errors
/// [`Error::NotSignedIn`] for any other token, without saying why; [`Error::Store`] when keys can't be read.
pub async fn verify(app: &App, token: &str) -> Result<Claims, Error> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Error::NotSignedIn)?;
    let kid = header.kid.ok_or(Error::NotSignedIn)?;
    let now = Clock::real();
    let key = verifying_key(app, &kid, now)
        .await?
        .ok_or(Error::NotSignedIn)?;
    let mut rules = Validation::new(Algorithm::HS256);
    rules.set_issuer(&[ISSUER]);
    rules.set_required_spec_claims(&["exp", "iss", "sub"]);
    // The end is compared below with the same clock as everywhere.
    rules.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Claims>(token, &DecodingKey::from_secret(&key.secret), &rules)
            .map_err(|_| Error::NotSignedIn)?
            .claims;
    if claims.exp <= now.utc().timestamp() {
        return Err(Error::NotSignedIn);
    }
    Ok(claims)
}

/// Housekeeping: begins a new key when the present one has signed long enough, and deletes those that no
/// living token can name any more. Returns the id of the key that signs now.
///
/// # Errors
/// [`Error::Store`].
pub async fn rotate(app: &App) -> Result<String, Error> {
    let now = Clock::real();
    let new = new_key(now)?;
    let settings = app.sign_in.sessions;
    let kid = app
        .db
        .write(move |conn| -> Result<String, Error> {
            let keys = sessions::signing_keys(conn)?;
            let present = keys.iter().find(|key| {
                key.retired_at.is_none() && now.since(key.created_at) < settings.key_use
            });
            let gone = now.plus(-(settings.absolute + MARGIN));
            sessions::delete_signing_keys(conn, gone)?;
            match present {
                Some(key) => Ok(key.kid.clone()),
                None => {
                    sessions::put_signing_key(conn, &new)?;
                    Ok(new.kid.clone())
                }
            }
        })
        .await?;
    read_keys(app, now).await?;
    Ok(kid)
}

fn new_key(now: Ts) -> Result<SigningKey, Error> {
    let name = random_secret()?;
    let (name, _) = name.split_at(8);
    Ok(SigningKey {
        kid: hex::encode(name),
        secret: Zeroizing::new(random_secret()?.to_vec()),
        created_at: now,
        retired_at: None,
    })
}

async fn signing_key(app: &App) -> Result<SigningKey, Error> {
    let now = Clock::real();
    let mut ring = app.sign_in.keys.now_known();
    if !ring.is_younger(FRESH, now) {
        ring = read_keys(app, now).await?;
    }
    if let Some(key) = signs(ring) {
        return Ok(key);
    }
    rotate(app).await?;
    signs(app.sign_in.keys.now_known()).ok_or_else(|| Error::Fault("no signing key".to_owned()))
}

fn signs(ring: Ring) -> Option<SigningKey> {
    ring.keys.into_iter().find(|key| key.retired_at.is_none())
}

async fn verifying_key(app: &App, kid: &str, now: Ts) -> Result<Option<SigningKey>, Error> {
    let counts = |key: &SigningKey| {
        let kept = app.sign_in.sessions.absolute + MARGIN;
        key.kid == kid && key.retired_at.is_none_or(|at| now.since(at) < kept)
    };
    let mut ring = app.sign_in.keys.now_known();
    let known = ring.keys.iter().any(|key| key.kid == kid);
    // A made-up key id must not cost a read of the database each time.
    let enough = if known { FRESH } else { PATIENCE };
    if !ring.is_younger(enough, now) {
        ring = read_keys(app, now).await?;
    }
    Ok(ring.keys.into_iter().find(counts))
}

async fn read_keys(app: &App, now: Ts) -> Result<Ring, Error> {
    let keys = app
        .db
        .read(|conn| sessions::signing_keys(conn).map_err(Error::from))
        .await?;
    let ring = Ring {
        keys,
        read_at: Some(now),
    };
    app.sign_in.keys.keep(&ring);
    Ok(ring)
}
