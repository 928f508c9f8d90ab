//! A small world for journeys: one city agency and one county agency of pool 371000, residents, and staff of
//! every role that handles cases. All are plainly invented.

use bujianmian::clock::Clock;
use bujianmian::domain::actor::Role;
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::{AccountId, PersonId};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::place::AgencyCode;
use bujianmian::domain::region::RegionCode;
use bujianmian::domain::time::Day;
use bujianmian::store::accounts::{self, NewAccount};
use bujianmian::store::schema::{agency, coverage, person, relative};
use bujianmian::store::{Conn, StoreError, blind};
use bujianmian::usecases::accounts::passwords;
use diesel::prelude::*;

use super::service::{Harness, Kind, Settings};
use super::user::TestUser;

/// Password of everybody.
pub const PASSWORD: &str = "a good password";

/// The city agency.
pub const CITY: &str = "371000";

/// Staff of the city agency: user name and role. `handler3` is a relative of `resident3`.
const STAFF: &[(&str, Role)] = &[
    ("handler1", Role::Handler),
    ("handler2", Role::Handler),
    ("handler3", Role::Handler),
    ("reviewer1", Role::Reviewer),
    ("reviewer2", Role::Reviewer),
    ("supervisor1", Role::Supervisor),
    ("supervisor2", Role::Supervisor),
    ("auditor1", Role::Auditor),
    ("admin1", Role::Administrator),
];

/// A running service with people in it.
pub struct World {
    /// The service.
    pub harness: Harness,
}

impl World {
    /// On either database.
    pub fn start(kind: Kind) -> Self {
        Self::with(kind, Settings::default())
    }

    /// The same with settings.
    pub fn with(kind: Kind, settings: Settings) -> Self {
        let harness = Harness::with(kind, settings);
        let hash = passwords::hash(PASSWORD).expect("a hash");
        harness.write(move |conn| fill(conn, &hash));
        let app = harness.app.clone();
        actix_web::rt::System::new()
            .block_on(async move { app.office.refresh(&app.db).await })
            .expect("the agencies are read");
        Self { harness }
    }

    /// Somebody who signed in as a program.
    #[track_caller]
    pub fn user(&self, username: &str) -> TestUser<'_> {
        TestUser::with_token(&self.harness, username, PASSWORD)
    }
}

fn fill(conn: &mut Conn<'_>, hash: &str) -> Result<(), StoreError> {
    for (code, name) in [("371000", "示例市经办机构"), ("371002", "示例区经办机构")] {
        insert_agency(conn, code, name)?;
    }
    let mut people: Vec<PersonId> = vec![];
    for number in 1..=3_u16 {
        let id = insert_person(conn, number, CITY)?;
        people.push(id);
        let mut login = login(&format!("resident{number}"), Role::Resident, hash);
        login.pool = None;
        login.agency = None;
        login.person = Some(id);
        accounts::insert(conn, &login)?;
    }
    for (username, role) in STAFF {
        let mut login = login(username, *role, hash);
        if *username == "handler3" {
            let id = insert_person(conn, 90, CITY)?;
            login.person = Some(id);
            diesel::insert_into(relative::table)
                .values((
                    relative::person_id.eq(id),
                    relative::relative_id.eq(people[2]),
                ))
                .execute(conn.sql)?;
        }
        accounts::insert(conn, &login)?;
    }
    // A community worker of the city's area (CAS-8).
    accounts::insert(conn, &login("community1", Role::Proxy, hash))?;
    let mut elsewhere = login("handler-elsewhere", Role::Handler, hash);
    elsewhere.agency = Some("371002".parse().expect("a code"));
    accounts::insert(conn, &elsewhere)
}

/// A login of the city agency.
pub fn login(username: &str, role: Role, hash: &str) -> NewAccount {
    NewAccount {
        id: Clock::new_id::<AccountId>(),
        username: username.to_owned(),
        password_hash: hash.to_owned(),
        role,
        name: format!("示例 {username}"),
        pool: Some("371000".parse().expect("a pool")),
        agency: Some(CITY.parse().expect("an agency")),
        person: None,
        employer: None,
        institution: None,
        locale: Locale::Zh,
        email: None,
        created_at: Clock::real(),
    }
}

/// An agency of the pool that its code says.
pub fn insert_agency(conn: &mut Conn<'_>, code: &str, name: &str) -> Result<(), StoreError> {
    let pool = code.parse::<AgencyCode>().expect("a code").pool();
    diesel::insert_into(agency::table)
        .values((
            agency::code.eq(code),
            agency::pool.eq(pool),
            agency::kind.eq(if code.ends_with("00") {
                "city"
            } else {
                "county"
            }),
            agency::name_zh.eq(name),
            agency::name_en.eq(format!("Sample agency {code}")),
            agency::phone.eq("12393"),
            agency::address.eq("示例路 1 号"),
            agency::opens.eq("08:30"),
            agency::lunch_from.eq("12:00"),
            agency::lunch_to.eq("13:30"),
            agency::closes.eq("17:30"),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The ID number of `resident<number>`.
pub fn id_number(number: u16) -> IdNumber {
    let born = Day::from_ymd_opt(1970, 1, 1).expect("a day");
    let region = RegionCode::parse("371000").expect("a code");
    IdNumber::compose(region, born, number).expect("a number")
}

/// A person insured at an agency since 2020.
pub fn insert_person(
    conn: &mut Conn<'_>,
    number: u16,
    agency: &str,
) -> Result<PersonId, StoreError> {
    let pool = agency.parse::<AgencyCode>().expect("a code").pool();
    let id: PersonId = Clock::new_id();
    let id_number = id_number(number);
    diesel::insert_into(person::table)
        .values((
            person::id.eq(id),
            person::id_number.eq(conn.vault.seal_text(id_number.as_str())?),
            person::id_hash.eq(conn.vault.blind(blind::ID_NUMBER, id_number.as_str())),
            person::last_six_hash.eq(conn.vault.blind(blind::LAST_SIX, id_number.last_six())),
            person::name.eq(format!("示例居民{number}")),
            person::sex.eq("male"),
            person::born.eq(id_number.birth()),
            person::region.eq("371000"),
            person::created_at.eq(Clock::real()),
        ))
        .execute(conn.sql)?;
    diesel::insert_into(coverage::table)
        .values((
            coverage::id.eq(Clock::new_id::<PersonId>()),
            coverage::person_id.eq(id),
            coverage::pool.eq(pool),
            coverage::agency.eq(agency),
            coverage::scheme.eq("resident"),
            coverage::category.eq("adult"),
            coverage::valid_from.eq(Day::from_ymd_opt(2020, 1, 1).expect("a day")),
        ))
        .execute(conn.sql)?;
    Ok(id)
}
