//! The stage of a scenario: a database, a data folder, the demo's people, one instance that serves them as an agency's
//! would, a mail server. At the end it is judged, and gives a line of the report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Days;

use crate::checks::{self, Finding, Kind as Broken};
use crate::history::{Attempt, History, Tally};
use crate::ledger::{Archive, Baseline, Ledger};
use crate::load::Cast;
use crate::postgres::Database;
use crate::report::{self, Row};
use crate::service::{Mode, Service, Settings, program};
use crate::sink::{Manner, Sink};
use crate::template;

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

/// What judges a scenario.
pub type Checks = fn(&Ledger, &[Attempt], &Baseline, Option<&[String]>) -> Vec<Finding>;

fn home() -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    (home, data)
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
        Self::served_by(kind, program())
    }

    /// The same, served by another program.
    pub fn served_by(kind: Kind, binary: PathBuf) -> Self {
        let (home, data) = home();
        let database = match kind {
            Kind::Sqlite => {
                template::embedded(&data);
                None
            }
            Kind::Postgres => Some(template::shared(&data)),
        };
        Self::serve(home, data, database, binary)
    }

    /// With the embedded database, keys and uploads in a certain folder.
    pub fn in_folder(data: &Path) -> Self {
        template::embedded(data);
        Self::serve(home().0, data.to_owned(), None, program())
    }

    /// On a certain empty database.
    pub fn on(database: Database) -> Self {
        let (home, data) = home();
        template::fill(&data, Some(&database), program());
        Self::serve(home, data, Some(database), program())
    }

    /// The demo made the world; now it is served as an agency's would be.
    fn serve(
        home: tempfile::TempDir,
        data: PathBuf,
        database: Option<Database>,
        binary: PathBuf,
    ) -> Self {
        let url = database.as_ref().map(|database| database.url.clone());
        let baseline = Archive::open(&data, url.as_deref()).baseline();
        let post = Sink::start(Manner::Fine);
        let settings = Settings {
            binary,
            data: data.clone(),
            database: url,
            mode: Mode::Serve {
                smtp: post.mail().port,
            },
            file_limit: None,
        };
        Self {
            service: Service::start(settings, &home.path().join("first.log")),
            history: Arc::default(),
            baseline,
            post,
            bad_post: Sink::start(Manner::DropsAfterData),
            kind: match database {
                Some(_) => Kind::Postgres,
                None => Kind::Sqlite,
            },
            database,
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

    /// Moves PostgreSQL's tables to a folder; the service must be stopped.
    pub fn move_database(&mut self, folder: &Path) {
        self.database.as_mut().expect("PostgreSQL").move_to(folder);
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
    pub fn findings(self, scenario: &str, rounds: u32) -> (Tally, Vec<Finding>) {
        self.found_by(scenario, rounds, checks::all)
    }

    /// The same by other checks.
    pub fn found_by(
        mut self,
        scenario: &str,
        rounds: u32,
        checks: Checks,
    ) -> (Tally, Vec<Finding>) {
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
        let mut findings = checks(&ledger, &attempts, &self.baseline, posted.as_deref());
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
        if !findings.is_empty() {
            println!("what the service said:\n{}", self.service.complaints());
        }
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
