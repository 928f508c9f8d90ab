//! RB-2: booking, moving, giving up, waiting; and many who ask at the same moment.

use bujianmian::domain::actor::{Actor, Identified, Role};
use bujianmian::store::accounts::NewAccount;
use bujianmian::usecases::appointing::{self, Wanted, Wish};
use bujianmian::usecases::error::{Already, Conflict};
use bujianmian::usecases::{App, Error};
use rstest::rstest;
use serde_json::json;
use tokio::task::JoinSet;

use super::{book, clock, id, left, notices, residents, slot, states, token, wait, with_counter};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{CITY, PASSWORD, id_number};

const WEDNESDAY: &str = "2026-11-25T09:30:00+08:00";
const LATER: &str = "2026-11-25T10:30:00+08:00";

#[rstest]
fn a_resident_books_by_one_press_moves_and_gives_up(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 2);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    // Whoever has named no item sees no times.
    let page = resident.get("/appointments/new").expect(200);
    assert!(!page.text.contains("name=\"slot\""));
    let page = resident
        .get("/appointments/new?item=reimbursement&day=2026-11-25")
        .expect(200);
    assert!(
        page.text.contains("09:30–10:00") && page.text.contains("余 2 个"),
        "{}",
        page.text
    );
    let (csrf, place) = (token(&page), slot(&world, WEDNESDAY));
    assert!(page.text.contains(&place));
    let form = [
        ("csrf", csrf.as_str()),
        ("item", "reimbursement"),
        ("slot", place.as_str()),
    ];
    let booked = resident.post("/appointments/new", &form).expect(303);
    let at = booked.location().to_owned();
    // Pressed twice, it is the same booking.
    let again = resident.post("/appointments/new", &form).expect(303);
    assert_eq!(again.location(), at);
    assert_eq!(left(&world, WEDNESDAY), 1);
    let page = resident.get(&at).expect(200);
    assert!(
        page.text.contains("1-0930-1") && page.text.contains("到场须知"),
        "{}",
        page.text
    );
    let entry = resident.get(&format!("{at}/calendar.ics")).expect(200);
    assert!(
        entry.text.contains("DTSTART:20261125T013000Z\r\n"),
        "{}",
        entry.text
    );
    assert!(entry.header("content-type").starts_with("text/calendar"));

    let page = resident
        .get(&format!("{at}/move?day=2026-11-25"))
        .expect(200);
    let (csrf, other) = (token(&page), slot(&world, LATER));
    let form = [("csrf", csrf.as_str()), ("slot", other.as_str())];
    let moved = resident.post(&format!("{at}/move"), &form).expect(303);
    let at = moved.location().to_owned();
    assert_eq!((left(&world, WEDNESDAY), left(&world, LATER)), (2, 1));
    assert_eq!(states(&world, "resident1"), ["moved", "booked"]);

    resident
        .submit(&at, &format!("{at}/cancel"), &[])
        .expect(303);
    assert_eq!(left(&world, LATER), 2);
    assert_eq!(
        notices(&world, "resident1"),
        [
            "appointment-cancelled",
            "appointment-moved",
            "appointment-booked"
        ]
    );
    // Nobody else sees it.
    let stranger = TestUser::sign_in(&world.harness, "resident2", PASSWORD);
    stranger.get(&at).expect(404);
}

#[rstest]
fn two_hundred_people_get_exactly_the_last_ten_places(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 10);
    let place = slot(&world, WEDNESDAY).parse().unwrap();
    let people = residents(&world, 200);
    // On the server half of them come through another instance.
    let app = world.harness.app.clone();
    let other = match kind {
        Sqlite => app.clone(),
        Postgres => {
            let other = world.harness.another();
            let of_other = other.clone();
            wait(async move { of_other.office.refresh(&of_other.db).await });
            other
        }
    };
    let wanted = Wanted {
        slot: place,
        item: "reimbursement".to_owned(),
        person: None,
        wish: Wish::Place,
    };
    let outcomes: Vec<Result<_, Error>> = actix_web::rt::System::new().block_on(async move {
        let mut asked = JoinSet::new();
        for (number, login) in people.iter().enumerate() {
            let app: App = if number % 2 == 0 {
                app.clone()
            } else {
                other.clone()
            };
            let (actor, wanted) = (actor(login), wanted.clone());
            asked.spawn(async move {
                loop {
                    match appointing::book(&app, &actor, wanted.clone()).await {
                        // Told to come back, as over HTTP by 503.
                        Err(Error::Busy | Error::Store(_)) => {}
                        outcome => return outcome,
                    }
                }
            });
        }
        asked.join_all().await
    });
    let mut codes: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().ok()?.code.clone())
        .collect();
    codes.sort();
    codes.dedup();
    let full = outcomes.iter().filter(|one| {
        let full = Conflict::Already(Already::SlotFull);
        matches!(one, Err(Error::Conflict(why)) if *why == full)
    });
    assert_eq!((codes.len(), full.count()), (10, 190));
    assert_eq!(left(&world, WEDNESDAY), 0);
}

