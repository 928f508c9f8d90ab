//! One entry on one screen: what is known, what can be done, how far the registration is and what that means, costs kept
//! apart, history. The agency of the place of treatment sees the same without anything to do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::acting::Typed;
use super::words::{self, Said};
use super::{STAFF, frame, patient_id};
use crate::domain::actor::Role;
use crate::domain::money::Fen;
use crate::domain::patient::cost::{self, Cost, CostKind};
use crate::domain::patient::course::{self, Step};
use crate::domain::patient::{Patient, Progress};
use crate::usecases::App;
use crate::usecases::ledger::reading::{self, Whole};
use crate::web::components::{
    Banner, BannerKind, Choice, Entry, ErrorSummary, InputKind, Opt, Select, SummaryList,
    SummaryRow, Tag, TextField, Timeline,
};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::{SignedIn, role_key};
use crate::web::urls;
use crate::web::urls::institution as to;

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    done: String,
}

struct CostRow {
    day: String,
    kind: String,
    amount: String,
    note: String,
    who: String,
    /// Where it can be taken back.
    back: Option<String>,
    /// It was taken back, or takes back another.
    mark: Option<String>,
}

/// What a clerk can do.
struct Forms {
    version: u32,
    status: Option<(String, Choice, TextField)>,
    discharge: Option<(String, TextField)>,
    cost: (String, Vec<TextField>, Select),
    correct: String,
}

#[derive(Template)]
#[template(path = "institution/patient.html")]
struct PatientPage {
    chrome: Chrome,
    back: String,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    status: Tag,
    data: SummaryList,
    progress: Tag,
    meaning: Vec<String>,
    /// Where the reader registers them by one press (XR-3).
    register: Option<String>,
    forms: Option<Forms>,
    costs: Vec<CostRow>,
    sum: String,
    history: Timeline,
}

/// `GET /institution/patients/{patient}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(STAFF)?;
    let whole = reading::whole(&app, &user.actor, patient_id(&id)?).await?;
    let mut chrome = frame(&request, user.actor.role, "patient-title");
    let banner = done(&chrome, &opened.done);
    chrome.title = whole.entered.patient.name.clone();
    let shown = Shown {
        app: &app,
        whole: &whole,
        typed: &Typed::default(),
        said: Said::nothing(),
    };
    let writes = user.actor.role == Role::InstitutionClerk;
    Ok(shown.page(chrome, banner, to::patients(&[]), writes, StatusCode::OK))
}

/// Says what was done.
fn done(chrome: &Chrome, what: &str) -> Option<Banner> {
    const DONE: [&str; 8] = [
        "entered",
        "changed",
        "same",
        "status",
        "discharged",
        "cost",
        "corrected",
        "registered",
    ];
    DONE.contains(&what).then(|| {
        let words = chrome.t(&format!("patient-done-{what}"));
        Banner::new(chrome.locale, BannerKind::Success, words)
    })
}

/// The page once more, with what is wrong in a form of it.
pub(super) fn again(
    request: &HttpRequest,
    app: &App,
    whole: &Whole,
    (typed, said): (&Typed, Said),
    status: StatusCode,
) -> HttpResponse {
    let mut chrome = frame(request, Role::InstitutionClerk, "patient-title");
    chrome.title = whole.entered.patient.name.clone();
    chrome.faulty = true;
    let shown = Shown {
        app,
        whole,
        typed,
        said,
    };
    shown.page(chrome, None, to::patients(&[]), true, status)
}

/// The page as the agency reads it.
pub fn for_desk(mut chrome: Chrome, app: &App, whole: &Whole) -> HttpResponse {
    chrome.title = whole.entered.patient.name.clone();
    let shown = Shown {
        app,
        whole,
        typed: &Typed::default(),
        said: Said::nothing(),
    };
    shown.page(chrome, None, to::desk_patients(&[]), false, StatusCode::OK)
}

