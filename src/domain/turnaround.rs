//! How long finished cases took, and what of it can be told to everybody (CLK-9). Figures of few cases are not told:
//! a month of an agency's item with fewer than [`FEWEST`] cases counts in no figure, so that it can't be worked out
//! from longer periods; within what is told, a count from 1 to 4 is `<5`, one that could be worked out from others is
//! withheld, and the sum of months that hold such a count is told to the next lower five. No sums over agencies or
//! items are made.

use std::collections::BTreeMap;

use super::calendar::Calendar;
use super::case::BreachCause;
use super::deadline::{BusinessHours, working_time};
use super::event::{Change, Event};
use super::time::{Day, Ts};
use chrono::{Datelike, Months, TimeDelta};

/// Cases below which a month says nothing.
pub const FEWEST: u32 = 5;

/// Working minutes from filing to the end in which the case waited for nobody outside the agency (CLK-5), by its
/// journal.
pub fn minutes(
    calendar: &Calendar,
    hours: BusinessHours,
    filed: Ts,
    end: Ts,
    log: &[Event],
) -> i32 {
    let within = |from, to| working_time(calendar, hours, from, to);
    let waited: TimeDelta = waits(log, end)
        .into_iter()
        .map(|(from, to)| within(from, to))
        .sum();
    let spent = within(filed, end.max(filed)) - waited;
    i32::try_from(spent.num_minutes().max(0)).unwrap_or(i32::MAX)
}

/// Spells from a question to somebody outside to what ended the wait.
fn waits(log: &[Event], end: Ts) -> Vec<(Ts, Ts)> {
    let (mut found, mut since) = (vec![], None);
    for event in log {
        match (&event.change, since) {
            (Change::Asked { .. }, _) => since = Some(event.at),
            (Change::Resumed { .. } | Change::Ended | Change::Decided { .. }, Some(from)) => {
                found.push((from, event.at.max(from)));
                since = None;
            }
            _ => {}
        }
    }
    found.extend(since.map(|from| (from, end.max(from))));
    found
}

/// The finished cases of one agency and item in one month, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases by their working minutes.
    pub times: BTreeMap<i32, u32>,
    /// Cases that missed a deadline, by stated cause; `None` where none had to be stated.
    pub late: BTreeMap<Option<BreachCause>, u32>,
    /// Cases with a second supplement request (CLK-6).
    pub second_supplements: u32,
}

impl Tally {
    /// Adds cases that are alike.
    pub fn add(
        &mut self,
        minutes: i32,
        late: Option<Option<BreachCause>>,
        second: bool,
        cases: u32,
    ) {
        *self.times.entry(minutes).or_default() += cases;
        if let Some(cause) = late {
            *self.late.entry(cause).or_default() += cases;
        }
        if second {
            self.second_supplements += cases;
        }
    }

    /// All of them.
    pub fn number(&self) -> u32 {
        self.times.values().sum()
    }

    fn late(&self) -> u32 {
        self.late.values().sum()
    }
}

/// The smallest time that at least `percent` of the cases did not exceed (nearest rank); `None` without cases.
pub fn percentile(times: &BTreeMap<i32, u32>, percent: u32) -> Option<i32> {
    let number: u64 = times.values().map(|cases| u64::from(*cases)).sum();
    let rank = (number * u64::from(percent.min(100))).div_ceil(100).max(1);
    let mut passed = 0;
    times.iter().find_map(|(minutes, cases)| {
        passed += u64::from(*cases);
        (passed >= rank).then_some(*minutes)
    })
}

/// A count as everybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// So many.
    Exactly(u32),
    /// From 1 to 4.
    UnderFive,
    /// So many, and at most four more.
    AtLeast(u32),
    /// It could be used to work out another.
    Withheld,
}

/// The share of cases within the limit as everybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// In thousandths.
    Exactly(u32),
    /// At least so many per cent: how many were late exactly is not told.
    AtLeast(u32),
}

/// What is told of one agency and item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Finished cases.
    pub number: Shown,
    /// Months were left out because they had too few cases.
    pub left_out: bool,
    /// The rest; none when no month is told.
    pub figures: Option<Figures>,
}

/// Figures of at least [`FEWEST`] cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Within all limits.
    pub in_time: Share,
    /// Median of working minutes.
    pub median: i32,
    /// 90th percentile.
    pub p90: i32,
    /// 95th percentile.
    pub p95: i32,
    /// Cases that missed a deadline.
    pub late: Shown,
    /// The same by cause.
    pub causes: Vec<(Option<BreachCause>, Shown)>,
    /// Cases with a second supplement request.
    pub second_supplements: Shown,
}

