//! Some rows of a list in one transaction: their cases with everything a filing brings, their results, and how far
//! the list has come. Whatever crashes, a row has either all of it or none, so that nobody is filed twice.

use std::collections::{BTreeMap, BTreeSet};

use super::ITEM;
use super::judging::{Before, Ground, Judged, judge};
use super::row::Read;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{Batch, Counts, Outcome, RowResult, State};
use crate::domain::case::{Case, Channel};
use crate::domain::event::Event;
use crate::domain::form::{Answers, FieldError};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::ladder::Passed;
use crate::domain::notice::{self, Notice};
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::registration::Registration;
use crate::domain::time::Ts;
use crate::domain::timer;
use crate::store::cases::NewCase;
use crate::store::messages::{Addressee, Letter, addressees, post_together};
use crate::store::people::{self, Insured};
use crate::store::{
    Conn, StoreError, batches, cases, guards, journal, receipts, registrations, sessions, timers,
};
use crate::usecases::filing::{First, first, wait_rules};
use crate::usecases::saving::{StepIds, opened, working_time};
use crate::usecases::{App, Error};

/// Rows to be filed together, with the identifiers of what they may become.
#[derive(Clone)]
pub(super) struct Chunk {
    app: App,
    batch: Batch,
    rows: Vec<(Read, CaseId, StepIds)>,
    is_last: Last,
    messages: StepIds,
    now: Ts,
}

/// Whether the list ends with a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// It does.
    Yes,
    /// More rows follow.
    No,
}

/// What became of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saved {
    /// Its rows have their results; so far has the list come.
    Here(Counts),
    /// Another instance works on the list.
    Elsewhere,
}

/// A case that a row becomes.
struct New<'a> {
    number: u32,
    ids: &'a StepIds,
    insured: &'a Insured,
    answers: Answers,
    facts: Vec<(&'static str, String)>,
    case: Case,
    event: Event,
    registrations: Vec<Registration>,
}

impl Chunk {
    pub(super) fn new(app: &App, batch: &Batch, rows: Vec<Read>, is_last: Last) -> Self {
        let with_ids = |row| (row, Clock::new_id(), StepIds::new());
        Self {
            app: app.clone(),
            batch: batch.clone(),
            rows: rows.into_iter().map(with_ids).collect(),
            is_last,
            messages: StepIds::new(),
            now: app.clock.now(),
        }
    }

    /// Files the rows in the caller's transaction.
    ///
    /// # Errors
    /// The database's; then nothing was done.
    pub(super) fn save(&self, conn: &mut Conn<'_>) -> Result<Saved, Error> {
        let found = batches::take(conn, self.batch.pool, self.batch.id)?;
        let here = |found: &Batch| {
            found.state == State::Running && found.counts.reached == self.batch.counts.reached
        };
        let Some(batch) = found.filter(here) else {
            return Ok(Saved::Elsewhere);
        };
        let today = self.now.day();
        let mut agent = sessions::actor(conn, batch.filed_by, today)?
            .filter(|actor| actor.role == Role::EmployerAgent)
            .ok_or_else(|| Error::Fault("the uploader of a list is no agent".to_owned()))?;
        agent.identified = batch.identified;
        let numbers: Vec<_> = self
            .rows
            .iter()
            .filter_map(|(row, ..)| row.who.as_ref().ok())
            .collect();
        let insured = people::insured_of(conn, &numbers, today)?;
        let before = before(conn, &batch, &insured)?;
        let own = own(conn, &batch, &agent, &before)?;
        let phones = self.phones(conn, &insured)?;
        let ground = Ground {
            app: &self.app,
            batch: &batch,
            today,
            insured: &insured,
            phones: &phones,
            own: &own,
        };
        let (news, mut results) = self.judged(conn, &ground, &agent, before)?;
        self.insert(conn, &news)?;
        results.extend(news.iter().map(New::result));
        results.sort_by_key(|result| result.number);
        batches::enter(conn, &batch, &results)?;
        self.finish(conn, &batch, &news, &results)
    }

