//! Where the navigation leads whoever is signed in, by their role. What they may do there is asked of the use cases.

use crate::domain::actor::Role;
use crate::usecases::appointing::BOOKERS;
use crate::web::chrome::{Chrome, Link};
use crate::web::urls;

/// Unread messages are counted up to one more than this.
pub(super) const UNREAD: u16 = 99;

/// What stands first.
fn first(role: Role) -> Vec<(String, &'static str)> {
    match role {
        Role::Resident => vec![
            (urls::resident::mine(), "nav-mine"),
            (urls::items(), "nav-items"),
            (urls::resident::registrations(), "nav-registrations"),
        ],
        Role::Handler | Role::Reviewer | Role::Supervisor | Role::Auditor => {
            vec![
                (urls::desk::desk(), "nav-desk"),
                (urls::items(), "nav-items"),
            ]
        }
        Role::InstitutionClerk | Role::InstitutionDoctor => {
            vec![
                (urls::institution::home(), "institution-nav-home"),
                (urls::items(), "nav-items"),
            ]
        }
        Role::ProvincialHandler => vec![
            (urls::desk::workplace(), "nav-workplace"),
            (urls::contacts::list("", ""), "contacts-nav"),
            (urls::items(), "nav-items"),
        ],
        Role::EmployerAgent => vec![
            (urls::employer::home(), "employer-title"),
            (urls::employer::upload(), "employer-do-upload"),
            (urls::employer::batches(""), "employer-do-history"),
            (urls::employer::staff(""), "employer-do-staff"),
        ],
        Role::MailroomClerk => vec![
            (urls::mailroom::home(), "mailroom-nav-home"),
            (urls::mailroom::parcels(&[]), "mailroom-nav-all"),
            (urls::items(), "nav-items"),
        ],
        Role::Proxy
        | Role::Pharmacist
        | Role::FinanceOfficer
        | Role::TaxLiaison
        | Role::Administrator => {
            vec![
                (urls::desk::workplace(), "nav-workplace"),
                (urls::items(), "nav-items"),
            ]
        }
    }
}

/// The pages somebody works with, on every page that has no navigation of its own.
pub(super) fn own_pages(chrome: &Chrome, role: Role, here: &str) -> Vec<Link> {
    let first = first(role);
    let books = BOOKERS.contains(&role);
    let booked = books.then(|| (urls::appointments::own(), "appointments-title"));
    let link = |(url, key): (String, &str)| Link::to(url, chrome.t(key)).marked(here);
    let account = (urls::account(), "nav-account");
    let all = first.into_iter().chain(booked);
    all.map(link)
        .chain([to_inbox(chrome, here), link(account)])
        .collect()
}

/// The link to the own messages, with how many are unread (CAS-12); every navigation has it.
pub fn to_inbox(chrome: &Chrome, here: &str) -> Link {
    let unread = chrome.user.as_ref().map_or(0, |user| user.unread);
    let words = match u16::try_from(unread) {
        Ok(0) => chrome.t("nav-inbox"),
        Ok(unread) if unread <= UNREAD => chrome.t1("nav-inbox-unread", "count", unread),
        Ok(_) | Err(_) => chrome.t1("nav-inbox-unread-many", "count", UNREAD),
    };
    Link::to(urls::inbox(), words).marked(here)
}
