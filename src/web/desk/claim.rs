//! The claim of a case as it is reviewed (RB-6): its lines with what is asked and allowed, the form for one of them, what the papers
//! say, what comes of it with every step, what is stored, what would come of it elsewhere. Nothing is decided here.

mod forms;
mod parts;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use self::forms::{AdjustForm, Papers, TypedLine, TypedPapers, WhatIfForm};
use self::parts::{Outcome, Row, Stored, facts, outcome, rows, stored};
use super::actions::Button;
use super::case::read_number;
use super::{READERS, frame};
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Action;
use crate::usecases::error::Conflict;
use crate::usecases::settling::reading::{self, Review, WhatIf};
use crate::usecases::settling::{is_claim, reviewing};
use crate::usecases::viewing::Full;
use crate::usecases::{App, Error};
use crate::web::components::{Banner, BannerKind, ErrorSummary, SummaryList};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{desk as to_desk, settlement as to};

#[derive(Template)]
#[template(path = "desk/claim.html")]
struct ClaimPage {
    chrome: Chrome,
    back: String,
    receipt_no: String,
    version: u32,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    facts: SummaryList,
    rows: Vec<Row>,
    adjust: Option<AdjustForm>,
    papers: Option<Papers>,
    preview: Outcome,
    stored: Vec<Stored>,
    what_if: WhatIfForm,
    elsewhere: Option<Outcome>,
}

/// What the page was opened with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Opened {
    /// The line whose form is shown.
    #[serde(default)]
    line: String,
    #[serde(default)]
    pool: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    done: String,
}

/// The way here from the case; not in the outline of a relative's case, which holds no answers (CAS-10).
pub(super) fn button(chrome: &Chrome, full: &Full) -> Option<Button> {
    let shown = is_claim(full.summary.item) && full.answers.iter().next().is_some();
    shown.then(|| Button {
        url: to::claim(&full.summary.listed.case.receipt_no),
        text: chrome.t("settling-open"),
        key: "m",
        main: false,
        form: None,
    })
}

/// What a form brought back.
#[derive(Default)]
struct View {
    opened: Opened,
    line: Option<TypedLine>,
    papers: Option<TypedPapers>,
    errors: Vec<FieldError>,
    conflict: bool,
}

/// `GET /desk/cases/{receipt_no}/claim`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let view = View {
        opened: opened.into_inner(),
        ..View::default()
    };
    render(&user, &request, &app, &read_number(&number)?, view).await
}

