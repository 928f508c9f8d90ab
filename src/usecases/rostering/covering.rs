//! Who goes on with the cases of somebody on leave (CLK-5, CLK-7): at its beginning, once, and with every supplement
//! that arrives meanwhile.

use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, State};
use crate::domain::ids::{AccountId, LeaveId};
use crate::domain::notice::{self, Audience};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::roster::{self as rules, Leave};
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Context, Performer, apply};
use crate::store::cases::{Listed, Moved};
use crate::store::queue::{self, List};
use crate::store::{Conn, StoreError, roster};
use crate::usecases::handling::{item_of, somebody};
use crate::usecases::saving::{StepIds, advance};
use crate::usecases::telling::tell;
use crate::usecases::{App, Error};

/// Leaves that begin in one run of the job.
const CHUNK: i64 = 50;
/// Cases that are handed over at the start of one leave.
const MOST_HELD: i64 = 500;
/// What stands in the journal as the reason; the service's own words, in the language of the office.
const REASON: &str = "请假期间由代岗人员办理";

/// Whether the handler of a case is on duty when a wait ends, and else who stands in for them and is (CLK-5).
pub(in crate::usecases) fn goes_back_to(
    conn: &mut Conn<'_>,
    case: &Case,
    now: Ts,
) -> Result<(bool, Option<AccountId>), Error> {
    let Some(holder) = case.holder else {
        return Ok((false, None));
    };
    let there = roster::on_duty(conn, case.agency, now)?;
    if there.contains(&holder) {
        return Ok((true, None));
    }
    let leaves = roster::leaves(conn, case.agency, now.day())?;
    let stand_in = rules::stand_in(&leaves, holder, now.day()).filter(|one| there.contains(one));
    let able = match stand_in {
        Some(stand_in) => somebody(conn, stand_in, now)?,
        None => None,
    };
    Ok((
        false,
        able.filter(|one| !one.actor.is_partial_to(case))
            .map(|one| one.actor.account),
    ))
}

/// Lets every leave begin whose first day has come: what is held goes to the stand-in, once; each in a transaction
/// of its own. Returns how many cases were handed over.
///
/// # Errors
/// The database's.
pub async fn begin_leaves(app: &App) -> Result<usize, Error> {
    let today = app.clock.now().day();
    let due = app
        .db
        .read(move |conn| roster::to_begin(conn, today, CHUNK).map_err(Error::from))
        .await?;
    let mut handed_over = 0;
    for leave in due {
        handed_over += begin(app, leave).await?;
    }
    Ok(handed_over)
}

async fn begin(app: &App, (pool, id): (Pool, LeaveId)) -> Result<usize, Error> {
    let now = app.clock.now();
    let ids: Vec<StepIds> = (0..MOST_HELD).map(|_| StepIds::new()).collect();
    let app = app.clone();
    let (db, calendar) = (app.db.clone(), app.calendar());
    db.write(move |conn| {
        let Some((agency, leave)) = roster::claim_beginning(conn, pool, id, now)? else {
            return Ok(0);
        };
        // What was over before anybody looked hands nothing over.
        if leave.to < now.day() {
            return Ok(0);
        }
        let held = List::Held(leave.account);
        let held = queue::list(conn, agency, held, None, MOST_HELD)?;
        let mut handed_over = 0;
        for (listed, ids) in held.iter().zip(&ids) {
            handed_over += hand_over(conn, &app, (listed, ids), &leave, &calendar, now)?;
        }
        Ok(handed_over)
    })
    .await
}

/// Gives one case to the stand-in; where they may not have it, to the first on duty who may (CAS-10); where nobody
/// may, the supervisors are told.
fn hand_over(
    conn: &mut Conn<'_>,
    app: &App,
    (listed, ids): (&Listed, &StepIds),
    leave: &Leave,
    calendar: &Calendar,
    now: Ts,
) -> Result<usize, Error> {
    let case = &listed.case;
    if case.state != State::InReview || case.escalated {
        return Ok(0);
    }
    let item = item_of(case)?;
    for to in candidates(conn, case.agency, leave, now)? {
        let command = Command::Assign {
            to,
            reason: REASON.to_owned(),
        };
        let hours = app.office.hours(case.agency);
        let context = Context {
            recipient: somebody(conn, to, now)?,
            ..Context::of_service(now, calendar, hours, item.first_stage)
        };
        let Ok(step) = apply(item.table, case, Performer::Timer, &command, &context) else {
            continue;
        };
        return match advance(conn, app, item, listed, &step, ids)? {
            Moved::Done => Ok(1),
            // Somebody moved it at this moment: the next run looks again.
            Moved::Stale => Err(Error::Store(StoreError::Busy)),
        };
    }
    let uncovered = notice::about(case, notice::Kind::LeaveUncovered);
    tell(conn, case, Audience::Supervisors, &uncovered, now, ids)?;
    Ok(0)
}

fn candidates(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    leave: &Leave,
    now: Ts,
) -> Result<Vec<AccountId>, StoreError> {
    let there = roster::on_duty(conn, agency, now)?;
    let others = there.into_iter().filter(|one| *one != leave.stand_in);
    Ok(std::iter::once(leave.stand_in).chain(others).collect())
}
