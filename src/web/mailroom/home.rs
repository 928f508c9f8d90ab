//! The mailroom's first page: one field for the scanner, and the parcels with which something is left to do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use super::list::{Row, rows};
use crate::domain::form::FieldError;
use crate::store::parcels::Filter;
use crate::usecases::mailing::registering::{self, Scanned};
use crate::usecases::mailing::{CLERKS, reading};
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::mailroom as to;

/// Parcels on the first page.
const SHOWN: u16 = 20;

#[derive(Template)]
#[template(path = "mailroom/home.html")]
struct HomePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    code: TextField,
    rows: Vec<Row>,
    more: Link,
}

/// What was scanned or typed.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    code: String,
}

/// `GET /mailroom`.
pub async fn home(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(CLERKS)?;
    show(&user, &request, &app, &Typed::default(), &[]).await
}

/// `POST /mailroom/scan`: to the parcel, or to the form with what is known of it.
pub async fn scan(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(CLERKS)?;
    match registering::scan(&app, &sent.user.actor, &sent.form.code).await {
        Ok(Scanned::Parcel(id)) => Ok(see_other(&to::parcel(id, ""))),
        Ok(Scanned::New {
            courier,
            tracking,
            cases,
        }) => {
            let cases = cases.join(" ");
            Ok(see_other(&to::register(&[
                ("courier", courier.map_or("", |courier| courier.as_str())),
                ("tracking", &tracking),
                ("cases", &cases),
            ])))
        }
        Err(Error::Invalid(errors)) => show(&sent.user, &request, &app, &sent.form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn show(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let open = reading::page(app, &user.actor, Filter::Open, None, SHOWN).await?;
    let mut chrome = frame(request, user, "mailroom-title");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said = errors.first().map(|error| field_message(locale, error));
    let code = TextField::new(locale, "code", chrome.t("mailroom-code"))
        .hint(chrome.t("mailroom-code-hint"))
        .kind(InputKind::IdNumber)
        .value(&typed.code)
        .error(said.clone());
    let content = HomePage {
        errors: ErrorSummary::of(locale, said.iter().map(|words| ("code", words.as_str()))),
        code,
        rows: rows(&chrome, &open.entries),
        more: Link::to(
            to::parcels(&[("which", "open")]),
            chrome.t("mailroom-nav-open"),
        ),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}
