//! The demo's patients (IN-4): entered by the clerk of a hospital through the same use case as anybody's, in each condition,
//! insured there, elsewhere in the province, in another province, or unknown to the registry. None of them has a login to
//! try.

use chrono::Days;

use super::roster::{other, username};
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::AccountId;
use crate::domain::money::Fen;
use crate::domain::patient::Status;
use crate::domain::patient::cost::RawCost;
use crate::domain::patient::entry::Raw;
use crate::domain::region::RegionCode;
use crate::domain::time::{Day, Ts};
use crate::store::{accounts, registry, sessions};
use crate::usecases::ledger::{self, Outcome, costs};
use crate::usecases::{App, Error};

/// Who is treated.
#[derive(Clone, Copy)]
enum Who {
    /// One of the people without cases, insured in a pool.
    Insured(&'static str, usize),
    /// Somebody whom the registry does not know, insured in Beijing: name and sequence of the ID number.
    Outsider(&'static str, u16),
}

struct Sample {
    /// The pool of the hospital.
    pool: &'static str,
    who: Who,
    status: Status,
    /// Days since the admission.
    admitted: u64,
    /// Days since the discharge.
    discharged: Option<u64>,
    /// Costs in fen, of drugs.
    cost: Option<i64>,
}

const fn sample(pool: &'static str, who: Who, status: Status, admitted: u64) -> Sample {
    Sample {
        pool,
        who,
        status,
        admitted,
        discharged: None,
        cost: None,
    }
}

const SAMPLES: [Sample; 8] = [
    sample("371000", Who::Insured("371000", 22), Status::Suspected, 2),
    Sample {
        cost: Some(128_050),
        ..sample("371000", Who::Insured("370600", 23), Status::Confirmed, 5)
    },
    sample("371000", Who::Insured("320600", 24), Status::Suspected, 1),
    Sample {
        cost: Some(86_400),
        ..sample("371000", Who::Outsider("赵示外", 11), Status::Confirmed, 6)
    },
    Sample {
        discharged: Some(3),
        ..sample("371000", Who::Insured("371000", 25), Status::Excluded, 8)
    },
    Sample {
        discharged: Some(1),
        cost: Some(342_000),
        ..sample("320600", Who::Insured("320600", 22), Status::Confirmed, 12)
    },
    sample("320600", Who::Insured("611000", 24), Status::Confirmed, 4),
    sample("320600", Who::Outsider("钱示外", 12), Status::Suspected, 3),
];

/// Enters the patients; those that are there already stay as they are.
pub(super) async fn enter(app: &App, start: Ts) -> Result<(), Error> {
    for one in &SAMPLES {
        let actor = clerk(app, one.pool, start).await?;
        let raw = raw(app, one, start).await?;
        let (outcome, entered) = ledger::enter(app, &actor, &raw).await?;
        if let (Outcome::New, Some(fen)) = (outcome, one.cost) {
            let cost = RawCost {
                incurred_on: entered.patient.admitted_on.to_string(),
                kind: "drug".to_owned(),
                note: "示范：诊疗方案内药品".to_owned(),
            };
            let amount: Result<Fen, FieldError> = Ok(Fen::new(fen));
            costs::add(app, &actor, entered.patient.id, cost, amount).await?;
        }
    }
    Ok(())
}

async fn raw(app: &App, one: &Sample, start: Ts) -> Result<Raw, Error> {
    let (name, id_number, place) = match one.who {
        Who::Insured(pool, number) => {
            let (name, id_number) = insured(app, &other(number, pool), start.day()).await?;
            (name, id_number, "")
        }
        Who::Outsider(name, sequence) => {
            let number = outsider(sequence).ok_or_else(|| missing(name))?;
            (name.to_owned(), number.as_str().to_owned(), "110100")
        }
    };
    let ago = |days: u64| (start.day() - Days::new(days)).to_string();
    Ok(Raw {
        name,
        id_number,
        status: one.status.as_str().to_owned(),
        admitted_on: ago(one.admitted),
        discharged_on: one.discharged.map(ago).unwrap_or_default(),
        place_of_insurance: place.to_owned(),
        ..Raw::default()
    })
}

fn outsider(sequence: u16) -> Option<IdNumber> {
    let born = Day::from_ymd_opt(1982, 6, 1)?;
    IdNumber::compose(RegionCode::parse("110101")?, born, sequence)
}

/// Name and ID number of who a login belongs to.
async fn insured(app: &App, login: &str, on: Day) -> Result<(String, String), Error> {
    let actor = account(app, login).await?;
    let found = app
        .db
        .read(move |conn| {
            let person = sessions::actor(conn, actor, on)?.and_then(|actor| actor.person);
            match person {
                Some(person) => registry::person(conn, person),
                None => Ok(None),
            }
        })
        .await?;
    let person = found.ok_or_else(|| missing(login))?;
    Ok((person.name, person.id_number))
}

async fn clerk(app: &App, pool: &str, at: Ts) -> Result<Actor, Error> {
    let name = username("clerk1", pool);
    let account = account(app, &name).await?;
    app.db
        .read(move |conn| sessions::actor(conn, account, at.day()))
        .await?
        .ok_or_else(|| missing(&name))
}

async fn account(app: &App, name: &str) -> Result<AccountId, Error> {
    let wanted = name.to_owned();
    let found = app
        .db
        .read(move |conn| accounts::credentials(conn, &wanted, ""))
        .await?;
    found
        .map(|found| found.account)
        .ok_or_else(|| missing(name))
}

fn missing(what: &str) -> Error {
    Error::Fault(format!("the demo's patient or clerk {what}"))
}
