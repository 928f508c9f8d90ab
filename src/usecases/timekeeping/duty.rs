//! Who gets a case that nobody has taken one working hour before its deadline (CLK-7): the handler on duty with the
//! least load. Loads are looked up once a transaction and counted on in it. The limit of cases in one hand does not
//! count here: a case without anybody is worse than a full hand.

use std::collections::BTreeMap;

use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Context, Performer, Recipient, Step, apply};
use crate::store::{Conn, queue, roster};
use crate::usecases::handling::{item_of, somebody};
use crate::usecases::{App, Error};

/// Cases in one hand are counted up to this.
const COUNTED: i64 = 1_000;

/// A handler who is there.
struct Hand {
    recipient: Recipient,
    /// Cases in the hand.
    held: usize,
    /// Of these, given or taken today.
    today: usize,
}

/// The handlers on duty of the agencies that were asked for so far.
pub(super) struct Duty<'a> {
    app: &'a App,
    calendar: &'a Calendar,
    now: Ts,
    agencies: BTreeMap<AgencyCode, Vec<Hand>>,
}

impl<'a> Duty<'a> {
    /// Nobody yet.
    pub(super) fn new(app: &'a App, calendar: &'a Calendar, now: Ts) -> Self {
        Self {
            app,
            calendar,
            now,
            agencies: BTreeMap::new(),
        }
    }

    /// The step that gives `case` to the handler with the least load whom the table lets have it, the fewest of today
    /// and then the identifier deciding among equals; `None` when there is nobody.
    pub(super) fn assign(
        &mut self,
        conn: &mut Conn<'_>,
        case: &Case,
    ) -> Result<Option<Step>, Error> {
        let (app, calendar, now) = (self.app, self.calendar, self.now);
        let item = item_of(case)?;
        let hands = self.on_duty(conn, case.agency)?;
        hands.sort_by_key(|hand| (hand.held, hand.today, hand.recipient.actor.account));
        for hand in hands {
            let command = Command::Assign {
                to: hand.recipient.actor.account,
                reason: String::new(),
            };
            let context = Context {
                // CAS-10: never the own or a relative's, which the table says.
                recipient: Some(hand.recipient.clone()),
                ..super::context(app, calendar, case, item, now)
            };
            if let Ok(step) = apply(item.table, case, Performer::Timer, &command, &context) {
                hand.held += 1;
                hand.today += 1;
                return Ok(Some(step));
            }
        }
        Ok(None)
    }

    fn on_duty(
        &mut self,
        conn: &mut Conn<'_>,
        agency: AgencyCode,
    ) -> Result<&mut Vec<Hand>, Error> {
        let now = self.now;
        if let std::collections::btree_map::Entry::Vacant(entry) = self.agencies.entry(agency) {
            let mut hands = vec![];
            for account in roster::on_duty(conn, agency, now)? {
                let Some(recipient) = somebody(conn, account, now)? else {
                    continue;
                };
                let turns = queue::turns(conn, agency, account, COUNTED)?;
                hands.push(Hand {
                    recipient,
                    held: turns.len(),
                    today: turns.iter().filter(|at| at.day() == now.day()).count(),
                });
            }
            entry.insert(hands);
        }
        Ok(self.agencies.entry(agency).or_default())
    }
}
