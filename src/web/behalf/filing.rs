//! Whom it is for, then the item's whole form on one page: the person is on the phone, or beside whoever types.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::controls;
use super::door::Door;
use crate::clock::Clock;
use crate::data::texts::text_with;
use crate::domain::case::Channel;
use crate::domain::form::{FieldError, Prefill};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::PersonId;
use crate::domain::item::ServiceItem;
use crate::domain::locale::Locale;
use crate::items;
use crate::store::registry::Person;
use crate::usecases::behalf;
use crate::usecases::error::Conflict;
use crate::usecases::filing::Submission;
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{Checks, ErrorSummary, SummaryList, SummaryRow};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::{self, SignedIn};

/// What was typed, by field.
pub(super) type Typed = BTreeMap<String, String>;

/// Fields that go from the first page to the second, beside the item's own.
const CARRIED: &[&str] = &[
    "item",
    "person",
    "number",
    "result",
    "at",
    "token",
    "document",
    "appointment",
];

/// Whom it is for.
#[derive(Template)]
#[template(path = "behalf/whom.html")]
struct WhomPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    action: String,
    lead: String,
    fields: Vec<Control>,
    /// Nobody authorised the reader.
    nobody: bool,
    /// Who has the booking they came for (RB-2).
    person: Option<SummaryList>,
    /// The identifier of that booking.
    appointment: String,
}

/// The item's form.
#[derive(Template)]
#[template(path = "behalf/form.html")]
struct FormPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    conflict: Option<String>,
    action: String,
    back: String,
    item: String,
    person: SummaryList,
    carried: Vec<(&'static str, String)>,
    controls: Vec<Control>,
    pledges: Vec<Checks>,
}

/// `GET /desk/file`.
pub async fn ask_at_desk(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    whom(Door::Desk, &user, &request, &app, &Typed::new(), &[]).await
}

/// `GET /desk/counter`: for who has a booking, its item and person are filled in (RB-3).
pub async fn ask_at_counter(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    booked: web::Query<Typed>,
) -> Answer {
    let door = Door::Counter;
    door.allows(&user)?;
    let typed = door.booked(&app, &user.actor, &booked).await?;
    whom(door, &user, &request, &app, &typed, &[]).await
}

/// `POST /desk/counter`: the form, for whoever was found.
pub async fn open_at_counter(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<Typed>,
) -> Answer {
    open_for(Door::Counter, &request, &app, &sent).await
}

/// `POST /desk/counter/submit`.
pub async fn submit_at_counter(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<Typed>,
) -> Answer {
    submit_for(Door::Counter, &request, &app, &sent).await
}

/// `GET /behalf`.
pub async fn ask(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    whom(Door::Behalf, &user, &request, &app, &Typed::new(), &[]).await
}

/// `POST /desk/file`: the form, for whoever was found.
pub async fn open_at_desk(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    open_for(Door::Desk, &request, &app, &sent).await
}

/// `POST /behalf`.
pub async fn open(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    open_for(Door::Behalf, &request, &app, &sent).await
}

/// `POST /desk/file/submit`.
pub async fn submit_at_desk(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<Typed>,
) -> Answer {
    submit_for(Door::Desk, &request, &app, &sent).await
}

/// `POST /behalf/submit`.
pub async fn submit(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    submit_for(Door::Behalf, &request, &app, &sent).await
}

/// What was typed in a field; empty when nothing was.
pub(super) fn get<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |value| value.trim())
}

/// Faults in words, by field; those of a line stand at the field whose line it is.
fn said(locale: Locale, errors: &[FieldError]) -> Vec<(String, String)> {
    let place = |error: &FieldError| {
        let words = field_message(locale, error);
        let mut parts = error.field.split('.');
        match (parts.next(), parts.next().map(str::parse::<u32>)) {
            (Some(field), Some(Ok(line))) => {
                let values = [("line", line.into()), ("fault", words.into())];
                (
                    field.to_owned(),
                    text_with(locale, "fault-of-line", &values),
                )
            }
            _ => (error.field.clone(), words),
        }
    };
    errors.iter().map(place).collect()
}

fn summary(locale: Locale, said: &[(String, String)]) -> Option<ErrorSummary> {
    ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str())))
}

/// What is wrong with a field.
pub(super) fn fault(said: &[(String, String)], name: &str) -> Option<String> {
    let found = said.iter().find(|(field, _)| field == name);
    found.map(|(_, words)| words.clone())
}

