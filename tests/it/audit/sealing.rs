//! Seals and lines: everything once, in order, whatever the clock and other instances do.

use std::time::Duration;

use bujianmian::domain::locale::Locale;
use bujianmian::jobs::seals;
use bujianmian::store::seals as stored;
use bujianmian::usecases::auditing::{Counts, Scope};
use rstest::rstest;

use super::{History, printed, seal, sealed};
use crate::harness::service::Kind;
use crate::harness::user::TestUser;
use crate::jobs::world::World;

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_untouched_journal_is_in_order_cas_2(#[case] kind: Kind) {
    let history = History::on(kind);
    let published = history.published();
    assert_eq!(published.len(), 2);
    let report = history.verify(&published);
    assert_eq!(report.findings, vec![]);
    let counts = Counts {
        pools: 1,
        cases: 4,
        events: 8,
        waiting: 1,
        seals: 4,
        anchors: 4,
    };
    assert_eq!(report.counts, counts);
    // The restriction to a day takes whole cases.
    let scope = Scope {
        from: "2026-11-25".parse().ok(),
        to: "2026-11-25".parse().ok(),
        pool: "371000".parse().ok(),
    };
    let report = history.verify_within(scope, &[]);
    assert_eq!(report.findings, vec![]);
    assert_eq!((report.counts.cases, report.counts.events), (1, 1));
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_program_says_so_and_prints_the_lines_to_publish(#[case] kind: Kind) {
    let history = History::on(kind);
    let output = history.run(&["verify"]);
    assert!(output.status.success(), "{output:?}");
    let text = printed(&output);
    assert!(
        text.starts_with(
            "in order: 4 cases, 8 events (1 not sealed yet), 4 seals, 2 anchors in 1 pools,"
        ),
        "{text}"
    );
    let output = history.run(&["anchor", "--day", "2026-11-24"]);
    let line = printed(&output);
    assert!(
        line.starts_with("2026-11-24 371000 6 events seal 3 sha256:"),
        "{line}"
    );
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("# kept\n\n{line}")).unwrap();
    let name = file.path().to_str().unwrap();
    let output = history.run(&["verify", "--anchors", name]);
    assert!(output.status.success(), "{output:?}");
    assert!(printed(&output).contains(" 3 anchors "), "{output:?}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn many_sealers_put_each_event_under_one_seal(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    for destination in ["110100", "120100", "310100", "500100"] {
        world.files(destination, destination);
    }
    let events = world.run(async {
        let sealers = (0..4).map(|_| {
            let app = world.harness.app.clone();
            tokio::spawn(async move { seals::run(&app).await.unwrap().events })
        });
        let mut events = 0;
        for sealer in sealers.collect::<Vec<_>>() {
            events += sealer.await.unwrap();
        }
        events
    });
    assert_eq!(events + seal(&world).events, 4);
    assert_eq!(seal(&world), sealed(0, 0, 0));
}

/// Filing goes on while the journal is sealed and checked, and no check ever finds anything.
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_live_journal_is_in_order_at_any_moment(#[case] kind: Kind) {
    let history = History::on(kind);
    let app = history.world.harness.app.clone();
    let (stop, told) = std::sync::mpsc::channel();
    let sealer = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let mut sealed = 0;
        while told.recv_timeout(Duration::from_millis(1)).is_err() {
            sealed += runtime.block_on(seals::run(&app)).unwrap().events;
        }
        sealed
    });
    let places = ["130100", "140100", "210100", "220100", "230100", "320100"];
    for place in places {
        history.world.files(place, place);
        assert_eq!(history.verify(&[]).findings, vec![]);
    }
    stop.send(()).unwrap();
    let sealed = sealer.join().unwrap() + seal(&history.world).events;
    assert_eq!(sealed, places.len() + 1);
    assert_eq!(history.verify(&history.published()).counts.waiting, 0);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_clock_that_goes_back_never_changes_a_day_that_is_published(#[case] kind: Kind) {
    let history = History::on(kind);
    let published = history.published();
    history.world.set("2026-11-24T12:00:00+08:00");
    assert_eq!(seal(&history.world), sealed(1, 1, 0));
    let report = history.verify(&published);
    assert_eq!(report.findings, vec![]);
    let pool = "371000".parse().unwrap();
    let last = history
        .world
        .harness
        .read(|c| stored::last(c, pool))
        .unwrap();
    assert_eq!(last.sealed_at.rfc3339(), "2026-11-26T00:00:00+08:00");
    // Years later each quiet day has its line too, the same seal again.
    history.world.set("2028-11-26T09:00:00+08:00");
    let written: Vec<usize> = (0..3).map(|_| seal(&history.world).anchors).collect();
    assert_eq!(written, [400, 331, 0]);
    assert_eq!(history.verify(&published).findings, vec![]);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn everybody_can_read_the_lines(#[case] kind: Kind) {
    let history = History::on(kind);
    let stranger = TestUser::stranger(&history.world.harness);
    let page = stranger.get("/anchors").expect(200).text;
    for line in history.published() {
        assert!(page.contains(&line.to_string()), "{line} in {page}");
    }
    let privacy = stranger.get("/privacy").expect(200).text;
    assert!(privacy.contains("href=\"/anchors\""), "{privacy}");
}
