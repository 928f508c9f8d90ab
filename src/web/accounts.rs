//! Pages of the own account: facts, language of messages, sessions, password. Nothing here checks a password.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::device::{Device, System};
use crate::domain::form::FieldError;
use crate::domain::ids::SessionId;
use crate::domain::locale::Locale;
use crate::store::sessions::Session;
use crate::usecases::{App, Error, accounts};
use crate::web::components::{
    Banner, BannerKind, Choice, ErrorSummary, InputKind, Opt, SummaryList, SummaryRow, TextField,
};
use crate::web::csrf::{Nothing, Sent};
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::{self, SignedIn, http, put, role_key};
use crate::web::{preferences, urls};

/// The own account.
#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    chrome: Chrome,
    done: Option<Banner>,
    facts: SummaryList,
    language: Choice,
    sessions: Vec<Row>,
    others: usize,
    /// Where somebody reads who looked at their data.
    reads: Option<String>,
    /// Where staff set up their second factor.
    second_factor: Option<String>,
}

/// One session in the list.
struct Row {
    /// What ends it; nothing for the present one.
    id: Option<SessionId>,
    device: String,
    began: String,
    seen: String,
    ends: String,
}

/// What was done before the page is shown again.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /account`.
pub async fn account(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Done>,
) -> Answer {
    let open = accounts::open_sessions(&app, user.actor.account).await?;
    let mut chrome = session::frame(&request, "account-title");
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let done = match query.done.as_str() {
        "language" => Some("account-language-saved"),
        "session" => Some("account-session-ended"),
        "others" => Some("account-others-ended"),
        "password" => Some("password-changed"),
        _ => None,
    };
    let content = AccountPage {
        done: done.map(|key| Banner::new(chrome.locale, BannerKind::Success, chrome.t(key))),
        facts: SummaryList::new(chrome.locale, facts(&chrome, &user)),
        language: language(&chrome, user.locale),
        sessions: open.iter().map(|one| row(&chrome, &user, one)).collect(),
        others: open.len().saturating_sub(1),
        second_factor: user
            .actor
            .role
            .is_staff()
            .then(urls::accounts::second_factor),
        reads: (user.actor.role == Role::Resident).then(urls::resident::reads),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn facts(chrome: &Chrome, user: &SignedIn) -> Vec<SummaryRow> {
    let actor = &user.actor;
    let mut rows = vec![
        SummaryRow::new(chrome.t("account-name"), actor.name.as_str()),
        SummaryRow::new(chrome.t("account-username"), user.username.as_str()),
        SummaryRow::new(chrome.t("account-role"), chrome.t(role_key(actor.role))),
    ];
    if let Some(pool) = &actor.pool {
        rows.push(SummaryRow::new(chrome.t("account-pool"), pool.as_str()));
    }
    if let Some(agency) = &actor.agency {
        rows.push(SummaryRow::new(chrome.t("account-agency"), agency.as_str()));
    }
    rows
}

fn language(chrome: &Chrome, present: Locale) -> Choice {
    let options = [(Locale::Zh, "中文"), (Locale::En, "English")]
        .into_iter()
        .map(|(locale, name)| Opt::new(locale.tag(), name).chosen_if(present.tag()))
        .collect();
    Choice::new(
        chrome.locale,
        "locale",
        chrome.t("account-language"),
        options,
    )
}

fn row(chrome: &Chrome, user: &SignedIn, one: &Session) -> Row {
    let this = one.id == user.session.id;
    let device = device_words(chrome, one.device.as_deref());
    Row {
        id: (!this).then_some(one.id),
        device: match this {
            true => chrome.t1("account-session-this", "device", device.as_str()),
            false => device,
        },
        began: chrome.moment(&one.created_at),
        seen: chrome.moment(&one.seen_at),
        ends: chrome.moment(&one.expires_at),
    }
}

/// Browser and system of a session, in words.
fn device_words(chrome: &Chrome, device: Option<&str>) -> String {
    let Some(Device { browser, system }) = device.and_then(|text| text.parse().ok()) else {
        return chrome.t("device-unknown");
    };
    let browser = chrome.t(&format!("device-browser-{browser}"));
    match system {
        System::Other => browser,
        system => chrome.t2(
            "device-both",
            ("browser", browser.as_str()),
            (
                "system",
                chrome.t(&format!("device-system-{system}")).as_str(),
            ),
        ),
    }
}

/// Language of messages.
#[derive(Deserialize)]
pub struct LanguageForm {
    locale: Locale,
}

/// `POST /account/language`: keeps it for messages, and for the pages of this browser.
pub async fn save_language(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<LanguageForm>,
) -> Answer {
    let locale = sent.form.locale;
    accounts::set_locale(&app, sent.user.actor.account, locale).await?;
    let mut response = see_other(&urls::account_done("language"));
    let secure = http(&request)?.is_secure();
    put(&mut response, preferences::language_cookie(locale, secure))?;
    Ok(response)
}

/// Which session is to end.
#[derive(Deserialize)]
pub struct SessionForm {
    session: SessionId,
}

/// `POST /account/end-session`: signs out on one device; a session of somebody else's is none.
pub async fn end_session(app: web::Data<App>, sent: Sent<SessionForm>) -> Answer {
    accounts::sign_out(&app, sent.user.actor.account, sent.form.session).await?;
    Ok(see_other(&urls::account_done("session")))
}

/// `POST /account/end-others`: signs out everywhere else.
pub async fn end_others(app: web::Data<App>, sent: Sent<Nothing>) -> Answer {
    accounts::end_others(&app, sent.user.actor.account, sent.user.session.id).await?;
    Ok(see_other(&urls::account_done("others")))
}

/// The page on which the password is changed.
#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    fields: [TextField; 3],
}

/// What is typed there.
#[derive(Deserialize)]
pub struct PasswordForm {
    old_password: String,
    new_password: String,
    repeat_password: String,
}

/// `GET /account/password`.
pub async fn password_page(_: SignedIn, request: HttpRequest) -> Answer {
    Ok(password_again(&request, &[]))
}

/// `POST /account/password`: changes the password; every other session ends.
pub async fn change_password(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<PasswordForm>,
) -> Answer {
    let form = &sent.form;
    if form.new_password != form.repeat_password {
        let error = FieldError::new("repeat", "password-differs");
        return Ok(password_again(&request, &[error]));
    }
    let address = session::address(&request);
    let (old, new) = (&form.old_password, &form.new_password);
    match accounts::change_password(&app, &sent.user, old, new, address).await {
        Ok(()) => Ok(see_other(&urls::account_done("password"))),
        Err(Error::Invalid(errors)) => Ok(password_again(&request, &errors)),
        Err(error) => Err(error.into()),
    }
}

fn password_again(request: &HttpRequest, errors: &[FieldError]) -> HttpResponse {
    let mut chrome = session::frame(request, "password-title");
    chrome.breadcrumbs = vec![
        Link::to(urls::home(), chrome.t("home")),
        Link::to(urls::account(), chrome.t("account-title")),
    ];
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| {
            (
                format!("{}_password", error.field),
                field_message(locale, error),
            )
        })
        .collect();
    let field = |part: &str, kind| {
        let name = format!("{part}_password");
        let error = said.iter().find(|(field, _)| *field == name);
        TextField::new(locale, &name, chrome.t(&format!("password-{part}")))
            .kind(kind)
            .error(error.map(|(_, words)| words.clone()))
    };
    let fields = [
        field("old", InputKind::Password),
        field("new", InputKind::NewPassword).hint(chrome.t("password-new-hint")),
        field("repeat", InputKind::NewPassword),
    ];
    let pairs = said
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()));
    let content = PasswordPage {
        errors: ErrorSummary::of(locale, pairs),
        fields,
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use crate::data::texts::has_text;
    use crate::domain::device::{Browser, System};
    use crate::domain::locale::Locale;

    #[test]
    fn every_device_has_words() {
        let browsers = Browser::iter().map(|browser| format!("device-browser-{browser}"));
        let systems = System::iter()
            .filter(|system| *system != System::Other)
            .map(|system| format!("device-system-{system}"));
        for key in browsers.chain(systems) {
            for locale in Locale::ALL {
                assert!(has_text(locale, &key), "{key} {}", locale.tag());
            }
        }
    }
}
