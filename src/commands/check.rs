//! `check`, and how the outcome of a check is told wherever one is made.

use std::path::PathBuf;
use std::process::ExitCode;

use bujianmian::clock::Clock;
use bujianmian::config::Config;
use bujianmian::documents::files::Files;
use bujianmian::store::backup::Source;
use bujianmian::usecases::checking::{self, Findings, Papers, Rows};
use bujianmian::usecases::{Error, opening};

use super::{block_on, bytes, seconds};
use crate::Outcome;

#[derive(clap::Args)]
pub struct CheckArguments {
    /// Folder of papers and keys, and of the embedded database; `./data` or BUJIANMIAN_DATA without it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL; DATABASE_URL without it, and the embedded database without either.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// Checks an installation and says what is wrong with it.
pub fn check(arguments: CheckArguments) -> Outcome {
    let mut config = Config::from_env()?;
    config.data = arguments.data.unwrap_or(config.data);
    config.database.url = arguments.database_url.or(config.database.url);
    let (rows, papers) = block_on(everything(&config))?;
    let mut lines = rows_of(&rows);
    lines.extend(papers_of(&papers));
    let code = verdict(&[&rows.flaws, &papers.flaws], &mut lines);
    Ok((lines.join("\n"), code))
}

async fn everything(config: &Config) -> Result<(Rows, Papers), Error> {
    let db = opening::existing_database(config)?;
    let files = Files::in_folder(&opening::files_of(config), config.uploads)
        .map_err(|e| Error::Fault(e.to_string()))?;
    let mut source = Source::Live(db, opening::location(config));
    let rows = checking::rows(&mut source)?;
    let papers = checking::papers(&mut source, &files, Clock::real()).await?;
    Ok((rows, papers))
}

/// What the rows told, but for flaws.
pub fn rows_of(rows: &Rows) -> Vec<String> {
    let counts: Vec<String> = rows
        .counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(table, count)| format!("{table} {count}"))
        .collect();
    vec![
        format!("Rows       {}", counts.join(", ")),
        format!(
            "Audited    {} cases, {} events, {} seals in {}",
            rows.cases,
            rows.events,
            rows.seals,
            seconds(rows.took)
        ),
    ]
}

/// What the papers told, but for flaws.
pub fn papers_of(papers: &Papers) -> Vec<String> {
    let mut lines = vec![format!(
        "Papers     {} with their files, {} in {}",
        papers.papers,
        bytes(papers.bytes),
        seconds(papers.took)
    )];
    lines.extend(listed("Note", &papers.orphans));
    lines
}

/// Names what is wrong, or that nothing is.
pub fn verdict(flaws: &[&Findings], lines: &mut Vec<String>) -> ExitCode {
    let count: u64 = flaws.iter().map(|flaws| flaws.count).sum();
    if count == 0 {
        lines.push("Check      nothing is wrong".to_owned());
        return ExitCode::SUCCESS;
    }
    for flaws in flaws {
        lines.extend(listed("WRONG", flaws));
    }
    lines.push(format!("Check      {count} things are wrong"));
    ExitCode::FAILURE
}

fn listed(mark: &str, findings: &Findings) -> Vec<String> {
    let mut lines: Vec<String> = findings
        .named
        .iter()
        .map(|finding| format!("{mark:<11}{finding}"))
        .collect();
    let named = u64::try_from(findings.named.len()).unwrap_or_default();
    if findings.count > named {
        lines.push(format!("{mark:<11}and {} more", findings.count - named));
    }
    lines
}
