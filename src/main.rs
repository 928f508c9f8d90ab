//! Command line only: reads arguments, calls the library, prints.

mod commands;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use bujianmian::clock::Clock;
use bujianmian::config::{Config, Http, Source};
use bujianmian::data::{self, policies};
use bujianmian::domain::calendar::{Calendar, Certainty};
use bujianmian::domain::deadline::{self, BusinessHours};
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::place::Pool;
use bujianmian::domain::time::{Day, Ts};
use bujianmian::domain::uscc::Uscc;
use bujianmian::store::Db;
use bujianmian::usecases::app::DemoInfo;
use bujianmian::usecases::redating::{self, Redated};
use bujianmian::usecases::{App, demo, opening, reference};
use clap::{Parser, Subcommand};

use commands::service::{self, Work};
use commands::{audit, backup, check, log};

/// Gives memory back: with the system's own allocator every thread that ever hashed a password keeps the 19 MiB
/// it took.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A medical-insurance agency's case service without a counter (不见面).
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves pages and API and does what time brings; settings come from the environment.
    Serve(ServeArguments),
    /// Serves a sample world on this machine only, to try everything.
    Demo(DemoArguments),
    /// Brings the database up to date and ends.
    Migrate,
    /// Backs up a running service on the embedded database, with its papers, into one sealed file.
    Backup(backup::BackupArguments),
    /// Restores a backup into an empty data folder and checks it.
    Restore(backup::RestoreArguments),
    /// Checks rows, journals and papers of a database, running or restored; exit status 1 and names when wrong.
    Check(check::CheckArguments),
    /// Replaces data that came with the program by a file; it counts from the next start on.
    Import(ImportArguments),
    /// Evidence: whether the journal is what was written, an export for others to check, the lines to publish.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Policy packs: what a pool's rules say, and on what ground.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Working days and terms.
    #[command(subcommand)]
    Workday(WorkdayCommand),
    /// Resident identity numbers.
    #[command(subcommand)]
    Id(IdCommand),
    /// Unified Social Credit Codes.
    #[command(subcommand)]
    Uscc(UsccCommand),
}

#[derive(clap::Args)]
struct ServeArguments {
    /// Pages and API only: timers and messages are another process's.
    #[arg(long, conflicts_with = "jobs_only")]
    no_jobs: bool,
    /// Timers and messages only.
    #[arg(long)]
    jobs_only: bool,
    /// Reads the settings and the keys, prints what is in force without secrets, and ends; opens nothing else.
    #[arg(long)]
    check: bool,
}

#[derive(clap::Args)]
struct DemoArguments {
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder of the embedded database, the keys and the password; `./data` or BUJIANMIAN_DATA without it.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the service's clock starts, such as 2020-02-03T09:00:00+08:00; it goes on as it was without it.
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Ts>,
}

#[derive(clap::Args)]
struct ImportArguments {
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

#[derive(Subcommand)]
enum WorkdayCommand {
    /// Prints the last instant of a term, and `provisional` when a year without arrangement is touched.
    Due {
        /// When the clock starts, such as 2020-01-23T10:00:00+08:00.
        #[arg(long, value_name = "TIME", value_parser = instant)]
        from: Ts,
        /// Length of the term in working days.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        days: u16,
        /// The pool whose business hours count, such as 371000; the usual ones without it.
        #[arg(long, value_name = "CODE")]
        pool: Option<Pool>,
    },
    /// Prints what each day of a year is: `YYYY-MM-DD workday` or `YYYY-MM-DD holiday`, with `provisional`
    /// behind it when the year has no arrangement.
    List {
        /// The year.
        #[arg(value_parser = clap::value_parser!(i32).range(1..=9999))]
        year: i32,
    },
}

#[derive(Subcommand)]
enum IdCommand {
    /// Prints `valid`, or `invalid:` and the reason with exit status 1.
    Check {
        /// The number, as somebody typed it.
        number: String,
    },
}

#[derive(Subcommand)]
enum UsccCommand {
    /// Prints `valid`, or `invalid:` and the reason with exit status 1.
    Check {
        /// The code, as somebody typed it.
        code: String,
    },
}

/// What a command prints and its exit status, or why it can't do its work.
type Outcome = Result<(String, ExitCode), Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(arguments) if arguments.check => check(),
        Command::Serve(arguments) => serve(&arguments),
        Command::Demo(arguments) => show(arguments),
        Command::Migrate => migrate(),
        Command::Backup(arguments) => backup::backup(arguments),
        Command::Restore(arguments) => backup::restore(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Import(arguments) => import(&arguments),
        Command::Audit(command) => audit::audit(command),
        Command::Policy(command) => policy(command),
        Command::Workday(command) => workday(command),
        Command::Id(IdCommand::Check { number }) => {
            Ok(verdict(IdNumber::parse(&number, Clock::Real.now().day())))
        }
        Command::Uscc(UsccCommand::Check { code }) => Ok(verdict(Uscc::parse(&code))),
    };
    let (written, code) = match outcome {
        Ok((text, code)) => (writeln!(io::stdout(), "{text}"), code),
        Err(error) => (writeln!(io::stderr(), "{error}"), ExitCode::FAILURE),
    };
    // A reader that closed the pipe wants no more; there is nobody to tell.
    if written.is_err() {
        ExitCode::FAILURE
    } else {
        code
    }
}

/// Runs what ends with a signal.
fn run(service: impl Future<Output = Result<(), Box<dyn Error>>>) -> Outcome {
    // Never dropped: that would wait for threads which the database holds up.
    let system = Box::leak(Box::new(actix_web::rt::System::new()));
    system.block_on(service)?;
    // A thread of the HTTP library that ends last would wake what is gone with it, and abort the process (seen in one
    // end of thirty): this one outlives them all.
    std::mem::forget(actix_web::rt::System::try_current());
    Ok(("Stopped.".to_owned(), ExitCode::SUCCESS))
}

