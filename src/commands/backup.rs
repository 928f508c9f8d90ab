//! `backup` and `restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use bujianmian::config::Config;
use bujianmian::usecases::backup::{self, Manifest, Restored, Taken};

use super::check::{papers_of, rows_of, verdict};
use super::{block_on, bytes, seconds};
use crate::Outcome;

#[derive(clap::Args)]
pub struct BackupArguments {
    /// The new file; a `.partial` beside it while it is written.
    file: PathBuf,
    /// Folder of the embedded database and its papers; `./data` or BUJIANMIAN_DATA without it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct RestoreArguments {
    /// The backup.
    file: PathBuf,
    /// Folder without a database; made when it is not there.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The keys file of the installation; BUJIANMIAN_KEYS or `keys.toml` in the folder without it.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

/// Takes a backup and says what is in it.
pub fn backup(arguments: BackupArguments) -> Outcome {
    let mut config = Config::from_env()?;
    config.data = arguments.data.unwrap_or(config.data);
    let taken = block_on(backup::take(&config, &arguments.file))?;
    let (lines, code) = told(&taken);
    let file = arguments.file.display();
    let text = format!("{}\nBacked up to {file}", lines.join("\n"));
    Ok((text, code))
}

fn told(taken: &Taken) -> (Vec<String>, ExitCode) {
    let mut lines = contents(&taken.manifest);
    let code = match &taken.rows {
        Some(rows) => {
            lines.extend(rows_of(rows));
            verdict(&[&rows.flaws], &mut lines)
        }
        None => {
            lines.push("Not checked: the schema is older than this program's".to_owned());
            ExitCode::SUCCESS
        }
    };
    lines.push(format!(
        "Size       {}, sealed; snapshot in {}, everything in {}",
        bytes(taken.bytes),
        seconds(taken.snapshot),
        seconds(taken.took)
    ));
    (lines, code)
}

/// Restores a backup, checks it, and says what is there.
pub fn restore(arguments: RestoreArguments) -> Outcome {
    let mut config = Config::from_env()?;
    config.data = arguments.data;
    config.keys = arguments.keys.or(config.keys);
    let restored = block_on(backup::restore(&config, &arguments.file))?;
    let (mut lines, code) = back(&restored);
    lines.push(format!("Restored to {}", config.data.display()));
    if let Some(keys) = &config.keys {
        lines.push(format!(
            "The keys stay where they are: start the service with BUJIANMIAN_KEYS={}",
            keys.display()
        ));
    }
    Ok((lines.join("\n"), code))
}

fn back(restored: &Restored) -> (Vec<String>, ExitCode) {
    let mut lines = contents(&restored.manifest);
    if !restored.applied.is_empty() {
        lines.push(format!("Applied    {}", restored.applied.join(", ")));
    }
    lines.extend(rows_of(&restored.rows));
    lines.extend(papers_of(&restored.papers));
    let code = verdict(&[&restored.rows.flaws, &restored.papers.flaws], &mut lines);
    lines.push(format!(
        "Took       {} to unpack, {} with the check",
        seconds(restored.unpacked),
        seconds(restored.took)
    ));
    (lines, code)
}

fn contents(manifest: &Manifest) -> Vec<String> {
    let rows: i64 = manifest.rows.iter().map(|(_, count)| count).sum();
    vec![
        format!(
            "Taken      {} by version {}, schema {}",
            manifest.taken_at.to_second(),
            manifest.program,
            manifest.schema.last().map_or("none", String::as_str)
        ),
        format!(
            "Holds      {rows} rows in {} tables ({}), {} papers",
            manifest.rows.len(),
            bytes(manifest.database.size),
            manifest.papers
        ),
    ]
}
