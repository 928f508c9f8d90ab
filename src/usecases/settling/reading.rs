//! Claims and their settlements as they are read: everything for who handles them, what was approved for whom it is about, and
//! what would come of it by another pack. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use super::super::App;
use super::super::error::Error;
use super::super::handling::visible;
use super::super::viewing::{Summary, is_barred, summarise};
use super::grounds::{Built, build};
use super::{compute, is_claim};
use crate::domain::actor::{Actor, Sight};
use crate::domain::case::{Case, Decision};
use crate::domain::claim::adjusting::Adjustment;
use crate::domain::form::FieldError;
use crate::domain::ids::AccountId;
use crate::domain::place::Pool;
use crate::domain::receipt::ReceiptNo;
use crate::domain::settlement::{Input, Settlement, Used};
use crate::domain::time::Day;
use crate::store::accumulators::Sign;
use crate::store::settlements::Stored;
use crate::store::{Conn, accounts, accumulators, adjustments, settlements};

pub use super::grounds::Ground;

/// A settlement with whether it took room of its year.
#[derive(Clone, Debug)]
pub struct Version {
    /// As it is stored.
    pub stored: Stored,
    /// Whether the second review approved it.
    pub approved: bool,
    /// Whether that was taken back again.
    pub reversed: bool,
}

/// What comes of a claim, or what keeps it from being settled.
pub type Computed = Result<Settlement, Vec<FieldError>>;

/// A claim as who handles it sees it.
#[derive(Clone, Debug)]
pub struct Review {
    /// The case and what is open.
    pub summary: Summary,
    /// The claim and what counts of its lines.
    pub ground: Ground,
    /// Everything that was said of its lines, in order.
    pub adjustments: Vec<Adjustment>,
    /// The stored settlements, the first one first.
    pub versions: Vec<Version>,
    /// What would come of it now.
    pub preview: Computed,
    /// What was used of the year by others.
    pub used: Used,
    /// Names of who adjusted and computed.
    pub names: BTreeMap<AccountId, String>,
}

/// By which pack it is asked what would come of a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Of another pool.
    pub pool: Option<Pool>,
    /// As if the treatment had begun on this day.
    pub from: Option<Day>,
}

impl WhatIf {
    /// Whether anything else is asked than what is so.
    pub fn is_asked(&self) -> bool {
        self.pool.is_some() || self.from.is_some()
    }

    /// The same claim there and then: all days move along.
    fn applied(self, mut input: Input) -> Option<Input> {
        input.pool = self.pool.unwrap_or(input.pool);
        let Some(from) = self.from else {
            return Some(input);
        };
        let days = (from - input.from).num_days();
        let distance = Days::new(days.unsigned_abs());
        let moved = |day: Day| match days < 0 {
            true => day.checked_sub_days(distance),
            false => day.checked_add_days(distance),
        };
        for line in &mut input.lines {
            line.date = moved(line.date)?;
        }
        input.to = moved(input.to)?;
        input.from = from;
        Some(input)
    }
}

/// A claim with everything that its review needs; for the desk.
///
/// # Errors
/// [`Error::NotFound`] for what is no claim or not theirs to see, [`Error::Forbidden`] for the own or a relative's (CAS-10).
pub async fn review(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Review, Error> {
    let (inner, actor, receipt_no) = (app.clone(), actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = at_desk(conn, &actor, &receipt_no)?;
            let summary = summarise(conn, &inner, &actor, listed, vec![])?;
            let case = &summary.listed.case;
            let place = (case.pool, case.id);
            let ground = Ground::of(conn, case)?;
            let used = accumulators::used(conn, ground.year(case))?;
            let preview = match built(conn, case, &ground, used)? {
                Ok(built) => compute(&inner, &built),
                Err(faults) => Err(faults),
            };
            let adjustments = adjustments::of_case(conn, place)?;
            let versions = versions(conn, case)?;
            let mut people: BTreeSet<AccountId> = adjustments.iter().map(|one| one.by).collect();
            people.extend(versions.iter().filter_map(|one| one.stored.computed_by));
            Ok(Review {
                names: accounts::names(conn, &people)?,
                summary,
                ground,
                adjustments,
                versions,
                preview,
                used,
            })
        })
        .await
}

