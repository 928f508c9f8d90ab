//! Filing of claims for reimbursement (RB-4, RB-5): question by question in a browser without scripts, with lines typed and brought
//! as a list; what is told while the applicant is still there; the case as both sides see it. On both databases.

use bujianmian::clock::Clock;
use bujianmian::domain::ids::InstitutionId;
use bujianmian::store::registry::{Institution, insert_institution};
use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::{Value, json};

use super::resident::{answer, answer_all, at_home, begin, case_of, number, shows, submit};
use super::zero_material::file;
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

const ITEM: &str = "reimbursement";
pub const DAY: &str = "2026-11-14";

pub fn hospital(world: &World) {
    world.harness.write(|conn| {
        insert_institution(
            conn,
            &Institution {
                id: Clock::new_id::<InstitutionId>(),
                code: "H37100201".to_owned(),
                name: "示例区第一医院".to_owned(),
                kind: "hospital".to_owned(),
                level: 2,
                pool: "371000".parse().unwrap(),
                region: bujianmian::domain::region::RegionCode::parse("371002").unwrap(),
            },
        )
    });
}

/// One more line of a question, its cells by column.
#[track_caller]
pub fn add(user: &TestUser<'_>, draft: &str, field: &str, cells: &[(&str, &str)]) -> Reply {
    send(user, draft, field, "new", cells, "add")
}

#[track_caller]
fn send(
    user: &TestUser<'_>,
    draft: &str,
    field: &str,
    place: &str,
    cells: &[(&str, &str)],
    what: &str,
) -> Reply {
    let page = format!("{draft}/{field}");
    let named: Vec<(String, &str)> = cells
        .iter()
        .map(|(column, value)| (format!("{field}.{place}.{column}"), *value))
        .collect();
    let mut fields: Vec<(&str, &str)> = named.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    fields.push(("do", what));
    user.submit(&page, &page, &fields)
}

/// On to the next question.
#[track_caller]
pub fn go_on(user: &TestUser<'_>, draft: &str, field: &str) -> Reply {
    send(user, draft, field, "new", &[], "go")
}

pub const INVOICE: &[(&str, &str)] = &[
    ("number", "FP-1000"),
    ("issued_on", DAY),
    ("total", "200.10"),
];
const TO_ACCOUNT: &[(&str, &str)] = &[
    ("account_holder", "示例参保人"),
    ("bank", "示例银行"),
    ("account_kind", "card"),
    ("account", "6222 0200 0000 0000 000"),
];

/// Everything up to the invoices, with the hospital found by a part of its name.
#[track_caller]
pub fn begun(user: &TestUser<'_>) -> String {
    let draft = begin(user, ITEM);
    answer(user, &draft, "care", "outpatient").expect(303);
    let page = format!("{draft}/institution");
    let sought = user.submit(&page, &page, &[("sought", "第一医院"), ("do", "seek")]);
    shows(&sought.expect(200), &["示例区第一医院", "二级", "不在其中"]);
    let chosen = user.submit(&page, &page, &[("institution", "H37100201"), ("do", "go")]);
    // What describes an institution that is not in the registry is not asked.
    assert_eq!(chosen.expect(303).location(), format!("{draft}/from"));
    answer_all(user, &draft, &[("from", DAY), ("to", "")]);
    draft
}

