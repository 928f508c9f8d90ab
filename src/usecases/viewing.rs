//! Reading cases: what somebody may see of one, and what is open to them. Nothing here changes anything.

mod filed;

pub use filed::of_filer;

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::handling::{item_of, visible};
use super::saving::working_time;
use super::zero_material::{self, Ground};
use crate::domain::actor::{Actor, Role, Sight};
use crate::domain::case::{Case, Channel, ClockState, State};
use crate::domain::deadline::{self, Deadline};
use crate::domain::event::{Change, Missing, Words};
use crate::domain::form::Answers;
use crate::domain::ids::AccountId;
use crate::domain::item::ServiceItem;
use crate::domain::ladder::{self, Mark};
use crate::domain::proxy;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::{Action, Context, Performer, available};
use crate::store::approvals::Asked;
use crate::store::authorisations::{self, Basis};
use crate::store::cases::Listed;
use crate::store::journal::Entry;
use crate::store::papers::{Material, Obligation};
use crate::store::registry::Person;
use crate::store::{Conn, accounts, approvals, cases, journal, papers, queue, registry};

/// A case and what is open to the reader.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The case.
    pub listed: Listed,
    /// Its item.
    pub item: &'static ServiceItem,
    /// As whom they see it.
    pub sight: Sight,
    /// What they may do, in the table's order.
    pub actions: Vec<Action>,
}

/// Everything on one screen.
#[derive(Clone, Debug)]
pub struct Full {
    /// The case and what is open.
    pub summary: Summary,
    /// What was answered.
    pub answers: Answers,
    /// What the registry holds of the person concerned, to be masked by who shows it.
    pub person: Person,
    /// The journal.
    pub entries: Vec<Entry>,
    /// Uploaded papers.
    pub materials: Vec<Material>,
    /// Promised papers.
    pub obligations: Vec<Obligation>,
    /// What the last supplement request named, while it is open or answered.
    pub missing: Vec<Missing>,
    /// What waits for a second person.
    pub asked: Vec<Asked>,
    /// Names of the staff in the journal and of the holder.
    pub names: BTreeMap<AccountId, String>,
    /// On what a filing for somebody rests (CAS-8).
    pub basis: Option<Resting>,
    /// What the registration of special times rests on (XR-3, XR-8).
    pub ground: Option<Ground>,
    /// How the due time was computed, while the clock runs (CLK-3).
    pub deadline: Option<Deadline>,
}

