//! CAS-12: every message in both languages as people get it: mail and inbox, SMS, and one mail as HTML. The snapshots
//! are the texts to read over.

use std::collections::BTreeMap;
use std::fmt::Write;

use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice::Kind;
use bujianmian::notify::letter::{Around, Letter, letter};
use bujianmian::notify::words::short;
use bujianmian::web::urls;
use rstest::rstest;
use strum::IntoEnumIterator;

const RECEIPT: &str = "371000-20261128-00042-7";

fn particulars(kind: Kind) -> BTreeMap<String, String> {
    let of_case = [
        ("receipt_no", RECEIPT),
        ("item", "cross-region-registration"),
    ];
    let special: &[(&str, &str)] = match kind {
        Kind::Breached => &[
            ("due", "2026-11-30T17:30:00+08:00"),
            ("expected", "2026-12-01T17:30:00+08:00"),
        ],
        Kind::Received
        | Kind::Resumed
        | Kind::Reopened
        | Kind::Redated
        | Kind::FiledForYou
        | Kind::HalfTime
        | Kind::LastHour
        | Kind::Assigned
        | Kind::OtherAgencyAnswered
        | Kind::BreachedAtDesk => &[("due", "2026-11-30T17:30:00+08:00")],
        Kind::SupplementRequested | Kind::LapseReminder => &[("last_day", "2026-12-28")],
        Kind::ObligationReminder => &[("material", "referral-slip"), ("due_on", "2026-12-28")],
        Kind::ContactReceived | Kind::ContactLastHour | Kind::ContactOverdue => {
            let due = "2026-11-30T17:30:00+08:00".to_owned();
            return BTreeMap::from([("due".to_owned(), due)]);
        }
        Kind::MessagesDead => return BTreeMap::from([("count".to_owned(), "3".to_owned())]),
        Kind::BatchDone => {
            return BTreeMap::from(
                [
                    ("item", "cross-region-registration"),
                    ("filed", "963"),
                    ("rejected", "35"),
                    ("duplicates", "2"),
                ]
                .map(|(name, value)| (name.to_owned(), value.to_owned())),
            );
        }
        Kind::BatchDecided => {
            let pairs = [
                ("item", "cross-region-registration"),
                ("decided", "910"),
                ("left", "53"),
            ];
            let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
            return BTreeMap::from(pairs);
        }
        Kind::HalfTimeMany | Kind::LastHourMany | Kind::AssignedMany | Kind::BreachedAtDeskMany => {
            let receipts = format!("{RECEIPT}, 371000-20261128-00043-5");
            return BTreeMap::from([
                ("count".to_owned(), "12".to_owned()),
                ("receipts".to_owned(), receipts),
            ]);
        }
        Kind::Approved
        | Kind::Refused
        | Kind::NotAccepted
        | Kind::Withdrawn
        | Kind::Lapsed
        | Kind::BadRating
        | Kind::FollowUpOverdue
        | Kind::FollowedUp
        | Kind::Objected
        | Kind::ObjectedAtDesk
        | Kind::LeaveUncovered
        | Kind::OtherAgencyAsked
        | Kind::Recorded
        | Kind::RegistrationEnded
        | Kind::ContactSilent
        | Kind::ContactAnswered => &[],
    };
    of_case
        .iter()
        .chain(special)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn written(locale: Locale, kind: Kind) -> Letter {
    // Whoever answers a contact is told of no case.
    let number = if kind.is_of_contact() { "" } else { RECEIPT };
    let around = Around {
        link: format!("https://portal.example{}", urls::of_notice(kind, number)),
        hotline: "12393".to_owned(),
    };
    letter(locale, kind, &particulars(kind), &around)
}

#[rstest]
#[case::chinese(Locale::Zh)]
#[case::english(Locale::En)]
fn every_mail(#[case] locale: Locale) {
    let mut all = String::new();
    for kind in Kind::iter() {
        let letter = written(locale, kind);
        writeln!(all, "=== {kind}\n{}\n\n{}", letter.subject, letter.text).unwrap();
    }
    insta::with_settings!({ snapshot_suffix => locale.tag(), omit_expression => true }, {
        insta::assert_snapshot!(all);
    });
}

#[rstest]
#[case::chinese(Locale::Zh)]
#[case::english(Locale::En)]
fn every_sms(#[case] locale: Locale) {
    let mut all = String::new();
    for kind in Kind::iter() {
        if let Some(text) = short(locale, kind, &particulars(kind)) {
            writeln!(all, "{kind} ({}): {text}", text.chars().count()).unwrap();
        }
    }
    insta::with_settings!({ snapshot_suffix => locale.tag(), omit_expression => true }, {
        insta::assert_snapshot!(all);
    });
}

#[test]
fn one_mail_as_html() {
    let html = written(Locale::Zh, Kind::SupplementRequested).html;
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(html);
    });
}

/// Staff are led to their desk, the public to the progress of the case (CAS-5).
#[rstest]
#[case(
    Kind::Received,
    "https://portal.example/progress?receipt_no=371000-20261128-00042-7"
)]
#[case(
    Kind::Assigned,
    "https://portal.example/desk/cases/371000-20261128-00042-7"
)]
#[case(Kind::MessagesDead, "https://portal.example/admin/outbox")]
fn a_mail_leads_to_where_its_reader_works(#[case] kind: Kind, #[case] link: &str) {
    let letter = written(Locale::En, kind);
    assert!(
        letter.text.lines().any(|line| line.ends_with(link)),
        "{}",
        letter.text
    );
    assert!(
        letter.html.contains(&format!("href=\"{link}\"")),
        "{}",
        letter.html
    );
}
