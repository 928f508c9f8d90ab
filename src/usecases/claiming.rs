//! What a filing or a supplement brings for a claim (RB-5), in its own transaction: the claim in its columns, and the hold on
//! its invoices, which no other case may claim. Nothing here says what is paid.

use super::error::{Already, Conflict};
use super::{App, Error};
use crate::domain::case::Case;
use crate::domain::claim::{Treating, invoice_number, managed_by};
use crate::domain::event::{Change, Event};
use crate::domain::form::{Answers, FieldError};
use crate::domain::item::Effect;
use crate::domain::text::cleaned;
use crate::domain::time::Ts;
use crate::store::claims;
use crate::store::registry::Institution;
use crate::store::{Conn, institutions};

/// Writes the claims among the effects of a filing.
///
/// # Errors
/// [`Error::Invalid`] at each invoice that another case holds.
pub(super) fn on_filed(
    conn: &mut Conn<'_>,
    (case, effects): (&Case, &[Effect]),
    now: Ts,
) -> Result<(), Error> {
    for effect in effects {
        let Effect::OpenClaim(claim) = effect else {
            continue;
        };
        let place = (case.pool, case.id);
        claims::put(conn, place, claim)?;
        let numbers: Vec<&str> = claim
            .invoices
            .iter()
            .map(|one| one.number.as_str())
            .collect();
        let taken = claims::hold(conn, place, &numbers, now)?;
        if !taken.is_empty() {
            return Err(Error::Invalid(taken.into_iter().map(used_at).collect()));
        }
    }
    Ok(())
}

/// The invoices of a filing in the making that some case holds: told before it is submitted, where they are held at last.
pub(super) fn used(conn: &mut Conn<'_>, answers: &Answers) -> Result<Vec<FieldError>, Error> {
    let numbers = answers.rows("invoices").into_iter().zip(1_usize..);
    let numbers: Vec<(String, usize)> = numbers
        .filter_map(|(row, place)| Some((invoice_number(row.text("number")?)?, place)))
        .collect();
    if numbers.is_empty() {
        return Ok(vec![]);
    }
    let plain: Vec<&str> = numbers.iter().map(|(number, _)| number.as_str()).collect();
    let held = claims::held(conn, &plain)?;
    let held = numbers.iter().zip(held).filter(|(_, held)| *held);
    Ok(held.map(|((_, place), _)| used_at(*place)).collect())
}

fn used_at(place: usize) -> FieldError {
    FieldError::new(&format!("invoices.{place}.number"), "invoice-used")
}

/// Holds the invoices of a claim again that was refused and is looked at anew (CAS-1).
///
/// # Errors
/// [`Conflict::Already`] when another case claims one of them by now.
pub(super) fn on_step(conn: &mut Conn<'_>, case: &Case, event: &Event) -> Result<(), Error> {
    let Change::Reopened { .. } = event.change else {
        return Ok(());
    };
    let place = (case.pool, case.id);
    let numbers = claims::invoice_numbers(conn, place)?;
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    match claims::hold(conn, place, &numbers, event.at)?.is_empty() {
        true => Ok(()),
        false => Err(Error::Conflict(Conflict::Already(Already::InvoiceUsed))),
    }
}

/// Designated institutions by a part of their name or the beginning of their code, the first ones by name.
///
/// # Errors
/// The database's.
pub async fn institutions(app: &App, sought: &str) -> Result<Vec<Institution>, Error> {
    /// As many as one page offers; who seeks further types more.
    const MOST: i64 = 20;
    let sought = cleaned(sought);
    if sought.is_empty() {
        return Ok(vec![]);
    }
    Ok(app
        .db
        .read(move |conn| institutions::search(conn, &sought, MOST))
        .await?)
}

/// The institution of the registry that the answers name.
pub(super) fn treating(conn: &mut Conn<'_>, answers: &Answers) -> Result<Option<Treating>, Error> {
    let Some(code) = answers.text("institution") else {
        return Ok(None);
    };
    let found = institutions::by_code(conn, code)?;
    Ok(found.map(|one| Treating {
        id: Some(one.id),
        name: one.name,
        level: u8::try_from(one.level).unwrap_or_default(),
        managed_by: managed_by(&one.region.to_string()),
        region: one.region.to_string(),
        designated: true,
    }))
}
