//! Patients of the matrix (IN-4): treated in the city, in a county and in another pool, each with a cost.

use std::collections::BTreeMap;

use bujianmian::clock::Clock;
use bujianmian::domain::ids::InstitutionId;
use bujianmian::domain::money::Fen;
use bujianmian::domain::patient::cost::{Cost, CostKind};
use bujianmian::domain::patient::{Patient, Progress, Status};
use bujianmian::domain::region::RegionCode;
use bujianmian::store::patients::costs::{self, Booked};
use bujianmian::store::patients::{self, Entered};
use bujianmian::store::registry::{Institution, insert_institution};
use bujianmian::store::schema::institution;
use bujianmian::store::{Conn, StoreError};
use diesel::prelude::*;

use super::{CITY, COUNTY, OTHER_POOL, Scene, Whose};
use crate::harness::world::id_number;

const PLACES: [(Whose, &str); 3] = [
    (Whose::Own, CITY),
    (Whose::County, COUNTY),
    (Whose::OtherPool, OTHER_POOL),
];

fn code(place: &str) -> String {
    format!("H{place}")
}

/// Enters one institution a place; answers the city's.
pub(super) fn institutions(conn: &mut Conn<'_>) -> Result<InstitutionId, StoreError> {
    let own = Clock::new_id();
    for (whose, place) in PLACES {
        let pool = format!("{}00", &place[..4]);
        let new = Institution {
            id: if whose == Whose::Own {
                own
            } else {
                Clock::new_id()
            },
            code: code(place),
            name: format!("示例医院 {place}"),
            kind: "hospital".to_owned(),
            level: 2,
            pool: pool.parse().unwrap(),
            region: RegionCode::parse(place).unwrap(),
        };
        insert_institution(conn, &new)?;
    }
    Ok(own)
}

/// Enters the patients; answers identifiers of entry and cost.
pub(super) fn enter(scene: &Scene) -> BTreeMap<Whose, (String, String)> {
    let (by, at) = (
        scene.account("institution-clerk"),
        scene.harness.app.clock.now(),
    );
    let mut entered = BTreeMap::new();
    for (number, (whose, place)) in (70..).zip(PLACES) {
        let (id, cost) = (Clock::new_id(), Clock::new_id());
        scene.harness.write(move |conn| {
            let at_place: InstitutionId = institution::table
                .filter(institution::code.eq(code(place)))
                .select(institution::id)
                .first(conn.sql)?;
            let number = id_number(number);
            let patient = Patient {
                id,
                pool: format!("{}00", &place[..4]).parse().unwrap(),
                agency: place.parse().unwrap(),
                institution: at_place,
                name: "示例患者".to_owned(),
                person: None,
                sex: number.sex(),
                age: 56,
                status: Status::Suspected,
                admitted_on: "2026-11-20".parse().unwrap(),
                discharged_on: None,
                scheme: None,
                insured_at: "110100".to_owned(),
                progress: Progress::Open,
                version: 1,
            };
            let pool = patient.pool;
            let new = Entered {
                patient,
                id_number: number,
                by,
                at,
            };
            patients::insert(conn, &new)?;
            let cost = Cost {
                id: cost,
                incurred_on: "2026-11-21".parse().unwrap(),
                kind: CostKind::Drug,
                amount: Fen::new(12_345),
                reverses: None,
                note: String::new(),
            };
            costs::insert(conn, (pool, id), &Booked { cost, by, at })
        });
        entered.insert(whose, (id.to_string(), cost.to_string()));
    }
    entered
}
