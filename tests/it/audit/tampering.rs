//! Somebody with all rights on the database changes, removes, adds and reorders; the check names the place.

use bujianmian::domain::ids::CaseId;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::store::Location;
use bujianmian::store::audit::EventRow;
use bujianmian::usecases::auditing::{Finding, Kind as Found};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use rstest::rstest;

use super::{History, printed};
use crate::harness::service::Kind;

/// What is done, and what must be named for it: kind, of which case, event, seal.
struct Tampering {
    sql: String,
    found: Found,
    case: Option<CaseId>,
    event: Option<i32>,
    seal: Option<i32>,
}

impl History {
    fn case(&self, receipt_no: &ReceiptNo) -> CaseId {
        self.world.case(receipt_no).id
    }

    fn event(&self, receipt_no: &ReceiptNo, number: i32) -> EventRow {
        let nobody = CaseId::from(uuid::Uuid::nil());
        let chunk = self.reader().cases("371000", nobody).unwrap();
        let id = self.case(receipt_no);
        let case = chunk.cases.into_iter().find(|case| case.id == Some(id));
        let mut events = case.unwrap().events.into_iter();
        events.find(|event| event.number == number).unwrap()
    }

    /// Runs statements with every trigger and foreign key out of the way.
    fn tamper(&self, sql: &str) {
        match &self.world.harness.location {
            Location::File(file) => {
                let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
                let tables = ["case_event", "seal", "seal_entry", "anchor"];
                let triggers: String = tables
                    .iter()
                    .flat_map(|t| ["update", "delete"].map(|w| format!("DROP TRIGGER {t}_no_{w};")))
                    .collect();
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = OFF; {triggers}
                     DROP TRIGGER case_event_waits_for_its_seal; {sql}"
                ))
                .unwrap();
            }
            Location::Server(url) => {
                let mut conn = PgConnection::establish(url).unwrap();
                conn.batch_execute(&format!("SET session_replication_role = replica; {sql}"))
                    .unwrap();
            }
        }
    }

    fn id(&self, case: CaseId) -> String {
        let text = case.to_string();
        match &self.world.harness.location {
            Location::File(_) => format!("X'{}'", text.replace('-', "")),
            Location::Server(_) => format!("'{text}'"),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match &self.world.harness.location {
            Location::File(_) => format!("X'{}'", hex::encode(bytes)),
            Location::Server(_) => format!("'\\x{}'", hex::encode(bytes)),
        }
    }

    fn later(&self) -> &'static str {
        match &self.world.harness.location {
            Location::File(_) => "at = at + 1",
            Location::Server(_) => "at = at + interval '1 microsecond'",
        }
    }
}

/// The event of a number of the approved case.
fn named(history: &History, sql: String, found: Found, event: Option<i32>) -> Tampering {
    Tampering {
        sql,
        found,
        case: Some(history.case(&history.approved)),
        event,
        seal: None,
    }
}

fn of_seal(sql: &str, found: Found, seal: i32) -> Tampering {
    Tampering {
        sql: sql.to_owned(),
        found,
        case: None,
        event: None,
        seal: Some(seal),
    }
}

fn an_event_is_changed(history: &History) -> Tampering {
    let (id, later) = (history.id(history.case(&history.approved)), history.later());
    let sql = format!("UPDATE case_event SET {later} WHERE case_id = {id} AND number = 2");
    named(history, sql, Found::Changed, Some(2))
}

fn an_event_is_removed(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!("DELETE FROM case_event WHERE case_id = {id} AND number = 2");
    named(history, sql, Found::Removed, Some(2))
}

fn the_last_event_is_removed(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!("DELETE FROM case_event WHERE case_id = {id} AND number = 3");
    Tampering {
        seal: Some(2),
        ..named(history, sql, Found::Removed, Some(3))
    }
}

fn an_event_is_copied_to_the_end(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!(
        "INSERT INTO case_event SELECT pool, case_id, 4, at, actor, role, action, from_state, to_state, change, \
         words, hash_version, previous_hash, hash FROM case_event WHERE case_id = {id} AND number = 3"
    );
    named(history, sql, Found::Reordered, Some(4))
}