fn serve(arguments: &ServeArguments) -> Outcome {
    let config = Config::from_env()?;
    log::start(&config.log)?;
    let work = match (arguments.no_jobs, arguments.jobs_only) {
        (true, _) => Work::Pages,
        (false, true) => Work::Jobs,
        (false, false) => Work::All,
    };
    run(async move {
        let (db, applied) = opening::database(&config)?;
        tracing::info!(database = db.kind(), ?applied, "database is up to date");
        let app = opening::app(&config, db, Clock::Real, None).await?;
        service::run(app, &config, work).await
    })
}

/// The settings in force, one a line; those that the environment says are marked.
fn check() -> Outcome {
    let config = Config::from_env()?;
    if config.keys.is_some() || config.data.join("keys.toml").exists() {
        config.load_keys()?;
    }
    let lines = config.settings.iter().map(|setting| {
        let mark = match setting.source {
            Source::Variable => '*',
            Source::Default => ' ',
        };
        format!("{mark} {}={}", setting.name, setting.value)
    });
    Ok((lines.collect::<Vec<_>>().join("\n"), ExitCode::SUCCESS))
}

fn show(arguments: DemoArguments) -> Outcome {
    let mut config = Config::from_env()?;
    // The defaults of the demo: this machine only, no limits, no lines for requests between what it prints.
    config.http = Http::loopback(arguments.port);
    config.log.quiet();
    log::start(&config.log)?;
    if let Some(data) = arguments.data {
        config.data = data;
    }
    run(async move {
        writeln!(io::stdout(), "Preparing the demo ...")?;
        let app = demo::open(&config, arguments.at).await?;
        writeln!(io::stdout(), "{}", invitation(&app, &config))?;
        let follower = actix_web::rt::spawn(demo::follow_clock(app.clone()));
        let outcome = service::run(app, &config, Work::All).await;
        follower.abort();
        outcome
    })
}

/// What the demo prints at start: address, password, accounts to try.
fn invitation(app: &App, config: &Config) -> String {
    let Some(DemoInfo { accounts, password }) = &app.demo else {
        return String::new();
    };
    let mut lines = vec![
        String::new(),
        format!("  Address   {}", config.http.origin),
        format!("  Password  {password}   (of every account below)"),
        format!("  Database  {}", app.db.kind()),
        format!("  Clock     {}", app.clock.now().rfc3339()),
    ];
    for group in accounts.chunk_by(|one, other| one.pool == other.pool) {
        let pool = group.first().map(|account| account.pool.to_string());
        lines.push(format!("\n  Accounts of pool {}", pool.unwrap_or_default()));
        for role in group.chunk_by(|one, other| one.role == other.role) {
            let names: Vec<_> = role
                .iter()
                .map(|account| account.username.as_str())
                .collect();
            let title = role.first().map(|account| account.role.as_str());
            lines.push(format!(
                "    {:20}{}",
                title.unwrap_or_default(),
                names.join(" ")
            ));
        }
    }
    lines.push("\n  Ctrl-C stops it; the next start goes on with the same data.".to_owned());
    lines.join("\n")
}

fn migrate() -> Outcome {
    let (_, applied) = opening::database(&Config::from_env()?)?;
    let text = match applied.as_slice() {
        [] => "nothing to apply".to_owned(),
        names => format!("applied: {}", names.join(", ")),
    };
    Ok((text, ExitCode::SUCCESS))
}

fn import(arguments: &ImportArguments) -> Outcome {
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
            let moved = actix_web::rt::System::new().block_on(redate(&config, db))?;
            format!("kept as version {version}; running services use it; {moved}")
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

fn policy(command: PolicyCommand) -> Outcome {
    match command {
        PolicyCommand::Show { pool, on } => {
            Ok((policies::show_json(&pool, on)?, ExitCode::SUCCESS))
        }
    }
}

fn workday(command: WorkdayCommand) -> Outcome {
    let calendar = Calendar::parse(data::CALENDARS)?;
    let text = match command {
        WorkdayCommand::Due { from, days, pool } => {
            let hours = business_hours(pool, from.day())?;
            let term = deadline::due(&calendar, hours, from, days);
            marked(term.due.rfc3339(), term.certainty)
        }
        WorkdayCommand::List { year } => {
            let lines = calendar.year(year).map(|(day, kind, certainty)| {
                let kind = if kind.is_working() {
                    "workday"
                } else {
                    "holiday"
                };
                marked(format!("{day} {kind}"), certainty)
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    Ok((text, ExitCode::SUCCESS))
}

/// The hours of a pool on a day; an agency's own hours are in the database, which this command never opens.
fn business_hours(pool: Option<Pool>, day: Day) -> Result<BusinessHours, Box<dyn Error>> {
    let packs = policies::load()?;
    let policy = match pool {
        Some(pool) => packs.on(pool, day),
        None => packs.default_on(day),
    };
    Ok(BusinessHours::from_spans(&policy.office_hours().value)?)
}

fn marked(text: String, certainty: Certainty) -> String {
    match certainty {
        Certainty::Arranged => text,
        Certainty::Provisional => text + " provisional",
    }
}

fn verdict<T, E: Error>(checked: Result<T, E>) -> (String, ExitCode) {
    match checked {
        Ok(_) => ("valid".to_owned(), ExitCode::SUCCESS),
        Err(reason) => (format!("invalid: {reason}"), ExitCode::FAILURE),
    }
}

fn instant(text: &str) -> Result<Ts, &'static str> {
    Ts::parse(text).ok_or("a time with its offset is needed, such as 2020-01-23T10:00:00+08:00")
}
