//! Who bears the subsidy of settlements (SET-8), claims to treasuries for a period and further grants. Shares are added, never
//! changed; which claim they were asked for in is noted once.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

pub mod listing;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::{fiscal_grant, fiscal_share, treasury_claim};
use crate::domain::fiscal::{Advances, Grant, Payer, TreasuryClaim};
use crate::domain::ids::{AccountId, CaseId, FiscalGrantId, TreasuryClaimId};
use crate::domain::money::Fen;
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};

/// First and last day of a period.
pub type Period = (Day, Day);

/// What was booked for a case, by payer.
pub fn of_case(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Vec<(Payer, Fen)>, StoreError> {
    let rows: Vec<(Payer, i64)> = fiscal_share::table
        .filter(
            fiscal_share::pool
                .eq(pool)
                .and(fiscal_share::case_id.eq(case)),
        )
        .select((fiscal_share::payer, fiscal_share::amount))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(payer, fen)| (payer, Fen::new(fen)))
        .collect())
}

/// Books shares of a settlement.
pub fn book(
    conn: &mut Conn<'_>,
    (pool, case, settlement): (Pool, CaseId, u32),
    shares: &[(Payer, Fen)],
    (advanced_by, on): (Advances, Day),
) -> Result<(), StoreError> {
    let settlement = i32::try_from(settlement).map_err(corrupt)?;
    for (payer, fen) in shares {
        diesel::insert_into(fiscal_share::table)
            .values((
                fiscal_share::pool.eq(pool),
                fiscal_share::case_id.eq(case),
                fiscal_share::settlement.eq(settlement),
                fiscal_share::payer.eq(*payer),
                fiscal_share::amount.eq(fen.fen()),
                fiscal_share::advanced_by.eq(advanced_by),
                fiscal_share::booked_on.eq(on),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// What the shares of a period come to, by payer and who advances them; with what was not asked for yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Who bears it.
    pub payer: Payer,
    /// Who advances it.
    pub advanced_by: Advances,
    /// All of the period.
    pub amount: Fen,
    /// Of it in no claim.
    pub unclaimed: Fen,
}

/// The sums of a pool's period.
pub fn sums(conn: &mut Conn<'_>, pool: Pool, (from, to): Period) -> Result<Vec<Sum>, StoreError> {
    let all = sql::<BigInt>("CAST(sum(amount) AS bigint)");
    let unclaimed =
        sql::<BigInt>("CAST(sum(CASE WHEN claim_id IS NULL THEN amount ELSE 0 END) AS bigint)");
    let rows: Vec<(Payer, Advances, i64, i64)> = fiscal_share::table
        .filter(fiscal_share::pool.eq(pool))
        .filter(
            fiscal_share::booked_on
                .ge(from)
                .and(fiscal_share::booked_on.le(to)),
        )
        .group_by((fiscal_share::payer, fiscal_share::advanced_by))
        .select((
            fiscal_share::payer,
            fiscal_share::advanced_by,
            all,
            unclaimed,
        ))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(payer, advanced_by, amount, unclaimed)| Sum {
            payer,
            advanced_by,
            amount: Fen::new(amount),
            unclaimed: Fen::new(unclaimed),
        })
        .collect())
}

/// What a payer's shares of a period come to that are in no claim; the pool's guard is taken before.
pub fn unclaimed(
    conn: &mut Conn<'_>,
    pool: Pool,
    payer: Payer,
    period: Period,
) -> Result<Fen, StoreError> {
    let sums = sums(conn, pool, period)?;
    let of_payer = sums.iter().filter(|sum| sum.payer == payer);
    let fen = of_payer.fold(0_i64, |all, sum| all.saturating_add(sum.unclaimed.fen()));
    Ok(Fen::new(fen))
}

/// Adds a claim and notes it at the shares it asks for.
pub fn claim(conn: &mut Conn<'_>, pool: Pool, new: &TreasuryClaim) -> Result<(), StoreError> {
    diesel::insert_into(treasury_claim::table)
        .values((
            treasury_claim::pool.eq(pool),
            treasury_claim::id.eq(new.id),
            treasury_claim::payer.eq(new.payer),
            treasury_claim::from_day.eq(new.from),
            treasury_claim::to_day.eq(new.to),
            treasury_claim::amount.eq(new.amount.fen()),
            treasury_claim::made_by.eq(new.by),
            treasury_claim::made_at.eq(new.at),
        ))
        .execute(conn.sql)?;
    let asked = fiscal_share::table
        .filter(
            fiscal_share::pool
                .eq(pool)
                .and(fiscal_share::payer.eq(new.payer)),
        )
        .filter(
            fiscal_share::booked_on
                .ge(new.from)
                .and(fiscal_share::booked_on.le(new.to)),
        )
        .filter(fiscal_share::claim_id.is_null());
    diesel::update(asked)
        .set(fiscal_share::claim_id.eq(Some(new.id)))
        .execute(conn.sql)?;
    Ok(())
}

/// Claims of a pool, the latest first, `limit` at most.
pub fn claims(
    conn: &mut Conn<'_>,
    pool: Pool,
    limit: i64,
) -> Result<Vec<TreasuryClaim>, StoreError> {
    let rows: Vec<ClaimRow> = treasury_claim::table
        .filter(treasury_claim::pool.eq(pool))
        .order(treasury_claim::id.desc())
        .select(ClaimRow::as_select())
        .limit(limit)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(TreasuryClaim::from).collect())
}

