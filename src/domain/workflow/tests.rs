//! The engine at work, by actors and verbs: CAS-1 row by row, the clock (CLK-1, CLK-5, CLK-6, CLK-7), four
//! eyes (CAS-3), and that the journal tells the whole story.

mod behalf;
mod course;

use rstest::rstest;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::command::{BreachReport, Grounds};
use super::*;
use crate::domain::actor::{Actor, Identified, Role};
use crate::domain::calendar::Calendar;
use crate::domain::case::{BreachCause, Case, Channel, Limits, State, Urgency};
use crate::domain::deadline::BusinessHours;
use crate::domain::event::{self, Event, Filing, Missing, Target, replay};
use crate::domain::ids::{AccountId, PersonId};
use crate::domain::time::Ts;

const MONDAY: &str = "2026-11-23T10:00:00+08:00";

fn at(text: &str) -> Ts {
    Ts::parse(text).unwrap()
}

fn account(n: u128) -> AccountId {
    Uuid::from_u128(n).into()
}

fn person(n: u128) -> PersonId {
    Uuid::from_u128(1000 + n).into()
}

fn staff(n: u128, role: Role) -> Actor {
    Actor {
        account: account(n),
        role,
        name: format!("{role} {n}"),
        pool: Some("371000".parse().unwrap()),
        agency: Some("371000".parse().unwrap()),
        insured_at: None,
        person: Some(person(n)),
        relatives: vec![],
        entrusted: vec![],
        employer: None,
        institution: None,
        colleagues: vec![],
        identified: Identified::Password,
    }
}

fn resident() -> Actor {
    Actor {
        agency: None,
        insured_at: Some("371000".parse().unwrap()),
        ..staff(1, Role::Resident)
    }
}

/// A case in the hands of the office, its journal, and the time.
struct Office {
    calendar: Calendar,
    case: Case,
    journal: Vec<Event>,
    now: Ts,
    is_next: bool,
    confirmed: bool,
    on_duty: bool,
    recipient: Option<Recipient>,
    promised: Vec<String>,
}

impl Office {
    fn filed(sampled: bool) -> Self {
        let calendar = Calendar::parse(crate::data::CALENDARS).unwrap();
        let hours = BusinessHours::default();
        let filing = Filing {
            id: Uuid::from_u128(7).into(),
            agency: "371000".parse().unwrap(),
            receipt_no: "371000-20261123-00001-0".to_owned(),
            item: "any".to_owned(),
            form_version: 1,
            person: person(1),
            filed_by: account(1),
            channel: Channel::Online,
            urgency: Urgency::Routine,
            limits: Limits {
                first_answer: 1,
                whole: 5,
            },
            sampled,
            term: term(1, at(MONDAY), 1, &calendar, hours),
            identified: Some(Identified::Password),
        };
        let event = first_event(filing, &resident(), at(MONDAY));
        let case = event::filed(&event).unwrap();
        Self {
            calendar,
            case,
            journal: vec![event],
            now: at(MONDAY),
            is_next: true,
            confirmed: false,
            on_duty: true,
            recipient: None,
            promised: vec![],
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            calendar: &self.calendar,
            hours: BusinessHours::default(),
            is_next: self.is_next,
            held: 0,
            hold_limit: None,
            recipient: self.recipient.clone(),
            holder_on_duty: self.on_duty,
            stand_in: None,
            urgent_hours: 4,
            promised: self.promised.clone(),
            confirmed: self.confirmed,
            asked_before: false,
            first_stage: None,
        }
    }

    fn try_do(&self, who: Performer<'_>, command: &Command) -> Result<Step, Refusal> {
        apply(standard::ONLINE, &self.case, who, command, &self.context())
    }

    /// Does it and keeps the journal; every step leaves the case that its journal tells of.
    fn act(&mut self, who: Performer<'_>, command: Command) {
        let step = self
            .try_do(who, &command)
            .unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        self.journal.push(step.event);
        self.case = step.case;
        assert_eq!(replay(&self.journal), Ok(self.case.clone()));
    }

    fn by(&mut self, actor: &Actor, command: Command) {
        self.act(Performer::Person(actor), command);
    }

    fn refusal(&self, actor: &Actor, command: Command) -> Refusal {
        self.try_do(Performer::Person(actor), &command).unwrap_err()
    }

    fn due(&self) -> String {
        self.case.due().unwrap().rfc3339()
    }
}

fn approve() -> Command {
    Command::Approve { breach: None }
}

fn refuse() -> Command {
    let grounds = Grounds {
        reason: "not insured here".to_owned(),
        clause: "XR-1".to_owned(),
    };
    Command::Refuse {
        grounds,
        breach: None,
    }
}

fn ask_for(material: &str) -> Command {
    Command::RequestSupplement {
        missing: vec![Missing {
            target: Target::Material(material.to_owned()),
            reason: "unreadable".to_owned(),
        }],
    }
}

#[test]
fn a_handler_takes_the_next_case_and_approves_it() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    assert_eq!(
        (office.case.state, office.case.holder),
        (State::InReview, Some(handler.account))
    );
    assert_eq!(
        office.due(),
        "2026-11-24T17:30:00+08:00",
        "claiming is no answer and stops nothing (CLK-1)"
    );
    office.by(&handler, approve());
    assert_eq!(office.case.state, State::Closed);
    assert_eq!(office.case.due(), None);
    assert_eq!(office.case.closed_at, Some(office.now));
}

