//! A list of an employer, handed in past the service: its staff are entered into the registry, its file is kept and its
//! batch waits, as after an upload. What the service makes of it is read from the database.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bujianmian::clock::Clock;
use bujianmian::config::UploadLimits;
use bujianmian::documents::files::Files;
use bujianmian::domain::actor::{Identified, Role};
use bujianmian::domain::batch::{Batch, Counts, Kind, Outcome, RowResult, State};
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::{AccountId, EmployerId, PersonId};
use bujianmian::domain::place::AgencyCode;
use bujianmian::domain::region::RegionCode;
use bujianmian::domain::time::Day;
use bujianmian::store::batches::{self, Stored};
use bujianmian::store::registry::{
    Coverage, NewCoverage, NewPerson, insert_coverage, insert_person,
};
use bujianmian::store::schema::{account, inbox, registration};
use bujianmian::store::vault::sha256;
use bujianmian::store::{Conn, StoreError};
use chrono::Days;
use diesel::prelude::*;

use crate::ledger::Archive;
use crate::world::World;

/// How long a list may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// A list and what is to become of it.
pub struct List {
    archive: Archive,
    batch: Batch,
    /// What is expected of each row.
    expected: Vec<Outcome>,
    /// Who is to have one case.
    good: Vec<PersonId>,
}

