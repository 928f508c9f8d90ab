//! The check of a whole installation, the same for both databases, for a running service and after a restore:
//! the database's own checks, the audit of journal and seals, every case's answers against the keys, every paper
//! against its file. It reads only, in
//! pages, so that memory does not grow with what is stored; it mends nothing.

use std::time::Duration;

use uuid::Uuid;

use super::auditing::{self, Scope};
use super::error::Error;
use crate::clock::Stopwatch;
use crate::documents::files::{Files, FilesError, Kind};
use crate::domain::ids::MaterialId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::StoreError;
use crate::store::backup::{self, Source};
use crate::store::batches;
use crate::store::cases::scan;
use crate::store::contacts;
use crate::store::papers::{self, Print};
use crate::store::vault::{Vault, sha256};

/// Cases or papers of one page.
const PAGE: i64 = 500;
/// Files looked at together.
const FILES: usize = 500;
/// Findings kept by name; the rest is counted.
const NAMED: usize = 100;

/// Findings: the first ones by name, all by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The first hundred.
    pub named: Vec<String>,
    /// How many there are.
    pub count: u64,
}

impl Findings {
    /// Adds one.
    pub fn add(&mut self, finding: String) {
        self.count += 1;
        if self.named.len() < NAMED {
            self.named.push(finding);
        }
    }

    fn extend(&mut self, findings: impl IntoIterator<Item = String>) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }
}

/// What the rows told.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Rows by table.
    pub counts: Vec<(String, i64)>,
    /// Cases that were replayed.
    pub cases: u64,
    /// Events they were replayed from.
    pub events: u64,
    /// Seals that were compared with the journals.
    pub seals: u64,
    /// What is wrong.
    pub flaws: Findings,
    /// How long it took.
    pub took: Duration,
}

/// What the files told.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    /// Papers whose files were read.
    pub papers: u64,
    /// Bytes of those files.
    pub bytes: u64,
    /// What is wrong.
    pub flaws: Findings,
    /// Files without a row, with their age. No flaw: a process that is killed between file and row leaves one,
    /// a removed paper leaves one for a day, and an upload that is under way has one.
    pub orphans: Findings,
    /// How long it took.
    pub took: Duration,
}

