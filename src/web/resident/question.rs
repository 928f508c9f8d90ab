//! One question a page. What is typed is kept before it is judged; a fault leads back to the question with the
//! text still there.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::answers::Reader;
use super::steps::{self, Page};
use super::{draft_id, frame, in_words, only_residents};
use crate::data::texts::text;
use crate::domain::form::{Field, FieldError, Kind, Need};
use crate::domain::ids::CaseId;
use crate::domain::item::ServiceItem;
use crate::domain::locale::Locale;
use crate::domain::region::Regions;
use crate::usecases::App;
use crate::usecases::drafting::{self, Opened};
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{
    Area, Choice, ErrorSummary, Group, InputKind, Opt, Select, Steps, TextField,
};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

type Typed = Vec<(String, String)>;

/// A question.
#[derive(Template)]
#[template(path = "resident/question.html")]
struct QuestionPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    steps: Steps,
    back: String,
    id: CaseId,
    action: String,
    control: Control,
}

/// Where a question leads on to.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// `GET /apply/draft/{id}/{field}`.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    from: web::Query<From>,
) -> Answer {
    only_residents(&user)?;
    let opened = drafting::open(&app, &user.actor, draft_id(&path.0)?).await?;
    let field = field(&opened, &path.1)?;
    Ok(question(&request, &app, &opened, field, &from, &[]))
}

fn field(opened: &Opened, name: &str) -> Result<&'static Field, Failure> {
    opened
        .item
        .form
        .field(name)
        .filter(|field| !steps::is_pledge(field))
        .ok_or_else(Failure::not_found)
}

/// `POST /apply/draft/{id}/{field}`.
pub async fn answer(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    from: web::Query<From>,
    sent: Sent<Typed>,
) -> Answer {
    only_residents(&sent.user)?;
    let id = draft_id(&path.0)?;
    let actor = &sent.user.actor;
    let typed = sent.form.into_iter().filter(|(name, _)| *name == path.1);
    let mut typed: Typed = typed.collect();
    if typed.is_empty() {
        // No radio button pressed: browsers leave the field out.
        typed.push((path.1.clone(), String::new()));
    }
    drafting::save(&app, actor, id, typed).await?;
    let opened = drafting::open(&app, actor, id).await?;
    let field = field(&opened, &path.1)?;
    let errors: Vec<FieldError> = (opened.findings.errors.iter())
        .filter(|error| error.field == field.name)
        .cloned()
        .collect();
    if !errors.is_empty() {
        return Ok(question(&request, &app, &opened, field, &from, &errors));
    }
    let next = match from.from.as_str() {
        // An answer that asks for papers leads to them first.
        "check" if !lacks_papers(&opened) => Page::Check,
        _ => steps::after(&opened, Page::Question(field)),
    };
    Ok(see_other(&next.url(&opened)))
}

fn lacks_papers(opened: &Opened) -> bool {
    opened.needed().values().any(Vec::is_empty)
}

/// `POST /apply/draft/{id}/autosave`: what scripts send after a pause.
pub async fn autosave(app: web::Data<App>, id: web::Path<String>, sent: Sent<Typed>) -> Answer {
    only_residents(&sent.user)?;
    drafting::save(&app, &sent.user.actor, draft_id(&id)?, sent.form).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn question(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    field: &'static Field,
    from: &From,
    errors: &[FieldError],
) -> HttpResponse {
    let (id, slug) = (opened.draft.id, opened.item.slug);
    let mut chrome = frame(request, &format!("field-{slug}-{}-question", field.name));
    chrome.faulty = !errors.is_empty();
    let said = in_words(chrome.locale, errors);
    let at_check = from.from == "check";
    let back = match steps::before(opened, Page::Question(field)) {
        _ if at_check => to::check(id),
        Some(before) => before.url(opened),
        None => to::apply(slug),
    };
    let error = said.first().map(|(_, words)| words.clone());
    let content = QuestionPage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter()
                .map(|(name, words)| (name.as_str(), words.as_str())),
        ),
        steps: steps::bar(opened, Page::Question(field), chrome.locale),
        back,
        id,
        action: match at_check {
            true => to::question_from_check(id, field.name),
            false => to::question(id, field.name),
        },
        control: control(&chrome, app, opened, field, error),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

fn control(
    chrome: &Chrome,
    app: &App,
    opened: &Opened,
    field: &'static Field,
    error: Option<String>,
) -> Control {
    let question = Asked {
        locale: chrome.locale,
        slug: opened.item.slug,
        label: chrome.title.clone(),
        error,
        given: opened.draft.answers.text(field.name).unwrap_or_default(),
        heading: true,
    };
    let reader = Reader {
        locale: chrome.locale,
        slug: opened.item.slug,
        regions: &app.office.regions,
        registrations: &opened.registrations,
    };
    question.control(field, &reader)
}

/// A question with what was typed and what is wrong with it.
pub struct Asked<'a> {
    /// Language.
    pub locale: Locale,
    /// Slug of the item.
    pub slug: &'a str,
    /// The question.
    pub label: String,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// What was typed before.
    pub given: &'a str,
    /// Whether it is the heading of the page.
    pub heading: bool,
}

