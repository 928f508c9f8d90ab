//! Who may do what in which state, generated from the items' tables (CAS-1, CAS-10); and who may use which route
//! on whose things, generated from the route table ([`matrix`]).

pub mod expectations;
mod matrix;
mod overposting;
mod requests;
pub mod scene;
pub mod state;

use bujianmian::clock::Clock;
use bujianmian::data;
use bujianmian::domain::actor::{Actor, Identified, Role};
use bujianmian::domain::calendar::Calendar;
use bujianmian::domain::case::{Case, Channel, ClockState, Limits, State, Term, Urgency};
use bujianmian::domain::deadline::BusinessHours;
use bujianmian::domain::ids::{AccountId, PersonId};
use bujianmian::domain::time::Ts;
use bujianmian::domain::workflow::{Context, Performer, available};
use bujianmian::items;
use strum::IntoEnumIterator;

/// In which relation somebody stands to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The person concerned, or who holds it, or a colleague who had no part in it.
    Natural,
    /// A colleague while somebody else holds it.
    Colleague,
    /// Of another agency of the pool.
    Elsewhere,
    /// A relative of the person concerned.
    Relative,
}

fn actor(role: Role, part: Part, person: PersonId) -> Actor {
    let agency = match part {
        Part::Elsewhere => "371002",
        Part::Natural | Part::Colleague | Part::Relative => "371000",
    };
    let resident = matches!(role, Role::Resident | Role::Proxy);
    Actor {
        account: Clock::new_id(),
        role,
        name: "示例".to_owned(),
        pool: Some("371000".parse().unwrap()),
        agency: (!resident).then(|| agency.parse().unwrap()),
        insured_at: resident.then(|| agency.parse().unwrap()),
        person: (resident && part == Part::Natural).then_some(person),
        relatives: match part {
            Part::Relative => vec![person],
            Part::Natural | Part::Colleague | Part::Elsewhere => vec![],
        },
        entrusted: vec![],
        employer: None,
        institution: None,
        colleagues: vec![],
        identified: Identified::Password,
    }
}

fn case(item: &str, state: State, holder: AccountId, person: PersonId) -> Case {
    let at = Ts::parse("2026-11-24T10:00:00+08:00").unwrap();
    let term = Term {
        number: 1,
        start: at,
        due: Ts::parse("2026-11-25T17:30:00+08:00").unwrap(),
        provisional: false,
        missed: false,
        urgent: None,
    };
    Case {
        id: Clock::new_id(),
        pool: "371000".parse().unwrap(),
        agency: "371000".parse().unwrap(),
        receipt_no: String::new(),
        item: item.to_owned(),
        form_version: 1,
        person,
        filed_by: Clock::new_id(),
        channel: Channel::Online,
        urgency: Urgency::Routine,
        filed_at: at,
        state,
        stage: None,
        version: 2,
        holder: (state == State::InReview).then_some(holder),
        first_reviewer: None,
        proposed: None,
        sampled: false,
        supplements: 0,
        front: false,
        limits: Limits {
            first_answer: 1,
            whole: 1,
        },
        answered: false,
        clock: if state.is_final() {
            ClockState::Stopped { last: 1 }
        } else {
            ClockState::Running { term }
        },
        breached_at: None,
        escalated: false,
        decision: None,
        closed_at: None,
    }
}

fn row(calendar: &Calendar, item: &str, role: Role, state: State, part: Part) -> Option<String> {
    let table = items::find(item).unwrap().table;
    let person = Clock::new_id();
    let actor = actor(role, part, person);
    let holder = match part {
        Part::Colleague => Clock::new_id(),
        Part::Natural | Part::Elsewhere | Part::Relative => actor.account,
    };
    let case = case(item, state, holder, person);
    let context = Context {
        now: Ts::parse("2026-11-24T11:00:00+08:00").unwrap(),
        calendar,
        hours: BusinessHours::default(),
        is_next: false,
        held: 0,
        hold_limit: None,
        recipient: None,
        holder_on_duty: true,
        stand_in: None,
        urgent_hours: 4,
        confirmed: false,
        asked_before: false,
        promised: vec![],
        first_stage: None,
    };
    let actions = available(table, &case, Performer::Person(&actor), &context);
    (!actions.is_empty()).then(|| {
        let actions: Vec<_> = actions.iter().map(|action| action.as_str()).collect();
        format!("{role} {part:?} {state}: {}", actions.join(", "))
    })
}

#[test]
fn who_may_do_what_in_which_state() {
    let calendar = Calendar::parse(data::CALENDARS).unwrap();
    for item in items::ALL {
        let mut lines = vec![];
        for role in Role::iter() {
            for part in [
                Part::Natural,
                Part::Colleague,
                Part::Elsewhere,
                Part::Relative,
            ] {
                for state in State::iter() {
                    lines.extend(row(&calendar, item.slug, role, state, part));
                }
            }
        }
        insta::assert_snapshot!(item.slug, lines.join("\n"));
    }
}
