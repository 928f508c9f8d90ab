//! Asking the table: what is open to somebody, and what an action makes of a case.

use super::rights::{holds, may, role_could, standing};
use super::table::{Guard, Next, Transition, find};
use super::terms::{hastened, redated, restarted, whole_case_term};
use super::{Action, Command};
use crate::domain::actor::{Actor, Role};
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, Decision, PauseReason, State, Term, Urgency};
use crate::domain::deadline::BusinessHours;
use crate::domain::event::{self, Change, Event, Filing, Words};
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;

/// Who acts: somebody signed in, or the service's own timer.
#[derive(Clone, Copy, Debug)]
pub enum Performer<'a> {
    /// Somebody signed in.
    Person(&'a Actor),
    /// A timer.
    Timer,
    /// Somebody of the agency that was asked, who answers and sees nothing else of the case (XR-5).
    OtherAgency(&'a Actor),
}

/// Whom a case is to be given to, as the accounts know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// They, with role, agency and relatives.
    pub actor: Actor,
    /// Their account is open.
    pub enabled: bool,
}

/// The facts an action is judged by.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Business time.
    pub now: Ts,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The agency's business hours.
    pub hours: BusinessHours,
    /// Claiming: this is the most urgent case of the queue.
    pub is_next: bool,
    /// Cases already in the hand of who takes it.
    pub held: u32,
    /// How many one may hold; `None` for no limit.
    pub hold_limit: Option<u32>,
    /// Whom it is to be given to.
    pub recipient: Option<Recipient>,
    /// The holder is there to go on with a supplement (CLK-5).
    pub holder_on_duty: bool,
    /// Who stands in for the holder and is on duty (CLK-5).
    pub stand_in: Option<AccountId>,
    /// Working hours to the first answer of an urgent case (CAT-4).
    pub urgent_hours: u32,
    /// Names of the materials that are promised and not here yet (CAS-4).
    pub promised: Vec<String>,
    /// A second person has confirmed (CAS-1).
    pub confirmed: bool,
    /// The agency that is to be asked was asked in this case before (CLK-5).
    pub asked_before: bool,
    /// The item's first stage after approval; `None` closes the case at once.
    pub first_stage: Option<&'static str>,
}

impl<'a> Context<'a> {
    /// The facts by which what the service does by itself is judged.
    pub fn of_service(
        now: Ts,
        calendar: &'a Calendar,
        hours: BusinessHours,
        first_stage: Option<&'static str>,
    ) -> Self {
        Self {
            now,
            calendar,
            hours,
            is_next: false,
            held: 0,
            hold_limit: None,
            recipient: None,
            holder_on_duty: false,
            stand_in: None,
            urgent_hours: 0,
            promised: vec![],
            confirmed: false,
            asked_before: false,
            first_stage,
        }
    }
}

/// What an action made of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The case after it.
    pub case: Case,
    /// The journal's new entry.
    pub event: Event,
    /// Its free words, to be sealed.
    pub words: Words,
}

/// Why an action is not possible; each is something a user can understand and act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The state does not know the action; somebody else was faster, or it is over.
    NotInThisState,
    /// The role never has this action, or the case is not theirs.
    NotYours,
    /// Somebody else holds it.
    HeldByAnother,
    /// A rule stands against it.
    Rule(Guard),
}

/// The actions open to somebody, in the table's order. Guards that depend on what will be written
/// (reasons, causes) are not asked here.
pub fn available(
    table: &'static [Transition],
    case: &Case,
    who: Performer<'_>,
    context: &Context<'_>,
) -> Vec<Action> {
    table
        .iter()
        .filter(|t| t.from == case.state && may(t.by, case, who).is_ok())
        .filter(|t| {
            t.guards
                .iter()
                .all(|guard| standing(*guard, case, who, context))
        })
        .map(|t| t.action)
        .collect()
}

/// Judges an action and returns what it makes of the case.
///
/// # Errors
/// [`Refusal`]: state, person and guards are asked in this order.
pub fn apply(
    table: &'static [Transition],
    case: &Case,
    who: Performer<'_>,
    command: &Command,
    context: &Context<'_>,
) -> Result<Step, Refusal> {
    let action = command.action();
    let Some(row) = find(table, case, action) else {
        // Who may never see or do this learns nothing of the state.
        return match table
            .iter()
            .any(|t| t.action == action && role_could(t.by, case, who))
        {
            true => Err(Refusal::NotInThisState),
            false => Err(Refusal::NotYours),
        };
    };
    may(row.by, case, who)?;
    for guard in row.guards {
        if !standing(*guard, case, who, context) || !holds(*guard, case, command, context) {
            return Err(Refusal::Rule(*guard));
        }
    }
    let to = next_state(row, case, command, context);
    let change = change(to, case, who, command, context);
    let (actor, role) = signature(who);
    let event = Event {
        number: case.version + 1,
        at: context.now,
        actor,
        role,
        action,
        from: case.state,
        to,
        change,
    };
    let case = event::evolve(case.clone(), &event);
    Ok(Step {
        case,
        event,
        words: command.words(),
    })
}