/// What can be told of the months of one agency and item.
pub fn publish(months: &[Tally]) -> Published {
    let (told, few): (Vec<&Tally>, Vec<&Tally>) = months
        .iter()
        .filter(|month| month.number() > 0)
        .partition(|month| month.number() >= FEWEST);
    let mut times: BTreeMap<i32, u32> = BTreeMap::new();
    for (minutes, cases) in told.iter().flat_map(|month| &month.times) {
        *times.entry(*minutes).or_default() += cases;
    }
    let number: u32 = times.values().sum();
    let figures = |percent| percentile(&times, percent);
    let figures = match (figures(50), figures(90), figures(95)) {
        (Some(median), Some(p90), Some(p95)) => {
            Some(told_figures(&told, number, [median, p90, p95]))
        }
        _ => None,
    };
    Published {
        number: match (number, few.is_empty()) {
            (0, false) => Shown::UnderFive,
            _ => Shown::Exactly(number),
        },
        left_out: !few.is_empty(),
        figures,
    }
}

fn told_figures(told: &[&Tally], number: u32, [median, p90, p95]: [i32; 3]) -> Figures {
    let count =
        |of: &dyn Fn(&Tally) -> u32| shown(told.iter().map(|month| (of(month), month.number())));
    let late = count(&Tally::late);
    let mut causes: Vec<(Option<BreachCause>, Shown)> = vec![];
    for cause in told.iter().flat_map(|month| month.late.keys()) {
        if causes.iter().all(|(known, _)| known != cause) {
            causes.push((
                *cause,
                count(&|month| month.late.get(cause).copied().unwrap_or_default()),
            ));
        }
    }
    causes.sort_by_key(|(cause, _)| *cause);
    withhold_one_more(&mut causes);
    let percent =
        |late: u32| 100 * u64::from(number.saturating_sub(late)) / u64::from(number.max(1));
    let small = |share: u64| u32::try_from(share).unwrap_or_default();
    Figures {
        in_time: match late {
            Shown::Exactly(late) => Share::Exactly(small(
                1000 * u64::from(number - late) / u64::from(number.max(1)),
            )),
            Shown::UnderFive | Shown::Withheld => Share::AtLeast(small(percent(FEWEST - 1))),
            Shown::AtLeast(late) => Share::AtLeast(small(percent(late + FEWEST - 1))),
        },
        median,
        p90,
        p95,
        late,
        causes,
        second_supplements: count(&|month| month.second_supplements),
    }
}

/// A count of some months, each beside the month's cases: neither it nor what is left of the month may be small.
fn shown(months: impl Iterator<Item = (u32, u32)>) -> Shown {
    let small = |count: u32| (1..FEWEST).contains(&count);
    let (mut total, mut exact) = (0, true);
    for (count, number) in months {
        total += count;
        exact &= !small(count) && !small(number.saturating_sub(count));
    }
    match total {
        total if exact => Shown::Exactly(total),
        total if total < FEWEST => Shown::UnderFive,
        total => Shown::AtLeast(total / FEWEST * FEWEST),
    }
}

/// A single count that is not told would be the difference between the sum and the others: one more is withheld.
fn withhold_one_more(counts: &mut [(Option<BreachCause>, Shown)]) {
    let exact = |shown: &Shown| matches!(shown, Shown::Exactly(count) if *count > 0);
    let hidden = counts
        .iter()
        .filter(|(_, shown)| !matches!(shown, Shown::Exactly(_)))
        .count();
    if hidden != 1 {
        return;
    }
    let size = |shown: &Shown| match shown {
        Shown::Exactly(count) | Shown::AtLeast(count) => *count,
        Shown::UnderFive | Shown::Withheld => 0,
    };
    let smallest = counts
        .iter_mut()
        .filter(|(_, shown)| exact(shown))
        .min_by_key(|(_, shown)| size(shown));
    if let Some((_, shown)) = smallest {
        *shown = Shown::Withheld;
    }
}

