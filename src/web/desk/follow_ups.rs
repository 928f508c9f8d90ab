//! Follow-up tasks of bad ratings (CAS-11): what is open with its clock, closing with what was done, what is closed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::case::read_number;
use super::frame;
use super::places::{read_due, written_due};
use super::rows::item_name;
use crate::domain::actor::Role;
use crate::domain::deadline;
use crate::domain::text::cleaned;
use crate::store::follow_ups::{Standing, Task};
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error, rating};
use crate::web::components::{Banner, BannerKind, ErrorSummary, Pages};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{desk as to_desk, oversight as to};

/// Tasks of a page.
const SHOWN: u16 = 50;

/// A task as the page shows it.
struct Row {
    url: String,
    receipt_no: String,
    item: String,
    stars: String,
    remark: String,
    rated: String,
    due: String,
    overdue: bool,
    /// What was done and when.
    done: Option<(String, String)>,
    /// What was typed, and what is wrong with it.
    typed: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/follow_ups.html")]
struct TasksPage {
    chrome: Chrome,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    rows: Vec<Row>,
    is_open: bool,
    pages: Pages,
}

/// What the list was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

/// `GET /desk/follow-ups`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(&[Role::Supervisor])?;
    show(&user, &request, &app, &opened, None).await
}

/// Number of a case, what was typed and what is wrong with it.
type Fault<'a> = (&'a str, &'a str, String);

async fn show(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    fault: Option<Fault<'_>>,
) -> Answer {
    let mut chrome = frame(request, user, "follow-ups-title");
    let (standing, name) = match opened.show.as_str() {
        "closed" => (Standing::Closed, "closed"),
        _ => (Standing::Open, ""),
    };
    let (tasks, rest) =
        rating::tasks(app, &user.actor, standing, read_due(&opened.after), SHOWN).await?;
    let last = tasks.last().filter(|_| rest == Rest::More);
    let next = last.map(|task| {
        let at = task.closed.map_or(task.due, |(at, _)| at);
        to::follow_ups(name, &written_due(at, task.case))
    });
    chrome.faulty = fault.is_some();
    let said = fault
        .as_ref()
        .map(|(number, _, words)| (field(number), words.clone()));
    let content = TasksPage {
        banner: (opened.done == "closed").then(|| {
            Banner::new(
                chrome.locale,
                BannerKind::Success,
                chrome.t("follow-ups-closed-now"),
            )
        }),
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter()
                .map(|(field, words)| (field.as_str(), words.as_str())),
        ),
        rows: tasks
            .iter()
            .map(|task| row(app, &chrome, task, fault.as_ref()))
            .collect(),
        is_open: standing == Standing::Open,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        chrome,
    };
    let status = match fault {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// Name of the field of a case's task.
fn field(receipt_no: &str) -> String {
    format!("words-{receipt_no}")
}

fn row(app: &App, chrome: &Chrome, task: &Task, fault: Option<&Fault<'_>>) -> Row {
    let own = fault.filter(|(number, ..)| *number == task.receipt_no);
    Row {
        url: to_desk::case(&task.receipt_no, &to::follow_ups("", "")),
        receipt_no: task.receipt_no.clone(),
        item: item_name(chrome.locale, &task.item),
        stars: chrome.t1("rating-stars", "stars", u32::from(task.stars)),
        remark: task.remark.clone().unwrap_or_default(),
        rated: chrome.moment(&task.rated_at),
        due: chrome.moment(&task.due),
        overdue: task.closed.is_none() && deadline::is_late(task.due, app.clock.now()),
        done: task
            .closed
            .map(|(at, _)| (chrome.moment(&at), task.words.clone().unwrap_or_default())),
        typed: own
            .map(|(_, typed, _)| (*typed).to_owned())
            .unwrap_or_default(),
        error: own.map(|(.., words)| words.clone()),
    }
}

/// What is sent to close a task.
#[derive(Debug, Deserialize)]
pub struct Closing {
    #[serde(default)]
    words: String,
}

/// `POST /desk/follow-ups/{receipt_no}/close`.
pub async fn close(
    sent: Sent<Closing>,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    let user = sent.user;
    user.actor.require(&[Role::Supervisor])?;
    let receipt_no = read_number(&number)?;
    let words = cleaned(&sent.form.words);
    match rating::close(&app, &user.actor, &receipt_no, &words).await {
        Ok(()) => Ok(see_other(&format!(
            "{}?done=closed",
            to::follow_ups("", "")
        ))),
        Err(Error::Invalid(errors)) => {
            let chrome = frame(&request, &user, "follow-ups-title");
            let said = errors
                .first()
                .map(|error| field_message(chrome.locale, error));
            let fault = (
                receipt_no.as_str(),
                words.as_str(),
                said.unwrap_or_default(),
            );
            show(&user, &request, &app, &Opened::default(), Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}
