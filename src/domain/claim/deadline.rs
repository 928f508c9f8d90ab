//! Until when costs may be claimed (RB-4): some months after the calendar year of the costs, and longer for years that a notice
//! names. Costs belong to the year of the discharge or the service. Nothing here knows today: who asks compares.

use chrono::{Datelike, Months};

use crate::domain::policy::Policy;
use crate::domain::policy::value::{Basis, Row, Value};
use crate::domain::time::Day;

/// The last day, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastDay<'a> {
    /// The last day on which a claim is in time.
    pub day: Day,
    /// What says so.
    pub basis: &'a Basis,
}

/// The last day to claim costs of `costs_of`, by the policy of the day on which it is asked. A longer time that a notice gave to
/// a year's costs stands after the notice's own window, so that who comes too late is told the true day.
pub fn last_day<'a>(policy: &Policy<'a>, costs_of: Day) -> LastDay<'a> {
    let ordinary = policy.claim_after_year();
    let year_end = Day::from_ymd_opt(costs_of.year(), 12, 31).unwrap_or(Day::MAX);
    let mut last = LastDay {
        day: year_end
            .checked_add_months(Months::new(ordinary.value.0))
            .unwrap_or(Day::MAX),
        basis: &ordinary.basis,
    };
    for stated in policy.stated_so_far("reimbursement.claim-until") {
        let Value::Table(rows) = &stated.value else {
            continue;
        };
        for day in rows.iter().filter_map(|row| until(row, costs_of.year())) {
            if day > last.day {
                last = LastDay {
                    day,
                    basis: &stated.basis,
                };
            }
        }
    }
    last
}

fn until(row: &Row, year: i32) -> Option<Day> {
    match (row.get("cost_year")?, row.get("until")?) {
        (Value::Integer(of), Value::Date(day)) => (*of == i64::from(year)).then_some(*day),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("320600", "2020-05-01", "2019-11-02", "2020-12-31")]
    #[case("320600", "2020-12-31", "2019-01-01", "2020-12-31")]
    #[case("320600", "2021-01-04", "2019-11-02", "2020-12-31")]
    #[case("320600", "2020-01-15", "2019-11-02", "2020-03-31")]
    #[case("320600", "2020-05-01", "2020-03-02", "2021-03-31")]
    #[case("371000", "2020-05-01", "2019-11-02", "2020-03-31")]
    #[case("371000", "2026-11-24", "2026-11-14", "2027-03-31")]
    fn the_last_day_is_the_packs_and_the_notices(
        #[case] pool: &str,
        #[case] asked_on: &str,
        #[case] costs_of: &str,
        #[case] expected: &str,
    ) {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let policies = crate::data::policies::load().unwrap();
        let policy = policies.on(pool.parse().unwrap(), day(asked_on));
        assert_eq!(last_day(&policy, day(costs_of)).day, day(expected));
    }
}
