//! Who of the staff is there to work: shifts and leave as stored. What follows from them is decided by
//! [`crate::domain::roster`].

use chrono::NaiveTime;
use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::skip_locked;
use super::error::StoreError;
use super::schema::{account, duty_shift, staff_leave};
use crate::domain::actor::Role;
use crate::domain::ids::{AccountId, LeaveId, ShiftId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::roster::{self, Leave, Shift};
use crate::domain::time::{Day, Ts};

/// How a time of day is stored.
const TIME: &str = "%H:%M";

/// The handlers of an agency who are on duty at `at`, in the order of their identifiers.
pub fn on_duty(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    at: Ts,
) -> Result<Vec<AccountId>, StoreError> {
    let handlers = of_role(conn, agency, Role::Handler)?;
    let shifts = shifts(conn, agency, (at.day(), at.day()))?;
    let leaves = leaves(conn, agency, at.day())?;
    Ok(roster::on_duty(&handlers, &shifts, &leaves, at))
}

/// The supervisors of an agency, whom the service tells what needs them.
pub fn supervisors(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<AccountId>, StoreError> {
    of_role(conn, agency, Role::Supervisor)
}

/// The handlers of an agency whose logins are open, on duty or not.
pub fn handlers(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<AccountId>, StoreError> {
    of_role(conn, agency, Role::Handler)
}

fn of_role(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    role: Role,
) -> Result<Vec<AccountId>, StoreError> {
    Ok(account::table
        .filter(account::agency.eq(agency))
        .filter(account::role.eq(role))
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select(account::id)
        .load(conn.sql)?)
}

type ShiftRow = (ShiftId, AccountId, Day, String, String, bool);

/// The shifts of an agency on days from the first to the last, in their order.
pub fn shifts(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (first, last): (Day, Day),
) -> Result<Vec<Shift>, StoreError> {
    let rows: Vec<ShiftRow> = duty_shift::table
        .filter(duty_shift::pool.eq(agency.pool()))
        .filter(duty_shift::agency.eq(agency))
        .filter(duty_shift::day.ge(first).and(duty_shift::day.le(last)))
        .order((duty_shift::day, duty_shift::starts, duty_shift::id))
        .select((
            duty_shift::id,
            duty_shift::account_id,
            duty_shift::day,
            duty_shift::starts,
            duty_shift::ends,
            duty_shift::phone,
        ))
        .load(conn.sql)?;
    rows.into_iter().map(shift).collect()
}

fn shift((id, account, day, from, to, phone): ShiftRow) -> Result<Shift, StoreError> {
    Ok(Shift {
        id,
        account,
        day,
        from: time(&from)?,
        to: time(&to)?,
        phone,
    })
}

fn time(text: &str) -> Result<NaiveTime, StoreError> {
    NaiveTime::parse_from_str(text, TIME).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Enters a shift; `by` makes the roster at `at`.
pub fn insert_shift(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    new: &Shift,
    by: AccountId,
    at: Ts,
) -> Result<(), StoreError> {
    diesel::insert_into(duty_shift::table)
        .values((
            duty_shift::pool.eq(agency.pool()),
            duty_shift::id.eq(new.id),
            duty_shift::agency.eq(agency),
            duty_shift::account_id.eq(new.account),
            duty_shift::day.eq(new.day),
            duty_shift::starts.eq(new.from.format(TIME).to_string()),
            duty_shift::ends.eq(new.to.format(TIME).to_string()),
            duty_shift::phone.eq(new.phone),
            duty_shift::made_by.eq(by),
            duty_shift::made_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Takes a shift of an agency out of the roster; answers how many there were.
pub fn delete_shift(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: ShiftId,
) -> Result<usize, StoreError> {
    let target = duty_shift::table
        .find((agency.pool(), id))
        .filter(duty_shift::agency.eq(agency));
    Ok(diesel::delete(target).execute(conn.sql)?)
}

/// Leave with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The leave.
    pub leave: Leave,
    /// Since when it counts; before that it is asked for.
    pub granted_at: Option<Ts>,
    /// When the cases in hand went to the stand-in.
    pub begun_at: Option<Ts>,
}

type LeaveRow = (
    (LeaveId, AccountId, Day, Day, AccountId),
    Option<Ts>,
    Option<Ts>,
);
type LeaveColumns = (
    (
        staff_leave::id,
        staff_leave::account_id,
        staff_leave::from_day,
        staff_leave::to_day,
        staff_leave::stand_in,
    ),
    staff_leave::granted_at,
    staff_leave::begun_at,
);
const LEAVE: LeaveColumns = (
    (
        staff_leave::id,
        staff_leave::account_id,
        staff_leave::from_day,
        staff_leave::to_day,
        staff_leave::stand_in,
    ),
    staff_leave::granted_at,
    staff_leave::begun_at,
);

/// Leave of an agency that ends on `day` or later and was not taken back, asked for or granted, by its first day.
pub fn recorded(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    day: Day,
) -> Result<Vec<Recorded>, StoreError> {
    let rows: Vec<LeaveRow> = staff_leave::table
        .filter(staff_leave::pool.eq(agency.pool()))
        .filter(staff_leave::agency.eq(agency))
        .filter(staff_leave::to_day.ge(day))
        .filter(staff_leave::cancelled_at.is_null())
        .order((staff_leave::from_day, staff_leave::id))
        .select(LEAVE)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(leave).collect())
}

fn leave(((id, account, from, to, stand_in), granted_at, begun_at): LeaveRow) -> Recorded {
    Recorded {
        leave: Leave {
            id,
            account,
            from,
            to,
            stand_in,
        },
        granted_at,
        begun_at,
    }
}

/// Leave of an agency that was granted and ends on `day` or later.
pub fn leaves(conn: &mut Conn<'_>, agency: AgencyCode, day: Day) -> Result<Vec<Leave>, StoreError> {
    Ok(recorded(conn, agency, day)?
        .into_iter()
        .filter(|one| one.granted_at.is_some())
        .map(|one| one.leave)
        .collect())
}

/// Enters leave: granted by a supervisor at once, or asked for.
pub fn insert_leave(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    new: &Leave,
    (asked_by, asked_at): (AccountId, Ts),
    granted_at: Option<Ts>,
) -> Result<(), StoreError> {
    diesel::insert_into(staff_leave::table)
        .values((
            staff_leave::pool.eq(agency.pool()),
            staff_leave::id.eq(new.id),
            staff_leave::agency.eq(agency),
            staff_leave::account_id.eq(new.account),
            staff_leave::from_day.eq(new.from),
            staff_leave::to_day.eq(new.to),
            staff_leave::stand_in.eq(new.stand_in),
            staff_leave::asked_by.eq(asked_by),
            staff_leave::asked_at.eq(asked_at),
            staff_leave::granted_at.eq(granted_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Grants leave that was asked for; answers how many there were to grant.
pub fn grant_leave(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: LeaveId,
    at: Ts,
) -> Result<usize, StoreError> {
    let target = staff_leave::table
        .find((agency.pool(), id))
        .filter(staff_leave::agency.eq(agency))
        .filter(staff_leave::granted_at.is_null())
        .filter(staff_leave::cancelled_at.is_null());
    Ok(diesel::update(target)
        .set(staff_leave::granted_at.eq(Some(at)))
        .execute(conn.sql)?)
}

/// Takes leave back, or ends it; answers how many there were.
pub fn cancel_leave(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: LeaveId,
    at: Ts,
) -> Result<usize, StoreError> {
    let target = staff_leave::table
        .find((agency.pool(), id))
        .filter(staff_leave::agency.eq(agency))
        .filter(staff_leave::cancelled_at.is_null());
    Ok(diesel::update(target)
        .set(staff_leave::cancelled_at.eq(Some(at)))
        .execute(conn.sql)?)
}

/// Leave whose first day has come and whose cases are still in the hand of who is away.
pub fn to_begin(
    conn: &mut Conn<'_>,
    today: Day,
    limit: i64,
) -> Result<Vec<(Pool, LeaveId)>, StoreError> {
    Ok(staff_leave::table
        .filter(staff_leave::from_day.le(today))
        .filter(staff_leave::begun_at.is_null())
        .filter(staff_leave::cancelled_at.is_null())
        .filter(staff_leave::granted_at.is_not_null())
        .order((staff_leave::from_day, staff_leave::id))
        .limit(limit)
        .select((staff_leave::pool, staff_leave::id))
        .load(conn.sql)?)
}

/// Claims the beginning of leave for this transaction: `None` when another one has it or had it.
pub fn claim_beginning(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: LeaveId,
    at: Ts,
) -> Result<Option<(AgencyCode, Leave)>, StoreError> {
    let row = staff_leave::table
        .find((pool, id))
        .filter(staff_leave::begun_at.is_null())
        .filter(staff_leave::cancelled_at.is_null())
        .select((staff_leave::agency, LEAVE));
    let rows: Vec<(AgencyCode, LeaveRow)> = skip_locked(conn.sql, row).load(conn.sql)?;
    let Some((agency, found)) = rows.into_iter().next() else {
        return Ok(None);
    };
    diesel::update(staff_leave::table.find((pool, id)))
        .set(staff_leave::begun_at.eq(Some(at)))
        .execute(conn.sql)?;
    Ok(Some((agency, leave(found).leave)))
}
