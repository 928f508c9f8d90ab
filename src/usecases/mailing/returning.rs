//! Sending originals back (RB-1): how many sheets, by whom, under which number; never more than came.

use super::{App, CLERKS, Error, agency, settle, taken};
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::ParcelId;
use crate::domain::notice::{self, Audience};
use crate::domain::parcel::Label;
use crate::domain::time::Day;
use crate::store::cases;
use crate::store::parcels::{self, Parcel, Returned};
use crate::usecases::saving::StepIds;
use crate::usecases::telling::tell;

/// What is typed of originals that go back.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Name of the courier.
    pub courier: String,
    /// Tracking number.
    pub tracking: String,
    /// How many sheets.
    pub sheets: i32,
    /// When they were sent; today unless it is said.
    pub sent_on: Option<Day>,
}

/// Writes down that originals went back and tells the applicants; the same number twice is one.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for a parcel of another mailroom, [`Error::Invalid`] at `courier`,
/// `tracking`, `sheets` and `sent_on`.
pub async fn send_back(app: &App, actor: &Actor, id: ParcelId, raw: Raw) -> Result<(), Error> {
    let agency = agency(actor, CLERKS)?;
    let (now, by) = (app.clock.now(), actor.account);
    let ids: Vec<StepIds> = (0..crate::domain::parcel::MOST_CASES)
        .map(|_| StepIds::new())
        .collect();
    app.db
        .write(move |conn| {
            let parcel = taken(conn, agency, id)?;
            let place = (parcel.pool, id);
            let before = parcels::returns(conn, place)?;
            let new = read(&raw, &parcel, &before, now.day())?;
            if before.iter().any(|one| one.label == new.label) {
                return Ok(());
            }
            parcels::insert_return(conn, place, &new, (by, now))?;
            let told = parcels::cases(conn, place)?;
            for (held, ids) in told.iter().zip(&ids) {
                let Some(listed) = cases::by_id(conn, parcel.pool, held.case)? else {
                    continue;
                };
                let notice = notice::about(&listed.case, notice::Kind::OriginalsReturned);
                let notice = notice.without("due");
                tell(conn, &listed.case, Audience::Applicant, &notice, now, ids)?;
                tell(conn, &listed.case, Audience::Concerned, &notice, now, ids)?;
            }
            settle(conn, &parcel, now)
        })
        .await
}

fn read(raw: &Raw, parcel: &Parcel, before: &[Returned], today: Day) -> Result<Returned, Error> {
    let mut errors = vec![];
    let label = Label::read(&raw.courier, &raw.tracking, &mut errors);
    let gone: i32 = before
        .iter()
        .filter(|one| Some(&one.label) != label.as_ref())
        .map(|one| one.sheets)
        .sum();
    let left = parcel.originals - gone;
    if !(1..=left).contains(&raw.sheets) {
        errors.push(FieldError::new("sheets", "sheets-left").with("left", left));
    }
    let sent_on = raw.sent_on.unwrap_or(today);
    if sent_on > today {
        errors.push(FieldError::new("sent_on", "day-in-future"));
    } else if sent_on < parcel.delivered_at.day() {
        errors.push(FieldError::new("sent_on", "sent-before-delivered"));
    }
    match label {
        Some(label) if errors.is_empty() => Ok(Returned {
            label,
            sheets: raw.sheets,
            sent_on,
        }),
        _ => Err(Error::Invalid(errors)),
    }
}
