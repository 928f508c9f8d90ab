//! The words of a notice in one language, for inbox and mail alike. Receipt number, item, days: never the
//! name, never what was answered, never a reason in free words (CAS-12); those are read in the portal.

use std::collections::BTreeMap;

use crate::data::dates;
use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::notice::{Channel, Kind};
use crate::domain::time::{Day, Ts};

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line that tells nothing sensitive; fit for a mail's subject.
    pub subject: String,
    /// What happened, its particulars and what to do, one paragraph each.
    pub lines: Vec<String>,
}

/// The words of a notice of `kind`. Particulars that it does not carry leave their line out: `receipt_no`;
/// `item` and `material` (names of texts); `due` and `expected` (RFC 3339); `last_day` and `due_on` (`YYYY-MM-DD`);
/// `count` and `receipts` of several cases; `filed`, `rejected` and `duplicates` of a list's rows; `unassigned`, whatever it says, when nobody could be given the case.
pub fn words(locale: Locale, kind: Kind, particulars: &BTreeMap<String, String>) -> Words {
    let receipt = value(particulars, "receipt_no").unwrap_or_default();
    let of_kind = |part: &str| format!("notice-{kind}-{part}");
    let subject = text_with(
        locale,
        &of_kind("subject"),
        &[("receipt", receipt.as_str().into())],
    );
    let mut lines = vec![text(locale, &of_kind("body"))];
    lines.extend(facts(locale, kind, particulars));
    lines.push(text(locale, &of_kind("next")));
    Words {
        subject: one_line(&subject),
        lines,
    }
}

/// The same in the few letters of an SMS, without a link: what happened, the number, and until when something is to be
/// done; `None` for kinds that never go by SMS.
pub fn short(locale: Locale, kind: Kind, particulars: &BTreeMap<String, String>) -> Option<String> {
    if !kind.properties().matter.channels().contains(&Channel::Sms) {
        return None;
    }
    let receipt = value(particulars, "receipt_no").unwrap_or_default();
    let said = text_with(
        locale,
        &format!("notice-{kind}-sms"),
        &[("receipt", receipt.into())],
    );
    let until = |key: &str, name: &str| {
        let day = value(particulars, name)?;
        Some(text_with(locale, key, &[("day", day.into())]))
    };
    let due = (kind == Kind::Received)
        .then(|| value(particulars, "due"))
        .flatten()
        .and_then(|due| Ts::parse(&due))
        .map(|due| {
            let moment = dates::moment_short(due);
            text_with(locale, "notice-sms-due", &[("moment", moment.into())])
        });
    let parts = [
        Some(said),
        due,
        until("notice-sms-last-day", "last_day"),
        until("notice-sms-last-day", "due_on"),
    ];
    let space = match locale {
        Locale::Zh => "",
        Locale::En => " ",
    };
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(one_line(&parts.join(space)))
}

/// The lines between what happened and what to do.
fn facts(
    locale: Locale,
    kind: Kind,
    particulars: &BTreeMap<String, String>,
) -> impl Iterator<Item = String> {
    let line = |key: &str, name: &str, words: Option<String>| {
        words.map(|words| text_with(locale, key, &[(name, words.into())]))
    };
    let named = |name: &str| value(particulars, name);
    let day = |name: &str| {
        let day = named(name)?.parse::<Day>().ok()?;
        Some(dates::day(locale, day))
    };
    let item = named("item").map(|slug| text(locale, &format!("item-{slug}")));
    let material = named("material").map(|name| text(locale, &format!("material-{name}")));
    let moment = |name: &str| {
        let at = Ts::parse(&named(name)?)?;
        Some(dates::moment(locale, at))
    };
    [
        line("notice-item", "item", item),
        line("notice-receipt", "receipt", named("receipt_no")),
        line(count_key(kind), "count", named("count")),
        line("notice-receipts", "receipts", named("receipts")),
        line("notice-rows-filed", "count", named("filed")),
        line("notice-rows-rejected", "count", named("rejected")),
        line("notice-rows-duplicate", "count", named("duplicates")),
        line("notice-cases-decided", "count", named("decided")),
        line("notice-cases-left", "count", named("left")),
        line(due_key(kind), "moment", moment("due")),
        line("notice-expected", "moment", moment("expected")),
        line("notice-unassigned", "yes", named("unassigned")),
        line("notice-last-day", "day", day("last_day")),
        line("notice-material", "material", material),
        line("notice-material-due", "day", day("due_on")),
    ]
    .into_iter()
    .flatten()
}

