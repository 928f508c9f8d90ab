//! Registering parcels (RB-1, CLK-4): each once, with the cases it is for. A case that waits for it goes on in the same
//! transaction; the holder of one that does not is told.

use super::{App, CLERKS, Error, agency, case_here, item_of, not_here, settle, taken, theirs};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{ParcelId, PersonId};
use crate::domain::notice::{self, Audience};
use crate::domain::parcel::{self, Courier, Entry, Raw};
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::table::find;
use crate::domain::workflow::{Action, Command};
use crate::store::cases::Listed;
use crate::store::parcels::{self, Filter, Held, Parcel, Registered};
use crate::store::{Conn, cases, mailings, people};
use crate::usecases::handling::Act;
use crate::usecases::saving::StepIds;
use crate::usecases::telling::tell;

/// What a scanned or typed code leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A parcel that is registered.
    Parcel(ParcelId),
    /// A parcel to be registered, with what is known of it.
    New {
        /// Who is to bring it.
        courier: Option<Courier>,
        /// Its number; empty when a receipt number was scanned.
        tracking: String,
        /// The cases it is for.
        cases: Vec<String>,
    },
}

/// What a code is: a receipt number, the address in the cover sheet's QR code, or a tracking number.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Invalid`] at `code`.
pub async fn scan(app: &App, actor: &Actor, code: &str) -> Result<Scanned, Error> {
    let agency = agency(actor, CLERKS)?;
    let code = code.trim();
    let number = code.split_once("receipt_no=").map_or(code, |(_, rest)| {
        rest.split(['&', '#']).next().unwrap_or_default()
    });
    if let Ok(number) = number.parse::<ReceiptNo>() {
        return app
            .db
            .read(move |conn| match case_here(conn, agency, &number)? {
                Some(listed) => Ok(Scanned::New {
                    courier: None,
                    tracking: String::new(),
                    cases: vec![listed.case.receipt_no],
                }),
                None => Err(not_here("code", &number)),
            })
            .await;
    }
    let Some(tracking) = parcel::tracking(code) else {
        let error = FieldError::new("code", "code-unknown");
        return Err(Error::Invalid(vec![error]));
    };
    app.db
        .read(move |conn| by_tracking(conn, agency, tracking.clone()))
        .await
}

fn by_tracking(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    tracking: String,
) -> Result<Scanned, Error> {
    let filter = Filter::Tracking(tracking.clone());
    let known = parcels::page(conn, agency, &filter, None, 1)?;
    if let Some(parcel) = known.first() {
        return Ok(Scanned::Parcel(parcel.id));
    }
    let announced = mailings::announced(conn, agency.pool(), &tracking)?;
    let ids: Vec<_> = announced.iter().map(|(case, _)| *case).collect();
    let cases = cases::by_ids(conn, agency.pool(), &ids)?;
    let mut cases: Vec<String> = cases
        .into_iter()
        .filter(|listed| listed.case.agency == agency)
        .map(|listed| listed.case.receipt_no)
        .collect();
    cases.sort();
    Ok(Scanned::New {
        courier: announced.first().map(|(_, courier)| *courier),
        tracking,
        cases,
    })
}

/// Registers a parcel; one whose courier and number are registered is the first one again.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Invalid`] with every fault at its field, [`Error::Conflict`] when somebody moves
/// one of its cases at this moment.
pub async fn register(
    app: &App,
    actor: &Actor,
    raw: &Raw,
) -> Result<(Registered, ParcelId), Error> {
    let agency = agency(actor, CLERKS)?;
    let now = app.clock.now();
    let entry = parcel::read(raw, now).map_err(Error::Invalid)?;
    let id: ParcelId = Clock::new_id();
    let steps = steps(app, actor, &entry);
    let by = actor.account;
    app.db
        .write(move |conn| {
            let parcel = Parcel {
                pool: agency.pool(),
                id,
                agency,
                label: entry.label.clone(),
                posted_on: entry.posted_on,
                delivered_at: entry.delivered_at,
                sender: entry.sender.clone(),
                person: person(conn, entry.id_number.as_ref())?,
                contents: entry.contents.clone(),
                originals: 0,
                registered_by: by,
                registered_at: now,
                closed_at: None,
            };
            if parcels::insert(conn, &parcel)? == Registered::Before {
                return again(conn, &parcel);
            }
            for step in &steps {
                let listed = case_here(conn, agency, &step.number)?
                    .ok_or_else(|| not_here("cases", &step.number))?;
                step.bring(conn, &parcel, &listed, now)?;
            }
            Ok((Registered::Now, id))
        })
        .await
}

