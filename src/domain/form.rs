//! Forms: what an item asks, and reading what was answered. One definition drives pages, JSON schema,
//! checks and guides. No texts here: names are keys of the texts.

pub mod rows;
mod typed;

pub use self::typed::read_day;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

use self::typed::{account, institution, is_unseen, money_code, region, text, whole_fen};
use super::money::Fen;
use super::phone::Phone;
use super::time::Day;
use super::workflow::Guard;

/// What an item asks, question by question.
#[derive(Debug)]
pub struct FormSpec {
    /// Raised whenever a question changes its meaning; stands beside the answers.
    pub version: u32,
    /// The questions in the order they are asked.
    pub fields: &'static [Field],
}

/// One question. Its texts are `field-<item>-<name>`, with `-hint` for the hint.
#[derive(Debug)]
pub struct Field {
    /// Name in answers, API and texts.
    pub name: &'static str,
    /// What may be answered.
    pub kind: Kind,
    /// Whether it must be answered.
    pub need: Need,
    /// What is known already and only confirmed (CAS-9).
    pub prefill: Option<Prefill>,
}

/// Kinds of answers.
#[derive(Debug)]
pub enum Kind {
    /// One of these; texts `choice-<item>-<field>-<option>`.
    Choice(&'static [&'static str]),
    /// A prefecture or province by its code.
    Region,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A telephone number.
    Phone,
    /// Up to so many characters on several lines.
    Text(usize),
    /// A pledge that must be given: `true`.
    Pledge,
    /// One of the applicant's own registrations, by its id.
    Registration,
    /// An amount: yuan as people type them, or whole fen as a number.
    Money,
    /// A bank account: its digits.
    Account,
    /// A designated institution of the registry, by its code.
    Institution,
    /// Lines of these columns, so many at most; texts of a column are `field-<item>-<field>-<column>`.
    Rows {
        /// The columns.
        columns: &'static [Field],
        /// Most lines.
        most: usize,
    },
}

/// Whether a question must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// May be left out.
    Optional,
    /// Only where that other question was left open; asked only then.
    Unless(&'static str),
}

/// What fills a field beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefill {
    /// The phone number in the registry.
    Phone,
    /// Today.
    Today,
}

/// Answers as read: canonical values by field name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Value>);

impl Answers {
    /// The answer to a field as text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field).and_then(Value::as_str)
    }

    /// The answer to a field as a day.
    pub fn day(&self, field: &str) -> Option<Day> {
        read_day(self.text(field)?)
    }

    /// The answer to a field as an amount.
    pub fn fen(&self, field: &str) -> Option<Fen> {
        self.0.get(field).and_then(Value::as_i64).map(Fen::new)
    }

    /// Whether anything was answered, if only that there is nothing to answer.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The answer to a field as it is.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Takes an answer away.
    pub fn remove(&mut self, field: &str) -> Option<Value> {
        self.0.remove(field)
    }

    /// The lines of a field of [`Kind::Rows`], each as answers of its own; none where it was left out.
    pub fn rows(&self, field: &str) -> Vec<Self> {
        let rows = self.0.get(field).and_then(Value::as_array);
        let lines = rows.into_iter().flatten().filter_map(Value::as_object);
        lines
            .map(|line| Self(line.clone().into_iter().collect()))
            .collect()
    }

    /// All answers by field name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Puts or replaces one answer.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.0.insert(field.to_owned(), value.into());
    }

    /// As JSON object.
    pub fn to_json(&self) -> Value {
        Value::Object(
            self.0
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }
}

impl FromIterator<(String, Value)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// One thing wrong with one field; its words are the text `error-<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What is wrong, in kebab-case.
    pub code: String,
    /// Values for the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
    /// The rule of the table that wants it, where it is not the form's own.
    #[serde(skip)]
    pub guard: Option<Guard>,
}

impl FieldError {
    /// An error without values.
    pub fn new(field: &str, code: &str) -> Self {
        Self {
            field: field.to_owned(),
            code: code.to_owned(),
            values: vec![],
            guard: None,
        }
    }

