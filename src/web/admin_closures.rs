//! Closures of areas and times of an epidemic, as administrators enter, end and withdraw them (XR-8, DEF-6). What was
//! entered is never deleted.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use crate::domain::closure::{self, Kind};
use crate::domain::form::{FieldError, read_day};
use crate::domain::time::Day;
use crate::store::closures::Entered;
use crate::usecases::closing::{self, Seen};
use crate::usecases::{App, Error};
use crate::web::components::{Banner, BannerKind, Choice, ErrorSummary, InputKind, Opt, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, Width, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::public::closures::{Row, row};
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// One of the list, with what can be done to it.
struct Listed {
    row: Row,
    kind: String,
    id: String,
    version: i32,
    /// Why it was withdrawn; nothing can be done to it any more.
    withdrawn: Option<String>,
    end: TextField,
    end_notice: TextField,
    reason: TextField,
}

#[derive(Template)]
#[template(path = "admin/closures.html")]
struct ClosuresPage {
    chrome: Chrome,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    rows: Vec<Listed>,
    kind: Choice,
    fields: Vec<TextField>,
}

/// What was typed in any of the forms.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    id: String,
    version: i32,
    kind: String,
    area: String,
    from: String,
    to: String,
    notice: String,
    reason: String,
}

/// What was done before the page is shown again.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/closures`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Done>,
) -> Answer {
    let done = match query.done.as_str() {
        "entered" => Some("closures-entered"),
        "ended" => Some("closures-ended"),
        "withdrawn" => Some("closures-withdrawn"),
        _ => None,
    };
    again(&user, &request, &app, &Typed::default(), &[], done).await
}

/// `POST /admin/closures`: enters one.
pub async fn enter(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(closing::KEEPERS)?;
    let form = &sent.form;
    let outcome = match (day("from", &form.from), day("to", &form.to)) {
        (Ok(from), Ok(to)) => {
            let typed = closure::Typed {
                kind: form.kind.clone(),
                area: form.area.clone(),
                from,
                to,
                notice: form.notice.clone(),
            };
            closing::enter(&app, &sent.user.actor, &typed).await
        }
        (from, to) => Err(Error::Invalid(
            [from.err(), to.err()].into_iter().flatten().collect(),
        )),
    };
    settled(&request, &app, &sent, outcome, "entered").await
}

/// `POST /admin/closures/end`: sets the last day.
pub async fn end(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(closing::KEEPERS)?;
    let form = &sent.form;
    let outcome = match day("to", &form.to) {
        Ok(last) => closing::end(&app, &sent.user.actor, seen(form)?, last, &form.notice).await,
        Err(error) => Err(Error::Invalid(vec![error])),
    };
    settled(&request, &app, &sent, outcome, "ended").await
}

/// `POST /admin/closures/withdraw`.
pub async fn withdraw(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(closing::KEEPERS)?;
    let outcome =
        closing::withdraw(&app, &sent.user.actor, seen(&sent.form)?, &sent.form.reason).await;
    settled(&request, &app, &sent, outcome, "withdrawn").await
}

fn seen(form: &Typed) -> Result<Seen, Failure> {
    let id = form.id.parse().map_err(|_| Failure::not_found())?;
    Ok(Seen {
        id,
        version: form.version,
    })
}

fn day(field: &str, typed: &str) -> Result<Option<Day>, FieldError> {
    match typed.trim() {
        "" => Ok(None),
        typed => read_day(typed)
            .map(Some)
            .ok_or_else(|| FieldError::new(field, "day-impossible")),
    }
}

async fn settled(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    outcome: Result<Entered, Error>,
    done: &str,
) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&urls::closures::admin_done(done))),
        Err(Error::Invalid(errors)) => {
            again(&sent.user, request, app, &sent.form, &errors, None).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
    done: Option<&str>,
) -> Answer {
    let own = closing::own(app, &user.actor).await?;
    let mut chrome = session::frame(request, "closures-admin");
    chrome.width = Width::Desk;
    chrome.faulty = !errors.is_empty();
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (name(&typed.id, &error.field), field_message(locale, error)))
        .collect();
    let today = app.clock.now().day();
    let rows = own
        .iter()
        .map(|one| listed(&chrome, app, today, one, typed, &said));
    let content = ClosuresPage {
        banner: done.map(|key| Banner::new(locale, BannerKind::Success, chrome.t(key))),
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        rows: rows.collect(),
        kind: kinds(&chrome, typed, &said),
        fields: fields(&chrome, typed, &said),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// The name of a field on the page: those of an entry's own forms carry its identifier.
fn name(id: &str, field: &str) -> String {
    match id {
        "" => field.to_owned(),
        id => format!("{field}-{id}"),
    }
}

fn fault(said: &[(String, String)], name: &str) -> Option<String> {
    let found = said.iter().find(|(field, _)| field == name);
    found.map(|(_, words)| words.clone())
}

fn listed(
    chrome: &Chrome,
    app: &App,
    today: Day,
    one: &Entered,
    typed: &Typed,
    said: &[(String, String)],
) -> Listed {
    let id = one.closure.id.to_string();
    let mine = typed.id == id;
    let field = |field: &str, label: &str, value: &str| {
        TextField::new(chrome.locale, field, chrome.t(label))
            .told_apart(name(&id, field))
            .value(if mine { value } else { "" })
            .error(fault(said, &name(&id, field)))
    };
    Listed {
        row: row(chrome, app, today, one),
        kind: chrome.t(&format!("closure-kind-{}", one.closure.kind)),
        version: one.version,
        withdrawn: one.withdrawn.clone(),
        end: field("to", "closures-last-day", &typed.to).kind(InputKind::Date),
        end_notice: field("notice", "closures-end-notice", &typed.notice),
        reason: field("reason", "closures-reason", &typed.reason),
        id,
    }
}

fn kinds(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Choice {
    let options = Kind::iter().map(|kind| {
        Opt::new(kind.as_str(), chrome.t(&format!("closure-kind-{kind}")))
            .hint(chrome.t(&format!("closure-kind-{kind}-hint")))
            .chosen_if(&typed.kind)
    });
    Choice::new(
        chrome.locale,
        "kind",
        chrome.t("closures-kind"),
        options.collect(),
    )
    .error(fault(said, "kind"))
}

fn fields(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> Vec<TextField> {
    let new = typed.id.is_empty();
    let field = |name: &str, label: &str, value: &str| {
        TextField::new(chrome.locale, name, chrome.t(label))
            .value(if new { value } else { "" })
            .error(fault(said, name))
    };
    vec![
        field("area", "closures-area", &typed.area).hint(chrome.t("closures-area-hint")),
        field("from", "closures-first-day", &typed.from).kind(InputKind::Date),
        field("to", "closures-last-day", &typed.to)
            .kind(InputKind::Date)
            .optional(),
        field("notice", "closures-notice", &typed.notice).hint(chrome.t("closures-notice-hint")),
    ]
}
