//! Addresses of appointments at a counter (RB-2, RB-3).

use super::desk::with;
use crate::domain::ids::AppointmentId;

/// What the reader has booked.
pub fn own() -> String {
    "/appointments".to_owned()
}

/// The places that can be booked for an item, a person and a day; empty parts are left out. Also where a booking is sent.
pub fn choose(item: &str, person: &str, day: &str) -> String {
    let values = [("item", item), ("person", person), ("day", day)];
    with("/appointments/new", &values)
}

/// A booking.
pub fn one(id: AppointmentId) -> String {
    format!("/appointments/{id}")
}

/// The same as an entry for a calendar.
pub fn calendar(id: AppointmentId) -> String {
    format!("/appointments/{id}/calendar.ics")
}

/// Where a booking is given up (POST).
pub fn cancel(id: AppointmentId) -> String {
    format!("/appointments/{id}/cancel")
}

/// The places to which a booking can be moved on a day, and where that is sent.
pub fn move_to(id: AppointmentId, day: &str) -> String {
    with(&format!("/appointments/{id}/move"), &[("day", day)])
}

/// The day sheet of an agency's counters; today's when empty.
pub fn sheet(day: &str) -> String {
    with("/desk/appointments", &[("day", day)])
}

/// Marks that somebody came, or did not (POST).
pub fn mark(id: AppointmentId) -> String {
    format!("/desk/appointments/{id}/mark")
}

/// The plan of an agency's counters, and where a new counter is sent.
pub fn counters() -> String {
    "/desk/counters".to_owned()
}

/// The same, saying what was done: `saved`.
pub fn counters_saved() -> String {
    "/desk/counters?done=saved".to_owned()
}

/// Adds a line to a counter's plan (POST).
pub fn add_opening() -> String {
    "/desk/counters/openings".to_owned()
}

/// Takes a line out of a counter's plan (POST).
pub fn remove_opening() -> String {
    "/desk/counters/openings/remove".to_owned()
}

/// Closes a day (POST).
pub fn close_day() -> String {
    "/desk/counters/closed-days".to_owned()
}

/// Opens a closed day again (POST).
pub fn open_day() -> String {
    "/desk/counters/closed-days/open".to_owned()
}

/// Filing at the counter (RB-3), for who has that booking where there is one.
pub fn intake(appointment: &str) -> String {
    with("/desk/counter", &[("appointment", appointment)])
}

/// Where that filing is sent.
pub fn intake_submit() -> String {
    "/desk/counter/submit".to_owned()
}
