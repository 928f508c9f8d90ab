//! What counts of lines, by what was said of them.

use rstest::rstest;
use uuid::Uuid;

use super::*;

fn line(number: u32, amount: i64, class: Option<Class>) -> Line {
    Line {
        number,
        day: "2026-11-02".parse().unwrap(),
        name: "示例药品".to_owned(),
        code: None,
        class,
        own_share: None,
        protocol: false,
        amount: Fen::new(amount),
    }
}

fn ruling(line: u32, allowed: i64, class: Option<Class>, share: Option<u16>) -> Ruling {
    Ruling {
        line,
        allowed: Fen::new(allowed),
        class,
        own_share: share.map(BasisPoints),
        protocol: false,
        reason: "超出限定数量".to_owned(),
    }
}

fn said(event: u32, of: &Line, ruling: Ruling) -> Adjustment {
    Adjustment {
        event,
        day: of.day,
        name: of.name.clone(),
        asked: of.amount,
        ruling,
        by: Uuid::nil().into(),
        at: Ts::parse("2026-11-24T10:00:00+08:00").unwrap(),
    }
}

#[test]
fn the_last_word_on_a_line_counts() {
    let of = line(1, 10_000, None);
    let first = said(3, &of, ruling(1, 8_000, Some(Class::A), None));
    let last = said(5, &of, ruling(1, 9_000, Some(Class::B), Some(1_000)));
    let counted = reviewed(std::slice::from_ref(&of), &[last.clone(), first]);
    assert_eq!(counted[0].allowed, Fen::new(9_000));
    assert_eq!(counted[0].class, Some(Class::B));
    assert_eq!(counted[0].adjusted, Some(last));
}

#[test]
fn a_line_that_was_corrected_counts_as_asked() {
    let of = line(1, 10_000, Some(Class::A));
    let before = said(3, &of, ruling(1, 1, Some(Class::A), None));
    let corrected = line(1, 12_000, Some(Class::A));
    let counted = reviewed(&[corrected], &[before]);
    assert_eq!(
        (counted[0].allowed, &counted[0].adjusted),
        (Fen::new(12_000), &None)
    );
}

#[rstest]
#[case(10_001, Some(Class::A), None, "allowed")]
#[case(-1, Some(Class::A), None, "allowed")]
#[case(10_000, None, None, "class")]
#[case(10_000, Some(Class::B), None, "own_share")]
fn a_ruling_is_refused_at_its_field(
    #[case] allowed: i64,
    #[case] class: Option<Class>,
    #[case] share: Option<u16>,
    #[case] field: &str,
) {
    let found = faults(&line(1, 10_000, None), &ruling(1, allowed, class, share));
    let fields: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, [field]);
}

#[test]
fn lines_are_named_that_can_not_be_settled() {
    let told = |lines: &[Line], said: &[Adjustment]| -> Vec<String> {
        let faults = unsettled(&reviewed(lines, said));
        faults
            .iter()
            .map(|fault| format!("{} {}", fault.field, fault.code))
            .collect()
    };
    assert_eq!(told(&[], &[]), ["lines lines-missing"]);
    let (good, bad) = (line(1, 100, Some(Class::A)), line(2, 100, None));
    let shareless = line(3, 100, Some(Class::B));
    assert_eq!(
        told(&[good.clone(), bad, shareless], &[]),
        [
            "lines.2.class class-missing",
            "lines.3.own_share share-missing"
        ]
    );
    let nothing = said(4, &good, ruling(1, 0, None, None));
    assert_eq!(told(&[good], &[nothing]), ["lines lines-nothing-allowed"]);
}
