//! Filing for others and urgency in the engine: who still acts (CAS-8), stand-ins (CLK-5), classes (CAT-4).

use super::*;
use crate::domain::proxy::Entrusted;

fn proxy(items: Option<Vec<String>>) -> Actor {
    Actor {
        person: Some(person(2)),
        entrusted: vec![Entrusted {
            by: Uuid::from_u128(5).into(),
            person: person(1),
            items,
        }],
        ..Actor {
            account: account(2),
            ..resident()
        }
    }
}

fn withdraw() -> Command {
    Command::Withdraw { reason: None }
}

fn object() -> Command {
    Command::Object {
        reason: "not asked for".to_owned(),
    }
}

#[test]
fn a_proxy_acts_while_the_authorisation_covers_the_item() {
    let office = Office::filed(false);
    let may = |actor: &Actor| office.try_do(Performer::Person(actor), &withdraw()).is_ok();
    assert!(may(&proxy(None)));
    assert!(may(&proxy(Some(vec!["any".to_owned()]))));
    assert!(!may(&proxy(Some(vec!["another".to_owned()]))));
}

#[test]
fn who_filed_without_an_authorisation_reads_until_the_end_and_does_nothing() {
    let mut office = Office::filed(false);
    office.case.filed_by = account(2);
    let lapsed = Actor {
        entrusted: vec![],
        ..proxy(None)
    };
    assert_eq!(lapsed.sight(&office.case), crate::domain::actor::Sight::Own);
    assert_eq!(office.refusal(&lapsed, withdraw()), Refusal::NotYours);
    let ended = office.try_do(Performer::Person(&resident()), &withdraw());
    assert_eq!(
        lapsed.sight(&ended.unwrap().case),
        crate::domain::actor::Sight::None
    );
}

#[test]
fn only_the_person_concerned_objects_and_only_to_what_somebody_else_filed() {
    let mut office = Office::filed(false);
    assert_eq!(office.refusal(&resident(), object()), Refusal::NotYours);
    office.case.filed_by = account(2);
    assert_eq!(office.refusal(&proxy(None), object()), Refusal::NotYours);
    let step = office
        .try_do(Performer::Person(&resident()), &object())
        .unwrap();
    assert_eq!(step.case.state, State::Withdrawn);
}

// CLK-5
#[test]
fn a_supplement_goes_to_the_stand_in_of_who_is_away() {
    let mut office = Office::filed(false);
    office.by(&staff(10, Role::Handler), Command::Next);
    office.by(&staff(10, Role::Handler), ask_for("slip"));
    let context = Context {
        holder_on_duty: false,
        stand_in: Some(account(11)),
        ..office.context()
    };
    let step = apply(
        standard::ONLINE,
        &office.case,
        Performer::Person(&resident()),
        &Command::Supplement,
        &context,
    )
    .unwrap();
    assert_eq!(
        (step.case.state, step.case.holder, step.case.front),
        (State::InReview, Some(account(11)), false)
    );
}

// CLK-7: at the start of leave the service itself gives out what is held.
#[test]
fn the_service_gives_a_case_to_an_able_handler_only() {
    let mut office = Office::filed(false);
    office.by(&staff(10, Role::Handler), Command::Next);
    let command = Command::Assign {
        to: account(11),
        reason: "leave".to_owned(),
    };
    let refused = office.try_do(Performer::Timer, &command).unwrap_err();
    assert_eq!(refused, Refusal::Rule(Guard::AbleRecipient));
    office.recipient = Some(Recipient {
        actor: staff(11, Role::Handler),
        enabled: true,
    });
    office.act(Performer::Timer, command);
    assert_eq!(office.case.holder, Some(account(11)));
}

// CAT-4
#[rstest]
#[case(Urgency::Urgent, "2026-11-23T15:30:00+08:00", 0)]
#[case(Urgency::Special, "2026-11-24T17:30:00+08:00", 2)]
#[case(Urgency::Routine, "2026-11-24T17:30:00+08:00", 2)]
#[case(Urgency::Deferrable, "2026-11-24T17:30:00+08:00", 3)]
fn a_class_sets_rank_and_hastens(#[case] urgency: Urgency, #[case] due: &str, #[case] rank: i16) {
    let mut office = Office::filed(false);
    let set = |urgency| Command::SetUrgency {
        urgency,
        reason: "in hospital".to_owned(),
    };
    office.by(&staff(10, Role::Handler), set(urgency));
    assert_eq!(
        (office.due().as_str(), office.case.queue_rank()),
        (due, rank)
    );
    // No class makes it later.
    office.by(&staff(20, Role::Supervisor), set(Urgency::Deferrable));
    assert_eq!(office.due(), due);
}

#[test]
fn an_urgent_case_is_never_due_later_than_an_ordinary_one() {
    let mut office = Office::filed(false);
    office.now = at("2026-11-24T16:00:00+08:00");
    let urgent = Command::SetUrgency {
        urgency: Urgency::Urgent,
        reason: "in hospital".to_owned(),
    };
    office.by(&staff(10, Role::Handler), urgent);
    assert_eq!(office.due(), "2026-11-24T17:30:00+08:00");
    assert_eq!(office.case.term_number(), 1);
}
