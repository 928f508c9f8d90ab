//! Damage that the check must name, on both databases, and what it must not take for damage.

use bujianmian::clock::Clock;
use bujianmian::store::Conn;
use bujianmian::store::backup::Source;
use bujianmian::store::papers::{self, Print};
use bujianmian::usecases::checking::{self, Papers, Rows};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use rstest::rstest;
use uuid::Uuid;

use super::load::slip;
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::World;

/// A referral with its slip, and a second case that a handler holds.
struct Scene {
    world: World,
    number: String,
    print: Print,
}

impl Scene {
    fn new(kind: Kind) -> Self {
        let world = World::start(kind);
        let resident = world.user("resident1");
        let number = file(&resident, "referral", "110100");
        let form = reqwest::blocking::multipart::Form::new()
            .text("material", "referral-slip")
            .text("consent", "1")
            .part(
                "file",
                reqwest::blocking::multipart::Part::bytes(slip(1)).file_name("slip.pdf"),
            );
        let path = format!("/api/v1/cases/{number}/materials");
        let request = resident.request(reqwest::Method::POST, &path);
        resident.send(request.multipart(form)).expect(201);
        file(&resident, "other-temporary", "310100");
        world
            .user("handler1")
            .post_json("/api/v1/queue/next", &serde_json::json!({}))
            .expect(200);
        let mut prints = world
            .harness
            .read(|conn| papers::prints_after(conn, None, 10));
        assert_eq!(prints.len(), 1);
        Self {
            number,
            print: prints.remove(0),
            world,
        }
    }

    fn rows(&self) -> Rows {
        let harness = &self.world.harness;
        let mut source = Source::Live(harness.app.db.clone(), harness.location.clone());
        checking::rows(&mut source).unwrap()
    }

    fn papers(&self) -> Papers {
        let app = &self.world.harness.app;
        let mut source = Source::Live(app.db.clone(), self.world.harness.location.clone());
        runtime()
            .block_on(checking::papers(&mut source, &app.files, Clock::real()))
            .unwrap()
    }

    fn file(&self) -> std::path::PathBuf {
        let files = self.world.harness.files.path();
        files.join(&self.print.file_key)
    }

    fn alter(&self, sql: String) {
        self.world.harness.write(move |conn: &mut Conn<'_>| {
            conn.sql.batch_execute(&sql)?;
            Ok(())
        });
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

fn file(user: &TestUser<'_>, kind: &str, destination: &str) -> String {
    let body = serde_json::json!({ "item": "cross-region-registration", "answers": {
        "kind": kind, "destination": destination, "start": "2026-11-24", "end": "2026-12-24",
        "phone": "13800000000", "pledge": true,
    }});
    let reply = user
        .send(
            user.request(reqwest::Method::POST, "/api/v1/cases")
                .header("Idempotency-Key", destination)
                .header("Content-Type", "application/json")
                .body(body.to_string()),
        )
        .expect(201);
    reply.json()["receipt_no"].as_str().unwrap().to_owned()
}

#[rstest]
fn a_sound_installation_has_no_findings(#[values(Sqlite, Postgres)] kind: Kind) {
    let scene = Scene::new(kind);
    let (rows, papers) = (scene.rows(), scene.papers());
    assert_eq!((rows.cases, rows.events, rows.flaws.named), (2, 4, vec![]));
    assert!(
        rows.counts.contains(&("cases".to_owned(), 2)),
        "{:?}",
        rows.counts
    );
    assert_eq!(
        (papers.papers, papers.flaws.count, papers.orphans.count),
        (1, 0, 0)
    );
}

const FREE: &str = "DROP TRIGGER case_event_no_update";
const FREE_POSTGRES: &str = "DROP TRIGGER case_event_no_change ON case_event";

#[rstest]
#[case(
    "UPDATE case_event SET at = {later} WHERE number = 1",
    "event 1: written with hash"
)]
#[case(
    "UPDATE case_event SET change = '{}' WHERE number = 2",
    "event 2: written with hash"
)]
#[case("UPDATE case_event SET number = 9 WHERE number = 2", "removed: ")]
#[case(
    "UPDATE cases SET urgency = 'special'",
    "urgency: expected \"routine\", found \"special\""
)]
#[case("UPDATE cases SET version = version + 1", "version: expected")]
#[case("UPDATE cases SET due_at = NULL", "due_at: expected")]
#[case("UPDATE cases SET queue_rank = 7", "queue_rank: expected")]
#[case("UPDATE cases SET answers = {bytes}", "its answers can't be opened")]
fn rows_that_do_not_belong_together_are_named(
    #[case] damage: &str,
    #[case] expected: &str,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let scene = Scene::new(kind);
    let (free, later, bytes) = match kind {
        Sqlite => (FREE, "at + 1", "X'01020304'"),
        Postgres => (FREE_POSTGRES, "at + interval '1 second'", "'\\x01020304'"),
    };
    let damage = damage.replace("{later}", later).replace("{bytes}", bytes);
    scene.alter(format!("{free}; {damage}"));
    let flaws = scene.rows().flaws.named;
    assert!(
        flaws[0].contains("the journal could be changed"),
        "{flaws:?}"
    );
    let named = flaws
        .iter()
        .find(|flaw| flaw.contains(&scene.number))
        .unwrap_or_else(|| panic!("{flaws:?}"));
    assert!(named.contains(expected), "{named}");
}

