//! The journal in words: who did what when and why, and what changed since a version somebody saw.

use crate::data::texts::{text, text_with};
use crate::domain::event::{Change, Missing, Target};
use crate::domain::locale::Locale;
use crate::store::journal::Entry as Logged;
use crate::usecases::viewing::Full;
use crate::web::components::{Entry, Timeline};
use crate::web::session::role_key;
use crate::web::words;

use super::answers::field_name;

/// The whole history, the latest first.
pub fn timeline(locale: Locale, full: &Full) -> Timeline {
    let entries = full
        .entries
        .iter()
        .rev()
        .map(|logged| entry(locale, full, logged))
        .collect();
    Timeline::new(locale, entries)
}

/// What happened after a version, one line each, for "the case has changed".
pub fn since(locale: Locale, full: &Full, version: u32) -> Vec<String> {
    full.entries
        .iter()
        .filter(|logged| logged.event.number > version)
        .map(|logged| {
            let entry = entry(locale, full, logged);
            text_with(
                locale,
                "desk-change-line",
                &[
                    ("when", words::moment_short(entry.at).into()),
                    ("who", entry.who.into()),
                    ("what", entry.what.into()),
                ],
            )
        })
        .collect()
}

fn entry(locale: Locale, full: &Full, logged: &Logged) -> Entry {
    let event = &logged.event;
    let action = text(locale, &format!("action-{}", event.action));
    let what = if event.from == event.to {
        action
    } else {
        text_with(
            locale,
            "desk-history-step",
            &[
                ("action", action.into()),
                ("state", text(locale, &format!("state-{}", event.to)).into()),
            ],
        )
    };
    Entry {
        at: event.at,
        what,
        who: who(locale, full, logged),
        lines: lines(locale, full, logged),
    }
}

fn who(locale: Locale, full: &Full, logged: &Logged) -> String {
    let Some(account) = logged.event.actor else {
        return text(locale, "role-system");
    };
    let name = full.names.get(&account).cloned().unwrap_or_default();
    match logged.event.role {
        Some(role) => text_with(
            locale,
            "signed-in-as",
            &[
                ("name", name.into()),
                ("role", text(locale, role_key(role)).into()),
            ],
        ),
        None => name,
    }
}

fn lines(locale: Locale, full: &Full, logged: &Logged) -> Vec<String> {
    let mut lines = vec![];
    let mut say = |key: &str, value: String| {
        lines.push(text_with(locale, key, &[("text", value.into())]));
    };
    match &logged.event.change {
        Change::Taken { holder } if logged.event.actor != Some(*holder) => {
            say(
                "desk-line-to",
                full.names.get(holder).cloned().unwrap_or_default(),
            );
        }
        Change::Proposed {
            decision,
            breach_cause,
        } => {
            say(
                "desk-line-proposed",
                text(locale, &format!("decision-{}", decision.as_str())),
            );
            if let Some(cause) = breach_cause {
                say("desk-line-cause", breach_words(locale, cause.as_str()));
            }
        }
        Change::Decided {
            breach_cause: Some(cause),
            ..
        } => say("desk-line-cause", breach_words(locale, cause.as_str())),
        Change::Accepted { term } | Change::Resumed { term, .. } | Change::Redated { term } => {
            say("desk-line-due", words::moment(locale, term.due));
        }
        _ => {}
    }
    lines.extend(said(locale, full, logged));
    lines
}

/// The words that were written.
fn said(locale: Locale, full: &Full, logged: &Logged) -> Vec<String> {
    let mut lines = vec![];
    match &logged.words {
        None => lines.push(text(locale, "desk-line-destroyed")),
        Some(said) => {
            let mut say = |key: &str, value: &str| {
                lines.push(text_with(locale, key, &[("text", value.into())]));
            };
            if let Some(reason) = &said.reason {
                say("desk-line-reason", reason);
            }
            if let Some(clause) = &said.clause {
                say("desk-line-clause", clause);
            }
            if let Some(breach) = &said.breach {
                say("desk-line-breach", breach);
            }
            for missing in &said.missing {
                say(
                    "desk-line-missing",
                    &missing_words(locale, full.summary.item.slug, missing),
                );
            }
        }
    }
    lines
}

fn breach_words(locale: Locale, cause: &str) -> String {
    text(locale, &format!("breach-cause-{cause}"))
}

/// What is missing and why, in one line.
pub fn missing_words(locale: Locale, slug: &str, missing: &Missing) -> String {
    text_with(
        locale,
        "desk-missing-line",
        &[
            ("name", target_name(locale, slug, &missing.target).into()),
            ("reason", missing.reason.as_str().into()),
        ],
    )
}

/// The name of what a supplement request names.
pub fn target_name(locale: Locale, slug: &str, target: &Target) -> String {
    match target {
        Target::Material(name) => text(locale, &format!("material-{name}")),
        Target::Field(name) => field_name(locale, slug, name),
    }
}
