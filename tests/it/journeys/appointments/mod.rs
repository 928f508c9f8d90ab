//! Appointments at a counter and filing there (RB-2, RB-3) over HTTP, on both databases.

mod booking;
mod intake;
mod office;

use bujianmian::clock::Clock;
use bujianmian::domain::appointment::{Opening, Weekdays};
use bujianmian::domain::time::Ts;
use bujianmian::jobs;
use bujianmian::store::accounts;
use bujianmian::store::appointments::counters::{self, Counter};
use bujianmian::store::roster;
use bujianmian::usecases::App;
use chrono::NaiveTime;
use serde_json::{Value, json};

use crate::harness::service::Kind;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{CITY, World};

/// A world whose city agency has one counter with so many places at a time, from 08:30 to 12:00 on every working day.
pub fn with_counter(kind: Kind, capacity: i32) -> World {
    let world = World::start(kind);
    world.harness.write(move |conn| {
        let agency = CITY.parse().unwrap();
        let by = roster::supervisors(conn, agency)?[0];
        let counter = Counter {
            id: Clock::new_id(),
            agency,
            number: 1,
            name: "示例窗口".to_owned(),
            openings: vec![Opening {
                weekdays: "12345".parse::<Weekdays>().unwrap(),
                from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
                to: NaiveTime::from_hms_opt(12, 0, 0).unwrap(),
                minutes: 30,
                capacity,
            }],
        };
        counters::insert(conn, &counter, by, Clock::real()).map(drop)
    });
    wait(jobs::appointments::open_spans(&world.harness.app));
    world
}

pub fn wait<T>(work: impl Future<Output = Result<T, bujianmian::usecases::Error>>) -> T {
    actix_web::rt::System::new().block_on(work).unwrap()
}

pub fn clock(app: &App, time: &str) {
    app.clock.set(Ts::parse(time).unwrap());
}

/// The identifier of the span that begins at an instant.
pub fn slot(world: &World, starts_at: &str) -> String {
    let found = slots(world);
    let one = found.iter().find(|one| one["starts_at"] == starts_at);
    one.unwrap_or_else(|| panic!("no span at {starts_at}: {found:?}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

pub fn slots(world: &World) -> Vec<Value> {
    let path = format!("/api/v1/slots?agency={CITY}");
    let reply = TestUser::stranger(&world.harness).get(&path).expect(200);
    reply.json()["items"].as_array().unwrap().clone()
}

pub fn left(world: &World, starts_at: &str) -> i64 {
    let found = slots(world);
    let one = found.iter().find(|one| one["starts_at"] == starts_at);
    one.unwrap()["left"].as_i64().unwrap()
}

#[track_caller]
pub fn book(world: &World, who: &str, starts_at: &str, wait: bool) -> Reply {
    let body = json!({ "slot": slot(world, starts_at), "item": "reimbursement", "wait": wait });
    world.user(who).post_json("/api/v1/appointments", &body)
}

#[track_caller]
pub fn id(reply: Reply) -> String {
    reply.expect(201).json()["id"].as_str().unwrap().to_owned()
}

/// Where the bookings of somebody stand, the next first.
pub fn states(world: &World, who: &str) -> Vec<String> {
    let reply = world.user(who).get("/api/v1/appointments").expect(200);
    let items = reply.json()["items"].as_array().unwrap().clone();
    let states = items.iter().map(|one| one["state"].as_str().unwrap());
    states.map(str::to_owned).collect()
}

/// The kinds of somebody's messages about appointments, the latest first.
pub fn notices(world: &World, who: &str) -> Vec<String> {
    let inbox = world.user(who).get("/api/v1/inbox").expect(200).json();
    let items = inbox["items"].as_array().unwrap().clone();
    let kinds = items.iter().map(|one| one["notice"].as_str().unwrap());
    kinds
        .filter(|kind| kind.starts_with("appointment"))
        .map(str::to_owned)
        .collect()
}

/// A form's token, from any form of a page.
pub fn token(page: &Reply) -> String {
    let (_, rest) = page.text.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// Logins of so many residents more, insured at the city agency.
pub fn residents(world: &World, count: u16) -> Vec<accounts::NewAccount> {
    use crate::harness::world::{insert_person, login};
    use bujianmian::domain::actor::Role;
    world.harness.write(move |conn| {
        let mut all = vec![];
        for number in 200..200 + count {
            let mut login = login(&format!("booker{number}"), Role::Resident, "none");
            login.pool = None;
            login.agency = None;
            login.person = Some(insert_person(conn, number, CITY)?);
            accounts::insert(conn, &login)?;
            all.push(login);
        }
        Ok(all)
    })
}
