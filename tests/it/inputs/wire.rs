//! Requests as no well-behaved client writes them, byte by byte: heads, bodies and encodings that are too large,
//! broken, endless or packed; addresses and hosts that lie.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use bujianmian::config::{SignInLimits, UploadLimits};
use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::json;

use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};
use crate::permissions::scene::{Body, Scene};
use crate::permissions::state;

/// What comes back for these bytes, when no more are sent; empty when the connection is just closed.
fn answer(harness: &Harness, parts: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(harness.base.trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    for part in parts {
        // It may have hung up already.
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut read = vec![];
    let _ = stream.read_to_end(&mut read);
    String::from_utf8_lossy(&read).into_owned()
}

/// The status of an answer; 0 when there was none.
fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .map_or(0, |status| status.parse().unwrap())
}

/// The service still does its work.
#[track_caller]
fn lives(harness: &Harness) {
    assert_eq!(
        reqwest::blocking::get(format!("{}/readyz", harness.base))
            .unwrap()
            .status(),
        200
    );
}

#[test]
fn heads_that_are_too_large_or_broken_are_refused() {
    let harness = Harness::sqlite();
    let long = "x".repeat(200_000);
    let many: String = (0..5_000).map(|n| format!("X-{n}: y\r\n")).collect();
    for (what, head) in [
        ("long address", format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n")),
        ("long header", format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}\r\n\r\n")),
        ("many headers", format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n")),
        ("NUL in the address", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
        ("NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n".to_owned()),
        ("two lengths", "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_owned()),
        ("length and chunks", "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned()),
        ("a length that is none", "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n".to_owned()),
        ("a chunk that is none", "POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_owned()),
        ("no HTTP", "\u{16}\u{3}\u{1}\0\u{5}hello".to_owned()),
        ("a method that is none", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
    ] {
        let answer = answer(&harness, &[head.as_bytes()]);
        let status = status(&answer);
        assert!(status == 0 || (400..500).contains(&status), "{what}: {answer:.200}");
    }
    lives(&harness);
}

#[test]
fn absurd_headers_change_nothing() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let weights: String = (0..2_000).map(|n| format!("x{n};q=0.{n},")).collect();
    for (name, value) in [
        ("Accept-Language", weights.as_str()),
        ("Accept-Language", ";;;q=;q=9e9,*;q=NaN,en;q=-1"),
        ("Accept-Language", "\u{202e}zh"),
        ("Accept", "../../etc/passwd"),
        ("Cookie", "session=; session=x; lang=\"; print=%00"),
        ("If-None-Match", "W/\"\u{202e}"),
        ("Range", "bytes=0-0,9-9,-1"),
        ("X-Forwarded-For", "a, , ::1, 1.2.3.4:5"),
        ("Forwarded", "for=\"_x\";host=evil.example;proto=gopher"),
        ("X-Request-Id", "log forged"),
        ("Expect", "200-maybe"),
    ] {
        let request = resident
            .request(reqwest::Method::GET, "/api/v1/me")
            .header(name, value.as_bytes());
        let reply = Reply::from(request.send().unwrap());
        assert_eq!(reply.status, 200, "{name}: {value:.40}: {}", reply.text);
        assert!(!reply.header("x-request-id").contains("forged"));
    }
}

#[test]
fn bodies_that_never_end_or_break_off_leave_nothing() {
    let scene = Scene::start(Kind::Sqlite);
    let resident = scene.visitors.iter().find(|v| v.role.is_some()).unwrap();
    let before = state::stored(&scene.harness, Kind::Sqlite);
    let head = |rest: &str| {
        format!(
            "POST /api/v1/cases HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nIdempotency-Key: cut\r\nContent-Type: application/json\r\n{rest}\r\n\r\n",
            resident.token
        )
    };
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
    let endless: Vec<&[u8]> = std::iter::repeat_n(chunk.as_slice(), 64).collect();
    for (what, head, body) in [
        (
            "chunks without end",
            head("Transfer-Encoding: chunked"),
            endless,
        ),
        (
            "cut chunks",
            head("Transfer-Encoding: chunked"),
            vec![b"5\r\n{\"ite".as_slice()],
        ),
        (
            "less than was said",
            head("Content-Length: 1000"),
            vec![b"{\"item\":".as_slice()],
        ),
        (
            "more than is taken",
            head("Content-Length: 99999999999"),
            vec![b"{".as_slice()],
        ),
    ] {
        let parts: Vec<&[u8]> = std::iter::once(head.as_bytes()).chain(body).collect();
        let answer = answer(&scene.harness, &parts);
        let status = status(&answer);
        assert!(
            status == 0 || (400..500).contains(&status),
            "{what}: {answer:.300}"
        );
    }
    let after = state::stored(&scene.harness, Kind::Sqlite);
    assert_eq!(state::changed(&before, &after), Vec::<String>::new());
    lives(&scene.harness);
}

#[rstest]
#[case::deep(&"[".repeat(100_000), "application/json", 400)]
#[case::deep_objects(&"{\"a\":".repeat(60_000), "application/json", 413)]
#[case::large_number("{\"version\":1e999}", "application/json", 400)]
#[case::number_as_text("{\"version\":\"1\"}", "application/json", 422)]
#[case::no_whole_number("{\"version\":1.5}", "application/json", 422)]
#[case::negative("{\"version\":-1}", "application/json", 422)]
#[case::too_many_digits("{\"version\":99999999999999999999}", "application/json", 422)]
#[case::array("[{\"version\":1}]", "application/json", 400)]
#[case::two_documents("{\"version\":1}{}", "application/json", 400)]
#[case::comment("{\"version\":1/**/}", "application/json", 400)]
#[case::nan("{\"version\":NaN}", "application/json", 400)]
#[case::order_mark("\u{feff}{\"version\":1}", "application/json", 400)]
#[case::form("version=1", "application/x-www-form-urlencoded", 415)]
#[case::xml("<version>1</version>", "application/xml", 415)]
#[case::nothing("", "application/json", 400)]
fn what_is_no_body_of_an_action_is_refused(
    #[case] body: &str,
    #[case] kind: &str,
    #[case] expected: u16,
) {
    let scene = Scene::start(Kind::Sqlite);
    let number = scene.things.values().next().unwrap().receipt_no.clone();
    let resident = scene.visitor(bujianmian::domain::actor::Role::Resident);
    let path = format!("/api/v1/cases/{number}/actions/withdraw");
    let request = scene.request(&resident, ("post", &path), Body::Nothing);
    let reply = Reply::from(
        request
            .header("Content-Type", kind)
            .body(body.to_owned())
            .send()
            .unwrap(),
    );
    assert_eq!(reply.status, expected, "{}", reply.text);
    assert_eq!(reply.json()["status"], expected);
}

#[test]
fn of_two_equal_keys_the_last_counts_and_packed_bodies_are_refused() {
    let scene = Scene::start(Kind::Sqlite);
    let number = scene.things[&crate::permissions::scene::Whose::Own]
        .receipt_no
        .clone();
    let resident = scene.visitor(bujianmian::domain::actor::Role::Resident);
    let path = format!("/api/v1/cases/{number}/actions/withdraw");
    let send = |body: &'static str, packed: Option<&str>| {
        let mut request = scene.request(&resident, ("post", &path), Body::Nothing);
        if let Some(packed) = packed {
            request = request.header("Content-Encoding", packed);
        }
        Reply::from(
            request
                .header("Content-Type", "application/json")
                .body(body)
                .send()
                .unwrap(),
        )
    };
    let stale = send("{\"version\":2,\"version\":999}", None);
    assert_eq!(
        (stale.status, &stale.json()["code"]),
        (409, &json!("stale-version"))
    );
    for packed in ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x"] {
        let refused = send("{\"version\":2}", Some(packed));
        assert_eq!(
            (refused.status, &refused.json()["code"]),
            (415, &json!("unsupported-encoding")),
            "{packed}"
        );
    }
}

#[rstest]
#[case::nul("username=a%00b&password=x")]
#[case::overlong("username=%C0%80&password=x")]
#[case::surrogate("username=%ED%A0%80&password=x")]
#[case::half_escape("username=%&password=%zz")]
#[case::twice("username=a&username=b&password=x")]
#[case::missing("username=a")]
#[case::brackets("username[]=a&password[$ne]=x")]
#[case::many_fields(&"a=b&".repeat(10_000))]
#[case::large(&format!("username={}&password=x", "a".repeat(60_000)))]
#[case::too_large(&format!("username={}&password=x", "a".repeat(70_000)))]
fn forms_that_are_none_are_refused(#[case] fields: &str) {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let world = World::start(kind);
        let stranger = TestUser::stranger(&world.harness);
        let token = stranger.get("/login").form_token("/login");
        let body = format!("csrf={token}&{fields}");
        let request = stranger.form("/login", &[]).body(body);
        let reply = stranger.send(request);
        assert!(
            (400..500).contains(&reply.status),
            "{kind:?}: {} {:.300}",
            reply.status,
            reply.text
        );
        assert!(
            reply.header("set-cookie").starts_with("form=")
                || reply.header("set-cookie").is_empty()
        );
    }
}

/// PostgreSQL takes no NUL in a text.
#[rstest]
fn a_nul_is_no_fault_wherever_it_stands(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    use base64::Engine;
    let world = World::start(kind);
    let (resident, handler) = (world.user("resident1"), world.user("handler1"));
    let cursor = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#""a\u0000b""#);
    for path in [
        "/items?q=%00",
        "/items/%00",
        "/progress?receipt_no=%00",
        "/working-days/%00",
        "/policy/371000?on=%00",
        "/login?next=/%00",
        "/preferences/language/%00",
        "/api/v1/cases/%00",
        "/api/v1/cases?cursor=%00",
        &format!("/api/v1/staff?cursor={cursor}"),
        &format!("/api/v1/cases?cursor={cursor}"),
        "/%00",
    ] {
        for user in [&resident, &handler] {
            let reply = user.get(path);
            assert!(
                reply.status < 500,
                "{path}: {} {:.300}",
                reply.status,
                reply.text
            );
        }
    }
    assert_eq!(resident.ask_token("resident1\0", PASSWORD).status, 401);
    for body in [
        json!({ "version": 2, "to": "a\0b", "reason": "x" }),
        json!({ "version": 2, "to": "x", "reason": "a\0b" }),
    ] {
        let reply = handler.post_json(
            "/api/v1/cases/371000-20261124-00001-0/actions/hand-over",
            &body,
        );
        assert!((400..500).contains(&reply.status), "{}", reply.text);
    }
}

#[test]
fn no_host_header_and_no_forwarding_header_reaches_a_link() {
    let world = World::start(Kind::Sqlite);
    let browser = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let stranger = TestUser::stranger(&world.harness);
    let mut pages = 0;
    for (name, value) in [
        ("Host", "evil.example"),
        ("Host", "evil.example:443"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "host=evil.example;proto=https"),
        ("X-Original-URL", "/admin/outbox"),
        ("X-Rewrite-URL", "/admin/outbox"),
        ("X-HTTP-Method-Override", "DELETE"),
    ] {
        for path in [
            "/",
            "/login",
            "/items",
            "/agencies",
            "/progress",
            "/my",
            "/account",
            "/inbox",
            "/nothing",
            "/preferences/print/large?back=/items",
            "/logout",
        ] {
            for user in [&browser, &stranger] {
                let plain = user.send(user.request(reqwest::Method::GET, path));
                let lied = user.send(user.request(reqwest::Method::GET, path).header(name, value));
                assert_eq!(lied.status, plain.status, "{path} {name}");
                let all = format!("{}{:?}", lied.text, lied.headers);
                assert!(!all.contains("evil.example"), "{path} {name}: {all}");
                assert!(
                    !format!("{:?}", lied.headers).contains("Secure"),
                    "{path} {name}: {:?}",
                    lied.headers
                );
                pages += 1;
            }
        }
    }
    assert_eq!(pages, 8 * 11 * 2);
}

#[test]
fn a_strangers_forwarding_header_gives_no_new_tries() {
    let settings = Settings {
        limits: Some(SignInLimits::default()),
        ..Settings::default()
    };
    let world = World::with(Kind::Sqlite, settings);
    let stranger = TestUser::stranger(&world.harness);
    let guess = |n: u32| {
        let body = json!({ "username": format!("nobody{n}"), "password": "guess" });
        let request = stranger
            .request(reqwest::Method::POST, "/api/v1/token")
            .header("Content-Type", "application/json")
            .header("X-Forwarded-For", format!("10.9.{}.{}", n / 250, n % 250))
            .body(body.to_string());
        stranger.send(request).status
    };
    let answers: Vec<u16> = (0..60).map(guess).collect();
    assert!(answers.contains(&429), "{answers:?}");
    assert_eq!(answers.last(), Some(&429));
}

/// What somebody uploads is what its first bytes say, and nothing is unpacked beyond its limit.
#[rstest]
#[case::html_as_picture("图.png", b"<html><script>alert(1)</script>".to_vec(), 422)]
#[case::script_as_pdf("a.pdf", b"#!/bin/sh\nrm -rf /\n".to_vec(), 422)]
#[case::svg("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), 422)]
#[case::empty("a.pdf", vec![], 422)]
#[case::zip("a.docx", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec(), 422)]
#[case::cut_picture("a.png", picture(64)[..60].to_vec(), 422)]
#[case::bomb("a.png", bomb(), 422)]
#[case::good("a.png", picture(8), 201)]
fn uploads_are_what_they_hold(#[case] name: &str, #[case] content: Vec<u8>, #[case] expected: u16) {
    let settings = Settings {
        uploads: UploadLimits {
            bytes: 2 << 20,
            pixels: 1_000_000,
        },
        ..Settings::default()
    };
    let world = World::with(Kind::Sqlite, settings);
    let resident = world.user("resident1");
    let number = referral(&resident);
    let path = format!("/api/v1/cases/{number}/materials");
    let part = Part::bytes(content)
        .file_name(name.to_owned())
        .mime_str("image/png")
        .unwrap();
    let form = Form::new()
        .text("material", "referral-slip")
        .text("consent", "1")
        .part("file", part);
    let reply = resident.send(
        resident
            .request(reqwest::Method::POST, &path)
            .multipart(form),
    );
    assert_eq!(reply.status, expected, "{}", reply.text);
    let kept = std::fs::read_dir(world.harness.files.path())
        .unwrap()
        .count();
    assert_eq!(kept, usize::from(expected == 201));
}

#[test]
fn an_upload_cut_off_leaves_neither_file_nor_row() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let number = referral(&resident);
    let path = format!("/api/v1/cases/{number}/materials");
    let body = "--b\r\nContent-Disposition: form-data; name=\"material\"\r\n\r\nreferral-slip\r\n--b\r\nContent-Disposition: form-data; name=\"consent\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 ";
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n",
        resident.token()
    );
    let answer = answer(
        &world.harness,
        &[head.as_bytes(), body.as_bytes(), &[b'x'; 90_000]],
    );
    assert!(matches!(status(&answer), 0 | 400), "{answer:.200}");
    assert_eq!(
        std::fs::read_dir(world.harness.files.path())
            .unwrap()
            .count(),
        0
    );
    let listed = resident.get(&path).expect(200).json();
    assert_eq!(listed["items"], json!([]));
}

#[test]
fn an_upload_beyond_its_limit_is_not_read_to_its_end() {
    let settings = Settings {
        uploads: UploadLimits {
            bytes: 100_000,
            pixels: 1_000_000,
        },
        ..Settings::default()
    };
    let world = World::with(Kind::Sqlite, settings);
    let resident = world.user("resident1");
    let number = referral(&resident);
    let part =
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4 ";
    let small = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n".repeat(50);
    let large = vec![b'x'; 3 << 20];
    for (what, body) in [
        ("a large file", [part.as_bytes(), &large].concat()),
        ("many parts", small.into_bytes()),
    ] {
        let head = format!(
            "POST /api/v1/cases/{number}/materials HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
            resident.token(),
            body.len()
        );
        let answer = answer(&world.harness, &[head.as_bytes(), &body]);
        assert!(matches!(status(&answer), 0 | 413), "{what}: {answer:.300}");
    }
    assert_eq!(
        std::fs::read_dir(world.harness.files.path())
            .unwrap()
            .count(),
        0
    );
    lives(&world.harness);
}

fn referral(resident: &TestUser<'_>) -> String {
    let body = json!({ "item": "cross-region-registration", "answers": { "kind": "referral",
        "destination": "110100", "start": "2026-11-24", "phone": "13800000000", "pledge": true } });
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", "one");
    let reply = resident.send(
        request
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    );
    reply.expect(201).json()["receipt_no"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn picture(side: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(vec![]);
    image::DynamicImage::new_rgb8(side, side)
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

/// A small file that says it has 60,000 × 60,000 pixels.
fn bomb() -> Vec<u8> {
    let mut bytes = picture(8);
    bytes.splice(
        16..24,
        [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat(),
    );
    let mut crc = 0xffff_ffff_u32;
    for byte in &bytes[12..29] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    bytes.splice(29..33, (!crc).to_be_bytes());
    bytes
}
