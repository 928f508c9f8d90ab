//! What holds of every term and every stretch of working time (CLK-3, CLK-7).

use proptest::prelude::*;

use super::*;

prop_compose! {
    /// An instant from 2019-12 to 2027-12, so that unknown years are met at both ends.
    fn instant()(micros in 1_575_158_400_000_000_i64..1_830_268_800_000_000) -> Ts {
        Ts::from_micros(micros).unwrap()
    }
}

prop_compose! {
    fn any_hours()(mut m in proptest::array::uniform4(0_i64..1440)) -> BusinessHours {
        m.sort_unstable();
        let at = |minutes: i64| NaiveTime::MIN + TimeDelta::minutes(minutes);
        BusinessHours::new(at(m[0]), at(m[1]), at(m[2]), at(m[3])).unwrap_or_default()
    }
}

proptest! {
    #[test]
    fn a_term_ends_at_the_close_of_a_working_day_after_the_start(start in instant(), n in 1_u16..40, hours in any_hours()) {
        let (china, deadline) = (china(), due(&china(), hours, start, n));
        prop_assert!(deadline.due.day() > start.day());
        prop_assert!(china.is_working(deadline.due.day()));
        prop_assert_eq!(deadline.due, Ts::from_beijing(deadline.due.day(), hours.closes()));
        prop_assert_eq!(deadline.counted.len(), usize::from(n));
        prop_assert!(deadline.counted.iter().all(|day| china.is_working(*day)));
        prop_assert!(deadline.skipped.iter().all(|(day, kind)| !kind.is_working() && china.day(*day).0 == *kind));
        let days = deadline.counted.len() + deadline.skipped.len();
        let span = deadline.due.day().signed_duration_since(start.day()).num_days();
        prop_assert_eq!(i64::try_from(days).unwrap(), span, "no day is lost and none counted twice");
    }

    #[test]
    fn who_files_later_is_never_due_earlier(a in instant(), b in instant(), n in 1_u16..40) {
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        prop_assert!(due(&china(), h(), first, n).due <= due(&china(), h(), second, n).due);
        prop_assert!(due(&china(), h(), first, n).due < due(&china(), h(), first, n + 1).due);
    }

    #[test]
    fn working_time_is_additive(a in instant(), days in 0_i64..60, more in 0_i64..60, hours in any_hours()) {
        let (china, b) = (china(), a.plus(TimeDelta::hours(days * 5)));
        let c = b.plus(TimeDelta::minutes(more * 100));
        let parts = working_time(&china, hours, a, b) + working_time(&china, hours, b, c);
        prop_assert_eq!(parts, working_time(&china, hours, a, c));
        prop_assert_eq!(working_time(&china, hours, c, a), -working_time(&china, hours, a, c));
    }

    #[test]
    fn going_on_and_back_meets_in_the_same_working_time(a in instant(), seconds in 0_i64..400_000, hours in any_hours()) {
        let (china, delta) = (china(), TimeDelta::seconds(seconds));
        let later = after_working_time(&china, hours, a, delta);
        prop_assert!(later >= a);
        prop_assert_eq!(working_time(&china, hours, a, later), delta);
        let back = before_working_time(&china, hours, later, delta);
        prop_assert!(back <= a, "the earliest such instant");
        prop_assert_eq!(working_time(&china, hours, back, later), delta);
        prop_assert_eq!(working_time(&china, hours, back, a), TimeDelta::zero());
        let earlier = before_working_time(&china, hours, a, delta);
        prop_assert_eq!(working_time(&china, hours, earlier, a), delta);
        prop_assert!(after_working_time(&china, hours, earlier, delta) <= a);
    }

    #[test]
    fn the_earliest_instant_is_the_earliest(a in instant(), seconds in 1_i64..400_000) {
        let (china, delta) = (china(), TimeDelta::seconds(seconds));
        let tick = TimeDelta::microseconds(1);
        let later = after_working_time(&china, h(), a, delta);
        prop_assert!(working_time(&china, h(), a, later.plus(-tick)) < delta);
        let earlier = before_working_time(&china, h(), a, delta);
        prop_assert!(working_time(&china, h(), earlier.plus(-tick), a) > delta);
    }

    #[test]
    fn warnings_come_in_order_within_the_term(start in instant(), n in 1_u16..20) {
        let china = china();
        let deadline = due(&china, h(), start, n);
        let half = half_time(&china, h(), start, deadline.due);
        let last = last_hour(&china, h(), start, deadline.due);
        prop_assert!(start <= half && half < last && last < deadline.due);
        let whole = working_time(&china, h(), start, deadline.due);
        prop_assert_eq!(working_time(&china, h(), start, half), whole / 2);
        prop_assert_eq!(working_time(&china, h(), last, deadline.due), TimeDelta::hours(1));
    }

    #[test]
    fn remaining_working_time_turns_negative_at_the_breach(start in instant(), over in 1_i64..200_000) {
        let (china, deadline) = (china(), due(&china(), h(), start, 1));
        prop_assert_eq!(working_time(&china, h(), deadline.due, deadline.due), TimeDelta::zero());
        let at = deadline.due.plus(TimeDelta::seconds(over));
        prop_assert!(working_time(&china, h(), at, deadline.due) <= TimeDelta::zero());
        prop_assert!(is_late(deadline.due, at));
    }

    #[test]
    fn months_never_skip_a_month(day in 0_i64..3000, n in 0_u32..24) {
        use chrono::Datelike;
        let from = d("2020-01-01") + TimeDelta::days(day);
        let to = plus_months_clamped(from, n);
        let months = (to.year() - from.year()) * 12 + i32::try_from(to.month()).unwrap() - i32::try_from(from.month()).unwrap();
        prop_assert_eq!(months, i32::try_from(n).unwrap());
        prop_assert!(to.day() <= from.day());
    }
}
