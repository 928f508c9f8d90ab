//! Filing again from an old case.

use super::begin;
use crate::domain::actor::{Actor, Sight};
use crate::domain::form::{Answers, Field, Kind};
use crate::domain::ids::CaseId;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Day;
use crate::items;
use crate::store::cases;
use crate::usecases::handling::visible;
use crate::usecases::{App, Error};

/// Begins a draft with the answers of an old case: what was given once is not asked again. Pledges are given
/// anew, days that have passed are left out; what is left out is filled in from the registry (CAS-9).
///
/// # Errors
/// As [`begin`]; [`Error::NotFound`] for a case that is not theirs.
pub async fn again(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<CaseId, Error> {
    let (reader, receipt_no) = (actor.clone(), receipt_no.clone());
    let (slug, old) = app
        .db
        .read(move |conn| {
            let listed = visible(conn, &reader, &receipt_no)?;
            if reader.sight(&listed.case) != Sight::Own {
                return Err(Error::NotFound);
            }
            let answers = cases::answers(conn, listed.case.pool, listed.case.id)?;
            Ok((listed.case.item, answers))
        })
        .await?;
    let item = items::find(&slug).ok_or(Error::NotFound)?;
    let today = app.clock.now().day();
    let known = item
        .form
        .fields
        .iter()
        .filter(|field| carries_over(field, &old, today))
        .filter_map(|field| Some((field.name.to_owned(), old.text(field.name)?.into())))
        .collect();
    begin(app, actor, &slug, known).await
}

fn carries_over(field: &Field, old: &Answers, today: Day) -> bool {
    match field.kind {
        Kind::Pledge | Kind::Registration => false,
        Kind::Day => old.day(field.name).is_some_and(|day| day >= today),
        Kind::Choice(_) | Kind::Region | Kind::Phone | Kind::Text(_) => true,
    }
}