/// A case by its receipt number, for the API and small pages.
///
/// # Errors
/// [`Error::NotFound`] for a missing case and for one that is not theirs to see, [`Error::Forbidden`] at the
/// agency for the own or a relative's (CAS-10).
pub async fn summary(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Summary, Error> {
    let (app, actor, receipt_no) = (app.clone(), actor.clone(), receipt_no.clone());
    let db = app.db.clone();
    db.read(move |conn| {
        let listed = visible(conn, &actor, &receipt_no)?;
        if is_barred(&actor, &listed.case) {
            return Err(Error::Forbidden);
        }
        let promised = match actor.sight(&listed.case) {
            Sight::Own => papers::promised(conn, listed.case.pool, listed.case.id)?,
            Sight::Office | Sight::None => vec![],
        };
        summarise(conn, &app, &actor, listed, promised)
    })
    .await
}

/// Whether somebody at the agency may not read the case because it is the own or a relative's (CAS-10).
pub(super) fn is_barred(actor: &Actor, case: &Case) -> bool {
    actor.sight(case) == Sight::Office && actor.is_partial_to(case)
}

/// Everything about a case.
///
/// # Errors
/// As [`summary`].
pub async fn full(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<Full, Error> {
    let full = full_or_outline(app, actor, receipt_no).await?;
    if is_barred(actor, &full.summary.listed.case) {
        return Err(Error::Forbidden);
    }
    Ok(full)
}

/// Everything about a case; of the own or a relative's, somebody at the agency gets where it stands and what is
/// open, so that they can pass it on (CAS-10).
///
/// # Errors
/// [`Error::NotFound`] for a missing case and for one that is not theirs to see.
pub async fn full_or_outline(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<Full, Error> {
    let (inner, reader, receipt_no) = (app.clone(), actor.clone(), receipt_no.clone());
    let found = app
        .db
        .read(move |conn| {
            let listed = visible(conn, &reader, &receipt_no)?;
            let full = read(conn, &inner, &reader, listed)?;
            Ok::<_, Error>(if is_barred(&reader, &full.summary.listed.case) {
                filed::outline(full)
            } else {
                full
            })
        })
        .await?;
    filed::log_ledger(app, actor, &found).await?;
    Ok(found)
}

fn read(conn: &mut Conn<'_>, app: &App, actor: &Actor, listed: Listed) -> Result<Full, Error> {
    let obligations = papers::obligations(conn, listed.case.pool, listed.case.id)?;
    let promised = obligations
        .iter()
        .filter(|promise| promise.met_at.is_none())
        .map(|promise| promise.material.clone())
        .collect();
    let summary = summarise(conn, app, actor, listed, promised)?;
    let case = &summary.listed.case;
    let entries = journal::read(conn, case.pool, case.id)?;
    let mut people: BTreeSet<AccountId> = entries
        .iter()
        .filter_map(|entry| entry.event.actor)
        .collect();
    people.extend(case.holder);
    let asked = approvals::of_case(conn, case.pool, case.id)?;
    people.extend(asked.iter().map(|asked| asked.asked_by));
    Ok(Full {
        answers: cases::answers(conn, case.pool, case.id)?,
        person: registry::person(conn, case.person)?.ok_or(Error::NotFound)?,
        materials: papers::materials(conn, case.pool, case.id)?,
        obligations,
        missing: missing(&entries),
        names: accounts::names(conn, &people)?,
        deadline: deadline_of(app, case),
        basis: basis(conn, case)?,
        ground: zero_material::ground(conn, summary.item, case)?,
        entries,
        asked,
        summary,
    })
}

/// On what a filing for somebody rests, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resting {
    /// On a call that was returned.
    Call,
    /// On an authorisation.
    Authorised(proxy::Kind),
    /// On an entry of the patient ledger (XR-3).
    Ledger,
}

/// Looked up only where somebody else filed.
fn basis(conn: &mut Conn<'_>, case: &Case) -> Result<Option<Resting>, Error> {
    if !matches!(case.channel, Channel::Phone | Channel::OnBehalf) {
        return Ok(None);
    }
    Ok(match authorisations::basis(conn, case.pool, case.id)? {
        None => None,
        Some(Basis::Call(_)) => Some(Resting::Call),
        Some(Basis::Ledger(..)) => Some(Resting::Ledger),
        Some(Basis::Authorised(id)) => {
            authorisations::find(conn, id)?.map(|one| Resting::Authorised(one.kind))
        }
    })
}

/// The actions open to somebody on a case they may see; `promised` are the materials that were promised and are not
/// here yet (CAS-4), which only the person concerned brings.
fn actions(
    conn: &mut Conn<'_>,
    app: &App,
    actor: &Actor,
    case: &Case,
    item: &ServiceItem,
    promised: Vec<String>,
) -> Result<Vec<Action>, Error> {
    let hold_limit = app.office.hold_limit;
    let held = match hold_limit {
        Some(limit) if actor.role == Role::Handler && case.state == State::Submitted => {
            queue::held(conn, case.agency, actor.account, i64::from(limit))?
        }
        Some(_) | None => 0,
    };
    let calendar = app.calendar();
    let context = Context {
        now: app.clock.now(),
        calendar: &calendar,
        hours: app.office.hours(case.agency),
        is_next: false,
        held,
        hold_limit,
        recipient: None,
        holder_on_duty: true,
        stand_in: None,
        urgent_hours: 0,
        promised: match actor.sight(case) {
            Sight::Own => promised,
            Sight::Office | Sight::None => vec![],
        },
        confirmed: false,
        asked_before: false,
        first_stage: item.first_stage,
    };
    Ok(available(
        item.table,
        case,
        Performer::Person(actor),
        &context,
    ))
}

/// How the present due time was computed (CLK-3), for "how was this computed"; `None` while the clock stands.
pub fn deadline_of(app: &App, case: &Case) -> Option<Deadline> {
    match case.clock {
        ClockState::Running { term } => {
            let hours = app.office.hours(case.agency);
            let counted = deadline::due(&app.calendar(), hours, term.start, case.days());
            // CAT-4: an urgent case is due earlier than its days, never later.
            Some(Deadline {
                due: term.due.min(counted.due),
                ..counted
            })
        }
        ClockState::Paused { .. } | ClockState::Stopped { .. } => None,
    }
}

/// How near a case is to its deadline (CLK-7).
pub fn mark(app: &App, case: &Case, now: Ts) -> Mark {
    ladder::mark(working_time(app, &app.calendar(), case), case, now)
}

/// Working time left to the due time; negative after it, `None` while the clock stands.
pub fn working_time_left(app: &App, case: &Case, now: Ts) -> Option<chrono::TimeDelta> {
    let due = case.due()?;
    let hours = app.office.hours(case.agency);
    Some(if now <= due {
        deadline::working_time(&app.calendar(), hours, now, due)
    } else {
        -deadline::working_time(&app.calendar(), hours, due, now)
    })
}

/// A case of a list with what is open to the reader.
pub(super) fn summarise(
    conn: &mut Conn<'_>,
    app: &App,
    actor: &Actor,
    listed: Listed,
    promised: Vec<String>,
) -> Result<Summary, Error> {
    let item = item_of(&listed.case)?;
    let actions = actions(conn, app, actor, &listed.case, item, promised)?;
    Ok(Summary {
        sight: actor.sight(&listed.case),
        item,
        actions,
        listed,
    })
}

/// The words of a journal's entry that a reader gets: the agency all of them, the applicant only those written
/// to them. Why a case was passed on, sent back or proposed to be refused is talk inside the agency.
pub fn words_for(sight: Sight, entry: &Entry) -> Words {
    let Some(words) = &entry.words else {
        return Words::default();
    };
    let to_applicant = match entry.event.action {
        // Their own words, or a request to them.
        Action::Submit
        | Action::Supplement
        | Action::Withdraw
        | Action::Object
        | Action::RequestSupplement => true,
        // The decision, but not the first review's proposal of one (CAS-3, CAS-6).
        Action::Approve | Action::Refuse | Action::NotAccept | Action::Record => {
            matches!(entry.event.change, Change::Decided { .. })
        }
        Action::Claim
        | Action::Next
        | Action::Assign
        | Action::Release
        | Action::HandOver
        | Action::Accept
        | Action::Lapse
        | Action::MeetObligation
        | Action::Return
        | Action::Reopen
        | Action::SetUrgency
        // What agencies write to each other is theirs.
        | Action::Contact
        | Action::Answer
        | Action::Breach
        | Action::Redate => false,
    };
    match (sight, to_applicant) {
        (Sight::Office, _) => words.clone(),
        // What the agency missed its deadline for is its own affair.
        (Sight::Own, true) => Words {
            breach: None,
            ..words.clone()
        },
        (Sight::Own, false) | (Sight::None, _) => Words::default(),
    }
}

/// What the last supplement request named.
fn missing(entries: &[Entry]) -> Vec<Missing> {
    entries
        .iter()
        .rev()
        .find(|entry| matches!(entry.event.change, Change::Asked { .. }))
        .and_then(|entry| entry.words.as_ref())
        .map(|words| words.missing.clone())
        .unwrap_or_default()
}
