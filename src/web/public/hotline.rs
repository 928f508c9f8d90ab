//! The hotline with its duty roster (CAT-3): of handlers no more than a sign on the counter shows.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{agency_name, frame, hours};
use crate::domain::locale::Locale;
use crate::domain::time::Day;
use crate::usecases::App;
use crate::usecases::hotline::{self, Line, Spell};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::MaybeSignedIn;

/// The hotline of one agency.
struct Desk {
    name: String,
    phone: String,
    hours: String,
    open: String,
    now: Vec<String>,
    next: Option<String>,
    today: Vec<String>,
    week: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "public/hotline.html")]
struct HotlinePage {
    chrome: Chrome,
    desks: Vec<Desk>,
}

/// `GET /hotline`.
pub async fn show(_: MaybeSignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, "hotline-title");
    let (today, lines) = hotline::lines(&app).await?;
    let desks = lines
        .iter()
        .map(|line| desk(&chrome, today, line))
        .collect();
    Ok(page(StatusCode::OK, &HotlinePage { chrome, desks }))
}

fn desk(chrome: &Chrome, today: Day, line: &Line) -> Desk {
    let locale = chrome.locale;
    let of_day = |day: &Day| {
        let spells = line.week.get(day).map_or(&[][..], Vec::as_slice);
        spells.iter().map(|spell| spelt(locale, spell)).collect()
    };
    Desk {
        name: agency_name(&line.agency, locale).to_owned(),
        phone: line.agency.phone.clone(),
        hours: hours(&line.agency),
        open: match line.open {
            true => chrome.t("hotline-open"),
            false => chrome.t1("hotline-closed", "moment", chrome.moment(&line.opens_at)),
        },
        now: line.now.iter().map(|one| spelt(locale, one)).collect(),
        next: line.next.as_ref().map(|next| {
            chrome.t2(
                "hotline-next",
                ("who", officer(locale, next)),
                ("moment", chrome.moment(&next.from).as_str()),
            )
        }),
        today: of_day(&today),
        week: line
            .week
            .keys()
            .map(|day| (chrome.day(day), of_day(day)))
            .collect(),
    }
}

/// A name as on a counter sign.
pub(in crate::web) fn officer(locale: Locale, spell: &Spell) -> String {
    let name = spell.family_name.as_str();
    crate::data::texts::text_with(locale, "hotline-officer", &[("name", name.into())])
}

fn spelt(locale: Locale, spell: &Spell) -> String {
    let (from, to) = (spell.from.beijing().time(), spell.to.beijing().time());
    format!(
        "{}–{} {}",
        from.format("%H:%M"),
        to.format("%H:%M"),
        officer(locale, spell)
    )
}
