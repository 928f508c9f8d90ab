//! Forms: what an item asks, and reading what was answered. One definition drives pages, JSON schema,
//! checks and guides. No texts here: names are keys of the texts.

use serde::{Deserialize, Serialize};

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
}

impl FieldError {
    /// An error without values.
    pub fn new(field: &str, code: &str) -> Self {
        Self {
            field: field.to_owned(),
            code: code.to_owned(),
            values: vec![],
        }
    }

    /// The same with one more value for its text.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }
}
