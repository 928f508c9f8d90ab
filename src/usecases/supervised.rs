//! The lists behind the figures of the supervisor's desk, each a range of an index. Nothing here changes anything; what
//! is moved is moved by [`super::reassigning`].

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::listing::{Rest, agency_of};
use super::supervising::{READERS, at_risk_before, before, span, today};
use crate::domain::actor::Actor;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;
use crate::items;
use crate::store::cases::Listed;
use crate::store::queue::{self, List};
use crate::store::supervision::{self, Span};
use crate::store::{Conn, accounts, sessions};

/// Cases a list shows.
pub const SHOWN: u16 = 50;

/// A list of the desk.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Show {
    /// Everything whose clock runs.
    Running,
    /// Due today.
    DueToday,
    /// No more than half a working day left.
    AtRisk,
    /// Past the deadline.
    Late,
    /// In the queue.
    Unclaimed,
    /// On the supervisor's list.
    Escalated,
    /// What one handler holds.
    Held,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The cases, earliest due first.
    pub rows: Vec<Listed>,
    /// Names of their holders.
    pub names: BTreeMap<AccountId, String>,
    /// What comes after them.
    pub rest: Rest,
}

/// A page of one of the desk's lists, of one item where that is asked.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and auditors.
pub async fn list(
    app: &App,
    actor: &Actor,
    show: Show,
    item: Option<&'static str>,
    handler: Option<AccountId>,
    after: Option<(Ts, CaseId)>,
) -> Result<Page, Error> {
    actor.require(READERS)?;
    let agency = agency_of(actor)?;
    let (now, risk, limit) = (
        app.clock.now(),
        at_risk_before(app, agency),
        i64::from(SHOWN) + 1,
    );
    app.db
        .read(move |conn| {
            let mut rows = match (show, handler) {
                (Show::Held, Some(handler)) => {
                    let is_colleague = sessions::actor(conn, handler, now.day())?
                        .is_some_and(|other| other.agency == Some(agency));
                    if !is_colleague {
                        return Err(Error::NotFound);
                    }
                    queue::list(conn, agency, List::Held(handler), after, limit)?
                }
                (Show::Held, None) => return Err(Error::NotFound),
                (Show::Escalated, _) => queue::list(conn, agency, List::Escalated, after, limit)?,
                (Show::Unclaimed, _) => queue::page(conn, agency, None, limit)?,
                (Show::Running, _) => merged(conn, agency, item, Span::default(), after, limit)?,
                (Show::DueToday, _) => merged(conn, agency, item, today(now), after, limit)?,
                (Show::AtRisk, _) => merged(conn, agency, item, span(now, risk), after, limit)?,
                (Show::Late, _) => merged(conn, agency, item, before(now), after, limit)?,
            };
            let rest = match rows.len() > usize::from(SHOWN) {
                true => Rest::More,
                false => Rest::Nothing,
            };
            rows.truncate(usize::from(SHOWN));
            let holders: BTreeSet<AccountId> =
                rows.iter().filter_map(|row| row.case.holder).collect();
            let names = accounts::names(conn, &holders)?;
            Ok(Page { rows, names, rest })
        })
        .await
}

/// The earliest of all items, or of one: each item's is a range of an index.
fn merged(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    item: Option<&'static str>,
    due: Span,
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let slugs = items::ALL.iter().map(|item| item.slug);
    let mut rows = vec![];
    for slug in slugs.filter(|slug| item.is_none_or(|item| item == *slug)) {
        rows.extend(supervision::running(conn, agency, slug, due, after, limit)?);
    }
    rows.sort_by_key(|row| (row.case.due(), row.case.id));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}
