//! The form of an entry (annex 3), for a new one and for a correction with its reason. What ID number and registry know
//! may be left empty.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::words::{self, Said};
use super::{frame, patient_id};
use crate::domain::actor::Role;
use crate::domain::patient::Scheme;
use crate::domain::patient::entry::Raw;
use crate::store::patients::Entered;
use crate::usecases::App;
use crate::usecases::ledger::{self, Outcome, changing, reading};
use crate::web::components::{
    Area, Choice, ErrorSummary, Field, InputKind, Opt, Select, TextField,
};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::Answer;
use crate::web::resident::question::regions;
use crate::web::session::SignedIn;
use crate::web::urls::institution as to;

/// What is typed there.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    id_number: String,
    #[serde(default)]
    sex: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    admitted_on: String,
    #[serde(default)]
    discharged_on: String,
    #[serde(default)]
    scheme: String,
    #[serde(default)]
    place_of_insurance: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    reason: String,
}

impl Typed {
    fn raw(&self) -> Raw {
        Raw {
            name: self.name.clone(),
            id_number: self.id_number.clone(),
            sex: self.sex.clone(),
            age: self.age.clone(),
            status: self.status.clone(),
            admitted_on: self.admitted_on.clone(),
            discharged_on: self.discharged_on.clone(),
            scheme: self.scheme.clone(),
            place_of_insurance: self.place_of_insurance.clone(),
        }
    }

    /// What is there now; the ID number stays unless another is typed.
    fn of(entered: &Entered) -> Self {
        let patient = &entered.patient;
        let day = |day: Option<crate::domain::time::Day>| day.map(|day| day.to_string());
        Self {
            name: patient.name.clone(),
            admitted_on: patient.admitted_on.to_string(),
            discharged_on: day(patient.discharged_on).unwrap_or_default(),
            scheme: patient
                .scheme
                .map(|scheme| scheme.as_str().to_owned())
                .unwrap_or_default(),
            place_of_insurance: patient.insured_at.clone(),
            version: patient.version,
            ..Self::default()
        }
    }
}

#[derive(Template)]
#[template(path = "institution/entry.html")]
struct EntryPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    lead: String,
    action: String,
    back: String,
    /// The version that is corrected; none of a new entry.
    version: Option<u32>,
    fields: Vec<Field>,
    submit: String,
}

/// The fields of a form and what is said of them.
struct Form<'a> {
    app: &'a App,
    chrome: &'a Chrome,
    typed: &'a Typed,
    said: &'a Said,
}

impl Form<'_> {
    fn label(&self, field: &str) -> String {
        let key = field.replace('_', "-");
        self.chrome.t(&format!("patient-field-{key}"))
    }

    fn text(&self, field: &str, kind: InputKind, value: &str) -> TextField {
        TextField::new(self.chrome.locale, field, self.label(field))
            .kind(kind)
            .value(value)
            .error(self.said.at(field))
    }

    fn name(&self) -> Field {
        Field::Text(self.text("name", InputKind::Text, &self.typed.name))
    }

    fn number(&self, hint: &str) -> TextField {
        self.text("id_number", InputKind::IdNumber, &self.typed.id_number)
            .hint(self.chrome.t(hint))
    }

    fn days(&self) -> [Field; 2] {
        [
            Field::Text(self.text("admitted_on", InputKind::Date, &self.typed.admitted_on)),
            Field::Text(
                self.text("discharged_on", InputKind::Date, &self.typed.discharged_on)
                    .optional(),
            ),
        ]
    }

    fn insurance(&self) -> [Field; 2] {
        let (chrome, typed) = (self.chrome, self.typed);
        let schemes = Scheme::iter().map(|scheme| {
            let words = chrome.t(&format!("scheme-{scheme}"));
            Opt::new(scheme.as_str(), words).chosen_if(&typed.scheme)
        });
        let groups = regions(
            chrome.locale,
            &self.app.office.regions,
            &typed.place_of_insurance,
        );
        [
            Field::Select(
                Select::flat(
                    chrome.locale,
                    "scheme",
                    self.label("scheme"),
                    schemes.collect(),
                )
                .optional()
                .error(self.said.at("scheme")),
            ),
            Field::Select(
                Select::new(
                    chrome.locale,
                    "place_of_insurance",
                    self.label("place_of_insurance"),
                    groups,
                )
                .hint(chrome.t("patient-place-hint"))
                .error(self.said.at("place_of_insurance")),
            ),
        ]
    }

    /// The columns of a new entry.
    fn of_new(&self) -> Vec<Field> {
        let chrome = self.chrome;
        let sexes = ["female", "male"]
            .map(|sex| Opt::new(sex, chrome.t(&format!("sex-{sex}"))).chosen_if(&self.typed.sex));
        let mut fields = vec![
            self.name(),
            Field::Text(self.number("patient-id-number-hint")),
            Field::Select(
                Select::flat(chrome.locale, "sex", self.label("sex"), sexes.to_vec())
                    .optional()
                    .error(self.said.at("sex")),
            ),
            Field::Text(
                self.text("age", InputKind::Number, &self.typed.age)
                    .optional()
                    .hint(chrome.t("patient-age-hint")),
            ),
            Field::Choice(
                Choice::new(
                    chrome.locale,
                    "status",
                    self.label("status"),
                    words::statuses(chrome, &self.typed.status),
                )
                .error(self.said.at("status")),
            ),
        ];
        fields.extend(self.days());
        fields.extend(self.insurance());
        fields
    }

    /// What can be corrected, and why.
    fn correction(&self, masked: &str) -> Vec<Field> {
        let chrome = self.chrome;
        let number = self
            .number("")
            .hint(chrome.t1("patient-id-number-keep", "number", masked));
        let mut fields = vec![self.name(), Field::Text(number.optional())];
        fields.extend(self.days());
        fields.extend(self.insurance());
        fields.push(Field::Area(
            Area::new(chrome.locale, "reason", chrome.t("patient-correct-reason"))
                .rows(3)
                .max(500)
                .value(&self.typed.reason)
                .error(self.said.at("reason")),
        ));
        fields
    }
}

