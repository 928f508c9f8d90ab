//! What happened to the demo's cases before it starts: one script a case, in every state that the items' table
//! reaches. Times are relative to the start. Pure: nothing here is carried out.

mod asking;
mod epidemic;
mod open;
mod over;
mod special;

use chrono::{Days, NaiveTime, TimeDelta};
use serde_json::{Value, json};

use crate::domain::calendar::Calendar;
use crate::domain::case::Channel;
use crate::domain::contact::Outcome;
use crate::domain::event::{Missing, Target};
use crate::domain::time::{Day, Ts};
use crate::domain::workflow::Command;
use crate::domain::workflow::command::{BreachReport, Grounds};

/// When something happened.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    /// So many minutes before the start.
    Ago(i64),
    /// On the so-many-th working day before the day of the start, at this hour and minute.
    Working(u32, u32, u32),
    /// On the last working day that is at least so many days before the start, at this hour and minute.
    Days(u64, u32, u32),
}

impl When {
    /// The instant, seen from the start.
    pub(super) fn at(self, start: Ts, calendar: &Calendar) -> Ts {
        let clock = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        match self {
            Self::Ago(minutes) => start.plus(-TimeDelta::minutes(minutes)),
            Self::Working(back, hour, minute) => {
                let mut day = start.day();
                for _ in 0..back {
                    day = open_before(calendar, day, 1);
                }
                Ts::from_beijing(day, clock(hour, minute))
            }
            Self::Days(back, hour, minute) => {
                let day = open_before(calendar, start.day(), back);
                Ts::from_beijing(day, clock(hour, minute))
            }
        }
    }
}

/// The last working day at least `days` before `day`.
fn open_before(calendar: &Calendar, day: Day, days: u64) -> Day {
    let mut open = day - Days::new(days);
    while !calendar.is_working(open) {
        open = open - Days::new(1);
    }
    open
}

/// One thing that happened to a case. `who` is a name as in pool 371000.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Somebody of the office acts.
    Act(When, &'static str, Command),
    /// A handler hands a case to another, or a supervisor gives one out.
    Give(When, &'static str, &'static str),
    /// The applicant sends what was asked for, with these answers anew.
    Supplement(When, Value),
    /// The applicant takes it back.
    Withdraw(When),
    /// What time itself does until the start: the breach, or the lapse.
    Time,
    /// The agency that was asked answers: name of the account as it is.
    Answer(When, &'static str, Outcome),
    /// It does not, and time passes until the start (XR-6).
    Silence,
    /// A reviewer approves what fell into the sample (CAS-3); after a breach with its cause.
    ReviewIfSampled(When, &'static str, Option<BreachReport>),
}

/// One case.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// Names the case within its pool; never changes.
    pub key: &'static str,
    /// Whose it is: place in the list of people with cases.
    pub applicant: usize,
    /// Slug of the item.
    pub item: &'static str,
    /// When it was filed.
    pub filed: When,
    /// How.
    pub channel: Channel,
    /// Answers beside phone and pledge; days are counted from the filing, those of what had happened before it backwards.
    pub answers: Value,
    /// What happened then.
    pub deeds: Vec<Deed>,
}

const REGISTRATION: &str = "cross-region-registration";

/// All cases of a pool. Those that follow from others come after them.
pub(super) fn scripts(pool: &str) -> Vec<Script> {
    [
        open::waiting(),
        open::in_hand(),
        open::proposed(),
        over::approved(),
        over::declined(),
        over::ended(),
        special::late(),
        special::followed(),
        special::counties(),
        epidemic::patients(),
        epidemic::kept_away(),
        asking::asking(pool),
    ]
    .concat()
}

fn file(
    key: &'static str,
    applicant: usize,
    filed: When,
    (kind, destination): (&str, &str),
    deeds: Vec<Deed>,
) -> Script {
    Script {
        key,
        applicant,
        item: REGISTRATION,
        filed,
        channel: if applicant % 3 == 2 {
            Channel::Mobile
        } else {
            Channel::Online
        },
        answers: json!({ "kind": kind, "destination": destination, "start": 1 }),
        deeds,
    }
}

fn claim(when: When, who: &'static str) -> Deed {
    let reason = Some("示范：按编排领取".to_owned());
    Deed::Act(when, who, Command::Claim { reason })
}

fn approve(when: When, who: &'static str) -> Deed {
    Deed::Act(when, who, Command::Approve { breach: None })
}

fn ask(when: When, who: &'static str, target: Target, reason: &str) -> Deed {
    let reason = reason.to_owned();
    let missing = vec![Missing { target, reason }];
    Deed::Act(when, who, Command::RequestSupplement { missing })
}

fn ask_phone(when: When, who: &'static str) -> Deed {
    let phone = Target::Field("phone".to_owned());
    ask(when, who, phone, "示范：电话无法接通，请核对")
}

fn grounds(reason: &str) -> Grounds {
    Grounds {
        reason: reason.to_owned(),
        clause: "苏医保发〔2020〕3号 二(二)".to_owned(),
    }
}

fn refuse(when: When, who: &'static str) -> Deed {
    let grounds = grounds("示范：申请地与备案类型不符");
    Deed::Act(
        when,
        who,
        Command::Refuse {
            grounds,
            breach: None,
        },
    )
}

fn not_accept(when: When, who: &'static str) -> Deed {
    let grounds = grounds("示范：不属于本经办机构受理范围");
    Deed::Act(
        when,
        who,
        Command::NotAccept {
            grounds,
            breach: None,
        },
    )
}