    /// Judges every row; those to be filed take their numbers together, one block for each agency.
    fn judged<'a>(
        &'a self,
        conn: &mut Conn<'_>,
        ground: &Ground<'a>,
        agent: &Actor,
        mut before: Before,
    ) -> Result<(Vec<New<'a>>, Vec<RowResult>), Error> {
        let (mut filed, mut results) = (vec![], vec![]);
        for (row, case, ids) in &self.rows {
            match judge(ground, &before, row) {
                Judged::Back(error) => results.push(back(row.number, error)),
                Judged::Duplicate(case, receipt_no) => {
                    results.push(repeated(row.number, (case, receipt_no)));
                }
                Judged::Filed {
                    insured,
                    answers,
                    checked,
                } => {
                    before.note(row.number, (*case, insured.person), &checked.effects, ids);
                    filed.push((row.number, *case, ids, insured, answers, checked));
                }
            }
        }
        let mut agencies: BTreeMap<AgencyCode, u32> = BTreeMap::new();
        for (.., insured, _, _) in &filed {
            *agencies.entry(insured.coverage.agency).or_default() += 1;
        }
        let mut numbers = BTreeMap::new();
        for (agency, count) in agencies {
            let size = i32::try_from(count).unwrap_or(i32::MAX);
            let first = receipts::take_block(conn, agency, ground.today, size)?;
            numbers.insert(agency, u32::try_from(first).unwrap_or_default());
        }
        let mut news = vec![];
        for (number, id, ids, insured, answers, checked) in filed {
            let agency = insured.coverage.agency;
            let next = numbers.entry(agency).or_default();
            let receipt_no = ReceiptNo::new(agency, ground.today, *next);
            *next += 1;
            let policy = self
                .app
                .office
                .policies
                .on(insured.coverage.pool, ground.today);
            let filing = First {
                id,
                item: ITEM,
                actor: agent,
                person: insured.person,
                agency,
                receipt_no: receipt_no.to_string(),
                channel: Channel::OnBehalf,
                urgency: ITEM.urgency,
            };
            let (case, event) = first(&self.app, policy, filing, self.now)?;
            let opens = |effect| opened((id, insured.person), effect, ids);
            news.push(New {
                number,
                ids,
                insured,
                answers,
                registrations: checked.effects.iter().filter_map(opens).collect(),
                facts: checked.facts,
                case,
                event,
            });
        }
        Ok((news, results))
    }

    /// Cases, keys, journal, timers and registrations.
    fn insert(&self, conn: &mut Conn<'_>, news: &[New<'_>]) -> Result<(), Error> {
        let pool = self.batch.pool;
        let rows: Vec<NewCase<'_>> = news
            .iter()
            .map(|new| NewCase {
                case: &new.case,
                person_name: &new.insured.name,
                answers: &new.answers,
                facts: &new.facts,
            })
            .collect();
        cases::insert_together(conn, &rows)?;
        let ids: Vec<CaseId> = news.iter().map(|new| new.case.id).collect();
        journal::open_together(conn, pool, &ids)?;
        let events: Vec<_> = news
            .iter()
            .map(|new| (pool, new.case.id, &new.event))
            .collect();
        journal::append_together(conn, &events)?;
        let calendar = self.app.calendar();
        let policy = self.app.office.policies.on(pool, self.now.day());
        let rules = wait_rules(&policy);
        let mut planned = vec![];
        for new in news {
            let time = working_time(&self.app, &calendar, &new.case);
            let plan = timer::plan(&new.case, &rules, time, self.now, Passed::AtOnce);
            let with_ids = new.ids.timers.into_iter().zip(plan);
            planned.extend(with_ids.map(|(id, plan)| (new.case.id, id, plan)));
        }
        timers::insert_together(conn, pool, &planned)?;
        let opened: Vec<&Registration> = news.iter().flat_map(|new| &new.registrations).collect();
        registrations::insert_together(conn, pool, &opened)?;
        Ok(())
    }

    /// Notices, and how far the list has come: with its last row the agent is told, once for all (XR-9).
    fn finish(
        &self,
        conn: &mut Conn<'_>,
        batch: &Batch,
        news: &[New<'_>],
        results: &[RowResult],
    ) -> Result<Saved, Error> {
        let counts = counted(batch.counts, results);
        let persons: Vec<PersonId> = news.iter().map(|new| new.insured.person).collect();
        let logins = people::logins_of(conn, &persons)?;
        let mut accounts: Vec<_> = logins.values().flatten().copied().collect();
        accounts.push(batch.filed_by);
        let known = addressees(conn, &accounts)?;
        let mut letters: Vec<Letter<'_>> = vec![];
        for new in news {
            let theirs = logins.get(&new.case.person).into_iter().flatten();
            let told = theirs.filter(|login| **login != batch.filed_by);
            letters.extend(told.filter_map(|login| known.get(login)).map(|to| Letter {
                to,
                pool: batch.pool,
                about: Some(&new.case),
                notice: notice::about(&new.case, notice::Kind::FiledForYou),
            }));
        }
        if self.is_last == Last::Yes {
            letters.extend(known.get(&batch.filed_by).map(|to| done(batch, to, counts)));
        }
        let ids = &self.messages;
        post_together(conn, &letters, &ids.messages, self.now, ids.real)?;
        let finished_at = (self.is_last == Last::Yes).then_some(self.now);
        batches::advance(conn, batch, counts, finished_at)?;
        Ok(Saved::Here(counts))
    }

    /// The registry's phone numbers of rows that give none; nothing else of it is opened.
    fn phones(
        &self,
        conn: &Conn<'_>,
        insured: &BTreeMap<IdNumber, Insured>,
    ) -> Result<BTreeMap<PersonId, String>, StoreError> {
        let mut phones = BTreeMap::new();
        for (row, ..) in &self.rows {
            let (Ok(number), Ok(answers)) = (&row.who, &row.answers) else {
                continue;
            };
            if let (false, Some(found)) = (answers.contains_key("phone"), insured.get(number))
                && found.employer == Some(self.batch.employer)
                && let Some(sealed) = &found.phone
            {
                phones.insert(found.person, conn.vault.open_text(sealed)?);
            }
        }
        Ok(phones)
    }
}

