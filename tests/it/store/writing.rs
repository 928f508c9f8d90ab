//! A write is all or nothing, alone or in a group; the journal can't be changed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, mpsc};

use bujianmian::domain::time::Day;
use bujianmian::store::{Conn, Db, StoreError, receipts};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl};
use rstest::rstest;

use super::{Empty, migrated, postgres, sqlite};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn count(db: &Db, table: &str) -> i64 {
    let query = format!("SELECT count(*) AS n FROM {table}");
    db.read_blocking(|c| {
        Ok::<_, StoreError>(diesel::sql_query(query).get_result::<Count>(c.sql)?.n)
    })
    .unwrap()
}

fn agency(code: &str) -> String {
    format!(
        "INSERT INTO agency VALUES ('{code}', '371000', 'city', 'x', 'x', 'x', 'x', '08:30', '12:00', '13:30', '17:30')"
    )
}

fn insert_agency(conn: &mut Conn<'_>, code: &str) -> Result<(), StoreError> {
    conn.sql.batch_execute(&agency(code))?;
    Ok(())
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn a_refused_write_leaves_nothing(#[case] empty: Empty) {
    let empty = migrated(empty);
    let outcome: Result<(), StoreError> = empty.db.write_blocking(|c| {
        insert_agency(c, "371000")?;
        Err(StoreError::Busy)
    });
    assert!(outcome.is_err());
    assert_eq!(count(&empty.db, "agency"), 0);
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn a_unique_key_is_told_by_name(#[case] empty: Empty) {
    let empty = migrated(empty);
    empty
        .db
        .write_blocking(|c| insert_agency(c, "371000"))
        .unwrap();
    let again = empty
        .db
        .write_blocking(|c| insert_agency(c, "371000"))
        .unwrap_err();
    let StoreError::NotUnique(key) = again else {
        panic!("{again}")
    };
    assert!(key.contains("agency"), "{key}");
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
#[tokio::test]
async fn of_many_writes_at_once_only_the_failing_ones_fail(#[case] empty: Empty) {
    let empty = migrated(empty);
    let writes = (0..200).map(|n| {
        let db = empty.db.clone();
        tokio::spawn(async move {
            db.write(move |c| {
                insert_agency(c, &format!("37{n:04}"))?;
                if n % 3 == 0 {
                    Err(StoreError::Busy)
                } else {
                    Ok(())
                }
            })
            .await
            .is_ok()
        })
    });
    let mut done = 0;
    for write in writes.collect::<Vec<_>>() {
        done += i64::from(write.await.unwrap());
    }
    assert_eq!(done, 133);
    assert_eq!(count(&empty.db, "agency"), 133);
}

#[tokio::test]
async fn a_panic_in_one_write_of_a_group_takes_no_other_with_it() {
    let empty = migrated(sqlite());
    let panicking = empty.db.write(|c| -> Result<(), StoreError> {
        insert_agency(c, "371000")?;
        panic!("on purpose");
    });
    let good = empty.db.write(|c| insert_agency(c, "371002"));
    let (panicked, written) = tokio::join!(panicking, good);
    assert!(panicked.is_err());
    assert!(written.is_ok());
    assert_eq!(count(&empty.db, "agency"), 1);
}

// XR-9: what writes for long leaves time to others only while there are any.
#[tokio::test]
async fn a_write_knows_whether_others_wait_for_the_one_writer() {
    let empty = migrated(sqlite());
    let asked = empty.db.clone();
    let alone = empty
        .db
        .write(move |_| Ok::<_, StoreError>(asked.is_waited_for()));
    assert!(!alone.await.unwrap());
    let (tell, told) = mpsc::channel();
    let asked = empty.db.clone();
    let long = empty.db.write(move |_| {
        told.recv().unwrap();
        Ok::<_, StoreError>(asked.is_waited_for())
    });
    let other = empty.db.write(|c| insert_agency(c, "371000"));
    // Polled in this order: the other one is queued before the long one may end.
    let (waited_for, other, ()) = tokio::join!(long, other, async { tell.send(()).unwrap() });
    assert!(waited_for.unwrap());
    assert!(other.is_ok());
}

#[tokio::test]
async fn a_write_knows_whether_all_connections_are_taken() {
    let empty = migrated(postgres());
    let asked = empty.db.clone();
    let alone = empty
        .db
        .write(move |_| Ok::<_, StoreError>(asked.is_waited_for()));
    assert!(!alone.await.unwrap());
    let all_there = Arc::new(Barrier::new(4));
    let writes = (0..4).map(|_| {
        let (db, all_there) = (empty.db.clone(), Arc::clone(&all_there));
        tokio::spawn(async move {
            let asked = db.clone();
            db.write(move |_| {
                all_there.wait();
                let waited_for = asked.is_waited_for();
                all_there.wait();
                Ok::<_, StoreError>(waited_for)
            })
            .await
        })
    });
    for write in writes.collect::<Vec<_>>() {
        assert!(write.await.unwrap().unwrap());
    }
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
#[tokio::test]
async fn numbers_are_never_handed_out_twice(#[case] empty: Empty) {
    let empty = migrated(empty);
    let day = Day::from_ymd_opt(2026, 11, 23).unwrap();
    let blocks = (0..40).map(|_| {
        let db = empty.db.clone();
        tokio::spawn(async move {
            db.write(move |c| receipts::take_block(c, "371000".parse().unwrap(), day, 5))
                .await
        })
    });
    let mut firsts = vec![];
    for block in blocks.collect::<Vec<_>>() {
        firsts.push(block.await.unwrap().unwrap());
    }
    firsts.sort_unstable();
    assert_eq!(firsts, (0..40).map(|n| 1 + n * 5).collect::<Vec<_>>());
}

#[rstest]
#[case::sqlite(sqlite())]
#[case::postgres(postgres())]
fn the_journal_can_be_neither_changed_nor_emptied(#[case] empty: Empty) {
    let empty = migrated(empty);
    let id = match empty.db.kind() {
        "sqlite" => "X'0190a5b8000070008000000000000001'",
        _ => "'0190a5b8-0000-7000-8000-000000000001'",
    };
    let bytes = if empty.db.kind() == "sqlite" {
        "X'00'"
    } else {
        "'\\x00'"
    };
    let at = if empty.db.kind() == "sqlite" {
        "0"
    } else {
        "now()"
    };
    // The foreign key is not the subject here.
    let off = if empty.db.kind() == "sqlite" {
        "PRAGMA defer_foreign_keys = ON"
    } else {
        "SET session_replication_role = replica"
    };
    let on = if empty.db.kind() == "sqlite" {
        "SELECT 1"
    } else {
        "SET session_replication_role = origin"
    };
    let insert = format!(
        "{off}; INSERT INTO case_event VALUES ('371000', {id}, 1, {at}, NULL, NULL, 'submit', 'draft', 'submitted', \
         '{{}}', NULL, 1, {bytes}, {bytes}); {on}"
    );
    let tried = Arc::new(AtomicU32::new(0));
    for attack in [
        "UPDATE case_event SET change = 'x'",
        "DELETE FROM case_event",
    ] {
        let (insert, tried) = (insert.clone(), Arc::clone(&tried));
        let outcome: Result<(), StoreError> = empty.db.write_blocking(move |c| {
            c.sql.batch_execute(&insert)?;
            tried.fetch_add(1, Ordering::SeqCst);
            c.sql.batch_execute(attack)?;
            Ok(())
        });
        let refusal = outcome.unwrap_err().to_string();
        assert!(refusal.contains("append-only"), "{attack}: {refusal}");
    }
    assert_eq!(
        tried.load(Ordering::SeqCst),
        2,
        "there was something to attack"
    );
}