/// `GET /institution/patients/new`.
pub async fn form(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    Ok(shown(
        &request,
        &app,
        &Typed::default(),
        &Said::nothing(),
        StatusCode::OK,
    ))
}

fn shown(
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    said: &Said,
    status: StatusCode,
) -> actix_web::HttpResponse {
    let mut chrome = frame(request, Role::InstitutionClerk, "patient-new-title");
    chrome.faulty = !said.is_empty();
    let form = Form {
        app,
        chrome: &chrome,
        typed,
        said,
    };
    let content = EntryPage {
        errors: said.summary(chrome.locale),
        lead: chrome.t("patient-new-lead"),
        action: to::new(),
        back: to::patients(&[]),
        version: None,
        fields: form.of_new(),
        submit: chrome.t("patient-new-submit"),
        chrome,
    };
    page(status, &content)
}

/// `POST /institution/patients/new`.
pub async fn enter(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(ledger::WRITERS)?;
    let error = match ledger::enter(&app, actor, &sent.form.raw()).await {
        Ok((outcome, entered)) => {
            let done = match outcome {
                Outcome::New => "entered",
                Outcome::Changed => "changed",
                Outcome::Same => "same",
            };
            return Ok(see_other(&to::patient(entered.patient.id, done)));
        }
        Err(error) => error,
    };
    let chrome = frame(&request, actor.role, "patient-new-title");
    let status = super::acting::status_of(&error);
    let said = Said::of(&chrome, error)?;
    Ok(shown(&request, &app, &sent.form, &said, status))
}

/// `GET /institution/patients/{patient}/correct`.
pub async fn correction(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let whole = reading::whole(&app, &user.actor, patient_id(&id)?).await?;
    let typed = Typed::of(&whole.entered);
    let said = Said::nothing();
    Ok(corrected(
        &request,
        &app,
        &whole.entered,
        (&typed, &said),
        StatusCode::OK,
    ))
}

fn corrected(
    request: &HttpRequest,
    app: &App,
    entered: &Entered,
    (typed, said): (&Typed, &Said),
    status: StatusCode,
) -> actix_web::HttpResponse {
    let mut chrome = frame(request, Role::InstitutionClerk, "patient-correct-title");
    chrome.faulty = !said.is_empty();
    let form = Form {
        app,
        chrome: &chrome,
        typed,
        said,
    };
    let id = entered.patient.id;
    let content = EntryPage {
        errors: said.summary(chrome.locale),
        lead: chrome.t("patient-correct-lead"),
        action: to::correct(id),
        back: to::patient(id, ""),
        // The version that was seen, also when the form comes back.
        version: Some(typed.version),
        fields: form.correction(&entered.id_number.masked()),
        submit: chrome.t("patient-correct-submit"),
        chrome,
    };
    page(status, &content)
}

/// `POST /institution/patients/{patient}/correct`.
pub async fn correct(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    let actor = &sent.user.actor;
    actor.require(ledger::WRITERS)?;
    let id = patient_id(&id)?;
    let (typed, seen) = (&sent.form, (id, sent.form.version));
    let outcome = changing::correct(&app, actor, seen, &typed.raw(), typed.reason.clone()).await;
    let error = match outcome {
        Ok(_) => return Ok(see_other(&to::patient(id, "corrected"))),
        Err(error) => error,
    };
    let chrome = frame(&request, actor.role, "patient-correct-title");
    let status = super::acting::status_of(&error);
    let said = Said::of(&chrome, error)?;
    let whole = reading::whole(&app, actor, id).await?;
    Ok(corrected(
        &request,
        &app,
        &whole.entered,
        (typed, &said),
        status,
    ))
}
