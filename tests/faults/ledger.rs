//! What the database holds after a scenario, read past the service. Nothing here judges it; see [`crate::checks`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use bujianmian::clock::Clock;
use bujianmian::config::Config;
use bujianmian::domain::case::Case;
use bujianmian::domain::event::{self, Event};
use bujianmian::domain::ids::{AccountId, CaseId, MessageId, PersonId, RegistrationId};
use bujianmian::domain::notice;
use bujianmian::domain::place::Pool;
use bujianmian::domain::registration::Registration;
use bujianmian::domain::time::Ts;
use bujianmian::domain::timer;
use bujianmian::store::schema::{
    account, breach, cases, inbox, material, outbox, person, registration, submission,
    timer as timers,
};
use bujianmian::store::vault::Vault;
use bujianmian::store::{Conn, Db, Location, StoreError, demo, journal, registrations};
use chrono::TimeDelta;
use diesel::prelude::*;

/// Everything the checks look at.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// Business time at which it was read.
    pub now: Ts,
    /// The cases with their journals.
    pub cases: BTreeMap<CaseId, Kept>,
    /// User names.
    pub names: HashMap<AccountId, String>,
    /// Accounts that get mail.
    pub reachable: HashSet<AccountId>,
    /// Submission tokens.
    pub submissions: Vec<Submission>,
    /// Messages in the portal.
    pub inbox: Vec<Message>,
    /// Messages by mail.
    pub outbox: Vec<Mail>,
    /// Timers.
    pub timers: Vec<Timer>,
    /// Registrations.
    pub registrations: Vec<Registration>,
    /// The register of missed deadlines: case and run of the clock.
    pub breaches: Vec<(CaseId, i32)>,
    /// How many cases each login was warned of at the desk, by kind, however the messages were bundled.
    pub warned: BTreeMap<(AccountId, timer::Kind), usize>,
}

/// A case as stored, and its journal.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The row.
    pub stored: Case,
    /// The journal, in order.
    pub events: Vec<Event>,
    /// The first entry whose hash or link is wrong.
    pub broken_link: Option<u32>,
}

/// A submission token and its case.
#[derive(Clone, Debug, Queryable)]
pub struct Submission {
    /// Whose.
    pub account: AccountId,
    /// The token.
    pub token: String,
    /// The case.
    pub case: CaseId,
}

/// A message in the portal.
#[derive(Clone, Debug, Queryable)]
pub struct Message {
    /// The case.
    pub case: Option<CaseId>,
    /// The version of the case it tells of.
    pub number: Option<i32>,
    /// Kind of notice.
    pub notice: String,
    /// When, by business time.
    pub at: Ts,
}

/// A message by mail.
#[derive(Clone, Debug, Queryable)]
pub struct Mail {
    /// Identifier, part of the message id.
    pub id: MessageId,
    /// The case.
    pub case: Option<CaseId>,
    /// The version of the case it tells of.
    pub number: Option<i32>,
    /// Kind of notice.
    pub notice: String,
    /// `waiting`, `sent` or `dead`.
    pub state: String,
}

/// A timer.
#[derive(Clone, Debug, Queryable)]
pub struct Timer {
    /// The case.
    pub case: CaseId,
    /// The run of the clock.
    pub term: i32,
    /// What it does.
    pub kind: timer::Kind,
    /// When.
    pub fire_at: Ts,
    /// When it did.
    pub fired_at: Option<Ts>,
}

/// What was there before the load: nobody in the history did it.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// Versions of the cases.
    pub versions: BTreeMap<CaseId, u32>,
    /// Mails that were kept or sent.
    pub mails: HashSet<MessageId>,
}

/// The database behind a data folder, opened past the service.
pub struct Archive {
    db: Db,
}

impl Archive {
    /// Opens it with the keys of the folder.
    pub fn open(data: &Path, database: Option<&str>) -> Self {
        let mut config = Config::from_env().expect("settings");
        config.data = data.to_owned();
        config.keys = None;
        let keys = config.load_keys().expect("the keys");
        let vault = Vault::new(&keys.sealing, &keys.index).expect("a vault");
        let location = match database {
            Some(url) => Location::Server(url.to_owned()),
            None => Location::File(data.join("bujianmian.db")),
        };
        let db = Db::open(&location, 2, vault).expect("the database opens");
        Self { db }
    }

