//! Claims as they were filed (RB-5), and which case an invoice is claimed in. Diagnoses and accounts are sealed; nothing here
//! says what is allowed or paid.

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::{claim, claim_invoice, claim_line, invoice};
use crate::domain::claim::{Care, Claim, Class, Covid, Invoice, Line, ManagedBy, Treating};
use crate::domain::ids::{CaseId, InstitutionId};
use crate::domain::money::Fen;
use crate::domain::place::Pool;
use crate::domain::policy::value::BasisPoints;
use crate::domain::time::{Day, Ts};

/// A case, by the key of its claim.
pub type Place = (Pool, CaseId);

/// Writes the claim of a case, in the place of the one it had.
pub fn put(conn: &mut Conn<'_>, (pool, case): Place, new: &Claim) -> Result<(), StoreError> {
    diesel::delete(claim_line::table.filter(of_line(pool, case))).execute(conn.sql)?;
    diesel::delete(claim_invoice::table.filter(of_invoice(pool, case))).execute(conn.sql)?;
    diesel::delete(claim::table.find((pool, case))).execute(conn.sql)?;
    let account = serde_json::to_string(&new.account).map_err(corrupt)?;
    let values = (
        claim::pool.eq(pool),
        claim::case_id.eq(case),
        claim::care.eq(new.care),
        claim::institution_id.eq(new.treating.id),
        claim::institution_name.eq(&new.treating.name),
        claim::level.eq(i32::from(new.treating.level)),
        claim::region.eq(&new.treating.region),
        claim::managed_by.eq(new.treating.managed_by),
        claim::designated.eq(new.treating.designated),
        claim::from_day.eq(new.from),
        claim::to_day.eq(new.to),
        claim::diagnoses.eq(conn.vault.seal_text(&new.diagnoses.join(" "))?),
        claim::covid.eq(new.covid),
        claim::account.eq(conn.vault.seal_text(&account)?),
    );
    diesel::insert_into(claim::table)
        .values(values)
        .execute(conn.sql)?;
    for (place, one) in (1_i32..).zip(&new.invoices) {
        let values = (
            claim_invoice::pool.eq(pool),
            claim_invoice::case_id.eq(case),
            claim_invoice::place.eq(place),
            claim_invoice::number.eq(&one.number),
            claim_invoice::issued_on.eq(one.issued_on),
            claim_invoice::total.eq(one.total.fen()),
        );
        diesel::insert_into(claim_invoice::table)
            .values(values)
            .execute(conn.sql)?;
    }
    for one in &new.lines {
        insert_line(conn, (pool, case), one)?;
    }
    Ok(())
}

fn insert_line(conn: &mut Conn<'_>, (pool, case): Place, one: &Line) -> Result<(), StoreError> {
    let values = (
        claim_line::pool.eq(pool),
        claim_line::case_id.eq(case),
        claim_line::number.eq(i32::try_from(one.number).map_err(corrupt)?),
        claim_line::day.eq(one.day),
        claim_line::name.eq(&one.name),
        claim_line::code.eq(&one.code),
        claim_line::class.eq(one.class),
        claim_line::own_share.eq(one.own_share.map(|share| i32::from(share.0))),
        claim_line::protocol.eq(one.protocol),
        claim_line::amount.eq(one.amount.fen()),
    );
    diesel::insert_into(claim_line::table)
        .values(values)
        .execute(conn.sql)?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = claim)]
struct Row {
    care: Care,
    institution_id: Option<InstitutionId>,
    institution_name: String,
    level: i32,
    region: String,
    managed_by: ManagedBy,
    designated: bool,
    from_day: Day,
    to_day: Day,
    diagnoses: Vec<u8>,
    covid: Covid,
    account: Vec<u8>,
}