#[rstest]
fn a_claim_is_filed_line_by_line_and_both_sides_see_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    hospital(&world);
    let resident = at_home(&world, "resident1");
    shows(
        &resident.get("/apply/reimbursement").expect(200),
        &["2026 年的费用", "2027"],
    );
    let draft = begun(&resident);
    shows(
        &answer(&resident, &draft, "diagnoses", "I10.x00, U99").expect(422),
        &["没有疾病编码 U99"],
    );
    answer(&resident, &draft, "diagnoses", "I10.x00").expect(303);
    answer(&resident, &draft, "covid", "none").expect(303);
    shows(
        &go_on(&resident, &draft, "invoices").expect(422),
        &["请填写"],
    );
    let fault = add(
        &resident,
        &draft,
        "invoices",
        &[("number", "12"), ("issued_on", DAY), ("total", "1e3")],
    );
    // Kept as typed, and told at its cells.
    shows(&fault.expect(422), &["第 1 行", "1e3", "修改第 1 行"]);
    send(&resident, &draft, "invoices", "1", INVOICE, "add").expect(303);
    shows(
        &resident.get(&format!("{draft}/invoices")).expect(200),
        &["共 1 行，合计 ¥200.10"],
    );
    go_on(&resident, &draft, "invoices").expect(303);
    answer(&resident, &draft, "sending", "post").expect(303);
    let drug = [
        ("day", DAY),
        ("name", "示例药品"),
        ("class", "A"),
        ("amount", "150.10"),
    ];
    add(&resident, &draft, "lines", &drug).expect(303);
    shows(
        &go_on(&resident, &draft, "lines").expect(422),
        &["明细合计 ¥150.10 与票据合计 ¥200.10 不一致", "-¥50.00"],
    );
    let check = [
        ("day", DAY),
        ("name", "示例检查"),
        ("class", "B"),
        ("own_share", "10%"),
        ("amount", "50"),
    ];
    add(&resident, &draft, "lines", &check).expect(303);
    shows(
        &resident.get(&format!("{draft}/lines")).expect(200),
        &["与票据合计 ¥200.10 一致"],
    );
    go_on(&resident, &draft, "lines").expect(303);
    answer_all(&resident, &draft, &TO_ACCOUNT[..3]);
    // The check digit is told at once.
    shows(
        &answer(&resident, &draft, "account", "6222020000000000001").expect(422),
        &["校验位不符", "6222 0200 0000 0000 001"],
    );
    answer_all(&resident, &draft, &TO_ACCOUNT[3..]);
    answer(&resident, &draft, "phone", "13800000000").expect(303);
    shows(
        &resident.get(&format!("{draft}/check")).expect(200),
        &[
            "示例区第一医院",
            "示例检查",
            "¥150.10",
            "6222 0200 0000 0000 000",
        ],
    );
    let number = number(&submit(&resident, &draft).expect(303));
    let case = case_of(&world, "resident1", &number);
    assert_eq!(case["state"], "awaiting_parcel");
    assert_eq!(
        (
            &case["claim"]["invoiced_fen"],
            &case["claim"]["lines"][1]["own_share_bp"]
        ),
        (&json!(20_010), &json!(1_000))
    );
    assert_eq!(case["claim"]["account"]["number"], "**** 0000");
    shows(
        &resident.get(&format!("/my/cases/{number}")).expect(200),
        &["示例区第一医院", "定点机构", "**** 0000", "示例检查"],
    );
}

/// A claim as a program files it.
pub fn claim(changed: Value) -> Value {
    let mut answers = json!({
        "care": "outpatient", "institution_name": "示例医院", "institution_level": "2", "institution_region": "371002",
        "from": DAY, "to": DAY, "diagnoses": "I10", "covid": "none",
        "invoices": [{ "number": "FP1000", "issued_on": DAY, "total": 20_010 }], "sending": "post",
        "account_holder": "示例参保人", "bank": "示例银行", "account_kind": "card", "account": "6222020000000000000",
        "phone": "13800000000", "pledge": true,
    });
    for (name, value) in changed.as_object().unwrap() {
        answers[name] = value.clone();
    }
    json!({ "item": ITEM, "answers": answers })
}

