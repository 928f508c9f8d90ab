//! What one request, connection or sender may take, over real sockets.

use std::io::Write;
use std::time::Duration;

use bujianmian::config::{Http, Rate, RequestRates};
use rstest::rstest;

use crate::harness::program::Program;
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::socket::{Socket, closed};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

const FORM: &str = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
const SECOND: Duration = Duration::from_secs(1);

fn limited(change: impl FnOnce(&mut Http) + 'static) -> Harness {
    Harness::with(
        Kind::Sqlite,
        Settings {
            http: Some(Box::new(change)),
            ..Settings::default()
        },
    )
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let harness = limited(|http| http.limits.head = SECOND);
    let mut socket = Socket::open(&harness.base);
    socket.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    while socket.is_silent_for(SECOND / 10) {
        socket.send("x");
    }
    assert_eq!(socket.answer().status, 408);
    assert!(socket.is_closed());
}

#[rstest]
#[case::nothing_more("")]
#[case::byte_by_byte("x")]
fn a_body_that_comes_too_slowly_is_given_up(#[case] drop: &str) {
    let harness = limited(|http| http.limits.body = SECOND);
    let mut socket = Socket::open(&harness.base);
    socket.send(&format!("{FORM}Content-Length: 5000\r\n\r\nusername=a"));
    while socket.is_silent_for(SECOND / 10) {
        socket.send(drop);
    }
    let answer = socket.answer();
    assert_eq!(answer.status, 408, "{answer:?}");
    assert_eq!(answer.header("connection"), "close");
    assert!(socket.is_closed());
    assert!(harness.metric("bujianmian_http_slow_bodies_total") >= 1.0);
}

#[test]
fn a_body_that_keeps_its_rate_may_take_its_time() {
    let harness = limited(|http| {
        http.limits.body = SECOND;
        http.limits.body_rate = 1024;
    });
    let mut socket = Socket::open(&harness.base);
    let half = "x".repeat(10_000);
    socket.send(&format!("{FORM}Content-Length: 20000\r\n\r\n{half}"));
    assert!(socket.is_silent_for(2 * SECOND));
    socket.send(&half);
    // Only the form's token is missing.
    assert_eq!(socket.answer().status, 403);
}

#[test]
fn an_answer_that_nobody_reads_does_not_hold_its_connection() {
    let harness = limited(|http| http.limits.unread = SECOND);
    let mut socket = Socket::open(&harness.base);
    socket.0.set_write_timeout(Some(SECOND / 5)).unwrap();
    let many = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2000);
    // Buffers fill at once; after that each attempt waits. The connection is cut in the second or third second.
    let ended = (0..200).find_map(|_| match socket.0.write(many.as_bytes()) {
        Err(e) if closed(e.kind()) => Some(e),
        Ok(_) | Err(_) => None,
    });
    assert!(ended.is_some());
    assert_eq!(TestUser::stranger(&harness).get("/healthz").status, 200);
}

#[test]
fn connections_over_the_limit_wait_until_one_is_free() {
    let harness = limited(|http| {
        http.limits.workers = 1;
        http.limits.worker_connections = 2;
    });
    let ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut first = Socket::open(&harness.base);
    let mut second = Socket::open(&harness.base);
    for socket in [&mut first, &mut second] {
        assert_eq!(socket.send(ask).answer().status, 200);
    }
    let mut third = Socket::open(&harness.base);
    assert!(third.send(ask).is_silent_for(SECOND / 2));
    drop(first);
    assert_eq!(third.answer().status, 200);
}

#[test]
fn a_connection_without_requests_is_closed() {
    let harness = limited(|http| http.limits.keep_alive = SECOND);
    let mut socket = Socket::open(&harness.base);
    let ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    assert_eq!(socket.send(ask).answer().status, 200);
    assert!(socket.is_closed());
}