/// One claim.
pub fn find_claim(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: TreasuryClaimId,
) -> Result<Option<TreasuryClaim>, StoreError> {
    let row: Option<ClaimRow> = treasury_claim::table
        .find((pool, id))
        .select(ClaimRow::as_select())
        .first(conn.sql)
        .optional()?;
    Ok(row.map(TreasuryClaim::from))
}

/// Whether a claim was still unpaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// It is noted.
    Done,
    /// It was noted before.
    Before,
}

/// Notes the day on which a treasury paid a claim.
pub fn pay_claim(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: TreasuryClaimId,
    (on, by): (Day, AccountId),
) -> Result<Paid, StoreError> {
    let unpaid = treasury_claim::table
        .find((pool, id))
        .filter(treasury_claim::paid_on.is_null());
    let rows = diesel::update(unpaid)
        .set((
            treasury_claim::paid_on.eq(Some(on)),
            treasury_claim::paid_by.eq(Some(by)),
        ))
        .execute(conn.sql)?;
    Ok(match rows {
        0 => Paid::Before,
        _ => Paid::Done,
    })
}

/// Books a grant.
pub fn grant(conn: &mut Conn<'_>, pool: Pool, new: &Grant) -> Result<(), StoreError> {
    diesel::insert_into(fiscal_grant::table)
        .values((
            fiscal_grant::pool.eq(pool),
            fiscal_grant::id.eq(new.id),
            fiscal_grant::payer.eq(new.payer),
            fiscal_grant::amount.eq(new.amount.fen()),
            fiscal_grant::granted_on.eq(new.on),
            fiscal_grant::document.eq(&new.document),
            fiscal_grant::booked_by.eq(new.by),
            fiscal_grant::booked_at.eq(new.at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Grants of a pool in a period, by day.
pub fn grants(
    conn: &mut Conn<'_>,
    pool: Pool,
    (from, to): Period,
) -> Result<Vec<Grant>, StoreError> {
    let rows: Vec<GrantRow> = fiscal_grant::table
        .filter(fiscal_grant::pool.eq(pool))
        .filter(
            fiscal_grant::granted_on
                .ge(from)
                .and(fiscal_grant::granted_on.le(to)),
        )
        .order((fiscal_grant::granted_on, fiscal_grant::id))
        .select(GrantRow::as_select())
        .load(conn.sql)?;
    Ok(rows.into_iter().map(Grant::from).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = treasury_claim)]
struct ClaimRow {
    id: TreasuryClaimId,
    payer: Payer,
    from_day: Day,
    to_day: Day,
    amount: i64,
    made_by: AccountId,
    made_at: Ts,
    paid_on: Option<Day>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = fiscal_grant)]
struct GrantRow {
    id: FiscalGrantId,
    payer: Payer,
    amount: i64,
    granted_on: Day,
    document: String,
    booked_by: AccountId,
    booked_at: Ts,
}

impl From<ClaimRow> for TreasuryClaim {
    fn from(row: ClaimRow) -> Self {
        Self {
            id: row.id,
            payer: row.payer,
            from: row.from_day,
            to: row.to_day,
            amount: Fen::new(row.amount),
            by: row.made_by,
            at: row.made_at,
            paid_on: row.paid_on,
        }
    }
}

impl From<GrantRow> for Grant {
    fn from(row: GrantRow) -> Self {
        Self {
            id: row.id,
            payer: row.payer,
            amount: Fen::new(row.amount),
            on: row.granted_on,
            document: row.document,
            by: row.booked_by,
            at: row.booked_at,
        }
    }
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
