//! One contact: who asks whom about what, its clock, the answer or the form for it, what goes along. An agency outside this
//! service is reached by phone or letter, and its answer is written down with who gave it, by which number and when (XR-5).

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::form::{Form, Typed, form, reply};
use super::words::{masked, message_words, outcome_words, state_tag};
use super::{agency_name, frame, read_id};
use crate::domain::actor::Role;
use crate::domain::contact::{Answered, Contact, Purpose, READERS, SPEAKERS, Side};
use crate::domain::form::FieldError;
use crate::domain::ids::ContactId;
use crate::usecases::contacting::{self, Opened, files};
use crate::usecases::{App, Error};
use crate::web::components::{
    Banner, BannerKind, ErrorSummary, FileField, SummaryList, SummaryRow, Tag,
};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::resident::read_upload;
use crate::web::session::SignedIn;
use crate::web::urls::{self, contacts as to};

#[derive(Template)]
#[template(path = "contacts/one.html")]
struct OnePage {
    chrome: Chrome,
    id: String,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    state: Tag,
    lead: String,
    facts: SummaryList,
    message: String,
    /// The person's ID number in full, after it was logged.
    revealed: Option<String>,
    reveal: bool,
    /// Where the person can be registered.
    register: Option<String>,
    answers: Vec<SummaryList>,
    form: Option<Form>,
    files: Vec<(String, String)>,
    upload: Option<FileField>,
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// What the page shows beside the contact.
#[derive(Default)]
struct View<'a> {
    done: &'a str,
    revealed: Option<String>,
    typed: Typed,
    errors: Vec<FieldError>,
}

/// `GET /contacts/{id}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    asked: web::Query<Asked>,
) -> Answer {
    user.actor.require(READERS)?;
    let view = View {
        done: &asked.done,
        ..View::default()
    };
    render(&user, &request, &app, read_id(&id)?, view).await
}

