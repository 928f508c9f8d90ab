//! Filings in the making: begun, saved with every keystroke that pauses, gone on with, thrown away, submitted.
//! What is typed is kept unchecked; rules are asked when a question is left and before submission.

mod again;

pub use again::again;

use std::collections::BTreeMap;

use chrono::{Days, NaiveTime};
use serde_json::{Map, Value};

use super::error::{Conflict, Error};
use super::filing::{self, Filed, Submission};
use super::{App, papers as files};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::case::Channel;
use crate::domain::form::{Answers, FieldError, Kind, Prefill};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::place::Pool;
use crate::domain::registration::Registration;
use crate::domain::time::{Day, Ts};
use crate::items;
use crate::store::drafts::Draft;
use crate::store::papers::Material;
use crate::store::registry::{Coverage, Person};
use crate::store::{Conn, cases, drafts, papers, receipts, registrations, registry};

/// Characters of one answer that are kept; what is longer is no answer.
const LONGEST: usize = 4_000;
/// Drafts one person may have at a time.
const MOST_DRAFTS: usize = 50;

/// A draft with what its pages show.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The draft.
    pub draft: Draft,
    /// Its item.
    pub item: &'static ServiceItem,
    /// What the registry holds of the person.
    pub person: Person,
    /// Where they are insured; `None` when nowhere today.
    pub coverage: Option<Coverage>,
    /// Papers uploaded so far.
    pub materials: Vec<Material>,
    /// Their registrations, which some questions choose from.
    pub registrations: Vec<Registration>,
    /// What stands against submitting it as it is; pledges are taken as given.
    pub findings: Findings,
}

/// What stands against a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Faults at their fields.
    pub errors: Vec<FieldError>,
    /// What it runs into (XR-2).
    pub conflict: Option<Conflict>,
}

impl Opened {
    /// The materials these answers need, with the papers that are here for each.
    pub fn needed(&self) -> BTreeMap<&'static str, Vec<&Material>> {
        needed(self.item, &self.draft.answers, &self.materials)
    }
}

/// The materials some answers need, with the papers that are here for each.
pub fn needed<'a>(
    item: &'static ServiceItem,
    answers: &Answers,
    here: &'a [Material],
) -> BTreeMap<&'static str, Vec<&'a Material>> {
    item.materials
        .iter()
        .filter(|material| (material.needed)(answers))
        .map(|material| {
            let papers = here.iter().filter(|p| p.name == material.name).collect();
            (material.name, papers)
        })
        .collect()
}

/// Begins a draft, filled in with what the registry holds (CAS-9) and with `known` answers.
///
/// # Errors
/// [`Error::NotFound`] for an unknown item, [`Error::Forbidden`] for a role that does not file it,
/// [`Error::Invalid`] for somebody who is not insured here or has too many drafts.
pub async fn begin(
    app: &App,
    actor: &Actor,
    slug: &str,
    known: Map<String, Value>,
) -> Result<CaseId, Error> {
    let item = items::find(slug).ok_or(Error::NotFound)?;
    let person = filer(actor, item)?;
    let (account, id, now) = (actor.account, Clock::new_id(), app.clock.now());
    let office = app.clone();
    app.db
        .write(move |conn| {
            if drafts::of_account(conn, account)?.len() >= MOST_DRAFTS {
                return Err(Error::Invalid(vec![FieldError::new("", "drafts-too-many")]));
            }
            let not_insured = || Error::Invalid(vec![FieldError::new("", "not-insured")]);
            let coverage =
                registry::coverage_on(conn, person, now.day())?.ok_or_else(not_insured)?;
            let person = registry::person(conn, person)?.ok_or(Error::NotFound)?;
            let draft = Draft {
                pool: coverage.pool,
                id,
                account,
                item: item.slug.to_owned(),
                form_version: i32::try_from(item.form.version)
                    .map_err(|e| Error::Fault(e.to_string()))?,
                answers: filled(item, &person, now.day(), &known),
                created_at: now,
                updated_at: now,
                expires_at: expiry(&office, coverage.pool, now),
            };
            drafts::insert(conn, &draft)?;
            Ok(id)
        })
        .await
}

