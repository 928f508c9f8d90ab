//! Papers by post (RB-1, CLK-4): announced, registered once, checked, originals sent back, on both databases.

mod formless;

use bujianmian::domain::actor::Role;
use bujianmian::domain::time::Ts;
use bujianmian::store::accounts;
use bujianmian::usecases::accounts::passwords;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World, login};

/// A world with a mailroom, on a Monday morning.
fn opened(kind: Kind) -> World {
    let world = World::start(kind);
    set(&world, "2026-11-30T10:00:00+08:00");
    let hash = passwords::hash(PASSWORD).expect("a hash");
    world.harness.write(move |conn| {
        accounts::insert(conn, &login("mailroom1", Role::MailroomClerk, &hash))?;
        let mut elsewhere = login("mailroom-elsewhere", Role::MailroomClerk, &hash);
        elsewhere.agency = Some("371002".parse().expect("a code"));
        accounts::insert(conn, &elsewhere)
    });
    world
}

fn set(world: &World, at: &str) {
    world.harness.app.clock.set(Ts::parse(at).unwrap());
}

/// A claim whose papers come by post, with one invoice.
fn claim(invoice: &str) -> Value {
    json!({
        "care": "outpatient",
        "institution_name": "示例医院",
        "institution_level": "2",
        "institution_region": "371002",
        "from": "2026-11-20",
        "to": "2026-11-20",
        "diagnoses": "I10",
        "covid": "none",
        "invoices": [{ "number": invoice, "issued_on": "2026-11-20", "total": 20_010 }],
        "sending": "post",
        "account_holder": "示例",
        "bank": "示例银行",
        "account_kind": "card",
        "account": "4111111111111111",
        "phone": "13800000000",
        "pledge": true,
    })
}

/// Files a claim and returns its receipt number.
#[track_caller]
fn file(user: &TestUser<'_>, invoice: &str) -> String {
    let body = json!({ "item": "reimbursement", "answers": claim(invoice) });
    let request = user
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", invoice)
        .body(body.to_string());
    let filed = user.send(request).expect(201).json();
    filed["receipt_no"].as_str().expect("a number").to_owned()
}

fn case(world: &World, receipt_no: &str) -> Value {
    let path = format!("/api/v1/cases/{receipt_no}");
    world.user("handler1").get(&path).expect(200).json()
}

fn parcel(tracking: &str, delivered_at: &str, cases: &[&str]) -> Value {
    json!({
        "courier": "ems",
        "tracking": tracking,
        "posted_on": "2026-11-28",
        "delivered_at": delivered_at,
        "sender": "示例甲",
        "cases": cases,
    })
}

#[track_caller]
fn register(world: &World, body: &Value, status: u16) -> Value {
    let clerk = world.user("mailroom1");
    let reply = clerk.post_json("/api/v1/parcels", body).expect(status);
    reply.json()
}

fn codes(problem: &Value) -> Vec<(String, String)> {
    let errors = problem["errors"].as_array().expect("faults");
    let text = |error: &Value, name: &str| error[name].as_str().expect("text").to_owned();
    errors
        .iter()
        .map(|error| (text(error, "field"), text(error, "code")))
        .collect()
}

#[rstest]
fn the_clock_runs_from_the_delivery_however_late_it_is_registered(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = opened(kind);
    let resident = world.user("resident1");
    let number = file(&resident, "FP0001");
    let waiting = case(&world, &number);
    assert_eq!(waiting["state"], "awaiting_parcel");
    assert_eq!(waiting["due_at"], Value::Null);

    let mailings = format!("/api/v1/cases/{number}/mailings");
    let announced = json!({ "courier": "ems", "tracking": "ex 123 456 789 cn" });
    for _ in 0..2 {
        let mail = resident.post_json(&mailings, &announced).expect(200).json();
        assert_eq!(mail["on_the_way"], json!([["ems", "EX123456789CN"]]));
    }

    // Delivered on Tuesday morning, registered on Wednesday: one working day from Tuesday is Wednesday's close.
    set(&world, "2026-12-02T11:00:00+08:00");
    let body = parcel("EX123456789CN", "2026-12-01T09:30:00+08:00", &[&number]);
    let first = register(&world, &body, 201);
    let running = case(&world, &number);
    assert_eq!(running["state"], "submitted");
    assert_eq!(running["due_at"], "2026-12-02T17:30:00+08:00");

    // The same label again is the first parcel, and moves nothing.
    let again = register(
        &world,
        &parcel("ex123456789cn", "2026-12-02T10:00:00+08:00", &[&number]),
        200,
    );
    assert_eq!(again["id"], first["id"]);
    assert_eq!(case(&world, &number)["version"], running["version"]);

    let mail = resident.get(&mailings).expect(200).json();
    assert_eq!(mail["on_the_way"], json!([]));
    assert_eq!(mail["arrived"][0]["tracking"], "EX123456789CN");
    let told = resident.get("/api/v1/inbox").expect(200).text;
    assert!(told.contains("邮寄材料已收到"), "{told}");
    // The mailroom sees the parcel and nothing of the case.
    let clerk = world.user("mailroom1");
    clerk.get(&format!("/api/v1/cases/{number}")).expect(404);
}

