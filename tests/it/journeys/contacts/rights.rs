//! Who sees and answers what (CAS-10), files, and the pages in a browser.

use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::json;

use super::super::resident::at_home;
use super::{answer, asked, listed, one, waiting, world};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::Reply;

const LETTER: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

#[rstest]
fn each_side_sees_its_own_and_nobody_else_anything(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    asked(&world, "resident1", "handler1", "370600");
    let contact = waiting(&world.user("handler-yantai"));
    let done = json!({ "result": "done" });
    for stranger in [
        "handler-elsewhere",
        "handler-nantong",
        "centre-shandong",
        "centre-jiangsu",
    ] {
        let stranger = world.user(stranger);
        assert_eq!(one(&stranger, &contact).status, 404);
        assert_eq!(answer(&stranger, &contact, &done).status, 404);
        assert!(listed(&stranger, "state=all").is_empty());
    }
    for nobody in ["resident1", "admin1", "community1"] {
        let nobody = world.user(nobody);
        assert_eq!(one(&nobody, &contact).status, 403);
        assert_eq!(nobody.get("/api/v1/contacts").status, 403);
    }
    for reader in [
        "handler2",
        "reviewer1",
        "supervisor1",
        "auditor1",
        "reviewer-yantai",
        "auditor-yantai",
    ] {
        let reader = world.user(reader);
        one(&reader, &contact).expect(200);
        assert_eq!(answer(&reader, &contact, &done).status, 403);
        assert_eq!(listed(&reader, "state=open").len(), 1);
    }
    for limit in ["state=gone", "side=middle", "limit=0", "cursor=x"] {
        let asked = world
            .user("handler1")
            .get(&format!("/api/v1/contacts?{limit}"));
        assert_eq!(asked.status, 422, "{limit}");
    }
}

// CAS-10: nobody answers for the own or a relative's.
#[rstest]
fn a_relatives_contact_is_a_colleagues(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    asked(&world, "resident3", "handler1", "370600");
    let relative = world.user("handler3");
    let contact = &listed(&relative, "side=sent")[0];
    assert!(contact["name"].is_null() && contact["message"].is_null());
    assert_eq!(one(&relative, contact).status, 403);
}

// CAS-13: the number in full needs a reason and leaves a trace that the person sees.
#[rstest]
fn the_number_in_full_leaves_a_trace(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    asked(&world, "resident1", "handler1", "370600");
    let contact = waiting(&world.user("handler-yantai"));
    let there = at_home(&world, "handler-yantai");
    let page = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let full = crate::harness::world::id_number(1);
    assert!(!there.get(&page).expect(200).text.contains(full.as_str()));
    let reveal = format!("{page}/reveal");
    there.submit(&page, &reveal, &[("reason", "")]).expect(422);
    let shown = there.submit(&page, &reveal, &[("reason", "示例：核对身份")]);
    assert!(shown.expect(200).text.contains(full.as_str()));
    let reads = at_home(&world, "resident1").get("/my/reads").expect(200);
    assert!(reads.text.contains("示例：核对身份"), "{}", reads.text);
}

// A page without scripts: the list, the contact, a fault beside its field, the answer.
#[rstest]
fn it_is_answered_in_a_browser(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    let contact = waiting(&world.user("handler-yantai"));
    let page = format!("/contacts/{}", contact["id"].as_str().unwrap());
    let there = at_home(&world, "handler-yantai");
    let list = there.get("/contacts").expect(200);
    assert!(list.text.contains(&page) && list.text.contains("示例居民1"));
    let opened = there.get(&page).expect(200);
    assert!(opened.text.contains("示例：请核实住院情况") && !opened.text.contains(&number));
    let action = format!("{page}/answer");
    let fault = there.submit(&page, &action, &[]).expect(422);
    assert!(fault.text.contains("请选择一项"), "{}", fault.text);
    let answers = [("result", "done"), ("remark", "示例：在院")];
    let done = there.submit(&page, &action, &answers).expect(303);
    assert_eq!(done.location(), format!("{page}?done=answered"));
    assert!(
        there
            .get(done.location())
            .expect(200)
            .text
            .contains("已提交答复")
    );
    // The agency that asked reads it on the case's page and in its own list.
    let desk = at_home(&world, "handler1");
    let shown = desk.get(&format!("/desk/cases/{number}")).expect(200);
    assert!(shown.text.contains("示例：在院"), "{}", shown.text);
    assert!(
        desk.get("/contacts?show=done")
            .expect(200)
            .text
            .contains(&page)
    );
    assert!(!desk.get("/contacts").expect(200).text.contains(&page));
    let centre = at_home(&world, "centre-shandong");
    assert!(
        centre
            .get("/workplace")
            .expect(200)
            .text
            .contains("/contacts")
    );
    centre.get("/contacts").expect(200);
}

#[rstest]
fn files_go_along_with_question_and_answer(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    asked(&world, "resident-nantong", "handler-nantong", "371000");
    let (desk, centre) = (world.user("handler-nantong"), world.user("centre-jiangsu"));
    let first = waiting(&centre);
    let send = |user: &crate::harness::user::TestUser<'_>,
                contact: &serde_json::Value,
                bytes: &[u8]|
     -> Reply {
        let path = format!("/api/v1/contacts/{}/files", contact["id"].as_str().unwrap());
        let part = Part::bytes(bytes.to_vec()).file_name("示例函.pdf");
        let request = user.request(reqwest::Method::POST, &path);
        user.send(request.multipart(Form::new().part("file", part)))
    };
    let added = send(&desk, &first, LETTER).expect(201).json();
    assert_eq!(added["attachments"][0]["file_name"], "示例函.pdf");
    send(&desk, &first, b"MZ nonsense").expect(422);
    send(&world.user("handler1"), &first, LETTER).expect(404);
    send(&world.user("reviewer1"), &first, LETTER).expect(403);
    answer(&centre, &first, &json!({ "result": "done" })).expect(200);
    // It has come along to the next leg, and what is added there comes back.
    let there = world.user("handler1");
    let second = waiting(&there);
    let seen = one(&there, &second).expect(200).json();
    let file = seen["attachments"][0]["id"].as_str().unwrap();
    let path = format!(
        "/api/v1/contacts/{}/files/{file}",
        second["id"].as_str().unwrap()
    );
    assert_eq!(there.get(&path).expect(200).text.as_bytes(), LETTER);
    let elsewhere = world.user("handler-elsewhere");
    assert_eq!(elsewhere.get(&path).status, 404);
    send(&there, &second, LETTER).expect(201);
    let back = one(&desk, &first).expect(200).json();
    assert_eq!(back["attachments"].as_array().unwrap().len(), 2);
}
