//! Progress without signing in (CAS-5): a receipt number and the last six characters of the ID number show
//! states, never a name, an answer or a reason. Every failure has one answer and does the same work, so that
//! neither tells whether a case exists. Failures are counted on the real clock.

use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use serde::Serialize;
use strum::{Display, EnumIter, IntoStaticStr};
use tokio::sync::Semaphore;

use super::App;
use super::accounts::limits::{network, wait};
use super::error::Error;
use crate::clock::Clock;
use crate::config::SignInLimits;
use crate::domain::case::{Case, ClockState, Decision, PauseReason, State};
use crate::domain::event::{Change, Event};
use crate::domain::id_number;
use crate::domain::ids::PersonId;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::{Day, Ts};
use crate::domain::workflow::Action;
use crate::store::attempts::{self, Failures};
use crate::store::{Conn, StoreError, blind, cases, journal, registry};

/// One look-up at a time: many guesses at once don't slip through before the first is counted.
static TURN: Semaphore = Semaphore::const_new(1);
/// How long a look-up waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// In what time failures are counted together, and how long whoever used them up waits.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// Longer texts than this are no receipt number, whatever is in them.
const LONGEST: usize = 64;

/// Where a case stands; nothing else of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Canonical receipt number.
    pub receipt_no: String,
    /// Slug of the service item.
    pub item: String,
    /// Where it stands.
    pub state: State,
    /// The Beijing day of filing.
    pub filed_on: Day,
    /// Until when it is answered, while the clock runs.
    pub due_at: Option<Ts>,
    /// The due time touches a year without holiday arrangement (CLK-2).
    pub provisional: bool,
    /// Whose turn it is.
    pub waiting_for: WaitingFor,
    /// What happened, the first first.
    pub steps: Vec<Step>,
}

/// Whose turn it is. Texts `progress-waiting-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumIter, IntoStaticStr, Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum WaitingFor {
    /// The agency's.
    Agency,
    /// The applicant's.
    Applicant,
    /// Another agency's.
    OtherAgency,
    /// The treating institution's.
    Institution,
    /// The case is over.
    Nobody,
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What.
    pub what: StepKind,
    /// On which Beijing day.
    pub on: Day,
}

/// What can have happened. Texts `progress-step-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumIter, IntoStaticStr, Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StepKind {
    /// Filed.
    Submitted,
    /// A handler took it for the first time.
    TakenUp,
    /// Accepted.
    Accepted,
    /// The applicant was asked for what is missing.
    SupplementAsked,
    /// Another agency was asked.
    OtherAgencyAsked,
    /// It answered, or its time passed (XR-5).
    OtherAgencyAnswered,
    /// The treating institution was asked.
    InstitutionAsked,
    /// The applicant is to sign.
    SignatureAsked,
    /// What was asked for came; the clock runs anew (CLK-5).
    Resumed,
    /// A second person looks at it.
    SecondReview,
    /// 同意
    Approved,
    /// 不予批准
    Refused,
    /// 不予受理
    NotAccepted,
    /// 记录在案 (XR-6)
    Recorded,
    /// Taken back by the applicant.
    Withdrawn,
    /// Ended because nothing came.
    Lapsed,
    /// The agency missed its deadline.
    DeadlineMissed,
    /// Opened again.
    Reopened,
}

/// Where a case stands, for whoever knows its number and the last six characters of the ID number of the
/// person concerned. Both are taken as people type them.
///
/// # Errors
/// [`Error::NotFound`] alike for a malformed or unknown number and wrong characters, [`Error::TooMany`] after
/// too many failures of this address or number, [`Error::Busy`] when too many ask at once.
pub async fn look_up(
    app: &App,
    receipt_no: &str,
    last_six: &str,
    address: IpAddr,
) -> Result<Progress, Error> {
    let Ok(Ok(_turn)) = tokio::time::timeout(PATIENCE, TURN.acquire()).await else {
        return Err(Error::Busy);
    };
    let asked = Asked::new(app, receipt_no, last_six, address);
    let reading = asked.clone();
    let found = app
        .db
        .read(move |conn| -> Result<_, Error> {
            match reading.wait(conn)? {
                Some(seconds) => Err(Error::TooMany { seconds }),
                None => reading.find(conn),
            }
        })
        .await?;
    if let Some(progress) = found {
        return Ok(progress);
    }
    app.db
        .write(move |conn| asked.count(conn).map_err(Error::from))
        .await?;
    Err(Error::NotFound)
}

