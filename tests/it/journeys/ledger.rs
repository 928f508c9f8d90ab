//! The patient ledger over the API (IN-4, XR-6): entering, contradictions, the same patient again, rights, costs; on both
//! databases.

use bujianmian::clock::Clock;
use bujianmian::domain::actor::Role;
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::ids::InstitutionId;
use bujianmian::domain::region::RegionCode;
use bujianmian::store::registry::{Institution, insert_institution};
use bujianmian::store::schema::{patient, patient_change, sensitive_read};
use bujianmian::store::{Conn, StoreError, accounts};
use bujianmian::usecases::accounts::passwords;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::Reply;
use crate::harness::world::{PASSWORD, World, id_number, login};

/// A world with two hospitals: `clerk1` and `doctor1` work at the city's, `clerk2` at the county's.
pub fn world(kind: Kind) -> World {
    let world = World::start(kind);
    let hash = passwords::hash(PASSWORD).unwrap();
    world.harness.write(move |conn| {
        let city = hospital(conn, "371000")?;
        let county = hospital(conn, "371002")?;
        for (name, role, institution) in [
            ("clerk1", Role::InstitutionClerk, city),
            ("doctor1", Role::InstitutionDoctor, city),
            ("clerk2", Role::InstitutionClerk, county),
        ] {
            let mut login = login(name, role, &hash);
            login.agency = None;
            login.institution = Some(institution);
            accounts::insert(conn, &login)?;
        }
        Ok(())
    });
    world
}

fn hospital(conn: &mut Conn<'_>, region: &str) -> Result<InstitutionId, StoreError> {
    let new = Institution {
        id: Clock::new_id(),
        code: format!("H{region}"),
        name: format!("示例医院 {region}"),
        kind: "hospital".to_owned(),
        level: 2,
        pool: "371000".parse().unwrap(),
        region: RegionCode::parse(region).unwrap(),
    };
    insert_institution(conn, &new)?;
    Ok(new.id)
}

/// The ID number of somebody the registry does not know: a man born on 1970-01-01.
pub fn outsider(number: u16) -> IdNumber {
    id_number(500 + number * 2 + 1)
}

fn patient(number: &IdNumber, changes: &Value) -> Value {
    let mut body = json!({ "name": "示例患者", "id_number": number.as_str(), "status": "suspected",
        "admitted_on": "2026-11-20", "place_of_insurance": "110100" });
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

#[track_caller]
fn enter(world: &World, who: &str, body: &Value) -> Reply {
    world.user(who).post_json("/api/v1/patients", body)
}

fn told(reply: &Reply) -> Vec<String> {
    let json = reply.json();
    let errors = json["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|e| {
            format!(
                "{} {}",
                e["field"].as_str().unwrap(),
                e["code"].as_str().unwrap()
            )
        })
        .collect()
}

