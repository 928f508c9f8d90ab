//! An employer files for many at once (XR-9): what becomes of each row, the same list again, several instances at work
//! on one list. On both databases; pages and API of lists are tried elsewhere.

pub mod world;

use std::collections::BTreeSet;

use bujianmian::clock::Clock;
use bujianmian::documents::spreadsheet::Fault;
use bujianmian::domain::batch::{Kind as ListKind, Outcome, RowResult, State};
use bujianmian::domain::case::{Channel, State as CaseState};
use bujianmian::domain::event;
use bujianmian::domain::ids::CaseId;
use bujianmian::domain::place::Pool;
use bujianmian::jobs::housekeeping;
use bujianmian::store::backup::Source;
use bujianmian::store::{cases, journal, papers, registrations};
use bujianmian::usecases::batches::run;
use bujianmian::usecases::checking;
use rstest::rstest;

use self::world::{Firm, at_file, elsewhere, foreign, staff, unknown};
use crate::harness::service::Kind::{self, Postgres, Sqlite};

fn line(number: u16, rest: &str) -> String {
    format!("{},{rest}", staff(number).as_str())
}

const GOOD: &str = "北京市,2026-12-01,2027-02-28,13800000001";

#[rstest]
fn each_row_is_filed_or_comes_back_with_column_and_reason_xr_9(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let firm = Firm::start(kind, 12);
    let batch = firm.list(&[
        line(1, GOOD),
        line(2, "310100,2026/12/1,,"),
        format!("{},{GOOD}", foreign().as_str()),
        format!("{},{GOOD}", unknown().as_str()),
        format!("{},{GOOD}", elsewhere().as_str()),
        format!("37100019700101100X,{GOOD}"),
        line(3, "威海市,2026-12-01,,"),
        line(4, "北京,2026-12-01,,"),
        line(5, "北京市,,,"),
        line(6, "北京市,2026-12-01,2026-11-01,"),
        line(7, "北京市,2026-12-01,2028-12-01,"),
        line(8, "北京市,2026-12-01,,12"),
        line(1, "上海市,2027-02-28,,"),
        line(9, "北京市,46357,,"),
        line(10, "999999,2026-12-01,,"),
    ]);
    assert_eq!((batch.state, batch.total), (State::Running, 15));
    assert_eq!(firm.work().done, 1);
    assert_eq!(
        firm.told(&batch),
        [
            "2 filed",
            "3 filed",
            "4 rejected id_number not-your-staff",
            "5 rejected id_number not-your-staff",
            "6 rejected id_number insured-in-another-pool",
            "7 rejected id_number id-number-checksum",
            "8 rejected destination destination-is-home",
            "9 rejected destination region-unknown",
            "10 rejected start required",
            "11 rejected end end-before-start",
            "12 rejected end term-too-long 12",
            "13 rejected phone phone-malformed",
            "14 rejected id_number twice-in-file 2",
            "15 rejected start cell-number-not-day",
            "16 rejected destination region-unknown",
        ]
    );
    let (batch, _) = firm.results(&batch);
    assert_eq!((batch.counts.filed, batch.counts.rejected), (2, 13));
    assert_eq!((batch.state, batch.counts.reached), (State::Done, 16));
    assert!(batch.finished_at.is_some());
    assert_eq!(firm.work(), Default::default());
}

#[rstest]
fn a_row_is_a_case_like_any_other_cas_2(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 2);
    let batch = firm.list(&[line(1, "北京市,2026-12-01,,"), line(2, GOOD)]);
    firm.work();
    let (batch, rows) = firm.results(&batch);
    let (id, receipt_no) = rows[0].case.clone().unwrap();
    let harness = &firm.world.harness;
    let (listed, entries, answers, registration) = harness.read(|conn| {
        Ok((
            cases::by_receipt(conn, batch.pool, &receipt_no)?.expect("the case"),
            journal::read(conn, batch.pool, id)?,
            cases::answers(conn, batch.pool, id)?,
            registrations::of_case(conn, batch.pool, id)?.expect("the registration"),
        ))
    });
    let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
    assert_eq!(event::replay(&events).unwrap(), listed.case);
    let case = listed.case;
    assert_eq!(
        (case.state, case.channel),
        (CaseState::Submitted, Channel::OnBehalf)
    );
    assert_eq!(case.filed_by, batch.filed_by);
    // CAS-9: what the registry holds is filled in; XR-1: six months when no end is given.
    assert_eq!(answers.text("phone"), Some("13800000007"));
    assert_eq!(registration.end.unwrap().to_string(), "2027-05-31");
    assert_eq!(
        harness.read(|conn| journal::first_broken(conn, batch.pool, id)),
        None
    );
    assert_eq!(firm.timers(id), 3);
    let of = |who: &str| {
        let inbox = firm.world.user(who).get("/api/v1/inbox").expect(200).json();
        let items = inbox["items"].as_array().unwrap().clone();
        let kinds = items
            .iter()
            .map(|one| one["notice"].as_str().unwrap().to_owned());
        kinds.collect::<Vec<_>>()
    };
    // One notice for the agent, one for each person who has a login.
    assert_eq!(of("agent1"), ["batch-done"]);
    assert_eq!(of("staff1"), ["filed-for-you"]);
    let queue = firm
        .world
        .user("handler1")
        .get("/api/v1/cases")
        .expect(200)
        .json();
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);
}

