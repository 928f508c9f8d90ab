//! What a person reads when something did not work: what happened, what to do, and the way back. One
//! page for all of them. Never shown: names of tables, paths, traces, or whether something exists that
//! the reader may not see (404 for both).

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::web::page::{Chrome, Link, page};
use crate::web::urls;

/// What went wrong, as a reader can understand it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Not there, or not for this reader.
    NotFound,
    /// A page the role never has.
    Forbidden,
    /// Not signed in, or no longer.
    SignIn,
    /// Somebody changed it meanwhile, or its state does not allow the action.
    Conflict,
    /// The answers break a rule.
    Refused,
    /// The form's token is no longer valid.
    ExpiredForm,
    /// Too many attempts.
    TooMany,
    /// Our fault.
    Fault,
    /// Cannot write just now.
    Busy,
}

impl Problem {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::NotFound,
        Self::Forbidden,
        Self::SignIn,
        Self::Conflict,
        Self::Refused,
        Self::ExpiredForm,
        Self::TooMany,
        Self::Fault,
        Self::Busy,
    ];

    /// Status of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::ExpiredForm => StatusCode::FORBIDDEN,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Refused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Key of its heading; with `-why` and `-do` the keys of explanation and advice.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotFound => "problem-not-found",
            Self::Forbidden => "problem-forbidden",
            Self::SignIn => "problem-sign-in",
            Self::Conflict => "problem-conflict",
            Self::Refused => "problem-refused",
            Self::ExpiredForm => "problem-expired-form",
            Self::TooMany => "problem-too-many",
            Self::Fault => "problem-fault",
            Self::Busy => "problem-busy",
        }
    }

    /// Seconds after which another attempt makes sense, for `Retry-After`.
    fn retry_after(self) -> Option<u32> {
        match self {
            Self::TooMany => Some(60),
            Self::Busy => Some(5),
            Self::NotFound
            | Self::Forbidden
            | Self::SignIn
            | Self::Conflict
            | Self::Refused
            | Self::ExpiredForm
            | Self::Fault => None,
        }
    }
}

/// The page about a [`Problem`]. The heading is the title of the frame.
#[derive(Template)]
#[template(path = "layout/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub chrome: Chrome,
    /// What happened.
    pub explanation: String,
    /// The rule that refused and the clause it rests on.
    pub basis: Option<String>,
    /// What changed meanwhile (409), in words.
    pub changes: Vec<String>,
    /// What the reader can do now.
    pub what_to_do: String,
    /// Where to go on.
    pub way_back: Link,
    /// What the reader had typed, so that nothing is lost.
    pub kept_text: Option<String>,
    /// Number by which the fault is found in the log.
    pub request_id: Option<String>,
}

impl ErrorPage {
    /// The usual words about a problem, with the way back to the home page (to the sign-in page where
    /// that is what is missing).
    pub fn new(mut chrome: Chrome, problem: Problem) -> Self {
        chrome.title = chrome.t(problem.key());
        let way_back = match problem {
            Problem::SignIn => Link::to(urls::sign_in(&chrome.here), chrome.t("sign-in")),
            _ => Link::to(urls::home(), chrome.t("problem-way-back-home")),
        };
        Self {
            explanation: chrome.t(&format!("{}-why", problem.key())),
            what_to_do: chrome.t(&format!("{}-do", problem.key())),
            basis: None,
            changes: Vec::new(),
            way_back,
            kept_text: None,
            request_id: None,
            chrome,
        }
    }

    /// Sends it with the status of the problem and, where another attempt helps, `Retry-After`.
    pub fn respond(&self, problem: Problem) -> HttpResponse {
        let mut response = page(problem.status(), self);
        if let Some(seconds) = problem.retry_after() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        }
        response
    }
}
