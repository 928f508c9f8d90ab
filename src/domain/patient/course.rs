//! What may become of an entry: which condition follows which, discharge, correction, and what the same patient entered
//! again changes (IN-4). Every change raises the version and says what was before. Nothing is forgotten here.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::entry::{NewEntry, first_progress};
use super::{Patient, Progress, Scheme, Status, closed_set};
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::time::Day;

closed_set! {
    /// Kinds of changes; texts `patient-change-<name>`.
    ChangeKind {
        /// It was entered.
        Entered,
        /// Another condition.
        Status,
        /// The stay ended.
        Discharge,
        /// The same patient was entered again with more.
        Again,
        /// Something was wrong.
        Correction,
        /// The registration came further (XR-4 to XR-6).
        Registration,
    }
}

/// One value that changed. ID numbers stand there masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Name of the field.
    pub field: String,
    /// What it was; nothing before the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What changed and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// The values.
    pub differences: Vec<Difference>,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
}

/// Why a change is not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Faults at fields, a missing reason too.
    Faults(Vec<FieldError>),
    /// The entry is not where the change begins.
    State,
}

impl From<FieldError> for Refusal {
    fn from(fault: FieldError) -> Self {
        Self::Faults(vec![fault])
    }
}

/// What a step of the course asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Free,
    /// A reason: it corrects what was said before.
    WithReason,
}

/// Which condition follows which (IN-4). What is not there can't happen: what was confirmed does not become suspected
/// again.
const COURSE: &[(Status, Status, Step)] = &[
    (Status::Suspected, Status::Confirmed, Step::Free),
    (Status::Suspected, Status::Excluded, Step::Free),
    (Status::Confirmed, Status::Excluded, Step::WithReason),
    (Status::Excluded, Status::Confirmed, Step::WithReason),
    (Status::Excluded, Status::Suspected, Step::WithReason),
];

/// The conditions that may follow, each with what it asks for; after the discharge everything is a correction.
pub fn steps(patient: &Patient) -> impl Iterator<Item = (Status, Step)> + '_ {
    COURSE
        .iter()
        .filter(|(from, _, _)| *from == patient.status)
        .map(|(_, to, step)| match patient.discharged_on {
            Some(_) => (*to, Step::WithReason),
            None => (*to, *step),
        })
}

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// A reason as it is kept; none when nothing was written.
fn reason(written: &str) -> Option<String> {
    let written: String = crate::domain::text::cleaned(written)
        .chars()
        .take(LONGEST_REASON)
        .collect();
    Some(written).filter(|written| !written.is_empty())
}

fn needed(written: &str) -> Result<String, FieldError> {
    reason(written).ok_or_else(|| FieldError::new("reason", "required"))
}

impl Patient {
    /// The entry after a change, one version on.
    fn next(&self) -> Self {
        Self {
            version: self.version.saturating_add(1),
            ..self.clone()
        }
    }

    /// How the entry was made.
    pub fn entered(&self) -> Change {
        let fresh = |field: &str, to: Option<String>| Difference {
            field: field.to_owned(),
            from: None,
            to,
        };
        Change {
            kind: ChangeKind::Entered,
            differences: vec![
                fresh("status", Some(self.status.as_str().to_owned())),
                fresh("admitted_on", Some(self.admitted_on.to_string())),
                fresh("discharged_on", self.discharged_on.map(|d| d.to_string())),
            ]
            .into_iter()
            .filter(|one| one.to.is_some())
            .collect(),
            reason: None,
        }
    }

    /// Another condition.
    ///
    /// # Errors
    /// [`Refusal::State`] when it can't follow, a fault at `reason` where one is missing.
    pub fn with_status(&self, to: Status, why: &str) -> Result<(Self, Change), Refusal> {
        let step = steps(self).find(|(next, _)| *next == to);
        let (_, step) = step.ok_or(Refusal::State)?;
        let reason = match step {
            Step::Free => reason(why),
            Step::WithReason => Some(needed(why)?),
        };
        let mut after = self.next();
        after.status = to;
        Ok(changed(self, after, ChangeKind::Status, reason))
    }

    /// The end of the stay.
    ///
    /// # Errors
    /// [`Refusal::State`] when it ended before, a fault at `discharged_on` for a day before the admission.
    pub fn with_discharge(&self, on: Day) -> Result<(Self, Change), Refusal> {
        if self.discharged_on.is_some() {
            return Err(Refusal::State);
        }
        if on < self.admitted_on {
            return Err(FieldError::new("discharged_on", "discharge-before-admission").into());
        }
        let mut after = self.next();
        after.discharged_on = Some(on);
        Ok(changed(self, after, ChangeKind::Discharge, None))
    }

    /// How far the registration is.
    pub fn with_progress(&self, to: Progress) -> (Self, Change) {
        let mut after = self.next();
        after.progress = to;
        changed(self, after, ChangeKind::Registration, None)
    }

