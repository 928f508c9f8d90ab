//! Papers of a resident: promised and sent later, refused, cleaned of place data, and nobody else's to read; on
//! the pages and both databases.

use std::io::Cursor;

use bujianmian::clock::Clock;
use bujianmian::config::UploadLimits;
use bujianmian::data::texts::text;
use bujianmian::documents::files::KEPT_WITHOUT_ROW;
use bujianmian::domain::ids::CaseId;
use bujianmian::domain::locale::Locale;
use bujianmian::jobs::housekeeping;
use bujianmian::store::papers;
use chrono::TimeDelta;
use image::ImageFormat;
use reqwest::blocking::multipart::{Form, Part};
use rstest::rstest;

use super::resident::{REGISTRATION, answer_all, at_home, begin, case_of, number, shows, submit};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::service::Settings;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

const SLIP: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const CANARY: &str = "PLACE-OF-THE-PICTURE";

/// A referral as a draft, all questions answered.
#[track_caller]
fn referral(user: &TestUser<'_>) -> String {
    let draft = begin(user, REGISTRATION);
    let answers = [
        ("kind", "referral"),
        ("destination", "110100"),
        ("start", "2026-11-24"),
        ("end", "2026-12-24"),
        ("phone", "13800000000"),
    ];
    answer_all(user, &draft, &answers);
    draft
}

/// Sends a file with the form for `action` on `page`.
#[track_caller]
fn upload(user: &TestUser<'_>, page: &str, action: &str, bytes: &[u8], agreed: &str) -> Reply {
    let csrf = user.get(page).expect(200).form_token(action);
    let form = Form::new()
        .text("csrf", csrf)
        .text("material", "referral-slip")
        .text("consent_version", "1")
        .text("consent", agreed.to_owned())
        .part("file", Part::bytes(bytes.to_vec()).file_name("转诊单.jpg"));
    let request = user.request(reqwest::Method::POST, action);
    user.send(request.multipart(form))
}

fn files(world: &World) -> usize {
    std::fs::read_dir(world.harness.files.path())
        .unwrap()
        .count()
}

fn swept_after_a_day(world: &World) {
    let app = world.harness.app.clone();
    actix_web::rt::System::new().block_on(async move {
        let now = Clock::real();
        assert_eq!(housekeeping::files(&app, now).await.unwrap(), 0);
        let tomorrow = now.plus(KEPT_WITHOUT_ROW + TimeDelta::seconds(1));
        assert_eq!(housekeeping::files(&app, tomorrow).await.unwrap(), 1);
    });
}

fn rows(world: &World, draft: &str) -> Vec<papers::Material> {
    let id: CaseId = draft.rsplit('/').next().unwrap().parse().unwrap();
    let pool = "371000".parse().unwrap();
    world.harness.read(|conn| papers::materials(conn, pool, id))
}

fn picture(format: ImageFormat, side: u32) -> Vec<u8> {
    let mut out = Cursor::new(vec![]);
    image::DynamicImage::new_rgb8(side, side)
        .write_to(&mut out, format)
        .unwrap();
    out.into_inner()
}

/// A picture that tells where it was taken.
fn with_place() -> Vec<u8> {
    let mut bytes = picture(ImageFormat::Jpeg, 8);
    let data = [b"Exif\0\0II*\0".as_slice(), CANARY.as_bytes()].concat();
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xFF, 0xE1], length.as_slice(), &data].concat();
    bytes.splice(2..2, segment);
    bytes
}

// CAS-4
#[rstest]
fn a_promised_slip_is_sent_later(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let draft = referral(&resident);
    let papers = resident.get(&format!("{draft}/papers")).expect(200);
    shows(&papers, &["现在没有这份材料", "承诺以后补交"]);
    shows(
        &resident.get(&format!("{draft}/check")).expect(200),
        &["承诺在"],
    );
    let number = number(&submit(&resident, &draft).expect(303));
    let due = case_of(&world, "resident1", &number)["obligations"][0].clone();
    assert_eq!(
        (&due["material"], &due["met_at"]),
        (&"referral-slip".into(), &().into())
    );
    let case = format!("/my/cases/{number}");
    upload(&resident, &case, &format!("{case}/papers"), SLIP, "").expect(422);
    assert_eq!(files(&world), 0);
    upload(&resident, &case, &format!("{case}/papers"), SLIP, "yes").expect(303);
    let met = case_of(&world, "resident1", &number)["obligations"][0]["met_at"].clone();
    assert!(met.is_string(), "{met}");
    assert_eq!(files(&world), 1);
}

