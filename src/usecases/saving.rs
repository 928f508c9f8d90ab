//! What every step of a case brings with it, saved in the step's own transaction (CAS-2): journal, records,
//! timers, notices.

use super::App;
use super::filing::wait_rules;
use super::measuring::keep;
use super::telling::tell;
use super::zero_material;
use crate::clock::Clock;
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, ClockState, Decision, State};
use crate::domain::event::{Change, Event, Words};
use crate::domain::ids::{CaseId, ContactId, PersonId, RegistrationId, TimerId};
use crate::domain::item::{Effect, ServiceItem};
use crate::domain::ladder::{Passed, WorkingTime};
use crate::domain::notice::{self, Audience, Notice};
use crate::domain::patient::Progress;
use crate::domain::registration::Registration;
use crate::domain::time::Ts;
use crate::domain::timer::{self, WaitRules};
use crate::domain::workflow::Step;
use crate::store::cases::{Listed, Moved};
use crate::store::messages::Bag;
use crate::store::{
    Conn, StoreError, breaches, cases, contacts, journal, patients, registrations, timers,
};

/// Identifiers a step may need, made before its transaction, so that a rerun writes the same rows.
#[derive(Clone, Debug)]
pub(super) struct StepIds {
    pub(super) registration: RegistrationId,
    pub(super) timers: [TimerId; timer::MOST],
    pub(super) contact: ContactId,
    pub(super) messages: Bag,
    pub(super) real: Ts,
    filer: Filer,
}

/// How who filed is told of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filer {
    /// Of each case.
    Each,
    /// Of many together, by whoever does the step to all of them (XR-9).
    Together,
}

impl StepIds {
    /// The same for a step that is done to many cases of one filer, who is told of all of them together.
    pub(super) fn filer_told_together(mut self) -> Self {
        self.filer = Filer::Together;
        self
    }

    pub(super) fn new() -> Self {
        Self {
            filer: Filer::Each,
            registration: Clock::new_id(),
            timers: std::array::from_fn(|_| Clock::new_id()),
            contact: Clock::new_id(),
            messages: Bag::of(Clock::new_id()),
            real: Clock::real(),
        }
    }
}

/// Saves a step with everything it brings, if the case is still as it was before it.
pub(super) fn advance(
    conn: &mut Conn<'_>,
    app: &App,
    item: &ServiceItem,
    before: &Listed,
    step: &Step,
    ids: &StepIds,
) -> Result<Moved, StoreError> {
    let moved = cases::advance(conn, before, &step.case, step.event.at)?;
    if moved == Moved::Stale {
        return Ok(moved);
    }
    let before = &before.case;
    record(
        conn,
        app,
        Some(before),
        (&step.case, &step.event, &step.words),
        ids,
    )?;
    register(conn, before, &step.case, &step.event)?;
    keep(conn, app, before, &step.case, &step.event)?;
    let effects = effects_of_end(item, before, &step.case);
    apply_effects(conn, &step.case, effects, ids)?;
    if leaves_questions(before, &step.case) {
        contacts::close_of_case(conn, &step.case, step.event.at)?;
    }
    Ok(moved)
}

/// Journal, timers and notice of an event that has made `case` of what was `before`.
pub(super) fn record(
    conn: &mut Conn<'_>,
    app: &App,
    before: Option<&Case>,
    (case, event, words): (&Case, &Event, &Words),
    ids: &StepIds,
) -> Result<(), StoreError> {
    let policy = app.office.policies.on(case.pool, case.filed_at.day());
    let rules = wait_rules(&policy);
    journal::append(conn, case.pool, case.id, event, words)?;
    // Most steps leave the clock alone, and with it the timers.
    if before.is_none_or(|before| before.clock != case.clock) {
        let passed = match event.change {
            // CLK-1: the same time goes on, and what it brought was told.
            Change::Accepted { .. } => Passed::LeftOut,
            _ => Passed::AtOnce,
        };
        let calendar = app.calendar();
        let time = working_time(app, &calendar, case);
        let planned = timer::plan(case, &rules, time, event.at, passed);
        let planned: Vec<_> = ids.timers.into_iter().zip(planned).collect();
        match before {
            Some(_) => timers::replace(conn, case.pool, case.id, &planned)?,
            None => timers::insert_all(conn, case.pool, case.id, &planned)?,
        }
    }
    inform(conn, before, (case, event), &rules, ids)
}

/// Tells of an event whom it concerns: who filed, the person it is for, and of an objection the supervisors (CAS-8).
fn inform(
    conn: &mut Conn<'_>,
    before: Option<&Case>,
    (case, event): (&Case, &Event),
    rules: &WaitRules,
    ids: &StepIds,
) -> Result<(), StoreError> {
    if let Some(notice) = notice::of_giving(case, event) {
        tell(conn, case, Audience::Holder, &notice, event.at, ids)?;
    }
    if event.change == Change::Objected {
        let objection = notice::about(case, notice::Kind::ObjectedAtDesk);
        return tell(conn, case, Audience::Supervisors, &objection, event.at, ids);
    }
    // What only became certain is no news (CLK-2).
    let is_news = !matches!(event.change, Change::Redated { .. })
        || before.is_none_or(|before| before.due() != case.due());
    let Some(notice) = notice::of_event(case, event).filter(|_| is_news) else {
        return Ok(());
    };
    let notice = with_last_day(notice, case, rules);
    match ids.filer {
        Filer::Each => tell(conn, case, Audience::Applicant, &notice, event.at, ids)?,
        Filer::Together => {}
    }
    let theirs = match notice.kind {
        notice::Kind::Received => Some(notice::about(case, notice::Kind::FiledForYou)),
        // They know: it was their word.
        notice::Kind::Objected => None,
        _ => Some(notice),
    };
    match theirs {
        Some(notice) => tell(conn, case, Audience::Concerned, &notice, event.at, ids),
        None => Ok(()),
    }
}

