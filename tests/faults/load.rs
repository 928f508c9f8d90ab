//! The load: residents who file and change their minds, handlers who take and decide, reviewers. Each works as a
//! careful person does: what was left unknown is looked up or sent again with the same key until it is known.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::history::{History, Outcome, Seen};
use crate::person::Person;

/// How long somebody goes on asking for one thing when the service stays away.
const STAMINA: Duration = Duration::from_secs(90);
/// The pause before asking again.
const PAUSE: Duration = Duration::from_millis(60);
/// Where to; filings for one of them must not overlap (XR-2).
const DESTINATIONS: [&str; 4] = ["110100", "310100", "120100", "500100"];

/// Everybody who is there; they work until they are told to stop.
pub struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// Who works.
#[derive(Clone)]
pub struct Cast {
    /// Residents; each with a browser and a phone.
    pub residents: Vec<Person>,
    /// Handlers of the agency that has the residents' cases.
    pub handlers: Vec<Person>,
    /// Its reviewers.
    pub reviewers: Vec<Person>,
    /// First day of the registrations that are filed, in the service's time.
    pub from: NaiveDate,
}

impl Cast {
    /// Signs in the named people of the first pool.
    pub fn sign_in(doors: &Arc<Vec<String>>, history: &Arc<History>, from: NaiveDate) -> Self {
        let people = |role: &str, count: usize| {
            (1..=count)
                .map(|number| Person::sign_in(&format!("{role}{number}"), doors, history))
                .collect::<Vec<_>>()
        };
        Self {
            residents: people("resident", 6),
            handlers: people("handler", 3),
            reviewers: people("reviewer", 2),
            from,
        }
    }

    /// The same people behind other doors.
    pub fn at(&self, doors: &Arc<Vec<String>>) -> Self {
        let moved = |people: &[Person]| people.iter().map(|person| person.at(doors)).collect();
        Self {
            residents: moved(&self.residents),
            handlers: moved(&self.handlers),
            reviewers: moved(&self.reviewers),
            from: self.from,
        }
    }
}

impl Load {
    /// Lets everybody begin. `run` tells one load of a scenario from another: it is part of every token.
    pub fn start(cast: &Cast, run: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut load = Self {
            stop,
            threads: vec![],
        };
        for (seed, resident) in (1..).zip(&cast.residents) {
            let picks = Arc::new(AtomicU64::new(0));
            for device in [1, 2] {
                let desk = Desk::new(resident, &load.stop, seed * 10 + device);
                let (picks, from) = (Arc::clone(&picks), cast.from);
                load.spawn(move || desk.resident(run, &picks, from));
            }
        }
        for (seed, handler) in (100..).zip(&cast.handlers) {
            let desk = Desk::new(handler, &load.stop, seed);
            load.spawn(move || desk.handler());
        }
        for (seed, reviewer) in (200..).zip(&cast.reviewers) {
            let desk = Desk::new(reviewer, &load.stop, seed);
            load.spawn(move || desk.reviewer());
        }
        load
    }

    /// Lets only handlers begin, several clients each, who take and give back: nothing but the race for cases.
    pub fn start_claims(cast: &Cast, clients: u64) -> Self {
        let mut load = Self {
            stop: Arc::new(AtomicBool::new(false)),
            threads: vec![],
        };
        for (seed, handler) in (1..).zip(&cast.handlers) {
            for client in 0..clients {
                let desk = Desk::new(handler, &load.stop, seed * 100 + client);
                load.spawn(move || desk.takes_and_gives_back());
            }
        }
        load
    }

    fn spawn(&mut self, work: impl FnOnce() + Send + 'static) {
        self.threads.push(std::thread::spawn(work));
    }

    /// Lets everybody finish what they are about.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().expect("a client ended well");
        }
    }
}

/// Waits until `more` changes were acknowledged.
pub fn wait_for_changes(history: &History, more: u64) {
    let wanted = history.changes() + more;
    wait(history, || history.changes() >= wanted);
}

/// Waits until `more` requests were told to come back.
pub fn wait_for_refusals(history: &History, more: u64) {
    let wanted = history.turned_away() + more;
    wait(history, || history.turned_away() >= wanted);
}

