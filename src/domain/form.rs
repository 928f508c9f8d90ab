//! Forms: what an item asks, and reading what was answered. One definition drives pages, JSON schema,
//! checks and guides. No texts here: names are keys of the texts.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
}

/// Whether a question must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// May be left out.
    Optional,
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
        let mut answers = Answers::default();
        let mut errors = vec![];
        for field in self.fields {
            match field.read(raw.get(field.name)) {
                Ok(Some(value)) => answers.set(field.name, value),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() {
            Ok(answers)
        } else {
            Err(errors)
        }
    }
}

impl Field {
    /// Reads one answer, as JSON value or as text typed into a page; `None` when it was left out.
    ///
    /// # Errors
    /// `required`, or what is wrong with the value.
    pub fn read(&self, raw: Option<&Value>) -> Result<Option<Value>, FieldError> {
        let wrong = |code: &str| FieldError::new(self.name, code);
        let typed = match raw {
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
                (Need::Optional, _) => Ok(None),
            };
        }
        let value = match &self.kind {
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
            Kind::Registration => uuid::Uuid::parse_str(typed)
                .map(|id| Value::from(id.to_string()))
                .map_err(|_| "registration-unknown"),
        };
        value.map(Some).map_err(|code| match &self.kind {
            Kind::Text(longest) => wrong(code).with("longest", longest),
            _ => wrong(code),
        })
    }
}

/// What is around an answer without being seen; an answer of nothing else is none.
fn is_unseen(c: char) -> bool {
    c.is_whitespace() || super::text::is_invisible(c)
}

/// A day as people type it: `2026-11-24`, `2026/11/24`, `2026.11.24`, `2026年11月24日`, full-width digits;
/// years 1900 to 2199.
pub fn read_day(typed: &str) -> Option<Day> {
    let mut parts: Vec<String> = vec![String::new()];
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => parts.last_mut()?.push(c),
            '０'..='９' => parts
                .last_mut()?
                .push(char::from_u32(u32::from(c) - 0xFF10 + 0x30)?),
            '-' | '/' | '.' | '年' | '月' | '－' => parts.push(String::new()),
            '日' => {}
            _ => return None,
        }
    }
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let day = Day::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (1900..=2199)
        .contains(&chrono::Datelike::year(&day))
        .then_some(day)
}

fn region(typed: &str) -> Option<String> {
    (typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit())).then(|| typed.to_owned())
}

/// Free text: direction overrides and other invisible characters are taken out, control characters
/// but line breaks refused.
fn text(typed: &str, longest: usize) -> Result<Value, &'static str> {
    let clean: String = typed
        .chars()
        .filter(|c| !super::text::is_invisible(*c))
        .collect();
    if clean.chars().any(|c| c.is_control() && c != '\n') {
        Err("text-control")
    } else if clean.chars().count() > longest {
        Err("text-too-long")
    } else {
        Ok(Value::from(clean))
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
