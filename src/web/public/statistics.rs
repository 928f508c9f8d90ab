//! Public figures of how long cases take (CLK-9): a chart, a table and a file, without anything personal. Counts from 1
//! to 4 are not told; the domain decides which ([`crate::domain::turnaround`]).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{agency_name, frame, pool_name, pools};
use crate::data::texts::text_with;
use crate::domain::locale::Locale;
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::domain::turnaround::{Figures, Share, Shown};
use crate::items;
use crate::usecases::App;
use crate::usecases::statistics::{self, Cell, Question, Statistics, usual_period};
use crate::web::components::{Bars, Chart, InputKind, Opt, Select, Series, TextField};
use crate::web::csv;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::MaybeSignedIn;
use crate::web::urls::oversight as to;
use crate::web::words;

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pool: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

/// A line of the table.
struct Row {
    item: String,
    agency: String,
    number: String,
    in_time: String,
    times: [String; 3],
    late: String,
    causes: Vec<String>,
    second: String,
    left_out: bool,
}

#[derive(Template)]
#[template(path = "public/statistics.html")]
struct StatisticsPage {
    chrome: Chrome,
    lead: String,
    fault: Option<String>,
    selects: Vec<Select>,
    days: Vec<TextField>,
    rows: Vec<Row>,
    chart: Option<Chart>,
    file: String,
}

