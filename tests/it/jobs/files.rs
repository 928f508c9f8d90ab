//! Files without a row go after a day; one with a row never does.

use bujianmian::clock::Clock;
use bujianmian::domain::time::Ts;
use bujianmian::jobs::housekeeping;
use bujianmian::store::papers::{Material, insert_material};
use chrono::TimeDelta;
use rstest::rstest;
use uuid::Uuid;

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::world::World;

/// Puts a file that was written at `at`.
async fn put(world: &World, at: Ts) -> Uuid {
    let (files, key) = (&world.harness.app.files, Clock::new_id());
    files.put(key, b"paper".to_vec()).await.unwrap();
    files.let_go(key, at).await.unwrap();
    key
}

fn give_row(world: &World, key: Uuid) {
    let account = world.harness.read(|conn| {
        bujianmian::store::accounts::credentials(conn, "resident1", "")
            .map(|found| found.unwrap().account)
    });
    let paper = Material {
        id: Clock::new_id(),
        name: "referral-slip".to_owned(),
        file_key: key.to_string(),
        file_name: "slip.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        size: 5,
        sha256: vec![0; 32],
        consent: None,
        uploaded_by: account,
        uploaded_at: Clock::real(),
    };
    let pool = "371000".parse().unwrap();
    world
        .harness
        .write(move |conn| insert_material(conn, pool, Clock::new_id(), &paper));
}

#[rstest]
fn what_has_had_no_row_for_a_day_is_swept(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = world.harness.files.path().to_owned();
    let now = Clock::real();
    let ago = |hours| now.plus(-TimeDelta::hours(hours));
    let [orphan, recent, kept] =
        [25, 23, 1000].map(|hours| runtime.block_on(put(&world, ago(hours))));
    give_row(&world, kept);
    let unfinished = folder.join(format!("{}#1", Uuid::from_u128(7)));
    std::fs::write(&unfinished, b"pap").unwrap();
    std::fs::File::options()
        .write(true)
        .open(&unfinished)
        .and_then(|file| file.set_modified(ago(48).utc().into()))
        .unwrap();
    std::fs::write(folder.join("notes"), b"mine").unwrap();
    let run = |at| {
        let swept = housekeeping::files(&world.harness.app, at);
        runtime.block_on(swept).unwrap()
    };
    let there = |name: &dyn ToString| folder.join(name.to_string()).exists();

    assert_eq!(run(now), 2);
    assert!(!there(&orphan) && !unfinished.exists());
    assert!(there(&recent) && there(&kept) && there(&"notes"));
    assert_eq!(run(now.plus(TimeDelta::hours(2))), 1);
    assert!(!there(&recent) && there(&kept) && there(&"notes"));
}
