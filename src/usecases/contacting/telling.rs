//! Who is told what of a contact (CAS-12). Whoever answers is told of no case and no person; the agency that asked is told
//! by its case.

use std::collections::BTreeMap;

use super::{Error, Fresh};
use crate::domain::contact::{Contact, ReachedBy};
use crate::domain::ids::AccountId;
use crate::domain::notice::{self, Kind, Notice};
use crate::domain::place::{AgencyCode, Pool};
use crate::store::messages::{Subject, Written, addressee, post_about};
use crate::store::{Conn, cases, contacts, roster};

/// A message has come: whoever answers for the agency.
pub(super) fn received(conn: &mut Conn<'_>, one: &Contact, fresh: &Fresh<'_>) -> Result<(), Error> {
    let to = contacts::speakers(conn, one.receiver)?;
    plainly(
        conn,
        one.receiver.pool(),
        &to,
        Kind::ContactReceived,
        one,
        fresh,
    )
}

/// One working hour is left: whoever answers, or writes down the answer.
pub(super) fn last_hour(
    conn: &mut Conn<'_>,
    one: &Contact,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let to = contacts::speakers(conn, one.agency)?;
    plainly(
        conn,
        one.agency.pool(),
        &to,
        Kind::ContactLastHour,
        one,
        fresh,
    )
}

/// The time is over: the supervisors of whoever was to answer; of a provincial centre its handlers.
pub(super) fn overdue(conn: &mut Conn<'_>, one: &Contact, fresh: &Fresh<'_>) -> Result<(), Error> {
    let to = match one.reached_by {
        ReachedBy::Service => supervisors(conn, one.receiver)?,
        ReachedBy::Outside => vec![],
    };
    plainly(
        conn,
        one.agency.pool(),
        &to,
        Kind::ContactOverdue,
        one,
        fresh,
    )
}

fn supervisors(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<AccountId>, Error> {
    let supervisors = roster::supervisors(conn, agency)?;
    match supervisors.is_empty() {
        true => Ok(contacts::speakers(conn, agency)?),
        false => Ok(supervisors),
    }
}

/// Nothing came in time: who asked.
pub(super) fn silent(conn: &mut Conn<'_>, one: &Contact, fresh: &Fresh<'_>) -> Result<(), Error> {
    to_origin(conn, one, Kind::ContactSilent, fresh)
}

/// An answer has come: who asked.
pub(super) fn answered(conn: &mut Conn<'_>, one: &Contact, fresh: &Fresh<'_>) -> Result<(), Error> {
    to_origin(conn, one, Kind::ContactAnswered, fresh)
}

/// Tells the agency where the thread began: of a case its holder, or who asked; of an entry of the ledger all who speak
/// for the agency.
fn to_origin(
    conn: &mut Conn<'_>,
    one: &Contact,
    kind: Kind,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let Some(of) = &one.matter.case else {
        let to = contacts::speakers(conn, one.matter.origin)?;
        return plainly(conn, one.matter.origin.pool(), &to, kind, one, fresh);
    };
    let Some(listed) = cases::by_id(conn, of.pool, of.id)? else {
        return Ok(());
    };
    let case = &listed.case;
    let asked = contacts::find(
        conn,
        of.pool,
        one.thread,
        crate::domain::contact::Side::Sent,
    )?;
    let to = case.holder.or(asked.and_then(|first| first.sent_by));
    let notice = notice::about(case, kind);
    post(conn, &Subject::case(case)?, to.as_slice(), &notice, fresh)
}

/// Tells of a contact without naming case or person.
fn plainly(
    conn: &mut Conn<'_>,
    pool: Pool,
    to: &[AccountId],
    kind: Kind,
    one: &Contact,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let particulars = BTreeMap::from([("due".to_owned(), one.term.due.rfc3339())]);
    let about = Subject { pool, case: None };
    post(conn, &about, to, &Notice { kind, particulars }, fresh)
}

fn post(
    conn: &mut Conn<'_>,
    about: &Subject,
    to: &[AccountId],
    notice: &Notice,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let written = Written {
        at: fresh.at,
        real: fresh.real,
    };
    for account in to {
        if let Some(to) = addressee(conn, *account)? {
            post_about(conn, about, &to, notice, fresh.messages, written)?;
        }
    }
    Ok(())
}
