//! Who bears the subsidy (SET-8): booked at the approval, corrected by differences, claimed once.

use bujianmian::domain::settlement::Shares;
use rstest::rstest;
use serde_json::{Value, json};

use super::world::{Desk, paid, text, with_subsidy};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::PASSWORD;

/// Weihai: province 80 %, the rest city : county = 2 : 8.
const WEIHAI: Shares = Shares {
    centre: 0,
    province: 98_766,
    city: 4_938,
    county: 19_753,
    unallocated: 0,
};

fn sums(desk: &Desk) -> Vec<(String, i64, i64)> {
    let path = "/api/v1/fiscal-shares/sums?from=2026-11-01&to=2026-11-30";
    let list = desk.user("finance1").get(path).expect(200).json();
    let mut found: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let fen = |name: &str| one[name].as_i64().unwrap();
            (
                text(&one["payer"]).to_owned(),
                fen("fen"),
                fen("unclaimed_fen"),
            )
        })
        .collect();
    found.sort();
    found
}

fn claim(desk: &Desk, payer: &str) -> Value {
    let body = json!({ "payer": payer, "from": "2026-11-01", "to": "2026-11-30" });
    let reply = desk
        .user("finance1")
        .post_json("/api/v1/treasury-claims", &body);
    reply.expect(201).json()
}

#[rstest]
fn each_figure_leads_to_its_cases_and_is_claimed_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP7001", &with_subsidy(10_000, WEIHAI));
    desk.approved("resident2", "FP7002", &with_subsidy(5_000, WEIHAI));
    let row = |payer: &str, fen: i64, left: i64| (payer.to_owned(), fen, left);
    assert_eq!(
        sums(&desk),
        [
            row("city", 9_876, 9_876),
            row("county", 39_506, 39_506),
            row("province", 197_532, 197_532)
        ]
    );
    let made = claim(&desk, "province");
    assert_eq!(made["fen"], 197_532);
    let path = format!("/api/v1/fiscal-shares?claim={}", text(&made["id"]));
    let behind = desk.user("finance1").get(&path).expect(200).json();
    let first = &behind["items"][0];
    assert_eq!(behind["items"].as_array().unwrap().len(), 2);
    assert_eq!(
        (text(&first["payer"]), text(&first["advanced_by"])),
        ("province", "city")
    );
    let body = json!({ "payer": "province", "from": "2026-11-01", "to": "2026-11-30" });
    let again = desk
        .user("finance2")
        .post_json("/api/v1/treasury-claims", &body);
    assert_eq!(again.expect(409).json()["code"], "nothing-to-claim");

    // A corrected settlement books the difference, which is claimed by itself.
    let batch = desk.sent_batch();
    let rows: Vec<Value> = batch["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(paid)
        .collect();
    desk.counted("finance1", &batch, &rows);
    let more = Shares {
        province: 98_866,
        ..WEIHAI
    };
    desk.settle(&receipt_no, 2, &with_subsidy(10_000, more))
        .unwrap();
    assert_eq!(claim(&desk, "province")["fen"], 100);

    let path = format!("/api/v1/treasury-claims/{}/paid", text(&made["id"]));
    let officer = desk.user("finance1");
    officer
        .post_json(&path, &json!({ "on": "2026-11-25" }))
        .expect(422);
    let noted = officer
        .post_json(&path, &json!({ "on": "2026-11-24" }))
        .expect(200);
    assert_eq!(noted.json()["paid_on"], "2026-11-24");
    let twice = officer
        .post_json(&path, &json!({ "on": "2026-11-24" }))
        .expect(409);
    assert_eq!(twice.json()["code"], "treasury-claim-paid");
}

#[rstest]
fn two_officers_claim_a_period_at_once_and_one_gets_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    desk.approved("resident1", "FP8001", &with_subsidy(0, WEIHAI));
    let officers = [desk.user("finance1"), desk.user("finance2")];
    let body = json!({ "payer": "county", "from": "2026-11-01", "to": "2026-11-30" });
    let mut replies: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = officers
            .iter()
            .map(|one| scope.spawn(|| one.post_json("/api/v1/treasury-claims", &body).status))
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    replies.sort_unstable();
    assert_eq!(replies, [201, 409]);
}

#[rstest]
fn the_page_shows_sums_and_takes_claims_and_grants(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP9001", &with_subsidy(0, WEIHAI));
    let officer = TestUser::sign_in(&desk.world.harness, "finance1", PASSWORD);
    let page = officer.get("/finance/shares").expect(200);
    assert!(
        page.text.contains("987.66") && page.text.contains("县级财政"),
        "{}",
        page.text
    );
    let cases = officer
        .get("/finance/shares/cases?payer=county")
        .expect(200);
    assert!(cases.text.contains(&receipt_no) && cases.text.contains("197.53"));
    let file = officer.get("/finance/shares.csv").expect(200);
    assert_eq!(file.text.lines().count(), 4, "{}", file.text);

    let here = "/finance/shares";
    let wrong = [
        ("form", "claim"),
        ("payer", "city"),
        ("from", "2026-11-31"),
        ("to", ""),
    ];
    let refused = officer.submit(here, "/finance/claims", &wrong).expect(422);
    assert!(
        refused.text.contains("href=\"#f-from-claim\""),
        "{}",
        refused.text
    );
    let right = [
        ("form", "claim"),
        ("payer", "city"),
        ("from", "2026-11-01"),
        ("to", "2026-11-24"),
    ];
    officer.submit(here, "/finance/claims", &right).expect(303);
    let grant = [
        ("form", "grant"),
        ("payer", "province"),
        ("amount", "1000.00"),
        ("on", "2026-11-20"),
        ("document", "示例财社〔2026〕1号"),
    ];
    officer.submit(here, "/finance/grants", &grant).expect(303);
    let after = officer.get(here).expect(200);
    assert!(after.text.contains("示例财社〔2026〕1号") && after.text.contains("1,000.00"));
    let nothing = [("form", "grant"), ("payer", "province"), ("amount", "0")];
    officer
        .submit(here, "/finance/grants", &nothing)
        .expect(422);
    let backwards = officer.get("/finance/shares?from=2026-11-02&to=2026-11-01");
    backwards.expect(422);
}