/// Months from the one of `from` to the one of `to`: first and last day of each.
pub fn months(from: Day, to: Day) -> Vec<(Day, Day)> {
    let first = |day: Day| day.with_day(1).unwrap_or(day);
    let mut found = vec![];
    let mut month = first(from);
    while month <= to {
        let next = month.checked_add_months(Months::new(1)).unwrap_or(Day::MAX);
        found.push((month, next.pred_opt().unwrap_or(month)));
        if next <= month || next == Day::MAX {
            break;
        }
        month = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn times(minutes: &[i32]) -> BTreeMap<i32, u32> {
        let mut times = BTreeMap::new();
        for one in minutes {
            *times.entry(*one).or_default() += 1;
        }
        times
    }

    fn month(number: u32, late: &[(BreachCause, u32)]) -> Tally {
        let mut tally = Tally::default();
        let missed: u32 = late.iter().map(|(_, cases)| cases).sum();
        tally.add(100, None, false, number - missed);
        for (cause, cases) in late {
            tally.add(900, Some(Some(*cause)), false, *cases);
        }
        tally
    }

    // CLK-9
    #[rstest]
    #[case(&[], 50, None)]
    #[case(&[7], 50, Some(7))]
    #[case(&[7], 95, Some(7))]
    #[case(&[1, 2, 3, 4], 50, Some(2))]
    #[case(&[1, 2, 3, 4, 5], 50, Some(3))]
    #[case(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, Some(9))]
    #[case(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 95, Some(10))]
    #[case(&[5, 5, 5, 80], 90, Some(80))]
    fn the_percentile_is_the_nearest_rank(
        #[case] minutes: &[i32],
        #[case] percent: u32,
        #[case] expected: Option<i32>,
    ) {
        assert_eq!(percentile(&times(minutes), percent), expected);
    }

    #[rstest]
    #[case(&[], Shown::Exactly(0), false)]
    #[case(&[4], Shown::UnderFive, true)]
    #[case(&[5], Shown::Exactly(5), false)]
    #[case(&[3, 4], Shown::UnderFive, true)]
    #[case(&[20, 4], Shown::Exactly(20), true)]
    fn months_of_few_cases_count_in_nothing(
        #[case] numbers: &[u32],
        #[case] number: Shown,
        #[case] left_out: bool,
    ) {
        let months: Vec<_> = numbers.iter().map(|number| month(*number, &[])).collect();
        let told = publish(&months);
        assert_eq!((told.number, told.left_out), (number, left_out));
        assert_eq!(
            told.figures.is_some(),
            matches!(number, Shown::Exactly(n) if n > 0)
        );
    }

    #[rstest]
    // Late by cause in each of the months, cases of each; what is told of late ones and of their share.
    #[case(&[(20, 0)], Shown::Exactly(0), Share::Exactly(1000))]
    #[case(&[(20, 5)], Shown::Exactly(5), Share::Exactly(750))]
    #[case(&[(20, 1)], Shown::UnderFive, Share::AtLeast(80))]
    #[case(&[(20, 18)], Shown::AtLeast(15), Share::AtLeast(5))]
    #[case(&[(20, 3), (20, 6)], Shown::AtLeast(5), Share::AtLeast(77))]
    #[case(&[(5, 5)], Shown::Exactly(5), Share::Exactly(0))]
    fn small_counts_are_not_told(
        #[case] months: &[(u32, u32)],
        #[case] late: Shown,
        #[case] share: Share,
    ) {
        let months: Vec<_> = months
            .iter()
            .map(|(number, late)| month(*number, &[(BreachCause::Workload, *late)]))
            .collect();
        let figures = publish(&months).figures.unwrap();
        assert_eq!((figures.late, figures.in_time), (late, share));
    }

    #[test]
    fn a_single_hidden_cause_takes_another_with_it() {
        use BreachCause::{Complexity, Staffing, Workload};
        let told = publish(&[month(40, &[(Workload, 9), (Staffing, 6), (Complexity, 1)])]);
        let causes = told.figures.unwrap().causes;
        assert_eq!(
            causes,
            [
                (Some(Workload), Shown::Exactly(9)),
                (Some(Staffing), Shown::Withheld),
                (Some(Complexity), Shown::UnderFive),
            ]
        );
    }

    #[test]
    fn a_period_is_its_months() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let found = months(day("2026-01-15"), day("2026-03-01"));
        assert_eq!(
            found,
            [
                (day("2026-01-01"), day("2026-01-31")),
                (day("2026-02-01"), day("2026-02-28")),
                (day("2026-03-01"), day("2026-03-31")),
            ]
        );
        assert!(months(day("2026-03-02"), day("2026-02-01")).is_empty());
    }

    proptest! {
        #[test]
        fn percentiles_rise(minutes in proptest::collection::vec(0..10_000, 1..60)) {
            let times = times(&minutes);
            let found: Vec<_> = [50, 90, 95, 100].map(|p| percentile(&times, p).unwrap()).to_vec();
            prop_assert!(found.is_sorted());
            prop_assert_eq!(found.last().copied(), minutes.iter().max().copied());
        }

        // What is told in exact counts of all causes and of late cases never leaves one small count to be worked out.
        #[test]
        fn no_small_count_is_the_difference(late in proptest::collection::vec(0_u32..12, 3)) {
            use BreachCause::{Complexity, Staffing, Workload};
            let causes = [(Workload, late[0]), (Staffing, late[1]), (Complexity, late[2])];
            let told = publish(&[month(60, &causes)]).figures.unwrap();
            let hidden = told.causes.iter().filter(|(_, s)| !matches!(s, Shown::Exactly(_))).count();
            let others = causes.iter().filter(|(_, n)| *n > 0).count();
            prop_assert!(hidden != 1 || others == 1 && !matches!(told.late, Shown::Exactly(_)));
        }
    }
}
