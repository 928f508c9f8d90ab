//! What a registration of special times rests on, for whoever looks at the case; and what the patient ledger offers
//! somebody. Nothing here changes anything but the log of reads.

use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::case::Case;
use crate::domain::closure::{Closure, supporting};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{PersonId, ReadId};
use crate::domain::item::{Record, ServiceItem};
use crate::domain::patient::Stay;
use crate::domain::place::Pool;
use crate::domain::reduction::{Admission, Insured, Reduction, cross_region_reduction};
use crate::domain::registration::{Registration, conflict, overlap, same_destination};
use crate::domain::time::Day;
use crate::domain::zero_material::{away, registered};
use crate::store::reads::{self, Read};
use crate::store::resting::{self, Entry};
use crate::store::{Conn, closures, patients, people, registrations, registry};
use crate::usecases::{App, Error};

/// Who reads the registrations of others (XR-1).
const READERS: &[Role] = &[
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::Auditor,
];

/// The registration of a case of such an item, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The registration.
    pub registration: Registration,
    /// What it rests on.
    pub rests_on: RestsOn,
}

/// What a registration of special times rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestsOn {
    /// An entry of the patient ledger (XR-3).
    Ledger(Box<Entry>),
    /// The condition was stated under pledge; no entry was found (XR-3).
    Pledge,
    /// Recorded closures of the place, the latest first; without any it is the pledge alone (XR-8).
    Closures(Vec<Closure>),
}

/// What a case of such an item rests on; `None` of others.
pub(in crate::usecases) fn ground(
    conn: &mut Conn<'_>,
    item: &ServiceItem,
    case: &Case,
) -> Result<Option<Ground>, Error> {
    if item.looks_at.is_empty() {
        return Ok(None);
    }
    let Some(registration) = registrations::of_case(conn, case.pool, case.id)? else {
        return Ok(None);
    };
    let rests_on = if item.looks_at.contains(&Record::Stays) {
        let entry = match resting::of_case(conn, case.pool, case.id)? {
            Some((pool, patient)) => resting::entry(conn, &[pool], patient)?,
            None => None,
        };
        entry.map_or(RestsOn::Pledge, |entry| RestsOn::Ledger(Box::new(entry)))
    } else {
        let all = closures::standing(conn)?;
        let span = (registration.start, registration.end);
        let found = supporting(&all, &registration.destination, span);
        RestsOn::Closures(found.cloned().collect())
    };
    Ok(Some(Ground {
        registration,
        rests_on,
    }))
}

/// The own registrations, newest start first, each with what a settlement would say of an admission on its first day
/// (XR-1, XR-7).
///
/// # Errors
/// [`Error::Forbidden`] for who is no person of the registry.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<(Registration, Reduction)>, Error> {
    actor.require(&[Role::Resident])?;
    let person = actor.person.ok_or(Error::Forbidden)?;
    let insured_at = actor.insured_at.map(|agency| agency.pool());
    app.db
        .read(move |conn| {
            let all = registrations::of_person(conn, person)?;
            let stays = patients::stays_of(conn, person)?;
            let judged = |one: &Registration| {
                let stay = stays.iter().find(|stay| {
                    same_destination(&one.destination, stay.pool.as_str())
                        && overlap((one.start, one.end), (stay.admitted_on, stay.discharged_on))
                });
                let insured = Insured {
                    at: insured_at.as_ref().map_or("", |pool| pool.as_str()),
                    status: stay.map(|stay| stay.status),
                };
                let admission = Admission {
                    at: &one.destination,
                    on: one.start,
                };
                cross_region_reduction(insured, admission, &all)
            };
            Ok(all.iter().map(|one| (one.clone(), judged(one))).collect())
        })
        .await
}

/// What the patient ledger offers a person: the stay that can be registered by one press, or the one that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The entry.
    pub entry: Entry,
    /// Where they are insured.
    pub insured_at: Pool,
    /// Its registration, if it has one.
    pub registered: Option<Registration>,
}

