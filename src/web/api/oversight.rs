//! The register of missed deadlines (CLK-7), public figures (CLK-9), ratings (CAS-11).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Days;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cases::parsed;
use super::reading::{Body, Fields, List, Query, next};
use crate::domain::form::{FieldError, Need};
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::domain::turnaround::{Share, Shown};
use crate::items;
use crate::store::register::Filter;
use crate::usecases::registering::{self, Told};
use crate::usecases::statistics::{self, Cell, Question, usual_period};
use crate::usecases::{App, Error, rating};
use crate::web::desk::register::{midnight, stated};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// A missed deadline (CLK-7).
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachView {
    /// The case.
    receipt_no: String,
    /// Its agency.
    agency: String,
    /// Slug of its item.
    item: String,
    /// The run of its clock, from 1.
    term: i32,
    /// The last instant that was in time.
    #[schema(format = DateTime)]
    due_at: String,
    /// When it was marked.
    #[schema(format = DateTime)]
    breached_at: String,
    /// In whose hand it was.
    holder: Option<String>,
    /// The stated cause; null until one is stated.
    breach_cause: Option<BreachCauseStated>,
    /// Where the case stands now.
    state: &'static str,
}

/// The cause as it was stated.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachCauseStated {
    /// A code of `GET /api/v1/breach-causes`.
    code: &'static str,
    /// In words; null in the own or a relative's case.
    words: Option<String>,
}

/// Missed deadlines, the latest first: a supervisor's agency's, an auditor's pool's.
#[utoipa::path(get, path = "/api/v1/breaches", tag = "desk",
    params(("from" = Option<String>, Query, description = "First Beijing day, `YYYY-MM-DD`"),
        ("to" = Option<String>, Query, description = "Last Beijing day"),
        ("item" = Option<String>, Query, description = "Slug of an item"),
        ("handler" = Option<String>, Query, description = "In whose hand it was, by identifier"),
        ("cause" = Option<String>, Query, description = "`stated`, `none` or a code"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query, description = "As `after`")),
    responses((status = 200, body = List<BreachView>)))]
pub async fn breaches(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(registering::READERS)?;
    let query = Query::of(&request);
    let after = match query.get("after") {
        Some(_) => query.cursor_in("after")?,
        None => query.cursor()?,
    };
    let found =
        registering::page(&app, &user.actor, filter(&query)?, after, query.limit()?).await?;
    let next = next(
        found.rest,
        found
            .entries
            .last()
            .map(|told| (told.entry.at, told.entry.case)),
    );
    let items = found
        .entries
        .iter()
        .map(|told| {
            view(
                told,
                told.entry.holder.and_then(|h| found.names.get(&h).cloned()),
            )
        })
        .collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

fn view(told: &Told, holder: Option<String>) -> BreachView {
    let entry = &told.entry;
    BreachView {
        receipt_no: entry.receipt_no.clone(),
        agency: entry.agency.to_string(),
        item: entry.item.clone(),
        term: entry.term,
        due_at: entry.due.rfc3339(),
        breached_at: entry.at.rfc3339(),
        holder,
        breach_cause: entry.cause.map(|cause| BreachCauseStated {
            code: cause.as_str(),
            words: told.words.clone(),
        }),
        state: entry.state.as_str(),
    }
}

fn filter(query: &Query) -> Result<Filter, Error> {
    let (from, to) = (day(query, "from")?, day(query, "to")?);
    Ok(Filter {
        from: from.map(midnight),
        until: to.map(|day| midnight(day + Days::new(1))),
        item: item(query)?,
        holder: query.chosen("handler", |typed| typed.parse().ok())?,
        stated: query.chosen("cause", stated)?,
    })
}

fn day(query: &Query, name: &str) -> Result<Option<Day>, Error> {
    let Some(typed) = query.get(name) else {
        return Ok(None);
    };
    match crate::web::public::statistics::read_month(typed) {
        Some(day) => Ok(Some(day)),
        None => Err(Error::Invalid(vec![FieldError::new(
            name,
            "day-impossible",
        )])),
    }
}

fn item(query: &Query) -> Result<Option<&'static str>, Error> {
    match query.get("item") {
        None => Ok(None),
        Some(slug) => match items::find(slug) {
            Some(item) => Ok(Some(item.slug)),
            None => Err(Error::Invalid(vec![FieldError::new(
                "item",
                "item-unknown",
            )])),
        },
    }
}

/// A count: exactly so many; or null, and from `at_least` to `at_most`.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountView {
    /// How many, where that is told.
    count: Option<u32>,
    /// No fewer.
    at_least: Option<u32>,
    /// No more.
    at_most: Option<u32>,
}

impl From<Shown> for CountView {
    fn from(shown: Shown) -> Self {
        let (count, at_least, at_most) = match shown {
            Shown::Exactly(count) => (Some(count), Some(count), Some(count)),
            Shown::UnderFive => (None, Some(1), Some(4)),
            Shown::AtLeast(count) => (None, Some(count), Some(count + 4)),
            Shown::Withheld => (None, None, None),
        };
        Self {
            count,
            at_least,
            at_most,
        }
    }
}