/// A question as it was put.
#[derive(Clone)]
struct Asked {
    receipt_no: Option<ReceiptNo>,
    typed: String,
    last_six: String,
    address: IpAddr,
    /// Failures free in an hour; `None` when limits are off.
    free: Option<u32>,
}

impl Asked {
    fn new(app: &App, typed: &str, last_six: &str, address: IpAddr) -> Self {
        let receipt_no: Option<ReceiptNo> = typed.parse().ok();
        let today = app.clock.now().day();
        let policies = &app.office.policies;
        let policy = match receipt_no.as_ref().and_then(ReceiptNo::pool) {
            Some(pool) => policies.on(pool, today),
            None => policies.default_on(today),
        };
        let typed = match &receipt_no {
            Some(number) => number.to_string(),
            None => id_number::normalised(typed).chars().take(LONGEST).collect(),
        };
        Self {
            receipt_no,
            typed,
            last_six: id_number::normalised(last_six),
            address,
            free: match app.sign_in.limits {
                SignInLimits::Off => None,
                SignInLimits::On { .. } => Some(policy.lookup_tries_per_hour().value),
            },
        }
    }

    /// What failures are counted under.
    fn subjects(&self, conn: &Conn<'_>) -> [Vec<u8>; 2] {
        [
            conn.vault
                .blind(blind::LOOK_UP_ADDRESS, &network(self.address)),
            conn.vault.blind(blind::LOOK_UP_RECEIPT, &self.typed),
        ]
    }

    fn wait(&self, conn: &mut Conn<'_>) -> Result<Option<u64>, StoreError> {
        let mut longest = None;
        if self.free.is_some() {
            for subject in self.subjects(conn) {
                let failures = attempts::failures(conn, &subject)?;
                longest = longest.max(failures.and_then(|f| wait(f, Clock::real())));
            }
        }
        Ok(longest)
    }

    fn count(&self, conn: &mut Conn<'_>) -> Result<(), StoreError> {
        let Some(free) = self.free else {
            return Ok(());
        };
        for subject in self.subjects(conn) {
            let before = attempts::failures(conn, &subject)?;
            let failures = after_failure(before, Clock::real(), free);
            attempts::put_failures(conn, &subject, failures)?;
        }
        Ok(())
    }

    /// Asks the same questions of the database whatever was typed.
    fn find(&self, conn: &mut Conn<'_>) -> Result<Option<Progress>, Error> {
        let known = self
            .receipt_no
            .as_ref()
            .and_then(|number| Some((number.pool()?, number.as_str())));
        let listed = match known {
            Some((pool, number)) => cases::by_receipt(conn, pool, number)?,
            None => None,
        };
        // Nobody has a new id.
        let person = listed
            .as_ref()
            .map_or_else(Clock::new_id::<PersonId>, |l| l.case.person);
        let right = registry::has_last_six(conn, person, &self.last_six)?;
        match listed.filter(|_| right) {
            None => Ok(None),
            Some(listed) => {
                let entries = journal::read(conn, listed.case.pool, listed.case.id)?;
                let events = entries.iter().map(|entry| &entry.event);
                Ok(Some(of(&listed.case, events)))
            }
        }
    }
}

/// Failures in one window are counted together; the last free one begins the wait.
fn after_failure(before: Option<Failures>, now: Ts, free: u32) -> Failures {
    let counted = before
        .filter(|failures| now.since(failures.last_at) < WINDOW)
        .map_or(0, |failures| failures.count);
    let count = counted.saturating_add(1);
    let used_up = u32::try_from(count).is_ok_and(|count| count >= free);
    Failures {
        count,
        last_at: now,
        locked_until: used_up.then(|| now.plus(WINDOW)),
    }
}

