//! The rules of both items of an epidemic at filing: without papers (XR-3), stranded (XR-8).

use std::sync::LazyLock;

use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::data;
use crate::domain::patient::Status;
use crate::domain::policy::PolicySet;
use crate::domain::region::Regions;
use crate::domain::registration::Registration;
use crate::items::cross_region_registration_stranded as stranded;

static POLICIES: LazyLock<PolicySet> = LazyLock::new(|| data::policies::load().unwrap());
static REGIONS: LazyLock<Regions> = LazyLock::new(|| Regions::parse(data::REGIONS).unwrap());

const TODAY: &str = "2026-11-24";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn stay(pool: &str, status: Status, to: Option<&str>) -> Stay {
    Stay {
        patient: Uuid::from_u128(3).into(),
        pool: pool.parse().unwrap(),
        status,
        admitted_on: day("2026-11-10"),
        discharged_on: to.map(day),
    }
}

fn registration(kind: &str, destination: &str, standing: Standing) -> Registration {
    Registration {
        id: Uuid::from_u128(7).into(),
        case: Uuid::nil().into(),
        person: Uuid::from_u128(1).into(),
        kind: kind.to_owned(),
        destination: destination.to_owned(),
        start: day("2026-11-10"),
        end: None,
        standing,
        replaces: None,
        claimed_by: None,
    }
}

fn answers(pairs: &[(&str, &str)]) -> Answers {
    let pairs = pairs.iter().map(|(name, value)| match *name {
        "pledge" => ((*name).to_owned(), true.into()),
        _ => ((*name).to_owned(), (*value).into()),
    });
    pairs.collect()
}

fn asked(
    answers: &Answers,
    stays: &[Stay],
    registrations: &[Registration],
) -> Result<Checked, Fault> {
    let facts = FilingFacts {
        today: day(TODAY),
        policy: POLICIES.on("371000".parse().unwrap(), day(TODAY)),
        regions: &REGIONS,
        insured_at: "371000",
        registrations,
        stays,
        closures: &[],
    };
    check(answers, &facts)
}

fn faults(found: Result<Checked, Fault>) -> Vec<String> {
    match found {
        Err(Fault::Fields(errors)) => errors
            .iter()
            .map(|e| format!("{} {}", e.field, e.code))
            .collect(),
        other => panic!("{other:?}"),
    }
}

const STATED: &[(&str, &str)] = &[
    ("destination", "110100"),
    ("status", "confirmed"),
    ("admitted_on", "2026-11-20"),
    ("pledge", ""),
];

// XR-3: nothing is asked of who is in the ledger; place and days are its.
#[rstest]
#[case(Status::Suspected, None, Standing::Active)]
#[case(Status::Confirmed, None, Standing::Active)]
#[case(Status::Confirmed, Some("2026-11-20"), Standing::Ended)]
fn by_the_ledger_nothing_is_asked(
    #[case] status: Status,
    #[case] discharged: Option<&str>,
    #[case] expected: Standing,
) {
    let stays = [stay("370600", status, discharged)];
    let passed = asked(&Answers::default(), &stays, &[]).unwrap();
    assert_eq!(
        passed.effects,
        [
            Effect::OpenRegistration {
                kind: "covid".to_owned(),
                destination: "370600".to_owned(),
                start: day("2026-11-10"),
                end: discharged.map(day),
                replaces: None,
                standing: expected,
            },
            Effect::RestOn("370600".parse().unwrap(), Uuid::from_u128(3).into()),
        ]
    );
}

#[test]
fn who_is_treated_at_home_has_nothing_to_register() {
    let home = [stay("371000", Status::Confirmed, None)];
    let found = faults(asked(&Answers::default(), &home, &[]));
    assert_eq!(found, ["destination treated-at-home"]);
    // Whom another place treats by now says so under pledge.
    assert!(asked(&answers(STATED), &home, &[]).is_ok());
}

#[rstest]
#[case::nothing(&[], &["destination required", "status required", "admitted_on required", "pledge required"])]
#[case::no_pledge(
    &[("destination", "110100"), ("status", "confirmed"), ("admitted_on", "2026-11-20")],
    &["pledge required"]
)]
#[case::home(
    &[("destination", "371000"), ("status", "confirmed"), ("admitted_on", "2026-11-20"), ("pledge", "")],
    &["destination destination-is-home"]
)]
#[case::later(
    &[("destination", "110100"), ("status", "confirmed"), ("admitted_on", "2026-11-25"), ("pledge", "")],
    &["admitted_on admitted-later"]
)]
#[case::too_early(
    &[("destination", "110100"), ("status", "confirmed"), ("admitted_on", "2019-11-30"), ("pledge", "")],
    &["admitted_on admitted-too-early"]
)]
fn who_is_in_no_ledger_states_it(#[case] given: &[(&str, &str)], #[case] expected: &[&str]) {
    assert_eq!(faults(asked(&answers(given), &[], &[])), expected);
    let excluded = [stay("370600", Status::Excluded, None)];
    assert_eq!(faults(asked(&answers(given), &excluded, &[])), expected);
}

