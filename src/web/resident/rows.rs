//! The page of a question that is answered in lines (RB-5): the lines so far, what they come to, a form for one more or for one to be
//! changed, and the way to bring a whole list. Works without scripts; what is typed is kept before it is judged.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::answers::Reader;
use super::question::{self, Asked, From, field, leads_to};
use super::row_words::sums;
use super::steps::{self, Page};
use super::{draft_id, frame, only_residents};
use crate::data::texts::text;
use crate::domain::form::{Answers, Field, FieldError};
use crate::domain::ids::CaseId;
use crate::domain::locale::Locale;
use crate::usecases::drafting::{self, Opened, list_file, rows};
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::forms::Field as Control;
use crate::web::components::{ErrorSummary, Pages, Steps};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::row_table::{Doings, RowTable, within};
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// Lines of one page.
const PAGE: usize = 50;
/// Faults named on top; the lines themselves bear all of theirs.
const NAMED: usize = 20;

type Typed = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "resident/rows.html")]
struct RowsPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    steps: Steps,
    back: String,
    id: CaseId,
    hint: String,
    action: String,
    list: Option<RowTable>,
    sums: Vec<String>,
    pages: Pages,
    form_title: String,
    controls: Vec<Control>,
    keep: String,
    import: Option<String>,
}

/// Which lines are shown, which one is changed, and what is wrong.
#[derive(Debug, Default)]
pub struct View {
    /// The page of the list, from 1.
    pub page: usize,
    /// The line that is changed; none: one more is typed.
    pub line: Option<usize>,
    /// Faults of this question.
    pub errors: Vec<FieldError>,
}

/// What the address says beside the question.
#[derive(Debug, Default, Deserialize)]
pub struct At {
    #[serde(default)]
    from: String,
    line: Option<usize>,
    page: Option<usize>,
}

impl At {
    fn from(&self) -> From {
        From {
            from: self.from.clone(),
        }
    }

    fn view(&self) -> View {
        View {
            page: self.page.unwrap_or(1).max(1),
            line: self.line,
            errors: vec![],
        }
    }
}

/// The question's page as it is asked.
pub fn ask(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    field: &'static Field,
) -> Result<HttpResponse, Failure> {
    let at = web::Query::<At>::from_query(request.query_string())
        .map_err(|_| Failure::not_found())?
        .into_inner();
    show(request, app, opened, field, &at.from(), at.view())
}

/// What was sent: one more line, a changed one, or on to the next question.
pub async fn answer(
    request: &HttpRequest,
    app: &App,
    user: &SignedIn,
    (id, field): (CaseId, &'static Field),
    from: &From,
    typed: Typed,
) -> Answer {
    let goes_on = typed
        .iter()
        .any(|(name, value)| name == "do" && value == "go");
    let touched = typed.iter().find_map(|(name, _)| place(field, name));
    let (added, mut errors) = match rows::add(app, &user.actor, id, field, typed).await {
        Ok(added) => (added, vec![]),
        Err(Error::Invalid(errors)) => (None, errors),
        Err(error) => return Err(error.into()),
    };
    let opened = drafting::open(app, &user.actor, id).await?;
    errors.extend(of_field(&opened, field));
    let line = added.or(touched);
    let own = |error: &&FieldError| goes_on || line.is_some() && number(field, error) == line;
    let found: Vec<FieldError> = errors.iter().filter(own).cloned().collect();
    let is_full = errors.iter().any(|error| error.code == "rows-too-many");
    if found.is_empty() && !is_full {
        return Ok(see_other(&match goes_on {
            true => leads_to(&opened, field, from),
            false => to::rows(id, field.name, &from.from, page_of(last(&opened, field))),
        }));
    }
    let first = found.iter().find_map(|error| number(field, error));
    let view = View {
        page: page_of(first.unwrap_or(1)),
        line: line.filter(|line| Some(*line) == first).or(first),
        errors: if is_full { errors } else { found },
    };
    show(request, app, &opened, field, from, view)
}

fn last(opened: &Opened, field: &Field) -> usize {
    opened.draft.answers.rows(field.name).len()
}

fn page_of(line: usize) -> usize {
    line.saturating_sub(1) / PAGE + 1
}

/// The number of the line that a cell's name (`lines.3.amount`) is of.
fn place(field: &Field, name: &str) -> Option<usize> {
    let rest = name.strip_prefix(field.name)?.strip_prefix('.')?;
    rest.split('.').next()?.parse().ok()
}

fn number(field: &Field, error: &FieldError) -> Option<usize> {
    place(field, &error.field)
}

/// The faults of a question and of its lines.
fn of_field(opened: &Opened, field: &Field) -> Vec<FieldError> {
    let errors = opened.findings.errors.iter();
    errors
        .filter(|error| error.field.split('.').next() == Some(field.name))
        .cloned()
        .collect()
}

/// How many lines a taker-off has seen.
#[derive(Debug, Deserialize)]
pub struct Seen {
    #[serde(default)]
    seen: usize,
}

/// `POST /apply/draft/{id}/{field}/{line}/remove`.
pub async fn remove(
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
    sent: Sent<Seen>,
) -> Answer {
    only_residents(&sent.user)?;
    let id = draft_id(&path.0)?;
    let opened = drafting::open(&app, &sent.user.actor, id).await?;
    let field = field(&opened, &path.1)?;
    rows::columns(field).ok_or_else(Failure::not_found)?;
    let line: usize = path.2.parse().map_err(|_| Failure::not_found())?;
    rows::remove(&app, &sent.user.actor, id, field, (line, sent.form.seen)).await?;
    Ok(see_other(&to::rows(
        id,
        field.name,
        "",
        page_of(line.saturating_sub(1)),
    )))
}

/// The pages before and after one of so many lines.
fn pages(locale: Locale, page: usize, lines: usize, url: impl Fn(usize) -> String) -> Pages {
    Pages {
        locale,
        previous: (page > 1).then(|| url(page - 1)),
        next: (page * PAGE < lines).then(|| url(page + 1)),
    }
}

fn show(
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    field: &'static Field,
    from: &From,
    view: View,
) -> Result<HttpResponse, Failure> {
    let (columns, _) = rows::columns(field).ok_or_else(Failure::not_found)?;
    let (id, slug) = (opened.draft.id, opened.item.slug);
    let mut chrome = frame(request, &format!("field-{slug}-{}-question", field.name));
    chrome.faulty = !view.errors.is_empty();
    let locale = chrome.locale;
    let all = opened.draft.answers.rows(field.name);
    let line = view.line.filter(|line| (1..=all.len()).contains(line));
    let reader = Reader {
        locale,
        slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let form = Form {
        reader: &reader,
        field,
        columns,
        errors: &view.errors,
    };
    let content = RowsPage {
        errors: summary(&chrome, &form, line),
        steps: steps::bar(opened, Page::Question(field), locale),
        back: question::back(opened, field, from),
        id,
        hint: chrome.t(&format!("field-{slug}-{}-hint", field.name)),
        action: question::action(id, field, from),
        list: list(&chrome, &form, opened, (&all, view.page), from),
        sums: sums(&chrome, opened, field),
        pages: pages(locale, view.page, all.len(), |page| {
            to::rows(id, field.name, &from.from, page)
        }),
        form_title: match line {
            Some(line) => chrome.t1("rows-change", "number", line.to_string()),
            None => chrome.t("rows-one-more"),
        },
        controls: form.controls(opened, line),
        keep: chrome.t(match line {
            Some(_) => "rows-keep",
            None => "rows-add",
        }),
        import: list_file::headings(field).map(|_| to::rows_import(id, field.name)),
        chrome,
    };
    let status = match view.errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// Faults on top: each leads to its cell where that is being typed, else to its line.
fn summary(chrome: &Chrome, form: &Form<'_>, line: Option<usize>) -> Option<ErrorSummary> {
    let said: Vec<(String, String)> = form
        .errors
        .iter()
        .take(NAMED)
        .map(|error| {
            let at = number(form.field, error);
            let name = match at {
                Some(number) if Some(number) != line => format!("{}.{number}", form.field.name),
                _ => error.field.clone(),
            };
            let words = form.words(error);
            match at {
                Some(number) => (
                    name,
                    chrome.t2(
                        "rows-fault",
                        ("number", number.to_string()),
                        ("fault", words),
                    ),
                ),
                None => (name, words),
            }
        })
        .collect();
    let pairs = said
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()));
    ErrorSummary::of(chrome.locale, pairs)
}

/// What one question's lines are shown with.
struct Form<'a> {
    reader: &'a Reader<'a>,
    field: &'static Field,
    columns: &'static [Field],
    errors: &'a [FieldError],
}

