//! Beginning a filing: drafts of the same item are offered first; going on and throwing away.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde_json::Map;

use super::{Nothing, draft_id, frame, in_words, only_residents, steps};
use crate::domain::ids::CaseId;
use crate::items;
use crate::usecases::{App, Error, drafting};
use crate::web::chrome::Chrome;
use crate::web::components::ErrorSummary;
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
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
    drafts: Vec<Begun>,
}

/// `GET /apply/{slug}`.
pub async fn start(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    slug: web::Path<String>,
) -> Answer {
    start_page(&user, &request, &app, &slug, &[]).await
}

async fn start_page(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    slug: &str,
    errors: &[crate::domain::form::FieldError],
) -> Answer {
    only_residents(user)?;
    let item = items::find(slug).ok_or_else(Failure::not_found)?;
    let mut chrome = frame(request, &format!("item-{slug}"));
    let drafts = begun(&chrome, drafting::list(app, &user.actor).await?, Some(slug));
    let said = in_words(chrome.locale, errors);
    let pairs = said.iter().map(|(_, words)| ("", words.as_str()));
    chrome.faulty = !errors.is_empty();
    let content = StartPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        slug: item.slug,
        summary: chrome.t(&format!("item-{slug}-summary")),
        drafts,
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
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
    let known: Map<_, _> = sent
        .form
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    match drafting::begin(&app, &sent.user.actor, &slug, known).await {
        Ok(id) => Ok(see_other(&to::draft(id))),
        Err(Error::Invalid(errors)) => start_page(&sent.user, &request, &app, &slug, &errors).await,
        Err(error) => Err(error.into()),
    }
}

/// `GET /apply/draft/{id}`: on to the first open question.
pub async fn resume(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    let opened = drafting::open(&app, &user.actor, draft_id(&id)?).await?;
    Ok(see_other(&steps::first_open(&opened).url(&opened)))
}

/// `POST /apply/draft/{id}/delete`.
pub async fn delete(app: web::Data<App>, id: web::Path<String>, sent: Sent<Nothing>) -> Answer {
    drafting::delete(&app, &sent.user.actor, draft_id(&id)?).await?;
    Ok(see_other(&to::mine()))
}
