//! Time-driven work: which timers a case has while it stands as it does. Pure; rows are written by the store
//! in the transaction that moved the case.

use chrono::{Days, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::case::{Case, ClockState, State};
use super::time::Ts;

/// Kinds of timers.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
    /// The deadline has passed (CLK-7).
    Breach,
    /// The applicant is reminded that a supplement will lapse.
    LapseReminder,
    /// The supplement was never sent (CAS-1).
    Lapse,
}

impl Kind {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A timer to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// What is to be done.
    pub kind: Kind,
    /// When.
    pub fire_at: Ts,
    /// The run of the clock it belongs to; unique with case and kind.
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

/// The timers of a case in its present state.
pub fn plan(case: &Case, rules: &WaitRules) -> Vec<Planned> {
    match case.clock {
        ClockState::Running { term } if !term.missed => {
            // The due instant itself is in time (CLK-3); the breach is the first instant after.
            let fire_at = term.due.plus(TimeDelta::microseconds(1));
            vec![Planned {
                kind: Kind::Breach,
                fire_at,
                term: term.number,
            }]
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

/// The end of the last of so many Beijing days after the day of `since`.
pub fn midnight_after(since: Ts, days: u32) -> Ts {
    Ts::from_beijing(since.day() + Days::new(u64::from(days) + 1), NaiveTime::MIN)
}

/// Nine in the morning, so many Beijing days after the day of `since`: nobody is reminded at night.
fn morning_after(since: Ts, days: u32) -> Ts {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN);
    Ts::from_beijing(since.day() + Days::new(u64::from(days)), nine)
}
