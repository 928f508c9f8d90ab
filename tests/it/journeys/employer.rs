//! An employer's agent (XR-9): from the template to the report, by page and by API; who reads whose number leaves a trace.

use bujianmian::documents::spreadsheet::{Cell, Limits, read};
use bujianmian::domain::ids::BatchId;
use bujianmian::store::schema::sensitive_read;
use bujianmian::usecases::batches::COLUMNS;
use diesel::prelude::*;
use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::json;

use super::batches::world::{Firm, foreign, staff};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::PASSWORD;

const ITEM: &str = "cross-region-registration";

fn list(lines: &[String]) -> Vec<u8> {
    let head = "身份证号,就医地,开始日期,结束日期,手机号";
    format!("{head}\n{}\n", lines.join("\n")).into_bytes()
}

fn line(number: &str) -> String {
    format!("{number},北京市,2026-12-01,,")
}

fn upload(agent: &TestUser<'_>, bytes: Vec<u8>) -> Reply {
    let form = Form::new()
        .text("item", ITEM)
        .part("file", Part::bytes(bytes).file_name("名单.csv"));
    let request = agent.request(reqwest::Method::POST, "/api/v1/batches");
    agent.send(request.multipart(form))
}

/// Fills in the page of uploading.
fn send(agent: &TestUser<'_>, pledge: &str, bytes: Vec<u8>) -> Reply {
    let page = agent.get("/employer/batches/new").expect(200);
    let form = Form::new()
        .text("csrf", page.form_token("/employer/batches/new"))
        .text("pledge", pledge.to_owned());
    let file = Part::bytes(bytes).file_name("外出务工名单.csv");
    let request = agent.request(reqwest::Method::POST, "/employer/batches/new");
    agent.send(request.multipart(form.part("file", file)))
}

fn reads(firm: &Firm) -> i64 {
    firm.world.harness.read(|conn| {
        let numbers = sensitive_read::table.filter(sensitive_read::what.eq("id-number"));
        Ok(numbers.count().get_result(conn.sql)?)
    })
}

#[rstest]
fn a_list_is_uploaded_and_told_row_by_row_xr_9(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let agent = firm.world.user("agent1");
    let bytes = list(&[
        line(staff(1).as_str()),
        line(foreign().as_str()),
        "=1+1,北京市,2026-12-01,,".to_owned(),
        line(staff(2).as_str()),
    ]);
    let accepted = upload(&agent, bytes.clone()).expect(202);
    let batch = accepted.json();
    let path = format!("/api/v1/batches/{}", batch["id"].as_str().unwrap());
    assert_eq!(accepted.location(), path);
    assert_eq!(
        (&batch["state"], &batch["rows"]),
        (&json!("running"), &json!(4))
    );
    firm.work();
    let told = agent.get(&path).expect(200).json();
    assert_eq!(
        (&told["state"], &told["filed"]),
        (&json!("done"), &json!(2))
    );
    assert_eq!(
        (&told["rejected"], &told["duplicates"]),
        (&json!(2), &json!(0))
    );
    let report = agent.get(&format!("{path}/report.csv")).expect(200).text;
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines[0], "\u{feff}row,column,code,reason");
    assert!(
        lines[1].starts_with("3,id_number,not-your-staff,"),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with("4,id_number,"), "{}", lines[2]);
    assert_eq!(lines.len(), 3);
    // The same list again files nobody twice.
    let again = upload(&agent, bytes).expect(202).json();
    firm.work();
    let path = format!("/api/v1/batches/{}", again["id"].as_str().unwrap());
    let told = agent.get(&path).expect(200).json();
    assert_eq!(
        (&told["filed"], &told["duplicates"]),
        (&json!(0), &json!(2))
    );
    let report = agent.get(&format!("{path}/report.csv")).expect(200).text;
    assert!(report.contains("\n2,,duplicate,"), "{report}");
    let history = agent.get("/api/v1/batches?limit=1").expect(200).json();
    assert_eq!(history["items"][0]["id"], again["id"]);
    assert!(history["next"].is_string());
}

#[rstest]
fn by_pages_from_the_template_to_the_withdrawal(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let agent = TestUser::sign_in(&firm.world.harness, "agent1", PASSWORD);
    assert_eq!(agent.get("/workplace").expect(303).location(), "/employer");
    agent.get("/employer").expect(200);
    // Without the pledge nothing is accepted.
    let bytes = list(&[line(staff(1).as_str()), line(foreign().as_str())]);
    send(&agent, "", bytes.clone()).expect(422);
    send(&agent, "yes", b"name\n1\n".to_vec()).expect(422);
    let page = send(&agent, "yes", bytes).expect(303).location().to_owned();
    let running = agent.get(&page).expect(200).text;
    assert!(
        running.contains("data-refresh") && running.contains("<progress"),
        "{running}"
    );
    firm.work();
    let done = agent.get(&page).expect(200).text;
    assert!(!done.contains("data-refresh"), "{done}");
    assert!(
        done.contains("外出务工名单.csv") && done.contains("本单位目前参保人员中没有"),
        "{done}"
    );
    let report = agent.get(&format!("{page}/report.csv")).expect(200).text;
    assert!(
        report.starts_with("\u{feff}行号,列,代码,原因\n3,身份证号,not-your-staff,"),
        "{report}"
    );
    // Each case opens for the employer, with the way back to its own pages.
    let case = agent.get("/api/v1/cases").expect(200).json()["items"][0]["receipt_no"].clone();
    let of_case = agent
        .get(&format!("/my/cases/{}", case.as_str().unwrap()))
        .expect(200)
        .text;
    assert!(of_case.contains("href=\"/employer\""), "{of_case}");
    let ask = format!("{page}/withdraw");
    agent
        .submit(&ask, &ask, &[("reason", "示例：行程取消")])
        .expect(303);
    firm.wait(bujianmian::jobs::batch_tasks::run(firm.app()))
        .unwrap();
    let withdrawn = agent.get(&page).expect(200).text;
    assert!(withdrawn.contains("撤回整批"), "{withdrawn}");
    agent.get("/employer/batches").expect(200);
    agent.get(&ask).expect(303);
}

