//! `import`: data of a file in the place of the program's, or a catalogue of drugs and services. What a file must look like
//! is the domain's to say.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use bujianmian::config::Config;
use bujianmian::store::Db;
use bujianmian::usecases::redating::{self, Redated};
use bujianmian::usecases::{catalogue, demo, opening, reference};

use super::service;
use crate::Outcome;

/// What is imported, from where.
#[derive(clap::Args)]
pub struct ImportArguments {
    /// What the file holds.
    #[arg(value_enum)]
    kind: ImportKind,
    /// CSV in the layout of the program's own file.
    file: PathBuf,
    /// Where it comes from: number and date of the notice, or name and version of the list.
    #[arg(long)]
    source: String,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ImportKind {
    /// Region codes (GB/T 2260), all of them.
    Regions,
    /// A year's arrangement of working days, new or amended.
    Calendar,
    /// Catalogue of drugs and services, all of it, with what was in force before.
    Catalogue,
}

/// Takes a file in.
pub fn import(arguments: &ImportArguments) -> Outcome {
    let config = Config::from_env()?;
    let (db, _) = opening::database(&config)?;
    let body = std::fs::read_to_string(&arguments.file)
        .map_err(|e| format!("{}: {e}", arguments.file.display()))?;
    let source = arguments.source.clone();
    let text = match arguments.kind {
        ImportKind::Regions => {
            let version = reference::import_regions(&db, body, source)?;
            format!("kept as version {version}; restart the service to use it")
        }
        ImportKind::Calendar => {
            let version = reference::import_calendar(&db, body, source)?;
            let moved = service::wait(redate(&config, db))?;
            format!("kept as version {version}; running services use it; {moved}")
        }
        ImportKind::Catalogue => {
            let (version, entries) = catalogue::import(&db, &body, source)?;
            format!("{entries} entries kept as version {version}; running services use it")
        }
    };
    Ok((text, ExitCode::SUCCESS))
}

/// Moves the deadlines that the arrangements in force move (CLK-2), by the service's business time.
async fn redate(config: &Config, db: Db) -> Result<String, Box<dyn Error>> {
    let clock = demo::business_clock(&db).await?;
    let app = opening::app(config, db, clock, None).await?;
    let Redated { moved, left } = redating::look(&app).await?;
    Ok(match left {
        0 => format!("deadlines moved: {moved}"),
        _ => format!("deadlines moved: {moved}; {left} are left to the running service"),
    })
}
