//! The contacts of a case on the desk's page of the case: whom it asked, until when, what they answered.

use askama::Template;
use askama::filters::HtmlSafe;

use super::words::{outcome_words, state_tag};
use super::{agency_name, message_words};
use crate::domain::contact::Contact;
use crate::domain::locale::Locale;
use crate::usecases::App;
use crate::web::components::Tag;
use crate::web::urls::contacts as to;
use crate::{data::texts::text, web::words};

/// A contact of the case.
struct Row {
    url: String,
    target: String,
    state: Tag,
    message: String,
    lines: Vec<String>,
}

/// The panel; nothing where nobody was asked.
#[derive(Template)]
#[template(path = "contacts/panel.html")]
pub struct Panel {
    title: String,
    rows: Vec<Row>,
}

impl HtmlSafe for Panel {}

impl Panel {
    /// From the first legs of a case's threads, each with the leg it led to.
    pub fn new(app: &App, locale: Locale, contacts: &[(Contact, Option<Contact>)]) -> Self {
        Self {
            title: text(locale, "contacts-of-case"),
            rows: contacts
                .iter()
                .map(|(first, onward)| row(app, locale, first, onward.as_ref()))
                .collect(),
        }
    }
}

fn row(app: &App, locale: Locale, first: &Contact, onward: Option<&Contact>) -> Row {
    let last = onward.unwrap_or(first);
    Row {
        url: to::one(&first.id.to_string()),
        target: agency_name(app, locale, first.matter.target),
        state: state_tag(locale, last.state(app.clock.now())),
        message: message_words(locale, first),
        lines: [Some(first), onward]
            .into_iter()
            .flatten()
            .flat_map(|leg| lines(app, locale, leg))
            .collect(),
    }
}

fn lines(app: &App, locale: Locale, leg: &Contact) -> Vec<String> {
    let agency = agency_name(app, locale, leg.receiver);
    match &leg.answered {
        None => vec![crate::data::texts::text_with(
            locale,
            "contact-line-waits",
            &[
                ("agency", agency.into()),
                ("moment", words::moment(locale, leg.term.due).into()),
            ],
        )],
        Some(answered) => {
            let said = crate::data::texts::text_with(
                locale,
                "contact-line-answered",
                &[
                    ("agency", agency.into()),
                    ("moment", words::moment(locale, answered.at).into()),
                    ("result", outcome_words(locale, leg, answered).into()),
                ],
            );
            let remark = Some(answered.remark.clone()).filter(|remark| !remark.is_empty());
            std::iter::once(said).chain(remark).collect()
        }
    }
}
