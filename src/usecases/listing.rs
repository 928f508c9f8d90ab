//! Lists: own cases, those of the agency, the desk's, colleagues. Each is one page of a keyset, one query for
//! the page and one for the names in it; nothing is counted. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::viewing::{Summary, summarise};
use crate::domain::actor::{Actor, Role, Sight};
use crate::domain::case::State;
use crate::domain::ids::{AccountId, CaseId, MessageId, ReadId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::registration::Registration;
use crate::domain::time::Ts;
use crate::store::accounts::Colleague;
use crate::store::cases::Listed;
use crate::store::inbox::Message;
use crate::store::queue::{List, Place};
use crate::store::reads::Told;
use crate::store::{Conn, StoreError, accounts, cases, inbox, papers, queue, reads, registrations};

/// The place after which a page of cases in the order of filing goes on.
pub type FiledPlace = (Ts, CaseId);

/// The place after which a page of cases in the order of their due times goes on.
pub type DuePlace = (Ts, CaseId);

/// A page of cases.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The cases, with what is open to the reader.
    pub items: Vec<Summary>,
    /// Names of their holders.
    pub names: BTreeMap<AccountId, String>,
    /// What comes after this page.
    pub rest: Rest,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// At least one more.
    More,
    /// Nothing.
    Nothing,
}

/// A list of the desk and where its page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskList {
    /// What waits for a handler, most urgent first (CLK-7).
    Queue(Option<Place>),
    /// What the reader holds and can go on with.
    Held(Option<DuePlace>),
    /// What the reader holds and somebody outside the agency was asked for (CLK-5); one page.
    Paused,
    /// What waits for a second person (CAS-3).
    SecondReview(Option<DuePlace>),
    /// The supervisor's list (CLK-7).
    Escalated(Option<DuePlace>),
}

/// Cases somebody may see, newest first: a resident's own, for staff those of the agency, in one state if asked.
///
/// # Errors
/// [`Error::Forbidden`] for roles that see no cases.
pub async fn cases(
    app: &App,
    actor: &Actor,
    state: Option<State>,
    after: Option<FiledPlace>,
    limit: u16,
) -> Result<Listing, Error> {
    match actor.role {
        Role::Resident | Role::Proxy => {
            let (person, entrusted) = (actor.person, actor.entrusted.clone());
            let files = actor.role == Role::Proxy || !entrusted.is_empty();
            let filer = files.then_some(actor.account);
            load(app, actor, limit, move |conn, limit| {
                cases::of_person(conn, person, filer, &entrusted, after, limit)
            })
            .await
        }
        Role::Handler | Role::Reviewer | Role::Supervisor | Role::Auditor => {
            let agency = agency_of(actor)?;
            load(app, actor, limit, move |conn, limit| {
                queue::of_agency(conn, agency, state, after, limit)
            })
            .await
        }
        Role::EmployerAgent | Role::InstitutionClerk => {
            let filers = actor.colleagues.clone();
            load(app, actor, limit, move |conn, limit| {
                cases::filed_by(conn, &filers, after, limit)
            })
            .await
        }
        Role::InstitutionDoctor
        | Role::Pharmacist
        | Role::MailroomClerk
        | Role::FinanceOfficer
        | Role::TaxLiaison
        | Role::ProvincialHandler
        | Role::Administrator => Err(Error::Forbidden),
    }
}

/// One of the desk's lists, for its own staff.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else.
pub async fn desk(app: &App, actor: &Actor, list: DeskList, limit: u16) -> Result<Listing, Error> {
    actor.require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let agency = agency_of(actor)?;
    let account = actor.account;
    load(app, actor, limit, move |conn, limit| match list {
        DeskList::Queue(after) => queue::page(conn, agency, after, limit),
        DeskList::Held(after) => queue::list(conn, agency, List::Held(account), after, limit),
        DeskList::Paused => queue::list(conn, agency, List::Paused(account), None, limit),
        DeskList::SecondReview(after) => {
            queue::list(conn, agency, List::SecondReview, after, limit)
        }
        DeskList::Escalated(after) => queue::list(conn, agency, List::Escalated, after, limit),
    })
    .await
}

/// The handlers of the own agency, to whom a case can be given, by user name.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn handlers(
    app: &App,
    actor: &Actor,
    after: Option<String>,
    limit: u16,
) -> Result<(Vec<Colleague>, Rest), Error> {
    actor.require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let agency = agency_of(actor)?;
    let mut items = app
        .db
        .read(move |conn| {
            let after = after.as_deref();
            accounts::colleagues(conn, agency, Role::Handler, after, i64::from(limit) + 1)
                .map_err(Error::from)
        })
        .await?;
    let rest = cut(&mut items, limit);
    Ok((items, rest))
}

