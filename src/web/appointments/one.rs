//! One booking: the confirmation with code and visiting rules of the office (MON-3), its entry for a calendar, and giving
//! it up.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{agency, counter, own, visiting_rules, when};
use crate::data::texts::text;
use crate::domain::appointment::{State, Step, allows};
use crate::domain::ids::AppointmentId;
use crate::domain::time::Ts;
use crate::store::appointments::Appointment;
use crate::usecases::{App, appointing};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Panel, SummaryList, SummaryRow, Tag};
use crate::web::csrf::{Nothing, Sent};
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};
use crate::web::urls::appointments as to;

#[derive(Template)]
#[template(path = "appointments/one.html")]
struct OnePage {
    chrome: Chrome,
    id: AppointmentId,
    panel: Option<Panel>,
    state: Tag,
    facts: SummaryList,
    rules: Vec<String>,
    phone: String,
    can_move: bool,
    can_cancel: bool,
    waits: bool,
}

fn id(path: &str) -> Result<AppointmentId, Failure> {
    path.parse().map_err(|_| Failure::not_found())
}

/// `GET /appointments/{id}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(appointing::BOOKERS)?;
    let (one, name) = appointing::read(&app, &user.actor, id(&path)?).await?;
    let mut chrome = session::frame(&request, "appointment-title");
    chrome.breadcrumbs = vec![Link::to(to::own(), chrome.t("appointments-title"))];
    let now = app.clock.now();
    let may = |step| allows(one.state, step, (one.starts_at, one.ends_at), now);
    let agencies = app.office.agencies();
    let phone = agencies.get(&one.agency).map(|agency| agency.phone.clone());
    let content = OnePage {
        id: one.id,
        panel: one
            .code
            .clone()
            .filter(|_| one.state == State::Booked)
            .map(|code| Panel {
                heading: chrome.t("appointment-booked"),
                label: chrome.t("appointment-code"),
                value: code,
            }),
        state: own::tag(&chrome, one.state),
        facts: facts(&chrome, &app, &one, &name),
        rules: visiting_rules(&chrome),
        phone: phone.unwrap_or_default(),
        can_move: may(Step::Move),
        can_cancel: may(Step::Cancel),
        waits: one.state == State::Waiting,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn facts(chrome: &Chrome, app: &App, one: &Appointment, name: &str) -> SummaryList {
    let agencies = app.office.agencies();
    let address = agencies
        .get(&one.agency)
        .map(|agency| agency.address.clone());
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let rows = vec![
        row("appointment-when", when(chrome, one)),
        row("appointment-where", agency(chrome, app, one)).note(address.unwrap_or_default()),
        row(
            "appointment-at-counter",
            counter(chrome, one.counter, &one.counter_name),
        ),
        row("appointment-person", name.to_owned()),
        row("appointment-item", chrome.t(&format!("item-{}", one.item))),
    ];
    SummaryList::new(chrome.locale, rows)
}

/// `POST /appointments/{id}/cancel`.
pub async fn cancel(app: web::Data<App>, path: web::Path<String>, sent: Sent<Nothing>) -> Answer {
    sent.user.actor.require(appointing::BOOKERS)?;
    let cancelled = appointing::cancel(&app, &sent.user.actor, id(&path)?).await?;
    Ok(see_other(&to::one(cancelled.id)))
}

/// `GET /appointments/{id}/calendar.ics`: the entry for a calendar (RFC 5545). It names no item.
pub async fn calendar(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(appointing::BOOKERS)?;
    let (one, _) = appointing::read(&app, &user.actor, id(&path)?).await?;
    let locale = session::frame(&request, "appointment-title").locale;
    let agencies = app.office.agencies();
    let address = agencies
        .get(&one.agency)
        .map(|agency| agency.address.clone());
    let said = Said {
        summary: text(locale, "appointment-calendar"),
        place: address.unwrap_or_default(),
        stamp: one.booked_at,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"appointment.ics\"",
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(entry(&one, &said)))
}

/// Words of an entry.
struct Said {
    summary: String,
    place: String,
    stamp: Ts,
}

fn entry(one: &Appointment, said: &Said) -> String {
    let utc = |at: Ts| at.utc().format("%Y%m%dT%H%M%SZ").to_string();
    let code = one.code.as_deref().unwrap_or_default();
    let status = match one.state {
        State::Booked | State::Attended | State::NoShow => "CONFIRMED",
        State::Waiting => "TENTATIVE",
        State::Moved | State::Cancelled => "CANCELLED",
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//bujianmian//appointments//ZH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@bujianmian", one.id),
        format!("DTSTAMP:{}", utc(said.stamp)),
        format!("DTSTART:{}", utc(one.starts_at)),
        format!("DTEND:{}", utc(one.ends_at)),
        format!("SUMMARY:{} {}", escaped(&said.summary), escaped(code)),
        format!("LOCATION:{}", escaped(&said.place)),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
        String::new(),
    ];
    lines.map(|line| folded(&line)).join("\r\n")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// No line is longer than 75 bytes; the next begins with a blank.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(c);
        length += c.len_utf8();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_folded_between_characters_and_marks_are_escaped() {
        let line = format!("LOCATION:{}", "路".repeat(40));
        let folded = folded(&line);
        assert!(folded.lines().all(|line| line.len() <= 75), "{folded}");
        assert_eq!(folded.replace("\r\n ", ""), line);
        assert_eq!(escaped("一,二;三\\\n"), "一\\,二\\;三\\\\");
    }
}