#[rstest]
fn a_refused_upload_leaves_nothing(#[values(Sqlite, Postgres)] kind: Kind) {
    let uploads = UploadLimits {
        bytes: 1024 * 1024,
        pixels: 1_000_000,
    };
    let world = World::with(
        kind,
        Settings {
            uploads,
            ..Settings::default()
        },
    );
    let resident = at_home(&world, "resident1");
    let draft = referral(&resident);
    let page = format!("{draft}/papers");
    let long = [SLIP, &vec![b' '; 1024 * 1024]].concat();
    for (bytes, words) in [
        (
            b"MZ no picture".to_vec(),
            "只能上传 JPG、PNG 图片或 PDF 文件",
        ),
        (long, "文件超过 1 MB"),
        (picture(ImageFormat::Png, 1001), "图片超过 1 百万像素"),
        (b"%PDF-1.4 cut off".to_vec(), "文件不完整或已损坏"),
        (vec![], "请选择要上传的文件"),
    ] {
        let refused = upload(&resident, &page, &page, &bytes, "yes").expect(422);
        shows(&refused, &["govuk-error-summary", words]);
        assert_eq!(
            (files(&world), rows(&world, &draft).len()),
            (0, 0),
            "{words}"
        );
    }
    // CAS-13
    upload(&resident, &page, &page, SLIP, "").expect(422);
    assert_eq!((files(&world), rows(&world, &draft).len()), (0, 0));
    upload(&resident, &page, &page, SLIP, "yes").expect(303);
    assert_eq!((files(&world), rows(&world, &draft).len()), (1, 1));
    let paper = format!("{page}/{}", rows(&world, &draft)[0].id);
    resident
        .submit(&page, &format!("{paper}/remove"), &[])
        .expect(303);
    // The file waits for the sweep, so that a backup that saw the row finds it.
    assert_eq!((files(&world), rows(&world, &draft).len()), (1, 0));
    swept_after_a_day(&world);
    assert_eq!(files(&world), 0);
}

#[rstest]
fn the_place_of_a_picture_goes_out_and_nobody_else_reads_it(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::start(kind);
    let (resident, other) = (at_home(&world, "resident3"), at_home(&world, "resident2"));
    let draft = referral(&resident);
    let page = format!("{draft}/papers");
    let bytes = with_place();
    assert!(String::from_utf8_lossy(&bytes).contains(CANARY));
    upload(&resident, &page, &page, &bytes, "yes").expect(303);
    let id = rows(&world, &draft)[0].id;
    let own = resident.get(&format!("{page}/{id}")).expect(200);
    assert_eq!(own.header("content-type"), "image/jpeg");
    assert!(!own.text.contains(CANARY) && !own.text.is_empty());
    other.get(&format!("{page}/{id}")).expect(404);

    let number = number(&submit(&resident, &draft).expect(303));
    let paper = format!("/my/cases/{number}/papers/{id}");
    resident.get(&paper).expect(200);
    other.get(&paper).expect(404);
    // CAS-10: handler3 is a relative of resident3, handler1 is not.
    let api = format!("/api/v1/cases/{number}");
    let paths = [
        api.clone(),
        format!("{api}/events"),
        format!("{api}/materials"),
    ];
    for path in paths.iter().chain([&format!("{api}/materials/{id}")]) {
        world.user("handler3").get(path).expect(403);
        world.user("handler1").get(path).expect(200);
    }
    // A resident's page is not the agency's; its desk opens papers where programs do, by its own session.
    at_home(&world, "handler1").get(&paper).expect(403);
    let from_the_desk = format!("{api}/materials/{id}");
    at_home(&world, "handler3").get(&from_the_desk).expect(403);
    // CAS-13: what the agency read is told to the person, by page and by program alike; the own look is not.
    at_home(&world, "handler1").get(&from_the_desk).expect(200);
    let reads = resident.get("/my/reads").expect(200).text;
    let name = text(Locale::Zh, "material-referral-slip");
    assert_eq!(reads.matches(&name).count(), 2, "{reads}");
}
