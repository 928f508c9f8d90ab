//! Ratings of finished cases and what bad ones bring about (CAS-11): a task of the supervisors with a clock of its own,
//! of which they are told when it is opened and once more when it is overdue. The applicant is told when somebody has
//! followed up.

use super::App;
use super::error::{Conflict, Error};
use super::handling::visible;
use super::listing::Rest;
use super::registering::is_partial;
use super::saving::StepIds;
use super::telling::tell;
use crate::domain::actor::{Actor, Role, Sight};
use crate::domain::case::Case;
use crate::domain::deadline;
use crate::domain::form::FieldError;
use crate::domain::ids::CaseId;
use crate::domain::notice::{self, Audience, Kind};
use crate::domain::place::Pool;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::store::follow_ups::{self, Changed, Standing, Task};
use crate::store::ratings::{self, Rated, Rating};
use crate::store::{Conn, cases};

/// Ratings up to this one are followed up.
const BAD: u8 = 2;
/// Working days to follow one up (CAS-11).
const DAYS: u16 = 1;
/// Characters of a remark, and of what was done, at most.
pub const LONGEST: usize = 500;

/// What the case page shows of its rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The rating, once there is one.
    pub rating: Option<Rating>,
    /// Somebody followed up.
    pub followed_up: Option<Ts>,
    /// It can be rated now.
    pub is_open: bool,
}

/// The rating of a case that the reader was given, as the person concerned.
///
/// # Errors
/// The database's.
pub async fn of_case(app: &App, case: &Case) -> Result<Shown, Error> {
    let case = case.clone();
    app.db
        .read(move |conn| {
            let rating = ratings::of_case(conn, case.pool, case.id)?;
            let followed_up = match &rating {
                Some(rating) if rating.stars <= BAD => {
                    follow_ups::closed_at(conn, case.pool, case.id)?
                }
                Some(_) | None => None,
            };
            Ok(Shown {
                is_open: rating.is_none() && can_be_rated(&case),
                rating,
                followed_up,
            })
        })
        .await
}

/// What was decided can be rated, once nothing more is to come.
fn can_be_rated(case: &Case) -> bool {
    case.state.is_final() && case.decision.is_some()
}

/// Whether the actor is somebody who rates this case, before it is looked at what they say.
///
/// # Errors
/// [`Error::NotFound`] for what they may not see, [`Error::Forbidden`] for the agency's own people.
pub async fn check(app: &App, actor: &Actor, receipt_no: &ReceiptNo) -> Result<(), Error> {
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = visible(conn, &actor, &receipt_no)?;
            concerned(&actor, &listed.case)
        })
        .await
}

fn concerned(actor: &Actor, case: &Case) -> Result<(), Error> {
    match actor.sight(case) {
        Sight::Own => Ok(()),
        Sight::Office | Sight::None => Err(Error::Forbidden),
    }
}

/// Rates a finished case, once (CAS-11).
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] as [`check`]; [`Error::Invalid`] at `stars` or `remark`;
/// [`Error::Conflict`] while it is not decided, and the second time.
pub async fn rate(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    stars: u32,
    remark: Option<String>,
) -> Result<(), Error> {
    check(app, actor, receipt_no).await?;
    let stars = u8::try_from(stars)
        .ok()
        .filter(|stars| (1..=5).contains(stars));
    let Some(stars) = stars else {
        return Err(invalid("stars", "choice-unknown"));
    };
    if remark
        .as_ref()
        .is_some_and(|remark| remark.chars().count() > LONGEST)
    {
        return Err(Error::Invalid(vec![
            FieldError::new("remark", "words-too-long").with("max", LONGEST),
        ]));
    }
    let given = Rating {
        stars,
        remark,
        at: app.clock.now(),
    };
    let (app, actor, receipt_no, ids) = (
        app.clone(),
        actor.clone(),
        receipt_no.clone(),
        StepIds::new(),
    );
    let db = app.db.clone();
    db.write(move |conn| write(conn, &app, &actor, &receipt_no, &given, &ids))
        .await
}

