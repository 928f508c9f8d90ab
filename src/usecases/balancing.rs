//! The proposal that evens out the load of the handlers who are there (CLK-7). It moves nothing; what is moved is moved
//! by [`super::reassigning`].

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use crate::domain::actor::{Actor, Role};
use crate::domain::balance::{self, Hand, Held, Move};
use crate::domain::case::State;
use crate::domain::ids::{AccountId, CaseId};
use crate::store::cases::Listed;
use crate::store::queue::{self, List};
use crate::store::{accounts, roster, sessions};

/// Cases of a hand that the proposal looks at.
const IN_HAND: i64 = 200;

/// A move of the proposal with what a page shows of it.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The case.
    pub listed: Listed,
    /// Who holds it.
    pub from: AccountId,
    /// Who should.
    pub to: AccountId,
}

/// What would even out the load.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The moves.
    pub moves: Vec<Proposed>,
    /// Handlers on duty: name, how many cases each holds that can be moved, and would hold then.
    pub hands: Vec<(AccountId, String, usize, usize)>,
}

/// Proposes moves between the handlers on duty; moves nothing.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors.
pub async fn proposal(app: &App, actor: &Actor) -> Result<Proposal, Error> {
    actor.require(&[Role::Supervisor])?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let (now, actor) = (app.clock.now(), actor.clone());
    app.db
        .read(move |conn| {
            let (mut hands, mut listed) = (vec![], BTreeMap::new());
            for account in roster::on_duty(conn, agency, now)? {
                let Some(handler) = sessions::actor(conn, account, now.day())? else {
                    continue;
                };
                let held = queue::list(conn, agency, List::Held(account), None, IN_HAND)?;
                // A supervisor moves neither the own nor a relative's case (CAS-10).
                let held = held.into_iter().filter(|row| {
                    row.case.state == State::InReview && !actor.is_partial_to(&row.case)
                });
                let held: Vec<Listed> = held.collect();
                hands.push(hand(&handler, &held));
                listed.extend(held.into_iter().map(|row| (row.case.id, row)));
            }
            let moves = balance::propose(&hands);
            let ids: BTreeSet<AccountId> = hands.iter().map(|hand| hand.account).collect();
            let names = accounts::names(conn, &ids)?;
            Ok(shown(&hands, &names, moves, listed))
        })
        .await
}

fn hand(handler: &Actor, held: &[Listed]) -> Hand {
    Hand {
        account: handler.account,
        kin: handler
            .person
            .into_iter()
            .chain(handler.relatives.iter().copied())
            .collect(),
        cases: held
            .iter()
            .filter_map(|row| {
                Some(Held {
                    case: row.case.id,
                    due: row.case.due()?,
                    person: row.case.person,
                    filed_by: row.case.filed_by,
                })
            })
            .collect(),
    }
}

fn shown(
    hands: &[Hand],
    names: &BTreeMap<AccountId, String>,
    moves: Vec<Move>,
    mut listed: BTreeMap<CaseId, Listed>,
) -> Proposal {
    let hands = hands
        .iter()
        .map(|hand| {
            let gone = moves.iter().filter(|one| one.from == hand.account).count();
            let come = moves.iter().filter(|one| one.to == hand.account).count();
            let name = names.get(&hand.account).cloned().unwrap_or_default();
            let held = hand.cases.len();
            (hand.account, name, held, (held + come).saturating_sub(gone))
        })
        .collect();
    let moves = moves
        .into_iter()
        .filter_map(|one| {
            Some(Proposed {
                listed: listed.remove(&one.case)?,
                from: one.from,
                to: one.to,
            })
        })
        .collect();
    Proposal { moves, hands }
}
