//! Reading the forms of actions into commands. Everything that is missing is said at once, at its field; whether
//! the command is possible is the table's to judge.

use crate::data::texts::text;
use crate::domain::case::BreachCause;
use crate::domain::event::{Missing, Target};
use crate::domain::item::{Basis, ServiceItem};
use crate::domain::locale::Locale;
use crate::domain::text::cleaned;
use crate::domain::workflow::Action;
use crate::domain::workflow::Command;
use crate::domain::workflow::command::{BreachReport, Grounds};

/// Most characters of a reason.
pub const LONGEST: usize = 1000;

/// What was typed, by field.
#[derive(Clone, Debug, Default)]
pub struct Typed(Vec<(String, String)>);

/// What is wrong, as pairs of field and message.
pub type Faults = Vec<(String, String)>;

impl Typed {
    /// From the pairs of a form.
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a field, without what cannot be seen; empty when there is none.
    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| cleaned(value)).unwrap_or_default()
    }

    /// Whether a field came with this value, as ticked boxes do.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.0
            .iter()
            .any(|(field, sent)| field == name && sent == value)
    }

    /// All fields and values as they came.
    pub fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The version of the case that the form was made for.
    pub fn version(&self) -> Option<u32> {
        self.get("version").parse().ok()
    }
}

/// What a supplement request can name of an item: its materials, then its questions.
pub fn targets(item: &ServiceItem) -> Vec<Target> {
    let materials = item
        .materials
        .iter()
        .map(|material| Target::Material(material.name.to_owned()));
    let fields = item
        .form
        .fields
        .iter()
        .map(|field| Target::Field(field.name.to_owned()));
    materials.chain(fields).collect()
}

/// The name of a target in the form.
pub fn target_key(target: &Target) -> String {
    match target {
        Target::Material(name) => format!("material-{name}"),
        Target::Field(name) => format!("field-{name}"),
    }
}

/// A clause as it is cited.
pub fn clause_words(basis: &Basis) -> String {
    format!("{} {}", basis.source, basis.clause)
}

/// The command a form asks for. `late` asks for the cause of a breach (CLK-7).
///
/// # Errors
/// Every fault at its field; an action without a form of the desk has one fault without a field.
pub fn command(
    action: Action,
    typed: &Typed,
    item: &ServiceItem,
    locale: Locale,
    late: bool,
) -> Result<Command, Faults> {
    let mut reader = Reader {
        typed,
        locale,
        faults: vec![],
    };
    let command = match action {
        Action::Claim => Command::Claim {
            reason: Some(reader.chosen_or_written()).filter(|reason| !reason.is_empty()),
        },
        Action::Accept => Command::Accept,
        Action::Release => Command::Release {
            reason: reader.reason(),
        },
        Action::Return => Command::Return {
            reason: reader.reason(),
        },
        Action::Reopen => Command::Reopen {
            reason: reader.reason(),
        },
        Action::HandOver | Action::Assign => return reader.give(action),
        Action::SetUrgency => return reader.class(),
        Action::RequestSupplement => Command::RequestSupplement {
            missing: reader.missing(item),
        },
        Action::Approve => Command::Approve {
            breach: reader.breach(late),
        },
        Action::Refuse => Command::Refuse {
            grounds: reader.grounds(),
            breach: reader.breach(late),
        },
        Action::NotAccept => Command::NotAccept {
            grounds: reader.grounds(),
            breach: reader.breach(late),
        },
        Action::Contact => Command::Contact {
            message: reader.reason(),
        },
        Action::Record => Command::Record {
            reason: reader.reason(),
            breach: reader.breach(late),
        },
        _ => return Err(vec![(String::new(), text(locale, "desk-error-action"))]),
    };
    reader.finish(command)
}

struct Reader<'a> {
    typed: &'a Typed,
    locale: Locale,
    faults: Faults,
}