impl Form<'_> {
    /// A fault with the name of its column.
    fn words(&self, error: &FieldError) -> String {
        let locale = self.reader.locale;
        let fault = field_message(locale, error);
        match error
            .field
            .splitn(3, '.')
            .nth(2)
            .filter(|column| !column.is_empty())
        {
            None => fault,
            Some(column) => {
                let inner = within(self.reader.slug, self.field.name);
                format!(
                    "{} {fault}",
                    text(locale, &format!("field-{inner}-{column}"))
                )
            }
        }
    }

    /// The cells of the line that is changed or typed.
    fn controls(&self, opened: &Opened, line: Option<usize>) -> Vec<Control> {
        let answers = &opened.draft.answers;
        let (place, row) = match line {
            Some(line) => {
                let row = answers.rows(self.field.name).into_iter().nth(line - 1);
                (line.to_string(), row.unwrap_or_default())
            }
            None => (
                rows::NEW.to_owned(),
                rows::being_typed(answers, self.field.name),
            ),
        };
        let slug = within(self.reader.slug, self.field.name);
        let columns = self.columns.iter();
        columns
            .map(|column| {
                let name = format!("{}.{place}.{}", self.field.name, column.name);
                let given = rows::typed(column, &row);
                let error = self.errors.iter().find(|error| error.field == name);
                Asked {
                    locale: self.reader.locale,
                    slug: &slug,
                    name: &name,
                    label: text(self.reader.locale, &format!("field-{slug}-{}", column.name)),
                    error: error.map(|error| field_message(self.reader.locale, error)),
                    given: &given,
                    heading: false,
                }
                .control(column, self.reader)
            })
            .collect()
    }
}

fn list(
    chrome: &Chrome,
    form: &Form<'_>,
    opened: &Opened,
    (all, page): (&[Answers], usize),
    from: &From,
) -> Option<RowTable> {
    let (id, name) = (opened.draft.id, form.field.name);
    let before = page.saturating_sub(1).saturating_mul(PAGE);
    let shown: Vec<Answers> = all.iter().skip(before).take(PAGE).cloned().collect();
    let faulty = of_field(opened, form.field);
    if shown.is_empty() {
        return None;
    }
    let table = RowTable::of_answers(form.reader, form.field, form.columns, &shown, before + 1);
    let csrf = chrome.csrf.clone().unwrap_or_default();
    Some(table.acting(
        (csrf, all.len()),
        |number| Doings {
            change: to::row(id, name, &from.from, (page, number)),
            remove: to::row_remove(id, name, number),
        },
        |line| {
            let own = faulty
                .iter()
                .filter(|error| number(form.field, error) == Some(line));
            own.map(|error| form.words(error)).collect()
        },
    ))
}
