//! The page between password and session, for accounts with a second factor. Who gets here has shown half of what is
//! needed: nothing of the account is shown, and too many wrong codes lead back to the password.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::usecases::accounts::second_factor;
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, TextField};
use crate::web::csrf::{self, PublicForm};
use crate::web::errors::{ErrorPage, Problem};
use crate::web::login::{Next, wait_words, welcome};
use crate::web::page::{Chrome, Link, page};
use crate::web::passing::Passing;
use crate::web::problem::Answer;
use crate::web::session::{self, MaybeSignedIn, http, put};
use crate::web::urls;

/// The page that asks for the code.
#[derive(Template)]
#[template(path = "accounts/login_code.html")]
struct CodePage {
    chrome: Chrome,
    form_token: String,
    next: String,
    errors: Option<ErrorSummary>,
    code: TextField,
    recovery: TextField,
}

/// What is typed there: one of the two.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery_code: String,
    #[serde(default)]
    next: String,
}

/// `GET /login/code`.
pub async fn ask(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Next>,
) -> Answer {
    let token = Passing::Code.kept(&request);
    match second_factor::is_pending(&app, &token).await? {
        true => again(&request, &query.next, None, StatusCode::OK),
        false => over(&request, &query.next),
    }
}

/// `POST /login/code`: a right code begins the session.
pub async fn enter(
    visitor: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    PublicForm(form): PublicForm<CodeForm>,
) -> Answer {
    let token = Passing::Code.kept(&request);
    let typed = match form.recovery_code.trim() {
        "" => &form.code,
        recovery => recovery,
    };
    let caller = session::caller(&request);
    let locale = session::frame(&request, "second-factor-code").locale;
    match second_factor::finish(&app, &token, typed, caller).await {
        Ok(entry) => welcome(visitor, &request, &app, &form.next, entry).await,
        Err(Error::NotSignedIn) => over(&request, &form.next),
        Err(Error::BadCredentials) => {
            let words = crate::data::texts::text(locale, "error-code-wrong");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(&request, &form.next, Some(&words), status)
        }
        Err(Error::TooMany { seconds }) => {
            let words = wait_words(locale, seconds);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = again(&request, &form.next, Some(&words), status)?;
            let wait = header::HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn again(request: &HttpRequest, next: &str, fault: Option<&str>, status: StatusCode) -> Answer {
    let mut chrome = session::frame(request, "second-factor-code");
    chrome.faulty = fault.is_some();
    let locale = chrome.locale;
    let (form_token, cookie) = csrf::public_token(request)?;
    let content = CodePage {
        form_token,
        next: urls::local_or_home(next),
        errors: ErrorSummary::of(locale, fault.map(|words| ("code", words))),
        code: TextField::new(locale, "code", chrome.t("second-factor-code-label"))
            .hint(chrome.t("second-factor-code-hint"))
            .kind(InputKind::OneTimeCode)
            .error(fault.map(str::to_owned)),
        recovery: TextField::new(locale, "recovery_code", chrome.t("recovery-code-label"))
            .hint(chrome.t("recovery-code-hint"))
            .kind(InputKind::Username),
        chrome,
    };
    let mut response = page(status, &content);
    put(&mut response, cookie)?;
    Ok(response)
}

/// There is no sign-in that waits for a code, or no more: the password is asked for anew.
fn over(request: &HttpRequest, next: &str) -> Answer {
    let problem = Problem::Conflict;
    let mut content = ErrorPage::new(session::frame(request, problem.key()), problem);
    content.chrome.title = content.chrome.t("second-factor-over");
    content.explanation = content.chrome.t("second-factor-over-why");
    content.what_to_do = content.chrome.t("second-factor-over-do");
    content.way_back = Link::to(
        urls::sign_in(&urls::local_or_home(next)),
        content.chrome.t("sign-in"),
    );
    let mut response = page(problem.status(), &content);
    put(&mut response, Passing::Code.no_cookie(http(request)?))?;
    Ok(response)
}
