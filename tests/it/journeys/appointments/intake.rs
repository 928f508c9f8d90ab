//! RB-3: filing at the counter: taken in first, handled behind; the receipt at once.

use rstest::rstest;
use serde_json::{Value, json};

use super::{book, clock, id, states, token, with_counter};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World, id_number};

const WEDNESDAY: &str = "2026-11-25T09:30:00+08:00";

/// What the clerk types; the lines of the costs are left out.
const TYPED: &[(&str, &str)] = &[
    ("care", "outpatient"),
    ("institution_name", "示例医院"),
    ("institution_level", "2"),
    ("institution_region", "371002"),
    ("from", "2026-11-10"),
    ("to", "2026-11-10"),
    ("diagnoses", "I10"),
    ("covid", "none"),
    ("invoices", "37202611100001，2026-11-10，200.10"),
    ("account_holder", "示例居民1"),
    ("bank", "示例银行"),
    ("account_kind", "card"),
    ("account", "6222020000000000000"),
    ("phone", "13800000000"),
    ("pledge", "yes"),
];

#[rstest]
fn who_has_a_booking_is_taken_in_by_one_press(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 2);
    let booked = id(book(&world, "resident1", WEDNESDAY, false));
    clock(&world.harness.app, WEDNESDAY);
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let sheet = desk.get("/desk/appointments").expect(200);
    let intake = format!("/desk/counter?appointment={booked}");
    assert!(sheet.text.contains(&intake), "{}", sheet.text);

    let page = desk.get(&intake).expect(200);
    assert!(page.text.contains("示例居民1") && !page.text.contains("name=\"id_number\""));
    let csrf = token(&page);
    let mut first = vec![
        ("csrf", csrf.as_str()),
        ("appointment", booked.as_str()),
        ("item", "reimbursement"),
    ];
    // Nobody is filed for whose document was not looked at.
    desk.post("/desk/counter", &first).expect(422);
    first.push(("document", "id-card"));
    let form = desk.post("/desk/counter", &first).expect(200);
    assert!(form.text.contains("name=\"invoices\"") && !form.text.contains("name=\"papers\""));
    let hidden = |name: &str| {
        let (_, rest) = form
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (person, key) = (hidden("person"), hidden("token"));
    let mut all = first.clone();
    all.extend([("person", person.as_str()), ("token", key.as_str())]);
    all.extend_from_slice(TYPED);
    let filed = desk.post("/desk/counter/submit", &all).expect(303);
    let receipt = desk.get(filed.location()).expect(200);
    assert!(
        receipt.text.contains("请打印本页交给办事人"),
        "{}",
        receipt.text
    );
    assert_eq!(states(&world, "resident1"), ["attended"]);
    // Pressed twice, it is one case.
    let again = desk.post("/desk/counter/submit", &all).expect(303);
    assert_eq!(again.location(), filed.location());

    let (_, number) = filed.location().split_once("of=").unwrap();
    let case = world
        .user("resident1")
        .get(&format!("/api/v1/cases/{number}"))
        .expect(200)
        .json();
    assert_eq!(case["channel"], "counter");
    assert_eq!(case["state"], "submitted");
    // CLK-4: the time starts when the counter files, and no paper is asked for as an upload.
    assert_eq!(case["due_at"], "2026-11-26T17:30:00+08:00");
    assert_eq!(case["answers"]["sending"], "counter");
    // Whoever took it in does not handle it; another one sees what was looked at.
    let own = desk.get(&format!("/desk/cases/{number}")).expect(200);
    assert!(!own.text.contains("示例医院"));
    let other = TestUser::sign_in(&world.harness, "handler2", PASSWORD);
    let page = other.get(&format!("/desk/cases/{number}")).expect(200);
    assert!(
        page.text.contains("窗口办理，已核对居民身份证"),
        "{}",
        page.text
    );
}

fn file(world: &World, who: &str, key: &str, more: &Value) -> crate::harness::user::Reply {
    let mut answers = serde_json::Map::new();
    for (name, value) in TYPED {
        answers.insert((*name).to_owned(), (*value).into());
    }
    answers.insert("pledge".to_owned(), true.into());
    answers.insert("sending".to_owned(), "counter".into());
    let invoice =
        json!({ "number": format!("3720261110{key}"), "issued_on": "2026-11-10", "total": 20_010 });
    answers.insert("invoices".to_owned(), json!([invoice]));
    let mut body = json!({ "item": "reimbursement", "answers": answers });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let user = world.user(who);
    user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    )
}

#[rstest]
fn only_the_counter_says_that_papers_were_handed_over(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = with_counter(kind, 1);
    let refused = file(&world, "resident1", "0001", &json!({}))
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["field"], "sending", "{refused}");
    let whom = json!({ "id_number": id_number(1).as_str() });
    let called =
        json!({ "for": whom, "call_back": { "number": "13800000001", "result": "confirmed" } });
    file(&world, "handler1", "0002", &called).expect(422);
    let unknown = json!({ "for": whom, "at_counter": { "document": "library-card" } });
    let refused = file(&world, "handler1", "0003", &unknown)
        .expect(422)
        .json();
    assert_eq!(refused["errors"][0]["field"], "at_counter.document");
    let seen = json!({ "for": whom, "at_counter": { "document": "social-security-card" } });
    let filed = file(&world, "handler1", "0004", &seen).expect(201).json();
    assert_eq!(filed["channel"], "counter");
    // The person is told of what was filed for them.
    let inbox = world
        .user("resident1")
        .get("/api/v1/inbox")
        .expect(200)
        .json();
    assert_eq!(inbox["items"][0]["notice"], "filed-for-you");
}