/// How long the cases of an item took at an agency (CLK-9). Figures are null where there were fewer than five cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnaroundView {
    /// Slug of the item.
    item: &'static str,
    /// Code of the agency.
    agency: String,
    /// Finished cases.
    cases: CountView,
    /// Months of the period with fewer than five cases are left out of everything.
    months_left_out: bool,
    /// Share within all limits, 0 to 1; null where the number of late cases is not told.
    in_time: Option<f64>,
    /// The share is no smaller.
    in_time_at_least: Option<f64>,
    /// Median of the working time from filing, in minutes.
    median_minutes: Option<i32>,
    /// 90th percentile.
    p90_minutes: Option<i32>,
    /// 95th percentile.
    p95_minutes: Option<i32>,
    /// Working minutes of a day at the agency.
    day_minutes: i64,
    /// Cases that missed a deadline.
    breaches: Option<CountView>,
    /// The same by stated cause.
    causes: Vec<CauseView>,
    /// Cases with a second supplement request (CLK-6).
    second_supplements: Option<CountView>,
}

/// Missed deadlines of one cause.
#[derive(Debug, Serialize, ToSchema)]
pub struct CauseView {
    /// A code of `GET /api/v1/breach-causes`; null where none had to be stated.
    code: Option<&'static str>,
    /// How many.
    #[serde(flatten)]
    cases: CountView,
}

/// Figures of a pool.
#[derive(Debug, Serialize, ToSchema)]
pub struct TurnaroundList {
    /// By item and agency.
    items: Vec<TurnaroundView>,
    /// Always null: the list is whole.
    next: Option<String>,
    /// The pool.
    pool: String,
    /// First day: periods are whole months.
    from: String,
    /// Last day.
    to: String,
}

/// How long cases take, per item and agency, without anything personal (CLK-9). Counts from 1 to 4 are never told.
#[utoipa::path(get, path = "/api/v1/statistics/turnaround", tag = "catalogue", security(()),
    params(("item" = Option<String>, Query, description = "Slug of an item; all without"),
        ("pool" = Option<String>, Query, description = "Code of a pool; the first without"),
        ("from" = Option<String>, Query, description = "A day of the first month, `YYYY-MM-DD` or `YYYY-MM`"),
        ("to" = Option<String>, Query, description = "A day of the last month; twelve months at most")),
    responses((status = 200, body = TurnaroundList)))]
pub async fn turnaround(request: HttpRequest, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let (from, to) = usual_period(app.clock.now().day());
    let pools = crate::web::public::pools(&app);
    let unknown = || Error::Invalid(vec![FieldError::new("pool", "choice-unknown")]);
    let pool: Pool = match query.get("pool") {
        None => pools.first().copied().ok_or(Error::NotFound)?,
        Some(typed) => typed
            .parse()
            .ok()
            .filter(|pool| pools.contains(pool))
            .ok_or_else(unknown)?,
    };
    let to = day(&query, "to")?.unwrap_or(to);
    let question = Question {
        pool,
        item: item(&query)?,
        from: day(&query, "from")?.unwrap_or(from.min(to)),
        to,
    };
    let found = statistics::turnaround(&app, question).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .json(TurnaroundList {
            items: found.cells.iter().map(|cell| figures(&app, cell)).collect(),
            next: None,
            pool: pool.to_string(),
            from: found.from.to_string(),
            to: found.to.to_string(),
        }))
}

fn figures(app: &App, cell: &Cell) -> TurnaroundView {
    let told = cell.published.figures.as_ref();
    let (in_time, in_time_at_least) = match told.map(|figures| figures.in_time) {
        Some(Share::Exactly(thousandths)) => (
            Some(f64::from(thousandths) / 1000.0),
            Some(f64::from(thousandths) / 1000.0),
        ),
        Some(Share::AtLeast(percent)) => (None, Some(f64::from(percent) / 100.0)),
        None => (None, None),
    };
    let causes = told
        .iter()
        .flat_map(|figures| &figures.causes)
        .map(|(cause, shown)| CauseView {
            code: cause.map(|cause| cause.as_str()),
            cases: (*shown).into(),
        });
    TurnaroundView {
        item: cell.item,
        agency: cell.agency.to_string(),
        cases: cell.published.number.into(),
        months_left_out: cell.published.left_out,
        in_time,
        in_time_at_least,
        median_minutes: told.map(|figures| figures.median),
        p90_minutes: told.map(|figures| figures.p90),
        p95_minutes: told.map(|figures| figures.p95),
        day_minutes: app.office.hours(cell.agency).length().num_minutes(),
        breaches: told.map(|figures| figures.late.into()),
        causes: causes.collect(),
        second_supplements: told.map(|figures| figures.second_supplements.into()),
    }
}

/// Body of a rating.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct RatingBody {
    /// From 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    stars: u32,
    /// In words, 500 characters at most.
    remark: Option<String>,
}

/// A rating as it was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// The case.
    receipt_no: String,
    /// From 1 to 5.
    stars: u32,
    /// In words.
    remark: Option<String>,
}

/// Rates an own case after the decision, once (CAS-11). 409 while it is not decided, and the second time.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/rating", tag = "own", request_body = RatingBody,
    params(("receipt_no" = String, Path)), responses((status = 201, body = RatingView)))]
pub async fn rate(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    let receipt_no = parsed(&path)?;
    rating::check(&app, &user.actor, &receipt_no).await?;
    let mut fields = Fields::of(&body);
    let stars = fields.number("stars");
    let remark = fields.text("remark", Need::Optional);
    fields.finish()?;
    rating::rate(&app, &user.actor, &receipt_no, stars, remark.clone()).await?;
    Ok(HttpResponse::Created().json(RatingView {
        receipt_no: receipt_no.to_string(),
        stars,
        remark,
    }))
}