/// What the time of a case is counted in.
pub(super) fn working_time<'a>(app: &App, calendar: &'a Calendar, case: &Case) -> WorkingTime<'a> {
    WorkingTime {
        calendar,
        hours: app.office.hours(case.agency),
    }
}

/// The notice with the last day for what is missing, while a supplement is waited for.
pub(super) fn with_last_day(notice: Notice, case: &Case, rules: &WaitRules) -> Notice {
    match timer::last_day(case, rules) {
        Some(day) => notice.with("last_day", day.to_string()),
        None => notice,
    }
}

/// What an event enters into the register of missed deadlines (CLK-7), if it does.
pub(super) fn missed_by(before: &Case, event: &Event) -> Option<breaches::Missed> {
    match (&event.change, before.clock) {
        (Change::Breached, ClockState::Running { term }) => Some(breaches::Missed {
            term: term.number,
            due: term.due,
            at: event.at,
        }),
        _ => None,
    }
}

/// Enters a missed deadline and the cause stated for one into the register (CLK-7).
fn register(
    conn: &mut Conn<'_>,
    before: &Case,
    case: &Case,
    event: &Event,
) -> Result<(), StoreError> {
    if let Some(missed) = missed_by(before, event) {
        return breaches::enter(conn, &[(before, missed)]);
    }
    let cause = match &event.change {
        Change::Proposed { breach_cause, .. } | Change::Decided { breach_cause, .. } => {
            *breach_cause
        }
        Change::Filed(_)
        | Change::Breached
        | Change::Taken { .. }
        | Change::Released
        | Change::Accepted { .. }
        | Change::Asked { .. }
        | Change::Resumed { .. }
        | Change::Returned { .. }
        | Change::Ended
        | Change::Reopened { .. }
        | Change::Redated { .. }
        | Change::Objected
        | Change::Classed { .. }
        | Change::ObligationMet { .. } => None,
    };
    match (cause, event.actor) {
        (Some(cause), Some(by)) => breaches::state_cause(conn, case, cause, by, event.at),
        (Some(_) | None, _) => Ok(()),
    }
}

/// Whether other agencies may still be asked about a case that has just ended: nobody needs their answers any more, but
/// for one that was recorded, whose registration may still be made (XR-6). A case that never waited asked nobody.
fn leaves_questions(before: &Case, after: &Case) -> bool {
    let ended = after.state.is_final() && !before.state.is_final();
    let waited = before.state == State::AwaitingAgency || after.term_number() > 1;
    ended && waited && after.decision != Some(Decision::Recorded)
}

/// What the item says an end of the case does to records.
pub(super) fn effects_of_end(item: &ServiceItem, before: &Case, after: &Case) -> &'static [Effect] {
    if after.decision == before.decision && after.closed_at == before.closed_at {
        return &[];
    }
    match after.decision {
        Some(Decision::Approved) => item.on_approval,
        Some(Decision::Refused | Decision::NotAccepted) => item.on_end,
        Some(Decision::Recorded) => item.on_record,
        None if after.state.is_final() => item.on_end,
        None => &[],
    }
}

/// Does to the records what a case brings about.
pub(super) fn apply_effects(
    conn: &mut Conn<'_>,
    case: &Case,
    effects: &[Effect],
    ids: &StepIds,
) -> Result<(), StoreError> {
    for effect in effects {
        match effect {
            Effect::OpenRegistration { .. } => {
                if let Some(new) = opened((case.id, case.person), effect, ids) {
                    registrations::insert(conn, case.pool, &new)?;
                }
            }
            Effect::ClaimRegistration(id) => registrations::claim(conn, *id, case.id)?,
            Effect::ActivateRegistration => registrations::activate(conn, case.pool, case.id)?,
            Effect::CancelRegistration => registrations::cancel_claimed(conn, case.pool, case.id)?,
            Effect::DropRegistration => registrations::drop_pending(conn, case.pool, case.id)?,
            Effect::VoidRegistration => {
                registrations::void(conn, case.pool, case.id)?;
                zero_material::note(conn, case, Progress::Open)?;
            }
            Effect::RecordRegistration => {
                registrations::record(conn, case.pool, case.id)?;
                zero_material::note(conn, case, Progress::Recorded)?;
            }
            Effect::RestOn(pool, patient) => {
                patients::rest_on(conn, (case.pool, case.id), (*pool, *patient), case.filed_at)?;
            }
        }
    }
    Ok(())
}

/// The registration that an effect opens, if it does.
pub(super) fn opened(
    (case, person): (CaseId, PersonId),
    effect: &Effect,
    ids: &StepIds,
) -> Option<Registration> {
    match effect {
        Effect::OpenRegistration {
            kind,
            destination,
            start,
            end,
            replaces,
            standing,
        } => Some(Registration {
            id: ids.registration,
            case,
            person,
            kind: kind.clone(),
            destination: destination.clone(),
            start: *start,
            end: *end,
            standing: *standing,
            replaces: *replaces,
            claimed_by: None,
        }),
        Effect::RestOn(..)
        | Effect::ClaimRegistration(_)
        | Effect::ActivateRegistration
        | Effect::CancelRegistration
        | Effect::DropRegistration
        | Effect::VoidRegistration
        | Effect::RecordRegistration => None,
    }
}