#[rstest]
fn a_patient_is_entered_changes_and_leaves(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = outsider(1);
    let entered = enter(&world, "clerk1", &patient(&number, &json!({}))).expect(201);
    assert!(!entered.text.contains(number.as_str()), "{}", entered.text);
    let one = entered.json();
    let path = entered.location().to_owned();
    assert_eq!(one["id_number"], number.masked());
    assert_eq!((&one["sex"], &one["age"]), (&json!("male"), &json!(56)));
    assert_eq!(one["institution"], "示例医院 371000");
    assert_eq!(one["in_registry"], false);
    assert_eq!(
        (&one["scheme"], &one["discharged_on"]),
        (&Value::Null, &Value::Null)
    );

    // The same again changes nothing; another condition does.
    let same = enter(&world, "clerk1", &patient(&number, &json!({})))
        .expect(200)
        .json();
    assert_eq!(
        (&same["id"], &same["version"]),
        (&one["id"], &one["version"])
    );
    let confirmed = json!({ "status": "confirmed" });
    let changed = enter(&world, "clerk1", &patient(&number, &confirmed))
        .expect(200)
        .json();
    assert_eq!(
        (&changed["id"], &changed["status"]),
        (&one["id"], &json!("confirmed"))
    );
    let version = changed["version"].as_u64().unwrap();

    let clerk = world.user("clerk1");
    let act = |what: &str, body: Value| clerk.post_json(&format!("{path}/{what}"), &body);
    let old = act(
        "discharge",
        json!({ "version": 1, "discharged_on": "2026-11-23" }),
    )
    .expect(409)
    .json();
    assert_eq!(
        (&old["code"], &old["state"]),
        (&json!("stale-version"), &json!("confirmed"))
    );
    let back = act(
        "status",
        json!({ "version": version, "status": "suspected" }),
    )
    .expect(409)
    .json();
    assert_eq!(back["code"], "wrong-state");
    let early = act(
        "discharge",
        json!({ "version": version, "discharged_on": "2026-11-19" }),
    )
    .expect(422);
    assert_eq!(told(&early), ["discharged_on discharge-before-admission"]);
    let gone = act(
        "discharge",
        json!({ "version": version, "discharged_on": "2026-11-23" }),
    )
    .expect(200)
    .json();
    assert_eq!(gone["discharged_on"], "2026-11-23");
    let version = gone["version"].as_u64().unwrap();
    act(
        "discharge",
        json!({ "version": version, "discharged_on": "2026-11-24" }),
    )
    .expect(409);
    let silent = act(
        "status",
        json!({ "version": version, "status": "excluded" }),
    )
    .expect(422);
    assert_eq!(told(&silent), ["reason required"]);
    let excluded = json!({ "version": version, "status": "excluded", "reason": "示例：复核阴性" });
    assert_eq!(
        act("status", excluded).expect(200).json()["status"],
        "excluded"
    );

    let list = |query: &str| {
        let reply = clerk
            .get(&format!("/api/v1/patients{query}"))
            .expect(200)
            .json();
        reply["items"].as_array().unwrap().len()
    };
    assert_eq!(
        (list("?status=excluded"), list("?status=confirmed")),
        (1, 0)
    );
    assert_eq!(
        (list("?presence=here"), list("?presence=discharged")),
        (0, 1)
    );
    clerk.get("/api/v1/patients?status=x").expect(422);
    // Who did what stands in order, and nobody changes it.
    let numbers: Vec<i32> = world.harness.read(|conn| {
        Ok(patient_change::table
            .order(patient_change::number)
            .select(patient_change::number)
            .load(conn.sql)?)
    });
    let versions: Vec<i32> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, versions);
}

// What ID number and registry know is not contradicted.
#[rstest]
#[case::known("1", json!({ "name": "示例居民1", "place_of_insurance": null }), &[])]
#[case::name("1", json!({}), &["name name-contradicts", "place_of_insurance place-contradicts"])]
#[case::scheme("1", json!({ "name": "示例居民1", "place_of_insurance": "371002", "scheme": "employee" }), &["scheme scheme-contradicts"])]
#[case::sex("1", json!({ "name": "示例居民1", "sex": "female", "age": 3 }), &["sex sex-contradicts", "age age-contradicts"])]
#[case::unknown("601", json!({ "place_of_insurance": null }), &["place_of_insurance required"])]
#[case::number("601", json!({ "id_number": "371000197001010011" }), &["id_number id-number-checksum"])]
#[case::old("601", json!({ "id_number": "371000700101001" }), &["id_number id-number-fifteen-digits"])]
#[case::future("601", json!({ "admitted_on": "2026-11-25" }), &["admitted_on day-in-future"])]
#[case::types("601", json!({ "name": 3, "age": "x" }), &["name wrong-type"])]
fn contradictions_are_told_at_their_fields(
    #[case] number: &str,
    #[case] changes: Value,
    #[case] expected: &[&str],
) {
    let world = world(Sqlite);
    let body = patient(&id_number(number.parse().unwrap()), &changes);
    let reply = enter(&world, "clerk1", &body);
    match expected {
        [] => {
            let known = reply.expect(201).json();
            assert_eq!(
                (&known["scheme"], &known["in_registry"]),
                (&json!("resident"), &json!(true))
            );
            assert_eq!(known["place_of_insurance"], "371000");
            assert_eq!(known["registration"], "not-needed");
        }
        expected => assert_eq!(told(&reply.expect(422)), *expected),
    }
}

#[rstest]
fn two_clicks_make_one_entry(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let clerks: Vec<_> = (0..4).map(|_| world.user("clerk1")).collect();
    let body = patient(&outsider(2), &json!({}));
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = clerks
            .iter()
            .map(|clerk| scope.spawn(|| clerk.post_json("/api/v1/patients", &body).status))
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 201]);
    let stored: i64 = world
        .harness
        .read(|conn| Ok(patient::table.count().get_result(conn.sql)?));
    assert_eq!(stored, 1);
}

