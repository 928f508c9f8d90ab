//! Time-driven work: which timers a case has while it stands as it does. Pure; rows are written by the store
//! in the transaction that moved the case.

use std::collections::BTreeSet;

use chrono::{Days, NaiveTime};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::case::{Case, ClockState, State};
use super::ladder::{self, Passed, WorkingTime};
use super::time::{Day, Ts};

/// Kinds of timers.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    Display,
    EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// Half of the working time is over: holder and supervisors are warned (CLK-7).
    HalfTime,
    /// One working hour is left: they are warned again, an unclaimed case is assigned (CLK-7).
    LastHour,
    /// The deadline has passed (CLK-7).
    Breach,
    /// The applicant is reminded that a supplement will lapse.
    LapseReminder,
    /// The supplement was never sent (CAS-1).
    Lapse,
    /// The applicant is reminded of what was promised and is not here yet (CAS-4); nothing is to be done when
    /// everything came or the application came to nothing. Its term is no run of the clock but the reminder's
    /// place among the case's reminders, from 1.
    ObligationReminder,
}

impl Kind {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it is a rung of the ladder of a running term (CLK-7).
    pub fn is_rung(self) -> bool {
        match self {
            Self::HalfTime | Self::LastHour | Self::Breach => true,
            Self::LapseReminder | Self::Lapse | Self::ObligationReminder => false,
        }
    }
}

/// How many timers [`plan`] plans at most.
pub const MOST: usize = 3;

/// A timer to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What is to be done.
    pub kind: Kind,
    /// When.
    pub fire_at: Ts,
    /// The run of the clock it belongs to (for reminders of obligations their place); unique with case and kind.
    pub term: u32,
}

/// Days of the pack that timers depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRules {
    /// Calendar days until a supplement request lapses.
    pub lapse_after: u32,
    /// Days before that on which the applicant is reminded.
    pub remind_before: u32,
}

/// The timers of a case in its present state, as planned at `now`. A missed run has none any more; warnings that have
/// passed are given at once or left out (CLK-7).
pub fn plan(
    case: &Case,
    rules: &WaitRules,
    time: WorkingTime<'_>,
    now: Ts,
    passed: Passed,
) -> Vec<Planned> {
    match case.clock {
        ClockState::Running { term } if !term.missed => {
            let rungs = ladder::rungs(time, &term);
            let (half, last) = ladder::warnings(&rungs, term.due, now, passed);
            let planned = |kind, at: Option<Ts>| {
                at.map(|fire_at| Planned {
                    kind,
                    fire_at,
                    term: term.number,
                })
            };
            [
                planned(Kind::HalfTime, half),
                planned(Kind::LastHour, last),
                planned(Kind::Breach, Some(rungs.breach)),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        ClockState::Paused { since, last, .. } if case.state == State::SupplementRequested => {
            let remind = rules.lapse_after.saturating_sub(rules.remind_before);
            vec![
                Planned {
                    kind: Kind::LapseReminder,
                    fire_at: morning_after(since, remind),
                    term: last,
                },
                Planned {
                    kind: Kind::Lapse,
                    fire_at: midnight_after(since, rules.lapse_after),
                    term: last,
                },
            ]
        }
        ClockState::Running { .. } | ClockState::Paused { .. } | ClockState::Stopped { .. } => {
            vec![]
        }
    }
}

/// Reminders of promised materials (CAS-4), from the days they are due on: so many days before each, at nine in
/// the morning. Days that have passed are left out, two on one day are one.
pub fn obligation_reminders(due_on: &[Day], days_before: &[u32], now: Ts) -> Vec<Planned> {
    let mornings: BTreeSet<Ts> = due_on
        .iter()
        .flat_map(|due| days_before.iter().map(move |before| (*due, *before)))
        .filter_map(|(due, before)| due.checked_sub_days(Days::new(u64::from(before))))
        .map(|day| Ts::from_beijing(day, nine()))
        .filter(|at| *at > now)
        .collect();
    (1..)
        .zip(mornings)
        .map(|(term, fire_at)| Planned {
            kind: Kind::ObligationReminder,
            fire_at,
            term,
        })
        .collect()
}

/// The last Beijing day on which a supplement that was asked for can come; `None` when none is waited for.
pub fn last_day(case: &Case, rules: &WaitRules) -> Option<Day> {
    match case.clock {
        ClockState::Paused { since, .. } if case.state == State::SupplementRequested => {
            Some(since.day() + Days::new(u64::from(rules.lapse_after)))
        }
        ClockState::Running { .. } | ClockState::Paused { .. } | ClockState::Stopped { .. } => None,
    }
}

/// The end of the last of so many Beijing days after the day of `since`.
pub fn midnight_after(since: Ts, days: u32) -> Ts {
    Ts::from_beijing(since.day() + Days::new(u64::from(days) + 1), NaiveTime::MIN)
}

/// Nine in the morning, so many Beijing days after the day of `since`: nobody is reminded at night.
fn morning_after(since: Ts, days: u32) -> Ts {
    Ts::from_beijing(since.day() + Days::new(u64::from(days)), nine())
}

fn nine() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    // CAS-4
    #[test]
    fn promises_are_reminded_of_in_the_morning_each_day_once() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let now = Ts::parse("2026-11-23T10:00:00+08:00").unwrap();
        let due = [day("2026-12-01"), day("2026-12-07"), day("2026-11-24")];
        let planned = obligation_reminders(&due, &[7, 1], now);
        let said: Vec<_> = planned
            .iter()
            .map(|p| format!("{} {}", p.term, p.fire_at.beijing()))
            .collect();
        // 23 November's morning has passed; 30 November is the eve of one and a week before the other.
        assert_eq!(
            said,
            [
                "1 2026-11-24 09:00:00",
                "2 2026-11-30 09:00:00",
                "3 2026-12-06 09:00:00"
            ]
        );
    }
}