impl List {
    /// Hands in a list of so many rows: every tenth has a wrong number, every 25th repeats the row before it.
    pub fn hand_in(world: &World, rows: u32) -> Self {
        let archive = world.archive();
        let (agent, employer, agency) = archive.db().read_blocking(agent).expect("an agent");
        let Rows {
            lines,
            expected,
            staff,
        } = Rows::of(rows);
        let good = staff.iter().map(|(id, _)| *id).collect();
        hire(&archive, staff, employer, agency);
        let text = format!(
            "id_number,destination,start,end,phone\n{}\n",
            lines.join("\n")
        );
        let batch = Batch {
            id: Clock::new_id(),
            pool: agency.pool(),
            agency,
            employer,
            filed_by: agent,
            identified: Identified::Password,
            item: "cross-region-registration".to_owned(),
            kind: Kind::List,
            file_name: "list.csv".to_owned(),
            state: State::Running,
            total: rows,
            counts: Counts::default(),
            created_at: archive.now(),
            finished_at: None,
        };
        let file = keep(world, &archive, text.as_bytes());
        let new = batch.clone();
        archive
            .db()
            .write_blocking(move |conn: &mut Conn<'_>| batches::insert(conn, &new, &file))
            .expect("the batch waits");
        Self {
            archive,
            batch,
            expected,
            good,
        }
    }

    /// How it stands.
    pub fn now(&self) -> Batch {
        let (pool, id) = (self.batch.pool, self.batch.id);
        self.archive
            .db()
            .read_blocking(move |conn| batches::find(conn, pool, id))
            .expect("it is read")
            .expect("the batch")
    }

    /// Waits until so many rows have their result; tells whether more wait then.
    pub fn wait_for(&self, rows: u32) -> State {
        let until = Instant::now() + PATIENCE;
        loop {
            let now = self.now();
            if now.state == State::Done || now.counts.reached > rows {
                return now.state;
            }
            assert!(
                Instant::now() < until,
                "the list stands at {:?}",
                now.counts
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What is wrong with what became of it.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = vec![];
        let batch = self.now();
        let results = self.results();
        let numbers = results.iter().map(|row| row.number);
        if !numbers.eq((2..).take(self.expected.len())) {
            faults.push(format!("{} rows have a result", results.len()));
        }
        let outcomes = results.iter().map(|row| row.outcome);
        if !outcomes.clone().eq(self.expected.iter().copied()) {
            faults.push("some rows have another result".to_owned());
        }
        let filed = outcomes.filter(|one| *one == Outcome::Filed).count();
        if batch.state != State::Done || usize::try_from(batch.counts.filed) != Ok(filed) {
            faults.push(format!(
                "{filed} rows were filed, the list says {:?}",
                batch.counts
            ));
        }
        let registered = self.registered();
        for person in &self.good {
            match registered.get(person) {
                Some(1) => {}
                other => faults.push(format!("{person} is registered {other:?} times")),
            }
        }
        if self.told() != 1 {
            faults.push(format!("the agent was told {} times", self.told()));
        }
        faults
    }

    fn results(&self) -> Vec<RowResult> {
        let (pool, id) = (self.batch.pool, self.batch.id);
        self.archive
            .db()
            .read_blocking(move |conn| batches::rows(conn, pool, id, None, 0, 1_000_000))
            .expect("the results")
    }

    fn registered(&self) -> BTreeMap<PersonId, u32> {
        let rows: Vec<PersonId> = self.read(|conn| {
            Ok(registration::table
                .select(registration::person_id)
                .load(conn.sql)?)
        });
        let mut counts = BTreeMap::new();
        for person in rows {
            *counts.entry(person).or_default() += 1;
        }
        counts
    }

    fn told(&self) -> i64 {
        let agent = self.batch.filed_by;
        self.read(move |conn| {
            let done = inbox::table
                .filter(inbox::account_id.eq(agent))
                .filter(inbox::notice.eq("batch-done"));
            Ok(done.count().get_result(conn.sql)?)
        })
    }

    fn read<T>(&self, work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>) -> T {
        self.archive.db().read_blocking(work).expect("it is read")
    }
}

/// The rows of a list.
#[derive(Default)]
struct Rows {
    lines: Vec<String>,
    expected: Vec<Outcome>,
    staff: Vec<(PersonId, IdNumber)>,
}

impl Rows {
    fn of(count: u32) -> Self {
        let mut rows = Self::default();
        for row in 0..count {
            let number = id_number(row);
            let (typed, outcome) = match row {
                _ if row % 10 == 3 => (wrong(&number), Outcome::Rejected),
                _ if row % 25 == 1 => {
                    let before = id_number(row - 1).as_str().to_owned();
                    (before, Outcome::Rejected)
                }
                _ => (number.as_str().to_owned(), Outcome::Filed),
            };
            if outcome == Outcome::Filed {
                rows.staff.push((Clock::new_id(), number));
            }
            rows.expected.push(outcome);
            let line = format!("{typed},110100,2027-01-04,,13800000000");
            rows.lines.push(line);
        }
        rows
    }
}

/// An employer's agent of the demo.
fn agent(conn: &mut Conn<'_>) -> Result<(AccountId, EmployerId, AgencyCode), StoreError> {
    let (agent, employer): (AccountId, Option<EmployerId>) = account::table
        .filter(account::role.eq(Role::EmployerAgent))
        .filter(account::employer_id.is_not_null())
        .order(account::username)
        .select((account::id, account::employer_id))
        .first(conn.sql)?;
    let employer = employer.expect("an employer");
    let (_, agency) = batches::agency_of(conn, employer)?.expect("an agency");
    Ok((agent, employer, agency))
}

/// Enters staff into the registry.
fn hire(
    archive: &Archive,
    staff: Vec<(PersonId, IdNumber)>,
    employer: EmployerId,
    agency: AgencyCode,
) {
    let at = archive.now();
    let work = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
        for (id, number) in &staff {
            let person = NewPerson {
                id: *id,
                id_number: number.clone(),
                name: "示例职工".to_owned(),
                region: number.region_code(),
                phone: None,
                email: None,
                institution: None,
                created_at: at,
            };
            insert_person(conn, &person)?;
            let coverage = NewCoverage {
                id: Clock::new_id(),
                person: *id,
                coverage: Coverage {
                    pool: agency.pool(),
                    agency,
                    scheme: "employee".to_owned(),
                    category: "employee".to_owned(),
                    from: at.day() - Days::new(900),
                    to: None,
                },
                employer: Some(employer),
            };
            insert_coverage(conn, &coverage)?;
        }
        Ok(())
    };
    archive.db().write_blocking(work).expect("they are hired");
}

/// Keeps the file as an upload is kept.
fn keep(world: &World, archive: &Archive, bytes: &[u8]) -> Stored {
    let files = Files::in_folder(&world.files(), UploadLimits::default()).expect("the files");
    let key = uuid::Uuid::new_v4();
    let sealed = archive.db().vault().seal(bytes).expect("it is sealed");
    actix_web::rt::System::new()
        .block_on(async move { files.put(key, sealed).await })
        .expect("it is kept");
    Stored {
        key: key.to_string(),
        sha256: sha256(bytes),
        size: i64::try_from(bytes.len()).expect("a size"),
    }
}

/// Somebody's number: nobody of the demo was born so early.
fn id_number(row: u32) -> IdNumber {
    let region = RegionCode::parse("371083").expect("a code");
    let born = Day::from_ymd_opt(1950, 1, 1).expect("a day") + Days::new(u64::from(row / 900));
    let sequence = u16::try_from(row % 900).expect("a number") + 1;
    IdNumber::compose(region, born, sequence).expect("a number")
}

/// The number with another check character.
fn wrong(number: &IdNumber) -> String {
    let body = &number.as_str()[..17];
    let last = if number.as_str().ends_with('1') {
        '2'
    } else {
        '1'
    };
    format!("{body}{last}")
}
