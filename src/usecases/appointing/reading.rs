//! What can be booked, and what somebody has booked (RB-2). Nothing here changes anything.

use crate::domain::actor::{Actor, Role};
use crate::domain::appointment::{is_bookable, last_day};
use crate::domain::case::Channel;
use crate::domain::form::FieldError;
use crate::domain::ids::{AppointmentId, PersonId};
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;
use crate::items;
use crate::store::appointments::slots::{self, Slot};
use crate::store::appointments::{self, Appointment};
use crate::store::{Conn, people as persons, registry};
use crate::usecases::{App, Error};

/// Who books.
pub const BOOKERS: &[Role] = &[Role::Resident, Role::Proxy];
/// How long a booking that is over is shown to its person.
const SHOWN_DAYS: i64 = 60;

/// Somebody to book for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

/// Slugs of the items for which somebody may come to a counter, in the catalogue's order.
pub fn counter_items() -> impl Iterator<Item = &'static str> {
    let online = items::ALL
        .iter()
        .filter(|item| item.channels.contains(&Channel::Counter))
        .map(|item| item.slug);
    let offline = items::offline::ALL
        .iter()
        .filter(|item| item.ways.contains(&Channel::Counter))
        .map(|item| item.slug);
    online.chain(offline)
}

/// Who comes: the reader, or somebody for whom they may act in that item.
pub(super) fn entrusted(
    actor: &Actor,
    person: Option<PersonId>,
    item: &str,
) -> Result<PersonId, Error> {
    actor.require(BOOKERS)?;
    let invalid = |field, code| Error::Invalid(vec![FieldError::new(field, code)]);
    if !counter_items().any(|slug| slug == item) {
        return Err(invalid("item", "item-unknown"));
    }
    let own = actor.person.filter(|_| actor.role == Role::Resident);
    match person.or(own) {
        None => Err(invalid("for", "required")),
        Some(person) if own == Some(person) => Ok(person),
        Some(person) => match actor.entrusted_with(person, item) {
            Some(_) => Ok(person),
            None => Err(invalid("for", "not-entrusted")),
        },
    }
}

/// The agency whose counters are somebody's: the one that insures them, which handles what they file.
pub(super) fn insured(conn: &mut Conn<'_>, person: PersonId, now: Ts) -> Result<AgencyCode, Error> {
    let coverage = registry::coverage_on(conn, person, now.day())?;
    let agency = coverage.map(|coverage| coverage.agency);
    agency.ok_or_else(|| Error::Invalid(vec![FieldError::new("for", "not-insured")]))
}

pub(super) fn find(conn: &mut Conn<'_>, id: AppointmentId) -> Result<Appointment, Error> {
    appointments::find(conn, id)?.ok_or(Error::NotFound)
}

/// One that the reader booked, or that is theirs or of somebody they may act for.
pub(super) fn theirs(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: AppointmentId,
) -> Result<Appointment, Error> {
    actor.require(BOOKERS)?;
    let one = find(conn, id)?;
    let is_own = actor.role == Role::Resident && actor.person == Some(one.person);
    match is_own || actor.entrusted_with(one.person, &one.item).is_some() {
        true => Ok(one),
        false => Err(Error::NotTheirs),
    }
}

/// For whom the reader can book: themselves first.
///
/// # Errors
/// [`Error::Forbidden`] for who books nothing.
pub async fn people(app: &App, actor: &Actor) -> Result<Vec<Whose>, Error> {
    actor.require(BOOKERS)?;
    let own = actor.person.filter(|_| actor.role == Role::Resident);
    let mut ids: Vec<PersonId> = own.into_iter().collect();
    for one in &actor.entrusted {
        if !ids.contains(&one.person) {
            ids.push(one.person);
        }
    }
    let wanted = ids.clone();
    let names = app
        .db
        .read(move |conn| persons::names(conn, &wanted).map_err(Error::from))
        .await?;
    let named = |person: PersonId| {
        names.get(&person).map(|name| Whose {
            person,
            name: name.clone(),
        })
    };
    Ok(ids.into_iter().filter_map(named).collect())
}

/// The spans that can be booked for somebody, full ones too, in the order of time; with the agency.
///
/// # Errors
/// As [`super::book`].
pub async fn free_slots(
    app: &App,
    actor: &Actor,
    person: Option<PersonId>,
    item: &str,
) -> Result<(AgencyCode, Vec<Slot>), Error> {
    let person = entrusted(actor, person, item)?;
    let now = app.clock.now();
    app.db
        .read(move |conn| {
            let agency = insured(conn, person, now)?;
            Ok((agency, bookable(conn, agency, now)?))
        })
        .await
}

/// The spans of an agency that can be booked, for everybody to see.
///
/// # Errors
/// [`Error::Invalid`] at `agency` for none that there is.
pub async fn slots_of(app: &App, agency: &str) -> Result<Vec<Slot>, Error> {
    let code: Option<AgencyCode> = agency.parse().ok();
    let known = code.filter(|code| app.office.agencies().contains_key(code));
    let agency =
        known.ok_or_else(|| Error::Invalid(vec![FieldError::new("agency", "agency-unknown")]))?;
    let now = app.clock.now();
    app.db.read(move |conn| bookable(conn, agency, now)).await
}

fn bookable(conn: &mut Conn<'_>, agency: AgencyCode, now: Ts) -> Result<Vec<Slot>, Error> {
    let days = (now.day(), last_day(now.day()));
    let mut all = slots::of_days(conn, agency, days)?;
    // A span without any place was taken out of the plan.
    all.retain(|slot| is_bookable(slot.span.starts_at, now) && slot.span.capacity > 0);
    Ok(all)
}

/// What the reader has booked for themselves and others, the next first, with names.
///
/// # Errors
/// [`Error::Forbidden`] for who books nothing.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<(Appointment, String)>, Error> {
    let people = people(app, actor).await?;
    let ids: Vec<PersonId> = people.iter().map(|one| one.person).collect();
    let since = app.clock.now().plus(-chrono::TimeDelta::days(SHOWN_DAYS));
    let mut all = app
        .db
        .read(move |conn| appointments::of_persons(conn, &ids, since).map_err(Error::from))
        .await?;
    let own = actor.person.filter(|_| actor.role == Role::Resident);
    all.retain(|one| {
        own == Some(one.person) || actor.entrusted_with(one.person, &one.item).is_some()
    });
    let name = |person: PersonId| {
        let found = people.iter().find(|one| one.person == person);
        found.map(|one| one.name.clone()).unwrap_or_default()
    };
    Ok(all
        .into_iter()
        .map(|one| {
            let name = name(one.person);
            (one, name)
        })
        .collect())
}

/// One booking with the name of who comes.
///
/// # Errors
/// [`Error::NotFound`] for what is not theirs.
pub async fn read(
    app: &App,
    actor: &Actor,
    id: AppointmentId,
) -> Result<(Appointment, String), Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let one = theirs(conn, &actor, id)?;
            let names = persons::names(conn, &[one.person])?;
            let name = names.into_values().next().unwrap_or_default();
            Ok((one, name))
        })
        .await
}
