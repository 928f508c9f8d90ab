//! What a sign-in leaves: session rows and the keys that sign their tokens. Never here: whether a session is still
//! good. All times are of the real clock, but for the day on
//! which a resident's coverage is looked up.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::accounts::{ACTOR, ActorColumns, ActorRow};
use super::schema::{account, coverage, relative, session, signing_key};
use super::{Conn, StoreError, authorisations};
use crate::domain::actor::{Actor, Identified, Role};
use crate::domain::ids::{AccountId, PersonId, SessionId};
use crate::domain::locale::Locale;
use crate::domain::place::AgencyCode;
use crate::domain::proxy::Entrusted;
use crate::domain::time::{Day, Ts};

/// A login session.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = session)]
pub struct Session {
    /// Identifier; the token names it.
    pub id: SessionId,
    /// Whose it is.
    #[diesel(column_name = account_id)]
    pub account: AccountId,
    /// Epoch of the account when it began.
    pub epoch: i32,
    /// Form token.
    pub csrf: String,
    /// Begin.
    pub created_at: Ts,
    /// Last request, to the minute.
    pub seen_at: Ts,
    /// Absolute end.
    pub expires_at: Ts,
    /// When somebody ended it.
    pub ended_at: Option<Ts>,
    /// What it was begun with, as [`crate::domain::device::Device`] writes it; not noted of older ones.
    pub device: Option<String>,
    /// How whoever began it was identified (CAS-14).
    pub identified: Identified,
}

/// A session with its account, as the check of every request needs them.
#[derive(Clone, Debug)]
pub struct Presence {
    /// The session.
    pub session: Session,
    /// Who acts.
    pub actor: Actor,
    /// Name to sign in with.
    pub username: String,
    /// Language of messages.
    pub locale: Locale,
    /// Epoch of the account now.
    pub epoch: i32,
    /// Since when the account is closed.
    pub disabled_at: Option<Ts>,
    /// Since when it asks for a second factor.
    pub second_factor_at: Option<Ts>,
}

type SessionColumns = (
    session::id,
    session::account_id,
    session::epoch,
    session::csrf,
    session::created_at,
    session::seen_at,
    session::expires_at,
    session::ended_at,
    session::device,
    session::identified,
);
const SESSION: SessionColumns = (
    session::id,
    session::account_id,
    session::epoch,
    session::csrf,
    session::created_at,
    session::seen_at,
    session::expires_at,
    session::ended_at,
    session::device,
    session::identified,
);

type PresenceColumns = (
    SessionColumns,
    ActorColumns,
    (
        account::username,
        account::locale,
        account::epoch,
        account::disabled_at,
        account::second_factor_at,
    ),
);
const PRESENCE: PresenceColumns = (
    SESSION,
    ACTOR,
    (
        account::username,
        account::locale,
        account::epoch,
        account::disabled_at,
        account::second_factor_at,
    ),
);
type AccountPart = (String, Locale, i32, Option<Ts>, Option<Ts>);
type PresenceRow = (
    (Session, ActorRow, AccountPart),
    Option<PersonId>,
    Option<AgencyCode>,
);

/// Begins a session.
pub fn insert(conn: &mut Conn<'_>, new: &Session) -> Result<(), StoreError> {
    diesel::insert_into(session::table)
        .values(new)
        .execute(conn.sql)?;
    Ok(())
}

