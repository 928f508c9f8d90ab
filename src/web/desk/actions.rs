//! What can be done to a case: the buttons the table allows, and a form for each action that needs words. Every
//! form carries the version it was made for; when the case moved on meanwhile, the form comes back with what
//! changed and with everything that was typed (CAS-2).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::case::{is_of_the_desk, read_number};
use super::fields::{self, Block};
use super::forms::{Faults, Typed, command};
use super::rows::item_name;
use super::{READERS, frame, history};
use crate::domain::case::{Case, State};
use crate::domain::deadline;
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::Action;
use crate::usecases::error::Conflict;
use crate::usecases::handling::{self, Outcome};
use crate::usecases::listing;
use crate::usecases::viewing::{self, Full};
use crate::usecases::{App, Error};
use crate::web::components::ErrorSummary;
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls;

/// A button on the case page: a link to a form, or a form of one press.
pub(super) struct Button {
    /// Where it leads or is sent.
    pub url: String,
    /// Its words.
    pub text: String,
    /// Its key on the keyboard.
    pub key: &'static str,
    /// The one that is pressed most.
    pub main: bool,
    /// What a press sends, where no words are needed.
    pub form: Option<Press>,
}

/// What one press sends and brings about.
pub(super) struct Press {
    /// The version the page shows.
    pub version: u32,
    /// The list to go back to.
    pub from: String,
    /// What it brings about.
    pub effect: String,
}

/// The buttons for what is open to the reader, in the table's order.
pub(super) fn buttons(chrome: &Chrome, full: &Full, from: &str) -> Vec<Button> {
    let case = &full.summary.listed.case;
    let mut actions: Vec<Action> = full.summary.actions.clone();
    actions.retain(|action| is_of_the_desk(*action));
    // What decides stands first.
    actions.sort_by_key(|action| order(*action));
    actions
        .into_iter()
        .map(|action| {
            let press = !needs_form(action, case);
            Button {
                url: urls::desk::action(&case.receipt_no, action, if press { "" } else { from }),
                text: chrome.t(&format!("action-{action}")),
                key: key(action),
                main: matches!(action, Action::Approve | Action::Claim),
                form: press.then(|| Press {
                    version: case.version,
                    from: from.to_owned(),
                    effect: effect(chrome, action, case),
                }),
            }
        })
        .collect()
}

fn order(action: Action) -> u8 {
    match action {
        Action::Approve => 0,
        Action::RequestSupplement => 1,
        Action::Refuse => 2,
        Action::NotAccept => 3,
        Action::Return => 4,
        Action::Accept => 5,
        Action::Claim => 6,
        Action::Assign => 7,
        Action::HandOver => 8,
        Action::Release => 9,
        _ => 10,
    }
}

fn key(action: Action) -> &'static str {
    match action {
        Action::Approve => "a",
        Action::RequestSupplement => "s",
        Action::Refuse => "r",
        Action::NotAccept => "x",
        Action::Return => "t",
        Action::Accept => "e",
        Action::Claim => "c",
        Action::Assign => "g",
        Action::HandOver => "h",
        Action::Release => "b",
        Action::Reopen => "o",
        _ => "",
    }
}

/// Approving and accepting are one press, unless a missed deadline asks for its cause (CLK-7).
fn needs_form(action: Action, case: &Case) -> bool {
    match action {
        Action::Approve => case.missed(),
        Action::Accept => false,
        _ => true,
    }
}

fn effect(chrome: &Chrome, action: Action, case: &Case) -> String {
    chrome.t(match (action, case.state) {
        (Action::Approve, State::SecondReview) => "desk-effect-approve-second",
        (Action::Approve, _) => "desk-effect-approve",
        (Action::Accept, _) => "desk-effect-accept",
        _ => return String::new(),
    })
}

/// The page of an action.
#[derive(Template)]
#[template(path = "desk/action.html")]
struct ActionPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    changes: Vec<String>,
    gone: Option<String>,
    receipt_no: String,
    item: String,
    case_url: String,
    url: String,
    version: u32,
    from: String,
    lead: String,
    submit: String,
    blocks: Vec<Block>,
    kept: Vec<String>,
}