fn status(errors: &[FieldError]) -> StatusCode {
    match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

pub(super) async fn whom(
    door: Door,
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    door.allows(user)?;
    let mut chrome = session::frame(request, door.title());
    chrome.faulty = !errors.is_empty();
    let said = said(chrome.locale, errors);
    let asked = door.asks(&chrome, app, &user.actor, typed, &said).await?;
    let content = WhomPage {
        errors: summary(chrome.locale, &said),
        action: door.action(),
        lead: chrome.t(door.lead()),
        fields: asked.fields,
        nobody: asked.nobody,
        person: asked.person,
        appointment: get(typed, "appointment").to_owned(),
        chrome,
    };
    Ok(page(status(errors), &content))
}

pub(super) async fn open_for(
    door: Door,
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
) -> Answer {
    door.allows(&sent.user)?;
    let (user, typed) = (&sent.user, &sent.form);
    let found = door.begin(app, &user.actor, typed).await;
    match found {
        Ok((item, person)) => {
            let mut typed = typed.clone();
            typed.insert("person".to_owned(), person.id.to_string());
            typed.insert(
                "token".to_owned(),
                format!("behalf-{}", Clock::new_id::<PersonId>()),
            );
            fill(item, &person, app, &mut typed);
            form(door, request, app, (item, &person), &typed, &[], None).await
        }
        Err(Error::Invalid(errors)) => whom(door, user, request, app, typed, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// What the registry holds is filled in (CAS-9).
fn fill(item: &ServiceItem, person: &Person, app: &App, typed: &mut Typed) {
    for field in item.form.fields {
        let known = match field.prefill {
            Some(Prefill::Phone) => person.phone.clone(),
            Some(Prefill::Today) => Some(app.clock.now().day().to_string()),
            None => None,
        };
        if let Some(known) = known {
            typed.insert(field.name.to_owned(), known);
        }
    }
}

async fn form(
    door: Door,
    request: &HttpRequest,
    app: &App,
    (item, person): (&'static ServiceItem, &Person),
    typed: &Typed,
    errors: &[FieldError],
    conflict: Option<&Conflict>,
) -> Answer {
    let mut chrome = session::frame(request, "behalf-form-title");
    chrome.faulty = !errors.is_empty();
    let said = said(chrome.locale, errors);
    let registrations = behalf::registrations(app, person.id).await?;
    let content = FormPage {
        errors: summary(chrome.locale, &said),
        conflict: conflict.map(|conflict| {
            chrome.t(match conflict {
                Conflict::Overlap { .. } => "conflict-overlap",
                Conflict::Claimed => "conflict-claimed",
                _ => "problem-conflict-why",
            })
        }),
        action: door.submit(),
        back: door.action(),
        item: chrome.t(&format!("item-{}", item.slug)),
        person: known(&chrome, person),
        carried: CARRIED
            .iter()
            .map(|name| (*name, get(typed, name).to_owned()))
            .collect(),
        controls: controls::controls(
            &chrome,
            app,
            item,
            &registrations,
            door.takes_originals(),
            typed,
            &said,
        ),
        pledges: controls::pledges(&chrome, item, typed, &said),
        chrome,
    };
    let status = match conflict {
        Some(_) => StatusCode::CONFLICT,
        None => status(errors),
    };
    Ok(page(status, &content))
}

/// Who it is for, the ID number masked.
pub(super) fn known(chrome: &Chrome, person: &Person) -> SummaryList {
    let masked = IdNumber::from_stored(&person.id_number)
        .map_or_else(|_| String::new(), |number| number.masked());
    let rows = vec![
        SummaryRow::new(chrome.t("person-name"), &person.name),
        SummaryRow::new(chrome.t("person-id-number"), masked),
    ];
    SummaryList::new(chrome.locale, rows)
}

pub(super) async fn submit_for(
    door: Door,
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
) -> Answer {
    door.allows(&sent.user)?;
    let (actor, typed) = (&sent.user.actor, &sent.form);
    let item = items::find(get(typed, "item")).ok_or_else(Failure::not_found)?;
    let id: PersonId = get(typed, "person")
        .parse()
        .map_err(|_| Failure::not_found())?;
    let person = behalf::person(app, actor, id).await?;
    let submission = Submission {
        item: item.slug.to_owned(),
        answers: controls::answers(item, typed, door.takes_originals()),
        token: get(typed, "token").to_owned(),
        channel: Channel::OnBehalf,
        draft: None,
        behalf: None,
        urgent: Some(get(typed, "urgent").to_owned()).filter(|urgent| !urgent.is_empty()),
    };
    let proof = door.proof(app, typed).ok().flatten();
    let (errors, conflict) = match behalf::file(app, actor, id, proof.as_ref(), submission).await {
        Ok(filed) => {
            door.filed(app, actor, typed).await?;
            return Ok(see_other(&door.after(filed.receipt_no())));
        }
        Err(Error::Invalid(errors)) => (errors, None),
        Err(Error::Conflict(conflict)) => (vec![], Some(conflict)),
        Err(error) => return Err(error.into()),
    };
    let conflict = conflict.as_ref();
    form(
        door,
        request,
        app,
        (item, &person),
        typed,
        &errors,
        conflict,
    )
    .await
}
