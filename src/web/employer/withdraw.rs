//! Taking a batch back as one, until it is decided (CAS-7, XR-9): asked once more before it is done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{batch_id, frame, only_agents};
use crate::domain::text::cleaned;
use crate::usecases::{App, batch_tasks, employing};
use crate::web::batch_parts::counted;
use crate::web::chrome::{Chrome, Link};
use crate::web::components::Area;
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::employer as to;

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 500;

#[derive(Template)]
#[template(path = "employer/withdraw.html")]
struct WithdrawPage {
    chrome: Chrome,
    action: String,
    back: String,
    warning: String,
    reason: Area,
}

/// `GET /employer/batches/{id}/withdraw`.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    only_agents(&user)?;
    let id = batch_id(&path)?;
    let seen = employing::batch(&app, &user.actor, id).await?;
    if seen.undecided == 0 {
        return Ok(see_other(&to::batch(id, "")));
    }
    let mut chrome = frame(&request, "batches-withdraw-title");
    let batch = Link::to(to::batch(id, ""), seen.batch.file_name.clone());
    chrome.breadcrumbs.push(batch);
    let content = WithdrawPage {
        action: to::withdraw(id),
        back: to::batch(id, ""),
        warning: chrome.t1(
            "batches-withdraw-warning",
            "count",
            counted(chrome.locale, seen.undecided),
        ),
        reason: Area::new(chrome.locale, "reason", chrome.t("withdraw-reason"))
            .max(500)
            .optional(),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// What is sent there.
#[derive(Debug, Deserialize)]
pub struct Withdrawal {
    #[serde(default)]
    reason: String,
}

/// `POST /employer/batches/{id}/withdraw`.
pub async fn send(app: web::Data<App>, path: web::Path<String>, sent: Sent<Withdrawal>) -> Answer {
    only_agents(&sent.user)?;
    let id = batch_id(&path)?;
    let reason: String = cleaned(&sent.form.reason)
        .chars()
        .take(LONGEST_REASON)
        .collect();
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    batch_tasks::withdraw(&app, &sent.user.actor, id, reason).await?;
    Ok(see_other(&to::batch(id, "")))
}
