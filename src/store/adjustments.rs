//! What the review allowed of lines of claims (RB-6): rows are added, never changed. Reasons are sealed.

use diesel::prelude::*;

use super::claims::Place;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::claim_adjustment;
use crate::domain::claim::Class;
use crate::domain::claim::adjusting::{Adjustment, Ruling};
use crate::domain::ids::AccountId;
use crate::domain::money::Fen;
use crate::domain::policy::value::BasisPoints;
use crate::domain::time::{Day, Ts};

/// Adds what was said of a line.
pub fn insert(
    conn: &mut Conn<'_>,
    (pool, case): Place,
    new: &Adjustment,
) -> Result<(), StoreError> {
    let ruling = &new.ruling;
    let values = (
        claim_adjustment::pool.eq(pool),
        claim_adjustment::case_id.eq(case),
        claim_adjustment::event.eq(number(new.event)?),
        claim_adjustment::line.eq(number(ruling.line)?),
        claim_adjustment::day.eq(new.day),
        claim_adjustment::name.eq(&new.name),
        claim_adjustment::asked.eq(new.asked.fen()),
        claim_adjustment::allowed.eq(ruling.allowed.fen()),
        claim_adjustment::class.eq(ruling.class),
        claim_adjustment::own_share.eq(ruling.own_share.map(|share| i32::from(share.0))),
        claim_adjustment::protocol.eq(ruling.protocol),
        claim_adjustment::reason.eq(conn.vault.seal_text(&ruling.reason)?),
        claim_adjustment::by_account.eq(new.by),
        claim_adjustment::at.eq(new.at),
    );
    diesel::insert_into(claim_adjustment::table)
        .values(values)
        .execute(conn.sql)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = claim_adjustment)]
struct Row {
    event: i32,
    line: i32,
    day: Day,
    name: String,
    asked: i64,
    allowed: i64,
    class: Option<Class>,
    own_share: Option<i32>,
    protocol: bool,
    reason: Vec<u8>,
    by_account: AccountId,
    at: Ts,
}

/// Everything that was said of the lines of a claim, in order.
pub fn of_case(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Vec<Adjustment>, StoreError> {
    let here = claim_adjustment::pool
        .eq(pool)
        .and(claim_adjustment::case_id.eq(case));
    let rows: Vec<Row> = claim_adjustment::table
        .filter(here)
        .order(claim_adjustment::event)
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter()
        .map(|row| {
            let share = row.own_share.map(u16::try_from).transpose();
            Ok(Adjustment {
                event: u32::try_from(row.event).map_err(corrupt)?,
                day: row.day,
                name: row.name,
                asked: Fen::new(row.asked),
                ruling: Ruling {
                    line: u32::try_from(row.line).map_err(corrupt)?,
                    allowed: Fen::new(row.allowed),
                    class: row.class,
                    own_share: share.map_err(corrupt)?.map(BasisPoints),
                    protocol: row.protocol,
                    reason: conn.vault.open_text(&row.reason)?,
                },
                by: row.by_account,
                at: row.at,
            })
        })
        .collect()
}

fn number(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(corrupt)
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