#[rstest]
fn a_hospitals_list_is_brought_in_whole_or_not_at_all(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    hospital(&world);
    let resident = at_home(&world, "resident1");
    let draft = begun(&resident);
    let page = format!("{draft}/lines/list");
    let bring = |text: &str| {
        let csrf = resident.get(&page).expect(200).form_token(&page);
        let file = Part::bytes(text.as_bytes().to_vec()).file_name("清单.csv");
        let form = Form::new().text("csrf", csrf).part("file", file);
        resident.send(
            resident
                .request(reqwest::Method::POST, &page)
                .multipart(form),
        )
    };
    let bad = bring("日期,项目,金额,规格\n2026-11-14,示例药品,=1+1,5mg\n");
    shows(&bad.expect(422), &["第 2 行", "金额"]);
    let lines: String = (1..=120)
        .map(|line| format!("2026/11/14,示例项目{line},甲类,1.50\n"))
        .collect();
    bring(&format!("日期,项目,类别,金额\n{lines}")).expect(303);
    let third = resident.get(&format!("{draft}/lines?page=3")).expect(200);
    shows(&third, &["示例项目120", "甲类", "共 120 行，合计 ¥180.00"]);
    assert!(!third.text.contains("示例项目100<"), "a page has 50 lines");
    let remove = format!("{draft}/lines/120/remove");
    let stale = resident.submit(
        &format!("{draft}/lines?page=3"),
        &remove,
        &[("seen", "119")],
    );
    stale.expect(303);
    resident
        .submit(
            &format!("{draft}/lines?page=3"),
            &remove,
            &[("seen", "120")],
        )
        .expect(303);
    shows(
        &resident.get(&format!("{draft}/lines")).expect(200),
        &["共 119 行"],
    );
    let template = resident
        .get(&format!("{draft}/lines/list.xlsx"))
        .expect(200);
    assert!(template.header("content-type").contains("spreadsheetml"));
    resident.get(&format!("{draft}/care/list")).expect(404);
}

// RB-5: whatever pool or person it comes from.
#[rstest]
fn an_invoice_is_claimed_once_and_told_while_it_is_typed(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    hospital(&world);
    let filed = file(&world, "resident2", "key 1", &claim(json!({})));
    filed.expect(201);
    let resident = at_home(&world, "resident1");
    let draft = begun(&resident);
    shows(
        &add(&resident, &draft, "invoices", INVOICE).expect(422),
        &["这张票据已在其他申请中使用"],
    );
    let other = json!({ "invoices": [{ "number": "fp 1000", "issued_on": DAY, "total": 1 }] });
    let twice = file(&world, "resident1", "key 2", &claim(other));
    assert_eq!(
        twice.expect(422).json()["errors"][0]["code"],
        "invoice-used"
    );
}

// RB-4
#[rstest]
fn a_claim_that_comes_too_late_is_told_the_day(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let draft = begin(&resident, ITEM);
    answer(&resident, &draft, "care", "outpatient").expect(303);
    answer(&resident, &draft, "institution", "").expect(422);
    shows(
        &answer(&resident, &draft, "from", "2025-11-14").expect(422),
        &["2026-03-31", "届满"],
    );
    let late = json!({ "from": "2025-11-14", "to": "2025-11-14" });
    let refused = file(&world, "resident1", "key 3", &claim(late));
    assert_eq!(
        refused.expect(422).json()["errors"][0]["code"],
        "claim-too-late"
    );
}

#[rstest]
fn the_desk_reads_the_claim_and_shows_the_account_for_a_reason(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::start(kind);
    let lines =
        json!({ "lines": [{ "day": DAY, "name": "示例药品", "class": "A", "amount": 20_010 }] });
    let filed = file(&world, "resident1", "key 4", &claim(lines));
    let number = filed.expect(201).json()["receipt_no"]
        .as_str()
        .unwrap()
        .to_owned();
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let page = format!("/desk/cases/{number}");
    let shown = desk.get(&page).expect(200);
    shows(
        &shown,
        &["示例医院", "非定点机构", "示例药品", "¥200.10", "**** 0000"],
    );
    assert!(!shown.text.contains("6222020000000000000"));
    let reveal = format!("{page}/reveal");
    let full = desk.submit(
        &page,
        &reveal,
        &[("what", "account"), ("reason", "示例：核对账户")],
    );
    shows(&full.expect(200), &["6222020000000000000"]);
    shows(
        &at_home(&world, "resident1").get("/my/reads").expect(200),
        &["收款账号", "示例：核对账户"],
    );
    let seen = case_of(&world, "handler1", &number);
    assert_eq!(seen["answers"]["account"], "**** 0000");
}
