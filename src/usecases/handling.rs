//! What is done to a case after filing, by whoever the table lets: one verb for all actions, because the
//! table tells them apart. One transaction each; a stale version is refused with what changed (CAS-2).

use super::error::{Conflict, Error};
use super::saving::{StepIds, advance};
use super::{App, contacting, rostering};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role, Sight};
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, ApprovalId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::{
    Command, Context, Guard, Performer, Recipient, Refusal, Step, apply,
};
use crate::items;
use crate::store::cases::{Listed, Moved};
use crate::store::{Conn, accounts, approvals, cases, papers, queue, sessions};

mod refusals;

use refusals::refused;

/// Who answers what somebody asked for (CAS-1).
pub const JUDGES: &[Role] = &[Role::Supervisor];

/// What became of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// It waits for a second person to confirm.
    Asked(ApprovalId),
}

/// Does `command` to the case of a receipt number, as last seen at `version`.
///
/// # Errors
/// [`Error::NotFound`] for what the actor may not see, [`Error::Conflict`] with the present state,
/// [`Error::Rule`] when a guard stands against it.
pub async fn act(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    version: u32,
    command: Command,
) -> Result<Outcome, Error> {
    let act = Act::new(app, actor, command);
    let receipt_no = receipt_no.clone();
    app.db
        .write(move |conn| {
            let listed = visible(conn, &act.actor, &receipt_no)?;
            if listed.case.version != version {
                return Err(stale(&listed.case));
            }
            act.perform(conn, &listed)
        })
        .await
}

/// Takes the most urgent case of the actor's agency (CLK-7); `None` when nothing waits.
pub async fn next(app: &App, actor: &Actor) -> Result<Option<String>, Error> {
    let (Role::Handler, Some(agency)) = (actor.role, actor.agency) else {
        return Err(Error::Forbidden);
    };
    let act = Act::new(app, actor, Command::Next);
    app.db
        .write(move |conn| {
            // CAS-10: the own and relatives' cases are passed over, not stumbled on.
            let excluded = own_people(&act.actor);
            let Some(listed) = queue::most_urgent(conn, agency, (act.actor.account, &excluded))?
            else {
                return Ok(None);
            };
            act.perform(conn, &listed)?;
            Ok(Some(listed.case.receipt_no))
        })
        .await
}

/// Confirms what somebody else asked for; until then nothing has moved (CAS-1).
pub async fn confirm(app: &App, actor: &Actor, id: ApprovalId) -> Result<String, Error> {
    let act = Act::new(app, actor, Command::Next);
    app.db
        .write(move |conn| {
            let agency = agency_of_judge(&act.actor)?;
            let asked = approvals::waiting(conn, agency.pool(), id)?.ok_or(Error::NotFound)?;
            let listed = cases::by_id(conn, asked.pool, asked.case)?.ok_or(Error::NotFound)?;
            judges(&act.actor, &listed.case, &asked)?;
            if listed.case.version != asked.case_version {
                return Err(stale(&listed.case));
            }
            let asker =
                sessions::actor(conn, asked.asked_by, act.now.day())?.ok_or(Error::NotFound)?;
            approvals::answer(
                conn,
                asked.pool,
                id,
                approvals::Answer::Confirmed,
                act.actor.account,
                act.now,
            )?;
            let confirmed = Act {
                actor: asker,
                command: asked.command.clone(),
                ..act.clone()
            };
            confirmed.perform_as(conn, &listed, Confirmation::Given)?;
            Ok(listed.case.receipt_no)
        })
        .await
}

/// Declines what somebody asked for; whoever asked sees it on the case.
pub async fn decline(app: &App, actor: &Actor, id: ApprovalId) -> Result<String, Error> {
    let actor = actor.clone();
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            let agency = agency_of_judge(&actor)?;
            let asked = approvals::waiting(conn, agency.pool(), id)?.ok_or(Error::NotFound)?;
            let listed = cases::by_id(conn, asked.pool, asked.case)?.ok_or(Error::NotFound)?;
            judges(&actor, &listed.case, &asked)?;
            approvals::answer(
                conn,
                asked.pool,
                id,
                approvals::Answer::Declined,
                actor.account,
                now,
            )?;
            Ok(listed.case.receipt_no)
        })
        .await
}

