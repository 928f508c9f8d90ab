//! What an employer's agents see (XR-9): the own staff, what was filed for them, the batches; and the same batches as
//! their agency sees them. Whoever reads an ID number in full leaves a trace (CAS-13). Nothing here files anything.

use std::collections::BTreeMap;

use super::App;
use super::error::Error;
use super::listing::Rest;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{Batch, RowResult};
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{BatchId, EmployerId, PersonId, ReadId};
use crate::domain::place::Pool;
use crate::domain::text::cleaned;
use crate::domain::time::{Day, Ts};
use crate::store::batch_cases::{self, Waiting};
use crate::store::cases::Listed;
use crate::store::reads::Read;
use crate::store::staff::{self, Member, Registered, Search};
use crate::store::{Conn, batches};

/// Who acts for an employer.
pub const AGENTS: &[Role] = &[Role::EmployerAgent];
/// Who reads batches: the employer's agents, the agency's staff, the pool's auditor.
pub const READERS: &[Role] = &[
    Role::EmployerAgent,
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::Auditor,
];

/// What the log says was read.
const NUMBER: &str = "id-number";
/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 500;

/// The employer and the pool of its agent.
fn employer(actor: &Actor) -> Result<(Pool, EmployerId), Error> {
    actor.require(AGENTS)?;
    match (actor.pool, actor.employer) {
        (Some(pool), Some(employer)) => Ok((pool, employer)),
        _ => Err(Error::Forbidden),
    }
}

/// A batch that the actor may see.
pub(super) fn readable(conn: &mut Conn<'_>, actor: &Actor, id: BatchId) -> Result<Batch, Error> {
    actor.require(READERS)?;
    let agency_pool = actor.agency.map(|agency| agency.pool());
    let pool = agency_pool.or(actor.pool).ok_or(Error::Forbidden)?;
    let batch = batches::find(conn, pool, id)?.ok_or(Error::NotFound)?;
    let theirs = match actor.role {
        Role::EmployerAgent => actor.employer == Some(batch.employer),
        Role::Auditor => actor.pool == Some(batch.pool),
        _ => actor.agency == Some(batch.agency),
    };
    match theirs {
        true => Ok(batch),
        false => Err(Error::NotTheirs),
    }
}

/// A batch as its reader sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The batch.
    pub batch: Batch,
    /// Name of the employer.
    pub employer: String,
    /// Cases that are not decided, as far as they were counted.
    pub undecided: usize,
    /// Cases that wait for a handler, as far as they were counted.
    pub waiting: usize,
    /// Whether one of those is past its due time (CLK-7).
    pub any_late: bool,
}

/// How far cases of a batch are counted for its page.
pub const COUNTED: u16 = 1_000;

/// A batch alone, without a look at its cases.
///
/// # Errors
/// [`Error::NotFound`] for a missing one and one that is not theirs to see.
pub async fn alone(app: &App, actor: &Actor, id: BatchId) -> Result<Batch, Error> {
    let actor = actor.clone();
    app.db.read(move |conn| readable(conn, &actor, id)).await
}

/// A batch with what waits of it.
///
/// # Errors
/// [`Error::NotFound`] for a missing one and one that is not theirs to see.
pub async fn batch(app: &App, actor: &Actor, id: BatchId) -> Result<Seen, Error> {
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .read(move |conn| {
            let batch = readable(conn, &actor, id)?;
            let most = i64::from(COUNTED) + 1;
            let mut names = batch_cases::employers(conn, &[batch.employer])?;
            let mut count = |waiting| batch_cases::count(conn, batch.pool, id, waiting, most);
            Ok(Seen {
                employer: names.remove(&batch.employer).unwrap_or_default(),
                undecided: count(Waiting::Undecided)?,
                waiting: count(Waiting::Handler)?,
                any_late: batch_cases::any_late(conn, batch.pool, id, now)?,
                batch,
            })
        })
        .await
}

/// Cases of a batch in the order of its rows, from beyond row `after` on.
///
/// # Errors
/// As [`batch`].
pub async fn cases(
    app: &App,
    actor: &Actor,
    id: BatchId,
    after: u32,
    limit: u16,
) -> Result<(Vec<(u32, Listed)>, Rest), Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let batch = readable(conn, &actor, id)?;
            let mut rows = batch_cases::page(conn, batch.pool, id, after, i64::from(limit) + 1)?;
            let rest = cut(&mut rows, limit);
            Ok((rows, rest))
        })
        .await
}

/// Rows that came back or repeat what was filed before, from beyond row `after` on.
///
/// # Errors
/// As [`batch`].
pub async fn returned(
    app: &App,
    actor: &Actor,
    id: BatchId,
    after: u32,
    limit: u16,
) -> Result<(Vec<RowResult>, Rest), Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let batch = readable(conn, &actor, id)?;
            let most = i64::from(limit) + 1;
            let mut rows = batch_cases::returned(conn, batch.pool, id, after, most)?;
            let rest = cut(&mut rows, limit);
            Ok((rows, rest))
        })
        .await
}

/// The own batches, newest first, from before `after` on.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but an employer's agents.
pub async fn batches(
    app: &App,
    actor: &Actor,
    after: Option<(Ts, BatchId)>,
    limit: u16,
) -> Result<(Vec<Batch>, Rest), Error> {
    let (pool, employer) = employer(actor)?;
    app.db
        .read(move |conn| {
            let most = i64::from(limit) + 1;
            let mut found = batches::of_employer(conn, pool, employer, after, most)?;
            let rest = cut(&mut found, limit);
            Ok((found, rest))
        })
        .await
}