fn wait(history: &History, is_over: impl Fn() -> bool) {
    let until = Instant::now() + STAMINA;
    while !is_over() {
        assert!(
            Instant::now() < until,
            "the load stands still at {} changes; the last attempts: {:#?}",
            history.changes(),
            history.attempts().iter().rev().take(5).collect::<Vec<_>>()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A person at work.
struct Desk {
    person: Person,
    stop: Arc<AtomicBool>,
    dice: Dice,
}

impl Desk {
    fn new(person: &Person, stop: &Arc<AtomicBool>, seed: u64) -> Self {
        Self {
            person: person.clone(),
            stop: Arc::clone(stop),
            dice: Dice(AtomicU64::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15))),
        }
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::SeqCst)
    }

    /// Of four picks, two ask for the same days with tokens of their own, so that one must be refused, and two are
    /// one submission sent twice at about the same moment.
    fn resident(&self, run: u32, picks: &AtomicU64, from: NaiveDate) {
        while self.goes_on() {
            let pick = picks.fetch_add(1, Ordering::SeqCst);
            let span = pick / 2;
            let token = match pick % 4 {
                0 | 1 => format!("{}-{run}-{pick}", self.person.name),
                _ => format!("{}-{run}-both-{span}", self.person.name),
            };
            let body = filing(from, span);
            let Some(seen) = self.until_known(|| self.person.file(&token, &body)) else {
                continue;
            };
            match self.dice.roll(8) {
                // Sent again after all went well.
                0 => drop(self.until_known(|| self.person.file(&token, &body))),
                1 => self.step(&seen, "withdraw", &json!({})),
                _ => self.answer_requests(),
            }
        }
    }

    /// Supplements what the agency asked for.
    fn answer_requests(&self) {
        if self.dice.roll(3) > 0 {
            return;
        }
        let own = self.person.list("/api/v1/cases?limit=20");
        if let Some(asked) = own.iter().find(|case| case.state == "supplement_requested") {
            self.step(
                asked,
                "supplement",
                &json!({ "answers": { "phone": "13900000000" } }),
            );
        }
    }

    fn handler(&self) {
        while self.goes_on() {
            let case = match self.dice.roll(4) {
                // What came back from second review, and what an unknown answer left.
                0 => self.any_of("/api/v1/queue?list=held&limit=50"),
                _ => match self.person.next() {
                    Outcome::Done(seen) => Some(seen),
                    _ => self.any_of("/api/v1/queue?list=held&limit=50"),
                },
            };
            match case {
                Some(case) => self.decide(&case),
                None => std::thread::sleep(PAUSE),
            }
        }
    }

    fn decide(&self, case: &Seen) {
        let grounds = json!({ "reason": "测试", "clause": "二(二)3" });
        match self.dice.roll(10) {
            0 | 1 => self.step(case, "release", &json!({ "reason": "测试" })),
            2 => self.step(case, "refuse", &grounds),
            3 => self.step(case, "not-accept", &grounds),
            4 => {
                let missing = json!([{ "field": "phone", "reason": "测试" }]);
                self.step(case, "request-supplement", &json!({ "missing": missing }));
            }
            5 => self.step(case, "accept", &json!({})),
            _ => self.step(case, "approve", &json!({})),
        }
    }

    fn reviewer(&self) {
        while self.goes_on() {
            match self.any_of("/api/v1/queue?list=second-review&limit=50") {
                Some(case) => match self.dice.roll(4) {
                    0 => self.step(&case, "return", &json!({ "reason": "测试" })),
                    1 => self.step(
                        &case,
                        "refuse",
                        &json!({ "reason": "测试", "clause": "二(二)3" }),
                    ),
                    _ => self.step(&case, "approve", &json!({})),
                },
                None => std::thread::sleep(PAUSE),
            }
        }
    }

    fn takes_and_gives_back(&self) {
        while self.goes_on() {
            if let Outcome::Done(case) = self.person.next() {
                self.step(&case, "release", &json!({ "reason": "测试" }));
            }
        }
    }

    fn any_of(&self, list: &str) -> Option<Seen> {
        let mut cases = self.person.list(list);
        if cases.is_empty() {
            return None;
        }
        let count = u64::try_from(cases.len()).unwrap_or(1);
        let pick = usize::try_from(self.dice.roll(count)).unwrap_or(0);
        Some(cases.swap_remove(pick))
    }

    /// Does something once: after an unknown answer the case says whether it happened; if it did not, it is asked
    /// for again.
    fn step(&self, seen: &Seen, action: &str, more: &Value) {
        let until = Instant::now() + STAMINA;
        while Instant::now() < until {
            match self.person.act(seen, action, more) {
                Outcome::Done(_) | Outcome::Answered | Outcome::Refused(..) => return,
                Outcome::Unavailable { .. } | Outcome::Fault(..) | Outcome::Unknown(_) => {}
            }
            std::thread::sleep(PAUSE);
            if self
                .person
                .case(&seen.receipt_no)
                .is_some_and(|now| now.version > seen.version)
            {
                return;
            }
        }
    }

    /// Asks again with the same key until the answer is known.
    fn until_known(&self, ask: impl Fn() -> Outcome) -> Option<Seen> {
        let until = Instant::now() + STAMINA;
        while Instant::now() < until {
            match ask() {
                Outcome::Done(seen) => return Some(seen),
                Outcome::Answered | Outcome::Refused(..) => return None,
                Outcome::Unavailable { .. } | Outcome::Fault(..) | Outcome::Unknown(_) => {
                    std::thread::sleep(PAUSE);
                }
            }
        }
        None
    }
}

/// A filing whose days no other span of the same destination touches.
pub fn filing(from: NaiveDate, span: u64) -> Value {
    let kinds = u64::try_from(DESTINATIONS.len()).unwrap_or(1);
    let destination = DESTINATIONS[usize::try_from(span % kinds).unwrap_or(0)];
    let start = from + Days::new(span / kinds * 2);
    json!({
        "item": "cross-region-registration",
        "answers": {
            "kind": "other-temporary",
            "destination": destination,
            "start": start.to_string(),
            "end": (start + Days::new(1)).to_string(),
            "phone": "13800000000",
            "pledge": true,
        },
    })
}

/// Numbers that look random and are the same in every run.
struct Dice(AtomicU64);

impl Dice {
    /// From 0 to `sides - 1` (xorshift64*).
    fn roll(&self, sides: u64) -> u64 {
        let mut x = self.0.load(Ordering::Relaxed) | 1;
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.store(x, Ordering::Relaxed);
        (x.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }
}
