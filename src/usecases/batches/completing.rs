//! Lists under pledge (XR-9, CAS-4): their cases go on and wait for the full list, which gives days and phone numbers
//! afterwards, case by case: such lists are of hundreds.

use chrono::Days;

use super::STAFF_LIST;
use super::judging::overlap_own;
use super::results::{back, filed, repeated};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, Kind, RowResult};
use crate::domain::case::Case;
use crate::domain::form::Answers;
use crate::domain::ids::{CaseId, ObligationId, TimerId};
use crate::domain::item::{Checked, Effect};
use crate::domain::place::Pool;
use crate::domain::policy::Policy;
use crate::domain::registration::Standing;
use crate::domain::time::Ts;
use crate::domain::timer::obligation_reminders;
use crate::domain::workflow::Command;
use crate::store::cases::Listed;
use crate::store::{Conn, StoreError, cases, papers, registrations, timers};
use crate::usecases::handling::Act;
use crate::usecases::{App, Error};

/// What the rows of a list under pledge promise, with the identifiers it takes; nothing for a full list.
#[derive(Clone)]
pub(super) struct Promises {
    pool: Pool,
    obligations: Vec<ObligationId>,
    reminders: Vec<TimerId>,
}

impl Promises {
    pub(super) fn new(app: &App, batch: &Batch, rows: usize) -> Self {
        let rows = match batch.kind {
            Kind::List => 0,
            Kind::Pledge => rows,
        };
        let policy = app.office.policies.on(batch.pool, app.clock.now().day());
        let most = policy.obligation_reminders().value.len();
        Self {
            pool: batch.pool,
            obligations: (0..rows).map(|_| Clock::new_id()).collect(),
            reminders: (0..most).map(|_| Clock::new_id()).collect(),
        }
    }

    /// Each case promises the full list by the pack's term. One of them is reminded of it: the list is the same for
    /// all.
    pub(super) fn give(
        &self,
        conn: &mut Conn<'_>,
        policy: Policy<'_>,
        cases: &[CaseId],
        now: Ts,
    ) -> Result<(), Error> {
        let (Some(first), false) = (cases.first(), self.obligations.is_empty()) else {
            return Ok(());
        };
        let due_on = now.day() + Days::new(u64::from(policy.obligation_term().value.0));
        let promised: Vec<_> = cases
            .iter()
            .copied()
            .zip(self.obligations.clone())
            .collect();
        papers::insert_obligations(conn, self.pool, &promised, STAFF_LIST, due_on)?;
        let days = &policy.obligation_reminders().value;
        let reminders = obligation_reminders(&[due_on], days, now);
        let planned: Vec<_> = self.reminders.iter().copied().zip(reminders).collect();
        Ok(timers::insert_all(conn, self.pool, *first, &planned)?)
    }
}

/// A case that a row completes.
pub(super) struct Completed<'a> {
    pub number: u32,
    pub listed: &'a Listed,
    pub standing: Standing,
    pub answers: Answers,
    pub checked: Checked,
}

/// Completes cases in the agent's name. What was decided stays as decided, only its promise is kept; one that somebody
/// has moved on meanwhile stays as it is, and its row comes back.
pub(super) fn complete(
    conn: &mut Conn<'_>,
    app: &App,
    agent: &Actor,
    completed: Vec<Completed<'_>>,
) -> Result<Vec<RowResult>, Error> {
    if completed.is_empty() {
        return Ok(vec![]);
    }
    let command = Command::MeetObligation {
        material: STAFF_LIST.to_owned(),
    };
    let act = Act::new(app, agent, command);
    let mut results = vec![];
    for one in completed {
        let case = &one.listed.case;
        match act.perform(conn, one.listed) {
            Ok(_) => {}
            Err(Error::Conflict(_) | Error::Rule(_) | Error::Forbidden) => {
                results.push(back(one.number, overlap_own(case)));
                continue;
            }
            Err(error) => return Err(error),
        }
        let known = (case.id, case.receipt_no.clone());
        results.push(match one.standing {
            Standing::Pending => {
                fill_in(conn, &one)?;
                filed(one.number, known)
            }
            Standing::Active | Standing::Ended | Standing::Cancelled | Standing::Recorded => {
                repeated(one.number, known)
            }
        });
        keep_promise(conn, case, app.clock.now())?;
    }
    Ok(results)
}

/// Answers and registration of one case.
fn fill_in(conn: &mut Conn<'_>, one: &Completed<'_>) -> Result<(), StoreError> {
    let case = &one.listed.case;
    cases::replace_answers(conn, case.pool, case.id, &one.answers, &one.checked.facts)?;
    for effect in &one.checked.effects {
        if let Effect::OpenRegistration {
            kind,
            destination,
            start,
            end,
            ..
        } = effect
        {
            let days = (*start, *end);
            registrations::revise(conn, case.pool, case.id, kind, destination, days)?;
        }
    }
    Ok(())
}

fn keep_promise(conn: &mut Conn<'_>, case: &Case, now: Ts) -> Result<(), StoreError> {
    papers::meet(conn, case.pool, case.id, STAFF_LIST, now)?;
    if papers::promised(conn, case.pool, case.id)?.is_empty() {
        timers::drop_reminders(conn, case.pool, case.id)?;
    }
    Ok(())
}
