//! The frame around every page: header with the switches, navigation, breadcrumbs, footer. What it shows
//! about the session comes in finished; nothing here looks anything up or decides what a person may do.

use actix_web::HttpRequest;
use actix_web::http::Method;
use askama::Template;
use askama::filters::HtmlSafe;
use fluent_templates::fluent_bundle::FluentValue;

use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::time::{Day, Ts};
use crate::web::preferences::{Preferences, Print};
use crate::web::{urls, words};

/// Who is signed in, as the frame shows it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Name as the person writes it.
    pub name: String,
    /// Key of the role, for example `role-handler`.
    pub role: &'static str,
    /// Seconds until the session ends without activity, on the real clock.
    pub session_seconds: u32,
    /// Messages not read yet, as far as they were counted.
    pub unread: usize,
}

/// A link with its words already translated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Address, from [`urls`].
    pub url: String,
    /// Words.
    pub text: String,
    /// Whether it is the page that is being read.
    pub current: Current,
}

/// Whether a link leads to the page that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Current {
    /// This page.
    Here,
    /// Another page.
    Elsewhere,
}

impl Link {
    /// A link to another page.
    pub fn to(url: String, text: impl Into<String>) -> Self {
        Self {
            url,
            text: text.into(),
            current: Current::Elsewhere,
        }
    }

    /// The same link, marked as current when `path` is its page.
    pub fn marked(mut self, path: &str) -> Self {
        if self.url == path {
            self.current = Current::Here;
        }
        self
    }

    /// For templates.
    pub fn is_current(&self) -> bool {
        self.current == Current::Here
    }
}

/// How wide the content runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// For reading and filling in: 960 px.
    #[default]
    Reading,
    /// For desks with dense tables: as wide as the window allows.
    Desk,
}

/// What the frame of every page needs. Each page struct has a field `chrome`.
#[derive(Clone, Debug)]
pub struct Chrome {
    /// Language.
    pub locale: Locale,
    /// Size of print (CAS-8).
    pub print: Print,
    /// Title of the page, translated; the frame adds the service's name.
    pub title: String,
    /// Path and query of this page, where the switches lead back to.
    pub here: String,
    /// The signed-in person.
    pub user: Option<SignedIn>,
    /// Form token of the session, for every form.
    pub csrf: Option<String>,
    /// The shifted clock's time; there in the demo only.
    pub demo: Option<Ts>,
    /// From the home page to the page above this one.
    pub breadcrumbs: Vec<Link>,
    /// Main navigation of the role.
    pub nav: Vec<Link>,
    /// Phone number of the hotline, in every footer.
    pub hotline: Option<String>,
    /// Width of the content.
    pub width: Width,
    /// Whether a form came back with faults; said first in the title, for screen readers.
    pub faulty: bool,
}

impl Chrome {
    /// The frame of a page for somebody who is not signed in; `title` is a key or finished words.
    pub fn new(preferences: Preferences, request: &HttpRequest, title: &str) -> Self {
        let here = request
            .uri()
            .path_and_query()
            .map_or("/", |here| here.as_str());
        Self {
            locale: preferences.locale,
            print: preferences.print,
            title: text(preferences.locale, title),
            here: if request.method() == Method::GET {
                here
            } else {
                request.path()
            }
            .to_owned(),
            user: None,
            csrf: None,
            demo: None,
            breadcrumbs: Vec::new(),
            nav: Vec::new(),
            hotline: None,
            width: Width::Reading,
            faulty: false,
        }
    }

    /// Words of a key.
    pub fn t(&self, key: &str) -> String {
        text(self.locale, key)
    }

    /// Words of a key with one variable.
    pub fn t1<'a>(&self, key: &str, name: &str, value: impl Into<FluentValue<'a>>) -> String {
        text_with(self.locale, key, &[(name, value.into())])
    }

    /// Words of a key with two variables.
    pub fn t2<'a>(
        &self,
        key: &str,
        (first, first_value): (&str, impl Into<FluentValue<'a>>),
        (second, second_value): (&str, impl Into<FluentValue<'a>>),
    ) -> String {
        text_with(
            self.locale,
            key,
            &[(first, first_value.into()), (second, second_value.into())],
        )
    }

    /// A day in words.
    pub fn day(&self, day: &Day) -> String {
        words::day(self.locale, *day)
    }

    /// An instant in words.
    pub fn moment(&self, at: &Ts) -> String {
        words::moment(self.locale, *at)
    }

    /// Money in words, from fen.
    pub fn money(&self, fen: &i64) -> String {
        words::money(self.locale, *fen)
    }

    /// Title of the window.
    pub fn window_title(&self) -> String {
        let mark = if self.faulty {
            self.t("error-prefix")
        } else {
            String::new()
        };
        let space = if self.faulty && self.locale == Locale::En {
            " "
        } else {
            ""
        };
        format!("{mark}{space}{} – {}", self.title, self.t("service-name"))
    }

    /// Everything before the content, for `layout/base.html`.
    pub fn top(&self) -> Top<'_> {
        Top { chrome: self }
    }

    /// Everything after the content, for `layout/base.html`.
    pub fn bottom(&self) -> Bottom<'_> {
        Bottom { chrome: self }
    }

    fn switch_language(&self) -> String {
        urls::set_language(self.other_locale(), &self.here)
    }

    fn other_locale(&self) -> Locale {
        match self.locale {
            Locale::Zh => Locale::En,
            Locale::En => Locale::Zh,
        }
    }

    fn switch_print(&self) -> String {
        urls::set_print(self.print.other(), &self.here)
    }

    fn print_words(&self) -> String {
        self.t(match self.print {
            Print::Normal => "large-print-on",
            Print::Large => "large-print-off",
        })
    }

    fn signed_in_words(&self, user: &SignedIn) -> String {
        self.t2(
            "signed-in-as",
            ("name", user.name.as_str()),
            ("role", self.t(user.role)),
        )
    }

    fn is_large(&self) -> bool {
        self.print == Print::Large
    }

    fn is_wide(&self) -> bool {
        self.width == Width::Desk
    }
}

/// Everything before the content. A template of its own, so that it is compiled once and not once a page.
#[derive(Template)]
#[template(path = "layout/top.html")]
pub struct Top<'a> {
    chrome: &'a Chrome,
}

/// Everything after the content.
#[derive(Template)]
#[template(path = "layout/bottom.html")]
pub struct Bottom<'a> {
    chrome: &'a Chrome,
}

impl HtmlSafe for Top<'_> {}
impl HtmlSafe for Bottom<'_> {}