    /// The same, wanted by a rule.
    pub fn by(mut self, guard: Guard) -> Self {
        self.guard = Some(guard);
        self
    }

    /// The same with one more value for its text.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }
}

impl FormSpec {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Reads all fields; unknown names are ignored, so that nothing can be slipped in.
    ///
    /// # Errors
    /// Every field that is missing or malformed, in the form's order.
    pub fn read(&self, raw: &Map<String, Value>) -> Result<Answers, Vec<FieldError>> {
        match self.read_what_is_there(raw) {
            (answers, errors) if errors.is_empty() => Ok(answers),
            (_, errors) => Err(errors),
        }
    }

    /// Reads the fields that can be read, and tells what is wrong with the others.
    pub fn read_what_is_there(&self, raw: &Map<String, Value>) -> (Answers, Vec<FieldError>) {
        let mut answers = Answers::default();
        let mut errors = vec![];
        for field in self.fields {
            let read = match &field.kind {
                Kind::Rows { columns, most } => {
                    rows::read(field, columns, *most, raw.get(field.name))
                }
                _ => field.read(raw.get(field.name)).map_err(|error| vec![error]),
            };
            match read {
                Ok(Some(value)) => answers.set(field.name, value),
                Ok(None) if field.is_needed(&answers) => {
                    errors.push(FieldError::new(field.name, "required"));
                }
                Ok(None) => {}
                Err(faults) => errors.extend(faults),
            }
        }
        (answers, errors)
    }
}

impl Field {
    /// Whether it takes the place of another question that was left open.
    fn is_needed(&self, answers: &Answers) -> bool {
        matches!(self.need, Need::Unless(other) if !answers.has(other))
    }

    /// Whether these answers leave it to be asked; an empty answer to the other question leaves it open.
    pub fn is_asked(&self, typed: &Answers) -> bool {
        match self.need {
            Need::Always | Need::Optional => true,
            Need::Unless(other) => typed.text(other).is_none_or(|text| text.trim().is_empty()),
        }
    }

