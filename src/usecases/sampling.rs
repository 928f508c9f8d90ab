//! Random samples of finished cases for a second look: drawn by a supervisor, the same again from the same seed, kept
//! with who drew them and what was found. The drawing itself is [`crate::domain::sample`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveTime};

use super::App;
use super::error::{Conflict, Error};
use super::listing::agency_of;
use super::registering::is_partial;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, CaseId, SampleId};
use crate::domain::sample::{Draw, Finding, LARGEST};
use crate::domain::time::{Day, Ts};
use crate::store::follow_ups::Changed;
use crate::store::samples::{self, Drawn, Sample};
use crate::store::{accounts, cases, turnaround};

/// Who reads samples.
pub const READERS: &[Role] = &[Role::Supervisor, Role::Auditor];
/// Samples listed.
const LISTED: i64 = 50;
/// Finished cases looked at in one go.
const CHUNK: i64 = 5_000;
/// Days of a period at most.
const LONGEST_PERIOD: i64 = 366;
/// Characters of what is wrong at most.
pub const LONGEST: usize = 500;

/// What a supervisor asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// First Beijing day on which the cases ended.
    pub from: Day,
    /// Last one.
    pub to: Day,
    /// How many cases, 1 to 50.
    pub wanted: u16,
    /// What to draw with; one is made where none is given.
    pub seed: Option<u32>,
}

/// Draws a sample of the own agency's finished cases and keeps it.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors; [`Error::Invalid`] for a number out of range, a period that ends before
/// it begins or is too long, and one in which nothing was finished.
pub async fn draw(app: &App, actor: &Actor, wish: Wish) -> Result<SampleId, Error> {
    actor.require(&[Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    check(wish)?;
    let id: SampleId = Clock::new_id();
    let seed = wish.seed.unwrap_or_else(|| made_from(id));
    let start = |day: Day| Ts::from_beijing(day, NaiveTime::MIN);
    let period = (start(wish.from), start(wish.to + Days::new(1)));
    let (mut draw, mut after) = (Draw::new(seed, wish.wanted), None);
    loop {
        let found = app
            .db
            .read(move |conn| {
                turnaround::of_period(conn, agency, period, after, CHUNK).map_err(Error::from)
            })
            .await?;
        found.iter().for_each(|(_, case)| draw.put(*case));
        after = found.last().copied();
        if after.is_none() {
            break;
        }
    }
    if draw.population() == 0 {
        return Err(invalid("from", "sample-empty"));
    }
    let sample = Sample {
        id,
        agency,
        drawn_by: actor.account,
        drawn_at: app.clock.now(),
        from: wish.from,
        to: wish.to,
        seed: i64::from(seed),
        wanted: i32::from(wish.wanted),
        population: i32::try_from(draw.population()).unwrap_or(i32::MAX),
    };
    let ids = draw.drawn();
    app.db
        .write(move |conn| samples::insert(conn, &sample, &ids).map_err(Error::from))
        .await?;
    Ok(id)
}

fn check(wish: Wish) -> Result<(), Error> {
    if !(1..=LARGEST).contains(&wish.wanted) {
        return Err(Error::Invalid(vec![
            FieldError::new("wanted", "sample-size").with("highest", LARGEST),
        ]));
    }
    let days = (wish.to - wish.from).num_days();
    match days {
        0..LONGEST_PERIOD => Ok(()),
        _ => Err(invalid("to", "period-malformed")),
    }
}

/// The last bits of a fresh identifier, which are random.
fn made_from(id: SampleId) -> u32 {
    use crate::domain::ids::Identifier;
    u32::try_from(id.uuid().as_u128() & 0x7FFF_FFFF).unwrap_or_default()
}

/// A sample with its cases.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The sample.
    pub sample: Sample,
    /// Its cases.
    pub cases: Vec<Drawn>,
    /// Names of who drew and looked.
    pub names: BTreeMap<AccountId, String>,
}

/// The latest samples of the own agency, with the names of who drew them.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and auditors.
pub async fn latest(
    app: &App,
    actor: &Actor,
) -> Result<(Vec<Sample>, BTreeMap<AccountId, String>), Error> {
    actor.require(READERS)?;
    let agency = agency_of(actor)?;
    app.db
        .read(move |conn| {
            let found = samples::latest(conn, agency, LISTED)?;
            let people: BTreeSet<AccountId> = found.iter().map(|sample| sample.drawn_by).collect();
            let names = accounts::names(conn, &people)?;
            Ok((found, names))
        })
        .await
}

/// One sample; without the words on the own or a relative's case (CAS-10).
///
/// # Errors
/// [`Error::NotFound`] for another agency's.
pub async fn whole(app: &App, actor: &Actor, id: SampleId) -> Result<Whole, Error> {
    actor.require(READERS)?;
    let (agency, actor) = (agency_of(actor)?, actor.clone());
    app.db
        .read(move |conn| {
            let sample = samples::by_id(conn, agency.pool(), id)?
                .filter(|sample| sample.agency == agency)
                .ok_or(Error::NotFound)?;
            let mut cases = samples::cases_of(conn, agency.pool(), id)?;
            for drawn in &mut cases {
                if is_partial(&actor, drawn.person, drawn.filed_by) {
                    drawn.words = None;
                }
            }
            let lookers = cases
                .iter()
                .filter_map(|drawn| drawn.found.map(|(_, by, _)| by));
            let people: BTreeSet<AccountId> = lookers.chain([sample.drawn_by]).collect();
            let names = accounts::names(conn, &people)?;
            Ok(Whole {
                sample,
                cases,
                names,
            })
        })
        .await
}

/// Writes down what a second look at a case found, once.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and for the own or a relative's case, [`Error::NotFound`] for a sample
/// of another agency, [`Error::Invalid`] when something is wrong and it is not said what, [`Error::Conflict`] when
/// somebody wrote a finding before.
pub async fn look(
    app: &App,
    actor: &Actor,
    id: SampleId,
    case: CaseId,
    finding: Finding,
    words: Option<String>,
) -> Result<(), Error> {
    actor.require(&[Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            samples::by_id(conn, agency.pool(), id)?
                .filter(|sample| sample.agency == agency)
                .ok_or(Error::NotFound)?;
            let listed = cases::by_id(conn, agency.pool(), case)?.ok_or(Error::NotFound)?;
            if actor.is_partial_to(&listed.case) {
                return Err(Error::Forbidden);
            }
            let words = words
                .as_deref()
                .map(str::trim)
                .filter(|words| !words.is_empty());
            match words {
                None if finding == Finding::Wrong => return Err(invalid("words", "required")),
                Some(words) if words.chars().count() > LONGEST => {
                    let error = FieldError::new("words", "words-too-long").with("max", LONGEST);
                    return Err(Error::Invalid(vec![error]));
                }
                Some(_) | None => {}
            }
            let what = (agency.pool(), id, case);
            match samples::look(conn, what, (finding, words), (actor.account, now))? {
                Changed::Done => Ok(()),
                Changed::Nothing => Err(Error::Conflict(Conflict::State {
                    state: listed.case.state,
                    version: listed.case.version,
                })),
            }
        })
        .await
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}