/// The login that `to` means, by identifier or by user name, looked up in the own agency only. Whether a case
/// can be given to it is the table's to say.
///
/// # Errors
/// [`Error::Forbidden`] for who has no agency.
pub async fn recipient(app: &App, actor: &Actor, to: &str) -> Result<Option<AccountId>, Error> {
    if let Ok(account) = to.parse() {
        return Ok(Some(account));
    }
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let to = to.to_owned();
    app.db
        .read(move |conn| accounts::of_agency(conn, agency, &to).map_err(Error::from))
        .await
}

/// The own registrations, newest start first (XR-1).
///
/// # Errors
/// [`Error::Forbidden`] for who is no person of the registry.
pub async fn registrations(app: &App, actor: &Actor) -> Result<Vec<Registration>, Error> {
    actor.require(&[Role::Resident])?;
    let person = actor.person.ok_or(Error::Forbidden)?;
    app.db
        .read(move |conn| registrations::of_person(conn, person).map_err(Error::from))
        .await
}

/// The own messages, newest first (CAS-12).
///
/// # Errors
/// The database's.
pub async fn inbox(
    app: &App,
    actor: &Actor,
    after: Option<MessageId>,
    limit: u16,
) -> Result<(Vec<Message>, Rest), Error> {
    let account = actor.account;
    let mut items = app
        .db
        .read(move |conn| {
            inbox::of_account(conn, account, after, i64::from(limit) + 1).map_err(Error::from)
        })
        .await?;
    let rest = cut(&mut items, limit);
    Ok((items, rest))
}

/// Who read of the own sensitive data, the latest first (CAS-13).
///
/// # Errors
/// [`Error::Forbidden`] for who is no person of the registry.
pub async fn reads(
    app: &App,
    actor: &Actor,
    after: Option<ReadId>,
    limit: u16,
) -> Result<(Vec<Told>, Rest), Error> {
    actor.require(&[Role::Resident])?;
    let person = actor.person.ok_or(Error::Forbidden)?;
    let mut items = app
        .db
        .read(move |conn| {
            reads::of_person(conn, person, after, i64::from(limit) + 1).map_err(Error::from)
        })
        .await?;
    let rest = cut(&mut items, limit);
    Ok((items, rest))
}

/// The agency whose cases somebody sees; an auditor without one has the city's.
pub(super) fn agency_of(actor: &Actor) -> Result<AgencyCode, Error> {
    match actor.role {
        Role::Auditor => actor.agency.or(actor.pool.map(|pool| pool.city_agency())),
        _ => actor.agency,
    }
    .ok_or(Error::Forbidden)
}

async fn load(
    app: &App,
    actor: &Actor,
    limit: u16,
    query: impl FnOnce(&mut Conn<'_>, i64) -> Result<Vec<Listed>, StoreError> + Send + 'static,
) -> Result<Listing, Error> {
    let (app, actor) = (app.clone(), actor.clone());
    let db = app.db.clone();
    db.read(move |conn| {
        // One more than asked for tells whether there is a next page.
        let mut found = query(conn, i64::from(limit) + 1)?;
        let rest = cut(&mut found, limit);
        let holders: BTreeSet<AccountId> = found.iter().filter_map(|l| l.case.holder).collect();
        let names = accounts::names(conn, &holders)?;
        let mut promised = promised(conn, &actor, &found)?;
        let items = found
            .into_iter()
            .map(|listed| {
                let promised = promised.remove(&listed.case.id).unwrap_or_default();
                summarise(conn, &app, &actor, listed, promised)
            })
            .collect::<Result<_, Error>>()?;
        Ok(Listing { items, names, rest })
    })
    .await
}

/// What is promised and not here yet, of all cases of a page at once (CAS-4); only the person concerned brings it.
fn promised(
    conn: &mut Conn<'_>,
    actor: &Actor,
    found: &[Listed],
) -> Result<BTreeMap<CaseId, Vec<String>>, StoreError> {
    let mut own: BTreeMap<Pool, Vec<CaseId>> = BTreeMap::new();
    for case in found.iter().map(|listed| &listed.case) {
        if actor.sight(case) == Sight::Own {
            own.entry(case.pool).or_default().push(case.id);
        }
    }
    let mut promised: BTreeMap<CaseId, Vec<String>> = BTreeMap::new();
    for (pool, cases) in own {
        for (case, material) in papers::promised_in(conn, pool, &cases)? {
            promised.entry(case).or_default().push(material);
        }
    }
    Ok(promised)
}

fn cut<T>(items: &mut Vec<T>, limit: u16) -> Rest {
    let limit = usize::from(limit);
    if items.len() > limit {
        items.truncate(limit);
        Rest::More
    } else {
        Rest::Nothing
    }
}
