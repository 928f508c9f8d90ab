//! Authorisations to file for somebody (CAS-8): a resident names a relative, who accepts; a community worker records
//! one on paper. Either side takes it back at once. What it lets somebody do is the domain's to say.

use chrono::Months;

use super::App;
use super::error::{Already, Conflict, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, AuthorisationId, PersonId};
use crate::domain::person_name::PersonName;
use crate::domain::place::Pool;
use crate::domain::proxy::{self, Authorisation, Fault, Kind, Standing, Terms};
use crate::domain::time::{Day, Ts};
use crate::items;
use crate::store::authorisations::{self, Paper};
use crate::store::{Conn, guards, people, registry};

/// Whom somebody names: both must be right, and a wrong one is answered like a missing one.
#[derive(Clone, Debug)]
pub struct Named {
    /// ID number as typed.
    pub id_number: String,
    /// Name as typed.
    pub name: String,
}

/// What is to be covered; empty means all items, and today or a year.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Slugs of items.
    pub items: Vec<String>,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
}

/// On whose side of an authorisation somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It is filed for them.
    Principal,
    /// They file.
    Grantee,
}

/// An authorisation as one of its sides sees it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The authorisation.
    pub authorisation: Authorisation,
    /// Where it stands today.
    pub standing: Standing,
    /// On which side the reader is.
    pub side: Side,
    /// Name of the person it is filed for.
    pub principal: String,
    /// Name of who files.
    pub grantee: String,
}

/// Who may have to do with authorisations at all.
pub const SIDES: &[Role] = &[Role::Resident, Role::Proxy];

/// A resident authorises a relative; nothing is in force before they accept.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but residents, [`Error::Invalid`] with every fault at its field,
/// [`Error::Conflict`] beside another one between the two.
pub async fn grant(
    app: &App,
    actor: &Actor,
    named: Named,
    asked: Asked,
) -> Result<AuthorisationId, Error> {
    actor.require(&[Role::Resident])?;
    let principal = actor.person.ok_or(Error::Forbidden)?;
    let new = New::read(app, actor, asked)?;
    app.db
        .write(move |conn| {
            let grantee = known(conn, &named, new.now)?;
            if grantee == principal {
                return Err(invalid("id_number", "authorisation-own"));
            }
            let pool = insured(conn, principal, new.now)?.0;
            new.save(conn, pool, principal, Grantee::Relative(grantee))
        })
        .await
}

/// A community worker records an authorisation on paper, for a resident of the own area; it is in force at once.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but community workers, [`Error::Invalid`] with every fault at its field, for
/// people of other areas too, [`Error::Conflict`] beside another one between the two.
pub async fn record(
    app: &App,
    actor: &Actor,
    named: Named,
    asked: Asked,
    paper: Paper,
) -> Result<AuthorisationId, Error> {
    actor.require(&[Role::Proxy])?;
    let area = actor.agency.ok_or(Error::Forbidden)?;
    let new = New::read(app, actor, asked)?;
    if paper.signed_on > new.now.day() {
        return Err(invalid("signed_on", "authorisation-signed-later"));
    }
    let account = actor.account;
    app.db
        .write(move |conn| {
            let principal = known(conn, &named, new.now)?;
            let (pool, agency) = insured(conn, principal, new.now)?;
            if agency != area {
                return Err(invalid("id_number", "authorisation-outside-area"));
            }
            let grantee = Grantee::Worker(account, paper.clone());
            new.save(conn, pool, principal, grantee)
        })
        .await
}

/// The person of an ID number and a name.
fn known(conn: &mut Conn<'_>, named: &Named, now: Ts) -> Result<PersonId, Error> {
    let number = IdNumber::parse(&named.id_number, now.day())
        .map_err(|_| invalid("id_number", "id-number-malformed"))?;
    let name = PersonName::parse(&named.name).map_err(|_| invalid("name", "name-malformed"))?;
    people::by_id_number(conn, &number)?
        .filter(|(_, known)| known == name.as_str())
        .map(|(person, _)| person)
        .ok_or_else(|| invalid("id_number", "person-unknown"))
}

