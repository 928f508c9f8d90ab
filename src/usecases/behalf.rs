//! Filing for somebody else (CAS-8): who it is for, and on what it rests. The filing itself is
//! [`super::filing`]'s, the same as anybody's.

use super::filing::{self, Behalf, Filed, Submission};
use super::{App, Error, zero_material};
use crate::domain::actor::{Actor, Role};
use crate::domain::case::Channel;
use crate::domain::form::FieldError;
use crate::domain::id_number::{IdNumber, normalised};
use crate::domain::ids::PersonId;
use crate::domain::phone::Phone;
use crate::domain::proxy::{Kind, MOST_OPEN};
use crate::domain::receipt::ReceiptNo;
use crate::domain::registration::Registration;
use crate::domain::time::Ts;
use crate::items;
use crate::store::authorisations::{self, Basis, CallBack};
use crate::store::cases::Listed;
use crate::store::registry::Person;
use crate::store::{Conn, cases, people, registrations, registry};

/// Who may file for others at all.
pub const FILERS: &[Role] = &[Role::Handler, Role::Resident, Role::Proxy];

/// The result of a call back that lets a handler file.
pub const CONFIRMED: &str = "confirmed";
/// Results of a call back.
pub const RESULTS: &[&str] = &[CONFIRMED, "not-reached", "denied"];

/// How somebody says whom they file for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom {
    /// By the whole ID number.
    IdNumber(String),
    /// By name and the last six characters.
    NameAndLastSix(String, String),
}

/// A call back as it was noted down.
#[derive(Clone, Debug)]
pub struct Call {
    /// The number that was called.
    pub number: String,
    /// One of [`RESULTS`].
    pub result: String,
    /// When; now where it is not said.
    pub at: Option<Ts>,
}

/// Finds the person somebody wants to file for, with what the registry knows of them.
///
/// # Errors
/// [`Error::Forbidden`] for who files for nobody; [`Error::Invalid`] at `for` when there is nobody, or nobody for
/// them to file for: one answer for both.
pub async fn find(app: &App, actor: &Actor, whom: Whom) -> Result<Person, Error> {
    actor.require(FILERS)?;
    let now = app.clock.now();
    let id = app.db.read(move |conn| identify(conn, &whom, now)).await;
    match (id, actor.role) {
        (Ok(id), _) => person(app, actor, id).await,
        (Err(error), Role::Handler) => Err(error),
        // Who there is and who is not is not told to those who may file for neither.
        (Err(Error::Invalid(_)), _) => Err(unknown(actor)),
        (Err(error), _) => Err(error),
    }
}

/// The person of an identifier, again at the second step of a filing.
///
/// # Errors
/// As [`find`].
pub async fn person(app: &App, actor: &Actor, id: PersonId) -> Result<Person, Error> {
    actor.require(FILERS)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .read(move |conn| {
            match actor.role {
                Role::Handler => here(conn, &actor, id, now)?,
                _ if actor.entrusted.iter().any(|one| one.person == id) => {}
                _ => return Err(unknown(&actor)),
            }
            registry::person(conn, id)?.ok_or_else(|| unknown(&actor))
        })
        .await
}

/// For whom the reader may file today, with their names.
///
/// # Errors
/// The database's.
pub async fn principals(app: &App, actor: &Actor) -> Result<Vec<(PersonId, String)>, Error> {
    let ids: Vec<PersonId> = actor.entrusted.iter().map(|one| one.person).collect();
    let names = app
        .db
        .read(move |conn| people::names(conn, &ids).map_err(Error::from))
        .await?;
    Ok(names.into_iter().collect())
}

/// The registrations of a person the reader was given, which some questions choose from.
///
/// # Errors
/// The database's.
pub async fn registrations(app: &App, person: PersonId) -> Result<Vec<Registration>, Error> {
    app.db
        .read(move |conn| registrations::of_person(conn, person).map_err(Error::from))
        .await
}

/// Whether a call back lets a handler go on to the form.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field.
pub fn check_call(call: &Call, now: Ts) -> Result<(), Error> {
    noted(call, now).map(drop)
}

fn identify(conn: &mut Conn<'_>, whom: &Whom, now: Ts) -> Result<PersonId, Error> {
    let nobody = || invalid("for", "person-unknown");
    match whom {
        Whom::IdNumber(typed) => {
            let number = IdNumber::parse(typed, now.day())
                .map_err(|_| invalid("for", "id-number-malformed"))?;
            let found = people::by_id_number(conn, &number)?;
            found.map(|(id, _)| id).ok_or_else(nobody)
        }
        Whom::NameAndLastSix(name, last_six) => {
            let last_six = normalised(last_six);
            let found = people::by_name_and_last_six(conn, name.trim(), &last_six)?;
            match found.as_slice() {
                [(id, _)] => Ok(*id),
                _ => Err(nobody()),
            }
        }
    }
}

