//! Who takes part: residents who file, handlers who decide, and the places they belong to. Entered through the
//! store's own functions; signed in over HTTP like anybody. Identifiers count up from a fixed number, so that
//! pgbench and the SQLite loop can name people without looking them up.

use std::net::SocketAddr;
use std::sync::Mutex;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use bujianmian::clock::Clock;
use bujianmian::domain::actor::{Actor, Identified, Role};
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::{AccountId, EmployerId, PersonId};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::region::RegionCode;
use bujianmian::domain::time::Day;
use bujianmian::domain::uscc::Uscc;
use bujianmian::store::accounts::{self, NewAccount};
use bujianmian::store::registry::{self, Agency, Coverage, Employer, NewCoverage, NewPerson};
use bujianmian::store::{Conn, Db, StoreError};
use chrono::Days;
use uuid::Uuid;

use crate::client::Client;

/// The agency whose queue is measured, and another of the same pool.
pub const AGENCIES: [&str; 2] = ["371000", "371002"];
/// Handlers of the measured agency who take part.
pub const HANDLERS: u32 = 32;
/// Residents are entered so many a transaction.
const CHUNK: u32 = 1_000;
/// Connections that sign in at the same time.
const SIGNING_IN: u32 = 8;
const PASSWORD: &str = "a password of the benchmark";

/// Kinds of identifiers; each is the beginning of the last eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// A resident's login.
    Resident,
    /// A resident as a person.
    Person,
    /// A handler's login.
    Handler,
}

impl Numbered {
    /// The number that the first of a kind has as a UUID.
    pub const fn base(self) -> u64 {
        match self {
            Self::Resident => 0x0a00_0000_0000_0000,
            Self::Person => 0x0b00_0000_0000_0000,
            Self::Handler => 0x0c00_0000_0000_0000,
        }
    }

    /// The identifier of the `number`-th.
    pub fn id<I: From<Uuid>>(self, number: u32) -> I {
        I::from(Uuid::from_u128(u128::from(self.base() + u64::from(number))))
    }
}

/// Somebody who is signed in, by what they send along.
#[derive(Clone, Debug)]
pub struct Login {
    /// `Authorization` line for the API.
    pub bearer: String,
    /// `Cookie` line for pages; handlers only.
    pub cookie: String,
}

/// The hash that all accounts have. Its cost is the least there is: thousands sign in within seconds. What a real
/// sign-in costs is not measured here.
fn password_hash() -> String {
    let params = Params::new(8, 1, 1, None).expect("allowed parameters");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password(PASSWORD.as_bytes()).expect("a hash");
    hash.to_string()
}

/// Enters agencies and handlers.
pub fn found(db: &Db) {
    let hash = password_hash();
    let write = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
        for code in AGENCIES {
            registry::insert_agency(conn, &agency(code))?;
        }
        for number in 0..=HANDLERS {
            accounts::insert(conn, &handler(number, &hash))?;
        }
        Ok(())
    };
    db.write_blocking(write)
        .expect("agencies and handlers are entered");
}

/// Enters residents `from` to `to` with login and coverage.
pub fn settle(db: &Db, from: u32, to: u32) {
    let hash = password_hash();
    for begin in (from..to).step_by(CHUNK as usize) {
        let (end, hash) = ((begin + CHUNK).min(to), hash.clone());
        let write = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
            (begin..end).try_for_each(|number| insert_resident(conn, number, &hash))
        };
        db.write_blocking(write).expect("residents are entered");
    }
}

/// Enters an employer, its agent `agent-1`, and `from` to `to` as its staff.
pub fn employ(db: &Db, from: u32, to: u32) {
    let employer: EmployerId = Clock::new_id();
    let hash = password_hash();
    let write = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
        let new = Employer {
            id: employer,
            uscc: Uscc::complete("91371000MADEM0001").expect("a code"),
            name: "示例单位".to_owned(),
            pool: AGENCIES[0].parse().expect("a code"),
            agency: AGENCIES[0].parse().expect("a code"),
            region: RegionCode::parse(AGENCIES[0]).expect("a code"),
        };
        registry::insert_employer(conn, &new)?;
        let agent = NewAccount {
            role: Role::EmployerAgent,
            agency: None,
            employer: Some(employer),
            ..account(Clock::new_id(), "agent-1", "示例单位经办", &hash)
        };
        accounts::insert(conn, &agent)
    };
    db.write_blocking(write).expect("the employer is entered");
    for begin in (from..to).step_by(CHUNK as usize) {
        let end = (begin + CHUNK).min(to);
        let write = move |conn: &mut Conn<'_>| -> Result<(), StoreError> {
            (begin..end).try_for_each(|number| insert_person(conn, number, Some(employer)))
        };
        db.write_blocking(write).expect("its staff are entered");
    }
}