/// `POST /desk/cases/{receipt_no}/claim/lines/{line}`.
pub async fn adjust(
    sent: Sent<TypedLine>,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    sent.user.actor.require(READERS)?;
    let receipt_no = read_number(&path.0)?;
    let line: u32 = path.1.parse().map_err(|_| Failure::not_found())?;
    let actor = &sent.user.actor;
    let done = match sent.form.said(line) {
        Ok((version, said)) => reviewing::adjust(&app, actor, &receipt_no, version, said).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    let url = to::claim(receipt_no.as_str());
    let view = View {
        opened: Opened {
            line: line.to_string(),
            ..Opened::default()
        },
        line: Some(sent.form),
        ..View::default()
    };
    match answered(done, view)? {
        // The next line that nothing is said of yet is asked for at once.
        None => Ok(see_other(&to::next_line(&url, line))),
        Some(view) => render(&sent.user, &request, &app, &receipt_no, view).await,
    }
}

/// `POST /desk/cases/{receipt_no}/claim/correct`.
pub async fn amend(
    sent: Sent<TypedPapers>,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    sent.user.actor.require(READERS)?;
    let receipt_no = read_number(&number)?;
    let (actor, said) = (&sent.user.actor, sent.form.said());
    let done = match sent.form.version() {
        Some(version) => reviewing::amend(&app, actor, &receipt_no, version, said).await,
        None => return Err(Failure::not_found()),
    };
    let view = View {
        papers: Some(sent.form),
        ..View::default()
    };
    match answered(done, view)? {
        None => Ok(see_other(&to::claim_done(receipt_no.as_str(), "amended"))),
        Some(view) => render(&sent.user, &request, &app, &receipt_no, view).await,
    }
}

/// What a form comes back with; nothing when it was taken.
fn answered(done: Result<(), Error>, view: View) -> Result<Option<View>, Failure> {
    match done {
        Ok(()) => Ok(None),
        Err(Error::Invalid(errors)) => Ok(Some(View { errors, ..view })),
        Err(Error::Conflict(
            Conflict::Stale { .. } | Conflict::State { .. } | Conflict::Held { .. },
        )) => Ok(Some(View {
            conflict: true,
            ..view
        })),
        Err(error) => Err(error.into()),
    }
}

async fn render(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    receipt_no: &ReceiptNo,
    view: View,
) -> Answer {
    let review = reading::review(app, &user.actor, receipt_no).await?;
    let mut chrome = frame(request, user, "settling-title");
    chrome.title = chrome.t1("settling-of", "receipt", receipt_no.as_str());
    let form = WhatIfForm::new(app, &chrome, &view.opened);
    let elsewhere = match form.asked() {
        Some(asked) => Some(what_if(app, user, &chrome, (receipt_no, &review), asked).await?),
        None => None,
    };
    let status = match (view.errors.is_empty(), view.conflict) {
        (true, false) => StatusCode::OK,
        (false, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (true, true) => StatusCode::CONFLICT,
    };
    chrome.faulty = status != StatusCode::OK;
    let content = content(app, chrome, &review, (view, form, elsewhere));
    Ok(page(status, &content))
}

/// What would come of it elsewhere, beside what is stored.
async fn what_if(
    app: &App,
    user: &SignedIn,
    chrome: &Chrome,
    (receipt_no, review): (&ReceiptNo, &Review),
    asked: WhatIf,
) -> Result<Outcome, Failure> {
    let computed = match reading::what_if(app, &user.actor, receipt_no, asked).await {
        Ok(settlement) => Ok(settlement),
        Err(Error::Invalid(faults)) => Err(faults),
        Err(error) => return Err(error.into()),
    };
    let beside = review.versions.last().map(|one| &one.stored.settlement);
    Ok(outcome(chrome, "elsewhere", &computed, beside))
}

fn content(
    app: &App,
    chrome: Chrome,
    review: &Review,
    (view, what_if, elsewhere): (View, WhatIfForm, Option<Outcome>),
) -> ClaimPage {
    let case = &review.summary.listed.case;
    let open = |action| review.summary.actions.contains(&action);
    let said: Vec<(String, String)> = view
        .errors
        .iter()
        .map(|error| (at_field(&error.field), field_message(chrome.locale, error)))
        .collect();
    let before = review.versions.last().map(|one| &one.stored.settlement);
    ClaimPage {
        back: to_desk::case(&case.receipt_no, ""),
        receipt_no: case.receipt_no.clone(),
        version: case.version,
        banner: banner(&chrome, &view),
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter().map(|(at, words)| (at.as_str(), words.as_str())),
        ),
        facts: facts(app, &chrome, review),
        rows: rows(&chrome, review, open(Action::Adjust)),
        adjust: open(Action::Adjust)
            .then(|| {
                AdjustForm::new(
                    &chrome,
                    review,
                    &view.opened.line,
                    view.line.as_ref(),
                    &said,
                )
            })
            .flatten(),
        papers: open(Action::Amend)
            .then(|| Papers::new(&chrome, review, view.papers.as_ref(), &said)),
        preview: outcome(&chrome, "preview", &review.preview, before),
        stored: stored(&chrome, review),
        what_if,
        elsewhere,
        chrome,
    }
}

/// The field of the page in which a fault is shown: faults of single cells stand at the text they came in.
fn at_field(field: &str) -> String {
    match field.split('.').next() {
        Some(rows @ ("lines" | "invoices")) => rows.to_owned(),
        _ => field.to_owned(),
    }
}

fn banner(chrome: &Chrome, view: &View) -> Option<Banner> {
    if view.conflict {
        let words = chrome.t("settling-moved-on");
        return Some(Banner::new(chrome.locale, BannerKind::Important, words));
    }
    let key = match view.opened.done.as_str() {
        "adjusted" => "settling-done-adjusted",
        "amended" => "settling-done-amended",
        _ => return None,
    };
    Some(Banner::new(
        chrome.locale,
        BannerKind::Success,
        chrome.t(key),
    ))
}
