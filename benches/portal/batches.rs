//! `--batches N`: an employer uploads a list of N staff over HTTP (XR-9). How long from its acceptance until every row has
//! its result, what the service needs for it, and how long handlers wait for their pages meanwhile: at a rate that a
//! busy office has, so that it is not the pages that keep the machine busy.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::load::{self, Outcome, Pace, Watched};
use crate::machine;
use crate::options::{Kind, Options, Workload};
use crate::people::{self, Login};
use crate::service::{Jobs, Service};
use crate::stage::Stage;
use crate::work;

/// Rows a second at least.
const AIM: f64 = 2_000.0;
/// Memory above idle at most, in MB.
const ROOM: f64 = 150.0;
/// Of the normal p99 of pages so many times at most.
const TIMES: f64 = 2.0;
/// Pages a second, over all connections.
const PAGES: f64 = 50.0;
/// Connections that ask for pages.
const CONNECTIONS: usize = 8;
/// One look at the pages while rows are filed.
const WINDOW: Duration = Duration::from_secs(3);
/// After this nobody waits any more.
const PATIENCE: Duration = Duration::from_secs(1_800);
/// Cases that are there before.
const CASES: u64 = 10_000;
/// What separates the parts of the upload.
const BOUNDARY: &str = "----a-list-of-the-benchmark";

/// What was measured on one database.
pub struct Filed {
    kind: Kind,
    rows: u32,
    filed: u64,
    seconds: f64,
    /// p99 of pages in ms.
    before: f64,
    /// `None` when every row was filed before one window was over.
    during: Option<f64>,
    failed: u64,
    /// The service's memory, before and at its highest, in MB.
    memory: (f64, f64),
}

/// Measures on one database.
pub fn measure(kind: Kind, rows: u32, options: &Options) -> Filed {
    let mut stage = Stage::set(kind, options);
    stage.fill(CASES);
    let staff = stage.employ(rows);
    eprintln!("{}: {CASES} cases, {rows} staff", kind.name());
    let service = stage.serve(Jobs::On);
    let agent = people::sign_in_agent(service.address);
    let world = stage.world(vec![], &service);
    let watched = Watched {
        server: service.id(),
        database: None,
    };
    let pages = |warm_up, measured| {
        let pace = Pace {
            warm_up,
            measured,
            rate: Some(PAGES),
        };
        let workers = work::workers(&world, Workload::Queue, CONNECTIONS);
        load::run(service.address, workers, pace, watched)
    };
    let before = pages(
        Duration::from_secs(options.warm_up),
        Duration::from_secs(options.seconds),
    );
    let idle = machine::memory(service.id()).0;
    machine::forget_peak(service.id());
    let id = upload(&service, &agent, &staff);
    let (filed, seconds, windows) =
        until_done(&service, &agent, &id, || pages(Duration::ZERO, WINDOW));
    let peak = windows
        .iter()
        .map(|window| window.peak)
        .fold(idle, f64::max);
    Filed {
        kind,
        rows,
        filed,
        seconds,
        before: before.p99,
        during: middle(&windows),
        failed: before.failed() + windows.iter().map(Outcome::failed).sum::<u64>(),
        memory: (idle, peak.max(machine::memory(service.id()).1)),
    }
}

/// Looks at the pages again and again until every row has its result: how many were filed, after how many seconds.
fn until_done(
    service: &Service,
    agent: &Login,
    id: &str,
    pages: impl Fn() -> Outcome,
) -> (u64, f64, Vec<Outcome>) {
    let begun = Instant::now();
    let end: Mutex<Option<(u64, f64)>> = Mutex::default();
    let is_over = || end.lock().expect("the end").is_some();
    let windows = std::thread::scope(|scope| {
        scope.spawn(|| {
            let filed = wait(service, agent, id, begun);
            *end.lock().expect("the end") = Some((filed, begun.elapsed().as_secs_f64()));
        });
        let mut windows = vec![];
        while !is_over() {
            let window = pages();
            // One that saw the end says little of the time before it.
            if !is_over() || windows.is_empty() {
                windows.push(window);
            }
        }
        windows
    });
    let (filed, seconds) = end.into_inner().expect("the end").expect("it ended");
    (filed, seconds, windows)
}

/// The p99 of the window in the middle: one that shares the machine with something else says nothing.
fn middle(windows: &[Outcome]) -> Option<f64> {
    let mut all: Vec<f64> = windows.iter().map(|window| window.p99).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

/// Uploads the list; returns its identifier when it was accepted.
fn upload(service: &Service, agent: &Login, staff: &[String]) -> String {
    let mut list = String::from("id_number,destination,start,end,phone\r\n");
    let start = people::next_month();
    for number in staff {
        list.push_str(&format!("{number},110100,{start},,13800000000\r\n"));
    }
    let part = |name: &str, more: &str, value: &str| {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"{more}");
        format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n")
    };
    let body = [
        part("item", "", "cross-region-registration"),
        part(
            "file",
            "; filename=\"list.csv\"\r\nContent-Type: text/csv",
            &list,
        ),
        format!("--{BOUNDARY}--\r\n"),
    ]
    .concat();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = format!("{}Idempotency-Key: the-list\r\n", agent.bearer);
    let mut client = Client::new(service.address);
    let answer = client
        .post("/api/v1/batches", &headers, &kind, &body)
        .expect("an answer");
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer
        .quoted(r#""id":""#)
        .expect("an identifier")
        .to_owned()
}

/// Waits until every row has its result; returns how many were filed.
fn wait(service: &Service, agent: &Login, id: &str, begun: Instant) -> u64 {
    let mut client = Client::new(service.address);
    let path = format!("/api/v1/batches/{id}");
    loop {
        let answer = client.get(&path, &agent.bearer).expect("an answer");
        let filed = answer.number(r#""filed":"#).unwrap_or_default();
        if answer.quoted(r#""state":""#) == Some("done") || begun.elapsed() > PATIENCE {
            return filed;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Filed {
    fn per_second(&self) -> f64 {
        f64::from(self.rows) / self.seconds
    }

    /// Whether every aim was met.
    pub fn is_good(&self) -> bool {
        let is_quick = self
            .during
            .is_none_or(|during| during <= self.before * TIMES);
        let (idle, peak) = self.memory;
        self.per_second() >= AIM
            && peak - idle <= ROOM
            && is_quick
            && self.filed == u64::from(self.rows)
            && self.failed == 0
    }

    /// A line of the table.
    pub fn line(&self) -> String {
        let during = match self.during {
            Some(during) => format!("{during:.1} ms ({:.1} times)", during / self.before),
            None => "over too soon to tell".to_owned(),
        };
        format!(
            "| {} | {} of {} | {:.1} s | {:.0}/s | {:.0} to {:.0} MB | {:.1} ms | {during} | {} | {} |",
            self.kind.name(),
            self.filed,
            self.rows,
            self.seconds,
            self.per_second(),
            self.memory.0,
            self.memory.1,
            self.before,
            self.failed,
            if self.is_good() { "met" } else { "MISSED" },
        )
    }
}

/// The table's head.
pub const HEAD: &str = "| database | rows filed | all after | rate | memory | queue page p99 before | meanwhile | failed | aims (2,000/s, 150 MB, twice) |\n|---|---|---|---|---|---|---|---|---|";
