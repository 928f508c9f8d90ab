//! Answers (XR-5): of the agency that was asked, or written down for one outside this service. What a provincial centre
//! answers opens the next leg; the last answer moves the case or the entry of the ledger that waited for it. A late one is
//! recorded and told, and moves no case.

use super::asking::{Thread, exists, send};
use super::telling;
use super::{App, Error, Fresh};
use crate::domain::actor::Actor;
use crate::domain::case::State;
use crate::domain::contact::routing::next_leg;
use crate::domain::contact::{
    Answer, Answered, Contact, Outcome, ReachedBy, SPEAKERS, Side, Voucher,
};
use crate::domain::form::FieldError;
use crate::domain::ids::ContactId;
use crate::domain::patient::Progress;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Context, Performer, apply};
use crate::store::cases::Moved;
use crate::store::contacts::Settled;
use crate::store::{Conn, StoreError, cases, contacts, patients};
use crate::usecases::error::{Already, Conflict};
use crate::usecases::handling::item_of;
use crate::usecases::rostering::goes_back_to;
use crate::usecases::saving::{StepIds, advance};
use crate::usecases::zero_material::reach;

/// An answer as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Done, or not possible.
    pub outcome: Outcome,
    /// In words.
    pub remark: String,
    /// Who answered by phone or letter, the number, and when: for those outside this service.
    pub who: Option<String>,
    /// Phone number, or number of the letter.
    pub number: Option<String>,
    /// When; now if it is left out.
    pub at: Option<Ts>,
}

/// Answers a contact, or writes down what an agency outside this service said.
///
/// # Errors
/// [`Error::Forbidden`] for who may only read, and for the own or a relative's (CAS-10); [`Error::NotFound`] for what the
/// agency has no side of; [`Error::Invalid`] at `remark`, `who`, `number`, `at`; [`Error::Conflict`] when it is answered.
pub async fn answer(app: &App, actor: &Actor, id: ContactId, reply: Reply) -> Result<(), Error> {
    actor.require(SPEAKERS)?;
    let (app, actor, ids) = (app.clone(), actor.clone(), StepIds::new());
    let (now, db) = (app.clock.now(), app.db.clone());
    db.write(move |conn| {
        let one = theirs(conn, &actor, id)?;
        if one.is_partial(&actor) || !one.answers_here() {
            return Err(Error::Forbidden);
        }
        let answered = Answered {
            outcome: reply.outcome,
            remark: remark(&reply)?,
            voucher: voucher(&one, &reply, now)?,
            by: Some(actor.account),
            at: now,
        };
        let fresh = Fresh {
            contact: ids.contact,
            messages: &ids.messages,
            at: now,
            real: ids.real,
        };
        match answered.outcome {
            Outcome::Done if !one.is_last() => pass_on(conn, &app, &one, &answered, &fresh),
            Outcome::Done | Outcome::Cannot => {
                settle(conn, &one, &answered)?;
                let who = Performer::OtherAgency(&actor);
                concluded(conn, &app, (&one, &answered), Some((who, &ids)), &fresh)
            }
            Outcome::NotNeeded => Err(invalid("result", "choice-unknown")),
        }
    })
    .await
}

/// The side of a contact that an actor's agency has; of two the one that answers.
pub(super) fn theirs(conn: &mut Conn<'_>, actor: &Actor, id: ContactId) -> Result<Contact, Error> {
    let pool = actor
        .agency
        .map(|agency| agency.pool())
        .or(actor.pool)
        .ok_or(Error::Forbidden)?;
    let mut found = None;
    for side in [Side::Received, Side::Sent] {
        match contacts::find(conn, pool, id, side)? {
            Some(one) if one.is_seen_by(actor) => return Ok(one),
            Some(one) => found = Some(one),
            None => {}
        }
    }
    Err(match found {
        Some(_) => Error::NotTheirs,
        None => Error::NotFound,
    })
}

/// What can't be done is explained.
fn remark(reply: &Reply) -> Result<String, Error> {
    let remark = reply.remark.trim().to_owned();
    match (reply.outcome, remark.is_empty()) {
        (Outcome::Cannot, true) => Err(invalid("remark", "required")),
        (Outcome::Done | Outcome::Cannot | Outcome::NotNeeded, _) => Ok(remark),
    }
}

/// Who gave an answer outside this service, and how (XR-5).
fn voucher(one: &Contact, reply: &Reply, now: Ts) -> Result<Option<Voucher>, Error> {
    match one.reached_by {
        ReachedBy::Service => return Ok(None),
        ReachedBy::Outside => {}
    }
    let mut errors = vec![];
    let mut said = |name: &str, value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default().trim().to_owned();
        if value.is_empty() {
            errors.push(FieldError::new(name, "required"));
        }
        value
    };
    let (who, number) = (said("who", &reply.who), said("number", &reply.number));
    let at = reply.at.unwrap_or(now);
    if at > now || at < one.sent_at {
        errors.push(FieldError::new("at", "contact-answered-when"));
    }
    match errors.is_empty() {
        true => Ok(Some(Voucher { who, number, at })),
        false => Err(Error::Invalid(errors)),
    }
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}