/// The agency of somebody who may answer requests at all.
fn agency_of_judge(actor: &Actor) -> Result<AgencyCode, Error> {
    actor.require(JUDGES)?;
    actor.agency.ok_or(Error::Forbidden)
}

/// Who answers what somebody asked for is another supervisor of the agency (CAS-1), and no relative (CAS-10).
fn judges(actor: &Actor, case: &Case, asked: &approvals::Asked) -> Result<(), Error> {
    if actor.sight(case) != Sight::Office {
        return Err(Error::NotTheirs);
    }
    if actor.account == asked.asked_by || actor.is_partial_to(case) {
        return Err(Error::Forbidden);
    }
    Ok(())
}

/// The case of a receipt number, if the actor may see it; a missing one and a hidden one are answered alike.
pub(super) fn visible(
    conn: &mut Conn<'_>,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<Listed, Error> {
    let pool = receipt_no.pool().ok_or(Error::NotFound)?;
    let listed = cases::by_receipt(conn, pool, receipt_no.as_str())?.ok_or(Error::NotFound)?;
    match actor.sight(&listed.case) {
        Sight::Own | Sight::Office => Ok(listed),
        Sight::None => Err(Error::NotTheirs),
    }
}

/// The item of a case; the items are part of the program, so a case without one is a fault.
pub(super) fn item_of(case: &Case) -> Result<&'static ServiceItem, Error> {
    items::find(&case.item).ok_or_else(|| Error::Fault(format!("no item {}", case.item)))
}

