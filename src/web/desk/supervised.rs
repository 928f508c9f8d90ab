//! Lists of the supervisor's desk, from which many cases are given to somebody else at once, and what became of each.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use super::places::{read_due, written_due};
use super::rows::{deadline_of, item_name, masked};
use crate::domain::actor::{Actor, Role};
use crate::domain::ids::AccountId;
use crate::domain::text::cleaned;
use crate::items;
use crate::store::cases::Listed;
use crate::usecases::error::Conflict;
use crate::usecases::listing::{self, Rest};
use crate::usecases::supervised::{self, Show};
use crate::usecases::supervising;
use crate::usecases::{App, Error, reassigning};
use crate::web::components::{Area, Deadline, ErrorSummary, Opt, Pages, Select, Tag};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{self, oversight as to};

/// Characters of a reason at most.
const LONGEST: usize = 500;

/// A case that can be picked.
pub(super) struct Pick {
    pub(super) url: String,
    pub(super) receipt_no: String,
    /// What is sent when it is picked: number and version; empty where it can't be.
    pub(super) value: String,
    pub(super) item: String,
    pub(super) person: String,
    pub(super) state: Tag,
    pub(super) deadline: Deadline,
    pub(super) holder: String,
}

impl Pick {
    pub(super) fn new(
        app: &App,
        chrome: &Chrome,
        actor: &Actor,
        (listed, names): (&Listed, &BTreeMap<AccountId, String>),
        from: &str,
    ) -> Self {
        let case = &listed.case;
        // CAS-10: the own or a relative's case is a colleague's to give out.
        let may = actor.role == Role::Supervisor && !actor.is_partial_to(case);
        Self {
            url: urls::desk::case(&case.receipt_no, from),
            receipt_no: case.receipt_no.clone(),
            value: if may {
                format!("{}.{}", case.receipt_no, case.version)
            } else {
                String::new()
            },
            item: item_name(chrome.locale, &case.item),
            person: masked(&listed.person_name),
            state: Tag::state(chrome.locale, case.state),
            deadline: deadline_of(app, chrome.locale, case, app.clock.now(), true),
            holder: case
                .holder
                .and_then(|holder| names.get(&holder).cloned())
                .unwrap_or_default(),
        }
    }
}

/// A list.
#[derive(Template)]
#[template(path = "desk/supervised.html")]
struct ListPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    picks: Vec<Pick>,
    /// To whom and why; none for who only reads.
    fields: Option<(Select, Area)>,
    back: String,
    pages: Pages,
}

/// What the list was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    show: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    handler: String,
    #[serde(default)]
    after: String,
}

/// `GET /desk/supervisor/cases`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(supervising::READERS)?;
    show(&user, &request, &app, &opened, &Typed::default(), &[]).await
}

/// Where the next page begins, when there is one.
fn place_of_next(found: &supervised::Page, show: Show) -> Option<String> {
    let last = found
        .rows
        .last()
        .filter(|_| found.rest == Rest::More && show != Show::Unclaimed)?;
    Some(written_due(last.case.due()?, last.case.id))
}

async fn show(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    typed: &Typed,
    faults: &[(&str, String)],
) -> Answer {
    let show: Show = opened.show.parse().unwrap_or(Show::Running);
    let name: &'static str = show.into();
    let mut chrome = frame(request, user, &format!("oversight-{name}"));
    let item = items::find(&opened.item).map(|item| item.slug);
    let handler = opened.handler.parse().ok();
    let found = supervised::list(
        app,
        &user.actor,
        show,
        item,
        handler,
        read_due(&opened.after),
    )
    .await?;
    let (slug, of) = (item.unwrap_or_default(), opened.handler.as_str());
    let here = to::list(name, slug, of, &opened.after);
    let next = place_of_next(&found, show).map(|place| to::list(name, slug, of, &place));
    chrome.faulty = !faults.is_empty();
    let content = ListPage {
        errors: ErrorSummary::of(
            chrome.locale,
            faults.iter().map(|(name, words)| (*name, words.as_str())),
        ),
        picks: found
            .rows
            .iter()
            .map(|row| Pick::new(app, &chrome, &user.actor, (row, &found.names), &here))
            .collect(),
        fields: match user.actor.role {
            Role::Supervisor => Some(fields(app, &chrome, &user.actor, typed, faults).await?),
            _ => None,
        },
        back: here,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        chrome,
    };
    let status = match faults {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

async fn fields(
    app: &App,
    chrome: &Chrome,
    actor: &Actor,
    typed: &Typed,
    faults: &[(&str, String)],
) -> Result<(Select, Area), Failure> {
    let fault = |name: &str| {
        let found = faults.iter().find(|(field, _)| *field == name);
        found.map(|(_, words)| words.clone())
    };
    let (colleagues, _) = listing::handlers(app, actor, None, 100).await?;
    let options = colleagues
        .into_iter()
        .map(|one| Opt::new(one.account.to_string(), one.name).chosen_if(&typed.to))
        .collect();
    let select = Select::flat(chrome.locale, "to", chrome.t("reassign-to"), options);
    let reason = reason(chrome, &typed.reason);
    Ok((select.error(fault("to")), reason.error(fault("reason"))))
}

/// The field for why cases change hands.
pub(super) fn reason(chrome: &Chrome, typed: &str) -> Area {
    let most = u32::try_from(LONGEST).unwrap_or(u32::MAX);
    Area::new(chrome.locale, "reason", chrome.t("reassign-reason"))
        .rows(2)
        .max(most)
        .value(typed)
}

/// What was picked and written.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// Cases with the versions that were seen.
    pub(super) picked: Vec<(String, u32)>,
    /// The same with whom each is to go to.
    pub(super) moves: Vec<(String, u32, AccountId)>,
    to: String,
    pub(super) reason: String,
    back: String,
}

impl Typed {
    pub(super) fn of(fields: &[(String, String)]) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "case" => typed.picked.extend(numbered(value)),
                "move" => typed
                    .moves
                    .extend(value.rsplit_once('.').and_then(|(front, to)| {
                        let (number, version) = numbered(front)?;
                        Some((number, version, to.parse().ok()?))
                    })),
                "to" => typed.to.clone_from(value),
                "reason" => typed.reason = cleaned(value),
                "back" => typed.back.clone_from(value),
                _ => {}
            }
        }
        typed
    }

    /// What is wrong with the reason.
    pub(super) fn bad_reason(&self, chrome: &Chrome) -> Option<String> {
        match self.reason.chars().count() {
            0 => Some(chrome.t("error-required")),
            count if count > LONGEST => {
                Some(chrome.t1("error-words-too-long", "max", LONGEST.to_string()))
            }
            _ => None,
        }
    }
}

