//! `/metrics` has every family after a little use, names nobody, and is not shown to the world.

use std::collections::BTreeSet;

use bujianmian::jobs::outbox::Post;
use bujianmian::jobs::worker;
use bujianmian::store::figures;
use bujianmian::web::urls;
use rstest::rstest;
use serde_json::json;
use tokio::sync::watch;

use crate::harness::program::Program;
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::TestUser;
use crate::harness::world::World;

/// Families that only SQLite has, and those that need something to happen or go wrong.
const OF_SQLITE: [&str; 3] = [
    "bujianmian_writer_batch_jobs",
    "bujianmian_writer_batch_seconds",
    "bujianmian_writer_queue",
];
const OF_EVENTS: [&str; 9] = [
    "bujianmian_events_sealed_total",
    "bujianmian_messages_total",
    "bujianmian_timers_fired_total",
    "bujianmian_db_refused_total",
    "bujianmian_db_retries_total",
    "bujianmian_http_limited_total",
    "bujianmian_http_slow_bodies_total",
    "bujianmian_jobs_failed_total",
    "bujianmian_password_refused_total",
];

fn families(text: &str) -> BTreeSet<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn every_family_is_there_after_a_little_use(#[case] kind: Kind) {
    let world = World::start(kind);
    let resident = world.user("resident1");
    resident.get("/api/v1/me?name=canary-query").expect(200);
    resident.get("/canary-path").expect(404);
    run_jobs_once(&world.harness);
    let text = TestUser::stranger(&world.harness)
        .get("/metrics")
        .expect(200)
        .text;
    let found = families(&text);
    let missing: Vec<&str> = bujianmian::telemetry::names()
        .filter(|name| !found.contains(name))
        .filter(|name| !OF_EVENTS.contains(name))
        .filter(|name| kind == Kind::Sqlite || !OF_SQLITE.contains(name))
        .collect();
    assert_eq!(missing, Vec::<&str>::new(), "{text}");
    let undescribed: Vec<&&str> = found
        .iter()
        .filter(|name| !text.contains(&format!("# HELP {name} ")))
        .collect();
    assert!(undescribed.is_empty(), "{undescribed:?}");
    for histogram in text
        .lines()
        .filter(|line| line.contains("_seconds{") || line.contains("_jobs{"))
    {
        assert!(!histogram.contains("quantile"), "{histogram}");
    }
    assert!(text.contains(
        "bujianmian_http_request_seconds_bucket{method=\"GET\",route=\"/api/v1/me\",le=\"0.005\"}"
    ));
    for secret in ["canary", "resident1", "示例", "371000"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    for gauge in [
        "process_resident_memory_bytes",
        "process_threads",
        "process_open_fds",
    ] {
        assert!(world.harness.metric(gauge) > 1.0, "{gauge}");
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn queues_are_counted_by_what_their_cases_wait_for(#[case] kind: Kind) {
    let world = World::start(kind);
    for resident in ["resident1", "resident2", "resident3"] {
        file(&world, resident);
    }
    let counted = |most| world.harness.read(|conn| figures::queues(conn, most));
    let (none, three) = (0, 3);
    assert_eq!(
        counted(100),
        [
            ("claim", three),
            ("review", none),
            ("second_review", none),
            ("supervisor", none)
        ]
    );
    let handler = world.user("handler1");
    handler
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200);
    assert_eq!(
        counted(100),
        [
            ("claim", 2),
            ("review", 1),
            ("second_review", none),
            ("supervisor", none)
        ]
    );
    assert_eq!(
        counted(1)[0],
        ("claim", 1),
        "no more is counted than asked for"
    );
}

fn file(world: &World, resident: &str) {
    let user = world.user(resident);
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24",
        "end": "2026-12-24", "phone": "13800000000", "pledge": true,
    }});
    let request = user.request(reqwest::Method::POST, "/api/v1/cases");
    let request = request
        .header("Idempotency-Key", resident)
        .header("Content-Type", "application/json")
        .body(body.to_string());
    user.send(request).expect(201);
}

fn run_jobs_once(harness: &Harness) {
    let app = harness.app.clone();
    actix_web::rt::System::new().block_on(async move {
        let post = Post {
            mail: None,
            sms: None,
            origin: "http://localhost".to_owned(),
            link: urls::of_notice,
        };
        let (stop, told) = watch::channel(false);
        let jobs = worker::spawn(app, post, told);
        while figures_are_missing() {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
        jobs.await.unwrap();
    });
}

/// The jobs of this process have set their figures.
fn figures_are_missing() -> bool {
    let text = bujianmian::telemetry::Telemetry::install()
        .unwrap()
        .render();
    !text.contains("bujianmian_queue_cases{") || !text.contains("bujianmian_timers_behind_seconds ")
}

#[test]
fn an_unknown_method_is_no_label_of_its_own() {
    let harness = Harness::sqlite();
    let user = TestUser::stranger(&harness);
    for name in ["CANARYONE", "CANARYTWO"] {
        let method = reqwest::Method::from_bytes(name.as_bytes()).unwrap();
        user.send(user.request(method, "/"));
    }
    let text = user.get("/metrics").text;
    assert!(
        text.contains("method=\"other\"") && !text.contains("CANARY"),
        "{text}"
    );
}

#[test]
fn measures_stay_off_the_pages_of_a_public_service() {
    let harness = Harness::with(
        Kind::Sqlite,
        Settings {
            http: Some(Box::new(|http| {
                http.origin = "https://yibao.example".to_owned()
            })),
            ..Settings::default()
        },
    );
    let user = TestUser::stranger(&harness);
    user.get("/metrics").expect(404);
    user.get("/healthz").expect(200);
}

#[test]
fn machines_that_watch_have_an_address_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let address = free_address();
    let variables = [("BUJIANMIAN_METRICS_BIND", address.as_str())];
    let program = Program::start(folder.path(), &variables, &["serve"]);
    let get = |base: &str, path: &str| reqwest::blocking::get(format!("{base}{path}")).unwrap();
    let watched = format!("http://{address}");
    assert_eq!(get(&program.base, "/metrics").status(), 404);
    let text = get(&watched, "/metrics").text().unwrap();
    assert!(text.contains("process_start_time_seconds"), "{text}");
    assert_eq!(get(&watched, "/readyz").status(), 200);
    assert_eq!(get(&watched, "/").status(), 404);
    program.signal("TERM");
    assert_eq!(program.wait().code, Some(0));
}

/// An address that was free a moment ago.
fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}
