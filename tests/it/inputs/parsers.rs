//! Readers of what people type, fed with anything: they never panic, and what they accept is canonical: read again
//! it is itself. `BUJIANMIAN_FUZZ=100000` makes that many cases of each.

use bujianmian::domain::form::{Field, Kind, Need, read_day};
use bujianmian::domain::id_number::IdNumber;
use bujianmian::domain::person_name::PersonName;
use bujianmian::domain::phone::Phone;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::text::{cleaned, is_invisible};
use bujianmian::domain::time::{Day, Ts};
use bujianmian::web::preferences::accepted_locale;
use bujianmian::web::urls::{encode, local_or_home};
use proptest::prelude::*;
use serde_json::{Map, Value};

const SHORT: u32 = 2_000;

fn cases() -> ProptestConfig {
    let cases =
        std::env::var("BUJIANMIAN_FUZZ").map_or(SHORT, |text| text.parse().expect("a number"));
    ProptestConfig {
        cases,
        // Nothing is written beside the sources.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn today() -> Day {
    Day::from_ymd_opt(2026, 11, 24).unwrap()
}

/// Anything, and what is nearly right: digits of all widths with what stands between them.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９Xxｘ \u{3000}\\-－—/.年月日T:Z+()（）\u{200b}\u{202e}\0]{0,30}",
        "[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]",
        "[0-9]{6}-20[0-9]{6}-[0-9]{5,9}-[0-9]",
        "\\PC{0,60}",
    ]
}

fn kind_of(number: usize) -> Kind {
    match number {
        0 => Kind::Choice(&["a", "b"]),
        1 => Kind::Region,
        2 => Kind::Day,
        3 => Kind::Phone,
        4 => Kind::Text(20),
        5 => Kind::Pledge,
        _ => Kind::Registration,
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn id_numbers(text in typed()) {
        if let Ok(number) = IdNumber::parse(&text, today()) {
            let again = IdNumber::parse(number.as_str(), today()).unwrap();
            prop_assert_eq!(again.as_str(), number.as_str());
            prop_assert_eq!(number.as_str().len(), 18);
            prop_assert!(!number.masked().contains(number.last_six()));
        }
    }

    #[test]
    fn days(text in typed()) {
        if let Some(day) = read_day(&text) {
            prop_assert_eq!(read_day(&day.to_string()), Some(day));
        }
    }

    #[test]
    fn instants(text in typed()) {
        if let Some(at) = Ts::parse(&text) {
            prop_assert_eq!(Ts::parse(&at.rfc3339()), Some(at));
        }
    }

    #[test]
    fn receipt_numbers(text in typed()) {
        if let Ok(number) = text.parse::<ReceiptNo>() {
            prop_assert_eq!(&number.as_str().parse::<ReceiptNo>().unwrap(), &number);
            prop_assert!(number.pool().is_some());
        }
    }

    #[test]
    fn phones_and_names(text in typed()) {
        if let Ok(phone) = Phone::parse(&text) {
            let again = Phone::parse(phone.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), phone.as_str());
        }
        if let Ok(name) = PersonName::parse(&text) {
            let again = PersonName::parse(name.as_str()).unwrap();
            prop_assert_eq!(again.as_str(), name.as_str());
            prop_assert!(!name.as_str().chars().any(|c| c.is_control() || is_invisible(c)));
        }
    }

    #[test]
    fn free_words(text in typed()) {
        let clean = cleaned(&text);
        prop_assert_eq!(&cleaned(&clean), &clean);
        prop_assert!(!clean.chars().any(|c| is_invisible(c) || (c.is_control() && c != '\n')));
    }

    #[test]
    fn answers(text in typed(), kind in 0..7_usize) {
        let field = Field { name: "x", kind: kind_of(kind), need: Need::Optional, prefill: None };
        if let Ok(Some(value)) = field.read(Some(&Value::from(text))) {
            prop_assert_eq!(field.read(Some(&value)), Ok(Some(value)));
        }
        let other = Value::Object(Map::new());
        prop_assert!(field.read(Some(&other)).is_err());
    }

    #[test]
    fn addresses(text in any::<String>(), header in any::<String>()) {
        let local = local_or_home(&text);
        prop_assert!(local.starts_with('/') && !local.starts_with("//") && !local.contains(['\\', '\r', '\n']));
        prop_assert!(encode(&text).is_ascii());
        accepted_locale(&header);
    }
}
