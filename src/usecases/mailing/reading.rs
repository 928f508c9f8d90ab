//! Lists of parcels, and one with everything that is known of it (RB-1). Of a case only its number and item are told.

use std::collections::BTreeMap;

use super::{App, Error, READERS, agency, item_of, theirs};
use crate::domain::actor::Actor;
use crate::domain::ids::{AccountId, CaseId, ParcelId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::parcel::Found;
use crate::domain::place::Pool;
use crate::store::parcels::{self, Checked, Filter, Held, Parcel, Photo, Returned};
use crate::store::{Conn, accounts, cases, people};
use crate::usecases::listing::Rest;

/// Parcels of a printed list or file at most.
pub const EXPORTED: u16 = 500;

/// A parcel of a list, with the numbers of its cases.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The parcel.
    pub parcel: Parcel,
    /// Receipt numbers of its cases.
    pub cases: Vec<String>,
    /// Sheets of originals that are here still.
    pub originals_here: i32,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The parcels in the order in which they were registered.
    pub entries: Vec<Entry>,
    /// What comes after them.
    pub rest: Rest,
}

/// A page of the agency's parcels, from beyond `after` on.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn page(
    app: &App,
    actor: &Actor,
    filter: Filter,
    after: Option<ParcelId>,
    limit: u16,
) -> Result<Page, Error> {
    let agency = agency(actor, READERS)?;
    app.db
        .read(move |conn| {
            let mut found = parcels::page(conn, agency, &filter, after, i64::from(limit) + 1)?;
            let rest = match found.len() > usize::from(limit) {
                true => Rest::More,
                false => Rest::Nothing,
            };
            found.truncate(usize::from(limit));
            Ok(Page {
                entries: entries(conn, agency.pool(), found)?,
                rest,
            })
        })
        .await
}

/// The numbers and sheets of all of them in three questions, however many they are.
fn entries(conn: &mut Conn<'_>, pool: Pool, found: Vec<Parcel>) -> Result<Vec<Entry>, Error> {
    let ids: Vec<ParcelId> = found.iter().map(|parcel| parcel.id).collect();
    let held = parcels::cases_in(conn, pool, &ids)?;
    let gone = parcels::returned_in(conn, pool, &ids)?;
    let cases: Vec<CaseId> = held.iter().map(|(_, case)| *case).collect();
    let numbers: BTreeMap<CaseId, String> = cases::by_ids(conn, pool, &cases)?
        .into_iter()
        .map(|listed| (listed.case.id, listed.case.receipt_no))
        .collect();
    let entry = |parcel: Parcel| {
        let mine = held.iter().filter(|(id, _)| *id == parcel.id);
        let mut cases: Vec<String> = mine
            .filter_map(|(_, case)| numbers.get(case).cloned())
            .collect();
        cases.sort();
        let gone = gone.iter().filter(|(id, _)| *id == parcel.id);
        let gone: i32 = gone.map(|(_, sheets)| sheets).sum();
        Entry {
            originals_here: parcel.originals - gone,
            cases,
            parcel,
        }
    };
    Ok(found.into_iter().map(entry).collect())
}

/// A case of a parcel: its number, its item, what was found of its materials.
#[derive(Clone, Debug)]
pub struct Part {
    /// Receipt number.
    pub receipt_no: String,
    /// What is applied for.
    pub item: &'static ServiceItem,
    /// Whether it was filed from the parcel.
    pub taken_in: bool,
    /// What was found.
    pub found: BTreeMap<String, Found>,
}

/// Everything of a parcel.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The parcel.
    pub parcel: Parcel,
    /// Its cases.
    pub parts: Vec<Part>,
    /// What went back.
    pub returns: Vec<Returned>,
    /// Pictures.
    pub photos: Vec<Photo>,
    /// Whom one without a form is for.
    pub person: Option<(PersonId, String)>,
    /// Who registered it.
    pub registrar: String,
}

impl Whole {
    /// Sheets of originals that are here still.
    pub fn originals_here(&self) -> i32 {
        let gone: i32 = self.returns.iter().map(|one| one.sheets).sum();
        self.parcel.originals - gone
    }
}

/// One parcel.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for one of another mailroom.
pub async fn whole(app: &App, actor: &Actor, id: ParcelId) -> Result<Whole, Error> {
    let agency = agency(actor, READERS)?;
    app.db
        .read(move |conn| {
            let parcel = theirs(conn, agency, id)?;
            let place = (parcel.pool, id);
            let checked = parcels::checked(conn, place)?;
            let mut parts = vec![];
            for held in parcels::cases(conn, place)? {
                parts.extend(part(conn, &parcel, held, &checked)?);
            }
            parts.sort_by(|a: &Part, b: &Part| a.receipt_no.cmp(&b.receipt_no));
            let person = match parcel.person {
                Some(person) => people::names(conn, &[person])?.into_iter().next(),
                None => None,
            };
            let by: AccountId = parcel.registered_by;
            let registrar = accounts::names(conn, &[by].into())?.remove(&by);
            Ok(Whole {
                returns: parcels::returns(conn, place)?,
                photos: parcels::photos(conn, place)?,
                registrar: registrar.unwrap_or_default(),
                person,
                parts,
                parcel,
            })
        })
        .await
}

fn part(
    conn: &mut Conn<'_>,
    parcel: &Parcel,
    held: Held,
    checked: &[Checked],
) -> Result<Option<Part>, Error> {
    let Some(listed) = cases::by_id(conn, parcel.pool, held.case)? else {
        return Ok(None);
    };
    Ok(Some(Part {
        item: item_of(&listed.case)?,
        taken_in: held.taken_in,
        found: found(checked, held.case),
        receipt_no: listed.case.receipt_no,
    }))
}

fn found(checked: &[Checked], case: CaseId) -> BTreeMap<String, Found> {
    let of_case = checked.iter().filter(|one| one.case == case);
    of_case
        .map(|one| (one.material.clone(), one.found))
        .collect()
}

/// A parcel as the applicant of one of its cases sees it.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The parcel.
    pub parcel: Parcel,
    /// What was found of the case's materials; empty until it was checked.
    pub found: BTreeMap<String, Found>,
    /// What went back.
    pub returns: Vec<Returned>,
}

/// A parcel as the applicant of a case sees it.
pub(super) fn arrived(conn: &mut Conn<'_>, parcel: Parcel, case: CaseId) -> Result<Arrived, Error> {
    let place = (parcel.pool, parcel.id);
    Ok(Arrived {
        found: found(&parcels::checked(conn, place)?, case),
        returns: parcels::returns(conn, place)?,
        parcel,
    })
}
