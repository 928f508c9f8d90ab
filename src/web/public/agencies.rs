//! Agencies of all pools with phone, address and hours (CAT-2, CAT-3).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{agency_name, frame, hours, pool_name};
use crate::domain::place::Pool;
use crate::usecases::App;
use crate::web::chrome::Link;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::MaybeSignedIn;
use crate::web::urls;

/// The agencies of one pool.
struct Group {
    pool: Pool,
    name: String,
    policy: Link,
    rows: Vec<Row>,
}

/// One agency.
struct Row {
    name: String,
    phone: String,
    address: String,
    hours: String,
}

#[derive(Template)]
#[template(path = "public/agencies.html")]
struct AgenciesPage {
    chrome: Chrome,
    groups: Vec<Group>,
}

/// `GET /agencies`.
pub async fn list(_: MaybeSignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, "agencies-title");
    let mut groups: Vec<Group> = vec![];
    for agency in app.office.agencies().values() {
        let row = Row {
            name: agency_name(agency, chrome.locale).to_owned(),
            phone: agency.phone.clone(),
            address: agency.address.clone(),
            hours: hours(agency),
        };
        match groups.iter_mut().find(|group| group.pool == agency.pool) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                pool: agency.pool,
                name: pool_name(&app, chrome.locale, agency.pool),
                policy: Link::to(urls::policy(agency.pool), chrome.t("home-policy")),
                rows: vec![row],
            }),
        }
    }
    Ok(page(StatusCode::OK, &AgenciesPage { chrome, groups }))
}
