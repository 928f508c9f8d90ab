//! An employer with agents and staff beside the people of the common world.

use bujianmian::clock::Clock;
use bujianmian::documents::spreadsheet::Fault;
use bujianmian::domain::actor::Role;
use bujianmian::domain::batch::{Batch, RowResult};
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::{AccountId, CaseId, EmployerId, PersonId};
use bujianmian::domain::phone::Phone;
use bujianmian::domain::region::RegionCode;
use bujianmian::domain::time::Day;
use bujianmian::domain::uscc::Uscc;
use bujianmian::store::registry::{
    Coverage, Employer, NewCoverage, NewPerson, insert_coverage, insert_employer, insert_person,
};
use bujianmian::store::schema::timer;
use bujianmian::store::{Conn, StoreError, accounts, batches as stored, sessions};
use bujianmian::usecases::accounts::passwords;
use bujianmian::usecases::batches::{Upload, Worked, accept, run};
use bujianmian::usecases::{App, Error};
use diesel::prelude::*;

use crate::harness::service::Kind;
use crate::harness::world::{PASSWORD, World, login};

/// The common world with employers in it.
pub struct Firm {
    pub world: World,
    runtime: actix_web::rt::SystemRunner,
}

/// ID number of the `number`-th of the staff of employer 1.
pub fn staff(number: u16) -> IdNumber {
    id_number(1000, number)
}

/// ID number of somebody whom employer 2 pays for.
pub fn foreign() -> IdNumber {
    id_number(1001, 1)
}

/// ID number of somebody whom employer 1 pays for in another pool.
pub fn elsewhere() -> IdNumber {
    id_number(1001, 2)
}

/// A number of nobody.
pub fn unknown() -> IdNumber {
    id_number(1001, 999)
}

fn id_number(year: i32, number: u16) -> IdNumber {
    let born =
        Day::from_ymd_opt(980 + year, 1, 1).unwrap() + chrono::Days::new(u64::from(number / 900));
    let region = RegionCode::parse("371000").unwrap();
    IdNumber::compose(region, born, 100 + number % 900).unwrap()
}

impl Firm {
    /// With so many staff; the first has a login `staff1`.
    pub fn start(kind: Kind, count: u16) -> Self {
        let world = World::start(kind);
        let hash = passwords::hash(PASSWORD).unwrap();
        world.harness.write(move |conn| fill(conn, &hash, count));
        Self {
            world,
            runtime: actix_web::rt::System::new(),
        }
    }

    pub fn app(&self) -> &App {
        &self.world.harness.app
    }

    /// Runs what is asynchronous.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    fn upload(&self, who: &str, name: &str, bytes: Vec<u8>) -> Result<Batch, Error> {
        let today = self.app().clock.now().day();
        let who = who.to_owned();
        let actor = self.world.harness.read(move |conn| {
            let login = accounts::credentials(conn, &who, "")?.expect("an account");
            sessions::actor(conn, login.account, today)
        });
        let upload = Upload {
            item: "cross-region-registration".to_owned(),
            file_name: name.to_owned(),
            bytes,
        };
        self.wait(accept(self.app(), &actor.unwrap(), upload))
    }

    /// `agent1` uploads a list under pledge of these lines beneath the heading.
    #[track_caller]
    pub fn pledge(&self, lines: &[String]) -> Batch {
        let text = format!("姓名,身份证号,就医地\n{}\n", lines.join("\n"));
        self.upload("agent1", "承诺.csv", text.into_bytes())
            .unwrap()
    }

    /// `agent1` uploads a list of these lines beneath the heading.
    #[track_caller]
    pub fn list(&self, lines: &[String]) -> Batch {
        let text = format!(
            "id_number,destination,start,end,phone\n{}\n",
            lines.join("\n")
        );
        self.upload("agent1", "名单.csv", text.into_bytes())
            .unwrap()
    }

    /// What is said of a file that is refused as a whole.
    #[track_caller]
    pub fn refused(&self, bytes: Vec<u8>) -> String {
        match self.upload("agent1", "list", bytes) {
            Err(Error::Invalid(errors)) => format!("{} {}", errors[0].field, errors[0].code),
            other => panic!("{other:?}"),
        }
    }

    pub fn work(&self) -> Worked {
        self.wait(run(self.app())).unwrap()
    }

    /// A batch as it stands, and the results of its rows.
    pub fn results(&self, batch: &Batch) -> (Batch, Vec<RowResult>) {
        let (pool, id) = (batch.pool, batch.id);
        self.world.harness.read(|conn| {
            let found = stored::find(conn, pool, id)?.expect("the batch");
            Ok((found, stored::rows(conn, pool, id, None, 0, 100_000)?))
        })
    }

    /// How many timers wait for a case.
    pub fn timers(&self, case: CaseId) -> i64 {
        self.world.harness.read(|conn| {
            let of_case = timer::table.filter(timer::case_id.eq(case));
            Ok(of_case.count().get_result(conn.sql)?)
        })
    }

    /// The results in words: number, outcome, column, code, values.
    pub fn told(&self, batch: &Batch) -> Vec<String> {
        let (_, rows) = self.results(batch);
        rows.iter()
            .map(|row| {
                let parts = [
                    Some(row.number.to_string()),
                    Some(row.outcome.to_string()),
                    row.column.clone(),
                    row.code.clone(),
                    row.values.first().map(|(_, value)| value.clone()),
                ];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            })
            .collect()
    }
}