#[rstest]
fn a_journal_that_was_taken_away_is_missed(#[values(Sqlite, Postgres)] kind: Kind) {
    let scene = Scene::new(kind);
    let free = match kind {
        Sqlite => "DROP TRIGGER case_event_no_delete",
        Postgres => FREE_POSTGRES,
    };
    scene.alter(format!("{free}; DELETE FROM case_event"));
    let flaws = scene.rows().flaws;
    assert_eq!(flaws.count, 3, "{flaws:?}");
    assert!(
        flaws.named[1].contains("it waits for its seal and is not in the journal"),
        "{flaws:?}"
    );
}

#[test]
fn references_to_what_is_not_there_are_named_on_sqlite() {
    let scene = Scene::new(Sqlite);
    // A repair that somebody made by hand, with the references off.
    let database = scene.world.harness.app.db.clone();
    let outcome = database.read_blocking(|conn| -> Result<(), bujianmian::store::StoreError> {
        conn.sql.batch_execute(
            "PRAGMA foreign_keys = OFF; DELETE FROM agency WHERE code = '371000'; PRAGMA foreign_keys = ON",
        )?;
        Ok(())
    });
    outcome.unwrap();
    let flaws = scene.rows().flaws.named;
    assert!(
        flaws
            .iter()
            .any(|flaw| flaw.starts_with("cases row") && flaw.contains("agency is not there")),
        "{flaws:?}"
    );
}

#[rstest]
#[case::missing(|scene: &Scene| std::fs::remove_file(scene.file()).unwrap(), "is missing")]
#[case::altered(|scene: &Scene| {
    let mut bytes = std::fs::read(scene.file()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(scene.file(), bytes).unwrap();
}, "was altered")]
#[case::cut_off(|scene: &Scene| {
    let bytes = std::fs::read(scene.file()).unwrap();
    std::fs::write(scene.file(), &bytes[..bytes.len() / 2]).unwrap();
}, "was altered")]
#[case::another_size(|scene: &Scene| put(scene, b"another"), "has another size")]
#[case::another_content(|scene: &Scene| put(scene, &slip(2)), "has another content")]
fn a_paper_that_is_not_what_was_uploaded_is_named(
    #[case] damage: fn(&Scene),
    #[case] expected: &str,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let scene = Scene::new(kind);
    damage(&scene);
    let papers = scene.papers();
    assert_eq!((papers.papers, papers.flaws.count), (0, 1));
    let named = &papers.flaws.named[0];
    assert!(
        named.contains(expected) && named.contains(&scene.print.file_key),
        "{named}"
    );
}

fn put(scene: &Scene, content: &[u8]) {
    let sealed = scene.world.harness.app.db.vault().seal(content).unwrap();
    std::fs::write(scene.file(), sealed).unwrap();
}

#[rstest]
fn a_file_without_a_row_is_noted_and_is_no_flaw(#[values(Sqlite, Postgres)] kind: Kind) {
    let scene = Scene::new(kind);
    let files = scene.world.harness.app.files.clone();
    let key: Uuid = Clock::new_id();
    let at = Clock::real().plus(-TimeDelta::hours(30));
    runtime().block_on(async {
        files.put(key, b"left by a kill".to_vec()).await.unwrap();
        files.let_go(key, at).await.unwrap();
    });
    let papers = scene.papers();
    assert_eq!((papers.flaws.count, papers.orphans.count), (0, 1));
    let named = &papers.orphans.named[0];
    assert!(
        named.contains(&key.to_string()) && named.contains("30 hours old"),
        "{named}"
    );
}
