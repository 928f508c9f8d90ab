//! Connections cut: between clients and service, and between service and PostgreSQL; answers lost on the way; an upload
//! that breaks off near its end.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;
use serde_json::json;

use crate::history::Outcome;
use crate::load::{Load, filing, wait_for_changes};
use crate::proxy::Proxy;
use crate::report::rounds;
use crate::world::{Kind, World};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn clients_are_cut_off(#[case] kind: Kind) {
    let world = World::start(kind);
    let wire = Proxy::to(world.service.port());
    let doors = Arc::new(vec![format!("http://127.0.0.1:{}", wire.port())]);
    let load = Load::start(&world.cast().at(&doors), 1);
    let rounds = rounds(4, 60);
    for round in 0..rounds {
        wait_for_changes(&world.history, 10);
        match round % 2 {
            0 => wire.cut(),
            _ => wire.swallow_answers_and_cut(4),
        }
    }
    wait_for_changes(&world.history, 10);
    load.stop();
    let tally = world.judge("clients cut off", rounds);
    assert!(tally.unknown > 0, "somebody was cut off");
}

#[test]
fn the_database_is_cut_off() {
    let mut world = World::start(Kind::Postgres);
    let database = world.database.as_ref().expect("PostgreSQL");
    let wire = Proxy::to(database.port());
    world.service.settings.database = Some(database.url_by(wire.port()));
    world.service.stop();
    world.service.begin();
    world.service.wait_until_ready();
    let load = Load::start(&world.cast(), 1);
    let rounds = rounds(4, 60);
    for round in 0..rounds {
        wait_for_changes(&world.history, 10);
        match round % 2 {
            0 => wire.cut(),
            // Some of what was swallowed tells of a COMMIT that happened.
            _ => wire.swallow_answers_and_cut(2),
        }
    }
    wait_for_changes(&world.history, 10);
    load.stop();
    let tally = world.judge("database cut off", rounds);
    assert!(tally.unavailable > 0, "something was under way");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_upload_breaks_off_near_its_end(#[case] kind: Kind) {
    let world = World::start(kind);
    let cast = world.cast();
    let resident = &cast.residents[0];
    let mut body = filing(cast.from, 0);
    body["answers"]["kind"] = json!("referral");
    let Outcome::Done(case) = resident.file("with-a-promise", &body) else {
        panic!("the case is filed");
    };
    let archive = world.archive();
    let before = archive.papers();
    let kept = files(&world);
    let path = format!("/api/v1/cases/{}/materials", case.receipt_no);
    let form = by_hand(&paper());
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {}\r\n\
         Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: {}\r\n\r\n",
        resident.bearer(),
        form.len()
    );
    for cut_at in [form.len() * 99 / 100, form.len() - 1] {
        let mut wire = TcpStream::connect(("127.0.0.1", world.service.port())).expect("a wire");
        wire.write_all(head.as_bytes()).expect("the head arrives");
        wire.write_all(&form[..cut_at]).expect("most of it arrives");
        wire.shutdown(Shutdown::Write).expect("it breaks off");
        // When the service has given up on it, the connection ends.
        let _ = wire.read_to_end(&mut vec![]);
    }
    assert_eq!((archive.papers(), files(&world)), (before, kept));
    // The whole paper is taken.
    let outcome = resident.upload(&case.receipt_no, upload());
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!((archive.papers(), files(&world)), (before + 1, kept + 1));
    world.judge("upload cut off", 2);
}

fn by_hand(content: &[u8]) -> Vec<u8> {
    let mut form = vec![];
    for (name, value) in [("material", "referral-slip"), ("consent", &consent())] {
        let part =
            format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(
        b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"slip.png\"\r\n\
          Content-Type: image/png\r\n\r\n",
    );
    form.extend_from_slice(content);
    form.extend_from_slice(b"\r\n--cut--\r\n");
    form
}

/// A picture that takes many packets.
fn paper() -> Vec<u8> {
    let noise = |n: u32| n.wrapping_mul(2_654_435_761).to_be_bytes()[0];
    let picture = image::RgbImage::from_fn(400, 300, |x, y| {
        image::Rgb([noise(x * 300 + y), noise(y * 400 + x), noise(x ^ y)])
    });
    let mut bytes = std::io::Cursor::new(vec![]);
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

/// The paper as a form.
pub fn upload() -> Form {
    let part = Part::bytes(paper()).file_name("slip.png");
    Form::new()
        .text("material", "referral-slip")
        .text("consent", consent())
        .part("file", part)
}

/// The consent text in force.
fn consent() -> String {
    let packs = bujianmian::data::policies::load().expect("the packs");
    let pool = "371000".parse().expect("a pool");
    let policy = packs.on(pool, bujianmian::clock::Clock::real().day());
    policy.consent_text_version().value.clone()
}

/// Everything that lies in the folder of uploads.
pub fn files(world: &World) -> usize {
    std::fs::read_dir(world.files()).map_or(0, Iterator::count)
}
