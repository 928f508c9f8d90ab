//! Who has which part in a case, and which guards hold: the two questions the engine asks of a row.

use super::Command;
use super::apply::{Context, Performer, Refusal};
use super::table::{Guard, Who};
use super::terms::redated;
use crate::domain::actor::{Role, Sight};
use crate::domain::case::Case;
use crate::domain::deadline;

/// Whether `who` has the part in this case that a row asks for.
pub(super) fn may(part: Who, case: &Case, who: Performer<'_>) -> Result<(), Refusal> {
    let Performer::Person(actor) = who else {
        return match part {
            _ if matches!(who, Performer::OtherAgency(_)) => match role_could(part, case, who) {
                true => Ok(()),
                false => Err(Refusal::NotYours),
            },
            // CLK-7: an escalated case is the supervisor's to give out.
            Who::Dispatcher if case.escalated => Err(Refusal::HeldByAnother),
            _ if role_could(part, case, who) => Ok(()),
            _ => Err(Refusal::NotYours),
        };
    };
    if !role_could(part, case, who) {
        return Err(Refusal::NotYours);
    }
    let supervises_breach = actor.role == Role::Supervisor && case.escalated;
    match part {
        Who::Applicant | Who::Concerned | Who::Supervisor | Who::Dispatcher | Who::Officer => {
            Ok(())
        }
        // CLK-7: an escalated case is the supervisor's to give out.
        Who::Handler if case.escalated => Err(Refusal::HeldByAnother),
        Who::Handler => Ok(()),
        Who::Holder
            if supervises_breach || (case.holder == Some(actor.account) && !case.escalated) =>
        {
            Ok(())
        }
        Who::Holder => Err(Refusal::HeldByAnother),
        // CAS-3: never the same person.
        Who::Reviewer if case.first_reviewer == Some(actor.account) => Err(Refusal::NotYours),
        Who::Reviewer => Ok(()),
        Who::Timer | Who::OtherAgency => Err(Refusal::NotYours),
    }
}

/// Whether the role could ever have the part, were the case in another state or hand.
pub(super) fn role_could(part: Who, case: &Case, who: Performer<'_>) -> bool {
    let actor = match who {
        Performer::Person(actor) => actor,
        // Its silence is the timer's to find (XR-5).
        Performer::Timer => {
            return matches!(part, Who::Timer | Who::Dispatcher | Who::OtherAgency);
        }
        Performer::OtherAgency(_) => return part == Who::OtherAgency,
    };
    match (part, actor.sight(case)) {
        (Who::Timer | Who::OtherAgency, _) | (_, Sight::None) => false,
        // CAS-8: after the end of an authorisation who filed still reads, and does nothing.
        (Who::Applicant, sight) => sight == Sight::Own && actor.acts_in(case),
        (Who::Concerned, sight) => {
            sight == Sight::Own
                && actor.person == Some(case.person)
                && actor.account != case.filed_by
        }
        (_, Sight::Own) => false,
        (Who::Handler, Sight::Office) => actor.role == Role::Handler,
        (Who::Holder, Sight::Office) => matches!(actor.role, Role::Handler | Role::Supervisor),
        (Who::Reviewer, Sight::Office) => {
            actor.role == Role::Reviewer || (actor.role == Role::Supervisor && case.missed())
        }
        (Who::Supervisor | Who::Dispatcher, Sight::Office) => actor.role == Role::Supervisor,
        (Who::Officer, Sight::Office) => {
            matches!(actor.role, Role::Handler | Role::Supervisor)
        }
    }
}

/// Guards that depend on case, person and facts alone, so that a page can hide what can't be done.
pub(super) fn standing(
    guard: Guard,
    case: &Case,
    who: Performer<'_>,
    context: &Context<'_>,
) -> bool {
    match guard {
        Guard::Impartial => match who {
            Performer::Person(actor) | Performer::OtherAgency(actor) => !actor.is_partial_to(case),
            Performer::Timer => true,
        },
        Guard::HoldLimit => context.hold_limit.is_none_or(|limit| context.held < limit),
        Guard::BeforeDeadline => {
            !case.missed()
                && case
                    .due()
                    .is_none_or(|due| !deadline::is_late(due, context.now))
        }
        Guard::NotAnswered => !case.answered,
        Guard::Promised => !context.promised.is_empty(),
        Guard::Overdue => {
            !case.missed()
                && case
                    .due()
                    .is_some_and(|due| deadline::is_late(due, context.now))
        }
        Guard::TermMoves => redated(case, context).is_some(),
        Guard::ReasonOutOfOrder
        | Guard::AbleRecipient
        | Guard::ToldOnce
        | Guard::SomethingMissing
        | Guard::BreachCause
        | Guard::Confirmed
        | Guard::AskedOnce => true,
    }
}

/// Guards that depend on what was written or on who is to receive the case.
pub(super) fn holds(guard: Guard, case: &Case, command: &Command, context: &Context<'_>) -> bool {
    match guard {
        Guard::ReasonOutOfOrder => match command {
            Command::Claim { reason } => {
                context.is_next || reason.as_deref().is_some_and(|r| !r.trim().is_empty())
            }
            _ => true,
        },
        Guard::AbleRecipient => context.recipient.as_ref().is_some_and(|recipient| {
            recipient.enabled
                && recipient.actor.role == Role::Handler
                && recipient.actor.agency == Some(case.agency)
                && !recipient.actor.is_partial_to(case)
        }),
        Guard::ToldOnce => case.supplements == 0 || context.confirmed,
        Guard::Confirmed => context.confirmed,
        Guard::AskedOnce => !context.asked_before,
        Guard::Promised => match command {
            Command::MeetObligation { material } => context.promised.contains(material),
            _ => true,
        },
        Guard::SomethingMissing => match command {
            Command::RequestSupplement { missing } => !missing.is_empty(),
            _ => true,
        },
        // A deadline that passed a moment ago counts although its timer has not fired yet.
        Guard::BreachCause => {
            let late = case.missed()
                || case
                    .due()
                    .is_some_and(|due| deadline::is_late(due, context.now));
            !late
                || command
                    .breach()
                    .is_some_and(|report| !report.words.trim().is_empty())
        }
        Guard::Impartial
        | Guard::HoldLimit
        | Guard::BeforeDeadline
        | Guard::NotAnswered
        | Guard::Overdue
        | Guard::TermMoves => true,
    }
}