#[test]
fn only_the_holder_acts_and_a_resident_never_decides() {
    let mut office = Office::filed(false);
    office.by(&staff(10, Role::Handler), Command::Next);
    assert_eq!(
        office.refusal(&staff(11, Role::Handler), approve()),
        Refusal::HeldByAnother
    );
    assert_eq!(
        office.refusal(&staff(11, Role::Handler), Command::Next),
        Refusal::NotInThisState
    );
    assert_eq!(office.refusal(&resident(), approve()), Refusal::NotYours);
    assert_eq!(
        office.refusal(&staff(12, Role::Reviewer), approve()),
        Refusal::NotYours
    );
}

#[test]
fn staff_of_another_agency_and_readers_may_do_nothing() {
    let mut office = Office::filed(false);
    let elsewhere = Actor {
        agency: Some("371002".parse().unwrap()),
        ..staff(10, Role::Handler)
    };
    assert_eq!(office.refusal(&elsewhere, Command::Next), Refusal::NotYours);
    office.by(&staff(10, Role::Handler), Command::Next);
    for role in Role::iter().filter(|role| !role.works_the_desk()) {
        let reader = Actor {
            person: None,
            ..staff(90, role)
        };
        let open = available(
            standard::ONLINE,
            &office.case,
            Performer::Person(&reader),
            &office.context(),
        );
        assert_eq!(open, [], "{role}");
    }
}

// CAS-10
#[test]
fn nobody_handles_the_own_or_a_relatives_case() {
    let office = Office::filed(false);
    let own = Actor {
        person: Some(person(1)),
        ..staff(10, Role::Handler)
    };
    let kin = Actor {
        relatives: vec![person(1)],
        ..staff(11, Role::Handler)
    };
    for partial in [own, kin] {
        assert_eq!(
            office.refusal(&partial, Command::Next),
            Refusal::Rule(Guard::Impartial)
        );
        let open = available(
            standard::ONLINE,
            &office.case,
            Performer::Person(&partial),
            &office.context(),
        );
        assert_eq!(open, []);
    }
}

// CLK-7
#[test]
fn picking_out_of_order_needs_a_reason() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.is_next = false;
    for reason in [None, Some("  ".to_owned())] {
        assert_eq!(
            office.refusal(&handler, Command::Claim { reason }),
            Refusal::Rule(Guard::ReasonOutOfOrder)
        );
    }
    office.by(
        &handler,
        Command::Claim {
            reason: Some("the caller is on the phone".to_owned()),
        },
    );
    assert_eq!(office.case.holder, Some(handler.account));
}

// CAS-3
#[test]
fn a_refusal_waits_for_another_person_and_the_clock_runs_on() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    office.by(&handler, refuse());
    assert_eq!(
        (office.case.state, office.case.holder),
        (State::SecondReview, None)
    );
    assert!(office.case.due().is_some());
    let same_person_as_reviewer = Actor {
        account: handler.account,
        ..staff(12, Role::Reviewer)
    };
    assert_eq!(
        office.refusal(&same_person_as_reviewer, refuse()),
        Refusal::NotYours
    );
    office.by(&staff(12, Role::Reviewer), refuse());
    assert_eq!(office.case.state, State::Refused);
}

#[test]
fn the_table_knows_each_action_once_a_state_and_leaves_no_state_without_a_way_on() {
    for state in State::iter() {
        let rows: Vec<_> = standard::ONLINE
            .iter()
            .filter(|row| row.from == state)
            .collect();
        let mut actions: Vec<_> = rows.iter().map(|row| row.action).collect();
        actions.sort_unstable();
        actions.dedup();
        assert_eq!(actions.len(), rows.len(), "{state}");
        let reached = standard::ONLINE
            .iter()
            .any(|row| row.next == Next::To(state));
        if reached && !state.is_final() {
            assert!(!rows.is_empty(), "{state} is a dead end");
        }
    }
}

#[test]
fn what_is_available_can_be_done_or_asks_only_for_words() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    let open = available(
        standard::ONLINE,
        &office.case,
        Performer::Person(&handler),
        &office.context(),
    );
    assert_eq!(
        open,
        [
            Action::Release,
            Action::HandOver,
            Action::Accept,
            Action::RequestSupplement,
            Action::Approve,
            Action::Refuse,
            Action::NotAccept,
            Action::SetUrgency
        ]
    );
    let open = available(
        standard::ONLINE,
        &office.case,
        Performer::Person(&resident()),
        &office.context(),
    );
    assert_eq!(open, [Action::Withdraw]);
}

#[test]
fn a_journal_out_of_order_is_noticed() {
    let mut office = Office::filed(false);
    office.by(&staff(10, Role::Handler), Command::Next);
    office.by(&staff(10, Role::Handler), approve());
    let swapped = vec![
        office.journal[0].clone(),
        office.journal[2].clone(),
        office.journal[1].clone(),
    ];
    assert_eq!(replay(&swapped), Err(event::ReplayError::Broken(3)));
    assert_eq!(
        replay(&office.journal[1..]),
        Err(event::ReplayError::NoFiling)
    );
    assert_eq!(replay(&[]), Err(event::ReplayError::Empty));
}