/// What the page was opened with.
#[derive(Debug, Deserialize)]
pub struct Opened {
    #[serde(default)]
    from: String,
}

/// `GET /desk/cases/{receipt_no}/actions/{action}`: the form of an action that is open to the reader; back to
/// the case when it is not.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let (receipt_no, action) = read_path(&path)?;
    let full = viewing::full_or_outline(&app, &user.actor, &receipt_no).await?;
    if !full.summary.actions.contains(&action) {
        let case = urls::desk::case(receipt_no.as_str(), &opened.from);
        return Ok(see_other(&case));
    }
    let mut typed = Typed::default();
    if let Some(clause) = full.summary.item.basis.first() {
        typed = fields::beginning(&full, action, clause);
    }
    let form = Form {
        typed: &typed,
        from: urls::desk::back(&opened.from),
        faults: vec![],
        seen: None,
    };
    let status = StatusCode::OK;
    show(&user, &request, &app, (&full, action), form, status).await
}

/// `POST /desk/cases/{receipt_no}/actions/{action}`: does it.
pub async fn act(
    sent: Sent<Vec<(String, String)>>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    app: web::Data<App>,
) -> Answer {
    let user = sent.user;
    user.actor.require(READERS)?;
    let (receipt_no, action) = read_path(&path)?;
    let typed = Typed::new(sent.form);
    let from = urls::desk::back(&typed.get("from"));
    let full = viewing::full_or_outline(&app, &user.actor, &receipt_no).await?;
    let seen = typed.version();
    let form = |faults| Form {
        typed: &typed,
        from: from.clone(),
        faults,
        seen,
    };
    let late = is_late(&full.summary.listed.case, app.clock.now());
    let locale = frame(&request, &user, "desk-case").locale;
    let command = match command(action, &typed, full.summary.item, locale, late) {
        Ok(command) => command,
        Err(faults) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&user, &request, &app, (&full, action), form(faults), status).await;
        }
    };
    let version = seen.ok_or_else(Failure::not_found)?;
    match handling::act(&app, &user.actor, &receipt_no, version, command).await {
        Ok(outcome) => Ok(onward(&receipt_no, action, &from, &outcome)),
        Err(Error::Conflict(
            Conflict::Stale { .. } | Conflict::State { .. } | Conflict::Held { .. },
        )) => {
            let now = viewing::full_or_outline(&app, &user.actor, &receipt_no).await?;
            let status = StatusCode::CONFLICT;
            show(&user, &request, &app, (&now, action), form(vec![]), status).await
        }
        Err(Error::Invalid(errors)) => {
            let faults = errors
                .iter()
                .map(|error| (error.field.clone(), words_of(&request, &user, error)))
                .collect();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&user, &request, &app, (&full, action), form(faults), status).await
        }
        Err(error) => Err(error.into()),
    }
}

fn read_path(path: &(String, String)) -> Result<(ReceiptNo, Action), Failure> {
    let (number, action) = path;
    let action: Action = action.parse().map_err(|_| Failure::not_found())?;
    if !is_of_the_desk(action) {
        return Err(Failure::not_found());
    }
    Ok((read_number(number)?, action))
}

/// A deadline that passed a moment ago counts although its timer has not fired yet (CLK-7).
fn is_late(case: &Case, now: Ts) -> bool {
    case.missed() || case.due().is_some_and(|due| deadline::is_late(due, now))
}

/// Where somebody goes on: with the case while it is theirs, else where they came from.
fn onward(receipt_no: &ReceiptNo, action: Action, from: &str, outcome: &Outcome) -> HttpResponse {
    let stays =
        matches!(action, Action::Claim | Action::Accept) || matches!(outcome, Outcome::Asked(_));
    let page = if stays {
        urls::desk::case(receipt_no.as_str(), from)
    } else {
        from.to_owned()
    };
    see_other(&urls::desk::done(
        &page,
        action.as_str(),
        receipt_no.as_str(),
    ))
}

