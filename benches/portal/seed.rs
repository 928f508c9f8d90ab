//! Cases that are there before anybody asks for one: real ones, each with its events, hashes, timers, facts, key,
//! registration, submission token and messages, written by the store's own functions, about 1,000 a transaction.
//!
//! Of 100 cases 80 wait in the queue of the measured agency, 10 in that of a county agency, 5 are held by a handler of
//! the measured agency, and 5 were approved there (those that CAS-3 chooses wait for the second review). All were filed
//! within the last ten minutes, so that no deadline comes while it is measured. Each applicant has 20 cases.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bujianmian::clock::Clock;
use bujianmian::domain::calendar::Calendar;
use bujianmian::domain::case::{Case, Channel, Limits};
use bujianmian::domain::deadline::BusinessHours;
use bujianmian::domain::event::{self, Event, Filing, Words};
use bujianmian::domain::form::Answers;
use bujianmian::domain::ids::{CaseId, RegistrationId, TimerId};
use bujianmian::domain::ladder::{Passed, WorkingTime};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice::{self, Choices};
use bujianmian::domain::place::AgencyCode;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::registration::{Registration, Standing};
use bujianmian::domain::review::sampled;
use bujianmian::domain::time::{Day, Ts};
use bujianmian::domain::timer::{self, Planned, WaitRules};
use bujianmian::domain::workflow::{Command, Context, Performer, Step, apply, first_event, term};
use bujianmian::items;
use bujianmian::store::cases::{self, Listed, Moved};
use bujianmian::store::messages::{Addressee, Bag, post};
use bujianmian::store::receipts::{self, Submitted};
use bujianmian::store::vault::sha256;
use bujianmian::store::{Conn, StoreError, journal, registrations, timers};
use bujianmian::usecases::App;
use chrono::{TimeDelta, Timelike};

use crate::people::{self, AGENCIES, HANDLERS, Numbered};
use crate::terms::Terms;

/// The item of all cases.
pub const ITEM: &str = "cross-region-registration";
/// Cases a transaction.
const CHUNK: u64 = 1_000;
/// Cases of one applicant.
const EACH: u64 = 20;
/// Known cases that are kept for reading, at most.
const KNOWN: usize = 2_000;

/// A case that can be looked up.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its number.
    pub receipt_no: String,
    /// The last six characters of the applicant's ID number.
    pub last_six: String,
}

/// What was seeded.
pub struct Seeded {
    /// Cases a second.
    pub rate: f64,
    /// Some of those at the measured agency.
    pub known: Vec<Known>,
}

/// Where a seeded case stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Queue,
    CountyQueue,
    Held,
    Approved,
}

impl Place {
    fn of(number: u64) -> Self {
        match number % 100 {
            0..80 => Self::Queue,
            80..90 => Self::CountyQueue,
            90..95 => Self::Held,
            _ => Self::Approved,
        }
    }

    fn agency(self) -> AgencyCode {
        let code = match self {
            Self::CountyQueue => AGENCIES[1],
            Self::Queue | Self::Held | Self::Approved => AGENCIES[0],
        };
        code.parse().expect("a code")
    }
}

/// A case with all it needs to be written, so that a transaction which is run again writes the same.
struct Ready {
    case: Case,
    filed: Event,
    steps: Vec<Step>,
    name: String,
    answers: Answers,
    facts: [(&'static str, String); 2],
    registration: Registration,
    timers: [TimerId; timer::MOST],
    /// The only timer, where it is not what the clock plans.
    rung: Option<Planned>,
    time: (Calendar, BusinessHours),
    messages: Bag,
}

/// Writes `count` cases whose applicants are the residents from `first` on, with so many connections at once.
pub fn seed(
    app: &App,
    places: &[String],
    (count, terms): (u64, Terms),
    first: u32,
    connections: u32,
) -> Seeded {
    let applicants = u32::try_from(count.div_ceil(EACH)).expect("fewer than 80 milliards");
    let begun = Instant::now();
    people::settle(&app.db, first, first + applicants);
    let day = Clock::real().day();
    let numbers = AGENCIES.map(|code| block(app, code, day, count));
    let (next, known) = (AtomicU64::new(0), Mutex::new(vec![]));
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                loop {
                    let begin = next.fetch_add(CHUNK, Ordering::Relaxed);
                    if begin >= count {
                        return;
                    }
                    let end = (begin + CHUNK).min(count);
                    let ready: Vec<Ready> = (begin..end)
                        .map(|number| ready(app, places, (number, terms), first, day, numbers))
                        .collect();
                    keep(&mut known.lock().expect("the list"), &ready, first, begin);
                    write(app, ready);
                }
            });
        }
    });
    Seeded {
        rate: count as f64 / begun.elapsed().as_secs_f64(),
        known: known.into_inner().expect("the list"),
    }
}