fn fill(conn: &mut Conn<'_>, hash: &str, count: u16) -> Result<(), StoreError> {
    let one = employer(conn, 1)?;
    let two = employer(conn, 2)?;
    for (username, employer) in [("agent1", one), ("agent2", one), ("agent9", two)] {
        let mut agent = login(username, Role::EmployerAgent, hash);
        agent.agency = None;
        agent.employer = Some(employer);
        accounts::insert(conn, &agent)?;
    }
    for number in 1..=count {
        let person = insured(conn, &staff(number), "371000", one)?;
        if number == 1 {
            let mut resident = login("staff1", Role::Resident, hash);
            (resident.pool, resident.agency, resident.person) = (None, None, Some(person));
            resident.id = Clock::new_id::<AccountId>();
            accounts::insert(conn, &resident)?;
        }
    }
    insured(conn, &foreign(), "371000", two)?;
    crate::harness::world::insert_agency(conn, "370600", "示例另一市经办机构")?;
    insured(conn, &elsewhere(), "370600", one)?;
    Ok(())
}

fn employer(conn: &mut Conn<'_>, number: u16) -> Result<EmployerId, StoreError> {
    let id = Clock::new_id();
    insert_employer(
        conn,
        &Employer {
            id,
            uscc: Uscc::complete(&format!("91371000MADEM{number:04}")).unwrap(),
            name: format!("示例单位{number}"),
            pool: "371000".parse().unwrap(),
            agency: "371000".parse().unwrap(),
            region: RegionCode::parse("371000").unwrap(),
        },
    )?;
    Ok(id)
}

fn insured(
    conn: &mut Conn<'_>,
    number: &IdNumber,
    agency: &str,
    employer: EmployerId,
) -> Result<PersonId, StoreError> {
    let id = Clock::new_id();
    insert_person(
        conn,
        &NewPerson {
            id,
            id_number: number.clone(),
            name: "示例职工".to_owned(),
            region: RegionCode::parse("371000").unwrap(),
            phone: Some(Phone::parse("13800000007").unwrap()),
            email: None,
            institution: None,
            created_at: Clock::real(),
        },
    )?;
    let agency: bujianmian::domain::place::AgencyCode = agency.parse().unwrap();
    insert_coverage(
        conn,
        &NewCoverage {
            id: Clock::new_id(),
            person: id,
            coverage: Coverage {
                pool: agency.pool(),
                agency,
                scheme: "employee".to_owned(),
                category: "employee".to_owned(),
                from: Day::from_ymd_opt(2020, 1, 1).unwrap(),
                to: None,
            },
            employer: Some(employer),
        },
    )?;
    Ok(id)
}

/// The code of a fault, as a page would show it.
pub fn at_file(fault: &Fault) -> String {
    format!("file {}", fault.code())
}