/// What stands of the staff among the rows, read under the guards of their registrations (XR-2).
fn before(
    conn: &mut Conn<'_>,
    batch: &Batch,
    insured: &BTreeMap<IdNumber, Insured>,
) -> Result<Before, StoreError> {
    let staff: BTreeSet<PersonId> = insured
        .values()
        .filter(|one| one.employer == Some(batch.employer) && one.coverage.pool == batch.pool)
        .map(|one| one.person)
        .collect();
    guards::persons_registrations(conn, batch.pool, &staff)?;
    let staff: Vec<PersonId> = staff.into_iter().collect();
    let registrations = registrations::of_persons(conn, &staff)?;
    let rows = batches::numbers_of(conn, batch, &made_by(&registrations))?;
    Ok(Before {
        registrations,
        rows,
    })
}

/// Receipt numbers of what the employer's agents filed.
fn own(
    conn: &mut Conn<'_>,
    batch: &Batch,
    agent: &Actor,
    before: &Before,
) -> Result<BTreeMap<CaseId, String>, StoreError> {
    let found = cases::by_ids(conn, batch.pool, &made_by(&before.registrations))?;
    Ok(found
        .into_iter()
        .map(|listed| listed.case)
        .filter(|case| agent.colleagues.contains(&case.filed_by))
        .map(|case| (case.id, case.receipt_no))
        .collect())
}

/// The cases behind registrations that count (XR-2).
fn made_by(registrations: &BTreeMap<PersonId, Vec<Registration>>) -> Vec<CaseId> {
    let all = registrations.values().flatten();
    all.filter(|one| one.counts()).map(|one| one.case).collect()
}

impl New<'_> {
    fn result(&self) -> RowResult {
        RowResult {
            number: self.number,
            outcome: Outcome::Filed,
            column: None,
            code: None,
            values: vec![],
            case: Some((self.case.id, self.case.receipt_no.clone())),
        }
    }
}

fn back(number: u32, error: FieldError) -> RowResult {
    RowResult {
        number,
        outcome: Outcome::Rejected,
        column: (!error.field.is_empty()).then_some(error.field),
        code: Some(error.code),
        values: error.values,
        case: None,
    }
}

fn repeated(number: u32, case: (CaseId, String)) -> RowResult {
    RowResult {
        number,
        outcome: Outcome::Duplicate,
        column: None,
        code: None,
        values: vec![],
        case: Some(case),
    }
}

fn counted(mut counts: Counts, results: &[RowResult]) -> Counts {
    for result in results {
        counts.reached = counts.reached.max(result.number);
        match result.outcome {
            Outcome::Filed => counts.filed += 1,
            Outcome::Rejected => counts.rejected += 1,
            Outcome::Duplicate => counts.duplicates += 1,
        }
    }
    counts
}

/// What the agent is told at the end: how many of each, nobody's name.
fn done<'a>(batch: &Batch, to: &'a Addressee, counts: Counts) -> Letter<'a> {
    let particulars = BTreeMap::from([
        ("item".to_owned(), batch.item.clone()),
        ("filed".to_owned(), counts.filed.to_string()),
        ("rejected".to_owned(), counts.rejected.to_string()),
        ("duplicates".to_owned(), counts.duplicates.to_string()),
    ]);
    Letter {
        to,
        pool: batch.pool,
        about: None,
        notice: Notice {
            kind: notice::Kind::BatchDone,
            particulars,
        },
    }
}
