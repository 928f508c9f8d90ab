//! Progress without signing in (CAS-5): the form, and its answer with a time line. The last six characters of
//! the ID number travel in the body of a POST only, never in an address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use crate::domain::time::Ts;
use crate::usecases::progress::{self, Progress, WaitingFor};
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, Tag, TextField};
use crate::web::csrf::{self, PublicForm};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::{self, MaybeSignedIn, put};
use crate::web::urls;

/// What the address may fill in.
#[derive(Deserialize)]
pub struct Given {
    #[serde(default)]
    receipt_no: String,
}

/// What is typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    receipt_no: String,
    #[serde(default)]
    last_six: String,
}

#[derive(Template)]
#[template(path = "public/progress.html")]
struct AskPage {
    chrome: Chrome,
    form_token: String,
    errors: Option<ErrorSummary>,
    receipt_no: TextField,
    last_six: TextField,
}

#[derive(Template)]
#[template(path = "public/progress_found.html")]
struct FoundPage {
    chrome: Chrome,
    progress: Progress,
    now: Ts,
}

impl FoundPage {
    fn item(&self) -> Link {
        let words = self.chrome.t(&format!("item-{}", self.progress.item));
        Link::to(urls::item(&self.progress.item), words)
    }

    fn state(&self) -> Tag {
        Tag::state(self.chrome.locale, self.progress.state)
    }

    fn waiting(&self) -> String {
        let waiting = self.progress.waiting_for;
        self.chrome.t(&format!("progress-waiting-{waiting}"))
    }

    fn step(&self, step: &progress::Step) -> String {
        self.chrome.t(&format!("progress-step-{}", step.what))
    }

    /// Only the agency can be late: while others are waited for there is no due time.
    fn is_late(&self, due: &Ts) -> bool {
        self.progress.waiting_for == WaitingFor::Agency && self.now > *due
    }
}

/// `GET /progress`.
pub async fn ask(_: MaybeSignedIn, request: HttpRequest, given: web::Query<Given>) -> Answer {
    form(&request, &given.receipt_no, None, StatusCode::OK)
}

/// `POST /progress`.
pub async fn look_up(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    PublicForm(typed): PublicForm<Typed>,
) -> Answer {
    let address = session::address(&request);
    match progress::look_up(&app, &typed.receipt_no, &typed.last_six, address).await {
        Ok(progress) => {
            let mut chrome = frame(&request, "progress-title");
            chrome.breadcrumbs.push(Link::to(
                urls::progress_of(&progress.receipt_no),
                chrome.t("nav-progress"),
            ));
            let now = app.clock.now();
            Ok(page(
                StatusCode::OK,
                &FoundPage {
                    chrome,
                    progress,
                    now,
                },
            ))
        }
        Err(Error::NotFound) => form(
            &request,
            &typed.receipt_no,
            Some(("progress-not-found", 0)),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(Error::TooMany { seconds }) => form(
            &request,
            &typed.receipt_no,
            Some(("progress-too-many", seconds.div_ceil(60))),
            StatusCode::TOO_MANY_REQUESTS,
        ),
        Err(error) => Err(error.into()),
    }
}

fn form(
    request: &HttpRequest,
    receipt_no: &str,
    fault: Option<(&str, u64)>,
    status: StatusCode,
) -> Answer {
    let mut chrome = frame(request, "progress-title");
    let message = fault.map(|(key, minutes)| chrome.t1(key, "minutes", minutes));
    chrome.faulty = message.is_some();
    let (form_token, cookie) = csrf::public_token(request)?;
    let receipt_no: String = receipt_no.chars().take(64).collect();
    let content = AskPage {
        form_token,
        errors: ErrorSummary::of(
            chrome.locale,
            message.iter().map(|words| ("receipt_no", words.as_str())),
        ),
        receipt_no: TextField::new(chrome.locale, "receipt_no", chrome.t("progress-receipt-no"))
            .kind(InputKind::IdNumber)
            .hint(chrome.t("progress-receipt-no-hint"))
            .error(message)
            .value(receipt_no),
        last_six: TextField::new(chrome.locale, "last_six", chrome.t("progress-last-six"))
            .kind(InputKind::Short)
            .hint(chrome.t("progress-last-six-hint")),
        chrome,
    };
    let mut answer: HttpResponse = page(status, &content);
    put(&mut answer, cookie)?;
    Ok(answer)
}
