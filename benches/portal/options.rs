//! What the benchmark is told on the command line. Nothing here starts anything.

use clap::{Parser, ValueEnum};

/// Load on the release binary over HTTP, on both databases, with the database's own speed beside it.
///
/// Run it on a quiet machine: generator, server and database share its cores.
#[derive(Clone, Debug, Parser)]
pub struct Options {
    /// Cases in the database, one measurement each, growing.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    pub sizes: Vec<u64>,
    /// One database only.
    #[arg(long)]
    pub only: Option<Kind>,
    /// Seconds of each measurement, after the warm-up.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Seconds of warm-up before each.
    #[arg(long, default_value_t = 2)]
    pub warm_up: u64,
    /// Some workloads only.
    #[arg(long, value_delimiter = ',')]
    pub workloads: Vec<Workload>,
    /// Connections of the closed loops; the open loop has the last number of them.
    #[arg(long, value_delimiter = ',', default_values_t = [16, 32])]
    pub connections: Vec<usize>,
    /// Rate of the open loop, in per cent of the fastest closed loop.
    #[arg(long, default_value_t = 60)]
    pub rate: u32,
    /// Residents who are signed in and file.
    #[arg(long, default_value_t = 20_000)]
    pub residents: u32,
    /// The size at which the database alone is measured; the nearest smaller one of `--sizes` if it is not there.
    #[arg(long, default_value_t = 100_000)]
    pub limit_at: u64,
    /// Leaves out the database alone.
    #[arg(long)]
    pub no_limit: bool,
    /// Lists the statements behind one request of each kind, with their times in PostgreSQL, and ends.
    #[arg(long)]
    pub statements: bool,
    /// Measures so many warnings and deadlines that fall into one moment, and filing meanwhile, and nothing else.
    #[arg(long)]
    pub deadlines: Option<u64>,
    /// Measures how a list of an employer with so many rows is filed, and pages meanwhile, and nothing else.
    #[arg(long)]
    pub batches: Option<u32>,
    /// To see that it works: 10,000 cases, 2 seconds, 1,000 residents.
    #[arg(long)]
    pub quick: bool,
    /// Cargo says it to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A database of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    /// Embedded.
    Sqlite,
    /// Server.
    Postgres,
}

impl Kind {
    /// As tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What is done over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Workload {
    /// `GET /healthz`: no database, for scale.
    Health,
    /// `GET /desk/queue`: 50 rows as HTML.
    Queue,
    /// `GET /api/v1/cases/{receipt_no}` by a handler.
    Case,
    /// `GET /desk/cases/{receipt_no}`: the same as the desk's page.
    CasePage,
    /// `GET /progress`, `POST /progress`: a look-up without login.
    Progress,
    /// `POST /api/v1/cases`: one filing by a resident.
    File,
    /// `POST /api/v1/queue/next`, then approve what it gave.
    Decide,
    /// 10 % file, 20 % decide, 30 % queue, 30 % case, 10 % progress.
    Mix,
}

impl Workload {
    /// All, reading ones first, so that they meet the database as it was seeded.
    pub const ALL: [Self; 8] = [
        Self::Health,
        Self::Queue,
        Self::Case,
        Self::CasePage,
        Self::Progress,
        Self::File,
        Self::Decide,
        Self::Mix,
    ];

    /// As tables name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Health => "empty handler",
            Self::Queue => "queue page (HTML)",
            Self::Case => "one case (API)",
            Self::CasePage => "one case (HTML)",
            Self::Progress => "progress (form and answer)",
            Self::File => "file",
            Self::Decide => "next + approve",
            Self::Mix => "mix",
        }
    }
}

impl Options {
    /// The command line, with what `--quick` stands for filled in.
    pub fn read() -> Self {
        let mut options = Self::parse();
        if options.quick {
            options.sizes = vec![10_000];
            (options.seconds, options.warm_up, options.residents) = (2, 1, 1_000);
        }
        if options.deadlines.is_some() || options.batches.is_some() {
            options.residents = options.residents.min(1_000);
        }
        options.sizes.sort_unstable();
        if options.workloads.is_empty() {
            options.workloads = Workload::ALL.to_vec();
        }
        options
    }

    /// The databases to measure.
    pub fn kinds(&self) -> Vec<Kind> {
        match (self.statements, self.only) {
            (true, _) => vec![Kind::Postgres],
            (false, Some(kind)) => vec![kind],
            (false, None) => vec![Kind::Sqlite, Kind::Postgres],
        }
    }

    /// At which of the sizes the database alone is measured.
    pub fn limit_size(&self) -> Option<u64> {
        let first = self.sizes.first().copied();
        let nearest = self
            .sizes
            .iter()
            .copied()
            .rev()
            .find(|size| *size <= self.limit_at);
        nearest.or(first).filter(|_| !self.no_limit)
    }
}