    /// The database itself, to set a scene.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Business time now: the machine's, or the demo's while it is shifted.
    pub fn now(&self) -> Ts {
        let shift = self.read(demo::shift);
        Clock::real().plus(shift.map_or_else(Default::default, |shift| shift.offset))
    }

    /// What is there now.
    pub fn baseline(&self) -> Baseline {
        let rows: Vec<(CaseId, i32)> = self.read(|c| {
            Ok(cases::table
                .select((cases::id, cases::version))
                .load(c.sql)?)
        });
        let mails: Vec<MessageId> = self.read(|c| {
            Ok(outbox::table
                .filter(outbox::channel.eq("email"))
                .select(outbox::id)
                .load(c.sql)?)
        });
        Baseline {
            versions: rows
                .into_iter()
                .map(|(id, version)| (id, u32::try_from(version).expect("a version")))
                .collect(),
            mails: mails.into_iter().collect(),
        }
    }

    /// How many papers are stored.
    pub fn papers(&self) -> i64 {
        self.read(|c| Ok(material::table.count().get_result(c.sql)?))
    }

    /// What SQLite says of its file, or nothing on PostgreSQL, which finds damage when it reads.
    pub fn integrity(&self) -> Option<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            integrity_check: String,
        }
        if self.db.kind() != "sqlite" {
            return None;
        }
        let rows: Vec<Row> =
            self.read(|c| Ok(diesel::sql_query("PRAGMA integrity_check").load(c.sql)?));
        Some(
            rows.into_iter()
                .map(|row| row.integrity_check)
                .collect::<Vec<_>>()
                .join("; "),
        )
    }

    /// Waits until every message was sent or given up. A lease or a back-off lasts minutes; they are passed by hand,
    /// as if the time had gone by.
    pub fn let_mail_go(&self) {
        let until = Instant::now() + Duration::from_secs(300);
        loop {
            let now = Clock::real();
            let waiting: usize = self
                .db
                .write_blocking(move |c: &mut Conn<'_>| -> Result<_, StoreError> {
                    let waiting = outbox::table
                        .filter(outbox::channel.eq("email"))
                        .filter(outbox::state.eq("waiting"));
                    let late = waiting.filter(outbox::next_at.gt(now));
                    diesel::update(late)
                        .set(outbox::next_at.eq(now))
                        .execute(c.sql)?;
                    let rows: i64 = waiting.count().get_result(c.sql)?;
                    Ok(usize::try_from(rows).unwrap_or(usize::MAX))
                })
                .expect("the outbox is there");
            if waiting == 0 || Instant::now() > until {
                return;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Moves business time for every instance of a demo, as it stands. Waits for whoever is writing.
    pub fn move_clock(&self, by: TimeDelta) {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            let moved = self
                .db
                .write_blocking(move |c: &mut Conn<'_>| -> Result<_, StoreError> {
                    let shift = demo::shift(c)?;
                    let before = shift.map_or_else(TimeDelta::default, |shift| shift.offset);
                    demo::set_shift(c, before + by)
                });
            match moved {
                Ok(()) => return,
                Err(error) if Instant::now() > until => panic!("the clock stands: {error}"),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Waits until no timer is due any more.
    pub fn let_timers_fire(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while Instant::now() < until {
            let now = self.now();
            let due: i64 = self.read(|c| {
                Ok(timers::table
                    .filter(timers::fired_at.is_null().and(timers::fire_at.le(now)))
                    .count()
                    .get_result(c.sql)?)
            });
            if due == 0 {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Reads everything.
    pub fn ledger(&self) -> Ledger {
        let now = self.now();
        Ledger {
            now,
            cases: self.read(kept),
            names: self
                .read(|c| {
                    Ok(account::table
                        .select((account::id, account::username))
                        .load::<(AccountId, String)>(c.sql)?)
                })
                .into_iter()
                .collect(),
            reachable: self.read(reachable),
            submissions: self.read(|c| {
                Ok(submission::table
                    .select((
                        submission::account_id,
                        submission::token,
                        submission::case_id,
                    ))
                    .load(c.sql)?)
            }),
            inbox: self.read(|c| {
                Ok(inbox::table
                    .select((
                        inbox::case_id,
                        inbox::event_number,
                        inbox::notice,
                        inbox::created_at,
                    ))
                    .load(c.sql)?)
            }),
            outbox: self.read(|c| {
                Ok(outbox::table
                    .filter(outbox::channel.eq("email"))
                    .select((
                        outbox::id,
                        outbox::case_id,
                        outbox::event_number,
                        outbox::notice,
                        outbox::state,
                    ))
                    .load(c.sql)?)
            }),
            timers: self.read(|c| {
                Ok(timers::table
                    .select((
                        timers::case_id,
                        timers::term,
                        timers::kind,
                        timers::fire_at,
                        timers::fired_at,
                    ))
                    .load(c.sql)?)
            }),
            registrations: self.read(all_registrations),
            breaches: self.read(|c| {
                Ok(breach::table
                    .select((breach::case_id, breach::term))
                    .load(c.sql)?)
            }),
            warned: self.read(warned),
        }
    }

    fn read<T>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>) -> T {
        self.db.read_blocking(work).expect("it is read")
    }
}

fn kept(conn: &mut Conn<'_>) -> Result<BTreeMap<CaseId, Kept>, StoreError> {
    let ids: Vec<(Pool, CaseId)> = cases::table
        .select((cases::pool, cases::id))
        .load(conn.sql)?;
    let mut all = BTreeMap::new();
    for (pool, id) in ids {
        let Some(listed) = bujianmian::store::cases::by_id(conn, pool, id)? else {
            continue;
        };
        let kept = Kept {
            stored: listed.case,
            events: journal::read(conn, pool, id)?
                .into_iter()
                .map(|entry| entry.event)
                .collect(),
            broken_link: journal::first_broken(conn, pool, id)?,
        };
        all.insert(id, kept);
    }
    Ok(all)
}

/// Counts the cases of half-time and last-hour messages, single ones and bundles.
fn warned(conn: &mut Conn<'_>) -> Result<BTreeMap<(AccountId, timer::Kind), usize>, StoreError> {
    let rows: Vec<(AccountId, String, String)> = inbox::table
        .select((inbox::account_id, inbox::notice, inbox::particulars))
        .load(conn.sql)?;
    let mut warned = BTreeMap::new();
    for (account, notice, particulars) in rows {
        let kind = match notice.as_str() {
            "half-time" | "half-time-many" => timer::Kind::HalfTime,
            "last-hour" | "last-hour-many" => timer::Kind::LastHour,
            _ => continue,
        };
        let particulars: HashMap<String, String> =
            serde_json::from_str(&particulars).expect("particulars");
        let cases = particulars
            .get("count")
            .map_or(1, |count| count.parse().expect("a number"));
        *warned.entry((account, kind)).or_default() += cases;
    }
    Ok(warned)
}

fn reachable(conn: &mut Conn<'_>) -> Result<HashSet<AccountId>, StoreError> {
    let rows: Vec<AccountId> = account::table
        .left_join(person::table.on(person::id.nullable().eq(account::person_id)))
        .filter(account::email.is_not_null().or(person::email.is_not_null()))
        .select(account::id)
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}

fn all_registrations(conn: &mut Conn<'_>) -> Result<Vec<Registration>, StoreError> {
    let people: HashSet<PersonId> = registration::table
        .select(registration::person_id)
        .load::<PersonId>(conn.sql)?
        .into_iter()
        .collect();
    let mut all: Vec<Registration> = vec![];
    for one in people {
        all.extend(registrations::of_person(conn, one)?);
    }
    all.sort_by_key(|one| -> (PersonId, RegistrationId) { (one.person, one.id) });
    Ok(all)
}

impl Kept {
    /// The case before each event (`None` before the first), the event, the case after it, as far as the journal can
    /// be folded.
    pub fn steps(&self) -> Vec<(Option<Case>, &Event, Case)> {
        let mut folded: Option<Case> = None;
        let mut steps = vec![];
        for event in &self.events {
            let after = match folded.clone() {
                None => event::filed(event).ok(),
                Some(case) => Some(event::evolve(case, event)),
            };
            let Some(after) = after else {
                return steps;
            };
            steps.push((folded, event, after.clone()));
            folded = Some(after);
        }
        steps
    }

    /// The notices its journal calls for: number of the event and kind.
    pub fn notices(&self) -> Vec<(u32, notice::Kind)> {
        let steps = self.steps();
        let notices = steps.iter().filter_map(|(_, event, after)| {
            Some((event.number, notice::of_event(after, event)?.kind))
        });
        notices.collect()
    }
}
