//! Some rows of a list in one transaction: their cases with everything a filing brings, their results, and how far
//! the list has come. Whatever crashes, a row has either all of it or none, so that nobody is filed twice.

use std::collections::BTreeMap;

use super::ITEM;
use super::completing::{Completed, Promises, complete};
use super::ground::{awaiting, before, own, phones};
use super::judging::{Before, Ground, Judged, judge};
use super::results::{back, counted, filed, repeated};
use super::row::Read;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{Batch, Counts, RowResult, State};
use crate::domain::case::{Case, Channel};
use crate::domain::event::Event;
use crate::domain::form::Answers;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::Checked;
use crate::domain::ladder::Passed;
use crate::domain::notice::{self, Notice};
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::registration::Registration;
use crate::domain::time::{Day, Ts};
use crate::domain::timer;
use crate::store::cases::NewCase;
use crate::store::messages::{Addressee, Letter, addressees, post_together};
use crate::store::people::{self, Insured};
use crate::store::{
    Conn, StoreError, batches, cases, journal, receipts, registrations, sessions, timers,
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
    promises: Promises,
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

/// A row to be filed.
struct Fit<'a> {
    number: u32,
    case: CaseId,
    ids: &'a StepIds,
    insured: &'a Insured,
    answers: Answers,
    checked: Checked,
}

/// The case it becomes.
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
            promises: Promises::new(app, batch, rows.len()),
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
        let rows = self.rows.iter();
        let numbers: Vec<_> = rows.filter_map(|(row, ..)| row.who.as_ref().ok()).collect();
        let insured = people::insured_of(conn, &numbers, today)?;
        let before = before(conn, &batch, &insured)?;
        let own = own(conn, &batch, &agent, &before)?;
        let awaiting = awaiting(conn, &batch, &own)?;
        let read = self.rows.iter().map(|(row, ..)| row);
        let phones = phones(conn, &batch, read, &insured)?;
        let ground = Ground {
            app: &self.app,
            batch: &batch,
            today,
            insured: &insured,
            phones: &phones,
            own: &own,
            awaiting: &awaiting,
        };
        let (fit, completed, mut results) = self.judged(&ground, before);
        let news = self.opened(conn, &agent, fit)?;
        self.insert(conn, &news)?;
        let of_case = |new: &New<'_>| filed(new.number, (new.case.id, new.case.receipt_no.clone()));
        results.extend(news.iter().map(of_case));
        results.extend(complete(conn, &self.app, &agent, completed)?);
        batches::enter(conn, &batch, &results)?;
        self.finish(conn, &batch, &news, &results)
    }

    /// Judges every row by what stands and what the rows before it bring.
    fn judged<'a>(
        &'a self,
        ground: &Ground<'a>,
        mut before: Before,
    ) -> (Vec<Fit<'a>>, Vec<Completed<'a>>, Vec<RowResult>) {
        let (mut fit, mut completed, mut results) = (vec![], vec![], vec![]);
        for (row, case, ids) in &self.rows {
            match judge(ground, &before, row) {
                Judged::Back(error) => results.push(back(row.number, error)),
                Judged::Duplicate(case, receipt_no) => {
                    results.push(repeated(row.number, (case, receipt_no)));
                }
                Judged::Completes {
                    listed,
                    standing,
                    answers,
                    checked,
                } => {
                    before.note_completed(row.number, &listed.case, &checked.effects);
                    completed.push(Completed {
                        number: row.number,
                        listed,
                        standing,
                        answers,
                        checked,
                    });
                }
                Judged::Filed {
                    insured,
                    answers,
                    checked,
                } => {
                    before.note(row.number, (*case, insured.person), &checked.effects, ids);
                    fit.push(Fit {
                        number: row.number,
                        case: *case,
                        ids,
                        insured,
                        answers,
                        checked,
                    });
                }
            }
        }
        (fit, completed, results)
    }

    /// The cases of rows, each with its number and first event.
    fn opened<'a>(
        &self,
        conn: &mut Conn<'_>,
        agent: &Actor,
        fit: Vec<Fit<'a>>,
    ) -> Result<Vec<New<'a>>, Error> {
        let today = self.now.day();
        let mut numbers = numbers(conn, &fit, today)?;
        let calendar = self.app.calendar();
        let mut news = vec![];
        for row in fit {
            let coverage = &row.insured.coverage;
            let number = numbers.entry(coverage.agency).or_default();
            let receipt_no = ReceiptNo::new(coverage.agency, today, *number);
            *number += 1;
            let policy = self.app.office.policies.on(coverage.pool, today);
            let filing = First {
                id: row.case,
                item: ITEM,
                actor: agent,
                person: row.insured.person,
                agency: coverage.agency,
                receipt_no: receipt_no.to_string(),
                channel: Channel::OnBehalf,
                urgency: ITEM.urgency,
            };
            let (case, event) = first(&self.app, (policy, &calendar), filing, self.now)?;
            let who = (case.id, case.person);
            let effects = row.checked.effects.iter();
            news.push(New {
                number: row.number,
                ids: row.ids,
                insured: row.insured,
                answers: row.answers,
                registrations: effects.filter_map(|e| opened(who, e, row.ids)).collect(),
                facts: row.checked.facts,
                case,
                event,
            });
        }
        Ok(news)
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
        self.promises.give(conn, policy, &ids, self.now)
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
}

/// The first receipt numbers of the rows at each agency: one block for all.
fn numbers(
    conn: &mut Conn<'_>,
    fit: &[Fit<'_>],
    today: Day,
) -> Result<BTreeMap<AgencyCode, u32>, StoreError> {
    let mut counts: BTreeMap<AgencyCode, i32> = BTreeMap::new();
    for row in fit {
        *counts.entry(row.insured.coverage.agency).or_default() += 1;
    }
    let mut first = BTreeMap::new();
    for (agency, count) in counts {
        let number = receipts::take_block(conn, agency, today, count)?;
        first.insert(agency, u32::try_from(number).unwrap_or_default());
    }
    Ok(first)
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