/// The claim of a case.
pub fn find(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Option<Claim>, StoreError> {
    let row: Option<Row> = claim::table
        .find((pool, case))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let diagnoses = conn.vault.open_text(&row.diagnoses)?;
    let account = conn.vault.open_text(&row.account)?;
    Ok(Some(Claim {
        care: row.care,
        treating: Treating {
            id: row.institution_id,
            name: row.institution_name,
            level: u8::try_from(row.level).map_err(corrupt)?,
            region: row.region,
            managed_by: row.managed_by,
            designated: row.designated,
        },
        from: row.from_day,
        to: row.to_day,
        diagnoses: diagnoses.split(' ').map(str::to_owned).collect(),
        covid: row.covid,
        invoices: invoices(conn, (pool, case))?,
        lines: lines(conn, (pool, case))?,
        account: serde_json::from_str(&account).map_err(corrupt)?,
    }))
}

fn invoices(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Vec<Invoice>, StoreError> {
    let rows: Vec<(String, Day, i64)> = claim_invoice::table
        .filter(of_invoice(pool, case))
        .order(claim_invoice::place)
        .select((
            claim_invoice::number,
            claim_invoice::issued_on,
            claim_invoice::total,
        ))
        .load(conn.sql)?;
    let read = rows.into_iter().map(|(number, issued_on, total)| Invoice {
        number,
        issued_on,
        total: Fen::new(total),
    });
    Ok(read.collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = claim_line)]
struct LineRow {
    number: i32,
    day: Day,
    name: String,
    code: Option<String>,
    class: Option<Class>,
    own_share: Option<i32>,
    protocol: bool,
    amount: i64,
}

/// The costs of a claim, by their numbers.
pub fn lines(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<LineRow> = claim_line::table
        .filter(of_line(pool, case))
        .order(claim_line::number)
        .select(LineRow::as_select())
        .load(conn.sql)?;
    rows.into_iter()
        .map(|row| {
            let share = row.own_share.map(u16::try_from).transpose();
            Ok(Line {
                number: u32::try_from(row.number).map_err(corrupt)?,
                day: row.day,
                name: row.name,
                code: row.code,
                class: row.class,
                own_share: share.map_err(corrupt)?.map(BasisPoints),
                protocol: row.protocol,
                amount: Fen::new(row.amount),
            })
        })
        .collect()
}

/// Holds the invoices for a case, those of its claim alone; returns the places, from 1, of those that another case holds.
pub fn hold(
    conn: &mut Conn<'_>,
    (pool, case): Place,
    numbers: &[&str],
    at: Ts,
) -> Result<Vec<usize>, StoreError> {
    free(conn, (pool, case))?;
    let mut taken = vec![];
    for (place, number) in (1..).zip(numbers) {
        let values = (
            invoice::number_hash.eq(conn.vault.blind(blind::INVOICE, number)),
            invoice::pool.eq(pool),
            invoice::case_id.eq(case),
            invoice::held_at.eq(at),
        );
        let held =
            OrIgnore(diesel::insert_into(invoice::table).values(values)).execute(conn.sql)?;
        if held == 0 {
            taken.push(place);
        }
    }
    Ok(taken)
}

/// Whether each of these invoices is held by some case.
pub fn held(conn: &mut Conn<'_>, numbers: &[&str]) -> Result<Vec<bool>, StoreError> {
    let hashes: Vec<Vec<u8>> = numbers
        .iter()
        .map(|number| conn.vault.blind(blind::INVOICE, number))
        .collect();
    let found: Vec<Vec<u8>> = invoice::table
        .filter(invoice::number_hash.eq_any(hashes.clone()))
        .select(invoice::number_hash)
        .load(conn.sql)?;
    Ok(hashes.iter().map(|hash| found.contains(hash)).collect())
}

/// The numbers of the invoices of a claim, in their order.
pub fn invoice_numbers(
    conn: &mut Conn<'_>,
    (pool, case): Place,
) -> Result<Vec<String>, StoreError> {
    let numbers = claim_invoice::table
        .filter(of_invoice(pool, case))
        .order(claim_invoice::place)
        .select(claim_invoice::number)
        .load(conn.sql)?;
    Ok(numbers)
}

/// Lets the invoices of a case go: they may be claimed again.
pub fn free(conn: &mut Conn<'_>, (pool, case): Place) -> Result<(), StoreError> {
    let here = invoice::pool.eq(pool).and(invoice::case_id.eq(case));
    diesel::delete(invoice::table.filter(here)).execute(conn.sql)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_line(pool: Pool, case: CaseId) -> _ {
    claim_line::pool.eq(pool).and(claim_line::case_id.eq(case))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_invoice(pool: Pool, case: CaseId) -> _ {
    claim_invoice::pool
        .eq(pool)
        .and(claim_invoice::case_id.eq(case))
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
