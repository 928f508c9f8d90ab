//! A parcel without a form: registered for a person, taken in by a handler as a claim whose clock runs from the delivery (CLK-4).

use super::*;
use crate::harness::world::id_number;

fn formless(world: &World) -> String {
    set(world, "2026-12-02T11:00:00+08:00");
    let body = json!({
        "courier": "other",
        "tracking": "YZ0000001",
        "delivered_at": "2026-12-01T15:00:00+08:00",
        "sender": "示例甲",
        "id_number": id_number(1).as_str(),
        "contents": "发票一张，费用清单两页",
    });
    let parcel = register(world, &body, 201);
    assert_eq!(parcel["cases"], json!([]));
    parcel["id"].as_str().unwrap().to_owned()
}

#[rstest]
fn a_handler_takes_it_in_and_the_clock_runs_from_the_delivery(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = opened(kind);
    let id = formless(&world);
    let page = format!("/mailroom/parcels/{id}");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let shown = handler.get(&page).expect(200).text;
    assert!(
        shown.contains("发票一张") && shown.contains("/take-in\""),
        "{shown}"
    );

    let door = format!("{page}/take-in");
    let form = handler
        .submit(&door, &door, &[("item", "reimbursement")])
        .expect(200);
    let value = |name: &str| {
        let (_, rest) = form
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no {name}: {}", form.text));
        rest.split('"').next().unwrap().to_owned()
    };
    let (csrf, person, token) = (value("csrf"), value("person"), value("token"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("item", "reimbursement"),
        ("person", &person),
        ("token", &token),
        ("care", "outpatient"),
        ("institution_name", "示例医院"),
        ("institution_level", "2"),
        ("institution_region", "371002"),
        ("from", "2026-11-20"),
        ("to", "2026-11-20"),
        ("diagnoses", "I10"),
        ("covid", "none"),
        ("invoices", "FP9001，2026-11-20，200.10"),
        ("sending", "post"),
        ("lines", ""),
        ("account_holder", "示例"),
        ("bank", "示例银行"),
        ("account_kind", "card"),
        ("account", "4111111111111111"),
        ("phone", "13800000000"),
        ("pledge", "yes"),
    ];
    let submit = format!("{door}/submit");
    let wrong: Vec<_> = fields
        .iter()
        .map(|(name, value)| match *name {
            "invoices" => (*name, "FP9001，2026-11-40，x"),
            _ => (*name, *value),
        })
        .collect();
    let faulty = handler.post(&submit, &wrong).expect(422).text;
    assert!(
        faulty.contains("第 1 行") && faulty.contains("FP9001，2026-11-40，x"),
        "{faulty}"
    );

    for _ in 0..2 {
        let to = handler
            .post(&submit, &fields)
            .expect(303)
            .location()
            .to_owned();
        assert_eq!(to, format!("{page}?done=taken-in"));
    }
    let parcel = world
        .user("mailroom1")
        .get(&format!("/api/v1/parcels/{id}"));
    let parcel = parcel.expect(200).json();
    let cases = parcel["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 1, "{parcel}");
    let number = cases[0]["receipt_no"].as_str().unwrap();
    let taken = case_of(&world, number);
    assert_eq!(taken["state"], "submitted");
    assert_eq!(taken["due_at"], "2026-12-02T17:30:00+08:00");
    assert_eq!(taken["channel"], "mail");
    // The person concerned is told, and sees the parcel.
    let told = world
        .user("resident1")
        .get("/api/v1/inbox")
        .expect(200)
        .text;
    assert!(told.contains(number), "{told}");
    let mail = world
        .user("resident1")
        .get(&format!("/api/v1/cases/{number}/mailings"));
    assert_eq!(
        mail.expect(200).json()["arrived"][0]["tracking"],
        "YZ0000001"
    );
}

/// As another handler sees it: nobody handles what they filed themselves.
fn case_of(world: &World, number: &str) -> Value {
    let path = format!("/api/v1/cases/{number}");
    world.user("handler2").get(&path).expect(200).json()
}

#[test]
fn only_a_handler_of_the_agency_takes_it_in() {
    let world = opened(Sqlite);
    let id = formless(&world);
    let door = format!("/mailroom/parcels/{id}/take-in");
    for (name, status) in [
        ("mailroom1", 403),
        ("reviewer1", 403),
        ("handler-elsewhere", 404),
    ] {
        let user = TestUser::sign_in(&world.harness, name, PASSWORD);
        user.get(&door).expect(status);
    }
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    resident.get(&format!("/mailroom/parcels/{id}")).expect(403);
}
