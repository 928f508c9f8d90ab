//! Command line only: reads arguments, calls the library, prints.

use std::io::{self, Write};
use std::process::ExitCode;

use bujianmian::data::policies;
use bujianmian::domain::time::Day;
use clap::{Parser, Subcommand};

/// A medical-insurance agency's case service without a counter (不见面).
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Policy packs: what a pool's rules say, and on what ground.
    #[command(subcommand)]
    Policy(PolicyCommand),
}

#[derive(Subcommand)]
enum PolicyCommand {
    /// Prints every value in force in a pool on a day, with its basis, as JSON.
    Show {
        /// Code of the pool, such as 371000, or "default".
        pool: String,
        /// The day, YYYY-MM-DD, Beijing time.
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: Day,
    },
}

/// What a command prints, or why it can't.
type Outcome = Result<String, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Policy(command) => policy(command),
    };
    let (written, code) = match outcome {
        Ok(text) => (writeln!(io::stdout(), "{text}"), ExitCode::SUCCESS),
        Err(error) => (writeln!(io::stderr(), "{error}"), ExitCode::FAILURE),
    };
    // A reader that closed the pipe wants no more; there is nobody to tell.
    if written.is_err() {
        ExitCode::FAILURE
    } else {
        code
    }
}

fn policy(command: PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::Show { pool, on } => Ok(policies::show_json(&pool, on)?),
    }
}
