//! What the desk shows around the cases: how much waits, facts beside each row, neighbours in a list, requests for
//! a second person. Nothing here changes anything; nothing counts further than [`COUNTED`].

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::handling::visible;
use crate::domain::actor::{Actor, Role};
use crate::domain::case::{Case, Urgency};
use crate::domain::event::Event;
use crate::domain::ids::{AccountId, BatchId, CaseId};
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::registration::Registration;
use crate::store::approvals::Asked;
use crate::store::cases::Listed;
use crate::store::queue::{self, Filter, List, Place};
use crate::store::{Conn, accounts, approvals, batch_cases, cases, journal, registrations};

/// How far lists are counted; beyond it a page says "more than".
pub const COUNTED: u16 = 50;

/// How many, as far as it was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(usize),
    /// At least one more than so many.
    MoreThan(usize),
}

impl Count {
    /// From what a query found that asked for one more than [`COUNTED`].
    pub fn of(found: usize) -> Self {
        let most = usize::from(COUNTED);
        if found > most {
            Self::MoreThan(most)
        } else {
            Self::Exactly(found)
        }
    }

    /// Whether there is nothing.
    pub fn is_zero(self) -> bool {
        self == Self::Exactly(0)
    }
}

/// What waits at the agency, for the desk's first page; lists that are not the reader's business are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// In the queue, without the own and relatives' cases (CAS-10).
    pub queue: Count,
    /// For a second person (CAS-3).
    pub reviews: Count,
    /// On the supervisor's list (CLK-7).
    pub escalated: Count,
    /// For another supervisor's confirmation (CAS-1).
    pub approvals: Count,
}

/// Counts what waits.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn waiting(app: &App, actor: &Actor) -> Result<Waiting, Error> {
    actor.require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let excluded: Vec<_> = actor
        .person
        .into_iter()
        .chain(actor.relatives.iter().copied())
        .collect();
    let account = actor.account;
    let limit = i64::from(COUNTED) + 1;
    app.db
        .read(move |conn| {
            let listed = |conn: &mut Conn<'_>, list| queue::count(conn, agency, list, limit);
            Ok(Waiting {
                queue: Count::of(queue::count_waiting(
                    conn,
                    agency,
                    (account, &excluded),
                    limit,
                )?),
                reviews: Count::of(listed(conn, List::SecondReview)?),
                escalated: Count::of(listed(conn, List::Escalated)?),
                approvals: Count::of(approvals::of_agency(conn, agency, limit)?.len()),
            })
        })
        .await
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// The cases, most urgent first.
    pub rows: Vec<Listed>,
    /// What is shown beside them.
    pub facts: Facts,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
}

/// The queue of the own agency, narrowed to an item or an urgency class.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn queue(
    app: &App,
    actor: &Actor,
    item: Option<&'static str>,
    urgency: Option<Urgency>,
    after: Option<Place>,
) -> Result<QueuePage, Error> {
    actor.require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let filter = Filter { item, urgency };
    let limit = i64::from(COUNTED);
    app.db
        .read(move |conn| {
            let mut rows = queue::filtered(conn, agency, filter, after, limit + 1)?;
            let more = rows.len() > usize::from(COUNTED);
            rows.truncate(usize::from(COUNTED));
            let last = rows.last().filter(|_| more);
            let next = last.and_then(|listed| {
                Some(Place {
                    rank: listed.case.queue_rank(),
                    due: listed.case.due()?,
                    id: listed.case.id,
                })
            });
            let facts = facts_of(conn, &rows)?;
            Ok(QueuePage { rows, facts, next })
        })
        .await
}

/// Facts of cases by case and name, as lists show them.
pub type Facts = BTreeMap<CaseId, BTreeMap<String, String>>;

/// The facts of the cases on one page, in one query. The cases are ones the reader was given.
///
/// # Errors
/// The database's.
pub async fn facts(app: &App, rows: &[Listed]) -> Result<Facts, Error> {
    if rows.is_empty() {
        return Ok(Facts::new());
    }
    let rows = rows.to_vec();
    app.db.read(move |conn| facts_of(conn, &rows)).await
}

