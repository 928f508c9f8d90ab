//! What becomes of the rows of a list (XR-9): each is judged by the rules of filing against what stands in the
//! database and what the rows before it brought. Nothing is read or saved here.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::ITEM;
use super::row::Read;
use crate::domain::batch::Batch;
use crate::domain::form::{Answers, FieldError};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::{Checked, Effect, Fault};
use crate::domain::registration::{Registration, overlap};
use crate::domain::time::Day;
use crate::store::people::Insured;
use crate::usecases::App;
use crate::usecases::filing::{Records, Subject, checked};
use crate::usecases::saving::{StepIds, opened};

/// What the rows of a chunk are held against.
pub(super) struct Ground<'a> {
    pub app: &'a App,
    pub batch: &'a Batch,
    pub today: Day,
    /// Who of the chunk is insured today.
    pub insured: &'a BTreeMap<IdNumber, Insured>,
    /// Phone numbers of the registry, of rows that leave theirs out.
    pub phones: &'a BTreeMap<PersonId, String>,
    /// Receipt numbers of cases that the employer filed.
    pub own: &'a BTreeMap<CaseId, String>,
}

/// What the rows before brought: registrations of each person, and the rows of this list that made them.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pub registrations: BTreeMap<PersonId, Vec<Registration>>,
    pub rows: BTreeMap<CaseId, u32>,
}

impl Before {
    /// What a row that is filed brings for those after it.
    pub(super) fn note(
        &mut self,
        number: u32,
        (case, person): (CaseId, PersonId),
        effects: &[Effect],
        ids: &StepIds,
    ) {
        let new = effects
            .iter()
            .filter_map(|effect| opened((case, person), effect, ids));
        self.registrations.entry(person).or_default().extend(new);
        self.rows.insert(case, number);
    }
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub(super) enum Judged<'a> {
    /// It is filed.
    Filed {
        insured: &'a Insured,
        answers: Answers,
        checked: Checked,
    },
    /// It comes back.
    Back(FieldError),
    /// It repeats a case that the employer filed before.
    Duplicate(CaseId, String),
}

/// Judges one row.
pub(super) fn judge<'a>(ground: &Ground<'a>, before: &Before, row: &Read) -> Judged<'a> {
    match weigh(ground, before, row) {
        Ok(judged) => judged,
        Err(error) => Judged::Back(error),
    }
}

fn weigh<'a>(ground: &Ground<'a>, before: &Before, row: &Read) -> Result<Judged<'a>, FieldError> {
    let number = row.who.as_ref().map_err(Clone::clone)?;
    let insured = staff(ground, number)?;
    let answers = completed(ground, insured.person, row.answers.clone()?);
    let answers = ITEM.form.read(&answers).map_err(first)?;
    let existing = before
        .registrations
        .get(&insured.person)
        .map(Vec::as_slice)
        .unwrap_or_default();
    // Without what exists: the days as the rules resolve them.
    let wanted = rules(ground, insured, &[], &answers)?;
    if let Some((destination, days)) = opens(&wanted) {
        let mut standing = existing.iter().filter(|one| one.counts());
        let in_file = standing.clone().find_map(|one| {
            let row = before.rows.get(&one.case)?;
            overlap((one.start, one.end), days).then_some(row)
        });
        if let Some(row) = in_file {
            return Err(FieldError::new("id_number", "twice-in-file").with("row", row));
        }
        let same = standing.find_map(|one| {
            let receipt_no = ground.own.get(&one.case)?;
            let is_same = one.destination == destination && (one.start, one.end) == days;
            is_same.then(|| (one.case, receipt_no.clone()))
        });
        if let Some((case, receipt_no)) = same {
            return Ok(Judged::Duplicate(case, receipt_no));
        }
    }
    let checked = rules(ground, insured, existing, &answers)?;
    Ok(Judged::Filed {
        insured,
        answers,
        checked,
    })
}

/// One answer for who is unknown, not insured and insured by others, so that nobody is looked up by a list.
fn staff<'a>(ground: &Ground<'a>, number: &IdNumber) -> Result<&'a Insured, FieldError> {
    let found = ground.insured.get(number);
    let insured = found
        .filter(|insured| insured.employer == Some(ground.batch.employer))
        .ok_or_else(|| FieldError::new("id_number", "not-your-staff"))?;
    match insured.coverage.pool == ground.batch.pool {
        true => Ok(insured),
        false => Err(FieldError::new("id_number", "insured-in-another-pool")),
    }
}

/// What the registry holds is not asked for again (CAS-9).
fn completed(
    ground: &Ground<'_>,
    person: PersonId,
    mut answers: Map<String, Value>,
) -> Map<String, Value> {
    if let (false, Some(phone)) = (answers.contains_key("phone"), ground.phones.get(&person)) {
        answers.insert("phone".to_owned(), phone.as_str().into());
    }
    answers
}

/// The item's rules, their faults as those of a row.
fn rules(
    ground: &Ground<'_>,
    insured: &Insured,
    registrations: &[Registration],
    answers: &Answers,
) -> Result<Checked, FieldError> {
    let subject = Subject {
        person: insured.person,
        pool: insured.coverage.pool,
        filed_on: ground.today,
        case: None,
        entry: None,
    };
    let records = Records {
        registrations,
        ..Records::default()
    };
    let judged = checked(ground.app, ITEM, &subject, ground.today, &records, answers);
    judged.map_err(|fault| match fault {
        Fault::Fields(errors) => first(errors),
        Fault::Overlap(id) | Fault::Claimed(id) => {
            let with = registrations.iter().find(|one| one.id == id);
            match with.and_then(|one| ground.own.get(&one.case)) {
                Some(own) => FieldError::new("destination", "overlap-own").with("receipt", own),
                None => FieldError::new("destination", "overlap-other"),
            }
        }
    })
}

/// Destination and days of the registration that a filing opens.
fn opens(checked: &Checked) -> Option<(&str, (Day, Option<Day>))> {
    checked.effects.iter().find_map(|effect| match effect {
        Effect::OpenRegistration {
            destination,
            start,
            end,
            ..
        } => Some((destination.as_str(), (*start, *end))),
        Effect::RestOn(..)
        | Effect::ClaimRegistration(_)
        | Effect::ActivateRegistration
        | Effect::CancelRegistration
        | Effect::DropRegistration
        | Effect::VoidRegistration
        | Effect::RecordRegistration => None,
    })
}

/// A row comes back with one reason: the first in the order of the columns.
fn first(errors: Vec<FieldError>) -> FieldError {
    let unclear = || FieldError::new("", "row-unclear");
    errors.into_iter().next().unwrap_or_else(unclear)
}
