//! The runs of the clock that seeded cases have: those of their filing, or such that each case stands at a rung.

use bujianmian::domain::case::Term;
use bujianmian::domain::time::Ts;
use bujianmian::domain::timer::{Kind, Planned};
use chrono::TimeDelta;

/// What runs of the clock the cases have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// Those of their filing.
    Ordinary,
    /// Each stands at one rung of the ladder (CLK-7), a third of them each, all in the queue; the timer of that rung
    /// waits for tomorrow, and is the only one.
    Rungs,
}

/// Number of the runs of the clock of [`Terms::Rungs`].
pub const RUN: u32 = 7;

impl Terms {
    /// The run of the clock of a case by its number, and the timer of the rung at which it stands; `None` where both
    /// follow from its filing.
    pub fn rung(self, number: u64, now: Ts) -> Option<(Term, Planned)> {
        if self == Self::Ordinary {
            return None;
        }
        let (days, minutes) = (TimeDelta::days, TimeDelta::minutes);
        let (kind, start, due) = match number % 3 {
            0 => (Kind::HalfTime, days(-30), days(10)),
            1 => (Kind::LastHour, days(-4), minutes(40)),
            _ => (Kind::Breach, days(-5), minutes(-60)),
        };
        let term = Term {
            number: RUN,
            start: now.plus(start),
            due: now.plus(due),
            provisional: false,
            missed: false,
            urgent: None,
        };
        let timer = Planned {
            kind,
            fire_at: now.plus(days(1)),
            term: RUN,
        };
        Some((term, timer))
    }
}