#[rstest]
fn the_same_list_again_files_nobody_twice_until_it_was_withdrawn_xr_9(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let firm = Firm::start(kind, 3);
    let lines = [
        line(1, GOOD),
        line(2, "上海市,2026-12-01,,"),
        line(3, "火星,2026-12-01,,"),
    ];
    let first = firm.list(&lines);
    firm.work();
    let again = firm.list(&lines);
    firm.work();
    let outcomes = |rows: &[RowResult]| rows.iter().map(|row| row.outcome).collect::<Vec<_>>();
    let (_, filed) = firm.results(&first);
    let (batch, repeated) = firm.results(&again);
    assert_eq!(
        outcomes(&filed),
        [Outcome::Filed, Outcome::Filed, Outcome::Rejected]
    );
    assert_eq!(
        outcomes(&repeated),
        [Outcome::Duplicate, Outcome::Duplicate, Outcome::Rejected]
    );
    assert_eq!(repeated[0].case, filed[0].case);
    assert_eq!((batch.counts.filed, batch.counts.duplicates), (0, 2));
    // Another span at the same place runs into the own case, which is named (XR-2).
    let other = firm.list(&[line(1, "北京市,2027-01-01,,")]);
    firm.work();
    let receipt_no = filed[0].case.clone().unwrap().1;
    assert_eq!(
        firm.told(&other),
        [format!("2 rejected destination overlap-own {receipt_no}")]
    );
    let path = format!("/api/v1/cases/{receipt_no}/actions/withdraw");
    let body = serde_json::json!({ "version": 1 });
    firm.world
        .user("agent2")
        .post_json(&path, &body)
        .expect(200);
    let third = firm.list(&lines);
    firm.work();
    let (_, rows) = firm.results(&third);
    assert_eq!(
        outcomes(&rows),
        [Outcome::Filed, Outcome::Duplicate, Outcome::Rejected]
    );
}

#[rstest]
fn somebody_elses_registration_stands_in_the_way_unnamed_xr_2(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let firm = Firm::start(kind, 1);
    let resident = firm.world.user("staff1");
    let answers = serde_json::json!({ "kind": "other-temporary", "destination": "110100",
        "start": "2026-12-01", "end": "2027-02-28", "phone": "13800000001", "pledge": true });
    let body = serde_json::json!({ "item": "cross-region-registration", "answers": answers });
    let request = resident.request(reqwest::Method::POST, "/api/v1/cases");
    let request = request
        .header("Idempotency-Key", "own")
        .header("Content-Type", "application/json");
    resident.send(request.body(body.to_string())).expect(201);
    let batch = firm.list(&[line(1, GOOD)]);
    firm.work();
    assert_eq!(firm.told(&batch), ["2 rejected destination overlap-other"]);
}

#[rstest]
fn instances_at_one_list_give_each_row_one_result_clk_8(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 700);
    let lines: Vec<String> = (1..=700).map(|number| line(number, GOOD)).collect();
    let batch = firm.list(&lines);
    let other = firm.world.harness.another();
    firm.wait(async {
        other.office.refresh(&other.db).await.unwrap();
        let (one, two) = tokio::join!(run(firm.app()), run(&other));
        assert_eq!(one.unwrap().failed + two.unwrap().failed, 0);
    });
    // Who found the other at work has left; what is left is gone on with by the next run.
    firm.work();
    let (batch, rows) = firm.results(&batch);
    assert_eq!((batch.state, batch.counts.filed), (State::Done, 700));
    let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (2..=701).collect::<Vec<_>>());
    let receipts: BTreeSet<_> = rows.iter().map(|row| row.case.clone().unwrap().1).collect();
    assert_eq!(receipts.len(), 700);
}

