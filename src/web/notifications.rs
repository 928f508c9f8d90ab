//! How somebody wants to be told (CAS-12): a box to tick for each matter and channel that is free, what is always sent
//! and why, the addresses in use, masked, and the language. Nothing here changes an address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::components::{Banner, BannerKind, Checks, Choice, Opt, SummaryList, SummaryRow};
use super::csrf::Sent;
use super::delivery::{self, masked};
use super::page::{Chrome, Link, page, see_other};
use super::problem::{Answer, Failure};
use super::session::{self, SignedIn};
use super::urls;
use crate::domain::actor::Role;
use crate::domain::locale::Locale;
use crate::domain::notice::{Channel, Matter};
use crate::store::preferences::Origin;
use crate::usecases::notifying::{self, Notifications, Switch};
use crate::usecases::{App, accounts};

/// The page.
#[derive(Template)]
#[template(path = "accounts/notifications.html")]
struct NotificationsPage {
    chrome: Chrome,
    done: Option<Banner>,
    addresses: SummaryList,
    /// Why some matters can't be switched off; none where the reader is never told of them.
    lawful: Option<String>,
    free: Vec<Checks>,
    quiet: Option<String>,
    language: Choice,
}

/// What was done before the page is shown again.
#[derive(Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /account/notifications`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Done>,
) -> Answer {
    let now = notifying::read(&app, &user.actor).await?;
    let mut chrome = session::frame(&request, "notify-title");
    chrome.breadcrumbs = vec![
        Link::to(urls::home(), chrome.t("home")),
        Link::to(urls::account(), chrome.t("account-title")),
    ];
    let role = user.actor.role;
    let content = NotificationsPage {
        done: (query.done == "saved")
            .then(|| Banner::new(chrome.locale, BannerKind::Success, chrome.t("notify-saved"))),
        addresses: SummaryList::new(chrome.locale, addresses(&chrome, role, &now)),
        lawful: lawful(&chrome, role),
        free: free(role)
            .map(|matter| boxes(&chrome, matter, &now))
            .collect(),
        quiet: takes_sms(role).then(|| quiet(&chrome, &now)),
        language: language(&chrome, now.to.locale),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// What somebody of this role may switch.
fn free(role: Role) -> impl Iterator<Item = Matter> {
    Matter::iter().filter(move |matter| matter.concerns(role) && !matter.is_lawful())
}

fn takes_sms(role: Role) -> bool {
    Matter::iter().any(|matter| matter.concerns(role) && matter.channels().contains(&Channel::Sms))
}

fn addresses(chrome: &Chrome, role: Role, now: &Notifications) -> Vec<SummaryRow> {
    let mut rows = vec![];
    if takes_sms(role) {
        let words = match now.to.phone.as_deref() {
            Some(phone) => chrome.t1("notify-phone-from", "number", masked(Channel::Sms, phone)),
            None => chrome.t("notify-no-phone"),
        };
        rows.push(SummaryRow::new(chrome.t("notify-phone"), words));
    }
    let words = match (now.to.email.as_deref(), now.email_from) {
        (Some(email), Origin::Account) => chrome.t1(
            "notify-email-account",
            "address",
            masked(Channel::Email, email),
        ),
        (Some(email), Origin::Registry) => chrome.t1(
            "notify-email-registry",
            "address",
            masked(Channel::Email, email),
        ),
        (None, _) => chrome.t("notify-no-email"),
    };
    rows.push(SummaryRow::new(chrome.t("notify-email"), words));
    rows
}

fn lawful(chrome: &Chrome, role: Role) -> Option<String> {
    let matters: Vec<String> = Matter::iter()
        .filter(|matter| matter.concerns(role) && matter.is_lawful())
        .map(|matter| chrome.t(&format!("matter-{matter}")))
        .collect();
    let between = match chrome.locale {
        Locale::Zh => "；",
        Locale::En => "; ",
    };
    (!matters.is_empty()).then(|| chrome.t1("notify-fixed-why", "matters", matters.join(between)))
}

fn boxes(chrome: &Chrome, matter: Matter, now: &Notifications) -> Checks {
    let options = matter
        .channels()
        .iter()
        .map(|channel| {
            let is_on = now.to.choices.is_on(matter, *channel);
            let mut option = Opt::new(channel.as_str(), delivery::channel(chrome.locale, *channel));
            option.chosen = is_on;
            option
        })
        .collect();
    let label = chrome.t(&format!("matter-{matter}"));
    Checks::new(chrome.locale, &field(matter), label, options)
}

/// The name of a matter's boxes.
fn field(matter: Matter) -> String {
    format!("matter-{matter}")
}

fn quiet(chrome: &Chrome, now: &Notifications) -> String {
    let hours: Vec<String> = now
        .sms_hours
        .iter()
        .map(|span| format!("{}–{}", span.from.format("%H:%M"), span.to.format("%H:%M")))
        .collect();
    chrome.t1("notify-quiet", "hours", hours.join(" "))
}

fn language(chrome: &Chrome, present: Locale) -> Choice {
    let options = [(Locale::Zh, "中文"), (Locale::En, "English")]
        .into_iter()
        .map(|(locale, name)| Opt::new(locale.tag(), name).chosen_if(present.tag()))
        .collect();
    Choice::new(
        chrome.locale,
        "locale",
        chrome.t("notify-language"),
        options,
    )
}

/// `POST /account/notifications`: what is ticked is on, what is not ticked is off.
pub async fn save(app: web::Data<App>, sent: Sent<Vec<(String, String)>>) -> Answer {
    let actor = &sent.user.actor;
    let said = |name: &str, value: &str| {
        sent.form
            .iter()
            .any(|(field, chosen)| field == name && chosen == value)
    };
    let switches = free(actor.role)
        .flat_map(|matter| {
            let channels = matter.channels().iter();
            channels.map(move |channel| (matter, *channel))
        })
        .map(|(matter, channel)| Switch {
            matter,
            channel,
            on: said(&field(matter), channel.as_str()),
        })
        .collect();
    let locale = Locale::ALL
        .into_iter()
        .find(|locale| said("locale", locale.tag()))
        .ok_or(Failure::Request(StatusCode::BAD_REQUEST, "bad-request"))?;
    notifying::switch(&app, actor, switches).await?;
    accounts::set_locale(&app, actor.account, locale).await?;
    Ok(see_other(&urls::notifications_saved()))
}
