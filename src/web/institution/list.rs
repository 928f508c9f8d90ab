//! The ledger as a table, newest admission first: an institution's own, and as the agency of the place of treatment reads
//! it. Somebody is looked for by the whole ID number, which stands in no address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::words::{self, Said};
use super::{STAFF, frame};
use crate::domain::actor::Role;
use crate::domain::ids::Identifier;
use crate::store::patients::{Entered, Filter, Place};
use crate::usecases::ledger::reading::{self, Page};
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, Opt, Pages, Select, Tag, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::institution as to;

/// Entries of a page.
const SHOWN: u16 = 50;

/// What the ledger was opened with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    status: String,
    #[serde(default)]
    presence: String,
    #[serde(default)]
    after: String,
}

impl Opened {
    fn filter(&self) -> Filter {
        Filter {
            status: self.status.parse().ok(),
            presence: self.presence.parse().ok(),
            id_number: None,
        }
    }
}

/// Who is looked for.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    id_number: String,
}

/// On whose pages the ledger stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The institution's.
    Institution,
    /// The agency's.
    Desk,
}

struct Row {
    url: String,
    name: String,
    id_number: String,
    person: String,
    status: Tag,
    admitted: String,
    discharged: Option<String>,
    scheme: String,
    insured: String,
    institution: String,
    progress: Tag,
}

#[derive(Template)]
#[template(path = "institution/list.html")]
struct ListPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    filters: String,
    search: String,
    selects: Vec<Select>,
    number: TextField,
    rows: Vec<Row>,
    shows_institution: bool,
    searched: bool,
    enter: Option<String>,
    pages: Pages,
}

/// `GET /institution/patients`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(STAFF)?;
    let chrome = frame(&request, user.actor.role, "patients-title");
    of(&user, &app, chrome, &opened, Audience::Institution).await
}

/// `POST /institution/patients/search`.
pub async fn search(request: HttpRequest, app: web::Data<App>, sent: Sent<Wanted>) -> Answer {
    sent.user.actor.require(STAFF)?;
    let chrome = frame(&request, sent.user.actor.role, "patients-title");
    found(&app, chrome, &sent, Audience::Institution).await
}

/// A page of the ledger.
pub async fn of(
    user: &SignedIn,
    app: &App,
    chrome: Chrome,
    opened: &Opened,
    place: Audience,
) -> Answer {
    let after = read_place(&opened.after);
    let listed = reading::page(app, &user.actor, opened.filter(), after, SHOWN).await?;
    let last = listed.entries.last().filter(|_| listed.rest == Rest::More);
    let next = last.map(|last| {
        place.list(&[
            ("status", &opened.status),
            ("presence", &opened.presence),
            ("after", &written_place(last)),
        ])
    });
    let shown = Shown {
        place,
        role: user.actor.role,
        opened,
        said: Said::nothing(),
        searched: false,
        next,
    };
    Ok(shown.page(app, chrome, &listed))
}

/// The stays of whoever was looked for.
pub async fn found(app: &App, chrome: Chrome, sent: &Sent<Wanted>, place: Audience) -> Answer {
    let actor = &sent.user.actor;
    let outcome = match reading::looked_for(app, &sent.form.id_number) {
        Ok(number) => {
            let filter = Filter {
                id_number: Some(number),
                ..Filter::default()
            };
            reading::page(app, actor, filter, None, SHOWN).await
        }
        Err(error) => Err(error),
    };
    let (listed, said) = match outcome {
        Ok(listed) => (listed, Said::nothing()),
        Err(error @ Error::Invalid(_)) => (Page::empty(), Said::of(&chrome, error)?),
        Err(error) => return Err(error.into()),
    };
    let shown = Shown {
        place,
        role: actor.role,
        opened: &Opened::default(),
        said,
        searched: true,
        next: None,
    };
    Ok(shown.page(app, chrome, &listed))
}

impl Audience {
    fn list(self, filters: &[(&str, &str)]) -> String {
        match self {
            Self::Institution => to::patients(filters),
            Self::Desk => to::desk_patients(filters),
        }
    }
}

/// What a page of the ledger is made of beside its rows.
struct Shown<'a> {
    place: Audience,
    role: Role,
    opened: &'a Opened,
    said: Said,
    searched: bool,
    next: Option<String>,
}

impl Shown<'_> {
    fn page(self, app: &App, mut chrome: Chrome, listed: &Page) -> HttpResponse {
        chrome.faulty = !self.said.is_empty();
        let status = match self.said.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let number = TextField::new(
            chrome.locale,
            "id_number",
            chrome.t("patient-field-id-number"),
        );
        let enters = self.role == Role::InstitutionClerk;
        let content = ListPage {
            errors: self.said.summary(chrome.locale),
            filters: self.place.list(&[]),
            search: match self.place {
                Audience::Institution => to::search(),
                Audience::Desk => to::desk_search(),
            },
            selects: selects(&chrome, self.opened),
            number: number
                .kind(InputKind::IdNumber)
                .error(self.said.at("id_number")),
            rows: listed
                .entries
                .iter()
                .map(|entered| row(app, &chrome, self.place, entered, listed))
                .collect(),
            shows_institution: self.place == Audience::Desk,
            searched: self.searched,
            enter: enters.then(to::new),
            pages: Pages {
                locale: chrome.locale,
                previous: None,
                next: self.next,
            },
            chrome,
        };
        page(status, &content)
    }
}

fn selects(chrome: &Chrome, opened: &Opened) -> Vec<Select> {
    let presences = ["here", "discharged"].map(|name| {
        Opt::new(name, chrome.t(&format!("patient-presence-{name}"))).chosen_if(&opened.presence)
    });
    vec![
        Select::flat(
            chrome.locale,
            "status",
            chrome.t("patient-field-status"),
            words::statuses(chrome, &opened.status),
        ),
        Select::flat(
            chrome.locale,
            "presence",
            chrome.t("patient-presence"),
            presences.to_vec(),
        ),
    ]
}

fn row(app: &App, chrome: &Chrome, place: Audience, entered: &Entered, listed: &Page) -> Row {
    let patient = &entered.patient;
    Row {
        url: match place {
            Audience::Institution => to::patient(patient.id, ""),
            Audience::Desk => to::desk_patient(patient.id),
        },
        name: patient.name.clone(),
        id_number: entered.id_number.masked(),
        person: words::sex_and_age(chrome, patient),
        status: words::status_tag(chrome, patient.status),
        admitted: chrome.day(&patient.admitted_on),
        discharged: patient.discharged_on.map(|day| chrome.day(&day)),
        scheme: words::scheme(chrome, patient.scheme),
        insured: words::place(app, chrome.locale, &patient.insured_at),
        institution: listed
            .institutions
            .get(&patient.institution)
            .cloned()
            .unwrap_or_default(),
        progress: words::progress_tag(chrome, patient.progress),
    }
}

/// A place of the list in an address: day of admission and identifier.
fn written_place(last: &Entered) -> String {
    let (day, id) = (last.patient.admitted_on, last.patient.id);
    format!("{day}.{}", id.uuid().simple())
}

/// Reads one; nothing for what is none.
fn read_place(text: &str) -> Option<Place> {
    let (day, id) = text.split_once('.')?;
    Some((day.parse().ok()?, Uuid::parse_str(id).ok()?.into()))
}
