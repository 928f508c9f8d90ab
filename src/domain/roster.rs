//! Who of an agency is on duty (CAT-3, CLK-5, CLK-7): shifts, leave and who stands in. Pure: what is stored and what
//! time it is are parameters. Nothing here gives a case to anybody.

use chrono::NaiveTime;

use super::ids::{AccountId, LeaveId, ShiftId};
use super::time::{Day, Ts};

/// A spell of duty of one handler on one Beijing day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Identifier.
    pub id: ShiftId,
    /// Who is there.
    pub account: AccountId,
    /// On which day.
    pub day: Day,
    /// From this time on.
    pub from: NaiveTime,
    /// Up to this time, which no longer belongs to it.
    pub to: NaiveTime,
    /// Whether they answer the phone.
    pub phone: bool,
}

/// Leave of one handler, both days counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// Identifier.
    pub id: LeaveId,
    /// Who is away.
    pub account: AccountId,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Who stands in.
    pub stand_in: AccountId,
}

/// Why a shift is not entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftFault {
    /// It ends before it begins.
    Backwards,
    /// The same person has another shift in that time.
    Overlap,
    /// Whoever is on leave is not on duty.
    OnLeave,
}

/// Why leave is not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveFault {
    /// It ends before it begins.
    Backwards,
    /// It is over already.
    Past,
    /// The same person has leave in that time.
    Overlap,
    /// Nobody stands in for themselves.
    StandInSelf,
    /// Who stands in is on leave in that time.
    StandInOnLeave,
    /// Who wants leave stands in for somebody in that time.
    StandsIn,
}

impl Shift {
    /// Whether it covers an instant; its end belongs to the next one.
    pub fn covers(&self, at: Ts) -> bool {
        self.starts_at() <= at && at < self.ends_at()
    }

    /// Its first instant.
    pub fn starts_at(&self) -> Ts {
        Ts::from_beijing(self.day, self.from)
    }

    /// The first instant after it.
    pub fn ends_at(&self) -> Ts {
        Ts::from_beijing(self.day, self.to)
    }
}

impl Leave {
    /// Whether a day is one of it.
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// Whether somebody is on leave on a day.
pub fn on_leave(leaves: &[Leave], account: AccountId, day: Day) -> bool {
    leaves
        .iter()
        .any(|leave| leave.account == account && leave.covers(day))
}

/// Who stands in for somebody on a day, if they are on leave.
pub fn stand_in(leaves: &[Leave], account: AccountId, day: Day) -> Option<AccountId> {
    leaves
        .iter()
        .find(|leave| leave.account == account && leave.covers(day))
        .map(|leave| leave.stand_in)
}

/// Of `handlers` those who are on duty at `at` (CLK-7), in their order: nobody on leave; and where any shift of the
/// agency covers the instant, only those who are on one.
pub fn on_duty(
    handlers: &[AccountId],
    shifts: &[Shift],
    leaves: &[Leave],
    at: Ts,
) -> Vec<AccountId> {
    let covering: Vec<AccountId> = shifts
        .iter()
        .filter(|shift| shift.covers(at))
        .map(|shift| shift.account)
        .collect();
    handlers
        .iter()
        .filter(|one| !on_leave(leaves, **one, at.day()))
        .filter(|one| covering.is_empty() || covering.contains(one))
        .copied()
        .collect()
}

/// Whether a shift can be entered beside those of its day and the leave of the agency.
///
/// # Errors
/// The first [`ShiftFault`] that stands against it.
pub fn check_shift(new: &Shift, others: &[Shift], leaves: &[Leave]) -> Result<(), ShiftFault> {
    if new.to <= new.from {
        return Err(ShiftFault::Backwards);
    }
    if on_leave(leaves, new.account, new.day) {
        return Err(ShiftFault::OnLeave);
    }
    let meets = |other: &&Shift| {
        other.account == new.account
            && other.day == new.day
            && other.from < new.to
            && new.from < other.to
    };
    match others.iter().find(meets) {
        Some(_) => Err(ShiftFault::Overlap),
        None => Ok(()),
    }
}

/// Whether leave can be recorded beside that of the agency; `today` is the day of business time.
///
/// # Errors
/// The first [`LeaveFault`] that stands against it.
pub fn check_leave(new: &Leave, others: &[Leave], today: Day) -> Result<(), LeaveFault> {
    if new.to < new.from {
        return Err(LeaveFault::Backwards);
    }
    if new.to < today {
        return Err(LeaveFault::Past);
    }
    if new.stand_in == new.account {
        return Err(LeaveFault::StandInSelf);
    }
    let mut at_that_time = others
        .iter()
        .filter(|other| other.id != new.id && other.meets(new));
    let fault = at_that_time.find_map(|other| match other {
        other if other.account == new.account => Some(LeaveFault::Overlap),
        other if other.account == new.stand_in => Some(LeaveFault::StandInOnLeave),
        other if other.stand_in == new.account => Some(LeaveFault::StandsIn),
        _ => None,
    });
    fault.map_or(Ok(()), Err)
}

/// Who is to answer the phone after `at`: the earliest shift with the phone that has not begun yet, of whoever is
/// not on leave by then.
pub fn next_on_phone<'a>(shifts: &'a [Shift], leaves: &[Leave], at: Ts) -> Option<&'a Shift> {
    shifts
        .iter()
        .filter(|shift| shift.phone && shift.starts_at() > at)
        .filter(|shift| !on_leave(leaves, shift.account, shift.day))
        .min_by_key(|shift| (shift.starts_at(), shift.id))
}

/// Family names of two characters that are common enough to be known; all others have one.
const DOUBLE: [&str; 12] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
];

/// The family name, as a sign on the counter shows it.
pub fn family_name(name: &str) -> &str {
    let two = DOUBLE.iter().find(|double| name.starts_with(**double));
    match (two, name.chars().next()) {
        (Some(two), _) => two,
        (None, Some(first)) => name.get(..first.len_utf8()).unwrap_or_default(),
        (None, None) => "",
    }
}

#[cfg(test)]
mod tests;
