//! The engine: what may happen to a case, by whom and when, and what it becomes. One table an item
//! ([`table`]) answers the buttons on a page, the actions of the API, the permissions and the diagram.
//! The engine knows no item by name and never invents a state.

mod apply;
pub mod command;
mod rights;
pub mod standard;
pub mod table;
mod terms;
#[cfg(test)]
mod tests;

pub use apply::{Context, Performer, Recipient, Refusal, Step, apply, available, first_event};
pub use command::Command;
pub use table::{Guard, Next, Transition, Who};
pub use terms::{moves, term, urgent};

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Actions of CAS-1, plus what the timers do.
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
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    /// The applicant files.
    Submit,
    /// A handler takes a certain case from the queue, with a reason when it is not the next (CLK-7).
    Claim,
    /// A handler takes the most urgent case.
    Next,
    /// The supervisor (or a timer) gives it to a handler.
    Assign,
    /// Back to the queue.
    Release,
    /// To another handler.
    HandOver,
    /// First answer: taken up for the whole-case limit (CLK-1).
    Accept,
    /// Told once what is missing (CLK-6).
    RequestSupplement,
    /// The applicant sends what was asked for.
    Supplement,
    /// Nothing came.
    Lapse,
    /// 同意
    Approve,
    /// 不予批准
    Refuse,
    /// 不予受理
    NotAccept,
    /// The reviewer sends it back.
    Return,
    /// The applicant takes it back.
    Withdraw,
    /// The applicant sends a material promised before (CAS-4).
    MeetObligation,
    /// Opened again by two people.
    Reopen,
    /// The deadline passed.
    Breach,
    /// A holiday arrangement moved the deadline (CLK-2).
    Redate,
    /// The person for whom somebody else filed does not want it (CAS-8).
    Object,
    /// Another urgency class (CAT-4).
    SetUrgency,
    /// Another agency is asked (XR-4, CLK-5).
    Contact,
    /// The other agency answered, or its time passed in silence (XR-5).
    Answer,
    /// What can't be completed is recorded (XR-6).
    Record,
}

impl Action {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