/// What a due time is: one that holds, or one that was missed.
fn due_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Breached | Kind::BreachedAtDesk => "notice-due-missed",
        Kind::ContactReceived | Kind::ContactLastHour => "notice-contact-due",
        Kind::ContactOverdue => "notice-contact-due-missed",
        Kind::Received
        | Kind::SupplementRequested
        | Kind::Resumed
        | Kind::Approved
        | Kind::Refused
        | Kind::NotAccepted
        | Kind::Withdrawn
        | Kind::LapseReminder
        | Kind::Lapsed
        | Kind::Reopened
        | Kind::Redated
        | Kind::ObligationReminder
        | Kind::HalfTime
        | Kind::LastHour
        | Kind::Assigned
        | Kind::HalfTimeMany
        | Kind::LastHourMany
        | Kind::AssignedMany
        | Kind::BreachedAtDeskMany
        | Kind::BadRating
        | Kind::FollowUpOverdue
        | Kind::FollowedUp
        | Kind::MessagesDead
        | Kind::FiledForYou
        | Kind::Objected
        | Kind::ObjectedAtDesk
        | Kind::LeaveUncovered
        | Kind::OtherAgencyAsked
        | Kind::OtherAgencyAnswered
        | Kind::Recorded
        | Kind::BatchDone
        | Kind::RegistrationEnded
        | Kind::ContactSilent
        | Kind::ContactAnswered
        | Kind::BatchDecided => "notice-due",
    }
}

/// What is counted.
fn count_key(kind: Kind) -> &'static str {
    match kind {
        Kind::MessagesDead => "notice-count-messages",
        _ => "notice-count",
    }
}

fn value(particulars: &BTreeMap<String, String>, name: &str) -> Option<String> {
    particulars.get(name).map(|value| one_line(value))
}

/// Without line ends and other control characters: nothing that a value holds begins a header of its own.
pub(super) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use strum::IntoEnumIterator;

    use super::*;
    use crate::data::texts::has_text;

    fn particulars(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn every_notice_has_words_in_both_languages() {
        for kind in Kind::iter() {
            for part in ["subject", "body", "next"] {
                for locale in Locale::ALL {
                    let key = format!("notice-{kind}-{part}");
                    let said = text_with(locale, &key, &[("receipt", "7".into())]);
                    assert!(part == "subject" || has_text(locale, &key), "{key}");
                    assert_ne!(said, key, "{}", locale.tag());
                }
            }
        }
    }

    #[rstest]
    #[case(Locale::Zh, "办理时限：2026年11月24日 17:30（星期二）")]
    #[case(Locale::En, "Deadline for us: Tue 24 Nov 2026, 17:30 Beijing time")]
    fn a_filing_tells_number_and_due_time(#[case] locale: Locale, #[case] due: &str) {
        let given = particulars(&[
            ("receipt_no", "37100020261123000017"),
            ("due", "2026-11-24T17:30:00+08:00"),
        ]);
        let words = words(locale, Kind::Received, &given);
        assert!(words.subject.contains("37100020261123000017"));
        assert!(words.lines.iter().any(|line| line == due), "{words:?}");
    }

    #[test]
    fn a_refusal_points_to_reason_and_remedy() {
        for kind in [Kind::Refused, Kind::NotAccepted] {
            let chinese = words(Locale::Zh, kind, &BTreeMap::new()).lines.join("\n");
            assert!(chinese.contains("行政复议") && chinese.contains("救济途径"));
            let english = words(Locale::En, kind, &BTreeMap::new()).lines.join("\n");
            assert!(english.contains("reconsideration") && english.contains("reason"));
        }
    }

    #[test]
    fn a_breach_names_the_time_that_was_missed() {
        let given = particulars(&[("due", "2020-02-03T17:30:00+08:00")]);
        let words = words(Locale::En, Kind::Breached, &given);
        let missed = "It should have been completed by: Mon 3 Feb 2020, 17:30 Beijing time";
        assert!(words.lines.iter().any(|line| line == missed), "{words:?}");
    }

    /// One SMS holds 70 characters of which one is Chinese, else 160.
    #[test]
    fn every_sms_fits_into_one_with_the_longest_values() {
        let given = particulars(&[
            ("receipt_no", "371000-20261128-00042-7"),
            ("due", "2026-11-30T17:30:00+08:00"),
            ("last_day", "2026-12-28"),
        ]);
        for kind in Kind::iter() {
            let sms = |locale| short(locale, kind, &given);
            let wanted = kind.properties().matter.channels().contains(&Channel::Sms);
            assert_eq!(sms(Locale::Zh).is_some(), wanted, "{kind}");
            let Some((zh, en)) = sms(Locale::Zh).zip(sms(Locale::En)) else {
                continue;
            };
            assert!(has_text(Locale::En, &format!("notice-{kind}-sms")) || en.is_ascii());
            assert!(zh.chars().count() <= 70, "{} {zh}", zh.chars().count());
            assert!(en.len() <= 160 && en.is_ascii(), "{} {en}", en.len());
            assert!(
                !zh.contains(['$', '{']) && !en.contains(['$', '{']),
                "{zh} {en}"
            );
        }
    }

    #[test]
    fn what_is_not_given_is_not_said() {
        for kind in Kind::iter() {
            for locale in Locale::ALL {
                let words = words(locale, kind, &BTreeMap::new());
                assert_eq!(words.lines.len(), 2, "{words:?}");
                assert!(!words.lines.join("").contains('$'), "{words:?}");
            }
        }
    }

    #[test]
    fn a_value_never_begins_a_line_of_its_own() {
        let given = particulars(&[("receipt_no", "1\r\nBcc: x@example.org")]);
        let words = words(Locale::En, Kind::Received, &given);
        assert!(!words.subject.contains(['\r', '\n']));
        assert!(words.lines.iter().all(|line| !line.contains(['\r', '\n'])));
    }
}
