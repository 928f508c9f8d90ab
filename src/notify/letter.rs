//! A notice as a letter: words, a link to the page that it leads to, the hotline; the same in text and in HTML. Markup in
//! a value is shown as text, and no value reaches a line of its own (CAS-12).

use std::collections::BTreeMap;

use askama::Template;

use super::words::{one_line, words};
use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::notice::{Kind, Readers};

/// What is said around a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Around {
    /// Address of the page that the notice leads to.
    pub link: String,
    /// The agency's hotline.
    pub hotline: String,
}

/// A letter in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its language.
    pub locale: Locale,
    /// One line, nothing sensitive.
    pub subject: String,
    /// As plain text.
    pub text: String,
    /// As HTML.
    pub html: String,
}

#[derive(Template)]
#[template(path = "notices/mail.html")]
struct Page<'a> {
    locale: Locale,
    subject: &'a str,
    greeting: &'a str,
    lines: &'a [String],
    leads: &'a str,
    link: &'a str,
    hotline: &'a str,
    automatic: &'a str,
}

/// What stands before the link.
fn leads(kind: Kind) -> &'static str {
    match kind.readers() {
        Readers::Public => "notice-progress",
        Readers::Desk if kind.is_of_contact() => "notice-open-contact",
        Readers::Desk => "notice-open-case",
        Readers::Administration => "notice-open-outbox",
    }
}

/// Writes the letter of a notice.
pub fn letter(
    locale: Locale,
    kind: Kind,
    particulars: &BTreeMap<String, String>,
    around: &Around,
) -> Letter {
    let words = words(locale, kind, particulars);
    let page = Page {
        locale,
        subject: &words.subject,
        greeting: &text(locale, "notice-greeting"),
        lines: &words.lines,
        leads: &text(locale, leads(kind)),
        link: &one_line(&around.link),
        hotline: &text_with(
            locale,
            "notice-hotline",
            &[("phone", one_line(&around.hotline).into())],
        ),
        automatic: &text(locale, "notice-automatic"),
    };
    let mut lines = vec![page.greeting.to_owned(), String::new()];
    lines.extend(words.lines.iter().cloned());
    lines.extend([
        String::new(),
        format!("{} {}", page.leads, page.link),
        page.hotline.to_owned(),
        page.automatic.to_owned(),
    ]);
    Letter {
        locale,
        text: lines.join("\n") + "\n",
        // The template writes to a string, which never fails.
        html: page.render().unwrap_or_default(),
        subject: words.subject,
    }
}
