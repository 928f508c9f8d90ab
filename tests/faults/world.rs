//! The stage of a scenario: a database, a data folder, the demo's people, one instance that serves them as an agency's
//! would, a mail server. At the end it is judged, and gives a line of the report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Days;

use crate::checks::{self, Finding, Kind as Broken};
use crate::history::{History, Tally};
use crate::ledger::{Archive, Baseline};
use crate::load::Cast;
use crate::postgres::Database;
use crate::report::{self, Row};
use crate::service::{Mode, Service, Settings, program};
use crate::sink::{Manner, Sink};

/// The databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Embedded.
    Sqlite,
    /// Server.
    Postgres,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What a scenario plays on.
pub struct World {
    /// The first instance.
    pub service: Service,
    /// What the clients did.
    pub history: Arc<History>,
    /// What was there before.
    pub baseline: Baseline,
    /// A mail server that takes everything.
    pub post: Sink,
    /// One that takes the data and hangs up, so that everything is sent again.
    pub bad_post: Sink,
    /// The database, unless it is embedded.
    pub database: Option<Database>,
    kind: Kind,
    home: tempfile::TempDir,
    data: PathBuf,
}

impl World {
    /// On a database of its own, served by the program under test.
    pub fn start(kind: Kind) -> Self {
        let database = (kind == Kind::Postgres).then(Database::shared);
        Self::with(kind, database, program(), None)
    }

    /// With a certain database and program, and a folder for the data where it is not a temporary one.
    pub fn with(
        kind: Kind,
        database: Option<Database>,
        binary: PathBuf,
        data: Option<&Path>,
    ) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let data = data.map_or_else(|| home.path().join("data"), Path::to_owned);
        std::fs::create_dir_all(&data).expect("a folder");
        let settings = Settings {
            binary,
            data: data.clone(),
            database: database.as_ref().map(|database| database.url.clone()),
            mode: Mode::Demo { at: None },
            file_limit: None,
        };
        // The demo makes the world; then it is served as an agency's would be.
        let mut service = Service::start(settings, &home.path().join("first.log"));
        service.stop();
        let url = database.as_ref().map(|database| database.url.as_str());
        let baseline = Archive::open(&data, url).baseline();
        let post = Sink::start(Manner::Fine);
        service.settings.mode = Mode::Serve {
            smtp: post.mail().port,
        };
        service.begin();
        service.wait_until_ready();
        Self {
            service,
            history: Arc::default(),
            baseline,
            post,
            bad_post: Sink::start(Manner::DropsAfterData),
            database,
            kind,
            home,
            data,
        }
    }

    /// The people, signed in at the first instance.
    pub fn cast(&self) -> Cast {
        let doors = Arc::new(vec![self.service.address()]);
        let from = self.archive().now().day() + Days::new(2);
        Cast::sign_in(&doors, &self.history, from)
    }

    /// A second instance on the same database.
    pub fn second(&self) -> Service {
        Service::start(
            self.service.settings.clone(),
            &self.home.path().join("second.log"),
        )
    }

    /// The database past the service.
    pub fn archive(&self) -> Archive {
        let url = self.database.as_ref().map(|database| database.url.as_str());
        Archive::open(&self.data, url)
    }

    /// A file of the data folder.
    pub fn data(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// The folder of uploads.
    pub fn files(&self) -> PathBuf {
        self.data.join("files")
    }

    /// Lets mail and timers come to their end, checks everything, writes the line of the report.
    ///
    /// # Panics
    /// When a promise was broken.
    pub fn judge(self, scenario: &str, rounds: u32) -> Tally {
        let (tally, findings) = self.findings(scenario, rounds);
        let shown: Vec<&str> = findings.iter().map(|f| f.what.as_str()).take(20).collect();
        assert!(
            findings.is_empty(),
            "{} findings, the first of them: {shown:#?}",
            findings.len()
        );
        tally
    }

    /// The same for who expects findings.
    pub fn findings(mut self, scenario: &str, rounds: u32) -> (Tally, Vec<Finding>) {
        let archive = self.archive();
        archive.let_mail_go();
        archive.let_timers_fire();
        self.service.stop();
        let posted = match self.service.settings.mode {
            Mode::Serve { .. } => Some([self.post.taken(), self.bad_post.taken()].concat()),
            Mode::Demo { .. } => None,
        };
        let attempts = self.history.attempts();
        let ledger = archive.ledger();
        let mut findings = checks::all(&ledger, &attempts, &self.baseline, posted.as_deref());
        if let Some(words) = archive.integrity()
            && words != "ok"
        {
            findings.push(Finding {
                kind: Broken::Inconsistent,
                what: words,
            });
        }
        let count = |kind| {
            findings
                .iter()
                .filter(|finding| finding.kind == kind)
                .count()
        };
        let tally = Tally::of(&attempts);
        report::write(&Row {
            scenario,
            database: self.kind.name(),
            rounds,
            tally,
            lost: count(Broken::Lost),
            double: count(Broken::Double),
            other: findings.len() - count(Broken::Lost) - count(Broken::Double),
        });
        (tally, findings)
    }
}