fn filer(actor: &Actor, item: &ServiceItem) -> Result<PersonId, Error> {
    match actor.person {
        Some(person) if item.audience.contains(&actor.role) => Ok(person),
        Some(_) | None => Err(Error::Forbidden),
    }
}

/// Prefilled answers, overlaid by those known from elsewhere; unknown fields are left out.
fn filled(item: &ServiceItem, person: &Person, today: Day, known: &Map<String, Value>) -> Answers {
    let mut answers = Answers::default();
    for field in item.form.fields {
        let prefill = match field.prefill {
            Some(Prefill::Phone) => person.phone.clone(),
            Some(Prefill::Today) => Some(today.to_string()),
            None => None,
        };
        match known.get(field.name).and_then(Value::as_str) {
            Some(value) => answers.set(field.name, short(value)),
            None => {
                if let Some(value) = prefill {
                    answers.set(field.name, value);
                }
            }
        }
    }
    answers
}

/// The last moment of the last day the pack keeps a draft, counted from when it was last saved.
fn expiry(app: &App, pool: Pool, saved: Ts) -> Ts {
    let keep = app
        .office
        .policies
        .on(pool, saved.day())
        .draft_keep()
        .value
        .0;
    Ts::from_beijing(saved.day() + Days::new(u64::from(keep) + 1), NaiveTime::MIN)
}

/// Keeps what was typed, unchecked; fields the form does not have are ignored.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: CaseId,
    typed: Vec<(String, String)>,
) -> Result<(), Error> {
    let (app, account) = (app.clone(), actor.account);
    let now = app.clock.now();
    let db = app.db.clone();
    db.write(move |conn| {
        let draft = drafts::find(conn, account, id)?.ok_or(Error::NotFound)?;
        let item = items::find(&draft.item).ok_or(Error::NotFound)?;
        let mut answers = draft.answers;
        for (name, value) in &typed {
            if item.form.field(name).is_some() {
                answers.set(name, short(value));
            }
        }
        let expires = expiry(&app, draft.pool, now);
        Ok(drafts::save(conn, id, &answers, now, expires)?)
    })
    .await
}

fn short(typed: &str) -> String {
    typed.chars().take(LONGEST).collect()
}

/// The draft with what its pages show.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn open(app: &App, actor: &Actor, id: CaseId) -> Result<Opened, Error> {
    let (app, actor) = (app.clone(), actor.clone());
    let db = app.db.clone();
    db.read(move |conn| {
        let draft = drafts::find(conn, actor.account, id)?.ok_or(Error::NotFound)?;
        let item = items::find(&draft.item).ok_or(Error::NotFound)?;
        let person = filer(&actor, item)?;
        let today = app.clock.now().day();
        let coverage = registry::coverage_on(conn, person, today)?;
        Ok(Opened {
            findings: examine(&app, conn, item, person, coverage.as_ref(), &draft.answers)?,
            person: registry::person(conn, person)?.ok_or(Error::NotFound)?,
            materials: papers::materials(conn, draft.pool, draft.id)?,
            registrations: registrations::of_person(conn, person)?,
            coverage,
            item,
            draft,
        })
    })
    .await
}

/// What stands against submitting these answers now. Nothing is locked: submission asks again.
fn examine(
    app: &App,
    conn: &mut Conn<'_>,
    item: &ServiceItem,
    person: PersonId,
    coverage: Option<&Coverage>,
    typed: &Answers,
) -> Result<Findings, Error> {
    let Some(coverage) = coverage else {
        let errors = vec![FieldError::new("", "not-insured")];
        return Ok(Findings {
            errors,
            conflict: None,
        });
    };
    let answers = match item.form.read(&raw(item, typed, true)) {
        Ok(answers) => answers,
        Err(errors) => {
            return Ok(Findings {
                errors,
                conflict: None,
            });
        }
    };
    let subject = filing::Subject {
        person,
        pool: coverage.pool,
        filed_on: app.clock.now().day(),
        case: None,
        entry: None,
    };
    match filing::rules(app, conn, item, &subject, &answers) {
        Ok(_) => Ok(Findings::default()),
        Err(Error::Invalid(errors)) => Ok(Findings {
            errors,
            conflict: None,
        }),
        Err(Error::Conflict(conflict)) => Ok(Findings {
            errors: vec![],
            conflict: Some(conflict),
        }),
        Err(other) => Err(other),
    }
}