fn cut<T>(rows: &mut Vec<T>, limit: u16) -> Rest {
    let rest = match rows.len() > usize::from(limit) {
        true => Rest::More,
        false => Rest::Nothing,
    };
    rows.truncate(usize::from(limit));
    rest
}

/// Batches of the own agency of which cases may wait, newest first.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn unsettled(app: &App, actor: &Actor, limit: u16) -> Result<Vec<Seen>, Error> {
    actor.require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let now = app.clock.now();
    app.db
        .read(move |conn| {
            let most = i64::from(COUNTED) + 1;
            let mut found = vec![];
            for id in batch_cases::unsettled(conn, agency, None, i64::from(limit))? {
                let batch = batches::find(conn, agency.pool(), id)?.ok_or(Error::NotFound)?;
                let mut count = |waiting| batch_cases::count(conn, batch.pool, id, waiting, most);
                found.push(Seen {
                    employer: String::new(),
                    undecided: count(Waiting::Undecided)?,
                    waiting: count(Waiting::Handler)?,
                    any_late: batch_cases::any_late(conn, batch.pool, id, now)?,
                    batch,
                });
            }
            let ids: Vec<EmployerId> = found.iter().map(|seen| seen.batch.employer).collect();
            let names = batch_cases::employers(conn, &ids)?;
            for seen in &mut found {
                seen.employer = names.get(&seen.batch.employer).cloned().unwrap_or_default();
            }
            Ok(found)
        })
        .await
}

/// How many batches of the own agency have cases that wait for a handler, of so many looked at.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn waiting(app: &App, actor: &Actor, limit: u16) -> Result<usize, Error> {
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    app.db
        .read(move |conn| {
            let mut waiting = 0;
            for id in batch_cases::unsettled(conn, agency, None, i64::from(limit))? {
                waiting += batch_cases::count(conn, agency.pool(), id, Waiting::Handler, 1)?;
            }
            Ok(waiting)
        })
        .await
}

/// A page of the own staff.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The people; whoever shows them masks what is sensitive.
    pub members: Vec<Member>,
    /// What the employer registered for them.
    pub registered: BTreeMap<PersonId, Vec<Registered>>,
    /// What comes after this page.
    pub rest: Rest,
}

/// The own staff by the registry, to be shown masked; `search` is part of a name or an ID number.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but an employer's agents.
pub async fn staff(
    app: &App,
    actor: &Actor,
    search: &str,
    after: Option<PersonId>,
    limit: u16,
) -> Result<Staff, Error> {
    let (_, employer) = employer(actor)?;
    let (filers, today) = (actor.colleagues.clone(), app.clock.now().day());
    let search = search_of(search, today);
    app.db
        .read(move |conn| {
            let most = i64::from(limit) + 1;
            let mut members = staff::of_employer(conn, (employer, today), &search, after, most)?;
            let rest = cut(&mut members, limit);
            let people: Vec<PersonId> = members.iter().map(|member| member.person).collect();
            let mut registered: BTreeMap<PersonId, Vec<Registered>> = BTreeMap::new();
            for one in staff::registered(conn, &people, &filers)? {
                registered.entry(one.person).or_default().push(one);
            }
            Ok(Staff {
                members,
                registered,
                rest,
            })
        })
        .await
}

fn search_of(typed: &str, today: Day) -> Search {
    let typed = cleaned(typed);
    match (typed.as_str(), IdNumber::parse(&typed, today)) {
        ("", _) => Search::All,
        (_, Ok(number)) => Search::Number(number),
        (name, Err(_)) => Search::Name(name.to_owned()),
    }
}

/// The own staff with full ID numbers, for the employer's own programs; each read is logged before it is answered.
///
/// # Errors
/// As [`staff`].
pub async fn staff_in_full(
    app: &App,
    actor: &Actor,
    after: Option<PersonId>,
    limit: u16,
) -> Result<(Vec<Member>, Rest), Error> {
    read_in_full(app, actor, Search::All, after, limit, String::new()).await
}

/// One of the own staff with the full ID number, for a reason (CAS-13).
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::NotFound`] for who is not of the own staff.
pub async fn reveal(
    app: &App,
    actor: &Actor,
    person: PersonId,
    reason: &str,
) -> Result<Member, Error> {
    employer(actor)?;
    let reason: String = cleaned(reason).chars().take(LONGEST_REASON).collect();
    if reason.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("reason", "required")]));
    }
    let (found, _) = read_in_full(app, actor, Search::Person(person), None, 1, reason).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

async fn read_in_full(
    app: &App,
    actor: &Actor,
    search: Search,
    after: Option<PersonId>,
    limit: u16,
    reason: String,
) -> Result<(Vec<Member>, Rest), Error> {
    let (pool, employer) = employer(actor)?;
    let (account, now) = (actor.account, app.clock.now());
    let ids: Vec<ReadId> = (0..limit).map(|_| Clock::new_id()).collect();
    app.db
        .write(move |conn| {
            let day = now.day();
            let most = i64::from(limit) + 1;
            let mut members = staff::of_employer(conn, (employer, day), &search, after, most)?;
            let rest = cut(&mut members, limit);
            let reads: Vec<Read> = members
                .iter()
                .zip(&ids)
                .map(|(member, id)| Read {
                    id: *id,
                    at: now,
                    account,
                    person: member.person,
                    case: None,
                    what: NUMBER.to_owned(),
                    reason: reason.clone(),
                })
                .collect();
            staff::log_reads(conn, pool, &reads)?;
            Ok((members, rest))
        })
        .await
}
