//! CAT-3, CLK-5: who is on duty when, and which leave can be taken.

use rstest::rstest;
use uuid::Uuid;

use super::*;

fn account(number: u128) -> AccountId {
    Uuid::from_u128(number).into()
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn day(number: u32) -> Day {
    Day::from_ymd_opt(2026, 11, number).unwrap()
}

fn shift(who: u128, on: u32, from: &str, to: &str) -> Shift {
    Shift {
        id: Uuid::from_u128(who * 100 + u128::from(on)).into(),
        account: account(who),
        day: day(on),
        from: time(from),
        to: time(to),
        phone: true,
    }
}

fn leave(who: u128, from: u32, to: u32, stand_in: u128) -> Leave {
    Leave {
        id: Uuid::from_u128(who * 10_000 + u128::from(from)).into(),
        account: account(who),
        from: day(from),
        to: day(to),
        stand_in: account(stand_in),
    }
}

fn at(text: &str) -> Ts {
    Ts::parse(&format!("2026-11-{text}+08:00")).unwrap()
}

// CAT-3, CLK-7: 1, 2 and 3 are handlers; 1 has the morning of the 24th, 2 is away from the 25th to the 26th.
#[rstest]
#[case("24T08:29:59", &[1, 2, 3])]
#[case("24T08:30:00", &[1])]
#[case("24T11:59:59", &[1])]
#[case("24T12:00:00", &[1, 2, 3])]
#[case("25T00:00:00", &[1, 3])]
#[case("26T23:59:59", &[1, 3])]
#[case("27T00:00:00", &[1, 2, 3])]
fn who_is_on_duty(#[case] when: &str, #[case] expected: &[u128]) {
    let handlers = [account(1), account(2), account(3)];
    let shifts = [shift(1, 24, "08:30", "12:00")];
    let leaves = [leave(2, 25, 26, 3)];
    let expected: Vec<_> = expected.iter().copied().map(account).collect();
    assert_eq!(on_duty(&handlers, &shifts, &leaves, at(when)), expected);
}

#[test]
fn a_shift_of_somebody_on_leave_leaves_nobody_rather_than_them() {
    let handlers = [account(1), account(2)];
    let shifts = [shift(1, 25, "08:30", "12:00")];
    let found = on_duty(
        &handlers,
        &shifts,
        &[leave(1, 25, 25, 2)],
        at("25T09:00:00"),
    );
    assert_eq!(found, []);
}

#[rstest]
#[case("12:00", "13:00", 24, 1, Ok(()))]
#[case("11:59", "13:00", 24, 1, Err(ShiftFault::Overlap))]
#[case("08:00", "18:00", 24, 1, Err(ShiftFault::Overlap))]
#[case("11:59", "13:00", 24, 2, Ok(()))]
#[case("11:59", "13:00", 23, 1, Ok(()))]
#[case("13:00", "13:00", 24, 1, Err(ShiftFault::Backwards))]
#[case("08:30", "12:00", 25, 1, Err(ShiftFault::OnLeave))]
fn one_person_is_in_one_place(
    #[case] from: &str,
    #[case] to: &str,
    #[case] on: u32,
    #[case] who: u128,
    #[case] expected: Result<(), ShiftFault>,
) {
    let others = [shift(1, 24, "08:30", "12:00")];
    let leaves = [leave(1, 25, 26, 2)];
    let new = Shift {
        id: Uuid::nil().into(),
        ..shift(who, on, from, to)
    };
    assert_eq!(check_shift(&new, &others, &leaves), expected);
}

// Bad input: leave that overlaps, a stand-in on leave. 1 is away from the 25th to the 26th, 2 stands in.
#[rstest]
#[case(1, 27, 28, 2, Ok(()))]
#[case(1, 26, 28, 3, Err(LeaveFault::Overlap))]
#[case(1, 20, 30, 3, Err(LeaveFault::Overlap))]
#[case(3, 26, 27, 1, Err(LeaveFault::StandInOnLeave))]
#[case(3, 27, 27, 1, Ok(()))]
#[case(2, 24, 25, 3, Err(LeaveFault::StandsIn))]
#[case(2, 27, 28, 3, Ok(()))]
#[case(3, 27, 28, 3, Err(LeaveFault::StandInSelf))]
#[case(3, 28, 27, 2, Err(LeaveFault::Backwards))]
#[case(3, 1, 22, 2, Err(LeaveFault::Past))]
#[case(3, 1, 23, 2, Ok(()))]
fn leave_has_somebody_who_is_there(
    #[case] who: u128,
    #[case] from: u32,
    #[case] to: u32,
    #[case] stand_in: u128,
    #[case] expected: Result<(), LeaveFault>,
) {
    let others = [leave(1, 25, 26, 2)];
    let new = leave(who, from, to, stand_in);
    assert_eq!(check_leave(&new, &others, day(23)), expected);
}

#[test]
fn the_next_on_the_phone_is_the_earliest_who_is_there() {
    let mut silent = shift(3, 25, "08:30", "12:00");
    silent.phone = false;
    let shifts = [
        shift(1, 25, "13:30", "17:30"),
        shift(2, 25, "08:30", "12:00"),
        silent,
    ];
    let next = |leaves: &[Leave], when| {
        next_on_phone(&shifts, leaves, at(when)).map(|shift| shift.account)
    };
    assert_eq!(next(&[], "24T17:00:00"), Some(account(2)));
    assert_eq!(next(&[], "25T08:30:00"), Some(account(1)));
    assert_eq!(
        next(&[leave(2, 25, 25, 1)], "24T17:00:00"),
        Some(account(1))
    );
    assert_eq!(next(&[], "25T13:30:00"), None);
}

#[test]
fn the_stand_in_is_known_on_the_days_of_the_leave_only() {
    let leaves = [leave(1, 25, 26, 2)];
    assert_eq!(stand_in(&leaves, account(1), day(24)), None);
    assert_eq!(stand_in(&leaves, account(1), day(26)), Some(account(2)));
    assert_eq!(stand_in(&leaves, account(2), day(26)), None);
}

#[rstest]
#[case("王示一", "王")]
#[case("欧阳示一", "欧阳")]
#[case("", "")]
fn a_counter_sign_shows_the_family_name(#[case] name: &str, #[case] family: &str) {
    assert_eq!(family_name(name), family);
}
