//! The form of an answer: done or not, in words; for an agency outside this service who said so, by which number, when.

use serde::Deserialize;

use crate::domain::contact::{Contact, Outcome, ReachedBy};
use crate::domain::form::FieldError;
use crate::domain::text::cleaned;
use crate::domain::time::Ts;
use crate::usecases::contacting::Reply;
use crate::web::components::{Area, Choice, InputKind, Opt, TextField};
use crate::web::page::Chrome;

/// Characters of a remark at most.
const LONGEST: u32 = 2_000;

/// The form of the answer.
pub(super) struct Form {
    pub(super) title: String,
    pub(super) hint: String,
    pub(super) result: Choice,
    pub(super) remark: Area,
    pub(super) outside: Vec<TextField>,
}

/// What is typed into the form.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    pub(super) result: String,
    #[serde(default)]
    pub(super) remark: String,
    #[serde(default)]
    pub(super) who: String,
    #[serde(default)]
    pub(super) number: String,
    #[serde(default)]
    pub(super) day: String,
    #[serde(default)]
    pub(super) time: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// Reads the form; when the answer came is now unless a day is named.
pub(super) fn reply(typed: &Typed, now: Ts) -> Result<Reply, Vec<FieldError>> {
    let outcome = match typed.result.as_str() {
        "done" => Some(Outcome::Done),
        "cannot" => Some(Outcome::Cannot),
        _ => None,
    };
    let at = match (typed.day.trim(), typed.time.trim()) {
        ("", "") => Ok(now),
        (day, time) => {
            let day = if day.is_empty() {
                Ok(now.day())
            } else {
                day.parse().map_err(|_| ())
            };
            let time = if time.is_empty() { "00:00" } else { time };
            let time = chrono::NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| ());
            day.and_then(|day| time.map(|time| Ts::from_beijing(day, time)))
        }
    };
    let some = |typed: &str| Some(cleaned(typed)).filter(|text| !text.is_empty());
    match (outcome, at) {
        (Some(outcome), Ok(at)) => Ok(Reply {
            outcome,
            remark: cleaned(&typed.remark),
            who: some(&typed.who),
            number: some(&typed.number),
            at: Some(at),
        }),
        (outcome, at) => Err([
            (outcome.is_none(), "result", "choice-required"),
            (at.is_err(), "day", "contact-answered-when"),
        ]
        .into_iter()
        .filter(|(wrong, ..)| *wrong)
        .map(|(_, field, code)| FieldError::new(field, code))
        .collect()),
    }
}

/// The form, with what was typed and what is wrong with it.
pub(super) fn form(
    chrome: &Chrome,
    contact: &Contact,
    typed: &Typed,
    said: &[(String, String)],
) -> Form {
    let locale = chrome.locale;
    let fault = |field: &str| {
        let found = said.iter().find(|(at, _)| at == field);
        found.map(|(_, words)| words.clone())
    };
    let (done, hint) = match (contact.reached_by, contact.is_last()) {
        (ReachedBy::Outside, _) => ("contact-done", "contact-form-outside"),
        (ReachedBy::Service, true) => ("contact-done", "contact-form-service"),
        (ReachedBy::Service, false) => ("contact-pass-on", "contact-form-centre"),
    };
    let options = vec![
        Opt::new("done", chrome.t(done)).chosen_if(&typed.result),
        Opt::new("cannot", chrome.t("contact-cannot")).chosen_if(&typed.result),
    ];
    let line = |name: &'static str, value: &str| {
        TextField::new(locale, name, chrome.t(&format!("contact-{name}")))
            .value(value)
            .error(fault(name))
    };
    let outside = match contact.reached_by {
        ReachedBy::Service => vec![],
        ReachedBy::Outside => vec![
            line("who", &typed.who),
            line("number", &typed.number).hint(chrome.t("contact-number-hint")),
            line("day", &typed.day)
                .kind(InputKind::Date)
                .hint(chrome.t("contact-day-hint")),
            line("time", &typed.time)
                .kind(InputKind::Short)
                .hint(chrome.t("contact-time-hint")),
        ],
    };
    Form {
        title: chrome.t(match contact.reached_by {
            ReachedBy::Service => "contact-form",
            ReachedBy::Outside => "contact-form-record",
        }),
        hint: chrome.t(hint),
        result: Choice::new(locale, "result", chrome.t("contact-result"), options)
            .error(fault("result")),
        remark: Area::new(locale, "remark", chrome.t("contact-remark"))
            .hint(chrome.t("contact-remark-hint"))
            .value(typed.remark.as_str())
            .rows(4)
            .max(LONGEST)
            .error(fault("remark")),
        outside,
    }
}
