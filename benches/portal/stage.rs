//! One database with what belongs to it: a folder of its own, rows, a service. The measurements of a size run here,
//! one after the other. Nothing of it is left when it is dropped.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize};
use std::time::{Duration, Instant};

use bujianmian::clock::Clock;
use bujianmian::config::Config;
use bujianmian::usecases::{App, opening};

use crate::load::{self, Outcome, Pace, Watched};
use crate::options::{Kind, Options, Workload};
use crate::people::{self, Login};
use crate::postgres::Cluster;
use crate::seed::{self, Known};
use crate::service::{Jobs, Service};
use crate::terms::{self, Terms};
use crate::work::{self, World};

/// Name of the database on PostgreSQL.
pub const DATABASE: &str = "portal";
/// Decisions a second that are prepared for.
const FASTEST: u64 = 3_000;

/// A database under measurement.
pub struct Stage {
    /// Which.
    pub kind: Kind,
    /// PostgreSQL, where it is that.
    pub cluster: Option<Cluster>,
    folder: tempfile::TempDir,
    url: Option<String>,
    places: Vec<String>,
    settled: u32,
    known: Vec<Known>,
    /// Filings of each resident so far, over all sizes.
    filings: Arc<Vec<AtomicU32>>,
}

/// Measurements of one workload.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Of what.
    pub workload: Workload,
    /// Closed loops, then the open one.
    pub outcomes: Vec<Outcome>,
}

/// Measurements at one size.
#[derive(Clone, Debug, Default)]
pub struct Size {
    /// Cases when it began.
    pub cases: u64,
    /// Cases seeded a second to get there.
    pub seeding: f64,
    /// Resident memory of the service before any request, in MB.
    pub idle: f64,
    /// From its start to "ready", in seconds.
    pub ready: f64,
    /// Residents who signed in a second, over HTTP.
    pub sign_ins: f64,
    /// What was measured.
    pub measured: Vec<Measured>,
}

