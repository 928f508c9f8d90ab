//! Logins of the pool, for administrators: which there are, whether they can be used, whether they have a second
//! factor; closing, opening, taking a lost second factor away. Never here: residents (CAS-10: administrators see no
//! personal data).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::store::logins::Login;
use crate::usecases::accounts::administering::{self, Access};
use crate::usecases::{App, accounts};
use crate::web::components::{
    Banner, BannerKind, Pages, SummaryList, SummaryRow, Tag, TagColour, TextField,
};
use crate::web::csrf::{Nothing, Sent};
use crate::web::page::{Chrome, Link, Width, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn, role_key};
use crate::web::urls;

/// The list.
#[derive(Template)]
#[template(path = "admin/accounts.html")]
struct ListPage {
    chrome: Chrome,
    search: TextField,
    searched: bool,
    rows: Vec<Login>,
    pages: Pages,
}

impl ListPage {
    fn role(&self, row: &Login) -> String {
        self.chrome.t(role_key(row.role))
    }

    fn access(&self, row: &Login) -> Tag {
        access_tag(&self.chrome, row)
    }

    fn factor(&self, row: &Login) -> String {
        factor_words(&self.chrome, row)
    }
}

/// One login.
#[derive(Template)]
#[template(path = "admin/account.html")]
struct OnePage {
    chrome: Chrome,
    done: Option<Banner>,
    username: String,
    facts: SummaryList,
    is_own: bool,
    is_closed: bool,
    has_factor: bool,
}

/// What the list was opened with.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// What was done before the page is shown again.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /admin/accounts`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    let found = administering::list(&app, &user.actor, &opened.q, &opened.after).await?;
    let mut chrome = session::frame(&request, "admin-accounts");
    chrome.width = Width::Desk;
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let content = ListPage {
        search: TextField::new(chrome.locale, "q", chrome.t("admin-accounts-search"))
            .value(opened.q.as_str()),
        searched: !opened.q.trim().is_empty(),
        rows: found.rows,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: found
                .next
                .map(|after| urls::accounts::admin_list(&opened.q, &after)),
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// `GET /admin/accounts/{username}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    username: web::Path<String>,
    app: web::Data<App>,
    query: web::Query<Done>,
) -> Answer {
    let (login, left) = administering::show(&app, &user.actor, &username).await?;
    let mut chrome = session::frame(&request, "admin-account");
    chrome.breadcrumbs = vec![
        Link::to(urls::home(), chrome.t("home")),
        Link::to(
            urls::accounts::admin_list("", ""),
            chrome.t("admin-accounts"),
        ),
    ];
    let done = match query.done.as_str() {
        "opened" => Some("admin-account-opened"),
        "closed" => Some("admin-account-closed"),
        "reset" => Some("admin-account-reset-done"),
        _ => None,
    };
    let content = OnePage {
        done: done.map(|key| Banner::new(chrome.locale, BannerKind::Success, chrome.t(key))),
        facts: SummaryList::new(chrome.locale, facts(&chrome, &login, left)),
        is_own: login.account == user.actor.account,
        is_closed: login.disabled_at.is_some(),
        has_factor: login.second_factor_at.is_some(),
        username: login.username,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn facts(chrome: &Chrome, login: &Login, left: i64) -> Vec<SummaryRow> {
    let mut rows = vec![
        SummaryRow::new(chrome.t("account-name"), login.name.as_str()),
        SummaryRow::new(chrome.t("account-username"), login.username.as_str()),
        SummaryRow::new(chrome.t("account-role"), chrome.t(role_key(login.role))),
    ];
    if let Some(agency) = &login.agency {
        rows.push(SummaryRow::new(chrome.t("account-agency"), agency.as_str()));
    }
    let access = match &login.disabled_at {
        None => chrome.t("admin-account-is-open"),
        Some(at) => chrome.t1(
            "admin-account-closed-since",
            "at",
            chrome.moment(at).as_str(),
        ),
    };
    rows.push(SummaryRow::new(chrome.t("admin-account-access"), access));
    let mut factor = SummaryRow::new(chrome.t("second-factor"), factor_words(chrome, login));
    if login.second_factor_at.is_some() {
        let left = chrome.t1(
            "admin-account-codes-left",
            "count",
            left.to_string().as_str(),
        );
        factor = factor.note(left);
    }
    rows.push(factor);
    rows
}

fn access_tag(chrome: &Chrome, login: &Login) -> Tag {
    match login.disabled_at {
        None => Tag::new(chrome.t("admin-account-is-open"), TagColour::Green),
        Some(_) => Tag::new(chrome.t("admin-account-is-closed"), TagColour::Red),
    }
}

fn factor_words(chrome: &Chrome, login: &Login) -> String {
    match &login.second_factor_at {
        Some(at) => chrome.t1(
            "admin-account-factor-since",
            "at",
            chrome.moment(at).as_str(),
        ),
        None => chrome.t("admin-account-no-factor"),
    }
}

/// What is to become of a login.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    /// It can be used again.
    Open,
    /// It can't be used any more.
    Closed,
}

/// Opens or closes.
#[derive(Deserialize)]
pub struct AccessForm {
    access: Wanted,
}

/// `POST /admin/accounts/{username}/access`.
pub async fn set_access(
    sent: Sent<AccessForm>,
    username: web::Path<String>,
    app: web::Data<App>,
) -> Answer {
    let (access, done) = match sent.form.access {
        Wanted::Open => (Access::Open, "opened"),
        Wanted::Closed => (Access::Closed, "closed"),
    };
    accounts::set_access(&app, &sent.user.actor, &username, access).await?;
    Ok(see_other(&urls::accounts::admin_done(&username, done)))
}

/// `POST /admin/accounts/{username}/reset-second-factor`.
pub async fn reset(
    sent: Sent<Nothing>,
    username: web::Path<String>,
    app: web::Data<App>,
) -> Answer {
    administering::reset_second_factor(&app, &sent.user.actor, &username).await?;
    Ok(see_other(&urls::accounts::admin_done(&username, "reset")))
}
