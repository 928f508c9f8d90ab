//! Bookings and places on waiting lists (RB-2). What may follow what is the domain's to say; a statement changes a row only
//! in the state that was seen.

pub mod counters;
pub mod slots;

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::fragments::{any_of, literal};
use super::schema::{appointment, counter, person, slot};
use crate::domain::appointment::State;
use crate::domain::ids::{AccountId, AppointmentId, PersonId, SlotId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// A booking with where and when it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    /// The pool.
    pub pool: Pool,
    /// Identifier.
    pub id: AppointmentId,
    /// At which agency.
    pub agency: AgencyCode,
    /// Number of the counter.
    pub counter: i32,
    /// What is done there.
    pub counter_name: String,
    /// Which span.
    pub slot: SlotId,
    /// When it begins.
    pub starts_at: Ts,
    /// When it ends.
    pub ends_at: Ts,
    /// Who comes.
    pub person: PersonId,
    /// Slug of the item.
    pub item: String,
    /// Where it stands.
    pub state: State,
    /// What is said at the counter; none while it waits.
    pub code: Option<String>,
    /// Who booked.
    pub booked_by: AccountId,
    /// When.
    pub booked_at: Ts,
}

type Row = (
    (Pool, AppointmentId, AgencyCode, SlotId),
    (i32, String, Ts, Ts),
    (PersonId, String, State, Option<String>),
    (AccountId, Ts),
);

fn read(row: Row) -> Appointment {
    let ((pool, id, agency, slot), (counter, counter_name, starts_at, ends_at), what, by) = row;
    let (person, item, state, code) = what;
    let (booked_by, booked_at) = by;
    Appointment {
        pool,
        id,
        agency,
        counter,
        counter_name,
        slot,
        starts_at,
        ends_at,
        person,
        item,
        state,
        code,
        booked_by,
        booked_at,
    }
}

type Columns = (
    (
        appointment::pool,
        appointment::id,
        appointment::agency,
        appointment::slot_id,
    ),
    (
        counter::number,
        counter::name,
        slot::starts_at,
        slot::ends_at,
    ),
    (
        appointment::person_id,
        appointment::item,
        appointment::state,
        appointment::code,
    ),
    (appointment::booked_by, appointment::booked_at),
);
const COLUMNS: Columns = (
    (
        appointment::pool,
        appointment::id,
        appointment::agency,
        appointment::slot_id,
    ),
    (
        counter::number,
        counter::name,
        slot::starts_at,
        slot::ends_at,
    ),
    (
        appointment::person_id,
        appointment::item,
        appointment::state,
        appointment::code,
    ),
    (appointment::booked_by, appointment::booked_at),
);

/// With its span and counter.
macro_rules! appointments {
    () => {
        appointment::table
            .inner_join(
                slot::table.on(slot::pool
                    .eq(appointment::pool)
                    .and(slot::id.eq(appointment::slot_id))),
            )
            .inner_join(
                counter::table.on(counter::pool
                    .eq(slot::pool)
                    .and(counter::id.eq(slot::counter_id))),
            )
    };
}

/// One of an identifier, whatever pool it is in: addresses of pages name no pool.
pub fn find(conn: &mut Conn<'_>, id: AppointmentId) -> Result<Option<Appointment>, StoreError> {
    let row: Option<Row> = appointments!()
        .filter(appointment::id.eq(id))
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    Ok(row.map(read))
}

/// Those of some persons that end at an instant or later, the next first.
pub fn of_persons(
    conn: &mut Conn<'_>,
    persons: &[PersonId],
    since: Ts,
) -> Result<Vec<Appointment>, StoreError> {
    let rows: Vec<Row> = appointments!()
        .filter(any_of(appointment::person_id, persons))
        .filter(appointment::ends_at.ge(since))
        .order((appointment::ends_at, appointment::id))
        .select(COLUMNS)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Those of an agency on a day, with names and ID numbers, in the order of time and counters.
pub fn of_day(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    day: Day,
) -> Result<Vec<(Appointment, String, String)>, StoreError> {
    let rows: Vec<(Row, String, Vec<u8>)> = appointments!()
        .inner_join(person::table.on(person::id.eq(appointment::person_id)))
        .filter(appointment::pool.eq(agency.pool()))
        .filter(appointment::agency.eq(agency))
        .filter(appointment::day.eq(day))
        .order((slot::starts_at, counter::number, appointment::booked_at))
        .select((COLUMNS, person::name, person::id_number))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(row, name, number)| Ok((read(row), name, conn.vault.open_text(&number)?)))
        .collect()
}

/// What is written down of a new booking beside its state.
#[derive(Clone, Debug)]
pub struct New {
    /// Identifier.
    pub id: AppointmentId,
    /// Who comes.
    pub person: PersonId,
    /// Slug of the item.
    pub item: String,
    /// Who books.
    pub by: AccountId,
    /// When.
    pub at: Ts,
}

/// Whether a row could be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is there.
    Done,
    /// The person has one already: on that day, or on the same waiting list.
    Already,
}

