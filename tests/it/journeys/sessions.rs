//! Where somebody is signed in, and ending it from elsewhere.

use rstest::rstest;

use crate::harness::service::Kind;
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                    Chrome/140.0.0.0 Safari/537.36 Edg/140.0";
const WECHAT: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0";

/// Somebody who signs in with a browser that says what it is.
fn signs_in<'w>(world: &'w World, username: &str, browser: &str) -> TestUser<'w> {
    let user = TestUser::stranger(&world.harness);
    let token = user.get("/login").form_token("/login");
    let fields = [
        ("csrf", token.as_str()),
        ("username", username),
        ("password", PASSWORD),
    ];
    let form = user.form("/login", &fields).header("User-Agent", browser);
    user.send(form).expect(303);
    user
}

/// The session that a button on the page ends, beside the words `device`.
fn session_of(page: &str, device: &str) -> String {
    let row = page
        .split("<tr")
        .find(|row| row.contains(device) && row.contains("name=\"session\""))
        .unwrap_or_else(|| panic!("no row for {device}: {page}"));
    let (_, rest) = row.split_once("name=\"session\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[rstest]
fn each_session_says_on_what_it_runs_and_can_be_ended(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let world = World::start(kind);
    let desk = signs_in(&world, "handler1", EDGE);
    let phone = signs_in(&world, "handler1", WECHAT);
    let program = world.user("handler1");
    let page = desk.get("/account").expect(200).text;
    assert!(page.contains("Windows 上的Edge 浏览器（本设备）"), "{page}");
    assert!(page.contains("iOS 上的微信") && page.contains("程序（接口）"));
    assert!(!page.contains("MicroMessenger"));
    let session = session_of(&page, "iOS 上的微信");
    desk.submit("/account", "/account/end-session", &[("session", &session)])
        .expect(303);
    phone.get("/account").expect(303);
    desk.get("/account").expect(200);
    program.get("/api/v1/me").expect(200);
}

#[rstest]
fn nobody_ends_a_session_of_somebody_else(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let world = World::start(kind);
    let own = signs_in(&world, "handler1", EDGE);
    let other = signs_in(&world, "handler1", WECHAT);
    let stranger = signs_in(&world, "resident1", WECHAT);
    signs_in(&world, "resident1", EDGE);
    let page = own.get("/account").expect(200).text;
    let session = session_of(&page, "iOS 上的微信");
    stranger
        .submit("/account", "/account/end-session", &[("session", &session)])
        .expect(303);
    other.get("/account").expect(200);
}
