//! Whom it is for, then the item's whole form on one page: the person is on the phone, or beside whoever types.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde_json::{Map, Value};

use super::controls;
use crate::clock::Clock;
use crate::domain::actor::Role;
use crate::domain::case::Channel;
use crate::domain::form::{FieldError, Kind, Prefill};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::PersonId;
use crate::domain::item::ServiceItem;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::items;
use crate::store::registry::Person;
use crate::usecases::behalf::{self, Call, Whom};
use crate::usecases::error::Conflict;
use crate::usecases::filing::Submission;
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{Checks, Choice, ErrorSummary, Opt, SummaryList, SummaryRow};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// What was typed, by field.
pub(super) type Typed = BTreeMap<String, String>;

/// Fields that go from the first page to the second, beside the item's own.
const CARRIED: &[&str] = &["item", "person", "number", "result", "at", "token"];

/// Through which door somebody came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// A handler, for a caller.
    Desk,
    /// A relative or community worker.
    Behalf,
}

impl Door {
    fn allows(self, user: &SignedIn) -> Result<(), Failure> {
        let roles: &[Role] = match self {
            Self::Desk => &[Role::Handler],
            Self::Behalf => &[Role::Resident, Role::Proxy],
        };
        Ok(user.actor.require(roles)?)
    }

    fn action(self) -> String {
        match self {
            Self::Desk => urls::desk::file(),
            Self::Behalf => urls::behalf(),
        }
    }

    fn submit(self) -> String {
        match self {
            Self::Desk => urls::desk::file_submit(),
            Self::Behalf => urls::behalf_submit(),
        }
    }
}

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

fn said(locale: Locale, errors: &[FieldError]) -> Vec<(String, String)> {
    errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect()
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

async fn whom(
    door: Door,
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    door.allows(user)?;
    let mut chrome = session::frame(request, "behalf-title");
    chrome.faulty = !errors.is_empty();
    let said = said(chrome.locale, errors);
    let mut fields = vec![controls::item(&chrome, typed, &said)];
    let mut nobody = false;
    match door {
        Door::Desk => fields.extend(controls::caller(&chrome, app, typed, &said)),
        Door::Behalf => {
            let known = behalf::principals(app, &user.actor).await?;
            nobody = known.is_empty();
            let options = known
                .into_iter()
                .map(|(id, name)| Opt::new(id.to_string(), name).chosen_if(get(typed, "person")));
            let choice = Choice::new(
                chrome.locale,
                "person",
                chrome.t("behalf-person"),
                options.collect(),
            );
            fields.push(Control::Choice(choice.error(fault(&said, "for"))));
        }
    }
    let content = WhomPage {
        errors: summary(chrome.locale, &said),
        action: door.action(),
        lead: chrome.t(match door {
            Door::Desk => "behalf-lead-desk",
            Door::Behalf => "behalf-lead",
        }),
        fields,
        nobody,
        chrome,
    };
    Ok(page(status(errors), &content))
}

/// The call back as it was typed; a time of day is today's.
fn call(app: &App, typed: &Typed) -> Result<Call, FieldError> {
    let time = chrono::NaiveTime::parse_from_str(get(typed, "at"), "%H:%M");
    let time = time.map_err(|_| FieldError::new("call_back.at", "time-malformed"))?;
    Ok(Call {
        number: get(typed, "number").to_owned(),
        result: get(typed, "result").to_owned(),
        at: Some(Ts::from_beijing(app.clock.now().day(), time)),
    })
}

async fn open_for(door: Door, request: &HttpRequest, app: &App, sent: &Sent<Typed>) -> Answer {
    door.allows(&sent.user)?;
    let (user, typed) = (&sent.user, &sent.form);
    let found = begin(door, app, user, typed).await;
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

async fn begin(
    door: Door,
    app: &App,
    user: &SignedIn,
    typed: &Typed,
) -> Result<(&'static ServiceItem, Person), Error> {
    let item = items::find(get(typed, "item"))
        .ok_or_else(|| Error::Invalid(vec![FieldError::new("item", "item-unknown")]))?;
    if door == Door::Behalf {
        let id = get(typed, "person").parse().map_err(|_| nobody())?;
        let person = behalf::person(app, &user.actor, id).await?;
        return Ok((item, person));
    }
    let call = call(app, typed).map_err(|error| Error::Invalid(vec![error]))?;
    behalf::check_call(&call, app.clock.now())?;
    let whom = match get(typed, "id_number") {
        "" => Whom::NameAndLastSix(
            get(typed, "name").to_owned(),
            get(typed, "last_six").to_owned(),
        ),
        number => Whom::IdNumber(number.to_owned()),
    };
    Ok((item, behalf::find(app, &user.actor, whom).await?))
}

fn nobody() -> Error {
    Error::Invalid(vec![FieldError::new("for", "not-entrusted")])
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
        controls: controls::controls(&chrome, app, item, &registrations, typed, &said),
        pledges: controls::pledges(&chrome, item, typed, &said),
        chrome,
    };
    let status = match conflict {
        Some(_) => StatusCode::CONFLICT,
        None => status(errors),
    };
    Ok(page(status, &content))
}

fn known(chrome: &Chrome, person: &Person) -> SummaryList {
    let masked = IdNumber::from_stored(&person.id_number)
        .map_or_else(|_| String::new(), |number| number.masked());
    let rows = vec![
        SummaryRow::new(chrome.t("person-name"), &person.name),
        SummaryRow::new(chrome.t("person-id-number"), masked),
    ];
    SummaryList::new(chrome.locale, rows)
}

async fn submit_for(door: Door, request: &HttpRequest, app: &App, sent: &Sent<Typed>) -> Answer {
    door.allows(&sent.user)?;
    let (actor, typed) = (&sent.user.actor, &sent.form);
    let item = items::find(get(typed, "item")).ok_or_else(Failure::not_found)?;
    let id: PersonId = get(typed, "person")
        .parse()
        .map_err(|_| Failure::not_found())?;
    let person = behalf::person(app, actor, id).await?;
    let submission = Submission {
        item: item.slug.to_owned(),
        answers: answers(item, typed),
        token: get(typed, "token").to_owned(),
        channel: Channel::OnBehalf,
        draft: None,
        behalf: None,
        urgent: Some(get(typed, "urgent").to_owned()).filter(|urgent| !urgent.is_empty()),
    };
    let call = call(app, typed).ok().filter(|_| door == Door::Desk);
    let (errors, conflict) = match behalf::file(app, actor, id, call.as_ref(), submission).await {
        Ok(filed) => return Ok(see_other(&after(door, filed.receipt_no()))),
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

fn after(door: Door, receipt_no: &str) -> String {
    match door {
        Door::Desk => urls::desk::filed(receipt_no),
        Door::Behalf => urls::resident::receipt(receipt_no),
    }
}

fn answers(item: &ServiceItem, typed: &Typed) -> Map<String, Value> {
    item.form
        .fields
        .iter()
        .filter_map(|field| match field.kind {
            Kind::Pledge => {
                let pledged = get(typed, field.name) == "yes";
                Some((field.name.to_owned(), pledged.into()))
            }
            _ => Some((
                field.name.to_owned(),
                typed.get(field.name)?.as_str().into(),
            )),
        })
        .collect()
}