fn words_of(request: &HttpRequest, user: &SignedIn, error: &FieldError) -> String {
    let chrome = frame(request, user, "desk-case");
    match (error.field.as_str(), error.code.as_str()) {
        ("reason", "reason-out-of-order") => chrome.t("desk-error-out-of-order"),
        ("to", "recipient-unable") => chrome.t("desk-error-unable"),
        ("missing", _) => chrome.t("desk-error-missing"),
        ("breach_cause", _) => chrome.t("desk-error-breach-cause"),
        _ => field_message(chrome.locale, error),
    }
}

struct Form<'a> {
    typed: &'a Typed,
    from: String,
    faults: Faults,
    /// The version the form was made for, when it came back.
    seen: Option<u32>,
}

async fn show(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    (full, action): (&Full, Action),
    form: Form<'_>,
    status: StatusCode,
) -> Answer {
    let case = &full.summary.listed.case;
    let mut chrome = frame(request, user, "desk-case");
    chrome.title = chrome.t(&format!("action-{action}"));
    chrome.here = urls::desk::action(&case.receipt_no, action, &form.from);
    chrome.faulty = status != StatusCode::OK;
    let open = full.summary.actions.contains(&action);
    let colleagues = match action {
        Action::HandOver | Action::Assign if open => {
            listing::handlers(app, &user.actor, None, 200).await?.0
        }
        _ => vec![],
    };
    let changes = match form.seen {
        Some(seen) if seen != case.version => history::since(chrome.locale, full, seen),
        _ => vec![],
    };
    let late = is_late(case, app.clock.now());
    let setting = fields::Setting {
        locale: chrome.locale,
        full,
        action,
        typed: form.typed,
        faults: &form.faults,
        colleagues: &colleagues,
        late,
    };
    let content = form_page(chrome, &setting, form.from.clone(), changes);
    Ok(page(status, &content))
}

fn form_page(
    chrome: Chrome,
    setting: &fields::Setting<'_>,
    from: String,
    changes: Vec<String>,
) -> ActionPage {
    let (full, action) = (setting.full, setting.action);
    let case = &full.summary.listed.case;
    let open = full.summary.actions.contains(&action);
    ActionPage {
        errors: ErrorSummary::of(
            chrome.locale,
            setting
                .faults
                .iter()
                .map(|(field, message)| (field.as_str(), message.as_str())),
        ),
        changes,
        gone: (!open).then(|| chrome.t("desk-action-gone")),
        receipt_no: case.receipt_no.clone(),
        item: item_name(chrome.locale, &case.item),
        case_url: urls::desk::case(&case.receipt_no, &from),
        url: urls::desk::action(&case.receipt_no, action, ""),
        version: case.version,
        lead: lead(&chrome, action, case),
        submit: chrome.t(&format!("action-{action}")),
        blocks: if open {
            fields::blocks(setting)
        } else {
            vec![]
        },
        kept: if open {
            vec![]
        } else {
            fields::kept(setting.typed)
        },
        from,
        chrome,
    }
}

/// What the action means, above its form.
fn lead(chrome: &Chrome, action: Action, case: &Case) -> String {
    let key = match action {
        Action::Approve | Action::Accept => return effect(chrome, action, case),
        Action::RequestSupplement if case.supplements > 0 => "desk-lead-supplement-again",
        Action::RequestSupplement => "desk-lead-request-supplement",
        Action::Refuse | Action::NotAccept if case.state == State::SecondReview => {
            "desk-lead-decide-second"
        }
        Action::Refuse | Action::NotAccept => "desk-lead-refuse",
        Action::Claim => "desk-lead-claim",
        Action::Reopen => "desk-lead-reopen",
        Action::Return => "desk-lead-return",
        Action::Release => "desk-lead-release",
        Action::HandOver => "desk-lead-hand-over",
        Action::Assign => "desk-lead-assign",
        _ => return String::new(),
    };
    chrome.t(key)
}
