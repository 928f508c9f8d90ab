//! The working days of a year with the notice they come from (CLK-2).

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::Datelike;

use super::frame;
use crate::data::dates;
use crate::data::texts::text;
use crate::domain::calendar::{Calendar, Certainty, DayKind};
use crate::domain::locale::Locale;
use crate::domain::time::Day;
use crate::usecases::App;
use crate::web::chrome::Link;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::MaybeSignedIn;
use crate::web::urls;

/// Years that can be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// A kind of day in words.
pub fn kind_words(locale: Locale, kind: &DayKind) -> String {
    text(
        locale,
        match kind {
            DayKind::Workday => "day-workday",
            DayKind::MakeUpWorkday => "day-make-up",
            DayKind::Weekend => "day-weekend",
            DayKind::Holiday => "day-holiday",
        },
    )
}

/// A day of the month; kinds are told by words and shape, not by colour alone.
struct Cell {
    number: u32,
    class: &'static str,
    mark: Option<String>,
    words: String,
}

/// A month by weeks from Monday to Sunday.
struct Month {
    name: String,
    weeks: Vec<Vec<Option<Cell>>>,
}

/// A day that is not what its weekday says.
struct Special {
    day: String,
    kind: String,
    festival: String,
}

#[derive(Template)]
#[template(path = "public/calendar.html")]
struct CalendarPage {
    chrome: Chrome,
    arranged: Option<String>,
    working: usize,
    weekdays: Vec<String>,
    months: Vec<Month>,
    specials: Vec<Special>,
    years: Vec<Link>,
}

/// `GET /working-days/{year}`.
pub async fn year(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    year: web::Path<i32>,
) -> Answer {
    let year = *year;
    if !YEARS.contains(&year) {
        return Err(Failure::not_found());
    }
    let mut chrome = frame(&request, "calendar-title");
    chrome.title = chrome.t1("calendar-title", "year", year.to_string());
    let locale = chrome.locale;
    let calendar = app.calendar();
    let arranged = calendar.in_force(year).map(|arrangement| {
        chrome.t2(
            "calendar-notice",
            ("notice", arrangement.notice.as_str()),
            ("issued", dates::day_plain(locale, arrangement.issued)),
        )
    });
    let days: Vec<_> = calendar.year(year).collect();
    let working = days.iter().filter(|(_, kind, _)| kind.is_working()).count();
    let weekdays = (1..=7).map(|day| chrome.t(&format!("weekday-short-{day}")));
    let content = CalendarPage {
        arranged,
        working,
        weekdays: weekdays.collect(),
        months: months(&calendar, locale, year),
        specials: specials(&calendar, locale, &days),
        years: [year - 1, year + 1]
            .into_iter()
            .filter(|year| YEARS.contains(year))
            .map(|year| Link::to(urls::working_days(year), year.to_string()))
            .collect(),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn months(calendar: &Calendar, locale: Locale, year: i32) -> Vec<Month> {
    let mut by_month: BTreeMap<u32, Vec<(Day, DayKind)>> = BTreeMap::new();
    for (day, kind, _) in calendar.year(year) {
        by_month.entry(day.month()).or_default().push((day, kind));
    }
    let month = |days: Vec<(Day, DayKind)>| {
        let first = days.first().map(|(day, _)| *day).unwrap_or_default();
        let mut cells: Vec<Option<Cell>> = (0..first.weekday().num_days_from_monday())
            .map(|_| None)
            .collect();
        cells.extend(
            days.iter()
                .map(|(day, kind)| Some(cell(locale, *day, *kind))),
        );
        let mut weeks = vec![];
        while !cells.is_empty() {
            let rest = cells.split_off(cells.len().min(7));
            cells.resize_with(7, || None);
            weeks.push(std::mem::replace(&mut cells, rest));
        }
        Month {
            name: dates::month(locale, first),
            weeks,
        }
    };
    by_month.into_values().map(month).collect()
}

fn cell(locale: Locale, day: Day, kind: DayKind) -> Cell {
    let (class, mark) = match kind {
        DayKind::Workday => ("mb-day", None),
        DayKind::MakeUpWorkday => ("mb-day mb-day--make-up", Some("day-mark-make-up")),
        DayKind::Weekend => ("mb-day mb-day--off", None),
        DayKind::Holiday => ("mb-day mb-day--holiday", Some("day-mark-holiday")),
    };
    Cell {
        number: day.day(),
        class,
        mark: mark.map(|key| text(locale, key)),
        words: kind_words(locale, &kind),
    }
}

fn specials(
    calendar: &Calendar,
    locale: Locale,
    days: &[(Day, DayKind, Certainty)],
) -> Vec<Special> {
    days.iter()
        .filter_map(|(day, kind, _)| {
            Some(Special {
                day: dates::day(locale, *day),
                kind: kind_words(locale, kind),
                festival: calendar.festival(*day, locale)?.to_owned(),
            })
        })
        .collect()
}