impl Reader<'_> {
    fn finish(self, command: Command) -> Result<Command, Faults> {
        if self.faults.is_empty() {
            Ok(command)
        } else {
            Err(self.faults)
        }
    }

    fn fault(&mut self, field: &str, key: &str) {
        let message = text(self.locale, key);
        self.faults.push((field.to_owned(), message));
    }

    fn optional(&mut self, field: &str) -> String {
        let value = self.typed.get(field);
        if value.chars().count() > LONGEST {
            self.fault(field, "desk-error-long");
        }
        value
    }

    fn required(&mut self, field: &str, key: &str) -> String {
        let value = self.optional(field);
        if value.is_empty() {
            self.fault(field, key);
        }
        value
    }

    /// The words written, else the wording chosen.
    fn chosen_or_written(&mut self) -> String {
        let written = self.optional("reason");
        if written.is_empty() {
            self.typed.get("canned")
        } else {
            written
        }
    }

    fn reason(&mut self) -> String {
        let reason = self.chosen_or_written();
        if reason.is_empty() {
            self.fault("reason", "desk-error-reason");
        }
        reason
    }

    fn give(mut self, action: Action) -> Result<Command, Faults> {
        let reason = self.reason();
        let Ok(to) = self.typed.get("to").parse() else {
            self.fault("to", "desk-error-to");
            return Err(self.faults);
        };
        let command = match action {
            Action::Assign => Command::Assign { to, reason },
            _ => Command::HandOver { to, reason },
        };
        self.finish(command)
    }

    /// Another urgency class (CAT-4).
    fn class(mut self) -> Result<Command, Faults> {
        let reason = self.reason();
        let Ok(urgency) = self.typed.get("urgency").parse() else {
            self.fault("urgency", "desk-error-urgency");
            return Err(self.faults);
        };
        self.finish(Command::SetUrgency { urgency, reason })
    }

    /// A clause of the item's basis, or one that was typed (CAS-6).
    fn grounds(&mut self) -> Grounds {
        let reason = self.reason();
        let chosen = self.typed.get("clause");
        let clause = match chosen.as_str() {
            "" | "other" => self.required("clause_words", "desk-error-clause"),
            _ => chosen,
        };
        Grounds { reason, clause }
    }

    fn breach(&mut self, late: bool) -> Option<BreachReport> {
        if !late {
            return None;
        }
        let words = self.required("breach_words", "desk-error-breach-words");
        let code: Result<BreachCause, _> = self.typed.get("breach_cause").parse();
        match code {
            Ok(code) => Some(BreachReport { code, words }),
            Err(_) => {
                self.fault("breach_cause", "desk-error-breach-cause");
                None
            }
        }
    }

    /// Everything that was ticked, each with its reason: the words written, else the one chosen (CLK-6).
    fn missing(&mut self, item: &ServiceItem) -> Vec<Missing> {
        let mut missing = vec![];
        for target in targets(item) {
            let key = target_key(&target);
            if !self.typed.has("missing", &key) {
                continue;
            }
            let field = format!("reason-{key}");
            let written = self.optional(&field);
            let reason = match written.is_empty() {
                true => self.typed.get(&format!("canned-{key}")),
                false => written,
            };
            if reason.is_empty() {
                self.fault(&field, "desk-error-missing-reason");
            }
            missing.push(Missing { target, reason });
        }
        if missing.is_empty() {
            self.fault("missing", "desk-error-missing");
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::items::cross_region_registration::ITEM;

    fn read(action: Action, pairs: &[(&str, &str)], late: bool) -> Result<Command, Vec<String>> {
        let typed = Typed::new(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        );
        command(action, &typed, &ITEM, Locale::Zh, late)
            .map_err(|faults| faults.into_iter().map(|(field, _)| field).collect())
    }

    #[rstest]
    #[case(Action::Release, &[], &["reason"])]
    #[case(Action::HandOver, &[("reason", "x")], &["to"])]
    #[case(Action::Refuse, &[], &["reason", "clause_words"])]
    #[case(Action::Refuse, &[("reason", " \u{200b} "), ("clause", "other")], &["reason", "clause_words"])]
    #[case(Action::RequestSupplement, &[], &["missing"])]
    #[case(Action::RequestSupplement, &[("missing", "field-end")], &["reason-field-end"])]
    #[case(Action::RequestSupplement, &[("missing", "field-nothing")], &["missing"])]
    #[case(Action::Submit, &[], &[""])]
    fn what_is_missing_is_said_at_its_field(
        #[case] action: Action,
        #[case] pairs: &[(&str, &str)],
        #[case] expected: &[&str],
    ) {
        assert_eq!(read(action, pairs, false).unwrap_err(), expected);
    }

    #[test]
    fn after_a_breach_every_decision_asks_for_its_cause() {
        // CLK-7
        assert_eq!(
            read(Action::Approve, &[], true).unwrap_err(),
            ["breach_words", "breach_cause"]
        );
        let told = [("breach_cause", "workload"), ("breach_words", "人手不足")];
        assert!(
            read(Action::Approve, &told, true)
                .unwrap()
                .breach()
                .is_some()
        );
        assert!(
            read(Action::Approve, &told, false)
                .unwrap()
                .breach()
                .is_none()
        );
    }

    #[test]
    fn a_supplement_request_names_each_ticked_thing_with_its_reason() {
        let pairs = [
            ("missing", "material-referral-slip"),
            ("canned-material-referral-slip", "请重新上传"),
            ("missing", "field-end"),
            ("canned-field-end", "不用"),
            ("reason-field-end", "结束日期\r\n有误"),
            ("reason-field-start", "没有勾选"),
        ];
        let Command::RequestSupplement { missing } =
            read(Action::RequestSupplement, &pairs, false).unwrap()
        else {
            panic!("another command");
        };
        let told: Vec<_> = missing
            .iter()
            .map(|m| (target_key(&m.target), m.reason.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("material-referral-slip".to_owned(), "请重新上传"),
                ("field-end".to_owned(), "结束日期\n有误"),
            ]
        );
    }
}