/// What of a case and its journal is shown to whoever knows two numbers.
fn of<'a>(case: &Case, events: impl Iterator<Item = &'a Event>) -> Progress {
    let mut steps: Vec<Step> = Vec::new();
    for event in events {
        let Some(what) = step(event) else { continue };
        // Who takes it again after the first time is the agency's own affair.
        if what == StepKind::TakenUp && steps.iter().any(|s| s.what == what) {
            continue;
        }
        let on = event.at.day();
        steps.push(Step { what, on });
    }
    let provisional = match case.clock {
        ClockState::Running { term } => term.provisional,
        ClockState::Paused { .. } | ClockState::Stopped { .. } => false,
    };
    Progress {
        receipt_no: case.receipt_no.clone(),
        item: case.item.clone(),
        state: case.state,
        filed_on: case.filed_at.day(),
        due_at: case.due(),
        provisional,
        waiting_for: waiting_for(case),
        steps,
    }
}

fn waiting_for(case: &Case) -> WaitingFor {
    match (case.state, case.clock) {
        (
            _,
            ClockState::Paused {
                reason: PauseReason::Signature,
                ..
            },
        ) => WaitingFor::Applicant,
        (State::Draft | State::AwaitingParcel | State::SupplementRequested, _) => {
            WaitingFor::Applicant
        }
        (State::AwaitingAgency, _) => WaitingFor::OtherAgency,
        (State::AwaitingInstitution, _) => WaitingFor::Institution,
        (State::Submitted | State::InReview | State::SecondReview | State::Fulfilling, _) => {
            WaitingFor::Agency
        }
        (
            State::Closed | State::Refused | State::NotAccepted | State::Withdrawn | State::Lapsed,
            _,
        ) => WaitingFor::Nobody,
    }
}

fn step(event: &Event) -> Option<StepKind> {
    match &event.change {
        Change::Filed(_) => Some(StepKind::Submitted),
        Change::Taken { .. } => Some(StepKind::TakenUp),
        Change::Accepted { .. } => Some(StepKind::Accepted),
        Change::Asked { reason } => Some(match reason {
            PauseReason::Supplement => StepKind::SupplementAsked,
            PauseReason::OtherAgency => StepKind::OtherAgencyAsked,
            PauseReason::Institution => StepKind::InstitutionAsked,
            PauseReason::Signature => StepKind::SignatureAsked,
        }),
        Change::Resumed { .. } if event.action == Action::Answer => {
            Some(StepKind::OtherAgencyAnswered)
        }
        Change::Resumed { .. } => Some(StepKind::Resumed),
        Change::Proposed { .. } => Some(StepKind::SecondReview),
        Change::Decided { decision, .. } => Some(match decision {
            Decision::Approved => StepKind::Approved,
            Decision::Refused => StepKind::Refused,
            Decision::NotAccepted => StepKind::NotAccepted,
            Decision::Recorded => StepKind::Recorded,
        }),
        Change::Ended if event.to == State::Lapsed => Some(StepKind::Lapsed),
        Change::Ended => Some(StepKind::Withdrawn),
        Change::Breached => Some(StepKind::DeadlineMissed),
        Change::Reopened { .. } => Some(StepKind::Reopened),
        Change::Released
        | Change::Returned { .. }
        | Change::Redated { .. }
        | Change::Objected
        | Change::Classed { .. }
        | Change::ObligationMet { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn at(text: &str) -> Ts {
        Ts::parse(text).unwrap()
    }

    fn noon() -> Ts {
        at("2020-02-03T12:00:00+08:00")
    }

    fn failing(times: u32) -> Failures {
        (0..times)
            .fold(None, |before, _| Some(after_failure(before, noon(), 10)))
            .unwrap()
    }

    #[rstest]
    #[case(1, None)]
    #[case(9, None)]
    #[case(10, Some(3601))]
    #[case(11, Some(3601))]
    fn ten_failures_in_an_hour_are_free_cas_5(#[case] times: u32, #[case] expected: Option<u64>) {
        assert_eq!(wait(failing(times), noon()), expected);
    }

    #[test]
    fn an_hour_without_failures_starts_anew() {
        let later = noon().plus(WINDOW);
        assert_eq!(wait(failing(10), later), None);
        assert_eq!(after_failure(Some(failing(10)), later, 10).count, 1);
    }
}
