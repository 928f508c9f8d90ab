//! Pages of the own second factor: setting it up, recovery codes. Secret and codes are shown to their owner only, the
//! codes once. Nothing here checks a code.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::data::texts::text;
use crate::documents::qr;
use crate::domain::locale::Locale;
use crate::usecases::accounts::second_factor::{self, Codes};
use crate::usecases::accounts::totp;
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, SummaryList, SummaryRow, TextField};
use crate::web::csrf::{Nothing, Sent};
use crate::web::login::wait_words;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// How the login stands, and what can be done next.
#[derive(Template)]
#[template(path = "accounts/second_factor.html")]
struct FactorPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    /// Nothing else is open before it is set up.
    wanted: bool,
    part: Part,
    code: TextField,
}

/// What the page shows.
enum Part {
    /// Nothing is set up yet.
    Begin,
    /// The phone is to learn the secret.
    Teach {
        qr: Option<String>,
        secret: String,
        facts: SummaryList,
    },
    /// It is set up.
    Stands { facts: SummaryList },
}

/// The recovery codes, this once.
#[derive(Template)]
#[template(path = "accounts/recovery_codes.html")]
struct CodesPage {
    chrome: Chrome,
    username: String,
    codes: Codes,
}

/// A code that is typed.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

/// `GET /account/second-factor`.
pub async fn show(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    again(&user, &request, &app, None, StatusCode::OK).await
}

/// `POST /account/second-factor/begin`: makes a secret and shows it.
pub async fn begin(app: web::Data<App>, sent: Sent<Nothing>) -> Answer {
    second_factor::enrol(&app, &sent.user).await?;
    Ok(see_other(&urls::accounts::second_factor()))
}

/// `POST /account/second-factor/confirm`: the first code makes it count; shows the recovery codes.
pub async fn confirm(request: HttpRequest, app: web::Data<App>, sent: Sent<CodeForm>) -> Answer {
    let (user, address) = (&sent.user, session::address(&request));
    let outcome = second_factor::confirm(&app, user, &sent.form.code, address).await;
    // Sent once more from another window, or with the back button.
    if let Err(Error::NotFound) = outcome {
        return Ok(see_other(&urls::accounts::second_factor()));
    }
    told(user, &request, &app, outcome).await
}

/// `POST /account/second-factor/recovery-codes`: makes new ones and shows them.
pub async fn renew_codes(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<CodeForm>,
) -> Answer {
    let (user, address) = (&sent.user, session::address(&request));
    let outcome = second_factor::renew_codes(&app, user, &sent.form.code, address).await;
    if let Err(Error::NotFound) = outcome {
        return Ok(see_other(&urls::accounts::second_factor()));
    }
    told(user, &request, &app, outcome).await
}

async fn told(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    outcome: Result<Codes, Error>,
) -> Answer {
    let locale = session::frame(request, "second-factor").locale;
    match outcome {
        Ok(codes) => Ok(once(user, request, codes)),
        Err(Error::BadCredentials) => {
            let words = text(locale, "error-code-wrong");
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(user, request, app, Some(&words), status).await
        }
        Err(Error::TooMany { seconds }) => {
            let words = wait_words(locale, seconds);
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = again(user, request, app, Some(&words), status).await?;
            let wait = header::HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.here = urls::accounts::second_factor();
    chrome.breadcrumbs = vec![
        Link::to(urls::home(), chrome.t("home")),
        Link::to(urls::account(), chrome.t("account-title")),
    ];
    chrome
}

fn once(user: &SignedIn, request: &HttpRequest, codes: Codes) -> HttpResponse {
    let content = CodesPage {
        chrome: frame(request, "recovery-codes"),
        username: user.username.clone(),
        codes,
    };
    page(StatusCode::OK, &content)
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    fault: Option<&str>,
    status: StatusCode,
) -> Answer {
    let secret = second_factor::secret_to_confirm(app, user).await?;
    let standing = second_factor::standing(app, user).await?;
    let mut chrome = frame(request, "second-factor");
    chrome.faulty = fault.is_some();
    let locale = chrome.locale;
    let part = match (standing.since, secret) {
        (Some(since), _) => Part::Stands {
            facts: SummaryList::new(
                locale,
                vec![
                    SummaryRow::new(chrome.t("second-factor-since"), chrome.moment(&since)),
                    SummaryRow::new(
                        chrome.t("recovery-codes-left"),
                        standing.codes_left.to_string(),
                    ),
                ],
            ),
        },
        (None, Some(secret)) => teach(&chrome, user, &secret),
        (None, None) => Part::Begin,
    };
    let content = FactorPage {
        errors: ErrorSummary::of(locale, fault.map(|words| ("code", words))),
        wanted: crate::usecases::accounts::must_enrol(app, user),
        part,
        code: TextField::new(locale, "code", chrome.t("second-factor-code-label"))
            .hint(chrome.t("second-factor-code-hint"))
            .kind(InputKind::OneTimeCode)
            .error(fault.map(str::to_owned)),
        chrome,
    };
    Ok(page(status, &content))
}

fn teach(chrome: &Chrome, user: &SignedIn, secret: &[u8]) -> Part {
    let letters = totp::base32(secret);
    // The same in both languages, so that a phone keeps one entry.
    let issuer = urls::encode(&text(Locale::Zh, "service-name"));
    let name = urls::encode(&user.username);
    let address = format!(
        "otpauth://totp/{issuer}:{name}?secret={letters}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    );
    let groups: Vec<String> = letters
        .chars()
        .collect::<Vec<char>>()
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    Part::Teach {
        qr: qr::svg(&address),
        secret: groups.join(" "),
        facts: SummaryList::new(
            chrome.locale,
            vec![
                SummaryRow::new(chrome.t("account-username"), user.username.as_str()),
                SummaryRow::new(
                    chrome.t("second-factor-kind"),
                    chrome.t("second-factor-kind-value"),
                ),
            ],
        ),
    }
}