fn stale(case: &Case) -> Error {
    Error::Conflict(Conflict::Stale {
        state: case.state,
        version: case.version,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confirmation {
    None,
    Given,
}

/// One action with everything its transaction needs.
#[derive(Clone)]
pub(super) struct Act {
    app: App,
    actor: Actor,
    command: Command,
    ids: StepIds,
    approval: ApprovalId,
    now: Ts,
    calendar: Calendar,
}

impl Act {
    pub(super) fn new(app: &App, actor: &Actor, command: Command) -> Self {
        Self {
            app: app.clone(),
            actor: actor.clone(),
            command,
            ids: StepIds::new(),
            approval: Clock::new_id(),
            now: app.clock.now(),
            calendar: app.calendar(),
        }
    }

    /// The same, done to one of many cases of one filer (XR-9).
    pub(super) fn among_many(self) -> Self {
        Self {
            ids: self.ids.filer_told_together(),
            ..self
        }
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    pub(super) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Judges and saves the action, inside the caller's transaction.
    pub(super) fn perform(&self, conn: &mut Conn<'_>, listed: &Listed) -> Result<Outcome, Error> {
        self.perform_as(conn, listed, Confirmation::None)
    }

    fn perform_as(
        &self,
        conn: &mut Conn<'_>,
        listed: &Listed,
        confirmation: Confirmation,
    ) -> Result<Outcome, Error> {
        let case = &listed.case;
        let item = item_of(case)?;
        check_targets(item, &self.command)?;
        let context = self.context(conn, case, item, confirmation)?;
        match apply(
            item.table,
            case,
            Performer::Person(&self.actor),
            &self.command,
            &context,
        ) {
            Ok(step) => self.save(conn, listed, item, &step),
            Err(Refusal::Rule(Guard::ToldOnce | Guard::Confirmed)) => self.ask(conn, case),
            Err(refusal) => Err(refused(refusal, case)),
        }
    }

    fn save(
        &self,
        conn: &mut Conn<'_>,
        listed: &Listed,
        item: &ServiceItem,
        step: &Step,
    ) -> Result<Outcome, Error> {
        match advance(conn, &self.app, item, listed, step, &self.ids)? {
            Moved::Done => {
                let by = (self.actor.account, &self.ids);
                contacting::on_step(conn, &self.app, &step.case, &self.command, by)?;
                Ok(Outcome::Done)
            }
            Moved::Stale => {
                let before = &listed.case;
                let now = cases::by_id(conn, before.pool, before.id)?.ok_or(Error::NotFound)?;
                Err(stale(&now.case))
            }
        }
    }

    /// Writes down what waits for a second person.
    fn ask(&self, conn: &mut Conn<'_>, case: &Case) -> Result<Outcome, Error> {
        if approvals::of_case(conn, case.pool, case.id)?
            .iter()
            .any(|asked| asked.case_version == case.version)
        {
            return Err(Error::Conflict(Conflict::AlreadyAsked));
        }
        let asked = approvals::Asked {
            pool: case.pool,
            id: self.approval,
            case: case.id,
            case_version: case.version,
            asked_by: self.actor.account,
            asked_at: self.now,
            command: self.command.clone(),
        };
        approvals::insert(conn, &asked)?;
        Ok(Outcome::Asked(self.approval))
    }

    /// The facts the table asks for, each looked up only for the actions that need it.
    fn context<'a>(
        &'a self,
        conn: &mut Conn<'_>,
        case: &Case,
        item: &ServiceItem,
        confirmation: Confirmation,
    ) -> Result<Context<'a>, Error> {
        let office = &self.app.office;
        let recipient = match self.command.recipient() {
            Some(account) => somebody(conn, account, self.now)?,
            None => None,
        };
        let taking = matches!(self.command, Command::Claim { .. } | Command::Next);
        let held = match office.hold_limit {
            Some(limit) if taking => {
                queue::held(conn, case.agency, self.actor.account, i64::from(limit))?
            }
            Some(_) | None => 0,
        };
        let is_next = match self.command {
            Command::Claim { .. } => self.is_next(conn, case)?,
            _ => false,
        };
        let (holder_on_duty, stand_in) = match self.command {
            Command::Supplement => rostering::goes_back_to(conn, case, self.now)?,
            _ => (false, None),
        };
        let policy = office.policies.on(case.pool, case.filed_at.day());
        Ok(Context {
            now: self.now,
            calendar: &self.calendar,
            hours: office.hours(case.agency),
            is_next,
            held,
            hold_limit: office.hold_limit,
            recipient,
            holder_on_duty,
            stand_in,
            urgent_hours: policy.urgent_hours().value,
            promised: self.promised(conn, case)?,
            confirmed: confirmation == Confirmation::Given,
            asked_before: contacting::asked_before(conn, case, &self.command)?,
            first_stage: item.first_stage,
        })
    }

    /// What is promised and not here yet, looked up only when something promised comes (CAS-4).
    fn promised(&self, conn: &mut Conn<'_>, case: &Case) -> Result<Vec<String>, Error> {
        match self.command {
            Command::MeetObligation { .. } => Ok(papers::promised(conn, case.pool, case.id)?),
            _ => Ok(vec![]),
        }
    }

    /// Whether a case picked by hand is the one that would be served next (CLK-7).
    fn is_next(&self, conn: &mut Conn<'_>, case: &Case) -> Result<bool, Error> {
        let excluded = own_people(&self.actor);
        let first = queue::first(conn, case.agency, (self.actor.account, &excluded))?;
        Ok(first.is_some_and(|first| first.case.id == case.id))
    }
}

/// Whose cases somebody never handles: the own and relatives' (CAS-10).
fn own_people(actor: &Actor) -> Vec<PersonId> {
    let relatives = actor.relatives.iter().copied();
    actor.person.into_iter().chain(relatives).collect()
}

/// CLK-6: a supplement request names the item's own materials and fields.
fn check_targets(item: &ServiceItem, command: &Command) -> Result<(), Error> {
    let Command::RequestSupplement { missing } = command else {
        return Ok(());
    };
    match missing.iter().find(|missing| !item.has(&missing.target)) {
        Some(_) => Err(Error::Invalid(vec![FieldError::new(
            "missing",
            "target-unknown",
        )])),
        None => Ok(()),
    }
}

/// Somebody to whom a case may be given, as the accounts know them.
pub(super) fn somebody(
    conn: &mut Conn<'_>,
    account: AccountId,
    now: Ts,
) -> Result<Option<Recipient>, Error> {
    let Some(actor) = sessions::actor(conn, account, now.day())? else {
        return Ok(None);
    };
    Ok(Some(Recipient {
        actor,
        enabled: accounts::is_open(conn, account)?,
    }))
}
