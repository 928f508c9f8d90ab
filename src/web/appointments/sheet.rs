//! The day sheet of an agency's counters: who comes when, who came, who did not, and the way into filing at the counter
//! (RB-2, RB-3). It prints.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{counter, own};
use crate::domain::actor::Role;
use crate::domain::appointment::Step;
use crate::domain::ids::AppointmentId;
use crate::domain::time::Day;
use crate::items;
use crate::usecases::App;
use crate::usecases::appointing::{self, Seat};
use crate::web::chrome::Chrome;
use crate::web::components::Tag;
use crate::web::csrf::Sent;
use crate::web::desk::frame;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::appointments as to;
use crate::web::words;

/// A line of the sheet.
struct Row {
    id: AppointmentId,
    time: String,
    counter: String,
    code: String,
    name: String,
    id_number: String,
    item: String,
    state: Tag,
    came: bool,
    missed: bool,
    /// Where they are filed for, where the item can be.
    intake: Option<String>,
}

#[derive(Template)]
#[template(path = "appointments/sheet.html")]
struct SheetPage {
    chrome: Chrome,
    day: Day,
    words: String,
    closed: bool,
    before: String,
    after: String,
    rows: Vec<Row>,
    plans: bool,
    /// Who files at the counter without a booking.
    files: bool,
}

/// Which day.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    day: String,
}

/// `GET /desk/appointments`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    asked: web::Query<Asked>,
) -> Answer {
    let today = app.clock.now().day();
    let day: Day = asked.day.parse().unwrap_or(today);
    let seats = appointing::day_sheet(&app, &user.actor, day).await?;
    let chrome = frame(&request, &user, "appointments-sheet");
    let role = user.actor.role;
    let rows = seats.iter().map(|seat| row(&chrome, role, seat));
    let other = |day: Option<Day>| to::sheet(&day.unwrap_or(today).to_string());
    let content = SheetPage {
        words: chrome.day(&day),
        closed: !app.calendar().is_working(day),
        before: other(day.pred_opt()),
        after: other(day.succ_opt()),
        rows: rows.collect(),
        plans: role == Role::Supervisor,
        files: role == Role::Handler,
        day,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn row(chrome: &Chrome, role: Role, seat: &Seat) -> Row {
    let one = &seat.appointment;
    let may = |step| seat.steps.contains(&step);
    let (from, to) = (words::time(one.starts_at), words::time(one.ends_at));
    let files = role == Role::Handler && may(Step::Attend) && items::find(&one.item).is_some();
    Row {
        id: one.id,
        time: format!("{from}–{to}"),
        counter: counter(chrome, one.counter, &one.counter_name),
        code: one.code.clone().unwrap_or_default(),
        name: seat.name.clone(),
        id_number: seat.id_number.clone(),
        item: chrome.t(&format!("item-{}", one.item)),
        state: own::tag(chrome, one.state),
        came: may(Step::Attend),
        missed: may(Step::Miss),
        intake: files.then(|| to::intake(&one.id.to_string())),
    }
}

/// What is marked, and on which sheet.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Marked {
    what: String,
    day: String,
}

/// `POST /desk/appointments/{id}/mark`.
pub async fn mark(app: web::Data<App>, path: web::Path<String>, sent: Sent<Marked>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(appointing::DESK)?;
    let id = path.parse().map_err(|_| Failure::not_found())?;
    let step = match sent.form.what.as_str() {
        "attended" => Step::Attend,
        "no-show" => Step::Miss,
        _ => return Err(Failure::not_found()),
    };
    appointing::mark(&app, actor, id, step).await?;
    Ok(see_other(&to::sheet(&sent.form.day)))
}
