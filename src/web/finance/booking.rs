//! What is booked by hand about the subsidy: claims to a treasury, the day it paid, further grants (SET-8).

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::named;
use super::shares::{Opened, again};
use crate::domain::fiscal::Payer;
use crate::domain::form::{FieldError, read_day};
use crate::domain::money::Fen;
use crate::domain::time::Day;
use crate::usecases::paying::{self, sharing};
use crate::usecases::{App, Error};
use crate::web::csrf::Sent;
use crate::web::page::see_other;
use crate::web::problem::{Answer, Failure};
use crate::web::urls::finance as to;

/// What was typed in any of the forms.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    /// Which form: `claim` or `grant`, or the claim that was paid.
    pub(super) form: String,
    pub(super) payer: String,
    from: String,
    to: String,
    pub(super) amount: String,
    pub(super) on: String,
    pub(super) document: String,
}

impl Typed {
    /// The name of a field on the page, where fields of all forms stand.
    pub(super) fn placed(&self, field: &str) -> String {
        match self.form.as_str() {
            "" => field.to_owned(),
            form => format!("{field}-{form}"),
        }
    }

    fn payer(&self) -> Option<Payer> {
        self.payer.parse().ok()
    }
}

/// `POST /finance/claims`.
pub async fn claim(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    let typed = &sent.form;
    let days = (day("from", &typed.from), day("to", &typed.to));
    let outcome = match (typed.payer(), days) {
        (Some(payer), (Ok(from), Ok(to))) => {
            let period = (from, to);
            let claimed = sharing::claim(&app, &sent.user.actor, payer, period).await;
            claimed.map(|_| ())
        }
        (payer, (from, to)) => {
            let unnamed = FieldError::new("payer", "choice-required");
            let unnamed = payer.is_none().then_some(unnamed);
            let faults = [unnamed, from.err(), to.err()];
            Err(Error::Invalid(faults.into_iter().flatten().collect()))
        }
    };
    settled(&request, &app, &sent, outcome, "claimed").await
}

/// `POST /finance/claims/{claim}/paid`.
pub async fn paid(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    let id = named(&path)?;
    let outcome = match day("on", &sent.form.on) {
        Ok(on) => sharing::paid(&app, &sent.user.actor, id, Some(on))
            .await
            .map(|_| ()),
        Err(fault) => Err(Error::Invalid(vec![fault])),
    };
    settled(&request, &app, &sent, outcome, "paid").await
}

/// `POST /finance/grants`.
pub async fn grant(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    let form = &sent.form;
    let outcome = match (Fen::parse(&form.amount), day("on", &form.on)) {
        (Ok(amount), Ok(on)) => {
            let typed = sharing::Typed {
                payer: form.payer(),
                amount: Some(amount),
                on: Some(on),
                document: form.document.clone(),
            };
            sharing::grant(&app, &sent.user.actor, &typed)
                .await
                .map(|_| ())
        }
        (amount, on) => {
            let amount = amount
                .err()
                .map(|error| FieldError::new("amount", &format!("money-{}", error.code())));
            let faults = [amount, on.err()];
            Err(Error::Invalid(faults.into_iter().flatten().collect()))
        }
    };
    settled(&request, &app, &sent, outcome, "granted").await
}

fn day(field: &str, typed: &str) -> Result<Day, FieldError> {
    match typed.trim() {
        "" => Err(FieldError::new(field, "required")),
        typed => read_day(typed).ok_or_else(|| FieldError::new(field, "day-impossible")),
    }
}

async fn settled(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    outcome: Result<(), Error>,
    done: &str,
) -> Result<actix_web::HttpResponse, Failure> {
    match outcome {
        Ok(()) => Ok(see_other(&to::shares(&[("done", done)]))),
        Err(Error::Invalid(errors)) => {
            let opened = Opened::default();
            again(&sent.user, request, app, (&opened, &sent.form), &errors).await
        }
        Err(error) => Err(error.into()),
    }
}
