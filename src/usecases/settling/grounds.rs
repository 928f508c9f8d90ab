//! What a settlement is computed from (SET-1): the claim with what the review allowed of it, what the registry knows of the
//! person, whether treatment elsewhere was registered (XR-7), what was used of the year. Nothing is computed or written here.

use chrono::Datelike;

use super::super::error::Error;
use crate::domain::case::Case;
use crate::domain::claim::adjusting::{Reviewed, reviewed, unsettled};
use crate::domain::claim::{Claim, Class, Covid};
use crate::domain::form::FieldError;
use crate::domain::patient::{Scheme, Status};
use crate::domain::reduction::{Admission, Insured, Reduction, cross_region_reduction};
use crate::domain::region::RegionCode;
use crate::domain::settlement::{
    Category, CountyFinance, CrossRegion, Input, Institution, InsuredAt, Line, Used,
};
use crate::store::accumulators::Year;
use crate::store::registry::Coverage;
use crate::store::{Conn, adjustments, claims, registrations, registry};

/// A claim with what counts of its lines.
#[derive(Clone, Debug)]
pub struct Ground {
    /// As it was filed, or corrected from the papers.
    pub claim: Claim,
    /// Its lines.
    pub lines: Vec<Reviewed>,
}

impl Ground {
    /// The claim of a case.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is none.
    pub(super) fn of(conn: &mut Conn<'_>, case: &Case) -> Result<Self, Error> {
        let place = (case.pool, case.id);
        let claim = claims::find(conn, place)?.ok_or(Error::NotFound)?;
        let said = adjustments::of_case(conn, place)?;
        Ok(Self {
            lines: reviewed(&claim.lines, &said),
            claim,
        })
    }

    /// The year whose room it takes: of discharge or service (SET-7, Choice).
    pub(super) fn year(&self, case: &Case) -> Year {
        Year {
            pool: case.pool,
            person: case.person,
            year: self.claim.to.year(),
        }
    }
}

/// The input of a settlement, with the claim's own numbers of its lines.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) input: Input,
    numbers: Vec<u32>,
}

impl Built {
    /// The claim's number of the line at a place of the input, from 1: lines of which nothing is allowed are left out there.
    pub(super) fn line(&self, place: u32) -> Option<u32> {
        let place = usize::try_from(place).ok()?.checked_sub(1)?;
        self.numbers.get(place).copied()
    }
}

/// Puts together what a claim is settled from.
///
/// # Errors
/// [`Error::Invalid`] with every line that cannot be settled yet; where nothing says that the person is insured.
pub(super) fn build(
    conn: &mut Conn<'_>,
    case: &Case,
    ground: &Ground,
    used: Used,
) -> Result<Built, Error> {
    let faults = unsettled(&ground.lines);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let claim = &ground.claim;
    let person = registry::person(conn, case.person)?.ok_or(Error::NotFound)?;
    let coverage = coverage(conn, case, claim)?;
    let scheme: Scheme = coverage
        .scheme
        .parse()
        .map_err(|_| Error::Fault(format!("no scheme {}", coverage.scheme)))?;
    let counted = ground.lines.iter().filter(|line| !line.allowed.is_zero());
    let input = Input {
        pool: case.pool,
        scheme,
        birth: person.born,
        categories: Category::of_registry(&coverage.category)
            .into_iter()
            .collect(),
        kind: claim.care,
        covid: claim.covid,
        institution: Institution {
            level: claim.treating.level,
            region: claim.treating.region.clone(),
            managed_by: claim.treating.managed_by,
            designated: claim.treating.designated,
        },
        // No pool of this system has a county whose finances the province manages.
        county_finance: CountyFinance::City,
        insured_at: match coverage.agency == case.pool.city_agency() {
            true => InsuredAt::City,
            false => InsuredAt::County,
        },
        cross_region: cross_region(conn, case, claim)?,
        from: claim.from,
        to: claim.to,
        lines: counted.clone().filter_map(line).collect(),
        used,
    };
    Ok(Built {
        input,
        numbers: counted.map(|line| line.asked.number).collect(),
    })
}

fn line(of: &Reviewed) -> Option<Line> {
    let class = of.class?;
    Some(Line {
        date: of.asked.day,
        class,
        fen: of.allowed.fen(),
        own_share_bp: of.own_share.filter(|_| class == Class::B),
        protocol: of.protocol,
        sort: None,
        list: None,
    })
}

/// By whom they were insured on the first day; who enrolled as a patient is reimbursed without the waiting period (SET-10), so
/// that the coverage on the day of filing counts where there was none before.
fn coverage(conn: &mut Conn<'_>, case: &Case, claim: &Claim) -> Result<Coverage, Error> {
    for day in [claim.from, case.filed_at.day()] {
        let found = registry::coverage_on(conn, case.person, day)?;
        if let Some(found) = found.filter(|one| one.pool == case.pool) {
            return Ok(found);
        }
    }
    Err(Error::Invalid(vec![FieldError::new(
        "from",
        "not-insured-then",
    )]))
}

/// Whether the ratio is reduced for treatment elsewhere (XR-7): as the registrations page told them.
fn cross_region(conn: &mut Conn<'_>, case: &Case, claim: &Claim) -> Result<CrossRegion, Error> {
    let region = RegionCode::parse(&claim.treating.region);
    let Some(at) = region.map(|code| code.prefecture().unwrap_or(code)) else {
        return Ok(CrossRegion::None);
    };
    let insured = Insured {
        at: case.pool.as_str(),
        status: match claim.covid {
            Covid::Confirmed => Some(Status::Confirmed),
            Covid::Suspected => Some(Status::Suspected),
            Covid::None => None,
        },
    };
    let at = at.to_string();
    let admission = Admission {
        at: &at,
        on: claim.from,
    };
    let known = registrations::of_person(conn, case.person)?;
    Ok(match cross_region_reduction(insured, admission, &known) {
        Reduction::Applies => CrossRegion::Unregistered,
        Reduction::NoneForCovid
        | Reduction::NoneAtHome
        | Reduction::NoneRegistered(_)
        | Reduction::NoneRecorded(_) => CrossRegion::None,
    })
}