/// Hint, fault, "optional" and heading, alike for every kind of control.
macro_rules! dressed {
    ($asked:expr, $field:expr, $control:expr) => {{
        let mut control = $control
            .error($asked.error.clone())
            .hint($asked.hint($field));
        if $field.need == Need::Optional {
            control = control.optional();
        }
        if $asked.heading {
            control = control.heading();
        }
        control
    }};
}

impl Asked<'_> {
    /// The control for a field's kind.
    pub fn control(self, field: &'static Field, reader: &Reader<'_>) -> Control {
        let (locale, name, label) = (self.locale, field.name, self.label.clone());
        match &field.kind {
            Kind::Choice(options) => {
                let options = options.iter().map(|option| self.option(name, option));
                let choice = Choice::new(locale, name, label, options.collect());
                Control::Choice(dressed!(self, field, choice))
            }
            Kind::Region => {
                let groups = regions(locale, reader.regions, self.given);
                let select = Select::new(locale, name, label, groups);
                Control::Select(dressed!(self, field, select))
            }
            Kind::Registration => {
                let choice = Choice::new(locale, name, label, self.own(reader));
                Control::Choice(dressed!(self, field, choice))
            }
            Kind::Text(longest) => {
                let longest = u32::try_from(*longest).unwrap_or(u32::MAX);
                let area = Area::new(locale, name, label)
                    .max(longest)
                    .value(self.given);
                Control::Area(dressed!(self, field, area))
            }
            // A plain field for days: what was typed is kept even when it is no day.
            Kind::Day | Kind::Pledge => Control::Text(self.line(field, InputKind::Short)),
            Kind::Phone => Control::Text(self.line(field, InputKind::Phone)),
        }
    }

    fn line(&self, field: &Field, kind: InputKind) -> TextField {
        let line = TextField::new(self.locale, field.name, self.label.clone())
            .kind(kind)
            .value(self.given);
        dressed!(self, field, line)
    }

    /// The registrations a change or cancellation may be about (XR-2).
    fn own(&self, reader: &Reader<'_>) -> Vec<Opt> {
        let free = reader.registrations.iter().filter(|r| r.is_free());
        free.map(|r| Opt::new(r.id.to_string(), reader.registration(r)).chosen_if(self.given))
            .collect()
    }

    fn hint(&self, field: &Field) -> String {
        text(
            self.locale,
            &format!("field-{}-{}-hint", self.slug, field.name),
        )
    }

    fn option(&self, field: &str, option: &str) -> Opt {
        let key = format!("choice-{}-{field}-{option}", self.slug);
        Opt::new(option, text(self.locale, &key))
            .hint(text(self.locale, &format!("{key}-hint")))
            .chosen_if(self.given)
    }
}

/// Why it is urgent, where the item may be (CAT-4).
pub fn urgent(
    locale: Locale,
    item: &ServiceItem,
    given: &str,
    error: Option<String>,
) -> Option<Select> {
    if item.urgent_reasons.is_empty() {
        return None;
    }
    let reasons = item.urgent_reasons.iter().map(|reason| {
        Opt::new(*reason, text(locale, &format!("urgent-{reason}"))).chosen_if(given)
    });
    let select = Select::flat(
        locale,
        "urgent",
        text(locale, "urgent-question"),
        reasons.collect(),
    );
    let hint = text(locale, "urgent-hint");
    Some(select.optional().hint(hint).error(error))
}

/// Destinations under their provinces.
pub(in crate::web) fn regions(locale: Locale, regions: &Regions, given: &str) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = vec![];
    for region in regions.destinations() {
        let province = region.code.province();
        let option = Opt::new(region.code.to_string(), region.name(locale)).chosen_if(given);
        let key = province.to_string();
        match groups.last_mut().filter(|(last, _)| *last == key) {
            Some((_, group)) => group.options.push(option),
            None => groups.push((
                key,
                Group {
                    label: regions.name(province, locale).map(str::to_owned),
                    options: vec![option],
                },
            )),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
