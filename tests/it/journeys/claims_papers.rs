//! Papers of a claim, checked while the applicant is still there (RB-5): pages that are missing, files that can't be opened or are
//! something else, malware; and the invoices of a claim that was refused and is looked at again. On both databases.

use std::io::{Read, Write};
use std::net::TcpListener;

use bujianmian::config::Clamd;
use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::{Value, json};

use super::claims::{DAY, INVOICE, add, begun, claim, go_on, hospital};
use super::resident::{answer, answer_all, at_home, number, shows, submit};
use super::zero_material::file;
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::service::Settings;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

/// A PDF of three pages.
const LIST: &[u8] =
    b"%PDF-1.4\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 3>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const LOCKED: &[u8] = b"%PDF-1.4\n2 0 obj<<>>endobj\ntrailer<</Root 1 0 R/Encrypt 7 0 R>>\n%%EOF\n";
const MALWARE: &[u8] = b"%PDF-1.4\n2 0 obj<<>>endobj\n% EICAR\n%%EOF\n";

/// A claim whose papers are uploaded, up to the papers.
#[track_caller]
fn to_the_papers(user: &TestUser<'_>) -> String {
    let draft = begun(user);
    answer_all(user, &draft, &[("diagnoses", "I10"), ("covid", "none")]);
    add(user, &draft, "invoices", INVOICE).expect(303);
    go_on(user, &draft, "invoices").expect(303);
    answer(user, &draft, "sending", "upload").expect(303);
    go_on(user, &draft, "lines").expect(303);
    answer_all(
        user,
        &draft,
        &[
            ("account_holder", "示例参保人"),
            ("bank", "示例银行"),
            ("account_kind", "passbook"),
            ("account", "12345678"),
            ("phone", "13800000000"),
        ],
    );
    draft
}

#[track_caller]
fn upload(user: &TestUser<'_>, draft: &str, material: &str, bytes: &[u8], pages: &str) -> Reply {
    let page = format!("{draft}/papers");
    let csrf = user.get(&page).expect(200).form_token(&page);
    let form = Form::new()
        .text("csrf", csrf)
        .text("material", material.to_owned())
        .text("consent_version", "1")
        .text("consent", "yes")
        .text("pages", pages.to_owned())
        .part("file", Part::bytes(bytes.to_vec()).file_name("清单.pdf"));
    let request = user.request(reqwest::Method::POST, &page);
    user.send(request.multipart(form))
}

#[rstest]
fn what_is_wrong_with_a_paper_is_told_at_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    hospital(&world);
    let resident = at_home(&world, "resident1");
    let draft = to_the_papers(&resident);
    let told = |material: &str, bytes: &[u8], pages: &str, words: &str| {
        let refused = upload(&resident, &draft, material, bytes, pages).expect(422);
        shows(&refused, &[words, &format!("f-file-{material}")]);
    };
    told("cost-list", LIST, "4", "文件有 3 页，与所填的 4 页不符");
    told("cost-list", LIST, "all", "页数应为大于 0 的整数");
    told("invoice", LOCKED, "", "设有密码");
    told("invoice", b"PK\x03\x04 an archive", "", "压缩包");
    told("invoice", &[LIST, b"PK\x05\x06\0\0"].concat(), "", "压缩包");
    upload(&resident, &draft, "cost-list", LIST, "3").expect(303);
    upload(&resident, &draft, "invoice", LIST, "").expect(303);
    submit(&resident, &draft).expect(303);
}

/// A scanner that finds malware in what holds the word.
fn scanner() -> Clamd {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).unwrap();
            let mut whole = vec![];
            loop {
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let mut piece = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
                if piece.is_empty() {
                    break;
                }
                stream.read_exact(&mut piece).unwrap();
                whole.extend(piece);
            }
            let found = whole.windows(5).any(|part| part == b"EICAR");
            let answer: &[u8] = match found {
                true => b"stream: Eicar-Test FOUND\0",
                false => b"stream: OK\0",
            };
            stream.write_all(answer).unwrap();
        }
    });
    Clamd::Tcp(address)
}

#[rstest]
fn malware_is_refused_and_a_scanner_that_is_away_takes_nothing(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let scanned = |clamd| Settings {
        clamd: Some(clamd),
        ..Settings::default()
    };
    let world = World::with(kind, scanned(scanner()));
    hospital(&world);
    let resident = at_home(&world, "resident1");
    let draft = to_the_papers(&resident);
    let refused = upload(&resident, &draft, "invoice", MALWARE, "");
    shows(&refused.expect(422), &["含有恶意程序"]);
    upload(&resident, &draft, "invoice", LIST, "").expect(303);

    let away = World::with(kind, scanned(Clamd::Unix("/nowhere/clamd.sock".into())));
    hospital(&away);
    let resident = at_home(&away, "resident1");
    let draft = to_the_papers(&resident);
    upload(&resident, &draft, "invoice", LIST, "").expect(503);
}

fn did(user: &TestUser<'_>, case: &Value, action: &str, more: Value) -> Reply {
    let mut body = more;
    body["version"] = case["version"].clone();
    let number = case["receipt_no"].as_str().unwrap();
    user.post_json(&format!("/api/v1/cases/{number}/actions/{action}"), &body)
}

// RB-5: what was refused lets its invoices go; another case may have claimed them when it is opened again.
#[rstest]
fn a_refused_claim_is_reopened_only_with_its_invoices(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    hospital(&world);
    let resident = at_home(&world, "resident1");
    let draft = to_the_papers(&resident);
    upload(&resident, &draft, "invoice", LIST, "").expect(303);
    let filed = number(&submit(&resident, &draft).expect(303));
    let handler = world.user("handler1");
    let held = handler
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200)
        .json();
    assert_eq!(held["receipt_no"], filed.as_str());
    let grounds = || json!({ "reason": "示例：不予报销", "clause": "示例条款" });
    let proposed = did(&handler, &held, "refuse", grounds()).expect(200).json();
    let reviewer = world.user("reviewer1");
    let refused = did(&reviewer, &proposed, "refuse", grounds())
        .expect(200)
        .json();
    assert_eq!(refused["state"], "refused");
    let again = file(&world, "resident2", "key 1", &claim(json!({})));
    again.expect(201);

    let asked = did(
        &world.user("supervisor1"),
        &refused,
        "reopen",
        json!({ "reason": "示例" }),
    );
    let asked = asked.expect(202).json();
    let id = asked["pending_approvals"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/approvals/{id}/confirm");
    let stands = world
        .user("supervisor2")
        .post_json(&path, &json!({}))
        .expect(409)
        .json();
    assert_eq!(stands["code"], "invoice-used");
    let (case, day) = (super::resident::case_of(&world, "resident1", &filed), DAY);
    assert_eq!(
        (&case["state"], &case["claim"]["from"]),
        (&json!("refused"), &json!(day))
    );
}