#[rstest]
fn one_parcel_holds_several_claims_and_a_claim_comes_in_several(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = opened(kind);
    let one = file(&world.user("resident1"), "FP0011");
    let other = file(&world.user("resident2"), "FP0012");
    set(&world, "2026-12-01T11:00:00+08:00");
    let delivered = "2026-12-01T10:00:00+08:00";
    register(
        &world,
        &parcel("SF100000001", delivered, &[&one, &other]),
        201,
    );
    assert_eq!(case(&world, &one)["state"], "submitted");
    assert_eq!(case(&world, &other)["state"], "submitted");

    // The second parcel of a claim is attached; its holder is told.
    world
        .user("handler1")
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200);
    let held = case(&world, &one);
    register(&world, &parcel("SF100000002", delivered, &[&one]), 201);
    assert_eq!(case(&world, &one)["version"], held["version"]);
    let told = world.user("handler1").get("/api/v1/inbox").expect(200).text;
    assert!(told.contains("收到办件的邮件"), "{told}");
    let mail = world
        .user("resident1")
        .get(&format!("/api/v1/cases/{one}/mailings"));
    assert_eq!(
        mail.expect(200).json()["arrived"].as_array().unwrap().len(),
        2
    );

    // A number the agency does not have refuses the whole parcel.
    let missing = "371000-20261201-99999-1";
    let wrong = parcel("SF100000003", delivered, &[&one, missing]);
    let problem = register(&world, &wrong, 422);
    assert_eq!(codes(&problem)[0].0, "cases");
    let found = world
        .user("mailroom1")
        .get("/api/v1/parcels?tracking=SF100000003");
    assert_eq!(found.expect(200).json()["items"], json!([]));
}

#[rstest]
fn what_is_missing_is_asked_for_once_and_may_come_by_post(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = opened(kind);
    let number = file(&world.user("resident1"), "FP0021");
    set(&world, "2026-12-01T11:00:00+08:00");
    let first = parcel("SF200000001", "2026-12-01T10:00:00+08:00", &[&number]);
    let id = register(&world, &first, 201)["id"].clone();
    let path = format!("/api/v1/parcels/{}", id.as_str().unwrap());
    let list = json!({
        "case": number,
        "found": { "invoice": "original", "cost-list": "missing" },
        "originals": 3,
    });
    let clerk = world.user("mailroom1");
    let checked = clerk
        .post_json(&format!("{path}/checklist"), &list)
        .expect(200)
        .json();
    assert_eq!(checked["cases"][0]["found"]["cost-list"], "missing");
    assert_eq!(checked["originals_here"], 3);

    // The handler's form has the missing paper ticked already.
    let handler = world.user("handler1");
    let held = handler
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200)
        .json();
    assert_eq!(held["receipt_no"], json!(number));
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let page = desk
        .get(&format!("/desk/cases/{number}/actions/request-supplement"))
        .expect(200)
        .text;
    assert!(
        page.contains("value=\"material-cost-list\" data-aria-controls=\"f-missing-material-cost-list-more\" checked"),
        "{page}"
    );
    let asked = json!({ "version": held["version"], "missing": [{ "material": "cost-list", "reason": "示范：缺费用清单" }] });
    let action = format!("/api/v1/cases/{number}/actions/request-supplement");
    let waiting = handler.post_json(&action, &asked).expect(200).json();
    assert_eq!(waiting["state"], "supplement_requested");

    // It comes by post: the full time starts anew with its delivery.
    set(&world, "2026-12-04T16:00:00+08:00");
    register(
        &world,
        &parcel("SF200000002", "2026-12-03T15:00:00+08:00", &[&number]),
        201,
    );
    let resumed = case(&world, &number);
    assert!(
        ["in_review", "submitted"].contains(&resumed["state"].as_str().unwrap()),
        "{resumed}"
    );
    let clock = handler
        .get(&format!("/api/v1/cases/{number}/clock"))
        .expect(200)
        .text;
    assert!(clock.contains("2026-12-03 邮件送达"), "{clock}");
}

