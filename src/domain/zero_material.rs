//! Registrations of COVID patients that rest on the patient ledger (零材料, XR-3): which stay is still to be registered, and
//! what an entry makes of the registration that rests on it. Pure; who files and who is told is not here.

use super::patient::{Patient, Status, Stay};
use super::registration::{Registration, Standing, overlap, same_destination};
use super::time::Day;

/// The kind of these registrations; the ledger alone changes and ends them.
pub const KIND: &str = "covid";

/// No stay for COVID-19 began earlier (Choice: the first of the month of the first known patients).
pub fn first_day() -> Day {
    Day::from_ymd_opt(2019, 12, 1).unwrap_or_default()
}

/// The stays that can be registered without any paper: for COVID, away from the place of insurance. `accepted` are the
/// conditions of the pool's pack.
pub fn away<'a>(
    stays: &'a [Stay],
    insured_at: &str,
    accepted: &[String],
) -> impl Iterator<Item = &'a Stay> {
    stays.iter().filter(move |stay| {
        stay.pool.as_str() != insured_at && accepted.iter().any(|one| one == stay.status.as_str())
    })
}

/// The registration of a stay, if there is one that was not cancelled or merely recorded.
pub fn registered<'a>(stay: &Stay, registrations: &'a [Registration]) -> Option<&'a Registration> {
    registrations.iter().find(|one| {
        let stands = match one.standing {
            Standing::Pending | Standing::Active | Standing::Ended => true,
            Standing::Cancelled | Standing::Recorded => false,
        };
        stands
            && is_of(
                one,
                stay.pool.as_str(),
                (stay.admitted_on, stay.discharged_on),
            )
    })
}

/// Whether a registration under pledge is about this stay, which was entered afterwards: in force, for the same place, and
/// at the same time.
pub fn is_found(registration: &Registration, entry: &Patient) -> bool {
    registration.standing == Standing::Active
        && is_of(
            registration,
            entry.pool.as_str(),
            (entry.admitted_on, entry.discharged_on),
        )
}

fn is_of(registration: &Registration, place: &str, span: (Day, Option<Day>)) -> bool {
    registration.kind == KIND
        && same_destination(&registration.destination, place)
        && overlap((registration.start, registration.end), span)
}

/// How a registration stands that rests on an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// First day: the admission.
    pub start: Day,
    /// Last day: the discharge, or the day on which the condition was excluded.
    pub end: Option<Day>,
    /// Whether it goes on.
    pub standing: Standing,
}

/// What an entry makes of a stay's registration from its filing on.
pub fn course(admitted_on: Day, discharged_on: Option<Day>) -> Course {
    Course {
        start: admitted_on,
        end: discharged_on,
        standing: match discharged_on {
            Some(_) => Standing::Ended,
            None => Standing::Active,
        },
    }
}

/// What an entry makes of a registration that rests on it, on the day of a change; `None` when nothing changes. Whose
/// registration was cancelled or recorded keeps that; a condition that was confirmed again opens it again.
pub fn follow(registration: &Registration, entry: &Patient, today: Day) -> Option<Course> {
    match registration.standing {
        Standing::Active | Standing::Ended => {}
        Standing::Pending | Standing::Cancelled | Standing::Recorded => return None,
    }
    let theirs = entry.person == Some(registration.person);
    let now = match (theirs, entry.status) {
        (true, Status::Suspected | Status::Confirmed) => {
            course(entry.admitted_on, entry.discharged_on)
        }
        // It ended on the day on which this was found out first; an entry corrected to be somebody else's is none.
        (true, Status::Excluded) | (false, _) => {
            let found = registration.end.unwrap_or(today);
            let end = entry.discharged_on.map_or(found, |day| day.min(found));
            Course {
                start: entry.admitted_on,
                end: Some(end.max(entry.admitted_on)),
                standing: Standing::Ended,
            }
        }
    };
    let before = Course {
        start: registration.start,
        end: registration.end,
        standing: registration.standing,
    };
    (now != before).then_some(now)
}

#[cfg(test)]
mod tests;