fn numbered(value: &str) -> Option<(String, u32)> {
    let (number, version) = value.split_once('.')?;
    Some((number.to_owned(), version.parse().ok()?))
}

/// `POST /desk/supervisor/cases`: gives the picked cases to somebody; what became of each.
pub async fn reassign(
    sent: Sent<Vec<(String, String)>>,
    request: HttpRequest,
    app: web::Data<App>,
) -> Answer {
    let user = sent.user;
    user.actor.require(&[Role::Supervisor])?;
    let typed = Typed::of(&sent.form);
    let chrome = frame(&request, &user, "reassign-title");
    let to: Option<AccountId> = typed.to.parse().ok();
    let mut faults = vec![];
    if typed.picked.is_empty() {
        faults.push(("", chrome.t("reassign-none")));
    }
    if to.is_none() {
        faults.push(("to", chrome.t("error-required")));
    }
    faults.extend(typed.bad_reason(&chrome).map(|words| ("reason", words)));
    let (Some(to), true) = (to, faults.is_empty()) else {
        let back = typed.back.split_once('?').map_or("", |(_, query)| query);
        let opened = web::Query::<Opened>::from_query(back).map(web::Query::into_inner);
        return show(
            &user,
            &request,
            &app,
            &opened.unwrap_or_default(),
            &typed,
            &faults,
        )
        .await;
    };
    let done = reassigning::many(
        &app,
        &user.actor,
        typed.picked.clone(),
        to,
        typed.reason.clone(),
    )
    .await?;
    Ok(outcomes(chrome, &done, urls::desk::back(&typed.back)))
}

/// What became of each case.
#[derive(Template)]
#[template(path = "desk/reassigned.html")]
struct OutcomesPage {
    chrome: Chrome,
    summary: String,
    rows: Vec<(Link, String, bool)>,
    back: String,
}

/// The page with what became of each case.
pub(super) fn outcomes(
    chrome: Chrome,
    done: &[(String, Result<(), Error>)],
    back: String,
) -> actix_web::HttpResponse {
    let rows: Vec<(Link, String, bool)> = done
        .iter()
        .map(|(number, outcome)| {
            let link = Link::to(urls::desk::case(number, &back), number.clone());
            match outcome {
                Ok(()) => (link, chrome.t("reassign-done"), true),
                Err(error) => (link, why(&chrome, error), false),
            }
        })
        .collect();
    let count = rows.iter().filter(|(_, _, done)| *done).count();
    let content = OutcomesPage {
        summary: chrome.t2("reassign-summary", ("done", count), ("all", rows.len())),
        rows,
        back,
        chrome,
    };
    page(StatusCode::OK, &content)
}

fn why(chrome: &Chrome, error: &Error) -> String {
    match error {
        Error::Conflict(Conflict::Stale { .. }) => chrome.t("reassign-moved-on"),
        Error::Conflict(Conflict::State { state, .. } | Conflict::Held { state, .. }) => chrome.t1(
            "reassign-in-state",
            "state",
            chrome.t(&format!("state-{state}")),
        ),
        Error::Invalid(errors) => match errors.first() {
            Some(first) if first.code == "recipient-unable" => chrome.t("desk-error-unable"),
            Some(first) => field_message(chrome.locale, first),
            None => chrome.t("reassign-failed"),
        },
        Error::Rule(guard) => chrome.t(&format!("guard-{}", guard.as_str())),
        Error::Forbidden => chrome.t("reassign-partial"),
        Error::NotFound | Error::NotTheirs => chrome.t("problem-not-found"),
        error => {
            tracing::error!(%error, "a case could not be given to somebody else");
            chrome.t("reassign-failed")
        }
    }
}
