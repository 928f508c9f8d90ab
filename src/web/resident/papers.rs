//! Papers: the page of a filing that takes them, uploads to drafts and cases, downloads.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::Days;

use super::steps::{self, Page};
use super::upload::read;
use super::{Nothing, draft_id, frame, in_words, only_applicants, only_residents, receipt_no};
use crate::domain::form::FieldError;
use crate::domain::ids::{CaseId, MaterialId};
use crate::domain::time::Day;
use crate::usecases::drafting::{self, Opened};
use crate::usecases::papers::{self, Download, Target};
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::{Checks, ErrorSummary, FileField, InputKind, Steps, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::{encode, resident as to};

/// One material to upload, in a draft or a case.
pub struct Wanted {
    /// Name of the item's material.
    pub name: String,
    /// In words.
    pub title: String,
    /// What paper it is.
    pub hint: String,
    /// The papers that are here: words, address, and where it is taken off.
    pub here: Vec<(String, String, Option<String>)>,
    /// The file.
    pub file: FileField,
    /// How many pages it has, where that is asked.
    pub pages: Option<TextField>,
    /// The consent that health data need (CAS-13).
    pub consent: Option<Checks>,
    /// Version of the consent's text.
    pub consent_version: String,
}

/// Papers of a draft.
#[derive(Template)]
#[template(path = "resident/papers.html")]
struct PapersPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    steps: Steps,
    back: String,
    next: String,
    action: String,
    wanted: Vec<Wanted>,
    later: Option<String>,
}

/// `GET /apply/draft/{id}/papers`.
pub async fn page_of_draft(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    only_residents(&user)?;
    let opened = drafting::open(&app, &user.actor, draft_id(&id)?).await?;
    Ok(show(&request, &app, &opened, &[]))
}

fn show(request: &HttpRequest, app: &App, opened: &Opened, errors: &[FieldError]) -> HttpResponse {
    let mut chrome = frame(request, "papers-title");
    chrome.faulty = !errors.is_empty();
    let said = in_words(chrome.locale, errors);
    let needed = opened.needed();
    let wanted = uploads(&chrome, app, opened, &said);
    let lacking = needed.values().any(Vec::is_empty);
    let later = lacking.then(|| {
        chrome.t1(
            "papers-later",
            "day",
            chrome.day(&promised_day(app, opened)),
        )
    });
    let back = steps::before(opened, Page::Papers).map(|before| before.url(opened));
    let content = PapersPage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter()
                .map(|(name, words)| (name.as_str(), words.as_str())),
        ),
        steps: steps::bar(opened, Page::Papers, chrome.locale),
        back: back.unwrap_or_else(|| to::apply(opened.item.slug)),
        next: to::check(opened.draft.id),
        action: to::draft_papers(opened.draft.id),
        wanted,
        later,
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

/// The materials of a draft, each with its papers and its upload.
fn uploads(chrome: &Chrome, app: &App, opened: &Opened, said: &[(String, String)]) -> Vec<Wanted> {
    let (id, pool) = (opened.draft.id, opened.draft.pool);
    opened
        .needed()
        .iter()
        .map(|(name, here)| {
            let here = here.iter().map(|paper| {
                let view = to::draft_paper(id, paper.id);
                let remove = to::remove_draft_paper(id, paper.id);
                (paper.file_name.clone(), view, Some(remove))
            });
            wanted(chrome, app, pool, name, here.collect(), said, opened.item)
        })
        .collect()
}