/// The first event of a case: its filing (CLK-4 starts the clock).
pub fn first_event(filing: Filing, filer: &Actor, at: Ts) -> Event {
    Event {
        number: 1,
        at,
        actor: Some(filer.account),
        role: Some(filer.role),
        action: Action::Submit,
        from: State::Draft,
        to: State::Submitted,
        change: Change::Filed(Box::new(filing)),
    }
}

fn signature(who: Performer<'_>) -> (Option<AccountId>, Option<Role>) {
    match who {
        Performer::Person(actor) | Performer::OtherAgency(actor) => {
            (Some(actor.account), Some(actor.role))
        }
        Performer::Timer => (None, None),
    }
}

fn next_state(row: &Transition, case: &Case, command: &Command, context: &Context<'_>) -> State {
    match row.next {
        Next::To(state) => state,
        Next::DecidedOrSecondReview if case.sampled => State::SecondReview,
        Next::DecidedOrSecondReview | Next::Decided => match decision(command) {
            Some(Decision::Refused) => State::Refused,
            Some(Decision::NotAccepted) => State::NotAccepted,
            Some(Decision::Recorded) => State::Closed,
            Some(Decision::Approved) | None => match context.first_stage {
                Some(_) => State::Fulfilling,
                None => State::Closed,
            },
        },
        Next::HandlerOrQueue if goes_back_to(case, context).is_some() => State::InReview,
        Next::HandlerOrQueue => State::Submitted,
    }
}

/// Who goes on with a case when a wait ends (CLK-5): its handler, or who stands in for them.
fn goes_back_to(case: &Case, context: &Context<'_>) -> Option<AccountId> {
    match context.holder_on_duty {
        true => case.holder,
        false => context.stand_in.filter(|_| case.holder.is_some()),
    }
}

/// Before a decision an objection ends the case (CAS-8).
fn objection(to: State) -> Change {
    match to {
        State::Withdrawn => Change::Ended,
        _ => Change::Objected,
    }
}

fn asked(reason: PauseReason) -> Change {
    Change::Asked { reason }
}

fn redating(term: Term) -> Change {
    Change::Redated { term }
}

fn classed(case: &Case, urgency: Urgency, context: &Context<'_>) -> Change {
    Change::Classed {
        urgency,
        term: hastened(case, urgency, context),
    }
}

fn decision(command: &Command) -> Option<Decision> {
    match command {
        Command::Approve { .. } => Some(Decision::Approved),
        Command::Refuse { .. } => Some(Decision::Refused),
        Command::NotAccept { .. } => Some(Decision::NotAccepted),
        Command::Record { .. } => Some(Decision::Recorded),
        _ => None,
    }
}

fn change(
    to: State,
    case: &Case,
    who: Performer<'_>,
    command: &Command,
    context: &Context<'_>,
) -> Change {
    let decided = |decision| {
        let breach_cause = command.breach().map(|report| report.code);
        match to {
            State::SecondReview => Change::Proposed {
                decision,
                breach_cause,
            },
            _ => Change::Decided {
                decision,
                stage: stage(to, context),
                breach_cause,
            },
        }
    };
    match command {
        Command::Approve { .. } => decided(Decision::Approved),
        Command::Refuse { .. } => decided(Decision::Refused),
        Command::NotAccept { .. } => decided(Decision::NotAccepted),
        Command::Record { .. } => decided(Decision::Recorded),
        Command::Claim { .. } | Command::Next => match signature(who).0 {
            Some(holder) => Change::Taken { holder },
            None => Change::Released,
        },
        Command::Assign { to, .. } | Command::HandOver { to, .. } => Change::Taken { holder: *to },
        Command::Release { .. } => Change::Released,
        Command::Accept => Change::Accepted {
            term: whole_case_term(case, context),
        },
        Command::RequestSupplement { .. } => asked(PauseReason::Supplement),
        Command::Contact { .. } => asked(PauseReason::OtherAgency),
        Command::Supplement | Command::Answer { .. } => Change::Resumed {
            holder: goes_back_to(case, context).filter(|_| to == State::InReview),
            term: restarted(case, context),
        },
        Command::Return { .. } => Change::Returned {
            holder: case.first_reviewer,
        },
        Command::Reopen { .. } => Change::Reopened {
            term: restarted(case, context),
        },
        Command::Breach => Change::Breached,
        Command::Redate => redated(case, context).map_or(Change::Released, redating),
        Command::MeetObligation { material } => Change::ObligationMet {
            material: material.clone(),
        },
        Command::Lapse | Command::Withdraw { .. } => Change::Ended,
        Command::Object { .. } => objection(to),
        Command::SetUrgency { urgency, .. } => classed(case, *urgency, context),
    }
}

fn stage(to: State, context: &Context<'_>) -> Option<String> {
    match to {
        State::Fulfilling => context.first_stage.map(str::to_owned),
        _ => None,
    }
}
