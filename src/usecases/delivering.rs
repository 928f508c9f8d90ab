//! What was told about a case, by which ways, and what became of it (CAS-12): the agency sees what all applicants were
//! told, an applicant what they were told themselves. Nothing here sends anything.

use super::App;
use super::error::Error;
use crate::domain::actor::{Actor, Sight};
use crate::domain::case::Case;
use crate::domain::notice::Readers;
use crate::store::outbox::{self, Told};

/// Notices of a case that are shown.
const SHOWN: i64 = 50;

/// What was told about a case to those whom it concerns, the latest first. Notices to the agency's own staff are left
/// out.
///
/// # Errors
/// [`Error::NotFound`] for who may not see the case.
pub async fn told(app: &App, actor: &Actor, case: &Case) -> Result<Vec<Told>, Error> {
    let account = match actor.sight(case) {
        Sight::Office => None,
        Sight::Own => Some(actor.account),
        Sight::None => return Err(Error::NotFound),
    };
    let (pool, id) = (case.pool, case.id);
    let mut told = app
        .db
        .read(move |conn| outbox::of_case(conn, pool, id, account, SHOWN).map_err(Error::from))
        .await?;
    told.retain(|one| one.kind.readers() == Readers::Public);
    Ok(told)
}