fn write(
    conn: &mut Conn<'_>,
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    given: &Rating,
    ids: &StepIds,
) -> Result<(), Error> {
    let case = visible(conn, actor, receipt_no)?.case;
    concerned(actor, &case)?;
    if !can_be_rated(&case) {
        return Err(Error::Conflict(Conflict::State {
            state: case.state,
            version: case.version,
        }));
    }
    if ratings::insert(conn, &case, given, actor.account)? == Rated::Before {
        return Err(Error::Conflict(Conflict::AlreadyRated));
    }
    if given.stars > BAD {
        return Ok(());
    }
    let hours = app.office.hours(case.agency);
    let due = deadline::due(&app.calendar(), hours, given.at, DAYS).due;
    follow_ups::open(conn, &case, due)?;
    let opened = notice::about(&case, Kind::BadRating).with("due", due.rfc3339());
    Ok(tell(
        conn,
        &case,
        Audience::Supervisors,
        &opened,
        given.at,
        ids,
    )?)
}

/// A page of the own agency's follow-up tasks.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors.
pub async fn tasks(
    app: &App,
    actor: &Actor,
    standing: Standing,
    after: Option<(Ts, CaseId)>,
    limit: u16,
) -> Result<(Vec<Task>, Rest), Error> {
    actor.require(&[Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let mut found = follow_ups::list(conn, agency, standing, after, i64::from(limit) + 1)?;
            let rest = match found.len() > usize::from(limit) {
                true => Rest::More,
                false => Rest::Nothing,
            };
            found.truncate(usize::from(limit));
            // CAS-10: the own or a relative's is a colleague's task.
            for task in &mut found {
                if is_partial(&actor, task.person, task.filed_by) {
                    (task.remark, task.words) = (None, None);
                }
            }
            Ok((found, rest))
        })
        .await
}

/// Closes a follow-up task with what was done; the applicant is told that somebody followed up.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and for the own or a relative's case (CAS-10), [`Error::Invalid`]
/// without words, [`Error::Conflict`] when there is no open task.
pub async fn close(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    words: &str,
) -> Result<(), Error> {
    actor.require(&[Role::Supervisor])?;
    let (actor, receipt_no, words) = (actor.clone(), receipt_no.clone(), words.trim().to_owned());
    let (now, ids) = (app.clock.now(), StepIds::new());
    app.db
        .write(move |conn| {
            let case = visible(conn, &actor, &receipt_no)?.case;
            if actor.is_partial_to(&case) {
                return Err(Error::Forbidden);
            }
            match words.chars().count() {
                0 => return Err(invalid("words", "required")),
                1..=LONGEST => {}
                _ => {
                    let error = FieldError::new("words", "words-too-long").with("max", LONGEST);
                    return Err(Error::Invalid(vec![error]));
                }
            }
            let by = (actor.account, now);
            match follow_ups::close(conn, case.pool, case.id, by, &words)? {
                Changed::Done => {
                    let told = notice::about(&case, Kind::FollowedUp);
                    Ok(tell(conn, &case, Audience::Applicant, &told, now, &ids)?)
                }
                Changed::Nothing => Err(Error::Conflict(Conflict::State {
                    state: case.state,
                    version: case.version,
                })),
            }
        })
        .await
}

/// Follow-up tasks that are overdue and of which nobody was told yet.
///
/// # Errors
/// The database's.
pub async fn overdue(app: &App, limit: i64) -> Result<Vec<(Pool, CaseId)>, Error> {
    let now = app.clock.now();
    app.db
        .read(move |conn| follow_ups::overdue(conn, now, limit).map_err(Error::from))
        .await
}

/// Tells the supervisors once that a task is overdue, however many instances run; whether this one did.
///
/// # Errors
/// The database's; then nobody was told.
pub async fn tell_overdue(app: &App, pool: Pool, case: CaseId) -> Result<Changed, Error> {
    let (now, ids) = (app.clock.now(), StepIds::new());
    app.db
        .write(move |conn| {
            let changed = follow_ups::take_telling(conn, pool, case, now)?;
            if let (Changed::Done, Some(listed)) = (changed, cases::by_id(conn, pool, case)?) {
                let told = notice::about(&listed.case, Kind::FollowUpOverdue);
                tell(conn, &listed.case, Audience::Supervisors, &told, now, &ids)?;
            }
            Ok(changed)
        })
        .await
}

fn invalid(field: &str, code: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, code)])
}