/// What the ledger offers a person on a day.
pub(super) fn offered(
    conn: &mut Conn<'_>,
    app: &App,
    person: PersonId,
    today: Day,
) -> Result<Option<Offer>, Error> {
    let Some(coverage) = registry::coverage_on(conn, person, today)? else {
        return Ok(None);
    };
    let entries = resting::of_person(conn, person)?;
    if entries.is_empty() {
        return Ok(None);
    }
    let all = registrations::of_person(conn, person)?;
    let stays: Vec<Stay> = entries.iter().map(|entry| entry.stay.clone()).collect();
    let policy = app.office.policies.on(coverage.pool, today);
    let accepted = policy.zero_material();
    let mut found: Vec<(&Stay, Option<&Registration>)> =
        away(&stays, coverage.pool.as_str(), accepted)
            .map(|stay| {
                let span = (stay.admitted_on, stay.discharged_on);
                // XR-2: one of another kind is as good.
                let covered = || conflict(&all, stay.pool.as_str(), span, None);
                (stay, registered(stay, &all).or_else(covered))
            })
            .collect();
    // What is still to be registered comes first.
    found.sort_by_key(|(_, registered)| registered.is_some());
    let Some((stay, registered)) = found.first() else {
        return Ok(None);
    };
    let entry = entries.iter().find(|entry| entry.stay == **stay);
    Ok(entry.map(|entry| Offer {
        entry: entry.clone(),
        insured_at: coverage.pool,
        registered: registered.cloned(),
    }))
}

/// The registrations of a person, by identifier or whole ID number, for officers of the agency that insures them or where
/// the ledger says they are treated, and auditors of the pool. The look is logged (CAS-13).
///
/// # Errors
/// [`Error::NotFound`] for everybody else, and for who there is not: one answer for all.
pub async fn of_person(app: &App, actor: &Actor, named: &str) -> Result<Vec<Registration>, Error> {
    actor.require(READERS).map_err(|_| Error::NotFound)?;
    let (actor, named, now) = (actor.clone(), named.to_owned(), app.clock.now());
    let id: ReadId = Clock::new_id();
    app.db
        .write(move |conn| {
            let person = identified(conn, &named, now.day())?.ok_or(Error::NotFound)?;
            let pool = theirs(conn, &actor, person, now.day())?;
            if actor.person == Some(person) || actor.relatives.contains(&person) {
                // CAS-10
                return Err(Error::NotFound);
            }
            let read = Read {
                id,
                at: now,
                account: actor.account,
                person,
                case: None,
                what: "registrations".to_owned(),
                reason: String::new(),
            };
            reads::insert(conn, pool, &read)?;
            Ok(registrations::of_person(conn, person)?)
        })
        .await
}

fn identified(conn: &mut Conn<'_>, named: &str, today: Day) -> Result<Option<PersonId>, Error> {
    if let Ok(id) = named.parse::<PersonId>() {
        return Ok(registry::person(conn, id)?.map(|person| person.id));
    }
    let Ok(number) = IdNumber::parse(named, today) else {
        return Ok(None);
    };
    Ok(people::by_id_number(conn, &number)?.map(|(id, _)| id))
}

/// The pool in which an actor may look at a person's registrations.
fn theirs(conn: &mut Conn<'_>, actor: &Actor, person: PersonId, today: Day) -> Result<Pool, Error> {
    let may = |pool: Pool, agency| match actor.role {
        Role::Auditor => actor.pool == Some(pool),
        _ => actor.agency == Some(agency),
    };
    let coverage = registry::coverage_on(conn, person, today)?;
    if let Some(coverage) = coverage.filter(|one| may(one.pool, one.agency)) {
        return Ok(coverage.pool);
    }
    let treated = resting::of_person(conn, person)?;
    let here = treated
        .iter()
        .find(|entry| may(entry.stay.pool, entry.agency));
    here.map(|entry| entry.stay.pool).ok_or(Error::NotFound)
}