/// With the right hash after the right event: only that nothing attests it gives it away.
fn an_event_is_added(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let last = history.event(&history.approved, 3);
    let forged = EventRow {
        previous_hash: last.hash.clone(),
        ..last
    };
    let (previous, hash) = (
        history.bytes(&forged.previous_hash),
        history.bytes(&forged.hash_as(4)),
    );
    let sql = format!(
        "INSERT INTO case_event SELECT pool, case_id, 4, at, actor, role, action, from_state, to_state, change, \
         words, hash_version, {previous}, {hash} FROM case_event WHERE case_id = {id} AND number = 3"
    );
    named(history, sql, Found::Added, Some(4))
}

fn two_events_are_swapped(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let moved = |from: i32, to: i32| {
        format!("UPDATE case_event SET number = {to} WHERE case_id = {id} AND number = {from};")
    };
    let sql = [moved(2, 99), moved(3, 2), moved(99, 3)].concat();
    named(history, sql, Found::Reordered, Some(2))
}

/// With its hash made anew: it is the last of its case, so only the seal gives it away.
fn an_event_is_rewritten(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let last = history.event(&history.approved, 3);
    let at = bujianmian::domain::time::Ts::from_micros(last.at.micros() + 1).unwrap();
    let hash = history.bytes(&EventRow { at, ..last }.hash_as(3));
    let later = history.later();
    let sql =
        format!("UPDATE case_event SET {later}, hash = {hash} WHERE case_id = {id} AND number = 3");
    Tampering {
        seal: Some(2),
        ..named(history, sql, Found::Changed, Some(3))
    }
}

/// One in the middle, with its hash made anew: the next event gives it away.
fn an_event_between_is_rewritten(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let second = history.event(&history.approved, 2);
    let at = bujianmian::domain::time::Ts::from_micros(second.at.micros() + 1).unwrap();
    let hash = history.bytes(&EventRow { at, ..second }.hash_as(2));
    let later = history.later();
    let sql =
        format!("UPDATE case_event SET {later}, hash = {hash} WHERE case_id = {id} AND number = 2");
    named(history, sql, Found::Changed, Some(2))
}

/// With its hash made anew, in an event that no seal covers yet.
fn a_value_is_made_up(history: &History) -> Tampering {
    let case = history.case(&history.newest);
    let id = history.id(case);
    let first = history.event(&history.newest, 1);
    let action = "bless".to_owned();
    let hash = history.bytes(&EventRow { action, ..first }.hash_as(1));
    let sql = format!("UPDATE case_event SET action = 'bless', hash = {hash} WHERE case_id = {id}");
    Tampering {
        case: Some(case),
        ..named(history, sql, Found::Unreadable, Some(1))
    }
}

fn a_whole_case_is_deleted(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let tables = [
        "case_event",
        "case_key",
        "case_fact",
        "obligation",
        "timer",
        "registration",
        "outbox",
    ];
    let rows: String = tables
        .iter()
        .map(|table| format!("DELETE FROM {table} WHERE case_id = {id};"))
        .collect();
    let sql = format!("{rows} DELETE FROM cases WHERE id = {id}");
    Tampering {
        seal: Some(1),
        ..named(history, sql, Found::Removed, Some(1))
    }
}

/// Nothing but the queue knew of it.
fn a_case_is_deleted_before_its_seal(history: &History) -> Tampering {
    let case = history.case(&history.newest);
    let id = history.id(case);
    let sql =
        format!("DELETE FROM case_event WHERE case_id = {id}; DELETE FROM cases WHERE id = {id}");
    Tampering {
        case: Some(case),
        ..named(history, sql, Found::Removed, Some(1))
    }
}

fn a_case_row_is_deleted(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!("DELETE FROM cases WHERE id = {id}");
    named(history, sql, Found::Removed, None)
}

fn a_case_row_is_edited(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!("UPDATE cases SET supplements = 1 WHERE id = {id}");
    named(history, sql, Found::RowChanged, None)
}

fn a_deadline_is_edited(history: &History) -> Tampering {
    let case = history.case(&history.filed);
    let (id, column) = (
        history.id(case),
        history.later().replace("at = at", "due_at = due_at"),
    );
    let sql = format!("UPDATE cases SET {column} WHERE id = {id}");
    Tampering {
        case: Some(case),
        ..named(history, sql, Found::RowChanged, None)
    }
}