/// Typed answers as they are submitted; pledges as given at the last step.
fn raw(item: &ServiceItem, typed: &Answers, pledged: bool) -> Map<String, Value> {
    item.form
        .fields
        .iter()
        .filter_map(|field| match field.kind {
            Kind::Pledge => Some((field.name.to_owned(), Value::from(pledged))),
            _ => Some((field.name.to_owned(), typed.text(field.name)?.into())),
        })
        .collect()
}

/// All drafts of somebody, last saved first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Draft>, Error> {
    let account = actor.account;
    Ok(app.db.read(move |c| drafts::of_account(c, account)).await?)
}

/// Throws a draft away, with its papers.
///
/// # Errors
/// [`Error::NotFound`] for a draft of somebody else.
pub async fn delete(app: &App, actor: &Actor, id: CaseId) -> Result<(), Error> {
    let account = actor.account;
    let keys = app
        .db
        .write(move |conn| {
            let draft = drafts::find(conn, account, id)?.ok_or(Error::NotFound)?;
            let keys = papers::remove_all(conn, draft.pool, id)?;
            drafts::delete(conn, account, id)?;
            Ok::<_, Error>(keys)
        })
        .await?;
    files::let_go(app, &keys).await;
    Ok(())
}

/// The token of a draft's submission: however often and from however many tabs it is sent, it is one case.
pub fn token(id: CaseId) -> String {
    format!("draft-{id}")
}

/// What is said at the last step.
#[derive(Clone, Debug, Default)]
pub struct Last {
    /// Whether the pledge was given.
    pub pledged: bool,
    /// Why it is urgent, one of the item's reasons (CAT-4).
    pub urgent: Option<String>,
}

/// Submits a draft with what is said at the last step.
///
/// # Errors
/// As [`filing::file`]; [`Error::NotFound`] for a draft of somebody else.
pub async fn submit(
    app: &App,
    actor: &Actor,
    id: CaseId,
    channel: Channel,
    last: Last,
) -> Result<Filed, Error> {
    let account = actor.account;
    let draft = app.db.read(move |c| drafts::find(c, account, id)).await?;
    let Some(draft) = draft else {
        return filed_before(app, actor, id).await?.ok_or(Error::NotFound);
    };
    let item = items::find(&draft.item).ok_or(Error::NotFound)?;
    let submission = Submission {
        item: draft.item,
        answers: raw(item, &draft.answers, last.pledged),
        token: token(id),
        channel,
        draft: Some(id),
        behalf: None,
        urgent: last.urgent,
    };
    match filing::file(app, actor, submission).await {
        // A twin was faster, perhaps after another tab had changed an answer.
        Err(Error::TokenReused | Error::Busy) => {
            filed_before(app, actor, id).await?.ok_or(Error::Busy)
        }
        other => other,
    }
}

/// The case a draft became, if it was submitted already.
async fn filed_before(app: &App, actor: &Actor, id: CaseId) -> Result<Option<Filed>, Error> {
    let account = actor.account;
    app.db
        .read(move |conn| {
            let Some(before) = receipts::submitted(conn, account, &token(id))? else {
                return Ok(None);
            };
            let (pool, case) = before.case;
            let listed = cases::by_id(conn, pool, case)?;
            Ok(listed.map(|listed| Filed::Again(listed.case.receipt_no)))
        })
        .await
}

/// Deletes up to `limit` drafts that were not touched for as long as the pack keeps them (CAS-13); returns how
/// many. For housekeeping.
pub async fn expire(app: &App, limit: i64) -> Result<usize, Error> {
    let now = app.clock.now();
    let (count, keys) = app
        .db
        .write(move |conn| drafts::delete_expired(conn, now, limit).map_err(Error::from))
        .await?;
    files::let_go(app, &keys).await;
    Ok(count)
}