/// What would come of a claim by another pool's pack or another day's; the stored one stays as it is.
///
/// # Errors
/// As [`review`]; [`Error::Invalid`] with what keeps it from being settled there.
pub async fn what_if(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    asked: WhatIf,
) -> Result<Settlement, Error> {
    let (inner, actor, receipt_no) = (app.clone(), actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = at_desk(conn, &actor, &receipt_no)?;
            let case = &listed.case;
            let ground = Ground::of(conn, case)?;
            let used = accumulators::used(conn, ground.year(case))?;
            let mut built = build(conn, case, &ground, used)?;
            let unthinkable = || Error::Invalid(vec![FieldError::new("on", "day-impossible")]);
            built.input = asked.applied(built.input).ok_or_else(unthinkable)?;
            compute(&inner, &built).map_err(Error::Invalid)
        })
        .await
}

fn built(
    conn: &mut Conn<'_>,
    case: &Case,
    ground: &Ground,
    used: Used,
) -> Result<Result<Built, Vec<FieldError>>, Error> {
    match build(conn, case, ground, used) {
        Ok(built) => Ok(Ok(built)),
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        Err(error) => Err(error),
    }
}

/// A claim that somebody at the agency may read.
fn at_desk(
    conn: &mut Conn<'_>,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<crate::store::cases::Listed, Error> {
    let listed = visible(conn, actor, receipt_no)?;
    if actor.sight(&listed.case) != Sight::Office {
        return Err(Error::NotFound);
    }
    if is_barred(actor, &listed.case) {
        return Err(Error::Forbidden);
    }
    Ok(listed)
}

fn versions(conn: &mut Conn<'_>, case: &Case) -> Result<Vec<Version>, Error> {
    let place = (case.pool, case.id);
    let entered = accumulators::entered(conn, place)?;
    let versions = settlements::of_case(conn, place)?
        .into_iter()
        .map(|stored| Version {
            approved: entered.contains(&(stored.number, Sign::Takes)),
            reversed: entered.contains(&(stored.number, Sign::GivesBack)),
            stored,
        });
    Ok(versions.collect())
}

/// The settlements of a case that the reader may see: at the agency all of them, otherwise those that were approved.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The case.
    pub case: Case,
    /// The claim and what counts of its lines.
    pub ground: Ground,
    /// The settlements, the first one first.
    pub versions: Vec<Version>,
}

impl Seen {
    /// The one that holds: the last that was approved.
    pub fn last(&self) -> Option<&Version> {
        self.versions.iter().rev().find(|one| one.approved)
    }

    /// Whether it is being looked at again.
    pub fn is_open_again(&self) -> bool {
        self.case.decision != Some(Decision::Approved)
    }
}

/// The settlements of a case.
///
/// # Errors
/// [`Error::NotFound`] for what is no claim or not theirs to see, [`Error::Forbidden`] for the own or a relative's at the
/// agency (CAS-10).
pub async fn seen(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Seen, Error> {
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = visible(conn, &actor, &receipt_no)?;
            if is_barred(&actor, &listed.case) {
                return Err(Error::Forbidden);
            }
            let ground = Ground::of(conn, &listed.case)?;
            let mut versions = versions(conn, &listed.case)?;
            // Before the second review it is talk inside the agency.
            let office = actor.sight(&listed.case) == Sight::Office;
            versions.retain(|one| office || one.approved);
            Ok(Seen {
                case: listed.case,
                ground,
                versions,
            })
        })
        .await
}

/// Whether a case has a settlement that the person it is about can read; asked for every case page.
///
/// # Errors
/// The database's.
pub async fn has_approved(app: &App, case: &Case) -> Result<bool, Error> {
    if !crate::items::find(&case.item).is_some_and(is_claim) {
        return Ok(false);
    }
    let place = (case.pool, case.id);
    let entered = app
        .db
        .read(move |conn| accumulators::entered(conn, place))
        .await?;
    Ok(!entered.is_empty())
}
