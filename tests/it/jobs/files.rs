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
    let folder = world.harness.files.path().to_owned();
    let now = Clock::real();
    let ago = |hours| now.plus(-TimeDelta::hours(hours));
    actix_web::rt::System::new().block_on(async {
        let (orphan, recent) = (put(&world, ago(25)).await, put(&world, ago(23)).await);
        let kept = put(&world, ago(1000)).await;
        give_row(&world, kept);
        let unfinished = folder.join(format!("{}#1", Uuid::from_u128(7)));
        std::fs::write(&unfinished, b"pap").unwrap();
        let two_days = std::time::SystemTime::from(ago(48).utc());
        std::fs::File::options()
            .write(true)
            .open(&unfinished)
            .unwrap()
            .set_modified(two_days)
            .unwrap();
        std::fs::write(folder.join("notes"), b"mine").unwrap();

        assert_eq!(
            housekeeping::files(&world.harness.app, now).await.unwrap(),
            2
        );
        assert!(!folder.join(orphan.to_string()).exists() && !unfinished.exists());
        for name in [recent.to_string(), kept.to_string(), "notes".to_owned()] {
            assert!(folder.join(&name).exists(), "{name}");
        }
        let later = now.plus(TimeDelta::hours(2));
        assert_eq!(
            housekeeping::files(&world.harness.app, later)
                .await
                .unwrap(),
            1
        );
        assert!(
            !folder.join(recent.to_string()).exists() && folder.join(kept.to_string()).exists()
        );
    });
}