    /// Reads one answer, as JSON value or as text typed into a page; `None` when it was left out.
    ///
    /// # Errors
    /// `required`, or what is wrong with the value.
    pub fn read(&self, raw: Option<&Value>) -> Result<Option<Value>, FieldError> {
        let wrong = |code: &str| FieldError::new(self.name, code);
        if let Kind::Rows { columns, most } = &self.kind {
            return rows::read(self, columns, *most, raw).map_err(|faults| {
                faults
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| wrong("wrong-type"))
            });
        }
        let typed = match raw {
            Some(Value::Number(fen)) if matches!(self.kind, Kind::Money) => {
                return whole_fen(fen).map(Some).map_err(wrong);
            }
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text.trim_matches(is_unseen),
            Some(Value::Bool(true)) => "true",
            Some(Value::Bool(false)) => "",
            Some(Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
                return Err(wrong("wrong-type"));
            }
        };
        if typed.is_empty() {
            return match (self.need, &self.kind) {
                (Need::Always, Kind::Pledge) => Err(wrong("pledge-required")),
                (Need::Always, Kind::Choice(_)) => Err(wrong("choice-required")),
                (Need::Always, _) => Err(wrong("required")),
                (Need::Optional | Need::Unless(_), _) => Ok(None),
            };
        }
        self.value(typed)
            .map(Some)
            .map_err(|code| match &self.kind {
                Kind::Text(longest) => wrong(code).with("longest", longest),
                _ => wrong(code),
            })
    }

    /// What was typed, in its canonical form.
    fn value(&self, typed: &str) -> Result<Value, &'static str> {
        match &self.kind {
            Kind::Choice(options) => options
                .contains(&typed)
                .then(|| Value::from(typed))
                .ok_or("choice-unknown"),
            Kind::Region => region(typed).map(Value::from).ok_or("region-malformed"),
            Kind::Day => read_day(typed)
                .map(|day| Value::from(day.to_string()))
                .ok_or("day-impossible"),
            Kind::Phone => Phone::parse(typed)
                .map(|phone| Value::from(phone.as_str()))
                .map_err(|_| "phone-malformed"),
            Kind::Text(longest) => text(typed, *longest),
            Kind::Pledge => matches!(typed, "true" | "on" | "yes")
                .then(|| Value::from(true))
                .ok_or("pledge-required"),
            Kind::Money => Fen::parse(typed)
                .map(|fen| Value::from(fen.fen()))
                .map_err(money_code),
            Kind::Account => account(typed).map(Value::from).ok_or("account-malformed"),
            Kind::Institution => institution(typed)
                .map(Value::from)
                .ok_or("institution-unknown"),
            // Read above.
            Kind::Rows { .. } => Err("wrong-type"),
            Kind::Registration => uuid::Uuid::parse_str(typed)
                .map(|id| Value::from(id.to_string()))
                .map_err(|_| "registration-unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-24", Some("2026-11-24"))]
    #[case("2026/1/4", Some("2026-01-04"))]
    #[case("2026年11月24日", Some("2026-11-24"))]
    #[case("２０２６-１１-２４", Some("2026-11-24"))]
    #[case("2026-02-30", None)]
    #[case("0026-02-03", None)]
    #[case("24-11-2026", None)]
    #[case("2026-11", None)]
    #[case("tomorrow", None)]
    fn days_are_read_as_people_write_them(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(read_day(typed).map(|d| d.to_string()).as_deref(), expected);
    }

    const FORM: FormSpec = FormSpec {
        version: 1,
        fields: &[
            Field {
                name: "kind",
                kind: Kind::Choice(&["a", "b"]),
                need: Need::Always,
                prefill: None,
            },
            Field {
                name: "start",
                kind: Kind::Day,
                need: Need::Always,
                prefill: None,
            },
            Field {
                name: "end",
                kind: Kind::Day,
                need: Need::Optional,
                prefill: None,
            },
            Field {
                name: "pledge",
                kind: Kind::Pledge,
                need: Need::Always,
                prefill: None,
            },
        ],
    };

    fn read(raw: serde_json::Value) -> Result<Answers, Vec<(String, String)>> {
        let Value::Object(map) = raw else { panic!() };
        FORM.read(&map)
            .map_err(|errors| errors.into_iter().map(|e| (e.field, e.code)).collect())
    }

    #[rstest]
    #[case("\u{200b} ", None)]
    #[case(" \u{202e}\u{3000}\n", None)]
    #[case("\u{feff}理\u{200b}由 ", Some("理由"))]
    fn an_answer_that_cannot_be_seen_is_none(#[case] typed: &str, #[case] expected: Option<&str>) {
        let reason = Field {
            name: "reason",
            kind: Kind::Text(10),
            need: Need::Always,
            prefill: None,
        };
        let read = reason.read(Some(&serde_json::Value::from(typed)));
        match expected {
            Some(text) => assert_eq!(read.unwrap().unwrap(), text),
            None => assert_eq!(read.unwrap_err().code, "required"),
        }
    }

    #[test]
    fn typed_text_and_json_read_the_same_and_unknown_names_are_ignored() {
        let page = read(
            serde_json::json!({"kind": "a", "start": "2026/11/24", "end": "", "pledge": "on", "state": "closed"}),
        );
        let api = read(serde_json::json!({"kind": "a", "start": "2026-11-24", "pledge": true}));
        assert_eq!(page, api);
        assert_eq!(page.unwrap().text("state"), None);
    }

    #[test]
    fn every_fault_is_told_at_once_at_its_field() {
        let errors = read(
            serde_json::json!({"kind": "c", "start": 3, "end": "2026-02-30", "pledge": false}),
        )
        .unwrap_err();
        let told: Vec<_> = errors.iter().map(|(f, c)| format!("{f} {c}")).collect();
        assert_eq!(
            told,
            [
                "kind choice-unknown",
                "start wrong-type",
                "end day-impossible",
                "pledge pledge-required"
            ]
        );
    }
}