/// One material with its form's fields.
pub fn wanted(
    chrome: &Chrome,
    app: &App,
    pool: crate::domain::place::Pool,
    name: &str,
    here: Vec<(String, String, Option<String>)>,
    said: &[(String, String)],
    item: &crate::domain::item::ServiceItem,
) -> Wanted {
    let fault = |field: &str| {
        let own = told_apart(field, name);
        let found = said.iter().find(|(at, _)| *at == own);
        found.map(|(_, words)| words.clone())
    };
    let title = chrome.t(&format!("material-{name}"));
    let file = FileField::new(
        chrome.locale,
        "file",
        chrome.t1("paper-upload", "paper", title.as_str()),
    )
    .hint(chrome.t1(
        "paper-hint",
        "megabytes",
        app.files.limits.bytes / (1024 * 1024),
    ))
    .told_apart(told_apart("file", name))
    .error(fault("file"));
    let counted = item.materials.iter().any(|m| m.name == name && m.counted);
    let pages = counted.then(|| {
        TextField::new(chrome.locale, "pages", chrome.t("paper-pages"))
            .kind(InputKind::Number)
            .hint(chrome.t("paper-pages-hint"))
            .told_apart(told_apart("pages", name))
            .optional()
            .error(fault("pages"))
    });
    let health = item.materials.iter().any(|m| m.name == name && m.health);
    let consent = health.then(|| {
        Checks::pledge(
            chrome.locale,
            "consent",
            chrome.t("consent-title"),
            chrome.t("consent-text"),
            "",
        )
        .told_apart(told_apart("consent", name))
        .error(fault("consent"))
    });
    let policy = app.office.policies.on(pool, app.clock.now().day());
    Wanted {
        name: name.to_owned(),
        hint: chrome.t(&format!("material-{name}-hint")),
        title,
        here,
        file,
        pages,
        consent,
        consent_version: policy.consent_text_version().value.clone(),
    }
}

/// What a field of one material's form is called on a page with several of them.
fn told_apart(field: &str, material: &str) -> String {
    format!("{field}-{material}")
}

/// The faults of an upload, at the form of its own material.
fn of_material(errors: Vec<FieldError>, material: &str) -> Vec<FieldError> {
    let errors = errors.into_iter().map(|error| FieldError {
        field: told_apart(&error.field, material),
        ..error
    });
    errors.collect()
}

/// Until when a paper may follow, were the draft submitted today (CAS-4).
pub fn promised_day(app: &App, opened: &Opened) -> Day {
    let today = app.clock.now().day();
    let policy = app.office.policies.on(opened.draft.pool, today);
    today + Days::new(u64::from(policy.obligation_term().value.0))
}

/// `POST /apply/draft/{id}/papers`.
pub async fn add_to_draft(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Multipart,
) -> Answer {
    only_residents(&user)?;
    let id = draft_id(&id)?;
    let upload = read(&user, &app, body).await?;
    let material = upload.material.clone();
    match papers::upload(&app, &user.actor, Target::Draft(id), upload).await {
        Ok(_) => Ok(see_other(&to::draft_papers(id))),
        Err(Error::Invalid(errors)) => {
            let opened = drafting::open(&app, &user.actor, id).await?;
            Ok(show(
                &request,
                &app,
                &opened,
                &of_material(errors, &material),
            ))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /my/cases/{receipt_no}/papers`.
pub async fn add_to_case(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    body: Multipart,
) -> Answer {
    only_applicants(&user)?;
    let receipt_no = receipt_no(&number)?;
    let upload = read(&user, &app, body).await?;
    let material = upload.material.clone();
    match papers::upload(&app, &user.actor, Target::Case(receipt_no.clone()), upload).await {
        Ok(_) => Ok(see_other(
            &super::case::place_of(&app, &user, &receipt_no).await?,
        )),
        Err(Error::Invalid(errors)) => {
            let errors = of_material(errors, &material);
            super::case::again_with(&user, &request, &app, &receipt_no, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /apply/draft/{id}/papers/{paper}/remove`.
pub async fn remove(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    sent: Sent<Nothing>,
) -> Answer {
    only_residents(&sent.user)?;
    let id = draft_id(&path.0)?;
    papers::remove(&app, &sent.user.actor, id, paper_id(&path.1)?).await?;
    Ok(see_other(&to::draft_papers(id)))
}

/// `GET /apply/draft/{id}/papers/{paper}`.
pub async fn of_draft(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    only_residents(&user)?;
    let id: CaseId = draft_id(&path.0)?;
    let paper = papers::download_from_draft(&app, &user.actor, id, paper_id(&path.1)?).await?;
    Ok(attachment(paper))
}

/// `GET /my/cases/{receipt_no}/papers/{paper}`.
pub async fn of_case(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    only_applicants(&user)?;
    let number = receipt_no(&path.0)?;
    let paper = papers::download(&app, &user.actor, &number, paper_id(&path.1)?).await?;
    Ok(attachment(paper))
}

fn paper_id(text: &str) -> Result<MaterialId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A file is saved, never shown inside this site: what somebody uploaded may be anything.
pub fn attachment(paper: Download) -> HttpResponse {
    let name = format!("attachment; filename*=UTF-8''{}", encode(&paper.file_name));
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, paper.content_type))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(paper.bytes)
}
