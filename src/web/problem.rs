//! From what went wrong to an answer: a page for people, problem details (RFC 9457) for programs. Handlers return
//! [`Answer`]; [`render`] writes the words, because only there the request's language is known. Causes of faults
//! go to the log, never into an answer.

mod members;
mod statuses;

use std::fmt;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde_json::{Map, Value, json};

use crate::data::texts::{text, text_with};
use crate::domain::actor::NotAllowed;
use crate::domain::form::FieldError;
use crate::domain::locale::Locale;
use crate::domain::workflow::Guard;
use crate::store::StoreError;
use crate::usecases::Error;
use crate::usecases::error::{Conflict, PlatformRefusal};
use crate::web::errors::{ErrorPage, Problem};
use crate::web::page::{page, see_other};
use crate::web::preferences::{Preferences, accepted_locale};
use crate::web::{session, urls};

use members::more;
use statuses::{code_of_status, conflict_code, of_status};

/// What a handler gives back.
pub type Answer = Result<HttpResponse, Failure>;

/// Why there is no better answer.
#[derive(Debug)]
pub enum Failure {
    /// A use case said no.
    UseCase(Error),
    /// The form's token is missing, wrong or of another session; with what was written, to be kept.
    ExpiredForm(Option<String>),
    /// The form was sent from a page of somebody else.
    ForeignForm,
    /// Too many requests of one account or address; how long to wait.
    TooFast {
        /// Seconds.
        seconds: u64,
    },
    /// The request can't be understood: status and code.
    Request(StatusCode, &'static str),
}

impl Failure {
    /// There is nothing, or nothing for this reader: the same answer (404).
    pub fn not_found() -> Self {
        Self::UseCase(Error::NotFound)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::UseCase(error)
    }
}

impl From<NotAllowed> for Failure {
    fn from(error: NotAllowed) -> Self {
        Self::UseCase(error.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::UseCase(error.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().code)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.facts().status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// What is the same for people and programs.
struct Facts {
    status: StatusCode,
    problem: Problem,
    code: &'static str,
}

impl Failure {
    fn facts(&self) -> Facts {
        match self {
            Self::UseCase(error) => of_use_case(error),
            Self::ExpiredForm(_) | Self::ForeignForm => facts(Problem::ExpiredForm, "csrf"),
            Self::TooFast { .. } => facts(Problem::TooMany, "too-many-requests"),
            Self::Request(status, code) => Facts {
                status: *status,
                ..facts(of_status(*status), code)
            },
        }
    }
}

fn facts(problem: Problem, code: &'static str) -> Facts {
    Facts {
        status: problem.status(),
        problem,
        code,
    }
}

fn of_use_case(error: &Error) -> Facts {
    match error {
        Error::NotSignedIn => facts(Problem::SignIn, "not-signed-in"),
        Error::BadCredentials => facts(Problem::SignIn, "bad-credentials"),
        Error::SecondFactorWanted => facts(Problem::SignIn, "second-factor-required"),
        Error::EnrolmentWanted => facts(Problem::Forbidden, "second-factor-enrolment-required"),
        Error::Platform(PlatformRefusal::Down) => facts(Problem::Busy, "platform-down"),
        Error::Platform(_) => facts(Problem::Refused, "platform-refused"),
        Error::Forbidden => facts(Problem::Forbidden, "forbidden"),
        Error::NotFound | Error::NotTheirs => facts(Problem::NotFound, "not-found"),
        Error::Conflict(conflict) => facts(Problem::Conflict, conflict_code(conflict)),
        Error::Invalid(_) => facts(Problem::Refused, "invalid"),
        Error::Rule(_) => facts(Problem::Refused, "rule"),
        Error::TokenReused => facts(Problem::Refused, "idempotency-key-reused"),
        Error::TooMany { .. } => facts(Problem::TooMany, "too-many-attempts"),
        Error::Busy | Error::Store(StoreError::Busy | StoreError::Unavailable(_)) => {
            facts(Problem::Busy, "busy")
        }
        // A unique key that no use case has put into words: somebody did the same at the same moment.
        Error::Store(StoreError::NotUnique(_)) => facts(Problem::Conflict, "already-there"),
        Error::Store(StoreError::Corrupt(_) | StoreError::Query(_)) | Error::Fault(_) => {
            facts(Problem::Fault, "fault")
        }
    }
}

/// Whether programs ask here, not people.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// The outermost middleware but for logs: gives every failure its words.
///
/// # Errors
/// Those of services that could not even answer.
pub async fn render(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let failure = response
        .response()
        .error()
        .and_then(|error| error.as_error::<Failure>());
    let bare = matches!(
        response.response().body().size(),
        BodySize::None | BodySize::Sized(0)
    ) || response.response().error().is_some();
    let words = match failure {
        Some(failure) => answer(response.request(), failure),
        None if bare => answer(
            response.request(),
            &Failure::Request(status, code_of_status(status)),
        ),
        None => return Ok(response),
    };
    let (request, old) = response.into_parts();
    let mut words = words;
    // What the framework said beside the status, such as `Allow`.
    for name in [header::ALLOW] {
        if let Some(value) = old.headers().get(&name) {
            words.headers_mut().insert(name, value.clone());
        }
    }
    Ok(ServiceResponse::new(request, words))
}

fn answer(request: &HttpRequest, failure: &Failure) -> HttpResponse {
    let facts = failure.facts();
    if facts.status.is_server_error()
        && let Failure::UseCase(error) = failure
    {
        tracing::error!(%error, "a request failed");
    }
    if let Failure::UseCase(Error::NotTheirs) = failure {
        session::note_not_theirs(request);
    }
    if is_api(request.path()) {
        return details(request, failure, &facts);
    }
    match failure {
        Failure::UseCase(Error::NotSignedIn) => return to_sign_in(request),
        // Nothing else opens until it is set up.
        Failure::UseCase(Error::EnrolmentWanted) => {
            return see_other(&urls::accounts::second_factor());
        }
        _ => {}
    }
    let mut content = ErrorPage::new(session::frame(request, facts.problem.key()), facts.problem);
    if let Failure::ExpiredForm(kept) = failure {
        content.kept_text.clone_from(kept);
    }
    if let Failure::UseCase(Error::Rule(guard)) = failure {
        let locale = content.chrome.locale;
        content.explanation = detail(locale, failure, facts.problem.key());
        content.basis = Some(basis(locale, *guard));
    }
    content.request_id = session::request_id(request);
    let mut response = page(facts.status, &content);
    say_when(&mut response, failure, facts.status);
    response
}

/// To the sign-in page, and back to where the reader wanted to go.
fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let back = match request.method().is_safe() {
        true => request
            .uri()
            .path_and_query()
            .map_or("/", |target| target.as_str()),
        false => "/",
    };
    see_other(&urls::sign_in(&urls::local_or_home(back)))
}

fn say_when(response: &mut HttpResponse, failure: &Failure, status: StatusCode) {
    let seconds = match failure {
        Failure::UseCase(Error::TooMany { seconds }) | Failure::TooFast { seconds } => *seconds,
        _ if status == StatusCode::SERVICE_UNAVAILABLE => 5,
        _ if status == StatusCode::TOO_MANY_REQUESTS => 60,
        _ => return,
    };
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
}

/// Problem details, in the language of `Accept-Language`.
fn details(request: &HttpRequest, failure: &Failure, facts: &Facts) -> HttpResponse {
    let locale = api_locale(request);
    let key = facts.problem.key();
    let mut members = Map::new();
    members.insert("type".to_owned(), json!("about:blank"));
    members.insert("title".to_owned(), json!(text(locale, key)));
    members.insert("status".to_owned(), json!(facts.status.as_u16()));
    members.insert("code".to_owned(), json!(facts.code));
    members.insert("detail".to_owned(), json!(detail(locale, failure, key)));
    if let Some(id) = session::request_id(request) {
        members.insert("request_id".to_owned(), json!(id));
    }
    if let Failure::UseCase(error) = failure {
        more(locale, error, &mut members);
    }
    let mut response = HttpResponse::build(facts.status)
        .content_type("application/problem+json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept-Language"))
        .body(Value::Object(members).to_string());
    if facts.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            header::HeaderValue::from_static("Bearer"),
        );
    }
    say_when(&mut response, failure, facts.status);
    response
}

