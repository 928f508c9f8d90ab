//! Who is told of a booking (CAS-12): who comes and who booked. No item and no name goes into a message: where, when, and
//! the code to say at the counter.

use std::collections::{BTreeMap, BTreeSet};

use super::Fresh;
use crate::domain::ids::AccountId;
use crate::domain::notice::{Kind, Notice};
use crate::store::appointments::Appointment;
use crate::store::messages::{Subject, Written, addressees, post_about};
use crate::store::{Conn, people};
use crate::usecases::Error;

/// Tells them.
pub(super) fn tell(
    conn: &mut Conn<'_>,
    fresh: &Fresh,
    one: &Appointment,
    kind: Kind,
) -> Result<(), Error> {
    let mut accounts: BTreeSet<AccountId> = people::logins(conn, one.person)?.into_iter().collect();
    accounts.insert(one.booked_by);
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let about = Subject {
        pool: one.pool,
        case: None,
    };
    let notice = Notice {
        kind,
        particulars: particulars(fresh, one),
    };
    let written = Written {
        at: fresh.at,
        real: fresh.real,
    };
    for to in addressees(conn, &accounts)?.values() {
        post_about(conn, &about, to, &notice, &fresh.messages, written)?;
    }
    Ok(())
}

fn particulars(fresh: &Fresh, one: &Appointment) -> BTreeMap<String, String> {
    let agencies = fresh.app.office.agencies();
    let address = agencies
        .get(&one.agency)
        .map(|agency| agency.address.clone());
    let mut all = BTreeMap::from([("starts".to_owned(), one.starts_at.rfc3339())]);
    all.extend(address.map(|address| ("place".to_owned(), address)));
    all.extend(one.code.clone().map(|code| ("code".to_owned(), code)));
    all
}
