//! Beginning a filing: drafts of the same item are offered first; going on and throwing away.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Map;

use super::answers::Reader;
use super::{Nothing, draft_id, frame, in_words, only_residents, steps, zero_material};
use crate::domain::form::Kind;
use crate::domain::ids::{CaseId, RegistrationId};
use crate::domain::item::ServiceItem;
use crate::items::{self, cross_region_registration};
use crate::usecases::{App, Error, drafting, listing};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Empty, ErrorSummary};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::public::guide::expected_words;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// A draft in a list.
pub struct Begun {
    /// Its name.
    pub item: String,
    /// When it was last saved, in words.
    pub saved: String,
    /// Until when it is kept, in words.
    pub kept: String,
    /// Its identifier.
    pub id: CaseId,
}

/// Before the first question.
#[derive(Template)]
#[template(path = "resident/start.html")]
struct StartPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    slug: &'static str,
    summary: String,
    expected: Option<String>,
    drafts: Vec<Begun>,
    subject: Subject,
}

/// The registration an item is about, before the first question.
#[derive(Default)]
struct Subject {
    /// The one chosen beforehand, with its words.
    chosen: Option<(RegistrationId, String)>,
    /// Said when the item needs one and none can be changed or cancelled.
    none_free: Option<Empty>,
}

/// What the link named.
#[derive(Debug, Deserialize)]
pub struct About {
    registration: Option<RegistrationId>,
}

/// `GET /apply/{slug}`.
pub async fn start(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    slug: web::Path<String>,
    about: web::Query<About>,
) -> Answer {
    only_residents(&user)?;
    let item = items::find(&slug).ok_or_else(Failure::not_found)?;
    if let Some(offered) = zero_material::instead(&user, &request, &app, item).await? {
        return Ok(offered);
    }
    start_page(&user, &request, &app, &slug, about.registration, &[]).await
}

async fn start_page(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    slug: &str,
    about: Option<RegistrationId>,
    errors: &[crate::domain::form::FieldError],
) -> Answer {
    only_residents(user)?;
    let item = items::find(slug).ok_or_else(Failure::not_found)?;
    let mut chrome = frame(request, &format!("item-{slug}"));
    let subject = subject(&chrome, app, user, item, about).await?;
    let drafts = begun(&chrome, drafting::list(app, &user.actor).await?, Some(slug));
    let said = in_words(chrome.locale, errors);
    let pairs = said.iter().map(|(_, words)| ("", words.as_str()));
    chrome.faulty = !errors.is_empty();
    let pool = user.actor.insured_at.map(|agency| agency.pool());
    let content = StartPage {
        expected: expected_words(app, chrome.locale, item.slug, pool).await?,
        errors: ErrorSummary::of(chrome.locale, pairs),
        slug: item.slug,
        summary: chrome.t(&format!("item-{slug}-summary")),
        drafts,
        subject,
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

async fn subject(
    chrome: &Chrome,
    app: &App,
    user: &SignedIn,
    item: &ServiceItem,
    about: Option<RegistrationId>,
) -> Result<Subject, Failure> {
    let needs_one = (item.form.fields.iter()).any(|field| matches!(field.kind, Kind::Registration));
    if !needs_one {
        return Ok(Subject::default());
    }
    let found = listing::registrations(app, &user.actor).await?;
    let reader = Reader {
        locale: chrome.locale,
        slug: item.slug,
        regions: &app.office.regions,
        registrations: &found,
    };
    let mut free = found.iter().filter(|one| one.is_free()).peekable();
    if free.peek().is_none() {
        let link = match found.as_slice() {
            [] => Link::to(
                to::apply(cross_region_registration::ITEM.slug),
                chrome.t("registrations-file"),
            ),
            _ => Link::to(to::registrations(), chrome.t("registrations-see")),
        };
        let text = chrome.t("registration-none-free");
        let link = Some(link);
        return Ok(Subject {
            chosen: None,
            none_free: Some(Empty { text, link }),
        });
    }
    Ok(Subject {
        chosen: free
            .find(|one| Some(one.id) == about)
            .map(|one| (one.id, reader.registration(one))),
        none_free: None,
    })
}

/// Drafts as lists show them, of one item or all.
pub fn begun(
    chrome: &Chrome,
    drafts: Vec<crate::store::drafts::Draft>,
    slug: Option<&str>,
) -> Vec<Begun> {
    drafts
        .into_iter()
        .filter(|draft| slug.is_none_or(|slug| draft.item == slug))
        .map(|draft| Begun {
            item: chrome.t(&format!("item-{}", draft.item)),
            saved: chrome.moment(&draft.updated_at),
            // It goes with the beginning of that day; the day before is the last one.
            kept: chrome.day(&draft.expires_at.day().pred_opt().unwrap_or_default()),
            id: draft.id,
        })
        .collect()
}

/// `POST /apply/{slug}`: begins a draft, with a registration chosen beforehand where the link named one.
pub async fn begin(
    request: HttpRequest,
    app: web::Data<App>,
    slug: web::Path<String>,
    sent: Sent<std::collections::BTreeMap<String, String>>,
) -> Answer {
    only_residents(&sent.user)?;
    let known: Map<_, _> = sent
        .form
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    match drafting::begin(&app, &sent.user.actor, &slug, known).await {
        Ok(id) => Ok(see_other(&to::draft(id))),
        Err(Error::Invalid(errors)) => {
            let about = sent.form.get("registration");
            let about = about.and_then(|id| id.parse().ok());
            start_page(&sent.user, &request, &app, &slug, about, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /apply/draft/{id}`: on to the first open question.
pub async fn resume(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    only_residents(&user)?;
    let opened = drafting::open(&app, &user.actor, draft_id(&id)?).await?;
    Ok(see_other(&steps::first_open(&opened).url(&opened)))
}

/// `POST /apply/draft/{id}/delete`.
pub async fn delete(app: web::Data<App>, id: web::Path<String>, sent: Sent<Nothing>) -> Answer {
    only_residents(&sent.user)?;
    drafting::delete(&app, &sent.user.actor, draft_id(&id)?).await?;
    Ok(see_other(&to::mine()))
}
