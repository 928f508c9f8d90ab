//! When there is more to do than can be done: a clear "come back later", and everything as before afterwards.

use std::sync::{Arc, Barrier, mpsc};

use bujianmian::store::StoreError;
use rstest::rstest;

use crate::harness::service::{Harness, Kind};
use crate::harness::socket::Socket;
use crate::harness::user::TestUser;

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_database_that_is_full_up_answers_503_and_when_to_come_back(#[case] kind: Kind) {
    let harness = Harness::start(kind);
    let held = Arc::new(Barrier::new(5));
    let (release, releases): (Vec<_>, Vec<_>) = (0..4).map(|_| mpsc::channel::<()>()).unzip();
    let holders: Vec<_> = releases
        .into_iter()
        .map(|released| {
            let (app, held) = (harness.app.clone(), Arc::clone(&held));
            std::thread::spawn(move || {
                app.db.read_blocking(|_| {
                    held.wait();
                    let _ends_when_released = released.recv();
                    Ok::<(), StoreError>(())
                })
            })
        })
        .collect();
    held.wait();
    let user = TestUser::stranger(&harness);
    let refusal = user.ask_token("nobody", "a password").expect(503);
    assert_eq!(refusal.header("retry-after"), "5");
    assert_eq!(refusal.json()["code"], "busy");
    assert_eq!(user.get("/healthz").status, 200);
    drop(release);
    for holder in holders {
        holder.join().unwrap().unwrap();
    }
    user.ask_token("nobody", "a password").expect(401);
    assert!(harness.metric("bujianmian_db_refused_total") >= 1.0);
}

#[test]
fn sign_ins_beyond_the_queue_are_told_to_come_back() {
    let harness = Harness::sqlite();
    let body = "{\"username\":\"nobody\",\"password\":\"a password\"}";
    let ask = format!(
        "POST /api/v1/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut sockets: Vec<Socket> = (0..300).map(|_| Socket::open(&harness.base)).collect();
    for socket in &mut sockets {
        socket.send(&ask);
    }
    let (mut checked, mut refused) = (0, 0);
    for socket in &mut sockets {
        let answer = socket.answer();
        match answer.status {
            401 => checked += 1,
            503 => {
                refused += 1;
                assert_eq!(answer.header("retry-after"), "5");
            }
            other => panic!("{other}: {answer:?}"),
        }
    }
    assert!(checked >= 2 && refused >= 1, "{checked} {refused}");
    assert!(harness.metric("bujianmian_password_refused_total") >= 1.0);
    TestUser::stranger(&harness)
        .ask_token("nobody", "a password")
        .expect(401);
}
