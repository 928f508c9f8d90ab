//! The form that decides all cases of a batch that wait (XR-9), and reading it. Whether each may be decided so is the
//! engine's to judge, never this module's.

use serde::Deserialize;
use strum::IntoEnumIterator;

use crate::data::texts::text;
use crate::domain::case::BreachCause;
use crate::domain::form::FieldError;
use crate::domain::locale::Locale;
use crate::domain::text::cleaned;
use crate::domain::workflow::Command;
use crate::domain::workflow::command::{BreachReport, Grounds};
use crate::usecases::batch_tasks::Decision;
use crate::usecases::employing::Seen;
use crate::web::chrome::Chrome;
use crate::web::components::{Area, Choice, InputKind, Opt, Select, TextField};
use crate::web::urls::employer as to;

/// Characters of free words that are kept.
const LONGEST: usize = 2_000;
/// The same for the count beside the field.
const MOST: u32 = 2_000;

/// The form that decides all that waits.
pub(super) struct Form {
    pub url: String,
    pub action: Choice,
    pub reason: Area,
    pub clause: TextField,
    /// Cause and words, when a deadline was missed (CLK-7).
    pub breach: Option<(Select, Area)>,
}

/// What is decided, as typed.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    action: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    clause: String,
    #[serde(default)]
    breach_cause: String,
    #[serde(default)]
    breach_words: String,
}

impl Typed {
    /// The decision; `late` asks for the cause of a breach, once for all (CLK-7).
    pub(super) fn decision(&self, late: bool) -> Result<Decision, Vec<FieldError>> {
        let mut errors = vec![];
        let reason = words(&self.reason);
        let usual = || text(Locale::Zh, "batches-why-taken");
        let breach = match late {
            true => self.breach(&mut errors),
            false => None,
        };
        let decision = match self.action.as_str() {
            "approve" => Decision {
                command: Command::Approve { breach },
                why_taken: Some(reason).filter(|r| !r.is_empty()).unwrap_or_else(usual),
            },
            "refuse" => {
                let clause = words(&self.clause);
                for (name, value) in [("reason", &reason), ("clause", &clause)] {
                    if value.is_empty() {
                        errors.push(FieldError::new(name, "required"));
                    }
                }
                Decision {
                    command: Command::Refuse {
                        grounds: Grounds { reason, clause },
                        breach,
                    },
                    why_taken: usual(),
                }
            }
            _ => {
                errors.push(FieldError::new("action", "required"));
                return Err(errors);
            }
        };
        match errors.is_empty() {
            true => Ok(decision),
            false => Err(errors),
        }
    }

    fn breach(&self, errors: &mut Vec<FieldError>) -> Option<BreachReport> {
        let stated = words(&self.breach_words);
        if stated.is_empty() {
            errors.push(FieldError::new("breach_words", "required"));
        }
        match self.breach_cause.parse() {
            Ok(code) => Some(BreachReport {
                code,
                words: stated,
            }),
            Err(_) => {
                errors.push(FieldError::new("breach_cause", "required"));
                None
            }
        }
    }
}

fn words(typed: &str) -> String {
    cleaned(typed).chars().take(LONGEST).collect()
}

/// The form with what was typed and what was wrong with it.
pub(super) fn form(chrome: &Chrome, seen: &Seen, typed: &Typed, said: &[(String, String)]) -> Form {
    let fault = |name: &str| fault(said, name);
    let locale = chrome.locale;
    let options = ["approve", "refuse"].map(|action| {
        Opt::new(action, chrome.t(&format!("batch-task-{action}"))).chosen_if(&typed.action)
    });
    Form {
        url: to::decide(seen.batch.id),
        action: Choice::new(
            locale,
            "action",
            chrome.t("batches-decide"),
            options.to_vec(),
        )
        .error(fault("action")),
        reason: Area::new(locale, "reason", chrome.t("batches-decide-reason"))
            .hint(chrome.t("batches-decide-reason-hint"))
            .value(typed.reason.as_str())
            .rows(3)
            .max(MOST)
            .error(fault("reason")),
        clause: TextField::new(locale, "clause", chrome.t("desk-clause"))
            .kind(InputKind::Text)
            .hint(chrome.t("batches-decide-clause-hint"))
            .value(typed.clause.as_str())
            .error(fault("clause")),
        breach: seen.any_late.then(|| breach(chrome, typed, said)),
    }
}

fn fault(said: &[(String, String)], name: &str) -> Option<String> {
    let found = said.iter().find(|(field, _)| field == name);
    found.map(|(_, words)| words.clone())
}

/// Cause and words of a missed deadline (CLK-7).
fn breach(chrome: &Chrome, typed: &Typed, said: &[(String, String)]) -> (Select, Area) {
    let causes = BreachCause::iter().map(|cause| {
        Opt::new(cause.as_str(), chrome.t(&format!("breach-cause-{cause}")))
            .chosen_if(&typed.breach_cause)
    });
    let locale = chrome.locale;
    let cause = Select::flat(
        locale,
        "breach_cause",
        chrome.t("desk-breach-cause"),
        causes.collect(),
    );
    let words = Area::new(locale, "breach_words", chrome.t("desk-breach-words"))
        .value(typed.breach_words.as_str())
        .rows(3)
        .max(MOST);
    (
        cause.error(fault(said, "breach_cause")),
        words.error(fault(said, "breach_words")),
    )
}
