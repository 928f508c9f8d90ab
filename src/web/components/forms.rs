//! Fields of any kind in one list, and the summary of what is wrong with them.

use askama::Template;
use askama::filters::HtmlSafe;

use super::choices::{Checks, Choice, Select};
use super::fields::{Area, FileField, TextField, field_id};
use crate::data::texts::text_with;
use crate::domain::locale::Locale;

/// Any field, for forms described by data.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% match self %}{% when Self::Text(f) %}{{ f }}{% when Self::Area(f) %}{{ f }}{% when Self::Choice(f) %}{{ f }}{% when Self::Checks(f) %}{{ f }}{% when Self::Select(f) %}{{ f }}{% when Self::File(f) %}{{ f }}{% endmatch %}",
    ext = "html"
)]
pub enum Field {
    /// One line.
    Text(TextField),
    /// Several lines.
    Area(Area),
    /// Radio buttons.
    Choice(Choice),
    /// Checkboxes.
    Checks(Checks),
    /// A list.
    Select(Select),
    /// Files.
    File(FileField),
}

impl HtmlSafe for Field {}

/// All faults of a form, on top of the page; each leads to its field.
#[derive(Clone, Debug, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    heading: String,
    faults: Vec<(String, String)>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// From pairs of field name and translated message; `None` when there is no fault. A fault with an
    /// empty field name concerns the form as a whole.
    pub fn of<'a>(
        locale: Locale,
        faults: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<Self> {
        let faults: Vec<_> = faults
            .into_iter()
            .map(|(name, message)| {
                (
                    if name.is_empty() {
                        String::new()
                    } else {
                        field_id(name)
                    },
                    message.to_owned(),
                )
            })
            .collect();
        let heading = text_with(locale, "errors-found", &[("count", faults.len().into())]);
        (!faults.is_empty()).then_some(Self { heading, faults })
    }
}
