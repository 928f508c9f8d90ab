//! What an applicant enters of a parcel that is on its way, and what they see of those that came (RB-1).

use super::reading::{Arrived, arrived};
use super::{App, Error, item_of};
use crate::domain::actor::{Actor, Sight};
use crate::domain::case::Channel;
use crate::domain::parcel::Label;
use crate::domain::receipt::ReceiptNo;
use crate::store::cases::Listed;
use crate::store::mailings::{self, Mailing};
use crate::store::{Conn, parcels};
use crate::usecases::error::Conflict;
use crate::usecases::handling::visible;

/// The mail of a case as its applicant sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The case.
    pub listed: Listed,
    /// Whether papers for it are taken by post now.
    pub is_open: bool,
    /// Parcels that were announced and are not here.
    pub on_the_way: Vec<Mailing>,
    /// Parcels that are here.
    pub arrived: Vec<Arrived>,
}

/// The mail of the own case.
///
/// # Errors
/// [`Error::NotFound`] for a missing case and for one that is not theirs.
pub async fn mail(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Mail, Error> {
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = own(conn, &actor, &receipt_no)?;
            let place = (listed.case.pool, listed.case.id);
            let mut here = vec![];
            for parcel in parcels::of_case(conn, place)? {
                here.push(arrived(conn, parcel, listed.case.id)?);
            }
            let mut on_the_way = mailings::of_case(conn, place)?;
            on_the_way.retain(|one| here.iter().all(|parcel| parcel.parcel.label != one.label));
            Ok(Mail {
                is_open: is_open(&listed)? && actor.acts_in(&listed.case),
                on_the_way,
                arrived: here,
                listed,
            })
        })
        .await
}

/// Announces a parcel for the own case; the same one twice is one.
///
/// # Errors
/// As [`mail`]; [`Error::Invalid`] at `courier` and `tracking`, [`Error::Conflict`] when the case takes no papers.
pub async fn announce(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    (courier, tracking): (&str, &str),
) -> Result<(), Error> {
    let mut errors = vec![];
    let label = Label::read(courier, tracking, &mut errors);
    let (actor, receipt_no, now) = (actor.clone(), receipt_no.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let listed = own(conn, &actor, &receipt_no)?;
            let case = &listed.case;
            if !is_open(&listed)? || !actor.acts_in(case) {
                return Err(Error::Conflict(Conflict::State {
                    state: case.state,
                    version: case.version,
                }));
            }
            let label = label
                .clone()
                .ok_or_else(|| Error::Invalid(errors.clone()))?;
            let new = Mailing {
                label,
                entered_at: now,
            };
            Ok(mailings::insert(
                conn,
                (case.pool, case.id),
                &new,
                actor.account,
            )?)
        })
        .await
}

fn own(conn: &mut Conn<'_>, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Listed, Error> {
    let listed = visible(conn, actor, receipt_no)?;
    match actor.sight(&listed.case) {
        Sight::Own => Ok(listed),
        Sight::Office | Sight::None => Err(Error::Forbidden),
    }
}

/// Papers come by post where the item lets them, until the case is over.
fn is_open(listed: &Listed) -> Result<bool, Error> {
    let item = item_of(&listed.case)?;
    Ok(item.channels.contains(&Channel::Mail) && !listed.case.state.is_final())
}