#[rstest]
fn stays_at_one_institution_do_not_overlap(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = outsider(3);
    let first = enter(&world, "clerk1", &patient(&number, &json!({})))
        .expect(201)
        .json();
    let later = patient(&number, &json!({ "admitted_on": "2026-11-22" }));
    let refused = enter(&world, "clerk1", &later).expect(409).json();
    assert_eq!(
        (&refused["code"], &refused["with"]),
        (&json!("stay-overlap"), &first["id"])
    );
    // Another institution knows of its own stays only.
    enter(&world, "clerk2", &later).expect(201);
    let left = json!({ "discharged_on": "2026-11-22" });
    enter(&world, "clerk1", &patient(&number, &left)).expect(200);
    enter(&world, "clerk1", &later).expect(201);
}

#[rstest]
fn each_sees_their_own_and_the_office_leaves_a_trace(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let known = json!({ "name": "示例居民2", "place_of_insurance": null });
    let own = enter(&world, "clerk1", &patient(&id_number(2), &known))
        .expect(201)
        .location()
        .to_owned();
    let county = enter(&world, "clerk2", &patient(&outsider(4), &json!({})))
        .expect(201)
        .location()
        .to_owned();
    let status = |who: &str, path: &str| world.user(who).get(path).status;
    for (who, seen, hidden) in [
        ("clerk1", &own, &county),
        ("doctor1", &own, &county),
        ("handler1", &own, &county),
        ("reviewer1", &own, &county),
        ("supervisor1", &own, &county),
        ("clerk2", &county, &own),
        ("handler-elsewhere", &county, &own),
    ] {
        assert_eq!(
            (status(who, seen), status(who, hidden)),
            (200, 404),
            "{who}"
        );
        let listed = world.user(who).get("/api/v1/patients").expect(200).json();
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{who}");
    }
    assert_eq!(
        (status("auditor1", &own), status("auditor1", &county)),
        (200, 200)
    );
    assert_eq!(
        (status("resident2", &own), status("admin1", &own)),
        (403, 403)
    );
    let change = json!({ "version": 1, "status": "confirmed" });
    world
        .user("clerk2")
        .post_json(&format!("{own}/status"), &change)
        .expect(404);
    world
        .user("doctor1")
        .post_json(&format!("{own}/status"), &change)
        .expect(403);

    // CAS-13: of the resident, the office's reads and no others.
    let whats: Vec<String> = world.harness.read(|conn| {
        Ok(sensitive_read::table
            .select(sensitive_read::what)
            .load(conn.sql)?)
    });
    assert_eq!(whats, vec!["patient-entry"; 4]);
}

// XR-6: kept apart, and a wrong one is taken back.
#[rstest]
fn costs_are_recorded_and_taken_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let path = enter(&world, "clerk1", &patient(&outsider(5), &json!({})))
        .expect(201)
        .location()
        .to_owned();
    let costs = format!("{path}/costs");
    let clerk = world.user("clerk1");
    let add = |body: Value| clerk.post_json(&costs, &body);
    let drug =
        json!({ "incurred_on": "2026-11-21", "kind": "drug", "amount": 128_050, "note": "示例" });
    let wrong = add(drug.clone()).expect(201).json();
    add(json!({ "incurred_on": "2026-11-20", "kind": "bed", "amount": 5_000 })).expect(201);
    let faults =
        add(json!({ "incurred_on": "2026-11-19", "kind": "meal", "amount": 0 })).expect(422);
    assert_eq!(
        told(&faults),
        [
            "incurred_on cost-outside-stay",
            "kind choice-unknown",
            "amount money-zero"
        ]
    );
    let negative =
        add(json!({ "incurred_on": "2026-11-21", "kind": "bed", "amount": -1 })).expect(422);
    assert_eq!(told(&negative), ["amount money-negative"]);
    let exact =
        add(json!({ "incurred_on": "2026-11-21", "kind": "bed", "amount": 1.5 })).expect(422);
    assert_eq!(told(&exact), ["amount wrong-type"]);

    let back = json!({ "reverses": wrong["id"], "reason": "示例：记错" });
    let silent = add(json!({ "reverses": wrong["id"] })).expect(422);
    assert_eq!(told(&silent), ["reason required"]);
    assert_eq!(add(back.clone()).expect(201).json()["amount"], -128_050);
    assert_eq!(add(back).expect(409).json()["code"], "cost-taken-back");
    let list = world.user("handler1").get(&costs).expect(200).json();
    assert_eq!(
        (list["items"].as_array().unwrap().len(), &list["sum"]),
        (3, &json!(5_000))
    );
}
