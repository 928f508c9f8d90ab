//! Reading the register of missed deadlines (CLK-7): supervisors their agency's, auditors their pool's. The words of a
//! cause are shown to them only, and not of the own or a relative's case (CAS-10).

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::listing::Rest;
use crate::domain::actor::{Actor, Role};
use crate::domain::ids::{AccountId, PersonId};
use crate::store::register::{Entry, Filter, Place, Scope};
use crate::store::{Conn, accounts, register};

/// Who reads the register.
pub const READERS: &[Role] = &[Role::Supervisor, Role::Auditor];

/// Entries of an export at most.
pub const EXPORTED: u16 = 10_000;

/// Entries that are read in one go.
const CHUNK: u16 = 500;

/// An entry with the words of its cause.
#[derive(Clone, Debug)]
pub struct Told {
    /// The entry.
    pub entry: Entry,
    /// What was said of the cause.
    pub words: Option<String>,
}

/// A page of the register.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its entries, the latest first.
    pub entries: Vec<Told>,
    /// Names of who held the cases.
    pub names: BTreeMap<AccountId, String>,
    /// What comes after them.
    pub rest: Rest,
}

/// A page of the register, `limit` entries of it.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and auditors.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: Filter,
    after: Option<Place>,
    limit: u16,
) -> Result<Page, Error> {
    actor.require(READERS)?;
    let (scope, actor) = (scope(actor)?, actor.clone());
    app.db
        .read(move |conn| read(conn, &actor, scope, &filter, after, limit))
        .await
}

/// Everything that fits, up to [`EXPORTED`] entries, read piece by piece so that no other reader waits for it.
///
/// # Errors
/// As [`page`].
pub async fn export(app: &App, actor: &Actor, filter: Filter) -> Result<Page, Error> {
    let (mut whole, mut after) = (page(app, actor, filter, None, CHUNK).await?, None);
    while whole.rest == Rest::More && whole.entries.len() < usize::from(EXPORTED) {
        let last = whole
            .entries
            .last()
            .map(|told| (told.entry.at, told.entry.case));
        if last.is_none() || last == after {
            break;
        }
        after = last;
        let next = page(app, actor, filter, after, CHUNK).await?;
        whole.entries.extend(next.entries);
        whole.names.extend(next.names);
        whole.rest = next.rest;
    }
    Ok(whole)
}

/// Whose breaches somebody reads.
fn scope(actor: &Actor) -> Result<Scope, Error> {
    let scope = match actor.role {
        Role::Auditor => actor.pool.map(Scope::Pool),
        _ => actor.agency.map(Scope::Agency),
    };
    scope.ok_or(Error::Forbidden)
}

fn read(
    conn: &mut Conn<'_>,
    actor: &Actor,
    scope: Scope,
    filter: &Filter,
    after: Option<Place>,
    limit: u16,
) -> Result<Page, Error> {
    let mut found = register::page(conn, scope, filter, after, i64::from(limit) + 1)?;
    let rest = match found.len() > usize::from(limit) {
        true => Rest::More,
        false => Rest::Nothing,
    };
    found.truncate(usize::from(limit));
    let words = register::words(conn, scope.pool(), &found)?;
    let holders: BTreeSet<AccountId> = found.iter().filter_map(|entry| entry.holder).collect();
    let names = accounts::names(conn, &holders)?;
    let entries = found
        .into_iter()
        .zip(words)
        .map(|(entry, words)| Told {
            words: words.filter(|_| !is_partial(actor, entry.person, entry.filed_by)),
            entry,
        })
        .collect();
    Ok(Page {
        entries,
        names,
        rest,
    })
}

/// Whether a case is the own or a relative's (CAS-10), by what lists know of it.
pub(super) fn is_partial(actor: &Actor, person: PersonId, filed_by: AccountId) -> bool {
    actor.account == filed_by || actor.person == Some(person) || actor.relatives.contains(&person)
}