fn settle(conn: &mut Conn<'_>, one: &Contact, answered: &Answered) -> Result<(), Error> {
    match contacts::answer(conn, one, answered)? {
        Settled::Now => Ok(()),
        Settled::Before => Err(Error::Conflict(Conflict::Already(Already::ContactAnswered))),
    }
}

/// The provincial centre has passed it on: the next leg begins, with the clock of its receiver.
fn pass_on(
    conn: &mut Conn<'_>,
    app: &App,
    one: &Contact,
    answered: &Answered,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    settle(conn, one, answered)?;
    let next = next_leg(one.receiver, one.matter.target, |agency| {
        exists(app, agency)
    });
    let leg = next.ok_or_else(|| Error::Fault(format!("contact {} has arrived", one.id)))?;
    let thread = Thread {
        id: one.thread,
        legs: one.leg,
    };
    send(
        conn,
        app,
        (leg, Some(thread)),
        &one.matter,
        answered.by,
        fresh,
    )
}

/// Ends a contact whose answer came by another way: the registration is in force.
pub(super) fn conclude(
    conn: &mut Conn<'_>,
    app: &App,
    one: &Contact,
    answered: Answered,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    match contacts::answer(conn, one, &answered)? {
        Settled::Now => concluded(conn, app, (one, &answered), None, fresh),
        Settled::Before => Ok(()),
    }
}

/// What the last answer of a thread moves, and whom it is told.
fn concluded(
    conn: &mut Conn<'_>,
    app: &App,
    (one, answered): (&Contact, &Answered),
    who: Option<(Performer<'_>, &StepIds)>,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let (answer, progress) = match answered.outcome {
        Outcome::Done => (Answer::Done, Progress::Registered),
        Outcome::Cannot | Outcome::NotNeeded => (Answer::Cannot, Progress::Recorded),
    };
    // The silence of one leg has let the case go on: nothing waits for this answer any more (XR-6).
    let silent = contacts::of_thread(conn, one.thread)?
        .iter()
        .any(|leg| leg.breached_at.is_some());
    if let (Some((who, ids)), false) = (who, silent) {
        resume(conn, app, one, (who, answer, &answered.remark), ids)?;
    }
    follow(conn, one, progress, fresh.at)?;
    telling::answered(conn, one, fresh)
}

/// Moves the registration of the entry a contact is about; one that is registered stays so.
pub(super) fn follow(
    conn: &mut Conn<'_>,
    one: &Contact,
    to: Progress,
    at: Ts,
) -> Result<(), Error> {
    let (Some((pool, id)), None) = (one.matter.patient, &one.matter.case) else {
        return Ok(());
    };
    let Some(entry) = patients::find(conn, pool, id)? else {
        return Ok(());
    };
    match entry.patient.progress {
        Progress::Registered | Progress::NotNeeded => Ok(()),
        Progress::Open | Progress::Asked | Progress::Recorded => {
            Ok(reach(conn, (pool, id), to, at)?)
        }
    }
}

/// Lets the case go on that waits for a contact (CLK-5): with its handler if they are on duty, else at the front of the
/// queue. Nothing where it waits no longer.
pub(super) fn resume(
    conn: &mut Conn<'_>,
    app: &App,
    one: &Contact,
    (who, answer, remark): (Performer<'_>, Answer, &str),
    ids: &StepIds,
) -> Result<(), Error> {
    let Some(of) = &one.matter.case else {
        return Ok(());
    };
    let listed = cases::by_id(conn, of.pool, of.id)?.ok_or(Error::NotFound)?;
    let case = &listed.case;
    if case.state != State::AwaitingAgency {
        return Ok(());
    }
    let (item, calendar, now) = (item_of(case)?, app.calendar(), app.clock.now());
    let (holder_on_duty, stand_in) = goes_back_to(conn, case, now)?;
    let context = Context {
        holder_on_duty,
        stand_in,
        ..Context::of_service(
            now,
            &calendar,
            app.office.hours(case.agency),
            item.first_stage,
        )
    };
    let command = Command::Answer {
        answer,
        remark: remark.to_owned(),
    };
    let step = apply(item.table, case, who, &command, &context)
        .map_err(|refusal| Error::Fault(format!("case {}: {refusal:?}", case.receipt_no)))?;
    match advance(conn, app, item, &listed, &step, ids)? {
        Moved::Done => Ok(()),
        // Somebody moves it right now; whoever asked comes again.
        Moved::Stale => Err(Error::Store(StoreError::Busy)),
    }
}