/// Enters a booking of a place that was taken, with its code and when it is reminded of; without them a place on the
/// waiting list.
pub fn insert(
    conn: &mut Conn<'_>,
    slot: &slots::Slot,
    new: &New,
    place: Option<(&str, Option<Ts>)>,
) -> Result<Written, StoreError> {
    let state = match place {
        Some(_) => State::Booked,
        None => State::Waiting,
    };
    let row = diesel::insert_into(appointment::table).values((
        appointment::pool.eq(slot.pool),
        appointment::id.eq(new.id),
        appointment::agency.eq(slot.agency),
        appointment::slot_id.eq(slot.id),
        appointment::day.eq(slot.span.starts_at.day()),
        appointment::person_id.eq(new.person),
        appointment::item.eq(&new.item),
        appointment::state.eq(state),
        appointment::code.eq(place.map(|(code, _)| code)),
        appointment::booked_by.eq(new.by),
        appointment::booked_at.eq(new.at),
        appointment::remind_at.eq(place.and_then(|(_, remind_at)| remind_at)),
        appointment::ends_at.eq(slot.span.ends_at),
    ));
    Ok(match OrIgnore(row).execute(conn.sql)? {
        0 => Written::Already,
        _ => Written::Done,
    })
}

/// Moves one on from the state that was seen; answers how many there were.
pub fn settle(
    conn: &mut Conn<'_>,
    one: &Appointment,
    state: State,
    by: Option<AccountId>,
    at: Ts,
) -> Result<usize, StoreError> {
    let seen = appointment::table
        .filter(
            appointment::pool
                .eq(one.pool)
                .and(appointment::id.eq(one.id)),
        )
        .filter(appointment::state.eq(one.state));
    Ok(diesel::update(seen)
        .set((
            appointment::state.eq(state),
            appointment::settled_by.eq(by),
            appointment::settled_at.eq(Some(at)),
        ))
        .execute(conn.sql)?)
}

/// Who waits first for a span.
pub fn first_waiting(
    conn: &mut Conn<'_>,
    pool: Pool,
    slot: SlotId,
) -> Result<Option<Appointment>, StoreError> {
    let row: Option<Row> = appointments!()
        .filter(appointment::pool.eq(pool))
        .filter(appointment::slot_id.eq(slot))
        .filter(literal("appointment.state = 'waiting'"))
        .order((appointment::booked_at, appointment::id))
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    Ok(row.map(read))
}

/// Whether a person has a place on a day.
pub fn has_place(
    conn: &mut Conn<'_>,
    pool: Pool,
    person: PersonId,
    day: Day,
) -> Result<bool, StoreError> {
    let found: Option<AppointmentId> = appointment::table
        .filter(appointment::pool.eq(pool))
        .filter(appointment::person_id.eq(person))
        .filter(appointment::day.eq(day))
        .filter(literal("state = 'booked'"))
        .select(appointment::id)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// Gives a place to one who waits.
pub fn promote(
    conn: &mut Conn<'_>,
    one: &Appointment,
    code: &str,
    remind_at: Option<Ts>,
) -> Result<(), StoreError> {
    let row = appointment::table.filter(
        appointment::pool
            .eq(one.pool)
            .and(appointment::id.eq(one.id)),
    );
    diesel::update(row)
        .set((
            appointment::state.eq(State::Booked),
            appointment::code.eq(Some(code)),
            appointment::remind_at.eq(remind_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Bookings whose reminder is due, the longest due first.
pub fn to_remind(conn: &mut Conn<'_>, now: Ts, limit: i64) -> Result<Vec<Appointment>, StoreError> {
    let rows: Vec<Row> = appointments!()
        .filter(literal(
            "appointment.state = 'booked' AND appointment.remind_at IS NOT NULL",
        ))
        .filter(appointment::remind_at.le(now))
        .order((appointment::remind_at, appointment::id))
        .limit(limit)
        .select(COLUMNS)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Claims the reminder of one; answers how many there were to claim.
pub fn claim_reminder(conn: &mut Conn<'_>, one: &Appointment) -> Result<usize, StoreError> {
    let row = appointment::table
        .filter(
            appointment::pool
                .eq(one.pool)
                .and(appointment::id.eq(one.id)),
        )
        .filter(literal("state = 'booked' AND remind_at IS NOT NULL"));
    Ok(diesel::update(row)
        .set(appointment::remind_at.eq(None::<Ts>))
        .execute(conn.sql)?)
}

/// Those that still have or wait for a place whose span ended at an instant or before, the longest over first.
pub fn over(conn: &mut Conn<'_>, until: Ts, limit: i64) -> Result<Vec<Appointment>, StoreError> {
    let rows: Vec<Row> = appointments!()
        .filter(literal("appointment.state IN ('booked', 'waiting')"))
        .filter(appointment::ends_at.le(until))
        .order((appointment::ends_at, appointment::id))
        .limit(limit)
        .select(COLUMNS)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}
