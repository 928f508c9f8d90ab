//! Hand-made journals and histories for the tests of the checks: one case of one resident, built step by step.

use std::collections::{BTreeMap, HashMap, HashSet};

use bujianmian::domain::actor::Role;
use bujianmian::domain::case::{Channel, Limits, State, Term, Urgency};
use bujianmian::domain::event::{self, Change, Event, Filing};
use bujianmian::domain::ids::{AccountId, CaseId, RegistrationId};
use bujianmian::domain::notice;
use bujianmian::domain::registration::{Registration, Standing};
use bujianmian::domain::time::Ts;
use bujianmian::domain::timer;
use bujianmian::domain::workflow::Action;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::history::{Attempt, Deed, Outcome, Seen};
use crate::ledger::{Kept, Ledger, Mail, Message, Submission, Timer};

/// The case of all samples.
pub const RECEIPT: &str = "371000-20261124-00001-1";

/// A case in the making.
pub struct Sample {
    events: Vec<Event>,
    inbox: Vec<Message>,
    outbox: Vec<Mail>,
    timers: Vec<Timer>,
    breaches: Vec<(CaseId, i32)>,
}

impl Sample {
    /// Filed by `resident1` with token `t1`, to be answered within a day.
    pub fn filed() -> Self {
        let filing = Filing {
            id: case(),
            agency: "371000".parse().unwrap(),
            receipt_no: RECEIPT.to_owned(),
            item: "cross-region-registration".to_owned(),
            form_version: 1,
            person: Uuid::from_u128(1).into(),
            filed_by: resident(),
            channel: Channel::Mobile,
            urgency: Urgency::Routine,
            limits: Limits {
                first_answer: 1,
                whole: 1,
            },
            sampled: false,
            term: Term {
                number: 1,
                start: at(0),
                due: at(24),
                provisional: false,
                missed: false,
                urgent: None,
            },
            identified: None,
        };
        let sample = Self {
            events: vec![],
            inbox: vec![],
            outbox: vec![],
            timers: vec![],
            breaches: vec![],
        };
        let change = Change::Filed(Box::new(filing));
        let mut sample = sample.with(0, Action::Submit, State::Submitted, change);
        sample.events[0].from = State::Draft;
        sample.events[0].actor = Some(resident());
        sample.events[0].role = Some(Role::Resident);
        sample
    }

    /// Taken from the queue by a handler.
    pub fn taken(self, handler: u128) -> Self {
        let holder = account(handler);
        self.with(
            handler,
            Action::Next,
            State::InReview,
            Change::Taken { holder },
        )
        .taken_from_queue()
    }

    /// Given back.
    pub fn released(self, handler: u128) -> Self {
        let mut sample = self.with(handler, Action::Release, State::Submitted, Change::Released);
        sample.last().from = State::InReview;
        sample
    }

    /// Past its due time, by its timer.
    pub fn breached(self) -> Self {
        let mut sample = self
            .with(0, Action::Breach, State::Submitted, Change::Breached)
            .taken_from_queue();
        let last = sample.last();
        (last.actor, last.role, last.at) = (None, None, at(25));
        sample.breaches = vec![(case(), 1)];
        sample.timers = vec![Timer {
            case: case(),
            term: 1,
            kind: timer::Kind::Breach,
            fire_at: at(24).plus(TimeDelta::microseconds(1)),
            fired_at: Some(at(25)),
        }];
        sample
    }

    /// With the messages its filing calls for.
    pub fn told(mut self) -> Self {
        let notice = notice::Kind::Received.as_str().to_owned();
        self.inbox.push(Message {
            case: Some(case()),
            number: Some(1),
            notice: notice.clone(),
            at: at(0),
        });
        self.outbox.push(Mail {
            id: Uuid::from_u128(77).into(),
            case: Some(case()),
            number: Some(1),
            notice,
            state: "waiting".to_owned(),
        });
        self
    }

    /// Reminded of a promise by a timer.
    pub fn reminded(mut self) -> Self {
        let kind = timer::Kind::ObligationReminder;
        self.timers.push(Timer {
            case: case(),
            term: 1,
            kind,
            fire_at: at(1),
            fired_at: Some(at(2)),
        });
        self.inbox.push(Message {
            case: Some(case()),
            number: Some(1),
            notice: kind.as_str().to_owned(),
            at: at(2),
        });
        self
    }

    /// As the database would hold it.
    pub fn ledger(self) -> Ledger {
        let mut stored = event::filed(&self.events[0]).unwrap();
        for event in &self.events[1..] {
            stored = event::evolve(stored, event);
        }
        let names = [
            (resident(), "resident1"),
            (account(1), "handler1"),
            (account(2), "handler2"),
        ];
        let kept = Kept {
            stored,
            events: self.events,
            broken_link: None,
        };
        Ledger {
            now: at(48),
            cases: BTreeMap::from([(case(), kept)]),
            names: HashMap::from(names.map(|(id, name)| (id, name.to_owned()))),
            reachable: HashSet::from([resident()]),
            submissions: vec![Submission {
                account: resident(),
                token: "t1".to_owned(),
                case: case(),
            }],
            inbox: self.inbox,
            outbox: self.outbox,
            timers: self.timers,
            registrations: vec![],
            breaches: self.breaches,
            warned: BTreeMap::new(),
        }
    }

    fn with(mut self, handler: u128, action: Action, to: State, change: Change) -> Self {
        let number = u32::try_from(self.events.len()).unwrap() + 1;
        self.events.push(Event {
            number,
            at: at(i64::from(number)),
            actor: Some(account(handler)),
            role: Some(Role::Handler),
            action,
            from: State::Draft,
            to,
            change,
        });
        self
    }

    fn taken_from_queue(mut self) -> Self {
        self.last().from = State::Submitted;
        self
    }

    fn last(&mut self) -> &mut Event {
        self.events.last_mut().unwrap()
    }
}

/// An attempt.
pub fn attempt(who: &str, deed: Deed, outcome: Outcome) -> Attempt {
    Attempt {
        who: who.to_owned(),
        deed,
        outcome,
    }
}

/// The case in review, as an answer tells of it.
pub fn seen(version: u32) -> Seen {
    Seen {
        receipt_no: RECEIPT.to_owned(),
        state: "in_review".to_owned(),
        version,
    }
}

/// A registration of one person for one place.
pub fn registration(id: u128, from: &str, to: &str) -> Registration {
    Registration {
        id: RegistrationId::from(Uuid::from_u128(id)),
        case: case(),
        person: Uuid::from_u128(1).into(),
        kind: "other-temporary".to_owned(),
        destination: "110100".to_owned(),
        start: from.parse().unwrap(),
        end: Some(to.parse().unwrap()),
        standing: Standing::Pending,
        replaces: None,
        claimed_by: None,
    }
}

/// A mail as it comes over the wire.
pub fn mail(id: &str) -> String {
    format!("From: a\r\nMessage-ID: <{id}@portal.example>\r\n\r\ntext\r\n")
}

fn at(hours: i64) -> Ts {
    let begin = Ts::parse("2026-11-24T10:00:00+08:00").unwrap();
    begin.plus(TimeDelta::hours(hours))
}

fn case() -> CaseId {
    Uuid::from_u128(0xCA5E).into()
}

fn resident() -> AccountId {
    Uuid::from_u128(100).into()
}

fn account(handler: u128) -> AccountId {
    Uuid::from_u128(200 + handler).into()
}
