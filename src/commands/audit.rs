//! `bujianmian audit …`: checking, exporting and publishing what attests the journal.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bujianmian::clock::Stopwatch;
use bujianmian::config::Config;
use bujianmian::data::AUDIT_FORMAT;
use bujianmian::domain::anchor::Anchor;
use bujianmian::domain::place::Pool;
use bujianmian::domain::time::Day;
use bujianmian::store::audit::Reader;
use bujianmian::usecases::auditing::export::export;
use bujianmian::usecases::auditing::{Report, Scope, lines, verify};
use bujianmian::usecases::opening;
use clap::{Args, Subcommand};

use crate::Outcome;

/// Findings that are printed at most.
const SHOWN: usize = 20;
/// The file that an export writes, and the one that describes it.
const EXPORT: (&str, &str) = ("audit.jsonl", "FORMAT.txt");

/// What is done with the journal's evidence.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Checks events, cases, seals and anchors; prints the first place that is wrong and ends with status 1.
    Verify {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        range: Range,
        /// A file of published lines, one a line; blank lines and those that begin with # are skipped.
        #[arg(long, value_name = "FILE")]
        anchors: Option<PathBuf>,
    },
    /// Writes audit.jsonl and FORMAT.txt into a folder: all that is needed to check the journal without this program.
    Export {
        /// The folder; made when it is not there.
        folder: PathBuf,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        range: Range,
    },
    /// Prints the lines to publish: of one day, or the last one of each pool.
    Anchor {
        /// The day, Beijing time.
        #[arg(long, value_name = "YYYY-MM-DD")]
        day: Option<Day>,
        #[command(flatten)]
        place: Place,
    },
}

/// Which database; the one of the environment when neither is given. It is opened read-only and may be in use.
#[derive(Args)]
pub struct Place {
    /// Data folder with an embedded database.
    #[arg(long, value_name = "DIR", conflicts_with = "database_url")]
    data: Option<PathBuf>,
    /// Address of a PostgreSQL database.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Which cases.
#[derive(Args)]
pub struct Range {
    /// Cases with an event on this Beijing day or later; the seals' chain is checked from its first on.
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Day>,
    /// Cases with an event on this Beijing day or earlier.
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Day>,
    /// One pool only.
    #[arg(long, value_name = "CODE")]
    pool: Option<Pool>,
}

/// Does what was asked.
pub fn audit(command: AuditCommand) -> Outcome {
    match command {
        AuditCommand::Verify {
            place,
            range,
            anchors,
        } => {
            let published = anchors.map(|file| published(&file)).transpose()?;
            let watch = Stopwatch::start();
            let (mut reader, scope) = (open(place)?, range.scope());
            let report = verify(&mut reader, &scope, &published.unwrap_or_default(), SHOWN)?;
            Ok(told(&report, watch.elapsed().as_secs_f64()))
        }
        AuditCommand::Export {
            folder,
            place,
            range,
        } => {
            let mut reader = open(place)?;
            let text = write(&mut reader, &range.scope(), &folder)?;
            Ok((text, ExitCode::SUCCESS))
        }
        AuditCommand::Anchor { day, place } => {
            let lines = lines(&mut open(place)?, day)?;
            let lines: Vec<String> = lines.iter().map(Anchor::to_string).collect();
            Ok((lines.join("\n"), ExitCode::SUCCESS))
        }
    }
}

fn open(place: Place) -> Result<Reader, Box<dyn Error>> {
    let mut config = Config::from_env()?;
    if let Some(folder) = place.data {
        config.data = folder;
        config.database.url = None;
    }
    config.database.url = place.database_url.or(config.database.url);
    Ok(Reader::open(&opening::location(&config))?)
}

impl Range {
    fn scope(self) -> Scope {
        Scope {
            pool: self.pool,
            from: self.from,
            to: self.to,
        }
    }
}

fn published(file: &Path) -> Result<Vec<Anchor>, Box<dyn Error>> {
    let text = fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| {
            let place = format!("{}:{at}", file.display());
            line.parse().map_err(|e| format!("{place}: {e}").into())
        })
        .collect()
}

fn told(report: &Report, seconds: f64) -> (String, ExitCode) {
    let counts = &report.counts;
    let walked = format!(
        "{} cases, {} events ({} not sealed yet), {} seals, {} anchors in {} pools, {seconds:.1} s",
        counts.cases, counts.events, counts.waiting, counts.seals, counts.anchors, counts.pools,
    );
    if report.findings.is_empty() {
        return (format!("in order: {walked}"), ExitCode::SUCCESS);
    }
    let mut lines: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    let more = match report.cut_short {
        true => " or more",
        false => "",
    };
    lines.push(format!(
        "NOT in order: {}{more} findings; {walked}",
        report.findings.len()
    ));
    (lines.join("\n"), ExitCode::FAILURE)
}

fn write(reader: &mut Reader, scope: &Scope, folder: &Path) -> Result<String, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let file = folder.join(EXPORT.0);
    // Never over an earlier export.
    let out = File::create_new(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let written = export(reader, scope, &mut BufWriter::new(out))?;
    fs::write(folder.join(EXPORT.1), AUDIT_FORMAT)?;
    Ok(format!(
        "{}: {} events, {} seals, {} anchors; {} tells how to check them",
        file.display(),
        written.events,
        written.seals,
        written.anchors,
        EXPORT.1,
    ))
}