/// Takes as many receipt numbers as are needed out of an agency's counter.
fn block(app: &App, code: &str, day: Day, count: u64) -> u32 {
    let agency: AgencyCode = code.parse().expect("a code");
    let size = i32::try_from(count).expect("a number");
    let taken = app
        .db
        .write_blocking(move |conn| receipts::take_block(conn, agency, day, size));
    u32::try_from(taken.expect("numbers are taken")).expect("a number")
}

fn keep(known: &mut Vec<Known>, ready: &[Ready], first: u32, begin: u64) {
    for (number, one) in (begin..).zip(ready) {
        if known.len() < KNOWN && Place::of(number) == Place::Queue && number % 7 == 0 {
            known.push(Known {
                receipt_no: one.case.receipt_no.clone(),
                last_six: people::id_number(applicant(first, number))
                    .last_six()
                    .to_owned(),
            });
        }
    }
}

fn applicant(first: u32, number: u64) -> u32 {
    first + u32::try_from(number / EACH).expect("a number")
}

fn ready(
    app: &App,
    places: &[String],
    (number, terms): (u64, Terms),
    first: u32,
    day: Day,
    numbers: [u32; 2],
) -> Ready {
    let place = match terms {
        Terms::Ordinary => Place::of(number),
        Terms::Rungs => Place::Queue,
    };
    let agency = place.agency();
    let base = numbers[usize::from(place == Place::CountyQueue)];
    let sequence = base + u32::try_from(number).expect("a number");
    let resident = applicant(first, number);
    let actor = people::resident_actor(resident);
    // Never yesterday: the day stands in the receipt number.
    let now = Clock::real();
    let since_midnight = i64::from(now.beijing().time().num_seconds_from_midnight());
    let ago = i64::try_from(number % 600)
        .expect("a number")
        .min(since_midnight);
    let at = now.plus(TimeDelta::seconds(-ago));
    // XR-2: every case of one applicant has another destination.
    let turn = usize::try_from(number % EACH).expect("a number");
    let destination = places[turn % places.len()].clone();
    let receipt_no = ReceiptNo::new(agency, day, sequence).to_string();
    let mut filing = filing(app, agency, receipt_no, resident, at);
    let rung = terms.rung(number, now);
    if let Some((term, _)) = rung {
        filing.term = term;
    }
    let filed = first_event(filing, &actor, at);
    let case = event::filed(&filed).expect("a filing");
    let steps = steps(app, place, &case, now);
    let kind = "long-term-residence".to_owned();
    let answers = [
        ("kind", kind.clone().into()),
        ("destination", destination.clone().into()),
        ("start", day.to_string().into()),
        ("phone", "13800000000".into()),
        ("pledge", true.into()),
    ];
    Ready {
        registration: Registration {
            id: Clock::new_id::<RegistrationId>(),
            case: case.id,
            person: case.person,
            kind: kind.clone(),
            destination: destination.clone(),
            start: day,
            end: None,
            standing: Standing::Pending,
            replaces: None,
            claimed_by: None,
        },
        name: people::name(resident),
        answers: answers
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
        facts: [("kind", kind), ("destination", destination)],
        timers: std::array::from_fn(|_| Clock::new_id()),
        rung: rung.map(|(_, timer)| timer),
        time: (app.calendar(), app.office.hours(agency)),
        messages: Bag::of(Clock::new_id()),
        case,
        filed,
        steps,
    }
}

fn filing(app: &App, agency: AgencyCode, receipt_no: String, resident: u32, at: Ts) -> Filing {
    let item = items::find(ITEM).expect("the item");
    let policy = app.office.policies.on(agency.pool(), at.day());
    let days = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    let limits = Limits {
        first_answer: days(policy.first_answer(ITEM).value.0),
        whole: days(policy.whole_case(ITEM).value.0),
    };
    Filing {
        id: Clock::new_id::<CaseId>(),
        agency,
        item: ITEM.to_owned(),
        form_version: item.form.version,
        person: Numbered::Person.id(resident),
        filed_by: Numbered::Resident.id(resident),
        channel: Channel::Mobile,
        urgency: item.urgency,
        limits,
        sampled: sampled(
            &sha256(receipt_no.as_bytes()),
            policy.second_review_sample().value,
        ),
        term: term(
            1,
            at,
            limits.first_answer,
            &app.calendar(),
            app.office.hours(agency),
        ),
        receipt_no,
        identified: None,
    }
}