/// `POST /contacts/{id}/answer`.
pub async fn answer(
    sent: Sent<Typed>,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    sent.user.actor.require(SPEAKERS)?;
    let id = read_id(&id)?;
    let outcome = match reply(&sent.form, app.clock.now()) {
        Ok(reply) => contacting::answer(&app, &sent.user.actor, id, reply).await,
        Err(errors) => contacting::open(&app, &sent.user.actor, id)
            .await
            .and(Err(Error::Invalid(errors))),
    };
    match outcome {
        Ok(()) => Ok(see_other(&to::done(&id.to_string(), "answered"))),
        Err(Error::Invalid(errors)) => {
            let view = View {
                typed: sent.form,
                errors,
                ..View::default()
            };
            render(&sent.user, &request, &app, id, view).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /contacts/{id}/reveal`: the page with the ID number in full, after it was logged (CAS-13).
pub async fn reveal(
    sent: Sent<Typed>,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    sent.user.actor.require(SPEAKERS)?;
    let id = read_id(&id)?;
    let mut view = View::default();
    match contacting::reveal(&app, &sent.user.actor, id, &sent.form.reason).await {
        Ok(number) => view.revealed = Some(number),
        Err(Error::Invalid(errors)) => view.errors = errors,
        Err(error) => return Err(error.into()),
    }
    render(&sent.user, &request, &app, id, view).await
}

/// `POST /contacts/{id}/files`.
pub async fn add_file(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Multipart,
) -> Answer {
    user.actor.require(SPEAKERS)?;
    let id = read_id(&id)?;
    let upload = read_upload(&user, &app, body).await?;
    let file = (upload.file_name, upload.bytes);
    match files::add(&app, &user.actor, id, file).await {
        Ok(()) => Ok(see_other(&to::done(&id.to_string(), "file"))),
        Err(Error::Invalid(errors)) => {
            let view = View {
                errors,
                ..View::default()
            };
            render(&user, &request, &app, id, view).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn render(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    id: ContactId,
    view: View<'_>,
) -> Answer {
    let opened = contacting::open(app, &user.actor, id).await?;
    let mut chrome = frame(request, user, "contact-title");
    chrome.faulty = !view.errors.is_empty();
    let status = match view.errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(respond(status, user, app, chrome, (&opened, &view)))
}

fn respond(
    status: StatusCode,
    user: &SignedIn,
    app: &App,
    chrome: Chrome,
    (opened, view): (&Opened, &View<'_>),
) -> HttpResponse {
    let (locale, contact, now) = (chrome.locale, &opened.contact, app.clock.now());
    let said: Vec<(String, String)> = view
        .errors
        .iter()
        .map(|error| (at_field(&error.field), field_message(locale, error)))
        .collect();
    let speaks = SPEAKERS.contains(&user.actor.role);
    let waits = contact.answered.is_none();
    let content = OnePage {
        id: contact.id.to_string(),
        banner: banner(&chrome, view.done),
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        state: state_tag(locale, contact.state(now)),
        lead: chrome.t(&format!("contact-purpose-{}", contact.matter.purpose)),
        facts: facts(app, &chrome, opened),
        message: message_words(locale, contact),
        revealed: view.revealed.clone(),
        reveal: speaks,
        register: register(user, contact),
        answers: answers(app, &chrome, opened),
        form: (speaks && waits && contact.answers_here())
            .then(|| form(&chrome, contact, &view.typed, &said)),
        files: opened
            .files
            .iter()
            .map(|file| {
                let url = to::file(&contact.id.to_string(), &file.id.to_string());
                (url, file.name.clone())
            })
            .collect(),
        upload: (speaks && waits).then(|| upload(app, &chrome, &said)),
        chrome,
    };
    page(status, &content)
}

/// The field of the page in which a fault is shown.
fn at_field(field: &str) -> String {
    match field {
        "at" => "day".to_owned(),
        other => other.to_owned(),
    }
}

fn banner(chrome: &Chrome, done: &str) -> Option<Banner> {
    let key = match done {
        "answered" => "contact-done-answered",
        "file" => "contact-done-file",
        _ => return None,
    };
    Some(Banner::new(
        chrome.locale,
        BannerKind::Success,
        chrome.t(key),
    ))
}

fn facts(app: &App, chrome: &Chrome, opened: &Opened) -> SummaryList {
    let (locale, contact) = (chrome.locale, &opened.contact);
    let matter = &contact.matter;
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let mut rows = vec![
        row("contact-person", matter.subject.name.clone()),
        row("contact-id-number", masked(contact)),
        row("contact-from", agency_name(app, locale, contact.sender)),
        row("contact-to", agency_name(app, locale, contact.receiver)),
    ];
    if contact.receiver != matter.target || contact.sender != matter.origin {
        rows.push(row(
            "contact-whole-way",
            chrome.t2(
                "contact-way",
                ("from", agency_name(app, locale, matter.origin)),
                ("to", agency_name(app, locale, matter.target)),
            ),
        ));
    }
    rows.push(row("contact-sent", chrome.moment(&contact.sent_at)));
    rows.push(row("contact-due", chrome.moment(&contact.term.due)));
    if contact.term.provisional {
        rows.push(row(
            "contact-provisional",
            chrome.t("contact-provisional-why"),
        ));
    }
    if let Some(at) = contact.breached_at {
        rows.push(row("contact-breached", chrome.moment(&at)));
    }
    rows.push(row(
        "contact-reached",
        chrome.t(&format!("contact-reached-{}", contact.reached_by)),
    ));
    if let (Side::Sent, Some(case)) = (contact.side, own_case(contact)) {
        rows.push(row("contact-case", case.to_owned()));
    }
    SummaryList::new(locale, rows)
}

/// The receipt number of the case, for the agency that has it.
fn own_case(contact: &Contact) -> Option<&str> {
    let case = contact.matter.case.as_ref()?;
    (contact.agency == contact.matter.origin).then_some(case.receipt_no.as_str())
}

/// Where the person is registered for whom it is asked, by the place of insurance: one press, where the registry knows
/// them (XR-3).
fn register(user: &SignedIn, contact: &Contact) -> Option<String> {
    let asked = contact.side == Side::Received
        && contact.is_last()
        && contact.answered.is_none()
        && contact.matter.purpose == Purpose::Register
        && contact.matter.person.is_some()
        && user.actor.role == Role::Handler;
    let (_, patient) = contact.matter.patient.filter(|_| asked)?;
    Some(urls::register_at_desk(&patient.to_string()))
}

/// The answers so far: of this leg, and where it was passed on of the last one.
fn answers(app: &App, chrome: &Chrome, opened: &Opened) -> Vec<SummaryList> {
    let own = opened.contact.answered.as_ref().map(|answered| {
        let name = answered.by.and_then(|by| opened.names.get(&by));
        told(app, chrome, &opened.contact, answered, name)
    });
    let last = opened.onward.as_ref().map(|leg| match &leg.answered {
        Some(answered) => told(app, chrome, leg, answered, None),
        None => waits(app, chrome, leg),
    });
    own.into_iter().chain(last).collect()
}

fn waits(app: &App, chrome: &Chrome, leg: &Contact) -> SummaryList {
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    SummaryList::new(
        chrome.locale,
        vec![
            row(
                "contact-waits-for",
                agency_name(app, chrome.locale, leg.receiver),
            ),
            row("contact-due", chrome.moment(&leg.term.due)),
        ],
    )
}

fn told(
    app: &App,
    chrome: &Chrome,
    contact: &Contact,
    answered: &Answered,
    name: Option<&String>,
) -> SummaryList {
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let mut rows = vec![
        row(
            "contact-answer-of",
            agency_name(app, chrome.locale, contact.receiver),
        ),
        row(
            "contact-result",
            outcome_words(chrome.locale, contact, answered),
        ),
        row("contact-answered-at", chrome.moment(&answered.at)),
    ];
    if !answered.remark.is_empty() {
        rows.push(row("contact-remark", answered.remark.clone()));
    }
    if let Some(voucher) = &answered.voucher {
        rows.push(row("contact-who", voucher.who.clone()));
        rows.push(row("contact-number", voucher.number.clone()));
        rows.push(row("contact-at", chrome.moment(&voucher.at)));
    }
    if let Some(name) = name {
        rows.push(row("contact-answered-by", name.clone()));
    }
    SummaryList::new(chrome.locale, rows)
}

fn upload(app: &App, chrome: &Chrome, said: &[(String, String)]) -> FileField {
    let megabytes = app.files.limits.bytes / (1024 * 1024);
    let fault = said.iter().find(|(at, _)| at == "file");
    FileField::new(chrome.locale, "file", chrome.t("contact-file"))
        .hint(chrome.t1("paper-hint", "megabytes", megabytes))
        .error(fault.map(|(_, words)| words.clone()))
}
