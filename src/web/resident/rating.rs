//! Rating an own case that is over (CAS-11): asked for on its page, given once.

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::case::again_with;
use super::{only_residents, receipt_no};
use crate::domain::case::Case;
use crate::domain::text::cleaned;
use crate::usecases::{App, Error, rating};
use crate::web::chrome::Chrome;
use crate::web::components::{Area, Choice, Opt};
use crate::web::csrf::Sent;
use crate::web::page::see_other;
use crate::web::problem::{Answer, Failure};
use crate::web::urls::resident as to;

/// What the case's page shows of it.
pub(super) struct Rated {
    /// The form, while it can be rated.
    pub(super) form: Option<(Choice, Area)>,
    /// What was said.
    pub(super) lines: Vec<String>,
    /// The remark.
    pub(super) remark: String,
}

/// The rating of an own case with faults of the form.
pub(super) async fn rated(
    app: &App,
    chrome: &Chrome,
    case: &Case,
    said: &[(String, String)],
) -> Result<Rated, Failure> {
    let shown = rating::of_case(app, case).await?;
    let mut lines: Vec<String> = vec![];
    if let Some(rating) = &shown.rating {
        lines.push(chrome.t1("rating-yours", "stars", u32::from(rating.stars)));
    }
    if let Some(at) = shown.followed_up {
        lines.push(chrome.t1("rating-followed-up", "moment", chrome.moment(&at)));
    }
    Ok(Rated {
        form: shown.is_open.then(|| form(chrome, said)),
        lines,
        remark: shown
            .rating
            .and_then(|rating| rating.remark)
            .unwrap_or_default(),
    })
}

fn form(chrome: &Chrome, said: &[(String, String)]) -> (Choice, Area) {
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let options = (1..=5_u32)
        .rev()
        .map(|stars| Opt::new(stars.to_string(), chrome.t(&format!("rating-{stars}"))))
        .collect();
    let most = u32::try_from(rating::LONGEST).unwrap_or(u32::MAX);
    (
        Choice::new(chrome.locale, "stars", chrome.t("rating-question"), options)
            .error(fault("stars")),
        Area::new(chrome.locale, "remark", chrome.t("rating-remark"))
            .rows(3)
            .max(most)
            .optional()
            .error(fault("remark")),
    )
}

/// What is sent.
#[derive(Debug, Deserialize)]
pub struct Given {
    #[serde(default)]
    stars: String,
    #[serde(default)]
    remark: String,
}

/// `POST /my/cases/{receipt_no}/rating`.
pub async fn rate(
    sent: Sent<Given>,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_residents(&sent.user)?;
    let receipt_no = receipt_no(&number)?;
    let stars = sent.form.stars.parse().unwrap_or(0);
    let remark = Some(cleaned(&sent.form.remark)).filter(|remark| !remark.is_empty());
    match rating::rate(&app, &sent.user.actor, &receipt_no, stars, remark).await {
        Ok(()) => Ok(see_other(&to::case(receipt_no.as_str()))),
        Err(Error::Invalid(errors)) => {
            again_with(&sent.user, &request, &app, &receipt_no, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}