/// A handler files for people whose cases the own agency handles.
fn here(conn: &mut Conn<'_>, actor: &Actor, person: PersonId, now: Ts) -> Result<(), Error> {
    let coverage = registry::coverage_on(conn, person, now.day())?;
    match coverage {
        Some(coverage) if Some(coverage.agency) == actor.agency => Ok(()),
        Some(_) | None => Err(invalid("for", "insured-elsewhere")),
    }
}

fn unknown(actor: &Actor) -> Error {
    let code = match actor.role {
        Role::Handler => "person-unknown",
        _ => "not-entrusted",
    };
    invalid("for", code)
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Files for somebody else: a handler after a call back, others by an authorisation in force.
///
/// # Errors
/// As [`filing::file`]; [`Error::Invalid`] at `for` and `call_back…`, and where a community worker has too many
/// open cases.
pub async fn file(
    app: &App,
    actor: &Actor,
    person: PersonId,
    call: Option<&Call>,
    submission: Submission,
) -> Result<Filed, Error> {
    actor.require(FILERS)?;
    let (basis, channel) = match actor.role {
        Role::Handler => {
            let call = call.ok_or_else(|| invalid("call_back", "required"))?;
            let noted = noted(call, app.clock.now())?;
            (Basis::Call(noted), Channel::Phone)
        }
        _ => {
            let by = actor.entrusted_with(person, &submission.item);
            let by = by.ok_or_else(|| unknown(actor))?.by;
            (Basis::Authorised(by), Channel::OnBehalf)
        }
    };
    if items::find(&submission.item).is_none() {
        return Err(Error::NotFound);
    }
    let submission = Submission {
        channel,
        behalf: Some(Behalf { person, basis }),
        ..submission
    };
    filing::file(app, actor, submission).await
}

/// CAS-8: only a call that reached the person lets a handler file.
fn noted(call: &Call, now: Ts) -> Result<CallBack, Error> {
    let mut errors = vec![];
    let number = Phone::parse(&call.number)
        .map_err(|_| errors.push(FieldError::new("call_back.number", "phone-malformed")));
    if !RESULTS.contains(&call.result.as_str()) {
        errors.push(FieldError::new("call_back.result", "choice-unknown"));
    } else if call.result != CONFIRMED {
        errors.push(FieldError::new("call_back.result", "call-back-needed"));
    }
    let at = call.at.unwrap_or(now);
    if at > now {
        errors.push(FieldError::new("call_back.at", "call-back-later"));
    }
    match (number, errors.is_empty()) {
        (Ok(number), true) => Ok(CallBack {
            number: number.as_str().to_owned(),
            result: call.result.clone(),
            at,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Whether what a filing for somebody rests on holds inside its transaction.
///
/// # Errors
/// [`Error::Invalid`] when the authorisation was taken back meanwhile, the person is another agency's, or a
/// community worker has too many open cases.
pub(super) fn admit(
    conn: &mut Conn<'_>,
    actor: &Actor,
    behalf: &Behalf,
    now: Ts,
) -> Result<(), Error> {
    let by = match behalf.basis {
        Basis::Authorised(by) => by,
        Basis::Call(_) => return here(conn, actor, behalf.person, now),
        Basis::Ledger(pool, patient) => {
            return zero_material::admit(conn, actor, behalf.person, (pool, patient), now);
        }
    };
    let one = authorisations::find(conn, by)?.ok_or_else(|| unknown(actor))?;
    if one.standing(now.day()) != crate::domain::proxy::Standing::Valid {
        return Err(unknown(actor));
    }
    if one.kind == Kind::Community
        && authorisations::open_cases(conn, actor.account, MOST_OPEN)?
            >= usize::try_from(MOST_OPEN).unwrap_or(usize::MAX)
    {
        return Err(invalid("for", "too-many-open"));
    }
    Ok(())
}

/// A case that the reader filed for somebody, for the receipt that is read out.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub async fn filed(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Listed, Error> {
    actor.require(FILERS)?;
    let (account, receipt_no) = (actor.account, receipt_no.clone());
    app.db
        .read(move |conn| {
            let pool = receipt_no.pool().ok_or(Error::NotFound)?;
            let found = cases::by_receipt(conn, pool, receipt_no.as_str())?;
            found
                .filter(|listed| listed.case.filed_by == account)
                .ok_or(Error::NotFound)
        })
        .await
}