fn facts_of(conn: &mut Conn<'_>, rows: &[Listed]) -> Result<Facts, Error> {
    let mut facts = Facts::new();
    let Some(pool) = rows.first().map(|listed| listed.case.pool) else {
        return Ok(facts);
    };
    let ids: Vec<CaseId> = rows.iter().map(|listed| listed.case.id).collect();
    for (case, name, value) in cases::facts(conn, pool, &ids)? {
        facts.entry(case).or_default().insert(name, value);
    }
    Ok(facts)
}

/// What stands beside a case on the desk.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The person's registrations, newest start first.
    pub registrations: Vec<Registration>,
    /// The case before it in the reader's own list.
    pub previous: Option<String>,
    /// The case after it.
    pub next: Option<String>,
    /// The batch of an employer that it came out of (XR-9).
    pub batch: Option<BatchId>,
}

/// Looks up what stands beside a case the reader was given.
///
/// # Errors
/// The database's.
pub async fn beside(app: &App, actor: &Actor, case: &Case) -> Result<Beside, Error> {
    let (case, list) = (case.clone(), own_list(actor));
    app.db
        .read(move |conn| {
            let mut beside = Beside {
                registrations: registrations::of_person(conn, case.person)?,
                batch: batch_cases::batch_of(conn, case.pool, case.id)?,
                ..Beside::default()
            };
            if let Some((agency, list)) = list {
                let limit = i64::from(COUNTED);
                let rows = queue::list(conn, agency, list, None, limit)?;
                (beside.previous, beside.next) = neighbours(&rows, &case);
            }
            Ok(beside)
        })
        .await
}

/// The list through which somebody works.
fn own_list(actor: &Actor) -> Option<(AgencyCode, List)> {
    let list = match actor.role {
        Role::Handler => List::Held(actor.account),
        Role::Reviewer => List::SecondReview,
        Role::Supervisor => List::Escalated,
        _ => return None,
    };
    Some((actor.agency?, list))
}

/// The receipt numbers before and after a case in a list; nothing when it is not in it.
fn neighbours(rows: &[Listed], case: &Case) -> (Option<String>, Option<String>) {
    let Some(at) = rows.iter().position(|listed| listed.case.id == case.id) else {
        return (None, None);
    };
    let number = |at: Option<usize>| Some(rows.get(at?)?.case.receipt_no.clone());
    (number(at.checked_sub(1)), number(at.checked_add(1)))
}

/// A request for a second person, with its case.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is asked for.
    pub asked: Asked,
    /// The case.
    pub listed: Listed,
}

/// What waits for confirmation at the own agency, oldest first, with the names of who asked.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors.
pub async fn requests(
    app: &App,
    actor: &Actor,
) -> Result<(Vec<Request>, BTreeMap<AccountId, String>), Error> {
    actor.require(&[Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    app.db
        .read(move |conn| {
            let found = approvals::of_agency(conn, agency, i64::from(COUNTED))?;
            let ids: Vec<CaseId> = found.iter().map(|asked| asked.case).collect();
            let listed: BTreeMap<CaseId, Listed> = cases::by_ids(conn, agency.pool(), &ids)?
                .into_iter()
                .map(|listed| (listed.case.id, listed))
                .collect();
            let people: BTreeSet<AccountId> = found.iter().map(|asked| asked.asked_by).collect();
            let requests = found
                .into_iter()
                .filter_map(|asked| {
                    let listed = listed.get(&asked.case)?.clone();
                    Some(Request { asked, listed })
                })
                .collect();
            Ok((requests, accounts::names(conn, &people)?))
        })
        .await
}

/// What the reader did to a case last, if nobody did anything since: for "done" notices, which a made-up link
/// can't fake.
///
/// # Errors
/// [`Error::NotFound`] for what the actor may not see.
pub async fn just_done(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<Option<Event>, Error> {
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = visible(conn, &actor, &receipt_no)?;
            let last = journal::last(conn, listed.case.pool, listed.case.id)?;
            Ok(last.filter(|event| event.actor == Some(actor.account)))
        })
        .await
}