/// What the agency did with the case, by the item's own table.
fn steps(app: &App, place: Place, case: &Case, now: Ts) -> Vec<Step> {
    let commands: &[Command] = match place {
        Place::Queue | Place::CountyQueue => &[],
        Place::Held => &[Command::Next],
        Place::Approved => &[Command::Next, Command::Approve { breach: None }],
    };
    let item = items::find(ITEM).expect("the item");
    let handler = people::handler_actor(HANDLERS);
    let calendar = app.calendar();
    let mut steps: Vec<Step> = vec![];
    for command in commands {
        let case = steps.last().map_or(case, |step| &step.case);
        let context = Context {
            now,
            calendar: &calendar,
            hours: app.office.hours(case.agency),
            is_next: true,
            held: 0,
            hold_limit: None,
            recipient: None,
            holder_on_duty: true,
            stand_in: None,
            urgent_hours: 4,
            promised: vec![],
            confirmed: false,
            asked_before: false,
            first_stage: item.first_stage,
        };
        let step = apply(
            item.table,
            case,
            Performer::Person(&handler),
            command,
            &context,
        );
        steps.push(step.expect("the table allows it"));
    }
    steps
}

fn write(app: &App, ready: Vec<Ready>) {
    let write = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
        ready.iter().try_for_each(|one| insert(conn, one))
    };
    app.db.write_blocking(write).expect("cases are written");
}

fn insert(conn: &mut Conn<'_>, ready: &Ready) -> Result<(), StoreError> {
    let case = &ready.case;
    cases::insert(conn, case, &ready.name, &ready.answers, &ready.facts)?;
    journal::open(conn, case.pool, case.id)?;
    registrations::insert(conn, case.pool, &ready.registration)?;
    let token = Submitted {
        body_hash: sha256(case.receipt_no.as_bytes()),
        case: (case.pool, case.id),
    };
    receipts::remember(conn, case.filed_by, &case.receipt_no, &token, case.filed_at)?;
    record(conn, ready, None, case, &ready.filed, &Words::default())?;
    let mut before = Listed {
        case: case.clone(),
        person_name: ready.name.clone(),
        turn_at: case.filed_at,
    };
    for step in &ready.steps {
        let moved = cases::advance(conn, &before, &step.case, step.event.at)?;
        assert_eq!(moved, Moved::Done, "nobody else has the case");
        record(
            conn,
            ready,
            Some(&before.case),
            &step.case,
            &step.event,
            &step.words,
        )?;
        if step.case.closed_at.is_some() {
            registrations::activate(conn, case.pool, case.id)?;
        }
        before.case = step.case.clone();
    }
    Ok(())
}

/// Journal, timers and message of an event.
fn record(
    conn: &mut Conn<'_>,
    ready: &Ready,
    before: Option<&Case>,
    case: &Case,
    event: &Event,
    words: &Words,
) -> Result<(), StoreError> {
    journal::append(conn, case.pool, case.id, event, words)?;
    if before.is_none_or(|before| before.clock != case.clock) {
        let rules = WaitRules {
            lapse_after: 30,
            remind_before: 7,
        };
        let time = WorkingTime {
            calendar: &ready.time.0,
            hours: ready.time.1,
        };
        let planned = match ready.rung {
            Some(rung) => vec![rung],
            None => timer::plan(case, &rules, time, event.at, Passed::AtOnce),
        };
        let planned: Vec<_> = ready.timers.into_iter().zip(planned).collect();
        match before {
            Some(_) => timers::replace(conn, case.pool, case.id, &planned)?,
            None => timers::insert_all(conn, case.pool, case.id, &planned)?,
        }
    }
    let Some(notice) = notice::of_event(case, event) else {
        return Ok(());
    };
    let to = Addressee {
        account: case.filed_by,
        locale: Locale::Zh,
        email: None,
        phone: None,
        choices: Choices::default(),
    };
    post(
        conn,
        case,
        &to,
        &notice,
        &ready.messages,
        event.at,
        event.at,
    )
}