// XR-3: in force from the day that was stated, checked afterwards.
#[test]
fn what_is_stated_is_in_force_under_pledge() {
    let passed = asked(&answers(STATED), &[], &[]).unwrap();
    assert_eq!(
        passed.effects,
        [Effect::OpenRegistration {
            kind: "covid".to_owned(),
            destination: "110100".to_owned(),
            start: day("2026-11-20"),
            end: None,
            replaces: None,
            standing: Standing::Active,
        }]
    );
    assert!(passed.facts.contains(&("rests-on", "pledge".to_owned())));
}

// XR-2: a stay is registered once, by whatever kind covers it.
#[rstest]
#[case("covid", "370600", Standing::Active, true)]
#[case("covid", "370600", Standing::Ended, true)]
#[case("long-term-residence", "370000", Standing::Active, true)]
#[case("referral", "370600", Standing::Pending, true)]
#[case("referral", "370600", Standing::Ended, false)]
#[case("covid", "370600", Standing::Cancelled, false)]
#[case("covid", "370600", Standing::Recorded, false)]
#[case("covid", "110100", Standing::Active, false)]
fn a_stay_is_registered_once(
    #[case] kind: &str,
    #[case] destination: &str,
    #[case] standing: Standing,
    #[case] refused: bool,
) {
    let stays = [stay("370600", Status::Confirmed, None)];
    let existing = [registration(kind, destination, standing)];
    let found = asked(&Answers::default(), &stays, &existing);
    match refused {
        true => assert_eq!(found, Err(Fault::Overlap(existing[0].id))),
        false => assert!(found.is_ok(), "{found:?}"),
    }
}

mod of_the_stranded {
    use super::*;
    use crate::domain::closure::{self, Closure};

    fn asked(
        given: &[(&str, &str)],
        registrations: &[Registration],
        closures: &[Closure],
    ) -> Result<Checked, Fault> {
        let mut pairs = vec![
            ("destination", "320600"),
            ("since", "2026-11-20"),
            ("reason", "closure"),
            ("phone", "13800000000"),
            ("pledge", ""),
        ];
        pairs.retain(|(name, _)| given.iter().all(|(other, _)| other != name));
        pairs.extend(given);
        let facts = FilingFacts {
            today: day(TODAY),
            policy: POLICIES.on("371000".parse().unwrap(), day(TODAY)),
            regions: &REGIONS,
            insured_at: "371000",
            registrations,
            stays: &[],
            closures,
        };
        (stranded::ITEM.check)(&answers(&pairs), &facts)
    }

    fn span(found: Result<Checked, Fault>) -> (Day, Option<Day>) {
        match found.unwrap().effects.as_slice() {
            [
                Effect::OpenRegistration {
                    start,
                    end,
                    standing: Standing::Pending,
                    ..
                },
            ] => (*start, *end),
            other => panic!("{other:?}"),
        }
    }

    // XR-8; days as temporary kinds (XR-1).
    #[rstest]
    #[case(&[], "2027-05-19")]
    #[case(&[("until", "2026-12-01")], "2026-12-01")]
    #[case(&[("until", "2027-11-19")], "2027-11-19")]
    fn its_days(#[case] given: &[(&str, &str)], #[case] end: &str) {
        assert_eq!(
            span(asked(given, &[], &[])),
            (day("2026-11-20"), Some(day(end)))
        );
    }

    #[rstest]
    #[case(&[("until", "2027-11-20")], "until term-too-long")]
    #[case(&[("until", "2026-11-19")], "until end-before-start")]
    #[case(&[("since", "2026-11-25")], "since since-later")]
    #[case(&[("destination", "371000")], "destination destination-is-home")]
    fn faults_at_their_fields(#[case] given: &[(&str, &str)], #[case] expected: &str) {
        assert_eq!(faults(asked(given, &[], &[])), [expected]);
    }

    // XR-8: "not referred and not long-term".
    #[rstest]
    #[case("referral", "320600", true)]
    #[case("long-term-residence", "320000", true)]
    #[case("long-term-residence", "310000", false)]
    fn who_is_registered_there_needs_none(
        #[case] kind: &str,
        #[case] destination: &str,
        #[case] refused: bool,
    ) {
        let existing = [registration(kind, destination, Standing::Active)];
        assert_eq!(asked(&[], &existing, &[]).is_err(), refused);
    }

    // XR-8: a closure is support, and none is no refusal.
    #[test]
    fn a_closure_is_support() {
        let closure = Closure {
            id: Uuid::from_u128(9).into(),
            kind: closure::Kind::Closure,
            area: "320602".to_owned(),
            from: day("2026-11-15"),
            to: None,
            notice: "示例通告〔2026〕1号".to_owned(),
        };
        let supported = asked(&[], &[], &[closure]).unwrap();
        assert!(
            supported
                .facts
                .contains(&("closure-notice", "示例通告〔2026〕1号".to_owned()))
        );
        let alone = asked(&[], &[], &[]).unwrap();
        assert!(alone.facts.iter().all(|(name, _)| *name != "closure"));
    }
}
