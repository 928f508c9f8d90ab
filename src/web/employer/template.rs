//! The spreadsheet to fill in (XR-9): empty, or with the own staff, whose numbers are then read in full and logged.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Datelike;

use super::{frame, only_agents};
use crate::documents::template::{Template, write};
use crate::domain::locale::Locale;
use crate::domain::time::Day;
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error, employing};
use crate::web::chrome::Chrome;
use crate::web::csrf::{Nothing, Sent};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// What a workbook is called on the wire.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// People read at once.
const PIECE: u16 = 500;
/// Lines of instructions at most.
const LINES: u8 = 20;

/// `GET /employer/batches/template.xlsx`.
pub async fn empty(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    only_agents(&user)?;
    let chrome = frame(&request, "employer-do-upload");
    answer(&app, &chrome, vec![]).await
}

/// `POST /employer/batches/template.xlsx`: with the own staff.
pub async fn with_staff(request: HttpRequest, app: web::Data<App>, sent: Sent<Nothing>) -> Answer {
    only_agents(&sent.user)?;
    let chrome = frame(&request, "employer-do-upload");
    let (mut people, mut after) = (vec![], None);
    loop {
        let (found, rest) = employing::staff_in_full(&app, &sent.user.actor, after, PIECE).await?;
        after = found.last().map(|last| last.person);
        people.extend(found.into_iter().map(|one| (one.name, one.id_number)));
        if rest == Rest::Nothing {
            break;
        }
    }
    answer(&app, &chrome, people).await
}

async fn answer(app: &App, chrome: &Chrome, people: Vec<(String, String)>) -> Answer {
    let template = filled(app, chrome, people);
    let bytes = tokio::task::spawn_blocking(move || write(&template))
        .await
        .map_err(|e| Error::Fault(e.to_string()))?
        .map_err(|e| Error::Fault(format!("the template: {e}")))?;
    Ok(HttpResponse::Ok()
        .content_type(XLSX)
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"template.xlsx\"",
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

fn filled(app: &App, chrome: &Chrome, people: Vec<(String, String)>) -> Template {
    let columns = ["name", "id-number", "destination", "start", "end", "phone"];
    let destinations = app.office.regions.destinations();
    let instructions = (1..=LINES)
        .map(|number| format!("batches-instruction-{number}"))
        .take_while(|key| crate::data::texts::has_text(chrome.locale, key))
        .map(|key| chrome.t(&key));
    Template {
        headings: columns.map(|name| chrome.t(&format!("batches-heading-{name}"))),
        sheets: ["list", "destinations", "instructions"]
            .map(|name| chrome.t(&format!("batches-sheet-{name}"))),
        destination_headings: [
            chrome.t("batches-column-destination"),
            chrome.t("batches-destination-code"),
        ],
        // The list is read by these names and codes, in whatever language it was downloaded.
        destinations: destinations
            .map(|region| {
                let name = region.name(Locale::Zh).to_owned();
                (name, region.code.to_string())
            })
            .collect(),
        instructions: instructions.collect(),
        unknown_destination: [
            chrome.t("batches-column-destination"),
            chrome.t("batches-choose-destination"),
        ],
        people,
        made_on: day(app.clock.now().day()),
    }
}

fn day(day: Day) -> (u16, u8, u8) {
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(day.year()).unwrap_or(2020);
    (year, small(day.month()), small(day.day()))
}