impl Stage {
    /// An empty database with agencies, handlers and the residents who take part.
    pub fn set(kind: Kind, options: &Options) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("bujianmian-bench-")
            .tempdir()
            .expect("a folder");
        // PostgreSQL's user must be able to search it.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).expect("a folder that can be searched");
        let cluster = match kind {
            Kind::Postgres => Some(Cluster::start(folder.path())),
            Kind::Sqlite => None,
        };
        let url = cluster.as_ref().map(|cluster| cluster.create(DATABASE));
        let mut stage = Self {
            kind,
            cluster,
            folder,
            url,
            places: vec![],
            settled: options.residents,
            known: vec![],
            filings: Arc::new((0..options.residents).map(|_| AtomicU32::new(0)).collect()),
        };
        std::fs::create_dir(stage.data()).expect("a data folder");
        let app = stage.open();
        people::found(&app.db);
        people::settle(&app.db, 0, options.residents);
        stage.places = work::destinations(&app.office.regions);
        stage
    }

    /// The service's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for what the measurement itself needs.
    pub fn scratch(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Starts the service on it.
    pub fn serve(&self, jobs: Jobs) -> Service {
        Service::start(&self.data(), self.url.as_deref(), jobs)
    }

    /// Brings the database to `cases` cases; returns how many a second were seeded.
    pub fn fill(&mut self, cases: u64) -> f64 {
        let there = self.count_cases();
        self.add(cases.saturating_sub(there))
    }

    /// Brings so many cases whose rungs wait for [`Self::let_rungs_come`]; returns how many a second were seeded.
    pub fn fill_with_rungs(&mut self, cases: u64) -> f64 {
        self.add_with(cases, Terms::Rungs)
    }

    /// Enters an employer with so many staff; returns their ID numbers.
    pub fn employ(&mut self, count: u32) -> Vec<String> {
        let (first, end) = (self.settled, self.settled + count);
        people::employ(&self.open().db, first, end);
        self.settled = end;
        if let Some(cluster) = &self.cluster {
            cluster.batch(DATABASE, "VACUUM (ANALYZE)");
        }
        (first..end)
            .map(|number| people::id_number(number).as_str().to_owned())
            .collect()
    }

    fn add(&mut self, count: u64) -> f64 {
        self.add_with(count, Terms::Ordinary)
    }

    fn add_with(&mut self, count: u64, terms: Terms) -> f64 {
        let app = self.open();
        let connections = match self.kind {
            Kind::Sqlite => 2,
            Kind::Postgres => 4,
        };
        let seeded = seed::seed(
            &app,
            &self.places,
            (count, terms),
            self.settled,
            connections,
        );
        self.settled += u32::try_from(count).expect("a number") / 20 + 1;
        self.known.extend(seeded.known);
        drop(app);
        if let Some(cluster) = &self.cluster {
            cluster.batch(DATABASE, "VACUUM (ANALYZE)");
            cluster.batch(DATABASE, "CHECKPOINT");
        }
        seeded.rate
    }

    fn count_cases(&self) -> u64 {
        self.count("SELECT count(*) FROM cases")
    }

    /// Lets the time of all seeded rungs come at once.
    pub fn let_rungs_come(&self) {
        let now = self.now();
        let late = format!(
            "UPDATE timer SET fire_at = {now} WHERE fire_at > {now} AND term = {}",
            terms::RUN
        );
        match &self.cluster {
            Some(cluster) => cluster.batch(DATABASE, &late),
            None => crate::sqlite::batch(&self.database_file(), &late),
        }
    }

    /// How many timers are due and have not fired.
    pub fn count_due(&self) -> u64 {
        let now = self.now();
        self.count(&format!(
            "SELECT count(*) FROM timer WHERE fired_at IS NULL AND fire_at <= {now}"
        ))
    }

    /// How many events of an action timers have written.
    pub fn count_of_timers(&self, action: &str) -> u64 {
        self.count(&format!(
            "SELECT count(*) FROM case_event WHERE action = '{action}' AND actor IS NULL"
        ))
    }

    fn now(&self) -> &'static str {
        match self.kind {
            Kind::Sqlite => "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
            Kind::Postgres => "now()",
        }
    }

    fn count(&self, sql: &str) -> u64 {
        match &self.cluster {
            Some(cluster) => u64::try_from(cluster.number(DATABASE, sql)).unwrap_or_default(),
            None => crate::sqlite::number(&self.database_file(), sql),
        }
    }

    /// The embedded database's file.
    pub fn database_file(&self) -> PathBuf {
        self.data().join("bujianmian.db")
    }

    /// Runs every workload.
    pub fn measure(&mut self, cases: u64, options: &Options) -> Size {
        let seeding = self.fill(cases);
        eprintln!("{}: {cases} cases, seeded {seeding:.0}/s", self.kind.name());
        let service = self.serve(Jobs::On);
        let (idle, ready) = (service.idle, service.ready_after.as_secs_f64());
        let begun = Instant::now();
        let residents = people::sign_in_residents(service.address, options.residents);
        let sign_ins = f64::from(options.residents) / begun.elapsed().as_secs_f64();
        let world = self.world(residents, &service);
        let mut size = Size {
            cases,
            seeding,
            idle,
            ready,
            sign_ins,
            measured: vec![],
        };
        for workload in &options.workloads {
            let measured = self.workload(*workload, &world, &service, options);
            size.measured.push(measured);
        }
        size
    }

    /// Everybody who takes part; the handlers sign in now.
    pub fn world(&self, residents: Vec<Login>, service: &Service) -> World {
        World {
            filings: Arc::clone(&self.filings),
            residents,
            handlers: people::sign_in_handlers(service.address),
            known: self.known.clone(),
            places: self.places.clone(),
            turn: AtomicUsize::new(0),
        }
    }

    fn workload(
        &mut self,
        workload: Workload,
        world: &World,
        service: &Service,
        options: &Options,
    ) -> Measured {
        let watched = Watched {
            server: service.id(),
            database: self.cluster.as_ref().map(|cluster| cluster.id),
        };
        let mut pace = Pace {
            warm_up: Duration::from_secs(options.warm_up),
            measured: Duration::from_secs(options.seconds),
            rate: None,
        };
        let mut outcomes: Vec<Outcome> = vec![];
        for connections in &options.connections {
            self.keep_waiting(workload, pace);
            outcomes.push(load::run(
                service.address,
                work::workers(world, workload, *connections),
                pace,
                watched,
            ));
            say(workload, outcomes.last());
        }
        let fastest = outcomes
            .iter()
            .map(|outcome| outcome.per_second)
            .fold(0.0, f64::max);
        pace.rate = Some((fastest * f64::from(options.rate) / 100.0).max(1.0));
        self.keep_waiting(workload, pace);
        let connections = options.connections.last().copied().unwrap_or(1);
        outcomes.push(load::run(
            service.address,
            work::workers(world, workload, connections),
            pace,
            watched,
        ));
        say(workload, outcomes.last());
        Measured { workload, outcomes }
    }

    /// Lets as many cases wait as can be decided in the time.
    fn keep_waiting(&mut self, workload: Workload, pace: Pace) {
        if !matches!(workload, Workload::Decide | Workload::Mix) {
            return;
        }
        let waiting = "SELECT count(*) FROM cases WHERE pool = '371000' AND agency = '371000' \
                       AND state = 'submitted' AND NOT escalated";
        let there = self.count(waiting);
        let needed = FASTEST * (pace.warm_up + pace.measured).as_secs();
        if there < needed {
            self.add((needed - there) * 100 / 80);
        }
    }

    /// The service's parts in this process, for seeding.
    fn open(&self) -> App {
        let mut config = Config::from_env().expect("settings");
        config.data = self.data();
        config.database.url.clone_from(&self.url);
        config.database.connections = 6;
        let (db, _) = opening::database(&config).expect("the database opens");
        let opened =
            actix_web::rt::System::new().block_on(opening::app(&config, db, Clock::Real, None));
        opened.expect("the service opens")
    }
}

fn say(workload: Workload, outcome: Option<&Outcome>) {
    let Some(o) = outcome else { return };
    let asked = o
        .asked
        .map_or(String::new(), |rate| format!(" at {rate:.0}/s"));
    eprintln!(
        "  {:28} {:3} connections{asked}: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, errors {}",
        workload.name(),
        o.connections,
        o.per_second,
        o.p50,
        o.p99,
        o.failed(),
    );
}
