//! Shares with their cases (SET-8), by day, page by page.

use diesel::prelude::*;

use super::{Period, corrupt};
use crate::domain::fiscal::{Advances, Booked, Payer};
use crate::domain::ids::{CaseId, TreasuryClaimId};
use crate::domain::money::Fen;
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::{cases, fiscal_share};

/// Which shares a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of a period, of one payer or of all.
    Period(Period, Option<Payer>),
    /// Those of a claim.
    Claim(TreasuryClaimId),
}

/// A place in a list: where the page before it ended.
pub type Place = (Day, CaseId, i32, Payer);

#[derive(Queryable, Selectable)]
#[diesel(table_name = fiscal_share)]
struct Row {
    case_id: CaseId,
    settlement: i32,
    payer: Payer,
    amount: i64,
    advanced_by: Advances,
    booked_on: Day,
    claim_id: Option<TreasuryClaimId>,
}

/// Shares with their cases by day, beyond `after`.
pub fn shares(
    conn: &mut Conn<'_>,
    pool: Pool,
    which: Which,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Booked>, StoreError> {
    let mut query = fiscal_share::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(fiscal_share::pool)
                .and(cases::id.eq(fiscal_share::case_id))),
        )
        .filter(fiscal_share::pool.eq(pool))
        .select((Row::as_select(), cases::receipt_no))
        .into_boxed();
    match which {
        Which::Period((from, to), payer) => {
            let days = fiscal_share::booked_on.ge(from);
            query = query.filter(days.and(fiscal_share::booked_on.le(to)));
            if let Some(payer) = payer {
                query = query.filter(fiscal_share::payer.eq(payer));
            }
        }
        Which::Claim(id) => query = query.filter(fiscal_share::claim_id.eq(id)),
    }
    if let Some((day, case, settlement, payer)) = after {
        // Of one case and day there are a few rows at most: the range begins with the index's first columns.
        let in_case = fiscal_share::settlement
            .gt(settlement)
            .or(fiscal_share::settlement
                .eq(settlement)
                .and(fiscal_share::payer.gt(payer)));
        let in_day = fiscal_share::case_id
            .gt(case)
            .or(fiscal_share::case_id.eq(case).and(in_case));
        let beyond = fiscal_share::booked_on
            .gt(day)
            .or(fiscal_share::booked_on.eq(day).and(in_day));
        query = query.filter(fiscal_share::booked_on.ge(day)).filter(beyond);
    }
    let rows: Vec<(Row, String)> = query
        .order((
            fiscal_share::booked_on,
            fiscal_share::case_id,
            fiscal_share::settlement,
            fiscal_share::payer,
        ))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(booked).collect()
}

fn booked((row, receipt_no): (Row, String)) -> Result<Booked, StoreError> {
    Ok(Booked {
        case: row.case_id,
        receipt_no,
        settlement: u32::try_from(row.settlement).map_err(corrupt)?,
        payer: row.payer,
        amount: Fen::new(row.amount),
        advanced_by: row.advanced_by,
        on: row.booked_on,
        claim: row.claim_id,
    })
}
