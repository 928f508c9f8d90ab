//! Reading the ledger (IN-4): an institution its own, the agency of the place of treatment and the pool's auditor theirs.
//! Whoever is not of the institution leaves a trace when they open an entry (CAS-13).

use std::collections::{BTreeMap, BTreeSet};

use super::{READERS, pool_of, visible};
use crate::clock::Clock;
use crate::domain::actor::{Actor, LedgerSight, Role};
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, InstitutionId, PatientId, ReadId};
use crate::store::patients::changes::{self, Recorded};
use crate::store::patients::costs::{self, Booked};
use crate::store::patients::{Entered, Filter, Place, Scope};
use crate::store::reads::{self, Read};
use crate::store::{Conn, accounts, institutions, patients};
use crate::usecases::App;
use crate::usecases::error::Error;
use crate::usecases::listing::Rest;

/// What is written down of who opened an entry; texts `reads-what-<name>`.
pub const READ: &str = "patient-entry";

/// Entries that the first page counts at most.
pub const COUNTED: i64 = 500;

/// A page of the ledger.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its entries, the latest admission first.
    pub entries: Vec<Entered>,
    /// Names of their institutions.
    pub institutions: BTreeMap<InstitutionId, String>,
    /// What comes after them.
    pub rest: Rest,
}

impl Page {
    /// A page of nobody.
    pub fn empty() -> Self {
        Self {
            entries: vec![],
            institutions: BTreeMap::new(),
            rest: Rest::Nothing,
        }
    }
}

/// An entry with everything in it.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The entry.
    pub entered: Entered,
    /// Code and name of the institution.
    pub institution: (String, String),
    /// As what it is read.
    pub sight: LedgerSight,
    /// What became of it, in order.
    pub changes: Vec<Recorded>,
    /// Its costs by day.
    pub costs: Vec<Booked>,
    /// Names of who entered and changed.
    pub names: BTreeMap<AccountId, String>,
}

/// A page of the ledger that somebody may see.
///
/// # Errors
/// [`Error::Forbidden`] for who reads none.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: Filter,
    after: Option<Place>,
    limit: u16,
) -> Result<Page, Error> {
    actor.require(READERS)?;
    let scope = scope(actor)?;
    app.db
        .read(move |conn| {
            let mut entries = patients::page(conn, scope, &filter, after, i64::from(limit) + 1)?;
            let rest = match entries.len() > usize::from(limit) {
                true => Rest::More,
                false => Rest::Nothing,
            };
            entries.truncate(usize::from(limit));
            let of: BTreeSet<InstitutionId> =
                entries.iter().map(|one| one.patient.institution).collect();
            Ok(Page {
                institutions: institutions::names(conn, &of)?,
                entries,
                rest,
            })
        })
        .await
}

/// Whose ledger somebody reads.
fn scope(actor: &Actor) -> Result<Scope, Error> {
    let pool = pool_of(actor)?;
    match actor.role {
        Role::InstitutionClerk | Role::InstitutionDoctor => actor
            .institution
            .map(|institution| Scope::Institution(pool, institution)),
        Role::Auditor => actor.pool.map(Scope::Pool),
        _ => actor.agency.map(Scope::Agency),
    }
    .ok_or(Error::Forbidden)
}

/// Reads the ID number somebody is looked for with.
///
/// # Errors
/// [`Error::Invalid`] at `id_number`, with its own reason.
pub fn looked_for(app: &App, typed: &str) -> Result<IdNumber, Error> {
    IdNumber::parse(typed, app.clock.now().day()).map_err(|reason| {
        let code = match typed.trim().is_empty() {
            true => "required".to_owned(),
            false => format!("id-number-{}", reason.code()),
        };
        Error::Invalid(vec![FieldError::new("id_number", &code)])
    })
}

/// How many are in the reader's institution, and for how many the registration is still to come: counted up to
/// [`COUNTED`].
///
/// # Errors
/// [`Error::Forbidden`] for who is of no institution.
pub async fn in_hospital(app: &App, actor: &Actor) -> Result<(usize, usize), Error> {
    actor.require(&[Role::InstitutionClerk, Role::InstitutionDoctor])?;
    let institution = actor.institution.ok_or(Error::Forbidden)?;
    let pool = pool_of(actor)?;
    app.db
        .read(move |conn| {
            patients::count_waiting(conn, (pool, institution), COUNTED).map_err(Error::from)
        })
        .await
}

/// The name of the reader's institution.
///
/// # Errors
/// [`Error::Forbidden`] for who is of none.
pub async fn own_institution(app: &App, actor: &Actor) -> Result<String, Error> {
    let institution = actor.institution.ok_or(Error::Forbidden)?;
    app.db
        .read(move |conn| {
            let found = institutions::find(conn, institution)?;
            Ok(found.ok_or(Error::Forbidden)?.name)
        })
        .await
}

/// An entry with its history and costs. Whoever is not of the institution leaves a trace, before anything is shown.
///
/// # Errors
/// [`Error::Forbidden`] for who reads none, [`Error::NotFound`] for what is not theirs to see.
pub async fn whole(app: &App, actor: &Actor, id: PatientId) -> Result<Whole, Error> {
    actor.require(READERS)?;
    let (actor, role) = (actor.clone(), actor.role);
    let (read_id, now) = (Clock::new_id::<ReadId>(), app.clock.now());
    let read = move |conn: &mut Conn<'_>| -> Result<Whole, Error> {
        let (entered, sight) = visible(conn, &actor, id)?;
        let patient = &entered.patient;
        // Of who is not in the registry nobody could be shown the trace.
        if let (LedgerSight::Office, Some(person)) = (sight, patient.person) {
            let read = Read {
                id: read_id,
                at: now,
                account: actor.account,
                person,
                case: None,
                what: READ.to_owned(),
                reason: String::new(),
            };
            reads::insert(conn, patient.pool, &read)?;
        }
        let changes = changes::of_patient(conn, patient.pool, id)?;
        let costs = costs::of_patient(conn, patient.pool, id)?;
        let people: BTreeSet<AccountId> = changes
            .iter()
            .filter_map(|change| change.by)
            .chain(costs.iter().map(|cost| cost.by))
            .collect();
        let institution = institutions::find(conn, patient.institution)?.ok_or(Error::NotFound)?;
        Ok(Whole {
            names: accounts::names(conn, &people)?,
            institution: (institution.code, institution.name),
            sight,
            changes,
            costs,
            entered,
        })
    };
    match role {
        Role::InstitutionClerk | Role::InstitutionDoctor => app.db.read(read).await,
        _ => app.db.write(read).await,
    }
}
