//! Closures of areas and times of an epidemic, for everybody (XR-8): which areas, from when to when, by which notice, and
//! what can be done without coming.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{frame, pool_name};
use crate::domain::closure::{Kind, Phase};
use crate::domain::locale::Locale;
use crate::domain::region::RegionCode;
use crate::domain::time::Day;
use crate::store::closures::Entered;
use crate::usecases::{App, closing};
use crate::web::components::{Tag, TagColour};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::MaybeSignedIn;

/// One of them, in words.
pub(in crate::web) struct Row {
    pub area: String,
    pub days: String,
    pub phase: Tag,
    pub notice: String,
    pub end_notice: Option<String>,
    pub pool: String,
}

#[derive(Template)]
#[template(path = "public/closures.html")]
struct ClosuresPage {
    chrome: Chrome,
    lasting: Vec<Row>,
    over: Vec<Row>,
    epidemics: Vec<Row>,
}

/// `GET /closures`.
pub async fn show(_: MaybeSignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, "closures-title");
    let today = app.clock.now().day();
    let all = closing::all(&app).await?;
    let rows = |kind: Kind, over: bool| {
        all.iter()
            .filter(|one| one.closure.kind == kind)
            .filter(|one| (one.closure.phase(today) == Phase::Over) == over)
            .map(|one| row(&chrome, &app, today, one))
            .collect::<Vec<_>>()
    };
    let content = ClosuresPage {
        lasting: rows(Kind::Closure, false),
        over: rows(Kind::Closure, true),
        epidemics: [rows(Kind::Epidemic, false), rows(Kind::Epidemic, true)]
            .into_iter()
            .flatten()
            .collect(),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// One in words of the page's language.
pub(in crate::web) fn row(chrome: &Chrome, app: &App, today: Day, one: &Entered) -> Row {
    let closure = &one.closure;
    let phase = closure.phase(today);
    let colour = match phase {
        Phase::Coming => TagColour::Yellow,
        Phase::Lasting => TagColour::Red,
        Phase::Over => TagColour::Grey,
    };
    Row {
        area: area(app, chrome.locale, &closure.area),
        days: match closure.to {
            Some(to) => format!("{} – {}", chrome.day(&closure.from), chrome.day(&to)),
            None => chrome.t1("closures-since", "day", chrome.day(&closure.from)),
        },
        phase: Tag::new(chrome.t(&format!("closure-phase-{phase}")), colour),
        notice: closure.notice.clone(),
        end_notice: one.end_notice.clone(),
        pool: pool_name(app, chrome.locale, one.pool),
    }
}

/// The full name of an area; its code where the lists don't know it.
pub(in crate::web) fn area(app: &App, locale: Locale, code: &str) -> String {
    RegionCode::parse(code)
        .and_then(|code| app.office.regions.full_name(code, locale))
        .unwrap_or_else(|| code.to_owned())
}