/// The session with who acts in it, in one statement. Relatives and the agency that insures a resident on `day`
/// come as further rows of the same answer.
pub fn presence(
    conn: &mut Conn<'_>,
    id: SessionId,
    day: Day,
) -> Result<Option<Presence>, StoreError> {
    let covers = coverage::person_id
        .nullable()
        .eq(account::person_id)
        .and(account::pool.is_null())
        .and(coverage::valid_from.le(day))
        .and(
            coverage::valid_to
                .is_null()
                .or(coverage::valid_to.assume_not_null().ge(day)),
        );
    let rows: Vec<PresenceRow> = session::table
        .inner_join(account::table.on(account::id.eq(session::account_id)))
        .left_join(relative::table.on(relative::person_id.nullable().eq(account::person_id)))
        .left_join(coverage::table.on(covers))
        .filter(session::id.eq(id))
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select((
            PRESENCE,
            relative::relative_id.nullable(),
            coverage::agency.nullable(),
        ))
        .load(conn.sql)?;
    let Some(mut presence) = fold(rows) else {
        return Ok(None);
    };
    presence.actor.entrusted = entrusted(conn, &presence.actor, day)?;
    presence.actor.colleagues = colleagues(conn, &presence.actor)?;
    Ok(Some(presence))
}

fn fold(rows: Vec<PresenceRow>) -> Option<Presence> {
    let mut relatives: Vec<PersonId> = rows.iter().filter_map(|(_, id, _)| *id).collect();
    relatives.sort_unstable();
    relatives.dedup();
    let ((session, actor, account), _, insured_at) = rows.into_iter().next()?;
    let (username, locale, epoch, disabled_at, second_factor_at) = account;
    Some(Presence {
        actor: actor.actor(insured_at, relatives, session.identified),
        session,
        username,
        locale,
        epoch,
        disabled_at,
        second_factor_at,
    })
}

/// Who acts under an account on `day`, without a session (command line, jobs).
pub fn actor(conn: &mut Conn<'_>, id: AccountId, day: Day) -> Result<Option<Actor>, StoreError> {
    let Some(row) = account::table
        .find(id)
        .select(ACTOR)
        .first::<ActorRow>(conn.sql)
        .optional()?
    else {
        return Ok(None);
    };
    let of = account::table.find(id).select(account::person_id);
    let relatives = relative::table
        .filter(relative::person_id.nullable().eq_any(of))
        .select(relative::relative_id)
        .order(relative::relative_id)
        .load(conn.sql)?;
    let insured_at = coverage::table
        .filter(coverage::person_id.nullable().eq_any(of))
        .filter(coverage::valid_from.le(day))
        .filter(
            coverage::valid_to
                .is_null()
                .or(coverage::valid_to.assume_not_null().ge(day)),
        )
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select(coverage::agency)
        .first(conn.sql)
        .optional()?;
    let mut actor = row.actor(insured_at, relatives, Identified::Password);
    actor.entrusted = entrusted(conn, &actor, day)?;
    actor.colleagues = colleagues(conn, &actor)?;
    Ok(Some(actor))
}

/// Whose filings they go on with: those of the same role at the same employer or institution, closed logins too.
fn colleagues(conn: &mut Conn<'_>, actor: &Actor) -> Result<Vec<AccountId>, StoreError> {
    let of_role = account::table
        .filter(account::role.eq(actor.role))
        .select(account::id);
    Ok(match (actor.role, actor.employer, actor.institution) {
        (Role::EmployerAgent, Some(employer), _) => of_role
            .filter(account::employer_id.eq(employer))
            .load(conn.sql)?,
        (Role::InstitutionClerk, _, Some(institution)) => of_role
            .filter(account::institution_id.eq(institution))
            .load(conn.sql)?,
        _ => vec![],
    })
}

/// For whom somebody may file and act on `day`; the office never files by an authorisation.
fn entrusted(conn: &mut Conn<'_>, actor: &Actor, day: Day) -> Result<Vec<Entrusted>, StoreError> {
    match actor.role {
        Role::Resident | Role::Proxy => authorisations::entrusted(conn, actor.account, day),
        _ => Ok(vec![]),
    }
}

/// Notes that the session was used.
pub fn touch(conn: &mut Conn<'_>, id: SessionId, at: Ts) -> Result<(), StoreError> {
    diesel::update(session::table.find(id))
        .set(session::seen_at.eq(at))
        .execute(conn.sql)?;
    Ok(())
}

