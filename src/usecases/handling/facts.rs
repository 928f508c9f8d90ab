//! What an action is judged by, looked up: who may receive a case, whose cases somebody never handles, what a request may name.

use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Recipient};
use crate::store::{Conn, accounts, sessions};
use crate::usecases::Error;

/// Whose cases somebody never handles: the own and relatives' (CAS-10).
pub(super) fn own_people(actor: &Actor) -> Vec<PersonId> {
    let relatives = actor.relatives.iter().copied();
    actor.person.into_iter().chain(relatives).collect()
}

/// CLK-6: a supplement request names the item's own materials and fields.
pub(super) fn check_targets(item: &ServiceItem, command: &Command) -> Result<(), Error> {
    let Command::RequestSupplement { missing } = command else {
        return Ok(());
    };
    match missing.iter().find(|missing| !item.has(&missing.target)) {
        Some(_) => Err(Error::Invalid(vec![FieldError::new(
            "missing",
            "target-unknown",
        )])),
        None => Ok(()),
    }
}

/// Somebody to whom a case may be given, as the accounts know them.
pub(in crate::usecases) fn somebody(
    conn: &mut Conn<'_>,
    account: AccountId,
    now: Ts,
) -> Result<Option<Recipient>, Error> {
    let Some(actor) = sessions::actor(conn, account, now.day())? else {
        return Ok(None);
    };
    Ok(Some(Recipient {
        actor,
        enabled: accounts::is_open(conn, account)?,
    }))
}