/// `GET /statistics`.
pub async fn show(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    asked: web::Query<Asked>,
) -> Answer {
    let mut chrome = frame(&request, "statistics-title");
    let question = question(&app, &asked)?;
    let (answer, fault) = match statistics::turnaround(&app, question).await {
        Ok(answer) => (answer, None),
        Err(crate::usecases::Error::Invalid(_)) => {
            let none = Statistics {
                from: question.from,
                to: question.to,
                cells: vec![],
            };
            (none, Some(chrome.t("error-period-malformed")))
        }
        Err(error) => return Err(error.into()),
    };
    chrome.faulty = fault.is_some();
    let status = match fault {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let content = StatisticsPage {
        lead: chrome.t2(
            "statistics-period",
            ("from", chrome.day(&answer.from)),
            ("to", chrome.day(&answer.to)),
        ),
        fault,
        selects: selects(&app, &chrome, question),
        days: [("from", question.from), ("to", question.to)]
            .into_iter()
            .map(|(name, day)| {
                TextField::new(chrome.locale, name, chrome.t(&format!("statistics-{name}")))
                    .kind(InputKind::Month)
                    .value(day.format("%Y-%m").to_string())
            })
            .collect(),
        chart: chart(&app, &chrome, &answer),
        rows: answer
            .cells
            .iter()
            .map(|cell| row(&app, chrome.locale, cell))
            .collect(),
        file: to::statistics_file(&[
            ("pool", question.pool.as_str()),
            ("item", question.item.unwrap_or_default()),
            ("from", &answer.from.to_string()),
            ("to", &answer.to.to_string()),
        ]),
        chrome,
    };
    Ok(page(status, &content))
}

fn question(app: &App, asked: &Asked) -> Result<Question, Failure> {
    let pools = pools(app);
    let wanted: Option<Pool> = asked.pool.parse().ok().filter(|pool| pools.contains(pool));
    let (from, to) = usual_period(app.clock.now().day());
    Ok(Question {
        pool: wanted
            .or_else(|| pools.first().copied())
            .ok_or_else(Failure::not_found)?,
        item: items::find(&asked.item).map(|item| item.slug),
        from: read_month(&asked.from).unwrap_or(from),
        to: read_month(&asked.to).unwrap_or(to),
    })
}

/// A month or a day of it.
pub(in crate::web) fn read_month(text: &str) -> Option<Day> {
    let day = match text.len() {
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let day: Day = day.parse().ok()?;
    // Before and beyond that nothing can have been finished here.
    let known = Day::from_ymd_opt(2000, 1, 1)?..Day::from_ymd_opt(2100, 1, 1)?;
    known.contains(&day).then_some(day)
}

fn selects(app: &App, chrome: &Chrome, asked: Question) -> Vec<Select> {
    let pools = pools(app).into_iter().map(|pool| {
        Opt::new(pool.as_str(), pool_name(app, chrome.locale, pool)).chosen_if(asked.pool.as_str())
    });
    let chosen = asked.item.unwrap_or_default();
    let items = items::ALL.iter().map(|item| {
        Opt::new(item.slug, chrome.t(&format!("item-{}", item.slug))).chosen_if(chosen)
    });
    let all = Opt::new("all", chrome.t("desk-filter-all")).chosen_if(if chosen.is_empty() {
        "all"
    } else {
        ""
    });
    let select = |name: &str, key: &str, options: Vec<Opt>| {
        Select::flat(chrome.locale, name, chrome.t(key), options)
    };
    vec![
        select("pool", "statistics-pool", pools.collect()),
        select(
            "item",
            "desk-filter-item",
            [all].into_iter().chain(items).collect(),
        ),
    ]
}

/// Medians and 90th percentiles in working hours, of what is told.
fn chart(app: &App, chrome: &Chrome, answer: &Statistics) -> Option<Chart> {
    let told: Vec<(&Cell, &Figures)> = answer
        .cells
        .iter()
        .filter_map(|cell| Some((cell, cell.published.figures.as_ref()?)))
        .take(12)
        .collect();
    if told.is_empty() {
        return None;
    }
    let places = (1..=told.len()).map(|place| place.to_string()).zip(&told);
    let labels: Vec<String> = places
        .map(|(place, (cell, _))| {
            let item = chrome.t(&format!("item-{}", cell.item));
            match told.len() {
                1 => item,
                _ => format!("{place} {item}, {}", agency_of(app, chrome.locale, cell)),
            }
        })
        .collect();
    let series = |key: &str, of: fn(&Figures) -> i32| Series {
        name: chrome.t(key),
        counts: told
            .iter()
            .map(|(_, figures)| u32::try_from(of(figures)).unwrap_or_default().div_ceil(60))
            .collect(),
    };
    Some(Chart::new(
        chrome.locale,
        "chart-turnaround",
        (chrome.t("chart-turnaround"), chrome.t("desk-filter-item")),
        &labels,
        &[
            series("statistics-median", |figures| figures.median),
            series("statistics-p90", |figures| figures.p90),
        ],
        Bars::Grouped,
    ))
}

fn agency_of(app: &App, locale: Locale, cell: &Cell) -> String {
    let agencies = app.office.agencies();
    let found = agencies.get(&cell.agency);
    found.map_or_else(
        || cell.agency.to_string(),
        |agency| agency_name(agency, locale).to_owned(),
    )
}

fn row(app: &App, locale: Locale, cell: &Cell) -> Row {
    let told = cell.published.figures.as_ref();
    let time = |minutes: Option<i32>| {
        minutes.map_or_else(String::new, |minutes| duration(app, locale, cell, minutes))
    };
    Row {
        item: crate::data::texts::text(locale, &format!("item-{}", cell.item)),
        agency: agency_of(app, locale, cell),
        number: count(locale, cell.published.number),
        in_time: told.map_or_else(String::new, |figures| share(figures.in_time)),
        times: [
            time(told.map(|figures| figures.median)),
            time(told.map(|figures| figures.p90)),
            time(told.map(|figures| figures.p95)),
        ],
        late: told.map_or_else(String::new, |figures| count(locale, figures.late)),
        causes: told.map_or_else(Vec::new, |figures| causes(locale, figures)),
        second: told.map_or_else(String::new, |figures| {
            count(locale, figures.second_supplements)
        }),
        left_out: cell.published.left_out,
    }
}

fn duration(app: &App, locale: Locale, cell: &Cell, minutes: i32) -> String {
    let day = app.office.hours(cell.agency).length().num_minutes();
    words::working_time(locale, i64::from(minutes), day)
}

fn causes(locale: Locale, figures: &Figures) -> Vec<String> {
    figures
        .causes
        .iter()
        .filter(|(_, shown)| *shown != Shown::Exactly(0))
        .map(|(cause, shown)| {
            let key = cause.map_or_else(
                || "statistics-no-cause".to_owned(),
                |cause| format!("breach-cause-{cause}"),
            );
            let values = [
                ("cause", crate::data::texts::text(locale, &key).into()),
                ("count", count(locale, *shown).into()),
            ];
            text_with(locale, "statistics-cause", &values)
        })
        .collect()
}

/// A count as everybody may know it: `12`, `<5`, `10–14`, a dash.
pub(in crate::web) fn count(locale: Locale, shown: Shown) -> String {
    match shown {
        Shown::Exactly(count) => words::count(u64::from(count)),
        Shown::UnderFive => "<5".to_owned(),
        Shown::AtLeast(count) => format!("{count}–{}", count + 4),
        Shown::Withheld => crate::data::texts::text(locale, "statistics-withheld"),
    }
}

/// A share as everybody may know it: `97.5%`, `≥96%`.
pub(in crate::web) fn share(share: Share) -> String {
    match share {
        Share::Exactly(thousandths) => format!("{}.{}%", thousandths / 10, thousandths % 10),
        Share::AtLeast(percent) => format!("≥{percent}%"),
    }
}

/// `GET /statistics.csv`: the same as a file; times in working minutes.
pub async fn file(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    asked: web::Query<Asked>,
) -> Answer {
    let chrome = frame(&request, "statistics-title");
    let answer = statistics::turnaround(&app, question(&app, &asked)?).await?;
    let head = [
        "desk-filter-item",
        "breaches-agency",
        "statistics-number",
        "statistics-in-time",
        "statistics-median-minutes",
        "statistics-p90-minutes",
        "statistics-p95-minutes",
        "statistics-late",
        "statistics-causes",
        "statistics-second",
        "statistics-from",
        "statistics-to",
    ]
    .map(|key| chrome.t(key));
    let lines = answer.cells.iter().map(|cell| {
        let row = row(&app, chrome.locale, cell);
        let told = cell.published.figures.as_ref();
        let minutes =
            |of: fn(&Figures) -> i32| told.map_or_else(String::new, |f| of(f).to_string());
        vec![
            row.item,
            row.agency,
            row.number,
            row.in_time,
            minutes(|figures| figures.median),
            minutes(|figures| figures.p90),
            minutes(|figures| figures.p95),
            row.late,
            row.causes.join("; "),
            row.second,
            answer.from.to_string(),
            answer.to.to_string(),
        ]
    });
    csv::answer("turnaround", &head, lines)
}
