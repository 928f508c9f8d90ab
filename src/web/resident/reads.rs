//! Who looked at my data (CAS-13): the agency, what, when and why; no member of staff is named.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, only_residents};
use crate::domain::ids::ReadId;
use crate::domain::locale::Locale;
use crate::store::reads::Told;
use crate::usecases::App;
use crate::usecases::listing::{self, Rest};
use crate::web::chrome::Chrome;
use crate::web::components::{Empty, Pages};
use crate::web::page::page;
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// Reads on a page.
const SHOWN: u16 = 20;

/// A read in words.
struct Look {
    at: String,
    agency: String,
    what: String,
    why: String,
}

#[derive(Template)]
#[template(path = "resident/reads.html")]
struct ReadsPage {
    chrome: Chrome,
    reads: Vec<Look>,
    none: Empty,
    pages: Pages,
}

/// Where a page begins.
#[derive(Debug, Deserialize)]
pub struct From {
    after: Option<ReadId>,
}

/// `GET /my/reads`.
pub async fn reads(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    from: web::Query<From>,
) -> Answer {
    only_residents(&user)?;
    let chrome = frame(&request, "reads-title");
    let (found, rest) = listing::reads(&app, &user.actor, from.after, SHOWN).await?;
    let next = match rest {
        Rest::More => found.last().map(|last| to::reads_after(last.id)),
        Rest::Nothing => None,
    };
    let content = ReadsPage {
        reads: found.iter().map(|told| look(&chrome, &app, told)).collect(),
        none: Empty {
            text: chrome.t("reads-none"),
            link: None,
        },
        pages: Pages {
            locale: chrome.locale,
            previous: from.after.map(|_| to::reads()),
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn look(chrome: &Chrome, app: &App, told: &Told) -> Look {
    let agencies = app.office.agencies();
    let agency = told.agency.and_then(|code| agencies.get(&code));
    Look {
        at: chrome.moment(&told.at),
        agency: match (agency, chrome.locale) {
            (Some(agency), Locale::Zh) => agency.name_zh.clone(),
            (Some(agency), Locale::En) => agency.name_en.clone(),
            (None, _) => chrome.t("reads-agency"),
        },
        what: match told.what.strip_prefix("paper:") {
            Some(paper) => chrome.t(&format!("material-{paper}")),
            None => chrome.t(&format!("reads-what-{}", told.what)),
        },
        why: match told.reason.as_str() {
            // No paper and no consent to one: the ledger stands for it (XR-3).
            "" if !told.what.starts_with("paper:") => chrome.t("reads-why-ledger"),
            "" => chrome.t("reads-why-consent"),
            written => written.to_owned(),
        },
    }
}
