//! Whether the ordinary reduction of the ratio for treatment elsewhere applies to an admission (XR-7, SET-2): what a
//! settlement reads. Pure; no amount is computed here.

use strum::IntoStaticStr;

use super::ids::RegistrationId;
use super::item::Basis;
use super::patient::Status;
use super::registration::{Registration, Standing, same_destination};
use super::time::Day;

/// Whose admission it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insured<'a> {
    /// Prefecture code of the place of insurance.
    pub at: &'a str,
    /// Condition on the day of admission by the patient ledger or the claim; `None` for who is no COVID patient.
    pub status: Option<Status>,
}

/// An admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission<'a> {
    /// Prefecture code of the place of treatment.
    pub at: &'a str,
    /// First day.
    pub on: Day,
}

/// Whether the reduction applies, and by what; texts `reduction-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Reduction {
    /// Never for COVID patients, registered or not (XR-7).
    NoneForCovid,
    /// Treated where they are insured.
    NoneAtHome,
    /// Registered for the place on that day (XR-1).
    NoneRegistered(RegistrationId),
    /// The registration could not be completed, which is no fault of theirs (XR-6).
    NoneRecorded(RegistrationId),
    /// The pack's reduction applies.
    Applies,
}

impl Reduction {
    /// The name in the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The clause it rests on; that an unregistered one is reduced is the pack's own (SET-2).
    pub fn basis(self) -> Option<Basis> {
        let (rule, clause) = match self {
            Self::NoneForCovid => ("XR-7", "二(二)2"),
            Self::NoneRegistered(_) => ("XR-1", "二(二)3"),
            Self::NoneRecorded(_) => ("XR-6", "二(二)1(3)"),
            Self::NoneAtHome | Self::Applies => return None,
        };
        Some(Basis {
            rule,
            source: "苏医保发〔2020〕3号",
            clause,
        })
    }
}

/// Whether the reduction for treatment elsewhere applies (XR-7). Confirmed is said by two sources, suspected by one and a
/// Choice for the others: none for both.
pub fn cross_region_reduction(
    person: Insured<'_>,
    admission: Admission<'_>,
    registrations: &[Registration],
) -> Reduction {
    if person.at == admission.at {
        return Reduction::NoneAtHome;
    }
    if person.status.is_some_and(Status::is_covid) {
        return Reduction::NoneForCovid;
    }
    let covers = |one: &&Registration| {
        same_destination(&one.destination, admission.at)
            && one.start <= admission.on
            && one.end.is_none_or(|end| admission.on <= end)
    };
    let mut recorded = None;
    for one in registrations.iter().filter(covers) {
        match one.standing {
            Standing::Active => return Reduction::NoneRegistered(one.id),
            // Without a last day nothing says that it was in force then.
            Standing::Ended if one.end.is_some() => return Reduction::NoneRegistered(one.id),
            Standing::Recorded => recorded = Some(one.id),
            Standing::Ended | Standing::Pending | Standing::Cancelled => {}
        }
    }
    recorded.map_or(Reduction::Applies, Reduction::NoneRecorded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use strum::IntoEnumIterator;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn registration(standing: Standing, destination: &str, end: Option<Day>) -> Registration {
        Registration {
            id: Uuid::from_u128(7).into(),
            case: Uuid::nil().into(),
            person: Uuid::nil().into(),
            kind: "other-temporary".to_owned(),
            destination: destination.to_owned(),
            start: day("2026-11-01"),
            end,
            standing,
            replaces: None,
            claimed_by: None,
        }
    }

    fn asked(status: Option<Status>, on: &str, registrations: &[Registration]) -> &'static str {
        let person = Insured {
            at: "371000",
            status,
        };
        let admission = Admission {
            at: "320600",
            on: day(on),
        };
        cross_region_reduction(person, admission, registrations).as_str()
    }

    // XR-6: recorded as good as registered; XR-1: covering the place and the day.
    #[rstest]
    #[case(Standing::Active, "320600", None, "2026-11-20", "none-registered")]
    #[case(Standing::Active, "320000", None, "2026-11-20", "none-registered")]
    #[case(Standing::Active, "320500", None, "2026-11-20", "applies")]
    #[case(Standing::Active, "320600", None, "2026-10-31", "applies")]
    #[case(
        Standing::Active,
        "320600",
        Some("2026-11-20"),
        "2026-11-20",
        "none-registered"
    )]
    #[case(
        Standing::Active,
        "320600",
        Some("2026-11-19"),
        "2026-11-20",
        "applies"
    )]
    #[case(
        Standing::Ended,
        "320600",
        Some("2026-11-20"),
        "2026-11-20",
        "none-registered"
    )]
    #[case(Standing::Ended, "320600", Some("2026-11-19"), "2026-11-20", "applies")]
    #[case(Standing::Ended, "320600", None, "2026-11-20", "applies")]
    #[case(Standing::Recorded, "320600", None, "2026-11-20", "none-recorded")]
    #[case(Standing::Recorded, "110100", None, "2026-11-20", "applies")]
    #[case(Standing::Pending, "320600", None, "2026-11-20", "applies")]
    #[case(Standing::Cancelled, "320600", None, "2026-11-20", "applies")]
    fn of_everybody_else_by_registration(
        #[case] standing: Standing,
        #[case] destination: &str,
        #[case] end: Option<&str>,
        #[case] on: &str,
        #[case] expected: &str,
    ) {
        let one = registration(standing, destination, end.map(day));
        let expected_of_covid = "none-for-covid";
        for status in [None, Some(Status::Excluded)] {
            assert_eq!(asked(status, on, std::slice::from_ref(&one)), expected);
        }
        // XR-7: whatever the registration.
        for status in [Status::Suspected, Status::Confirmed] {
            assert_eq!(
                asked(Some(status), on, std::slice::from_ref(&one)),
                expected_of_covid
            );
            assert_eq!(asked(Some(status), on, &[]), expected_of_covid);
        }
    }

    #[test]
    fn one_in_force_comes_before_one_recorded() {
        let recorded = registration(Standing::Recorded, "320600", None);
        let active = registration(Standing::Active, "320600", None);
        assert_eq!(
            asked(None, "2026-11-20", &[recorded, active]),
            "none-registered"
        );
    }

    #[test]
    fn at_home_there_is_nothing_to_reduce() {
        let person = Insured {
            at: "371000",
            status: None,
        };
        let admission = Admission {
            at: "371000",
            on: day("2026-11-20"),
        };
        let found = cross_region_reduction(person, admission, &[]);
        assert_eq!(found, Reduction::NoneAtHome);
        assert_eq!(found.basis(), None);
    }

    proptest! {
        // XR-7: for COVID patients never, in any state of any number of registrations.
        #[test]
        fn never_for_covid_patients(
            confirmed in any::<bool>(),
            states in prop::collection::vec((0..5_usize, prop::sample::select(vec!["320600", "320000", "110100"])), 0..6),
            ahead in 0..400_u64,
        ) {
            let all: Vec<Registration> = states
                .iter()
                .map(|(at, destination)| {
                    registration(Standing::iter().nth(*at).unwrap(), destination, None)
                })
                .collect();
            let status = if confirmed { Status::Confirmed } else { Status::Suspected };
            let admission = Admission {
                at: "320600",
                on: day("2026-06-01") + chrono::Days::new(ahead),
            };
            let person = Insured { at: "371000", status: Some(status) };
            prop_assert_eq!(cross_region_reduction(person, admission, &all), Reduction::NoneForCovid);
        }
    }
}
