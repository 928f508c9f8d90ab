//! Authorisations to file for somebody: whom I authorised, who authorised me, and giving and taking them back.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::AuthorisationId;
use crate::domain::proxy::{Kind, Standing};
use crate::domain::time::Day;
use crate::items;
use crate::store::authorisations::Paper;
use crate::usecases::entrusting::{self, Asked, Held, Named, SIDES, Side};
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::forms::Field as Control;
use crate::web::components::{Checks, ErrorSummary, InputKind, Opt, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// What was typed: fields may come more than once.
type Typed = Vec<(String, String)>;

/// One authorisation.
struct Row {
    id: String,
    heading: String,
    items: String,
    days: String,
    standing: String,
    can_accept: bool,
    can_revoke: bool,
}

#[derive(Template)]
#[template(path = "behalf/authorisations.html")]
struct AuthorisationsPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    lead: String,
    rows: Vec<Row>,
    form: Option<Vec<Control>>,
    file_for: bool,
}

/// `GET /account/authorisations`.
pub async fn list(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    again(&user, &request, &app, &[], &[]).await
}

/// `POST /account/authorisations`: a resident names a relative, a community worker records a paper.
pub async fn grant(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(SIDES)?;
    let outcome = match read(&sent.form, actor) {
        Ok((named, asked, None)) => entrusting::grant(&app, actor, named, asked).await,
        Ok((named, asked, Some(paper))) => {
            entrusting::record(&app, actor, named, asked, paper).await
        }
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match outcome {
        Ok(_) => Ok(see_other(&urls::authorisations())),
        Err(Error::Invalid(errors)) => again(&sent.user, &request, &app, &sent.form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/authorisations/accept`.
pub async fn accept(app: web::Data<App>, sent: Sent<BTreeMap<String, String>>) -> Answer {
    sent.user.actor.require(SIDES)?;
    entrusting::accept(&app, &sent.user.actor, id(&sent.form)?).await?;
    Ok(see_other(&urls::authorisations()))
}

/// `POST /account/authorisations/revoke`.
pub async fn revoke(app: web::Data<App>, sent: Sent<BTreeMap<String, String>>) -> Answer {
    sent.user.actor.require(SIDES)?;
    entrusting::revoke(&app, &sent.user.actor, id(&sent.form)?).await?;
    Ok(see_other(&urls::authorisations()))
}

fn id(typed: &BTreeMap<String, String>) -> Result<AuthorisationId, Failure> {
    let id = typed.get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(Failure::not_found)
}

fn get<'a>(typed: &'a [(String, String)], name: &str) -> &'a str {
    let found = typed.iter().find(|(field, _)| field == name);
    found.map_or("", |(_, value)| value.trim())
}

/// Whether somebody files by authorisations on paper.
fn is_worker(actor: &Actor) -> bool {
    actor.role == Role::Proxy && actor.agency.is_some()
}

type Read = (Named, Asked, Option<Paper>);

fn read(typed: &[(String, String)], actor: &Actor) -> Result<Read, Vec<FieldError>> {
    let mut errors = vec![];
    let mut day = |name: &str| -> Option<Day> {
        let text = get(typed, name);
        let day = text.parse().ok();
        if day.is_none() && !text.is_empty() {
            errors.push(FieldError::new(name, "day-impossible"));
        }
        day
    };
    let (from, to, signed_on) = (day("from"), day("to"), day("signed_on"));
    let paper = match (is_worker(actor), signed_on) {
        (false, _) => None,
        (true, Some(signed_on)) => Some(Paper {
            signed_on,
            kept: get(typed, "kept").chars().take(200).collect(),
        }),
        (true, None) => {
            errors.push(FieldError::new("signed_on", "required"));
            None
        }
    };
    let items = typed.iter().filter(|(name, _)| name == "items");
    let asked = Asked {
        items: items.map(|(_, slug)| slug.clone()).collect(),
        from,
        to,
    };
    let named = Named {
        id_number: get(typed, "id_number").to_owned(),
        name: get(typed, "name").to_owned(),
    };
    match errors.is_empty() {
        true => Ok((named, asked, paper)),
        false => Err(errors),
    }
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &[(String, String)],
    errors: &[FieldError],
) -> Answer {
    let actor = &user.actor;
    let found = entrusting::list(app, actor).await?;
    let mut chrome = session::frame(request, "authorisations-title");
    chrome.breadcrumbs = vec![Link::to(urls::account(), chrome.t("account-title"))];
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect();
    let grants = actor.role == Role::Resident || is_worker(actor);
    let content = AuthorisationsPage {
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        lead: chrome.t(match is_worker(actor) {
            true => "authorisations-lead-worker",
            false => "authorisations-lead",
        }),
        rows: found.iter().map(|held| row(&chrome, held)).collect(),
        form: grants.then(|| form(&chrome, actor, typed, &said)),
        file_for: !actor.entrusted.is_empty(),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn row(chrome: &Chrome, held: &Held) -> Row {
    let one = &held.authorisation;
    let (key, name) = match held.side {
        Side::Principal => ("authorisation-given-to", &held.grantee),
        Side::Grantee => ("authorisation-given-by", &held.principal),
    };
    let open = matches!(
        held.standing,
        Standing::Offered | Standing::Coming | Standing::Valid
    );
    let names = one.terms.items.as_ref().map(|items| {
        let names: Vec<String> = items
            .iter()
            .map(|slug| chrome.t(&format!("item-{slug}")))
            .collect();
        names.join(" / ")
    });
    Row {
        id: one.id.to_string(),
        heading: chrome.t1(key, "name", name.as_str()),
        items: names.unwrap_or_else(|| chrome.t("authorisation-all-items")),
        days: format!(
            "{} – {}",
            chrome.day(&one.terms.from),
            chrome.day(&one.terms.to)
        ),
        standing: chrome.t(&format!("authorisation-{}", held.standing)),
        can_accept: held.side == Side::Grantee
            && held.standing == Standing::Offered
            && one.kind == Kind::Family,
        can_revoke: open,
    }
}

fn form(
    chrome: &Chrome,
    actor: &Actor,
    typed: &[(String, String)],
    said: &[(String, String)],
) -> Vec<Control> {
    let locale = chrome.locale;
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let line = |name: &str, kind| {
        TextField::new(locale, name, chrome.t(&format!("authorisation-{name}")))
            .kind(kind)
            .value(get(typed, name))
            .error(fault(name))
    };
    let items = items::ALL.iter().map(|item| {
        let chosen = typed
            .iter()
            .any(|(name, slug)| name == "items" && slug == item.slug);
        let chosen = if chosen { item.slug } else { "" };
        Opt::new(item.slug, chrome.t(&format!("item-{}", item.slug))).chosen_if(chosen)
    });
    let items = Checks::new(
        locale,
        "items",
        chrome.t("authorisation-items"),
        items.collect(),
    );
    let mut controls = vec![
        Control::Text(line("id_number", InputKind::IdNumber)),
        Control::Text(line("name", InputKind::Text)),
        Control::Checks(
            items
                .hint(chrome.t("authorisation-items-hint"))
                .error(fault("items")),
        ),
        Control::Text(line("from", InputKind::Date).optional()),
        Control::Text(line("to", InputKind::Date).optional()),
    ];
    if is_worker(actor) {
        controls.push(Control::Text(line("signed_on", InputKind::Date)));
        controls.push(Control::Text(line("kept", InputKind::Text).optional()));
    }
    controls
}
