//! Search in the catalogue of drugs and services, for whoever is signed in. The same use case as the page.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::reading::{List, Query, next};
use crate::domain::form::{FieldError, read_day};
use crate::store::catalogue::Numbered;
use crate::usecases::{App, Error, catalogue};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// A drug or a service on a list, for a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrugView {
    /// Code.
    code: String,
    /// Name in Chinese.
    name_zh: String,
    /// Name in English; may be empty.
    name_en: String,
    /// `drug`, `service`, `antigen_test`, `follow_up`.
    sort: &'static str,
    /// What one of it is; may be empty.
    unit: String,
    /// `A`, `B`, `outside`.
    class: &'static str,
    /// What the person bears of class B, basis points.
    own_share_bp: Option<u16>,
    /// `ordinary`, `protocol`, `provincial-temporary`, `third-supplementary`.
    list: &'static str,
    /// First day.
    from: String,
    /// Last day; null when none is stated.
    to: Option<String>,
}

/// Drugs and services whose name, pinyin initials or code hold `q` and that are in force on a day; the same code can stand on
/// several lists.
#[utoipa::path(get, path = "/api/v1/drugs", tag = "catalogue",
    params(("q" = Option<String>, Query, description = "Name, pinyin initials or code"),
        ("on" = Option<String>, Query, description = "A day; today without it"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<DrugView>)))]
pub async fn search(request: HttpRequest, _: SignedIn, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let (limit, after) = (query.limit()?, query.cursor::<i32>()?);
    let day = match query.get("on") {
        None => app.clock.now().day(),
        Some(typed) => read_day(typed)
            .ok_or_else(|| Error::Invalid(vec![FieldError::new("on", "day-impossible")]))?,
    };
    let typed = query.get("q").unwrap_or_default();
    let (found, rest) = catalogue::search(&app, typed, Some(day), after, limit).await?;
    let next = next(rest, found.last().map(|one| one.number));
    Ok(HttpResponse::Ok().json(List {
        items: found.into_iter().map(view).collect(),
        next,
    }))
}

fn view(Numbered { entry, .. }: Numbered) -> DrugView {
    DrugView {
        code: entry.code,
        name_zh: entry.name_zh,
        name_en: entry.name_en,
        sort: entry.sort.as_str(),
        unit: entry.unit,
        class: entry.class.as_str(),
        own_share_bp: entry.own_share.map(|share| share.0),
        list: entry.list.as_str(),
        from: entry.from.to_string(),
        to: entry.to.map(|day| day.to_string()),
    }
}
