//! Public figures of how long cases take (CLK-9), per item and agency, and what an item can be expected to take. Made
//! of finished cases alone, without anything personal; what is told of few cases is the domain's to say
//! ([`crate::domain::turnaround`]). Periods are whole months for the same reason.

use std::collections::BTreeMap;

use chrono::{Days, Months};

use super::App;
use super::error::Error;
use crate::domain::form::FieldError;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Day;
use crate::domain::turnaround::{FEWEST, Published, Tally, months, percentile, publish};
use crate::items;
use crate::store::StoreError;
use crate::store::turnaround::{self, Alike};

/// Months of a period at most.
const LONGEST: usize = 12;
/// Days of which the expected time is made.
const EXPECTED_DAYS: u64 = 30;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The pool.
    pub pool: Pool,
    /// One item, or all.
    pub item: Option<&'static str>,
    /// A day of the first month.
    pub from: Day,
    /// A day of the last month.
    pub to: Day,
}

/// What is told of an item at an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The agency.
    pub agency: AgencyCode,
    /// Slug of the item.
    pub item: &'static str,
    /// What is told.
    pub published: Published,
}

/// The answer, by item and agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// First day of the first month.
    pub from: Day,
    /// Last day of the last month.
    pub to: Day,
    /// Items at agencies that finished any.
    pub cells: Vec<Cell>,
}

/// The month before the one of `today`: what the page shows when nothing is asked for is the present month with it.
pub fn usual_period(today: Day) -> (Day, Day) {
    (
        today.checked_sub_months(Months::new(1)).unwrap_or(today),
        today,
    )
}

/// Public figures, a minute old at most.
///
/// # Errors
/// [`Error::Invalid`] at `to` when the period ends before it begins or has more than twelve months.
pub async fn turnaround(app: &App, asked: Question) -> Result<Statistics, Error> {
    let periods = months(asked.from, asked.to);
    let (Some((from, _)), Some((_, to)), true) = (
        periods.first().copied(),
        periods.last().copied(),
        periods.len() <= LONGEST,
    ) else {
        return Err(Error::Invalid(vec![FieldError::new(
            "to",
            "period-malformed",
        )]));
    };
    let asked = Question { from, to, ..asked };
    if let Some(known) = app.office.statistics.get(&asked) {
        return Ok(known);
    }
    let pool = asked.pool;
    let slugs = items::ALL.iter().map(|item| item.slug);
    let slugs: Vec<_> = slugs
        .filter(|slug| asked.item.is_none_or(|item| item == *slug))
        .collect();
    let cells = app
        .db
        .read(move |conn| {
            let mut cells = vec![];
            for item in slugs {
                let mut of_item: Vec<Vec<Alike>> = vec![];
                for month in &periods {
                    of_item.push(turnaround::alike(conn, pool, item, *month)?);
                }
                cells.extend(by_agency(item, &of_item));
            }
            Ok::<_, StoreError>(cells)
        })
        .await?;
    let answer = Statistics { from, to, cells };
    app.office.statistics.put(asked, answer.clone());
    Ok(answer)
}

fn by_agency(item: &'static str, months: &[Vec<Alike>]) -> Vec<Cell> {
    let mut agencies: BTreeMap<AgencyCode, Vec<Tally>> = BTreeMap::new();
    for (place, month) in months.iter().enumerate() {
        for (agency, minutes, in_time, cause, second, cases) in month {
            let tallies = agencies
                .entry(*agency)
                .or_insert_with(|| vec![Tally::default(); months.len()]);
            if let Some(tally) = tallies.get_mut(place) {
                let late = (!in_time).then_some(*cause);
                tally.add(
                    *minutes,
                    late,
                    *second,
                    u32::try_from(*cases).unwrap_or(u32::MAX),
                );
            }
        }
    }
    agencies
        .into_iter()
        .map(|(agency, tallies)| Cell {
            agency,
            item,
            published: publish(&tallies),
        })
        .collect()
}

/// Working minutes within which nine of ten cases of an item were finished in the last 30 days; `None` of few cases.
///
/// # Errors
/// The database's.
pub async fn expected(app: &App, pool: Pool, item: &'static str) -> Result<Option<i32>, Error> {
    let today = app.clock.now().day();
    if let Some(known) = app.office.expected.get(&(pool, item, today)) {
        return Ok(known);
    }
    let period = (today - Days::new(EXPECTED_DAYS), today);
    let found = app
        .db
        .read(move |conn| turnaround::alike(conn, pool, item, period).map_err(Error::from))
        .await?;
    let mut tally = Tally::default();
    for (_, minutes, _, _, _, cases) in found {
        tally.add(
            minutes,
            None,
            false,
            u32::try_from(cases).unwrap_or(u32::MAX),
        );
    }
    let expected = (tally.number() >= FEWEST)
        .then(|| percentile(&tally.times, 90))
        .flatten();
    app.office.expected.put((pool, item, today), expected);
    Ok(expected)
}