/// Ends one session of an account; one that has ended keeps its time.
pub fn end(
    conn: &mut Conn<'_>,
    account: AccountId,
    id: SessionId,
    at: Ts,
) -> Result<(), StoreError> {
    diesel::update(session::table)
        .filter(session::id.eq(id))
        .filter(session::account_id.eq(account))
        .filter(session::ended_at.is_null())
        .set(session::ended_at.eq(at))
        .execute(conn.sql)?;
    Ok(())
}

/// Ends all sessions of an account but `kept`; returns how many.
pub fn end_all(
    conn: &mut Conn<'_>,
    account: AccountId,
    kept: Option<SessionId>,
    at: Ts,
) -> Result<usize, StoreError> {
    let open = open_of(conn, account, at)?;
    let ending: Vec<SessionId> = open
        .iter()
        .map(|session| session.id)
        .filter(|id| Some(*id) != kept)
        .collect();
    for id in &ending {
        end(conn, account, *id, at)?;
    }
    Ok(ending.len())
}

/// Carries a session over into a new epoch, for the one in which the password was changed.
pub fn set_epoch(conn: &mut Conn<'_>, id: SessionId, epoch: i32) -> Result<(), StoreError> {
    diesel::update(session::table.find(id))
        .set(session::epoch.eq(epoch))
        .execute(conn.sql)?;
    Ok(())
}

/// Sessions of an account that nobody ended and whose absolute end is after `now`, the newest first. Those
/// that stood idle for too long are among them.
pub fn open_of(
    conn: &mut Conn<'_>,
    account: AccountId,
    now: Ts,
) -> Result<Vec<Session>, StoreError> {
    Ok(session::table
        .filter(session::account_id.eq(account))
        .filter(session::ended_at.is_null())
        .filter(session::expires_at.gt(now))
        .order(session::id.desc())
        .select(SESSION)
        .load(conn.sql)?)
}

/// Deletes sessions whose absolute end was before `at`; returns how many.
pub fn delete_expired(conn: &mut Conn<'_>, at: Ts) -> Result<usize, StoreError> {
    Ok(diesel::delete(session::table.filter(session::expires_at.lt(at))).execute(conn.sql)?)
}

/// A key that signs tokens.
#[derive(Clone, Debug)]
pub struct SigningKey {
    /// Its name in the token's head.
    pub kid: String,
    /// The key; sealed in the database.
    pub secret: Zeroizing<Vec<u8>>,
    /// Begin of use.
    pub created_at: Ts,
    /// When it stopped signing; it verifies for some time after that.
    pub retired_at: Option<Ts>,
}

/// All signing keys, the newest first.
pub fn signing_keys(conn: &mut Conn<'_>) -> Result<Vec<SigningKey>, StoreError> {
    let rows: Vec<(String, Vec<u8>, Ts, Option<Ts>)> = signing_key::table
        .order((signing_key::created_at.desc(), signing_key::kid))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(kid, sealed, created_at, retired_at)| {
            Ok(SigningKey {
                kid,
                secret: Zeroizing::new(conn.vault.open(&sealed)?),
                created_at,
                retired_at,
            })
        })
        .collect()
}

/// Adds a key and retires all others at the moment it begins.
pub fn put_signing_key(conn: &mut Conn<'_>, key: &SigningKey) -> Result<(), StoreError> {
    diesel::update(signing_key::table.filter(signing_key::retired_at.is_null()))
        .set(signing_key::retired_at.eq(key.created_at))
        .execute(conn.sql)?;
    let sealed = conn.vault.seal(&key.secret)?;
    diesel::insert_into(signing_key::table)
        .values((
            signing_key::kid.eq(&key.kid),
            signing_key::secret.eq(sealed),
            signing_key::created_at.eq(key.created_at),
            signing_key::retired_at.eq(key.retired_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Deletes keys that were retired before `at`; returns how many.
pub fn delete_signing_keys(conn: &mut Conn<'_>, at: Ts) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(signing_key::table.filter(signing_key::retired_at.assume_not_null().lt(at)))
            .execute(conn.sql)?,
    )
}
