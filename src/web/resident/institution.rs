//! The question where somebody was treated: designated institutions are sought by name or code and chosen from what was found;
//! one that is not among them is described in words at the next questions. Works without scripts.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::answers::Reader;
use super::question::{self, From, leads_to};
use super::steps::{self, Page};
use super::{frame, in_words};
use crate::domain::claim::Treating;
use crate::domain::form::{Field, FieldError};
use crate::domain::ids::CaseId;
use crate::store::registry::Institution;
use crate::usecases::drafting::{self, Opened};
use crate::usecases::{App, claiming};
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, ErrorSummary, Opt, Steps, TextField};
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// What is chosen when none of the institutions found is meant.
const NONE: &str = "none";

#[derive(Template)]
#[template(path = "resident/institution.html")]
struct InstitutionPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    steps: Steps,
    back: String,
    hint: String,
    action: String,
    sought: TextField,
    nothing: bool,
    choice: Choice,
}

/// What was sought and found.
#[derive(Default)]
struct Found {
    sought: String,
    institutions: Vec<Institution>,
    errors: Vec<FieldError>,
}

/// The question as it is asked.
pub fn ask(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    field: &'static Field,
    from: &From,
) -> HttpResponse {
    show(request, app, opened, field, from, &Found::default())
}

/// What was sent: words to seek by, or the one that was chosen.
pub async fn answer(
    request: &HttpRequest,
    app: &App,
    user: &SignedIn,
    (id, field): (CaseId, &'static Field),
    from: &From,
    typed: &[(String, String)],
) -> Answer {
    let get = |name: &str| {
        let found = typed.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    };
    let (sought, chosen) = (get("sought"), get(field.name));
    if get("do") == "go" && !chosen.is_empty() {
        let kept = match chosen {
            NONE => "",
            code => code,
        };
        let kept = vec![(field.name.to_owned(), kept.to_owned())];
        drafting::save(app, &user.actor, id, kept).await?;
        let opened = drafting::open(app, &user.actor, id).await?;
        let errors: Vec<FieldError> = (opened.findings.errors.iter())
            .filter(|error| error.field == field.name)
            .cloned()
            .collect();
        if errors.is_empty() {
            return Ok(see_other(&leads_to(&opened, field, from)));
        }
        let found = Found {
            errors,
            ..Found::default()
        };
        return Ok(show(request, app, &opened, field, from, &found));
    }
    let opened = drafting::open(app, &user.actor, id).await?;
    let mut found = Found {
        sought: sought.to_owned(),
        institutions: claiming::institutions(app, sought).await?,
        errors: vec![],
    };
    if get("do") == "go" || sought.is_empty() {
        found.errors = vec![FieldError::new(field.name, "institution-choose")];
    }
    Ok(show(request, app, &opened, field, from, &found))
}

fn show(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    field: &'static Field,
    from: &From,
    found: &Found,
) -> HttpResponse {
    let slug = opened.item.slug;
    let mut chrome = frame(request, &format!("field-{slug}-{}-question", field.name));
    chrome.faulty = !found.errors.is_empty();
    let said = in_words(chrome.locale, &found.errors);
    let pairs = said
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()));
    let error = said.first().map(|(_, words)| words.clone());
    let sought = TextField::new(chrome.locale, "sought", chrome.t("institution-sought"))
        .hint(chrome.t("institution-sought-hint"))
        .value(&found.sought);
    let content = InstitutionPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        steps: steps::bar(opened, Page::Question(field), chrome.locale),
        back: question::back(opened, field, from),
        hint: chrome.t(&format!("field-{slug}-{}-hint", field.name)),
        action: question::action(opened.draft.id, field, from),
        sought,
        nothing: !found.sought.is_empty() && found.institutions.is_empty(),
        choice: choice(&chrome, app, opened, field, &found.institutions).error(error),
        chrome,
    };
    let status = match found.errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

/// Those found, the one chosen before, and none of them.
fn choice(
    chrome: &Chrome,
    app: &App,
    opened: &Opened,
    field: &Field,
    found: &[Institution],
) -> Choice {
    let reader = Reader {
        locale: chrome.locale,
        slug: opened.item.slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let answers = &opened.draft.answers;
    let code = answers.text(field.name).unwrap_or_default();
    let mut options = vec![];
    let before = opened.institution.as_ref();
    if let Some(before) = before.filter(|_| found.iter().all(|one| one.code != code)) {
        options.push(Opt::new(code, words(&reader, before)).chosen_if(code));
    }
    options.extend(found.iter().map(|one| {
        let words = line(&reader, &one.name, one.level, &one.region.to_string());
        Opt::new(one.code.clone(), words).chosen_if(code)
    }));
    let left_open = match answers.has(field.name) && code.is_empty() {
        true => NONE,
        false => "",
    };
    options.push(Opt::new(NONE, chrome.t("institution-none")).chosen_if(left_open));
    Choice::new(
        chrome.locale,
        field.name,
        chrome.t("institution-choice"),
        options,
    )
}

/// An institution in one line: name, level, place.
pub fn words(reader: &Reader<'_>, treating: &Treating) -> String {
    line(
        reader,
        &treating.name,
        i32::from(treating.level),
        &treating.region,
    )
}

fn line(reader: &Reader<'_>, name: &str, level: i32, region: &str) -> String {
    let level = crate::data::texts::text(
        reader.locale,
        &format!("choice-reimbursement-institution_level-{level}"),
    );
    format!("{name} · {level} · {}", reader.region(region))
}