    /// The entry as it should have been; condition and what was given for it stay. `None` when nothing is different.
    ///
    /// # Errors
    /// A fault at `reason` where it is missing.
    pub fn corrected(
        &self,
        number: &IdNumber,
        to: &NewEntry,
        why: &str,
    ) -> Result<Option<(Self, Change)>, Refusal> {
        let mut after = self.taking(to);
        after.discharged_on = to.entry.discharged_on;
        let mut differences = differences(self, &after);
        if to.entry.id_number != *number {
            differences.push(Difference {
                field: "id_number".to_owned(),
                from: Some(number.masked()),
                to: Some(to.entry.id_number.masked()),
            });
        }
        if differences.is_empty() {
            return Ok(None);
        }
        let change = Change {
            kind: ChangeKind::Correction,
            differences,
            reason: Some(needed(why)?),
        };
        Ok(Some((after, change)))
    }

    /// The values of another reading of the same patient, but for condition and discharge.
    fn taking(&self, to: &NewEntry) -> Self {
        let mut after = self.next();
        after.name = to.entry.name.as_str().to_owned();
        after.person = to.person;
        after.sex = to.entry.id_number.sex();
        after.age = to.entry.age;
        after.admitted_on = to.entry.admitted_on;
        after.scheme = to.scheme.or(self.scheme);
        after.insured_at.clone_from(&to.insured_at);
        // Another place of insurance is asked anew, or nobody any more.
        if after.insured_at != self.insured_at && self.progress != Progress::Registered {
            after.progress = first_progress(&after.insured_at, self.pool);
        }
        after
    }

    /// What the same patient, entered again with the same day of admission, changes: another condition, the discharge,
    /// a scheme that was not known. `None` when there is nothing new.
    ///
    /// # Errors
    /// [`Refusal::State`] when the condition can't follow; a fault where it contradicts what is there: that is a
    /// correction, with its reason.
    pub fn again(&self, with: &NewEntry) -> Result<Option<(Self, Change)>, Refusal> {
        self.contradictions(with)?;
        let mut after = self.next();
        if with.entry.status != self.status {
            let (next, _) = self.with_status(with.entry.status, "").map_err(of_again)?;
            after.status = next.status;
        }
        after.discharged_on = with.entry.discharged_on.or(self.discharged_on);
        after.scheme = self.scheme.or(with.scheme);
        after.person = with.person;
        let (after, change) = changed(self, after, ChangeKind::Again, None);
        Ok((!change.differences.is_empty()).then_some((after, change)))
    }

    fn contradictions(&self, with: &NewEntry) -> Result<(), Refusal> {
        let entry = &with.entry;
        let different =
            |given: bool, field: &str, code: &str| given.then(|| FieldError::new(field, code));
        let discharged = (self.discharged_on, entry.discharged_on);
        let faults: Vec<FieldError> = [
            different(
                entry.name.as_str() != self.name,
                "name",
                "name-contradicts-entry",
            ),
            different(
                matches!(discharged, (Some(was), Some(is)) if was != is),
                "discharged_on",
                "discharge-contradicts",
            ),
            different(
                self.scheme.is_some() && with.scheme.is_some() && self.scheme != with.scheme,
                "scheme",
                "scheme-contradicts-entry",
            ),
            different(
                self.insured_at != with.insured_at,
                "place_of_insurance",
                "place-contradicts-entry",
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Faults(faults)),
        }
    }

    /// Whether another stay of the person shares a day with this one; the day of discharge is shared by none.
    pub fn overlaps(&self, admitted_on: Day, discharged_on: Option<Day>) -> bool {
        let ends_before = |end: Option<Day>, start: Day| end.is_some_and(|end| end <= start);
        !ends_before(self.discharged_on, admitted_on)
            && !ends_before(discharged_on, self.admitted_on)
    }
}

/// Who enters a patient again has no place for a reason: it belongs to the entry's own page.
fn of_again(refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::Faults(_) => FieldError::new("status", "status-needs-reason").into(),
        Refusal::State => Refusal::State,
    }
}

fn changed(
    before: &Patient,
    after: Patient,
    kind: ChangeKind,
    reason: Option<String>,
) -> (Patient, Change) {
    let change = Change {
        kind,
        differences: differences(before, &after),
        reason,
    };
    (after, change)
}

/// What is different, field by field; the ID number apart.
fn differences(before: &Patient, after: &Patient) -> Vec<Difference> {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let scheme = |scheme: Option<Scheme>| scheme.map(|scheme| scheme.as_str().to_owned());
    let values = |of: &Patient| -> [(&'static str, Option<String>); 7] {
        [
            ("name", Some(of.name.clone())),
            ("status", Some(of.status.as_str().to_owned())),
            ("admitted_on", day(Some(of.admitted_on))),
            ("discharged_on", day(of.discharged_on)),
            ("scheme", scheme(of.scheme)),
            ("place_of_insurance", Some(of.insured_at.clone())),
            ("registration", Some(of.progress.as_str().to_owned())),
        ]
    };
    values(before)
        .into_iter()
        .zip(values(after))
        .filter(|((_, was), (_, is))| was != is)
        .map(|((field, from), (_, to))| Difference {
            field: field.to_owned(),
            from,
            to,
        })
        .collect()
}

#[cfg(test)]
mod tests;