/// A day next month, on which a registration may begin.
pub fn next_month() -> Day {
    Clock::real().day() + Days::new(30)
}

/// Signs in the employer's agent.
pub fn sign_in_agent(address: SocketAddr) -> Login {
    Login {
        bearer: token(&mut Client::new(address), "agent-1"),
        cookie: String::new(),
    }
}

fn insert_person(
    conn: &mut Conn<'_>,
    number: u32,
    employer: Option<EmployerId>,
) -> Result<(), StoreError> {
    let now = Clock::real();
    let person: PersonId = Numbered::Person.id(number);
    registry::insert_person(
        conn,
        &NewPerson {
            id: person,
            id_number: id_number(number),
            name: name(number),
            region: RegionCode::parse(AGENCIES[0]).expect("a code"),
            phone: None,
            email: None,
            institution: None,
            created_at: now,
        },
    )?;
    let agency = AGENCIES[0].parse().expect("a code");
    let spell = Coverage {
        pool: AGENCIES[0].parse().expect("a code"),
        agency,
        scheme: "resident".to_owned(),
        category: "ordinary".to_owned(),
        from: Day::from_ymd_opt(2019, 1, 1).expect("a day"),
        to: None,
    };
    registry::insert_coverage(
        conn,
        &NewCoverage {
            id: Clock::new_id(),
            person,
            coverage: spell,
            employer,
        },
    )
}

fn insert_resident(conn: &mut Conn<'_>, number: u32, hash: &str) -> Result<(), StoreError> {
    insert_person(conn, number, None)?;
    let login = NewAccount {
        role: Role::Resident,
        pool: None,
        agency: None,
        person: Some(Numbered::Person.id(number)),
        ..account(
            Numbered::Resident.id(number),
            &username(number),
            &name(number),
            hash,
        )
    };
    accounts::insert(conn, &login)
}

/// A resident's name: plainly invented.
pub fn name(number: u32) -> String {
    format!("示例居民{number}")
}

/// The ID number of a resident: one in 900 of a day of birth from 1940 on.
pub fn id_number(number: u32) -> IdNumber {
    let first = Day::from_ymd_opt(1940, 1, 1).expect("a day");
    let born = first + Days::new(u64::from(number / 900));
    let sequence = u16::try_from(number % 900 + 1).expect("below 1000");
    let region = RegionCode::parse(AGENCIES[0]).expect("a code");
    IdNumber::compose(region, born, sequence).expect("an ID number")
}

/// A handler as the domain knows them; the last one has no login in the measurement, and holds seeded cases.
pub fn handler_actor(number: u32) -> Actor {
    Actor {
        account: Numbered::Handler.id(number),
        role: Role::Handler,
        name: handler_name(number),
        pool: AGENCIES[0].parse().ok(),
        agency: AGENCIES[0].parse().ok(),
        insured_at: None,
        person: None,
        relatives: vec![],
        entrusted: vec![],
        employer: None,
        institution: None,
        colleagues: vec![],
        identified: Identified::Password,
    }
}

/// A resident as the domain knows them.
pub fn resident_actor(number: u32) -> Actor {
    Actor {
        account: Numbered::Resident.id(number),
        role: Role::Resident,
        name: name(number),
        pool: AGENCIES[0].parse().ok(),
        agency: None,
        insured_at: AGENCIES[0].parse().ok(),
        person: Some(Numbered::Person.id(number)),
        relatives: vec![],
        entrusted: vec![],
        employer: None,
        institution: None,
        colleagues: vec![],
        identified: Identified::Password,
    }
}

fn handler_name(number: u32) -> String {
    format!("示例经办{number}")
}

fn username(number: u32) -> String {
    format!("resident-{number}")
}

fn handler(number: u32, hash: &str) -> NewAccount {
    let name = handler_name(number);
    account(
        Numbered::Handler.id(number),
        &format!("handler-{number}"),
        &name,
        hash,
    )
}