fn insured(
    conn: &mut Conn<'_>,
    person: PersonId,
    now: Ts,
) -> Result<(Pool, crate::domain::place::AgencyCode), Error> {
    let coverage = registry::coverage_on(conn, person, now.day())?;
    coverage
        .map(|coverage| (coverage.pool, coverage.agency))
        .ok_or_else(|| invalid("id_number", "not-insured"))
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

enum Grantee {
    Relative(PersonId),
    Worker(AccountId, Paper),
}

/// What is to be recorded, read.
#[derive(Clone)]
struct New {
    id: AuthorisationId,
    terms: Terms,
    by: AccountId,
    now: Ts,
}

impl New {
    fn read(app: &App, actor: &Actor, asked: Asked) -> Result<Self, Error> {
        let now = app.clock.now();
        if asked.items.iter().any(|slug| items::find(slug).is_none()) {
            return Err(invalid("items", "item-unknown"));
        }
        let from = asked.from.unwrap_or(now.day());
        let year = from.checked_add_months(Months::new(proxy::LONGEST_MONTHS));
        let last = year.and_then(|day| day.pred_opt()).unwrap_or(from);
        let terms = Terms {
            items: (!asked.items.is_empty()).then_some(asked.items),
            from,
            to: asked.to.unwrap_or(last),
        };
        proxy::check_terms(&terms, now.day()).map_err(|fault| {
            invalid(
                "to",
                match fault {
                    Fault::Backwards => "authorisation-backwards",
                    Fault::Past => "authorisation-past",
                    Fault::TooLong => "authorisation-too-long",
                },
            )
        })?;
        Ok(Self {
            id: Clock::new_id(),
            terms,
            by: actor.account,
            now,
        })
    }

    fn save(
        &self,
        conn: &mut Conn<'_>,
        pool: Pool,
        principal: PersonId,
        grantee: Grantee,
    ) -> Result<AuthorisationId, Error> {
        let (kind, person, account, paper) = match grantee {
            Grantee::Relative(person) => (Kind::Family, Some(person), None, None),
            Grantee::Worker(account, paper) => (Kind::Community, None, Some(account), Some(paper)),
        };
        guards::person_authorisations(conn, pool, principal)?;
        let others = authorisations::between(conn, principal, person, account)?;
        if proxy::overlap(&others, &self.terms, self.now.day()).is_some() {
            let overlap = Conflict::Already(Already::AuthorisationOverlap);
            return Err(Error::Conflict(overlap));
        }
        let new = Authorisation {
            id: self.id,
            kind,
            principal,
            grantee: person,
            account,
            terms: self.terms.clone(),
            granted_at: self.now,
            accepted_at: account.map(|_| self.now),
            revoked_at: None,
        };
        authorisations::insert(conn, &new, paper.as_ref(), self.by)?;
        Ok(self.id)
    }
}

/// All that the reader granted or may use, the latest first.
///
/// # Errors
/// [`Error::Forbidden`] for who files neither for themselves nor for others.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Held>, Error> {
    actor.require(SIDES)?;
    let (person, account, today) = (actor.person, actor.account, app.clock.now().day());
    let own_name = actor.name.clone();
    app.db
        .read(move |conn| {
            let found = authorisations::of(conn, person, account)?;
            let people: Vec<PersonId> = found
                .iter()
                .flat_map(|one| [Some(one.principal), one.grantee])
                .flatten()
                .collect();
            let names = people::names(conn, &people)?;
            let workers = found.iter().filter_map(|one| one.account).collect();
            let workers = crate::store::accounts::names(conn, &workers)?;
            Ok(found
                .into_iter()
                .map(|one| {
                    let side = match person == Some(one.principal) {
                        true => Side::Principal,
                        false => Side::Grantee,
                    };
                    let of_person = one.grantee.and_then(|id| names.get(&id));
                    let of_login = one.account.and_then(|id| workers.get(&id));
                    Held {
                        standing: one.standing(today),
                        side,
                        principal: names.get(&one.principal).cloned().unwrap_or_default(),
                        grantee: of_person.or(of_login).unwrap_or(&own_name).clone(),
                        authorisation: one,
                    }
                })
                .collect())
        })
        .await
}

/// The relative accepts; from its first day on it is in force.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, [`Error::Conflict`] when it was answered before or is past its term.
pub async fn accept(app: &App, actor: &Actor, id: AuthorisationId) -> Result<(), Error> {
    actor.require(SIDES)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let one = authorisations::find(conn, id)?.ok_or(Error::NotFound)?;
            if one.grantee.is_none() || one.grantee != actor.person {
                return Err(Error::NotTheirs);
            }
            if one.standing(now.day()) != Standing::Offered {
                return Err(over());
            }
            settled(authorisations::accept(conn, id, actor.account, now)?)
        })
        .await
}

/// Either side takes it back; from this moment nothing can be filed or done by it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, [`Error::Conflict`] when it was taken back before.
pub async fn revoke(app: &App, actor: &Actor, id: AuthorisationId) -> Result<(), Error> {
    actor.require(SIDES)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let one = authorisations::find(conn, id)?.ok_or(Error::NotFound)?;
            let own = actor.person.is_some()
                && (actor.person == Some(one.principal) || actor.person == one.grantee);
            if !own && one.account != Some(actor.account) {
                return Err(Error::NotTheirs);
            }
            settled(authorisations::revoke(conn, id, now)?)
        })
        .await
}

fn over() -> Error {
    Error::Conflict(Conflict::Already(Already::AuthorisationOver))
}

fn settled(rows: usize) -> Result<(), Error> {
    match rows {
        0 => Err(over()),
        _ => Ok(()),
    }
}
