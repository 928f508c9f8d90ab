//! What becomes of a case on its way: waits (CLK-5, CLK-6), a missed deadline (CLK-7), promises (CAS-4), reopening
//! (CAS-1) and the first answer (CLK-1).

use super::*;

// CLK-5
#[rstest]
#[case(true, State::InReview)]
#[case(false, State::Submitted)]
fn a_supplement_pauses_the_clock_and_its_arrival_starts_the_full_term_anew(
    #[case] on_duty: bool,
    #[case] back_in: State,
) {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    office.by(&handler, ask_for("referral-slip"));
    assert_eq!(office.case.due(), None, "a paused case has no due time");
    office.now = at("2026-11-27T16:00:00+08:00");
    office.on_duty = on_duty;
    office.by(&resident(), Command::Supplement);
    assert_eq!(office.case.state, back_in);
    assert_eq!(
        office.case.front, !on_duty,
        "front of the queue while the handler is away"
    );
    assert_eq!(
        office.due(),
        "2026-12-04T17:30:00+08:00",
        "the whole-case limit of five days, from the new start"
    );
    assert_eq!(office.case.term_number(), 2);
}

// CLK-6
#[test]
fn what_is_missing_is_told_once() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    assert_eq!(
        office.refusal(&handler, Command::RequestSupplement { missing: vec![] }),
        Refusal::Rule(Guard::SomethingMissing)
    );
    office.by(&handler, ask_for("referral-slip"));
    office.by(&resident(), Command::Supplement);
    assert_eq!(
        office.refusal(&handler, ask_for("referral-slip")),
        Refusal::Rule(Guard::ToldOnce)
    );
    office.confirmed = true;
    office.by(&handler, ask_for("referral-slip"));
    assert_eq!(office.case.supplements, 2);
}

#[test]
fn the_deadline_itself_is_in_time_and_the_instant_after_is_not() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    office.now = at("2026-11-24T17:30:00+08:00");
    assert!(
        office
            .try_do(Performer::Person(&handler), &approve())
            .is_ok()
    );
    assert!(
        office.try_do(Performer::Timer, &Command::Breach).is_err(),
        "nothing is early"
    );
    office.now = office.now.plus(chrono::TimeDelta::microseconds(1));
    assert_eq!(
        office.refusal(&handler, approve()),
        Refusal::Rule(Guard::BreachCause)
    );
    assert_eq!(
        office.refusal(&handler, ask_for("x")),
        Refusal::Rule(Guard::BeforeDeadline)
    );
}

// CLK-7
#[test]
fn a_breached_case_is_the_supervisors_to_give_out_and_needs_its_cause() {
    let mut office = Office::filed(false);
    let (handler, supervisor) = (staff(10, Role::Handler), staff(13, Role::Supervisor));
    office.by(&handler, Command::Next);
    office.now = at("2026-11-25T08:00:00+08:00");
    office.act(Performer::Timer, Command::Breach);
    assert!(office.case.escalated);
    assert_eq!(
        office
            .try_do(Performer::Timer, &Command::Breach)
            .unwrap_err(),
        Refusal::Rule(Guard::Overdue),
        "once"
    );
    assert_eq!(office.refusal(&handler, approve()), Refusal::HeldByAnother);
    office.recipient = Some(Recipient {
        actor: staff(11, Role::Handler),
        enabled: true,
    });
    office.by(
        &supervisor,
        Command::Assign {
            to: account(11),
            reason: "cover".to_owned(),
        },
    );
    let breach = BreachReport {
        code: BreachCause::Workload,
        words: "forty cases, one handler".to_owned(),
    };
    assert_eq!(
        office.refusal(&staff(11, Role::Handler), approve()),
        Refusal::Rule(Guard::BreachCause)
    );
    office.by(
        &staff(11, Role::Handler),
        Command::Approve {
            breach: Some(breach),
        },
    );
    assert_eq!(office.case.state, State::Closed);
    assert!(
        office.case.breached_at.is_some(),
        "a breach is never taken back"
    );
}

#[test]
fn the_applicants_withdrawal_needs_no_cause_and_nothing_follows_it() {
    let mut office = Office::filed(false);
    office.now = at("2026-12-24T08:00:00+08:00");
    office.act(Performer::Timer, Command::Breach);
    office.by(&resident(), Command::Withdraw { reason: None });
    assert_eq!(office.case.state, State::Withdrawn);
    assert_eq!(
        office.refusal(&staff(10, Role::Handler), Command::Next),
        Refusal::NotInThisState
    );
}

