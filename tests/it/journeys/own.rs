//! What belongs to whoever is signed in: messages, registrations, and who looked at the own data; on both databases.

use bujianmian::store::schema::registration;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::json;

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

fn browser<'w>(world: &'w World, username: &str) -> TestUser<'w> {
    TestUser::sign_in(&world.harness, username, PASSWORD)
}

/// Files the sample registration and returns its receipt number.
fn file(world: &World, resident: &str) -> String {
    let user = world.user(resident);
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24",
        "end": "2026-12-24", "phone": "13800000000", "pledge": true,
    }});
    let reply = user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", resident)
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    );
    let filed = reply.expect(201).json();
    filed["receipt_no"].as_str().unwrap().to_owned()
}

/// The value of the hidden field of that name.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no field {name} in {page}"));
    rest.split('"').next().unwrap().to_owned()
}

// CAS-12
#[rstest]
fn a_message_stays_unread_until_it_is_marked(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = browser(&world, "resident1");
    assert!(
        resident
            .get("/inbox")
            .expect(200)
            .text
            .contains("目前没有消息")
    );
    let number = file(&world, "resident1");

    let shown = resident.get("/inbox").expect(200).text;
    assert!(shown.contains("未读") && shown.contains(&format!("/my/cases/{number}")));
    assert!(
        resident.get("/inbox").text.contains("未读"),
        "opening marks nothing"
    );
    let last = hidden(&shown, "last");
    let other = browser(&world, "resident2");
    let token = other.get("/account").form_token("/logout");
    other
        .post("/inbox/read", &[("csrf", &token), ("last", &last)])
        .expect(303);
    assert!(
        resident.get("/inbox").text.contains("未读"),
        "only the own ones"
    );

    resident
        .submit("/inbox", "/inbox/read", &[("last", &last)])
        .expect(303);
    let read = resident.get("/inbox").expect(200).text;
    assert!(!read.contains("未读") && !read.contains("全部标为已读"));
    assert!(read.contains(&number));
}

#[rstest]
fn every_role_has_an_inbox(
    #[values("resident1", "handler1", "auditor1", "admin1")] username: &str,
) {
    let world = World::start(Sqlite);
    browser(&world, username).get("/inbox").expect(200);
    let strange = TestUser::stranger(&world.harness).get("/inbox").expect(303);
    assert!(strange.location().starts_with("/login"));
}

// XR-2
#[rstest]
fn a_registration_in_force_leads_to_its_change(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = browser(&world, "resident1");
    let none = resident.get("/registrations").expect(200).text;
    assert!(none.contains("您没有异地就医备案"));
    let change = "/apply/cross-region-change";
    let refused = resident.get(change).expect(200).text;
    assert!(refused.contains("目前没有可以变更或取消的备案") && !refused.contains("开始填写"));

    file(&world, "resident1");
    let pending = resident.get("/registrations").expect(200).text;
    assert!(pending.contains("北京市") && pending.contains("办理中"));
    assert!(!pending.contains("?registration="));

    world.harness.write(|conn| {
        diesel::update(registration::table)
            .set(registration::state.eq("active"))
            .execute(conn.sql)?;
        Ok(())
    });
    let active = resident.get("/registrations").expect(200).text;
    assert!(active.contains("有效") && active.contains("?registration="));
    let (_, rest) = active.split_once("?registration=").unwrap();
    let id = rest.split('"').next().unwrap();
    let start = format!("{change}?registration={id}");
    let shown = resident.get(&start).expect(200).text;
    assert!(shown.contains("您选择的备案") && hidden(&shown, "registration") == id);
    let begun = resident
        .submit(&start, change, &[("registration", id)])
        .expect(303);
    let next = resident.get(begun.location()).expect(303);
    assert!(
        next.location().ends_with("/destination"),
        "{}",
        next.location()
    );

    // Somebody else's is not taken over.
    let other = browser(&world, "resident2");
    let theirs = other.get(&start).expect(200).text;
    assert!(!theirs.contains("您选择的备案") && !theirs.contains(&format!("value=\"{id}\"")));
}

// CAS-13
#[rstest]
fn a_resident_sees_who_looked_and_why(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = browser(&world, "resident1");
    assert!(
        resident
            .get("/my/reads")
            .expect(200)
            .text
            .contains("还没有工作人员查看过")
    );
    assert!(resident.get("/account").text.contains("/my/reads"));
    let number = file(&world, "resident1");
    let handler = browser(&world, "handler1");
    handler.submit("/desk", "/desk/next", &[]).expect(303);
    let page = format!("/desk/cases/{number}");
    let fields = [("what", "id-number"), ("reason", "核对身份")];
    handler
        .submit(&page, &format!("{page}/reveal"), &fields)
        .expect(200);

    let shown = resident.get("/my/reads").expect(200).text;
    assert!(shown.contains("完整身份证号") && shown.contains("核对身份"));
    assert!(!shown.contains("handler1"), "no member of staff is named");
    handler.get("/my/reads").expect(403);
}