#[rstest]
fn a_handler_decides_a_list_by_pages(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let batch = firm.list(&[line(staff(1).as_str()), line(staff(2).as_str())]);
    firm.work();
    let handler = TestUser::sign_in(&firm.world.harness, "handler1", PASSWORD);
    let queue = handler.get("/desk/queue").expect(200).text;
    assert!(queue.contains("有 1 批单位批量申报待办"), "{queue}");
    let list = handler.get("/desk/batches").expect(200).text;
    assert!(list.contains("示例单位1"), "{list}");
    let (page, decide) = at_desk(batch.id);
    handler
        .submit(&page, &decide, &[("action", "refuse")])
        .expect(422);
    handler
        .submit(&page, &decide, &[("action", "approve")])
        .expect(303);
    firm.wait(bujianmian::jobs::batch_tasks::run(firm.app()))
        .unwrap();
    let done = handler.get(&page).expect(200).text;
    assert!(
        done.contains("results.csv") && !done.contains("data-refresh"),
        "{done}"
    );
    let case = firm.results(&batch).1[0].case.clone().unwrap().1;
    let of_case = handler.get(&format!("/desk/cases/{case}")).expect(200).text;
    assert!(of_case.contains(&page), "{of_case}");
    // Nothing waits any more: the list leaves the desk.
    let settled = firm
        .wait(bujianmian::jobs::batch_tasks::look(firm.app()))
        .unwrap();
    let open = handler.get("/desk/batches").expect(200).text;
    assert_eq!(settled == 0, open.contains("示例单位1"));
}

fn at_desk(id: BatchId) -> (String, String) {
    (
        format!("/desk/batches/{id}"),
        format!("/desk/batches/{id}/decide"),
    )
}

#[rstest]
fn the_template_is_one_that_the_service_reads(#[values(Sqlite)] kind: Kind) {
    let firm = Firm::start(kind, 4);
    let agent = TestUser::sign_in(&firm.world.harness, "agent1", PASSWORD);
    let address = "/employer/batches/template.xlsx";
    let bytes = |reply: reqwest::blocking::Response| reply.bytes().unwrap().to_vec();
    let get = agent.request(reqwest::Method::GET, address);
    // Nothing beneath the headings is no list yet.
    let empty = bytes(get.send().unwrap());
    assert!(read(&empty, COLUMNS, Limits::UPLOAD).is_err());
    let token = agent
        .get("/employer/batches/new")
        .expect(200)
        .form_token(address);
    let filled = bytes(agent.form(address, &[("csrf", &token)]).send().unwrap());
    let rows = read(&filled, COLUMNS, Limits::UPLOAD).unwrap();
    // Those of the other pool are the employer's too.
    assert_eq!(rows.len(), 5);
    assert!(matches!(&rows[0].cells[0], Cell::Text(number) if **number == *staff(1).as_str()));
    assert_eq!(reads(&firm), 5);
}

#[rstest]
fn who_reads_a_number_in_full_leaves_a_trace_cas_13(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let agent = firm.world.user("agent1");
    let browser = TestUser::sign_in(&firm.world.harness, "agent1", PASSWORD);
    let masked = browser.get("/employer/staff").expect(200).text;
    assert!(!masked.contains(staff(1).as_str()), "{masked}");
    assert_eq!(reads(&firm), 0);
    let first = agent
        .get("/api/v1/employer/staff?limit=2")
        .expect(200)
        .json();
    assert_eq!(first["items"][0]["id_number"], staff(1).as_str());
    assert_eq!(reads(&firm), 2);
    let next = format!(
        "/api/v1/employer/staff?limit=2&cursor={}",
        first["next"].as_str().unwrap()
    );
    assert_eq!(agent.get(&next).expect(200).json()["next"], json!(null));
    // By page one at a time, for a reason.
    let found = browser.submit(
        "/employer/staff",
        "/employer/staff",
        &[("search", staff(2).as_str())],
    );
    let found = found.expect(200).text;
    let (_, rest) = found.split_once("name=\"person\" value=\"").unwrap();
    let person = rest.split('"').next().unwrap();
    let reveal = "/employer/staff/reveal";
    browser
        .submit("/employer/staff", reveal, &[("person", person)])
        .expect(422);
    let before = reads(&firm);
    let fields = [("person", person), ("reason", "示例：核对证件")];
    let shown = browser
        .submit("/employer/staff", reveal, &fields)
        .expect(200)
        .text;
    assert!(shown.contains(staff(2).as_str()), "{shown}");
    assert_eq!(reads(&firm), before + 1);
    // Of another employer nobody is there.
    let other = TestUser::sign_in(&firm.world.harness, "agent9", PASSWORD);
    other.submit("/employer/staff", reveal, &fields).expect(404);
    firm.world
        .user("handler1")
        .get("/api/v1/employer/staff")
        .expect(403);
}

#[test]
fn a_file_that_is_too_large_is_given_up_while_it_comes() {
    let firm = Firm::start(Sqlite, 1);
    let agent = firm.world.user("agent1");
    let reply = upload(&agent, vec![b'x'; 11 * 1024 * 1024]);
    assert_eq!(reply.expect(413).json()["code"], "too-large");
    // Rights come before the body.
    let handler = firm.world.user("handler1");
    upload(&handler, vec![b'x'; 11 * 1024 * 1024]).expect(403);
}