// CAS-4
#[test]
fn a_promise_is_kept_at_any_time_and_changes_nothing_but_the_version() {
    let mut office = Office::filed(false);
    let keep = || Command::MeetObligation {
        material: "referral-slip".to_owned(),
    };
    assert_eq!(
        office.refusal(&resident(), keep()),
        Refusal::Rule(Guard::Promised)
    );
    office.promised = vec!["referral-slip".to_owned()];
    assert_eq!(
        office.refusal(&staff(10, Role::Handler), keep()),
        Refusal::NotYours
    );
    let before = office.case.clone();
    office.by(&resident(), keep());
    let version = before.version + 1;
    assert_eq!(office.case, Case { version, ..before });
    office.by(&staff(10, Role::Handler), Command::Next);
    office.by(&staff(10, Role::Handler), Command::Approve { breach: None });
    let closed = office.case.clone();
    office.by(&resident(), keep());
    let version = closed.version + 1;
    assert_eq!(office.case, Case { version, ..closed });
}

#[test]
fn cases_are_handed_over_only_to_able_handlers_of_the_agency() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    let command = || Command::HandOver {
        to: account(11),
        reason: "leave".to_owned(),
    };
    let kin = Actor {
        relatives: vec![person(1)],
        ..staff(11, Role::Handler)
    };
    let elsewhere = Actor {
        agency: Some("371002".parse().unwrap()),
        ..staff(11, Role::Handler)
    };
    for unable in [
        None,
        Some(Recipient {
            actor: staff(11, Role::Reviewer),
            enabled: true,
        }),
        Some(Recipient {
            actor: staff(11, Role::Handler),
            enabled: false,
        }),
        Some(Recipient {
            actor: kin,
            enabled: true,
        }),
        Some(Recipient {
            actor: elsewhere,
            enabled: true,
        }),
    ] {
        office.recipient = unable;
        assert_eq!(
            office.refusal(&handler, command()),
            Refusal::Rule(Guard::AbleRecipient)
        );
    }
    office.recipient = Some(Recipient {
        actor: staff(11, Role::Handler),
        enabled: true,
    });
    office.by(&handler, command());
    assert_eq!(office.case.holder, Some(account(11)));
}

#[test]
fn reopening_takes_two_people_and_may_be_missed_again() {
    let mut office = Office::filed(false);
    let (handler, supervisor) = (staff(10, Role::Handler), staff(13, Role::Supervisor));
    office.by(&handler, Command::Next);
    office.by(&handler, approve());
    let reopen = || Command::Reopen {
        reason: "new facts".to_owned(),
    };
    assert_eq!(
        office.refusal(&supervisor, reopen()),
        Refusal::Rule(Guard::Confirmed)
    );
    office.confirmed = true;
    office.by(&supervisor, reopen());
    assert_eq!(
        (office.case.state, office.case.escalated),
        (State::InReview, true)
    );
    office.now = at("2026-12-24T08:00:00+08:00");
    office.act(Performer::Timer, Command::Breach);
    assert!(office.case.missed());
}

// CLK-1
#[test]
fn accepting_is_the_first_answer_and_the_whole_case_limit_counts_from_the_same_start() {
    let mut office = Office::filed(false);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    office.now = at("2026-11-24T09:00:00+08:00");
    office.by(&handler, Command::Accept);
    assert_eq!(office.due(), "2026-11-30T17:30:00+08:00");
    assert_eq!(
        office.refusal(&handler, Command::Accept),
        Refusal::Rule(Guard::NotAnswered)
    );
}

#[test]
fn a_reviewer_sends_back_to_the_first_reviewer() {
    let mut office = Office::filed(true);
    let handler = staff(10, Role::Handler);
    office.by(&handler, Command::Next);
    office.by(&handler, approve());
    assert_eq!(
        office.case.state,
        State::SecondReview,
        "sampled approvals are looked at twice"
    );
    office.by(
        &staff(12, Role::Reviewer),
        Command::Return {
            reason: "look again".to_owned(),
        },
    );
    assert_eq!(
        (office.case.state, office.case.holder),
        (State::InReview, Some(handler.account))
    );
    office.by(&handler, approve());
    office.by(&staff(12, Role::Reviewer), approve());
    assert_eq!(office.case.state, State::Closed);
}