fn account(id: AccountId, username: &str, name: &str, hash: &str) -> NewAccount {
    NewAccount {
        id,
        username: username.to_owned(),
        password_hash: hash.to_owned(),
        role: Role::Handler,
        name: name.to_owned(),
        pool: AGENCIES[0].parse().ok(),
        agency: AGENCIES[0].parse().ok(),
        person: None,
        employer: None,
        institution: None,
        locale: Locale::Zh,
        email: None,
        created_at: Clock::real(),
    }
}

fn agency(code: &str) -> Agency {
    Agency {
        code: code.parse().expect("a code"),
        pool: AGENCIES[0].parse().expect("a code"),
        kind: if code.ends_with("00") {
            "city"
        } else {
            "county"
        }
        .to_owned(),
        name_zh: format!("示例经办机构{code}"),
        name_en: format!("Sample agency {code}"),
        phone: "12393".to_owned(),
        address: "示例路 1 号".to_owned(),
        opens: "08:30".to_owned(),
        lunch_from: "12:00".to_owned(),
        lunch_to: "13:30".to_owned(),
        closes: "17:30".to_owned(),
    }
}

/// Signs in residents at the API, some at a time, in their order.
pub fn sign_in_residents(address: SocketAddr, count: u32) -> Vec<Login> {
    let found: Mutex<Vec<(u32, Login)>> = Mutex::default();
    std::thread::scope(|scope| {
        for first in 0..SIGNING_IN {
            let found = &found;
            scope.spawn(move || {
                let mut client = Client::new(address);
                for number in (first..count).step_by(SIGNING_IN as usize) {
                    let login = Login {
                        bearer: token(&mut client, &username(number)),
                        cookie: String::new(),
                    };
                    found.lock().expect("the list").push((number, login));
                }
            });
        }
    });
    let mut found = found.into_inner().expect("the list");
    found.sort_by_key(|(number, _)| *number);
    found.into_iter().map(|(_, login)| login).collect()
}

/// Signs in the handlers, at the API and at the pages.
pub fn sign_in_handlers(address: SocketAddr) -> Vec<Login> {
    let mut client = Client::new(address);
    (0..HANDLERS)
        .map(|number| {
            let username = format!("handler-{number}");
            Login {
                bearer: token(&mut client, &username),
                cookie: session(&mut client, &username),
            }
        })
        .collect()
}

fn token(client: &mut Client, username: &str) -> String {
    let body = format!(r#"{{"username":"{username}","password":"{PASSWORD}"}}"#);
    let answer = client
        .post("/api/v1/token", "", "application/json", &body)
        .expect("an answer");
    assert_eq!(answer.status, 200, "{username} signs in: {}", answer.text());
    let token = answer.quoted(r#""access_token":""#).expect("a token");
    format!("Authorization: Bearer {token}\r\n")
}

fn session(client: &mut Client, username: &str) -> String {
    let form = Form::on(client, "/login");
    let password = PASSWORD.replace(' ', "+");
    let fields = format!("username={username}&password={password}&next=");
    let answer = form.send(client, "/login", &fields).expect("an answer");
    assert_eq!(answer.status, 303, "{username} signs in: {}", answer.text());
    let cookie = answer.header("set-cookie").expect("a cookie");
    format!(
        "Cookie: {}\r\n",
        cookie.split(';').next().unwrap_or_default()
    )
}

/// A form that anybody may send, as a page gave it.
pub struct Form {
    cookie: String,
    token: String,
}

impl Form {
    /// Opens the page.
    pub fn on(client: &mut Client, path: &str) -> Self {
        Self::again(client, path, "").expect("a page with a form")
    }

    /// Opens the page with the cookie that came with it before; `None` when it has no form.
    pub fn again(client: &mut Client, path: &str, cookie: &str) -> Option<Self> {
        let answer = client
            .get(path, cookie)
            .ok()
            .filter(|answer| answer.status == 200)?;
        let set = answer
            .header("set-cookie")
            .and_then(|line| line.split(';').next());
        Some(Self {
            cookie: set.map_or_else(|| cookie.to_owned(), |set| format!("Cookie: {set}\r\n")),
            token: answer.quoted(r#"name="csrf" value=""#)?.to_owned(),
        })
    }

    /// Its cookie line.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Sends it.
    pub fn send<'c>(
        &self,
        client: &'c mut Client,
        path: &str,
        fields: &str,
    ) -> std::io::Result<crate::client::Answer<'c>> {
        let body = format!("csrf={}&{fields}", self.token);
        client.post(
            path,
            &self.cookie,
            "application/x-www-form-urlencoded",
            &body,
        )
    }
}
