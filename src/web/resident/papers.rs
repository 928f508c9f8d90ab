//! Papers: the page of a filing that takes them, uploads to drafts and cases, downloads. An upload is read part by
//! part and given up as soon as it is too large.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::Days;
use futures_util::TryStreamExt;

use super::steps::{self, Page};
use super::{Nothing, draft_id, frame, in_words, only_applicants, only_residents, receipt_no};
use crate::domain::form::FieldError;
use crate::domain::ids::{CaseId, MaterialId};
use crate::domain::time::Day;
use crate::usecases::drafting::{self, Opened};
use crate::usecases::papers::{self, Download, Target, Upload};
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::{Checks, ErrorSummary, FileField, Steps};
use crate::web::csrf::{self, Sent};
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::{encode, resident as to};

/// Parts of an upload's form at most.
const MOST_PARTS: usize = 12;
/// Bytes of one field beside the file.
const FIELD_LIMIT: usize = 2_000;

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
        let found = said.iter().find(|(at, _)| at == field);
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
    .error(fault("file"));
    let health = item.materials.iter().any(|m| m.name == name && m.health);
    let consent = health.then(|| {
        Checks::pledge(
            chrome.locale,
            "consent",
            chrome.t("consent-title"),
            chrome.t("consent-text"),
            "",
        )
        .error(fault("consent"))
    });
    let policy = app.office.policies.on(pool, app.clock.now().day());
    Wanted {
        name: name.to_owned(),
        hint: chrome.t(&format!("material-{name}-hint")),
        title,
        here,
        file,
        consent,
        consent_version: policy.consent_text_version().value.clone(),
    }
}

/// Until when a paper may follow, were the draft submitted today (CAS-4).
pub fn promised_day(app: &App, opened: &Opened) -> Day {
    let today = app.clock.now().day();
    let policy = app.office.policies.on(opened.draft.pool, today);
    today + Days::new(u64::from(policy.obligation_term().value.0))
}

/// An upload's form, read to its end.
#[derive(Default)]
struct Parts {
    csrf: String,
    material: String,
    consent: String,
    consent_version: String,
    file_name: String,
    bytes: Vec<u8>,
}

/// An upload's form with its token, for whatever the file is added to.
///
/// # Errors
/// What is too large, unreadable or without the session's token.
pub(in crate::web) async fn read(
    user: &SignedIn,
    app: &App,
    mut body: Multipart,
) -> Result<Upload, Failure> {
    let mut parts = Parts::default();
    let mut count = 0;
    while let Some(mut part) = body.try_next().await.map_err(cut)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = name == "file";
        if is_file {
            // The token stands before the file: nothing large is read for strangers.
            csrf::check(user, &parts.csrf)?;
            let disposition = part.content_disposition();
            let file_name = disposition.and_then(|d| d.get_filename());
            parts.file_name = file_name.unwrap_or_default().to_owned();
        }
        // One byte more than allowed is enough to know that it is too large.
        let most = if is_file {
            app.files.limits.bytes + 1
        } else {
            FIELD_LIMIT
        };
        let bytes = first_bytes(&mut part, most).await?;
        if is_file {
            parts.bytes = bytes;
            continue;
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Failure::Request(StatusCode::BAD_REQUEST, "bad-request"))?;
        match name.as_str() {
            csrf::FIELD => parts.csrf = text,
            "material" => parts.material = text,
            "consent" => parts.consent = text,
            "consent_version" => parts.consent_version = text,
            _ => {}
        }
    }
    csrf::check(user, &parts.csrf)?;
    Ok(Upload {
        material: parts.material,
        file_name: parts.file_name,
        bytes: parts.bytes,
        consent: (parts.consent == "yes").then_some(parts.consent_version),
    })
}

/// The first `most` bytes of a part.
pub(in crate::web) async fn first_bytes(part: &mut Field, most: usize) -> Result<Vec<u8>, Failure> {
    let (mut bytes, mut seen): (Vec<u8>, usize) = (vec![], 0);
    while let Some(chunk) = part.try_next().await.map_err(cut)? {
        // What is a little too large is read on, so that the browser gets to show the page that says so.
        seen = seen.saturating_add(chunk.len());
        if seen > most.saturating_mul(2) {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let room = most - bytes.len();
        bytes.extend(chunk.iter().take(room));
    }
    Ok(bytes)
}

pub(in crate::web) fn cut(_: MultipartError) -> Failure {
    Failure::Request(StatusCode::BAD_REQUEST, "unreadable-body")
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
    match papers::upload(&app, &user.actor, Target::Draft(id), upload).await {
        Ok(_) => Ok(see_other(&to::draft_papers(id))),
        Err(Error::Invalid(errors)) => {
            let opened = drafting::open(&app, &user.actor, id).await?;
            Ok(show(&request, &app, &opened, &errors))
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
    match papers::upload(&app, &user.actor, Target::Case(receipt_no.clone()), upload).await {
        Ok(_) => Ok(see_other(
            &super::case::place_of(&app, &user, &receipt_no).await?,
        )),
        Err(Error::Invalid(errors)) => {
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
