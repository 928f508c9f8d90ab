//! Lists of contacts and single ones, each as the reader's own side has it (CAS-10): purpose, message, who it concerns and
//! files; never the other side's case. ID numbers are masked until somebody asks, and that leaves a trace (CAS-13).

use std::collections::{BTreeMap, BTreeSet};

use super::answering::theirs;
use super::{App, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role, Sight};
use crate::domain::case::Case;
use crate::domain::contact::{Contact, READERS, SPEAKERS, Side};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, ContactId, ReadId};
use crate::domain::text::cleaned;
use crate::domain::time::Ts;
use crate::store::contacts::{self, File, Filter, Waiting};
use crate::store::reads::{self, Read};
use crate::store::{Conn, accounts};
use crate::usecases::desk::{COUNTED, Count};
use crate::usecases::listing::Rest;

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 500;

/// What is asked of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// By whether they wait.
    pub waiting: Waiting,
    /// One side only.
    pub side: Option<Side>,
    /// Only those whose answer is given or written down here.
    pub answered_here: bool,
}

/// Place of an entry in its list.
pub type Place = (Ts, ContactId);

/// Where an entry stands in a list: by its due time while only what waits is listed, else by when it was sent.
pub fn place(asked: &Asked, one: &Contact) -> Place {
    match asked.waiting {
        Waiting::Yes | Waiting::TooLong(_) => (one.term.due, one.id),
        Waiting::No | Waiting::Either => (one.sent_at, one.id),
    }
}

/// A page of the own side's contacts: an agency's, an auditor's pool's.
///
/// # Errors
/// [`Error::Forbidden`] for roles that have no part in contacts.
pub async fn page(
    app: &App,
    actor: &Actor,
    asked: Asked,
    after: Option<Place>,
    limit: u16,
) -> Result<(Vec<Contact>, Rest), Error> {
    actor.require(READERS)?;
    let (pool, agency) = match (actor.role, actor.agency, actor.pool) {
        (Role::Auditor, _, Some(pool)) => (pool, None),
        (_, Some(agency), _) => (agency.pool(), Some(agency)),
        (_, None, _) => return Err(Error::Forbidden),
    };
    let filter = Filter {
        pool,
        agency,
        waiting: asked.waiting,
        side: asked.side,
        answered_here: asked.answered_here,
    };
    app.db
        .read(move |conn| {
            let mut found = contacts::list(conn, &filter, after, i64::from(limit) + 1)?;
            let rest = match found.len() > usize::from(limit) {
                true => Rest::More,
                false => Rest::Nothing,
            };
            found.truncate(usize::from(limit));
            Ok((found, rest))
        })
        .await
}

/// How many contacts the own agency has not answered in time, for its supervisors.
///
/// # Errors
/// [`Error::Forbidden`] for who has no agency.
pub async fn overdue(app: &App, actor: &Actor) -> Result<Count, Error> {
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let (now, limit) = (app.clock.now(), i64::from(COUNTED) + 1);
    app.db
        .read(move |conn| {
            let found = contacts::overdue(conn, agency, now, limit)?;
            Ok(Count::of(found))
        })
        .await
}

/// A contact with what its page shows.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The own side.
    pub contact: Contact,
    /// The last leg, where the provincial centre has passed it on.
    pub onward: Option<Contact>,
    /// What goes along.
    pub files: Vec<File>,
    /// Names of the own side's people in it.
    pub names: BTreeMap<AccountId, String>,
}

/// Opens a contact.
///
/// # Errors
/// [`Error::Forbidden`] for roles without contacts and for the own or a relative's (CAS-10), [`Error::NotFound`] for what
/// the reader has no side of.
pub async fn open(app: &App, actor: &Actor, id: ContactId) -> Result<Opened, Error> {
    let actor = actor.clone();
    app.db.read(move |conn| opened(conn, &actor, id)).await
}

pub(super) fn opened(conn: &mut Conn<'_>, actor: &Actor, id: ContactId) -> Result<Opened, Error> {
    actor.require(READERS)?;
    let contact = theirs(conn, actor, id)?;
    if contact.is_partial(actor) {
        return Err(Error::Forbidden);
    }
    let onward = onward(conn, &contact)?;
    let files = contacts::files(conn, contact.agency.pool(), contact.thread)?;
    let answered_by = contact.answered.as_ref().and_then(|answered| answered.by);
    let mut own: BTreeSet<AccountId> = match contact.side {
        Side::Sent => contact.sent_by.into_iter().collect(),
        Side::Received => BTreeSet::new(),
    };
    own.extend(answered_by.filter(|_| contact.answers_here()));
    Ok(Opened {
        onward,
        files,
        names: accounts::names(conn, &own)?,
        contact,
    })
}

/// The leg that a contact led to, as far as its answer is the reader's: who asked first sees the last answer.
fn onward(conn: &mut Conn<'_>, contact: &Contact) -> Result<Option<Contact>, Error> {
    if contact.is_last() || contact.answered.is_none() {
        return Ok(None);
    }
    let thread = contacts::of_thread(conn, contact.thread)?;
    Ok(thread.into_iter().rfind(|leg| leg.leg > contact.leg))
}

/// What a case has asked, for the agency that has the case: each with the leg it led to.
///
/// # Errors
/// [`Error::NotTheirs`] for who does not see the case as its office.
pub async fn panel(
    app: &App,
    actor: &Actor,
    case: &Case,
) -> Result<Vec<(Contact, Option<Contact>)>, Error> {
    match actor.sight(case) {
        Sight::Office => {}
        Sight::Own | Sight::None => return Err(Error::NotTheirs),
    }
    let (pool, id) = (case.pool, case.id);
    app.db
        .read(move |conn| {
            let sent = contacts::of_case(conn, pool, id)?;
            sent.into_iter()
                .map(|one| {
                    let onward = onward(conn, &one)?;
                    Ok((one, onward))
                })
                .collect()
        })
        .await
}

/// Shows the ID number of who a contact concerns, and logs who looked and why: with the person where the registry knows
/// them, else in the service's log.
///
/// # Errors
/// As [`open`]; [`Error::Invalid`] without a reason, [`Error::Forbidden`] for who does not speak for an agency.
pub async fn reveal(
    app: &App,
    actor: &Actor,
    id: ContactId,
    reason: &str,
) -> Result<String, Error> {
    actor.require(SPEAKERS)?;
    let reason: String = cleaned(reason).chars().take(LONGEST_REASON).collect();
    let (actor, now): (_, Ts) = (actor.clone(), app.clock.now());
    let read_id: ReadId = Clock::new_id();
    app.db
        .write(move |conn| {
            let contact = opened(conn, &actor, id)?.contact;
            if reason.is_empty() {
                return Err(Error::Invalid(vec![FieldError::new("reason", "required")]));
            }
            match contact.matter.person {
                Some(person) => {
                    let read = Read {
                        id: read_id,
                        at: now,
                        account: actor.account,
                        person,
                        case: None,
                        what: "id-number".to_owned(),
                        reason: reason.clone(),
                    };
                    reads::insert(conn, contact.agency.pool(), &read)?;
                }
                None => tracing::info!(
                    contact = %contact.id,
                    account = %actor.account,
                    "an ID number was shown of somebody whom the registry does not know"
                ),
            }
            Ok(contact.matter.subject.id_number)
        })
        .await
}
