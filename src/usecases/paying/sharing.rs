//! Who bears the subsidy (SET-8, SET-9), by pool and period: sums that lead to their cases, claims to a treasury with the day
//! it paid, further grants. Shares are booked when a settlement is approved ([`super::on_approved`]).

use super::pool;
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::fiscal::{Booked, Grant, Payer, TreasuryClaim};
use crate::domain::form::FieldError;
use crate::domain::ids::TreasuryClaimId;
use crate::domain::money::Fen;
use crate::domain::text::cleaned;
use crate::domain::time::Day;
use crate::store::fiscal::listing::{self, Place, Which};
use crate::store::fiscal::{self, Paid, Period, Sum};
use crate::store::guards;
use crate::usecases::App;
use crate::usecases::error::{Already, Conflict, Error};
use crate::usecases::listing::{Rest, cut};

/// Claims that a page shows.
const CLAIMS: i64 = 200;
/// Characters of a grant's document.
const LONGEST: usize = 200;

/// What a period comes to.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Sums by payer and who advances.
    pub sums: Vec<Sum>,
    /// Grants of the period.
    pub grants: Vec<Grant>,
    /// Claims of all periods, the latest first.
    pub claims: Vec<TreasuryClaim>,
}

/// What a period comes to.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Invalid`] at `to` when it ends before it begins.
pub async fn of_period(app: &App, actor: &Actor, period: Period) -> Result<Account, Error> {
    let pool = pool(actor)?;
    in_order(period)?;
    app.db
        .read(move |conn| {
            Ok(Account {
                sums: fiscal::sums(conn, pool, period)?,
                grants: fiscal::grants(conn, pool, period)?,
                claims: fiscal::claims(conn, pool, CLAIMS)?,
            })
        })
        .await
}

/// The shares behind a figure, with their cases.
///
/// # Errors
/// As [`of_period`]; [`Error::NotFound`] for a claim that is not the pool's.
pub async fn shares(
    app: &App,
    actor: &Actor,
    which: Which,
    after: Option<Place>,
    limit: u16,
) -> Result<(Vec<Booked>, Rest), Error> {
    let pool = pool(actor)?;
    if let Which::Period(period, _) = which {
        in_order(period)?;
    }
    let most = i64::from(limit) + 1;
    let mut found = app
        .db
        .read(move |conn| {
            if let Which::Claim(id) = which {
                fiscal::find_claim(conn, pool, id)?.ok_or(Error::NotFound)?;
            }
            Ok::<_, Error>(listing::shares(conn, pool, which, after, most)?)
        })
        .await?;
    let rest = cut(&mut found, limit);
    Ok((found, rest))
}

/// Claims what a payer owes of a period and was not claimed before.
///
/// # Errors
/// As [`of_period`]; [`Error::Invalid`] at `payer` for what nobody owes, [`Error::Conflict`] when nothing is left.
pub async fn claim(
    app: &App,
    actor: &Actor,
    payer: Payer,
    period: Period,
) -> Result<TreasuryClaim, Error> {
    let pool = pool(actor)?;
    in_order(period)?;
    if payer == Payer::Unallocated {
        let fault = FieldError::new("payer", "fiscal-nobody-owes");
        return Err(Error::Invalid(vec![fault]));
    }
    let (id, by, at) = (Clock::new_id(), actor.account, app.clock.now());
    let (from, to) = period;
    app.db
        .write(move |conn| {
            guards::payments(conn, pool)?;
            let amount = fiscal::unclaimed(conn, pool, payer, period)?;
            if amount <= Fen::default() {
                return Err(Error::Conflict(Conflict::Already(Already::NothingToClaim)));
            }
            let claim = TreasuryClaim {
                id,
                payer,
                from,
                to,
                amount,
                by,
                at,
                paid_on: None,
            };
            fiscal::claim(conn, pool, &claim)?;
            Ok(claim)
        })
        .await
}

/// Notes the day on which a treasury paid a claim.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not the pool's, [`Error::Invalid`] at `on`,
/// [`Error::Conflict`] when it was noted before.
pub async fn paid(
    app: &App,
    actor: &Actor,
    id: TreasuryClaimId,
    on: Option<Day>,
) -> Result<TreasuryClaim, Error> {
    let pool = pool(actor)?;
    let (by, today) = (actor.account, app.clock.now().day());
    app.db
        .write(move |conn| {
            fiscal::find_claim(conn, pool, id)?.ok_or(Error::NotFound)?;
            let on = past(today, "on", on)?;
            match fiscal::pay_claim(conn, pool, id, (on, by))? {
                Paid::Done => fiscal::find_claim(conn, pool, id)?.ok_or(Error::NotFound),
                Paid::Before => Err(Error::Conflict(Conflict::Already(
                    Already::TreasuryClaimPaid,
                ))),
            }
        })
        .await
}

/// A grant as it was typed.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Whose.
    pub payer: Option<Payer>,
    /// How much.
    pub amount: Option<Fen>,
    /// On which day.
    pub on: Option<Day>,
    /// By which document.
    pub document: String,
}

/// Books a further grant.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Invalid`] with every fault at its field.
pub async fn grant(app: &App, actor: &Actor, typed: &Typed) -> Result<Grant, Error> {
    let pool = pool(actor)?;
    let mut faults = vec![];
    let payer = typed.payer.filter(|payer| *payer != Payer::Unallocated);
    if payer.is_none() {
        faults.push(FieldError::new("payer", "choice-required"));
    }
    let amount = typed.amount.filter(|amount| *amount > Fen::default());
    if amount.is_none() {
        faults.push(FieldError::new("amount", "money-zero"));
    }
    let on = past(app.clock.now().day(), "on", typed.on);
    if let Err(Error::Invalid(errors)) = &on {
        faults.extend(errors.iter().cloned());
    }
    let document: String = cleaned(&typed.document).chars().take(LONGEST).collect();
    if document.is_empty() {
        faults.push(FieldError::new("document", "required"));
    }
    let (Some(payer), Some(amount), Ok(on), true) = (payer, amount, on, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let grant = Grant {
        id: Clock::new_id(),
        payer,
        amount,
        on,
        document,
        by: actor.account,
        at: app.clock.now(),
    };
    app.db
        .write(move |conn| {
            fiscal::grant(conn, pool, &grant)?;
            Ok(grant.clone())
        })
        .await
}

fn in_order((from, to): Period) -> Result<(), Error> {
    match to < from {
        true => Err(Error::Invalid(vec![FieldError::new(
            "to",
            "end-before-start",
        )])),
        false => Ok(()),
    }
}

fn past(today: Day, field: &str, on: Option<Day>) -> Result<Day, Error> {
    let wrong = |code| Error::Invalid(vec![FieldError::new(field, code)]);
    match on {
        None => Err(wrong("required")),
        Some(on) if on > today => Err(wrong("day-in-future")),
        Some(on) => Ok(on),
    }
}
