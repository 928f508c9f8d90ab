//! Where people arrive whose work in this service is still elsewhere: what the account is and what it can do today.
//! Nothing is promised here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use crate::domain::actor::Role;
use crate::domain::locale::Locale;
use crate::usecases::App;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn, role_key};
use crate::web::urls;

/// The page.
#[derive(Template)]
#[template(path = "desk/landing.html")]
struct LandingPage {
    chrome: Chrome,
    role: String,
    lead: String,
    agency: Option<String>,
    links: Vec<Link>,
}

/// `GET /workplace`: the page of the role; who has a desk is led to it, residents to their affairs.
pub async fn show(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let role = user.actor.role;
    match role {
        Role::Handler | Role::Reviewer | Role::Supervisor | Role::Auditor => {
            return Ok(see_other(&urls::desk::desk()));
        }
        Role::Resident => return Ok(see_other(&urls::resident::mine())),
        Role::EmployerAgent => return Ok(see_other(&urls::employer::home())),
        Role::Proxy
        | Role::InstitutionClerk
        | Role::InstitutionDoctor
        | Role::Pharmacist
        | Role::MailroomClerk
        | Role::FinanceOfficer
        | Role::TaxLiaison
        | Role::ProvincialHandler
        | Role::Administrator => {}
    }
    let chrome = session::frame(&request, "landing-title");
    let agencies = app.office.agencies();
    let agency = user
        .actor
        .agency
        .and_then(|code| agencies.get(&code))
        .map(|agency| match chrome.locale {
            Locale::Zh => agency.name_zh.clone(),
            Locale::En => agency.name_en.clone(),
        });
    let links = links(role)
        .into_iter()
        .map(|(url, key)| Link::to(url, chrome.t(key)))
        .collect();
    let content = LandingPage {
        role: chrome.t(role_key(role)),
        lead: chrome.t(&format!("landing-{role}")),
        agency,
        links,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn links(role: Role) -> Vec<(String, &'static str)> {
    let mut links = vec![
        (urls::home(), "landing-catalogue"),
        (urls::account(), "landing-account"),
        (urls::agencies(), "landing-agencies"),
    ];
    if role == Role::Proxy {
        links.insert(0, (urls::behalf(), "behalf-title"));
        links.insert(1, (urls::authorisations(), "authorisations-title"));
    }
    if matches!(role, Role::InstitutionClerk | Role::InstitutionDoctor) {
        links.insert(0, (urls::institution::home(), "institution-title"));
    }
    if role == Role::ProvincialHandler {
        links.insert(0, (urls::contacts::list("", ""), "contacts-title"));
    }
    if role == Role::Administrator {
        links.insert(0, (urls::admin_outbox("", "", ""), "admin-outbox"));
        links.insert(0, (urls::closures::admin(), "closures-admin"));
        links.insert(0, (urls::accounts::admin_list("", ""), "admin-accounts"));
    }
    links
}