/// Checks the rows.
///
/// # Errors
/// [`Error::Store`] when they can't be read at all.
pub fn rows(source: &mut Source) -> Result<Rows, Error> {
    let watch = Stopwatch::start();
    let mut told = source.read(|conn| {
        let mut told = Rows {
            counts: backup::row_counts(conn)?,
            ..Rows::default()
        };
        told.flaws.extend(backup::faults(conn)?);
        Ok(told)
    })?;
    let audit = auditing::verify(&mut source.auditor()?, &Scope::default(), &[], NAMED)?;
    told.cases = count(audit.counts.cases);
    told.events = count(audit.counts.events);
    told.seals = count(audit.counts.seals);
    let found = audit.findings.iter().map(ToString::to_string);
    told.flaws.extend(found);
    let mut last = None;
    loop {
        let page = source.read(|conn| scan::answers_after(conn, last, PAGE))?;
        let Some(end) = page.last() else {
            told.took = watch.elapsed();
            return Ok(told);
        };
        last = Some((end.pool, end.id));
        let vault = source.vault();
        let closed = page
            .iter()
            .filter(|case| vault.open(&case.answers).is_err());
        told.flaws.extend(closed.map(|case| {
            let number = &case.receipt_no;
            format!("case {number}: its answers can't be opened with the keys of this installation")
        }));
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Checks every paper's file, and lists the files that are no paper's; `real` is now on the machine's clock.
///
/// # Errors
/// [`Error::Store`] when rows or folder can't be read at all.
pub async fn papers(source: &mut Source, files: &Files, real: Ts) -> Result<Papers, Error> {
    let watch = Stopwatch::start();
    let mut told = Papers::default();
    let mut walk = Prints::of(source)?;
    while let Some(prints) = walk.next(source)? {
        for print in &prints {
            match sound(source.vault(), files, print).await {
                Ok(sound) => {
                    told.papers += 1;
                    told.bytes += u64::try_from(sound.sealed.len()).unwrap_or_default();
                }
                Err(Unsound::Flawed(flaw)) => told.flaws.add(flaw),
                Err(Unsound::OutOfReach(why)) => {
                    return Err(Error::Store(StoreError::Unavailable(why)));
                }
            }
        }
    }
    told.orphans = orphans(source, files, real).await?;
    told.took = watch.elapsed();
    Ok(told)
}

/// What a stored file belongs to, and the table that tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Papers,
    Contacts,
    Lists,
}

const PARTS: [(Part, &str); 3] = [
    (Part::Papers, "material"),
    (Part::Contacts, "contact_file"),
    (Part::Lists, "batch"),
];

/// Goes through what tells of every stored file whether it is the one that was uploaded: papers of cases first, then
/// what goes along with contacts, then lists of employers.
#[derive(Debug)]
pub struct Prints {
    left: Vec<Part>,
    last: Option<(Pool, MaterialId)>,
}

impl Prints {
    /// Those of a database, which may be of before.
    ///
    /// # Errors
    /// The database's.
    pub fn of(source: &mut Source) -> Result<Self, StoreError> {
        let tables = source.read(backup::tables)?;
        let there = PARTS
            .iter()
            .rev()
            .filter(|(_, table)| tables.iter().any(|one| one == table));
        Ok(Self {
            left: there.map(|(part, _)| *part).collect(),
            last: None,
        })
    }

    /// The next page; `None` after the last.
    ///
    /// # Errors
    /// The database's.
    pub fn next(&mut self, source: &mut Source) -> Result<Option<Vec<Print>>, StoreError> {
        while let Some(part) = self.left.last() {
            let last = self.last;
            let found = match part {
                Part::Papers => source.read(|conn| papers::prints_after(conn, last, PAGE))?,
                Part::Contacts => {
                    source.read(|conn| contacts::file_prints_after(conn, last, PAGE))?
                }
                Part::Lists => source.read(|conn| batches::file_prints_after(conn, last, PAGE))?,
            };
            self.last = found.last().map(|print| (print.pool, print.id));
            if self.last.is_some() {
                return Ok(Some(found));
            }
            self.left.pop();
        }
        Ok(None)
    }
}

/// A paper's file as it stands.
#[derive(Debug)]
pub struct Sound {
    /// Its key.
    pub key: Uuid,
    /// Its content, sealed.
    pub sealed: Vec<u8>,
}

/// Why a paper's file is not what its row says.
#[derive(Debug)]
pub enum Unsound {
    /// It is missing or damaged: says so with the paper's name.
    Flawed(String),
    /// The store of files does not work.
    OutOfReach(String),
}

/// The file of a paper, if what it holds has the size and the hash of its row.
///
/// # Errors
/// [`Unsound`].
pub async fn sound(vault: &Vault, files: &Files, print: &Print) -> Result<Sound, Unsound> {
    let flawed = |why: &str| {
        Unsound::Flawed(format!(
            "paper {} of pool {}: its file {} {why}",
            print.id, print.pool, print.file_key
        ))
    };
    let key = print
        .file_key
        .parse()
        .map_err(|_| flawed("has a name that is no key"))?;
    let sealed = match files.get(key).await {
        Ok(sealed) => sealed,
        Err(FilesError::Missing) => return Err(flawed("is missing")),
        Err(FilesError::Unavailable(why)) => return Err(Unsound::OutOfReach(why)),
    };
    let plain = vault
        .open(&sealed)
        .map_err(|_| flawed("was altered, or was sealed with keys of another installation"))?;
    if i64::try_from(plain.len()) != Ok(print.size) {
        return Err(flawed("has another size than its row says"));
    }
    if sha256(&plain) != print.sha256 {
        return Err(flawed("has another content than its row says"));
    }
    Ok(Sound { key, sealed })
}

async fn orphans(source: &mut Source, files: &Files, real: Ts) -> Result<Findings, Error> {
    let out_of_reach = |e: FilesError| Error::Store(StoreError::Unavailable(e.to_string()));
    let mut orphans = Findings::default();
    let mut listing = files.list().await.map_err(out_of_reach)?;
    loop {
        let found = listing.next(FILES).await.map_err(out_of_reach)?;
        if found.is_empty() {
            return Ok(orphans);
        }
        let keys: Vec<String> = found.iter().map(|stored| stored.name.clone()).collect();
        let known = source.read(|conn| papers::known(conn, &keys))?;
        for stored in found.iter().filter(|stored| !known.contains(&stored.name)) {
            let hours = real.since(stored.changed_at).num_hours();
            let what = match stored.kind {
                Kind::Paper(_) => "has no row",
                Kind::Unfinished => "was never finished",
                Kind::Foreign => "is not of this program's making",
            };
            orphans.add(format!("file {} {what}, {hours} hours old", stored.name));
        }
    }
}
