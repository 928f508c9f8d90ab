//! `settle`: a settlement of a file's claim by the packs the program is built with, as JSON. Opens no database. No rules
//! here.

use std::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bujianmian::data::{policies, texts};
use bujianmian::domain::form::FieldError;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::settlement::{Input, settle as settled};

use crate::Outcome;

/// Which claim.
#[derive(clap::Args)]
pub struct SettleArguments {
    /// The claim as JSON; `-` reads standard input.
    file: PathBuf,
}

/// What is wrong with a claim, a line each: field, what is wrong, its code.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadClaim(String);

/// Prints the settlement.
pub fn settle(arguments: &SettleArguments) -> Outcome {
    let input = parsed(&read(&arguments.file)?)?;
    let settlement = settled(&input, &policies::load()?).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(line).collect();
        BadClaim(lines.join("\n"))
    })?;
    Ok((
        serde_json::to_string_pretty(&settlement)?,
        ExitCode::SUCCESS,
    ))
}

fn read(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = vec![];
    if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes)?;
    } else {
        bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    Ok(bytes)
}

/// The claim of a file; what is no claim is named with its field.
fn parsed(bytes: &[u8]) -> Result<Input, BadClaim> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let input = serde_path_to_error::deserialize(&mut reader)
        .map_err(|e| BadClaim(format!("{}: {}", e.path(), e.inner())))?;
    reader.end().map_err(|e| BadClaim(format!(".: {e}")))?;
    Ok(input)
}

fn line(fault: &FieldError) -> String {
    let values: Vec<_> = fault
        .values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().into()))
        .collect();
    let words = texts::text_with(Locale::En, &format!("error-{}", fault.code), &values);
    format!("{}: {words} ({})", fault.field, fault.code)
}