/// The language of an answer to a program.
pub fn api_locale(request: &HttpRequest) -> Locale {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE);
    match accepted.and_then(|value| value.to_str().ok()) {
        Some(tags) => accepted_locale(tags).unwrap_or_default(),
        None => Preferences::of(request).locale,
    }
}

fn detail(locale: Locale, failure: &Failure, key: &str) -> String {
    match failure {
        Failure::UseCase(Error::BadCredentials) => text(locale, "sign-in-refused"),
        Failure::UseCase(Error::SecondFactorWanted) => text(locale, "second-factor-wanted"),
        Failure::UseCase(Error::EnrolmentWanted) => text(locale, "second-factor-enrolment-wanted"),
        Failure::UseCase(Error::Platform(refusal)) => {
            text(locale, &format!("platform-{refusal}-why"))
        }
        Failure::UseCase(Error::TooMany { seconds }) => text_with(
            locale,
            "sign-in-wait",
            &[("minutes", seconds.div_ceil(60).into())],
        ),
        Failure::UseCase(Error::Rule(guard)) => text(locale, &format!("guard-{}", guard.as_str())),
        // What stands in the way is something else than a case that has moved on.
        Failure::UseCase(Error::Conflict(
            conflict @ (Conflict::Overlap { .. }
            | Conflict::Claimed
            | Conflict::AlreadyAsked
            | Conflict::AlreadyRated
            | Conflict::Already(_)),
        )) => text(locale, &format!("conflict-{}", conflict_code(conflict))),
        Failure::UseCase(Error::Conflict(Conflict::Entry(entry))) => {
            text(locale, &format!("conflict-entry-{}", entry.as_str()))
        }
        Failure::UseCase(_)
        | Failure::ExpiredForm(_)
        | Failure::ForeignForm
        | Failure::TooFast { .. }
        | Failure::Request(..) => text(locale, &format!("{key}-why")),
    }
}

/// The rule that refused and the clause it rests on, in words.
fn basis(locale: Locale, guard: Guard) -> String {
    text(locale, &format!("guard-{}-basis", guard.as_str()))
}

/// The words of one field's fault, from the text `error-<code>`, with the rule that wants it.
pub fn field_message(locale: Locale, error: &FieldError) -> String {
    let values: Vec<_> = error
        .values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().into()))
        .collect();
    let words = text_with(locale, &format!("error-{}", error.code), &values);
    match error.guard {
        Some(guard) => {
            let basis = text(locale, "problem-basis");
            format!("{words} ({basis} {})", self::basis(locale, guard))
        }
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::texts::has_text;
    use strum::IntoEnumIterator;

    #[test]
    fn every_guard_says_why_on_which_rule_and_clause() {
        for guard in Guard::iter() {
            for locale in [Locale::Zh, Locale::En] {
                let key = format!("guard-{}", guard.as_str());
                assert!(has_text(locale, &key), "{key}");
                assert!(has_text(locale, &format!("{key}-basis")), "{key}-basis");
                let words = basis(locale, guard);
                assert!(words.contains(guard.rule()), "{words}");
            }
        }
    }
}
