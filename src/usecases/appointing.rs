//! Appointments at a counter (RB-2): booking, moving, giving up and waiting for a place, by the person or who may act for
//! them; the day sheet and the plan of the agency; what time does. Who asks last at the same moment is told that it is
//! full: the row of the span is the guard of its places.

mod booking;
mod office;
mod planning;
mod reading;
mod telling;
pub mod upkeep;

pub use booking::{Wanted, Wish, book, cancel, move_to};
pub use office::{DESK, Seat, day_sheet, mark, of_desk};
pub use planning::{Plan, add_counter, add_opening, close_day, open_day, plan, remove_opening};
pub use reading::{BOOKERS, Whose, counter_items, free_slots, own, people, read, slots_of};

use super::saving::StepIds;
use super::{App, Error};
use crate::domain::appointment::{State, code, remind_at};
use crate::domain::ids::SlotId;
use crate::domain::notice::Kind;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::appointments::{self, slots};
use crate::store::{Conn, messages};

/// What a transaction about bookings works with.
struct Fresh {
    app: App,
    /// Identifiers of messages.
    messages: messages::Bag,
    /// Business time.
    at: Ts,
    /// The machine's time.
    real: Ts,
}

impl Fresh {
    fn new(app: &App) -> Self {
        let ids = StepIds::new();
        Self {
            app: app.clone(),
            messages: ids.messages,
            at: app.clock.now(),
            real: ids.real,
        }
    }

    /// Code and reminder of a place.
    fn place(&self, counter: i32, starts_at: Ts, number: i32) -> (String, Option<Ts>) {
        let calendar = self.app.calendar();
        (
            code(counter, starts_at, number),
            remind_at(&calendar, starts_at, self.at),
        )
    }
}

/// A place has become free: it goes to who waits first and has none on that day, else it is given back.
fn free(conn: &mut Conn<'_>, fresh: &Fresh, pool: Pool, slot: SlotId) -> Result<(), Error> {
    let Some(guarded) = slots::guard(conn, pool, slot)? else {
        return Ok(());
    };
    // After the plan was cut nobody takes the place.
    let is_open = guarded.taken <= guarded.capacity;
    while is_open && let Some(waiting) = appointments::first_waiting(conn, pool, slot)? {
        let day = waiting.starts_at.day();
        if appointments::has_place(conn, pool, waiting.person, day)? {
            appointments::settle(conn, &waiting, State::Cancelled, None, fresh.at)?;
            continue;
        }
        let (code, remind_at) = fresh.place(waiting.counter, waiting.starts_at, guarded.number);
        appointments::promote(conn, &waiting, &code, remind_at)?;
        let booked = appointments::Appointment {
            state: State::Booked,
            code: Some(code),
            ..waiting
        };
        return telling::tell(conn, fresh, &booked, Kind::AppointmentFree);
    }
    Ok(slots::release(conn, pool, slot)?)
}
