//! The answer to a supplement request (CLK-6): each missing thing with its reason, papers and corrected answers,
//! sent in one step.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Map;

use super::answers::Reader;
use super::case::own;
use super::papers::{Wanted, wanted};
use super::question::Asked;
use super::{frame, in_words, only_applicants, receipt_no, steps};
use crate::domain::case::State;
use crate::domain::event::{Change, Missing, Target};
use crate::domain::form::FieldError;
use crate::domain::time::Ts;
use crate::usecases::error::Conflict;
use crate::usecases::viewing::Full;
use crate::usecases::{App, Error, supplementing};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::forms::Field as Control;
use crate::web::components::{Banner, ErrorSummary};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

type Typed = Vec<(String, String)>;

/// A paper that was asked for: why, and its upload.
struct Paper {
    reason: String,
    wanted: Wanted,
}

/// An answer that was asked for: why, and its question.
struct Question {
    reason: String,
    control: Control,
}

/// What is missing.
#[derive(Template)]
#[template(path = "resident/supplement.html")]
struct SupplementPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    conflict: Option<Banner>,
    receipt_no: String,
    version: u32,
    action: String,
    papers: Vec<Paper>,
    questions: Vec<Question>,
}

/// A missing thing in one line, with its reason.
pub fn line(chrome: &Chrome, slug: &str, missing: &Missing) -> String {
    let name = match &missing.target {
        Target::Material(material) => chrome.t(&format!("material-{material}")),
        Target::Field(field) => steps::short_label(chrome.locale, slug, field),
    };
    chrome.t2(
        "missing-line",
        ("name", name),
        ("reason", missing.reason.as_str()),
    )
}

/// `GET /my/cases/{receipt_no}/supplement`.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let full = own(&app, &user, &receipt_no(&number)?).await?;
    let case = &full.summary.listed.case;
    if case.state != State::SupplementRequested {
        return Ok(see_other(&to::case(&case.receipt_no)));
    }
    Ok(show(&request, &app, &full, &[], &[], None))
}

/// `POST /my/cases/{receipt_no}/supplement`.
pub async fn send(
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    only_applicants(&sent.user)?;
    let number = receipt_no(&number)?;
    let (user, typed) = (&sent.user, sent.form);
    let version = typed.iter().find(|(name, _)| name == "version");
    let version = version
        .and_then(|(_, version)| version.parse().ok())
        .unwrap_or_default();
    let full = own(&app, user, &number).await?;
    let asked = fields(&full);
    let changed: Map<_, _> = typed
        .iter()
        .filter(|(name, _)| asked.contains(name))
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    let outcome = supplementing::supplement(&app, &user.actor, &number, version, changed).await;
    match outcome {
        Ok(_) => Ok(see_other(&to::case(number.as_str()))),
        Err(Error::Invalid(errors)) => Ok(show(&request, &app, &full, &errors, &typed, None)),
        Err(Error::Conflict(conflict))
            if full.summary.listed.case.state == State::SupplementRequested =>
        {
            Ok(show(&request, &app, &full, &[], &typed, Some(&conflict)))
        }
        Err(error) => Err(error.into()),
    }
}

fn fields(full: &Full) -> Vec<String> {
    full.missing
        .iter()
        .filter_map(|missing| match &missing.target {
            Target::Field(field) => Some(field.clone()),
            Target::Material(_) => None,
        })
        .collect()
}

fn show(
    request: &HttpRequest,
    app: &App,
    full: &Full,
    errors: &[FieldError],
    typed: &[(String, String)],
    conflict: Option<&Conflict>,
) -> HttpResponse {
    let case = &full.summary.listed.case;
    let mut chrome = frame(request, "supplement-title");
    chrome.breadcrumbs.push(Link::to(
        to::case(&case.receipt_no),
        case.receipt_no.clone(),
    ));
    chrome.faulty = !errors.is_empty();
    let said = in_words(chrome.locale, errors);
    let reader = Reader {
        locale: chrome.locale,
        slug: full.summary.item.slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let content = SupplementPage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter()
                .map(|(name, words)| (name.as_str(), words.as_str())),
        ),
        conflict: conflict.map(|conflict| super::check::in_the_way(&chrome, &reader, conflict)),
        receipt_no: case.receipt_no.clone(),
        version: case.version,
        action: to::case_papers(&case.receipt_no),
        papers: papers(&chrome, app, full, &said),
        questions: questions(&chrome, full, &reader, &said, typed),
        chrome,
    };
    let status = match (errors, conflict) {
        ([], None) => StatusCode::OK,
        (_, Some(_)) => StatusCode::CONFLICT,
        (_, None) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

/// When the request was made: papers that came since are the answer to it.
fn asked_at(full: &Full) -> Option<Ts> {
    let asked = full.entries.iter().rev();
    let mut asked = asked.filter(|entry| matches!(entry.event.change, Change::Asked { .. }));
    asked.next().map(|entry| entry.event.at)
}

fn papers(chrome: &Chrome, app: &App, full: &Full, said: &[(String, String)]) -> Vec<Paper> {
    let case = &full.summary.listed.case;
    let since = asked_at(full);
    let named = full
        .missing
        .iter()
        .filter_map(|missing| match &missing.target {
            Target::Material(material) => Some((material, &missing.reason)),
            Target::Field(_) => None,
        });
    named
        .map(|(material, reason)| {
            let here = full
                .materials
                .iter()
                .filter(|paper| paper.name == *material)
                .filter(|paper| since.is_none_or(|since| paper.uploaded_at >= since))
                .map(|paper| {
                    let view = to::case_paper(&case.receipt_no, paper.id);
                    (paper.file_name.clone(), view, None)
                });
            let here = here.collect();
            Paper {
                reason: reason.clone(),
                wanted: wanted(
                    chrome,
                    app,
                    case.pool,
                    material,
                    here,
                    said,
                    full.summary.item,
                ),
            }
        })
        .collect()
}

fn questions(
    chrome: &Chrome,
    full: &Full,
    reader: &Reader<'_>,
    said: &[(String, String)],
    typed: &[(String, String)],
) -> Vec<Question> {
    let slug = full.summary.item.slug;
    let named = full
        .missing
        .iter()
        .filter_map(|missing| match &missing.target {
            Target::Field(field) => Some((full.summary.item.form.field(field)?, &missing.reason)),
            Target::Material(_) => None,
        });
    named
        .map(|(field, reason)| {
            let kept = typed.iter().find(|(name, _)| name == field.name);
            let stored = full.answers.text(field.name).unwrap_or_default();
            let error = said.iter().find(|(name, _)| name == field.name);
            let asked = Asked {
                locale: chrome.locale,
                slug,
                label: chrome.t(&format!("field-{slug}-{}-question", field.name)),
                error: error.map(|(_, words)| words.clone()),
                given: kept.map_or(stored, |(_, value)| value.as_str()),
                heading: false,
            };
            Question {
                reason: reason.clone(),
                control: asked.control(field, reader),
            }
        })
        .collect()
}
