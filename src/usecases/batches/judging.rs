//! What becomes of the rows of a list (XR-9): each is judged by the rules of filing against what stands in the
//! database and what the rows before it brought. Nothing is read or saved here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::ITEM;
use super::row::Read;
use crate::domain::batch::{Batch, Kind};
use crate::domain::case::Case;
use crate::domain::form::{Answers, FieldError};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::{Checked, Effect, Fault};
use crate::domain::person_name::PersonName;
use crate::domain::registration::{Registration, Standing, overlap};
use crate::domain::time::Day;
use crate::store::cases::Listed;
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
    /// Cases behind their registrations that the employer's agents filed.
    pub own: &'a BTreeMap<CaseId, Listed>,
    /// Those of them that wait for the full list (CAS-4).
    pub awaiting: &'a BTreeSet<CaseId>,
}

/// What the rows before brought: registrations of each person, and the rows of this list that made them.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    pub registrations: BTreeMap<PersonId, Vec<Registration>>,
    pub rows: BTreeMap<CaseId, u32>,
}

impl Before {
    /// What a row that completes a case brings for those after it.
    pub(super) fn note_completed(&mut self, number: u32, case: &Case, effects: &[Effect]) {
        let theirs = self.registrations.entry(case.person).or_default();
        for one in theirs.iter_mut().filter(|one| one.case == case.id) {
            for effect in effects {
                if let Effect::OpenRegistration { start, end, .. } = effect {
                    (one.start, one.end) = (*start, *end);
                }
            }
        }
        self.rows.insert(case.id, number);
    }

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
    /// It gives what a case filed under pledge waits for.
    Completes {
        listed: &'a Listed,
        /// Whether its registration may still be changed: pending ones may.
        standing: Standing,
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
    let answers = completed(ground, insured, row)?;
    let answers = ITEM.form.read(&answers).map_err(first)?;
    let existing = before
        .registrations
        .get(&insured.person)
        .map(Vec::as_slice)
        .unwrap_or_default();
    // Without what exists: the days as the rules resolve them.
    let wanted = rules(ground, insured, &[], &answers)?;
    if let Some(wanted) = opens(&wanted) {
        if let Some(row) = in_file(before, existing, wanted) {
            return Err(FieldError::new("id_number", "twice-in-file").with("row", row));
        }
        if let Some((one, listed)) = awaiting(ground, existing, wanted) {
            let others: Vec<Registration> = existing
                .iter()
                .filter(|other| other.id != one.id)
                .cloned()
                .collect();
            let checked = rules(ground, insured, &others, &answers)?;
            return Ok(Judged::Completes {
                listed,
                standing: one.standing,
                answers,
                checked,
            });
        }
        if let Some(case) = repeated(ground, existing, wanted) {
            return Ok(Judged::Duplicate(case.id, case.receipt_no.clone()));
        }
    }
    let checked = rules(ground, insured, existing, &answers)?;
    Ok(Judged::Filed {
        insured,
        answers,
        checked,
    })
}

/// Destination and days of a registration.
type Wanted<'a> = (&'a str, (Day, Option<Day>));

/// The row of this list by which the person is away in those days already.
fn in_file<'b>(
    before: &'b Before,
    existing: &[Registration],
    (_, days): Wanted<'_>,
) -> Option<&'b u32> {
    existing
        .iter()
        .filter(|one| one.counts() && overlap((one.start, one.end), days))
        .find_map(|one| before.rows.get(&one.case))
}

/// The registration filed under pledge that a full list completes.
fn awaiting<'a, 'b>(
    ground: &Ground<'a>,
    existing: &'b [Registration],
    (destination, _): Wanted<'_>,
) -> Option<(&'b Registration, &'a Listed)> {
    if ground.batch.kind == Kind::Pledge {
        return None;
    }
    existing
        .iter()
        .filter(|one| one.counts() && one.destination == destination)
        .filter(|one| ground.awaiting.contains(&one.case))
        .find_map(|one| Some((one, ground.own.get(&one.case)?)))
}

/// The case that a row repeats: the same place and days; of a list under pledge, whose days begin when it is read, days
/// in common.
fn repeated<'a>(
    ground: &Ground<'a>,
    existing: &[Registration],
    (destination, days): Wanted<'_>,
) -> Option<&'a Case> {
    let is_same = |one: &&Registration| {
        let span = (one.start, one.end);
        let same_days = match ground.batch.kind {
            Kind::List => span == days,
            Kind::Pledge => overlap(span, days),
        };
        one.counts() && one.destination == destination && same_days
    };
    existing
        .iter()
        .filter(is_same)
        .find_map(|one| ground.own.get(&one.case))
        .map(|listed| &listed.case)
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

/// What the registry holds is not asked for again (CAS-9); a list under pledge names its people as the registry does.
fn completed(
    ground: &Ground<'_>,
    insured: &Insured,
    row: &Read,
) -> Result<Map<String, Value>, FieldError> {
    let mut answers = row.answers.clone()?;
    if let Some(name) = &row.name {
        let is_theirs = match (PersonName::parse(name), PersonName::parse(&insured.name)) {
            (Ok(typed), Ok(known)) => typed == known,
            (Ok(_) | Err(_), _) => *name == insured.name,
        };
        if !is_theirs {
            return Err(FieldError::new("name", "name-differs"));
        }
    }
    if answers.contains_key("phone") {
        return Ok(answers);
    }
    match (ground.phones.get(&insured.person), ground.batch.kind) {
        (Some(phone), _) => {
            answers.insert("phone".to_owned(), phone.as_str().into());
        }
        (None, Kind::Pledge) => return Err(FieldError::new("id_number", "phone-unknown")),
        // The form asks for it at its own column.
        (None, Kind::List) => {}
    }
    Ok(answers)
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
                Some(own) => overlap_own(&own.case),
                None => FieldError::new("destination", "overlap-other"),
            }
        }
    })
}

/// The employer has filed for the same place and days in common (XR-2).
pub(super) fn overlap_own(case: &Case) -> FieldError {
    FieldError::new("destination", "overlap-own").with("receipt", &case.receipt_no)
}

/// Destination and days of the registration that a filing opens.
fn opens(checked: &Checked) -> Option<Wanted<'_>> {
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