#[rstest]
fn a_file_that_is_no_list_keeps_nothing(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 1);
    assert_eq!(
        firm.refused(b"name,wage\na,1\n".to_vec()),
        "file sheet-columns-missing"
    );
    assert_eq!(
        firm.refused(b"%PDF-1.7\n%%EOF\n".to_vec()),
        at_file(&Fault::Type)
    );
    assert_eq!(
        firm.refused(vec![b'a'; 60 * 1024 * 1024]),
        "file sheet-too-large"
    );
    let folder = std::fs::read_dir(firm.world.harness.files.path()).unwrap();
    assert_eq!(folder.count(), 0);
}

#[rstest]
fn a_list_under_pledge_is_completed_by_the_full_list_cas_4(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let pledged = |number: u16, name: &str| format!("{name},{},北京市", staff(number).as_str());
    let lines = [
        pledged(1, "示例职工"),
        pledged(2, "示例职工"),
        pledged(3, "另一个人"),
    ];
    let first = firm.pledge(&lines);
    assert_eq!(first.kind, ListKind::Pledge);
    firm.work();
    assert_eq!(
        firm.told(&first),
        ["2 filed", "3 filed", "4 rejected name name-differs"]
    );
    // The same list again on another day.
    let clock = &firm.app().clock;
    clock.set(clock.now().plus(chrono::TimeDelta::days(1)));
    let again = firm.pledge(&lines);
    firm.work();
    assert_eq!(firm.results(&again).0.counts.duplicates, 2);
    // One is decided before the full list comes: its days stay, its promise is kept.
    let (batch, rows) = firm.results(&first);
    let [one, two] = [0, 1].map(|row: usize| rows[row].case.clone().unwrap());
    let harness = &firm.world.harness;
    let decided = two.0;
    harness.write(move |conn| registrations::activate(conn, batch.pool, decided));
    let full = firm.list(&[
        line(1, "北京市,2026-12-05,2027-01-05,13800000001"),
        line(2, "北京市,2026-12-05,2027-01-05,13800000002"),
        line(1, "上海市,2026-12-06,,"),
    ]);
    firm.work();
    assert_eq!(
        firm.told(&full),
        [
            "2 filed",
            "3 duplicate",
            "4 rejected id_number twice-in-file 2"
        ]
    );
    assert_eq!(
        as_completed(&firm, batch.pool, one.0),
        ("2026-12-05".to_owned(), "13800000001".to_owned())
    );
    assert_eq!(
        as_completed(&firm, batch.pool, two.0),
        ("2026-11-24".to_owned(), "13800000007".to_owned())
    );
}

/// First day and phone number of a case whose promise is kept and whose journal tells what is stored.
fn as_completed(firm: &Firm, pool: Pool, id: CaseId) -> (String, String) {
    firm.world.harness.read(|conn| {
        let registration = registrations::of_case(conn, pool, id)?.expect("one");
        let answers = cases::answers(conn, pool, id)?;
        let listed = cases::by_id(conn, pool, id)?.expect("the case");
        let entries = journal::read(conn, pool, id)?;
        let events: Vec<_> = entries.into_iter().map(|entry| entry.event).collect();
        assert_eq!(event::replay(&events).unwrap(), listed.case);
        assert_eq!(papers::promised(conn, pool, id)?, Vec::<String>::new());
        let phone = answers.text("phone").map(str::to_owned);
        Ok((registration.start.to_string(), phone.unwrap()))
    })
}

#[rstest]
fn the_file_of_a_list_is_checked_and_kept_like_a_paper(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 1);
    firm.list(&[line(1, GOOD)]);
    let harness = &firm.world.harness;
    let mut source = Source::Live(firm.app().db.clone(), harness.location.clone());
    let later = Clock::real().plus(chrono::TimeDelta::days(3));
    let told = firm.wait(checking::papers(&mut source, &firm.app().files, later));
    let told = told.unwrap();
    assert_eq!(
        (told.papers, told.flaws.count, told.orphans.count),
        (1, 0, 0)
    );
    assert_eq!(
        firm.wait(housekeeping::files(firm.app(), later)).unwrap(),
        0
    );
}
