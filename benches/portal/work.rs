//! What people do, request by request. Every answer's status is looked at: another one than the documented is an
//! error, counted by its name.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use bujianmian::clock::Clock;
use bujianmian::domain::region::{Level, Regions};
use rand::RngExt;

use crate::client::{Answer, Client};
use crate::load::{Done, Worker};
use crate::options::Workload;
use crate::people::{AGENCIES, Form, Login};
use crate::seed::{ITEM, Known};

/// Everybody and everything that load is made of.
pub struct World {
    /// Residents who are signed in, by number.
    pub residents: Vec<Login>,
    /// How many filings each has made: each goes to another destination (XR-2).
    pub filings: Arc<Vec<AtomicU32>>,
    /// Handlers who are signed in.
    pub handlers: Vec<Login>,
    /// Cases to read.
    pub known: Vec<Known>,
    /// Codes of destinations.
    pub places: Vec<String>,
    /// Whose turn it is to file.
    pub turn: AtomicUsize,
}

/// Prefectures to which a registration may lead from the measured pool. No provinces: one would overlap with each of
/// its prefectures (XR-2).
pub fn destinations(regions: &Regions) -> Vec<String> {
    let all = regions.destinations().map(|region| region.code);
    all.filter(|code| code.level() == Level::Prefecture)
        .map(|code| code.to_string())
        .filter(|code| code != AGENCIES[0])
        .collect()
}

/// One worker for each connection.
pub fn workers(world: &World, workload: Workload, connections: usize) -> Vec<Box<dyn Worker + '_>> {
    (0..connections)
        .map(|number| {
            let person = Person {
                world,
                handler: &world.handlers[number % world.handlers.len()],
                workload,
                form_cookie: String::new(),
            };
            Box::new(person) as Box<dyn Worker + '_>
        })
        .collect()
}

struct Person<'w> {
    world: &'w World,
    handler: &'w Login,
    workload: Workload,
    form_cookie: String,
}

impl Worker for Person<'_> {
    fn act(&mut self, client: &mut Client) -> Done {
        let workload = match self.workload {
            Workload::Mix => drawn(),
            single => single,
        };
        match workload {
            Workload::Health => expect(client.get("/healthz", ""), 200),
            Workload::Queue => expect(client.get("/desk/queue", &self.handler.cookie), 200),
            Workload::Case => {
                let path = format!("/api/v1/cases/{}", self.known().receipt_no);
                expect(client.get(&path, &self.handler.bearer), 200)
            }
            Workload::CasePage => {
                let path = format!("/desk/cases/{}", self.known().receipt_no);
                expect(client.get(&path, &self.handler.cookie), 200)
            }
            Workload::Progress => self.look_up(client),
            Workload::File => self.file(client),
            Workload::Decide => self.decide(client),
            Workload::Mix => Done::Badly("a mix of mixes".to_owned()),
        }
    }
}

impl Person<'_> {
    fn known(&self) -> &Known {
        &self.world.known[rand::rng().random_range(0..self.world.known.len())]
    }

    fn look_up(&mut self, client: &mut Client) -> Done {
        let Some(form) = Form::again(client, "/progress", &self.form_cookie) else {
            return Done::Badly("no progress form".to_owned());
        };
        form.cookie().clone_into(&mut self.form_cookie);
        let known = self.known();
        let fields = format!(
            "receipt_no={}&last_six={}",
            known.receipt_no, known.last_six
        );
        expect(form.send(client, "/progress", &fields), 200)
    }

    fn file(&self, client: &mut Client) -> Done {
        let world = self.world;
        let resident = world.turn.fetch_add(1, Ordering::Relaxed) % world.residents.len();
        let before = world.filings[resident].fetch_add(1, Ordering::Relaxed);
        let place = &world.places[before as usize % world.places.len()];
        expect(
            file(client, &world.residents[resident], place, &token()),
            201,
        )
    }

    fn decide(&self, client: &mut Client) -> Done {
        let next = match client.post(
            "/api/v1/queue/next",
            &self.handler.bearer,
            "application/json",
            "",
        ) {
            Ok(answer) if answer.status == 204 => return Done::Nothing,
            Ok(answer) if answer.status == 200 => taken(&answer),
            other => return expect(other, 200),
        };
        let Some((receipt_no, version)) = next else {
            return Done::Badly("next without a case".to_owned());
        };
        expect(approve(client, self.handler, &receipt_no, version), 200)
    }
}

/// What of every hundred things people do, in a mix.
fn drawn() -> Workload {
    match rand::rng().random_range(0..100) {
        0..10 => Workload::File,
        10..30 => Workload::Decide,
        30..60 => Workload::Queue,
        60..90 => Workload::Case,
        _ => Workload::Progress,
    }
}

/// A submission token of its own.
pub fn token() -> String {
    Clock::new_id::<uuid::Uuid>().to_string()
}

/// Files a registration for treatment elsewhere.
pub fn file<'c>(
    client: &'c mut Client,
    resident: &Login,
    place: &str,
    token: &str,
) -> std::io::Result<Answer<'c>> {
    let today = Clock::real().day();
    let body = format!(
        r#"{{"item":"{ITEM}","answers":{{"kind":"long-term-residence","destination":"{place}","start":"{today}","phone":"13800000000","pledge":true}}}}"#
    );
    let headers = format!("{}Idempotency-Key: {token}\r\n", resident.bearer);
    client.post("/api/v1/cases", &headers, "application/json", &body)
}

/// Number and version of the case in an answer.
pub fn taken(answer: &Answer<'_>) -> Option<(String, u64)> {
    let receipt_no = answer.quoted(r#""receipt_no":""#)?.to_owned();
    Some((receipt_no, answer.number(r#""version":"#)?))
}

/// Approves a case as it was seen.
pub fn approve<'c>(
    client: &'c mut Client,
    handler: &Login,
    receipt_no: &str,
    version: u64,
) -> std::io::Result<Answer<'c>> {
    let path = format!("/api/v1/cases/{receipt_no}/actions/approve");
    let body = format!(r#"{{"version":{version}}}"#);
    client.post(&path, &handler.bearer, "application/json", &body)
}

fn expect(answer: std::io::Result<Answer<'_>>, status: u16) -> Done {
    match answer {
        Ok(answer) if answer.status == status => Done::Well,
        Ok(answer) => Done::Badly(format!("status {}", answer.status)),
        Err(error) => Done::Badly(error.kind().to_string()),
    }
}
