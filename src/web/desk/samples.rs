//! Random samples for a second look: drawing one, reading it, writing down what was found.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::Days;
use serde::Deserialize;

use super::frame;
use super::rows::item_name;
use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::domain::ids::AccountId;
use crate::domain::sample::{Finding, LARGEST};
use crate::domain::text::cleaned;
use crate::store::samples::{Drawn, Sample};
use crate::usecases::sampling::{self, Wish};
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{desk as to_desk, oversight as to};

/// The samples and the form for a new one.
#[derive(Template)]
#[template(path = "desk/samples.html")]
struct SamplesPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    /// What a new sample is drawn from; none for who only reads.
    fields: Vec<TextField>,
    rows: Vec<(Link, String, String)>,
}

/// One sample.
#[derive(Template)]
#[template(path = "desk/sample.html")]
struct SamplePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    sample: String,
    summary: String,
    rows: Vec<Row>,
}

struct Row {
    url: String,
    receipt_no: String,
    item: String,
    case: String,
    /// What was found, by whom, and what is wrong.
    found: Option<(String, String, String)>,
    can_look: bool,
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    sample: String,
}

/// `GET /desk/samples`: all of them, or one.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(sampling::READERS)?;
    match opened.sample.as_str() {
        "" => show_all(&user, &request, &app, &Asked::usual(&app), &[]).await,
        sample => show_one(&user, &request, &app, sample, None).await,
    }
}

/// What a sample is drawn from, as typed.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    wanted: String,
    #[serde(default)]
    seed: String,
}

impl Asked {
    fn usual(app: &App) -> Self {
        let today = app.clock.now().day();
        Self {
            from: (today - Days::new(30)).to_string(),
            to: today.to_string(),
            wanted: "10".to_owned(),
            seed: String::new(),
        }
    }

    fn wish(&self) -> Result<Wish, Error> {
        let mut errors = vec![];
        let day = |name: &str, typed: &str, errors: &mut Vec<FieldError>| {
            let day = typed.trim().parse().ok();
            if day.is_none() {
                errors.push(FieldError::new(name, "day-impossible"));
            }
            day
        };
        let (from, to) = (
            day("from", &self.from, &mut errors),
            day("to", &self.to, &mut errors),
        );
        let number = |name: &str, typed: &str, errors: &mut Vec<FieldError>| {
            let number = typed
                .trim()
                .parse::<u32>()
                .ok()
                .filter(|number| *number <= 2_147_483_647);
            if number.is_none() {
                errors.push(FieldError::new(name, "number-malformed"));
            }
            number
        };
        let wanted = number("wanted", &self.wanted, &mut errors);
        let seed = match self.seed.trim() {
            "" => None,
            typed => number("seed", typed, &mut errors),
        };
        match (from, to, wanted, errors.is_empty()) {
            (Some(from), Some(to), Some(wanted), true) => Ok(Wish {
                from,
                to,
                wanted: u16::try_from(wanted).unwrap_or(u16::MAX),
                seed,
            }),
            _ => Err(Error::Invalid(errors)),
        }
    }
}

