//! Routes between agencies, and where a contact stands (XR-4, XR-5).

use proptest::prelude::*;
use rstest::rstest;

use super::routing::{agency_of, route};
use super::*;

const HERE: [&str; 12] = [
    "370000", "320000", "371000", "371002", "371082", "370600", "370602", "320600", "320612",
    "620000", "621000", "621021",
];

fn code(text: &str) -> AgencyCode {
    text.parse().unwrap()
}

fn legs(from: &str, to: &str, here: &[&str]) -> Vec<String> {
    route(code(from), code(to), |agency| {
        here.contains(&agency.as_str())
    })
    .into_iter()
    .map(|leg| format!("{}>{} {}", leg.sender, leg.receiver, leg.reached_by))
    .collect()
}

// XR-4, XR-5: in one province directly, else through the sender's provincial centre.
#[rstest]
#[case::one_province("371000", "370600", &["371000>370600 service"])]
#[case::and_back("370600", "371000", &["370600>371000 service"])]
#[case::from_a_county("371002", "370600", &["371002>370600 service"])]
#[case::to_a_county("370600", "371002", &["370600>371002 service"])]
#[case::another_province("320600", "371000", &["320600>320000 service", "320000>371000 service"])]
#[case::and_back("371000", "320600", &["371000>370000 service", "370000>320600 service"])]
#[case::to_a_county_there("371002", "320612", &["371002>370000 service", "370000>320612 service"])]
#[case::nobody_there("371000", "110100", &["371000>370000 service", "370000>110100 outside"])]
#[case::nobody_there_in_one_province("371000", "370100", &["371000>370100 outside"])]
#[case::a_province("320600", "370000", &["320600>320000 service", "320000>370000 service"])]
#[case::the_own_centre("371000", "370000", &["371000>370000 service"])]
#[case::from_the_centre("370000", "320600", &["370000>320600 service"])]
#[case::to_itself("371000", "371000", &[])]
fn routes(#[case] from: &str, #[case] to: &str, #[case] expected: &[&str]) {
    assert_eq!(legs(from, to, &HERE), expected);
}

#[test]
fn a_centre_that_is_not_here_is_passed_over() {
    let here = ["371000", "320600"];
    assert_eq!(legs("320600", "371000", &here), ["320600>371000 service"]);
    assert_eq!(legs("320600", "110100", &here), ["320600>110100 outside"]);
}

#[rstest]
#[case("371000", Some("371000"))]
#[case("371002", Some("371000"))]
#[case("370000", Some("370000"))]
#[case("37100", None)]
#[case("三七一零零零", None)]
fn agencies_of_places(#[case] region: &str, #[case] expected: Option<&str>) {
    assert_eq!(
        agency_of(region).map(|agency| agency.to_string()),
        expected.map(str::to_owned)
    );
}

proptest! {
    #[test]
    fn a_route_is_a_chain_of_at_most_two_from_one_end_to_the_other(
        from in 0..HERE.len(), to in 0..HERE.len(), missing in 0..HERE.len(),
    ) {
        let (from, to) = (code(HERE[from]), code(HERE[to]));
        let exists = |agency: AgencyCode| {
            agency.as_str() != HERE[missing] && HERE.contains(&agency.as_str())
        };
        let legs = route(from, to, exists);
        prop_assert!(legs.len() <= 2);
        prop_assert_eq!(legs.is_empty(), from == to);
        for pair in legs.windows(2) {
            prop_assert_eq!(pair[0].receiver, pair[1].sender);
            // Whoever passes on works with this service.
            prop_assert_eq!(pair[0].reached_by, ReachedBy::Service);
        }
        if let (Some(first), Some(last)) = (legs.first(), legs.last()) {
            prop_assert_eq!(first.sender, from);
            prop_assert_eq!(last.receiver, to);
            prop_assert_eq!(exists(last.receiver), last.reached_by == ReachedBy::Service);
        }
    }

    #[test]
    fn both_directions_have_as_many_legs(from in 0..HERE.len(), to in 0..HERE.len()) {
        let (from, to) = (code(HERE[from]), code(HERE[to]));
        let is_centre = |agency: AgencyCode| agency.as_str().ends_with("0000");
        prop_assume!(!is_centre(from) && !is_centre(to));
        let there = route(from, to, |_| true);
        let back = route(to, from, |_| true);
        prop_assert_eq!(there.len(), back.len());
        let same = from.pool().province() == to.pool().province();
        prop_assert_eq!(there.len(), if from == to { 0 } else if same { 1 } else { 2 });
    }
}

fn contact(side: Side, reached_by: ReachedBy) -> Contact {
    let at = |text: &str| Ts::parse(text).unwrap();
    Contact {
        id: uuid::Uuid::nil().into(),
        side,
        agency: code("371000"),
        sender: code("371000"),
        receiver: code("370600"),
        thread: uuid::Uuid::nil().into(),
        leg: 1,
        matter: Matter {
            purpose: Purpose::Confirm,
            origin: code("371000"),
            target: code("370600"),
            case: None,
            patient: None,
            person: None,
            subject: Subject {
                name: "示例".to_owned(),
                id_number: String::new(),
            },
            message: String::new(),
        },
        sent_by: None,
        sent_at: at("2026-11-24T10:00:00+08:00"),
        term: Term {
            number: 1,
            start: at("2026-11-24T10:00:00+08:00"),
            due: at("2026-11-25T17:30:00+08:00"),
            provisional: false,
            missed: false,
            urgent: None,
        },
        breached_at: None,
        reached_by,
        answered: None,
        version: 1,
    }
}

#[rstest]
#[case("2026-11-25T17:30:00+08:00", State::Open)]
#[case("2026-11-25T17:30:00.000001+08:00", State::Overdue)]
fn the_instant_of_the_deadline_is_in_time_clk_3(#[case] now: &str, #[case] expected: State) {
    let contact = contact(Side::Sent, ReachedBy::Service);
    assert_eq!(contact.state(Ts::parse(now).unwrap()), expected);
}

#[rstest]
#[case(Side::Received, ReachedBy::Service, true)]
#[case(Side::Sent, ReachedBy::Service, false)]
#[case(Side::Sent, ReachedBy::Outside, true)]
fn what_comes_from_outside_is_written_down_by_the_sender(
    #[case] side: Side,
    #[case] reached_by: ReachedBy,
    #[case] here: bool,
) {
    assert_eq!(contact(side, reached_by).answers_here(), here);
}