fn actor(login: &NewAccount) -> Actor {
    Actor {
        account: login.id,
        role: Role::Resident,
        name: login.name.clone(),
        pool: Some("371000".parse().unwrap()),
        agency: None,
        insured_at: Some(CITY.parse().unwrap()),
        person: login.person,
        relatives: vec![],
        entrusted: vec![],
        employer: None,
        institution: None,
        colleagues: vec![login.id],
        identified: Identified::Password,
    }
}

#[rstest]
fn a_place_that_becomes_free_goes_to_who_waits_first(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 1);
    let first = id(book(&world, "resident1", WEDNESDAY, false));
    let full = book(&world, "resident2", WEDNESDAY, false).expect(409);
    assert_eq!(full.json()["code"], "slot-full");
    book(&world, "resident2", WEDNESDAY, true).expect(201);
    clock(&world.harness.app, "2026-11-24T10:00:01+08:00");
    book(&world, "resident3", WEDNESDAY, true).expect(201);
    assert_eq!(states(&world, "resident2"), ["waiting"]);
    assert_eq!(notices(&world, "resident2"), Vec::<String>::new());

    let path = format!("/api/v1/appointments/{first}/cancel");
    world
        .user("resident1")
        .post_json(&path, &json!({}))
        .expect(200);
    assert_eq!(states(&world, "resident2"), ["booked"]);
    assert_eq!(states(&world, "resident3"), ["waiting"]);
    assert_eq!(notices(&world, "resident2"), ["appointment-free"]);
    assert_eq!(left(&world, WEDNESDAY), 0);
    // Given up once.
    let again = world
        .user("resident1")
        .post_json(&path, &json!({}))
        .expect(409);
    assert_eq!(again.json()["code"], "appointment-settled");
}

#[rstest]
fn what_can_not_be_booked_is_refused_with_its_reason(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 2);
    book(&world, "resident1", WEDNESDAY, false).expect(201);
    let same_day = book(&world, "resident1", LATER, false).expect(409);
    assert_eq!(same_day.json()["code"], "appointment-same-day");
    let waits = book(&world, "resident1", LATER, true).expect(409);
    assert_eq!(waits.json()["code"], "appointment-same-day");
    assert_eq!(left(&world, LATER), 2);

    let ask = |who: &str, body: &serde_json::Value| {
        world.user(who).post_json("/api/v1/appointments", body)
    };
    let place = slot(&world, LATER);
    let online_only = json!({ "slot": place, "item": "cross-region-registration" });
    let refused = ask("resident2", &online_only).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], "item-unknown");
    let nowhere =
        json!({ "slot": "01900000-0000-7000-8000-000000000000", "item": "reimbursement" });
    ask("resident2", &nowhere).expect(404);
    ask(
        "resident2",
        &json!({ "slot": "nonsense", "item": "reimbursement" }),
    )
    .expect(404);
    ask(
        "handler1",
        &json!({ "slot": place, "item": "reimbursement" }),
    )
    .expect(403);
    // The span that has begun, to the second.
    clock(&world.harness.app, LATER);
    let past = json!({ "slot": place, "item": "reimbursement" });
    let begun = ask("resident2", &past).expect(409).json();
    assert_eq!(begun["code"], "slot-closed");
}

#[rstest]
fn somebody_authorised_books_for_their_principal(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 2);
    let body = json!({ "id_number": id_number(2).as_str(), "name": "示例居民2" });
    let granted = world
        .user("resident1")
        .post_json("/api/v1/authorisations", &body);
    let granted = granted.expect(201).json();
    let path = format!(
        "/api/v1/authorisations/{}/accept",
        granted["id"].as_str().unwrap()
    );
    world
        .user("resident2")
        .post_json(&path, &json!({}))
        .expect(200);

    let relative = TestUser::sign_in(&world.harness, "resident2", PASSWORD);
    let page = relative.get("/appointments/new").expect(200);
    let (before, _) = page.text.split_once("示例居民1").unwrap();
    let person = before
        .rsplit("value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let order =
        json!({ "slot": slot(&world, WEDNESDAY), "item": "reimbursement", "person": person });
    let booked = world
        .user("resident2")
        .post_json("/api/v1/appointments", &order);
    assert_eq!(booked.expect(201).json()["person"], person);
    // Both are told; a stranger may not.
    assert_eq!(notices(&world, "resident1"), ["appointment-booked"]);
    assert_eq!(notices(&world, "resident2"), ["appointment-booked"]);
    let refused = world
        .user("resident3")
        .post_json("/api/v1/appointments", &order);
    assert_eq!(
        refused.expect(422).json()["errors"][0]["code"],
        "not-entrusted"
    );
}
