//! How somebody wants to be told (CAS-12): what is switched on and off, and by which addresses they are reached. What
//! must be sent can't be switched off; addresses are not changed here.

use super::App;
use super::error::Error;
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::notice::{Channel, Matter};
use crate::domain::policy::value::Span;
use crate::store::messages::Addressee;
use crate::store::preferences::{self, Origin};
use crate::store::{Conn, StoreError};

/// How somebody is told.
#[derive(Clone, Debug)]
pub struct Notifications {
    /// Addresses, language, and what is switched off.
    pub to: Addressee,
    /// Where the address of mail comes from; the phone is the registry's.
    pub email_from: Origin,
    /// Hours in which an SMS rings.
    pub sms_hours: Vec<Span>,
}

/// One switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    /// What.
    pub matter: Matter,
    /// By which channel.
    pub channel: Channel,
    /// Whether it is wanted.
    pub on: bool,
}

/// How somebody is told now.
///
/// # Errors
/// [`Error::NotFound`] when the login is gone.
pub async fn read(app: &App, actor: &Actor) -> Result<Notifications, Error> {
    let account = actor.account;
    let (to, email_from) = app
        .db
        .read(move |conn| preferences::of_account(conn, account).map_err(Error::from))
        .await?
        .ok_or(Error::NotFound)?;
    let today = app.clock.now().day();
    let policies = &app.office.policies;
    let policy = match actor.pool {
        Some(pool) => policies.on(pool, today),
        None => policies.default_on(today),
    };
    Ok(Notifications {
        to,
        email_from,
        sms_hours: policy.sms_hours().value.clone(),
    })
}

/// Switches what somebody is told, all or nothing.
///
/// # Errors
/// [`Error::Invalid`] at `switches` when one of them can't be switched that way by this role.
pub async fn switch(app: &App, actor: &Actor, switches: Vec<Switch>) -> Result<(), Error> {
    let refused = || Error::Invalid(vec![FieldError::new("switches", "not-switchable")]);
    if switches.iter().any(|one| !one.matter.concerns(actor.role)) {
        return Err(refused());
    }
    let (account, now) = (actor.account, app.clock.now());
    app.db
        .write(move |conn| {
            let mut choices = present(conn, account)?.choices;
            for one in &switches {
                choices
                    .switch(one.matter, one.channel, one.on)
                    .map_err(|_| refused())?;
            }
            Ok(preferences::keep(conn, account, &choices, now)?)
        })
        .await
}

fn present(
    conn: &mut Conn<'_>,
    account: crate::domain::ids::AccountId,
) -> Result<Addressee, Error> {
    let found: Result<_, StoreError> = preferences::of_account(conn, account);
    Ok(found?.ok_or(Error::NotFound)?.0)
}