fn a_journal_is_emptied(history: &History) -> Tampering {
    let id = history.id(history.case(&history.approved));
    let sql = format!("DELETE FROM case_event WHERE case_id = {id}");
    Tampering {
        seal: Some(1),
        ..named(history, sql, Found::Removed, Some(1))
    }
}

fn a_seal_is_dropped(_: &History) -> Tampering {
    let sql = "DELETE FROM seal WHERE number = 2; DELETE FROM seal_entry WHERE seal = 2";
    of_seal(sql, Found::SealRemoved, 2)
}

fn a_seal_forgets_a_case(history: &History) -> Tampering {
    let id = history.id(history.case(&history.asked));
    let sql = format!("DELETE FROM seal_entry WHERE seal = 2 AND case_id = {id}");
    of_seal(&sql, Found::SealChanged, 2)
}

fn a_seal_is_changed(_: &History) -> Tampering {
    of_seal(
        "UPDATE seal SET total = total + 1 WHERE number = 3",
        Found::SealChanged,
        3,
    )
}

fn a_line_is_changed(_: &History) -> Tampering {
    let sql = "UPDATE anchor SET events = 5 WHERE seal = 3";
    of_seal(sql, Found::AnchorChanged, 3)
}

fn a_line_is_moved(_: &History) -> Tampering {
    // It now names a seal that was not the day's last.
    let sql = "UPDATE anchor SET seal = 2, events = 4, hash = (SELECT hash FROM seal WHERE number = 2) WHERE seal = 3";
    of_seal(sql, Found::AnchorChanged, 3)
}

#[rstest]
fn whoever_tampers_is_noticed_and_the_place_is_named(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[values(
        an_event_is_changed,
        an_event_is_removed,
        the_last_event_is_removed,
        an_event_is_copied_to_the_end,
        an_event_is_added,
        two_events_are_swapped,
        an_event_is_rewritten,
        an_event_between_is_rewritten,
        a_value_is_made_up,
        a_whole_case_is_deleted,
        a_case_is_deleted_before_its_seal,
        a_case_row_is_deleted,
        a_case_row_is_edited,
        a_deadline_is_edited,
        a_journal_is_emptied,
        a_seal_is_dropped,
        a_seal_forgets_a_case,
        a_seal_is_changed,
        a_line_is_changed,
        a_line_is_moved
    )]
    what: fn(&History) -> Tampering,
) {
    let history = History::on(kind);
    let done = what(&history);
    history.tamper(&done.sql);
    let report = history.verify(&[]);
    let first = report.findings.first().expect("something is found");
    let place = |f: &Finding| (f.kind, f.case, f.event, f.seal);
    assert_eq!(
        place(first),
        (done.found, done.case, done.event, done.seal),
        "{:#?}",
        report.findings
    );
}

/// Seals, lines and what they covered, all taken back to the first day: only who kept a line can tell.
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_tail_that_was_cut_off_is_noticed_by_a_published_line(#[case] kind: Kind) {
    let history = History::on(kind);
    let published = history.published();
    let id = history.id(history.case(&history.filed));
    history.tamper(&format!(
        "DELETE FROM anchor WHERE seal = 4; DELETE FROM seal WHERE number = 4; DELETE FROM seal_entry WHERE seal = 4; \
         DELETE FROM timer WHERE case_id = {id}; DELETE FROM registration WHERE case_id = {id}; \
         DELETE FROM case_event WHERE case_id = {id}; DELETE FROM cases WHERE id = {id}"
    ));
    assert_eq!(history.verify(&[]).findings, vec![]);
    let report = history.verify(&published);
    let kinds: Vec<_> = report.findings.iter().map(|f| (f.kind, f.seal)).collect();
    assert_eq!(kinds, [(Found::TailCut, Some(4))]);
    assert_eq!(report.findings[0].day, "2026-11-25".parse().ok());
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_program_names_the_place_and_ends_with_1(#[case] kind: Kind) {
    let history = History::on(kind);
    history.tamper(&an_event_is_changed(&history).sql);
    let output = history.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let case = history.case(&history.approved);
    let place = format!(
        "changed: pool 371000, receipt {}, case {case}, event 2: written with hash sha256:",
        history.approved
    );
    assert!(printed(&output).starts_with(&place), "{output:?}");
    let elsewhere = history.run(&["verify", "--pool", "370600"]);
    assert!(elsewhere.status.success(), "{elsewhere:?}");
}
