//! Cross-region registrations (异地就医备案): records apart from the cases that make, change or cancel them.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::ids::{CaseId, PersonId, RegistrationId};
use super::time::Day;

/// Where a registration stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    Display,
    EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Standing {
    /// Its case is open.
    Pending,
    /// In force.
    Active,
    /// Replaced, or its time is over.
    Ended,
    /// Taken back, or never approved.
    Cancelled,
    /// Could not be completed; recorded for settlement (XR-6).
    Recorded,
}

impl Standing {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Identifier.
    pub id: RegistrationId,
    /// The case that made it.
    pub case: CaseId,
    /// Who is registered.
    pub person: PersonId,
    /// Its kind (XR-1).
    pub kind: String,
    /// Code of the prefecture or province.
    pub destination: String,
    /// First day.
    pub start: Day,
    /// Last day; open when `None`.
    pub end: Option<Day>,
    /// Where it stands.
    pub standing: Standing,
    /// What it takes the place of when approved.
    pub replaces: Option<RegistrationId>,
    /// The open case that changes or cancels it.
    pub claimed_by: Option<CaseId>,
}

impl Registration {
    /// Whether it counts against a new one (XR-2): in force, or being decided.
    pub fn counts(&self) -> bool {
        match self.standing {
            Standing::Pending | Standing::Active => true,
            Standing::Ended | Standing::Cancelled | Standing::Recorded => false,
        }
    }

    /// Where it stands on a day: one in force whose last day is over has ended.
    pub fn standing_on(&self, day: Day) -> Standing {
        match self.standing {
            Standing::Active if self.end.is_some_and(|end| end < day) => Standing::Ended,
            other => other,
        }
    }

    /// Whether it can be changed or cancelled: in force, no open case does so already (XR-2), and it does not follow the
    /// patient ledger (XR-3).
    pub fn is_free(&self) -> bool {
        self.standing == Standing::Active
            && self.claimed_by.is_none()
            && self.kind != super::zero_material::KIND
    }
}

/// Whether two spans of days share a day; an open end never ends.
pub fn overlap(a: (Day, Option<Day>), b: (Day, Option<Day>)) -> bool {
    a.1.is_none_or(|end| end >= b.0) && b.1.is_none_or(|end| end >= a.0)
}

/// Whether two destinations cover a common place: the same code, or a province and one of its prefectures.
pub fn same_destination(a: &str, b: &str) -> bool {
    let province_of = |code: &str| code.get(..2).map(str::to_owned);
    a == b || (province_of(a) == province_of(b) && (a.ends_with("0000") || b.ends_with("0000")))
}

/// What a new registration runs into (XR-2), `replacing` left aside.
pub fn conflict<'a>(
    existing: &'a [Registration],
    destination: &str,
    span: (Day, Option<Day>),
    replacing: Option<RegistrationId>,
) -> Option<&'a Registration> {
    existing.iter().find(|r| {
        r.counts()
            && Some(r.id) != replacing
            && same_destination(&r.destination, destination)
            && overlap((r.start, r.end), span)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    // XR-2: may not overlap for the same destination; adjoining days do not overlap.
    #[rstest]
    #[case("2026-01-01", Some("2026-01-31"), "2026-01-31", None, true)]
    #[case("2026-01-01", Some("2026-01-31"), "2026-02-01", None, false)]
    #[case("2026-01-01", None, "2030-01-01", Some("2030-01-02"), true)]
    #[case("2026-05-01", None, "2026-01-01", Some("2026-04-30"), false)]
    fn spans(
        #[case] a: &str,
        #[case] a_end: Option<&str>,
        #[case] b: &str,
        #[case] b_end: Option<&str>,
        #[case] meets: bool,
    ) {
        let a = (day(a), a_end.map(day));
        let b = (day(b), b_end.map(day));
        assert_eq!(overlap(a, b), meets);
        assert_eq!(overlap(b, a), meets);
    }

    #[rstest]
    #[case(Standing::Active, Some("2026-01-31"), "2026-01-31", Standing::Active)]
    #[case(Standing::Active, Some("2026-01-31"), "2026-02-01", Standing::Ended)]
    #[case(Standing::Active, None, "2036-02-01", Standing::Active)]
    #[case(Standing::Pending, Some("2026-01-31"), "2026-02-01", Standing::Pending)]
    fn after_its_last_day_it_has_ended(
        #[case] standing: Standing,
        #[case] end: Option<&str>,
        #[case] on: &str,
        #[case] expected: Standing,
    ) {
        let id = uuid::Uuid::nil();
        let mut registration = Registration {
            id: id.into(),
            case: id.into(),
            person: id.into(),
            kind: "referral".to_owned(),
            destination: "110100".to_owned(),
            start: day("2026-01-01"),
            end: end.map(day),
            standing,
            replaces: None,
            claimed_by: None,
        };
        assert_eq!(registration.standing_on(day(on)), expected);
        assert_eq!(registration.is_free(), standing == Standing::Active);
        registration.claimed_by = Some(id.into());
        assert!(!registration.is_free());
    }

    #[rstest]
    #[case("110100", "110100", true)]
    #[case("320000", "320600", true)]
    #[case("320500", "320600", false)]
    #[case("110100", "120100", false)]
    fn destinations(#[case] a: &str, #[case] b: &str, #[case] same: bool) {
        assert_eq!(same_destination(a, b), same);
        assert_eq!(same_destination(b, a), same);
    }
}