/// The parcel that was registered first, where this mailroom has it.
fn again(conn: &mut Conn<'_>, parcel: &Parcel) -> Result<(Registered, ParcelId), Error> {
    let first = parcels::by_label(conn, parcel.pool, &parcel.label)?.ok_or(Error::NotFound)?;
    match first.agency == parcel.agency {
        true => Ok((Registered::Before, first.id)),
        false => {
            let error = FieldError::new("tracking", "parcel-elsewhere");
            Err(Error::Invalid(vec![error]))
        }
    }
}

fn person(conn: &mut Conn<'_>, number: Option<&IdNumber>) -> Result<Option<PersonId>, Error> {
    let Some(number) = number else {
        return Ok(None);
    };
    match people::by_id_number(conn, number)? {
        Some((id, _)) => Ok(Some(id)),
        None => {
            let error = FieldError::new("id_number", "person-unknown");
            Err(Error::Invalid(vec![error]))
        }
    }
}

/// Adds a case to a parcel that is registered: it was found when the parcel was opened.
///
/// # Errors
/// [`Error::NotFound`] for a parcel of another mailroom, [`Error::Invalid`] at `case`.
pub async fn add_case(app: &App, actor: &Actor, id: ParcelId, number: &str) -> Result<(), Error> {
    let agency = agency(actor, CLERKS)?;
    let number: ReceiptNo = number.parse().map_err(|_| {
        let error = FieldError::new("case", "receipt-malformed").with("number", number.trim());
        Error::Invalid(vec![error])
    })?;
    let now = app.clock.now();
    let (reader, wanted) = (agency, id);
    let delivered_at = app
        .db
        .read(move |conn| theirs(conn, reader, wanted).map(|parcel| parcel.delivered_at))
        .await?;
    let step = Step::new(app, actor, number, delivered_at);
    app.db
        .write(move |conn| {
            let parcel = taken(conn, agency, id)?;
            let listed = case_here(conn, agency, &step.number)?
                .ok_or_else(|| not_here("case", &step.number))?;
            let held = parcels::cases(conn, (parcel.pool, id))?;
            if held.iter().all(|one| one.case != listed.case.id) {
                step.bring(conn, &parcel, &listed, now)?;
                settle(conn, &parcel, now)?;
            }
            Ok(())
        })
        .await
}

fn steps(app: &App, actor: &Actor, entry: &Entry) -> Vec<Step> {
    let numbers = entry.cases.iter().cloned();
    numbers
        .map(|number| Step::new(app, actor, number, entry.delivered_at))
        .collect()
}

/// What a parcel does to one of its cases, with identifiers made before the transaction.
struct Step {
    number: ReceiptNo,
    act: Act,
    ids: StepIds,
}

impl Step {
    fn new(app: &App, actor: &Actor, number: ReceiptNo, delivered_at: Ts) -> Self {
        Self {
            number,
            act: Act::new(app, actor, Command::RegisterParcel { delivered_at }),
            ids: StepIds::new(),
        }
    }

    /// Adds the case to the parcel; one that waits for it goes on, of another the holder is told.
    fn bring(
        &self,
        conn: &mut Conn<'_>,
        parcel: &Parcel,
        listed: &Listed,
        now: Ts,
    ) -> Result<(), Error> {
        let case = &listed.case;
        let held = Held {
            case: case.id,
            taken_in: false,
        };
        parcels::add_case(conn, (parcel.pool, parcel.id), held, now)?;
        let item = item_of(case)?;
        if find(item.table, case, Action::RegisterParcel).is_some() {
            self.act.perform(conn, listed)?;
            return Ok(());
        }
        let notice = notice::about(case, notice::Kind::ParcelAttached);
        Ok(tell(conn, case, Audience::Holder, &notice, now, &self.ids)?)
    }
}
