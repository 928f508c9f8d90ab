//! The own staff by the registry: names, masked ID numbers, what the employer registered for them. A full number is shown
//! for one person, for a reason, and that is logged (CAS-13). No number stands in an address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, only_agents};
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::PersonId;
use crate::domain::region::RegionCode;
use crate::store::staff::{Member, Registered};
use crate::usecases::employing::Staff;
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error, employing};
use crate::web::chrome::Chrome;
use crate::web::components::{Empty, ErrorSummary, InputKind, Pages, TextField};
use crate::web::csrf::Sent;
use crate::web::page::page;
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{employer as to, resident};

/// People on a page.
const SHOWN: u16 = 50;

/// One of the staff.
struct Row {
    person: String,
    name: String,
    id_number: String,
    shown: bool,
    scheme: String,
    since: String,
    registered: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "employer/staff.html")]
struct StaffPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    search: TextField,
    /// More were found than are shown.
    more: bool,
    /// Back to everybody.
    all: Option<String>,
    rows: Vec<Row>,
    none: Empty,
    pages: Pages,
}

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    after: String,
}

/// Who is looked for; sent as a form, because neither names nor numbers belong into an address.
#[derive(Debug, Default, Deserialize)]
pub struct LookedFor {
    #[serde(default)]
    search: String,
}

/// Whose number is to be shown, and why.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    person: String,
    #[serde(default)]
    reason: String,
}

/// What a page shows beside the list.
#[derive(Default)]
struct Asked {
    search: String,
    after: Option<PersonId>,
    shown: Option<Member>,
    errors: Vec<FieldError>,
}

/// `GET /employer/staff`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    only_agents(&user)?;
    let asked = Asked {
        after: opened.after.parse().ok(),
        ..Asked::default()
    };
    show(&user, &request, &app, asked).await
}

/// `POST /employer/staff`: who is called so, or has that number.
pub async fn search(request: HttpRequest, app: web::Data<App>, sent: Sent<LookedFor>) -> Answer {
    only_agents(&sent.user)?;
    let asked = Asked {
        search: sent.form.search,
        ..Asked::default()
    };
    show(&sent.user, &request, &app, asked).await
}

/// `POST /employer/staff/reveal`: the list with that one number in full.
pub async fn reveal(request: HttpRequest, app: web::Data<App>, sent: Sent<Wanted>) -> Answer {
    only_agents(&sent.user)?;
    let person: PersonId = sent.form.person.parse().map_err(|_| Failure::not_found())?;
    let mut asked = Asked::default();
    match employing::reveal(&app, &sent.user.actor, person, &sent.form.reason).await {
        Ok(member) => asked.shown = Some(member),
        Err(Error::Invalid(errors)) => asked.errors = errors,
        Err(error) => return Err(error.into()),
    }
    show(&sent.user, &request, &app, asked).await
}

async fn show(user: &SignedIn, request: &HttpRequest, app: &App, asked: Asked) -> Answer {
    let mut chrome = frame(request, "employer-do-staff");
    chrome.here = to::staff("");
    chrome.faulty = !asked.errors.is_empty();
    let locale = chrome.locale;
    let found = employing::staff(app, &user.actor, &asked.search, asked.after, SHOWN).await?;
    let is_search = !asked.search.is_empty();
    let next = match found.rest {
        Rest::More => found.members.last().filter(|_| !is_search),
        Rest::Nothing => None,
    };
    let said = asked
        .errors
        .iter()
        .map(|error| field_message(locale, error))
        .collect::<Vec<_>>();
    let content = StaffPage {
        errors: ErrorSummary::of(locale, said.iter().map(|words| ("", words.as_str()))),
        search: TextField::new(locale, "search", chrome.t("employer-search"))
            .kind(InputKind::Text)
            .hint(chrome.t("employer-search-hint"))
            .value(asked.search.as_str()),
        more: is_search && found.rest == Rest::More,
        all: is_search.then(|| to::staff("")),
        none: Empty {
            text: chrome.t("employer-no-staff"),
            link: None,
        },
        pages: Pages {
            locale,
            previous: asked.after.map(|_| to::staff("")),
            next: next.map(|last| to::staff(&last.person.to_string())),
        },
        rows: rows(&chrome, app, &found, asked.shown.as_ref()),
        chrome,
    };
    let status = match asked.errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// The people of the page; the one whose number is shown in full comes first.
fn rows(chrome: &Chrome, app: &App, found: &Staff, shown: Option<&Member>) -> Vec<Row> {
    let others = found
        .members
        .iter()
        .filter(|member| shown.is_none_or(|one| one.person != member.person));
    let masked = others.map(|member| {
        let registered = found.registered.get(&member.person);
        row(chrome, app, member, registered.map_or(&[], Vec::as_slice))
    });
    let full = shown.map(|member| Row {
        id_number: member.id_number.clone(),
        shown: true,
        ..row(chrome, app, member, &[])
    });
    full.into_iter().chain(masked).collect()
}

fn row(chrome: &Chrome, app: &App, member: &Member, registered: &[Registered]) -> Row {
    Row {
        person: member.person.to_string(),
        name: member.name.clone(),
        id_number: IdNumber::from_stored(&member.id_number)
            .map_or_else(|_| "****".to_owned(), |number| number.masked()),
        shown: false,
        scheme: chrome.t(&format!("employer-scheme-{}", member.scheme)),
        since: chrome.day(&member.since),
        registered: registered
            .iter()
            .map(|one| {
                let words = registered_words(chrome, app, one);
                (words, resident::case(&one.receipt_no))
            })
            .collect(),
    }
}

fn registered_words(chrome: &Chrome, app: &App, one: &Registered) -> String {
    let place = RegionCode::parse(&one.destination)
        .and_then(|code| app.office.regions.full_name(code, chrome.locale))
        .unwrap_or_else(|| one.destination.clone());
    let start = chrome.day(&one.start);
    let days = match &one.end {
        Some(end) => chrome.t2(
            "registration-days",
            ("start", start),
            ("end", chrome.day(end)),
        ),
        None => chrome.t1("registration-days-open", "start", start),
    };
    let standing = chrome.t(&format!("registration-is-{}", one.standing));
    format!("{place}  {days}  {standing}")
}
