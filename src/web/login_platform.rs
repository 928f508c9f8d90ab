//! The way to the identity platform and back (CAS-14). Whoever can't be signed in reads why and what to do; what went
//! wrong in detail is in the log only.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::usecases::accounts::platform;
use crate::usecases::error::PlatformRefusal;
use crate::usecases::{App, Error};
use crate::web::errors::{ErrorPage, Problem};
use crate::web::login::{Next, welcome};
use crate::web::page::{Link, see_other};
use crate::web::passing::Passing;
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, MaybeSignedIn, http, put};
use crate::web::urls;

/// What the platform sends back: a code, or why there is none.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
}

/// `GET /login/platform`: to the platform; what the browser must keep meanwhile goes into a cookie.
pub async fn depart(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Next>,
) -> Answer {
    let next = urls::local_or_home(&query.next);
    match platform::depart(&app, &back(&request)?, &next).await {
        Ok(departure) => {
            let mut response = see_other(&departure.address);
            let cookie = Passing::Platform.cookie(http(&request)?, departure.ticket);
            put(&mut response, cookie)?;
            Ok(response)
        }
        Err(Error::Platform(refusal)) => Ok(refused(&request, refusal, &next)),
        Err(error) => Err(error.into()),
    }
}

/// `GET /login/platform/callback`: the session of whoever the platform says it is.
pub async fn arrive(
    visitor: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Back>,
) -> Answer {
    let ticket = Passing::Platform.kept(&request);
    let next = platform::next_of(&app, &ticket);
    let outcome = match query.error.as_str() {
        "" => {
            let answer = platform::Answer {
                ticket: &ticket,
                state: &query.state,
                code: &query.code,
                back: &back(&request)?,
            };
            platform::arrive(&app, answer, session::caller(&request)).await
        }
        "server_error" | "temporarily_unavailable" => Err(Error::Platform(PlatformRefusal::Down)),
        _ => Err(Error::Platform(PlatformRefusal::Cancelled)),
    };
    match outcome {
        Ok(arrival) => welcome(visitor, &request, &app, &arrival.next, arrival.entry).await,
        Err(Error::Platform(refusal)) => {
            let mut response = refused(&request, refusal, &next);
            put(&mut response, Passing::Platform.no_cookie(http(&request)?))?;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the platform answers to: by the configured origin, whatever the `Host` header says.
fn back(request: &HttpRequest) -> Result<String, Failure> {
    let origin = &http(request)?.origin;
    Ok(format!("{origin}{}", urls::accounts::platform_callback()))
}

fn refused(request: &HttpRequest, refusal: PlatformRefusal, next: &str) -> HttpResponse {
    let problem = match refusal {
        PlatformRefusal::Down => Problem::Busy,
        PlatformRefusal::Stale => Problem::Conflict,
        PlatformRefusal::Absent
        | PlatformRefusal::Cancelled
        | PlatformRefusal::Untrusted
        | PlatformRefusal::Unclear
        | PlatformRefusal::Unknown => Problem::Refused,
    };
    let mut content = ErrorPage::new(session::frame(request, problem.key()), problem);
    let words = |part: &str| content.chrome.t(&format!("platform-{refusal}{part}"));
    let (title, explanation, what_to_do) = (words(""), words("-why"), words("-do"));
    let way_back = Link::to(
        urls::sign_in(&urls::local_or_home(next)),
        content.chrome.t("platform-back"),
    );
    content.chrome.title = title;
    content.explanation = explanation;
    content.what_to_do = what_to_do;
    content.way_back = way_back;
    content.request_id = session::request_id(request);
    content.respond(problem)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::data::texts::has_text;
    use crate::domain::locale::Locale;

    #[test]
    fn every_refusal_says_why_and_what_to_do() {
        for refusal in PlatformRefusal::iter() {
            for locale in Locale::ALL {
                for part in ["", "-why", "-do"] {
                    let key = format!("platform-{refusal}{part}");
                    assert!(has_text(locale, &key), "{key} {}", locale.tag());
                }
            }
        }
    }
}