/// `POST /desk/samples`: draws one.
pub async fn draw(sent: Sent<Asked>, request: HttpRequest, app: web::Data<App>) -> Answer {
    let user = sent.user;
    user.actor.require(&[Role::Supervisor])?;
    let drawn = match sent.form.wish() {
        Ok(wish) => sampling::draw(&app, &user.actor, wish).await,
        Err(error) => Err(error),
    };
    match drawn {
        Ok(id) => Ok(see_other(&to::samples(&id.to_string()))),
        Err(Error::Invalid(errors)) => show_all(&user, &request, &app, &sent.form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn show_all(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    asked: &Asked,
    errors: &[FieldError],
) -> Answer {
    let mut chrome = frame(request, user, "samples-title");
    chrome.faulty = !errors.is_empty();
    let (samples, names) = sampling::latest(app, &user.actor).await?;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(chrome.locale, error)))
        .collect();
    let content = SamplesPage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter().map(|(n, w)| (n.as_str(), w.as_str())),
        ),
        fields: match user.actor.role {
            Role::Supervisor => fields(&chrome, asked, &said),
            _ => vec![],
        },
        rows: samples
            .iter()
            .map(|sample| {
                let link = Link::to(
                    to::samples(&sample.id.to_string()),
                    chrome.moment(&sample.drawn_at),
                );
                let by = names.get(&sample.drawn_by).cloned().unwrap_or_default();
                (link, summary(&chrome, sample), by)
            })
            .collect(),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn fields(chrome: &Chrome, asked: &Asked, said: &[(String, String)]) -> Vec<TextField> {
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let field = |name: &str, key: &str, kind, value: &str| {
        TextField::new(chrome.locale, name, chrome.t(key))
            .kind(kind)
            .value(value)
            .error(fault(name))
    };
    vec![
        field("from", "period-from", InputKind::Date, &asked.from),
        field("to", "period-to", InputKind::Date, &asked.to),
        field("wanted", "samples-wanted", InputKind::Number, &asked.wanted).hint(chrome.t1(
            "samples-wanted-hint",
            "most",
            u32::from(LARGEST),
        )),
        field("seed", "samples-seed", InputKind::Number, &asked.seed)
            .hint(chrome.t("samples-seed-hint"))
            .optional(),
    ]
}

fn summary(chrome: &Chrome, sample: &Sample) -> String {
    let values = [
        ("from", chrome.day(&sample.from).into()),
        ("to", chrome.day(&sample.to).into()),
        ("wanted", sample.wanted.into()),
        ("population", sample.population.into()),
        ("seed", sample.seed.to_string().into()),
    ];
    crate::data::texts::text_with(chrome.locale, "samples-summary", &values)
}

async fn show_one(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    sample: &str,
    fault: Option<String>,
) -> Answer {
    let mut chrome = frame(request, user, "samples-title");
    chrome.faulty = fault.is_some();
    chrome.here = to::samples(sample);
    let id = sample.parse().map_err(|_| Failure::not_found())?;
    let whole = sampling::whole(app, &user.actor, id).await?;
    let can_look = user.actor.role == Role::Supervisor;
    let content = SamplePage {
        errors: ErrorSummary::of(
            chrome.locale,
            fault.iter().map(|words| ("", words.as_str())),
        ),
        sample: sample.to_owned(),
        summary: summary(&chrome, &whole.sample),
        rows: whole
            .cases
            .iter()
            .map(|drawn| row(&chrome, drawn, &whole.names, can_look))
            .collect(),
        chrome,
    };
    let status = match fault {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn row(chrome: &Chrome, drawn: &Drawn, names: &BTreeMap<AccountId, String>, can_look: bool) -> Row {
    Row {
        url: to_desk::case(&drawn.receipt_no, ""),
        receipt_no: drawn.receipt_no.clone(),
        item: item_name(chrome.locale, &drawn.item),
        case: drawn.case.to_string(),
        can_look: can_look && drawn.found.is_none(),
        found: drawn.found.map(|(finding, by, at)| {
            let by = names.get(&by).cloned().unwrap_or_default();
            (
                chrome.t(&format!("finding-{finding}")),
                format!("{by} {}", chrome.moment(&at)),
                drawn.words.clone().unwrap_or_default(),
            )
        }),
    }
}

/// What was found in a case.
#[derive(Debug, Deserialize)]
pub struct Found {
    #[serde(default)]
    sample: String,
    #[serde(default)]
    case: String,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    words: String,
}

/// `POST /desk/samples/look`: writes down what was found, once.
pub async fn look(sent: Sent<Found>, request: HttpRequest, app: web::Data<App>) -> Answer {
    let (user, form) = (sent.user, sent.form);
    user.actor.require(&[Role::Supervisor])?;
    let chrome = frame(&request, &user, "samples-title");
    let (Ok(id), Ok(case)) = (form.sample.parse(), form.case.parse()) else {
        let error = FieldError::new("sample", "required");
        return Err(Error::Invalid(vec![error]).into());
    };
    let Ok(finding) = form.finding.parse::<Finding>() else {
        return show_one(
            &user,
            &request,
            &app,
            &form.sample,
            Some(chrome.t("samples-choose")),
        )
        .await;
    };
    let words = Some(cleaned(&form.words)).filter(|words| !words.is_empty());
    match sampling::look(&app, &user.actor, id, case, finding, words).await {
        Ok(()) => Ok(see_other(&to::samples(&form.sample))),
        Err(Error::Invalid(_)) => {
            let said = Some(chrome.t1("samples-say-what", "most", sampling::LONGEST.to_string()));
            show_one(&user, &request, &app, &form.sample, said).await
        }
        Err(error) => Err(error.into()),
    }
}