/// Where a patient whom the registry knows is registered by one press: by the clerk, at the desk by a handler (XR-3).
fn register(chrome: &Chrome, patient: &Patient, writes: bool) -> Option<String> {
    let waits = match patient.progress {
        Progress::Open | Progress::Asked | Progress::Recorded => patient.status.is_covid(),
        Progress::NotNeeded | Progress::Registered => false,
    };
    let user = chrome.user.as_ref().filter(|_| waits)?;
    patient.person?;
    let id = patient.id.to_string();
    match writes {
        true => Some(urls::register_at_institution(&id)),
        false => (user.role == role_key(Role::Handler)).then(|| urls::register_at_desk(&id)),
    }
}

struct Shown<'a> {
    app: &'a App,
    whole: &'a Whole,
    typed: &'a Typed,
    said: Said,
}

impl Shown<'_> {
    fn page(
        self,
        chrome: Chrome,
        banner: Option<Banner>,
        back: String,
        writes: bool,
        status: StatusCode,
    ) -> HttpResponse {
        let patient = &self.whole.entered.patient;
        let all: Vec<Cost> = self
            .whole
            .costs
            .iter()
            .map(|one| one.cost.clone())
            .collect();
        let sum = cost::sum(&all).map(Fen::fen).unwrap_or(i64::MAX);
        let content = PatientPage {
            back,
            banner,
            errors: self.said.summary(chrome.locale),
            status: words::status_tag(&chrome, patient.status),
            data: self.data(&chrome),
            progress: words::progress_tag(&chrome, patient.progress),
            meaning: meaning(&chrome, patient),
            register: register(&chrome, patient, writes),
            forms: writes.then(|| self.forms(&chrome)),
            costs: self.costs(&chrome, &all, writes),
            sum: chrome.money(&sum),
            history: self.history(&chrome),
            chrome,
        };
        page(status, &content)
    }

    fn data(&self, chrome: &Chrome) -> SummaryList {
        let (entered, locale) = (&self.whole.entered, chrome.locale);
        let patient = &entered.patient;
        let row = |field: &str, value: String| {
            SummaryRow::new(chrome.t(&format!("patient-field-{field}")), value)
        };
        let from_registry = |row: SummaryRow| match patient.person {
            Some(_) => row.note(chrome.t("patient-in-registry")),
            None => row,
        };
        let discharged = patient
            .discharged_on
            .map_or_else(|| chrome.t("patient-presence-here"), |day| chrome.day(&day));
        let by = self.whole.names.get(&entered.by).cloned();
        let entered_words = chrome.t2(
            "patient-entered-words",
            ("who", by.unwrap_or_default()),
            ("at", chrome.moment(&entered.at)),
        );
        let rows = vec![
            from_registry(row("id-number", entered.id_number.masked())),
            row("sex-and-age", words::sex_and_age(chrome, patient)),
            row("institution", self.whole.institution.1.clone()),
            row("admitted-on", chrome.day(&patient.admitted_on)),
            row("discharged-on", discharged),
            row("scheme", words::scheme(chrome, patient.scheme)),
            row(
                "place-of-insurance",
                words::place(self.app, locale, &patient.insured_at),
            ),
            row("entered", entered_words),
        ];
        SummaryList::new(locale, rows)
    }

    fn forms(&self, chrome: &Chrome) -> Forms {
        let patient = &self.whole.entered.patient;
        let id = patient.id;
        let field = |name: &str, kind: InputKind, value: &str| {
            let label = chrome.t(&format!("patient-field-{}", name.replace('_', "-")));
            TextField::new(chrome.locale, name, label)
                .kind(kind)
                .value(value)
                .error(self.said.at(name))
        };
        let typed = self.typed;
        let discharge = patient.discharged_on.is_none().then(|| {
            let day = field("discharged_on", InputKind::Date, &typed.discharged_on);
            (to::discharge(id), day)
        });
        let kinds = CostKind::iter().map(|kind| {
            let words = chrome.t(&format!("cost-kind-{kind}"));
            Opt::new(kind.as_str(), words).chosen_if(&typed.kind)
        });
        let kind = Select::flat(
            chrome.locale,
            "kind",
            chrome.t("patient-field-kind"),
            kinds.collect(),
        );
        let texts = vec![
            field("incurred_on", InputKind::Date, &typed.incurred_on),
            field("amount", InputKind::Money, &typed.amount).hint(chrome.t("cost-amount-hint")),
            field("note", InputKind::Text, &typed.note).optional(),
        ];
        Forms {
            version: patient.version,
            status: self.status(chrome, patient),
            discharge,
            cost: (to::costs(id), texts, kind.error(self.said.at("kind"))),
            correct: to::correct(id),
        }
    }

    /// The conditions that may follow; what corrects something says so.
    fn status(&self, chrome: &Chrome, patient: &Patient) -> Option<(String, Choice, TextField)> {
        let options: Vec<Opt> = course::steps(patient)
            .map(|(next, step)| {
                let words = chrome.t(&format!("patient-status-{next}"));
                let option = Opt::new(next.as_str(), words).chosen_if(&self.typed.status);
                match step {
                    Step::Free => option,
                    Step::WithReason => option.hint(chrome.t("patient-status-with-reason")),
                }
            })
            .collect();
        let choice = Choice::new(
            chrome.locale,
            "status",
            chrome.t("patient-status-next"),
            options,
        );
        let reason = TextField::new(chrome.locale, "reason", chrome.t("patient-field-reason"))
            .value(&self.typed.reason)
            .error(self.said.at("reason"));
        // Asked for unless every step corrects something.
        let reason = match course::steps(patient).any(|(_, step)| step == Step::Free) {
            true => reason.optional(),
            false => reason,
        };
        let choice = choice.error(self.said.at("status"));
        course::steps(patient)
            .next()
            .map(|_| (to::status(patient.id), choice, reason))
    }

    fn costs(&self, chrome: &Chrome, all: &[Cost], writes: bool) -> Vec<CostRow> {
        let patient = &self.whole.entered.patient;
        let rows = self.whole.costs.iter().map(|booked| {
            let cost = &booked.cost;
            let gone = all.iter().any(|other| other.reverses == Some(cost.id));
            let stands = !gone && cost.reverses.is_none();
            let mark = match (gone, cost.reverses) {
                (true, _) => Some(chrome.t("cost-was-taken-back")),
                (false, Some(_)) => Some(chrome.t("cost-takes-back")),
                (false, None) => None,
            };
            CostRow {
                day: chrome.day(&cost.incurred_on),
                kind: chrome.t(&format!("cost-kind-{}", cost.kind)),
                amount: chrome.money(&cost.amount.fen()),
                note: cost.note.clone(),
                who: self
                    .whole
                    .names
                    .get(&booked.by)
                    .cloned()
                    .unwrap_or_default(),
                back: (writes && stands).then(|| to::take_back(patient.id, cost.id)),
                mark,
            }
        });
        rows.collect()
    }

    fn history(&self, chrome: &Chrome) -> Timeline {
        let entries = self.whole.changes.iter().rev().map(|recorded| {
            let change = &recorded.change;
            let differences = change.differences.iter();
            let mut lines: Vec<String> = differences
                .map(|one| words::difference(self.app, chrome, one))
                .collect();
            if let Some(reason) = &change.reason {
                lines.push(chrome.t1("patient-change-reason", "reason", reason.as_str()));
            }
            let name = recorded.by.and_then(|by| self.whole.names.get(&by));
            Entry {
                at: recorded.at,
                what: chrome.t(&format!("patient-change-{}", change.kind)),
                who: name
                    .cloned()
                    .unwrap_or_else(|| chrome.t("patient-change-by-service")),
                lines,
            }
        });
        Timeline::new(chrome.locale, entries.collect())
    }
}

/// What the registration's state means for the patient, with its clause.
fn meaning(chrome: &Chrome, patient: &Patient) -> Vec<String> {
    let state = chrome.t(&format!("patient-registration-{}-why", patient.progress));
    match (patient.progress, patient.status.is_covid()) {
        (Progress::NotNeeded, _) => vec![state],
        (_, false) => vec![chrome.t("patient-registration-excluded-why")],
        (_, true) => vec![state, chrome.t("patient-registration-no-wait")],
    }
}