#[test]
fn what_is_too_large_is_refused_by_its_own_status() {
    let harness = limited(|http| {
        http.limits.form_fields = 20;
        http.limits.url_bytes = 600;
        http.limits.header_bytes = 5000;
        http.limits.form_bytes = 2048;
        http.limits.json_bytes = 2048;
    });
    let user = TestUser::stranger(&harness);
    let padding = "x".repeat(4000);
    assert_eq!(user.get("/help").status, 200);
    assert_eq!(user.get(&format!("/help?{}", "x".repeat(600))).status, 414);
    let heavy = user.request(reqwest::Method::GET, "/help");
    let heavy = heavy
        .header("X-One", padding.clone())
        .header("X-Two", "x".repeat(1000));
    assert_eq!(user.send(heavy).status, 431);
    let fields = [("a", "1"); 21];
    assert_eq!(user.post("/login", &fields).status, 413);
    assert_eq!(user.post("/login", &[("a", padding.as_str())]).status, 413);
    assert_eq!(user.ask_token(&padding, "x").status, 413);
}

fn few(http: &mut Http) {
    let rate = Rate {
        per_minute: 1,
        burst: 5,
    };
    http.rates = Some(RequestRates {
        account: rate,
        address: rate,
    });
}

fn from(user: &TestUser<'_>, address: &str, path: &str) -> Reply {
    let request = user.request(reqwest::Method::GET, path);
    user.send(request.header("X-Forwarded-For", address))
}

#[test]
fn strangers_are_counted_by_the_address_that_a_trusted_proxy_names() {
    let harness = limited(|http| {
        few(http);
        http.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    let user = TestUser::stranger(&harness);
    for _ in 0..5 {
        from(&user, "198.51.100.1", "/help").expect(200);
    }
    let refusal = from(&user, "198.51.100.1", "/help").expect(429);
    let wait: u32 = refusal.header("retry-after").parse().unwrap();
    assert!((50..=61).contains(&wait), "{wait}");
    assert!(refusal.text.contains("<html") && refusal.text.contains("操作过于频繁"));
    let refusal = from(&user, "198.51.100.1", "/api/v1/items").expect(429);
    assert_eq!(refusal.json()["code"], "too-many-requests");
    assert_eq!(refusal.header("content-type"), "application/problem+json");
    // Others go on, and so do looks and machines that watch.
    from(&user, "198.51.100.2", "/help").expect(200);
    let style = bujianmian::web::assets::asset_url("app.css");
    from(&user, "198.51.100.1", &style).expect(200);
    from(&user, "198.51.100.1", "/healthz").expect(200);
    assert!(harness.metric("bujianmian_http_limited_total") >= 2.0);
}

#[test]
fn an_address_that_anybody_may_write_is_not_believed() {
    let harness = limited(few);
    let user = TestUser::stranger(&harness);
    let statuses: Vec<u16> = (1..=6)
        .map(|number| from(&user, &format!("198.51.100.{number}"), "/help").status)
        .collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
}

#[test]
fn whoever_is_signed_in_is_counted_by_account() {
    let world = World::with(
        Kind::Sqlite,
        Settings {
            http: Some(Box::new(few)),
            ..Settings::default()
        },
    );
    // Signing in counts for the address, what follows for the account.
    let resident = world.user("resident1");
    let same = TestUser::with_token(&world.harness, "resident1", PASSWORD);
    let other = world.user("resident2");
    for _ in 0..3 {
        resident.get("/api/v1/me").expect(200);
    }
    for _ in 0..2 {
        same.get("/api/v1/me").expect(200);
    }
    for user in [&resident, &same] {
        let refusal = user.get("/api/v1/me").expect(429);
        assert!(!refusal.header("retry-after").is_empty());
    }
    other.get("/api/v1/me").expect(200);
    // Whoever is signed in no longer is a stranger: two of its five are left.
    resident
        .post_json("/api/v1/token/revoke", &serde_json::json!({}))
        .expect(429);
    let stranger = TestUser::stranger(&world.harness);
    let statuses: Vec<u16> = (0..3).map(|_| stranger.get("/help").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
}

#[test]
fn the_demo_has_no_budget_of_requests() {
    let variables = [
        ("BUJIANMIAN_ADDRESS_PER_MINUTE", "1"),
        ("BUJIANMIAN_ADDRESS_BURST", "10"),
    ];
    let asked = |arguments: &[&str]| -> Vec<u16> {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(folder.path(), &variables, arguments);
        let client = reqwest::blocking::Client::new();
        (0..20)
            .map(|_| client.get(format!("{}/help", program.base)).send().unwrap())
            .map(|reply| reply.status().as_u16())
            .collect()
    };
    assert_eq!(asked(&["demo", "--port", "0"]), [200; 20]);
    assert_eq!(asked(&["serve"]), [[200; 10], [429; 10]].concat());
}
