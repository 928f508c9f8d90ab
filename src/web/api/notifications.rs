//! How whoever asks wants to be told (CAS-12), for apps. The same use cases as the page.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use super::reading::{Body, Fields};
use crate::domain::actor::Role;
use crate::domain::locale::Locale;
use crate::domain::notice::{Channel, Matter};
use crate::store::preferences::Origin;
use crate::usecases::notifying::{self, Notifications, Switch};
use crate::usecases::{App, accounts};
use crate::web::delivery::masked;
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// Switches of one body at most: more than there are.
const MOST: usize = 100;

/// How somebody is told. The inbox is always on and not listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationsView {
    /// Language of messages.
    locale: &'static str,
    /// Mobile phone, masked; null when none is known.
    sms: Option<AddressView>,
    /// Address of mail, masked; null when none is known.
    email: Option<AddressView>,
    /// What somebody of this role is told of.
    matters: Vec<MatterView>,
}

/// An address in use.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressView {
    /// With most of it starred.
    masked: String,
    /// `account` or `registry`.
    from: &'static str,
}

/// A matter by one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct MatterView {
    /// `filing`, `supplement`, `decision`, `deadline`, `progress`, `reminder`, `work`, `operation`.
    matter: &'static str,
    /// `sms` or `email`.
    channel: &'static str,
    /// Whether it is sent.
    on: bool,
    /// Whether it can be switched; false for what must be sent by law.
    switchable: bool,
}

/// Body of `PUT /api/v1/me/notifications`; what is not named stays.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct Switches {
    /// Which are to be switched, all or nothing.
    switches: Option<Vec<SwitchBody>>,
    /// `zh-CN` or `en`.
    locale: Option<String>,
}

/// One switch.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct SwitchBody {
    /// Of a matter.
    matter: String,
    /// By a channel.
    channel: String,
    /// Wanted or not.
    on: bool,
}

/// How one is told.
#[utoipa::path(get, path = "/api/v1/me/notifications", tag = "accounts",
    responses((status = 200, body = NotificationsView)))]
pub async fn read(user: SignedIn, app: web::Data<App>) -> Answer {
    let now = notifying::read(&app, &user.actor).await?;
    Ok(HttpResponse::Ok().json(view(user.actor.role, &now)))
}

/// Switches what one is told by SMS and mail; 422 for what can't be switched off.
#[utoipa::path(put, path = "/api/v1/me/notifications", tag = "accounts", request_body = Switches,
    responses((status = 200, body = NotificationsView)))]
pub async fn switch(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    let mut fields = Fields::of(&body);
    let switches = switches(&mut fields);
    let locale = locale(&mut fields);
    fields.finish()?;
    notifying::switch(&app, &user.actor, switches).await?;
    if let Some(locale) = locale {
        accounts::set_locale(&app, user.actor.account, locale).await?;
    }
    let now = notifying::read(&app, &user.actor).await?;
    Ok(HttpResponse::Ok().json(view(user.actor.role, &now)))
}

fn switches(fields: &mut Fields<'_>) -> Vec<Switch> {
    let given = match fields.raw("switches") {
        None => return vec![],
        Some(Value::Array(given)) if given.len() <= MOST => given,
        Some(_) => {
            fields.fault("switches", "wrong-type");
            return vec![];
        }
    };
    let read: Option<Vec<Switch>> = given.iter().map(one).collect();
    read.unwrap_or_else(|| {
        fields.fault("switches", "unknown-matter");
        vec![]
    })
}

fn one(given: &Value) -> Option<Switch> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    Some(Switch {
        matter: text("matter")?.parse().ok()?,
        channel: text("channel")?.parse().ok()?,
        on: given.get("on")?.as_bool()?,
    })
}

fn locale(fields: &mut Fields<'_>) -> Option<Locale> {
    let given = fields.raw("locale")?;
    let found = Locale::ALL
        .into_iter()
        .find(|locale| given.as_str() == Some(locale.tag()));
    if found.is_none() {
        fields.fault("locale", "choice-unknown");
    }
    found
}

fn view(role: Role, now: &Notifications) -> NotificationsView {
    let address = |channel: Channel, from: Origin| {
        Some(AddressView {
            masked: masked(channel, now.to.address(channel)?),
            from: match from {
                Origin::Account => "account",
                Origin::Registry => "registry",
            },
        })
    };
    let matters = Matter::iter().filter(|matter| matter.concerns(role));
    let each = matters.flat_map(|matter| {
        let channels = matter.channels().iter();
        channels.map(move |channel| (matter, *channel))
    });
    NotificationsView {
        locale: now.to.locale.tag(),
        sms: address(Channel::Sms, Origin::Registry),
        email: address(Channel::Email, now.email_from),
        matters: each
            .map(|(matter, channel)| MatterView {
                matter: matter.as_str(),
                channel: channel.as_str(),
                on: now.to.choices.is_on(matter, channel),
                switchable: !matter.is_lawful(),
            })
            .collect(),
    }
}