#[rstest]
fn originals_go_back_and_never_more_than_came(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = opened(kind);
    let number = file(&world.user("resident1"), "FP0031");
    set(&world, "2026-12-01T11:00:00+08:00");
    let body = parcel("SF300000001", "2026-12-01T10:00:00+08:00", &[&number]);
    let id = register(&world, &body, 201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let clerk = world.user("mailroom1");
    let list = json!({ "case": number, "found": { "invoice": "original", "cost-list": "original", "discharge-record": "copy" }, "originals": 3 });
    clerk
        .post_json(&format!("/api/v1/parcels/{id}/checklist"), &list)
        .expect(200);
    let returns = format!("/api/v1/parcels/{id}/returns");
    let back = |number: &str, sheets: u32| json!({ "courier": "ems", "tracking": number, "sheets": sheets });

    let problem = clerk
        .post_json(&returns, &back("EB000000001CN", 4))
        .expect(422)
        .json();
    assert_eq!(
        codes(&problem),
        [("sheets".to_owned(), "sheets-left".to_owned())]
    );
    // An impatient double click is one way back.
    for _ in 0..2 {
        let parcel = clerk
            .post_json(&returns, &back("EB000000001CN", 2))
            .expect(200)
            .json();
        assert_eq!(
            (&parcel["originals_here"], &parcel["open"]),
            (&json!(1), &json!(true))
        );
    }
    let parcel = clerk
        .post_json(&returns, &back("EB000000002CN", 1))
        .expect(200)
        .json();
    assert_eq!(
        (&parcel["originals_here"], &parcel["open"]),
        (&json!(0), &json!(false))
    );
    let open = clerk.get("/api/v1/parcels?which=open").expect(200).json();
    assert_eq!(open["items"], json!([]));

    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let page = resident
        .get(&format!("/my/cases/{number}/mail"))
        .expect(200)
        .text;
    assert!(
        page.contains("EB000000001CN") && page.contains("寄回 2 张"),
        "{page}"
    );
    let told = world
        .user("resident1")
        .get("/api/v1/inbox")
        .expect(200)
        .text;
    assert_eq!(told.matches("材料原件已寄回").count(), 2, "{told}");
    // Another mailroom does not know the parcel.
    let elsewhere = world.user("mailroom-elsewhere");
    elsewhere.get(&format!("/api/v1/parcels/{id}")).expect(404);
}

#[test]
fn a_parcel_that_never_comes_is_reminded_of_and_lapses() {
    let world = opened(Sqlite);
    let number = file(&world.user("resident1"), "FP0041");
    let app = world.harness.app.clone();
    let fire = move || {
        let app = app.clone();
        actix_web::rt::System::new().block_on(async move {
            let due = bujianmian::usecases::timekeeping::due(&app, None, 10)
                .await
                .unwrap();
            bujianmian::usecases::timekeeping::fire(&app, due)
                .await
                .unwrap()
        })
    };
    set(&world, "2026-12-23T09:00:00+08:00");
    assert_eq!(fire().len(), 1);
    let told = world
        .user("resident1")
        .get("/api/v1/inbox")
        .expect(200)
        .text;
    assert!(
        told.contains("邮寄材料尚未收到") || told.contains("parcel-reminder"),
        "{told}"
    );
    assert!(
        told.contains("12月30日") || told.contains("2026-12-30"),
        "{told}"
    );
    set(&world, "2026-12-31T00:00:00+08:00");
    assert_eq!(fire().len(), 1);
    assert_eq!(case(&world, &number)["state"], "lapsed");
    // A parcel that comes too late is kept and shown, and opens nothing.
    set(&world, "2026-12-31T11:00:00+08:00");
    register(
        &world,
        &parcel("SF400000001", "2026-12-31T10:00:00+08:00", &[&number]),
        201,
    );
    assert_eq!(case(&world, &number)["state"], "lapsed");
}

#[rstest]
#[case::later(json!({ "delivered_at": "2026-12-01T12:00:00+08:00" }), "delivered_at", "delivered-later")]
#[case::before_posting(json!({ "delivered_at": "2026-11-27T12:00:00+08:00" }), "delivered_at", "delivered-before-posted")]
#[case::no_number(json!({ "tracking": "x" }), "tracking", "tracking-malformed")]
#[case::no_courier(json!({ "courier": "pigeon" }), "courier", "choice-required")]
#[case::unknown_person(json!({ "id_number": "371000198001010013" }), "id_number", "")]
fn what_is_wrong_is_told_at_its_field(
    #[case] change: Value,
    #[case] field: &str,
    #[case] code: &str,
) {
    let world = opened(Sqlite);
    set(&world, "2026-12-01T11:00:00+08:00");
    let mut body = parcel("SF500000001", "2026-12-01T10:00:00+08:00", &[]);
    for (name, value) in change.as_object().unwrap() {
        body[name] = value.clone();
    }
    let faults = codes(&register(&world, &body, 422));
    assert_eq!(faults[0].0, field);
    assert!(code.is_empty() || faults[0].1 == code, "{faults:?}");
    let all = world
        .user("mailroom1")
        .get("/api/v1/parcels")
        .expect(200)
        .json();
    assert_eq!(all["items"], json!([]));
}

#[rstest]
fn a_clerk_scans_registers_and_checks_in_a_browser(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = opened(kind);
    let number = file(&world.user("resident1"), "FP0061");
    set(&world, "2026-12-01T11:00:00+08:00");
    let clerk = TestUser::sign_in(&world.harness, "mailroom1", PASSWORD);
    assert_eq!(clerk.get("/workplace").expect(303).location(), "/mailroom");
    // The square code of the cover sheet holds an address, the bar code digits alone.
    let address = format!("http://127.0.0.1/progress?receipt_no={number}");
    for code in [number.replace('-', ""), address] {
        let scanned = clerk.submit("/mailroom", "/mailroom/scan", &[("code", &code)]);
        assert_eq!(
            scanned.expect(303).location(),
            format!("/mailroom/register?cases={number}")
        );
    }
    let form = [
        ("courier", "sf"),
        ("tracking", "SF600000001"),
        ("posted_on", "2026-11-30"),
        ("delivered_on", "2026-12-01"),
        ("delivered_time", "10:30"),
        ("sender", "<b>示例甲</b>"),
        ("cases", &number),
    ];
    let at = "/mailroom/register";
    let page = clerk
        .submit(at, at, &form)
        .expect(303)
        .location()
        .to_owned();
    assert!(page.ends_with("?done=registered"), "{page}");
    let again = clerk
        .submit(at, at, &form)
        .expect(303)
        .location()
        .to_owned();
    assert!(again.ends_with("?done=before"), "{again}");
    let shown = clerk.get(&again).expect(200).text;
    assert!(
        shown.contains("此前已经登记") && shown.contains("&#60;b&#62;示例甲"),
        "{shown}"
    );
    let path = page.split('?').next().unwrap();
    let check = format!("{path}/checklist");
    let fields = [
        ("case", number.as_str()),
        ("found-invoice", "copy"),
        ("originals", ""),
    ];
    clerk.submit(path, &check, &fields).expect(303);
    let empty = [("case", number.as_str()), ("originals", "x")];
    clerk.submit(path, &check, &empty).expect(422);
    let scanned = clerk.submit("/mailroom", "/mailroom/scan", &[("code", "sf 600000001")]);
    assert_eq!(scanned.expect(303).location(), path);
    clerk
        .submit("/mailroom", "/mailroom/scan", &[("code", "?")])
        .expect(422);
    let file = clerk.get("/mailroom/parcels.csv").expect(200);
    assert!(
        file.text.contains("SF600000001") && file.text.contains(&number),
        "{}",
        file.text
    );
}

#[test]
fn the_cover_sheet_is_a_page_and_a_file() {
    let world = opened(Sqlite);
    let number = file(&world.user("resident1"), "FP0071");
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let page = resident
        .get(&format!("/my/cases/{number}/cover-sheet"))
        .expect(200)
        .text;
    assert!(page.contains("mb-barcode") && page.contains("mb-qr") && page.contains(&number));
    let file = resident
        .get(&format!("/my/cases/{number}/cover-sheet.pdf"))
        .expect(200);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert!(file.text.starts_with("%PDF-"));
    let other = TestUser::sign_in(&world.harness, "resident2", PASSWORD);
    other
        .get(&format!("/my/cases/{number}/cover-sheet.pdf"))
        .expect(404);
    let program = world.user("resident1");
    program
        .get(&format!("/api/v1/cases/{number}/cover-sheet.pdf"))
        .expect(200);
}
